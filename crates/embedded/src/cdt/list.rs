//! Lists, and the operations on them.

use super::answer::{Answer, Report, Return, cut};
use super::call::{Call, take_element};
use super::heap::{self, Ranked};
use super::increment::Number;
use super::list_select::{Picked, Select};
use super::{Modified, list_select};
use crate::msgpack::{Token, compare, list_flags, sort_by, take_flags, write};
use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};
use crate::text;

/// Codes of the operations.
mod op {
    pub const SET_ORDER: u64 = 0;
    pub const APPEND: u64 = 1;
    pub const APPEND_ITEMS: u64 = 2;
    pub const INSERT: u64 = 3;
    pub const INSERT_ITEMS: u64 = 4;
    pub const POP: u64 = 5;
    pub const POP_RANGE: u64 = 6;
    pub const REMOVE: u64 = 7;
    pub const REMOVE_RANGE: u64 = 8;
    pub const SET: u64 = 9;
    pub const TRIM: u64 = 10;
    pub const CLEAR: u64 = 11;
    pub const INCREMENT: u64 = 12;
    pub const SORT: u64 = 13;
    pub const SIZE: u64 = 16;
    pub const GET: u64 = 17;
    pub const GET_RANGE: u64 = 18;
    pub const FIRST_GET_BY: u64 = 19;
    pub const LAST_GET_BY: u64 = 27;
    pub const FIRST_REMOVE_BY: u64 = 32;
    pub const LAST_REMOVE_BY: u64 = 40;
}

/// Write flags.
mod flag {
    pub const ADD_UNIQUE: u64 = 1;
    pub const INSERT_BOUNDED: u64 = 2;
    pub const NO_FAIL: u64 = 4;
    pub const PARTIAL: u64 = 8;
}

/// Persisted indexes change no result, so the flag that asks for one is only accepted.
const PERSIST_INDEX: u64 = 0x10;

const TO_THE_END: u64 = u32::MAX as u64;

/// The longest list that inserting beyond the end may make.
const MAX_INDEX: i64 = i32::MAX as i64;

/// A list: its elements are slices of what is stored.
#[derive(Debug, Clone, Default)]
pub struct List<'a> {
    pub ordered: bool,
    pub items: Vec<&'a [u8]>,
}

impl<'a> List<'a> {
    /// Takes a stored list apart; `None` if it is none.
    pub fn parse(bytes: &'a [u8]) -> Option<List<'a>> {
        let mut cursor = Cursor::new(bytes);
        let Token::List(mut count) = Token::read(&mut cursor)? else { return None };
        let mut ordered = false;
        if count > 0
            && let Some(flags) = take_flags(&mut cursor)
        {
            ordered = flags & list_flags::ORDERED != 0;
            count -= 1;
        }
        let mut items = Vec::with_capacity(count.min(bytes.len()));
        for _ in 0..count {
            items.push(take_element(&mut cursor)?);
        }
        Some(List { ordered, items })
    }

    pub fn encode(&self) -> Vec<u8> {
        let size = 8 + self.items.iter().map(|item| item.len()).sum::<usize>();
        let mut output = Vec::with_capacity(size);
        let flags = if self.ordered { list_flags::ORDERED } else { 0 };
        write::list(&mut output, self.items.len(), flags);
        self.items.iter().for_each(|item| output.extend_from_slice(item));
        output
    }

    /// How many elements are less than a value.
    pub fn rank_of(&self, value: &[u8]) -> usize {
        if self.ordered {
            self.items.partition_point(|item| compare(item, value).is_lt())
        } else {
            self.items.iter().filter(|item| compare(item, value).is_lt()).count()
        }
    }

    /// The elements of a range of ranks.
    pub fn rank_range(&self, start: usize, count: usize) -> Ranked {
        let item = |at: usize| self.items.get(at).copied().unwrap_or_default();
        heap::rank_range(self.items.len(), start, count, |a, b| compare(item(a), item(b)))
    }

    pub fn sort(&mut self) {
        sort_by(&mut self.items, |a, b| compare(a, b));
    }

    fn contains(&self, value: &[u8]) -> bool {
        self.items.iter().any(|item| compare(item, value).is_eq())
    }

    fn without(&self, picked: &Picked) -> List<'a> {
        let mut gone = picked.indexes.iter().peekable();
        let left = self.items.iter().enumerate().filter(|(at, _)| gone.next_if_eq(&at).is_none());
        List { ordered: self.ordered, items: left.map(|(_, &item)| item).collect() }
    }
}

