//! Operations that read.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::arguments::{number, optional_number, text};
use super::numeric::{self, Numeric};
use super::{packed, regex, unicode};
use crate::cdt::{Answer, Call};
use crate::particle::kind;
use crate::protocol::{Outcome, ResultCode};

/// An operation with its arguments.
pub enum Operation<'a> {
    Length,
    Part { start: i64, end: Option<i64> },
    Character(i64),
    Find { needle: &'a str, occurrence: i64 },
    Contains(&'a str),
    StartsWith(&'a str),
    EndsWith(&'a str),
    ToInteger,
    ToDouble,
    ByteLength,
    IsNumeric(Numeric),
    IsUpper,
    IsLower,
    ToBlob,
    Split(&'a str),
    DecodeBase64,
    Regex { pattern: &'a str, flags: u8 },
}

impl<'a> Operation<'a> {
    pub fn parse(call: &Call<'a>) -> Outcome<Operation<'a>> {
        let (required, optional) = match call.code {
            0 | 7..=9 | 11..=13 | 15 => (0, 0),
            10 | 14 => (0, 1),
            2 | 4..=6 => (1, 0),
            1 | 3 | 16 => (1, 1),
            _ => return Err(ResultCode::Parameter),
        };
        call.expect(required, optional)?;
        Ok(match call.code {
            0 => Operation::Length,
            1 => Operation::Part { start: number(call, 0)?, end: optional_number(call, 1)? },
            2 => Operation::Character(number(call, 0)?),
            3 => Operation::Find {
                needle: text(call, 0)?,
                occurrence: optional_number(call, 1)?.unwrap_or(1),
            },
            4 => Operation::Contains(text(call, 0)?),
            5 => Operation::StartsWith(text(call, 0)?),
            6 => Operation::EndsWith(text(call, 0)?),
            7 => Operation::ToInteger,
            8 => Operation::ToDouble,
            9 => Operation::ByteLength,
            10 => Operation::IsNumeric(match optional_number(call, 0)?.unwrap_or(0) {
                0 => Numeric::Any,
                1 => Numeric::Integer,
                2 => Numeric::Float,
                _ => return Err(ResultCode::Parameter),
            }),
            11 => Operation::IsUpper,
            12 => Operation::IsLower,
            13 => Operation::ToBlob,
            14 if call.optional_element(0).is_none() => Operation::Split(""),
            14 => Operation::Split(text(call, 0)?),
            15 => Operation::DecodeBase64,
            _ => Operation::Regex {
                pattern: text(call, 0)?,
                flags: optional_number(call, 1)?.unwrap_or(0) as u8,
            },
        })
    }

    pub fn run(&self, of: &str) -> Outcome<Answer> {
        let string = |part: &str| Answer::Particle(kind::STRING, part.as_bytes().to_vec());
        Ok(match *self {
            Operation::Length => Answer::count(of.chars().count()),
            Operation::Part { start, end } => string(unicode::part(of, start, end)),
            Operation::Character(index) => {
                let at = unicode::position(index, of.chars().count());
                string(unicode::between(of, at, at + 1))
            }
            Operation::Find { occurrence: 0, .. } => return Err(ResultCode::Parameter),
            Operation::Find { needle, occurrence } => {
                Answer::int(unicode::find(of, needle, occurrence).map_or(-1, |at| at as i64))
            }
            Operation::Contains(needle) => Answer::bool(unicode::find(of, needle, 1).is_some()),
            Operation::StartsWith(prefix) => Answer::bool(unicode::starts_with(of, prefix)),
            Operation::EndsWith(suffix) => Answer::bool(unicode::ends_with(of, suffix)),
            Operation::ToInteger => {
                Answer::int(numeric::integer(of).ok_or(ResultCode::NotApplicable)?)
            }
            Operation::ToDouble => {
                Answer::double(numeric::double(of).ok_or(ResultCode::NotApplicable)?)
            }
            Operation::ByteLength => Answer::count(of.len()),
            Operation::IsNumeric(what) => Answer::bool(numeric::is_numeric(of, what)),
            Operation::IsUpper => Answer::bool(unicode::is_upper(of)),
            Operation::IsLower => Answer::bool(unicode::is_lower(of)),
            Operation::ToBlob => Answer::Particle(kind::BLOB, of.as_bytes().to_vec()),
            Operation::Split("") => {
                list(of.char_indices().map(|(at, c)| of.get(at..at + c.len_utf8())))
            }
            Operation::Split(separator) => list(of.split(separator).map(Some)),
            Operation::DecodeBase64 => {
                let decoded = STANDARD.decode(of).map_err(|_| ResultCode::NotApplicable)?;
                Answer::Particle(kind::BLOB, decoded)
            }
            Operation::Regex { pattern, flags } => {
                Answer::bool(regex::is_match(of, pattern, flags)?)
            }
        })
    }
}

fn list<'a>(parts: impl Iterator<Item = Option<&'a str>>) -> Answer {
    let parts: Vec<Vec<u8>> = parts.map(|part| packed(part.unwrap_or_default())).collect();
    Answer::list(parts.iter().map(Vec::as_slice))
}
