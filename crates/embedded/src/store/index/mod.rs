//! Secondary indexes: which records have a value.
//!
//! A value comes to a number by which it is ordered: an integer to itself, a string or blob to a
//! hash, a geographic shape to the numbers of its cells. For each partition an index keeps the pairs
//! of such a number and a digest. That a record is found is not yet a match: hashes collide, cells
//! are coarse, and the record may have changed since.

mod definition;
mod list;
mod values;

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::ops::Bound;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::{Mutex, RwLock};

use super::PARTITIONS;
use super::namespace::partition_of;
use super::record::{Digest, Record};
use super::sets::{SetId, Sets};

pub use definition::{Collection, Definition, Source, ValueKind};
pub use list::{Indexes, Rejected};
pub use values::{Indexed, MAX_KEY_SIZE};

/// An entry: the number by which a value is ordered, and the record that has it.
pub type Entry = (u64, Digest);

/// A secondary index.
#[derive(Debug)]
pub struct Index {
    name: RwLock<String>,
    pub definition: Definition,
    partitions: Box<[Mutex<BTreeSet<Entry>>]>,
    entries: AtomicU64,
    /// Whether it holds all records that were there when it was made.
    complete: AtomicBool,
    /// How many partitions have been gone through to find those.
    populated: AtomicU64,
    hasher: RandomState,
}

impl Index {
    pub fn new(name: String, definition: Definition) -> Index {
        Index {
            name: RwLock::new(name),
            definition,
            partitions: (0..PARTITIONS).map(|_| Mutex::default()).collect(),
            entries: AtomicU64::new(0),
            complete: AtomicBool::new(false),
            populated: AtomicU64::new(0),
            hasher: RandomState::new(),
        }
    }

    pub fn name(&self) -> String {
        self.name.read().clone()
    }

