//! The condition of a query that an index answers.

use std::sync::Arc;

use super::fields::Fields;
use crate::cdt;
use crate::geo::{self, Shape};
use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};
use crate::store::counters::{Counters, Event};
use crate::store::index::{
    Collection, Definition, Index, Indexed, MAX_KEY_SIZE, Source, ValueKind, order_of_integer,
};
use crate::store::{Namespace, Record, SetId, Sets};

/// The longest bin name, in bytes.
const MAX_BIN_NAME_SIZE: usize = 15;

/// The longest index name, in bytes.
const MAX_INDEX_NAME_SIZE: usize = 63;

/// A condition, and the index in which what may meet it is found.
#[derive(Debug)]
pub struct Condition {
    pub index: Arc<Index>,
    wanted: Wanted,
    /// Where in the index, in ascending order.
    pub ranges: Vec<(u64, u64)>,
}

/// What a value must be.
#[derive(Debug)]
enum Wanted {
    Integer {
        low: i64,
        high: i64,
    },
    /// A string or a blob.
    Bytes(Box<[u8]>),
    /// A region in which it is, or a point around which it is.
    Shape(Shape),
}

impl Condition {
    /// Reads the condition of a query on a set, if it has one.
    pub fn parse(
        fields: &Fields<'_>,
        namespace: &Namespace,
        set: Option<SetId>,
    ) -> Outcome<Option<Condition>> {
        check_name(fields)?;
        let Some(range) = fields.index_range else { return Ok(None) };
        let mut cursor = Cursor::new(range);
        let (bin, kind, wanted) = parse_range(&mut cursor, fields)?;
        let collection = match fields.index_type {
            None => Some(Collection::None),
            Some([number, ..]) => Collection::of_number(*number),
            Some([]) => return Err(ResultCode::Parameter),
        };
        let source = parse_source(bin, fields)?;
        let index = match fields.index_name {
            Some(name) => namespace.indexes.by_name(&String::from_utf8_lossy(name)),
            None => collection.and_then(|collection| {
                let definition = Definition { set, source, collection, kind };
                namespace.indexes.by_definition(&definition)
            }),
        };
        let index = index.ok_or(ResultCode::IndexNotFound)?;
        if !index.is_complete() {
            return Err(ResultCode::IndexNotReadable);
        }
        let ranges = wanted.ranges(&index);
        if matches!(wanted, Wanted::Shape(_)) {
            namespace.counters.count(Event::GeoQuery);
            namespace.counters.count_many(Event::GeoCells, ranges.len() as u64);
        }
        Ok(Some(Condition { index, wanted, ranges }))
    }

    /// Whether the same record may be found more than once.
    pub fn finds_again(&self) -> bool {
        let Definition { collection, kind, .. } = &self.index.definition;
        *collection != Collection::None || *kind == ValueKind::GeoJson
    }

    /// Counts what was found by place: whether it really is there.
    pub fn note_found(&self, counters: &Counters, holds: bool) {
        if matches!(self.wanted, Wanted::Shape(_)) {
            counters.count(if holds { Event::GeoPoint } else { Event::GeoFalsePositive });
        }
    }

    /// Whether the record meets the condition.
    pub fn holds(&self, record: &Record, sets: &Sets) -> bool {
        let mut holds = false;
        let definition = &self.index.definition;
        definition.each_value(record, sets, |value| holds |= self.wanted.matches(&value));
        holds
    }

    /// Whether the record that was found under a number meets the condition, and is not found under
    /// a lower one of the same range as well: so that it is returned once.
    pub fn holds_first(&self, record: &Record, key: u64, sets: &Sets) -> bool {
        let range = self.ranges.iter().find(|(low, high)| (*low..=*high).contains(&key));
        let Some(&(low, _)) = range else { return false };
        let (mut first, mut keys) = (None, Vec::new());
        self.index.definition.each_value(record, sets, |value| {
            if self.wanted.matches(&value) {
                keys.clear();
                self.index.push_keys(value, &mut keys);
                let lowest = keys.iter().copied().filter(|key| *key >= low).min();
                first = [first, lowest].into_iter().flatten().min();
            }
        });
        first == Some(key)
    }
}

