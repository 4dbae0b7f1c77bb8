//! The sets of a namespace. A set exists from the first record written to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use crate::protocol::{Outcome, ResultCode};

/// The longest set name, in bytes.
const MAX_NAME_SIZE: usize = 63;

/// As many sets as a namespace can have.
const MAX_SETS: usize = 4095;

/// The number of a set within its namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SetId(u16);

impl SetId {
    /// The set of records that are in no set.
    pub const NONE: SetId = SetId(0);
}

/// A set and its statistics.
#[derive(Debug)]
pub struct Set {
    pub id: SetId,
    pub name: Box<[u8]>,
    pub objects: AtomicU64,
    pub bytes: AtomicU64,
    /// Milliseconds since the protocol's epoch: what is older has been truncated.
    pub truncated_before: AtomicU64,
    /// The name of its index, if it is to have one.
    pub index: Mutex<Option<String>>,
}

/// The sets of a namespace, in the order of their numbers. Read far more often than changed.
#[derive(Debug, Default)]
pub struct Sets {
    list: ArcSwap<Vec<Arc<Set>>>,
    growth: Mutex<()>,
    /// Of a copy: the names of the indexes that its first sets had.
    inherited: Vec<Option<String>>,
}

impl Sets {
    /// The number of the set with this name, which is made if there is none.
    pub fn find_or_create(&self, name: &[u8]) -> Outcome<SetId> {
        if let Some(id) = self.find(name) {
            return Ok(id);
        }
        let _growing = self.growth.lock();
        if let Some(id) = self.find(name) {
            return Ok(id);
        }
        let list = self.list.load();
        if name.len() > MAX_NAME_SIZE || list.len() >= MAX_SETS {
            return Err(ResultCode::Parameter);
        }
        let mut longer = Vec::clone(&list);
        let id = SetId(longer.len() as u16 + 1);
        longer.push(Arc::new(Set {
            id,
            name: name.into(),
            objects: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            truncated_before: AtomicU64::new(0),
            index: Mutex::new(None),
        }));
        self.list.store(Arc::new(longer));
        Ok(id)
    }

    /// A copy without records, which goes ways of its own.
    pub fn fork(&self) -> Sets {
        let list = self.list();
        let copy = |set: &Arc<Set>| {
            Arc::new(Set {
                id: set.id,
                name: set.name.clone(),
                objects: AtomicU64::new(0),
                bytes: AtomicU64::new(0),
                truncated_before: AtomicU64::new(set.truncated_before.load(Ordering::Relaxed)),
                index: Mutex::new(set.index.lock().clone()),
            })
        };
        Sets {
            inherited: list.iter().map(|set| set.index.lock().clone()).collect(),
            list: ArcSwap::from_pointee(list.iter().map(copy).collect()),
            growth: Mutex::default(),
        }
    }

    /// Takes back what became of a copy: sets that were made in it, and what changed in the others.
    pub fn reunite(&self, copy: &Sets) {
        for (place, theirs) in copy.list().iter().enumerate() {
            let id = self.find_or_create(&theirs.name).ok();
            let Some(ours) = id.and_then(|id| self.get(id)) else { continue };
            let truncated = theirs.truncated_before.load(Ordering::Relaxed);
            ours.truncated_before.fetch_max(truncated, Ordering::Relaxed);
            let index = theirs.index.lock().clone();
            if copy.inherited.get(place).cloned().flatten() != index {
                *ours.index.lock() = index;
            }
        }
    }

    /// The number of the set with this name; the empty name is that of no set.
    pub fn find(&self, name: &[u8]) -> Option<SetId> {
        if name.is_empty() {
            return Some(SetId::NONE);
        }
        let list = self.list.load();
        let position = list.iter().position(|set| *set.name == *name)?;
        Some(SetId(position as u16 + 1))
    }

    /// Whether the set with this number has this name.
    pub fn is_named(&self, id: SetId, name: &[u8]) -> bool {
        match self.get(id) {
            Some(set) => *set.name == *name,
            None => name.is_empty(),
        }
    }

    /// The set with this number; none for [`SetId::NONE`].
    pub fn get(&self, id: SetId) -> Option<Arc<Set>> {
        let index = usize::from(id.0).checked_sub(1)?;
        self.list.load().get(index).cloned()
    }

    pub fn list(&self) -> Arc<Vec<Arc<Set>>> {
        self.list.load_full()
    }

    /// Accounts for a record that changed: by how many objects and bytes its set grew.
    pub fn account(&self, id: SetId, objects: i64, bytes: i64) {
        let Some(index) = usize::from(id.0).checked_sub(1) else { return };
        let list = self.list.load();
        let Some(set) = list.get(index) else { return };
        // Two's complement: adding a negative number as if unsigned subtracts it.
        if objects != 0 {
            set.objects.fetch_add(objects as u64, Ordering::Relaxed);
        }
        if bytes != 0 {
            set.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_keeps_its_number() {
        let sets = Sets::default();
        let a = sets.find_or_create(b"a").unwrap();
        let b = sets.find_or_create(b"b").unwrap();
        assert_ne!(a, b);
        assert_eq!(sets.find_or_create(b"a"), Ok(a));
        assert_eq!(sets.find(b"b"), Some(b));
        assert_eq!(sets.find(b"c"), None);
        assert!(sets.is_named(a, b"a") && !sets.is_named(a, b"b"));
        assert!(sets.is_named(SetId::NONE, b"") && !sets.is_named(SetId::NONE, b"a"));
    }

    #[test]
    fn names_and_numbers_are_bounded() {
        let sets = Sets::default();
        assert!(sets.find_or_create(&[b's'; 63]).is_ok());
        assert_eq!(sets.find_or_create(&[b's'; 64]), Err(ResultCode::Parameter));
        for number in 1..MAX_SETS {
            assert!(sets.find_or_create(format!("{number}").as_bytes()).is_ok());
        }
        assert_eq!(sets.find_or_create(b"one too many"), Err(ResultCode::Parameter));
    }
}
