//! Operations on HyperLogLogs, as parts of a request.

use crate::hll;
use crate::particle::{Value, kind};
use crate::protocol::Outcome;
use crate::protocol::message::Op;
use crate::protocol::reply::Reply;

use super::bins::Bins;
use super::collection::push;
use super::scalar::{self, Entries};

/// Reads from a sketch into the reply.
pub fn read(bins: &Bins<'_>, op: &Op<'_>, entries: Entries, reply: &mut Reply<'_>) -> Outcome<()> {
    match bins.get(op.name) {
        Some(bin) => {
            let answer = hll::read(bin.kind, bin.value.bytes(), op.value)?;
            push(op, &answer, entries != Entries::WithValues, reply);
        }
        None if entries == Entries::All => scalar::push_nil(op, reply),
        None => {}
    }
    Ok(())
}

/// Changes a sketch; what comes of it goes into the reply.
pub fn modify<'a>(
    bins: &mut Bins<'a>,
    op: &Op<'a>,
    respond_all: bool,
    reply: &mut Reply<'_>,
) -> Outcome<()> {
    let bin = bins.get(op.name).map(|bin| (bin.kind, bin.value.bytes()));
    let modified = hll::modify(bin, op.value)?;
    if let Some(sketch) = modified.value {
        bins.set(op.name, kind::HLL, Value::Owned(sketch));
    }
    push(op, &modified.answer, respond_all, reply);
    Ok(())
}
