//! Bin values as JSON.
//!
//! | value | JSON |
//! |---|---|
//! | integer, boolean, string | as in JSON; an integer has neither `.` nor exponent |
//! | double | a number with `.` or exponent; `{"$float": "nan"}`, also `"inf"`, `"-inf"`, `"-0.0"` |
//! | bytes, HyperLogLog, GeoJSON | `{"$bytes": base64}`, `{"$hll": base64}`, `{"$geo": text}` |
//! | list, ordered list | an array, `{"$list": [...], "$order": "ordered"}` |
//! | unordered map of string keys that don't begin with `$` | an object |
//! | any other map | `{"$map": [[key, value], ...]}`, ordered with `"$order"`: `"key"` or `"key_value"` |
//! | any other value | `{"$particle": [type, base64]}` |
//!
//! In a list or a map there may also be `null`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Number, Value as Json, json};

use crate::msgpack::{Token, list_flags, map_flags, take_flags, write};
use crate::particle::{self, geojson, kind};
use crate::protocol::cursor::Cursor;

/// What is nested deeper is shown as bytes, since parsers of JSON have limits.
const MAX_DEPTH: usize = 40;

/// A stored value as JSON.
pub fn to_json(kind: u8, value: &[u8]) -> Json {
    let nested = match kind {
        kind::LIST | kind::MAP => element(&mut Cursor::new(value), MAX_DEPTH),
        kind::INTEGER => particle::integer(value).ok().map(Json::from),
        kind::FLOAT => particle::float(value).ok().map(double),
        kind::BOOL => Some(Json::Bool(value == [1])),
        kind::GEOJSON => geojson::text(value).map(|text| bytes(kind, text)),
        _ => Some(bytes(kind, value)),
    };
    nested.unwrap_or_else(|| any(kind, value))
}

fn any(kind: u8, value: &[u8]) -> Json {
    json!({ "$particle": [kind, STANDARD.encode(value)] })
}

fn bytes(kind: u8, value: &[u8]) -> Json {
    match (kind, std::str::from_utf8(value)) {
        (kind::STRING, Ok(text)) => text.into(),
        (kind::GEOJSON, Ok(text)) => json!({ "$geo": text }),
        (kind::BLOB, _) => json!({ "$bytes": STANDARD.encode(value) }),
        (kind::HLL, _) => json!({ "$hll": STANDARD.encode(value) }),
        _ => any(kind, value),
    }
}

fn double(number: f64) -> Json {
    let text = match number {
        _ if number.is_nan() => "nan",
        f64::INFINITY => "inf",
        f64::NEG_INFINITY => "-inf",
        0.0 if number.is_sign_negative() => "-0.0",
        _ => return Number::from_f64(number).into(),
    };
    json!({ "$float": text })
}

/// An element of a collection; `None` if it is what JSON does not show.
fn element(cursor: &mut Cursor<'_>, depth: usize) -> Option<Json> {
    let depth = depth.checked_sub(1)?;
    Some(match Token::read(cursor)? {
        Token::Nil => Json::Null,
        Token::Bool(value) => value.into(),
        Token::Negative(number) => number.into(),
        Token::Unsigned(number) => number.into(),
        Token::Double(number) => double(number),
        Token::Raw([kind, value @ ..]) => bytes(*kind, value),
        Token::List(count) => list(cursor, count, depth)?,
        Token::Map(count) => map(cursor, count, depth)?,
        _ => return None,
    })
}

fn list(cursor: &mut Cursor<'_>, count: usize, depth: usize) -> Option<Json> {
    let flags = if count > 0 { take_flags(cursor) } else { None };
    let items = (usize::from(flags.is_some())..count).map(|_| element(cursor, depth));
    let items = Json::Array(items.collect::<Option<_>>()?);
    match flags.unwrap_or(0) {
        0 => Some(items),
        list_flags::ORDERED => Some(json!({ "$list": items, "$order": "ordered" })),
        _ => None,
    }
}

