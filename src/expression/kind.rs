//! The type of what an expression results in.

use super::msgpack::{array, element_end, integer, text_start};

/// The types that the wire has numbers for, in their order, and what only some places take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    Nil,
    Bool,
    Int,
    Str,
    List,
    Map,
    Blob,
    Float,
    Geo,
    Hll,
    /// Greater than every value, in ranges.
    Infinity,
    /// Equal to every value, in comparisons of collections.
    Wildcard,
    /// What a path expression removes its elements with.
    Removal,
    /// Text that the server compiles, which is never a part of another expression.
    Ael,
}

const ALL: [(Kind, &str); 14] = [
    (Kind::Nil, "nil"),
    (Kind::Bool, "bool"),
    (Kind::Int, "int"),
    (Kind::Str, "str"),
    (Kind::List, "list"),
    (Kind::Map, "map"),
    (Kind::Blob, "blob"),
    (Kind::Float, "float"),
    (Kind::Geo, "geo"),
    (Kind::Hll, "hll"),
    (Kind::Infinity, "infinity"),
    (Kind::Wildcard, "wildcard"),
    (Kind::Removal, "remove_result"),
    (Kind::Ael, "ael"),
];

impl Kind {
    /// The kind with a number of the wire.
    fn numbered(number: u64) -> Option<Self> {
        ALL[..=Kind::Hll as usize].get(usize::try_from(number).ok()?).map(|(kind, _)| *kind)
    }

    /// The number on the wire, which the constants EXP_TYPE_* have.
    pub fn number(self) -> Option<u8> {
        (self as u8 <= Kind::Hll as u8).then_some(self as u8)
    }

    pub fn name(self) -> &'static str {
        ALL[self as usize].1
    }

    /// Its bit in a set of kinds.
    pub const fn bit(self) -> i64 {
        1 << self as u8
    }

    /// The first kind of a set.
    pub fn first(set: i64) -> Option<Self> {
        ALL.iter().map(|(kind, _)| *kind).find(|kind| set & kind.bit() != 0)
    }
}

/// The names of the kinds in a set: `int or float`.
pub fn names(set: i64) -> String {
    let names: Vec<_> =
        ALL.iter().filter(|(kind, _)| set & kind.bit() != 0).map(|(_, name)| *name).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        Some((only, _)) => (*only).to_owned(),
        None => "nothing".to_owned(),
    }
}

/// The code that results in no value, which is bool to the server.
pub const UNKNOWN: &[u8] = &[0x91, 0];

/// The kind of a packed expression, or None if it depends on what only the server knows.
pub fn of(bytes: &[u8]) -> Option<Kind> {
    match bytes.first()? {
        0xc0 => return Some(Kind::Nil),
        0xc2 | 0xc3 => return Some(Kind::Bool),
        0x00..=0x7f | 0xcc..=0xd3 | 0xe0..=0xff => return Some(Kind::Int),
        0xca | 0xcb => return Some(Kind::Float),
        0x80..=0x8f | 0xde | 0xdf => return Some(Kind::Map),
        0xd4 => {
            return match bytes.get(2)? {
                0 => Some(Kind::Wildcard),
                _ => Some(Kind::Infinity),
            };
        }
        _ => {}
    }
    if let Some(start) = text_start(bytes) {
        return match bytes.get(start)? {
            3 => Some(Kind::Str),
            4 => Some(Kind::Blob),
            23 => Some(Kind::Geo),
            _ => None,
        };
    }
    let (count, at) = array(bytes)?;
    let (code, length) = integer(&bytes[at..])?;
    let operands = &bytes[at + length..];
    match code {
        0..=9 | 16..=19 | 71 | 72 => Some(Kind::Bool),
        // Of numbers of one type, the first operand's.
        20..=23 | 27 | 50 | 51 => of(operands),
        24 | 25 | 28 | 29 | 31 => Some(Kind::Float),
        26 | 30 | 32..=41 | 64..=69 | 73 | 74 | 82 => Some(Kind::Int),
        70 | 99 => Some(Kind::Str),
        80 | 81 | 122 | 127 => Kind::numbered(integer(operands)?.0),
        100 => Some(Kind::Removal),
        101 | 102 | 126 => Some(Kind::List),
        123 => of_branches(operands, count.checked_sub(1)?),
        125 => of(last(operands, count.checked_sub(1)?)?),
        128 => Some(Kind::Ael),
        _ => None,
    }
}

/// Of tests, each with a value, and a last value: the kind of the first value that tells.
fn of_branches(mut bytes: &[u8], count: usize) -> Option<Kind> {
    for index in 0..count {
        let end = element_end(bytes)?;
        let is_value = index % 2 == 1 || index + 1 == count;
        if is_value && &bytes[..end] != UNKNOWN {
            return of(&bytes[..end]);
        }
        bytes = &bytes[end..];
    }
    None
}

fn last(mut bytes: &[u8], count: usize) -> Option<&[u8]> {
    for _ in 1..count {
        bytes = &bytes[element_end(bytes)?..];
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_in_the_order_of_their_numbers() {
        for (index, (kind, _)) in ALL.iter().enumerate() {
            assert_eq!(*kind as usize, index);
        }
        assert_eq!(Kind::numbered(9), Some(Kind::Hll));
        assert_eq!(Kind::numbered(10), None);
        assert_eq!(Kind::Infinity.number(), None);
    }

    #[test]
    fn sets_are_told_in_words() {
        assert_eq!(names(Kind::Int.bit()), "int");
        assert_eq!(
            names(Kind::Int.bit() | Kind::Float.bit() | Kind::Nil.bit()),
            "nil, int or float"
        );
    }

    #[test]
    fn the_kind_of_branches_is_that_of_the_first_known_value() {
        // cond(true, unknown(), true, 1.5, unknown())
        let mut bytes = vec![0x96, 123, 0xc3, 0x91, 0, 0xc3, 0xcb];
        bytes.extend(1.5f64.to_be_bytes());
        bytes.extend(UNKNOWN);
        assert_eq!(of(&bytes), Some(Kind::Float));
    }

    #[test]
    fn what_is_cut_off_has_no_kind() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[0x93, 81]), None);
        assert_eq!(of(&[0xa1]), None);
        assert_eq!(of(&[0x93, 123, 0xc3]), None);
    }
}
