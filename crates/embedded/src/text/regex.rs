//! Regular expressions in strings, by way of the crate `fancy-regex`: with references to groups within
//! a pattern and looking around, which can take any time, so it is limited.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use fancy_regex::{Captures, Regex, RegexBuilder};

use crate::protocol::{Outcome, ResultCode};

/// Flags; that only `\n` ends a line is always so.
mod flag {
    pub const IGNORE_CASE: u8 = 1;
    pub const LINES: u8 = 2;
    pub const DOT_IS_ANY: u8 = 4;
    pub const GLOBAL: u8 = 16;
}

/// As much memory as a compiled pattern may take, in bytes.
const MAX_COMPILED: usize = 1024 * 1024;

/// As many instructions as there may be around its pieces.
const MAX_INSTRUCTIONS: usize = 10_000;

/// As many steps back are taken to find a match.
const MAX_STEPS_BACK: usize = 1_000_000;

/// As long as replacing may take.
const MAX_TIME: Duration = Duration::from_secs(1);

/// What replacing makes is not larger, in bytes.
const MAX_RESULT: usize = 8 * 1024 * 1024;

pub fn compile(pattern: &str, flags: u8) -> Outcome<Regex> {
    // What looks around, or refers to a group, is compiled piece by piece.
    let is_whole = regex_syntax::ast::parse::Parser::new().parse(pattern).is_ok();
    let pieces = if is_whole { 1 } else { 1 + pattern.matches(['(', '\\']).count() };
    let size = MAX_COMPILED / pieces;
    RegexBuilder::new(pattern)
        .case_insensitive(flags & flag::IGNORE_CASE != 0)
        .multi_line(flags & flag::LINES != 0)
        .dot_matches_new_line(flags & flag::DOT_IS_ANY != 0)
        .delegate_size_limit(size)
        .delegate_dfa_size_limit(size)
        .delegate_dfa_skip_cache_capacity_check(false)
        .max_prog_size(MAX_INSTRUCTIONS)
        .backtrack_limit(MAX_STEPS_BACK)
        .build()
        .map_err(|_| ResultCode::Parameter)
}

/// Whether the pattern matches somewhere.
pub fn is_match(text: &str, pattern: &str, flags: u8) -> Outcome<bool> {
    compile(pattern, flags)?.is_match(text).map_err(|_| ResultCode::NotApplicable)
}

/// The text with the first match replaced, or all.
pub fn replace<'t>(text: &'t str, pattern: &str, with: &str, flags: u8) -> Outcome<Cow<'t, str>> {
    let regex = compile(pattern, flags)?;
    let parts = parse(with, &regex).ok_or(ResultCode::NotApplicable)?;
    let most = if flags & flag::GLOBAL != 0 { usize::MAX } else { 1 };
    let mut result = String::new();
    let mut copied = 0;
    let started = Instant::now();
    for captures in regex.captures_iter(text).take(most) {
        let captures = captures.map_err(|_| ResultCode::NotApplicable)?;
        if started.elapsed() > MAX_TIME {
            return Err(ResultCode::NotApplicable);
        }
        let Some(whole) = captures.get(0) else { continue };
        result.push_str(text.get(copied..whole.start()).unwrap_or_default());
        parts.iter().for_each(|part| part.push(&captures, &mut result));
        copied = whole.end();
        if result.len() > MAX_RESULT {
            return Err(ResultCode::Parameter);
        }
    }
    result.push_str(text.get(copied..).unwrap_or_default());
    Ok(result.into())
}

/// A part of what takes the place of a match.
enum Part<'w> {
    Text(&'w str),
    Group(usize),
}

impl Part<'_> {
    fn push(&self, captures: &Captures<'_, str>, output: &mut String) {
        match self {
            Part::Text(text) => output.push_str(text),
            Part::Group(number) => {
                output.push_str(captures.get(*number).map_or("", |group| group.as_str()));
            }
        }
    }
}

/// `$1`, `${1}`, `${name}` are groups, which must be there; `$$` is a dollar sign.
fn parse<'w>(with: &'w str, regex: &Regex) -> Option<Vec<Part<'w>>> {
    let mut parts = Vec::new();
    let mut rest = with;
    while let Some(place) = rest.find('$') {
        let (before, from) = rest.split_at_checked(place)?;
        let after = from.strip_prefix('$')?;
        parts.push(Part::Text(before));
        rest = if let Some(after) = after.strip_prefix('$') {
            parts.push(Part::Text("$"));
            after
        } else if let Some(braced) = after.strip_prefix('{') {
            let (name, after) = braced.split_once('}')?;
            parts.push(Part::Group(group(name, regex)?));
            after
        } else {
            let word = |c: char| !c.is_ascii_alphanumeric() && c != '_';
            let size = after.find(word).unwrap_or(after.len());
            let (name, after) = after.split_at_checked(size)?;
            parts.push(Part::Group(group(name, regex)?));
            after
        };
    }
    parts.push(Part::Text(rest));
    Some(parts)
}

fn group(name: &str, regex: &Regex) -> Option<usize> {
    let number = match name.parse() {
        Ok(number) => number,
        Err(_) => regex.capture_names().position(|known| known == Some(name))?,
    };
    (number < regex.captures_len()).then_some(number)
}
