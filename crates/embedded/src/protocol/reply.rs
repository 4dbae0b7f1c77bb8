//! Replies, written straight into the output of a connection.

use super::frame;
use super::message::{HEADER_SIZE, field};
use super::{ResultCode, Version};

/// A reply being written: its header comes first and is filled in at the end.
#[derive(Debug)]
pub struct Reply<'o> {
    output: &'o mut Vec<u8>,
    start: usize,
    field_count: u16,
    op_count: u16,
    /// Of a row of a batch, its number: it is not a frame of its own.
    row: Option<u32>,
}

/// What the header of a reply says of the record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Metadata {
    pub generation: u16,
    /// Seconds since the epoch of the protocol; 0 means never.
    pub void_time: u32,
    /// What a transaction that could not write the record has to verify of it.
    pub version: Option<Version>,
}

impl<'o> Reply<'o> {
    pub fn new(output: &'o mut Vec<u8>) -> Self {
        let start = output.len();
        output.resize(start + frame::HEADER_SIZE + HEADER_SIZE, 0);
        Reply { output, start, field_count: 0, op_count: 0, row: None }
    }

    /// The reply to a row of a batch, or a record that a query found, within a frame.
    pub fn of_row(output: &'o mut Vec<u8>, row: u32) -> Self {
        let start = output.len();
        output.resize(start + HEADER_SIZE, 0);
        Reply { output, start, field_count: 0, op_count: 0, row: Some(row) }
    }

    fn header_size(&self) -> usize {
        if self.row.is_some() { HEADER_SIZE } else { frame::HEADER_SIZE + HEADER_SIZE }
    }

    /// Adds a field. They come before the entries.
    pub fn push_field(&mut self, kind: u8, value: &[u8]) {
        self.output.extend_from_slice(&(value.len() as u32 + 1).to_be_bytes());
        self.output.push(kind);
        self.output.extend_from_slice(value);
        self.field_count += 1;
    }

    /// Adds the version of the record, for a transaction that will have to verify it.
    pub fn push_version(&mut self, version: Option<Version>) {
        if let Some(version) = version {
            self.push_field(field::RECORD_VERSION, &version.to_bytes());
        }
    }

    /// Whether there is no entry yet.
    pub fn is_empty(&self) -> bool {
        self.op_count == 0
    }

    /// How many bytes it has.
    pub fn size(&self) -> usize {
        self.output.len() - self.start
    }

    /// Takes back what was added, as if there had been no reply.
    pub fn discard(self) {
        self.output.truncate(self.start);
    }

    /// Adds an entry: the value of a bin, or the result of an operation.
    pub fn push(&mut self, code: u8, name: &[u8], kind: u8, value: &[u8]) {
        let size = 4 + name.len() + value.len();
        self.output.extend_from_slice(&(size as u32).to_be_bytes());
        self.output.extend_from_slice(&[code, kind, 0, name.len() as u8]);
        self.output.extend_from_slice(name);
        self.output.extend_from_slice(value);
        self.op_count += 1;
    }

    pub fn finish(self, metadata: Metadata) {
        let op_count = self.op_count;
        self.fill_header(ResultCode::Ok, 0, metadata, op_count);
    }

    /// Answers with a code, and with what was added before.
    pub fn finish_failed(self, code: ResultCode, metadata: Metadata) {
        let op_count = self.op_count;
        self.fill_header(code, 0, metadata, op_count);
    }

    /// Answers with a code; what was added before is taken back.
    pub fn fail(mut self, code: ResultCode, metadata: Metadata) {
        self.output.truncate(self.start + self.header_size());
        self.field_count = 0;
        self.push_version(metadata.version);
        self.fill_header(code, 0, metadata, 0);
    }

    /// Answers the whole of a request that expects several messages with one code.
    pub fn fail_last(self, code: ResultCode) {
        self.output.truncate(self.start + frame::HEADER_SIZE + HEADER_SIZE);
        self.fill_header(code, super::message::info3::LAST, Metadata::default(), 0);
    }

    /// Says, amid the records of a query, that there are none of this partition here.
    pub fn fail_partition(self, partition: usize) {
        let number = Metadata { generation: partition as u16, ..Metadata::default() };
        self.fill_header(ResultCode::Unavailable, super::message::info3::PARTITION_DONE, number, 0);
    }

    fn fill_header(self, code: ResultCode, info3: u8, metadata: Metadata, op_count: u16) {
        let [g0, g1, g2, g3] = u32::from(metadata.generation).to_be_bytes();
        let [t0, t1, t2, t3] = metadata.void_time.to_be_bytes();
        let [r0, r1, r2, r3] = self.row.unwrap_or(0).to_be_bytes();
        let [f0, f1] = self.field_count.to_be_bytes();
        let [n0, n1] = op_count.to_be_bytes();
        let (size, code) = (HEADER_SIZE as u8, code as u8);
        #[rustfmt::skip]
        let header: [u8; HEADER_SIZE] = [
            size, 0, 0, info3, 0, code, g0, g1, g2, g3, t0, t1, t2, t3, r0, r1, r2, r3, f0, f1, n0, n1,
        ];
        let body_size = (self.output.len() - self.start).saturating_sub(frame::HEADER_SIZE);
        let frame_header = frame::header(frame::MESSAGE, body_size);
        let frame_header = if self.row.is_some() { &[][..] } else { &frame_header };
        let place = self.output.get_mut(self.start..).unwrap_or_default();
        for (to, from) in place.iter_mut().zip(frame_header.iter().chain(&header)) {
            *to = *from;
        }
    }
}
