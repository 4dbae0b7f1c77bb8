//! The encoding of values in expressions: MessagePack, where text and bytes begin with the
//! number of their type.

use aerospike_core::Value;
use pyo3::PyResult;
use pyo3::exceptions::PyValueError;

const TEXT: u8 = 3;
const BLOB: u8 = 4;
const HLL: u8 = 18;
const GEOJSON: u8 = 23;

/// A map's first pair, which says that it is ordered by its keys.
const KEY_ORDERED: [u8; 4] = [0xc7, 0, 1, 0xc0];
const INFINITY: [u8; 3] = [0xd4, 0xff, 1];
const WILDCARD: [u8; 3] = [0xd4, 0xff, 0];
const QUOTE: u8 = 126;

pub fn write_array(out: &mut Vec<u8>, count: usize) {
    match count {
        0..16 => out.push(0x90 | count as u8),
        16..0x1_0000 => sized(out, 0xdc, &(count as u16).to_be_bytes()),
        _ => sized(out, 0xdd, &(count as u32).to_be_bytes()),
    }
}

fn write_map(out: &mut Vec<u8>, count: usize) {
    match count {
        0..16 => out.push(0x80 | count as u8),
        16..0x1_0000 => sized(out, 0xde, &(count as u16).to_be_bytes()),
        _ => sized(out, 0xdf, &(count as u32).to_be_bytes()),
    }
}

pub fn write_int(out: &mut Vec<u8>, int: i64) {
    if let Ok(int) = u64::try_from(int) {
        match int {
            0..0x80 => out.push(int as u8),
            0x80..0x100 => sized(out, 0xcc, &[int as u8]),
            0x100..0x1_0000 => sized(out, 0xcd, &(int as u16).to_be_bytes()),
            0x1_0000..0x1_0000_0000 => sized(out, 0xce, &(int as u32).to_be_bytes()),
            _ => sized(out, 0xcf, &int.to_be_bytes()),
        }
    } else {
        match int {
            -0x20.. => out.push(int as u8),
            -0x80.. => sized(out, 0xd0, &[int as u8]),
            -0x8000.. => sized(out, 0xd1, &(int as i16).to_be_bytes()),
            -0x8000_0000.. => sized(out, 0xd2, &(int as i32).to_be_bytes()),
            _ => sized(out, 0xd3, &int.to_be_bytes()),
        }
    }
}

/// Text without its type: names, and patterns.
pub fn write_name(out: &mut Vec<u8>, text: &str) {
    write_text_header(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

/// Bytes that the server reads as such: an expression within a context, source text.
pub fn write_raw(out: &mut Vec<u8>, bytes: &[u8]) {
    match bytes.len() {
        0..0x100 => sized(out, 0xc4, &[bytes.len() as u8]),
        0x100..0x1_0000 => sized(out, 0xc5, &(bytes.len() as u16).to_be_bytes()),
        _ => sized(out, 0xc6, &(bytes.len() as u32).to_be_bytes()),
    }
    out.extend_from_slice(bytes);
}

fn write_typed(out: &mut Vec<u8>, particle: u8, bytes: &[u8]) {
    write_text_header(out, bytes.len() + 1);
    out.push(particle);
    out.extend_from_slice(bytes);
}

fn write_text_header(out: &mut Vec<u8>, length: usize) {
    match length {
        0..0x20 => out.push(0xa0 | length as u8),
        0x20..0x100 => sized(out, 0xd9, &[length as u8]),
        0x100..0x1_0000 => sized(out, 0xda, &(length as u16).to_be_bytes()),
        _ => sized(out, 0xdb, &(length as u32).to_be_bytes()),
    }
}

fn sized(out: &mut Vec<u8>, marker: u8, length: &[u8]) {
    out.push(marker);
    out.extend_from_slice(length);
}

/// A value that is itself an expression: a list is quoted, and a HyperLogLog told as bytes.
pub fn write_literal(out: &mut Vec<u8>, value: &Value) -> PyResult<()> {
    match value {
        Value::List(_) => {
            out.extend([0x92, QUOTE]);
            write_value(out, value)
        }
        Value::Hll(bytes) => {
            write_typed(out, BLOB, bytes);
            Ok(())
        }
        _ => write_value(out, value),
    }
}

/// A value within another one, or in a context.
pub fn write_value(out: &mut Vec<u8>, value: &Value) -> PyResult<()> {
    match value {
        Value::Nil => out.push(0xc0),
        Value::Bool(bool) => out.push(if *bool { 0xc3 } else { 0xc2 }),
        Value::Int(int) => write_int(out, *int),
        Value::Float(float) => sized(out, 0xcb, &f64::from(float).to_be_bytes()),
        Value::String(text) => write_typed(out, TEXT, text.as_bytes()),
        Value::Blob(bytes) => write_typed(out, BLOB, bytes),
        Value::Hll(bytes) => write_typed(out, HLL, bytes),
        Value::GeoJson(text) => write_typed(out, GEOJSON, text.as_bytes()),
        Value::Infinity => out.extend(INFINITY),
        Value::Wildcard => out.extend(WILDCARD),
        Value::List(values) => {
            write_array(out, values.len());
            for value in values {
                write_value(out, value)?;
            }
        }
        Value::OrderedMap(map) => {
            write_map(out, map.len());
            write_pairs(out, map.iter())?;
        }
        Value::SortedMap(map) => {
            write_map(out, map.len() + 1);
            out.extend(KEY_ORDERED);
            write_pairs(out, map.iter())?;
        }
        _ => return Err(PyValueError::new_err("such a value can't be part of an expression")),
    }
    Ok(())
}

fn write_pairs<'a>(
    out: &mut Vec<u8>,
    pairs: impl Iterator<Item = (&'a Value, &'a Value)>,
) -> PyResult<()> {
    for (key, value) in pairs {
        write_value(out, key)?;
        write_value(out, value)?;
    }
    Ok(())
}

/// Where the first element ends, if all of it is there.
pub fn element_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    let mut left = 1u64;
    while left > 0 {
        let marker = *bytes.get(at)?;
        at += 1;
        // How many bytes tell the length, and how much follows: bytes, or elements.
        let (told, length, elements) = match marker {
            0x00..=0x7f | 0xc0 | 0xc2 | 0xc3 | 0xe0..=0xff => (0, 0, 0),
            0x80..=0x8f => (0, 0, 2 * u64::from(marker & 0x0f)),
            0x90..=0x9f => (0, 0, u64::from(marker & 0x0f)),
            0xa0..=0xbf => (0, u64::from(marker & 0x1f), 0),
            0xcc | 0xd0 => (0, 1, 0),
            0xcd | 0xd1 | 0xd4 => (0, 2, 0),
            0xd5 => (0, 3, 0),
            0xca | 0xce | 0xd2 => (0, 4, 0),
            0xd6 => (0, 5, 0),
            0xcb | 0xcf | 0xd3 => (0, 8, 0),
            0xd7 => (0, 9, 0),
            0xd8 => (0, 17, 0),
            0xc4 | 0xd9 | 0xc7 => (1, 0, 0),
            0xc5 | 0xda | 0xc8 | 0xdc | 0xde => (2, 0, 0),
            0xc6 | 0xdb | 0xc9 | 0xdd | 0xdf => (4, 0, 0),
            0xc1 => return None,
        };
        let told = bytes.get(at..at + told)?;
        at += told.len();
        let size = told.iter().fold(0u64, |size, byte| size << 8 | u64::from(*byte));
        let (length, elements) = match marker {
            0xdc | 0xdd => (0, size),
            0xde | 0xdf => (0, 2 * size),
            // An extension's type comes after its length.
            0xc7..=0xc9 => (size + 1, 0),
            _ => (length + size, elements),
        };
        at = at.checked_add(usize::try_from(length).ok()?)?;
        left = left - 1 + elements;
    }
    (at <= bytes.len()).then_some(at)
}

