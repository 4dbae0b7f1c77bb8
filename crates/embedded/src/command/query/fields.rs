//! The fields that only queries have.

use std::collections::BTreeMap;

use crate::ael;
use crate::compat::Compat;
use crate::protocol::cursor::Cursor;
use crate::protocol::message::{self, Header, Message, field};
use crate::protocol::{Outcome, ResultCode};
use crate::store::index::Entry;
use crate::store::{PARTITIONS, partition_of};

/// The fields as they came.
#[derive(Debug, Default, Clone, Copy)]
pub struct Fields<'a> {
    pub partitions: Option<&'a [u8]>,
    pub digests: Option<&'a [u8]>,
    pub resume_values: Option<&'a [u8]>,
    pub max_records: Option<&'a [u8]>,
    pub records_per_second: Option<&'a [u8]>,
    pub socket_timeout: Option<&'a [u8]>,
    pub trid: Option<&'a [u8]>,
    pub index_name: Option<&'a [u8]>,
    pub index_range: Option<&'a [u8]>,
    pub index_type: Option<&'a [u8]>,
    pub index_context: Option<&'a [u8]>,
    pub index_expression: Option<&'a [u8]>,
    pub bin_list: Option<&'a [u8]>,
    pub udf_op: Option<&'a [u8]>,
}

impl<'a> Fields<'a> {
    pub fn parse(body: &'a [u8]) -> Option<Fields<'a>> {
        let mut cursor = Cursor::new(body);
        let header = Header::parse(&mut cursor)?;
        let mut fields = Fields::default();
        for _ in 0..header.field_count {
            let (kind, value) = message::take_field(&mut cursor)?;
            let place = match kind {
                field::PARTITIONS => &mut fields.partitions,
                field::DIGESTS => &mut fields.digests,
                field::RESUME_VALUES => &mut fields.resume_values,
                field::MAX_RECORDS => &mut fields.max_records,
                field::RECORDS_PER_SECOND => &mut fields.records_per_second,
                field::SOCKET_TIMEOUT => &mut fields.socket_timeout,
                field::TRID => &mut fields.trid,
                field::INDEX_NAME => &mut fields.index_name,
                field::INDEX_RANGE => &mut fields.index_range,
                field::INDEX_TYPE => &mut fields.index_type,
                field::INDEX_CONTEXT => &mut fields.index_context,
                field::INDEX_EXPRESSION => &mut fields.index_expression,
                field::BIN_LIST => &mut fields.bin_list,
                field::UDF_OP => &mut fields.udf_op,
                _ => continue,
            };
            *place = place.or(Some(value));
        }
        Some(fields)
    }

    /// The partitions to go through, in order, each with the entry after which to start.
    pub fn partitions(&self) -> Outcome<Vec<(usize, Option<Entry>)>> {
        if self.partitions.is_none() && self.digests.is_none() {
            return Err(ResultCode::UnsupportedFeature);
        }
        let mut wanted = BTreeMap::new();
        if let Some(bytes) = self.partitions {
            let (numbers, _) = bytes.as_chunks::<2>();
            check_count(numbers.len())?;
            for number in numbers {
                add(&mut wanted, usize::from(u16::from_le_bytes(*number)), None)?;
            }
        }
        if let Some(bytes) = self.digests {
            let (digests, _) = bytes.as_chunks::<20>();
            check_count(digests.len())?;
            let mut values = self.resume_values(digests.len())?.into_iter();
            for digest in digests {
                let entry = (values.next().unwrap_or(0), *digest);
                add(&mut wanted, partition_of(digest), Some(entry))?;
            }
        } else if self.resume_values.is_some() {
            return Err(ResultCode::Parameter);
        }
        Ok(wanted.into_iter().collect())
    }

    /// The place in the index of each record after which a query goes on.
    fn resume_values(&self, count: usize) -> Outcome<Vec<u64>> {
        if self.index_range.is_none() {
            return Ok(Vec::new());
        }
        let (values, _) = self.resume_values.ok_or(ResultCode::Parameter)?.as_chunks::<8>();
        if values.len() != count {
            return Err(ResultCode::Parameter);
        }
        Ok(values.iter().map(|value| u64::from_le_bytes(*value)).collect())
    }

    /// The most records that are wanted; 0 is any number.
    pub fn max_records(&self) -> Outcome<u64> {
        number(self.max_records).map(|number| number.map_or(0, u64::from_be_bytes))
    }

    /// How fast records may be gone through; 0 is any speed.
    pub fn records_per_second(&self) -> Outcome<u32> {
        number(self.records_per_second).map(|number| number.map_or(0, u32::from_be_bytes))
    }

    pub fn check_socket_timeout(&self) -> Outcome<()> {
        number::<4>(self.socket_timeout).map(|_| ())
    }

    /// The number that the client gave to the query; 0 if none.
    pub fn trid(&self) -> u64 {
        number(self.trid).ok().flatten().map_or(0, u64::from_be_bytes)
    }
}

/// A condition that is written as text, and what it is for.
#[derive(Debug)]
pub struct Where<'a> {
    text: &'a [u8],
    /// Whether only a plan is wanted.
    pub explains: bool,
    /// Whether a plan without an index is none.
    pub needs_index: bool,
    /// Whether the plan must have the index that is named.
    pub pins_index: bool,
}

