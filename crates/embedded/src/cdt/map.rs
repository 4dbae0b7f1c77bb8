//! Maps, and the operations on them.

use super::Modified;
use super::answer::Answer;
use super::call::{Call, take_element};
use super::increment::Number;
use super::map_select::{Picked, Select};
use crate::msgpack::{self, Collection, Token, compare, map_flags, skip, take_flags, write};
use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};

/// Codes of the operations.
mod op {
    pub const SET_ORDER: u64 = 64;
    pub const ADD: u64 = 65;
    pub const ADD_ITEMS: u64 = 66;
    pub const PUT: u64 = 67;
    pub const PUT_ITEMS: u64 = 68;
    pub const REPLACE: u64 = 69;
    pub const REPLACE_ITEMS: u64 = 70;
    pub const INCREMENT: u64 = 73;
    pub const DECREMENT: u64 = 74;
    pub const CLEAR: u64 = 75;
    pub const FIRST_REMOVE_BY: u64 = 76;
    pub const LAST_REMOVE_BY: u64 = 89;
    pub const SIZE: u64 = 96;
    pub const FIRST_GET_BY: u64 = 97;
    pub const LAST_GET_BY: u64 = 110;
}

/// Write flags.
mod flag {
    pub const CREATE_ONLY: u64 = 1;
    pub const UPDATE_ONLY: u64 = 2;
    pub const NO_FAIL: u64 = 4;
    pub const PARTIAL: u64 = 8;
}

const ORDER_FLAGS: u8 = map_flags::KEY_ORDERED | map_flags::VALUE_ORDERED;

/// Persisted indexes change no result, so the flag that asks for one is only accepted.
const PERSIST_INDEX: u8 = 0x10;

/// A map: its keys and values are slices of what is stored, in the order of the keys.
#[derive(Debug, Clone, Default)]
pub struct Map<'a> {
    pub flags: u8,
    pub pairs: Vec<(&'a [u8], &'a [u8])>,
}

impl<'a> Map<'a> {
    /// Takes a stored map apart; `None` if it is none.
    pub fn parse(bytes: &'a [u8]) -> Option<Map<'a>> {
        let mut cursor = Cursor::new(bytes);
        let Token::Map(mut count) = Token::read(&mut cursor)? else { return None };
        let mut flags = 0;
        if count > 0
            && let Some(order) = take_flags(&mut cursor)
        {
            flags = order & ORDER_FLAGS;
            skip(&mut cursor)?;
            count -= 1;
        }
        let mut pairs = Vec::with_capacity(count.min(bytes.len()));
        for _ in 0..count {
            pairs.push((take_element(&mut cursor)?, take_element(&mut cursor)?));
        }
        Some(Map { flags, pairs })
    }

    pub fn encode(&self) -> Vec<u8> {
        let size = 9 + self.pairs.iter().map(|(k, v)| k.len() + v.len()).sum::<usize>();
        let mut output = Vec::with_capacity(size);
        write::map(&mut output, self.pairs.len(), self.flags);
        for (key, value) in &self.pairs {
            output.extend_from_slice(key);
            output.extend_from_slice(value);
        }
        output
    }

    /// Where a key is, or where it would be.
    pub fn find(&self, key: &[u8]) -> Result<usize, usize> {
        self.pairs.binary_search_by(|(there, _)| compare(there, key))
    }

    pub fn put(&mut self, key: &'a [u8], value: &'a [u8]) {
        match self.find(key) {
            Ok(at) => {
                self.pairs.splice(at..=at, [(key, value)]);
            }
            Err(at) => self.pairs.insert(at, (key, value)),
        }
    }

    /// The map with more pairs, which are in the order of their keys, put into it.
    fn merged(&self, more: &[(&'a [u8], &'a [u8])]) -> Map<'a> {
        let mut pairs = Vec::with_capacity(self.pairs.len() + more.len());
        let mut more = more.iter().copied().peekable();
        for &(key, value) in &self.pairs {
            while let Some(pair) = more.next_if(|(new, _)| compare(new, key).is_lt()) {
                pairs.push(pair);
            }
            pairs.push(more.next_if(|(new, _)| compare(new, key).is_eq()).unwrap_or((key, value)));
        }
        pairs.extend(more);
        Map { flags: self.flags, pairs }
    }

