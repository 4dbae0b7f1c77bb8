//! Finding the collection that an operation is about, and putting back what it became.

use super::answer::cut;
use super::call::{Call, Step, integer};
use super::list::{self, List};
use super::map::{self, Map};
use super::{Modified, is_list_operation};
use crate::msgpack::{Token, compare};
use crate::particle::kind;
use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};

/// Steps of a context: what they count, in what, and what they may create.
mod step {
    pub const BASE: u64 = 0x0f;
    pub const INDEX: u64 = 0;
    pub const RANK: u64 = 1;
    pub const KEY: u64 = 2;
    pub const VALUE: u64 = 3;
    pub const LIST: u64 = 0x10;
    pub const MAP: u64 = 0x20;
    pub const LIST_INDEX: u64 = LIST | INDEX;
    pub const MAP_KEY: u64 = MAP | KEY;
    pub const CREATE: u64 = 0xc0;
    pub const CREATE_SECOND: u64 = 0x80;
    pub const CREATE_THIRD: u64 = 0xc0;
    pub const KNOWN: u64 = 0x1ff;
}

impl Step<'_> {
    fn base(&self) -> u64 {
        self.kind & step::BASE
    }

    fn creates(&self) -> bool {
        self.kind & step::CREATE != 0
    }

    fn check(&self) -> Outcome<()> {
        let says_in_what = self.kind & (step::LIST | step::MAP) != 0;
        let known = self.kind & !step::KNOWN == 0 && self.base() <= step::VALUE;
        if known && (says_in_what || !self.creates()) {
            Ok(())
        } else {
            Err(ResultCode::NotApplicable)
        }
    }
}

/// Whether a step leads somewhere without creating anything.
pub fn is_plain(step: &Step<'_>) -> bool {
    step.check().is_ok() && !step.creates()
}

/// Where a step leads in a collection that exists.
enum Place {
    /// To an element that is there.
    There(usize),
    /// To where one is to be put, with that many nils before it.
    New { at: usize, nils: usize },
}

