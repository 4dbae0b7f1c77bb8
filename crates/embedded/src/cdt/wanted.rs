//! The values or keys that a request names in a list.

use std::cmp::Ordering;
use std::ops::Range;

use crate::msgpack::{compare, sort_by};

/// Named elements, and their positions in ascending order of the elements.
pub struct Wanted<'v> {
    elements: Vec<&'v [u8]>,
    sorted: Vec<usize>,
}

impl<'v> Wanted<'v> {
    pub fn new(elements: Vec<&'v [u8]>) -> Wanted<'v> {
        let mut sorted: Vec<usize> = (0..elements.len()).collect();
        let element = |at: &usize| elements.get(*at).copied().unwrap_or_default();
        sort_by(&mut sorted, |a, b| compare(element(a), element(b)));
        Wanted { elements, sorted }
    }

    fn in_order(&self, rank: usize) -> &'v [u8] {
        let at = self.sorted.get(rank);
        at.and_then(|&at| self.elements.get(at)).copied().unwrap_or_default()
    }

    /// Whether an element is named. Wildcards make elements equal that are not; which of them a
    /// search comes upon decides, so the search is that of the server that is modelled.
    pub fn names(&self, element: &[u8]) -> bool {
        let (mut lower, mut upper) = (0, self.sorted.len());
        let mut rank = upper / 2;
        loop {
            match compare(element, self.in_order(rank)) {
                Ordering::Equal => return true,
                Ordering::Greater if rank + 1 >= upper => return false,
                Ordering::Greater => {
                    lower = rank + 1;
                    rank = (rank + upper) / 2;
                }
                Ordering::Less if rank == lower => return false,
                Ordering::Less => {
                    upper = rank;
                    rank = (rank + lower) / 2;
                }
            }
        }
    }

    /// For each named element, as they were named, the ranks among `elements` of those that equal
    /// it. What is named twice has them once.
    pub fn ranks<'e>(&self, elements: impl Iterator<Item = &'e [u8]>) -> Vec<Range<usize>> {
        let mut counts = vec![0; self.elements.len()];
        let mut before = vec![0; self.elements.len() + 1];
        for element in elements {
            let not_above = |at: &usize| {
                let named = self.elements.get(*at).copied().unwrap_or_default();
                compare(named, element).is_le()
            };
            let above = self.sorted.partition_point(not_above);
            if let Some(last) = above.checked_sub(1)
                && compare(self.in_order(last), element).is_eq()
                && let Some(count) = self.sorted.get(last).and_then(|&at| counts.get_mut(at))
            {
                *count += 1;
            }
            if let Some(count) = before.get_mut(above) {
                *count += 1;
            }
        }
        let mut ranges = vec![0..0; self.elements.len()];
        let mut start = 0;
        for (&at, before) in self.sorted.iter().zip(before) {
            start += before;
            if let (Some(range), Some(count)) = (ranges.get_mut(at), counts.get(at)) {
                *range = start..start + count;
            }
        }
        ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_elements_have_the_ranks_of_their_equals() {
        let wanted = Wanted::new(vec![b"\x05", b"\x01", b"\x05", b"\x07"]);
        let elements: [&[u8]; 6] = [b"\x05", b"\x00", b"\x05", b"\x01", b"\x09", b"\x02"];
        let ranks = wanted.ranks(elements.into_iter());
        let told: Vec<_> = ranks.into_iter().filter(|range| !range.is_empty()).collect();
        assert_eq!(told, [1..2, 3..5]);
        assert!(wanted.names(b"\x07") && !wanted.names(b"\x06"));
    }
}
