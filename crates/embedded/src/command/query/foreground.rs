//! Queries whose records are sent to the client, as they are found.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::super::Request;
use super::super::bins::{Bins, check_name};
use super::super::budget::{Budget, Turn};
use super::super::expression::Scope;
use super::super::scalar::{self, Entries};
use super::super::waiting;
use super::condition::Condition;
use super::fields::{Fields, Where};
use super::jobs::{About, Running};
use super::walk::{IsOurs, Walk};
use super::{Selection, Step, Stepwise, about};
use crate::expression::Expression;
use crate::protocol::frame;
use crate::protocol::message::{Message, field, info1, info3, is_read, op};
use crate::protocol::reply::Reply;
use crate::protocol::{Outcome, ResultCode};
use crate::server::Shared;
use crate::store::counters::{Origin, QueryKind};
use crate::store::index::Entry;
use crate::store::{Record, clock};

/// Records are sent in frames of about this size.
const FRAME_SIZE: usize = 128 * 1024;

/// A query that is being answered.
pub struct Query<'a> {
    message: Message<'a>,
    filter: Option<Expression<'a>>,
    /// `None` if there can be no record.
    selection: Option<Selection>,
    bin_list: Option<Vec<&'a [u8]>>,
    walk: Walk<'a>,
    /// The most records to return; 0 is any number.
    max_records: u64,
    records_per_second: u32,
    returned: u64,
    started: Instant,
    /// When it must have ended: only a short query has a time.
    deadline: Option<Instant>,
    /// A short query is not told of.
    job: Option<Running>,
}

impl<'a> Query<'a> {
    pub fn begin(
        shared: &'a Arc<Shared>,
        message: &Message<'a>,
        fields: &Fields<'a>,
        condition: Option<&Where<'_>>,
    ) -> Outcome<Query<'a>> {
        if !message.has_info3(info3::PARTITION_DONE) {
            return Err(ResultCode::UnsupportedFeature);
        }
        let is_short = message.has_info1(info1::SHORT_QUERY);
        let records_per_second = fields.records_per_second()?;
        if is_short && fields.records_per_second.is_some() {
            return Err(ResultCode::Parameter);
        }
        let partitions = fields.partitions()?;
        let selection = Selection::parse(shared, message, fields)?;
        fields.check_socket_timeout()?;
        let max_records = fields.max_records()?;
        let bin_list = check_projection(message, fields)?;
        let compat = shared.store.compat;
        let filter = match (message.fields.filter, condition) {
            (Some(_), Some(_)) => return Err(ResultCode::Parameter),
            (Some(wire), None) => Some(Expression::parse_filter(wire, compat)?),
            (None, Some(condition)) => {
                Some(Expression::of_tree(&condition.parse()?, compat)?.into_filter()?)
            }
            (None, None) => None,
        };
        let job = if is_short {
            None
        } else {
            let resumed = partitions.iter().filter(|(_, after)| after.is_some()).count();
            let about = About {
                partitions: partitions.len(),
                resumed,
                more: ":net-io-bytes=0:net-io-time=0:socket-timeout=0".into(),
                ..about("basic", message, selection.as_ref(), records_per_second)
            };
            Some(shared.jobs.start(fields.trid(), about)?)
        };
        let is_ours: IsOurs<'a> = match &selection {
            Some(Selection { namespace, .. }) => {
                let namespace = Arc::clone(namespace);
                Box::new(move |number| shared.can_read(&namespace, number))
            }
            None => Box::new(|_| true),
        };
        Ok(Query {
            message: *message,
            filter,
            selection,
            bin_list,
            walk: Walk::new(partitions, is_ours),
            max_records,
            records_per_second,
            returned: 0,
            started: Instant::now(),
            deadline: is_short.then(|| Instant::now() + waiting::timeout(&message.header)),
            job,
        })
    }

    fn note_end(&self, code: ResultCode) {
        let kind = if self.job.is_some() { QueryKind::Long } else { QueryKind::Short };
        if let Some(selection) = &self.selection {
            selection.note_end(kind, code);
        }
    }

    fn push_records(&mut self, output: &mut Vec<u8>) -> Step {
        let Some(selection) = &self.selection else { return Step::Done };
        let full = output.len() + FRAME_SIZE;
        let turn = Turn::begin();
        while output.len() < full && !turn.is_over() {
            if self.max_records != 0 && self.returned >= self.max_records {
                return Step::Done;
            }
            if let Some(wait) = too_fast(self.records_per_second, self.returned, self.started) {
                return Step::Wait(wait);
            }
            let Selection { namespace, set, condition } = selection;
            let Some(entry) = self.walk.next(namespace, *set, condition.as_ref()) else {
                return Step::Done;
            };
            let slot = namespace.lock(&entry.1);
            let Some(record) = slot.record() else { continue };
            if !is_selected(selection, record, entry) {
                continue;
            }
            let request = Request {
                message: &self.message,
                namespace,
                digest: entry.1,
                filter: None,
                condition: None,
                origin: Origin::Client,
            };
            let scope = Scope::of(&request, record);
            let passes = |filter: &Expression<'_>| filter.holds(&scope.subject(record));
            if !self.filter.as_ref().is_none_or(passes) {
                if let Some(job) = &self.job {
                    job.progress.filtered.fetch_add(1, Ordering::Relaxed);
                }
                continue;
            }
            self.returned += 1;
            let place = condition.as_ref().map(|_| entry.0);
            let pushed = push_record(&scope, self.bin_list.as_deref(), place, record, output);
            if let Some(job) = &self.job {
                let progress = &job.progress;
                progress.partitions.store(self.walk.begun(), Ordering::Relaxed);
                let counter = if pushed { &progress.succeeded } else { &progress.failed };
                counter.fetch_add(1, Ordering::Relaxed);
            }
        }
        Step::GoOn
    }
}

