//! Writing a record: any number of operations that all happen, or none.

use crate::particle::kind;
use crate::protocol::message::{Message, Op, info1, info2, info3, is_read, op};
use crate::protocol::reply::{Metadata, Reply};
use crate::protocol::{Outcome, ResultCode};
use crate::store::counters::Event;
use crate::store::transaction::Effect;
use crate::store::{Record, SetId, Slot, clock};

use super::bins::{Bins, MAX_OPS, check_name};
use super::budget::Budget;
use super::delete::check_generation;
use super::expression::{self, Scope, check_filter};
use super::scalar::{self, Entries};
use super::{Failure, Request, bits, collection, hll, text, transaction};

/// Special times to live; 0 is the default of the namespace, which is never.
const TTL_DEFAULT: u32 = 0;
const TTL_NEVER: u32 = u32::MAX;
const TTL_DONT_UPDATE: u32 = u32::MAX - 1;

/// Ten years.
pub const MAX_TTL: u32 = 315_360_000;

/// What a request asks for besides its operations.
struct Policies {
    must_exist: bool,
    replace: bool,
}

pub fn execute(request: &Request<'_>, reply: &mut Reply<'_>) -> Result<Metadata, Failure> {
    let message = request.message;
    let policies = Policies::of(message)?;
    let now = clock::now_ms();
    let mut slot = request.namespace.lock(&request.digest);
    transaction::check_write(request, &slot)?;
    let holds = |record: &&Record| request.condition.is_none_or(|condition| condition(record));
    let there = transaction::visible(request, &slot, (now / 1000) as u32).filter(holds);
    let version = transaction::version(request, &slot);
    let metadata = Metadata { version, ..there.map(Record::metadata).unwrap_or_default() };
    let written = write(request, &policies, &slot, there, now, reply);
    let effect = written.map_err(|code| Failure { metadata, ..Failure::from(code) })?;
    let metadata = match &effect {
        Effect::Written(record) => record.metadata(),
        Effect::Deleted(_) => {
            request.namespace.counters.count(Event::DeletedLastBin);
            Metadata::default()
        }
    };
    slot.apply(effect, message.fields.transaction);
    Ok(metadata)
}

/// The record as it is after the request, or what is left if the request deleted its last bin.
fn write(
    request: &Request<'_>,
    policies: &Policies,
    slot: &Slot<'_>,
    there: Option<&Record>,
    now: u64,
    reply: &mut Reply<'_>,
) -> Outcome<Effect> {
    let message = request.message;
    if there.is_none() && policies.must_exist {
        return Err(ResultCode::NotFound);
    }
    if there.is_some() && message.has_info2(info2::CREATE_ONLY) {
        return Err(ResultCode::RecordExists);
    }
    transaction::check_locks_first(request, slot)?;
    check_generation(message, there)?;
    let set = set_of(request, there)?;
    if let Some(record) = there {
        check_filter(request, record)?;
    }
    let key = key_to_store(message, there)?;
    let void_time = void_time(message.header.ttl, there, now)?;

    let mut bins = match there {
        Some(record) if !policies.replace => Bins::of(record),
        _ => Bins::default(),
    };
    let scope = Scope { request, record: there, set, key };
    apply(&scope, message, &mut bins, reply)?;
    bins.check_count()?;
    if bins.is_empty() {
        let Some(record) = there.filter(|_| !policies.replace) else {
            return Err(ResultCode::NotFound);
        };
        transaction::check_durability(request)?;
        return Ok(Effect::Deleted(transaction::tombstone(record, now)));
    }
    bins.check_size(void_time != 0, message.fields.set, key)?;
    let mut record = Record::new(request.digest, set);
    (record.generation, record.last_update) = transaction::next(request, slot, there, now);
    record.void_time = void_time;
    record.replace_body(bins.encode(key));
    Ok(Effect::Written(record))
}

impl Policies {
    /// Checks what can be checked without the record.
    fn of(message: &Message<'_>) -> Outcome<Policies> {
        let count = message.header.op_count;
        if count == 0 || count > MAX_OPS {
            return Err(ResultCode::Parameter);
        }
        let get_all = message.has_info1(info1::GET_ALL);
        let replace = message.has_info3(info3::CREATE_OR_REPLACE | info3::REPLACE_ONLY);
        let mut must_exist = message.has_info3(info3::UPDATE_ONLY | info3::REPLACE_ONLY);
        let (mut reads, mut reads_all, mut has_results) = (false, false, false);
        for op in message.ops {
            if op.code == op::TOUCH {
                must_exist = true;
            } else {
                check_name(op.name)?;
            }
            if replace && changes_what_is_there(&op) {
                return Err(ResultCode::Parameter);
            }
            match op.code {
                op::READ if get_all && op.name.is_empty() => {
                    // All bins can't be told apart from the entries of other operations.
                    if reads_all || message.respond_all() {
                        return Err(ResultCode::Parameter);
                    }
                    (reads, reads_all) = (true, true);
                }
                code if is_read(code) => {
                    (reads, has_results) = (true, true);
                }
                op::CDT_MODIFY | op::HLL_MODIFY => has_results = true,
                _ => {}
            }
        }
        let read_flag = message.has_info1(info1::READ);
        if (reads && !read_flag) || (reads_all && has_results) || (get_all && !reads_all) {
            return Err(ResultCode::Parameter);
        }
        Ok(Policies { must_exist, replace })
    }
}