/// Of an array that comes first: how many elements it has, and where they begin.
pub fn array(bytes: &[u8]) -> Option<(usize, usize)> {
    match *bytes.first()? {
        marker @ 0x90..=0x9f => Some((usize::from(marker & 0x0f), 1)),
        0xdc => Some((usize::from(u16::from_be_bytes(bytes.get(1..3)?.try_into().ok()?)), 3)),
        0xdd => Some((u32::from_be_bytes(bytes.get(1..5)?.try_into().ok()?) as usize, 5)),
        _ => None,
    }
}

/// Of an integer from 0 that comes first: its value and its length.
pub fn integer(bytes: &[u8]) -> Option<(u64, usize)> {
    let length = match *bytes.first()? {
        marker @ 0x00..=0x7f => return Some((u64::from(marker), 1)),
        0xcc => 2,
        0xcd => 3,
        0xce => 5,
        0xcf => 9,
        _ => return None,
    };
    let told = bytes.get(1..length)?;
    Some((told.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)), length))
}

/// Where the contents of text or bytes that come first begin.
pub fn text_start(bytes: &[u8]) -> Option<usize> {
    match *bytes.first()? {
        0xa0..=0xbf => Some(1),
        0xc4 | 0xd9 => Some(2),
        0xc5 | 0xda => Some(3),
        0xc6 | 0xdb => Some(5),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(value: i64) -> Vec<u8> {
        let mut out = Vec::new();
        write_int(&mut out, value);
        out
    }

    #[test]
    fn ints_take_the_shortest_form() {
        assert_eq!(int(127), [0x7f]);
        assert_eq!(int(128), [0xcc, 0x80]);
        assert_eq!(int(256), [0xcd, 1, 0]);
        assert_eq!(int(65536), [0xce, 0, 1, 0, 0]);
        assert_eq!(int(i64::MAX)[0], 0xcf);
        assert_eq!(int(-32), [0xe0]);
        assert_eq!(int(-33), [0xd0, 0xdf]);
        assert_eq!(int(-129), [0xd1, 0xff, 0x7f]);
        assert_eq!(int(-32769)[0], 0xd2);
        assert_eq!(int(i64::MIN), [0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn an_element_ends_where_the_next_begins() {
        let nested = Value::List(vec![
            Value::from(1.5),
            Value::List(vec![Value::Infinity, Value::from("text")]),
            Value::from("x".repeat(300)),
            Value::from(-70_000),
        ]);
        let mut out = Vec::new();
        write_literal(&mut out, &nested).unwrap();
        let length = out.len();
        assert_eq!(element_end(&out), Some(length));
        out.push(0xc0);
        assert_eq!(element_end(&out), Some(length));
        for cut in 0..length {
            assert_eq!(element_end(&out[..cut]), None);
        }
        assert_eq!(element_end(&[0xc1]), None);
        assert_eq!(element_end(&[0xdf, 0xff, 0xff, 0xff, 0xff]), None);
        assert_eq!(element_end(&[0xdb, 0xff, 0xff, 0xff, 0xff, 0]), None);
    }
}
