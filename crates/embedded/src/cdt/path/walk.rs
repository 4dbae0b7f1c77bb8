//! Walking a path through collections.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::super::answer::cut;
use super::super::list::List;
use super::super::map::Map;
use super::nth::nth;
use super::{Path, Selector, Step, What, step};
use crate::cdt::kind_of;
use crate::expression::{Expression, Limits, Loop, Value};
use crate::geo;
use crate::msgpack::{compare, is_storable, sort_by, write};
use crate::particle::kind;
use crate::protocol::{Outcome, ResultCode};

/// A walk on its way.
pub struct Walk<'p, 'l> {
    path: &'p Path<'p>,
    limits: &'l mut Limits,
    /// The selected elements, if they are to be told one after the other, and how many.
    leaves: Vec<u8>,
    count: usize,
    /// A step to a rank, or to an index of a map, takes the server that is modelled to the end of
    /// the whole value: it fails if there is anything that it still has to look at.
    at_end: bool,
}

/// An element of a collection that is being walked through.
#[derive(Clone, Copy)]
struct Element<'e> {
    /// Of maps.
    key: Option<&'e [u8]>,
    value: &'e [u8],
    /// Of lists.
    index: Option<usize>,
    /// Whether nothing comes after it in the whole value.
    is_tail: bool,
}

/// What becomes of an element in the collection that is made.
enum Becomes<'e> {
    Itself,
    Gone,
    Value(Cow<'e, [u8]>),
}

impl<'p, 'l> Walk<'p, 'l> {
    pub fn new(path: &'p Path<'p>, limits: &'l mut Limits) -> Walk<'p, 'l> {
        Walk { path, limits, leaves: Vec::new(), count: 0, at_end: false }
    }

    pub fn into_leaves(self) -> (Vec<u8>, usize) {
        (self.leaves, self.count)
    }

    /// Walks through a collection, and appends what comes of it: what was selected in it, or the
    /// whole with what was modified.
    pub fn collection(
        &mut self,
        packed: &[u8],
        level: usize,
        is_tail: bool,
        output: &mut Vec<u8>,
    ) -> Outcome<()> {
        self.limits.spend(packed.len()).ok_or(ResultCode::Unknown)?;
        self.limits.enter().ok_or(ResultCode::Unknown)?;
        let walked = match kind_of(packed) {
            Some(kind::LIST) => self.list(packed, level, is_tail, output),
            Some(kind::MAP) => self.map(packed, level, is_tail, output),
            _ => Err(ResultCode::IncompatibleType),
        };
        self.limits.leave();
        walked
    }

    fn step(&self, level: usize) -> Outcome<&'p Step<'p>> {
        self.path.steps.get(level).ok_or(ResultCode::Unknown)
    }

    fn is_last(&self, level: usize) -> bool {
        level + 1 == self.path.steps.len()
    }

    fn list(
        &mut self,
        packed: &[u8],
        level: usize,
        is_tail: bool,
        output: &mut Vec<u8>,
    ) -> Outcome<()> {
        let list = List::parse(packed).ok_or(ResultCode::Unknown)?;
        let tells_keys = matches!(self.path.what, What::Leaves { keys: true, .. });
        if self.is_last(level) && tells_keys && (list.ordered || !list.items.is_empty()) {
            return if self.path.no_fail { Ok(()) } else { Err(ResultCode::IncompatibleType) };
        }
        if list.items.is_empty() {
            self.keep_whole(packed, output);
            return Ok(());
        }
        let step = self.step(level)?;
        if step.container & !step::LIST != 0 {
            return Err(ResultCode::Parameter);
        }
        let size = list.items.len();
        let single = match step.selector {
            Selector::Index(index) => Some(cut(index, 1, size, false).map(|(at, _)| at)),
            Selector::Rank(rank) => Some(cut(rank, 1, size, false).map(|(rank, _)| {
                if list.ordered { rank } else { nth(size, rank, compare_at(&list.items)) }
            })),
            _ => None,
        };
        let is_jump = matches!(step.selector, Selector::Rank(_));
        let mut kept = Vec::with_capacity(size);
        for (at, &value) in list.items.iter().enumerate() {
            if self.at_end && !is_jump {
                return Err(ResultCode::Unknown);
            }
            let is_tail = is_tail && at + 1 == size;
            let element = Element { key: None, value, index: Some(at), is_tail };
            let chosen = match single {
                Some(single) => single == Some(at) && self.fulfils(step, element) == Some(true),
                None => self.chooses(step, element)?,
            };
            match self.becomes(element, chosen, level)? {
                Becomes::Itself => kept.push(Cow::Borrowed(value)),
                Becomes::Gone => {}
                Becomes::Value(value) => kept.push(value),
            }
        }
        self.at_end |= is_jump && !is_tail && single.flatten().is_some();
        match self.path.what {
            What::Tree => write::list(output, kept.len(), 0),
            What::Leaves { .. } => return Ok(()),
            What::Modify(_) => {
                if list.ordered {
                    sort_by(&mut kept, |a, b| compare(a, b));
                }
                write::list(output, kept.len(), u8::from(list.ordered));
            }
        }
        kept.iter().for_each(|value| output.extend_from_slice(value));
        Ok(())
    }

