//! Expressions as people read them: operations by name, of strings and blobs only the size.

use crate::cdt::{describe_value, integer, take_element};
use crate::msgpack::Token;
use crate::particle::kind;
use crate::protocol::cursor::Cursor;

/// Codes of the operations that are told in ways of their own.
mod code {
    pub const REGEX: i64 = 7;
    pub const KEY: i64 = 80;
    pub const BIN: i64 = 81;
    pub const BIN_TYPE: i64 = 82;
    pub const VARIABLE: i64 = 124;
    pub const LET: i64 = 125;
    pub const QUOTE: i64 = 126;
    pub const CALL: i64 = 127;
}

/// An expression that is known to be well-formed.
pub fn describe(wire: &[u8]) -> String {
    let mut cursor = Cursor::new(wire);
    let count = match Token::read(&mut cursor) {
        Some(Token::List(count)) => count,
        _ => return describe_value(wire),
    };
    let parts: Vec<&[u8]> = (0..count).map_while(|_| take_element(&mut cursor)).collect();
    let Some((first, arguments)) = parts.split_first() else { return describe_value(wire) };
    match integer(first).unwrap_or(-1) {
        code::BIN => match arguments {
            [of, name, ..] => format!("bin_{}(\"{}\")", type_name(of), text(name)),
            _ => "bin()".into(),
        },
        code::BIN_TYPE => {
            format!(
                "bin_type(\"{}\")",
                arguments.first().map(|name| text(name)).unwrap_or_default()
            )
        }
        code::KEY => "key()".into(),
        code::VARIABLE => {
            format!("var(\"{}\")", arguments.first().map(|name| text(name)).unwrap_or_default())
        }
        code::LET => describe_let(arguments),
        code::QUOTE => arguments.first().map(|value| describe_value(value)).unwrap_or_default(),
        code::REGEX => match arguments {
            [flags, regex, subject] => format!(
                "cmp_regex({}, {}, {})",
                describe_value(regex),
                describe_value(flags),
                describe(subject)
            ),
            _ => "cmp_regex()".into(),
        },
        code::CALL => describe_call(arguments),
        number => joined(operation_name(number), arguments),
    }
}

fn joined(name: &str, arguments: &[&[u8]]) -> String {
    let arguments: Vec<_> = arguments.iter().map(|argument| describe(argument)).collect();
    format!("{name}({})", arguments.join(", "))
}

fn describe_let(arguments: &[&[u8]]) -> String {
    let (pairs, body) = arguments.as_chunks::<2>();
    let defined = pairs
        .iter()
        .map(|[name, value]| format!("def({}, {}), ", text(name), describe(value)))
        .collect::<String>();
    format!("let({defined}{})", body.first().map(|body| describe(body)).unwrap_or_default())
}

/// The type of the result, the system, the operation with its arguments, and what it is on.
fn describe_call(arguments: &[&[u8]]) -> String {
    let [_, system, call, on] = arguments else { return "call()".into() };
    let system = match integer(system).unwrap_or(0) & 0x3f {
        0 => "cdt",
        1 => "bits",
        2 => "hll",
        3 => "string",
        _ => "unknown",
    };
    let mut cursor = Cursor::new(call);
    let count = match Token::read(&mut cursor) {
        Some(Token::List(count)) => count,
        _ => 0,
    };
    let parts = (0..count).map_while(|_| take_element(&mut cursor)).map(describe);
    let parts: Vec<_> = parts.chain([describe(on)]).collect();
    format!("{system}({})", parts.join(", "))
}

fn text(element: &[u8]) -> String {
    match Token::read(&mut Cursor::new(element)) {
        Some(Token::Raw([kind::STRING, text @ ..]) | Token::Raw(text)) => {
            String::from_utf8_lossy(text).into_owned()
        }
        _ => String::new(),
    }
}

fn type_name(element: &[u8]) -> &'static str {
    const NAMES: [&str; 10] =
        ["nil", "bool", "int", "str", "list", "map", "blob", "float", "geo", "hll"];
    let number = integer(element).and_then(|number| usize::try_from(number).ok());
    number.and_then(|number| NAMES.get(number)).copied().unwrap_or("unknown")
}

fn operation_name(code: i64) -> &'static str {
    match code {
        0 => "unknown",
        1 => "eq",
        2 => "ne",
        3 => "gt",
        4 => "ge",
        5 => "lt",
        6 => "le",
        8 => "cmp_geo",
        9 => "in_list",
        16 => "and",
        17 => "or",
        18 => "not",
        19 => "exclusive",
        20 => "add",
        21 => "sub",
        22 => "mul",
        23 => "div",
        24 => "pow",
        25 => "log",
        26 => "mod",
        27 => "abs",
        28 => "floor",
        29 => "ceil",
        30 => "to_int",
        31 => "to_float",
        32 => "int_and",
        33 => "int_or",
        34 => "int_xor",
        35 => "int_not",
        36 => "int_lshift",
        37 => "int_rshift",
        38 => "int_arshift",
        39 => "int_count",
        40 => "int_lscan",
        41 => "int_rscan",
        50 => "min",
        51 => "max",
        64 => "digest_modulo",
        65 => "device_size",
        66 => "last_update",
        67 => "since_update",
        68 => "void_time",
        69 => "ttl",
        70 => "set_name",
        71 => "key_exists",
        72 => "is_tombstone",
        73 => "memory_size",
        74 => "record_size",
        100 => "result_remove",
        101 => "map_keys",
        102 => "map_values",
        122 => "var_builtin",
        123 => "cond",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_told_by_name() {
        for (wire, told) in [
            (&b"\x93\x14\x93\x51\x02\xa3age\xcd\x03\xe8"[..], "add(bin_int(\"age\"), 1000)"),
            (
                b"\x94\x7b\x93\x03\x93\x51\x02\xa2id\xcc\xfa\x93\x51\x03\xa4name\x91\x00",
                "cond(gt(bin_int(\"id\"), 250), bin_str(\"name\"), unknown())",
            ),
            (b"\x94\x07\x02\xa3a.b\x93\x51\x03\xa1s", "cmp_regex(<blob#2>, 2, bin_str(\"s\"))"),
            (b"\x94\x7d\xa1x\x05\x92\x7c\xa1x", "let(def(x, 5), var(\"x\"))"),
            (b"\x95\x7f\x02\x00\x91\x10\x93\x51\x04\xa1l", "cdt(16, bin_list(\"l\"))"),
        ] {
            assert_eq!(describe(wire), told);
        }
    }
}
