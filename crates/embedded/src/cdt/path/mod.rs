//! Paths: steps that each may lead to several elements, what is selected at their end, or what it
//! becomes.
//!
//! `[0xfe, [step type, step value, ...], flags]`, and to modify, an expression after them.

mod nth;
mod walk;

use super::answer::Answer;
use super::call::{Call, integer, take_element};
use super::list::List;
use super::{Modified, kind_of};
use crate::expression::{Expression, Limits};
use crate::msgpack::{Token, compare, write};
use crate::particle::kind;
use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};
use walk::Walk;

/// The longest path.
const MAX_STEPS: usize = 64;

/// Types of steps.
pub mod step {
    pub const BASE: u64 = 0x0f;
    pub const INDEX: u64 = 0;
    pub const RANK: u64 = 1;
    pub const KEY: u64 = 2;
    pub const VALUE: u64 = 3;
    pub const EXPRESSION: u64 = 4;
    pub const KEYS: u64 = 0x0a;
    /// Not a step of its own, but a condition of the one before.
    pub const AND: u64 = 0x200;
    pub const CONTAINER: u64 = 0xf0;
    pub const LIST: u64 = 0x10;
    pub const MAP: u64 = 0x20;
}

/// What to do at the end of the path.
mod flag {
    pub const TREE: u64 = 0;
    pub const VALUES: u64 = 1;
    pub const KEYS: u64 = 2;
    pub const MODIFY: u64 = 4;
    pub const WHAT: u64 = 0x0f;
    pub const NO_FAIL: u64 = 0x10;
}

/// A step: which elements of a collection the path goes on to.
struct Step<'a> {
    selector: Selector<'a>,
    /// Of the elements that are selected, only those that fulfil it.
    condition: Option<Expression<'a>>,
    /// Whether the step says in what it is: a list, a map.
    container: u64,
}