/// Runs a reading operation.
pub fn read(target: &[u8], call: &Call<'_>) -> Outcome<Answer> {
    let list = List::parse(target).ok_or(ResultCode::IncompatibleType)?;
    match call.code {
        op::SIZE => Ok(Answer::count(list.items.len())),
        op::GET => {
            call.expect(1, 0)?;
            let report = Report::of(Return::Value, false);
            Ok(list_select::by_index(&list, report, call.int(0)?, 1)?.answer)
        }
        op::GET_RANGE => {
            call.expect(1, 1)?;
            let report = Report::of(Return::Value, true);
            let count = call.uint_or(1, TO_THE_END)?;
            Ok(list_select::by_index(&list, report, call.int(0)?, count)?.answer)
        }
        op::FIRST_GET_BY..=op::LAST_GET_BY => {
            Ok(Select::parse(call, call.code - op::FIRST_GET_BY)?.run(&list)?.answer)
        }
        _ => Err(ResultCode::Parameter),
    }
}

/// Runs a writing operation on a list, or where there is none yet.
pub fn modify(target: Option<&[u8]>, call: &Call<'_>) -> Outcome<Modified> {
    let list = match target {
        Some(bytes) => Some(List::parse(bytes).ok_or(ResultCode::IncompatibleType)?),
        None => None,
    };
    match call.code {
        op::SET_ORDER => set_order(list, call),
        op::APPEND | op::APPEND_ITEMS => append(list, call),
        op::INSERT | op::INSERT_ITEMS => insert(list.unwrap_or_default(), call),
        op::SET => {
            call.expect(2, 1)?;
            let value = call.stored(1)?;
            set(list.unwrap_or_default(), call.int(0)?, &value, call.uint_or(2, 0)?, Answer::Nil)
        }
        op::INCREMENT => increment(list, call),
        op::SORT => sort(list, call),
        _ => match list {
            Some(list) => remove(&list, call),
            None if is_removal(call.code) => Ok(Modified::unchanged(Answer::Nil)),
            None => Err(ResultCode::Parameter),
        },
    }
}

/// The strings of a list as one, with a separator between them.
pub fn join(target: &[u8], call: &Call<'_>) -> Outcome<Answer> {
    call.expect(0, 1)?;
    let list = List::parse(target).ok_or(ResultCode::IncompatibleType)?;
    let separator = call.optional_element(0).map(|_| text::text_argument(call, 0)).transpose()?;
    text::join(list.items.iter().copied(), separator.unwrap_or_default())
}

fn is_removal(code: u64) -> bool {
    matches!(
        code,
        op::POP..=op::REMOVE_RANGE | op::TRIM | op::CLEAR | op::FIRST_REMOVE_BY..=op::LAST_REMOVE_BY
    )
}

fn remove(list: &List<'_>, call: &Call<'_>) -> Outcome<Modified> {
    let by_index = |what, multi, inverted| {
        call.expect(1, usize::from(multi))?;
        let count = if multi { call.uint_or(1, TO_THE_END)? } else { 1 };
        list_select::by_index(list, Report { what, inverted, multi }, call.int(0)?, count)
    };
    let picked = match call.code {
        op::POP => by_index(Return::Value, false, false)?,
        op::POP_RANGE => by_index(Return::Value, true, false)?,
        op::REMOVE => by_index(Return::Count, false, false)?,
        op::REMOVE_RANGE => by_index(Return::Count, true, false)?,
        op::TRIM => {
            call.expect(2, 0)?;
            by_index(Return::Count, true, true)?
        }
        op::CLEAR => {
            let empty = List { ordered: list.ordered, items: vec![] };
            return Ok(Modified::changed(empty.encode(), Answer::Nil));
        }
        op::FIRST_REMOVE_BY..=op::LAST_REMOVE_BY => {
            Select::parse(call, call.code - op::FIRST_REMOVE_BY)?.run(list)?
        }
        _ => return Err(ResultCode::Parameter),
    };
    if picked.indexes.is_empty() {
        return Ok(Modified::unchanged(picked.answer));
    }
    Ok(Modified::changed(list.without(&picked).encode(), picked.answer))
}

/// The list to write to: if there is none, one of the order that the request names.
fn list_or_new<'a>(list: Option<List<'a>>, order: u64) -> List<'a> {
    let valid = order & !(u64::from(list_flags::ORDERED) | PERSIST_INDEX) == 0;
    let ordered = valid && order & u64::from(list_flags::ORDERED) != 0;
    list.unwrap_or(List { ordered, items: vec![] })
}

