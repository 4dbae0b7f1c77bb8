//! Checking a list or map that a client wrote, and giving it the form in which it is stored.
//!
//! Numbers and sizes become as short as they can be, maps are sorted by key. An ordered collection
//! that is not in order, equal keys, and keys of a type that no map has are refused.

use super::compare::compare;
use super::token::{Token, skip, take_flags};
use super::{MAX_DEPTH, list_flags, map_flags, write};
use crate::protocol::cursor::Cursor;

/// What a written value turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    List,
    Map,
    /// An element that is no collection.
    Scalar,
}

/// The stored form of one element that fills `input`; `None` if it must not be stored.
pub fn normalise(input: &[u8]) -> Option<(Collection, Vec<u8>)> {
    let mut cursor = Cursor::new(input);
    let mut output = Vec::with_capacity(input.len());
    let collection = element(&mut cursor, &mut output, 0)?;
    cursor.is_empty().then_some((collection, output))
}

fn element(cursor: &mut Cursor<'_>, output: &mut Vec<u8>, depth: usize) -> Option<Collection> {
    let before = cursor.rest();
    match Token::read(cursor)? {
        Token::List(count) => {
            list(cursor, output, count, depth)?;
            return Some(Collection::List);
        }
        Token::Map(count) => {
            map(cursor, output, count, depth)?;
            return Some(Collection::Map);
        }
        Token::Unsigned(value) => write::unsigned(output, value),
        Token::Negative(value) => write::negative(output, value),
        Token::Raw(bytes) => write::raw(output, bytes),
        Token::Nil | Token::Bool(_) | Token::Double(_) | Token::Extension { .. } => {
            let size = before.len() - cursor.rest().len();
            output.extend_from_slice(before.get(..size)?);
        }
        Token::Wildcard | Token::Infinity => return None,
    }
    Some(Collection::Scalar)
}

fn list(cursor: &mut Cursor<'_>, output: &mut Vec<u8>, count: usize, depth: usize) -> Option<()> {
    let flags = if count > 0 { take_flags(cursor) } else { None };
    let count = count - usize::from(flags.is_some());
    let flags = flags.unwrap_or(0) & list_flags::ORDERED;
    check_room(cursor, count, depth)?;
    write::list(output, count, flags);
    let mut previous = output.len()..output.len();
    for _ in 0..count {
        let start = output.len();
        element(cursor, output, depth + 1)?;
        let this = output.get(start..)?;
        let last = output.get(previous.clone())?;
        if flags != 0 && !last.is_empty() && compare(last, this).is_gt() {
            return None;
        }
        previous = start..output.len();
    }
    Some(())
}

fn map(cursor: &mut Cursor<'_>, output: &mut Vec<u8>, count: usize, depth: usize) -> Option<()> {
    let flags = if count > 0 { take_flags(cursor) } else { None };
    let count = count - usize::from(flags.is_some());
    if flags.is_some() {
        skip(cursor)?;
    }
    let flags = flags.unwrap_or(0) & (map_flags::KEY_ORDERED | map_flags::VALUE_ORDERED);
    check_room(cursor, count, depth)?;
    write::map(output, count, flags);
    let contents = output.len();
    // Where each pair begins and ends in the output, and where its key does.
    let mut pairs = Vec::new();
    let mut sorted = true;
    for _ in 0..count {
        if !Token::read(&mut cursor.clone())?.is_map_key() {
            return None;
        }
        let start = output.len();
        element(cursor, output, depth + 1)?;
        let key = start..output.len();
        element(cursor, output, depth + 1)?;
        if let Some((last, _)) = pairs.last() {
            sorted &= compare(output.get(Clone::clone(last))?, output.get(key.clone())?).is_lt();
        }
        pairs.push((key, start..output.len()));
    }
    if sorted {
        return Some(());
    }
    if flags & map_flags::KEY_ORDERED != 0 {
        return None;
    }
    let written = output.split_off(contents);
    let part = |range: &std::ops::Range<usize>| {
        written.get(range.start - contents..range.end - contents).unwrap_or_default()
    };
    pairs.sort_by(|(a, _), (b, _)| compare(part(a), part(b)));
    let equal_keys = pairs.is_sorted_by(|(a, _), (b, _)| compare(part(a), part(b)).is_lt());
    for (_, pair) in &pairs {
        output.extend_from_slice(part(pair));
    }
    equal_keys.then_some(())
}

/// Refuses a collection that is too deep, or that has fewer bytes than it promises elements.
fn check_room(cursor: &Cursor<'_>, count: usize, depth: usize) -> Option<()> {
    (depth < MAX_DEPTH && count <= cursor.rest().len()).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(input: &[u8]) -> Option<Vec<u8>> {
        normalise(input).map(|(_, output)| output)
    }

    #[test]
    fn values_become_as_short_as_they_can_be() {
        let wide = b"\xdc\0\x05\xcf\0\0\0\0\0\0\0\x05\xd3\xff\xff\xff\xff\xff\xff\xff\xff\xd9\x02\x03a\xd1\0\x80\xc4\x01\x04";
        assert_eq!(stored(wide).unwrap(), b"\x95\x05\xff\xa2\x03a\xcc\x80\xa1\x04");
    }

    #[test]
    fn maps_are_sorted_at_every_level() {
        let map = b"\x82\xa2\x03b\x82\x02\xc0\x01\xc0\xa2\x03a\x01";
        assert_eq!(stored(map).unwrap(), b"\x82\xa2\x03a\x01\xa2\x03b\x82\x01\xc0\x02\xc0");
    }

    #[test]
    fn what_promises_order_must_be_in_order() {
        assert!(stored(b"\x93\xc7\0\x01\x01\x02").is_some());
        assert!(stored(b"\x93\xc7\0\x01\x02\x02").is_some());
        assert!(stored(b"\x93\xc7\0\x01\x02\x01").is_none());
        assert!(stored(b"\x83\xc7\0\x01\xc0\x01\0\x02\0").is_some());
        assert!(stored(b"\x83\xc7\0\x01\xc0\x02\0\x01\0").is_none());
    }

    #[test]
    fn equal_keys_and_keys_of_other_types_are_refused() {
        assert!(stored(b"\x82\x01\0\x01\0").is_none());
        assert!(stored(b"\x83\x02\0\x01\0\x02\0").is_none());
        for key in [&b"\xc0"[..], b"\xc3", b"\xa2\x17a", b"\xa0", b"\x90", b"\xca\0\0\0\0"] {
            assert!(stored(&[b"\x81", key, b"\0"].concat()).is_none(), "{key:x?}");
        }
    }

    #[test]
    fn marks_for_comparing_are_not_stored() {
        assert!(stored(b"\x91\xd4\xff\0").is_none());
        assert!(stored(b"\x92\x01\xd4\xff\x01").is_none());
    }

    #[test]
    fn neither_depth_nor_promises_cost_anything() {
        assert!(stored(&vec![0x91; 1_000_000]).is_none());
        assert!(stored(b"\xdd\xff\xff\xff\xff\x01").is_none());
        assert!(stored(b"\xdf\xff\xff\xff\xff\x01").is_none());
    }
}
