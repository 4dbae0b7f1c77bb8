//! What Unicode says of text: characters and their positions, case, normal forms. Texts that it calls
//! canonically equivalent are equal when one is looked for in the other.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A position from the beginning, within a text of so many characters.
pub fn position(index: i64, length: usize) -> usize {
    let index = if index < 0 { index + length as i64 } else { index };
    (index.max(0) as usize).min(length)
}

/// Where a range begins and ends; an empty one begins at 0.
pub fn range(start: i64, end: Option<i64>, length: usize) -> (usize, usize) {
    let start = position(start, length);
    let end = end.map_or(length, |end| position(end, length));
    if start < end { (start, end) } else { (0, 0) }
}

/// Where the character at a position begins, in bytes.
pub fn offset(text: &str, position: usize) -> usize {
    text.char_indices().nth(position).map_or(text.len(), |(offset, _)| offset)
}

pub fn between(text: &str, start: usize, end: usize) -> &str {
    text.get(offset(text, start)..offset(text, end)).unwrap_or_default()
}

pub fn part(text: &str, start: i64, end: Option<i64>) -> &str {
    let (start, end) = range(start, end, text.chars().count());
    between(text, start, end)
}

pub fn normalise(text: &str) -> String {
    text.nfc().collect()
}

/// Without differences of case.
pub fn fold(text: &str) -> String {
    caseless::default_case_fold_str(text)
}

pub fn is_upper(text: &str) -> bool {
    static UPPER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\A\p{Lu}*\z").ok());
    UPPER.as_ref().is_some_and(|regex| regex.is_match(text))
}

pub fn is_lower(text: &str) -> bool {
    static LOWER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\A\p{Ll}*\z").ok());
    LOWER.as_ref().is_some_and(|regex| regex.is_match(text))
}

/// Whether equal texts are equal byte by byte.
fn are_comparable(text: &str, needle: &str) -> bool {
    (text.is_ascii() && needle.is_ascii()) || (is_nfc(text) && is_nfc(needle))
}

/// The position of an occurrence: the first is 1, the last -1. They do not overlap.
pub fn find(text: &str, needle: &str, occurrence: i64) -> Option<usize> {
    if needle.is_empty() {
        return Some(0);
    }
    if needle.len() > text.len() {
        return None;
    }
    let nth = occurrence.unsigned_abs().checked_sub(1)? as usize;
    let at = match (are_comparable(text, needle), occurrence > 0) {
        (true, true) => text.match_indices(needle).nth(nth).map(|(at, _)| at),
        (true, false) => text.rmatch_indices(needle).nth(nth).map(|(at, _)| at),
        (false, true) => equivalent(text, needle).get(nth).map(|range| range.start),
        (false, false) => equivalent_from_end(text, needle).get(nth).map(|range| range.start),
    };
    at.map(|at| text.get(..at).unwrap_or_default().chars().count())
}

pub fn starts_with(text: &str, prefix: &str) -> bool {
    if prefix.is_empty() || are_comparable(text, prefix) {
        return text.starts_with(prefix);
    }
    equivalent(text, prefix).first().is_some_and(|range| range.start == 0)
}

pub fn ends_with(text: &str, suffix: &str) -> bool {
    if suffix.is_empty() || are_comparable(text, suffix) {
        return text.ends_with(suffix);
    }
    equivalent_from_end(text, suffix).first().is_some_and(|range| range.end == text.len())
}

/// The text with so many occurrences replaced, from the first on.
pub fn replace(text: &str, needle: &str, with: &str, most: usize) -> String {
    if are_comparable(text, needle) {
        return text.replacen(needle, with, most);
    }
    let mut result = String::new();
    let mut copied = 0;
    for range in equivalent(text, needle).into_iter().take(most) {
        result.push_str(text.get(copied..range.start).unwrap_or_default());
        result.push_str(with);
        copied = range.end;
    }
    result.push_str(text.get(copied..).unwrap_or_default());
    result
}

/// Where a text is canonically equivalent to a needle, in bytes: a character is never parted from
/// the marks that combine with it.
fn equivalent(text: &str, needle: &str) -> Vec<Range<usize>> {
    let mut numbers = HashMap::new();
    let (starts, text_clusters) = clusters(text, &mut numbers);
    let (_, needle_clusters) = clusters(needle, &mut numbers);
    let place = |at: usize| starts.get(at).copied().unwrap_or(text.len());
    let size = needle_clusters.len();
    let found = occurrences(text_clusters.into_iter(), &needle_clusters);
    found.into_iter().map(|at| place(at)..place(at + size)).collect()
}

/// The same from the last to the first: where occurrences overlap, others are left out.
fn equivalent_from_end(text: &str, needle: &str) -> Vec<Range<usize>> {
    let mut numbers = HashMap::new();
    let (starts, text_clusters) = clusters(text, &mut numbers);
    let (_, mut needle_clusters) = clusters(needle, &mut numbers);
    needle_clusters.reverse();
    let place = |at: usize| starts.get(at).copied().unwrap_or(text.len());
    let (count, size) = (text_clusters.len(), needle_clusters.len());
    let found = occurrences(text_clusters.into_iter().rev(), &needle_clusters);
    found.into_iter().map(|at| place(count - at - size)..place(count - at)).collect()
}

/// Characters with their marks: where each begins, and a number for its decomposition, which is the
/// same for all that are equivalent.
fn clusters(text: &str, numbers: &mut HashMap<String, usize>) -> (Vec<usize>, Vec<usize>) {
    let mut starts = Vec::new();
    for (at, c) in text.char_indices() {
        if starts.is_empty() || !is_combining_mark(c) {
            starts.push(at);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let number = |(start, end): (usize, usize)| {
        let decomposed: String = text.get(start..end).unwrap_or_default().nfd().collect();
        let next = numbers.len();
        *numbers.entry(decomposed).or_insert(next)
    };
    let numbers = starts.iter().copied().zip(ends).map(number).collect();
    (starts, numbers)
}

/// Where a sequence that is not empty lies in another, without overlaps, in a time that grows with their sizes alone:
/// after a mismatch it goes on with the longest beginning of the needle that could still match
/// (Knuth, Morris and Pratt).
fn occurrences(text: impl Iterator<Item = usize>, needle: &[usize]) -> Vec<usize> {
    // For each length of a matching beginning, the next shorter one that its end matches too.
    let mut shorter = vec![0; needle.len() + 1];
    let advance = |shorter: &[usize], mut matched: usize, item: usize| {
        loop {
            if needle.get(matched) == Some(&item) {
                return matched + 1;
            }
            if matched == 0 {
                return 0;
            }
            matched = shorter.get(matched).copied().unwrap_or(0);
        }
    };
    for (at, item) in needle.iter().enumerate().skip(1) {
        let matched = shorter.get(at).copied().unwrap_or(0);
        let matched = advance(&shorter, matched, *item);
        if let Some(place) = shorter.get_mut(at + 1) {
            *place = matched;
        }
    }
    let (mut found, mut matched) = (Vec::new(), 0);
    for (at, item) in text.enumerate() {
        matched = advance(&shorter, matched, item);
        if matched == needle.len() {
            found.push(at + 1 - matched);
            matched = 0;
        }
    }
    found
}
