//! The order of elements: by type first, then by value.

use std::cmp::Ordering;

use super::token::{Token, skip, take_flags};
use super::{MAX_DEPTH, map_flags};
use crate::protocol::cursor::Cursor;

/// Compares two elements; what is malformed equals everything.
pub fn compare(a: &[u8], b: &[u8]) -> Ordering {
    Comparison::new(a, b).next(0).unwrap_or(Ordering::Equal)
}

/// Compares two elements, unless one is malformed or the comparison comes upon a map that has no
/// order.
pub fn compare_strictly(a: &[u8], b: &[u8]) -> Option<Ordering> {
    let mut comparison = Comparison::new(a, b);
    let order = match comparison.next(0) {
        None if comparison.wildcard => Ordering::Equal,
        order => order?,
    };
    (!comparison.unordered).then_some(order)
}

/// A comparison on its way.
struct Comparison<'e> {
    a: Cursor<'e>,
    b: Cursor<'e>,
    /// Whether there was a map that has no order.
    unordered: bool,
    /// Whether there was a wildcard: all that comes after it is equal.
    wildcard: bool,
}

impl<'e> Comparison<'e> {
    fn new(a: &'e [u8], b: &'e [u8]) -> Comparison<'e> {
        Comparison { a: Cursor::new(a), b: Cursor::new(b), unordered: false, wildcard: false }
    }

    fn next(&mut self, depth: usize) -> Option<Ordering> {
        let (mut left, mut right) = (Token::read(&mut self.a)?, Token::read(&mut self.b)?);
        self.unordered |= take_head(&mut self.a, &mut left)? | take_head(&mut self.b, &mut right)?;
        if left == Token::Wildcard || right == Token::Wildcard {
            self.wildcard = true;
            return None;
        }
        Some(match (left, right) {
            (Token::Negative(x), Token::Negative(y)) => x.cmp(&y),
            (Token::Unsigned(x), Token::Unsigned(y)) => x.cmp(&y),
            // A number that is none equals every number.
            (Token::Double(x), Token::Double(y)) => x.partial_cmp(&y).unwrap_or(Ordering::Equal),
            (Token::Raw(x), Token::Raw(y)) => left.rank().cmp(&right.rank()).then_with(|| x.cmp(y)),
            (Token::List(x), Token::List(y)) => self.elements(x.min(y), depth)?.then(x.cmp(&y)),
            (Token::Map(x), Token::Map(y)) if x != y => x.cmp(&y),
            (Token::Map(x), Token::Map(_)) => self.elements(x.checked_mul(2)?, depth)?,
            _ => left.rank().cmp(&right.rank()),
        })
    }

    fn elements(&mut self, count: usize, depth: usize) -> Option<Ordering> {
        if depth == MAX_DEPTH {
            return None;
        }
        for _ in 0..count {
            let order = self.next(depth + 1)?;
            if order.is_ne() {
                return Some(order);
            }
        }
        Some(Ordering::Equal)
    }
}

/// Moves past the flags of a collection and takes them off its count. Whether it is a map that has
/// no order; one that is empty needs none.
fn take_head(cursor: &mut Cursor<'_>, token: &mut Token<'_>) -> Option<bool> {
    match token {
        Token::List(count) if *count > 0 => {
            if take_flags(cursor).is_some() {
                *count -= 1;
            }
            Some(false)
        }
        Token::Map(count) if *count > 0 => match take_flags(cursor) {
            Some(flags) => {
                skip(cursor)?;
                *count -= 1;
                Some(flags & map_flags::KEY_ORDERED == 0)
            }
            None => Some(true),
        },
        _ => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_ordered_by_type_and_then_by_value() {
        let ascending: &[&[u8]] = &[
            b"\xc0",
            b"\xc2",
            b"\xc3",
            b"\xd3\x80\0\0\0\0\0\0\0",
            b"\xff",
            b"\0",
            b"\x05",
            b"\xcd\x01\0",
            b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\xa1\x03",
            b"\xa2\x03a",
            b"\xa3\x03aa",
            b"\xa2\x03b",
            b"\x90",
            b"\x91\x01",
            b"\x92\x01\x01",
            b"\x91\x02",
            b"\x80",
            b"\x81\x02\x01",
            b"\x82\x01\x01\x02\x01",
            b"\xa2\x04a",
            b"\xa2\x12a",
            b"\xcb\xc0\0\0\0\0\0\0\0",
            b"\xca\x3f\x80\0\0",
            b"\xa3\x17{}",
            b"\xd4\xff\x01",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(compare(a, b), i.cmp(&j), "{a:x?} {b:x?}");
            }
        }
    }

    #[test]
    fn flags_and_widths_do_not_count() {
        assert_eq!(compare(b"\x92\xc7\0\x01\x05", b"\x91\xcc\x05"), Ordering::Equal);
        assert_eq!(compare(b"\x82\xc7\0\x01\xc0\x05\x06", b"\x81\x05\x06"), Ordering::Equal);
        assert_eq!(compare(b"\xd4\xff\x00", b"\x05"), Ordering::Equal);
    }

    #[test]
    fn from_a_wildcard_on_everything_is_equal() {
        let pattern = b"\x93\x01\xd4\xff\x00\x07";
        for (element, wanted) in [
            (&b"\x93\x01\x02\x09"[..], Ordering::Equal),
            (b"\x94\x01\x02\x09\x09", Ordering::Equal),
            (b"\x92\x01\x02", Ordering::Equal),
            (b"\x93\x00\x02\x07", Ordering::Greater),
            (b"\x91\x01", Ordering::Greater),
        ] {
            assert_eq!(compare(pattern, element), wanted, "{element:x?}");
            assert_eq!(compare_strictly(pattern, element), Some(wanted), "{element:x?}");
        }
    }

    #[test]
    fn nesting_without_end_is_no_danger() {
        let deep = vec![0x91; 1_000_000];
        assert_eq!(compare(&deep, &deep), Ordering::Equal);
    }
}
