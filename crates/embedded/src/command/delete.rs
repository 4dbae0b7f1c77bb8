//! Deleting a record.

use crate::protocol::ResultCode;
use crate::protocol::message::{Message, info2};
use crate::protocol::reply::Metadata;
use crate::store::transaction::Effect;
use crate::store::{Record, clock};

use super::expression::check_filter;
use super::{Failure, Request, transaction};

pub fn execute(request: &Request<'_>) -> Result<Metadata, Failure> {
    let message = request.message;
    transaction::check_durability(request)?;
    let mut slot = request.namespace.lock(&request.digest);
    transaction::check_write(request, &slot)?;
    let now = clock::now_ms();
    let metadata =
        Metadata { version: transaction::version(request, &slot), ..Metadata::default() };
    let failed = |code| Failure { metadata, ..Failure::from(code) };
    let Some(record) = transaction::visible(request, &slot, (now / 1000) as u32) else {
        return Err(failed(ResultCode::NotFound));
    };
    let set = message.fields.set;
    if !set.is_empty() && !request.namespace.sets.is_named(record.set, set) {
        return Err(failed(ResultCode::Parameter));
    }
    transaction::check_locks_first(request, &slot).map_err(failed)?;
    check_generation(message, Some(record)).map_err(failed)?;
    check_filter(request, record).map_err(failed)?;
    let tombstone = transaction::tombstone(record, now);
    slot.apply(Effect::Deleted(tombstone), message.fields.transaction);
    Ok(Metadata::default())
}

/// Applies the generation rule of a request; a record that does not exist counts as generation 0.
pub fn check_generation(message: &Message<'_>, record: Option<&Record>) -> Result<(), ResultCode> {
    let there = record.map_or(0, |record| u32::from(record.generation));
    let given = message.header.generation;
    let holds = if message.has_info2(info2::GENERATION) {
        given == there
    } else if message.has_info2(info2::GENERATION_GT) {
        given > there
    } else {
        true
    };
    if holds { Ok(()) } else { Err(ResultCode::Generation) }
}
