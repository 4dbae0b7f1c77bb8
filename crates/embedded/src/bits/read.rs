//! Operations that read bits.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::field::{bit, load, set_bit};
use super::{MAX_BITS, MAX_BYTES, absolute, bit_size, integer_size, offset, parse};
use crate::cdt::{Answer, Call};
use crate::compat::Compat;
use crate::msgpack::Token;
use crate::particle::kind;
use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};

/// Codes of the operations.
mod op {
    pub const GET: u64 = 50;
    pub const COUNT: u64 = 51;
    pub const LSCAN: u64 = 52;
    pub const RSCAN: u64 = 53;
    pub const GET_INT: u64 = 54;
    pub const ENCODE_BASE64: u64 = 55;
}

const SIGNED: u64 = 1;

/// What to read of the bits.
enum What {
    Bits,
    Count,
    First(bool),
    Last(bool),
    Integer { signed: bool },
}

/// Runs a reading operation on a bin.
pub fn read(bin_kind: u8, blob: &[u8], payload: &[u8], compat: Compat) -> Outcome<Answer> {
    let call = parse(payload)?;
    if call.code == op::ENCODE_BASE64 && compat.has_strings() {
        return encode_base64(bin_kind, blob, &call);
    }
    let (what, size) = parse_what(&call)?;
    let start = offset(&call, 0, MAX_BITS)?;
    if bin_kind != kind::BLOB {
        return Err(ResultCode::IncompatibleType);
    }
    let start = absolute(start, blob.len() * 8)?;
    if start + size > blob.len() * 8 {
        return Err(ResultCode::NotApplicable);
    }
    Ok(match what {
        What::Bits => Answer::Particle(kind::BLOB, copy(blob, start, size)),
        What::Count => Answer::count((start..start + size).filter(|&at| bit(blob, at)).count()),
        What::First(value) => {
            let found = (start..start + size).find(|&at| bit(blob, at) == value);
            Answer::int(found.map_or(-1, |at| (at - start) as i64))
        }
        What::Last(value) => {
            // The server that is modelled also looks at the rest of the first byte, and then
            // answers a negative position.
            let first = start - start % 8;
            let found = (first..start + size).rev().find(|&at| bit(blob, at) == value);
            Answer::int(found.map_or(-1, |at| at as i64 - start as i64))
        }
        What::Integer { signed } => {
            let number = load(blob, start, size);
            let unused = 64 - size as u32;
            let number = if signed { ((number << unused) as i64) >> unused } else { number as i64 };
            Answer::int(number)
        }
    })
}

fn parse_what(call: &Call<'_>) -> Outcome<(What, usize)> {
    Ok(match call.code {
        op::GET | op::COUNT => {
            call.expect(2, 0)?;
            let what = if call.code == op::GET { What::Bits } else { What::Count };
            (what, bit_size(call, 1)?)
        }
        op::LSCAN | op::RSCAN => {
            call.expect(3, 0)?;
            let value = match Token::read(&mut Cursor::new(call.element(2)?)) {
                Some(Token::Bool(value)) => value,
                _ => return Err(ResultCode::Parameter),
            };
            let what = if call.code == op::LSCAN { What::First(value) } else { What::Last(value) };
            (what, bit_size(call, 1)?)
        }
        op::GET_INT => {
            call.expect(2, 1)?;
            let flags = call.uint_or(2, 0)?;
            if flags & !SIGNED != 0 {
                return Err(ResultCode::Parameter);
            }
            (What::Integer { signed: flags != 0 }, integer_size(call, 1)?)
        }
        _ => return Err(ResultCode::Parameter),
    })
}

/// Bytes as text in base64: all of them, or so many from an offset on. With a flag the size is
/// what is left out at the end.
fn encode_base64(bin_kind: u8, blob: &[u8], call: &Call<'_>) -> Outcome<Answer> {
    const INVERT_SIZE: u64 = 1;
    if call.expect(0, 0).is_err() {
        call.expect(2, 1)?;
    }
    let range = match call.optional_element(0) {
        Some(_) => Some((offset(call, 0, MAX_BYTES)?, call.uint(1)?, call.uint_or(2, 0)?)),
        None => None,
    };
    if bin_kind != kind::BLOB {
        return Err(ResultCode::IncompatibleType);
    }
    let part = match range {
        None => Some(blob),
        Some((_, size, flags)) if size > MAX_BYTES || flags & !INVERT_SIZE != 0 => {
            return Err(ResultCode::Parameter);
        }
        Some((start, size, flags)) => {
            let start = absolute(start, blob.len())?;
            let end = match flags {
                0 => Some(start + size as usize),
                _ => blob.len().checked_sub(size as usize),
            };
            end.and_then(|end| blob.get(start..end))
        }
    };
    let text = STANDARD.encode(part.ok_or(ResultCode::NotApplicable)?);
    Ok(Answer::Particle(kind::STRING, text.into_bytes()))
}

fn copy(blob: &[u8], start: usize, size: usize) -> Vec<u8> {
    let mut copy = vec![0; size.div_ceil(8)];
    for at in 0..size {
        set_bit(&mut copy, at, bit(blob, start + at));
    }
    copy
}