    fn map(
        &mut self,
        packed: &[u8],
        level: usize,
        is_tail: bool,
        output: &mut Vec<u8>,
    ) -> Outcome<()> {
        let map = Map::parse(packed).ok_or(ResultCode::Unknown)?;
        if map.pairs.is_empty() {
            self.keep_whole(packed, output);
            return Ok(());
        }
        let step = self.step(level)?;
        if step.container & !step::MAP != 0 {
            return Err(ResultCode::Parameter);
        }
        let size = map.pairs.len();
        let single = match step.selector {
            Selector::Index(index) => Some(cut(index, 1, size, false).map(|(at, _)| at)),
            Selector::Rank(rank) => Some(cut(rank, 1, size, false).map(|(rank, _)| {
                let values: Vec<_> = map.pairs.iter().map(|(_, value)| *value).collect();
                nth(size, rank, compare_at(&values))
            })),
            Selector::Key(key) => Some(map.find(key).ok()),
            Selector::Keys(None) => return Err(ResultCode::Parameter),
            _ => None,
        };
        // Of a key that is named, it must be known whether it fulfils the condition.
        let is_jump = matches!(step.selector, Selector::Index(_) | Selector::Rank(_));
        let mut kept = Vec::with_capacity(size);
        for (at, &(key, value)) in map.pairs.iter().enumerate() {
            if self.at_end && !is_jump {
                return Err(ResultCode::Unknown);
            }
            let is_tail = is_tail && at + 1 == size;
            let element = Element { key: Some(key), value, index: None, is_tail };
            let chosen = match single {
                Some(single) if single != Some(at) => false,
                Some(_) if is_jump => self.fulfils(step, element) == Some(true),
                Some(_) => {
                    let fulfils = self.fulfils(step, element);
                    self.known(fulfils)?
                }
                None => self.chooses(step, element)?,
            };
            match self.becomes(element, chosen, level)? {
                Becomes::Itself => kept.push((key, Cow::Borrowed(value))),
                Becomes::Gone => {}
                Becomes::Value(value) => kept.push((key, value)),
            }
        }
        self.at_end |= is_jump && !is_tail && single.flatten().is_some();
        match self.path.what {
            What::Tree => write::map(output, kept.len(), 0),
            What::Leaves { .. } => return Ok(()),
            What::Modify(_) => write::map(output, kept.len(), map.flags),
        }
        for (key, value) in &kept {
            output.extend_from_slice(key);
            output.extend_from_slice(value);
        }
        Ok(())
    }

    /// What comes of a collection in which there is nothing to walk through.
    fn keep_whole(&self, packed: &[u8], output: &mut Vec<u8>) {
        if !matches!(self.path.what, What::Leaves { .. }) {
            output.extend_from_slice(packed);
        }
    }

