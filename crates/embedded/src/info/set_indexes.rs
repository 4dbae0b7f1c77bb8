//! Indexes of all records of a set. They change no result, and here no time either.

use std::sync::Arc;

use super::parameters::Parameters;
use super::{Answer, Refusal};
use crate::store::{Namespace, Set, Store};

/// The `indextype` of such an index.
pub const TYPE: &str = "set";

/// The bytes of an entry in the server that is modelled.
const ENTRY_SIZE: u64 = 16;

/// Answers `sindex-create` of such an index.
pub fn create(store: &Store, name: &str, namespace: &str, parameters: &Parameters<'_>) -> Answer {
    for parameter in ["context", "indexdata", "type", "bin", "exp"] {
        if parameters.get(parameter).is_some() {
            let message = format!("{parameter} parameter is not supported for set index");
            return Err(Refusal::about(parameter, message));
        }
    }
    let set = parameters.required("set", super::indexes::longest::NAME)?;
    let Some(namespace) = store.namespace(namespace.as_bytes()) else {
        return Err(Refusal::new(4, "namespace not found"));
    };
    let taken = Refusal::new(200, "'indexname' already exists with different definition");
    let is_same = |known: &Arc<Set>| *known.name == *set.as_bytes();
    let is_taken = find(namespace, name).is_some_and(|known| !is_same(&known));
    if is_taken || namespace.indexes.by_name(name).is_some() {
        return Err(taken);
    }
    wish(namespace, set, Some(name))
}

/// Has a set, which is made if there is none, indexed under this name or not indexed.
pub fn wish(namespace: &Namespace, set: &str, name: Option<&str>) -> Answer {
    let id = namespace.sets.find_or_create(set.as_bytes());
    let Some(set) = id.ok().and_then(|id| namespace.sets.get(id)) else {
        return Err(Refusal::new(4, "failed to get/create set"));
    };
    *set.index.lock() = name.map(str::to_owned);
    Ok("ok".into())
}

/// The name of the index of a set; one that was only configured has none.
pub fn name_of(namespace: &Namespace, set: &str) -> String {
    let id = namespace.sets.find(set.as_bytes());
    let set = id.and_then(|id| namespace.sets.get(id));
    set.and_then(|set| set.index.lock().clone()).unwrap_or_default()
}

/// The set whose index has this name.
pub fn find(namespace: &Namespace, name: &str) -> Option<Arc<Set>> {
    let sets = namespace.sets.list();
    sets.iter().find(|set| set.index.lock().as_deref() == Some(name)).cloned()
}

/// Answers `sindex-delete`, if it is such an index.
pub fn delete(namespace: &Namespace, name: &str) {
    if let Some(set) = find(namespace, name) {
        *set.index.lock() = None;
    }
}

pub fn statistics(set: &Set) -> String {
    let entries = set.objects.load(std::sync::atomic::Ordering::Relaxed);
    format!("entries={entries};used_bytes={};load_pct=100", entries * ENTRY_SIZE)
}

/// How they are listed, each by itself.
pub fn describe_all(namespace: &Namespace) -> Vec<String> {
    let sets = namespace.sets.list();
    let named = sets.iter().filter_map(|set| {
        let name = set.index.lock().clone().filter(|name| !name.is_empty())?;
        Some(format!(
            "ns={}:indexname={name}:set={}:indextype={TYPE}",
            namespace.name(),
            String::from_utf8_lossy(&set.name)
        ))
    });
    named.collect()
}
