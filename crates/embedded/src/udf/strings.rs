//! Lua's functions that look for patterns, with the patterns of this crate. The prelude wraps them:
//! whether they failed is their first result.

use mlua::{IntoLuaMulti, Lua, MultiValue, String as Text, Table, Value};

use super::pattern::{Capture, Match, Search, Trouble, UNFINISHED, is_plain};

/// The message with which a call ends whose time is over.
pub const OUT_OF_TIME: &str = "UDF Execution Timeout";

/// The functions, by name. Places in a text count from 0 here.
pub fn functions(
    lua: &Lua,
    is_over: impl Fn() -> bool + Clone + Send + 'static,
) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    let over = is_over.clone();
    let find = move |lua: &Lua, (text, pattern, from, plain): (Text, Text, usize, bool)| {
        let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
        if plain || is_plain(&pattern) {
            let rest = text.get(from..).unwrap_or_default();
            let place = memchr::memmem::find(rest, &pattern).map(|place| place + from);
            let whole = |start| Match { start, end: start + pattern.len(), captures: Vec::new() };
            return tell(lua, &text, Ok(place.map(whole)), None);
        }
        let result = Search::new(&text, &pattern, true, &over).next(from, None);
        tell(lua, &text, result, None)
    };
    table.set("find", lua.create_function(find)?)?;
    let over = is_over.clone();
    // The next match that does not end where the one before did, with so many of its captures.
    type Next = (Text, Text, usize, Option<usize>, bool, Option<usize>);
    let next = move |lua: &Lua, (text, pattern, from, last, anchors, most): Next| {
        let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
        let result = Search::new(&text, &pattern, anchors, &over).next(from, last);
        tell(lua, &text, result, most)
    };
    table.set("next", lua.create_function(next)?)?;
    let replace = move |lua: &Lua, (text, pattern, with, most): (Text, Text, Text, i64)| {
        let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
        let mut search = Search::new(&text, &pattern, true, &is_over);
        match replace(&mut search, &text, &with.as_bytes(), most) {
            Ok((text, count)) => (true, lua.create_string(text)?, count).into_lua_multi(lua),
            Err(trouble) => fail(lua, trouble),
        }
    };
    table.set("replace", lua.create_function(replace)?)?;
    Ok(table)
}

/// Where a match begins and ends, and its captures; nothing if there is none.
fn tell(
    lua: &Lua,
    text: &[u8],
    result: Result<Option<Match>, Trouble>,
    most: Option<usize>,
) -> mlua::Result<MultiValue> {
    let found = match result {
        Ok(Some(found)) => found,
        Ok(None) => return true.into_lua_multi(lua),
        Err(trouble) => return fail(lua, trouble),
    };
    let place = |place: usize| Value::Integer(place as i64);
    let mut values = vec![Value::Boolean(true), place(found.start), place(found.end)];
    for capture in found.captures.iter().take(most.unwrap_or(usize::MAX)) {
        values.push(match *capture {
            Capture::Part { start, end } => {
                let part = text.get(start..end).unwrap_or_default();
                Value::String(lua.create_string(part)?)
            }
            Capture::Position(number) => Value::Integer(number),
            Capture::Unfinished => {
                return fail(lua, Trouble::Pattern(UNFINISHED.into()));
            }
        });
    }
    Ok(MultiValue::from_vec(values))
}

fn fail(lua: &Lua, trouble: Trouble) -> mlua::Result<MultiValue> {
    match trouble {
        Trouble::Pattern(message) => (false, message).into_lua_multi(lua),
        Trouble::OutOfTime => Err(mlua::Error::runtime(OUT_OF_TIME)),
    }
}

/// The text with a replacement for up to so many matches, and how many there were.
fn replace(
    search: &mut Search<'_>,
    text: &[u8],
    with: &[u8],
    most: i64,
) -> Result<(Vec<u8>, i64), Trouble> {
    let mut output = Vec::new();
    let (mut copied, mut last, mut count) = (0, None, 0);
    while count < most {
        let Some(found) = search.next(copied, last)? else { break };
        output.extend_from_slice(text.get(copied..found.start).unwrap_or_default());
        found.push_replacement(text, with, &mut output)?;
        if output.len() > MAX_TEXT {
            return Err(Trouble::Pattern("resulting string too large".into()));
        }
        (copied, last, count) = (found.end, Some(found.end), count + 1);
        if search.is_anchored() {
            break;
        }
    }
    output.extend_from_slice(text.get(copied..).unwrap_or_default());
    Ok((output, count))
}

/// What is made of a text is not larger than this.
const MAX_TEXT: usize = super::state::MAX_MEMORY;

#[cfg(test)]
mod tests {
    use mlua::{Function, LuaOptions, StdLib};

    use super::*;