impl Stepwise for Query<'_> {
    /// Appends a frame of records, and at the end the message that says so.
    fn answer_some(&mut self, output: &mut Vec<u8>) -> Step {
        let is_aborted = self.job.as_ref().is_some_and(|job| job.is_aborted());
        let is_late = self.deadline.is_some_and(|deadline| Instant::now() > deadline);
        let failure = match (is_aborted, is_late) {
            (true, _) => Some(ResultCode::QueryAborted),
            (false, true) => Some(ResultCode::Timeout),
            (false, false) => None,
        };
        if let Some(code) = failure {
            self.note_end(code);
            Reply::new(output).fail_last(code);
            return Step::Done;
        }
        let start = output.len();
        frame::push_header(output, frame::MESSAGE, 0);
        let step = self.push_records(output);
        for partition in self.walk.take_missed() {
            Reply::of_row(output, 0).fail_partition(partition);
        }
        if output.len() > start + frame::HEADER_SIZE {
            frame::fill_header(output, start, frame::MESSAGE);
        } else {
            output.truncate(start);
        }
        if step == Step::Done {
            self.note_end(ResultCode::Ok);
            Reply::new(output).fail_last(ResultCode::Ok);
        }
        step
    }
}

/// How long to wait, not to go through more records a second than this; 0 is any number.
pub fn too_fast(records_per_second: u32, count: u64, started: Instant) -> Option<Duration> {
    if records_per_second == 0 {
        return None;
    }
    let due = Duration::from_secs_f64(count as f64 / f64::from(records_per_second));
    due.checked_sub(started.elapsed()).filter(|wait| !wait.is_zero())
}

pub fn is_selected(selection: &Selection, record: &Record, entry: Entry) -> bool {
    let Selection { namespace, set, condition } = selection;
    let holds = |condition: &Condition| {
        let holds = condition.holds_first(record, entry.0, &namespace.sets);
        condition.note_found(&namespace.counters, holds);
        holds
    };
    set.is_none_or(|set| set == record.set)
        && !record.is_expired(clock::now_seconds())
        && condition.as_ref().is_none_or(holds)
}

/// Checks what is to be returned of each record: operations that read, or bins of a list in a
/// field, as clients once sent them.
fn check_projection<'a>(
    message: &Message<'_>,
    fields: &Fields<'a>,
) -> Outcome<Option<Vec<&'a [u8]>>> {
    if message.has_info1(info1::GET_NO_BINS) {
        return Ok(None);
    }
    for op in message.ops {
        check_name(op.name).map_err(|_| ResultCode::Parameter)?;
        if !is_read(op.code) {
            return Err(ResultCode::Parameter);
        }
    }
    let Some(mut list) = fields.bin_list else { return Ok(None) };
    if message.header.op_count > 0 {
        return Err(ResultCode::Parameter);
    }
    let mut take = |count: usize| {
        let (taken, rest) = list.split_at_checked(count)?;
        list = rest;
        Some(taken)
    };
    let mut read = || {
        let count = *take(1)?.first()?;
        let mut name = |_| take(1).and_then(|size| take(usize::from(*size.first()?)));
        (0..count).map(&mut name).collect::<Option<Vec<_>>>()
    };
    read().map(Some).ok_or(ResultCode::Parameter)
}

/// Appends a record; nothing if its operations fail, or have no results.
fn push_record(
    scope: &Scope<'_>,
    bin_list: Option<&[&[u8]]>,
    place_in_index: Option<u64>,
    record: &Record,
    output: &mut Vec<u8>,
) -> bool {
    let Request { message, namespace, .. } = scope.request;
    let mut reply = Reply::of_row(output, 0);
    reply.push_field(field::NAMESPACE, namespace.name().as_bytes());
    reply.push_field(field::DIGEST, &record.digest);
    if let Some(set) = namespace.sets.get(record.set) {
        reply.push_field(field::SET, &set.name);
    }
    if let Some(key) = record.key() {
        reply.push_field(field::KEY, key);
    }
    if let Some(place) = place_in_index {
        reply.push_field(field::RESUME_VALUES, &place.to_le_bytes());
    }
    let no_bins = message.has_info1(info1::GET_NO_BINS);
    let pushed = if no_bins { Ok(()) } else { push_bins(scope, bin_list, record, &mut reply) };
    let has_result = no_bins || message.header.op_count == 0 || !reply.is_empty();
    if pushed.is_ok() && has_result {
        reply.finish(record.metadata());
    } else {
        reply.discard();
    }
    pushed.is_ok()
}

fn push_bins(
    scope: &Scope<'_>,
    bin_list: Option<&[&[u8]]>,
    record: &Record,
    reply: &mut Reply<'_>,
) -> Outcome<()> {
    let message = scope.request.message;
    if message.header.op_count == 0 {
        let wanted = |name: &[u8]| bin_list.is_none_or(|list| list.contains(&name));
        for bin in record.bins().filter(|bin| wanted(bin.name)) {
            reply.push(op::READ, bin.name, bin.kind, bin.value);
        }
        return Ok(());
    }
    let bins = Bins::of(record);
    let entries = if message.respond_all() { Entries::All } else { Entries::WithValues };
    let mut budget = Budget::default();
    for op in message.ops {
        budget.allow(reply)?;
        scalar::read(scope, &bins, &op, entries, reply)?;
    }
    Ok(())
}
