//! Requests: a header, fields, operations.

use super::Version;
use super::cursor::Cursor;

pub const HEADER_SIZE: usize = 22;

/// Where in the header of a reply its result code is.
pub const RESULT_CODE: usize = 5;

/// Bits of the first info byte.
pub mod info1 {
    pub const READ: u8 = 1;
    pub const GET_ALL: u8 = 1 << 1;
    pub const SHORT_QUERY: u8 = 1 << 2;
    pub const BATCH: u8 = 1 << 3;
    pub const GET_NO_BINS: u8 = 1 << 5;
}

/// Bits of the second info byte.
pub mod info2 {
    pub const WRITE: u8 = 1;
    pub const DELETE: u8 = 1 << 1;
    pub const GENERATION: u8 = 1 << 2;
    pub const GENERATION_GT: u8 = 1 << 3;
    pub const DURABLE_DELETE: u8 = 1 << 4;
    pub const CREATE_ONLY: u8 = 1 << 5;
    pub const RESPOND_ALL_OPS: u8 = 1 << 7;
}

/// Bits of the third info byte.
pub mod info3 {
    pub const LAST: u8 = 1;
    pub const PARTITION_DONE: u8 = 1 << 2;
    pub const UPDATE_ONLY: u8 = 1 << 3;
    pub const CREATE_OR_REPLACE: u8 = 1 << 4;
    pub const REPLACE_ONLY: u8 = 1 << 5;
}

/// Bits of the fourth info byte.
pub mod info4 {
    pub const VERIFY_READ: u8 = 1;
    pub const ROLL_FORWARD: u8 = 1 << 1;
    pub const ROLL_BACK: u8 = 1 << 2;
    pub const ON_LOCKING_ONLY: u8 = 1 << 4;
}

/// Types of fields.
pub mod field {
    pub const NAMESPACE: u8 = 0;
    pub const SET: u8 = 1;
    pub const KEY: u8 = 2;
    pub const RECORD_VERSION: u8 = 3;
    pub const DIGEST: u8 = 4;
    pub const TRANSACTION_ID: u8 = 5;
    pub const TRANSACTION_DEADLINE: u8 = 6;
    pub const TRID: u8 = 7;
    pub const SOCKET_TIMEOUT: u8 = 9;
    pub const RECORDS_PER_SECOND: u8 = 10;
    pub const PARTITIONS: u8 = 11;
    pub const DIGESTS: u8 = 12;
    pub const MAX_RECORDS: u8 = 13;
    /// Where in an index a query goes on; in a reply, where a record was found.
    pub const RESUME_VALUES: u8 = 15;
    pub const INDEX_NAME: u8 = 21;
    pub const INDEX_RANGE: u8 = 22;
    pub const INDEX_CONTEXT: u8 = 23;
    pub const INDEX_EXPRESSION: u8 = 24;
    pub const INDEX_TYPE: u8 = 26;
    pub const UDF_MODULE: u8 = 30;
    pub const UDF_FUNCTION: u8 = 31;
    pub const UDF_ARGUMENTS: u8 = 32;
    pub const UDF_OP: u8 = 33;
    pub const BIN_LIST: u8 = 40;
    pub const BATCH: u8 = 41;
    pub const BATCH_WITH_SET: u8 = 42;
    pub const FILTER: u8 = 43;
    /// A condition that is written as text, of which queries are planned.
    pub const WHERE: u8 = 44;
}

/// Codes of operations.
pub mod op {
    pub const READ: u8 = 1;
    pub const WRITE: u8 = 2;
    pub const CDT_READ: u8 = 3;
    pub const CDT_MODIFY: u8 = 4;
    pub const INCREMENT: u8 = 5;
    pub const EXP_READ: u8 = 7;
    pub const EXP_MODIFY: u8 = 8;
    pub const APPEND: u8 = 9;
    pub const PREPEND: u8 = 10;
    pub const TOUCH: u8 = 11;
    pub const BITS_READ: u8 = 12;
    pub const BITS_MODIFY: u8 = 13;
    pub const DELETE_ALL: u8 = 14;
    pub const HLL_READ: u8 = 15;
    pub const HLL_MODIFY: u8 = 16;
    pub const STRING_READ: u8 = 17;
    pub const STRING_MODIFY: u8 = 18;
    pub const TO_STRING: u8 = 19;
}

