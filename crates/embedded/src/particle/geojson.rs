//! GeoJSON values.

use super::Value;
use crate::geo;
use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};

/// A flags byte and the number of cells, both 0: clients skip over them to the text.
pub const PREFIX: [u8; 3] = [0; 3];

/// Checks a value that a client wrote. Cells that it sends are not looked at.
pub fn from_wire(wire: &[u8]) -> Outcome<Value<'_>> {
    match text(wire) {
        Some(text) if geo::parse(text).is_some() => Ok(Value::Owned(stored(text))),
        _ => Err(ResultCode::InvalidGeoJson),
    }
}

/// A text in the form in which it is stored.
pub fn stored(text: &[u8]) -> Vec<u8> {
    [&PREFIX, text].concat()
}

/// The text of a value, after its cells.
pub fn text(value: &[u8]) -> Option<&[u8]> {
    let mut cursor = Cursor::new(value);
    let _flags = cursor.u8()?;
    let cells = cursor.u16()?;
    cursor.take(usize::from(cells) * 8)?;
    Some(cursor.rest())
}
