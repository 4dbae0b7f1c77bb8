//! A namespace: 4096 partitions, each a table of records under a lock of its own.

mod part;

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::Notify;

use super::counters::Counters;
use super::index::{Index, Indexes};
use super::monitor::Monitors;
use super::record::{Digest, Record};
use super::sets::{SetId, Sets};
use super::transaction::{Beside, Effect, Tombstone};
use crate::compat::Compat;
use crate::protocol::Version;

pub use part::Part;

/// As many partitions as every namespace has.
pub const PARTITIONS: usize = 4096;

/// A namespace, as one node has it: the records are those of all nodes.
#[derive(Debug)]
pub struct Namespace {
    records: Arc<Records>,
    /// What this node has done.
    pub counters: Counters,
}

impl Namespace {
    pub fn new(name: &str, compat: Compat, strong_consistency: bool) -> Namespace {
        let records = Arc::new(Records::new(name, compat, strong_consistency));
        Namespace { records, counters: Counters::default() }
    }

    /// The same namespace, as another node has it.
    pub fn of_another_node(&self) -> Namespace {
        Namespace { records: Arc::clone(&self.records), counters: Counters::default() }
    }
}

impl std::ops::Deref for Namespace {
    type Target = Records;

    fn deref(&self) -> &Records {
        &self.records
    }
}

/// The records of a namespace.
#[derive(Debug)]
pub struct Records {
    name: String,
    /// The version of the server that is modelled.
    pub compat: Compat,
    /// Whether there are transactions, and deletes are durable.
    pub strong_consistency: bool,
    partitions: Box<[Mutex<Partition>]>,
    pub sets: Sets,
    pub indexes: Indexes,
    /// Milliseconds since the protocol's epoch: what is older has been truncated, in all sets.
    pub truncated_before: AtomicU64,
    objects: AtomicU64,
    bytes: AtomicU64,
    /// Records that will expire.
    expirable: AtomicU64,
    hash_seed: [u64; 2],
    /// Tells the reaper that there is a record that will expire.
    pub expiry: Notify,
    pub monitors: Monitors,
    provisionals: AtomicU64,
}

/// The records whose digests begin with the same 12 bits.
#[derive(Debug, Default)]
pub struct Partition {
    records: HashTable<Record>,
    /// No record here expires before this second; 0 if none ever does.
    first_void_time: u32,
    /// There from the first transaction or durable delete.
    beside: Option<Box<Beside>>,
}