enum Selector<'a> {
    Index(i64),
    Rank(i64),
    Key(&'a [u8]),
    Value(&'a [u8]),
    All,
    Where(Expression<'a>),
    /// In ascending order; `None` if they promised to be in order and are not, or are no list.
    Keys(Option<Vec<&'a [u8]>>),
}

enum What<'a> {
    /// The collection, with only what was selected in it.
    Tree,
    /// The selected elements, one after the other.
    Leaves {
        keys: bool,
        values: bool,
    },
    Modify(Expression<'a>),
}

/// A path and what to do at its end.
pub struct Path<'a> {
    steps: Vec<Step<'a>>,
    what: What<'a>,
    /// Whether what is unknown is passed over.
    no_fail: bool,
}

/// Selects from a bin.
pub fn read(bin: Option<(u8, &[u8])>, call: &Call<'_>, limits: &mut Limits) -> Outcome<Answer> {
    let value = collection(bin)?;
    let path = Path::parse(call, limits)?;
    if matches!(path.what, What::Modify(_)) {
        return Err(ResultCode::Parameter);
    }
    select(value, &path, limits)
}

/// Modifies what is selected in a bin.
pub fn modify(bin: Option<(u8, &[u8])>, call: &Call<'_>, limits: &mut Limits) -> Outcome<Modified> {
    let value = collection(bin)?;
    let path = Path::parse(call, limits)?;
    if !matches!(path.what, What::Modify(_)) {
        return select(value, &path, limits).map(Modified::unchanged);
    }
    let mut changed = Vec::with_capacity(value.len());
    Walk::new(&path, limits).collection(value, 0, true, &mut changed)?;
    Ok(Modified::changed(changed, Answer::Nil))
}

fn select(value: &[u8], path: &Path<'_>, limits: &mut Limits) -> Outcome<Answer> {
    let mut output = Vec::new();
    let mut walk = Walk::new(path, limits);
    walk.collection(value, 0, true, &mut output)?;
    match path.what {
        What::Leaves { keys, values } => {
            let (leaves, count) = walk.into_leaves();
            write::list(&mut output, if keys && values { count * 2 } else { count }, 0);
            output.extend_from_slice(&leaves);
            Ok(Answer::Particle(kind::LIST, output))
        }
        _ => {
            let kind = kind_of(&output).ok_or(ResultCode::Unknown)?;
            Ok(Answer::Particle(kind, output))
        }
    }
}

fn collection(bin: Option<(u8, &[u8])>) -> Outcome<&[u8]> {
    match bin {
        Some((kind::LIST | kind::MAP, value)) => Ok(value),
        _ => Err(ResultCode::IncompatibleType),
    }
}

impl<'a> Path<'a> {
    fn parse(call: &Call<'a>, limits: &mut Limits) -> Outcome<Path<'a>> {
        if !call.steps.is_empty() {
            return Err(ResultCode::Parameter);
        }
        let steps = parse_steps(call.element(0)?, limits).ok_or(ResultCode::Parameter)?;
        let flags = call.uint(1)?;
        let what = match flags & flag::WHAT {
            flag::TREE => What::Tree,
            flag::MODIFY => What::Modify(Expression::parse_within(call.element(2)?, limits)?),
            what if what & !(flag::KEYS | flag::VALUES) == 0 => {
                What::Leaves { keys: what & flag::KEYS != 0, values: what & flag::VALUES != 0 }
            }
            _ => return Err(ResultCode::Parameter),
        };
        call.expect(if matches!(what, What::Modify(_)) { 3 } else { 2 }, 0)?;
        Ok(Path { steps, what, no_fail: flags & flag::NO_FAIL != 0 })
    }
}

fn parse_steps<'a>(list: &'a [u8], limits: &mut Limits) -> Option<Vec<Step<'a>>> {
    let mut cursor = Cursor::new(list);
    let Token::List(count) = Token::read(&mut cursor)? else { return None };
    if count == 0 || count % 2 == 1 || count / 2 > MAX_STEPS {
        return None;
    }
    let mut steps: Vec<Step<'a>> = Vec::with_capacity(count / 2);
    // A condition that is always true is one all the same: there is no second.
    let mut has_condition = false;
    for _ in 0..count / 2 {
        let kind = integer(take_element(&mut cursor)?)? as u64;
        let value = take_element(&mut cursor)?;
        if kind & step::AND != 0 {
            let last = steps.last_mut()?;
            let once =
                !has_condition && !matches!(last.selector, Selector::All | Selector::Where(_));
            if kind != step::AND | step::EXPRESSION || !once {
                return None;
            }
            last.condition = parse_condition(value, limits)?;
            has_condition = true;
            continue;
        }
        let selector = match kind & step::BASE {
            step::INDEX => Selector::Index(integer(value)?),
            step::RANK => Selector::Rank(integer(value)?),
            step::KEY => Selector::Key(value),
            step::VALUE => Selector::Value(value),
            step::EXPRESSION => {
                parse_condition(value, limits)?.map_or(Selector::All, Selector::Where)
            }
            step::KEYS => Selector::Keys(parse_keys(value)),
            _ => return None,
        };
        steps.push(Step { selector, condition: None, container: kind & step::CONTAINER });
        has_condition = false;
    }
    Some(steps)
}

/// An expression, or none where there is `true` instead of one.
fn parse_condition<'a>(element: &'a [u8], limits: &mut Limits) -> Option<Option<Expression<'a>>> {
    match Token::read(&mut Cursor::new(element))? {
        Token::Bool(true) => Some(None),
        Token::List(_) => Expression::parse_within(element, limits).ok().map(Some),
        _ => None,
    }
}

fn parse_keys(element: &[u8]) -> Option<Vec<&[u8]>> {
    let mut list = List::parse(element)?;
    if list.ordered {
        return list.items.is_sorted_by(|a, b| compare(a, b).is_le()).then_some(list.items);
    }
    list.sort();
    Some(list.items)
}
