//! Who answers a command on the records of a partition.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::view::NodeSet;
use super::{Cluster, Node};
use crate::server::Shared;

/// Who answers.
#[derive(Debug)]
pub enum Route {
    /// The node that was asked.
    Here,
    /// Another node, through the one that was asked.
    Through(Arc<Node>),
    /// Another node, which does not: it may come back, or be given up.
    Silent,
}

impl Cluster {
    /// Who answers a command that `node` was asked.
    #[inline]
    pub fn route(&self, node: &Node, partition: usize, writes: bool) -> Route {
        if node.is_alone() { Route::Here } else { self.route_among_nodes(node, partition, writes) }
    }

    fn route_among_nodes(&self, node: &Node, partition: usize, writes: bool) -> Route {
        let view = self.view.load();
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
    /// Who answers a command on a record of a partition.
    #[inline]
    pub fn route(&self, partition: usize, writes: bool) -> Route {
        self.cluster.route(&self.node, partition, writes)
    }

    /// Whether this node may go through the records of a partition for a query.
    pub fn can_read(&self, partition: usize) -> bool {
        self.node.is_alone() || self.cluster.view.load().can_read(partition, self.node.id)
    }

    /// Whether this node is the one that changes the records of a partition.
    pub fn is_master(&self, partition: usize) -> bool {
        self.node.is_alone() || self.cluster.view.load().master(partition) == Some(self.node.id)
    }

    /// Goes on at once, or when the node is resumed.
    pub async fn unless_paused(&self) {
        if self.node.is_paused() {
            self.node.resumed().await;
        }
    }
}
