//! Values in MessagePack, and operations on lists, maps, blobs and HyperLogLogs.

use super::choices::Choices;
use super::expression;

const MAX_DEPTH: usize = 4;

pub const STRINGS: [&[u8]; 11] = [
    b"",
    b"a",
    b"b",
    b"text",
    b"12",
    "\u{e4}\u{1f600}".as_bytes(),
    b"A b",
    b"\xff\xfe",
    "a\u{308}a\u{308}".as_bytes(),
    "\u{308}".as_bytes(),
    b"($1",
];

pub const PLACES: [&[u8]; 4] = [
    br#"{"type":"Point","coordinates":[0,1]}"#,
    br#"{"type":"AeroCircle","coordinates":[[0,1],100000]}"#,
    br#"{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]]]}"#,
    br#"{"type":"Point","coordinates":[180,90]}"#,
];

pub fn integer(output: &mut Vec<u8>, number: i64) {
    match number {
        0..=0x7f => output.push(number as u8),
        -32..=-1 => output.push(number as i8 as u8),
        _ => {
            output.push(0xd3);
            output.extend(number.to_be_bytes());
        }
    }
}

/// A string as a name, without a particle type.
pub fn raw(output: &mut Vec<u8>, bytes: &[u8]) {
    match bytes.len() {
        size @ 0..=31 => output.push(0xa0 | size as u8),
        size => output.extend([0xd9, size as u8]),
    }
    output.extend(bytes);
}

/// Bytes that begin with their particle type.
pub fn typed(output: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    raw(output, &[&[kind], bytes].concat());
}

pub fn list_head(output: &mut Vec<u8>, count: usize) {
    output.extend([0xdc, (count >> 8) as u8, count as u8]);
}

pub fn value(choices: &mut Choices<'_>, output: &mut Vec<u8>, depth: usize) {
    let kinds = if depth < MAX_DEPTH { 28 } else { 18 };
    match choices.below(kinds) {
        0 => output.push(0xc0),
        1 => output.push(0xc2 + choices.byte() % 2),
        2..=8 => integer(output, choices.number()),
        9 | 10 => {
            output.push(0xcb);
            let number = [0.0, -0.0, 1.5, f64::NAN, f64::INFINITY, -1e300][choices.below(6)];
            output.extend(number.to_be_bytes());
        }
        11..=13 => typed(output, 3, choices.pick(&STRINGS)),
        14 => {
            let count = choices.below(10);
            typed(output, 4, choices.take(count));
        }
        15 => typed(output, 23, choices.pick(&PLACES)),
        16 => output.extend([0xd4, 0xff, 0]),
        17 => output.extend([0xd4, 0xff, 1]),
        18..=21 => {
            let count = choices.below(6);
            output.push(0x90 + count as u8);
            (0..count).for_each(|_| value(choices, output, depth + 1));
        }
        22..=24 => {
            let count = choices.below(5);
            output.push(0x80 + count as u8);
            (0..2 * count).for_each(|_| value(choices, output, depth + 1));
        }
        25 => {
            let count = choices.below(5);
            output.extend([0x91 + count as u8, 0xc7, 0, choices.byte() % 4]);
            (0..count).for_each(|_| value(choices, output, depth + 1));
        }
        _ => {
            let count = choices.below(5);
            output.extend([0x81 + count as u8, 0xc7, 0, choices.byte() % 32, 0xc0]);
            (0..2 * count).for_each(|_| value(choices, output, depth + 1));
        }
    }
}

/// An operation with its arguments, maybe on what a context leads to.
pub fn call(choices: &mut Choices<'_>, output: &mut Vec<u8>) {
    match choices.below(8) {
        0 | 1 => {
            output.extend([0x93, 0xcc, 0xff]);
            context(choices, output);
            operation(choices, output);
        }
        2 => path(choices, output),
        _ => operation(choices, output),
    }
}

pub fn context(choices: &mut Choices<'_>, output: &mut Vec<u8>) {
    const STEPS: [i64; 14] =
        [0x10, 0x11, 0x13, 0x20, 0x21, 0x22, 0x23, 0x50, 0x90, 0xd0, 0x62, 0xa2, 0xe2, 0x04];
    let count = choices.below(4);
    output.push(0x90 + 2 * count as u8);
    for _ in 0..count {
        integer(output, STEPS[choices.below(14)]);
        value(choices, output, MAX_DEPTH - 1);
    }
}

fn operation(choices: &mut Choices<'_>, output: &mut Vec<u8>) {
    let count = choices.below(6);
    output.push(0x91 + count as u8);
    integer(output, i64::from(choices.byte() & 0x7f));
    (0..count).for_each(|_| value(choices, output, 1));
}

/// An operation on a string, maybe on one that a context leads to.
pub fn text_operation(choices: &mut Choices<'_>, modifies: bool, output: &mut Vec<u8>) {
    if choices.below(4) == 0 {
        output.extend([0x93, 0xcc, 0xff]);
        context(choices, output);
    }
    let count = choices.below(4);
    output.push(0x91 + count as u8);
    let code = if modifies { 50 + choices.below(20) } else { choices.below(17) };
    integer(output, code as i64);
    for _ in 0..count {
        match choices.below(4) {
            0 => value(choices, output, 2),
            1 => integer(output, choices.number()),
            2 => typed(output, 3, choices.pick(&STRINGS)),
            _ => {
                output.push(0x92);
                (0..2).for_each(|_| typed(output, 3, choices.pick(&STRINGS)));
            }
        }
    }
}

/// A path of steps with conditions, to read or to modify what it selects.
pub fn path(choices: &mut Choices<'_>, output: &mut Vec<u8>) {
    const STEPS: [i64; 9] = [0x00, 0x10, 0x21, 0x22, 0x23, 0x04, 0x0a, 0x2a, 0x204];
    let (steps, modifies) = (choices.below(5), choices.below(3) == 0);
    output.extend([0x93 + u8::from(modifies), 0xcc, 0xfe]);
    output.push(0x90 + 2 * steps as u8);
    for _ in 0..steps {
        let step = STEPS[choices.below(9)];
        integer(output, step);
        match step & 0x0f {
            4 => expression::of_any_kind(choices, output, 3),
            _ => value(choices, output, MAX_DEPTH - 1),
        }
    }
    integer(output, [0, 1, 2, 3, 4, 0x10, 0x14][choices.below(7)]);
    if modifies {
        expression::of_any_kind(choices, output, 3);
    }
}
