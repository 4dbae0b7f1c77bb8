//! Lua's patterns, with an end: a match that goes back and forth can take any time, in which Lua's
//! own library would never look at the clock.

/// As many captures as a pattern can have.
const MAX_CAPTURES: usize = 32;

/// As many parts of a pattern as can be tried within each other.
const MAX_DEPTH: usize = 200;

/// After so many steps the time is looked at.
const STEPS_BETWEEN_LOOKS: u32 = 4096;

/// What is wrong with a capture that has no end.
pub const UNFINISHED: &str = "unfinished capture";

const ESCAPE: u8 = b'%';

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The pattern is none.
    Pattern(String),
    OutOfTime,
}

type Outcome<T> = Result<T, Trouble>;

fn malformed<T>(message: &str) -> Outcome<T> {
    Err(Trouble::Pattern(message.into()))
}

/// A part of the text that a pattern asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capture {
    Part {
        start: usize,
        end: usize,
    },
    /// Where in the text: positions count from 1.
    Position(i64),
    /// The pattern does not say where it ends. It is a mistake only if it is asked for.
    Unfinished,
}

/// Where a pattern matched.
#[derive(Debug, PartialEq, Eq)]
pub struct Match {
    pub start: usize,
    pub end: usize,
    pub captures: Vec<Capture>,
}

/// A pattern and the text in which it is looked for.
pub struct Search<'a> {
    text: &'a [u8],
    pattern: &'a [u8],
    is_anchored: bool,
    is_over: &'a dyn Fn() -> bool,
    steps: u32,
    depth: usize,
    captures: Vec<Begun>,
}

/// A capture, which may have no end yet.
#[derive(Debug, Clone, Copy)]
struct Begun {
    start: usize,
    end: End,
}

#[derive(Debug, Clone, Copy)]
enum End {
    Open,
    Closed(usize),
    Position,
}

/// Whether Lua's library would look for the pattern as it is.
pub fn is_plain(pattern: &[u8]) -> bool {
    !pattern.iter().any(|byte| b"^$*+?.([%-".contains(byte))
}

