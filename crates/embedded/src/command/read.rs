//! Reading a record: all bins, some, or only its header.

use crate::protocol::message::{Message, info1, op};
use crate::protocol::reply::{Metadata, Reply};
use crate::protocol::{Outcome, ResultCode};
use crate::store::counters::Event;
use crate::store::{Record, clock};

use super::bins::{Bins, MAX_OPS, check_name};
use super::budget::Budget;
use super::expression::{Scope, check_filter};
use super::scalar::{self, Entries};
use super::{Failure, Request, transaction};

/// Read-touch percentages: of a request that leaves it to the server, and of one that forbids it.
const TOUCH_BY_CONFIG: u32 = 0;
const TOUCH_NEVER: u32 = u32::MAX;

pub fn execute(request: &Request<'_>, reply: &mut Reply<'_>) -> Result<Metadata, Failure> {
    let message = request.message;
    let now = clock::now_ms();
    let mut slot = request.namespace.lock(&request.digest);
    transaction::check_read(request, &slot)?;
    let version = transaction::version(request, &slot);
    let Some(record) = transaction::visible(request, &slot, (now / 1000) as u32) else {
        // Of a record that has just expired its metadata is told all the same.
        let metadata = slot.record().map(Record::metadata).unwrap_or_default();
        let metadata = Metadata { version, ..metadata };
        return Err(Failure { metadata, ..Failure::from(ResultCode::NotFound) });
    };
    let metadata = Metadata { version, ..record.metadata() };
    let failed = |code| Failure { metadata, ..Failure::from(code) };
    let set = message.fields.set;
    if !set.is_empty() && !request.namespace.sets.is_named(record.set, set) {
        return Err(failed(ResultCode::Parameter));
    }
    let touch = must_touch(record, message.header.ttl, now).map_err(failed)?;
    check_filter(request, record).map_err(failed)?;
    reply.push_version(version);
    push_bins(request, record, reply).map_err(failed)?;
    let touch = touch.filter(|_| slot.holder().is_none());
    if let Some(ttl) = touch
        && let Some(record) = slot.record_mut()
    {
        record.void_time = (now / 1000) as u32 + ttl;
        record.last_update = now;
        request.namespace.counters.count(Event::ReadTouch);
    }
    Ok(metadata)
}

/// The time to live that a read gives back to a record of which too little is left.
fn must_touch(record: &Record, percentage: u32, now: u64) -> Outcome<Option<u32>> {
    if record.void_time == 0 || matches!(percentage, TOUCH_BY_CONFIG | TOUCH_NEVER) {
        return Ok(None);
    }
    if percentage > 100 {
        return Err(ResultCode::Parameter);
    }
    let ttl = u64::from(record.void_time).saturating_sub(record.last_update / 1000);
    let threshold = u64::from(record.void_time) - ttl * u64::from(percentage) / 100;
    Ok((now / 1000 >= threshold).then_some(ttl as u32))
}

fn push_bins(request: &Request<'_>, record: &Record, reply: &mut Reply<'_>) -> Outcome<()> {
    let message = request.message;
    if message.has_info1(info1::GET_NO_BINS) {
        return Ok(());
    }
    let count = message.header.op_count;
    if count > MAX_OPS {
        return Err(ResultCode::Parameter);
    }
    if message.has_info1(info1::GET_ALL) {
        for bin in record.bins() {
            reply.push(op::READ, bin.name, bin.kind, bin.value);
        }
        return Ok(());
    }
    if count == 0 {
        return Err(ResultCode::Parameter);
    }
    if message.ops.clone().all(|op| op.code == op::READ) {
        return push_named(message, record, reply);
    }
    let bins = Bins::of(record);
    let scope = Scope::of(request, record);
    let entries = if message.respond_all() { Entries::All } else { Entries::WithValues };
    let mut budget = Budget::default();
    for op in message.ops {
        budget.allow(reply)?;
        check_name(op.name)?;
        scalar::read(&scope, &bins, &op, entries, reply)?;
    }
    Ok(())
}

/// The common case: bins by name, copied from where they lie.
fn push_named(message: &Message<'_>, record: &Record, reply: &mut Reply<'_>) -> Outcome<()> {
    let mut budget = Budget::default();
    for op in message.ops {
        budget.allow(reply)?;
        check_name(op.name)?;
        match record.bin(op.name) {
            Some(bin) => reply.push(op.code, bin.name, bin.kind, bin.value),
            None if message.respond_all() => reply.push(op.code, op.name, 0, b""),
            None => {}
        }
    }
    Ok(())
}