impl<'a> Where<'a> {
    /// The condition of a message, if it has one and the server that is modelled knows such.
    pub fn of(message: &Message<'a>, compat: Compat) -> Outcome<Option<Where<'a>>> {
        let field = message.fields.condition.filter(|_| compat.has_ael());
        field.map(Where::parse_field).transpose()
    }

    /// Flags come first, seven in each byte that says whether one more follows.
    fn parse_field(field: &'a [u8]) -> Outcome<Where<'a>> {
        const GOES_ON: u8 = 1;
        const EXPLAIN: u8 = 1 << 1;
        const NEEDS_INDEX: u8 = 1 << 2;
        const PINS_INDEX: u8 = 1 << 3;
        const MAX_FLAG_BYTES: usize = 4;
        let last = field.iter().position(|byte| byte & GOES_ON == 0);
        let size = last.map_or(usize::MAX, |last| last + 1);
        let (bytes, text) = field.split_at_checked(size).ok_or(ResultCode::Parameter)?;
        let flags = bytes.iter().fold(0, |flags, byte| flags | byte) & !GOES_ON;
        let known = if flags & EXPLAIN == 0 { 0 } else { EXPLAIN | NEEDS_INDEX | PINS_INDEX };
        if size > MAX_FLAG_BYTES || flags & !known != 0 || text.trim_ascii().is_empty() {
            return Err(ResultCode::Parameter);
        }
        Ok(Where {
            text,
            explains: flags & EXPLAIN != 0,
            needs_index: flags & NEEDS_INDEX != 0,
            pins_index: flags & PINS_INDEX != 0,
        })
    }

    pub fn parse(&self) -> Outcome<ael::Tree> {
        ael::parse_condition(self.text).map_err(|_| ResultCode::Parameter)
    }
}

fn number<const N: usize>(field: Option<&[u8]>) -> Outcome<Option<[u8; N]>> {
    field.map(|bytes| bytes.try_into().map_err(|_| ResultCode::Parameter)).transpose()
}

fn check_count(count: usize) -> Outcome<()> {
    if (1..=PARTITIONS).contains(&count) { Ok(()) } else { Err(ResultCode::Parameter) }
}

fn add(
    wanted: &mut BTreeMap<usize, Option<Entry>>,
    partition: usize,
    after: Option<Entry>,
) -> Outcome<()> {
    if partition < PARTITIONS && wanted.insert(partition, after).is_none() {
        Ok(())
    } else {
        Err(ResultCode::Parameter)
    }
}
