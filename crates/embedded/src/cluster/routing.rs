//! Who answers a command on the records of a partition.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{Cluster, Node, NodeSet, View};
use crate::protocol::message::{Message, info2};
use crate::server::Shared;
use crate::store::{Digest, Namespace, partition_of};

/// Who answers.
#[derive(Debug)]
pub enum Route {
    /// The node that was asked.
    Here,
    /// Another node, through the one that was asked.
    Through(Arc<Node>),
    /// Another node, which does not: it may come back, or be given up.
    Silent,
    /// Nobody: others may have the partition, or its records are gone.
    Unavailable,
}

/// What a command is about.
#[derive(Debug, Clone, Copy)]
pub struct Destination {
    pub partition: usize,
    /// Whether its namespace has strong consistency.
    pub is_consistent: bool,
    pub writes: bool,
}

impl Destination {
    pub fn of(message: &Message<'_>, namespace: &Namespace, digest: &Digest) -> Destination {
        Destination {
            partition: partition_of(digest),
            is_consistent: namespace.strong_consistency,
            writes: message.has_info2(info2::WRITE),
        }
    }
}

impl Cluster {
    /// Who answers a command that `node` was asked.
    #[inline]
    pub fn route(&self, node: &Node, to: Destination) -> Route {
        if node.is_alone() { Route::Here } else { self.route_among_nodes(node, to) }
    }

    fn route_among_nodes(&self, node: &Node, to: Destination) -> Route {
        let Destination { partition, is_consistent, writes } = to;
        let view = self.view.load();
        if is_consistent && view.is_unavailable(partition) {
            return Route::Unavailable;
        }
        let master = view.master(partition).and_then(|id| view.node(id));
        match master {
            Some(master) if master.id == node.id => Route::Here,
            _ if !writes && view.can_read(partition, node.id) => Route::Here,
            Some(master) if master.responds() => Route::Through(Arc::clone(master)),
            _ => Route::Silent,
        }
    }

    /// Whether every node that has a partition can say that it has what was just written.
    #[inline]
    pub fn acknowledges(&self, partition: usize) -> bool {
        !self.has_silent.load(Ordering::Relaxed) || self.replicas_respond(partition)
    }

    fn replicas_respond(&self, partition: usize) -> bool {
        let view = self.view.load();
        let copies = NodeSet::of(view.replicas(partition)).and(view.complete(partition));
        view.members().all(|node| node.responds() || !copies.contains(node.id))
    }
}

impl Shared {
    /// Who answers a command on a record.
    #[inline]
    pub fn route(&self, to: Destination) -> Route {
        self.cluster.route(&self.node, to)
    }

    /// Whether this node may go through the records of a partition for a query.
    pub fn can_read(&self, namespace: &Namespace, partition: usize) -> bool {
        self.has(namespace, partition, |view| view.can_read(partition, self.node.id))
    }

    /// Whether this node is the one that changes the records of a partition.
    pub fn is_master(&self, namespace: &Namespace, partition: usize) -> bool {
        self.has(namespace, partition, |view| view.master(partition) == Some(self.node.id))
    }

    fn has(&self, of: &Namespace, partition: usize, has: impl Fn(&View) -> bool) -> bool {
        if self.node.is_alone() {
            return true;
        }
        let view = self.cluster.view.load();
        has(&view) && !(of.strong_consistency && view.is_unavailable(partition))
    }

    /// Carries something out while the cluster is neither split nor healed: what is written then is
    /// in both halves, or in the one that answered.
    ///
    /// # Errors
    /// When the node has been ended: what it writes now would be nowhere.
    pub fn undivided<T>(&self, work: impl FnOnce() -> T) -> io::Result<T> {
        // Without such a port nobody can split it.
        if self.cluster.settings.control_port.is_none() {
            return Ok(work());
        }
        let _unity = self.cluster.unity.read();
        if self.node.is_killed() {
            return Err(io::Error::other("the node has been ended"));
        }
        Ok(work())
    }

    /// Goes on at once, or when the node is resumed.
    pub async fn unless_paused(&self) {
        if self.node.is_paused() {
            self.node.resumed().await;
        }
    }
}
