//! POSIX regular expressions, basic and extended, by way of the crate `regex`.
//!
//! Patterns and texts are bytes and end at a zero byte, as in the C locale. Of what C libraries
//! take, only references to groups (`\1`) are refused: to match them can take any time.

use std::fmt::Write;

use regex::bytes;

/// Flags, with the numbers of the C library of the server that is modelled.
mod flag {
    pub const EXTENDED: i64 = 1;
    pub const IGNORE_CASE: i64 = 2;
    pub const NEWLINE: i64 = 4;
}

/// The longest pattern, in bytes.
const MAX_PATTERN: usize = 16 * 1024;

/// As much memory as a compiled pattern may take, in bytes.
const MAX_COMPILED: usize = 1024 * 1024;

/// As often as an interval may repeat something.
const MAX_REPEATS: u32 = 0x7fff;

/// A compiled pattern.
#[derive(Debug)]
pub struct Regex(bytes::Regex);

impl Regex {
    /// Compiles a pattern; `None` if it is none.
    pub fn new(pattern: &[u8], flags: i64) -> Option<Regex> {
        let pattern = until_zero(pattern);
        if pattern.len() > MAX_PATTERN {
            return None;
        }
        let newline = flags & flag::NEWLINE != 0;
        let translated = Translation {
            rest: pattern,
            output: String::with_capacity(pattern.len() * 2),
            extended: flags & flag::EXTENDED != 0,
            ignore_case: flags & flag::IGNORE_CASE != 0,
            newline,
            groups: vec![],
            atom: None,
            repeated: false,
        };
        let compiled = bytes::RegexBuilder::new(&translated.run()?)
            .unicode(false)
            .case_insensitive(flags & flag::IGNORE_CASE != 0)
            .multi_line(newline)
            .dot_matches_new_line(!newline)
            .size_limit(MAX_COMPILED)
            .build();
        compiled.ok().map(Regex)
    }

    pub fn matches(&self, text: &[u8]) -> bool {
        self.0.is_match(until_zero(text))
    }
}

fn until_zero(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// A pattern on its way from one notation to the other.
struct Translation<'p> {
    rest: &'p [u8],
    output: String,
    extended: bool,
    ignore_case: bool,
    newline: bool,
    /// Where the groups that are open begin in the output.
    groups: Vec<usize>,
    /// Where in the output begins what a repetition would repeat. None at the start of a branch.
    atom: Option<usize>,
    /// Whether it is repeated already.
    repeated: bool,
}

/// What a byte of a pattern, or an escape, means.
enum Meaning {
    Literal(u8),
    Any,
    Bracket,
    Open,
    Close,
    Or,
    Start,
    End,
    Repeat(u8),
    Interval,
    /// An operator of the GNU library that `regex` has as well.
    Same(&'static str),
}

impl Translation<'_> {
    fn run(mut self) -> Option<String> {
        while let Some(byte) = self.next() {
            let meaning = self.meaning(byte)?;
            self.translate(meaning)?;
        }
        self.groups.is_empty().then_some(self.output)
    }

