//! Which nodes are to have a partition, in order of precedence.
//!
//! Each partition ranks the nodes by a hash of its own, so that a node that comes or goes changes
//! no more than its share. A limit on how often a node may have a place evens the shares out.

use std::collections::HashMap;

use super::NodeId;
use crate::store::PARTITIONS;

/// A node as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    pub id: NodeId,
    /// Of the node's name: it has the same place whenever it comes.
    pub hash: u64,
    pub rack: u32,
    /// Whether it is to give away what it has.
    pub is_draining: bool,
}

/// The nodes of each partition, all of them, the first `factor` of which are to have it.
pub fn successions(candidates: &[Candidate], factor: usize) -> Vec<Vec<NodeId>> {
    let staying = candidates.iter().filter(|candidate| !candidate.is_draining).count();
    let limit = PARTITIONS.div_ceil(staying.max(1));
    let mut shares = Shares { limit, taken: HashMap::new() };
    (0..PARTITIONS)
        .map(|partition| succession(candidates, partition, factor, &mut shares))
        .collect()
}

/// How often each node has each place.
struct Shares {
    limit: usize,
    taken: HashMap<(NodeId, usize), usize>,
}

impl Shares {
    fn is_full(&self, id: NodeId, place: usize) -> bool {
        self.taken.get(&(id, place)).is_some_and(|&count| count >= self.limit)
    }

    fn take(&mut self, id: NodeId, place: usize) {
        *self.taken.entry((id, place)).or_default() += 1;
    }
}

fn succession(
    candidates: &[Candidate],
    partition: usize,
    factor: usize,
    shares: &mut Shares,
) -> Vec<NodeId> {
    let mut left = candidates.to_vec();
    left.sort_by_key(|node| mix(node.hash ^ mix(partition as u64 + 1)));
    let mut chosen: Vec<Candidate> = Vec::with_capacity(left.len());
    for place in 0..factor.min(left.len()) {
        // What matters most comes first: that the node stays, then that no two are in one rack,
        // then that all have as much.
        let fitness = |node: &Candidate| {
            let shares_rack = chosen.iter().any(|other| other.rack == node.rack);
            (node.is_draining, shares_rack, shares.is_full(node.id, place))
        };
        let best = left.iter().enumerate().min_by_key(|(_, node)| fitness(node));
        let Some((position, _)) = best else { break };
        let node = left.remove(position);
        shares.take(node.id, place);
        chosen.push(node);
    }
    left.sort_by_key(|node| node.is_draining);
    chosen.extend(left);
    chosen.iter().map(|node| node.id).collect()
}

/// Spreads the bits of a number over all of it, as SplitMix64 does.
fn mix(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(racks: &[u32]) -> Vec<Candidate> {
        let node = |(id, rack): (usize, &u32)| Candidate {
            id,
            hash: mix(1000 + id as u64),
            rack: *rack,
            is_draining: false,
        };
        racks.iter().enumerate().map(node).collect()
    }

    /// How many partitions each node is to have, in the places from the first on.
    fn shares(successions: &[Vec<NodeId>], nodes: usize, places: usize) -> Vec<usize> {
        let has = |node| move |list: &&Vec<NodeId>| list[..places].contains(&node);
        (0..nodes).map(|node| successions.iter().filter(has(node)).count()).collect()
    }

    #[test]
    fn all_nodes_have_as_much() {
        for nodes in 1..=7 {
            let lists = successions(&candidates(&vec![0; nodes]), 2.min(nodes));
            assert!(lists.iter().all(|list| list.len() == nodes));
            let masters = shares(&lists, nodes, 1);
            let limit = PARTITIONS.div_ceil(nodes);
            assert!(masters.iter().all(|&count| (limit - nodes..=limit).contains(&count)));
        }
    }

    #[test]
    fn copies_are_in_different_racks() {
        let nodes = candidates(&[1, 1, 2, 2]);
        for list in successions(&nodes, 2) {
            assert_ne!(nodes[list[0]].rack, nodes[list[1]].rack);
        }
    }

    #[test]
    fn a_node_that_comes_changes_little_more_than_its_share() {
        let (three, four) = (candidates(&[0; 3]), candidates(&[0; 4]));
        let (before, after) = (successions(&three, 1), successions(&four, 1));
        let moved = before.iter().zip(&after).filter(|(b, a)| b[0] != a[0] && a[0] != 3).count();
        assert!(moved < PARTITIONS / 16, "{moved} partitions moved between old nodes");
    }

    #[test]
    fn a_draining_node_is_the_last() {
        let mut nodes = candidates(&[0; 3]);
        nodes[1].is_draining = true;
        assert!(successions(&nodes, 2).iter().all(|list| list[2] == 1));
        assert_eq!(shares(&successions(&nodes, 1), 3, 1), [2048, 0, 2048]);
    }
}
