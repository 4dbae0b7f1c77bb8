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

    pub fn without(self, others: NodeSet) -> NodeSet {
        NodeSet(self.0 & !others.0)
    }

    pub fn and(self, others: NodeSet) -> NodeSet {
        NodeSet(self.0 & others.0)
    }
}

/// How many partitions namespaces with strong consistency refuse.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Refused {
    /// Because nodes are missing.
    pub unavailable: usize,
    /// Because their records are gone, though all nodes are there.
    pub dead: usize,
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
    /// The nodes that namespaces with strong consistency are made of, present or not.
    pub roster: NodeSet,
    /// Those that they are to be made of when the cluster forms anew.
    pub pending_roster: NodeSet,
    /// Partitions whose records no node in the cluster has, or had when it was lost.
    lost: Vec<bool>,
    /// Partitions that namespaces with strong consistency do not answer for.
    unavailable: Arc<Vec<bool>>,
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

    /// Whether namespaces with strong consistency refuse what is asked of a partition.
    pub fn is_unavailable(&self, partition: usize) -> bool {
        self.unavailable.get(partition).copied().unwrap_or(false)
    }

    /// How many partitions are refused: those that nodes take along which are missing, and those
    /// whose records are gone for good.
    pub fn refused(&self) -> Refused {
        let all = self.unavailable.iter().filter(|is_unavailable| **is_unavailable).count();
        if self.roster.and(self.present) == self.roster {
            Refused { unavailable: 0, dead: all }
        } else {
            Refused { unavailable: all, dead: 0 }
        }
    }

    /// Whether the records of a partition are not in this part of the cluster.
    fn is_lost(&self, partition: usize) -> bool {
        self.lost.get(partition).copied().unwrap_or(false)
    }

    /// Leaves only some of the nodes.
    pub fn keep_only(&mut self, staying: NodeSet) {
        let leaving: Vec<_> = self.members().map(|node| node.id).collect();
        for id in leaving.into_iter().filter(|id| !staying.contains(*id)) {
            self.present.remove(id);
            self.forget_copies(id);
        }
        self.peers_generation += 1;
    }

    /// Whether a partition is to be as another part of the cluster has it, in namespaces with strong
    /// consistency: it went on there, or it is nowhere else.
    pub fn is_behind(&self, other: &View, partition: usize) -> bool {
        !other.is_unavailable(partition) || (self.is_lost(partition) && !other.is_lost(partition))
    }

    /// Takes back the nodes of another part of the cluster.
    pub fn reunite(&mut self, other: &View, nodes: Vec<Arc<Node>>) {
        for partition in 0..PARTITIONS {
            if self.is_lost(partition) && !other.is_lost(partition) {
                if let Some(complete) = self.complete.get_mut(partition) {
                    *complete = other.complete(partition).and(other.present);
                }
                self.note_found(partition);
            }
        }
        for node in nodes {
            let id = node.id;
            if other.present.contains(id) {
                self.present.insert(id);
            }
            if let Some(place) = self.nodes.get_mut(id) {
                *place = node;
            }
        }
        self.peers_generation = self.peers_generation.max(other.peers_generation) + 1;
        self.partition_generation = self.partition_generation.max(other.partition_generation);
        self.rebalance_generation = self.rebalance_generation.max(other.rebalance_generation);
    }

    /// Notes that the records of a partition are back.
    pub fn note_found(&mut self, partition: usize) {
        if let Some(is_lost) = self.lost.get_mut(partition) {
            *is_lost = false;
        }
    }

    /// Has a node be part of namespaces with strong consistency.
    pub fn enlist(&mut self, id: NodeId) {
        self.roster.insert(id);
        self.pending_roster.insert(id);
    }

    /// Has partitions whose records are gone begin anew where there is strong consistency, too.
    pub fn revive(&mut self) {
        self.lost.fill(false);
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
        let candidates: Vec<_> = self.members().map(candidate).collect();
        self.factor = factor.min(candidates.len()).max(1);
        self.successions = Arc::new(balance::successions(&candidates, self.factor));
        let is_new = self.complete.is_empty();
        self.complete.resize(PARTITIONS, NodeSet::default());
        self.lost.resize(PARTITIONS, false);
        for (partition, is_lost) in self.lost.iter_mut().enumerate() {
            let has_owner = self.complete.get(partition).is_some_and(|owners| !owners.is_empty());
            *is_lost |= !is_new && !has_owner;
        }
        for partition in 0..PARTITIONS {
            if self.complete(partition).is_empty() {
                self.migrate(partition);
            }
        }
        self.unavailable = Arc::new(self.find_unavailable(factor));
        self.key = key;
        self.rebalance_generation += 1;
    }

    /// A partition is available if its records are there and no other part of the cluster can have
    /// it as well: with all nodes of the roster that are to have it; with one of them and most of
    /// the roster; or with the first of them and half of the roster.
    fn find_unavailable(&self, factor: usize) -> Vec<bool> {
        let expected = |node: &&Arc<Node>| self.roster.contains(node.id);
        let candidates: Vec<_> = self.nodes.iter().filter(expected).map(candidate).collect();
        let factor = factor.min(candidates.len());
        let present = self.roster.and(self.present);
        let (there, all) = (2 * present.len(), self.roster.len());
        let is_available = |list: &Vec<NodeId>| {
            let replicas = list.get(..factor).unwrap_or(list);
            let has = |id: &NodeId| present.contains(*id);
            replicas.iter().all(has)
                || (there > all && replicas.iter().any(has))
                || (there == all && replicas.first().is_some_and(has))
        };
        let available: Vec<_> = if present == self.roster {
            vec![true; PARTITIONS]
        } else {
            balance::successions(&candidates, factor).iter().map(is_available).collect()
        };
        let is_lost = |(partition, available): (usize, bool)| {
            !available || self.lost.get(partition).copied().unwrap_or(false)
        };
        available.into_iter().enumerate().map(is_lost).collect()
    }
}

fn candidate(node: &Arc<Node>) -> Candidate {
    Candidate { id: node.id, hash: node.hash, rack: node.rack, is_draining: node.is_draining() }
}
