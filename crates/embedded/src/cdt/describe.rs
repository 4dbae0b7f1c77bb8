//! Contexts and operations as people read them.

use super::call::{Call, Step, parse_context};
use super::{PATH_OPERATION, is_list_operation};
use crate::msgpack::Token;
use crate::particle::kind;
use crate::protocol::cursor::Cursor;

/// An operation, without its arguments.
pub fn describe_call(payload: &[u8]) -> String {
    match Call::parse(payload) {
        Err(_) => "malformed operation".into(),
        Ok(call) if call.code == PATH_OPERATION => "path operation".into(),
        Ok(call) if is_list_operation(&call) => format!("list operation {}", call.code),
        Ok(call) => format!("map operation {}", call.code),
    }
}

/// The steps of a context, with what they name: of strings and blobs only the size.
pub fn describe_context(context: &[u8]) -> String {
    let steps = parse_context(context).unwrap_or_default();
    let steps: Vec<_> = steps.iter().map(describe_step).collect();
    format!("[{}]", steps.join(", "))
}

fn describe_step(step: &Step<'_>) -> String {
    let name = match step.kind & 0x3f {
        0x10 => "list_index",
        0x11 => "list_rank",
        0x13 => "list_value",
        0x20 => "map_index",
        0x21 => "map_rank",
        0x22 => "map_key",
        0x23 => "map_value",
        _ => "unknown",
    };
    format!("{name}({})", describe_value(step.value))
}

/// A value; of strings, blobs and collections only the size.
pub fn describe_value(element: &[u8]) -> String {
    match Token::read(&mut Cursor::new(element)) {
        Some(Token::Nil) => "nil".into(),
        Some(Token::Bool(value)) => value.to_string(),
        Some(Token::Negative(number)) => number.to_string(),
        Some(Token::Unsigned(number)) => number.to_string(),
        Some(Token::Double(number)) => format!("{number:.6}"),
        Some(Token::Raw([kind::STRING, text @ ..])) => format!("<string#{}>", text.len()),
        Some(Token::Raw([kind::GEOJSON, text @ ..])) => format!("<geojson#{}>", text.len()),
        Some(Token::Raw([_, bytes @ ..])) => format!("<blob#{}>", bytes.len()),
        Some(Token::List(count)) => format!("<list#{count}>"),
        Some(Token::Map(count)) => format!("<map#{count}>"),
        _ => "<unknown>".into(),
    }
}
