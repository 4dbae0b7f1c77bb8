//! Values: from particles to Lua and back.

use mlua::{Table, Value};

use super::state::State;
use crate::msgpack::{
    MAX_DEPTH, Token, compare, list_flags, map_flags, normalise, skip, take_flags, write,
};
use crate::particle::{self, geojson, kind};
use crate::protocol::cursor::Cursor;

/// A value: particle type and bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Particle {
    pub kind: u8,
    pub bytes: Vec<u8>,
}

/// A collection may not become larger than this when it leaves Lua.
const MAX_SIZE: usize = 16 * 1024 * 1024;

/// Levels of nesting that leave Lua.
const MAX_LEVELS: usize = 64;

impl Particle {
    pub fn new(kind: u8, bytes: impl Into<Vec<u8>>) -> Particle {
        Particle { kind, bytes: bytes.into() }
    }

    pub fn nil() -> Particle {
        Particle::new(kind::NIL, [])
    }
}

/// The arguments of a call, from the list in which they came; none if it is no list.
pub fn arguments(state: &State, list: &[u8]) -> mlua::Result<Vec<Value>> {
    let mut cursor = Cursor::new(list);
    let Some(Token::List(count)) = Token::read(&mut cursor) else { return Ok(Vec::new()) };
    let whole = skip(&mut Cursor::new(list)).is_some();
    if !whole || count > list.len() {
        return Ok(Vec::new());
    }
    let has_flags = count > 0 && take_flags(&mut cursor).is_some();
    (usize::from(has_flags)..count).map(|_| element(state, &mut cursor, 0)).collect()
}

/// A particle as a Lua value.
pub fn to_lua(state: &State, particle: &Particle) -> mlua::Result<Value> {
    let bytes = particle.bytes.as_slice();
    match particle.kind {
        kind::INTEGER => Ok(Value::Integer(particle::integer(bytes).unwrap_or(0))),
        kind::FLOAT => Ok(Value::Number(particle::float(bytes).unwrap_or(0.0))),
        kind::BOOL => Ok(Value::Boolean(bytes == [1])),
        kind::STRING => state.lua.create_string(bytes).map(Value::String),
        kind::LIST | kind::MAP => element(state, &mut Cursor::new(bytes), 0),
        kind::GEOJSON => {
            let text = state.lua.create_string(geojson::text(bytes).unwrap_or_default())?;
            state.new_geojson.call(text)
        }
        kind::NIL => Ok(Value::Nil),
        blob => state.new_bytes.call((state.lua.create_string(bytes)?, blob)),
    }
}

fn element(state: &State, cursor: &mut Cursor<'_>, depth: usize) -> mlua::Result<Value> {
    let lua = &state.lua;
    let token = Token::read(cursor).filter(|_| depth < MAX_DEPTH);
    match token.ok_or_else(|| mlua::Error::runtime("a value is malformed"))? {
        Token::Nil | Token::Extension { .. } | Token::Wildcard | Token::Infinity => Ok(Value::Nil),
        Token::Bool(value) => Ok(Value::Boolean(value)),
        Token::Negative(number) => Ok(Value::Integer(number)),
        Token::Unsigned(number) => Ok(Value::Integer(number as i64)),
        Token::Double(number) => Ok(Value::Number(number)),
        Token::Raw([kind::STRING, text @ ..]) => lua.create_string(text).map(Value::String),
        Token::Raw([kind::GEOJSON, text @ ..]) => state.new_geojson.call(lua.create_string(text)?),
        Token::Raw([blob, bytes @ ..]) => state.new_bytes.call((lua.create_string(bytes)?, *blob)),
        Token::Raw([]) => state.new_bytes.call(lua.create_string(b"")?),
        Token::List(count) => state.new_list.call(elements(state, cursor, count, 1, depth)?),
        Token::Map(count) => state.new_map.call(elements(state, cursor, count, 2, depth)?),
    }
}

/// The elements of a collection in a table, how many they are, and the flags of the collection.
fn elements(
    state: &State,
    cursor: &mut Cursor<'_>,
    count: usize,
    values_each: usize,
    depth: usize,
) -> mlua::Result<(Table, usize, u8)> {
    let items = state.lua.create_table()?;
    let mut left = count.saturating_mul(values_each);
    let flags = if count > 0 { take_flags(cursor) } else { None };
    if flags.is_some() {
        left -= 1;
        if values_each == 2 {
            skip(cursor);
            left -= 1;
        }
    }
    for position in 1..=left {
        let value = element(state, cursor, depth + 1)?;
        items.raw_set(position, value)?;
    }
    Ok((items, left, flags.unwrap_or(0)))
}