/// Whether an operation depends on the record that a replacing write would throw away.
fn changes_what_is_there(op: &Op<'_>) -> bool {
    match op.code {
        op::WRITE => op.kind == kind::NIL,
        op::TOUCH | op::INCREMENT | op::APPEND | op::PREPEND | op::DELETE_ALL => true,
        op::CDT_MODIFY | op::BITS_MODIFY | op::HLL_MODIFY | op::STRING_MODIFY => true,
        _ => false,
    }
}

fn apply<'a>(
    scope: &Scope<'_>,
    message: &Message<'a>,
    bins: &mut Bins<'a>,
    reply: &mut Reply<'_>,
) -> Outcome<()> {
    let respond_all = message.respond_all();
    let get_all = message.has_info1(info1::GET_ALL);
    let compat = scope.request.namespace.compat;
    let mut budget = Budget::default();
    for op in message.ops {
        budget.allow(reply)?;
        match op.code {
            op::TOUCH => continue,
            op::READ if get_all && op.name.is_empty() => {
                for bin in bins.iter() {
                    reply.push(op::READ, bin.name, bin.kind, bin.value);
                }
                continue;
            }
            code if is_read(code) => {
                let entries = if respond_all { Entries::All } else { Entries::OfCollections };
                scalar::read(scope, bins, &op, entries, reply)?;
                continue;
            }
            op::WRITE => scalar::write(bins, &op)?,
            op::INCREMENT | op::APPEND | op::PREPEND => scalar::modify(bins, &op)?,
            op::DELETE_ALL => bins.clear(),
            op::CDT_MODIFY => {
                collection::modify(bins, &op, respond_all, compat, reply)?;
                continue;
            }
            op::BITS_MODIFY => bits::modify(bins, &op)?,
            op::STRING_MODIFY => text::modify(bins, &op, compat)?,
            op::HLL_MODIFY => {
                hll::modify(bins, &op, respond_all, reply)?;
                continue;
            }
            op::EXP_MODIFY => expression::modify(scope, bins, &op)?,
            _ => return Err(ResultCode::Parameter),
        }
        if respond_all {
            scalar::push_nil(&op, reply);
        }
    }
    Ok(())
}

/// The set of the record: what the request names must be what it is in.
pub fn set_of(request: &Request<'_>, there: Option<&Record>) -> Outcome<SetId> {
    let name = request.message.fields.set;
    match there {
        Some(record) if request.namespace.sets.is_named(record.set, name) => Ok(record.set),
        Some(_) => Err(ResultCode::Parameter),
        None => request.namespace.sets.find_or_create(name),
    }
}

/// A key that is stored stays, and the one that is sent must equal it.
pub fn key_to_store<'a>(
    message: &Message<'a>,
    there: Option<&'a Record>,
) -> Outcome<Option<&'a [u8]>> {
    const INTEGER_KEY_SIZE: usize = 9;
    let stored = there.and_then(Record::key);
    match (stored, message.fields.key) {
        (Some(stored), Some(sent)) if stored != sent => Err(ResultCode::KeyMismatch),
        (Some(stored), _) => Ok(Some(stored)),
        (None, Some(sent)) => match sent {
            [] => Err(ResultCode::UnsupportedFeature),
            [kind::INTEGER, ..] if sent.len() != INTEGER_KEY_SIZE => {
                Err(ResultCode::UnsupportedFeature)
            }
            _ => Ok(Some(sent)),
        },
        (None, None) => Ok(None),
    }
}

pub fn void_time(ttl: u32, there: Option<&Record>, now: u64) -> Outcome<u32> {
    match (ttl, there) {
        (TTL_DONT_UPDATE, Some(record)) => Ok(record.void_time),
        (TTL_DONT_UPDATE, None) | (TTL_DEFAULT | TTL_NEVER, _) => Ok(0),
        (1..=MAX_TTL, _) => Ok((now / 1000) as u32 + ttl),
        _ => Err(ResultCode::Parameter),
    }
}

/// Generations go from 65535 back to 1: 0 means that there is no record.
pub fn next_generation(generation: u16) -> u16 {
    generation.checked_add(1).unwrap_or(1)
}
