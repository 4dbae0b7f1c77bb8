//! Values while an expression is evaluated.

use std::ops::Deref;
use std::sync::Arc;

use super::kind::Kind;
use crate::cdt::Answer;
use crate::msgpack::{Token, write};
use crate::particle::{self, geojson, kind};
use crate::protocol::cursor::Cursor;
use crate::store::StoredBin;

/// Bytes of a record or of the request, or such as came out of an operation. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Bytes<'a> {
    Borrowed(&'a [u8]),
    Shared(Arc<Vec<u8>>),
}

impl From<Vec<u8>> for Bytes<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::Shared(Arc::new(bytes))
    }
}

impl Deref for Bytes<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Borrowed(bytes) => bytes,
            Bytes::Shared(bytes) => bytes,
        }
    }
}

impl Bytes<'_> {
    fn into_vec(self) -> Vec<u8> {
        match self {
            Bytes::Borrowed(bytes) => bytes.to_vec(),
            Bytes::Shared(bytes) => Arc::unwrap_or_clone(bytes),
        }
    }
}

/// A value.
#[derive(Debug, Clone)]
pub enum Value<'a> {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    String(Bytes<'a>),
    Blob(Bytes<'a>),
    Hll(Bytes<'a>),
    /// The text alone.
    Geo(Bytes<'a>),
    /// Packed.
    List(Bytes<'a>),
    /// Packed.
    Map(Bytes<'a>),
    /// An element that is no value of a bin, packed.
    Mark(Bytes<'a>),
    /// The element that is being modified is to go.
    Remove,
}

impl<'a> Value<'a> {
    pub fn kind(&self) -> Kind {
        match self {
            Value::Nil => Kind::Nil,
            Value::Bool(_) => Kind::Bool,
            Value::Int(_) => Kind::Int,
            Value::Float(_) => Kind::Float,
            Value::String(_) => Kind::String,
            Value::Blob(_) => Kind::Blob,
            Value::Hll(_) => Kind::Hll,
            Value::Geo(_) => Kind::Geo,
            Value::List(_) => Kind::List,
            Value::Map(_) => Kind::Map,
            Value::Mark(_) => Kind::Mark,
            Value::Remove => Kind::Remove,
        }
    }

    /// The value of a bin; `None` if it has a type that expressions do not know.
    pub fn of_bin(bin: &StoredBin<'a>) -> Option<Value<'a>> {
        Value::from_particle(bin.kind, Bytes::Borrowed(bin.value))
    }

    fn from_particle(particle: u8, bytes: Bytes<'a>) -> Option<Value<'a>> {
        Some(match particle {
            kind::INTEGER => Value::Int(particle::integer(&bytes).ok()?),
            kind::FLOAT => Value::Float(particle::float(&bytes).ok()?),
            kind::BOOL => Value::Bool(*bytes == [1]),
            kind::STRING => Value::String(bytes),
            kind::BLOB => Value::Blob(bytes),
            kind::HLL => Value::Hll(bytes),
            kind::LIST => Value::List(bytes),
            kind::MAP => Value::Map(bytes),
            kind::GEOJSON => Value::Geo(match bytes {
                Bytes::Borrowed(bytes) => Bytes::Borrowed(geojson::text(bytes)?),
                Bytes::Shared(bytes) => geojson::text(&bytes)?.to_vec().into(),
            }),
            _ => return None,
        })
    }

    /// What an operation on a collection answered.
    pub fn from_answer(answer: Answer) -> Option<Value<'a>> {
        match answer {
            Answer::Nil => Some(Value::Nil),
            Answer::Particle(particle, bytes) => Value::from_particle(particle, bytes.into()),
        }
    }

    /// The value as that of a bin: nil is none. `None` if no bin can have it.
    pub fn into_answer(self) -> Option<Answer> {
        Some(match self {
            Value::Nil => Answer::Nil,
            Value::Bool(value) => Answer::bool(value),
            Value::Int(number) => Answer::int(number),
            Value::Float(number) => Answer::double(number),
            Value::String(bytes) => Answer::Particle(kind::STRING, bytes.into_vec()),
            Value::Blob(bytes) => Answer::Particle(kind::BLOB, bytes.into_vec()),
            Value::Hll(bytes) => Answer::Particle(kind::HLL, bytes.into_vec()),
            Value::List(bytes) => Answer::Particle(kind::LIST, bytes.into_vec()),
            Value::Map(bytes) => Answer::Particle(kind::MAP, bytes.into_vec()),
            Value::Geo(text) => Answer::Particle(kind::GEOJSON, geojson::stored(&text)),
            Value::Mark(_) | Value::Remove => return None,
        })
    }

    /// The value that an element of a collection is.
    pub fn of_element(element: &'a [u8]) -> Option<Value<'a>> {
        Some(match Token::read(&mut Cursor::new(element))? {
            Token::Nil => Value::Nil,
            Token::Bool(value) => Value::Bool(value),
            Token::Negative(number) => Value::Int(number),
            Token::Unsigned(number) => Value::Int(number as i64),
            Token::Double(number) => Value::Float(number),
            Token::List(_) => Value::List(Bytes::Borrowed(element)),
            Token::Map(_) => Value::Map(Bytes::Borrowed(element)),
            Token::Raw([kind::STRING, bytes @ ..]) => Value::String(Bytes::Borrowed(bytes)),
            Token::Raw([kind::BLOB, bytes @ ..]) => Value::Blob(Bytes::Borrowed(bytes)),
            Token::Raw([kind::HLL, bytes @ ..]) => Value::Hll(Bytes::Borrowed(bytes)),
            Token::Raw([kind::GEOJSON, bytes @ ..]) => Value::Geo(Bytes::Borrowed(bytes)),
            Token::Raw(_) => return None,
            Token::Extension { .. } | Token::Wildcard | Token::Infinity => {
                Value::Mark(Bytes::Borrowed(element))
            }
        })
    }

    /// Appends the value as an element; `None` if it is none.
    pub fn pack(&self, output: &mut Vec<u8>) -> Option<()> {
        match self {
            Value::Nil => output.push(0xc0),
            Value::Bool(value) => output.push(0xc2 + u8::from(*value)),
            Value::Int(number) => write::integer(output, *number),
            Value::Float(number) => write::double(output, *number),
            Value::String(bytes) => write::typed(output, kind::STRING, bytes),
            Value::Blob(bytes) => write::typed(output, kind::BLOB, bytes),
            Value::Hll(bytes) => write::typed(output, kind::HLL, bytes),
            Value::Geo(bytes) => write::typed(output, kind::GEOJSON, bytes),
            Value::List(packed) | Value::Map(packed) => output.extend_from_slice(packed),
            Value::Mark(packed) => output.extend_from_slice(packed),
            Value::Remove => return None,
        }
        Some(())
    }

    /// About how many bytes it is to look at the value.
    pub fn size(&self) -> usize {
        match self {
            Value::String(bytes) | Value::Blob(bytes) | Value::Hll(bytes) | Value::Geo(bytes) => {
                bytes.len()
            }
            Value::List(packed) | Value::Map(packed) => packed.len(),
            Value::Mark(packed) => packed.len(),
            _ => 8,
        }
    }
}
