//! The order of elements: by type first, then by value.

use std::cmp::Ordering;

use super::MAX_DEPTH;
use super::token::{Token, skip, take_flags};
use crate::protocol::cursor::Cursor;

/// Compares two elements; what is malformed equals everything.
pub fn compare(a: &[u8], b: &[u8]) -> Ordering {
    compare_next(&mut Cursor::new(a), &mut Cursor::new(b), 0).unwrap_or(Ordering::Equal)
}

fn compare_next(a: &mut Cursor<'_>, b: &mut Cursor<'_>, depth: usize) -> Option<Ordering> {
    let (left, right) = (Token::read(a)?, Token::read(b)?);
    if left == Token::Wildcard || right == Token::Wildcard {
        return Some(Ordering::Equal);
    }
    Some(match (left, right) {
        (Token::Negative(x), Token::Negative(y)) => x.cmp(&y),
        (Token::Unsigned(x), Token::Unsigned(y)) => x.cmp(&y),
        // A number that is none equals every number.
        (Token::Double(x), Token::Double(y)) => x.partial_cmp(&y).unwrap_or(Ordering::Equal),
        (Token::Raw(x), Token::Raw(y)) => left.rank().cmp(&right.rank()).then_with(|| x.cmp(y)),
        (Token::List(x), Token::List(y)) => {
            let (x, y) = (x - skip_flags(a, x, 1)?, y - skip_flags(b, y, 1)?);
            compare_elements(a, b, x.min(y), depth)?.then(x.cmp(&y))
        }
        (Token::Map(x), Token::Map(y)) => {
            let (x, y) = (x - skip_flags(a, x, 2)?, y - skip_flags(b, y, 2)?);
            if x != y {
                return Some(x.cmp(&y));
            }
            compare_elements(a, b, x.checked_mul(2)?, depth)?
        }
        _ => left.rank().cmp(&right.rank()),
    })
}

fn compare_elements(
    a: &mut Cursor<'_>,
    b: &mut Cursor<'_>,
    count: usize,
    depth: usize,
) -> Option<Ordering> {
    if depth == MAX_DEPTH {
        return None;
    }
    for _ in 0..count {
        let order = compare_next(a, b, depth + 1)?;
        if order.is_ne() {
            return Some(order);
        }
    }
    Some(Ordering::Equal)
}

/// Moves past the flags of a collection; 1 if there were any.
fn skip_flags(cursor: &mut Cursor<'_>, count: usize, elements: usize) -> Option<usize> {
    if count == 0 || take_flags(cursor).is_none() {
        return Some(0);
    }
    for _ in 1..elements {
        skip(cursor)?;
    }
    Some(1)
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
    fn nesting_without_end_is_no_danger() {
        let deep = vec![0x91; 1_000_000];
        assert_eq!(compare(&deep, &deep), Ordering::Equal);
    }
}
