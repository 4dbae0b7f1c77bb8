//! What an operation returns, and how a selection is told.

use std::ops::Range;

use crate::msgpack::{Token, map_flags, write};
use crate::particle::kind;
use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};

/// The result of an operation.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Nil,
    /// Particle type and bytes.
    Particle(u8, Vec<u8>),
}

impl Answer {
    pub fn int(number: i64) -> Answer {
        Answer::Particle(kind::INTEGER, number.to_be_bytes().to_vec())
    }

    pub fn count(count: usize) -> Answer {
        Answer::int(count as i64)
    }

    pub fn double(number: f64) -> Answer {
        Answer::Particle(kind::FLOAT, number.to_be_bytes().to_vec())
    }

    pub fn bool(value: bool) -> Answer {
        Answer::Particle(kind::BOOL, vec![u8::from(value)])
    }

    pub fn ints(numbers: impl ExactSizeIterator<Item = i64>) -> Answer {
        let mut output = Vec::with_capacity(5 + numbers.len());
        write::list(&mut output, numbers.len(), 0);
        for number in numbers {
            write::integer(&mut output, number);
        }
        Answer::Particle(kind::LIST, output)
    }

    pub fn list<'a>(elements: impl ExactSizeIterator<Item = &'a [u8]>) -> Answer {
        let mut output = Vec::new();
        write::list(&mut output, elements.len(), 0);
        elements.for_each(|element| output.extend_from_slice(element));
        Answer::Particle(kind::LIST, output)
    }

    pub fn map<'a>(
        flags: u8,
        pairs: impl ExactSizeIterator<Item = (&'a [u8], &'a [u8])>,
    ) -> Answer {
        let mut output = Vec::new();
        write::map(&mut output, pairs.len(), flags);
        for (key, value) in pairs {
            output.extend_from_slice(key);
            output.extend_from_slice(value);
        }
        Answer::Particle(kind::MAP, output)
    }

    /// An element as a value of its own.
    pub fn element(element: &[u8]) -> Outcome<Answer> {
        let token = Token::read(&mut Cursor::new(element)).ok_or(ResultCode::Unknown)?;
        Ok(match token {
            Token::Nil => Answer::Nil,
            Token::Bool(value) => Answer::bool(value),
            Token::Negative(number) => Answer::int(number),
            Token::Unsigned(number) => Answer::int(number as i64),
            Token::Double(number) => Answer::double(number),
            Token::List(_) => Answer::Particle(kind::LIST, element.to_vec()),
            Token::Map(_) => Answer::Particle(kind::MAP, element.to_vec()),
            Token::Raw([kind::STRING, text @ ..]) => Answer::Particle(kind::STRING, text.to_vec()),
            Token::Raw([kind::GEOJSON, text @ ..]) => {
                Answer::Particle(kind::GEOJSON, [&[0, 0, 0], text].concat())
            }
            Token::Raw([_, bytes @ ..]) => Answer::Particle(kind::BLOB, bytes.to_vec()),
            Token::Raw([]) => Answer::Particle(kind::BLOB, Vec::new()),
            Token::Extension { .. } | Token::Wildcard | Token::Infinity => {
                return Err(ResultCode::Unknown);
            }
        })
    }
}

/// Return types, by their number on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Return {
    None,
    Index,
    ReverseIndex,
    Rank,
    ReverseRank,
    Count,
    Key,
    Value,
    KeyValue,
    IndexRange,
    ReverseIndexRange,
    RankRange,
    ReverseRankRange,
    Exists,
    UnorderedMap,
    OrderedMap,
    Unknown,
}

/// How a selection is to be told.
#[derive(Debug, Clone, Copy)]
pub struct Report {
    pub what: Return,
    pub inverted: bool,
    /// Whether the operation may select several elements.
    pub multi: bool,
}

impl Report {
    pub fn new(flags: u64, multi: bool) -> Report {
        const INVERTED: u64 = 0x10000;
        let what = match flags & 0xffff {
            0 => Return::None,
            1 => Return::Index,
            2 => Return::ReverseIndex,
            3 => Return::Rank,
            4 => Return::ReverseRank,
            5 => Return::Count,
            6 => Return::Key,
            7 => Return::Value,
            8 => Return::KeyValue,
            9 => Return::IndexRange,
            10 => Return::ReverseIndexRange,
            11 => Return::RankRange,
            12 => Return::ReverseRankRange,
            13 => Return::Exists,
            16 => Return::UnorderedMap,
            17 => Return::OrderedMap,
            _ => Return::Unknown,
        };
        Report { what, inverted: flags & INVERTED != 0, multi }
    }

    pub fn of(what: Return, multi: bool) -> Report {
        Report { what, inverted: false, multi }
    }

    pub fn is_reverse(&self) -> bool {
        use Return::{ReverseIndex, ReverseIndexRange, ReverseRank, ReverseRankRange};
        matches!(self.what, ReverseIndex | ReverseIndexRange | ReverseRank | ReverseRankRange)
    }

    pub fn is_range(&self) -> bool {
        use Return::{IndexRange, RankRange, ReverseIndexRange, ReverseRankRange};
        matches!(self.what, IndexRange | ReverseIndexRange | RankRange | ReverseRankRange)
    }

    /// The flags of the map in which pairs are told, if they are told in one.
    pub fn map_flags(&self) -> Option<u8> {
        match self.what {
            Return::KeyValue => Some(map_flags::PRESERVE),
            Return::UnorderedMap => Some(0),
            Return::OrderedMap => Some(map_flags::KEY_ORDERED),
            _ => None,
        }
    }

