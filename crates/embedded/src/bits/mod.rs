//! Operations on the bits of a blob.

mod field;
mod modify;
mod read;

pub use modify::modify;
pub use read::read;

use crate::cdt::Call;
use crate::protocol::{Outcome, ResultCode};

/// The largest blob, and so the farthest an offset or a size may reach, in bytes.
const MAX_BYTES: u64 = 128 * 1024 * 1024;

const MAX_BITS: u64 = MAX_BYTES * 8;

fn parse(payload: &[u8]) -> Outcome<Call<'_>> {
    let call = Call::parse(payload)?;
    if call.steps.is_empty() { Ok(call) } else { Err(ResultCode::Parameter) }
}

/// A size in bits that is not 0.
fn bit_size(call: &Call<'_>, at: usize) -> Outcome<usize> {
    in_range(call.uint(at)?, 1, MAX_BITS)
}

/// The size of an integer.
fn integer_size(call: &Call<'_>, at: usize) -> Outcome<usize> {
    in_range(call.uint(at)?, 1, 64)
}

fn in_range(size: u64, least: u64, most: u64) -> Outcome<usize> {
    if (least..=most).contains(&size) { Ok(size as usize) } else { Err(ResultCode::Parameter) }
}

/// An offset as it was sent: a negative one counts from the end.
fn offset(call: &Call<'_>, at: usize, most: u64) -> Outcome<i64> {
    let offset = call.int(at)?;
    if offset.unsigned_abs() > most { Err(ResultCode::Parameter) } else { Ok(offset) }
}

/// The offset from the beginning of `size` bytes or bits.
fn absolute(offset: i64, size: usize) -> Outcome<usize> {
    let absolute = if offset < 0 { offset + size as i64 } else { offset };
    usize::try_from(absolute).map_err(|_| ResultCode::Parameter)
}
