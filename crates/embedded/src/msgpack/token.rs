//! The elements of MessagePack, one at a time.

use crate::particle::kind;
use crate::protocol::cursor::Cursor;

/// The extension type of the wildcard and of infinity.
const COMPARISON: u8 = 0xff;

/// One element; of a collection, its header.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Token<'a> {
    Nil,
    Bool(bool),
    /// A negative integer.
    Negative(i64),
    /// Any other integer.
    Unsigned(u64),
    /// Bytes that begin with a particle type.
    Raw(&'a [u8]),
    /// How many elements follow.
    List(usize),
    /// How many pairs follow.
    Map(usize),
    Double(f64),
    Extension {
        kind: u8,
        data: &'a [u8],
    },
    Wildcard,
    Infinity,
}

impl<'a> Token<'a> {
    /// Reads one token; `None` if the bytes are none, or end too early.
    pub fn read(cursor: &mut Cursor<'a>) -> Option<Token<'a>> {
        let first = cursor.u8()?;
        Some(match first {
            0x00..=0x7f => Token::Unsigned(u64::from(first)),
            0x80..=0x8f => Token::Map(usize::from(first & 0x0f)),
            0x90..=0x9f => Token::List(usize::from(first & 0x0f)),
            0xa0..=0xbf => Token::Raw(cursor.take(usize::from(first & 0x1f))?),
            0xc0 => Token::Nil,
            0xc1 => return None,
            0xc2 => Token::Bool(false),
            0xc3 => Token::Bool(true),
            0xc4 | 0xd9 => {
                let size = cursor.u8()?;
                Token::Raw(cursor.take(usize::from(size))?)
            }
            0xc5 | 0xda => {
                let size = cursor.u16()?;
                Token::Raw(cursor.take(usize::from(size))?)
            }
            0xc6 | 0xdb => {
                let size = cursor.u32()?;
                Token::Raw(cursor.take(size as usize)?)
            }
            0xc7 => {
                let size = cursor.u8()?;
                extension(cursor, usize::from(size))?
            }
            0xc8 => {
                let size = cursor.u16()?;
                extension(cursor, usize::from(size))?
            }
            0xc9 => {
                let size = cursor.u32()?;
                extension(cursor, size as usize)?
            }
            0xca => Token::Double(f64::from(f32::from_bits(cursor.u32()?))),
            0xcb => Token::Double(f64::from_bits(cursor.u64()?)),
            0xcc => Token::Unsigned(u64::from(cursor.u8()?)),
            0xcd => Token::Unsigned(u64::from(cursor.u16()?)),
            0xce => Token::Unsigned(u64::from(cursor.u32()?)),
            0xcf => Token::Unsigned(cursor.u64()?),
            0xd0 => signed(i64::from(cursor.u8()? as i8)),
            0xd1 => signed(i64::from(cursor.u16()? as i16)),
            0xd2 => signed(i64::from(cursor.u32()? as i32)),
            0xd3 => signed(cursor.u64()? as i64),
            0xd4..=0xd8 => extension(cursor, 1 << (first - 0xd4))?,
            0xdc => Token::List(usize::from(cursor.u16()?)),
            0xdd => Token::List(cursor.u32()? as usize),
            0xde => Token::Map(usize::from(cursor.u16()?)),
            0xdf => Token::Map(cursor.u32()? as usize),
            0xe0..=0xff => Token::Negative(i64::from(first as i8)),
        })
    }

    /// Where the element stands among elements of all types, and what the ranks mean.
    pub fn rank(&self) -> u8 {
        match self {
            Token::Nil => 0,
            Token::Bool(false) => 1,
            Token::Bool(true) => 2,
            Token::Negative(_) => 3,
            Token::Unsigned(_) => 4,
            Token::Raw([kind::STRING, ..]) => 5,
            Token::List(_) => 6,
            Token::Map(_) => 7,
            Token::Raw([kind::GEOJSON, ..]) => 10,
            Token::Raw(_) => 8,
            Token::Double(_) => 9,
            Token::Extension { .. } => 11,
            Token::Wildcard => 12,
            Token::Infinity => 13,
        }
    }

    /// Whether a map may have this key.
    pub fn is_map_key(&self) -> bool {
        match self {
            Token::Negative(_) | Token::Unsigned(_) => true,
            Token::Raw([first, ..]) => matches!(*first, kind::STRING | kind::BLOB),
            _ => false,
        }
    }
}

/// The flags with which a collection begins, if it does: the type of an extension element.
pub fn take_flags(cursor: &mut Cursor<'_>) -> Option<u8> {
    if !matches!(cursor.peek(), Some(0xc7..=0xc9 | 0xd4..=0xd8)) {
        return None;
    }
    let mut ahead = *cursor;
    match Token::read(&mut ahead)? {
        Token::Extension { kind, .. } => {
            *cursor = ahead;
            Some(kind)
        }
        _ => None,
    }
}

fn signed(value: i64) -> Token<'static> {
    if value < 0 { Token::Negative(value) } else { Token::Unsigned(value as u64) }
}

fn extension<'a>(cursor: &mut Cursor<'a>, size: usize) -> Option<Token<'a>> {
    let kind = cursor.u8()?;
    let data = cursor.take(size)?;
    Some(match (kind, data) {
        (COMPARISON, [0]) => Token::Wildcard,
        (COMPARISON, [1]) => Token::Infinity,
        _ => Token::Extension { kind, data },
    })
}

/// Whether an element can be stored: none of the marks that are for comparing only is in it.
pub fn is_storable(element: &[u8]) -> bool {
    let mut cursor = Cursor::new(element);
    while !cursor.is_empty() {
        if matches!(Token::read(&mut cursor), None | Some(Token::Wildcard | Token::Infinity)) {
            return false;
        }
    }
    true
}

/// Moves past one element with all that is in it.
pub fn skip(cursor: &mut Cursor<'_>) -> Option<()> {
    let mut left = 1usize;
    while left > 0 {
        left -= 1;
        let more = match Token::read(cursor)? {
            Token::List(count) => count,
            Token::Map(count) => count.checked_mul(2)?,
            _ => 0,
        };
        left = left.checked_add(more)?;
    }
    Some(())
}