    /// Tells positions among `size` elements, one after the other.
    pub fn positions(&self, size: usize, positions: &[usize]) -> Answer {
        let told =
            |at: usize| if self.is_reverse() { size as i64 - at as i64 - 1 } else { at as i64 };
        match positions {
            _ if self.multi => Answer::ints(positions.iter().map(|&at| told(at))),
            [] => Answer::int(-1),
            [first, ..] => Answer::int(told(*first)),
        }
    }

    /// Tells runs of positions among `size` elements. Within a run numbers ascend, also when they
    /// are counted from the end.
    pub fn runs(&self, size: usize, runs: impl IntoIterator<Item = Range<usize>>) -> Answer {
        let told = |run: Range<usize>| {
            if self.is_reverse() { size - run.end..size - run.start } else { run }
        };
        let positions: Vec<_> = runs.into_iter().flat_map(told).collect();
        match positions.as_slice() {
            _ if self.multi => Answer::ints(positions.iter().map(|&at| at as i64)),
            [] => Answer::int(-1),
            [first, ..] => Answer::int(*first as i64),
        }
    }

    /// Tells consecutive positions among `size`: as numbers, a count, a range, or whether any.
    pub fn range(&self, start: usize, count: usize, size: usize) -> Outcome<Answer> {
        Ok(match self.what {
            Return::None => Answer::Nil,
            Return::Count => Answer::count(if self.inverted { size - count } else { count }),
            Return::Exists => Answer::bool((count == 0) == self.inverted),
            Return::Index | Return::ReverseIndex | Return::Rank | Return::ReverseRank => {
                if self.multi && self.inverted {
                    self.runs(size, [0..start, start + count..size])
                } else {
                    self.runs(size, std::iter::once(start..start + count))
                }
            }
            _ if !self.is_range() || self.inverted => return Err(ResultCode::NotApplicable),
            _ => {
                let start = if self.is_reverse() { size - start - count } else { start };
                Answer::ints([start as i64, count as i64].into_iter())
            }
        })
    }

    /// Tells that nothing was selected; `at` is where it would have been.
    pub fn nothing(&self, at: usize) -> Outcome<Answer> {
        let none = || [].into_iter();
        Ok(match self.what {
            Return::None => Answer::Nil,
            Return::Count => Answer::int(0),
            Return::Exists => Answer::bool(false),
            Return::Index | Return::ReverseIndex | Return::Rank | Return::ReverseRank => {
                self.positions(0, &[])
            }
            Return::Key | Return::Value if self.multi => Answer::list(none()),
            Return::Key | Return::Value => Answer::Nil,
            Return::KeyValue | Return::UnorderedMap | Return::OrderedMap => {
                Answer::map(self.map_flags().unwrap_or(0), [].into_iter())
            }
            _ if self.is_range() => Answer::ints([at as i64, 0].into_iter()),
            _ => return Err(ResultCode::NotApplicable),
        })
    }
}

/// The runs of consecutive numbers in ascending ones.
pub fn runs(ascending: &[usize]) -> impl Iterator<Item = Range<usize>> {
    ascending.chunk_by(|a, b| a + 1 == *b).filter_map(|run| Some(*run.first()?..run.last()? + 1))
}

/// The positions among `size` that are not in `positions`.
pub fn others(size: usize, positions: &[usize]) -> Vec<usize> {
    let mut is_other = vec![true; size];
    for &position in positions {
        if let Some(is_other) = is_other.get_mut(position) {
            *is_other = false;
        }
    }
    (0..size).filter(|&at| is_other.get(at) == Some(&true)).collect()
}

/// Which of `size` positions are in one of the ranges, or in several.
pub fn covered(size: usize, ranges: &[Range<usize>]) -> Vec<bool> {
    let mut begins_and_ends = vec![0i64; size + 1];
    for range in ranges.iter().filter(|range| !range.is_empty()) {
        for (at, change) in [(range.start, 1), (range.end, -1)] {
            if let Some(here) = begins_and_ends.get_mut(at) {
                *here += change;
            }
        }
    }
    let open = |open: &mut i64, change: i64| {
        *open += change;
        Some(*open > 0)
    };
    begins_and_ends.into_iter().take(size).scan(0, open).collect()
}

/// Refuses to tell more positions than any record could hold: what is named many times over, and
/// found as often.
pub fn check_told(ranges: &[Range<usize>]) -> Outcome<()> {
    const MAX_TOLD: usize = 1024 * 1024;
    let told = ranges.iter().fold(0usize, |told, range| told.saturating_add(range.len()));
    if told > MAX_TOLD { Err(ResultCode::RecordTooBig) } else { Ok(()) }
}

/// A start and a count, cut to `size` elements. `None` if a single position is out of range.
pub fn cut(index: i64, count: u64, size: usize, multi: bool) -> Option<(usize, usize)> {
    let size_i64 = size as i64;
    let absolute = if index < 0 { index.saturating_add(size_i64) } else { index };
    if !multi && !(0..size_i64).contains(&absolute) {
        return None;
    }
    if absolute >= size_i64 {
        return Some((size, 0));
    }
    let before = absolute.min(0).unsigned_abs();
    let start = absolute.max(0) as usize;
    let count = count.saturating_sub(before).min((size - start) as u64);
    Some((start, count as usize))
}

/// A start relative to a position, with the part of the count that lies before the first element
/// taken off.
pub fn relative(index: i64, count: u64, position: usize) -> (i64, u64) {
    let index = index.saturating_add(position as i64);
    if index < 0 { (0, count.saturating_sub(index.unsigned_abs())) } else { (index, count) }
}
