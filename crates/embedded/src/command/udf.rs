//! Applying a user-defined function to a record.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use super::bins::Bins;
use super::expression::check_filter;
use super::write::{key_to_store, set_of, void_time};
use super::{Failure, Request, transaction};
use crate::particle::{Value, kind};
use crate::protocol::message::{Message, info2, info3, op};
use crate::protocol::reply::{Metadata, Reply};
use crate::protocol::{Outcome, ResultCode};
use crate::store::counters::Script;
use crate::store::transaction::{Effect, Tombstone};
use crate::store::{Record, SetId, Slot, StoredBin, clock};
use crate::udf::{About, Change, Commit, Host, Modules, Particle};

/// The longest names of a module and of a function, in bytes.
const MAX_MODULE_SIZE: usize = 127;
const MAX_FUNCTION_SIZE: usize = 63;

/// As many bins as a function can handle.
const MAX_BINS: usize = 512;

/// A call that a request asks for.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    pub module: &'a str,
    pub function: &'a str,
    /// A list, if it is well-formed.
    pub arguments: &'a [u8],
    pub time: Duration,
}

impl<'a> Call<'a> {
    pub fn parse(message: &Message<'a>) -> Outcome<Call<'a>> {
        let text = |bytes: Option<&'a [u8]>, longest: usize| {
            let bytes = bytes.filter(|bytes| bytes.len() <= longest);
            bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).ok_or(ResultCode::Parameter)
        };
        let fields = &message.fields;
        Ok(Call {
            module: text(fields.udf_module, MAX_MODULE_SIZE)?,
            function: text(fields.udf_function, MAX_FUNCTION_SIZE)?,
            arguments: fields.udf_arguments.ok_or(ResultCode::Parameter)?,
            time: Duration::from_millis(u64::from(message.header.timeout_ms)),
        })
    }
}

pub fn execute(
    request: &Request<'_>,
    modules: &Arc<Modules>,
    reply: &mut Reply<'_>,
) -> Result<Metadata, Failure> {
    let message = request.message;
    let call = Call::parse(message)?;
    let forbidden = message
        .has_info2(info2::GENERATION | info2::GENERATION_GT | info2::CREATE_ONLY)
        || message.has_info3(info3::UPDATE_ONLY | info3::CREATE_OR_REPLACE | info3::REPLACE_ONLY);
    if forbidden {
        return Err(ResultCode::Parameter.into());
    }
    let now = clock::now_ms();
    let mut slot = request.namespace.lock(&request.digest);
    transaction::check_read(request, &slot)?;
    let holds = |record: &&Record| request.condition.is_none_or(|condition| condition(record));
    let there = transaction::visible(request, &slot, (now / 1000) as u32).filter(holds);
    let version = transaction::version(request, &slot);
    let metadata = Metadata { version, ..there.map(Record::metadata).unwrap_or_default() };
    let failed = |code| Failure { metadata, ..Failure::from(code) };
    let target = Target::open(request, there, now).map_err(failed)?;
    let counters = &request.namespace.counters;
    let result = modules
        .with(call.module, |state| {
            state.apply_record(call.function, call.arguments, call.time, &target)
        })
        .map_err(|crate::udf::Failure(text)| {
            counters.note_script(request.origin, Script::Error);
            reply.push(op::READ, b"FAILURE", kind::STRING, &text);
            Failure { keeps_entries: true, ..failed(ResultCode::UdfExecution) }
        })?;
    let written = target.finish(&slot).map_err(failed)?;
    if matches!(written, Written::Nothing) {
        reply.push_version(version);
    }
    reply.push(op::READ, b"SUCCESS", result.kind, &result.bytes);
    let script = match &written {
        Written::Nothing => Script::Read,
        Written::Record(_) => Script::Write,
        Written::Deleted(_) => Script::Delete,
    };
    counters.note_script(request.origin, script);
    let (effect, metadata) = match written {
        Written::Nothing => return Ok(metadata),
        Written::Record(record) => {
            let metadata = record.metadata();
            (Effect::Written(record), metadata)
        }
        // The reply tells the generation that the record would have.
        Written::Deleted(tombstone) => {
            (Effect::Deleted(tombstone), Metadata { generation: tombstone.generation, ..metadata })
        }
    };
    slot.apply(effect, message.fields.transaction);
    Ok(metadata)
}

/// What is to become of the record.
enum Written {
    Nothing,
    Record(Record),
    Deleted(Tombstone),
}

/// The record that a function is applied to.
struct Target<'a> {
    request: &'a Request<'a>,
    there: Option<&'a Record>,
    key: Option<&'a [u8]>,
    now: u64,
    state: RefCell<State>,
}

struct State {
    /// Whether there is a record, or will be.
    is_open: bool,
    set: SetId,
    bins: Vec<(Vec<u8>, Particle)>,
    has_updates: bool,
    result: ResultCode,
    ttl: u32,
    keeps_key: bool,
}

