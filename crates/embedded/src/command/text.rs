//! Operations on strings, as parts of a request.

use crate::compat::Compat;
use crate::particle::{Value, kind};
use crate::protocol::message::{Op, op};
use crate::protocol::reply::Reply;
use crate::protocol::{Outcome, ResultCode};
use crate::text;

use super::bins::Bins;
use super::collection::push;
use super::scalar::{self, Entries};

/// Reads what a string is, or a value as a string, into the reply.
pub fn read(
    bins: &Bins<'_>,
    op: &Op<'_>,
    entries: Entries,
    compat: Compat,
    reply: &mut Reply<'_>,
) -> Outcome<()> {
    check(compat)?;
    match bins.get(op.name) {
        Some(bin) => {
            let value = bin.value.bytes();
            let answer = match op.code {
                op::TO_STRING => text::to_string(bin.kind, value)?,
                _ => text::read(bin.kind, value, op.value)?,
            };
            push(op, &answer, entries != Entries::WithValues, reply);
        }
        None if entries == Entries::All => scalar::push_nil(op, reply),
        None => {}
    }
    Ok(())
}

/// Changes a string.
pub fn modify<'a>(bins: &mut Bins<'a>, op: &Op<'a>, compat: Compat) -> Outcome<()> {
    check(compat)?;
    if op.kind != kind::STRING {
        return Err(ResultCode::IncompatibleType);
    }
    let bin = bins.get(op.name).map(|bin| (bin.kind, bin.value.bytes()));
    if let Some((kind, value)) = text::modify(bin, op.value)? {
        bins.set(op.name, kind, Value::Owned(value));
    }
    Ok(())
}

fn check(compat: Compat) -> Outcome<()> {
    if compat.has_strings() { Ok(()) } else { Err(ResultCode::Parameter) }
}