impl Wanted {
    fn matches(&self, value: &Indexed<'_>) -> bool {
        match (self, value) {
            (Wanted::Integer { low, high }, Indexed::Integer(number)) => {
                (low..=high).contains(&number)
            }
            (Wanted::Bytes(wanted), Indexed::Bytes(bytes)) => **wanted == **bytes,
            (Wanted::Shape(wanted), Indexed::Shape(shape)) => wanted.matches(shape),
            _ => false,
        }
    }

    fn ranges(&self, index: &Index) -> Vec<(u64, u64)> {
        match self {
            Wanted::Integer { low, high } => {
                vec![(order_of_integer(*low), order_of_integer(*high))]
            }
            Wanted::Bytes(bytes) => {
                let order = index.order_of_bytes(bytes);
                vec![(order, order)]
            }
            Wanted::Shape(shape) => shape.search(),
        }
    }
}

fn check_name(fields: &Fields<'_>) -> Outcome<()> {
    match fields.index_name {
        Some(_) if fields.index_expression.is_some() => Err(ResultCode::Parameter),
        Some(name) if !(1..=MAX_INDEX_NAME_SIZE).contains(&name.len()) => {
            Err(ResultCode::Parameter)
        }
        _ => Ok(()),
    }
}

/// The bin, the type of its values, and what they must be.
fn parse_range<'a>(
    cursor: &mut Cursor<'a>,
    fields: &Fields<'_>,
) -> Outcome<(&'a [u8], ValueKind, Wanted)> {
    let bad = ResultCode::Parameter;
    if cursor.u8() != Some(1) {
        return Err(bad);
    }
    let name_size = cursor.u8().ok_or(bad)?;
    let bin = cursor.take(usize::from(name_size)).ok_or(bad)?;
    let has_other_name = fields.index_name.is_some() || fields.index_expression.is_some();
    if bin.len() > MAX_BIN_NAME_SIZE || bin.is_empty() != has_other_name {
        return Err(bad);
    }
    let kind = cursor.u8().and_then(ValueKind::of_particle).ok_or(bad)?;
    let wanted = parse_wanted(cursor, kind).ok_or(bad)?;
    Ok((bin, kind, wanted))
}

fn parse_wanted(cursor: &mut Cursor<'_>, kind: ValueKind) -> Option<Wanted> {
    const INTEGER_SIZE: u32 = 8;
    const MAX_GEOJSON_SIZE: usize = 1024 * 1024;
    let size = cursor.u32()?;
    match kind {
        ValueKind::Integer => {
            let low = cursor.u64()? as i64;
            let high_size = cursor.u32()?;
            let high = cursor.u64()? as i64;
            let holds = size == INTEGER_SIZE && high_size == INTEGER_SIZE && low <= high;
            holds.then_some(Wanted::Integer { low, high })
        }
        // Clients send the value twice, as if it were a range.
        ValueKind::String | ValueKind::Blob => {
            let bytes = cursor.take(size as usize)?;
            (bytes.len() < MAX_KEY_SIZE).then(|| Wanted::Bytes(bytes.into()))
        }
        ValueKind::GeoJson => {
            let text = cursor.take(size as usize)?;
            if text.len() >= MAX_GEOJSON_SIZE {
                return None;
            }
            geo::parse(text).map(Wanted::Shape)
        }
    }
}

fn parse_source(bin: &[u8], fields: &Fields<'_>) -> Outcome<Source> {
    if let Some(expression) = fields.index_expression {
        if expression.is_empty() || fields.index_context.is_some() {
            return Err(ResultCode::Parameter);
        }
        return Ok(Source::Expression(expression.into()));
    }
    let context = match fields.index_context {
        None => None,
        Some(context) if fields.index_name.is_none() && cdt::is_context(context) => {
            Some(context.into())
        }
        Some(_) => return Err(ResultCode::Parameter),
    };
    Ok(Source::Bin { name: bin.into(), context })
}
