//! The arguments of operations.

use crate::cdt::{Call, take_element};
use crate::msgpack::Token;
use crate::particle::kind;
use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};

/// As far as a position, a length or a count may go.
const MAX: i64 = 128 * 1024 * 1024;

/// The bytes of an element that has such: a particle type and what it is of.
pub fn raw(element: &[u8]) -> Option<&[u8]> {
    match Token::read(&mut Cursor::new(element)) {
        Some(Token::Raw(bytes)) => Some(bytes),
        _ => None,
    }
}

/// A text; of what type it says to be does not matter.
pub fn text<'a>(call: &Call<'a>, at: usize) -> Outcome<&'a str> {
    let [_, bytes @ ..] = raw(call.element(at)?).ok_or(ResultCode::Parameter)? else {
        return Err(ResultCode::Parameter);
    };
    std::str::from_utf8(bytes).map_err(|_| ResultCode::Parameter)
}

/// A position, a length or a count.
pub fn number(call: &Call<'_>, at: usize) -> Outcome<i64> {
    let number = call.int(at)?;
    if number.unsigned_abs() > MAX as u64 { Err(ResultCode::Parameter) } else { Ok(number) }
}

pub fn optional_number(call: &Call<'_>, at: usize) -> Outcome<Option<i64>> {
    call.optional_element(at).map(|_| number(call, at)).transpose()
}

/// The elements of a list, as they came.
pub fn list<'a>(call: &Call<'a>, at: usize) -> Outcome<Vec<&'a [u8]>> {
    let mut cursor = Cursor::new(call.element(at)?);
    let Some(Token::List(count)) = Token::read(&mut cursor) else {
        return Err(ResultCode::Parameter);
    };
    (0..count).map(|_| take_element(&mut cursor).ok_or(ResultCode::Parameter)).collect()
}

/// An element of a list that must be a text.
pub fn text_of(element: &[u8]) -> Outcome<&str> {
    match raw(element) {
        Some([kind::STRING, text @ ..]) => {
            std::str::from_utf8(text).map_err(|_| ResultCode::Parameter)
        }
        _ => Err(ResultCode::Parameter),
    }
}
