//! Operations that change bits, or how many there are.

use super::field::{bit, load, set_bit, store};
use super::{MAX_BITS, MAX_BYTES, absolute, bit_size, in_range, integer_size, offset, parse};
use crate::cdt::Call;
use crate::msgpack::Token;
use crate::particle::kind;
use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};

/// Codes of the operations.
mod op {
    pub const RESIZE: u64 = 0;
    pub const INSERT: u64 = 1;
    pub const REMOVE: u64 = 2;
    pub const SET: u64 = 3;
    pub const OR: u64 = 4;
    pub const XOR: u64 = 5;
    pub const AND: u64 = 6;
    pub const NOT: u64 = 7;
    pub const LSHIFT: u64 = 8;
    pub const RSHIFT: u64 = 9;
    pub const ADD: u64 = 10;
    pub const SUBTRACT: u64 = 11;
    pub const SET_INT: u64 = 12;
}

/// Write flags.
mod flag {
    pub const CREATE_ONLY: u64 = 1;
    pub const UPDATE_ONLY: u64 = 2;
    pub const NO_FAIL: u64 = 4;
    pub const PARTIAL: u64 = 8;
}

mod resize {
    pub const FROM_FRONT: u64 = 1;
    pub const GROW_ONLY: u64 = 2;
    pub const SHRINK_ONLY: u64 = 4;
}

mod arithmetic {
    pub const SIGNED: u64 = 1;
    pub const SATURATE: u64 = 2;
    pub const WRAP: u64 = 4;
}

/// No record can hold a blob as large as this.
const TOO_LARGE: usize = 8 * 1024 * 1024;

