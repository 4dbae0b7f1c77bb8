//! Operations on the bits of a blob, as parts of a request.

use crate::bits;
use crate::compat::Compat;
use crate::particle::{Value, kind};
use crate::protocol::message::Op;
use crate::protocol::reply::Reply;
use crate::protocol::{Outcome, ResultCode};

use super::bins::Bins;
use super::collection::push;
use super::scalar::{self, Entries};

/// Reads bits into the reply.
pub fn read(
    bins: &Bins<'_>,
    op: &Op<'_>,
    entries: Entries,
    compat: Compat,
    reply: &mut Reply<'_>,
) -> Outcome<()> {
    match bins.get(op.name) {
        Some(bin) => {
            check_kind(op)?;
            let answer = bits::read(bin.kind, bin.value.bytes(), op.value, compat)?;
            push(op, &answer, entries != Entries::WithValues, reply);
        }
        None if entries == Entries::All => scalar::push_nil(op, reply),
        None => {}
    }
    Ok(())
}

/// Changes bits.
pub fn modify<'a>(bins: &mut Bins<'a>, op: &Op<'a>) -> Outcome<()> {
    check_kind(op)?;
    let bin = bins.get(op.name).map(|bin| (bin.kind, bin.value.bytes()));
    if let Some(blob) = bits::modify(bin, op.value)? {
        bins.set(op.name, kind::BLOB, Value::Owned(blob));
    }
    Ok(())
}

fn check_kind(op: &Op<'_>) -> Outcome<()> {
    if op.kind == kind::BLOB { Ok(()) } else { Err(ResultCode::IncompatibleType) }
}
