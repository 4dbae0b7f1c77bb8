//! The nodes that a namespace with strong consistency is made of: all there are.

use super::namespaces::check_namespace;
use super::parameters::Parameters;
use super::{Answer, Refusal};
use crate::server::Shared;
use crate::store::{Namespace, Store};

/// Answers `roster:` and `roster:namespace=NAMESPACE`.
pub fn show(shared: &Shared, parameters: &Parameters<'_>) -> Answer {
    let view = shared.cluster.view();
    let mut names: Vec<_> = view.members().map(|node| node.name.clone()).collect();
    names.sort_unstable_by(|a, b| b.cmp(a));
    let roster = names.join(",");
    if parameters.namespace().is_some() {
        return Ok(describe(&roster, check_namespace(&shared.store, parameters)?));
    }
    let line = |ns: &Namespace| format!("ns={}:{}", ns.name(), describe(&roster, ns));
    Ok(shared.store.namespaces().iter().map(|ns| line(ns)).collect::<Vec<_>>().join(";"))
}

fn describe(roster: &str, namespace: &Namespace) -> String {
    let roster = if namespace.strong_consistency { roster } else { "null" };
    format!("roster={roster}:pending_roster={roster}:observed_nodes={roster}")
}

/// Answers `roster-set`: whoever is there belongs to the roster, so nothing changes.
pub fn set(store: &Store, parameters: &Parameters<'_>) -> Answer {
    if !check_namespace(store, parameters)?.strong_consistency {
        return Err(Refusal::new(4, "namespace is not strong-consistency"));
    }
    match parameters.get("nodes") {
        Some(_) => Ok("ok".into()),
        None => Err(Refusal::missing("nodes")),
    }
}