impl<'a> Target<'a> {
    fn open(request: &'a Request<'a>, there: Option<&'a Record>, now: u64) -> Outcome<Target<'a>> {
        // Queries in the background don't make records.
        if there.is_none() && request.condition.is_some() {
            return Err(ResultCode::NotFound);
        }
        let set = match there {
            Some(record) => {
                let set = set_of(request, there)?;
                check_filter(request, record)?;
                set
            }
            None => SetId::NONE,
        };
        let state = State {
            is_open: there.is_some(),
            set,
            bins: bins_of(there),
            has_updates: false,
            result: ResultCode::Ok,
            ttl: request.message.header.ttl,
            keeps_key: true,
        };
        let key = key_to_store(request.message, there)?;
        Ok(Target { request, there, key, now, state: RefCell::new(state) })
    }

    /// The record as it is to be written, if it is.
    fn finish(self, slot: &Slot<'_>) -> Outcome<Written> {
        let state = self.state.into_inner();
        if state.result != ResultCode::Ok {
            return Err(state.result);
        }
        if !state.has_updates {
            return Ok(Written::Nothing);
        }
        transaction::check_write(self.request, slot)?;
        transaction::check_locks_first(self.request, slot)?;
        let message = self.request.message;
        let void_time = void_time(state.ttl, self.there, self.now)?;
        if state.bins.is_empty() {
            let record = self.there.ok_or(ResultCode::NotFound)?;
            transaction::check_durability(self.request)?;
            return Ok(Written::Deleted(transaction::tombstone(record, self.now)));
        }
        let mut bins = Bins::default();
        for (name, value) in &state.bins {
            bins.set(name, value.kind, Value::Borrowed(&value.bytes));
        }
        let key = self.key.filter(|_| state.keeps_key);
        bins.check_size(void_time != 0, message.fields.set, key)?;
        let mut record = Record::new(self.request.digest, state.set);
        (record.generation, record.last_update) =
            transaction::next(self.request, slot, self.there, self.now);
        record.void_time = void_time;
        record.replace_body(bins.encode(key));
        Ok(Written::Record(record))
    }

    fn create(&self, state: &mut State) -> i64 {
        match self.request.namespace.sets.find_or_create(self.request.message.fields.set) {
            Ok(set) => state.set = set,
            Err(_) => return 4,
        }
        state.is_open = true;
        0
    }
}

fn bins_of(record: Option<&Record>) -> Vec<(Vec<u8>, Particle)> {
    let bins = record.into_iter().flat_map(Record::bins);
    bins.map(|bin| (bin.name.to_vec(), particle(&bin))).collect()
}

fn particle(bin: &StoredBin<'_>) -> Particle {
    Particle::new(bin.kind, bin.value)
}

impl State {
    fn apply(&mut self, changes: Vec<Change>, too_many: bool) -> Outcome<()> {
        if too_many {
            return Err(ResultCode::BinName);
        }
        for Change { name, value } in changes {
            let position = self.bins.iter().position(|(known, _)| *known == name);
            let value = value.map_err(|()| ResultCode::IncompatibleType)?;
            match (position, value) {
                (Some(position), None) => {
                    self.bins.swap_remove(position);
                }
                (Some(position), Some(value)) => {
                    if let Some((_, there)) = self.bins.get_mut(position) {
                        *there = value;
                    }
                }
                (None, Some(_)) if self.bins.len() >= MAX_BINS => return Err(ResultCode::BinName),
                (None, Some(value)) => self.bins.push((name, value)),
                (None, None) => {}
            }
        }
        Ok(())
    }
}

impl Host for Target<'_> {
    fn bin(&self, name: &[u8]) -> Option<Particle> {
        let state = self.state.borrow();
        state.bins.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    fn exists(&self) -> bool {
        self.state.borrow().is_open
    }

    fn about(&self, what: &str) -> About {
        let state = self.state.borrow();
        let number = |number: Option<i64>| About::Number(number.unwrap_or(0));
        let set = self.request.namespace.sets.get(state.set).filter(|_| state.is_open);
        let set = set.as_ref().map(|set| &*set.name);
        match what {
            "ttl" => {
                let left = |record: &Record| {
                    i64::from(record.void_time).saturating_sub((self.now / 1000) as i64).max(0)
                };
                number(self.there.map(left))
            }
            "last_update_time" => number(self.there.map(|record| record.last_update as i64)),
            "gen" => number(self.there.map(|record| i64::from(record.generation))),
            "size" | "memory_size" => {
                let size = |record: &Record| record.flat_size(set.unwrap_or_default()) as i64;
                number(self.there.map(size))
            }
            "device_size" => number(None),
            "key" => match self.key.filter(|_| state.is_open && state.keeps_key) {
                Some([kind, bytes @ ..]) => About::Value(Particle::new(*kind, bytes)),
                _ => About::Nothing,
            },
            "setname" => set.map_or(About::Nothing, |name| About::Text(name.to_vec())),
            "digest" => About::Value(Particle::new(kind::BLOB, self.request.digest)),
            "numbins" if state.is_open => number(Some(state.bins.len() as i64)),
            "numbins" => number(None),
            "bin_names" if state.is_open => {
                About::Names(state.bins.iter().map(|(name, _)| name.clone()).collect())
            }
            _ => About::Nothing,
        }
    }

    fn commit(&self, what: Commit, changes: Vec<Change>, too_many: bool) -> i64 {
        let mut state = self.state.borrow_mut();
        let was_open = state.is_open;
        match what {
            Commit::Create if was_open && !state.bins.is_empty() => return 1,
            Commit::Create if !was_open => match self.create(&mut state) {
                0 => {}
                code => return code,
            },
            Commit::Update if !was_open => return -2,
            Commit::Remove if !was_open => return 1,
            Commit::Remove => state.bins.clear(),
            Commit::Create | Commit::Update => {}
        }
        match state.apply(changes, too_many) {
            Ok(()) => {
                state.result = ResultCode::Ok;
                state.has_updates = true;
                0
            }
            Err(code) => {
                state.result = code;
                state.has_updates = false;
                state.is_open = was_open;
                state.bins = bins_of(self.there);
                -1
            }
        }
    }

    fn has_failed(&self) -> bool {
        self.state.borrow().result != ResultCode::Ok
    }

    fn set_ttl(&self, ttl: u32) {
        self.state.borrow_mut().ttl = ttl;
    }

    fn drop_key(&self) {
        self.state.borrow_mut().keeps_key = false;
    }
}