/// What to do, offsets and sizes in bits unless the name says bytes.
enum Change<'a> {
    Resize { bytes: usize, flags: u64 },
    Insert { byte_offset: i64, bytes: &'a [u8] },
    Remove { byte_offset: i64, bytes: usize },
    Bits { offset: i64, size: usize, with: With<'a> },
    Integer { offset: i64, size: usize, with: Arithmetic },
}

enum With<'a> {
    Set(&'a [u8]),
    Or(&'a [u8]),
    Xor(&'a [u8]),
    And(&'a [u8]),
    Not,
    ShiftLeft(usize),
    ShiftRight(usize),
}

enum Arithmetic {
    Set(u64),
    Add(u64, u64),
    Subtract(u64, u64),
}

/// Runs a writing operation on a bin, which may not exist. `None`: the bin is as it was.
pub fn modify(bin: Option<(u8, &[u8])>, payload: &[u8]) -> Outcome<Option<Vec<u8>>> {
    let call = parse(payload)?;
    let (change, flags) = parse_change(&call)?;
    let no_fail = flags & flag::NO_FAIL != 0;
    let swallow = |code| if no_fail { Ok(None) } else { Err(code) };
    let creates = matches!(change, Change::Resize { .. } | Change::Insert { .. });
    let blob = match bin {
        Some(_) if flags & flag::CREATE_ONLY != 0 => return swallow(ResultCode::BinExists),
        Some((kind::BLOB, blob)) => blob,
        Some(_) => return Err(ResultCode::IncompatibleType),
        None if !creates || flags & flag::UPDATE_ONLY != 0 => {
            return swallow(ResultCode::BinNotFound);
        }
        None => &[],
    };
    change.apply(blob, flags)
}

fn parse_change<'a>(call: &Call<'a>) -> Outcome<(Change<'a>, u64)> {
    let (required, optional) = match call.code {
        op::RESIZE => (1, 2),
        op::INSERT | op::REMOVE | op::NOT => (2, 1),
        op::ADD | op::SUBTRACT => (3, 2),
        op::SET..=op::SET_INT => (3, 1),
        _ => return Err(ResultCode::Parameter),
    };
    call.expect(required, optional)?;
    let flags = call.uint_or(required, 0)?;
    check_flags(call.code, flags)?;
    let more_flags = call.uint_or(required + 1, 0)?;
    let change = match call.code {
        op::RESIZE => {
            let both = resize::GROW_ONLY | resize::SHRINK_ONLY;
            check_bits(more_flags, resize::FROM_FRONT | both, both)?;
            Change::Resize { bytes: in_range(call.uint(0)?, 0, MAX_BYTES)?, flags: more_flags }
        }
        op::INSERT => Change::Insert {
            byte_offset: offset(call, 0, MAX_BYTES)?,
            bytes: buffer(call.element(1)?, 0)?,
        },
        op::REMOVE => Change::Remove {
            byte_offset: offset(call, 0, MAX_BYTES)?,
            bytes: in_range(call.uint(1)?, 1, MAX_BYTES)?,
        },
        op::SET..=op::RSHIFT => {
            let (offset, size) = (offset(call, 0, MAX_BITS)?, bit_size(call, 1)?);
            Change::Bits { offset, size, with: parse_with(call, size)? }
        }
        _ => {
            let both = arithmetic::SATURATE | arithmetic::WRAP;
            check_bits(more_flags, arithmetic::SIGNED | both, both)?;
            let (offset, size) = (offset(call, 0, MAX_BITS)?, integer_size(call, 1)?);
            let number = call.uint(2)?;
            let with = match call.code {
                op::ADD => Arithmetic::Add(number, more_flags),
                op::SUBTRACT => Arithmetic::Subtract(number, more_flags),
                _ => Arithmetic::Set(number),
            };
            Change::Integer { offset, size, with }
        }
    };
    Ok((change, flags))
}

fn parse_with<'a>(call: &Call<'a>, size: usize) -> Outcome<With<'a>> {
    let bits = || buffer(call.element(2)?, size);
    let shift = || in_range(call.uint(2)?, 0, MAX_BITS);
    Ok(match call.code {
        op::SET => With::Set(bits()?),
        op::OR => With::Or(bits()?),
        op::XOR => With::Xor(bits()?),
        op::AND => With::And(bits()?),
        op::LSHIFT => With::ShiftLeft(shift()?),
        op::RSHIFT => With::ShiftRight(shift()?),
        _ => With::Not,
    })
}

/// Refuses flags that an operation does not know, and those that exclude each other.
fn check_flags(code: u64, flags: u64) -> Outcome<()> {
    let known = match code {
        op::RESIZE | op::INSERT => flag::CREATE_ONLY | flag::UPDATE_ONLY | flag::NO_FAIL,
        op::REMOVE..=op::RSHIFT => flag::UPDATE_ONLY | flag::NO_FAIL | flag::PARTIAL,
        _ => flag::UPDATE_ONLY | flag::NO_FAIL,
    };
    check_bits(flags, known, flag::CREATE_ONLY | flag::UPDATE_ONLY)
}

fn check_bits(flags: u64, known: u64, not_all: u64) -> Outcome<()> {
    let valid = flags & !known == 0 && flags & not_all != not_all;
    if valid { Ok(()) } else { Err(ResultCode::Parameter) }
}

/// Bytes of a request, of at least that many bits and never none.
fn buffer(element: &[u8], bits: usize) -> Outcome<&[u8]> {
    match Token::read(&mut Cursor::new(element)) {
        Some(Token::Raw([_, bytes @ ..])) if !bytes.is_empty() && bytes.len() * 8 >= bits => {
            Ok(bytes)
        }
        _ => Err(ResultCode::Parameter),
    }
}

impl Change<'_> {
    fn apply(&self, blob: &[u8], flags: u64) -> Outcome<Option<Vec<u8>>> {
        let no_fail = flags & flag::NO_FAIL != 0;
        let partial = flags & flag::PARTIAL != 0;
        let swallow = |code| if no_fail { Ok(None) } else { Err(code) };
        match *self {
            Change::Resize { bytes, flags } => {
                let grows = bytes > blob.len() && flags & resize::SHRINK_ONLY != 0;
                let shrinks = bytes < blob.len() && flags & resize::GROW_ONLY != 0;
                if grows || shrinks {
                    return swallow(ResultCode::Parameter);
                }
                if bytes == blob.len() {
                    return Ok(None);
                }
                resized(blob, bytes, flags & resize::FROM_FRONT != 0).map(Some)
            }
            Change::Insert { byte_offset, bytes } => {
                let at = absolute(byte_offset, blob.len())?;
                check_room(at.max(blob.len()) + bytes.len())?;
                let mut changed = blob.to_vec();
                changed.resize(at.max(blob.len()), 0);
                changed.splice(at..at, bytes.iter().copied());
                Ok(Some(changed))
            }
            Change::Remove { byte_offset, bytes } => {
                let at = absolute(byte_offset, blob.len())?;
                if at >= blob.len() || (at + bytes > blob.len() && !partial) {
                    return swallow(ResultCode::Parameter);
                }
                let mut changed = blob.to_vec();
                changed.drain(at..(at + bytes).min(blob.len()));
                Ok(Some(changed))
            }
            Change::Bits { offset, size, ref with } => {
                let bits = blob.len() * 8;
                let at = absolute(offset, bits)?;
                if at >= bits || (at + size > bits && !partial) {
                    return swallow(ResultCode::NotApplicable);
                }
                Ok(Some(with.apply(blob, at, size.min(bits - at))))
            }
            Change::Integer { offset, size, ref with } => {
                let bits = blob.len() * 8;
                let at = absolute(offset, bits)?;
                if at + size > bits {
                    return swallow(ResultCode::NotApplicable);
                }
                let Some(number) = with.apply(load(blob, at, size), size) else {
                    return swallow(ResultCode::NotApplicable);
                };
                let mut changed = blob.to_vec();
                store(&mut changed, at, size, number);
                Ok(Some(changed))
            }
        }
    }
}

