//! Deleting a record.

use crate::protocol::ResultCode;
use crate::protocol::message::{Message, info2};
use crate::protocol::reply::Metadata;
use crate::store::{Record, clock};

use super::expression::check_filter;
use super::{Failure, Request};

pub fn execute(request: &Request<'_>) -> Result<Metadata, Failure> {
    let message = request.message;
    if message.has_info2(info2::DURABLE_DELETE) {
        return Err(ResultCode::EnterpriseOnly.into());
    }
    let mut slot = request.namespace.lock(&request.digest);
    let now = clock::now_seconds();
    let Some(record) = slot.record().filter(|record| !record.is_expired(now)) else {
        return Err(ResultCode::NotFound.into());
    };
    let set = message.fields.set;
    if !set.is_empty() && !request.namespace.sets.is_named(record.set, set) {
        return Err(ResultCode::Parameter.into());
    }
    check_generation(message, Some(record))?;
    check_filter(request, record)?;
    slot.remove();
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