    pub fn value(&self, at: usize) -> Option<&'a [u8]> {
        self.pairs.get(at).map(|(_, value)| *value)
    }

    /// The indexes of the pairs, by value; equal values by key.
    pub fn by_rank(&self) -> Vec<usize> {
        let value = |at: &usize| self.value(*at).unwrap_or_default();
        let mut indexes: Vec<usize> = (0..self.pairs.len()).collect();
        msgpack::sort_by(&mut indexes, |a, b| compare(value(a), value(b)));
        indexes
    }

    /// How many values are less than a value.
    pub fn rank_of(&self, value: &[u8]) -> usize {
        self.pairs.iter().filter(|(_, there)| compare(there, value).is_lt()).count()
    }

    fn without(&self, picked: &Picked) -> Map<'a> {
        let mut gone = picked.indexes.iter().peekable();
        let left = self.pairs.iter().enumerate().filter(|(at, _)| gone.next_if_eq(&at).is_none());
        Map { flags: self.flags, pairs: left.map(|(_, &pair)| pair).collect() }
    }
}

pub fn is_key(element: &[u8]) -> bool {
    Token::read(&mut Cursor::new(element)).is_some_and(|token| token.is_map_key())
}

/// The stored form of a key, if it may be one.
pub fn stored_key(element: &[u8]) -> Option<Vec<u8>> {
    if is_key(element) { msgpack::normalise(element).map(|(_, key)| key) } else { None }
}

/// Runs a reading operation.
pub fn read(target: &[u8], call: &Call<'_>) -> Outcome<Answer> {
    let map = Map::parse(target).ok_or(ResultCode::IncompatibleType)?;
    match call.code {
        op::SIZE => Ok(Answer::count(map.pairs.len())),
        op::FIRST_GET_BY..=op::LAST_GET_BY => {
            Ok(Select::parse_get(call, call.code - op::FIRST_GET_BY)?.run(&map)?.answer)
        }
        _ => Err(ResultCode::Parameter),
    }
}

/// Runs a writing operation on a map, or where there is none yet.
pub fn modify(target: Option<&[u8]>, call: &Call<'_>) -> Outcome<Modified> {
    let map = match target {
        Some(bytes) => Some(Map::parse(bytes).ok_or(ResultCode::IncompatibleType)?),
        None => None,
    };
    match call.code {
        op::SET_ORDER => set_order(map.unwrap_or_default(), call),
        op::ADD | op::PUT | op::REPLACE => put(map, call),
        op::REPLACE_ITEMS if map.is_none() => Err(ResultCode::ElementNotFound),
        op::ADD_ITEMS | op::PUT_ITEMS | op::REPLACE_ITEMS => put_items(map, call),
        op::INCREMENT | op::DECREMENT => increment(map, call),
        op::CLEAR | op::FIRST_REMOVE_BY..=op::LAST_REMOVE_BY => match map {
            Some(map) => remove(&map, call),
            None => Ok(Modified::unchanged(Answer::Nil)),
        },
        _ => Err(ResultCode::Parameter),
    }
}

fn remove(map: &Map<'_>, call: &Call<'_>) -> Outcome<Modified> {
    if call.code == op::CLEAR {
        let empty = Map { flags: map.flags, pairs: vec![] };
        return Ok(Modified::changed(empty.encode(), Answer::Nil));
    }
    let picked = Select::parse_remove(call, call.code - op::FIRST_REMOVE_BY)?.run(map)?;
    if picked.indexes.is_empty() {
        return Ok(Modified::unchanged(picked.answer));
    }
    Ok(Modified::changed(map.without(&picked).encode(), picked.answer))
}

/// The map to write to: if there is none, one of the order that the request names.
fn map_or_new<'a>(map: Option<Map<'a>>, flags: u64) -> Map<'a> {
    let known = u64::from(ORDER_FLAGS | PERSIST_INDEX);
    let flags = if flags & !known == 0 { flags as u8 & ORDER_FLAGS } else { 0 };
    map.unwrap_or(Map { flags, pairs: vec![] })
}

