//! Expressions, as parts of a request: filters, and operations that read or write what they
//! compute.

use crate::cdt::{Answer, integer, take_element};
use crate::compat::Compat;
use crate::expression::{BinSource, Expression, Limits, Subject};
use crate::msgpack::{self, Token};
use crate::particle::{Value, kind};
use crate::protocol::cursor::Cursor;
use crate::protocol::message::Op;
use crate::protocol::reply::Reply;
use crate::protocol::{Outcome, ResultCode};
use crate::store::{Record, SetId};

use super::Request;
use super::bins::Bins;
use super::collection::push;
use super::scalar::Entries;

/// Flags of an operation.
mod flag {
    pub const CREATE_ONLY: u64 = 1;
    pub const UPDATE_ONLY: u64 = 2;
    pub const ALLOW_DELETE: u64 = 4;
    pub const POLICY_NO_FAIL: u64 = 8;
    pub const EVAL_NO_FAIL: u64 = 16;
    pub const OF_READS: u64 = EVAL_NO_FAIL;
    pub const OF_WRITES: u64 =
        CREATE_ONLY | UPDATE_ONLY | ALLOW_DELETE | POLICY_NO_FAIL | EVAL_NO_FAIL;
}

/// The record that the expressions of a request are about, whatever its bins are by then.
pub struct Scope<'a> {
    pub request: &'a Request<'a>,
    /// The record as it is stored, if it is.
    pub record: Option<&'a Record>,
    pub set: SetId,
    /// The key that is stored or will be.
    pub key: Option<&'a [u8]>,
}

impl<'a> Scope<'a> {
    pub fn of(request: &'a Request<'a>, record: &'a Record) -> Scope<'a> {
        Scope { request, record: Some(record), set: record.set, key: record.key() }
    }

    pub fn subject<'s>(&'s self, bins: &'s dyn BinSource) -> Subject<'s> {
        Subject {
            digest: self.request.digest,
            sets: &self.request.namespace.sets,
            set: self.set,
            record: self.record,
            key: self.key,
            bins,
        }
    }
}

/// Refuses a record that does not pass the filter of a request.
pub fn check_filter(request: &Request<'_>, record: &Record) -> Outcome<()> {
    let own;
    let filter = match (request.filter, request.message.fields.filter) {
        (Some(filter), _) => filter,
        (None, Some(wire)) => {
            own = Expression::parse_filter(wire, request.namespace.compat)?;
            &own
        }
        (None, None) => return Ok(()),
    };
    let scope = Scope::of(request, record);
    if filter.holds(&scope.subject(record)) { Ok(()) } else { Err(ResultCode::FilteredOut) }
}

/// Computes a value for the reply.
pub fn read(
    scope: &Scope<'_>,
    bins: &Bins<'_>,
    op: &Op<'_>,
    entries: Entries,
    reply: &mut Reply<'_>,
) -> Outcome<()> {
    let (expression, flags) = parse(op, flag::OF_READS, scope.request.namespace.compat)?;
    let answer = evaluate(&expression, flags, scope, bins)?.unwrap_or(Answer::Nil);
    push(op, &answer, entries != Entries::WithValues, reply);
    Ok(())
}

/// Computes a bin.
pub fn modify<'a>(scope: &Scope<'_>, bins: &mut Bins<'a>, op: &Op<'a>) -> Outcome<()> {
    let (expression, flags) = parse(op, flag::OF_WRITES, scope.request.namespace.compat)?;
    let there = bins.get(op.name).is_some();
    let refusal = match there {
        true if flags & flag::CREATE_ONLY != 0 => Some(ResultCode::BinExists),
        false if flags & flag::UPDATE_ONLY != 0 => Some(ResultCode::BinNotFound),
        _ => None,
    };
    match refusal {
        Some(_) if flags & flag::POLICY_NO_FAIL != 0 => return Ok(()),
        Some(code) => return Err(code),
        None => {}
    }
    match evaluate(&expression, flags, scope, bins)? {
        Some(Answer::Particle(kind, bytes)) => {
            bins.set(op.name, kind, Value::Owned(stored(kind, bytes)?));
        }
        Some(Answer::Nil) if flags & flag::ALLOW_DELETE != 0 => bins.remove(op.name),
        // Any flag at all makes the server that is modelled content here.
        Some(Answer::Nil) if there && flags == 0 => return Err(ResultCode::NotApplicable),
        Some(Answer::Nil) | None => {}
    }
    Ok(())
}

/// Refuses an operation that could never be run.
pub fn check_modify(op: &Op<'_>, compat: Compat) -> Outcome<()> {
    parse(op, flag::OF_WRITES, compat).map(|_| ())
}

/// A value in its stored form. Literals come as the client wrote them.
fn stored(kind: u8, bytes: Vec<u8>) -> Outcome<Vec<u8>> {
    match kind {
        kind::LIST | kind::MAP => match msgpack::normalise(&bytes) {
            Some((_, stored)) => Ok(stored),
            None => Err(ResultCode::Unknown),
        },
        _ => Ok(bytes),
    }
}

/// The value, or `None` if it is unknown and that is no failure.
fn evaluate(
    expression: &Expression<'_>,
    flags: u64,
    scope: &Scope<'_>,
    bins: &Bins<'_>,
) -> Outcome<Option<Answer>> {
    let subject = scope.subject(bins);
    let mut limits = Limits::new(scope.request.namespace.compat);
    let value = expression.evaluate(&subject, &mut limits);
    match value.and_then(|value| value.into_answer()) {
        Some(answer) => Ok(Some(answer)),
        None if flags & flag::EVAL_NO_FAIL != 0 => Ok(None),
        None => Err(ResultCode::NotApplicable),
    }
}

/// An operation is a list of the expression and, if there are any, flags.
fn parse<'a>(op: &Op<'a>, known: u64, compat: Compat) -> Outcome<(Expression<'a>, u64)> {
    let mut cursor = Cursor::new(op.value);
    let Some(Token::List(1..=2)) = Token::read(&mut cursor) else {
        return Err(ResultCode::Parameter);
    };
    let wire = take_element(&mut cursor).ok_or(ResultCode::Parameter)?;
    let flags = take_element(&mut cursor).and_then(integer).unwrap_or(0) as u64;
    if flags & !known != 0 {
        return Err(ResultCode::Parameter);
    }
    Ok((Expression::compile(wire, compat)?, flags))
}
