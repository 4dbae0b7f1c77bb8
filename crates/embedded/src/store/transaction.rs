//! What transactions wrote and did not commit, and what is left of deleted records.
//!
//! A partition's table holds what has been committed. What a transaction writes lies beside it
//! until the transaction is rolled forward or back, and keeps everybody else from writing the
//! record: whoever is not in the transaction reads what was there before.

use std::collections::HashMap;

use super::record::{Digest, Record};
use super::sets::SetId;

/// What is left of a record that was deleted durably.
#[derive(Debug, Clone, Copy)]
pub struct Tombstone {
    pub last_update: u64,
    pub generation: u16,
    pub set: SetId,
}

/// What a transaction made of a record.
#[derive(Debug, Clone)]
pub enum Effect {
    Written(Record),
    Deleted(Tombstone),
}

#[derive(Debug, Clone)]
struct Provisional {
    transaction: u64,
    effect: Effect,
}

/// What a partition of a namespace with strong consistency has besides its records.
#[derive(Debug, Default, Clone)]
pub struct Beside {
    provisional: HashMap<Digest, Provisional>,
    tombstones: HashMap<Digest, Tombstone>,
}

impl Beside {
    /// The transaction that a record is locked by.
    pub fn holder(&self, digest: &Digest) -> Option<u64> {
        self.provisional.get(digest).map(|provisional| provisional.transaction)
    }

    /// What the transaction that a record is locked by made of it.
    pub fn provisional(&self, digest: &Digest) -> Option<&Effect> {
        self.provisional.get(digest).map(|provisional| &provisional.effect)
    }

    /// Locks a record. Whether it was locked before.
    pub fn hold(&mut self, digest: Digest, transaction: u64, effect: Effect) -> bool {
        self.provisional.insert(digest, Provisional { transaction, effect }).is_some()
    }

    /// Unlocks a record, if this transaction holds it.
    pub fn release(&mut self, digest: &Digest, transaction: u64) -> Option<Effect> {
        if self.holder(digest) != Some(transaction) {
            return None;
        }
        self.provisional.remove(digest).map(|provisional| provisional.effect)
    }

    pub fn tombstone(&self, digest: &Digest) -> Option<&Tombstone> {
        self.tombstones.get(digest)
    }

    pub fn bury(&mut self, digest: Digest, tombstone: Tombstone) {
        self.tombstones.insert(digest, tombstone);
    }

    pub fn unearth(&mut self, digest: &Digest) {
        self.tombstones.remove(digest);
    }

    pub fn remove_tombstones_where(&mut self, doomed: impl Fn(&Tombstone) -> bool) {
        self.tombstones.retain(|_, tombstone| !doomed(tombstone));
    }

    pub fn tombstone_count(&self) -> usize {
        self.tombstones.len()
    }

    pub fn provisional_count(&self) -> usize {
        self.provisional.len()
    }

    /// Gives what is in it the numbers that its sets have elsewhere.
    pub fn renumber_sets(&mut self, number: impl Fn(SetId) -> SetId) {
        for provisional in self.provisional.values_mut() {
            match &mut provisional.effect {
                Effect::Written(record) => record.set = number(record.set),
                Effect::Deleted(tombstone) => tombstone.set = number(tombstone.set),
            }
        }
        self.tombstones.values_mut().for_each(|tombstone| tombstone.set = number(tombstone.set));
    }

    pub fn is_empty(&self) -> bool {
        self.provisional.is_empty() && self.tombstones.is_empty()
    }

    /// Adds what another one has of records that this one has nothing of; tells how many of them
    /// are locked.
    pub fn merge(&mut self, other: Beside) -> usize {
        let before = self.provisional.len();
        for (digest, provisional) in other.provisional {
            self.provisional.entry(digest).or_insert(provisional);
        }
        for (digest, tombstone) in other.tombstones {
            self.tombstones.entry(digest).or_insert(tombstone);
        }
        self.provisional.len() - before
    }
}