fn set_order(mut map: Map<'_>, call: &Call<'_>) -> Outcome<Modified> {
    call.expect(1, 0)?;
    let flags = call.uint(0)? as u8;
    if flags & !(ORDER_FLAGS | PERSIST_INDEX) != 0 {
        return Err(ResultCode::NotApplicable);
    }
    map.flags = flags & ORDER_FLAGS;
    Ok(Modified::changed(map.encode(), Answer::Nil))
}

/// What a put may do, from the operation and its flags.
struct Control {
    overwrite: bool,
    create: bool,
    no_fail: bool,
    partial: bool,
}

impl Control {
    fn of(call: &Call<'_>, flags: u64) -> Control {
        Control {
            overwrite: !matches!(call.code, op::ADD | op::ADD_ITEMS)
                && flags & flag::CREATE_ONLY == 0,
            create: !matches!(call.code, op::REPLACE | op::REPLACE_ITEMS)
                && flags & flag::UPDATE_ONLY == 0,
            no_fail: flags & flag::NO_FAIL != 0,
            partial: flags & flag::PARTIAL != 0,
        }
    }

    /// Whether a pair is to be put, given whether its key is there; why not, if it fails.
    fn allows(&self, there: bool) -> Outcome<bool> {
        match there {
            true if self.overwrite => Ok(true),
            false if self.create => Ok(true),
            _ if self.no_fail => Ok(false),
            true => Err(ResultCode::ElementExists),
            false => Err(ResultCode::ElementNotFound),
        }
    }
}

fn with_size(map: &Map<'_>) -> Modified {
    Modified::changed(map.encode(), Answer::count(map.pairs.len()))
}

/// How many optional arguments the older operations and the newer ones have.
fn optional_arguments(code: u64) -> usize {
    match code {
        op::PUT | op::PUT_ITEMS => 2,
        op::ADD | op::ADD_ITEMS => 1,
        _ => 0,
    }
}

fn put(map: Option<Map<'_>>, call: &Call<'_>) -> Outcome<Modified> {
    call.expect(2, optional_arguments(call.code))?;
    let key = stored_key(call.element(0)?).ok_or(ResultCode::Parameter)?;
    let value = call.stored(1)?;
    let mut map = map_or_new(map, call.uint_or(2, 0)?);
    let control = Control::of(call, call.uint_or(3, 0)?);
    if control.allows(map.find(&key).is_ok())? {
        map.put(&key, &value);
    }
    Ok(with_size(&map))
}

fn put_items(map: Option<Map<'_>>, call: &Call<'_>) -> Outcome<Modified> {
    call.expect(1, optional_arguments(call.code))?;
    let items = match msgpack::normalise(call.element(0)?) {
        Some((Collection::Map, items)) => items,
        _ => return Err(ResultCode::Parameter),
    };
    let items = Map::parse(&items).ok_or(ResultCode::Parameter)?;
    let map = map_or_new(map, call.uint_or(1, 0)?);
    let mut control = Control::of(call, call.uint_or(2, 0)?);
    // The server that is modelled fills an empty map in this case, though nothing may be created.
    if map.pairs.is_empty() && control.no_fail && control.partial {
        control.create = true;
    }
    let mut allowed = Vec::with_capacity(items.pairs.len());
    for &(key, value) in &items.pairs {
        if control.allows(map.find(key).is_ok())? {
            allowed.push((key, value));
        } else if !control.partial {
            return Ok(with_size(&map));
        }
    }
    Ok(with_size(&map.merged(&allowed)))
}

fn increment(map: Option<Map<'_>>, call: &Call<'_>) -> Outcome<Modified> {
    call.expect(1, 2)?;
    let key = stored_key(call.element(0)?).ok_or(ResultCode::Parameter)?;
    let mut map = map_or_new(map, call.uint_or(2, 0)?);
    let delta = Number::delta(call.optional_element(1))?;
    let delta = if call.code == op::DECREMENT { delta.negated() } else { delta };
    let there = map.find(&key).ok().and_then(|at| map.value(at));
    let sum = match (there, delta) {
        (Some(value), _) => Number::of(value)?.plus(delta),
        (None, Number::Int(_)) => Number::Int(0).plus(delta),
        (None, Number::Double(_)) => Number::Double(0.0).plus(delta),
    };
    let value = sum.packed();
    map.put(&key, &value);
    Ok(Modified::changed(map.encode(), sum.answer()))
}
