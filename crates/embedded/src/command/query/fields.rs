//! The fields that only queries have.

use std::collections::BTreeMap;

use crate::protocol::cursor::Cursor;
use crate::protocol::message::{self, Header, field};
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
