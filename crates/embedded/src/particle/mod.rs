//! Bin values: their types, and which of them a write may store.

pub mod geojson;

use crate::hll::Sketch;
use crate::msgpack::{self, Collection};
use crate::protocol::{Outcome, ResultCode};

/// Particle types.
pub mod kind {
    pub const NIL: u8 = 0;
    pub const INTEGER: u8 = 1;
    pub const FLOAT: u8 = 2;
    pub const STRING: u8 = 3;
    pub const BLOB: u8 = 4;
    /// Blobs that only one language's clients can read: Java, C#, Python, Ruby, PHP, Erlang.
    pub const LANGUAGE_BLOBS: std::ops::RangeInclusive<u8> = 7..=12;
    pub const VECTOR: u8 = 16;
    pub const BOOL: u8 = 17;
    pub const HLL: u8 = 18;
    pub const MAP: u8 = 19;
    pub const LIST: u8 = 20;
    pub const GEOJSON: u8 = 23;
}

/// The bytes of a bin value, from wherever they come.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    Borrowed(&'a [u8]),
    /// A number.
    Word([u8; 8]),
    Owned(Vec<u8>),
}

impl Value<'_> {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Value::Borrowed(bytes) => bytes,
            Value::Word(bytes) => bytes,
            Value::Owned(bytes) => bytes,
        }
    }
}

/// Whether there is such a type of values; nil is none.
pub fn is_storable(kind: u8) -> bool {
    match kind {
        kind::INTEGER | kind::FLOAT | kind::STRING | kind::BLOB | kind::VECTOR => true,
        kind::BOOL | kind::HLL | kind::MAP | kind::LIST | kind::GEOJSON => true,
        _ => kind::LANGUAGE_BLOBS.contains(&kind),
    }
}

/// Checks a value that a client wrote and gives it the form in which it is stored and sent.
pub fn from_wire(kind: u8, wire: &[u8]) -> Outcome<Value<'_>> {
    match kind {
        kind::INTEGER => integer(wire).map(|number| Value::Word(number.to_be_bytes())),
        kind::FLOAT => float(wire).map(|number| Value::Word(number.to_bits().to_be_bytes())),
        kind::BOOL if matches!(wire, [0 | 1]) => Ok(Value::Borrowed(wire)),
        kind::HLL if Sketch::parse(wire).is_some() => Ok(Value::Borrowed(wire)),
        kind::LIST => collection(wire, Collection::List),
        kind::MAP => collection(wire, Collection::Map),
        kind::GEOJSON => geojson::from_wire(wire),
        kind::STRING | kind::BLOB | kind::VECTOR => Ok(Value::Borrowed(wire)),
        _ if kind::LANGUAGE_BLOBS.contains(&kind) => Ok(Value::Borrowed(wire)),
        _ => Err(ResultCode::Parameter),
    }
}

/// An integer of 1, 2, 4 or 8 bytes; shorter ones have no sign.
pub fn integer(wire: &[u8]) -> Outcome<i64> {
    match *wire {
        [a] => Ok(i64::from(a)),
        [a, b] => Ok(i64::from(u16::from_be_bytes([a, b]))),
        [a, b, c, d] => Ok(i64::from(u32::from_be_bytes([a, b, c, d]))),
        _ => match wire.try_into() {
            Ok(bytes) => Ok(i64::from_be_bytes(bytes)),
            Err(_) => Err(ResultCode::Parameter),
        },
    }
}

/// A floating point number of 8 bytes.
pub fn float(wire: &[u8]) -> Outcome<f64> {
    match wire.try_into() {
        Ok(bytes) => Ok(f64::from_be_bytes(bytes)),
        Err(_) => Err(ResultCode::Parameter),
    }
}

fn collection(wire: &[u8], wanted: Collection) -> Outcome<Value<'_>> {
    match msgpack::normalise(wire) {
        Some((found, stored)) if found == wanted => Ok(Value::Owned(stored)),
        _ => Err(ResultCode::Unknown),
    }
}
