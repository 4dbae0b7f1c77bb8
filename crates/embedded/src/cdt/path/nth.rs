//! Finding the element of a rank among elements that have no order.
//!
//! Which of several equal elements has a rank is not documented for the server that is modelled,
//! but it follows from how it looks for it, and so what is modified is the same.

use std::cmp::Ordering;

use crate::msgpack::sort_by;

/// As many comparisons for each element before the search is one that somebody made slow.
const PATIENCE: usize = 64;

/// The element of a rank, which must be less than `size`.
pub fn nth(size: usize, rank: usize, compare: impl Fn(usize, usize) -> Ordering) -> usize {
    let mut order: Vec<usize> = (0..size).collect();
    select(&mut order, rank, &compare).unwrap_or_else(|| {
        order.sort_unstable();
        sort_by(&mut order, |a, b| compare(*a, *b));
        order.get(rank).copied().unwrap_or_default()
    })
}

/// Narrows the part down in which the rank is, between smaller and larger elements; `None` if that
/// takes too long.
fn select(
    order: &mut [usize],
    rank: usize,
    compare: &impl Fn(usize, usize) -> Ordering,
) -> Option<usize> {
    let mut left = order.len() * PATIENCE;
    let (mut low, mut high) = (0, order.len().checked_sub(1)?);
    while low < high {
        left = left.checked_sub(high - low)?;
        let middle = low + (high - low) / 2;
        let pivot = *order.get(middle)?;
        order.swap(low, middle);
        let (mut up, mut down) = (low + 1, high);
        loop {
            while up < down && compare(*order.get(up)?, pivot).is_lt() {
                up += 1;
            }
            while up <= down && down != low && compare(pivot, *order.get(down)?).is_lt() {
                down -= 1;
            }
            if up >= down {
                break;
            }
            order.swap(up, down);
            up += 1;
            down -= 1;
        }
        order.swap(low, down);
        match down.cmp(&rank) {
            Ordering::Equal => return Some(pivot),
            Ordering::Less => low = down + 1,
            Ordering::Greater => high = down - 1,
        }
    }
    order.get(low).copied()
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    #[test]
    fn every_rank_is_found() {
        let elements = [5, 3, 8, 1, 9, 2, 7, 0, 6, 4, 4, 4, 0];
        for size in 1..=elements.len() {
            let mut sorted = elements[..size].to_vec();
            sorted.sort_unstable();
            for (rank, wanted) in sorted.into_iter().enumerate() {
                let found = nth(size, rank, |a, b| elements[a].cmp(&elements[b]));
                assert_eq!(elements[found], wanted, "rank {rank} of {size}");
            }
        }
    }

    #[test]
    fn of_equal_elements_the_later_has_the_lower_rank() {
        let equal = |_, _| Ordering::Equal;
        assert_eq!([nth(2, 0, equal), nth(2, 1, equal)], [1, 0]);
    }

    /// Elements that are given their values as they are compared, so that what is taken to narrow
    /// the rest down always turns out to be the least.
    struct Hostile {
        values: RefCell<Vec<usize>>,
        given: Cell<usize>,
        candidate: Cell<usize>,
    }

    impl Hostile {
        const NONE: usize = usize::MAX;

        fn compare(&self, a: usize, b: usize) -> Ordering {
            let mut values = self.values.borrow_mut();
            if values[a] == Self::NONE && values[b] == Self::NONE {
                let fixed = if a == self.candidate.get() { a } else { b };
                values[fixed] = self.given.replace(self.given.get() + 1);
            }
            for at in [b, a] {
                if values[at] == Self::NONE {
                    self.candidate.set(at);
                }
            }
            values[a].cmp(&values[b])
        }
    }

    #[test]
    fn a_search_that_does_not_get_on_is_ended_by_sorting() {
        const SIZE: usize = 3000;
        let hostile = Hostile {
            values: RefCell::new(vec![Hostile::NONE; SIZE]),
            given: Cell::new(0),
            candidate: Cell::new(0),
        };
        let compare = |a: usize, b: usize| hostile.compare(a, b);
        let mut order: Vec<usize> = (0..SIZE).collect();
        assert_eq!(select(&mut order, SIZE - 1, &compare), None);
        let highest = nth(SIZE, SIZE - 1, compare);
        assert!((0..SIZE).all(|at| compare(at, highest).is_le()));
    }
}