/// Whether it is an operation that reads.
pub fn is_read(code: u8) -> bool {
    matches!(
        code,
        op::READ
            | op::CDT_READ
            | op::BITS_READ
            | op::HLL_READ
            | op::EXP_READ
            | op::STRING_READ
            | op::TO_STRING
    )
}

/// The fixed part of a request.
#[derive(Debug, Clone, Copy)]
pub struct Header {
    pub info1: u8,
    pub info2: u8,
    pub info3: u8,
    pub info4: u8,
    pub generation: u32,
    /// Seconds, or one of the special values; of a read, the read-touch percentage.
    pub ttl: u32,
    /// How long the client will wait; 0 if it does not say.
    pub timeout_ms: u32,
    pub field_count: u16,
    pub op_count: u16,
}

impl Header {
    pub fn parse(cursor: &mut Cursor<'_>) -> Option<Header> {
        let _header_size = cursor.u8()?;
        let info1 = cursor.u8()?;
        let info2 = cursor.u8()?;
        let info3 = cursor.u8()?;
        let info4 = cursor.u8()?;
        let _result_code = cursor.u8()?;
        let generation = cursor.u32()?;
        let ttl = cursor.u32()?;
        let timeout_ms = cursor.u32()?;
        let field_count = cursor.u16()?;
        let op_count = cursor.u16()?;
        Some(Header {
            info1,
            info2,
            info3,
            info4,
            generation,
            ttl,
            timeout_ms,
            field_count,
            op_count,
        })
    }
}

/// The fields of a request that some command of this server looks at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fields<'a> {
    pub namespace: Option<&'a [u8]>,
    /// Empty if there is none: an absent set name and an empty one mean the same.
    pub set: &'a [u8],
    pub key: Option<&'a [u8]>,
    pub digest: Option<&'a [u8]>,
    pub filter: Option<&'a [u8]>,
    /// Flags, and a condition as text.
    pub condition: Option<&'a [u8]>,
    /// The rows of a batch.
    pub batch: Option<&'a [u8]>,
    pub udf_module: Option<&'a [u8]>,
    pub udf_function: Option<&'a [u8]>,
    pub udf_arguments: Option<&'a [u8]>,
    /// The transaction that the command is part of.
    pub transaction: Option<u64>,
    /// The last second, since the protocol's epoch, in which it may write.
    pub deadline: Option<u32>,
    /// The version of the record that the transaction has read.
    pub version: Option<Version>,
}

impl<'a> Fields<'a> {
    pub fn parse(cursor: &mut Cursor<'a>, count: u16) -> Option<Fields<'a>> {
        let mut fields = Fields::default();
        for _ in 0..count {
            let (kind, value) = take_field(cursor)?;
            match kind {
                field::NAMESPACE => fields.namespace = fields.namespace.or(Some(value)),
                field::SET => fields.set = value,
                field::KEY => fields.key = fields.key.or(Some(value)),
                field::DIGEST => fields.digest = fields.digest.or(Some(value)),
                field::FILTER => fields.filter = fields.filter.or(Some(value)),
                field::WHERE => fields.condition = fields.condition.or(Some(value)),
                field::BATCH | field::BATCH_WITH_SET => fields.batch = Some(value),
                field::UDF_MODULE => fields.udf_module = fields.udf_module.or(Some(value)),
                field::UDF_FUNCTION => fields.udf_function = fields.udf_function.or(Some(value)),
                field::UDF_ARGUMENTS => {
                    fields.udf_arguments = fields.udf_arguments.or(Some(value));
                }
                field::TRANSACTION_ID => {
                    fields.transaction = Some(u64::from_le_bytes(value.try_into().ok()?));
                }
                field::TRANSACTION_DEADLINE => {
                    fields.deadline = Some(u32::from_le_bytes(value.try_into().ok()?));
                }
                field::RECORD_VERSION => {
                    fields.version = Some(Version::from_bytes(value.try_into().ok()?));
                }
                _ => {}
            }
        }
        Some(fields)
    }
}

/// The next field: its type and value.
pub fn take_field<'a>(cursor: &mut Cursor<'a>) -> Option<(u8, &'a [u8])> {
    let size = cursor.u32()? as usize;
    let kind = cursor.u8()?;
    Some((kind, cursor.take(size.checked_sub(1)?)?))
}

