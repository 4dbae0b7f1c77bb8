//! A record as it lies in memory.
//!
//! The user key and the bins are one block of bytes, so that a record costs one allocation:
//!
//! ```text
//! size of the key (varint), key,
//! then for each bin: size of the name (1 byte), name, particle type (1 byte), size of the value (varint), value
//! ```
//!
//! Values have the form that they have in a reply: answering a read is copying.

use super::sets::SetId;
use crate::particle::kind;
use crate::protocol::Version;
use crate::protocol::cursor::Cursor;
use crate::protocol::reply::Metadata;

pub const DIGEST_SIZE: usize = 20;

pub type Digest = [u8; DIGEST_SIZE];

/// A record.
#[derive(Debug, Clone)]
pub struct Record {
    /// Milliseconds since the protocol's epoch.
    pub last_update: u64,
    body: Box<[u8]>,
    pub digest: Digest,
    /// When the record expires, in seconds since the protocol's epoch; 0 means never.
    pub void_time: u32,
    pub generation: u16,
    pub set: SetId,
}

/// A bin of a stored record.
#[derive(Debug, Clone, Copy)]
pub struct StoredBin<'a> {
    pub name: &'a [u8],
    /// Particle type.
    pub kind: u8,
    pub value: &'a [u8],
}

impl StoredBin<'_> {
    fn flat_size(&self) -> usize {
        let value = match self.kind {
            kind::INTEGER => {
                let number = self.value.try_into().map_or(0, u64::from_be_bytes);
                2 + match number {
                    0..=0xff => 1,
                    0x100..=0xffff => 2,
                    0x1_0000..=0xffff_ffff => 4,
                    _ => 8,
                }
            }
            kind::FLOAT => 9,
            kind::BOOL => 2,
            _ => 5 + self.value.len(),
        };
        1 + self.name.len() + value
    }
}

impl Record {
    pub fn new(digest: Digest, set: SetId) -> Record {
        Record { last_update: 0, body: Box::default(), digest, void_time: 0, generation: 0, set }
    }

    pub fn metadata(&self) -> Metadata {
        Metadata { generation: self.generation, void_time: self.void_time, version: None }
    }

    pub fn version(&self) -> Version {
        Version::new(self.last_update, self.generation)
    }

    pub fn is_expired(&self, now_seconds: u32) -> bool {
        self.void_time != 0 && self.void_time < now_seconds
    }

    /// The stored user key, if any, with its particle type in front.
    pub fn key(&self) -> Option<&[u8]> {
        split_key(&self.body).0
    }

    pub fn bins(&self) -> StoredBins<'_> {
        StoredBins { cursor: split_key(&self.body).1 }
    }

    pub fn bin(&self, name: &[u8]) -> Option<StoredBin<'_>> {
        self.bins().find(|bin| bin.name == name)
    }

    /// How many bytes the record would take on the storage of the server that is modelled.
    pub fn flat_size(&self, set: &[u8]) -> usize {
        flat_size(self.void_time != 0, set, self.key(), self.bins())
    }

    pub fn body_size(&self) -> usize {
        self.body.len()
    }

    pub fn replace_body(&mut self, body: Box<[u8]>) {
        self.body = body;
    }
}

fn split_key(body: &[u8]) -> (Option<&[u8]>, Cursor<'_>) {
    let mut cursor = Cursor::new(body);
    let size = read_size(&mut cursor).unwrap_or(0);
    let key = cursor.take(size).filter(|key| !key.is_empty());
    (key, cursor)
}

/// The bins of a stored record, in the order in which they were created.
#[derive(Debug, Clone)]
pub struct StoredBins<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Iterator for StoredBins<'a> {
    type Item = StoredBin<'a>;

    fn next(&mut self) -> Option<StoredBin<'a>> {
        let name_size = self.cursor.u8()?;
        let name = self.cursor.take(usize::from(name_size))?;
        let kind = self.cursor.u8()?;
        let size = read_size(&mut self.cursor)?;
        let value = self.cursor.take(size)?;
        Some(StoredBin { name, kind, value })
    }
}

