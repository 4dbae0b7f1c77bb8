//! Calls of operations on collections, blobs and HyperLogLogs within an expression.

use super::limits::Limits;
use super::node::{Call, Node, Part, System};
use super::value::{Bytes, Value};
use crate::bits;
use crate::cdt::{self, Answer};
use crate::geo;
use crate::hll;
use crate::particle::kind;
use crate::text;

/// Appends a part of a call as the operation will read it.
pub fn push_part<'v>(
    part: &'v Part<'v>,
    payload: &mut Vec<u8>,
    eval: impl FnOnce(&'v Node<'v>) -> Option<Value<'v>>,
) -> Option<()> {
    match part {
        Part::Raw(bytes) => payload.extend_from_slice(bytes),
        Part::Argument(node) => eval(node)?.pack(payload)?,
    }
    Some(())
}

/// Runs a call on a value, which it leaves as it is.
pub fn run<'v>(
    call: &Call<'_>,
    payload: &[u8],
    on: Value<'v>,
    limits: &mut Limits,
) -> Option<Value<'v>> {
    limits.spend(on.size())?;
    let result = if call.modifies {
        modify(call.system, payload, on, limits)?
    } else {
        read(call.system, payload, &on, limits)?
    };
    limits.spend_value(result.size())?;
    // Collections hold any text as GeoJSON, but it must be some to be worked with.
    if let Value::Geo(text) = &result {
        geo::parse(text)?;
    }
    (result.kind() == call.kind).then_some(result)
}

fn read<'v>(
    system: System,
    payload: &[u8],
    on: &Value<'_>,
    limits: &mut Limits,
) -> Option<Value<'v>> {
    let (particle, bytes) = target(on)??;
    let answer = match system {
        System::Collection => cdt::read(particle, bytes, payload, limits),
        System::Bits => bits::read(particle, bytes, payload, limits.compat()),
        System::Hll => hll::read(particle, bytes, payload),
        System::Text => text::read(particle, bytes, payload),
    };
    Value::from_answer(answer.ok()?)
}

fn modify<'v>(
    system: System,
    payload: &[u8],
    on: Value<'v>,
    limits: &mut Limits,
) -> Option<Value<'v>> {
    let target = target(&on)?;
    let changed = match system {
        System::Text => match text::modify(target, payload).ok()? {
            Some((particle, bytes)) => {
                return Value::from_answer(Answer::Particle(particle, bytes));
            }
            None => None,
        },
        System::Collection => cdt::modify(target, payload, limits).ok()?.value,
        System::Bits => bits::modify(target, payload).ok()?,
        System::Hll => hll::modify(target, payload).ok()?.value,
    };
    let Some(bytes) = changed else { return Some(on) };
    let bytes = Bytes::from(bytes);
    Some(match system {
        System::Collection => match cdt::kind_of(&bytes)? {
            kind::LIST => Value::List(bytes),
            _ => Value::Map(bytes),
        },
        System::Bits => Value::Blob(bytes),
        System::Hll => Value::Hll(bytes),
        System::Text => Value::String(bytes),
    })
}

/// The value as an operation sees a bin: nil is a bin that does not exist. `None` if it is no
/// value that operations work on.
fn target<'b>(on: &'b Value<'_>) -> Option<Option<(u8, &'b [u8])>> {
    match on {
        Value::Nil => Some(None),
        Value::String(bytes) => Some(Some((kind::STRING, bytes))),
        Value::List(bytes) => Some(Some((kind::LIST, bytes))),
        Value::Map(bytes) => Some(Some((kind::MAP, bytes))),
        Value::Blob(bytes) => Some(Some((kind::BLOB, bytes))),
        Value::Hll(bytes) => Some(Some((kind::HLL, bytes))),
        _ => None,
    }
}