    /// Whether a step that looks at every element chooses this one.
    fn chooses(&mut self, step: &'p Step<'p>, element: Element<'_>) -> Outcome<bool> {
        let chosen = match &step.selector {
            Selector::All => Some(true),
            Selector::Where(expression) => self.holds(expression, element),
            Selector::Value(value) => Some(compare(element.value, value).is_eq()),
            Selector::Keys(Some(keys)) => {
                let found = |key: &[u8]| keys.binary_search_by(|other| compare(other, key)).is_ok();
                element.key.map(found)
            }
            // A list has no keys to choose by.
            Selector::Keys(None) | Selector::Key(_) => None,
            Selector::Index(_) | Selector::Rank(_) => None,
        };
        let chosen = if chosen == Some(true) { self.fulfils(step, element) } else { chosen };
        self.known(chosen)
    }

    /// What is unknown fails, unless it is to be passed over.
    fn known(&self, chosen: Option<bool>) -> Outcome<bool> {
        match chosen {
            Some(chosen) => Ok(chosen),
            None if self.path.no_fail => Ok(false),
            None => Err(ResultCode::Parameter),
        }
    }

    fn fulfils(&mut self, step: &'p Step<'p>, element: Element<'_>) -> Option<bool> {
        match &step.condition {
            Some(condition) => self.holds(condition, element),
            None => Some(true),
        }
    }

    fn holds(&mut self, expression: &Expression<'_>, element: Element<'_>) -> Option<bool> {
        match expression.evaluate_in_loop(element.variables(), self.limits)? {
            Value::Bool(holds) => Some(holds),
            _ => Some(false),
        }
    }

    fn becomes<'e>(
        &mut self,
        element: Element<'e>,
        chosen: bool,
        level: usize,
    ) -> Outcome<Becomes<'e>> {
        let nothing = match self.path.what {
            What::Modify(_) => Becomes::Itself,
            What::Tree | What::Leaves { .. } => Becomes::Gone,
        };
        if !chosen {
            return Ok(nothing);
        }
        if !self.is_last(level) {
            if kind_of(element.value).is_none() {
                let passes = !matches!(self.path.what, What::Leaves { .. });
                return Ok(if passes { Becomes::Itself } else { nothing });
            }
            let mut inner = Vec::new();
            self.collection(element.value, level + 1, element.is_tail, &mut inner)?;
            return Ok(match self.path.what {
                What::Leaves { .. } => nothing,
                _ => Becomes::Value(Cow::Owned(inner)),
            });
        }
        match &self.path.what {
            What::Tree => Ok(Becomes::Itself),
            What::Leaves { keys, values } => {
                self.count += 1;
                let key = element.key.filter(|_| *keys);
                let value = Some(element.value).filter(|_| *values);
                for part in [key, value].into_iter().flatten() {
                    self.leaves.extend_from_slice(part);
                }
                Ok(nothing)
            }
            What::Modify(expression) => self.modified(expression, element),
        }
    }

    fn modified<'e>(
        &mut self,
        expression: &Expression<'_>,
        element: Element<'e>,
    ) -> Outcome<Becomes<'e>> {
        let mut packed = Vec::new();
        match expression.evaluate_in_loop(element.variables(), self.limits) {
            None if self.path.no_fail => return Ok(Becomes::Itself),
            None => return Err(ResultCode::Unknown),
            Some(Value::Remove) => return Ok(Becomes::Gone),
            Some(value) => value.pack(&mut packed).ok_or(ResultCode::Unknown)?,
        }
        if !is_storable(&packed) {
            return Err(ResultCode::IncompatibleType);
        }
        self.limits.spend_value(packed.len()).ok_or(ResultCode::Unknown)?;
        Ok(Becomes::Value(Cow::Owned(packed)))
    }
}

/// Compares elements by where they are.
fn compare_at(elements: &[&[u8]]) -> impl Fn(usize, usize) -> Ordering {
    let element = |at: usize| elements.get(at).copied().unwrap_or_default();
    move |a, b| compare(element(a), element(b))
}

impl<'e> Element<'e> {
    fn variables(self) -> Loop<'e> {
        let value = |element: &'e [u8]| match Value::of_element(element)? {
            // Collections hold any text as GeoJSON, but it must be some to be worked with.
            Value::Geo(text) if geo::parse(&text).is_none() => None,
            value => Some(value),
        };
        Loop {
            key: self.key.and_then(value),
            value: value(self.value),
            index: self.index.map(|index| Value::Int(index as i64)),
        }
    }
}