/// The body of a record with this key and these bins.
pub fn encode_body<'a>(
    key: Option<&[u8]>,
    bins: impl Iterator<Item = StoredBin<'a>> + Clone,
) -> Box<[u8]> {
    let key = key.unwrap_or_default();
    let bin_sizes = bins
        .clone()
        .map(|bin| 2 + bin.name.len() + size_of_size(bin.value.len()) + bin.value.len());
    let size = size_of_size(key.len()) + key.len() + bin_sizes.sum::<usize>();
    let mut body = Vec::with_capacity(size);
    push_size(&mut body, key.len());
    body.extend_from_slice(key);
    for bin in bins {
        body.push(bin.name.len() as u8);
        body.extend_from_slice(bin.name);
        body.push(bin.kind);
        push_size(&mut body, bin.value.len());
        body.extend_from_slice(bin.value);
    }
    body.into_boxed_slice()
}

/// How many bytes a record would take on the storage of the server that is modelled.
pub fn flat_size<'a>(
    has_void_time: bool,
    set: &[u8],
    key: Option<&[u8]>,
    bins: impl Iterator<Item = StoredBin<'a>> + Clone,
) -> usize {
    const FIXED: usize = 35 + 4;
    let void_time = if has_void_time { 4 } else { 0 };
    let set = if set.is_empty() { 0 } else { 1 + set.len() };
    let key = key.map_or(0, |key| size_of_size(key.len()) + key.len());
    let count = size_of_size(bins.clone().count());
    FIXED + void_time + set + key + count + bins.map(|bin| bin.flat_size()).sum::<usize>()
}

/// How many bytes a size takes: seven bits go into each.
fn size_of_size(size: usize) -> usize {
    (usize::BITS - (size | 1).leading_zeros()).div_ceil(7) as usize
}

fn push_size(body: &mut Vec<u8>, mut size: usize) {
    while size >= 0x80 {
        body.push(size as u8 | 0x80);
        size >>= 7;
    }
    body.push(size as u8);
}

fn read_size(cursor: &mut Cursor<'_>) -> Option<usize> {
    let mut size = 0;
    for shift in (0..usize::BITS).step_by(7) {
        let byte = cursor.u8()?;
        size |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(size);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_gives_back_its_key_and_bins() {
        for size in [0, 1, 127, 128, 16_383, 16_384, 2_097_152] {
            let value = vec![7; size];
            let bins = [
                StoredBin { name: b"", kind: 4, value: b"" },
                StoredBin { name: b"fifteen_letters", kind: 3, value: &value },
            ];
            let mut record = Record::new([0; DIGEST_SIZE], SetId::NONE);
            let body = encode_body(Some(b"\x03key"), bins.iter().copied());
            assert_eq!(body.len(), body.to_vec().capacity());
            record.replace_body(body);
            assert_eq!(record.key(), Some(&b"\x03key"[..]));
            let stored: Vec<_> = record.bins().map(|b| (b.name, b.kind, b.value)).collect();
            assert_eq!(stored, [(&b""[..], 4, &b""[..]), (b"fifteen_letters", 3, &value)]);
        }
    }

    #[test]
    fn a_record_without_a_key_has_none() {
        let mut record = Record::new([0; DIGEST_SIZE], SetId::NONE);
        assert_eq!(record.key(), None);
        record.replace_body(encode_body(None, std::iter::empty()));
        assert_eq!(record.key(), None);
        assert_eq!(record.bins().count(), 0);
    }

    #[test]
    fn a_record_is_small() {
        assert!(size_of::<Record>() <= 56);
    }

    #[test]
    fn a_record_expires_after_its_last_second() {
        let mut record = Record::new([0; DIGEST_SIZE], SetId::NONE);
        assert!(!record.is_expired(u32::MAX));
        record.void_time = 100;
        assert!(!record.is_expired(100));
        assert!(record.is_expired(101));
    }
}
