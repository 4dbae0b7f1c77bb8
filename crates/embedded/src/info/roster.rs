//! The nodes that namespaces with strong consistency are made of. Whoever is added belongs to them;
//! who is gone for good has to be taken out, for then the others can go on without it.

use super::namespaces::check_namespace;
use super::parameters::Parameters;
use super::{Answer, Refusal};
use crate::cluster::{NodeId, NodeSet, View};
use crate::server::Shared;
use crate::store::Namespace;

/// Answers `roster:` and `roster:namespace=NAMESPACE`.
pub fn show(shared: &Shared, parameters: &Parameters<'_>) -> Answer {
    let view = shared.cluster.view();
    if parameters.namespace().is_some() {
        return Ok(describe(&view, check_namespace(&shared.store, parameters)?));
    }
    let line = |ns: &Namespace| format!("ns={}:{}", ns.name(), describe(&view, ns));
    Ok(shared.store.namespaces().iter().map(|ns| line(ns)).collect::<Vec<_>>().join(";"))
}

fn describe(view: &View, namespace: &Namespace) -> String {
    let names = |of: NodeSet| {
        let nodes = view.nodes.iter().filter(|node| of.contains(node.id));
        let mut names: Vec<_> = nodes.map(|node| node.name.clone()).collect();
        names.sort_unstable_by(|a, b| b.cmp(a));
        if namespace.strong_consistency { names.join(",") } else { "null".into() }
    };
    format!(
        "roster={}:pending_roster={}:observed_nodes={}",
        names(view.roster),
        names(view.pending_roster),
        names(view.present)
    )
}

/// Answers `roster-set:namespace=NAMESPACE;nodes=NAME,...`, which takes effect with `recluster`.
pub fn set(shared: &Shared, parameters: &Parameters<'_>) -> Answer {
    check_consistency(shared, parameters)?;
    let given = parameters.get("nodes").ok_or_else(|| Refusal::missing("nodes"))?;
    let view = shared.cluster.view();
    let number = |given: &str| {
        // A name may have the node's rack behind it.
        let name = given.split('@').next().unwrap_or(given);
        let node = view.nodes.iter().find(|node| node.name.eq_ignore_ascii_case(name));
        node.map(|node| node.id).ok_or_else(|| Refusal::new(4, format!("bad node {given:?}")))
    };
    let ids: Vec<NodeId> = given.split(',').map(number).collect::<Result<_, _>>()?;
    shared.cluster.set_roster(NodeSet::of(&ids));
    Ok("ok".into())
}

/// Answers `revive:namespace=NAMESPACE`, which takes effect with `recluster`.
pub fn revive(shared: &Shared, parameters: &Parameters<'_>) -> Answer {
    check_consistency(shared, parameters)?;
    shared.cluster.revive();
    Ok("ok".into())
}

fn check_consistency(shared: &Shared, parameters: &Parameters<'_>) -> Result<(), Refusal> {
    if check_namespace(&shared.store, parameters)?.strong_consistency {
        return Ok(());
    }
    Err(Refusal::new(4, "namespace is not strong-consistency"))
}
