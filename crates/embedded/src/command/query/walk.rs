//! Going through the records of partitions, in an order in which one can stop and go on later.

use std::collections::HashSet;
use std::vec::IntoIter;

use super::condition::Condition;
use crate::store::index::Entry;
use crate::store::{Digest, Namespace, SetId};

/// As many digests of a partition are taken from its table at once: the table has to be gone
/// through for it.
const SCANNED: usize = 64 * 1024;

/// As many entries are taken from an index at once.
const FOUND: usize = 1024;

/// As many records of a range are remembered.
const SEEN: usize = 1024 * 1024;

/// Which partitions a node may go through, asked when it comes to them.
pub type IsOurs<'w> = Box<dyn Fn(usize) -> bool + Send + 'w>;

/// What is left to go through.
pub struct Walk<'w> {
    is_ours: IsOurs<'w>,
    /// Partitions that were asked for, but are not ours.
    missed: Vec<usize>,
    partitions: IntoIter<(usize, Option<Entry>)>,
    /// How many partitions were begun.
    begun: u64,
    current: Option<Current>,
}

/// A partition that is being gone through.
#[derive(Debug)]
struct Current {
    partition: usize,
    /// The last entry that was taken.
    after: Option<Entry>,
    /// The records that were found in the range: one with many elements is looked at once.
    seen: HashSet<Digest>,
    /// Of the ranges of a condition, the one in which entries are taken.
    range: usize,
    batch: IntoIter<Entry>,
    is_last_batch: bool,
}

impl<'w> Walk<'w> {
    pub fn new(partitions: Vec<(usize, Option<Entry>)>, is_ours: IsOurs<'w>) -> Walk<'w> {
        let (partitions, missed) = (partitions.into_iter(), Vec::new());
        Walk { is_ours, missed, partitions, begun: 0, current: None }
    }

    /// The partitions that turned out not to be ours, since this was called last.
    pub fn take_missed(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.missed)
    }

    pub fn begun(&self) -> u64 {
        self.begun
    }

    /// The next record, by its entry in the index or, without a condition, by its digest alone.
    pub fn next(
        &mut self,
        namespace: &Namespace,
        set: Option<SetId>,
        condition: Option<&Condition>,
    ) -> Option<Entry> {
        loop {
            let Some(current) = &mut self.current else {
                let (partition, after) = self.partitions.next()?;
                self.begun += 1;
                if !(self.is_ours)(partition) {
                    self.missed.push(partition);
                    continue;
                }
                let batch = Vec::new().into_iter();
                let seen = HashSet::new();
                let is_last_batch = false;
                self.current =
                    Some(Current { partition, after, seen, range: 0, batch, is_last_batch });
                continue;
            };
            if let Some(entry) = current.batch.next() {
                return Some(entry);
            }
            let goes_on = match condition {
                Some(condition) => current.find(condition),
                None => current.scan(namespace, set),
            };
            if !goes_on {
                self.current = None;
            }
        }
    }
}

impl Current {
    fn scan(&mut self, namespace: &Namespace, set: Option<SetId>) -> bool {
        if self.is_last_batch {
            return false;
        }
        let after = self.after.map(|(_, digest)| digest);
        let is_in_set = |of_record: SetId| set.is_none_or(|set| set == of_record);
        let digests =
            namespace.digests_after(self.partition, after, SCANNED, |record| is_in_set(record.set));
        self.is_last_batch = digests.len() < SCANNED;
        self.after = digests.last().map(|digest| (0, *digest));
        self.batch = digests.into_iter().map(|digest| (0, digest)).collect::<Vec<_>>().into_iter();
        true
    }

    fn find(&mut self, condition: &Condition) -> bool {
        let Some(&range) = condition.ranges.get(self.range) else { return false };
        let mut entries = condition.index.entries_in(self.partition, range, self.after, FOUND);
        self.after = entries.last().copied().or(self.after);
        let is_last = entries.len() < FOUND;
        if condition.finds_again() {
            entries.retain(|(_, digest)| self.seen.len() >= SEEN || self.seen.insert(*digest));
        }
        if is_last {
            self.range += 1;
            self.seen.clear();
        }
        self.batch = entries.into_iter();
        true
    }
}
