//! Expressions, most of them of types that fit.

use super::choices::Choices;
use super::collection::{self, PLACES, STRINGS, integer, raw, typed};

pub const BINS: [&[u8]; 8] = [b"i", b"s", b"l", b"m", b"b", b"h", b"g", b"none"];

const VARIABLES: [&[u8]; 2] = [b"x", b"y"];

/// Numbers of types of values.
mod kind {
    pub const BOOL: u8 = 1;
    pub const INT: u8 = 2;
    pub const STRING: u8 = 3;
    pub const LIST: u8 = 4;
    pub const MAP: u8 = 5;
    pub const BLOB: u8 = 6;
    pub const FLOAT: u8 = 7;
    pub const GEO: u8 = 8;
    pub const HLL: u8 = 9;
}

pub fn filter(choices: &mut Choices<'_>) -> Vec<u8> {
    let mut output = Vec::new();
    of(choices, &mut output, kind::BOOL, 5);
    output
}

pub fn of_any_kind(choices: &mut Choices<'_>, output: &mut Vec<u8>, depth: usize) {
    let kind = choices.below(10) as u8;
    of(choices, output, kind, depth);
}

fn head(output: &mut Vec<u8>, code: u8, operands: usize) {
    collection::list_head(output, operands + 1);
    integer(output, i64::from(code));
}

fn several(
    choices: &mut Choices<'_>,
    output: &mut Vec<u8>,
    code: u8,
    kind: u8,
    counts: (usize, usize),
    depth: usize,
) {
    let count = counts.0 + choices.below(1 + counts.1 - counts.0);
    head(output, code, count);
    (0..count).for_each(|_| of(choices, output, kind, depth));
}

/// An expression of a type, as deep as is allowed.
fn of(choices: &mut Choices<'_>, output: &mut Vec<u8>, wanted: u8, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return leaf(choices, output, wanted) };
    match choices.below(16) {
        0..=3 => leaf(choices, output, wanted),
        4 => {
            head(output, 123, 3);
            of(choices, output, kind::BOOL, depth);
            of(choices, output, wanted, depth);
            of(choices, output, wanted, depth);
        }
        5 => {
            head(output, 125, 3);
            raw(output, choices.pick(&VARIABLES));
            of_any_kind(choices, output, depth);
            of(choices, output, wanted, depth);
        }
        6..=8 => call(choices, output, wanted, depth),
        9 => of_any_kind(choices, output, depth),
        _ => own(choices, output, wanted, depth),
    }
}

/// What only this type has.
fn own(choices: &mut Choices<'_>, output: &mut Vec<u8>, wanted: u8, depth: usize) {
    match (wanted, choices.below(6)) {
        (kind::BOOL, 0 | 1) => {
            let kind = choices.below(10) as u8;
            let code = 1 + choices.below(6) as u8;
            several(choices, output, code, kind, (2, 2), depth);
        }
        (kind::BOOL, 2) => {
            let code = [16, 17, 19][choices.below(3)];
            several(choices, output, code, kind::BOOL, (2, 4), depth);
        }
        (kind::BOOL, 3) => {
            const PATTERNS: [&[u8]; 6] =
                [b"^t(e|x)*t$", b"[[:alpha:]]+", b"a{2,3}", b"\\(a\\)b*", b"(", b"[^a-z].?"];
            head(output, 7, 3);
            integer(output, choices.below(16) as i64);
            raw(output, choices.pick(&PATTERNS));
            of(choices, output, kind::STRING, depth);
        }
        (kind::BOOL, 4) => several(choices, output, 8, kind::GEO, (2, 2), depth),
        (kind::BOOL, _) => {
            head(output, 9, 2);
            of_any_kind(choices, output, depth);
            of(choices, output, kind::LIST, depth);
        }
        (kind::INT | kind::FLOAT, _) => {
            let code = 20 + choices.below(34) as u8;
            let kind = if choices.below(8) == 0 { kind::FLOAT } else { wanted };
            several(choices, output, code, kind, (1, 3), depth);
        }
        (kind::LIST, 0..=2) => {
            head(output, 101 + (choices.byte() & 1), 1);
            of(choices, output, kind::MAP, depth);
        }
        (kind::STRING, 0..=2) => {
            head(output, 99, 1);
            of_any_kind(choices, output, depth);
        }
        _ => leaf(choices, output, wanted),
    }
}

fn leaf(choices: &mut Choices<'_>, output: &mut Vec<u8>, wanted: u8) {
    match choices.below(8) {
        0 => head(output, 0, 0),
        1 => {
            head(output, 124, 1);
            raw(output, choices.pick(&VARIABLES));
        }
        2 => {
            head(output, 122, 2);
            integer(output, i64::from(wanted));
            integer(output, choices.below(3) as i64);
        }
        3 | 4 => {
            head(output, 81, 2);
            integer(output, i64::from(wanted));
            raw(output, choices.pick(&BINS));
        }
        5 => metadata(choices, output),
        _ => literal(choices, output, wanted),
    }
}

fn metadata(choices: &mut Choices<'_>, output: &mut Vec<u8>) {
    match choices.below(14) {
        code @ 0..=9 => head(output, 65 + code as u8, 0),
        10 => {
            head(output, 64, 1);
            integer(output, choices.number());
        }
        11 => {
            head(output, 80, 1);
            integer(output, choices.below(8) as i64);
        }
        12 => {
            head(output, 82, 1);
            raw(output, choices.pick(&BINS));
        }
        _ => head(output, 100, 0),
    }
}

fn literal(choices: &mut Choices<'_>, output: &mut Vec<u8>, wanted: u8) {
    match wanted {
        kind::BOOL => output.push(0xc2 + choices.byte() % 2),
        kind::INT => integer(output, choices.number()),
        kind::STRING => typed(output, 3, choices.pick(&STRINGS)),
        kind::LIST => {
            head(output, 126, 1);
            let count = choices.below(5);
            output.push(0x90 + count as u8);
            (0..count).for_each(|_| collection::value(choices, output, 2));
        }
        kind::BLOB => {
            let count = choices.below(10);
            typed(output, 4, choices.take(count));
        }
        kind::FLOAT => {
            output.push(0xcb);
            output.extend((choices.number() as f64 / 4.0).to_be_bytes());
        }
        kind::GEO => typed(output, 23, choices.pick(&PLACES)),
        kind::HLL => {
            head(output, 81, 2);
            integer(output, i64::from(kind::HLL));
            raw(output, b"h");
        }
        _ => collection::value(choices, output, 2),
    }
}

/// A call of an operation on a collection, a blob or a HyperLogLog.
fn call(choices: &mut Choices<'_>, output: &mut Vec<u8>, wanted: u8, depth: usize) {
    head(output, 127, 4);
    integer(output, i64::from(wanted));
    let system = choices.below(4);
    let modifies = choices.below(3) == 0;
    integer(output, (system | usize::from(modifies) << 6) as i64);
    match choices.below(8) {
        1..=4 if system == 3 => collection::text_operation(choices, modifies, output),
        0 => collection::path(choices, output),
        1 => collection::call(choices, output),
        _ => {
            let count = choices.below(5);
            output.push(0x91 + count as u8);
            integer(output, i64::from(choices.byte() & 0x7f));
            (0..count).for_each(|_| of_any_kind(choices, output, depth.min(2)));
        }
    }
    let on = match system {
        0 if wanted == kind::MAP || choices.byte() & 1 == 0 => kind::MAP,
        0 => kind::LIST,
        1 => kind::BLOB,
        2 => kind::HLL,
        _ => kind::STRING,
    };
    of(choices, output, on, depth);
}
