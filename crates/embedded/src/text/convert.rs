//! Values of other types as text.

use crate::cdt::Answer;
use crate::particle::{self, kind};
use crate::protocol::{Outcome, ResultCode};

/// A number, a truth value, or bytes that are text already.
pub fn to_string(bin_kind: u8, value: &[u8]) -> Outcome<Answer> {
    let text = match bin_kind {
        kind::INTEGER => particle::integer(value)?.to_string(),
        kind::FLOAT => particle::float(value)?.to_string(),
        kind::BOOL => (value == [1]).to_string(),
        kind::STRING => return Ok(Answer::Particle(kind::STRING, value.to_vec())),
        kind::BLOB => super::valid(value)?.to_owned(),
        _ => return Err(ResultCode::IncompatibleType),
    };
    Ok(Answer::Particle(kind::STRING, text.into_bytes()))
}