    fn next(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    fn meaning(&mut self, byte: u8) -> Option<Meaning> {
        let at_start = self.atom.is_none();
        Some(match (byte, self.extended) {
            (b'.', _) => Meaning::Any,
            (b'[', _) => Meaning::Bracket,
            (b'\\', _) => {
                let escaped = self.next()?;
                self.escape(escaped)?
            }
            (b'(', true) => Meaning::Open,
            (b')', true) if !self.groups.is_empty() => Meaning::Close,
            (b'|', true) => Meaning::Or,
            (b'{', true) => Meaning::Interval,
            (b'*' | b'+' | b'?', true) => Meaning::Repeat(byte),
            (b'^' | b'$', true) => anchor(byte),
            (b'*', false) if !at_start => Meaning::Repeat(byte),
            (b'^', false) if at_start && !self.output.ends_with('^') => anchor(byte),
            (b'$', false) if self.rest.is_empty() || self.branch_ends() => anchor(byte),
            _ => Meaning::Literal(byte),
        })
    }

    fn branch_ends(&self) -> bool {
        self.rest.starts_with(b"\\)") || self.rest.starts_with(b"\\|")
    }

    fn escape(&self, escaped: u8) -> Option<Meaning> {
        Some(match (escaped, self.extended) {
            (b'w', _) => Meaning::Same(r"\w"),
            (b'W', _) => Meaning::Same(r"\W"),
            (b's', _) => Meaning::Same(r"\s"),
            (b'S', _) => Meaning::Same(r"\S"),
            (b'b', _) => Meaning::Same(r"\b"),
            (b'B', _) => Meaning::Same(r"\B"),
            (b'<', _) => Meaning::Same(r"\b{start}"),
            (b'>', _) => Meaning::Same(r"\b{end}"),
            (b'`', _) => Meaning::Same(r"\A"),
            (b'\'', _) => Meaning::Same(r"\z"),
            (b'1'..=b'9', _) => return None,
            (b'(', false) => Meaning::Open,
            (b')', false) => Meaning::Close,
            (b'|', false) => Meaning::Or,
            (b'{', false) => Meaning::Interval,
            (b'+' | b'?', false) => Meaning::Repeat(escaped),
            _ => Meaning::Literal(escaped),
        })
    }

    fn translate(&mut self, meaning: Meaning) -> Option<()> {
        let start = self.output.len();
        match meaning {
            Meaning::Literal(byte) => self.push_literal(byte),
            Meaning::Any => self.output.push('.'),
            Meaning::Bracket => {
                let mut set = self.bracket()?;
                if self.newline && set.negated {
                    set.add(b'\n');
                }
                self.push_set(&set);
            }
            Meaning::Same(text) => self.output.push_str(text),
            Meaning::Open => {
                self.groups.push(start);
                self.output.push_str("(?:");
                self.atom = None;
                return Some(());
            }
            Meaning::Close => {
                let opened = self.groups.pop()?;
                self.output.push(')');
                self.set_atom(opened);
                return Some(());
            }
            Meaning::Or => {
                self.output.push('|');
                self.atom = None;
                return Some(());
            }
            Meaning::Start => {
                // In a basic expression, what follows is still the start.
                self.output.push('^');
                if self.extended {
                    self.set_atom(start);
                }
                return Some(());
            }
            Meaning::End => self.output.push('$'),
            Meaning::Repeat(operator) => return self.repeat(&char::from(operator).to_string()),
            Meaning::Interval => {
                let interval = self.interval()?;
                return self.repeat(&interval);
            }
        }
        self.set_atom(start);
        Some(())
    }

    fn set_atom(&mut self, start: usize) {
        self.atom = Some(start);
        self.repeated = false;
    }

    fn repeat(&mut self, operator: &str) -> Option<()> {
        let atom = self.atom?;
        // What is repeated once more must be a group: `a+?` means something else there.
        if self.repeated {
            self.output.insert_str(atom, "(?:");
            self.output.push(')');
        }
        self.output.push_str(operator);
        self.repeated = true;
        Some(())
    }

    fn push_literal(&mut self, byte: u8) {
        if byte.is_ascii_alphanumeric() {
            self.output.push(char::from(byte));
        } else {
            self.push_byte(byte);
        }
    }

    fn push_byte(&mut self, byte: u8) {
        // Writing to a string can't fail.
        let _ = write!(self.output, r"\x{byte:02x}");
    }

    /// The rest of an interval, from its lower bound.
    fn interval(&mut self) -> Option<String> {
        let least = self.number()?;
        let most = match self.next()? {
            b',' => {
                let most = self.number()?;
                let end = self.next()?;
                self.close_interval(end)?;
                most
            }
            end => {
                self.close_interval(end)?;
                Some(least?)
            }
        };
        let least = least.unwrap_or(0);
        match most {
            Some(most) if least > most => None,
            Some(most) => Some(format!("{{{least},{most}}}")),
            None => Some(format!("{{{least},}}")),
        }
    }

    /// A number, if there is one here. Fails if it is too large.
    fn number(&mut self) -> Option<Option<u32>> {
        let mut number: Option<u32> = None;
        while let Some(digit) = self.rest.first().filter(|byte| byte.is_ascii_digit()) {
            let next = number.unwrap_or(0) * 10 + u32::from(digit - b'0');
            if next > MAX_REPEATS {
                return None;
            }
            number = Some(next);
            self.next();
        }
        Some(number)
    }

    fn close_interval(&mut self, end: u8) -> Option<()> {
        let closes = match self.extended {
            true => end == b'}',
            false => end == b'\\' && self.next()? == b'}',
        };
        closes.then_some(())
    }

    /// The rest of a bracket expression.
    fn bracket(&mut self) -> Option<Set> {
        let mut set = Set { bytes: [false; 256], negated: false };
        let mut byte = self.next()?;
        if byte == b'^' {
            set.negated = true;
            byte = self.next()?;
        }
        // A bracket that comes first does not close.
        loop {
            match self.element(byte)? {
                Element::Class(class) => {
                    (0..=u8::MAX).filter(class).for_each(|byte| set.add(byte));
                }
                Element::Byte(first) => {
                    if let [b'-', next, ..] = *self.rest
                        && next != b']'
                    {
                        self.next();
                        let next = self.next()?;
                        let Element::Byte(last) = self.element(next)? else { return None };
                        if first > last {
                            return None;
                        }
                        (first..=last).for_each(|byte| set.add(byte));
                    } else {
                        set.add(first);
                    }
                }
            }
            byte = self.next()?;
            if byte == b']' {
                break;
            }
        }
        if self.ignore_case {
            set.fold_case();
        }
        Some(set)
    }

    fn element(&mut self, byte: u8) -> Option<Element> {
        let kind = match self.rest.first() {
            Some(&kind @ (b':' | b'.' | b'=')) if byte == b'[' => kind,
            _ => return Some(Element::Byte(byte)),
        };
        let end = self.rest.get(1..)?.windows(2).position(|pair| *pair == [kind, b']'])?;
        let name = self.rest.get(1..1 + end)?;
        self.rest = self.rest.get(end + 3..)?;
        match (kind, name) {
            (b':', _) => class(name, self.ignore_case).map(Element::Class),
            (_, [single]) => Some(Element::Byte(*single)),
            _ => None,
        }
    }

    fn push_set(&mut self, set: &Set) {
        let bytes: Vec<u8> = (0..=u8::MAX).filter(|&byte| set.contains(byte)).collect();
        if bytes.is_empty() {
            // Nothing is in it, so nothing matches.
            self.output.push_str(r"[^\x00-\xff]");
            return;
        }
        // Case is folded already: to fold a set that was negated would undo that.
        self.output.push_str("(?-i:[");
        for run in bytes.chunk_by(|a, b| *a + 1 == *b) {
            if let (Some(&first), Some(&last)) = (run.first(), run.last()) {
                self.push_byte(first);
                self.output.push('-');
                self.push_byte(last);
            }
        }
        self.output.push_str("])");
    }
}

fn anchor(byte: u8) -> Meaning {
    if byte == b'^' { Meaning::Start } else { Meaning::End }
}

/// A part of a bracket expression.
enum Element {
    Byte(u8),
    Class(fn(&u8) -> bool),
}

fn class(name: &[u8], ignore_case: bool) -> Option<fn(&u8) -> bool> {
    Some(match name {
        b"upper" | b"lower" if ignore_case => u8::is_ascii_alphabetic,
        b"alpha" => u8::is_ascii_alphabetic,
        b"digit" => u8::is_ascii_digit,
        b"alnum" => u8::is_ascii_alphanumeric,
        b"upper" => u8::is_ascii_uppercase,
        b"lower" => u8::is_ascii_lowercase,
        b"space" => |byte| matches!(byte, b' ' | b'\t'..=b'\r'),
        b"blank" => |byte| matches!(byte, b' ' | b'\t'),
        b"punct" => u8::is_ascii_punctuation,
        b"print" => |byte| matches!(byte, b' '..=b'~'),
        b"graph" => u8::is_ascii_graphic,
        b"cntrl" => u8::is_ascii_control,
        b"xdigit" => u8::is_ascii_hexdigit,
        _ => return None,
    })
}

/// A set of bytes.
struct Set {
    bytes: [bool; 256],
    negated: bool,
}

impl Set {
    fn add(&mut self, byte: u8) {
        if let Some(there) = self.bytes.get_mut(usize::from(byte)) {
            *there = true;
        }
    }