/// A Lua value as a particle. `None` if it is of a type that none is of, or too large.
pub fn from_lua(state: &State, value: &Value) -> Option<Particle> {
    match value {
        Value::Nil => Some(Particle::nil()),
        Value::Boolean(value) => Some(Particle::new(kind::BOOL, [u8::from(*value)])),
        Value::Integer(number) => Some(Particle::new(kind::INTEGER, number.to_be_bytes())),
        Value::Number(number) => Some(Particle::new(kind::FLOAT, number.to_be_bytes())),
        Value::String(text) => Some(Particle::new(kind::STRING, text.as_bytes().to_vec())),
        Value::Table(object) => from_object(state, object),
        _ => None,
    }
}

fn from_object(state: &State, object: &Table) -> Option<Particle> {
    let Inspected { class, contents, more, flags } = inspect(state, object)?;
    match class.as_str() {
        "bytes" => {
            let kind = u8::try_from(more?).ok()?;
            let bytes = contents.as_string()?.as_bytes().to_vec();
            let is_blob = kind == kind::BLOB
                || kind == kind::HLL
                || kind == kind::VECTOR
                || kind::LANGUAGE_BLOBS.contains(&kind);
            (is_blob && particle::from_wire(kind, &bytes).is_ok())
                .then(|| Particle::new(kind, bytes))
        }
        "geojson" => {
            let text = contents.as_string()?.as_bytes().to_vec();
            crate::geo::parse(&text)?;
            Some(Particle::new(kind::GEOJSON, [&geojson::PREFIX, &text[..]].concat()))
        }
        class => {
            let mut packed = Vec::new();
            push_collection(state, class, &contents, more?, flags, &mut packed, 0)?;
            let kind = if class == "list" { kind::LIST } else { kind::MAP };
            normalise(&packed).map(|(_, stored)| Particle::new(kind, stored))
        }
    }
}

/// An object as the prelude shows it.
struct Inspected {
    class: String,
    contents: Value,
    /// How many elements, or of what kind.
    more: Option<i64>,
    flags: u8,
}

fn inspect(state: &State, object: &Table) -> Option<Inspected> {
    let (class, contents, more, flags): (Option<String>, Value, Option<i64>, Option<u8>) =
        state.inspect.call(object).ok()?;
    Some(Inspected { class: class?, contents, more, flags: flags.unwrap_or(0) })
}

fn push_collection(
    state: &State,
    class: &str,
    contents: &Value,
    count: i64,
    flags: u8,
    output: &mut Vec<u8>,
    level: usize,
) -> Option<()> {
    let items = contents.as_table()?;
    let count = usize::try_from(count).ok().filter(|count| *count <= MAX_SIZE)?;
    let is_list = class == "list";
    let flags = flags & if is_list { list_flags::ORDERED } else { map_flags::STORED };
    match is_list {
        true => write::list(output, count, flags),
        false => write::map(output, count / 2, flags),
    }
    let start = output.len();
    // Where each element ends, or each pair.
    let mut ends = Vec::new();
    for position in 1..=count {
        push_element(state, &items.raw_get(position).ok()?, output, level + 1)?;
        if is_list || position % 2 == 0 {
            ends.push(output.len());
        }
    }
    if flags != 0 {
        put_in_order(output, start, &ends);
    }
    Some(())
}

/// Sorts elements, or pairs by their keys.
fn put_in_order(output: &mut Vec<u8>, start: usize, ends: &[usize]) {
    let written = output.split_off(start);
    let starts = std::iter::once(&start).chain(ends);
    let parts = starts.zip(ends).map(|(from, to)| written.get(from - start..to - start));
    let mut parts: Vec<_> = parts.map(Option::unwrap_or_default).collect();
    parts.sort_by(|a, b| compare(a, b));
    parts.iter().for_each(|part| output.extend_from_slice(part));
}

fn push_element(state: &State, value: &Value, output: &mut Vec<u8>, level: usize) -> Option<()> {
    if level > MAX_LEVELS || output.len() > MAX_SIZE {
        return None;
    }
    let push_raw = |output: &mut Vec<u8>, kind: u8, bytes: &[u8]| {
        write::raw(output, &[&[kind], bytes].concat());
    };
    match value {
        Value::Nil => output.push(0xc0),
        Value::Boolean(value) => output.push(0xc2 + u8::from(*value)),
        Value::Integer(number) => write::integer(output, *number),
        Value::Number(number) => write::double(output, *number),
        Value::String(text) => push_raw(output, kind::STRING, &text.as_bytes()),
        Value::Table(object) => {
            let Inspected { class, contents, more, flags } = inspect(state, object)?;
            match class.as_str() {
                "bytes" => {
                    push_raw(output, u8::try_from(more?).ok()?, &contents.as_string()?.as_bytes());
                }
                "geojson" => push_raw(output, kind::GEOJSON, &contents.as_string()?.as_bytes()),
                class => push_collection(state, class, &contents, more?, flags, output, level)?,
            }
        }
        _ => return None,
    }
    Some(())
}
