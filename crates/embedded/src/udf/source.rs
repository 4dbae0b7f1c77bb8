//! Sources in Lua, without variables that are to be closed.
//!
//! What closes a variable runs whenever its scope is left, so also when the time of a call is over; it
//! would run where no clock interrupts it. So there are no such variables: an attribute `close` is
//! one that Lua does not know, and of the values of a generic `for`, of which the fourth is one that
//! is closed, the first three are kept. All else stays as it is, and in its line.

/// What stands around the values of a generic `for`: nothing that a module could give another meaning.
const BEFORE: &[u8] = b" (function(a, b, c) return a, b, c end)(";
const AFTER: &[u8] = b") ";

/// The attribute instead of `close`. The error, which Lua makes, tells it.
const UNKNOWN: &[u8] = b"close_is_not_supported";

/// The source as it is to be run, if it is one that Lua can compile.
pub fn without_closing(source: &[u8]) -> Vec<u8> {
    let mut output = Vec::with_capacity(source.len() + source.len() / 8);
    let mut blocks = 0_usize;
    // How many blocks are open around each `for` whose values are being read.
    let mut loops = Vec::new();
    let mut attribute = Attribute::None;
    let mut rest = source;
    while let Some(&first) = rest.first() {
        let size = size_of_token(first, rest);
        let (token, after) = rest.split_at_checked(size).unwrap_or((rest, &[]));
        match token {
            b"do" => {
                if loops.last() == Some(&blocks) {
                    loops.pop();
                    output.extend_from_slice(AFTER);
                }
                blocks += 1;
            }
            b"function" | b"if" => blocks += 1,
            b"end" => blocks = blocks.saturating_sub(1),
            _ => {}
        }
        let is_closing = attribute == Attribute::Begun && token == b"close";
        output.extend_from_slice(if is_closing { UNKNOWN } else { token });
        if token == b"in" {
            loops.push(blocks);
            output.extend_from_slice(BEFORE);
        }
        if !is_space(first) && !token.starts_with(b"--") {
            attribute = attribute.after(token);
        }
        rest = after;
    }
    output
}

/// Where in the names and attributes of a `local` something stands.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Attribute {
    None,
    /// A name comes next.
    Name,
    /// An attribute may come next, or another name.
    Named,
    /// The attribute itself comes next.
    Begun,
    /// It has been read.
    Ended,
}