impl Records {
    fn new(name: &str, compat: Compat, strong_consistency: bool) -> Records {
        let random = RandomState::new();
        Records {
            name: name.to_owned(),
            compat,
            strong_consistency,
            partitions: (0..PARTITIONS).map(|_| Mutex::default()).collect(),
            sets: Sets::default(),
            indexes: Indexes::default(),
            truncated_before: AtomicU64::new(0),
            objects: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            expirable: AtomicU64::new(0),
            hash_seed: [random.hash_one(0), random.hash_one(1)],
            expiry: Notify::new(),
            monitors: Monitors::default(),
            provisionals: AtomicU64::new(0),
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many records there are, expired ones that were not reaped yet among them.
    pub fn objects(&self) -> u64 {
        self.objects.load(Ordering::Relaxed)
    }

    /// How many bytes the keys and bins of all records take.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// How many records will never expire.
    pub fn non_expirable_objects(&self) -> u64 {
        self.objects().saturating_sub(self.expirable.load(Ordering::Relaxed))
    }

    /// How many records transactions have locked.
    pub fn provisionals(&self) -> u64 {
        self.provisionals.load(Ordering::Relaxed)
    }

    /// How many deleted records are remembered.
    pub fn tombstones(&self) -> usize {
        if !self.strong_consistency {
            return 0;
        }
        let count = |beside: &Beside| beside.tombstone_count();
        self.partitions.iter().map(|p| p.lock().beside.as_deref().map_or(0, count)).sum()
    }

    pub fn remove_tombstones_where(&self, doomed: impl Fn(&Tombstone) -> bool) {
        for partition in &self.partitions {
            if let Some(beside) = &mut partition.lock().beside {
                beside.remove_tombstones_where(&doomed);
            }
        }
    }

    /// Locks the partition of a record and looks for it.
    pub fn lock(&self, digest: &Digest) -> Slot<'_> {
        let hash = self.hash(digest);
        #[expect(clippy::indexing_slicing, reason = "12 bits can't exceed 4096 partitions")]
        let partition = &self.partitions[partition_of(digest)];
        Slot { namespace: self, partition: partition.lock(), hash, digest: *digest }
    }

    fn hash(&self, digest: &Digest) -> u64 {
        let word = |at: usize| {
            let bytes = digest.get(at..).and_then(|rest| rest.first_chunk::<8>());
            u64::from_le_bytes(bytes.copied().unwrap_or_default())
        };
        let [a, b] = self.hash_seed;
        let product = u128::from(word(4) ^ a) * u128::from(word(12) ^ b);
        product as u64 ^ (product >> 64) as u64
    }

    /// Shows each record of a partition.
    pub fn for_each_in(&self, partition: usize, show: impl FnMut(&Record)) {
        if let Some(partition) = self.partitions.get(partition) {
            partition.lock().records.iter().for_each(show);
        }
    }

    /// The digests of the records of a partition that are wanted, the lowest beyond one that was
    /// seen already, in ascending order.
    pub fn digests_after(
        &self,
        partition: usize,
        after: Option<Digest>,
        limit: usize,
        wanted: impl Fn(&Record) -> bool,
    ) -> Vec<Digest> {
        let mut digests: Vec<Digest> = Vec::new();
        self.for_each_in(partition, |record| {
            if after.is_none_or(|after| record.digest > after) && wanted(record) {
                digests.push(record.digest);
            }
            // However many there are, no more than twice the limit are held at once.
            if digests.len() > 2 * limit {
                digests.select_nth_unstable(limit);
                digests.truncate(limit);
            }
        });
        digests.sort_unstable();
        digests.truncate(limit);
        digests
    }

    /// Whether something that was last written at a time is older than what was truncated.
    pub fn is_truncated(&self, set: SetId, last_update: u64) -> bool {
        let is_older = |before: &AtomicU64| last_update < before.load(Ordering::Relaxed);
        is_older(&self.truncated_before)
            || self.sets.get(set).is_some_and(|set| is_older(&set.truncated_before))
    }

    /// Puts the records that are there into a new index; rests after each partition.
    pub fn populate(&self, index: &Index, rest: impl Fn()) {
        for partition in 0..PARTITIONS {
            self.for_each_in(partition, |record| index.update(None, Some(record), &self.sets));
            index.note_populated_partition();
            rest();
        }
        index.set_complete();
    }

    /// Removes every record that `doomed` names, partition by partition.
    pub fn remove_where(&self, mut doomed: impl FnMut(&Record) -> bool) {
        for partition in &self.partitions {
            self.sweep(&mut partition.lock(), &mut doomed);
        }
    }

    /// How many records a partition has.
    pub fn objects_in(&self, partition: usize) -> u64 {
        self.partitions.get(partition).map_or(0, |partition| partition.lock().records.len() as u64)
    }

    /// Removes what has expired, and tells how much in which partition; returns when the next
    /// record will expire, if any.
    pub fn reap(&self, now_seconds: u32, mut tell: impl FnMut(usize, u64)) -> Option<u32> {
        let mut next: Option<u32> = None;
        for (number, partition) in self.partitions.iter().enumerate() {
            let mut partition = partition.lock();
            if partition.first_void_time == 0 {
                continue;
            }
            if partition.first_void_time < now_seconds {
                let before = partition.records.len();
                self.sweep(&mut partition, |record| record.is_expired(now_seconds));
                let expired = before - partition.records.len();
                tell(number, expired as u64);
            }
            let first = Some(partition.first_void_time).filter(|&second| second != 0);
            next = [next, first].into_iter().flatten().min();
        }
        next
    }

    fn sweep(&self, partition: &mut Partition, mut doomed: impl FnMut(&Record) -> bool) {
        let mut first = None;
        partition.records.retain(|record| {
            if doomed(record) {
                self.account_removed(record);
                return false;
            }
            if record.void_time != 0 {
                first = Some(first.map_or(record.void_time, |f: u32| f.min(record.void_time)));
            }
            true
        });
        partition.first_void_time = first.unwrap_or(0);
        let (count, capacity) = (partition.records.len(), partition.records.capacity());
        if capacity > 64 && count < capacity / 4 {
            partition.records.shrink_to(count * 2, |record| self.hash(&record.digest));
        }
    }

    /// Accounts for a record that is gone.
    fn account_removed(&self, record: &Record) {
        self.indexes.update(Some(record), None, &self.sets);
        self.account(record.set, -1, -(record.body_size() as i64));
        self.count_expirable(record.void_time, 0);
    }

    /// Accounts for a record that took the place of another, by when they expire; 0 is never.
    fn count_expirable(&self, old: u32, new: u32) {
        match (old != 0, new != 0) {
            (false, true) => self.expirable.fetch_add(1, Ordering::Relaxed),
            (true, false) => self.expirable.fetch_sub(1, Ordering::Relaxed),
            _ => 0,
        };
    }

    fn account(&self, set: SetId, objects: i64, bytes: i64) {
        // Two's complement: adding a negative number as if unsigned subtracts it.
        if objects != 0 {
            self.objects.fetch_add(objects as u64, Ordering::Relaxed);
        }
        if bytes != 0 {
            self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        }
        self.sets.account(set, objects, bytes);
    }
}

/// The partition of a record: the first 12 bits of the digest, read as a little-endian number.
pub fn partition_of(digest: &Digest) -> usize {
    let [first, second, ..] = *digest;
    usize::from(first) | (usize::from(second) & 0x0f) << 8
}

/// A place for a record in a locked partition, taken or free.
pub struct Slot<'n> {
    namespace: &'n Records,
    partition: MutexGuard<'n, Partition>,
    hash: u64,
    digest: Digest,
}

