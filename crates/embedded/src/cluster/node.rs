//! A node, as the others and its clients know it.

use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::NodeId;
use super::settings::{Advertised, Settings};
use crate::store::Store;

/// A node of a cluster, from its start to its end. Started again it is another one with the same
/// identity.
#[derive(Debug)]
pub struct Node {
    pub id: NodeId,
    /// Sixteen hexadecimal digits, as clients know the node.
    pub name: String,
    /// Of the name.
    pub hash: u64,
    pub rack: u32,
    /// Where it listens, as clients on this machine reach it.
    pub address: SocketAddr,
    /// The same for encrypted connections, if there are any.
    pub tls_address: Option<SocketAddr>,
    /// Where it says that clients reach it.
    pub advertised: Advertised,
    /// The records, which all nodes share, and what this node counts of its commands on them.
    pub store: Store,
    pub started: Instant,
    /// Whether it is the only one and has everything: it need not ask who has what.
    is_alone: AtomicBool,
    is_draining: AtomicBool,
    is_paused: AtomicBool,
    is_killed: AtomicBool,
    /// Wakes what waits for the end of a pause.
    pauses: watch::Sender<()>,
    connections: Mutex<Vec<AbortHandle>>,
}

/// What stays the same when a node is started again.
#[derive(Debug, Clone)]
pub struct Identity {
    pub id: NodeId,
    pub name: String,
    pub rack: u32,
    /// What its socket is bound to.
    pub bound: SocketAddr,
    /// What that for encrypted connections is bound to, if there is one.
    pub tls_bound: Option<SocketAddr>,
}

impl Identity {
    pub fn new(
        id: NodeId,
        rack: u32,
        bound: SocketAddr,
        tls_bound: Option<SocketAddr>,
    ) -> Identity {
        // The port makes the name unique among the nodes on one machine.
        let random = RandomState::new().hash_one(1) >> 28;
        let name = format!("BB9{:04X}{random:09X}", bound.port());
        Identity { id, name, rack, bound, tls_bound }
    }
}

impl Node {
    pub fn new(identity: Identity, settings: &Settings, store: Store) -> Node {
        let Identity { id, name, rack, bound, tls_bound } = identity;
        let address = reachable(bound);
        Node {
            id,
            hash: u64::from_str_radix(&name, 16).unwrap_or_default(),
            name,
            rack,
            address,
            tls_address: tls_bound.map(reachable),
            advertised: settings.advertised(address),
            store,
            started: Instant::now(),
            is_alone: AtomicBool::new(false),
            is_draining: AtomicBool::new(false),
            is_paused: AtomicBool::new(false),
            is_killed: AtomicBool::new(false),
            pauses: watch::Sender::new(()),
            connections: Mutex::default(),
        }
    }

    pub fn is_alone(&self) -> bool {
        self.is_alone.load(Ordering::Relaxed)
    }

    pub fn set_alone(&self, is_alone: bool) {
        self.is_alone.store(is_alone, Ordering::Relaxed);
    }

    pub fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::Relaxed)
    }

    pub fn set_draining(&self, is_draining: bool) {
        self.is_draining.store(is_draining, Ordering::Relaxed);
    }

    pub fn is_paused(&self) -> bool {
        self.is_paused.load(Ordering::Relaxed)
    }

    pub fn set_paused(&self, is_paused: bool) {
        self.is_paused.store(is_paused, Ordering::Relaxed);
        self.pauses.send_replace(());
    }

    pub fn is_killed(&self) -> bool {
        self.is_killed.load(Ordering::Relaxed)
    }

    /// Whether it answers the other nodes.
    pub fn responds(&self) -> bool {
        !self.is_killed() && !self.is_paused()
    }

    /// Waits for the end of a pause.
    pub async fn resumed(&self) {
        let mut pauses = self.pauses.subscribe();
        while self.is_paused() && pauses.changed().await.is_ok() {}
    }

    /// Ends all connections with the node.
    pub fn kill(&self) {
        let mut connections = self.connections.lock();
        self.is_killed.store(true, Ordering::Relaxed);
        connections.drain(..).for_each(|connection| connection.abort());
        drop(connections);
        self.set_paused(false);
    }

    /// Has a connection end with the node.
    pub fn keep(&self, connection: AbortHandle) {
        let mut connections = self.connections.lock();
        if self.is_killed() {
            return connection.abort();
        }
        // So rarely that it costs nothing, and often enough that what has ended never is the most.
        if connections.len() == connections.capacity() {
            connections.retain(|connection| !connection.is_finished());
            let room = connections.len().max(64);
            connections.reserve_exact(room);
        }
        connections.push(connection);
    }
}

/// A server on all addresses tells its clients, who are on this machine, the loopback one.
fn reachable(bound: SocketAddr) -> SocketAddr {
    let ip = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, bound.port())
}
