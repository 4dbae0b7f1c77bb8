//! What a secondary index is on.

use super::super::sets::SetId;
use crate::particle::kind;

/// The definition of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// `None`: of records in any set.
    pub set: Option<SetId>,
    pub source: Source,
    pub collection: Collection,
    pub kind: ValueKind,
}

/// Where the values come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Bin {
        name: Box<[u8]>,
        /// Steps into a collection: a list of their types and values.
        context: Option<Box<[u8]>>,
    },
    Expression(Box<[u8]>),
}

/// Whose elements are the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    /// The value itself.
    None,
    List,
    MapKeys,
    MapValues,
}

/// The type of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    Integer,
    String,
    Blob,
    GeoJson,
}

impl Collection {
    const NAMES: [(Collection, &'static str); 4] = [
        (Collection::None, "default"),
        (Collection::List, "list"),
        (Collection::MapKeys, "mapkeys"),
        (Collection::MapValues, "mapvalues"),
    ];

    pub fn name(self) -> &'static str {
        Collection::NAMES.iter().find(|(known, _)| *known == self).map_or("", |(_, name)| name)
    }

    pub fn of_name(name: &str) -> Option<Collection> {
        let known = Collection::NAMES.iter().find(|(_, known)| known.eq_ignore_ascii_case(name));
        known.map(|(collection, _)| *collection)
    }

    pub fn of_number(number: u8) -> Option<Collection> {
        Collection::NAMES.get(usize::from(number)).map(|(collection, _)| *collection)
    }
}

impl ValueKind {
    const NAMES: [(ValueKind, &'static str); 4] = [
        (ValueKind::Integer, "numeric"),
        (ValueKind::String, "string"),
        (ValueKind::Blob, "blob"),
        (ValueKind::GeoJson, "geo2dsphere"),
    ];

    pub fn name(self) -> &'static str {
        ValueKind::NAMES.iter().find(|(known, _)| *known == self).map_or("", |(_, name)| name)
    }

    pub fn of_name(name: &str) -> Option<ValueKind> {
        let known = ValueKind::NAMES.iter().find(|(_, known)| known.eq_ignore_ascii_case(name));
        known.map(|(kind, _)| *kind)
    }

    /// The particle type of such values.
    pub fn particle(self) -> u8 {
        match self {
            ValueKind::Integer => kind::INTEGER,
            ValueKind::String => kind::STRING,
            ValueKind::Blob => kind::BLOB,
            ValueKind::GeoJson => kind::GEOJSON,
        }
    }

    pub fn of_particle(particle: u8) -> Option<ValueKind> {
        let mut kinds = ValueKind::NAMES.iter().map(|(kind, _)| *kind);
        kinds.find(|kind| kind.particle() == particle)
    }
}
