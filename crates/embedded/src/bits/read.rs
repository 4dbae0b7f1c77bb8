//! Operations that read bits.

use super::field::{bit, load, set_bit};
use super::{MAX_BITS, absolute, bit_size, integer_size, offset, parse};
use crate::cdt::{Answer, Call};
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
pub fn read(bin_kind: u8, blob: &[u8], payload: &[u8]) -> Outcome<Answer> {
    let call = parse(payload)?;
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

fn copy(blob: &[u8], start: usize, size: usize) -> Vec<u8> {
    let mut copy = vec![0; size.div_ceil(8)];
    for at in 0..size {
        set_bit(&mut copy, at, bit(blob, start + at));
    }
    copy
}
