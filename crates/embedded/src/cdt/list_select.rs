//! Selecting elements of a list: by index, value or rank.

use std::ops::Range;

use super::answer::{Answer, Report, Return, check_told, covered, cut, others, relative, runs};
use super::call::Call;
use super::list::List;
use super::wanted::Wanted;
use crate::msgpack::compare;
use crate::protocol::{Outcome, ResultCode};

const TO_THE_END: u64 = u32::MAX as u64;

/// The elements that were selected, by ascending index, and what is told of them.
#[derive(Debug)]
pub struct Picked {
    pub indexes: Vec<usize>,
    pub answer: Answer,
}

/// What to select, in the order of the operation codes.
enum By<'a> {
    Index(i64),
    Value(&'a [u8]),
    Rank(i64),
    AllOfValue(&'a [u8]),
    Values(&'a [u8]),
    IndexRange(i64, u64),
    ValueRange(&'a [u8], Option<&'a [u8]>),
    RankRange(i64, u64),
    RelativeRank(&'a [u8], i64, u64),
}

/// A selection and how it is to be told.
pub struct Select<'a> {
    by: By<'a>,
    report: Report,
}

impl<'a> Select<'a> {
    /// `kind` counts from the first operation of the family, of those that get or that remove.
    pub fn parse(call: &Call<'a>, kind: u64) -> Outcome<Select<'a>> {
        let element = |at| call.element(at);
        let count = |at| call.uint_or(at, TO_THE_END);
        let (required, optional) = match kind {
            0..=4 => (2, 0),
            8 => (3, 1),
            _ => (2, 1),
        };
        call.expect(required, optional)?;
        let by = match kind {
            0 => By::Index(call.int(1)?),
            1 => By::Value(element(1)?),
            2 => By::Rank(call.int(1)?),
            3 => By::AllOfValue(element(1)?),
            4 => By::Values(element(1)?),
            5 => By::IndexRange(call.int(1)?, count(2)?),
            6 => By::ValueRange(element(1)?, call.optional_element(2)),
            7 => By::RankRange(call.int(1)?, count(2)?),
            _ => By::RelativeRank(element(1)?, call.int(2)?, count(3)?),
        };
        Ok(Select { by, report: Report::new(call.uint(0)?, kind >= 3) })
    }

    pub fn run(&self, list: &List<'_>) -> Outcome<Picked> {
        let report = self.report;
        match self.by {
            By::Index(index) => by_index(list, report, index, 1),
            By::IndexRange(index, count) => by_index(list, report, index, count),
            By::Rank(rank) => by_rank(list, report, rank, 1),
            By::RankRange(rank, count) => by_rank(list, report, rank, count),
            By::Value(value) | By::AllOfValue(value) => by_value(list, report, value),
            By::ValueRange(begin, end) => by_value_range(list, report, begin, end),
            By::Values(values) => by_values(list, report, values),
            By::RelativeRank(value, rank, count) => {
                let (rank, count) = relative(rank, count, list.rank_of(value));
                by_rank(list, report, rank, count)
            }
        }
    }
}

/// Tells the elements at these indexes, in this order.
fn values(list: &List<'_>, report: Report, indexes: &[usize]) -> Outcome<Answer> {
    let items: Vec<_> = indexes.iter().filter_map(|&at| list.items.get(at).copied()).collect();
    match items.first() {
        _ if report.multi => Ok(Answer::list(items.into_iter())),
        Some(item) => Answer::element(item),
        None => Ok(Answer::Nil),
    }
}

/// Refuses what can't be told of an inverted selection.
fn check_inverted(report: Report) -> Outcome<()> {
    if report.inverted && (!report.multi || report.is_range()) {
        return Err(ResultCode::NotApplicable);
    }
    Ok(())
}

pub fn by_index(list: &List<'_>, report: Report, index: i64, count: u64) -> Outcome<Picked> {
    let size = list.items.len();
    let (start, count) = cut(index, count, size, report.multi).ok_or(ResultCode::NotApplicable)?;
    check_inverted(report)?;
    let selected = start..start + count;
    let indexes: Vec<_> = (0..size).filter(|at| selected.contains(at) != report.inverted).collect();
    let report = Report { inverted: false, ..report };
    if indexes.is_empty() {
        list_report(report)?;
        return Ok(Picked { indexes, answer: report.nothing(start)? });
    }
    let answer = match report.what {
        Return::Index | Return::ReverseIndex => report.runs(size, runs(&indexes)),
        Return::Rank | Return::ReverseRank if list.ordered || indexes.len() == size => {
            report.runs(size, runs(&indexes))
        }
        Return::Rank | Return::ReverseRank => {
            let selected = indexes.iter().filter_map(|&at| list.items.get(at));
            let ranks: Vec<_> = selected.map(|item| list.rank_of(item)).collect();
            report.positions(size, &ranks)
        }
        Return::Value => values(list, report, &indexes)?,
        Return::RankRange | Return::ReverseRankRange if !list.ordered => {
            return Err(ResultCode::NotApplicable);
        }
        _ => report.range(start, indexes.len(), size)?,
    };
    Ok(Picked { indexes, answer })
}

fn by_value(list: &List<'_>, report: Report, value: &[u8]) -> Outcome<Picked> {
    if report.inverted && !report.multi {
        return Err(ResultCode::NotApplicable);
    }
    let equal = |item: &&[u8]| compare(item, value).is_eq();
    let rank = list.rank_of(value);
    let found = list.items.iter().filter(|item| equal(item)).count();
    let count = if report.multi { found } else { found.min(1) };
    if list.ordered {
        return by_found_range(list, report, rank, count);
    }
    let size = list.items.len();
    let mut indexes: Vec<_> = positions(list, |item| equal(&item) != report.inverted);
    if !report.multi {
        indexes.truncate(1);
    }
    tell_unordered(list, report, rank, count, indexes, size)
}

fn by_value_range(
    list: &List<'_>,
    report: Report,
    begin: &[u8],
    end: Option<&[u8]>,
) -> Outcome<Picked> {
    let rank = list.rank_of(begin);
    let below_end = |item: &[u8]| end.is_none_or(|end| compare(item, end).is_lt());
    let inside = |item: &[u8]| compare(item, begin).is_ge() && below_end(item);
    let count = list.items.iter().filter(|item| inside(item)).count();
    if list.ordered {
        return by_found_range(list, report, rank, count);
    }
    let indexes = positions(list, |item| inside(item) != report.inverted);
    tell_unordered(list, report, rank, count, indexes, list.items.len())
}

fn positions(list: &List<'_>, wanted: impl Fn(&[u8]) -> bool) -> Vec<usize> {
    let items = list.items.iter().enumerate();
    items.filter(|(_, item)| wanted(item)).map(|(at, _)| at).collect()
}

/// In an ordered list what is found is a range of indexes.
fn by_found_range(list: &List<'_>, report: Report, start: usize, count: usize) -> Outcome<Picked> {
    if count == 0 && !report.multi {
        list_report(report)?;
        return Ok(Picked { indexes: vec![], answer: report.nothing(0)? });
    }
    by_index(list, report, start as i64, count as u64)
}

fn tell_unordered(
    list: &List<'_>,
    report: Report,
    rank: usize,
    count: usize,
    indexes: Vec<usize>,
    size: usize,
) -> Outcome<Picked> {
    let answer = match report.what {
        Return::Index | Return::ReverseIndex => report.positions(size, &indexes),
        Return::Value => values(list, report, &indexes)?,
        Return::IndexRange | Return::ReverseIndexRange => return Err(ResultCode::NotApplicable),
        _ => report.range(rank, count, size)?,
    };
    Ok(Picked { indexes, answer })
}

fn by_rank(list: &List<'_>, report: Report, rank: i64, count: u64) -> Outcome<Picked> {
    if report.inverted && !report.multi {
        return Err(ResultCode::NotApplicable);
    }
    if list.ordered {
        return by_index(list, report, rank, count);
    }
    let size = list.items.len();
    let (start, count) = cut(rank, count, size, report.multi).ok_or(ResultCode::NotApplicable)?;
    let ranked = list.rank_range(start, count);
    let inside = ranked.indexes;
    let mut indexes: Vec<usize> = if report.inverted {
        (0..size).filter(|at| !inside.contains(at)).collect()
    } else {
        inside.clone()
    };
    indexes.sort_unstable();
    if indexes.is_empty() {
        list_report(report)?;
        return Ok(Picked { indexes, answer: report.nothing(start)? });
    }
    check_inverted(report)?;
    let answer = match report.what {
        Return::Index | Return::ReverseIndex => report.positions(size, &indexes),
        Return::Value if report.inverted => values(list, report, &indexes)?,
        Return::Value => {
            // The server that is modelled tells what it took from the lowest rank upwards in the
            // opposite order.
            let mut told = inside;
            if ranked.from_lowest {
                told.reverse();
            }
            values(list, report, &told)?
        }
        Return::IndexRange | Return::ReverseIndexRange => return Err(ResultCode::NotApplicable),
        _ => report.range(start, count, size)?,
    };
    Ok(Picked { indexes, answer })
}

fn by_values(list: &List<'_>, report: Report, wanted: &[u8]) -> Outcome<Picked> {
    if report.is_range() {
        return Err(ResultCode::NotApplicable);
    }
    let wanted = List::parse(wanted).ok_or(ResultCode::Parameter)?.items;
    let size = list.items.len();
    if wanted.is_empty() {
        if report.inverted {
            return by_index(list, Report { inverted: false, ..report }, 0, size as u64);
        }
        list_report(report)?;
        return Ok(Picked { indexes: vec![], answer: report.nothing(0)? });
    }
    let named = wanted.clone();
    let wanted = Wanted::new(wanted);
    // In an ordered list each value is looked for, not each element.
    let ranges = if list.ordered { ranges_in_order(list, &named) } else { vec![] };
    check_told(&ranges)?;
    let indexes = if list.ordered {
        let found = covered(size, &ranges);
        (0..size).filter(|&at| (found.get(at) == Some(&true)) != report.inverted).collect()
    } else {
        positions(list, |item| wanted.names(item) != report.inverted)
    };
    let each = |ranges: &[Range<usize>]| ranges.iter().cloned().flatten().collect::<Vec<_>>();
    let answer = match report.what {
        Return::None => Answer::Nil,
        Return::Count => Answer::count(indexes.len()),
        Return::Exists => Answer::bool(!indexes.is_empty()),
        Return::Value if list.ordered && !report.inverted => values(list, report, &each(&ranges))?,
        Return::Value => values(list, report, &indexes)?,
        Return::Index | Return::ReverseIndex | Return::Rank | Return::ReverseRank
            if list.ordered && !report.inverted =>
        {
            report.runs(size, ranges)
        }
        Return::Index | Return::ReverseIndex => report.positions(size, &indexes),
        Return::Rank | Return::ReverseRank if list.ordered => report.positions(size, &indexes),
        Return::Rank | Return::ReverseRank => {
            let found = each(&wanted.ranks(list.items.iter().copied()));
            if report.inverted {
                report.runs(size, runs(&others(size, &found)))
            } else {
                report.positions(size, &found)
            }
        }
        _ => return Err(ResultCode::NotApplicable),
    };
    Ok(Picked { indexes, answer })
}

/// For each of the values, the indexes of its equals in an ordered list.
fn ranges_in_order(list: &List<'_>, values: &[&[u8]]) -> Vec<Range<usize>> {
    let range = |value: &&[u8]| {
        let start = list.rank_of(value);
        let end = list.items.partition_point(|item| compare(item, value).is_le());
        start..end.max(start)
    };
    values.iter().map(range).collect()
}

/// Refuses what can't be told of a list.
fn list_report(report: Report) -> Outcome<()> {
    match report.what {
        Return::Key | Return::KeyValue | Return::UnorderedMap | Return::OrderedMap => {
            Err(ResultCode::NotApplicable)
        }
        _ => Ok(()),
    }
}
