//! Sorting that any comparison may drive.
//!
//! Numbers that are none equal all numbers, and wildcards equal everything, so elements need not
//! have one order. The sorting of the standard library panics when it notices that.

use std::cmp::Ordering;

/// Runs of this many elements are sorted by insertion, and then merged.
const RUN: usize = 20;

/// Sorts elements; equal ones stay in the order in which they were.
pub fn sort_by<T: Clone>(elements: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    if elements.is_sorted_by(|a, b| compare(a, b).is_le()) {
        return;
    }
    for run in elements.chunks_mut(RUN) {
        insert(run, &compare);
    }
    let mut merged = Vec::with_capacity(elements.len());
    let mut width = RUN;
    while width < elements.len() {
        merged.clear();
        for pair in elements.chunks(2 * width) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge(left, right, &mut merged, &compare);
        }
        elements.clone_from_slice(&merged);
        width *= 2;
    }
}

fn insert<T>(run: &mut [T], compare: &impl Fn(&T, &T) -> Ordering) {
    for end in 1..run.len() {
        for at in (1..=end).rev() {
            match run.get(at - 1..=at) {
                Some([before, this]) if compare(before, this).is_gt() => run.swap(at - 1, at),
                _ => break,
            }
        }
    }
}

fn merge<T: Clone>(
    mut left: &[T],
    mut right: &[T],
    merged: &mut Vec<T>,
    compare: &impl Fn(&T, &T) -> Ordering,
) {
    while let (Some((l, left_rest)), Some((r, right_rest))) =
        (left.split_first(), right.split_first())
    {
        if compare(l, r).is_gt() {
            merged.push(r.clone());
            right = right_rest;
        } else {
            merged.push(l.clone());
            left = left_rest;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_sorted_and_equal_ones_stay() {
        for size in [0, 1, 2, 19, 20, 21, 40, 41, 100, 1000] {
            let mut elements: Vec<(u32, u32)> =
                (0..size).map(|n: u32| (n.wrapping_mul(2_654_435_761) % 37, n)).collect();
            let mut wanted = elements.clone();
            wanted.sort();
            sort_by(&mut elements, |a, b| a.0.cmp(&b.0));
            assert_eq!(elements, wanted, "{size} elements");
        }
    }

    #[test]
    fn a_comparison_without_sense_loses_nothing() {
        let mut elements: Vec<u32> = (0..1000).rev().collect();
        sort_by(&mut elements, |a, b| (a * 7919 % 101).cmp(&(b * 104_729 % 97)));
        elements.sort_unstable();
        assert_eq!(elements, (0..1000).collect::<Vec<_>>());
    }
}
