//! The nodes that a namespace with strong consistency is made of: all there are.

use super::namespaces::check_namespace;
use super::parameters::Parameters;
use super::{Answer, Node, Refusal};
use crate::store::{Namespace, Store};

/// Answers `roster:` and `roster:namespace=NAMESPACE`.
pub fn show(node: &Node, store: &Store, parameters: &Parameters<'_>) -> Answer {
    if parameters.namespace().is_some() {
        return Ok(describe(node, check_namespace(store, parameters)?));
    }
    let line = |ns: &Namespace| format!("ns={}:{}", ns.name(), describe(node, ns));
    Ok(store.namespaces().iter().map(|ns| line(ns)).collect::<Vec<_>>().join(";"))
}

fn describe(node: &Node, namespace: &Namespace) -> String {
    let roster = if namespace.strong_consistency { &*node.name } else { "null" };
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
