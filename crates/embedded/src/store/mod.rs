//! The records: namespaces, partitions, sets, expiry, transactions.

pub mod clock;
pub mod counters;
pub mod index;
pub mod monitor;
mod namespace;
pub mod reaper;
pub mod record;
mod sets;
pub mod transaction;

use std::sync::Arc;

use crate::compat::Compat;

use namespace::Part;
pub use namespace::{Namespace, PARTITIONS, Slot, partition_of};
pub use record::{Digest, Record, StoredBin};
pub use sets::{Set, SetId, Sets};

/// As many namespaces as a server can have.
const MAX_NAMESPACES: usize = 32;

/// The longest namespace name, in bytes.
const MAX_NAME_SIZE: usize = 31;

/// All namespaces of a server. They are fixed when it starts.
#[derive(Debug, Clone)]
pub struct Store {
    namespaces: Vec<Arc<Namespace>>,
    /// The version of the server that is modelled.
    pub compat: Compat,
}

/// What is in a partition, by namespace, taken out of the store.
#[derive(Debug)]
pub struct Detached {
    pub partition: usize,
    parts: Vec<Part>,
}

impl Store {
    /// Empty namespaces with these names, or what is wrong with the names. Those that are named in
    /// `consistent` have strong consistency, and with it transactions.
    pub fn new(names: &[String], compat: Compat, consistent: &[String]) -> Result<Store, String> {
        if names.is_empty() || names.len() > MAX_NAMESPACES {
            return Err(format!("{} namespaces, not 1 to {MAX_NAMESPACES}", names.len()));
        }
        for (position, name) in names.iter().enumerate() {
            let bad = |c: char| c.is_control() || c.is_whitespace() || ":;,=/".contains(c);
            if name.is_empty() || name.len() > MAX_NAME_SIZE || name.contains(bad) {
                return Err(format!(
                    "namespace {name:?}: not 1 to {MAX_NAME_SIZE} bytes without blanks and : ; , = /"
                ));
            }
            if names.iter().take(position).any(|other| other == name) {
                return Err(format!("namespace {name:?} is given twice"));
            }
        }
        if let Some(stray) = consistent.iter().find(|name| !names.contains(name)) {
            return Err(format!(
                "namespace {stray:?} can't have strong consistency: there is none"
            ));
        }
        let new = |name: &String| Arc::new(Namespace::new(name, compat, consistent.contains(name)));
        Ok(Store { namespaces: names.iter().map(new).collect(), compat })
    }

    /// Whether a namespace has what only the Enterprise Edition has.
    pub fn is_enterprise(&self) -> bool {
        self.namespaces.iter().any(|namespace| namespace.strong_consistency)
    }

    /// The same store, as another node has it.
    pub fn of_another_node(&self) -> Store {
        let namespaces = self.namespaces.iter().map(|of_one| Arc::new(of_one.of_another_node()));
        Store { namespaces: namespaces.collect(), compat: self.compat }
    }

    /// A copy with all that is in it, which goes ways of its own.
    pub fn fork(&self) -> Store {
        let namespaces = self.namespaces.iter().map(|of_one| Arc::new(of_one.fork()));
        Store { namespaces: namespaces.collect(), compat: self.compat }
    }

    /// Takes back what became of a copy; `takes_whole` says which partitions of namespaces with
    /// strong consistency are those of the copy from now on.
    pub fn reunite(&self, copy: &Store, takes_whole: impl Fn(usize) -> bool) {
        for (namespace, copy) in self.namespaces.iter().zip(&copy.namespaces) {
            namespace.reunite(copy, &takes_whole);
        }
        self.namespaces.iter().for_each(|namespace| monitor::end_again(namespace));
    }

    /// Takes all out of a partition, of all namespaces.
    pub fn detach(&self, partition: usize) -> Detached {
        let parts = self.namespaces.iter().map(|namespace| namespace.detach(partition));
        Detached { partition, parts: parts.collect() }
    }

    /// Puts back what was taken out of partitions, unless there is something newer.
    pub fn merge(&self, detached: Vec<Detached>) {
        for parts in detached {
            for (namespace, part) in self.namespaces.iter().zip(parts.parts) {
                namespace.merge(part);
            }
        }
        self.namespaces.iter().for_each(|namespace| monitor::end_again(namespace));
    }

    pub fn namespaces(&self) -> &[Arc<Namespace>] {
        &self.namespaces
    }

    pub fn namespace(&self, name: &[u8]) -> Option<&Arc<Namespace>> {
        self.namespaces.iter().find(|namespace| namespace.name().as_bytes() == name)
    }
}
