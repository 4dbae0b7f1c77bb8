//! Operations on lists and maps, and on what is nested in them.
//!
//! A collection is never unpacked: its elements are slices of the stored bytes, and a changed
//! collection is put together from slices of the old one and of the request.

mod answer;
mod call;
mod context;
mod describe;
mod heap;
mod increment;
mod list;
mod list_select;
mod map;
mod map_select;
mod path;
mod wanted;

pub use answer::Answer;
pub use call::{Call, WITH_CONTEXT, integer, list_elements, take_element};
pub use context::{at as element_at, replace as replace_element};
pub use describe::{describe_call, describe_context, describe_value};
pub use map::Map;
pub use path::step;

use crate::expression::Limits;
use crate::particle::kind;
use crate::protocol::{Outcome, ResultCode};

/// Codes below this are list operations, the others map operations.
const FIRST_MAP_OPERATION: u64 = 64;

/// Joins the strings of a list.
const JOIN_OPERATION: u64 = 28;

/// Walks a path to what is selected or modified.
pub const PATH_OPERATION: u64 = 0xfe;

/// What an operation that writes did.
#[derive(Debug)]
pub struct Modified {
    /// The new value; `None` if it is as it was, or still is not there.
    pub value: Option<Vec<u8>>,
    pub answer: Answer,
}

impl Modified {
    fn unchanged(answer: Answer) -> Modified {
        Modified { value: None, answer }
    }

    fn changed(value: Vec<u8>, answer: Answer) -> Modified {
        Modified { value: Some(value), answer }
    }
}

/// Runs a reading operation on a bin.
pub fn read(bin_kind: u8, value: &[u8], payload: &[u8], limits: &mut Limits) -> Outcome<Answer> {
    let call = Call::parse(payload)?;
    if call.code == PATH_OPERATION {
        return path::read(Some((bin_kind, value)), &call, limits);
    }
    if call.steps.is_empty() {
        check_kind(bin_kind, &call)?;
    }
    let target = context::find(bin_kind, value, &call)?;
    if call.code == JOIN_OPERATION && limits.compat().has_strings() {
        return list::join(target, &call);
    }
    if is_list_operation(&call) { list::read(target, &call) } else { map::read(target, &call) }
}

/// What a context leads to in a bin's value, if to anything.
pub fn at_context(bin_kind: u8, value: &[u8], context: &[u8]) -> Option<Answer> {
    let steps = call::parse_context(context)?;
    let element = context::at(bin_kind, value, &steps).ok()?;
    Answer::element(element).ok()
}

/// Whether bytes are a context that can be looked up: one that creates nothing, as short as it can
/// be, so that equal ones are equal byte by byte.
pub fn is_context(bytes: &[u8]) -> bool {
    let shortest = crate::msgpack::normalise(bytes);
    if shortest.is_none_or(|(_, shortest)| shortest != bytes) {
        return false;
    }
    call::parse_context(bytes).is_some_and(|steps| steps.iter().all(context::is_plain))
}

/// Runs a writing operation on a bin, which may not exist.
pub fn modify(bin: Option<(u8, &[u8])>, payload: &[u8], limits: &mut Limits) -> Outcome<Modified> {
    let call = Call::parse(payload)?;
    if call.code == PATH_OPERATION {
        return path::modify(bin, &call, limits);
    }
    match bin {
        Some((bin_kind, _)) if call.steps.is_empty() => check_kind(bin_kind, &call)?,
        Some((kind::LIST | kind::MAP, _)) | None => {}
        Some(_) => return Err(ResultCode::Parameter),
    }
    context::modify(bin.map(|(_, value)| value), &call.steps, &call)
}

fn is_list_operation(call: &Call<'_>) -> bool {
    call.code < FIRST_MAP_OPERATION
}

/// What an encoded collection is, by its first byte.
pub fn kind_of(value: &[u8]) -> Option<u8> {
    match value.first()? {
        0x80..=0x8f | 0xde | 0xdf => Some(kind::MAP),
        0x90..=0x9f | 0xdc | 0xdd => Some(kind::LIST),
        _ => None,
    }
}

fn check_kind(bin_kind: u8, call: &Call<'_>) -> Outcome<()> {
    let wanted = if is_list_operation(call) { kind::LIST } else { kind::MAP };
    if bin_kind == wanted { Ok(()) } else { Err(ResultCode::IncompatibleType) }
}
