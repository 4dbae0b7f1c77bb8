//! Operations that change a string.

use std::borrow::Cow;

use super::arguments::{list, number, optional_number, text, text_of};
use super::{flag, regex, unicode};
use crate::cdt::Call;
use crate::protocol::{Outcome, ResultCode};

/// What a change is expected to come to may not be larger, in bytes.
const MAX_SIZE: usize = 8 * 1024 * 1024;

/// An operation with its arguments.
pub enum Operation<'a> {
    Insert { at: i64, text: &'a str },
    Overwrite { at: i64, text: &'a str },
    Concatenate(Vec<&'a [u8]>),
    Snip { start: i64, end: Option<i64> },
    Replace { pair: Vec<&'a [u8]>, all: bool },
    Upper,
    Lower,
    Fold,
    Normalise,
    Trim { start: bool, end: bool },
    Pad { length: i64, with: &'a str, at_start: bool },
    Repeat(i64),
    ReplaceRegex { pair: Vec<&'a [u8]>, flags: u8 },
    Append(&'a str),
    Prepend(&'a str),
}

/// An operation whose arguments fit the string that is there.
pub struct Prepared<'o, 'a>(&'o Operation<'a>);

impl<'a> Operation<'a> {
    /// The operation and its flags.
    pub fn parse(call: &Call<'a>) -> Outcome<(Operation<'a>, u64)> {
        // How many arguments there are without the flags, and how many may be absent.
        let (arguments, absent) = match call.code {
            50 | 51 | 63 | 64 => (2, 0),
            52 | 54 | 55 | 65 | 67 | 68 => (1, 0),
            53 | 66 => (2, 1),
            56..=62 => (0, 0),
            _ => return Err(ResultCode::Parameter),
        };
        call.expect(arguments - absent, absent + 1)?;
        let trim = |start, end| Operation::Trim { start, end };
        let operation = match call.code {
            50 => Operation::Insert { at: number(call, 0)?, text: text(call, 1)? },
            51 => Operation::Overwrite { at: number(call, 0)?, text: text(call, 1)? },
            52 => Operation::Concatenate(list(call, 0)?),
            53 => Operation::Snip { start: number(call, 0)?, end: optional_number(call, 1)? },
            54 | 55 => Operation::Replace { pair: list(call, 0)?, all: call.code == 55 },
            56 => Operation::Upper,
            57 => Operation::Lower,
            58 => Operation::Fold,
            59 => Operation::Normalise,
            60 => trim(true, false),
            61 => trim(false, true),
            62 => trim(true, true),
            63 | 64 => Operation::Pad {
                length: number(call, 0)?,
                with: text(call, 1)?,
                at_start: call.code == 63,
            },
            65 => Operation::Repeat(number(call, 0)?),
            66 => Operation::ReplaceRegex {
                pair: list(call, 0)?,
                flags: optional_number(call, 1)?.unwrap_or(0) as u8,
            },
            67 => Operation::Append(text(call, 0)?),
            _ => Operation::Prepend(text(call, 0)?),
        };
        let flags = call.uint_or(arguments, 0)?;
        let create = if operation.creates() { flag::CREATE_ONLY } else { 0 };
        let known = create | flag::UPDATE_ONLY | flag::NO_FAIL;
        let both = flag::CREATE_ONLY | flag::UPDATE_ONLY;
        if flags & !known != 0 || flags & both == both {
            return Err(ResultCode::Parameter);
        }
        Ok((operation, flags))
    }

    /// Whether it makes a string where there is none.
    pub fn creates(&self) -> bool {
        matches!(
            self,
            Operation::Insert { .. }
                | Operation::Concatenate(_)
                | Operation::Append(_)
                | Operation::Prepend(_)
        )
    }

    /// Refuses what could not be done with this string, or would become too large.
    pub fn prepare(&self, there: &str) -> Outcome<Prepared<'_, 'a>> {
        let size = there.len();
        let expected = match self {
            Operation::Overwrite { at, .. } if !(0..there.chars().count() as i64).contains(at) => {
                None
            }
            Operation::Pad { length, with, .. } if *length < 0 || with.is_empty() => None,
            Operation::Repeat(count) if *count < 0 => None,
            Operation::Insert { text, .. } | Operation::Overwrite { text, .. } => {
                Some(size + text.len())
            }
            Operation::Append(text) | Operation::Prepend(text) => Some(size + text.len()),
            Operation::Concatenate(texts) => {
                Some(size + texts.iter().map(|text| text.len()).sum::<usize>())
            }
            Operation::Snip { .. } | Operation::Trim { .. } => Some(size),
            Operation::Upper | Operation::Lower | Operation::Fold | Operation::Normalise => {
                Some(size * 3)
            }
            Operation::Pad { length, .. } => Some(size.max(*length as usize * 4)),
            Operation::Repeat(count) => size.checked_mul(*count as usize),
            Operation::Replace { pair, all } => {
                let (needle, replacement) = needle_and_replacement(pair)?;
                let count = if *all { size / needle.len() } else { 1 };
                let kept = size.checked_sub(count * needle.len());
                kept.and_then(|kept| Some((kept + count.checked_mul(replacement.len())?) * 3))
            }
            Operation::ReplaceRegex { pair, .. } => {
                let list: usize = 1 + pair.iter().map(|part| part.len()).sum::<usize>();
                (size + 1).checked_mul(list).map(|added| (size + added) * 3)
            }
        };
        match expected {
            Some(0..=MAX_SIZE) => Ok(Prepared(self)),
            _ => Err(ResultCode::Parameter),
        }
    }
}

impl Prepared<'_, '_> {
    pub fn run(&self, there: &str) -> Outcome<String> {
        let length = || there.chars().count();
        Ok(match self.0 {
            Operation::Insert { at, text } => {
                let at = unicode::offset(there, unicode::position(*at, length()));
                spliced(there, at, at, text)
            }
            Operation::Overwrite { at, text } => {
                let at = *at as usize;
                let (start, end) = (at, at + text.chars().count());
                spliced(there, unicode::offset(there, start), unicode::offset(there, end), text)
            }
            Operation::Concatenate(texts) => {
                let mut result = there.to_owned();
                for text in texts {
                    result.push_str(text_of(text)?);
                }
                result
            }
            Operation::Snip { start, end } => {
                let (start, end) = unicode::range(*start, *end, length());
                spliced(there, unicode::offset(there, start), unicode::offset(there, end), "")
            }
            Operation::Replace { pair, all } => {
                let (needle, replacement) = needle_and_replacement(pair)?;
                let most = if *all { usize::MAX } else { 1 };
                unicode::replace(there, needle, replacement, most)
            }
            Operation::Upper => there.to_uppercase(),
            Operation::Lower => there.to_lowercase(),
            Operation::Fold => unicode::fold(there),
            Operation::Normalise => unicode::normalise(there),
            Operation::Trim { start, end } => {
                let trimmed = if *start { there.trim_start() } else { there };
                if *end { trimmed.trim_end() } else { trimmed }.to_owned()
            }
            Operation::Pad { length: wanted, with, at_start } => {
                let missing = (*wanted as usize).saturating_sub(length());
                let padding = with.chars().cycle().take(missing).collect::<String>();
                if *at_start { padding + there } else { [there, &padding].concat() }
            }
            Operation::Repeat(count) => there.repeat(*count as usize),
            Operation::ReplaceRegex { pair, flags } => {
                let [pattern, replacement] = pair.as_slice() else {
                    return Err(ResultCode::Parameter);
                };
                regex::replace(there, text_of(pattern)?, text_of(replacement)?, *flags)
                    .map(Cow::into_owned)?
            }
            Operation::Append(text) => [there, text].concat(),
            Operation::Prepend(text) => [text, there].concat(),
        })
    }
}

/// The string with something else between two places.
fn spliced(there: &str, start: usize, end: usize, text: &str) -> String {
    let before = there.get(..start).unwrap_or_default();
    [before, text, there.get(end..).unwrap_or_default()].concat()
}

/// What is looked for, which is not empty, and what takes its place.
fn needle_and_replacement<'a>(pair: &[&'a [u8]]) -> Outcome<(&'a str, &'a str)> {
    let [needle, replacement] = *pair else { return Err(ResultCode::Parameter) };
    match (text_of(needle)?, text_of(replacement)?) {
        ("", _) => Err(ResultCode::Parameter),
        pair => Ok(pair),
    }
}
