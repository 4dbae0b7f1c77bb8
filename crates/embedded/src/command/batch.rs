//! Batches: many commands on single records in one request.
//!
//! The rows of a batch have a layout of their own, in which a row may repeat all of the one before
//! it but the digest. Each comes to a message as if it had been sent alone. The replies follow
//! each other in frames as large as is convenient; a message of its own says that it was the last.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::cluster::routing::{Destination, Route};
use crate::expression::Expression;
use crate::log;
use crate::protocol::cursor::Cursor;
use crate::protocol::frame;
use crate::protocol::message::{self, Fields, Header, Message, info2};
use crate::protocol::reply::{Metadata, Reply};
use crate::protocol::{Outcome, ResultCode};
use crate::security::Caller;
use crate::server::Shared;
use crate::store::counters::{Event, Origin};
use crate::store::{Digest, partition_of};

use super::budget::Turn;
use super::query::{Step, Stepwise};
use super::{note_proxied, run, waiting};

/// Replies are sent in frames of about this size.
const FRAME_SIZE: usize = 128 * 1024;

/// As many rows as a batch may have.
const MAX_ROWS: u32 = 5000;

/// How often a row looks whether the node that is to answer it is back.
const PATIENCE: Duration = Duration::from_millis(5);

/// Flags of a batch.
mod flag {
    pub const REPORT_ALL_ERRORS: u8 = 4;
    pub const REPORT_ERROR_RECORD: u8 = 8;
}

/// What a row says of itself.
mod row {
    pub const REPEAT: u8 = 1;
    pub const HAS_EXTRA_INFO: u8 = 2;
    pub const HAS_GENERATION: u8 = 4;
    pub const HAS_TTL: u8 = 8;
    pub const HAS_INFO4: u8 = 0x10;
}

/// A batch that is being answered.
pub struct Batch<'a> {
    shared: &'a Shared,
    caller: &'a Caller,
    peer: SocketAddr,
    rows: Rows<'a>,
    rows_left: u32,
    /// A row that waits for a node that does not answer.
    held: Option<Row<'a>>,
    /// No row waits longer.
    deadline: Instant,
    filter: Option<Expression<'a>>,
    report_all_errors: bool,
    report_error_record: bool,
    outcome: ResultCode,
}

/// The rows as they came.
struct Rows<'a> {
    cursor: Cursor<'a>,
    /// The row before, which the next one may repeat.
    previous: Option<Message<'a>>,
}

/// A row: its number, and the command on one record that it comes to.
#[derive(Debug, Clone, Copy)]
struct Row<'a> {
    index: u32,
    digest: Digest,
    message: Message<'a>,
}

impl<'a> Batch<'a> {
    /// Reads what comes before the rows.
    pub fn parse(
        shared: &'a Shared,
        caller: &'a Caller,
        peer: SocketAddr,
        body: &'a [u8],
    ) -> Outcome<Batch<'a>> {
        let mut cursor = Cursor::new(body);
        let header = Header::parse(&mut cursor).ok_or(ResultCode::Parameter)?;
        let fields = Fields::parse(&mut cursor, header.field_count).ok_or(ResultCode::Parameter)?;
        let head = fields.batch.and_then(Rows::parse);
        let (rows, rows_left, flags) = head.ok_or(ResultCode::Parameter)?;
        match rows_left {
            0 => return Err(ResultCode::Parameter),
            1..=MAX_ROWS => {}
            _ => return Err(ResultCode::BatchTooLarge),
        }
        shared.counters.batches_begun.fetch_add(1, Ordering::Relaxed);
        Ok(Batch {
            shared,
            caller,
            peer,
            rows,
            rows_left,
            held: None,
            deadline: Instant::now() + waiting::timeout(&header),
            filter: fields
                .filter
                .map(|wire| Expression::parse_filter(wire, shared.store.compat))
                .transpose()?,
            report_all_errors: flags & flag::REPORT_ALL_ERRORS != 0,
            report_error_record: flags & flag::REPORT_ERROR_RECORD != 0,
            outcome: ResultCode::Ok,
        })
    }

    /// Whether some row of the batch changes its record.
    pub fn writes(body: &[u8]) -> bool {
        let Some(message) = Message::parse(body) else { return false };
        let rows = message.fields.batch.and_then(Rows::parse);
        let Some((mut rows, _, _)) = rows else { return false };
        std::iter::from_fn(|| rows.next()).any(|row| row.message.has_info2(info2::WRITE))
    }

    /// Who answers a row; `None` if it is yet to be seen.
    fn route(&self, row: &Row<'_>) -> Option<Route> {
        let namespace = row.message.fields.namespace;
        let namespace = namespace.and_then(|name| self.shared.store.namespace(name))?;
        let to = Destination::of(&row.message, namespace, &row.digest);
        let route = self.shared.route(to);
        let is_certain = !matches!(route, Route::Silent)
            && (!to.writes || self.shared.cluster.acknowledges(to.partition));
        (is_certain || Instant::now() >= self.deadline).then_some(route)
    }
}

