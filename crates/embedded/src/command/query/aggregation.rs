//! Queries whose records go through a stream function, of which the results are sent.
//!
//! Each partition is a stream of its own: the client reduces what comes of all of them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::super::budget::Turn;
use super::super::udf::Call;
use super::fields::Fields;
use super::foreground::{is_selected, too_fast};
use super::jobs::{About, Running};
use super::walk::Walk;
use super::{Selection, Step, Stepwise, about};
use crate::particle::kind;
use crate::protocol::frame;
use crate::protocol::message::{Message, info1, op};
use crate::protocol::reply::{Metadata, Reply};
use crate::protocol::{Outcome, ResultCode};
use crate::server::Shared;
use crate::store::counters::QueryKind;
use crate::store::index::Entry;
use crate::store::{PARTITIONS, Record, clock};
use crate::udf::{self, MAX_TIME, Particle, Snapshot};

/// An aggregation that is being answered.
pub struct Aggregation<'a> {
    shared: &'a Shared,
    call: Call<'a>,
    selection: Selection,
    next_partition: usize,
    records: u64,
    started: Instant,
    job: Running,
}

impl<'a> Aggregation<'a> {
    pub fn begin(
        shared: &'a Arc<Shared>,
        message: &Message<'a>,
        fields: &Fields<'_>,
    ) -> Outcome<Aggregation<'a>> {
        if message.has_info1(info1::SHORT_QUERY) {
            return Err(ResultCode::Parameter);
        }
        if message.fields.filter.is_some() {
            return Err(ResultCode::UnsupportedFeature);
        }
        let records_per_second = fields.records_per_second()?;
        let selection = Selection::parse(shared, message, fields)?.ok_or(ResultCode::NotFound)?;
        fields.check_socket_timeout()?;
        let call = Call::parse(message)?;
        let about = About {
            more: ":net-io-bytes=0:net-io-time=0:socket-timeout=0".into(),
            ..about("aggregation", message, Some(&selection), records_per_second)
        };
        let job = shared.jobs.start(fields.trid(), about)?;
        let started = Instant::now();
        Ok(Aggregation { shared, call, selection, next_partition: 0, records: 0, started, job })
    }

    /// Runs the stream of a partition, unless it is empty.
    fn run_partition(
        &mut self,
        partition: usize,
        output: &mut Vec<u8>,
    ) -> Result<(), udf::Failure> {
        let Aggregation { shared, call, selection, records, job, .. } = self;
        let (shared, namespace) = (*shared, Arc::clone(&selection.namespace));
        let is_ours = move |number| shared.is_master(&namespace, number);
        let mut walk = Walk::new(vec![(partition, None)], Box::new(is_ours));
        let mut count = 0;
        let mut read = || {
            loop {
                let Selection { namespace, set, condition } = &*selection;
                let entry = walk.next(namespace, *set, condition.as_ref())?;
                let slot = namespace.lock(&entry.1);
                if let Some(record) = slot.record().filter(|r| is_selected(selection, r, entry)) {
                    count += 1;
                    return Some(snapshot(selection, record, entry));
                }
            }
        };
        let Some(first) = read() else { return Ok(()) };
        let mut first = Some(first);
        let mut source = || first.take().or_else(&mut read);
        let mut sink = |value: Particle| push_value(output, b"SUCCESS", &value);
        let result = shared.modules.with(call.module, |state| {
            state.apply_stream(call.function, call.arguments, MAX_TIME, &mut source, &mut sink)
        });
        *records += count;
        job.progress.succeeded.fetch_add(count, Ordering::Relaxed);
        result
    }
}

impl Stepwise for Aggregation<'_> {
    fn answer_some(&mut self, output: &mut Vec<u8>) -> Step {
        let start = output.len();
        frame::push_header(output, frame::MESSAGE, 0);
        let turn = Turn::begin();
        let mut end = None;
        while end.is_none() && !turn.is_over() {
            if self.job.is_aborted() {
                end = Some(ResultCode::QueryAborted);
            } else if self.next_partition >= PARTITIONS {
                end = Some(ResultCode::Ok);
            } else if let Err(failure) = self.run_partition(self.next_partition, output) {
                let text = [b"UDF: Execution Error 2 : ", &failure.0[..]].concat();
                push_value(output, b"FAILURE", &Particle::new(kind::STRING, text));
                end = Some(ResultCode::Unknown);
            }
            self.next_partition += 1;
            let begun = self.next_partition as u64;
            self.job.progress.partitions.store(begun.min(PARTITIONS as u64), Ordering::Relaxed);
        }
        if output.len() > start + frame::HEADER_SIZE {
            frame::fill_header(output, start, frame::MESSAGE);
        } else {
            output.truncate(start);
        }
        if let Some(code) = end {
            self.selection.note_end(QueryKind::Aggregation, code);
            Reply::new(output).fail_last(code);
            return Step::Done;
        }
        let wait = too_fast(self.job.about.records_per_second, self.records, self.started);
        wait.map_or(Step::GoOn, Step::Wait)
    }
}

fn push_value(output: &mut Vec<u8>, name: &[u8], value: &Particle) {
    let mut reply = Reply::of_row(output, 0);
    reply.push(op::READ, name, value.kind, &value.bytes);
    reply.finish(Metadata::default());
}

/// A copy of a record, which a function may keep.
fn snapshot(selection: &Selection, record: &Record, (_, digest): Entry) -> Snapshot {
    use crate::udf::About;
    let sets = &selection.namespace.sets;
    let set = sets.get(record.set);
    let set_name = set.as_ref().map(|set| &*set.name);
    let bins = record.bins().map(|bin| (bin.name.to_vec(), Particle::new(bin.kind, bin.value)));
    let left = i64::from(record.void_time).saturating_sub(i64::from(clock::now_seconds()));
    let size = About::Number(record.flat_size(set_name.unwrap_or_default()) as i64);
    let key = match record.key() {
        Some([kind, bytes @ ..]) => About::Value(Particle::new(*kind, bytes)),
        _ => About::Nothing,
    };
    Snapshot {
        about: vec![
            ("ttl", About::Number(left.max(0))),
            ("last_update_time", About::Number(record.last_update as i64)),
            ("gen", About::Number(i64::from(record.generation))),
            ("size", size),
            ("key", key),
            ("setname", set_name.map_or(About::Nothing, |name| About::Text(name.to_vec()))),
            ("digest", About::Value(Particle::new(kind::BLOB, digest))),
            ("numbins", About::Number(record.bins().count() as i64)),
            ("bin_names", About::Names(record.bins().map(|bin| bin.name.to_vec()).collect())),
        ],
        bins: bins.collect(),
    }
}