fn check_room(size: usize) -> Outcome<()> {
    if size as u64 >= MAX_BYTES {
        return Err(ResultCode::Parameter);
    }
    if size > TOO_LARGE { Err(ResultCode::RecordTooBig) } else { Ok(()) }
}

fn resized(blob: &[u8], size: usize, from_front: bool) -> Outcome<Vec<u8>> {
    check_room(size)?;
    let mut changed = blob.to_vec();
    if !from_front {
        changed.resize(size, 0);
    } else if size < blob.len() {
        changed.drain(..blob.len() - size);
    } else {
        changed.splice(0..0, vec![0; size - blob.len()]);
    }
    Ok(changed)
}

impl With<'_> {
    fn apply(&self, blob: &[u8], start: usize, size: usize) -> Vec<u8> {
        let mut changed = blob.to_vec();
        let old = |at: usize| at < size && bit(blob, start + at);
        for at in 0..size {
            let value = match *self {
                With::Set(bits) => bit(bits, at),
                With::Or(bits) => old(at) | bit(bits, at),
                With::Xor(bits) => old(at) ^ bit(bits, at),
                With::And(bits) => old(at) & bit(bits, at),
                With::Not => !old(at),
                With::ShiftLeft(shift) => old(at + shift),
                With::ShiftRight(shift) => at.checked_sub(shift).is_some_and(old),
            };
            set_bit(&mut changed, start + at, value);
        }
        changed
    }
}

impl Arithmetic {
    /// The new number; `None` if it does not fit and must.
    fn apply(&self, there: u64, size: usize) -> Option<u64> {
        let mask = u64::MAX >> (64 - size);
        match *self {
            Arithmetic::Set(number) => Some(number & mask),
            Arithmetic::Add(number, flags) => {
                let number = number & mask;
                let sum = there.wrapping_add(number) & mask;
                if flags & arithmetic::SIGNED != 0 {
                    return signed(there, number, sum, size, flags);
                }
                fit(sum, sum < there, mask, flags)
            }
            Arithmetic::Subtract(number, flags) => {
                let number = number & mask;
                let difference = there.wrapping_sub(number) & mask;
                if flags & arithmetic::SIGNED != 0 {
                    return signed(there, number.wrapping_neg(), difference, size, flags);
                }
                fit(difference, difference > there, 0, flags)
            }
        }
    }
}

/// What a result becomes that did or did not overflow.
fn fit(result: u64, overflows: bool, limit: u64, flags: u64) -> Option<u64> {
    match overflows && flags & arithmetic::WRAP == 0 {
        false => Some(result),
        true if flags & arithmetic::SATURATE != 0 => Some(limit),
        true => None,
    }
}

/// Adds with signs. A sum of negative numbers that comes out as 0 passes for no overflow, as it does
/// on the server that is modelled.
fn signed(there: u64, number: u64, sum: u64, size: usize, flags: u64) -> Option<u64> {
    let unused = 64 - size as u32;
    let extend = |number: u64| ((number << unused) as i64) >> unused;
    let (a, b, result) = (extend(there), extend(number), extend(sum));
    let mask = u64::MAX >> unused;
    let largest = mask >> 1;
    if a < 0 && b < 0 && result > 0 {
        fit(sum, true, mask ^ largest, flags)
    } else if a > 0 && b > 0 && result < 0 {
        fit(sum, true, largest, flags)
    } else {
        Some(sum)
    }
}