impl Stepwise for Batch<'_> {
    /// Answers rows until there is enough to send.
    fn answer_some(&mut self, output: &mut Vec<u8>) -> Step {
        let start = output.len();
        frame::push_header(output, frame::MESSAGE, 0);
        let replies = output.len();
        let turn = Turn::begin();
        while self.rows_left > 0 && output.len() < start + FRAME_SIZE && !turn.is_over() {
            let row = self.held.take().or_else(|| self.rows.next());
            let Some(row) = row.filter(|row| self.knows_namespace(row)) else {
                self.outcome = ResultCode::Parameter;
                self.rows_left = 0;
                break;
            };
            let Some(route) = self.route(&row) else {
                self.held = Some(row);
                break;
            };
            self.rows_left -= 1;
            let before = output.len();
            let started = self.shared.log.then(Instant::now);
            let code = self.answer_row(&row, &route, output);
            if let Some(started) = started {
                log::row(self.peer, &row.message, &row.digest, code, started);
            }
            let expected =
                matches!(code, ResultCode::Ok | ResultCode::NotFound | ResultCode::FilteredOut);
            if self.outcome != ResultCode::Ok && !self.report_error_record {
                output.truncate(before);
            } else if !expected && !self.report_all_errors {
                self.outcome = code;
            }
        }
        let keep = self.outcome == ResultCode::Ok
            || (self.report_error_record && self.outcome != ResultCode::Parameter);
        if keep && output.len() > replies {
            let header = frame::header(frame::MESSAGE, output.len() - replies);
            for (place, byte) in output.iter_mut().skip(start).zip(header) {
                *place = byte;
            }
        } else {
            output.truncate(start);
        }
        if self.rows_left == 0 {
            let counters = &self.shared.counters;
            match self.outcome {
                ResultCode::Ok => &counters.batches_complete,
                _ => &counters.batches_failed,
            }
            .fetch_add(1, Ordering::Relaxed);
            Reply::new(output).fail_last(self.outcome);
            return Step::Done;
        }
        if self.held.is_some() { Step::Wait(PATIENCE) } else { Step::GoOn }
    }
}

impl Batch<'_> {
    fn knows_namespace(&self, row: &Row<'_>) -> bool {
        let name = row.message.fields.namespace;
        name.is_some_and(|name| self.shared.store.namespace(name).is_some())
    }

    fn answer_row(&self, row: &Row<'_>, route: &Route, output: &mut Vec<u8>) -> ResultCode {
        let Row { index, digest, message } = row;
        let mut reply = Reply::of_row(output, *index);
        if let Err(code) = self.caller.command(message) {
            reply.fail(code, Metadata::default());
            return code;
        }
        // A row's own filter takes the place of that of the batch.
        let filter = self.filter.as_ref().filter(|_| message.fields.filter.is_none());
        let (store, origin) = match route {
            Route::Here => (&self.shared.store, Origin::Batch),
            Route::Through(node) => {
                note_proxied(self.shared, message, Event::BatchProxyComplete);
                (&node.store, Origin::ProxyBatch)
            }
            Route::Silent => {
                note_proxied(self.shared, message, Event::BatchProxyTimeout);
                reply.fail(ResultCode::Timeout, Metadata::default());
                return ResultCode::Timeout;
            }
            Route::Unavailable => {
                reply.fail(ResultCode::Unavailable, Metadata::default());
                return ResultCode::Unavailable;
            }
        };
        let result = run(self.shared, store, message, *digest, filter, origin, &mut reply);
        let is_write = message.has_info2(info2::WRITE);
        if is_write && !self.shared.cluster.acknowledges(partition_of(digest)) {
            reply.fail(ResultCode::Timeout, Metadata::default());
            return ResultCode::Timeout;
        }
        match result {
            Ok(metadata) => {
                reply.finish(metadata);
                ResultCode::Ok
            }
            Err(failure) => {
                let code = failure.code;
                if failure.keeps_entries {
                    reply.finish_failed(code, failure.metadata);
                } else {
                    reply.fail(code, Metadata::default());
                }
                code
            }
        }
    }
}

impl<'a> Rows<'a> {
    /// The rows, how many they are to be, and the flags of the batch.
    fn parse(bytes: &'a [u8]) -> Option<(Rows<'a>, u32, u8)> {
        let mut cursor = Cursor::new(bytes);
        let (count, flags) = (cursor.u32()?, cursor.u8()?);
        Some((Rows { cursor, previous: None }, count, flags))
    }

    fn next(&mut self) -> Option<Row<'a>> {
        let index = self.cursor.u32()?;
        let digest = self.cursor.array()?;
        let flags = self.cursor.u8()?;
        let message = if flags & row::REPEAT != 0 {
            self.previous.filter(|previous| previous.fields.key.is_none())?
        } else {
            self.parse_row(flags)?
        };
        self.previous = Some(message);
        Some(Row { index, digest, message })
    }

    fn parse_row(&mut self, flags: u8) -> Option<Message<'a>> {
        let rows = &mut self.cursor;
        let has = |what: u8| flags & what != 0;
        let info1 = rows.u8()?;
        let (info2, info3) =
            if has(row::HAS_EXTRA_INFO) { (rows.u8()?, rows.u8()?) } else { (0, 0) };
        let info4 = if has(row::HAS_INFO4) { rows.u8()? } else { 0 };
        let generation = if has(row::HAS_GENERATION) { u32::from(rows.u16()?) } else { 0 };
        let ttl = if has(row::HAS_TTL) { rows.u32()? } else { 0 };
        // Old clients send 0 fields, but a namespace.
        let field_count = rows.u16()?.max(1);
        let op_count = rows.u16()?;
        let timeout_ms = 0;
        let header = Header {
            info1,
            info2,
            info3,
            info4,
            generation,
            ttl,
            timeout_ms,
            field_count,
            op_count,
        };
        let fields = Fields::parse(rows, field_count)?;
        let ops = message::Ops::parse(rows, op_count)?;
        Some(Message { header, fields, ops })
    }
}