fn set_order(list: Option<List<'_>>, call: &Call<'_>) -> Outcome<Modified> {
    call.expect(1, 0)?;
    let order = call.uint(0)? & 0xff;
    let mut list = list.unwrap_or_default();
    if order & !(u64::from(list_flags::ORDERED) | PERSIST_INDEX) != 0 {
        return Err(ResultCode::NotApplicable);
    }
    list.ordered = order & u64::from(list_flags::ORDERED) != 0;
    if list.ordered {
        list.sort();
    }
    Ok(Modified::changed(list.encode(), Answer::Nil))
}

/// The elements that a request adds: one, or those of a list.
fn added(value: &[u8], several: bool) -> Outcome<Vec<&[u8]>> {
    if !several {
        return Ok(vec![value]);
    }
    List::parse(value).map(|list| list.items).ok_or(ResultCode::Parameter)
}

fn append(list: Option<List<'_>>, call: &Call<'_>) -> Outcome<Modified> {
    call.expect(1, 2)?;
    let value = call.stored(0)?;
    let list = list_or_new(list, call.uint_or(1, 0)?);
    let flags = call.uint_or(2, 0)?;
    let several = call.code == op::APPEND_ITEMS;
    let mut values = added(&value, several)?;
    if !list.ordered {
        let end = list.items.len();
        return insert_at(list, end as i64, values, several, flags);
    }
    if flags & flag::ADD_UNIQUE != 0 {
        sort_by(&mut values, |a, b| compare(a, b));
        values = match unique(&list, values, flags)? {
            Some(values) => values,
            None => return Ok(same_size(list)),
        };
    }
    let mut longer = list;
    longer.items.extend(values);
    longer.sort();
    Ok(with_size(&longer))
}

/// The values that a unique list takes: `None` if the flags say that it takes none and is content.
fn unique<'v>(
    list: &List<'_>,
    values: Vec<&'v [u8]>,
    flags: u64,
) -> Outcome<Option<Vec<&'v [u8]>>> {
    let no_fail = flags & flag::NO_FAIL != 0;
    let partial = no_fail && flags & flag::PARTIAL != 0;
    let mut present = list.clone();
    if !list.ordered {
        present.sort();
    }
    let repeated = repeated(&values);
    let mut taken: Vec<&[u8]> = Vec::with_capacity(values.len());
    for (value, twice) in values.into_iter().zip(repeated) {
        let there = present.items.binary_search_by(|item| compare(item, value)).is_ok();
        match (there || twice, partial) {
            (false, _) => taken.push(value),
            (true, true) => {}
            (true, false) if no_fail => return Ok(None),
            (true, false) if there => return Err(ResultCode::ElementExists),
            (true, false) => return Err(ResultCode::NotApplicable),
        }
    }
    Ok((!taken.is_empty()).then_some(taken))
}

/// Which of the values are the same as one before.
fn repeated(values: &[&[u8]]) -> Vec<bool> {
    let value = |at: &usize| values.get(*at).copied().unwrap_or_default();
    let mut order: Vec<usize> = (0..values.len()).collect();
    sort_by(&mut order, |a, b| compare(value(a), value(b)));
    let mut repeated = vec![false; values.len()];
    for equal in order.chunk_by(|a, b| compare(value(a), value(b)).is_eq()) {
        for at in equal.iter().skip(1) {
            if let Some(repeated) = repeated.get_mut(*at) {
                *repeated = true;
            }
        }
    }
    repeated
}

fn insert(list: List<'_>, call: &Call<'_>) -> Outcome<Modified> {
    call.expect(2, 1)?;
    let value = call.stored(1)?;
    let several = call.code == op::INSERT_ITEMS;
    let values = added(&value, several)?;
    if list.ordered {
        return Err(ResultCode::NotApplicable);
    }
    insert_at(list, call.int(0)?, values, several, call.uint_or(2, 0)?)
}

fn insert_at<'a>(
    mut list: List<'a>,
    index: i64,
    mut values: Vec<&'a [u8]>,
    several: bool,
    flags: u64,
) -> Outcome<Modified> {
    if several && values.is_empty() {
        return Ok(same_size(list));
    }
    let size = list.items.len();
    let index = place(index, size)?;
    if flags & flag::INSERT_BOUNDED != 0 && index > size {
        return if flags & flag::NO_FAIL != 0 {
            Ok(same_size(list))
        } else {
            Err(ResultCode::NotApplicable)
        };
    }
    if flags & flag::ADD_UNIQUE != 0 {
        values = match unique(&list, values, flags)? {
            Some(values) => values,
            None => return Ok(same_size(list)),
        };
    }
    pad(&mut list, index)?;
    list.items.splice(index..index, values);
    Ok(with_size(&list))
}

