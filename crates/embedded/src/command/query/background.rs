//! Queries that write: they run in the background, each record on its own.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::super::budget::Turn;
use super::super::udf::Call;
use super::super::{Request, code_of, expression, udf, write};
use super::fields::Fields;
use super::foreground::too_fast;
use super::jobs::{About, Running};
use super::walk::Walk;
use super::{Selection, about};
use crate::compat::Compat;
use crate::expression::Expression;
use crate::protocol::message::{Header, Message, info1, info2, info3, is_read, op};
use crate::protocol::reply::Reply;
use crate::protocol::{Outcome, ResultCode};
use crate::security::RunningQuery;
use crate::server::Shared;
use crate::store::counters::{Origin, QueryKind, Work};
use crate::store::index::Entry;
use crate::store::{PARTITIONS, Record};
use crate::udf::Modules;

/// The most records a second.
const MAX_RECORDS_PER_SECOND: u32 = 10_000;

/// After so many records, others get their turn.
const RECORDS_AT_ONCE: usize = 128;

/// The largest request that is kept while its query runs, in bytes.
const MAX_REQUEST_SIZE: usize = 1024 * 1024;

/// The kinds of such queries, as they are told of.
const UDF: &str = "background-udf";
const OPS: &str = "background-ops";

/// Starts a query that writes.
pub fn begin(
    shared: &Arc<Shared>,
    body: &[u8],
    message: &Message<'_>,
    fields: &Fields<'_>,
    running: impl FnOnce() -> Outcome<Option<RunningQuery>>,
) -> Outcome<()> {
    if message.has_info1(info1::SHORT_QUERY) || body.len() > MAX_REQUEST_SIZE {
        return Err(ResultCode::Parameter);
    }
    let records_per_second = fields.records_per_second()?;
    let selection = Selection::parse(shared, message, fields)?.ok_or(ResultCode::NotFound)?;
    if records_per_second > MAX_RECORDS_PER_SECOND {
        return Err(ResultCode::Parameter);
    }
    if let Some(filter) = message.fields.filter {
        Expression::parse_filter(filter, shared.store.compat)?;
    }
    let (kind, more) = match message.fields.udf_module {
        Some(_) => {
            let Call { module, function, .. } = Call::parse(message)?;
            let more = format!("udf-filename={module}:udf-function={function}:udf-active=0");
            (UDF, more)
        }
        None => {
            check_ops(message, shared.store.compat)?;
            (OPS, "ops-active=0".into())
        }
    };
    let running = running()?;
    let about = About {
        more: format!(":net-io-bytes=30:socket-timeout=10000:{more}"),
        ..about(kind, message, Some(&selection), records_per_second)
    };
    let job = shared.jobs.start(fields.trid(), about)?;
    let working = run(Arc::clone(shared), body.to_vec(), selection, job);
    tokio::spawn(async move {
        working.await;
        drop(running);
    });
    Ok(())
}

/// Refuses operations that read, or could never be run.
fn check_ops(message: &Message<'_>, compat: Compat) -> Outcome<()> {
    let reads = message.ops.clone().any(|op| is_read(op.code));
    if message.has_info1(info1::READ) || message.header.op_count == 0 || reads {
        return Err(ResultCode::Parameter);
    }
    for op in message.ops.filter(|op| op.code == op::EXP_MODIFY) {
        expression::check_modify(&op, compat)?;
    }
    Ok(())
}

async fn run(shared: Arc<Shared>, body: Vec<u8>, selection: Selection, job: Running) {
    let modules = &shared.modules;
    let started = Instant::now();
    let all = (0..PARTITIONS).map(|partition| (partition, None)).collect();
    let mut walk =
        Walk::new(all, Box::new(|number| shared.is_master(&selection.namespace, number)));
    let mut count = 0;
    while !job.is_aborted() {
        let write = || write_some(&body, &selection, modules, &mut walk, &job, &mut count);
        if !shared.undivided(write).unwrap_or(false) {
            break;
        }
        match too_fast(job.about.records_per_second, count, started) {
            Some(wait) => tokio::time::sleep(wait).await,
            None => tokio::task::yield_now().await,
        }
        shared.unless_paused().await;
    }
    let is_udf = job.about.kind == UDF;
    let kind = if is_udf { QueryKind::UdfBackground } else { QueryKind::OpsBackground };
    selection
        .note_end(kind, if job.is_aborted() { ResultCode::QueryAborted } else { ResultCode::Ok });
}

/// Writes some records. Whether there are more.
fn write_some(
    body: &[u8],
    selection: &Selection,
    modules: &Arc<Modules>,
    walk: &mut Walk<'_>,
    job: &Running,
    count: &mut u64,
) -> bool {
    let Some(message) = Message::parse(body) else { return false };
    let compat = selection.namespace.compat;
    let filter = message.fields.filter.map(|wire| Expression::parse_filter(wire, compat));
    let Ok(filter) = filter.transpose() else { return false };
    let at_once = match job.about.records_per_second {
        0 => RECORDS_AT_ONCE,
        slow => RECORDS_AT_ONCE.min(slow as usize),
    };
    let turn = Turn::begin();
    for _ in 0..at_once {
        if turn.is_over() {
            break;
        }
        let Selection { namespace, set, condition } = selection;
        let Some(entry) = walk.next(namespace, *set, condition.as_ref()) else { return false };
        *count += 1;
        job.progress.partitions.store(walk.begun(), Ordering::Relaxed);
        match write_one(&message, filter.as_ref(), selection, modules, entry) {
            Ok(()) => job.progress.succeeded.fetch_add(1, Ordering::Relaxed),
            Err(ResultCode::NotFound) => 0,
            Err(ResultCode::FilteredOut) => job.progress.filtered.fetch_add(1, Ordering::Relaxed),
            Err(_) => job.progress.failed.fetch_add(1, Ordering::Relaxed),
        };
    }
    true
}

fn write_one(
    message: &Message<'_>,
    filter: Option<&Expression<'_>>,
    selection: &Selection,
    modules: &Arc<Modules>,
    entry: Entry,
) -> Outcome<()> {
    let digest = entry.1;
    let slot = selection.namespace.lock(&digest);
    let set = slot.record().map(|record| record.set).ok_or(ResultCode::NotFound)?;
    drop(slot);
    let set = selection.namespace.sets.get(set);
    let is_udf = message.fields.udf_module.is_some();
    let replaces = message.header.info3 & info3::REPLACE_ONLY;
    let header = Header {
        info1: 0,
        info2: info2::WRITE | (message.header.info2 & info2::DURABLE_DELETE),
        info3: if is_udf { 0 } else { info3::UPDATE_ONLY | replaces },
        generation: 0,
        ..message.header
    };
    let mut alone = Message { header, ..*message };
    alone.fields.set = set.as_ref().map_or(b"", |set| &set.name);
    let still_selected = |record: &Record| {
        let sets = &selection.namespace.sets;
        selection.condition.as_ref().is_none_or(|condition| condition.holds(record, sets))
    };
    let request = Request {
        message: &alone,
        namespace: &selection.namespace,
        digest,
        filter,
        condition: Some(&still_selected),
        origin: if is_udf { Origin::UdfQuery } else { Origin::OpsQuery },
    };
    let mut unsent = Vec::new();
    let mut reply = Reply::new(&mut unsent);
    let result = if is_udf {
        udf::execute(&request, modules, &mut reply)
    } else {
        write::execute(&request, &mut reply)
    };
    let work = if is_udf { Work::Udf } else { Work::Write };
    selection.namespace.counters.note(request.origin, work, code_of(&result));
    result.map(|_| ()).map_err(|failure| failure.code)
}
