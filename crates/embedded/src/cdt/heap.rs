//! Finding a range of ranks among elements that have no order.
//!
//! The range is taken off a heap, from the end of the ranks that is nearer. Which of several equal
//! elements have a rank is not documented for the server that is modelled, but it follows from
//! this, and so answers agree.

use std::cmp::Ordering;

/// The elements of a range of ranks.
pub struct Ranked {
    /// By ascending rank.
    pub indexes: Vec<usize>,
    /// Whether they were taken from the lowest rank upwards.
    pub from_lowest: bool,
}

/// Finds the elements of `count` ranks from `start` among `size` elements.
pub fn rank_range(
    size: usize,
    start: usize,
    count: usize,
    compare: impl Fn(usize, usize) -> Ordering,
) -> Ranked {
    let after = size - start - count;
    let from_lowest = start <= after;
    let (first, passed) =
        if from_lowest { (Ordering::Less, start) } else { (Ordering::Greater, after) };
    let comes_first = |a: usize, b: usize| compare(a, b) == first;
    let mut heap: Vec<usize> = (0..size).collect();
    for at in (0..size / 2).rev() {
        sink(&mut heap, at, &comes_first);
    }
    let mut indexes = Vec::with_capacity(count);
    for number in 0..passed + count {
        if heap.is_empty() {
            break;
        }
        let top = heap.swap_remove(0);
        sink(&mut heap, 0, &comes_first);
        if number >= passed {
            indexes.push(top);
        }
    }
    if !from_lowest {
        indexes.reverse();
    }
    Ranked { indexes, from_lowest }
}

/// Moves an element down until none of its children comes before it.
fn sink(heap: &mut [usize], mut at: usize, comes_first: &impl Fn(usize, usize) -> bool) {
    loop {
        let (left, right) = (2 * at + 1, 2 * at + 2);
        let child = match (heap.get(left), heap.get(right)) {
            (Some(&a), Some(&b)) if comes_first(b, a) => right,
            (Some(_), _) => left,
            (None, _) => return,
        };
        match (heap.get(child), heap.get(at)) {
            (Some(&below), Some(&here)) if comes_first(below, here) => heap.swap(child, at),
            _ => return,
        }
        at = child;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_of_ranks_is_found() {
        let elements = [5, 3, 8, 1, 9, 2, 7, 0, 6, 4];
        for start in 0..=elements.len() {
            for count in 0..=elements.len() - start {
                let found =
                    rank_range(elements.len(), start, count, |a, b| elements[a].cmp(&elements[b]));
                let found: Vec<_> = found.indexes.iter().map(|&at| elements[at]).collect();
                assert_eq!(found, (start..start + count).collect::<Vec<_>>());
            }
        }
    }
}