impl<'a> Search<'a> {
    /// `is_over` tells whether the time is.
    pub fn new(
        text: &'a [u8],
        pattern: &'a [u8],
        anchors: bool,
        is_over: &'a dyn Fn() -> bool,
    ) -> Search<'a> {
        let stripped = if anchors { pattern.strip_prefix(b"^") } else { None };
        Search {
            text,
            pattern: stripped.unwrap_or(pattern),
            is_anchored: stripped.is_some(),
            is_over,
            steps: 0,
            depth: 0,
            captures: Vec::new(),
        }
    }

    /// The first match that begins at `from` or after it, and does not end at `not_ending`, where
    /// the one before ended.
    pub fn next(&mut self, from: usize, not_ending: Option<usize>) -> Outcome<Option<Match>> {
        for start in from..=self.text.len() {
            self.captures.clear();
            self.depth = 0;
            match self.run(start, 0)? {
                Some(end) if Some(end) != not_ending => {
                    return Ok(Some(Match { start, end, captures: self.captures() }));
                }
                _ if self.is_anchored => break,
                _ => {}
            }
        }
        Ok(None)
    }

    pub fn is_anchored(&self) -> bool {
        self.is_anchored
    }

    fn captures(&self) -> Vec<Capture> {
        let finish = |begun: &Begun| match begun.end {
            End::Open => Capture::Unfinished,
            End::Closed(end) => Capture::Part { start: begun.start, end },
            End::Position => Capture::Position(begun.start as i64 + 1),
        };
        self.captures.iter().map(finish).collect()
    }

    fn step(&mut self) -> Outcome<()> {
        self.steps += 1;
        if self.steps.is_multiple_of(STEPS_BETWEEN_LOOKS) && (self.is_over)() {
            return Err(Trouble::OutOfTime);
        }
        Ok(())
    }

    fn at(&self, place: usize) -> Option<u8> {
        self.pattern.get(place).copied()
    }

    /// Matches the rest of the pattern, from a place in it; tells where the match ends.
    fn run(&mut self, text: usize, pattern: usize) -> Outcome<Option<usize>> {
        if self.depth == MAX_DEPTH {
            return malformed("pattern too complex");
        }
        self.depth += 1;
        let end = self.run_here(text, pattern)?;
        self.depth -= 1;
        Ok(end)
    }

    fn run_here(&mut self, mut text: usize, mut pattern: usize) -> Outcome<Option<usize>> {
        loop {
            self.step()?;
            let Some(byte) = self.at(pattern) else { return Ok(Some(text)) };
            let next = self.at(pattern + 1);
            match (byte, next) {
                (b'(', Some(b')')) => return self.open(text, pattern + 2, End::Position),
                (b'(', _) => return self.open(text, pattern + 1, End::Open),
                (b')', _) => return self.close(text, pattern + 1),
                (b'$', None) => return Ok((text == self.text.len()).then_some(text)),
                (ESCAPE, Some(b'b')) => match self.balanced(text, pattern + 2)? {
                    Some(after) => (text, pattern) = (after, pattern + 4),
                    None => return Ok(None),
                },
                (ESCAPE, Some(b'f')) => {
                    let set = pattern + 2;
                    if self.at(set) != Some(b'[') {
                        return malformed("missing '[' after '%f' in pattern");
                    }
                    let after = self.end_of_class(set)?;
                    let before = text.checked_sub(1).and_then(|at| self.text.get(at));
                    let before = before.copied().unwrap_or(0);
                    let here = self.text.get(text).copied().unwrap_or(0);
                    if self.in_set(before, set, after) || !self.in_set(here, set, after) {
                        return Ok(None);
                    }
                    pattern = after;
                }
                (ESCAPE, Some(digit @ b'0'..=b'9')) => match self.again(text, digit)? {
                    Some(after) => (text, pattern) = (after, pattern + 2),
                    None => return Ok(None),
                },
                _ => {
                    let after = self.end_of_class(pattern)?;
                    match self.at(after) {
                        Some(b'?') => {
                            if self.is_one(text, pattern, after)
                                && let Some(end) = self.run(text + 1, after + 1)?
                            {
                                return Ok(Some(end));
                            }
                            pattern = after + 1;
                        }
                        Some(b'+') if !self.is_one(text, pattern, after) => return Ok(None),
                        Some(b'+') => return self.greedy(text, 1, pattern, after),
                        Some(b'*') => return self.greedy(text, 0, pattern, after),
                        Some(b'-') => return self.lazy(text, pattern, after),
                        _ if self.is_one(text, pattern, after) => {
                            (text, pattern) = (text + 1, after);
                        }
                        _ => return Ok(None),
                    }
                }
            }
        }
    }

    /// Where the class that begins at a place of the pattern ends.
    fn end_of_class(&self, start: usize) -> Outcome<usize> {
        let escaped = |at: usize| match self.at(at) {
            Some(_) => Ok(at + 1),
            None => malformed("malformed pattern (ends with '%')"),
        };
        match self.at(start) {
            Some(ESCAPE) => escaped(start + 1),
            Some(b'[') => {
                let mut at = start + 1;
                if self.at(at) == Some(b'^') {
                    at += 1;
                }
                // The first one of a set means itself, even if it is the bracket that ends it.
                loop {
                    at = match self.at(at) {
                        None => return malformed("malformed pattern (missing ']')"),
                        Some(ESCAPE) if self.at(at + 1).is_some() => at + 2,
                        Some(_) => at + 1,
                    };
                    if self.at(at) == Some(b']') {
                        return Ok(at + 1);
                    }
                }
            }
            _ => Ok(start + 1),
        }
    }

    /// Whether the byte of the text at a place is of the class that lies there in the pattern.
    fn is_one(&self, text: usize, class: usize, class_end: usize) -> bool {
        let Some(&byte) = self.text.get(text) else { return false };
        match (self.at(class), self.at(class + 1)) {
            (Some(b'.'), _) => true,
            (Some(ESCAPE), Some(letter)) => in_class(byte, letter),
            (Some(b'['), _) => self.in_set(byte, class, class_end),
            (literal, _) => literal == Some(byte),
        }
    }

    fn in_set(&self, byte: u8, start: usize, end: usize) -> bool {
        let mut set = self.pattern.get(start + 1..end - 1).unwrap_or_default();
        let mut result = true;
        if let [b'^', rest @ ..] = set {
            (set, result) = (rest, false);
        }
        loop {
            set = match set {
                [] => return !result,
                [ESCAPE, letter, rest @ ..] => {
                    if in_class(byte, *letter) {
                        return result;
                    }
                    rest
                }
                [low, b'-', high, rest @ ..] => {
                    if (*low..=*high).contains(&byte) {
                        return result;
                    }
                    rest
                }
                [literal, rest @ ..] => {
                    if *literal == byte {
                        return result;
                    }
                    rest
                }
            };
        }
    }

    /// As many as there are, and fewer until the rest matches.
    fn greedy(
        &mut self,
        text: usize,
        least: usize,
        class: usize,
        after: usize,
    ) -> Outcome<Option<usize>> {
        let mut count = least;
        while self.is_one(text + count, class, after) {
            self.step()?;
            count += 1;
        }
        loop {
            if let Some(end) = self.run(text + count, after + 1)? {
                return Ok(Some(end));
            }
            if count == least {
                return Ok(None);
            }
            count -= 1;
        }
    }

    /// None, and more until the rest matches.
    fn lazy(&mut self, mut text: usize, class: usize, after: usize) -> Outcome<Option<usize>> {
        loop {
            if let Some(end) = self.run(text, after + 1)? {
                return Ok(Some(end));
            }
            if !self.is_one(text, class, after) {
                return Ok(None);
            }
            text += 1;
        }
    }

    fn open(&mut self, text: usize, pattern: usize, end: End) -> Outcome<Option<usize>> {
        if self.captures.len() >= MAX_CAPTURES {
            return malformed("too many captures");
        }
        self.captures.push(Begun { start: text, end });
        let level = self.captures.len();
        let result = self.run(text, pattern)?;
        if result.is_none() {
            self.captures.truncate(level - 1);
        }
        Ok(result)
    }

    fn close(&mut self, text: usize, pattern: usize) -> Outcome<Option<usize>> {
        let open = self.captures.iter().rposition(|begun| matches!(begun.end, End::Open));
        let Some(level) = open else { return malformed("invalid pattern capture") };
        self.set_end(level, End::Closed(text));
        let result = self.run(text, pattern)?;
        if result.is_none() {
            self.set_end(level, End::Open);
        }
        Ok(result)
    }

    fn set_end(&mut self, level: usize, end: End) {
        if let Some(begun) = self.captures.get_mut(level) {
            begun.end = end;
        }
    }

    /// What lies between two bytes, with as many of the one as of the other.
    fn balanced(&mut self, text: usize, pattern: usize) -> Outcome<Option<usize>> {
        let (Some(open), Some(close)) = (self.at(pattern), self.at(pattern + 1)) else {
            return malformed("malformed pattern (missing arguments to '%b')");
        };
        if self.text.get(text) != Some(&open) {
            return Ok(None);
        }
        let mut depth = 1;
        for (at, &byte) in self.text.iter().enumerate().skip(text + 1) {
            if byte == close {
                depth -= 1;
                if depth == 0 {
                    return Ok(Some(at + 1));
                }
            } else if byte == open {
                depth += 1;
            }
            self.steps += 1;
            if self.steps.is_multiple_of(STEPS_BETWEEN_LOOKS) && (self.is_over)() {
                return Err(Trouble::OutOfTime);
            }
        }
        Ok(None)
    }

    /// What an earlier capture was, once more.
    fn again(&mut self, text: usize, digit: u8) -> Outcome<Option<usize>> {
        let index = usize::from(digit - b'0');
        let begun = index.checked_sub(1).and_then(|index| self.captures.get(index)).copied();
        let (start, end) = match begun {
            Some(Begun { start, end: End::Closed(end) }) => (start, end),
            // A position is no part of the text that could be there once more.
            Some(Begun { end: End::Position, .. }) => return Ok(None),
            _ => return malformed(&format!("invalid capture index %{index}")),
        };
        let captured = self.text.get(start..end).unwrap_or_default();
        let rest = self.text.get(text..).unwrap_or_default();
        Ok(rest.starts_with(captured).then_some(text + captured.len()))
    }
}

