//! The values of a record that are indexed.

use super::super::record::Record;
use super::super::sets::Sets;
use super::definition::{Collection, Definition, Source, ValueKind};
use crate::cdt::{self, Answer};
use crate::compat::Compat;
use crate::expression::{Expression, Limits, Subject};
use crate::geo::{self, Shape};
use crate::msgpack::{Token, skip, take_flags};
use crate::particle::{self, geojson, kind};
use crate::protocol::cursor::Cursor;

/// Strings and blobs longer than this are not indexed.
pub const MAX_KEY_SIZE: usize = 2048;

/// A value that is indexed.
#[derive(Debug)]
pub enum Indexed<'a> {
    Integer(i64),
    /// Of a string or a blob.
    Bytes(&'a [u8]),
    Shape(Shape),
}

impl Definition {
    /// Shows each value of a record that the index is on.
    pub fn each_value(&self, record: &Record, sets: &Sets, mut show: impl FnMut(Indexed<'_>)) {
        match &self.source {
            Source::Bin { name, context } => {
                let Some(bin) = record.bin(name) else { return };
                match context {
                    None => self.each_in(bin.kind, bin.value, &mut show),
                    Some(context) => {
                        let found = cdt::at_context(bin.kind, bin.value, context);
                        if let Some(Answer::Particle(kind, value)) = found {
                            self.each_in(kind, &value, &mut show);
                        }
                    }
                }
            }
            Source::Expression(wire) => {
                // What it may use was checked when the index was made.
                let compat = Compat::V8_2;
                let Ok(expression) = Expression::parse(wire, compat) else { return };
                let subject = Subject {
                    digest: record.digest,
                    sets,
                    set: record.set,
                    record: Some(record),
                    key: record.key(),
                    bins: record,
                };
                let value = expression.evaluate(&subject, &mut Limits::new(compat));
                if let Some(Answer::Particle(kind, value)) = value.and_then(|v| v.into_answer()) {
                    self.each_in(kind, &value, &mut show);
                }
            }
        }
    }

    /// Shows the value itself, or the elements of the collection that it is.
    fn each_in(&self, value_kind: u8, value: &[u8], show: &mut impl FnMut(Indexed<'_>)) {
        match (self.collection, value_kind) {
            (Collection::None, found) if found == self.kind.particle() => {
                if let Some(value) = self.of_value(value) {
                    show(value);
                }
            }
            (Collection::List, kind::LIST) => self.each_element(value, show),
            (Collection::MapKeys | Collection::MapValues, kind::MAP) => {
                self.each_element(value, show);
            }
            _ => {}
        }
    }

    fn of_value<'a>(&self, value: &'a [u8]) -> Option<Indexed<'a>> {
        match self.kind {
            ValueKind::Integer => particle::integer(value).ok().map(Indexed::Integer),
            ValueKind::String | ValueKind::Blob => {
                (value.len() <= MAX_KEY_SIZE).then_some(Indexed::Bytes(value))
            }
            ValueKind::GeoJson => geo::parse(geojson::text(value)?).map(Indexed::Shape),
        }
    }

    /// Shows the elements of a list, or the keys or values of a map.
    fn each_element(&self, collection: &[u8], show: &mut impl FnMut(Indexed<'_>)) {
        let mut cursor = Cursor::new(collection);
        let (count, is_map) = match Token::read(&mut cursor) {
            Some(Token::List(count)) => (count, false),
            Some(Token::Map(count)) => (count, true),
            _ => return,
        };
        let has_flags = count > 0 && take_flags(&mut cursor).is_some();
        if has_flags && is_map && skip(&mut cursor).is_none() {
            return;
        }
        for _ in usize::from(has_flags)..count {
            if self.collection == Collection::MapValues && skip(&mut cursor).is_none() {
                return;
            }
            let element = cursor;
            if skip(&mut cursor).is_none() {
                return;
            }
            if let Some(value) = self.of_element(element) {
                show(value);
            }
            if self.collection == Collection::MapKeys && skip(&mut cursor).is_none() {
                return;
            }
        }
    }

    fn of_element<'a>(&self, mut element: Cursor<'a>) -> Option<Indexed<'a>> {
        match (self.kind, Token::read(&mut element)?) {
            (ValueKind::Integer, Token::Negative(number)) => Some(Indexed::Integer(number)),
            (ValueKind::Integer, Token::Unsigned(number)) => {
                i64::try_from(number).ok().map(Indexed::Integer)
            }
            (ValueKind::String, Token::Raw([kind::STRING, bytes @ ..]))
            | (ValueKind::Blob, Token::Raw([kind::BLOB, bytes @ ..])) => {
                Some(Indexed::Bytes(bytes))
            }
            (ValueKind::GeoJson, Token::Raw([kind::GEOJSON, text @ ..])) => {
                geo::parse(text).map(Indexed::Shape)
            }
            _ => None,
        }
    }
}