/// One operation of a request.
#[derive(Debug, Clone, Copy)]
pub struct Op<'a> {
    pub code: u8,
    /// The particle type of the value.
    pub kind: u8,
    pub name: &'a [u8],
    pub value: &'a [u8],
}

impl<'a> Op<'a> {
    fn parse(cursor: &mut Cursor<'a>) -> Option<Op<'a>> {
        /// Set if the operation carries the time of a bin's last update.
        const HAS_UPDATE_TIME: u8 = 1;
        let size = cursor.u32()? as usize;
        let mut body = Cursor::new(cursor.take(size)?);
        let code = body.u8()?;
        let kind = body.u8()?;
        let flags = body.u8()?;
        let name_size = body.u8()?;
        let name = body.take(usize::from(name_size))?;
        if flags & HAS_UPDATE_TIME != 0 {
            body.u64()?;
        }
        Some(Op { code, kind, name, value: body.rest() })
    }
}

/// The operations of a request, known to be well-formed.
#[derive(Debug, Clone, Copy)]
pub struct Ops<'a> {
    cursor: Cursor<'a>,
    left: u16,
}

impl<'a> Ops<'a> {
    /// Moves past operations and keeps where they are.
    pub fn parse(cursor: &mut Cursor<'a>, count: u16) -> Option<Ops<'a>> {
        let ops = Ops { cursor: *cursor, left: count };
        for _ in 0..count {
            Op::parse(cursor)?;
        }
        Some(ops)
    }
}

impl<'a> Iterator for Ops<'a> {
    type Item = Op<'a>;

    fn next(&mut self) -> Option<Op<'a>> {
        self.left = self.left.checked_sub(1)?;
        Op::parse(&mut self.cursor)
    }
}

/// A request.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    pub header: Header,
    pub fields: Fields<'a>,
    pub ops: Ops<'a>,
}

impl<'a> Message<'a> {
    /// Reads a request that fills `body` exactly; `None` if it does not.
    pub fn parse(body: &'a [u8]) -> Option<Message<'a>> {
        let mut cursor = Cursor::new(body);
        let header = Header::parse(&mut cursor)?;
        let fields = Fields::parse(&mut cursor, header.field_count)?;
        let ops = Ops::parse(&mut cursor, header.op_count)?;
        cursor.is_empty().then_some(Message { header, fields, ops })
    }

    pub fn has_info1(&self, bits: u8) -> bool {
        self.header.info1 & bits != 0
    }

    pub fn has_info2(&self, bits: u8) -> bool {
        self.header.info2 & bits != 0
    }

    pub fn has_info3(&self, bits: u8) -> bool {
        self.header.info3 & bits != 0
    }

    pub fn has_info4(&self, bits: u8) -> bool {
        self.header.info4 & bits != 0
    }

    /// Whether every operation is to have an entry in the reply.
    pub fn respond_all(&self) -> bool {
        self.has_info2(info2::RESPOND_ALL_OPS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Vec<u8> {
        let mut bytes = vec![22, 1, 0, 0, 0, 0];
        bytes.extend_from_slice(&[0; 12]);
        bytes.extend_from_slice(&[0, 1, 0, 1]);
        bytes.extend_from_slice(b"\0\0\0\x05\0test");
        bytes.extend_from_slice(b"\0\0\0\x05\x01\0\0\x01a");
        bytes
    }

    #[test]
    fn a_request_is_read_whole() {
        let bytes = request();
        let message = Message::parse(&bytes).unwrap();
        assert_eq!(message.fields.namespace, Some(&b"test"[..]));
        let ops: Vec<_> = message.ops.collect();
        assert_eq!((ops.len(), ops[0].code, ops[0].name), (1, op::READ, &b"a"[..]));
    }

    #[test]
    fn a_request_cut_anywhere_is_none() {
        let bytes = request();
        for end in 0..bytes.len() {
            assert!(Message::parse(&bytes[..end]).is_none(), "cut at {end}");
        }
    }

    #[test]
    fn a_request_with_a_byte_too_many_is_none() {
        let mut bytes = request();
        bytes.push(0);
        assert!(Message::parse(&bytes).is_none());
    }

    #[test]
    fn a_field_of_no_bytes_is_none() {
        let mut bytes = request();
        bytes[25] = 0;
        assert!(Message::parse(&bytes).is_none());
    }
}