/// A collection that is on the way.
enum Container<'a> {
    List(List<'a>),
    Map(Map<'a>),
}

impl<'a> Container<'a> {
    fn parse(bytes: &'a [u8]) -> Outcome<Container<'a>> {
        let container = match Token::read(&mut Cursor::new(bytes)) {
            Some(Token::List(_)) => List::parse(bytes).map(Container::List),
            Some(Token::Map(_)) => Map::parse(bytes).map(Container::Map),
            _ => None,
        };
        container.ok_or(ResultCode::NotApplicable)
    }

    fn find(&self, step: &Step<'_>) -> Outcome<Place> {
        step.check()?;
        let place = match self {
            Container::List(_) if step.kind & step::MAP != 0 => None,
            Container::Map(_) if step.kind & step::LIST != 0 => None,
            Container::List(list) => find_in_list(list, step),
            Container::Map(map) => find_in_map(map, step),
        };
        place.ok_or(ResultCode::NotApplicable)
    }

    fn child(&self, at: usize) -> Option<&'a [u8]> {
        match self {
            Container::List(list) => list.items.get(at).copied(),
            Container::Map(map) => map.pairs.get(at).map(|(_, value)| *value),
        }
    }
}

fn find_in_list(list: &List<'_>, step: &Step<'_>) -> Option<Place> {
    let size = list.items.len();
    match step.base() {
        step::INDEX => {
            let index = integer(step.value)?;
            match list::position(index, size) {
                Some(at) => Some(Place::There(at)),
                None if step.creates() => new_in_list(list, step, index),
                None => None,
            }
        }
        step::RANK => {
            let at = list::position(integer(step.value)?, size)?;
            if list.ordered {
                return Some(Place::There(at));
            }
            list.rank_range(at, 1).indexes.first().copied().map(Place::There)
        }
        step::VALUE => {
            let found = list.items.iter().position(|item| compare(item, step.value).is_eq());
            found.map(Place::There)
        }
        _ => None,
    }
}

fn new_in_list(list: &List<'_>, step: &Step<'_>, index: i64) -> Option<Place> {
    /// More nils than this make a record that is too big.
    const MAX_NILS: i64 = 1024 * 1024;
    let size = list.items.len();
    let beyond = index.checked_sub(size as i64)?;
    if index < 0 && !(size == 0 && index == -1) {
        return None;
    }
    if beyond <= 0 || list.ordered {
        return Some(Place::New { at: size, nils: 0 });
    }
    let pads = step.kind & step::CREATE == step::CREATE_SECOND;
    (pads && beyond <= MAX_NILS).then_some(Place::New { at: size, nils: beyond as usize })
}

fn find_in_map(map: &Map<'_>, step: &Step<'_>) -> Option<Place> {
    let size = map.pairs.len();
    match step.base() {
        step::INDEX => cut(integer(step.value)?, 1, size, false).map(|(at, _)| Place::There(at)),
        step::RANK => {
            let (rank, _) = cut(integer(step.value)?, 1, size, false)?;
            map.by_rank().get(rank).copied().map(Place::There)
        }
        step::KEY => match map.find(step.value) {
            Ok(at) => Some(Place::There(at)),
            Err(at) if step.creates() && map::is_key(step.value) => {
                Some(Place::New { at, nils: 0 })
            }
            Err(_) => None,
        },
        step::VALUE => {
            let by_rank = map.by_rank();
            let equal =
                |at: &&usize| map.value(**at).is_some_and(|v| compare(v, step.value).is_eq());
            by_rank.iter().find(equal).copied().map(Place::There)
        }
        _ => None,
    }
}

/// The collection that a reading operation is about.
pub fn find<'a>(bin_kind: u8, value: &'a [u8], call: &Call<'_>) -> Outcome<&'a [u8]> {
    at(bin_kind, value, &call.steps)
}

/// The element that steps lead to.
pub fn at<'a>(bin_kind: u8, value: &'a [u8], steps: &[Step<'_>]) -> Outcome<&'a [u8]> {
    if !steps.is_empty() && !matches!(bin_kind, kind::LIST | kind::MAP) {
        return Err(ResultCode::Parameter);
    }
    let mut target = value;
    for step in steps {
        let container = Container::parse(target)?;
        let Place::There(at) = container.find(step)? else { return Err(ResultCode::NotApplicable) };
        target = container.child(at).ok_or(ResultCode::NotApplicable)?;
    }
    Ok(target)
}

/// A collection in which the element that steps lead to is another one.
pub fn replace(target: &[u8], steps: &[Step<'_>], element: &[u8]) -> Outcome<Vec<u8>> {
    let Some((step, rest)) = steps.split_first() else { return Ok(element.to_vec()) };
    let mut container = Container::parse(target)?;
    let place = container.find(step)?;
    let Place::There(at) = place else { return Err(ResultCode::NotApplicable) };
    let child = container.child(at).ok_or(ResultCode::NotApplicable)?;
    let value = replace(child, rest, element)?;
    match &mut container {
        Container::List(list) => Ok(put_in_list(list, &place, &value)),
        Container::Map(map) => put_in_map(map, &place, step.value, &value),
    }
}

/// Runs a writing operation on what the steps lead to, from a value that may not exist.
pub fn modify(target: Option<&[u8]>, steps: &[Step<'_>], call: &Call<'_>) -> Outcome<Modified> {
    let Some((step, rest)) = steps.split_first() else {
        return if is_list_operation(call) {
            list::modify(target, call)
        } else {
            map::modify(target, call)
        };
    };
    let Some(bytes) = target else {
        // In what a step creates, the further ones need not say that they create.
        return if step.creates() {
            create(step, rest, call)
        } else {
            Err(ResultCode::NotApplicable)
        };
    };
    let mut container = Container::parse(bytes)?;
    let place = container.find(step)?;
    let Modified { value, answer } = match place {
        Place::There(at) => modify(container.child(at), rest, call)?,
        Place::New { .. } => create_next(rest, call)?,
    };
    let Some(value) = value else { return Ok(Modified::unchanged(answer)) };
    let changed = match &mut container {
        Container::List(list) => put_in_list(list, &place, &value),
        Container::Map(map) => put_in_map(map, &place, step.value, &value)?,
    };
    Ok(Modified::changed(changed, answer))
}

fn put_in_list<'a>(list: &mut List<'a>, place: &Place, value: &'a [u8]) -> Vec<u8> {
    const NIL: &[u8] = &[0xc0];
    match *place {
        Place::There(at) => {
            list.items.splice(at..=at, [value]);
        }
        Place::New { at, nils } => {
            list.items.resize(at + nils, NIL);
            list.items.push(value);
        }
    }
    if list.ordered {
        list.sort();
    }
    list.encode()
}

fn put_in_map(map: &mut Map<'_>, place: &Place, key: &[u8], value: &[u8]) -> Outcome<Vec<u8>> {
    match *place {
        Place::There(at) => map.pairs.get(at).map(|(key, _)| key.to_vec()),
        Place::New { .. } => map::stored_key(key),
    }
    .map(|key| {
        let mut map = map.clone();
        map.put(&key, value);
        map.encode()
    })
    .ok_or(ResultCode::Parameter)
}

/// Runs an operation where there is nothing yet, in what the steps make.
fn create_next(steps: &[Step<'_>], call: &Call<'_>) -> Outcome<Modified> {
    match steps.split_first() {
        Some((step, rest)) => create(step, rest, call),
        None => modify(None, steps, call),
    }
}

/// Makes the collection that a step is about, with what the rest makes in it.
fn create(step: &Step<'_>, rest: &[Step<'_>], call: &Call<'_>) -> Outcome<Modified> {
    step.check()?;
    let order = step.kind & step::CREATE;
    match step.kind & (step::BASE | step::LIST | step::MAP) {
        step::LIST_INDEX => {
            let index = integer(step.value).ok_or(ResultCode::NotApplicable)?;
            let mut list = List { ordered: order == step::CREATE_THIRD, items: vec![] };
            let place = new_in_list(&list, step, index).ok_or(ResultCode::NotApplicable)?;
            let Modified { value, answer } = create_next(rest, call)?;
            let value = value.as_deref().map(|value| put_in_list(&mut list, &place, value));
            Ok(Modified { value, answer })
        }
        step::MAP_KEY => {
            let flags = match order {
                step::CREATE_SECOND => 1,
                step::CREATE_THIRD => 3,
                _ => 0,
            };
            let key = map::stored_key(step.value).ok_or(ResultCode::NotApplicable)?;
            let Modified { value, answer } = create_next(rest, call)?;
            let value = value.map(|value| Map { flags, pairs: vec![(&key, &value)] }.encode());
            Ok(Modified { value, answer })
        }
        _ => Err(ResultCode::NotApplicable),
    }
}
