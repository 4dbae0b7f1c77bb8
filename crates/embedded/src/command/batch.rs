//! Batches: many commands on single records in one request.
//!
//! The rows of a batch have a layout of their own, in which a row may repeat all of the one before
//! it but the digest. Each comes to a message as if it had been sent alone. The replies follow
//! each other in frames as large as is convenient; a message of its own says that it was the last.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::Instant;

use crate::expression::Expression;
use crate::log;
use crate::protocol::cursor::Cursor;
use crate::protocol::frame;
use crate::protocol::message::{self, Fields, Header, Message};
use crate::protocol::reply::{Metadata, Reply};
use crate::protocol::{Outcome, ResultCode};
use crate::server::Shared;
use crate::store::Digest;
use crate::store::counters::Origin;

use super::run;

/// Replies are sent in frames of about this size.
const FRAME_SIZE: usize = 128 * 1024;

/// As many rows as a batch may have.
const MAX_ROWS: u32 = 5000;

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
    rows: Cursor<'a>,
    rows_left: u32,
    /// The row before, which the next one may repeat.
    previous: Option<Message<'a>>,
    filter: Option<Expression<'a>>,
    report_all_errors: bool,
    report_error_record: bool,
    outcome: ResultCode,
}

impl<'a> Batch<'a> {
    /// Reads what comes before the rows.
    pub fn parse(shared: &'a Shared, body: &'a [u8]) -> Outcome<Batch<'a>> {
        let mut cursor = Cursor::new(body);
        let fields = parse_fields(&mut cursor).ok_or(ResultCode::Parameter)?;
        let mut rows = Cursor::new(fields.batch.ok_or(ResultCode::Parameter)?);
        let head = rows.u32().zip(rows.u8());
        let (rows_left, flags) = head.ok_or(ResultCode::Parameter)?;
        match rows_left {
            0 => return Err(ResultCode::Parameter),
            1..=MAX_ROWS => {}
            _ => return Err(ResultCode::BatchTooLarge),
        }
        shared.counters.batches_begun.fetch_add(1, Ordering::Relaxed);
        Ok(Batch {
            shared,
            rows,
            rows_left,
            previous: None,
            filter: fields.filter.map(Expression::parse_filter).transpose()?,
            report_all_errors: flags & flag::REPORT_ALL_ERRORS != 0,
            report_error_record: flags & flag::REPORT_ERROR_RECORD != 0,
            outcome: ResultCode::Ok,
        })
    }

    /// Answers rows until there is enough to send. Whether there is more to come.
    pub fn answer_some(&mut self, peer: SocketAddr, output: &mut Vec<u8>) -> bool {
        let start = output.len();
        frame::push_header(output, frame::MESSAGE, 0);
        let replies = output.len();
        while self.rows_left > 0 && output.len() < start + FRAME_SIZE {
            self.rows_left -= 1;
            let Some((index, digest, message)) = self.next_row() else {
                self.outcome = ResultCode::Parameter;
                self.rows_left = 0;
                break;
            };
            let before = output.len();
            let started = self.shared.log.then(Instant::now);
            let code = self.answer_row(index, digest, &message, output);
            if let Some(started) = started {
                log::row(peer, &message, &digest, code, started);
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
        }
        self.rows_left > 0
    }

    fn answer_row(
        &self,
        index: u32,
        digest: Digest,
        message: &Message<'_>,
        output: &mut Vec<u8>,
    ) -> ResultCode {
        let mut reply = Reply::of_row(output, index);
        // A row's own filter takes the place of that of the batch.
        let filter = self.filter.as_ref().filter(|_| message.fields.filter.is_none());
        match run(self.shared, message, digest, filter, Origin::Batch, &mut reply) {
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

    fn next_row(&mut self) -> Option<(u32, Digest, Message<'a>)> {
        let index = self.rows.u32()?;
        let digest = self.rows.array()?;
        let flags = self.rows.u8()?;
        let message = if flags & row::REPEAT != 0 {
            self.previous.filter(|previous| previous.fields.key.is_none())?
        } else {
            self.parse_row(flags)?
        };
        self.previous = Some(message);
        Some((index, digest, message))
    }

    fn parse_row(&mut self, flags: u8) -> Option<Message<'a>> {
        let rows = &mut self.rows;
        let has = |what: u8| flags & what != 0;
        let info1 = rows.u8()?;
        let (info2, info3) =
            if has(row::HAS_EXTRA_INFO) { (rows.u8()?, rows.u8()?) } else { (0, 0) };
        if has(row::HAS_INFO4) {
            rows.u8()?;
        }
        let generation = if has(row::HAS_GENERATION) { u32::from(rows.u16()?) } else { 0 };
        let ttl = if has(row::HAS_TTL) { rows.u32()? } else { 0 };
        // Old clients send 0 fields, but a namespace.
        let field_count = rows.u16()?.max(1);
        let op_count = rows.u16()?;
        let timeout_ms = 0;
        let header =
            Header { info1, info2, info3, generation, ttl, timeout_ms, field_count, op_count };
        let fields = Fields::parse(rows, field_count)?;
        self.shared.store.namespace(fields.namespace?)?;
        let ops = message::Ops::parse(rows, op_count)?;
        Some(Message { header, fields, ops })
    }
}

/// The fields of a batch: its rows, and the filter of all of them.
fn parse_fields<'a>(cursor: &mut Cursor<'a>) -> Option<Fields<'a>> {
    let header = Header::parse(cursor)?;
    Fields::parse(cursor, header.field_count)
}
