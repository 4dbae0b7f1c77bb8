//! Operations on whole bins: read, write, increment, append, prepend.

use crate::particle::{self, Value, kind};
use crate::protocol::message::{Op, op};
use crate::protocol::reply::Reply;
use crate::protocol::{Outcome, ResultCode};

use super::bins::Bins;
use super::expression::{self, Scope};
use super::{bits, collection, hll, text};

/// Which reading operations have an entry in the reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entries {
    /// All.
    All,
    /// Those with a value, and those on collections that exist: so in requests that write.
    OfCollections,
    /// Those with a value.
    WithValues,
}

/// Reads a bin into the reply.
pub fn read(
    scope: &Scope<'_>,
    bins: &Bins<'_>,
    op: &Op<'_>,
    entries: Entries,
    reply: &mut Reply<'_>,
) -> Outcome<()> {
    let compat = scope.request.namespace.compat;
    match op.code {
        op::READ => match bins.get(op.name) {
            Some(bin) => reply.push(op.code, op.name, bin.kind, bin.value.bytes()),
            None if entries == Entries::All => push_nil(op, reply),
            None => {}
        },
        op::CDT_READ => return collection::read(bins, op, entries, compat, reply),
        op::BITS_READ => return bits::read(bins, op, entries, compat, reply),
        op::EXP_READ => return expression::read(scope, bins, op, entries, reply),
        op::STRING_READ | op::TO_STRING => return text::read(bins, op, entries, compat, reply),
        op::HLL_READ => return hll::read(bins, op, entries, reply),
        _ => return Err(ResultCode::Parameter),
    }
    Ok(())
}

/// Adds the entry of an operation that has no result.
pub fn push_nil(op: &Op<'_>, reply: &mut Reply<'_>) {
    reply.push(op.code, op.name, kind::NIL, b"");
}

/// Writes a bin, or deletes it if the value is nil.
pub fn write<'a>(bins: &mut Bins<'a>, op: &Op<'a>) -> Outcome<()> {
    if op.kind == kind::NIL {
        bins.remove(op.name);
    } else {
        bins.set(op.name, op.kind, particle::from_wire(op.kind, op.value)?);
    }
    Ok(())
}

/// Increments, appends or prepends; a bin that does not exist is written.
pub fn modify<'a>(bins: &mut Bins<'a>, op: &Op<'a>) -> Outcome<()> {
    if !particle::is_storable(op.kind) {
        return Err(ResultCode::Parameter);
    }
    let Some(bin) = bins.get_mut(op.name) else { return write(bins, op) };
    // The server that is modelled answers so, whatever the operation.
    if bin.kind == kind::GEOJSON {
        return Err(ResultCode::Unknown);
    }
    let there = bin.value.bytes();
    bin.value = match op.code {
        op::INCREMENT => increment(bin.kind, there, op)?,
        op::APPEND => concatenate(bin.kind, op, there, op.value)?,
        _ => concatenate(bin.kind, op, op.value, there)?,
    };
    Ok(())
}

fn increment(there_kind: u8, there: &[u8], op: &Op<'_>) -> Outcome<Value<'static>> {
    if op.kind != there_kind {
        return Err(ResultCode::IncompatibleType);
    }
    let word = match there_kind {
        kind::INTEGER => {
            let delta = particle::integer(op.value)?;
            particle::integer(there)?.wrapping_add(delta).to_be_bytes()
        }
        kind::FLOAT => (particle::float(there)? + particle::float(op.value)?).to_be_bytes(),
        _ => return Err(ResultCode::IncompatibleType),
    };
    Ok(Value::Word(word))
}

fn concatenate(
    there_kind: u8,
    op: &Op<'_>,
    first: &[u8],
    second: &[u8],
) -> Outcome<Value<'static>> {
    let is_bytes = match there_kind {
        kind::STRING | kind::BLOB | kind::VECTOR => true,
        other => kind::LANGUAGE_BLOBS.contains(&other),
    };
    if op.kind != there_kind || !is_bytes {
        return Err(ResultCode::IncompatibleType);
    }
    Ok(Value::Owned([first, second].concat()))
}
