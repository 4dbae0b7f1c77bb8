//! What the node says of itself, of its peers and of who has which partition.

use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::parameters::Parameters;
use super::{Answer, Refusal};
use crate::store::{PARTITIONS, Store};

/// The identity of this node.
#[derive(Debug)]
pub struct Node {
    /// Sixteen hexadecimal digits, as clients know the node.
    pub name: String,
    /// Where clients reach it.
    pub address: SocketAddr,
    cluster_key: String,
    pub started: Instant,
}

impl Node {
    pub fn new(bound: SocketAddr) -> Node {
        // A server on all addresses tells its clients, who are on this machine, the loopback one.
        let ip = match bound.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        let random = RandomState::new();
        Node {
            // The port makes the name unique among the nodes on one machine.
            name: format!("BB9{:04X}{:09X}", bound.port(), random.hash_one(1) >> 28),
            address: SocketAddr::new(ip, bound.port()),
            cluster_key: format!("{:X}", (random.hash_one(2) >> 16) | 1),
            started: Instant::now(),
        }
    }

    /// Generation, default port, and the other nodes: none.
    pub fn peers(&self) -> String {
        format!("0,{},[]", self.address.port())
    }

    pub fn cluster_key(&self) -> &str {
        &self.cluster_key
    }

    pub fn cluster_stable(&self, parameters: &Parameters<'_>) -> Answer {
        match parameters.get("size").map(str::parse::<u32>) {
            Some(Err(_)) => return Err(Refusal::new(4, "bad size")),
            Some(Ok(size)) if size != 1 => {
                return Err(Refusal::new(7, "cluster not specified size"));
            }
            _ => {}
        }
        Ok(self.cluster_key.clone())
    }
}

/// The partitions of every namespace that this node has: all, as a bitmap, after `prefix`.
pub fn replicas(store: &Store, prefix: &str) -> String {
    let all = STANDARD.encode([0xff; PARTITIONS / 8]);
    let lines = store.namespaces().iter().map(|ns| format!("{}:{prefix}{all}", ns.name()));
    lines.collect::<Vec<_>>().join(";")
}
