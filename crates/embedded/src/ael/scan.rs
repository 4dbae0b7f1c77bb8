//! The text, read from left to right.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Error, Parsed};

/// What is left of a text.
#[derive(Debug, Clone, Copy)]
pub struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

/// A number as it is written, without a sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    Int(u64),
    Float(f64),
}

impl<'t> Scanner<'t> {
    pub fn new(text: &'t str) -> Scanner<'t> {
        Scanner { text, at: 0 }
    }

    /// How far it has come, in bytes.
    pub fn at(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next character, white space or not.
    pub fn peek_raw(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek_raw()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// The next character after white space and comments.
    pub fn peek(&mut self) -> Parsed<Option<char>> {
        self.skip()?;
        Ok(self.peek_raw())
    }

    pub fn is_at_end(&mut self) -> Parsed<bool> {
        Ok(self.peek()?.is_none())
    }

    fn skip(&mut self) -> Parsed<()> {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            self.at += blank;
            let Some(comment) = self.rest().strip_prefix("/*") else { return Ok(()) };
            match comment.find("*/") {
                Some(size) => self.at += size + 4,
                None => return Err(Error::new(self.at, "the comment has no end")),
            }
        }
    }

    /// Whether this comes next, after white space.
    pub fn sees(&mut self, wanted: &str) -> Parsed<bool> {
        self.skip()?;
        Ok(self.rest().starts_with(wanted))
    }

    /// Takes punctuation, if it comes next.
    pub fn take(&mut self, wanted: &str) -> Parsed<bool> {
        let sees = self.sees(wanted)?;
        if sees {
            self.at += wanted.len();
        }
        Ok(sees)
    }

    pub fn expect(&mut self, wanted: &str) -> Parsed<()> {
        if self.take(wanted)? { Ok(()) } else { Err(self.wrong(wanted)) }
    }

    /// What to say where something else was expected.
    pub fn wrong(&self, wanted: &str) -> Error {
        match self.peek_raw() {
            Some(found) => Error::new(self.at, format!("{found:?} where {wanted:?} should be")),
            None => Error::new(self.at, format!("the text ends where {wanted:?} should be")),
        }
    }

    /// Takes a name, if one comes next.
    pub fn name(&mut self) -> Parsed<Option<&'t str>> {
        self.skip()?;
        let rest = self.rest();
        let begins = |first: char| first == '_' || first.is_ascii_alphabetic();
        if !rest.starts_with(begins) {
            return Ok(None);
        }
        let goes_on = |next: char| next == '_' || next.is_ascii_alphanumeric();
        let size = rest.find(|next| !goes_on(next)).unwrap_or(rest.len());
        self.at += size;
        Ok(rest.get(..size))
    }

    /// Takes this very word, if it comes next.
    pub fn word(&mut self, wanted: &str) -> Parsed<bool> {
        let before = *self;
        let found = self.name()? == Some(wanted);
        if !found {
            *self = before;
        }
        Ok(found)
    }

    /// Takes a number without a sign, if one comes next.
    pub fn number(&mut self) -> Parsed<Option<Number>> {
        self.skip()?;
        let rest = self.rest();
        let start = self.at;
        let radix = match rest.as_bytes() {
            [b'0', b'x' | b'X', ..] => 16,
            [b'0', b'b' | b'B', ..] => 2,
            [b'0'..=b'9', ..] | [b'.', b'0'..=b'9', ..] => 10,
            _ => return Ok(None),
        };
        if radix != 10 {
            self.at += 2;
            let digits = self.digits(|digit| digit.is_ascii_alphanumeric());
            return match u64::from_str_radix(digits, radix) {
                Ok(number) => Ok(Some(Number::Int(number))),
                Err(error) => Err(Error::new(start, format!("no number: {error}"))),
            };
        }
        let is_digit = |digit: char| digit.is_ascii_digit();
        let whole = self.digits(is_digit);
        // A dot that no digit follows belongs to what is done with the number.
        let mut after_dot = self.rest().chars().skip(1);
        if self.rest().starts_with('.') && after_dot.next().is_some_and(is_digit) {
            self.at += 1;
            self.digits(is_digit);
            let text = self.text.get(start..self.at).unwrap_or_default();
            return text
                .parse()
                .map(|number| Some(Number::Float(number)))
                .map_err(|error| Error::new(start, format!("no number: {error}")));
        }
        match whole.parse() {
            Ok(number) => Ok(Some(Number::Int(number))),
            Err(error) => Err(Error::new(start, format!("no number: {error}"))),
        }
    }

    fn digits(&mut self, is_digit: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let size = rest.find(|digit| !is_digit(digit)).unwrap_or(rest.len());
        self.at += size;
        rest.get(..size).unwrap_or_default()
    }

    /// Takes a text in quotes of either kind, if one comes next.
    pub fn string(&mut self) -> Parsed<Option<String>> {
        match self.peek()? {
            Some(quote @ ('\'' | '"')) => self.quoted(quote).map(Some),
            _ => Ok(None),
        }
    }

    fn quoted(&mut self, quote: char) -> Parsed<String> {
        let start = self.at;
        self.next();
        let mut text = String::new();
        loop {
            let at = self.at;
            match self.next() {
                None => return Err(Error::new(start, "the string has no end")),
                Some(end) if end == quote => return Ok(text),
                Some('\\') => text.push(match self.next() {
                    Some('n') => '\n',
                    Some('t') => '\t',
                    Some(same @ ('\\' | '\'' | '"')) => same,
                    _ => {
                        return Err(Error::new(
                            at,
                            "no escape: permitted are \\\\ \\n \\t \\' \\\"",
                        ));
                    }
                }),
                Some(other) => text.push(other),
            }
        }
    }

    /// Takes bytes, if they come next: `x'c0ffee'` or `b64'wP/u'`.
    pub fn blob(&mut self) -> Parsed<Option<Vec<u8>>> {
        self.skip()?;
        let start = self.at;
        let begins = |prefix: &str| {
            self.rest().get(..prefix.len()).is_some_and(|text| text.eq_ignore_ascii_case(prefix))
        };
        let is_hex = begins("x'");
        if !is_hex && !begins("b64'") {
            return Ok(None);
        }
        self.at += if is_hex { 1 } else { 3 };
        let text = self.quoted('\'')?;
        let bytes = if is_hex { from_hex(&text) } else { STANDARD.decode(&text).ok() };
        let what = if is_hex { "hexadecimal digits, two for each byte" } else { "base64" };
        bytes.map(Some).ok_or_else(|| Error::new(start, format!("{text:?} is not {what}")))
    }

    /// Takes a regular expression between slashes, and the letters after it.
    pub fn regex(&mut self) -> Parsed<(String, &'t str)> {
        self.skip()?;
        let start = self.at;
        if self.peek_raw() != Some('/') {
            return Err(self.wrong("/"));
        }
        self.next();
        let mut pattern = String::new();
        loop {
            match self.next() {
                None => return Err(Error::new(start, "the regular expression has no end")),
                Some('/') => break,
                // A slash of the pattern has a backslash before it, which is not of the pattern.
                Some('\\') => match self.next() {
                    Some('/') => pattern.push('/'),
                    escaped => {
                        pattern.push('\\');
                        pattern.extend(escaped);
                    }
                },
                Some(other) => pattern.push(other),
            }
        }
        Ok((pattern, self.digits(|letter| letter.is_ascii_alphabetic())))
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    pairs.iter().map(|[high, low]| Some((digit(*high)? * 16 + digit(*low)?) as u8)).collect()
}