impl Attribute {
    fn after(self, token: &[u8]) -> Attribute {
        match (self, token) {
            (_, b"local") => Attribute::Name,
            (Attribute::Name, b"function") => Attribute::None,
            (Attribute::Name, _) => Attribute::Named,
            (Attribute::Named, b"<") => Attribute::Begun,
            (Attribute::Begun, _) => Attribute::Ended,
            (Attribute::Ended, b">") => Attribute::Named,
            (Attribute::Named, b",") => Attribute::Name,
            _ => Attribute::None,
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

fn is_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

/// How many bytes belong together, of a text that begins with `first`.
fn size_of_token(first: u8, rest: &[u8]) -> usize {
    let second = rest.get(1).copied().unwrap_or_default();
    if is_space(first) {
        return count(rest, is_space);
    }
    if let Some(comment) = rest.strip_prefix(b"--") {
        let line = || count(comment, |byte| byte != b'\n' && byte != b'\r');
        return 2 + size_of_long(comment).unwrap_or_else(line);
    }
    match first {
        b'"' | b'\'' => size_of_string(first, rest),
        b'[' => size_of_long(rest).unwrap_or(1),
        b'.' if second == b'.' => count(rest, |byte| byte == b'.').min(3),
        b'.' if second.is_ascii_digit() => size_of_number(rest),
        _ if first.is_ascii_digit() => size_of_number(rest),
        _ => count(rest, is_name).max(1),
    }
}

fn count(rest: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    rest.iter().take_while(|&&byte| belongs(byte)).count()
}

/// A string in quotes; one without an end is all that is left.
fn size_of_string(quote: u8, rest: &[u8]) -> usize {
    let mut at = 1;
    while let Some(&byte) = rest.get(at) {
        match byte {
            b'\\' => at += 2,
            _ if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// What is in long brackets, if it is.
fn size_of_long(rest: &[u8]) -> Option<usize> {
    let level = count(rest.strip_prefix(b"[")?, |byte| byte == b'=');
    let text = rest.get(level + 1..)?.strip_prefix(b"[")?;
    let close = format!("]{}]", "=".repeat(level));
    let end = memchr::memmem::find(text, close.as_bytes());
    Some(end.map_or(rest.len(), |end| level + 2 + end + close.len()))
}

/// Digits, letters and points, and the sign of an exponent.
fn size_of_number(rest: &[u8]) -> usize {
    let is_hex = matches!(rest, [b'0', b'x' | b'X', ..]);
    let exponent = if is_hex { [b'p', b'P'] } else { [b'e', b'E'] };
    let mut at = if is_hex { 2 } else { 0 };
    while let Some(&byte) = rest.get(at) {
        if exponent.contains(&byte) && matches!(rest.get(at + 1), Some(b'+' | b'-')) {
            at += 2;
        } else if byte == b'.' || is_name(byte) {
            at += 1;
        } else {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use mlua::Lua;

    use super::*;

    #[test]
    fn values_of_loops_are_the_first_three_and_nothing_else_changes() {
        let kept = [
            "",
            "local a <const>, b = 1, 2 -- for k in pairs(t) do end\nreturn a < close > b",
            "return 'for k in t do' .. \"\\\"in\" .. [==[ in ]] do ]==], 0x1p-1, 1e+3, .5",
            "--[[ in\n]] --[=[ in ]] do\n]=] for i = 1, 2 do while true do break end end",
            "repeat local function close() end local close, inn = 1 until inn ~= close",
            "return 1 ..0x1e-- for k in t do\n, ... ...",
            "x = t.in_, do_ --[==\nin_ = '\\\n in' y = 'a\\z \n in' goto do_ ::do_::",
        ];
        for source in kept {
            assert_eq!(without_closing(source.as_bytes()), source.as_bytes(), "{source}");
        }
        let changed = [
            ("for k, v in pairs(t) do end", "for k, v in^ pairs(t) $do end"),
            (
                "for k in (function() for i in f do if x then do end end end end)() do g() end",
                "for k in^ (function() for i in^ f $do if x then do end end end end)() $do g() end",
            ),
            (
                "for a in f, function() while x do end repeat until y end do for b in'do'do end end",
                "for a in^ f, function() while x do end repeat until y end $do for b in^'do'$do end end",
            ),
            ("for k in--\nnext,t do end", "for k in^--\nnext,t $do end"),
            ("local x <close> = 1", "local x <!> = 1"),
            (
                "local a, b--\n<const>, c < --[[]] close > = f()",
                "local a, b--\n<const>, c < --[[]] ! > = f()",
            ),
        ];
        for (source, wanted) in changed {
            let wanted = wanted.replace('^', std::str::from_utf8(BEFORE).unwrap());
            let wanted = wanted.replace('$', std::str::from_utf8(AFTER).unwrap());
            let wanted = wanted.replace('!', std::str::from_utf8(UNKNOWN).unwrap());
            let made = without_closing(source.as_bytes());
            assert_eq!(String::from_utf8(made).unwrap(), wanted, "{source}");
        }
    }

    /// What Lua itself says of sources that are made of pieces at random: those that it compiles, it
    /// compiles as well when they are changed, unless there is an attribute that it does not know;
    /// and running them never closes anything.
    #[test]
    fn whatever_compiles_closes_nothing() {
        const PIECES: [&str; 44] = [
            "for k in f() do",
            "for k, v in f(), nil, nil, o do",
            "for k in",
            "do",
            "end",
            "end ",
            "local x <close> = o",
            "local x <const> = o",
            "local x, y <close> = 1, o",
            "local x",
            "<",
            "close",
            ">",
            "=",
            "o",
            "if x then",
            "else",
            "repeat",
            "until true",
            "function g()",
            "return",
            "return function()",
            "(function()",
            "end)()",
            "f()",
            ",",
            "'in'",
            "\"do\"",
            "[[ in ]]",
            "[==[ ]] do ]==]",
            "--[[ do ]]",
            "-- in\n",
            "--[==[ in\n ]==]",
            "--[ in\n",
            "'\\''",
            "'\\\\'",
            "1",
            "0x1e",
            "1e-1",
            "\n",
            "while false do",
            "..",
            "break",
            ";",
        ];
        let lua = Lua::new();
        let run = "local closed, left = 0, 0
            o = setmetatable({}, {__close = function() closed = closed + 1 end, __index = _G})
            function f() return function() left = left - 1 return left > 0 and 1 or nil end, 1, nil, o end
            return function(chunk) left = 5 pcall(chunk) return closed end";
        let run: mlua::Function = lua.load(run).eval().unwrap();
        let (mut state, mut compiled, mut loops) = (88172645463325252_u64, 0, 0);
        let mut below = |count: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % count as u64) as usize
        };
        for _ in 0..60_000 {
            let count = 1 + below(9);
            let pieces: Vec<_> = (0..count).map(|_| PIECES[below(PIECES.len())]).collect();
            let source = pieces.join(" ");
            if lua.load(&source).into_function().is_err() {
                continue;
            }
            compiled += 1;
            let changed = without_closing(source.as_bytes());
            match lua.load(&changed[..]).into_function() {
                Ok(chunk) => {
                    loops += usize::from(changed.len() != source.len());
                    assert_eq!(run.call::<i64>(chunk).unwrap(), 0, "{source}");
                }
                Err(error) => assert!(error.to_string().contains("unknown attribute"), "{source}"),
            }
        }
        assert!(compiled > 500 && loops > 20, "{compiled} {loops}");
    }
}