fn in_class(byte: u8, letter: u8) -> bool {
    let result = match letter.to_ascii_lowercase() {
        b'a' => byte.is_ascii_alphabetic(),
        b'c' => byte.is_ascii_control(),
        b'd' => byte.is_ascii_digit(),
        b'g' => byte.is_ascii_graphic(),
        b'l' => byte.is_ascii_lowercase(),
        b'p' => byte.is_ascii_punctuation(),
        b's' => byte.is_ascii_whitespace() || byte == 0x0b,
        b'u' => byte.is_ascii_uppercase(),
        b'w' => byte.is_ascii_alphanumeric(),
        b'x' => byte.is_ascii_hexdigit(),
        _ => return letter == byte,
    };
    result != letter.is_ascii_uppercase()
}

impl Match {
    /// The captures; the whole match if the pattern asks for nothing else.
    pub fn all(&self) -> Vec<Capture> {
        match self.captures.as_slice() {
            [] => vec![Capture::Part { start: self.start, end: self.end }],
            captures => captures.to_vec(),
        }
    }

    /// Appends what stands for the match: a text in which `%1` is the first capture, `%0` all.
    pub fn push_replacement(
        &self,
        text: &[u8],
        replacement: &[u8],
        output: &mut Vec<u8>,
    ) -> Outcome<()> {
        let mut rest = replacement;
        while let Some(place) = rest.iter().position(|&byte| byte == ESCAPE) {
            let (before, from) = rest.split_at(place);
            output.extend_from_slice(before);
            match from {
                [_, ESCAPE, ..] => output.push(ESCAPE),
                [_, b'0', ..] => output.extend(text.get(self.start..self.end).unwrap_or_default()),
                [_, digit @ b'1'..=b'9', ..] => match self.all().get(usize::from(digit - b'1')) {
                    Some(Capture::Part { start, end }) => {
                        output.extend(text.get(*start..*end).unwrap_or_default());
                    }
                    Some(Capture::Position(number)) => output.extend(number.to_string().as_bytes()),
                    Some(Capture::Unfinished) => return malformed(UNFINISHED),
                    None => {
                        let number = digit - b'0';
                        return malformed(&format!("invalid capture index %{number}"));
                    }
                },
                _ => return malformed("invalid use of '%' in replacement string"),
            }
            rest = from.get(2..).unwrap_or_default();
        }
        output.extend_from_slice(rest);
        Ok(())
    }
}
