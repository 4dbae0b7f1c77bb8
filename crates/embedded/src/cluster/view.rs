//! Who has which partition, as the nodes of a cluster agree on it.

use std::sync::Arc;

use super::balance::{self, Candidate};
use super::{Node, NodeId};
use crate::store::PARTITIONS;

/// Some of the nodes of a cluster.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NodeSet(u32);

impl NodeSet {
    pub fn of(ids: &[NodeId]) -> NodeSet {
        NodeSet(ids.iter().fold(0, |bits, id| bits | 1 << id))
    }

    pub fn contains(self, id: NodeId) -> bool {
        self.0 & (1 << id) != 0
    }

    pub fn insert(&mut self, id: NodeId) {
        self.0 |= 1 << id;
    }

    pub fn remove(&mut self, id: NodeId) {
        self.0 &= !(1 << id);
    }

    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn and(self, others: NodeSet) -> NodeSet {
        NodeSet(self.0 & others.0)
    }
}

/// The state of a cluster. It is replaced, never changed while others look at it.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// Of the present composition of the cluster.
    pub key: u64,
    /// All nodes that ever were, by their number.
    pub nodes: Vec<Arc<Node>>,
    /// Those that are in the cluster.
    pub present: NodeSet,
    /// As many nodes are to have each partition.
    pub factor: usize,
    /// For each partition the nodes in the cluster, in order of precedence.
    successions: Arc<Vec<Vec<NodeId>>>,
    /// For each partition the nodes that have all of its records.
    complete: Vec<NodeSet>,
    pub partition_generation: u64,
    pub peers_generation: u64,
    pub rebalance_generation: u64,
}

impl View {
    /// The nodes in the cluster.
    pub fn members(&self) -> impl Iterator<Item = &Arc<Node>> {
        self.nodes.iter().filter(|node| self.present.contains(node.id))
    }

    pub fn node(&self, id: NodeId) -> Option<&Arc<Node>> {
        self.nodes.get(id)
    }

    /// The node that answers commands on the records of a partition.
    pub fn master(&self, partition: usize) -> Option<NodeId> {
        let complete = self.complete(partition);
        self.succession(partition).iter().copied().find(|&id| complete.contains(id))
    }

    /// The nodes that are to have a partition.
    pub fn replicas(&self, partition: usize) -> &[NodeId] {
        let succession = self.succession(partition);
        succession.get(..self.factor).unwrap_or(succession)
    }

    /// The nodes that have all records of a partition.
    pub fn complete(&self, partition: usize) -> NodeSet {
        self.complete.get(partition).copied().unwrap_or_default()
    }

    /// The nodes in the cluster, in the order in which they are to have a partition.
    pub fn succession(&self, partition: usize) -> &[NodeId] {
        self.successions.get(partition).map_or(&[], |list| list)
    }

    /// Whether a node may answer reads of a partition, and queries.
    pub fn can_read(&self, partition: usize, id: NodeId) -> bool {
        self.master(partition) == Some(id)
            || (self.complete(partition).contains(id) && self.replicas(partition).contains(&id))
    }

    /// Whether clients are told that a node has the place `place` of a partition. The master takes
    /// the places of those to which records are still on their way.
    pub fn has_place(&self, partition: usize, place: usize, id: NodeId) -> bool {
        let replica = self.replicas(partition).get(place);
        if self.master(partition) == Some(id) {
            let is_missing = |replica: &NodeId| !self.complete(partition).contains(*replica);
            place == 0 || replica.is_some_and(|replica| *replica == id || is_missing(replica))
        } else {
            place > 0 && replica == Some(&id) && self.complete(partition).contains(id)
        }
    }

    /// Whether records of a partition are on their way to where they are to be.
    pub fn is_migrating(&self, partition: usize) -> bool {
        self.complete(partition) != NodeSet::of(self.replicas(partition))
    }

    pub fn migrating(&self) -> impl Iterator<Item = usize> {
        (0..PARTITIONS).filter(|&partition| self.is_migrating(partition))
    }

    /// Partitions that nobody has all of.
    pub fn unowned(&self) -> impl Iterator<Item = usize> {
        let partitions = self.complete.iter().enumerate();
        partitions.filter(|(_, complete)| complete.is_empty()).map(|(partition, _)| partition)
    }

    /// Has a partition arrive where it is to be, and nowhere else.
    pub fn migrate(&mut self, partition: usize) {
        let replicas = NodeSet::of(self.replicas(partition));
        if let Some(complete) = self.complete.get_mut(partition) {
            *complete = replicas;
        }
    }

    /// Takes all that it had from a node. Tells of which partitions it had the only copy.
    pub fn forget_copies(&mut self, id: NodeId) -> Vec<usize> {
        let mut lost = Vec::new();
        for (partition, complete) in self.complete.iter_mut().enumerate() {
            let had = complete.contains(id);
            complete.remove(id);
            if had && complete.is_empty() {
                lost.push(partition);
            }
        }
        lost
    }

    /// Distributes the partitions anew among those that are present. A partition that no one has
    /// begins anew, empty.
    pub fn rebalance(&mut self, key: u64, factor: usize) {
        let candidate = |node: &Arc<Node>| Candidate {
            id: node.id,
            hash: node.hash,
            rack: node.rack,
            is_draining: node.is_draining(),
        };
        let candidates: Vec<_> = self.members().map(candidate).collect();
        self.factor = factor.min(candidates.len()).max(1);
        self.successions = Arc::new(balance::successions(&candidates, self.factor));
        self.complete.resize(PARTITIONS, NodeSet::default());
        for partition in 0..PARTITIONS {
            if self.complete(partition).is_empty() {
                self.migrate(partition);
            }
        }
        self.key = key;
        self.rebalance_generation += 1;
    }
}
