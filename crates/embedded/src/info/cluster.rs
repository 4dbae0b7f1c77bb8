//! What a node says of itself, of its peers and of who has which partition.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::namespaces::check_namespace;
use super::{Answer, Parameters, Refusal};
use crate::cluster::Node;
use crate::server::Shared;
use crate::store::{Namespace, PARTITIONS};
use crate::tls::Tls;

/// Which addresses of the nodes a client asks for.
#[derive(Debug, Clone, Copy)]
pub enum Addresses {
    Standard,
    Alternate,
    /// For encrypted connections.
    Tls,
}

impl Addresses {
    fn of(self, node: &Node) -> Option<SocketAddr> {
        match self {
            Addresses::Standard => Some(node.advertised.standard),
            Addresses::Alternate => node.advertised.alternate,
            Addresses::Tls => node.tls_address,
        }
    }
}

/// The node's own alternate address, if it has one.
pub fn alternate(node: &Node) -> String {
    node.advertised.alternate.map_or_else(String::new, |address| address.to_string())
}

/// The node's own address for encrypted connections.
pub fn tls_service(node: &Node) -> Answer {
    Ok(node.tls_address.ok_or(Refusal::ENTERPRISE_ONLY)?.to_string())
}

/// The other nodes' addresses for encrypted connections, and the name that they have in their
/// certificates.
pub fn tls_peers(shared: &Shared) -> Answer {
    let port = shared.node.tls_address.ok_or(Refusal::ENTERPRISE_ONLY)?.port();
    Ok(list_peers(shared, Addresses::Tls, port, shared.tls.as_ref().map_or("", Tls::name)))
}

/// The other nodes that have such an address.
fn others(shared: &Shared, addresses: Addresses) -> Vec<(Arc<Node>, SocketAddr)> {
    let view = shared.cluster.view();
    let others = view.members().filter(|node| node.id != shared.node.id);
    others.filter_map(|node| Some((Arc::clone(node), addresses.of(node)?))).collect()
}

/// The addresses of the other nodes.
pub fn services(shared: &Shared, addresses: Addresses) -> String {
    let others = others(shared, addresses);
    others.iter().map(|(_, address)| address.to_string()).collect::<Vec<_>>().join(";")
}

/// Generation, default port, and the other nodes.
pub fn peers(shared: &Shared, addresses: Addresses) -> String {
    list_peers(shared, addresses, shared.node.address.port(), "")
}

fn list_peers(shared: &Shared, addresses: Addresses, port: u16, tls_name: &str) -> String {
    let generation = shared.cluster.view().peers_generation;
    let others = others(shared, addresses);
    let others =
        others.iter().map(|(node, address)| format!("[{},{tls_name},[{address}]]", node.name));
    let others = others.collect::<Vec<_>>().join(",");
    format!("{generation},{port},[{others}]")
}

/// Answers `cluster-stable`: the key of the cluster, if nothing is on its way.
pub fn stable(shared: &Shared, parameters: &Parameters<'_>) -> Answer {
    let view = shared.cluster.view();
    match parameters.get("size").map(str::parse::<usize>) {
        Some(Err(_)) => return Err(Refusal::new(4, "bad size")),
        Some(Ok(size)) if size != view.present.len() => {
            return Err(Refusal::new(7, "cluster not specified size"));
        }
        _ => {}
    }
    let ignores_migrations = match parameters.get("ignore-migrations") {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Refusal::new(4, "bad ignore migrations")),
    };
    if !ignores_migrations {
        if parameters.namespace().is_some() {
            check_namespace(&shared.store, parameters)?;
        }
        if view.migrating().next().is_some() {
            return Err(Refusal::new(7, "unstable cluster"));
        }
    }
    Ok(format!("{:X}", view.key))
}

/// The partitions that this node has, in each place that it may have: a bitmap for each.
fn bitmaps(shared: &Shared, namespace: &Namespace) -> Vec<String> {
    let view = shared.cluster.view();
    let is_refused = |number| namespace.strong_consistency && view.is_unavailable(number);
    let bitmap = |place| {
        let mut bits = [0_u8; PARTITIONS / 8];
        for (number, byte) in bits.iter_mut().enumerate() {
            for bit in 0..8 {
                let partition = number * 8 + bit;
                let has_place =
                    view.has_place(partition, place, shared.node.id) && !is_refused(partition);
                *byte |= u8::from(has_place) << (7 - bit);
            }
        }
        STANDARD.encode(bits)
    };
    (0..view.factor).map(bitmap).collect()
}

/// For every namespace the regime, if it is wanted, how many places a partition has, and which of
/// which partitions this node has.
pub fn replicas(shared: &Shared, with_regime: bool) -> String {
    of_each(shared, |ns| {
        let bitmaps = bitmaps(shared, ns);
        let regime = if with_regime { format!("{},", regime(shared, ns)) } else { String::new() };
        format!("{}:{regime}{},{}", ns.name(), bitmaps.len(), bitmaps.join(","))
    })
}

/// Counts how often the masters changed with strong consistency; 0 without it.
fn regime(shared: &Shared, namespace: &Namespace) -> u64 {
    if namespace.strong_consistency { shared.cluster.view().rebalance_generation } else { 0 }
}

/// For every namespace the partitions of which this node is the master.
pub fn masters(shared: &Shared) -> String {
    of_each(shared, |ns| {
        let bitmaps = bitmaps(shared, ns);
        format!("{}:{}", ns.name(), bitmaps.first().map_or("", |bitmap| bitmap))
    })
}

/// The rack of this node, which is the same in all namespaces.
pub fn rack_ids(shared: &Shared) -> String {
    of_each(shared, |ns| format!("{}:{}", ns.name(), shared.node.rack))
}

/// The nodes of each rack.
pub fn racks(shared: &Shared, parameters: &Parameters<'_>) -> Answer {
    let mut racks: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for node in shared.cluster.view().members() {
        racks.entry(node.rack).or_default().push(node.name.clone());
    }
    let mut text = String::new();
    for (rack, names) in racks {
        let separator = if text.is_empty() { "" } else { ":" };
        let _ = write!(text, "{separator}rack_{rack}={}", names.join(","));
    }
    if parameters.namespace().is_some() {
        check_namespace(&shared.store, parameters)?;
        return Ok(text);
    }
    Ok(of_each(shared, |ns| format!("ns={}:{text}", ns.name())))
}

fn of_each(shared: &Shared, tell: impl Fn(&Namespace) -> String) -> String {
    let namespaces = shared.store.namespaces().iter();
    namespaces.map(|namespace| tell(namespace)).collect::<Vec<_>>().join(";")
}
