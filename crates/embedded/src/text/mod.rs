//! Operations on strings, which servers have from 8.2 on.
//!
//! `[code, argument...]`, or with a context as operations on collections have it. Positions count
//! characters; a negative one counts from the end, and one beyond an end means the end.

mod arguments;
mod convert;
mod modify;
mod numeric;
mod read;
mod regex;
mod unicode;

pub use convert::to_string;

use crate::cdt::{self, Answer, Call};
use crate::particle::kind;
use crate::protocol::{Outcome, ResultCode};

/// Flags of operations that write.
mod flag {
    pub const CREATE_ONLY: u64 = 1;
    pub const UPDATE_ONLY: u64 = 2;
    pub const NO_FAIL: u64 = 4;
}

/// Whether a pattern is one that operations know.
pub fn is_regex(pattern: &str, flags: u8) -> bool {
    regex::compile(pattern, flags).is_ok()
}

/// Runs a reading operation on a bin.
pub fn read(bin_kind: u8, value: &[u8], payload: &[u8]) -> Outcome<Answer> {
    let call = Call::parse(payload)?;
    let operation = read::Operation::parse(&call)?;
    let text = if call.steps.is_empty() {
        if bin_kind != kind::STRING {
            return Err(ResultCode::IncompatibleType);
        }
        valid(value)?
    } else {
        element(cdt::element_at(bin_kind, value, &call.steps)?)?
    };
    operation.run(text)
}

/// Runs a writing operation on a bin, which may not exist: the type of the bin and its value if it
/// changes.
pub fn modify(bin: Option<(u8, &[u8])>, payload: &[u8]) -> Outcome<Option<(u8, Vec<u8>)>> {
    let call = Call::parse(payload)?;
    let (operation, flags) = modify::Operation::parse(&call)?;
    if !call.steps.is_empty() {
        return modify_within(bin, &call, &operation, flags);
    }
    let no_fail = flags & flag::NO_FAIL != 0;
    let there = match bin {
        Some(_) if flags & flag::CREATE_ONLY != 0 => {
            return if no_fail { Ok(None) } else { Err(ResultCode::BinExists) };
        }
        Some((kind::STRING, value)) => valid(value)?,
        Some(_) => return Err(ResultCode::IncompatibleType),
        None if operation.creates() && flags & flag::UPDATE_ONLY == 0 => "",
        None => return Ok(None),
    };
    let prepared = operation.prepare(there)?;
    match prepared.run(there) {
        Ok(text) => Ok(Some((kind::STRING, text.into_bytes()))),
        Err(_) if no_fail => Ok(None),
        Err(code) => Err(code),
    }
}

/// Changes a string that is an element of a collection.
fn modify_within(
    bin: Option<(u8, &[u8])>,
    call: &Call<'_>,
    operation: &modify::Operation<'_>,
    flags: u64,
) -> Outcome<Option<(u8, Vec<u8>)>> {
    let no_fail = flags & flag::NO_FAIL != 0;
    if flags & flag::CREATE_ONLY != 0 {
        return Err(ResultCode::Parameter);
    }
    let Some((bin_kind, value)) = bin else { return Ok(None) };
    let leaf = match cdt::element_at(bin_kind, value, &call.steps) {
        Err(ResultCode::NotApplicable) if no_fail => return Ok(None),
        leaf => element(leaf?)?,
    };
    let changed = operation.prepare(leaf).and_then(|prepared| prepared.run(leaf));
    let text = match changed {
        Err(_) if no_fail => return Ok(None),
        text => text?,
    };
    let changed = cdt::replace_element(value, &call.steps, &packed(&text))?;
    Ok(Some((bin_kind, changed)))
}

fn valid(bytes: &[u8]) -> Outcome<&str> {
    std::str::from_utf8(bytes).map_err(|_| ResultCode::InvalidEncoding)
}

/// The text of an element of a collection.
fn element(element: &[u8]) -> Outcome<&str> {
    match arguments::raw(element) {
        Some([kind::STRING, text @ ..]) => valid(text),
        _ => Err(ResultCode::IncompatibleType),
    }
}

/// A text as an element of a collection.
fn packed(text: &str) -> Vec<u8> {
    let mut output = Vec::with_capacity(6 + text.len());
    crate::msgpack::write::raw(&mut output, &[&[kind::STRING], text.as_bytes()].concat());
    output
}

/// The texts of a list, one after the other with a separator between them.
pub fn join<'a>(elements: impl Iterator<Item = &'a [u8]>, separator: &str) -> Outcome<Answer> {
    let texts = elements.map(element).collect::<Outcome<Vec<&str>>>();
    let texts = texts.map_err(|_| ResultCode::Parameter)?;
    Ok(Answer::Particle(kind::STRING, texts.join(separator).into_bytes()))
}

pub use arguments::text as text_argument;

#[cfg(test)]
mod tests;