/// The position that an index names, which may lie beyond the end.
fn place(index: i64, size: usize) -> Outcome<usize> {
    let absolute = if index < 0 { index.saturating_add(size as i64) } else { index };
    if index > MAX_INDEX || absolute < 0 {
        return Err(ResultCode::NotApplicable);
    }
    Ok(absolute as usize)
}

/// Fills a list with nil up to a position.
fn pad(list: &mut List<'_>, index: usize) -> Outcome<()> {
    const NIL: &[u8] = &[0xc0];
    /// More elements than this make a record that is too big.
    const MAX_SIZE: usize = 1024 * 1024;
    if index > list.items.len() {
        if index > MAX_SIZE {
            return Err(ResultCode::RecordTooBig);
        }
        list.items.resize(index, NIL);
    }
    Ok(())
}

fn with_size(list: &List<'_>) -> Modified {
    Modified::changed(list.encode(), Answer::count(list.items.len()))
}

/// Nothing is added, but a list that was not there is there now.
fn same_size(list: List<'_>) -> Modified {
    with_size(&list)
}

fn set<'a>(
    mut list: List<'a>,
    index: i64,
    value: &'a [u8],
    flags: u64,
    answer: Answer,
) -> Outcome<Modified> {
    if list.ordered {
        return Err(ResultCode::NotApplicable);
    }
    let size = list.items.len();
    if index >= size as i64 {
        let modified = insert_at(list, index, vec![value], false, flags)?;
        return Ok(Modified { answer, ..modified });
    }
    let index = place(index, size)?;
    let mut others = list.items.iter().enumerate().filter(|(at, _)| *at != index);
    if flags & flag::ADD_UNIQUE != 0 && others.any(|(_, item)| compare(item, value).is_eq()) {
        return if flags & flag::NO_FAIL != 0 {
            Ok(Modified::changed(list.encode(), answer))
        } else {
            Err(ResultCode::ElementExists)
        };
    }
    list.items.splice(index..=index, [value]);
    Ok(Modified::changed(list.encode(), answer))
}

fn increment(list: Option<List<'_>>, call: &Call<'_>) -> Outcome<Modified> {
    call.expect(1, 3)?;
    let mut list = list_or_new(list, call.uint_or(2, 0)?);
    let flags = call.uint_or(3, 0)?;
    let index = place(call.int(0)?, list.items.len())?;
    let delta = Number::delta(call.optional_element(1))?;
    let sum = match list.items.get(index) {
        Some(item) => Number::of(item)?.plus(delta),
        None => match delta {
            Number::Int(_) => Number::Int(0).plus(delta),
            Number::Double(_) => Number::Double(0.0).plus(delta),
        },
    };
    let value = sum.packed();
    if !list.ordered {
        return set(list, index as i64, &value, flags, sum.answer());
    }
    if index > list.items.len() {
        return Err(ResultCode::NotApplicable);
    }
    if flags & flag::ADD_UNIQUE != 0 && list.contains(&value) {
        let same = list.rank_of(&value) == index;
        return if same || flags & flag::NO_FAIL != 0 {
            Ok(Modified::changed(list.encode(), sum.answer()))
        } else {
            Err(ResultCode::ElementExists)
        };
    }
    list.items.splice(index..(index + 1).min(list.items.len()), [&value[..]]);
    list.sort();
    Ok(Modified::changed(list.encode(), sum.answer()))
}

fn sort(list: Option<List<'_>>, call: &Call<'_>) -> Outcome<Modified> {
    const DESCENDING: u64 = 1;
    const DROP_DUPLICATES: u64 = 2;
    let mut list = list.ok_or(ResultCode::IncompatibleType)?;
    call.expect(0, 1)?;
    let flags = call.uint_or(0, 0)?;
    if !list.ordered {
        if flags & DESCENDING != 0 {
            sort_by(&mut list.items, |a, b| compare(b, a));
        } else {
            list.sort();
        }
    }
    if flags & DROP_DUPLICATES != 0 {
        // The server that is modelled looks for duplicates in ascending elements only.
        if !list.items.is_sorted_by(|a, b| compare(a, b).is_le()) {
            return Err(ResultCode::Parameter);
        }
        list.items.dedup_by(|a, b| compare(a, b).is_eq());
    }
    Ok(Modified::changed(list.encode(), Answer::Nil))
}

/// The position that an index names among elements that exist.
pub fn position(index: i64, size: usize) -> Option<usize> {
    cut(index, 1, size, false).map(|(start, _)| start)
}