    fn fold_case(&mut self) {
        for lower in b'a'..=b'z' {
            let upper = lower.to_ascii_uppercase();
            if self.has(lower) || self.has(upper) {
                self.add(lower);
                self.add(upper);
            }
        }
    }

    fn has(&self, byte: u8) -> bool {
        self.bytes.get(usize::from(byte)).copied().unwrap_or_default()
    }

    fn contains(&self, byte: u8) -> bool {
        self.has(byte) != self.negated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASIC: i64 = 0;

    fn matches(pattern: &str, flags: i64, text: &str) -> Option<bool> {
        Regex::new(pattern.as_bytes(), flags).map(|regex| regex.matches(text.as_bytes()))
    }

    #[test]
    fn basic_and_extended_expressions_differ_in_their_operators() {
        use flag::EXTENDED;
        for (pattern, flags, text, wanted) in [
            ("(b|c)+", BASIC, "b", false),
            ("(b|c)+", BASIC, "x(b|c)+", true),
            ("(b|c)+", EXTENDED, "b", true),
            (r"\(b\|c\)\{2\}", BASIC, "bc", true),
            (r"\(b\|c\)\{2\}", BASIC, "bd", false),
            ("(b|c){2}", EXTENDED, "bc", true),
            ("^(b|c){,2}$", EXTENDED, "bcb", false),
            ("*a", BASIC, "*a", true),
            ("^*a", BASIC, "*a", true),
            (r"\(*a\)", BASIC, "*a", true),
            ("a^b", BASIC, "a^b", true),
            ("a$b", BASIC, "a$b", true),
            ("a^b", EXTENDED, "a^b", false),
            ("a)", EXTENDED, "a)", true),
            ("a**", EXTENDED, "b", true),
            ("^a+?$", EXTENDED, "", true),
            ("", EXTENDED, "abc", true),
            ("a|", EXTENDED, "b", true),
            (r"\.", EXTENDED, "a", false),
            (r"\<word\>", BASIC, "a word.", true),
        ] {
            assert_eq!(matches(pattern, flags, text), Some(wanted), "{pattern} {flags} {text}");
        }
    }

    #[test]
    fn brackets_are_sets_of_bytes() {
        use flag::{EXTENDED, IGNORE_CASE, NEWLINE};
        for (pattern, flags, text, wanted) in [
            ("^[]a]$", BASIC, "]", true),
            ("^[^]a]$", BASIC, "]", false),
            ("^[a-]$", BASIC, "-", true),
            (r"^[\]$", BASIC, r"\", true),
            ("^[[:digit:]x]+$", EXTENDED, "1x2", true),
            ("^[[.a.]-[=c=]]$", BASIC, "b", true),
            ("^[b-d]$", IGNORE_CASE, "C", true),
            ("^[^c]$", IGNORE_CASE, "C", false),
            ("^[[:upper:]]$", IGNORE_CASE, "c", true),
            ("^[^a]$", BASIC, "\n", true),
            ("[^a]", NEWLINE, "\n", false),
            ("^.$", BASIC, "\n", true),
            ("x.y", NEWLINE, "x\ny", false),
            ("^y", NEWLINE, "x\ny", true),
            ("^y", BASIC, "x\ny", false),
        ] {
            assert_eq!(matches(pattern, flags, text), Some(wanted), "{pattern} {flags} {text:?}");
        }
    }

    #[test]
    fn texts_are_bytes_that_end_at_zero() {
        assert_eq!(matches("^..$", BASIC, "é"), Some(true));
        assert_eq!(matches("b", BASIC, "a\0b"), Some(false));
        assert_eq!(matches("a\0(", flag::EXTENDED, "a"), Some(true));
        assert!(Regex::new(b"\xff", BASIC).unwrap().matches(b"a\xff"));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        use flag::EXTENDED;
        for pattern in
            ["(", "[", "[a", "*", "a|*", "a{", "a{2", "a{3,2}", "a{99999}", r"(a)\1", r"\"]
        {
            assert!(Regex::new(pattern.as_bytes(), EXTENDED).is_none(), "{pattern}");
        }
        for pattern in [r"\(", r"\)", r"a\{1", "[z-a]", "[[:none:]]", "[[.ab.]]"] {
            assert!(Regex::new(pattern.as_bytes(), BASIC).is_none(), "{pattern}");
        }
        let large = "((((a{99}){99}){99}){99})";
        assert!(Regex::new(large.as_bytes(), EXTENDED).is_none());
        assert!(Regex::new(&[b'('; 100_000], EXTENDED).is_none());
        assert!(Regex::new(&[b'('; 10_000], EXTENDED).is_none());
    }
}