    pub fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Acquire)
    }

    pub fn set_complete(&self) {
        self.populated.store(PARTITIONS as u64, Ordering::Relaxed);
        self.complete.store(true, Ordering::Release);
    }

    pub fn note_populated_partition(&self) {
        self.populated.fetch_add(1, Ordering::Relaxed);
    }

    /// How much of the namespace has been gone through, of 100.
    pub fn populated_percent(&self) -> u64 {
        self.populated.load(Ordering::Relaxed) * 100 / PARTITIONS as u64
    }

    pub fn entries(&self) -> u64 {
        self.entries.load(Ordering::Relaxed)
    }

    /// The bytes that the entries take, about.
    pub fn bytes(&self) -> u64 {
        self.entries() * size_of::<Entry>() as u64
    }

    /// Whether records of this set are in the index.
    pub fn covers(&self, set: SetId) -> bool {
        self.definition.set.is_none_or(|only| only == set)
    }

    /// The numbers under which a record is in the index, in ascending order.
    pub fn keys(&self, record: &Record, sets: &Sets) -> Vec<u64> {
        let mut keys = Vec::new();
        if self.covers(record.set) {
            self.definition.each_value(record, sets, |value| self.push_keys(value, &mut keys));
            keys.sort_unstable();
            keys.dedup();
        }
        keys
    }

    /// The numbers that a value comes to.
    pub fn push_keys(&self, value: Indexed<'_>, keys: &mut Vec<u64>) {
        match value {
            Indexed::Integer(number) => keys.push(order_of_integer(number)),
            Indexed::Bytes(bytes) => keys.push(self.order_of_bytes(bytes)),
            Indexed::Shape(shape) => keys.extend(shape.cells()),
        }
    }

    pub fn order_of_bytes(&self, bytes: &[u8]) -> u64 {
        self.hasher.hash_one(bytes)
    }

    /// Notes that a record took the place of another. Its partition must be locked.
    pub fn update(&self, old: Option<&Record>, new: Option<&Record>, sets: &Sets) {
        let Some(digest) = new.or(old).map(|record| record.digest) else { return };
        let keys = |record: Option<&Record>| {
            record.map(|record| self.keys(record, sets)).unwrap_or_default()
        };
        let (old, new) = (keys(old), keys(new));
        if old == new {
            return;
        }
        let Some(partition) = self.partitions.get(partition_of(&digest)) else { return };
        let mut entries = partition.lock();
        for key in old.iter().filter(|key| new.binary_search(key).is_err()) {
            if entries.remove(&(*key, digest)) {
                self.entries.fetch_sub(1, Ordering::Relaxed);
            }
        }
        for key in new {
            if entries.insert((key, digest)) {
                self.entries.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// The next entries of a partition within a range of numbers, after one that was seen already.
    pub fn entries_in(
        &self,
        partition: usize,
        range: (u64, u64),
        after: Option<Entry>,
        limit: usize,
    ) -> Vec<Entry> {
        const FIRST: Digest = [0; 20];
        const LAST: Digest = [0xff; 20];
        let (low, high) = range;
        let start = match after {
            Some(entry) if entry.0 >= low => Bound::Excluded(entry),
            _ => Bound::Included((low, FIRST)),
        };
        if low > high || matches!(start, Bound::Excluded(entry) if entry >= (high, LAST)) {
            return Vec::new();
        }
        let Some(entries) = self.partitions.get(partition) else { return Vec::new() };
        let entries = entries.lock();
        entries.range((start, Bound::Included((high, LAST)))).take(limit).copied().collect()
    }

    /// Shows each entry of the whole index.
    pub fn for_each(&self, mut show: impl FnMut(&Entry)) {
        for partition in &self.partitions {
            partition.lock().iter().for_each(&mut show);
        }
    }
}

/// The order of signed numbers as one of numbers without a sign.
pub fn order_of_integer(number: i64) -> u64 {
    number as u64 ^ 1 << 63
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        let source = Source::Bin { name: b"b"[..].into(), context: None };
        let (collection, kind) = (Collection::None, ValueKind::Integer);
        Index::new("i".into(), Definition { set: None, source, collection, kind })
    }

    fn record(number: u8, value: i64) -> Record {
        let mut digest = [0; 20];
        digest[19] = number;
        let mut record = Record::new(digest, SetId::NONE);
        let value = value.to_be_bytes();
        let bin = crate::store::StoredBin { name: b"b", kind: 1, value: &value };
        record.replace_body(crate::store::record::encode_body(None, std::iter::once(bin)));
        record
    }

    fn found(index: &Index, low: i64, high: i64, after: Option<Entry>, limit: usize) -> Vec<u8> {
        let range = (order_of_integer(low), order_of_integer(high));
        let entries = index.entries_in(0, range, after, limit);
        entries.iter().map(|(_, digest)| digest[19]).collect()
    }

    #[test]
    fn records_are_found_in_order_and_from_where_a_reader_stopped() {
        let index = index();
        for (number, value) in [(1, 5), (2, -7), (3, 5), (4, i64::MAX), (5, i64::MIN)] {
            index.update(None, Some(&record(number, value)), &Sets::default());
        }
        assert_eq!(found(&index, i64::MIN, i64::MAX, None, 10), [5, 2, 1, 3, 4]);
        assert_eq!(found(&index, -7, 5, None, 2), [2, 1]);
        let last = index.entries_in(0, (order_of_integer(-7), order_of_integer(5)), None, 2)[1];
        assert_eq!(found(&index, -7, 5, Some(last), 2), [3]);
        assert!(found(&index, 6, 7, Some(last), 2).is_empty());
        assert!(found(&index, -8, -7, Some(last), 2).is_empty());
    }

    #[test]
    fn changes_are_followed() {
        let index = index();
        index.update(None, Some(&record(1, 5)), &Sets::default());
        index.update(Some(&record(1, 5)), Some(&record(1, 6)), &Sets::default());
        assert_eq!((found(&index, 5, 5, None, 9), found(&index, 6, 6, None, 9)), (vec![], vec![1]));
        index.update(Some(&record(1, 6)), None, &Sets::default());
        assert_eq!((index.entries(), found(&index, 6, 6, None, 9)), (0, vec![]));
    }
}
