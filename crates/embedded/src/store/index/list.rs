//! The secondary indexes of a namespace.

use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use super::super::record::Record;
use super::super::sets::{SetId, Sets};
use super::{Definition, Index};

/// As many indexes as a namespace can have.
const MAX_INDEXES: usize = 256;

/// The indexes, in the order in which they were made. Read at every write, seldom changed.
#[derive(Debug, Default)]
pub struct Indexes {
    list: ArcSwap<Vec<Arc<Index>>>,
    change: Mutex<()>,
    /// Held by whoever puts the records that are there into a new index.
    pub population: Mutex<()>,
    /// Of a copy: what it had at first, by name.
    inherited: Vec<(String, Definition)>,
}

/// Why an index can't be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejected {
    /// Another one has the name.
    NameTaken,
    TooMany,
}

impl Indexes {
    /// A copy without entries, which goes ways of its own. Whatever comes is put into it.
    pub fn fork(&self) -> Indexes {
        let list = self.list();
        let copy = |index: &Arc<Index>| {
            let copy = Index::new(index.name(), index.definition.clone());
            copy.set_complete();
            Arc::new(copy)
        };
        let named = |index: &Arc<Index>| (index.name(), index.definition.clone());
        Indexes {
            inherited: list.iter().map(named).collect(),
            list: ArcSwap::from_pointee(list.iter().map(copy).collect()),
            ..Indexes::default()
        }
    }

    /// Takes back what became of a copy: removes what was removed there, and makes what was made
    /// there, as far as names are free; tells which indexes are new. `number` tells the number
    /// that a set has here.
    pub fn reunite(&self, copy: &Indexes, number: impl Fn(SetId) -> SetId) -> Vec<Arc<Index>> {
        let theirs = copy.list();
        let is_gone = |definition: &Definition| {
            let was_there = copy.inherited.iter().any(|(_, known)| known == definition);
            was_there && !theirs.iter().any(|index| index.definition == *definition)
        };
        self.remove_where(|index| is_gone(&index.definition));
        let changed = theirs.iter().filter(|index| {
            let is_it = |(name, known): &(String, Definition)| {
                *name == *index.name.read() && *known == index.definition
            };
            !copy.inherited.iter().any(is_it)
        });
        let make = |index: &Arc<Index>| {
            let set = index.definition.set.map(&number);
            let definition = Definition { set, ..index.definition.clone() };
            self.create(&index.name(), definition).ok().flatten()
        };
        changed.filter_map(make).collect()
    }

    pub fn list(&self) -> Arc<Vec<Arc<Index>>> {
        self.list.load_full()
    }

    pub fn is_empty(&self) -> bool {
        self.list.load().is_empty()
    }

    pub fn by_name(&self, name: &str) -> Option<Arc<Index>> {
        self.list.load().iter().find(|index| *index.name.read() == name).cloned()
    }

    /// The index with this definition, whatever its name; else the one of all sets.
    pub fn by_definition(&self, wanted: &Definition) -> Option<Arc<Index>> {
        let list = self.list.load();
        let find =
            |wanted: &Definition| list.iter().find(|index| index.definition == *wanted).cloned();
        find(wanted).or_else(|| find(&Definition { set: None, ..wanted.clone() }))
    }

    /// Makes an index. `None`: it was there already, perhaps under a name that it now has no more.
    pub fn create(
        &self,
        name: &str,
        definition: Definition,
    ) -> Result<Option<Arc<Index>>, Rejected> {
        let _changing = self.change.lock();
        let mut list = Vec::clone(&self.list.load());
        if let Some(same_name) = list.iter().find(|index| *index.name.read() == name) {
            let same = same_name.definition == definition;
            return if same { Ok(None) } else { Err(Rejected::NameTaken) };
        }
        if let Some(there) = list.iter().find(|index| index.definition == definition) {
            name.clone_into(&mut there.name.write());
            return Ok(None);
        }
        if list.len() >= MAX_INDEXES {
            return Err(Rejected::TooMany);
        }
        let index = Arc::new(Index::new(name.to_owned(), definition));
        list.push(Arc::clone(&index));
        self.list.store(Arc::new(list));
        Ok(Some(index))
    }

    /// Removes the index with this name, if there is one.
    pub fn remove(&self, name: &str) {
        self.remove_where(|index| *index.name.read() == name);
    }

    fn remove_where(&self, doomed: impl Fn(&Index) -> bool) {
        let _changing = self.change.lock();
        let mut list = Vec::clone(&self.list.load());
        list.retain(|index| !doomed(index));
        self.list.store(Arc::new(list));
    }

    /// How many indexes there are on the records of a set alone.
    pub fn count_of_set(&self, set: SetId) -> usize {
        self.list.load().iter().filter(|index| index.definition.set == Some(set)).count()
    }

    /// Notes that a record took the place of another. Its partition must be locked.
    pub fn update(&self, old: Option<&Record>, new: Option<&Record>, sets: &Sets) {
        for index in self.list.load().iter() {
            index.update(old, new, sets);
        }
    }
}
