//! Partitions that leave a namespace, with all that is in them, and come back: those of nodes that
//! are away, and those of a part of the cluster that is split off.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::counters::Counters;
use super::super::monitor::Monitor;
use super::super::record::{Digest, Record};
use super::super::sets::SetId;
use super::super::transaction::Beside;
use super::{Namespace, PARTITIONS, Records};

/// What is in a partition, taken out of it.
#[derive(Debug, Default)]
pub struct Part {
    number: usize,
    pub(super) records: Vec<Record>,
    beside: Beside,
    monitors: Vec<(Digest, Monitor)>,
}

impl Part {
    /// Gives what is in it the numbers that its sets have elsewhere.
    fn renumber_sets(&mut self, number: impl Fn(SetId) -> SetId) {
        self.records.iter_mut().for_each(|record| record.set = number(record.set));
        self.beside.renumber_sets(number);
    }
}

impl Records {
    /// A copy of what is in a partition.
    pub fn copy(&self, number: usize) -> Part {
        let Some(place) = self.partitions.get(number) else { return Part::default() };
        let place = place.lock();
        let records = place.records.iter().cloned().collect();
        let beside = place.beside.as_deref().cloned().unwrap_or_default();
        drop(place);
        Part { number, records, beside, monitors: self.monitors.copy(number) }
    }

    /// Takes all out of a partition.
    pub fn detach(&self, number: usize) -> Part {
        let Some(place) = self.partitions.get(number) else { return Part::default() };
        let mut place = place.lock();
        let records: Vec<_> = place.records.drain().collect();
        let beside = place.beside.take().map(|beside| *beside).unwrap_or_default();
        place.first_void_time = 0;
        records.iter().for_each(|record| self.account_removed(record));
        drop(place);
        self.provisionals.fetch_sub(beside.provisional_count() as u64, Ordering::Relaxed);
        Part { number, records, beside, monitors: self.monitors.detach(number) }
    }

    /// Puts back what was taken out of a partition. Of a record that is there as well, the one is
    /// kept that was changed more often, or later.
    pub fn merge(&self, part: Part) {
        let version = |record: &Record| (record.generation, record.last_update);
        for record in part.records {
            let mut slot = self.lock(&record.digest);
            if slot.record().is_none_or(|there| version(there) < version(&record)) {
                slot.put(record);
            }
        }
        if let Some(place) = self.partitions.get(part.number)
            && !part.beside.is_empty()
        {
            let added = place.lock().beside.get_or_insert_default().merge(part.beside);
            self.provisionals.fetch_add(added as u64, Ordering::Relaxed);
        }
        self.monitors.attach(part.monitors);
    }
}

impl Namespace {
    /// A copy with all that is in it, which goes ways of its own.
    pub fn fork(&self) -> Namespace {
        let records = Records {
            sets: self.sets.fork(),
            indexes: self.indexes.fork(),
            truncated_before: AtomicU64::new(self.truncated_before.load(Ordering::Relaxed)),
            ..Records::new(&self.name, self.compat, self.strong_consistency)
        };
        records.monitors.take_settings_from(&self.monitors);
        (0..PARTITIONS).for_each(|partition| records.merge(self.copy(partition)));
        Namespace { records: Arc::new(records), counters: Counters::default() }
    }

    /// Takes back what became of a copy: indexes and truncations, and what is newer of each record,
    /// or whole partitions in place of what is here, as `takes_whole` says, with strong consistency.
    pub fn reunite(&self, copy: &Namespace, takes_whole: impl Fn(usize) -> bool) {
        self.sets.reunite(&copy.sets);
        let number = |id: SetId| match copy.sets.get(id) {
            Some(set) => self.sets.find_or_create(&set.name).unwrap_or(SetId::NONE),
            None => SetId::NONE,
        };
        let new_indexes = self.indexes.reunite(&copy.indexes, number);
        let truncated = copy.truncated_before.load(Ordering::Relaxed);
        self.truncated_before.fetch_max(truncated, Ordering::Relaxed);
        self.remove_where(|record| self.is_truncated(record.set, record.last_update));
        for partition in 0..PARTITIONS {
            if self.strong_consistency {
                if !takes_whole(partition) {
                    continue;
                }
                drop(self.detach(partition));
            }
            let mut part = copy.detach(partition);
            part.renumber_sets(number);
            part.records.retain(|record| !self.is_truncated(record.set, record.last_update));
            self.merge(part);
        }
        self.remove_tombstones_where(|dead| self.is_truncated(dead.set, dead.last_update));
        new_indexes.iter().for_each(|index| self.populate(index, || {}));
    }
}