impl Slot<'_> {
    /// The record that has been committed.
    pub fn record(&self) -> Option<&Record> {
        self.partition.records.find(self.hash, |record| record.digest == self.digest)
    }

    /// Changes what a read may change: nothing that is counted.
    pub fn record_mut(&mut self) -> Option<&mut Record> {
        self.partition.records.find_mut(self.hash, |record| record.digest == self.digest)
    }

    /// Puts a record here, in place of the one that was.
    pub fn put(&mut self, record: Record) {
        if !self.namespace.indexes.is_empty() {
            let namespace = self.namespace;
            namespace.indexes.update(self.record(), Some(&record), &namespace.sets);
        }
        let (set, size, void_time) = (record.set, record.body_size() as i64, record.void_time);
        let namespace = self.namespace;
        let entry = self.partition.records.entry(
            self.hash,
            |other| other.digest == self.digest,
            |other| namespace.hash(&other.digest),
        );
        match entry {
            Entry::Occupied(mut occupied) => {
                let old = std::mem::replace(occupied.get_mut(), record);
                namespace.count_expirable(old.void_time, void_time);
                if old.set == set {
                    namespace.account(set, 0, size - old.body_size() as i64);
                } else {
                    namespace.account(old.set, -1, -(old.body_size() as i64));
                    namespace.account(set, 1, size);
                }
            }
            Entry::Vacant(vacant) => {
                vacant.insert(record);
                namespace.count_expirable(0, void_time);
                namespace.account(set, 1, size);
            }
        }
        self.expect_expiry(void_time);
    }

    /// Removes the record that is here, if any.
    pub fn remove(&mut self) {
        let found =
            self.partition.records.find_entry(self.hash, |other| other.digest == self.digest);
        if let Ok(occupied) = found {
            let (record, _) = occupied.remove();
            self.namespace.account_removed(&record);
        }
    }

    /// The transaction that has the record locked.
    pub fn holder(&self) -> Option<u64> {
        self.partition.beside.as_ref()?.holder(&self.digest)
    }

    /// What the transaction that has the record locked made of it.
    pub fn provisional(&self) -> Option<&Effect> {
        self.partition.beside.as_ref()?.provisional(&self.digest)
    }

    /// What is left of the record that has been deleted here.
    pub fn tombstone(&self) -> Option<&Tombstone> {
        self.partition.beside.as_ref()?.tombstone(&self.digest)
    }

    /// The version of what has been committed.
    pub fn version(&self) -> Option<Version> {
        let of_tombstone = |dead: &Tombstone| Version::new(dead.last_update, dead.generation);
        self.record().map(Record::version).or_else(|| self.tombstone().map(of_tombstone))
    }

    /// Puts down what came of a record, for the time being if a transaction did it.
    pub fn apply(&mut self, effect: Effect, transaction: Option<u64>) {
        let digest = self.digest;
        match (transaction, effect) {
            (Some(transaction), effect) => {
                let beside = self.partition.beside.get_or_insert_default();
                if !beside.hold(digest, transaction, effect) {
                    self.namespace.provisionals.fetch_add(1, Ordering::Relaxed);
                }
            }
            (None, Effect::Written(record)) => {
                if let Some(beside) = &mut self.partition.beside {
                    beside.unearth(&digest);
                }
                self.put(record);
            }
            (None, Effect::Deleted(tombstone)) => {
                self.remove();
                if self.namespace.strong_consistency {
                    self.partition.beside.get_or_insert_default().bury(digest, tombstone);
                }
            }
        }
    }

    /// Unlocks the record, if that transaction holds it, with what the transaction made of it or
    /// with what was there before. Whether it held it.
    pub fn roll(&mut self, transaction: u64, forward: bool) -> bool {
        let digest = self.digest;
        let beside = self.partition.beside.as_mut();
        let Some(effect) = beside.and_then(|beside| beside.release(&digest, transaction)) else {
            return false;
        };
        self.namespace.provisionals.fetch_sub(1, Ordering::Relaxed);
        if forward {
            self.apply(effect, None);
        }
        true
    }

    /// Notes that a record here expires at that second.
    pub fn expect_expiry(&mut self, void_time: u32) {
        let first = &mut self.partition.first_void_time;
        if void_time != 0 && (*first == 0 || void_time < *first) {
            *first = void_time;
            self.namespace.expiry.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::record::{DIGEST_SIZE, encode_body};

    fn digest(number: u32) -> Digest {
        let mut digest = [0; DIGEST_SIZE];
        digest[4..8].copy_from_slice(&number.to_le_bytes());
        digest[..2].copy_from_slice(&(number as u16).to_le_bytes());
        digest
    }

    fn put(namespace: &Namespace, number: u32, void_time: u32) {
        let set = namespace.sets.find_or_create(b"s").unwrap();
        let mut record = Record::new(digest(number), set);
        record.void_time = void_time;
        record.replace_body(encode_body(None, std::iter::empty()));
        namespace.lock(&digest(number)).put(record);
    }

    #[test]
    fn records_are_found_counted_and_removed() {
        let namespace = Namespace::new("test", Compat::default(), false);
        for number in 0..10_000 {
            put(&namespace, number, 0);
            put(&namespace, number, 0);
        }
        assert_eq!((namespace.objects(), namespace.bytes()), (10_000, 10_000));
        for number in 0..10_000 {
            let mut slot = namespace.lock(&digest(number));
            assert!(slot.record().is_some());
            slot.remove();
            assert!(slot.record().is_none());
            slot.remove();
        }
        assert_eq!((namespace.objects(), namespace.bytes()), (0, 0));
        assert_eq!(namespace.sets.list()[0].objects.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn reaping_takes_what_expired_and_tells_what_is_next() {
        let namespace = Namespace::new("test", Compat::default(), false);
        let reap = |now| namespace.reap(now, |_, count| assert_ne!(count, 0));
        assert_eq!(reap(1000), None);
        put(&namespace, 1, 10);
        put(&namespace, 1 + 65_536, 30);
        put(&namespace, 2, 20);
        put(&namespace, 3, 0);
        assert_eq!(reap(10), Some(10));
        assert_eq!((reap(15), namespace.objects()), (Some(20), 3));
        assert_eq!((reap(31), namespace.objects()), (None, 1));
    }

    #[test]
    fn what_was_detached_comes_back_unless_something_newer_is_there() {
        let namespace = Namespace::new("test", Compat::default(), false);
        put(&namespace, 1, 0);
        put(&namespace, 1 + 65_536, 30);
        let detached = namespace.detach(1);
        let left = (namespace.objects(), namespace.objects_in(1));
        assert_eq!((detached.records.len(), left), (2, (0, 0)));
        put(&namespace, 1, 50);
        if let Some(record) = namespace.lock(&digest(1)).record_mut() {
            record.generation = 9;
        }
        namespace.merge(detached);
        assert_eq!((namespace.objects(), namespace.objects_in(1)), (2, 2));
        assert_eq!(namespace.lock(&digest(1)).record().map(|record| record.generation), Some(9));
        assert_eq!(namespace.non_expirable_objects(), 0);
    }

    #[test]
    fn the_partition_is_the_first_twelve_bits() {
        let mut digest = [0xff; DIGEST_SIZE];
        assert_eq!(partition_of(&digest), 4095);
        digest[0] = 1;
        digest[1] = 0xf2;
        assert_eq!(partition_of(&digest), 0x201);
    }
}