    /// Both ways to do the same, in one state: Lua's own, and the wrapped one.
    const COMPARE: &str = r##"
        local own = { find = string.find, match = string.match, gsub = string.gsub, gmatch = string.gmatch }
        local function show(ok, ...)
          local parts = { tostring(ok) }
          for i = 1, select("#", ...) do
            -- Where in a chunk it is raised differs.
            parts[#parts + 1] = own.gsub(tostring((select(i, ...))), "^[^:]*:%d+: ", "")
          end
          return table.concat(parts, "|")
        end
        local function all(gmatch, text, pattern)
          local parts = {}
          for a, b in gmatch(text, pattern) do parts[#parts + 1] = tostring(a) .. "," .. tostring(b) end
          return table.concat(parts, ";")
        end
        return function(text, pattern, with, from)
          local calls = {
            { "find", text, pattern, from }, { "match", text, pattern, from },
            { "gsub", text, pattern, with }, { "gsub", text, pattern, with, 2 },
            { "gsub", text, pattern, { a = "A", b = false } },
            { "gsub", text, pattern, function(a, b) return b or #tostring(a) end },
            { "find", text, pattern, from, true },
          }
          for _, call in ipairs(calls) do
            local name = call[1]
            local theirs = show(pcall(own[name], table.unpack(call, 2)))
            local ours = show(pcall(string[name], table.unpack(call, 2)))
            if theirs ~= ours then return name .. ": " .. theirs .. " is not " .. ours end
          end
          local theirs = show(pcall(all, own.gmatch, text, pattern))
          local ours = show(pcall(all, string.gmatch, text, pattern))
          if theirs ~= ours then return "gmatch: " .. theirs .. " is not " .. ours end
        end
    "##;

    fn compare() -> (Lua, Function) {
        let libraries = StdLib::TABLE | StdLib::STRING | StdLib::MATH;
        let lua = Lua::new_with(libraries | StdLib::COROUTINE, LuaOptions::new()).unwrap();
        let compare: Function = lua.load(COMPARE).eval().unwrap();
        let patterns = functions(&lua, || false).unwrap();
        lua.load(super::super::state::BOUNDED).call::<()>(patterns).unwrap();
        (lua, compare)
    }

    #[test]
    fn patterns_mean_what_they_mean_in_lua() {
        let (_lua, compare) = compare();
        let texts =
            ["", "a", "aab b12", "x=(y(z))", "THE (quick) fox", "a-b-c", "  \t\n", "\0\u{e4}"];
        let patterns = [
            "",
            "a",
            "^a",
            "a$",
            ".",
            ".-",
            "a*",
            "a+b",
            "a?b",
            "(a*)(b)",
            "()a()",
            "%a+",
            "[%w_]+",
            "%b()",
            "%f[%a]%a+",
            "[^a-c]",
            "[]]",
            "[a-]",
            "[%]]",
            "%1",
            "(a)%1",
            "(()",
            ")",
            "[a",
            "%",
            "%b",
            "%bx",
            "%f",
            "(a",
            "x*$",
            "^",
            "$",
            "a$b",
            "%s*$",
            "(%w+) (%w+)",
            "[^%s]+",
            "%g+",
            "%D",
            "%x%X",
            "%p",
            "%c",
            "[%a-z]",
            "[a-%%]",
            "()(%1)",
            "(.-)%s*$",
        ];
        let replacements = ["", "<%0>", "%1%1", "%2", "%%", "%", "%9", "%x", "a"];
        for text in texts {
            for pattern in patterns {
                for (from, with) in replacements.iter().enumerate() {
                    let difference: Option<String> =
                        compare.call((text, pattern, *with, from as i64 - 4)).unwrap();
                    assert_eq!(difference, None, "{text:?} {pattern:?} {with:?} {from}");
                }
            }
        }
    }

    #[test]
    fn patterns_and_texts_of_any_kind_mean_what_they_mean_in_lua() {
        let (lua, compare) = compare();
        let mut seed = 7u64;
        let mut below = |end: usize| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % end
        };
        for _ in 0..20_000 {
            let mut make = |from: &[u8], most: usize| {
                (0..below(most)).map(|_| from[below(from.len())]).collect::<Vec<u8>>()
            };
            let text = lua.create_string(make(b"aab(c)\0 1", 12)).unwrap();
            let pattern = lua.create_string(make(b"aab.*+-?()[]^$%%1dfw ", 8)).unwrap();
            let with = lua.create_string(make(b"x%%%012", 4)).unwrap();
            let difference: Option<String> =
                compare.call((&text, &pattern, &with, below(16) as i64 - 8)).unwrap();
            assert_eq!(difference, None, "{text:?} {pattern:?} {with:?}");
        }
    }

    #[test]
    fn a_search_without_end_has_one() {
        let text = [b'a'; 10_000];
        let pattern = [&b".*".repeat(90)[..], b"b"].concat();
        let result = Search::new(&text, &pattern, true, &|| true).next(0, None);
        assert_eq!(result, Err(Trouble::OutOfTime));
    }
}
