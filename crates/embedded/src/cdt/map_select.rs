//! Selecting pairs of a map: by key, index, value or rank.

use super::answer::{Answer, Report, Return, check_told, covered, cut, others, relative, runs};
use super::call::Call;
use super::list::List;
use super::map::Map;
use super::wanted::Wanted;
use crate::msgpack::compare;
use crate::protocol::{Outcome, ResultCode};

const TO_THE_END: u64 = u32::MAX as u64;

/// The pairs that were selected, by ascending index, and what is told of them.
#[derive(Debug)]
pub struct Picked {
    pub indexes: Vec<usize>,
    pub answer: Answer,
}

/// What to select.
enum By<'a> {
    Key(&'a [u8]),
    Index(i64, u64),
    Rank(i64, u64),
    Value(&'a [u8]),
    KeyRange(&'a [u8], Option<&'a [u8]>),
    ValueRange(&'a [u8], Option<&'a [u8]>),
    Keys(&'a [u8]),
    Values(&'a [u8]),
    RelativeIndex(&'a [u8], i64, u64),
    RelativeRank(&'a [u8], i64, u64),
}

/// A selection and how it is to be told.
pub struct Select<'a> {
    by: By<'a>,
    report: Report,
}

impl<'a> Select<'a> {
    /// A removing operation, counted from the first of its family.
    pub fn parse_remove(call: &Call<'a>, kind: u64) -> Outcome<Select<'a>> {
        let (by, multi) = match kind {
            0 => (one(call, By::Key)?, false),
            1 => (position(call, By::Index)?, false),
            2 => (one(call, By::Value)?, false),
            3 => (position(call, By::Rank)?, false),
            5 => (one(call, By::Keys)?, true),
            6 => (one(call, By::Value)?, true),
            7 => (one(call, By::Values)?, true),
            8 => (interval(call, By::KeyRange)?, true),
            9 => (range(call, By::Index)?, true),
            10 => (interval(call, By::ValueRange)?, true),
            11 => (range(call, By::Rank)?, true),
            12 => (relative_range(call, By::RelativeIndex)?, true),
            13 => (relative_range(call, By::RelativeRank)?, true),
            _ => return Err(ResultCode::Parameter),
        };
        Select::new(call, by, multi)
    }

    /// A getting operation, counted from the first of its family.
    pub fn parse_get(call: &Call<'a>, kind: u64) -> Outcome<Select<'a>> {
        let (by, multi) = match kind {
            0 => (one(call, By::Key)?, false),
            1 => (position(call, By::Index)?, false),
            2 => (one(call, By::Value)?, false),
            3 => (position(call, By::Rank)?, false),
            5 => (one(call, By::Value)?, true),
            6 => (interval(call, By::KeyRange)?, true),
            7 => (range(call, By::Index)?, true),
            8 => (interval(call, By::ValueRange)?, true),
            9 => (range(call, By::Rank)?, true),
            10 => (one(call, By::Keys)?, true),
            11 => (one(call, By::Values)?, true),
            12 => (relative_range(call, By::RelativeIndex)?, true),
            13 => (relative_range(call, By::RelativeRank)?, true),
            _ => return Err(ResultCode::Parameter),
        };
        Select::new(call, by, multi)
    }

    fn new(call: &Call<'a>, by: By<'a>, multi: bool) -> Outcome<Select<'a>> {
        Ok(Select { by, report: Report::new(call.uint(0)?, multi) })
    }

    pub fn run(&self, map: &Map<'_>) -> Outcome<Picked> {
        let report = self.report;
        match self.by {
            By::Key(key) => by_key(map, report, key),
            By::Index(index, count) => by_index(map, report, index, count),
            By::Rank(rank, count) => by_rank(map, report, rank, count),
            By::Value(value) => by_value(map, report, value),
            By::KeyRange(begin, end) => by_key_range(map, report, begin, end),
            By::ValueRange(begin, end) => by_value_range(map, report, begin, end),
            By::Keys(keys) => by_keys(map, report, keys),
            By::Values(values) => by_values(map, report, values),
            By::RelativeIndex(key, index, count) => {
                let (index, count) = relative(index, count, lower_bound(map, key));
                by_index(map, report, index, count)
            }
            By::RelativeRank(value, rank, count) => {
                let (rank, count) = relative(rank, count, map.rank_of(value));
                by_rank(map, report, rank, count)
            }
        }
    }
}

fn one<'a>(call: &Call<'a>, by: fn(&'a [u8]) -> By<'a>) -> Outcome<By<'a>> {
    call.expect(2, 0)?;
    Ok(by(call.element(1)?))
}

fn position<'a>(call: &Call<'a>, by: fn(i64, u64) -> By<'a>) -> Outcome<By<'a>> {
    call.expect(2, 0)?;
    Ok(by(call.int(1)?, 1))
}

fn range<'a>(call: &Call<'a>, by: fn(i64, u64) -> By<'a>) -> Outcome<By<'a>> {
    call.expect(2, 1)?;
    Ok(by(call.int(1)?, call.uint_or(2, TO_THE_END)?))
}

fn interval<'a>(call: &Call<'a>, by: fn(&'a [u8], Option<&'a [u8]>) -> By<'a>) -> Outcome<By<'a>> {
    call.expect(2, 1)?;
    Ok(by(call.element(1)?, call.optional_element(2)))
}

fn relative_range<'a>(call: &Call<'a>, by: fn(&'a [u8], i64, u64) -> By<'a>) -> Outcome<By<'a>> {
    call.expect(3, 1)?;
    Ok(by(call.element(1)?, call.int(2)?, call.uint_or(3, TO_THE_END)?))
}

fn lower_bound(map: &Map<'_>, key: &[u8]) -> usize {
    map.pairs.partition_point(|(there, _)| compare(there, key).is_lt())
}

fn is_index_range(report: Report) -> bool {
    matches!(report.what, Return::IndexRange | Return::ReverseIndexRange)
}

fn is_rank_range(report: Report) -> bool {
    matches!(report.what, Return::RankRange | Return::ReverseRankRange)
}

/// Tells the keys, values or pairs at these indexes, in this order; `None` for other reports.
fn elements(map: &Map<'_>, report: Report, indexes: &[usize]) -> Outcome<Option<Answer>> {
    let pairs: Vec<_> = indexes.iter().filter_map(|&at| map.pairs.get(at).copied()).collect();
    let of = |part: fn(&(_, _)) -> _| -> Vec<&[u8]> { pairs.iter().map(part).collect() };
    let told = match report.what {
        Return::Key => of(|(key, _)| *key),
        Return::Value => of(|(_, value)| *value),
        _ => {
            let flags = report.map_flags();
            return Ok(flags.map(|flags| Answer::map(flags, pairs.into_iter())));
        }
    };
    Ok(Some(match told.first() {
        _ if report.multi => Answer::list(told.into_iter()),
        Some(element) => Answer::element(element)?,
        None => Answer::Nil,
    }))
}

/// Tells the ranks of the pairs at these indexes. Equal values rank by key.
fn ranks(map: &Map<'_>, report: Report, indexes: &[usize]) -> Answer {
    let size = map.pairs.len();
    let mut rank_at = vec![0; size];
    for (rank, at) in map.by_rank().into_iter().enumerate() {
        if let Some(place) = rank_at.get_mut(at) {
            *place = rank;
        }
    }
    let told: Vec<_> = indexes.iter().filter_map(|&at| rank_at.get(at).copied()).collect();
    report.positions(size, &told)
}

fn nothing(report: Report, at: usize) -> Outcome<Picked> {
    Ok(Picked { indexes: vec![], answer: report.nothing(at)? })
}

/// All pairs; positions and ranks are told in ascending order.
fn all(map: &Map<'_>, report: Report) -> Outcome<Picked> {
    let size = map.pairs.len();
    let report = Report { inverted: false, ..report };
    let indexes: Vec<_> = (0..size).collect();
    let answer = match elements(map, report, &indexes)? {
        Some(answer) => answer,
        None if report.is_range() => Answer::ints([0, size as i64].into_iter()),
        None => report.range(0, size, size)?,
    };
    Ok(Picked { indexes, answer })
}

/// What a cut range of positions becomes when it is inverted: a range again, if it touches an end.
fn invert(start: usize, count: usize, size: usize) -> Option<(usize, usize)> {
    if count == 0 {
        Some((0, size))
    } else if start == 0 {
        Some((count, size - count))
    } else if start + count >= size {
        Some((0, start))
    } else {
        None
    }
}

fn by_index(map: &Map<'_>, report: Report, index: i64, count: u64) -> Outcome<Picked> {
    let size = map.pairs.len();
    let (mut start, mut count) =
        cut(index, count, size, report.multi).ok_or(ResultCode::NotApplicable)?;
    if is_rank_range(report) || (report.inverted && !report.multi) {
        return Err(ResultCode::NotApplicable);
    }
    let mut report = report;
    if report.inverted
        && let Some((new_start, new_count)) = invert(start, count, size)
    {
        (start, count) = (new_start, new_count);
        report.inverted = false;
    }
    if count == 0 {
        return nothing(report, start);
    }
    if count == size {
        return all(map, report);
    }
    let selected = start..start + count;
    let indexes: Vec<_> = (0..size).filter(|at| selected.contains(at) != report.inverted).collect();
    let answer = match elements(map, report, &indexes)? {
        Some(answer) => answer,
        None => match report.what {
            Return::Rank | Return::ReverseRank => ranks(map, report, &indexes),
            Return::Exists if map.flags != 0 => Answer::bool(true),
            _ => report.range(start, count, size)?,
        },
    };
    Ok(Picked { indexes, answer })
}

fn by_key(map: &Map<'_>, report: Report, key: &[u8]) -> Outcome<Picked> {
    if is_rank_range(report) || (map.flags == 0 && report.inverted) {
        return Err(ResultCode::NotApplicable);
    }
    match map.find(key) {
        Ok(at) => by_index(map, report, at as i64, 1),
        // The position is told as -1.
        Err(_) if report.is_range() => {
            Ok(Picked { indexes: vec![], answer: Answer::ints([-1, 0].into_iter()) })
        }
        Err(_) => nothing(report, 0),
    }
}

fn by_key_range(
    map: &Map<'_>,
    report: Report,
    begin: &[u8],
    end: Option<&[u8]>,
) -> Outcome<Picked> {
    if is_rank_range(report) {
        return Err(ResultCode::NotApplicable);
    }
    let size = map.pairs.len();
    let start = lower_bound(map, begin);
    let end = end.map_or(size, |end| lower_bound(map, end));
    let count = end.saturating_sub(start);
    if map.flags != 0 {
        return by_index(map, report, start as i64, count as u64);
    }
    let selected = start..start + count;
    let indexes: Vec<_> = (0..size).filter(|at| selected.contains(at) != report.inverted).collect();
    let answer = match elements(map, report, &indexes)? {
        Some(answer) => answer,
        None => match report.what {
            Return::Rank | Return::ReverseRank => ranks(map, report, &indexes),
            _ => report.range(start, count, size)?,
        },
    };
    Ok(Picked { indexes, answer })
}

fn by_value(map: &Map<'_>, report: Report, value: &[u8]) -> Outcome<Picked> {
    by_wanted_value(map, report, map.rank_of(value), |there| compare(there, value).is_eq())
}

fn by_value_range(
    map: &Map<'_>,
    report: Report,
    begin: &[u8],
    end: Option<&[u8]>,
) -> Outcome<Picked> {
    by_wanted_value(map, report, map.rank_of(begin), |there| {
        compare(there, begin).is_ge() && end.is_none_or(|end| compare(there, end).is_lt())
    })
}

fn by_wanted_value(
    map: &Map<'_>,
    report: Report,
    rank: usize,
    wanted: impl Fn(&[u8]) -> bool,
) -> Outcome<Picked> {
    if is_index_range(report) || (report.inverted && !report.multi) {
        return Err(ResultCode::NotApplicable);
    }
    let size = map.pairs.len();
    let mut indexes = positions(map, |value| wanted(value));
    if !report.multi {
        indexes.truncate(1);
    }
    let count = indexes.len();
    if count == 0 {
        return match report {
            Report { inverted: true, .. } if size > 0 => all(map, report),
            _ if is_rank_range(report) && size == 0 => {
                Ok(Picked { indexes, answer: Answer::ints([-1, 0].into_iter()) })
            }
            _ => nothing(report, rank),
        };
    }
    if report.inverted {
        indexes = positions(map, |value| !wanted(value));
    }
    let answer = match elements(map, report, &indexes)? {
        Some(answer) => answer,
        None => match report.what {
            Return::Index | Return::ReverseIndex => report.positions(size, &indexes),
            _ => report.range(rank, count, size)?,
        },
    };
    Ok(Picked { indexes, answer })
}

fn positions(map: &Map<'_>, wanted: impl Fn(&[u8]) -> bool) -> Vec<usize> {
    let pairs = map.pairs.iter().enumerate();
    pairs.filter(|(_, (_, value))| wanted(value)).map(|(at, _)| at).collect()
}

fn by_rank(map: &Map<'_>, report: Report, rank: i64, count: u64) -> Outcome<Picked> {
    let size = map.pairs.len();
    let (mut start, mut count) =
        cut(rank, count, size, report.multi).ok_or(ResultCode::NotApplicable)?;
    if is_index_range(report) || (report.inverted && !report.multi) {
        return Err(ResultCode::NotApplicable);
    }
    let mut report = report;
    if report.inverted
        && let Some((new_start, new_count)) = invert(start, count, size)
    {
        (start, count) = (new_start, new_count);
        report.inverted = false;
    }
    if count == 0 {
        return nothing(report, start);
    }
    let by_rank = map.by_rank();
    let inside = by_rank.get(start..start + count).unwrap_or_default();
    let mut indexes: Vec<_> =
        (0..size).filter(|at| inside.contains(at) != report.inverted).collect();
    indexes.sort_unstable();
    let told = if report.inverted || report.what == Return::OrderedMap { &indexes } else { inside };
    let answer = match elements(map, report, told)? {
        Some(answer) => answer,
        None => match report.what {
            Return::Index | Return::ReverseIndex => report.positions(size, told),
            _ => report.range(start, count, size)?,
        },
    };
    Ok(Picked { indexes, answer })
}

fn by_keys(map: &Map<'_>, report: Report, keys: &[u8]) -> Outcome<Picked> {
    let keys = List::parse(keys).ok_or(ResultCode::Parameter)?.items;
    if matches!(report.what, Return::Rank | Return::ReverseRank) || report.is_range() {
        return Err(ResultCode::NotApplicable);
    }
    if keys.is_empty() {
        return if report.inverted { all(map, report) } else { nothing(report, 0) };
    }
    let size = map.pairs.len();
    let wanted = Wanted::new(keys.clone());
    // In an ordered map each key is looked for, not each pair.
    let range = |key: &&[u8]| {
        let start = lower_bound(map, key);
        let end = map.pairs.partition_point(|(there, _)| compare(there, key).is_le());
        start..end.max(start)
    };
    let ranges: Vec<_> = if map.flags != 0 { keys.iter().map(range).collect() } else { vec![] };
    check_told(&ranges)?;
    let found = covered(size, &ranges);
    let named = |at: usize| match map.pairs.get(at) {
        Some((key, _)) if map.flags == 0 => wanted.names(key),
        _ => found.get(at) == Some(&true),
    };
    let indexes: Vec<_> = (0..size).filter(|&at| named(at) != report.inverted).collect();
    let answer = match elements(map, report, &indexes)? {
        Some(answer) => answer,
        None => match report.what {
            Return::None => Answer::Nil,
            Return::Count => Answer::count(indexes.len()),
            Return::Exists => Answer::bool(!indexes.is_empty()),
            Return::Index | Return::ReverseIndex if report.inverted && map.flags == 0 => {
                report.runs(size, runs(&indexes))
            }
            Return::Index | Return::ReverseIndex if report.inverted => {
                report.positions(size, &indexes)
            }
            Return::Index | Return::ReverseIndex if map.flags == 0 => {
                let found = wanted.ranks(map.pairs.iter().map(|(key, _)| *key));
                let found: Vec<_> = found.into_iter().flatten().collect();
                report.positions(size, &found)
            }
            Return::Index | Return::ReverseIndex => report.runs(size, ranges),
            _ => return Err(ResultCode::NotApplicable),
        },
    };
    Ok(Picked { indexes, answer })
}

fn by_values(map: &Map<'_>, report: Report, values: &[u8]) -> Outcome<Picked> {
    let values = List::parse(values).ok_or(ResultCode::Parameter)?.items;
    if report.is_range() {
        return Err(ResultCode::NotApplicable);
    }
    if values.is_empty() {
        return if report.inverted { all(map, report) } else { nothing(report, 0) };
    }
    let size = map.pairs.len();
    let wanted = Wanted::new(values.clone());
    let indexes = positions(map, |value| wanted.names(value) != report.inverted);
    // The server that is modelled takes another way with a map of a single pair, on which what is
    // named twice is told twice.
    let ranks = || -> Vec<usize> {
        if size > 1 {
            wanted.ranks(map.pairs.iter().map(|(_, value)| *value)).into_iter().flatten().collect()
        } else {
            let found =
                |value: &&&[u8]| map.value(0).is_some_and(|there| compare(there, value).is_eq());
            values.iter().filter(found).map(|_| 0).collect()
        }
    };
    let answer = match elements(map, report, &indexes)? {
        Some(answer) => answer,
        None => match report.what {
            Return::None => Answer::Nil,
            Return::Count => Answer::count(indexes.len()),
            Return::Exists => Answer::bool(!indexes.is_empty()),
            Return::Index | Return::ReverseIndex => report.positions(size, &indexes),
            Return::Rank | Return::ReverseRank if report.inverted => {
                report.runs(size, runs(&others(size, &ranks())))
            }
            Return::Rank | Return::ReverseRank => report.positions(size, &ranks()),
            _ => return Err(ResultCode::NotApplicable),
        },
    };
    Ok(Picked { indexes, answer })
}
