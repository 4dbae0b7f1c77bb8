//! Operations on lists and maps, as parts of a request.

use crate::cdt::{self, Answer};
use crate::compat::Compat;
use crate::expression::Limits;
use crate::particle::Value;
use crate::protocol::message::Op;
use crate::protocol::reply::Reply;
use crate::protocol::{Outcome, ResultCode};

use super::bins::Bins;
use super::scalar::{self, Entries};

/// Reads from a collection into the reply.
pub fn read(
    bins: &Bins<'_>,
    op: &Op<'_>,
    entries: Entries,
    compat: Compat,
    reply: &mut Reply<'_>,
) -> Outcome<()> {
    match bins.get(op.name) {
        Some(bin) => {
            let mut limits = Limits::new(compat);
            let answer = cdt::read(bin.kind, bin.value.bytes(), op.value, &mut limits)?;
            push(op, &answer, entries != Entries::WithValues, reply);
        }
        None if entries == Entries::All => scalar::push_nil(op, reply),
        None => {}
    }
    Ok(())
}

/// Changes a collection; what comes of it goes into the reply.
pub fn modify<'a>(
    bins: &mut Bins<'a>,
    op: &Op<'a>,
    respond_all: bool,
    compat: Compat,
    reply: &mut Reply<'_>,
) -> Outcome<()> {
    let bin = bins.get(op.name).map(|bin| (bin.kind, bin.value.bytes()));
    let modified = cdt::modify(bin, op.value, &mut Limits::new(compat))?;
    if let Some(value) = modified.value {
        let kind = cdt::kind_of(&value).ok_or(ResultCode::Unknown)?;
        bins.set(op.name, kind, Value::Owned(value));
    }
    push(op, &modified.answer, respond_all, reply);
    Ok(())
}

/// Adds the entry of an operation, unless it is nil and such are left out.
pub fn push(op: &Op<'_>, answer: &Answer, with_nil: bool, reply: &mut Reply<'_>) {
    match answer {
        Answer::Particle(kind, bytes) => reply.push(op.code, op.name, *kind, bytes),
        Answer::Nil if with_nil => scalar::push_nil(op, reply),
        Answer::Nil => {}
    }
}
