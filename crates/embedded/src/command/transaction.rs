//! What is different in transactions: which records a command may read and write, and the commands
//! with which a client ends a transaction.

use super::write::next_generation;
use super::{Failure, Request};
use crate::protocol::message::{info2, info4};
use crate::protocol::reply::Metadata;
use crate::protocol::{Outcome, ResultCode, Version};
use crate::store::counters::Event;
use crate::store::transaction::{Effect, Tombstone};
use crate::store::{Record, Slot, clock};

/// Refuses what needs strong consistency in a namespace without it.
pub fn check_namespace(request: &Request<'_>, is_enterprise: bool) -> Outcome<()> {
    let message = request.message;
    let asked_for = message.fields.transaction.is_some() || is_verification(request);
    match asked_for && !request.namespace.strong_consistency {
        true if is_enterprise => Err(ResultCode::UnsupportedFeature),
        true => Err(ResultCode::EnterpriseOnly),
        false => Ok(()),
    }
}

/// Refuses to read what another transaction has locked, or what is no longer as it was read before.
pub fn check_read(request: &Request<'_>, slot: &Slot<'_>) -> Outcome<()> {
    match request.message.fields.transaction {
        Some(_) => check_lock(request, slot),
        None => Ok(()),
    }
}

/// Refuses to write what another transaction has locked, and all that comes too late.
pub fn check_write(request: &Request<'_>, slot: &Slot<'_>) -> Outcome<()> {
    check_lock(request, slot)?;
    let message = request.message;
    if message.fields.transaction.is_none() {
        return Ok(());
    }
    // Told under the record's lock, so that whoever ends overdue transactions comes after it.
    let deadline = message.fields.deadline.ok_or(ResultCode::Parameter)?;
    if clock::now_seconds() > deadline { Err(ResultCode::MrtExpired) } else { Ok(()) }
}

/// Refuses what is to be written only if the transaction locks the record by it.
pub fn check_locks_first(request: &Request<'_>, slot: &Slot<'_>) -> Outcome<()> {
    let must_lock = request.message.has_info4(info4::ON_LOCKING_ONLY);
    if must_lock && is_own(request, slot) { Err(ResultCode::MrtAlreadyLocked) } else { Ok(()) }
}

fn check_lock(request: &Request<'_>, slot: &Slot<'_>) -> Outcome<()> {
    let fields = &request.message.fields;
    let counters = &request.namespace.counters;
    match slot.holder() {
        Some(holder) if fields.transaction == Some(holder) => Ok(()),
        Some(_) => {
            counters.count(Event::FailBlocked);
            Err(ResultCode::MrtBlocked)
        }
        None if fields.version.is_some() && fields.version != slot.version() => {
            counters.count(Event::FailVersionMismatch);
            Err(ResultCode::MrtVersionMismatch)
        }
        None => Ok(()),
    }
}

/// Whether the request's transaction has the record locked.
fn is_own(request: &Request<'_>, slot: &Slot<'_>) -> bool {
    slot.holder().is_some_and(|holder| request.message.fields.transaction == Some(holder))
}

/// The record as the request sees it: what its transaction wrote, or else what was committed and
/// has not expired.
pub fn visible<'s>(
    request: &Request<'_>,
    slot: &'s Slot<'_>,
    now_seconds: u32,
) -> Option<&'s Record> {
    match slot.provisional().filter(|_| is_own(request, slot)) {
        Some(Effect::Written(record)) => Some(record),
        Some(Effect::Deleted(_)) => None,
        None => slot.record().filter(|record| !record.is_expired(now_seconds)),
    }
}

/// The version that the request's transaction will have to verify, unless it has locked the record.
pub fn version(request: &Request<'_>, slot: &Slot<'_>) -> Option<Version> {
    request.message.fields.transaction?;
    if is_own(request, slot) { None } else { slot.version() }
}

/// The generation and the time of a record that is written anew, with what was there, if anything.
/// With what is left of deleted ones, its versions never repeat.
pub fn next(
    request: &Request<'_>,
    slot: &Slot<'_>,
    there: Option<&Record>,
    now: u64,
) -> (u16, u64) {
    let own = slot.provisional().filter(|_| is_own(request, slot));
    let (generation, last_update) = match (there, own) {
        (Some(record), _) => (record.generation, record.last_update),
        (None, Some(Effect::Deleted(dead))) => (dead.generation, dead.last_update),
        (None, _) => slot.tombstone().map_or((0, 0), |dead| (dead.generation, dead.last_update)),
    };
    (next_generation(generation), now.max(last_update))
}

/// What is left of a record that is deleted.
pub fn tombstone(record: &Record, now: u64) -> Tombstone {
    Tombstone {
        last_update: now.max(record.last_update),
        generation: next_generation(record.generation),
        set: record.set,
    }
}

/// Refuses to delete a record in a way that the namespace does not allow: durably with strong
/// consistency, and otherwise not.
pub fn check_durability(request: &Request<'_>) -> Outcome<()> {
    let durable = request.message.has_info2(info2::DURABLE_DELETE);
    match (request.namespace.strong_consistency, durable) {
        (true, false) => Err(ResultCode::Forbidden),
        (false, true) => Err(ResultCode::EnterpriseOnly),
        _ => Ok(()),
    }
}

pub fn is_verification(request: &Request<'_>) -> bool {
    request.message.has_info4(info4::VERIFY_READ)
}

pub fn is_roll(request: &Request<'_>) -> bool {
    request.message.has_info4(info4::ROLL_FORWARD | info4::ROLL_BACK)
}

/// Tells whether a record is still as a transaction read it. One that is locked may be about to
/// change, and the transaction that asks has not locked it.
pub fn verify(request: &Request<'_>) -> Result<Metadata, Failure> {
    let slot = request.namespace.lock(&request.digest);
    let verified = match request.message.fields.version {
        None => Err(ResultCode::Parameter),
        Some(_) => check_lock(request, &slot),
    };
    let event = if verified.is_ok() { Event::VerifySuccess } else { Event::VerifyError };
    request.namespace.counters.count(event);
    verified.map(|()| Metadata::default()).map_err(Failure::from)
}

/// Ends what a transaction did to a record. What has been ended already stays as it is.
pub fn roll(request: &Request<'_>) -> Result<Metadata, Failure> {
    let transaction = request.message.fields.transaction.ok_or(ResultCode::Parameter)?;
    let forward = request.message.has_info4(info4::ROLL_FORWARD);
    request.namespace.lock(&request.digest).roll(transaction, forward);
    let event = if forward { Event::RollForward } else { Event::RollBack };
    request.namespace.counters.count(event);
    Ok(Metadata::default())
}