fn map(cursor: &mut Cursor<'_>, count: usize, depth: usize) -> Option<Json> {
    let flags = if count > 0 { take_flags(cursor) } else { None };
    if flags.is_some() {
        Token::read(cursor)?;
    }
    let pairs = (usize::from(flags.is_some())..count)
        .map(|_| Some((element(cursor, depth)?, element(cursor, depth)?)));
    let pairs: Vec<(Json, Json)> = pairs.collect::<Option<_>>()?;
    let order = match flags.unwrap_or(0) {
        0 if pairs.iter().all(|(key, _)| is_plain_key(key)) => {
            let pairs = pairs.into_iter();
            let named = pairs.map(|(key, value)| (key.as_str().unwrap_or("").to_owned(), value));
            return Some(Json::Object(named.collect()));
        }
        0 => None,
        map_flags::KEY_ORDERED => Some("key"),
        map_flags::STORED => Some("key_value"),
        _ => return None,
    };
    let pairs: Vec<_> = pairs.into_iter().map(|(key, value)| json!([key, value])).collect();
    Some(match order {
        None => json!({ "$map": pairs }),
        Some(order) => json!({ "$map": pairs, "$order": order }),
    })
}

fn is_plain_key(key: &Json) -> bool {
    key.as_str().is_some_and(|key| !key.starts_with('$'))
}

/// A value that was read from JSON, collections not yet looked into.
enum Read<'j> {
    Nil,
    Bool(bool),
    Integer(i64),
    /// Beyond the largest integer that a bin can have, but not an element.
    Unsigned(u64),
    Double(f64),
    /// Bytes of a particle type.
    Bytes(u8, Vec<u8>),
    List(u8, &'j [Json]),
    Map(u8, Vec<(Json, &'j Json)>),
}

/// The particle type and bytes of a bin's value, as a client would write them; or what is wrong.
pub fn from_json(json: &Json) -> Result<(u8, Vec<u8>), String> {
    Ok(match read(json)? {
        Read::Nil => return Err("null is no value of a bin".into()),
        Read::Bool(value) => (kind::BOOL, vec![u8::from(value)]),
        Read::Integer(number) => (kind::INTEGER, number.to_be_bytes().to_vec()),
        Read::Unsigned(number) => return Err(format!("{number} is more than 64 bits with a sign")),
        Read::Double(number) => (kind::FLOAT, number.to_be_bytes().to_vec()),
        Read::Bytes(kind::GEOJSON, text) => (kind::GEOJSON, geojson::stored(&text)),
        Read::Bytes(kind, bytes) => (kind, bytes),
        Read::List(..) => (kind::LIST, pack(json)?),
        Read::Map(..) => (kind::MAP, pack(json)?),
    })
}

fn pack(json: &Json) -> Result<Vec<u8>, String> {
    let mut output = Vec::new();
    pack_into(json, &mut output)?;
    Ok(output)
}

fn pack_into(json: &Json, output: &mut Vec<u8>) -> Result<(), String> {
    match read(json)? {
        Read::Nil => output.push(0xc0),
        Read::Bool(value) => output.push(0xc2 + u8::from(value)),
        Read::Integer(number) => write::integer(output, number),
        Read::Unsigned(number) => write::unsigned(output, number),
        Read::Double(number) => write::double(output, number),
        Read::Bytes(kind, bytes) => write::typed(output, kind, &bytes),
        Read::List(flags, items) => {
            write::list(output, items.len(), flags);
            for item in items {
                pack_into(item, output)?;
            }
        }
        Read::Map(flags, pairs) => {
            write::map(output, pairs.len(), flags);
            for (key, value) in &pairs {
                pack_into(key, output)?;
                pack_into(value, output)?;
            }
        }
    }
    Ok(())
}

fn read(json: &Json) -> Result<Read<'_>, String> {
    Ok(match json {
        Json::Null => Read::Nil,
        Json::Bool(value) => Read::Bool(*value),
        Json::String(text) => Read::Bytes(kind::STRING, text.clone().into_bytes()),
        Json::Array(items) => Read::List(0, items),
        Json::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), ..) => Read::Integer(number),
            (_, Some(number), _) => Read::Unsigned(number),
            (.., Some(number)) => Read::Double(number),
            _ => return Err(format!("{number} is no number that can be stored")),
        },
        Json::Object(object) => {
            let tag = object.keys().find(|name| name.starts_with('$') && *name != "$order");
            match tag.and_then(|tag| Some((tag.as_str(), object.get(tag)?))) {
                Some((tag, inner)) => read_tagged(tag, inner, object)?,
                None => {
                    let named = object.iter().map(|(key, value)| (Json::from(key.as_str()), value));
                    Read::Map(0, named.collect())
                }
            }
        }
    })
}

