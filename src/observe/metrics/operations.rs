//! How long operations took.

use std::hash::{BuildHasher, Hash};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use foldhash::fast::FixedState;

use super::cells::Histogram;
use super::family::{Family, Kind, Label, Point, Value};
use crate::error::ErrorType;
use crate::observe::About;
use crate::runtime::lock;

/// How many label sets there are at most. Names of sets come from the application, which may make
/// them up without end.
const LIMIT: usize = 1000;

/// The same with those of the operations whose own labels would be too many.
const HIGHEST: usize = 1500;

/// More than there are ever label sets, so that each is found in a few steps.
const SLOTS: usize = 2048;

/// The namespace and the set of the operations whose own labels would be too many.
const OVERFLOW: &str = "__overflow__";

/// A histogram for each set of labels: a hash table to which is only added, so that it is read
/// without a lock.
pub struct Operations {
    slots: Box<[Slot]>,
    count: AtomicUsize,
    /// Held by who adds.
    adding: Mutex<()>,
}

type Slot = OnceLock<Box<Entry>>;

struct Entry {
    labels: Labels<Box<str>>,
    histogram: Histogram,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Labels<T> {
    operation: &'static str,
    namespace: T,
    set: T,
    error: Option<ErrorType>,
}

impl Default for Operations {
    fn default() -> Self {
        let slots = (0..SLOTS).map(|_| Slot::new()).collect();
        Self { slots, count: AtomicUsize::new(0), adding: Mutex::new(()) }
    }
}

impl Operations {
    pub fn record(&self, about: &About<'_>, error: Option<ErrorType>, duration: Duration) {
        let (operation, subject) = (about.operation, &about.subject);
        let (namespace, set) = (&*subject.namespace, &*subject.set);
        self.entry(Labels { operation, namespace, set, error }).histogram.record(duration);
    }

    fn entry(&self, labels: Labels<&str>) -> &Entry {
        self.known_or_added(labels, LIMIT).unwrap_or_else(|| {
            let labels = Labels { namespace: OVERFLOW, set: OVERFLOW, ..labels };
            self.known_or_added(labels, HIGHEST).unwrap_or_else(|| {
                self.added(Labels { operation: OVERFLOW, error: None, ..labels })
            })
        })
    }

    /// None if there are so many label sets, and not this one.
    fn known_or_added(&self, labels: Labels<&str>, limit: usize) -> Option<&Entry> {
        match self.find(&labels) {
            Ok(entry) => Some(entry),
            Err(_) if self.count.load(Ordering::Relaxed) < limit => Some(self.added(labels)),
            Err(_) => None,
        }
    }

    #[cold]
    fn added(&self, labels: Labels<&str>) -> &Entry {
        let _alone = lock(&self.adding);
        self.find(&labels).unwrap_or_else(|slot| {
            self.count.fetch_add(1, Ordering::Relaxed);
            slot.get_or_init(|| {
                let (namespace, set) = (labels.namespace.into(), labels.set.into());
                let Labels { operation, error, .. } = labels;
                let labels = Labels { operation, namespace, set, error };
                Box::new(Entry { labels, histogram: Histogram::default() })
            })
        })
    }

    /// The entry of the labels, or the slot that it would have.
    fn find(&self, labels: &Labels<&str>) -> Result<&Entry, &Slot> {
        let mut at = FixedState::default().hash_one(labels) as usize;
        loop {
            let slot = &self.slots[at % SLOTS];
            match slot.get() {
                Some(entry) if entry.labels.borrowed() == *labels => return Ok(entry),
                Some(_) => at = at.wrapping_add(1),
                None => return Err(slot),
            }
        }
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.slots.iter().filter_map(|slot| slot.get().map(Box::as_ref))
    }

    /// How many there were, of all kinds.
    pub fn count(&self) -> u64 {
        self.entries().map(|entry| entry.histogram.counted().count()).sum()
    }

    pub fn family(&self) -> Family {
        let mut points: Vec<_> = self
            .entries()
            .map(|entry| Point {
                labels: entry.labels.told(),
                value: Value::Histogram(entry.histogram.counted()),
            })
            .collect();
        points.sort_by(|one, other| one.labels.cmp(&other.labels));
        Family {
            name: "db_client_operation_duration_seconds",
            help: "How long operations of the clients took.",
            kind: Kind::Histogram,
            points,
        }
    }
}

impl Labels<Box<str>> {
    fn borrowed(&self) -> Labels<&str> {
        let Self { operation, namespace, set, error } = self;
        Labels { operation, namespace, set, error: *error }
    }

    fn told(&self) -> Vec<Label> {
        let error = self.error.map_or_else(String::new, |error| error.name().into_owned());
        vec![
            ("db_system_name", "aerospike".to_owned()),
            ("db_namespace", self.namespace.clone().into_string()),
            ("db_collection_name", self.set.clone().into_string()),
            ("db_operation_name", self.operation.to_owned()),
            ("error_type", error),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_an_end_of_label_sets() {
        let operations = Operations::default();
        let own = |set| Labels { operation: "get", namespace: "test", set, error: None };
        let sets: Vec<_> = (0..LIMIT).map(|number| number.to_string()).collect();
        for set in &sets {
            assert!(operations.entry(own(set)).labels.borrowed() == own(set));
        }
        for number in 0..2 * SLOTS {
            // So many operations, which there are not, make even the rest too many.
            let operation = number.to_string().leak();
            let labels = operations.entry(Labels { operation, ..own("more") }).labels.borrowed();
            assert_eq!((labels.namespace, labels.set), (OVERFLOW, OVERFLOW));
            assert_eq!(labels.operation == OVERFLOW, number >= HIGHEST - LIMIT);
        }
        assert_eq!(operations.entries().count(), HIGHEST + 1);
        assert!(operations.entry(own("7")).labels.borrowed() == own("7"));
    }
}