fn read_tagged<'j>(
    tag: &str,
    inner: &'j Json,
    object: &'j Map<String, Json>,
) -> Result<Read<'j>, String> {
    let wrong = || format!("{}: not what {tag} may have", Json::Object(object.clone()));
    let order = object.get("$order").map(|order| order.as_str().ok_or_else(wrong)).transpose()?;
    if object.len() > 1 + usize::from(order.is_some()) {
        return Err(wrong());
    }
    let decode = |text: &Json| STANDARD.decode(text.as_str()?).ok();
    let read = match (tag, order) {
        ("$bytes", None) => decode(inner).map(|bytes| Read::Bytes(kind::BLOB, bytes)),
        ("$hll", None) => decode(inner).map(|bytes| Read::Bytes(kind::HLL, bytes)),
        ("$geo", None) => inner.as_str().map(|text| Read::Bytes(kind::GEOJSON, text.into())),
        ("$float", None) => match inner.as_str() {
            Some("nan") => Some(Read::Double(f64::NAN)),
            Some("inf") => Some(Read::Double(f64::INFINITY)),
            Some("-inf") => Some(Read::Double(f64::NEG_INFINITY)),
            Some("-0.0") => Some(Read::Double(-0.0)),
            _ => None,
        },
        ("$particle", None) => match inner.as_array().map(Vec::as_slice) {
            Some([kind, bytes]) => {
                let kind = kind.as_u64().and_then(|kind| u8::try_from(kind).ok());
                kind.zip(decode(bytes)).map(|(kind, bytes)| Read::Bytes(kind, bytes))
            }
            _ => None,
        },
        ("$list", None | Some("ordered")) => {
            let flags = if order.is_some() { list_flags::ORDERED } else { 0 };
            inner.as_array().map(|items| Read::List(flags, items))
        }
        ("$map", None | Some("key" | "key_value")) => {
            let flags = match order {
                None => 0,
                Some("key") => map_flags::KEY_ORDERED,
                Some(_) => map_flags::STORED,
            };
            let pair = |pair: &'j Json| match pair.as_array()?.as_slice() {
                [key, value] => Some((key.clone(), value)),
                _ => None,
            };
            let pairs = inner.as_array().and_then(|pairs| pairs.iter().map(pair).collect());
            pairs.map(|pairs| Read::Map(flags, pairs))
        }
        _ => None,
    };
    read.ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a value is shown as, after a check that it comes back.
    fn shown(kind: u8, value: &[u8]) -> String {
        let json = to_json(kind, value);
        let text = json.to_string();
        let parsed: Json = serde_json::from_str(&text).unwrap();
        let (back, bytes) = from_json(&parsed).unwrap();
        let stored = particle::from_wire(back, &bytes).unwrap();
        assert_eq!((back, stored.bytes()), (kind, value), "{text}");
        text
    }

    #[test]
    fn what_json_has_no_notation_for_is_shown_as_bytes() {
        assert_eq!(shown(kind::STRING, b"\xff"), r#"{"$particle":[3,"/w=="]}"#);
        assert_eq!(shown(kind::VECTOR, b"\x01"), r#"{"$particle":[16,"AQ=="]}"#);
        let deep = [&[0x91; 100][..], &[0xc0]].concat();
        assert!(shown(kind::LIST, &deep).starts_with(r#"{"$particle":[20,"#));
    }

    #[test]
    fn elements_may_be_what_bins_may_not() {
        let list = [&[0x93, 0xc0, 0xcf][..], &[0xff; 8], &[0xa2, 3, 0xff]].concat();
        let text = r#"[null,18446744073709551615,{"$particle":[3,"/w=="]}]"#;
        assert_eq!(shown(kind::LIST, &list), text);
    }

    #[test]
    fn nesting_up_to_the_limit_can_be_parsed() {
        let mut value = vec![0xc0];
        for _ in 1..MAX_DEPTH {
            // An ordered map, the notation of which takes the most levels.
            value = [&[0x82, 0xc7, 0, 1, 0xc0, 1][..], &value].concat();
        }
        let record = json!([{ "bins": { "a": to_json(kind::MAP, &value) } }]).to_string();
        assert!(record.contains(r#"{"$map":[[1,{"$map":"#), "{record}");
        assert!(serde_json::from_str::<Json>(&record).is_ok());
    }
}
