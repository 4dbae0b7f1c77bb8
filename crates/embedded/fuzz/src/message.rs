//! Frames of requests.

use super::choices::Choices;
use super::collection::{self, PLACES, STRINGS};
use super::expression::{self, BINS};
use super::info;

pub fn frame(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut frame = (body.len() as u64).to_be_bytes().to_vec();
    frame[0] = 2;
    frame[1] = kind;
    frame.extend_from_slice(body);
    frame
}

/// The partition of all digests that are used here, and an empty one.
const PARTITIONS: [u8; 4] = [0, 0, 1, 0];

/// A request of any kind.
pub fn any(choices: &mut Choices<'_>) -> Vec<u8> {
    match choices.below(16) {
        0 | 1 => frame(1, &info::command(choices)),
        2 => batch(choices),
        3 => query(choices),
        _ => {
            let mut request = Request::of_a_record(choices);
            if choices.below(4) == 0 {
                request.fields.push((43, expression::filter(choices)));
            }
            if choices.below(16) == 0 {
                request.call_function(choices);
            }
            frame(3, &request.body())
        }
    }
}

#[derive(Default)]
struct Request {
    info: [u8; 3],
    generation: u32,
    ttl: u32,
    fields: Vec<(u8, Vec<u8>)>,
    ops: Vec<Vec<u8>>,
}

impl Request {
    fn of_a_record(choices: &mut Choices<'_>) -> Request {
        let mut request = Request { fields: vec![(0, b"test".to_vec())], ..Request::default() };
        let key = choices.byte();
        if key & 0x40 == 0 {
            request.fields.push((1, b"s".to_vec()));
        }
        if key & 0x80 == 0 {
            request.fields.push((2, vec![3, b'k', key % 3]));
        }
        let mut digest = [0; 20];
        digest[19] = key % 3;
        request.fields.push((4, digest.to_vec()));
        request.info = match choices.below(16) {
            0 => [3, 0, 0],
            1 => [0x23, 0, 0],
            2 => [0, 3, 0],
            3 => [choices.byte() & !8, choices.byte(), choices.byte()],
            4 => [0, 1, [8, 0x10, 0x20, 0x40][choices.below(4)]],
            5..=7 => [1, 0x80, 0],
            _ => [1, 0x81, 0],
        };
        if choices.below(8) == 0 {
            request.generation = choices.below(4) as u32;
            request.ttl = [0, 1000, u32::MAX, u32::MAX - 1, 80][choices.below(5)];
        }
        let count = 1 + choices.below(4);
        let writes = request.info[1] & 1 != 0;
        request.ops.extend((0..count).map(|_| operation(choices, writes)));
        request
    }

    /// The function of one of the modules that text commands may have registered.
    fn call_function(&mut self, choices: &mut Choices<'_>) {
        self.ops.clear();
        self.info = [0, 1, 0];
        let mut arguments = vec![0x91];
        collection::value(choices, &mut arguments, 1);
        let module = choices.pick(&[&b"m"[..], b"w", b"a"]);
        self.fields.push((30, module.to_vec()));
        self.fields.push((31, b"f".to_vec()));
        self.fields.push((32, arguments));
    }

    /// What follows the fixed part.
    fn rest(&self) -> Vec<u8> {
        let mut rest = (self.fields.len() as u16).to_be_bytes().to_vec();
        rest.extend((self.ops.len() as u16).to_be_bytes());
        for (kind, value) in &self.fields {
            rest.extend((value.len() as u32 + 1).to_be_bytes());
            rest.push(*kind);
            rest.extend(value);
        }
        self.ops.iter().for_each(|op| rest.extend(op));
        rest
    }

    fn body(&self) -> Vec<u8> {
        let [info1, info2, info3] = self.info;
        let mut body = vec![22, info1, info2, info3, 0, 0];
        body.extend(self.generation.to_be_bytes());
        body.extend(self.ttl.to_be_bytes());
        body.extend(1000u32.to_be_bytes());
        body.extend(self.rest());
        body
    }
}

fn operation(choices: &mut Choices<'_>, writes: bool) -> Vec<u8> {
    let mut value = Vec::new();
    let code = match (choices.below(24), writes) {
        (20..=21, true) => 18,
        (20..=22, _) => 17,
        (23, _) => 19,
        (0..=1, _) => 1,
        (2..=5, true) => return write(choices),
        (6, true) => [5, 9, 10, 11, 14][choices.below(5)],
        (7..=11, true) => 4,
        (12..=13, true) => [13, 16][choices.below(2)],
        (14..=15, true) => 8,
        (2..=9, false) | (16, true) => 3,
        (10..=13, false) | (17, true) => [12, 15][choices.below(2)],
        (14..=18, false) | (18, true) => 7,
        _ => choices.below(20) as u8,
    };
    let mut kind = 4;
    let mut bin = choices.pick(&BINS);
    match code {
        5 => (kind, value) = (1, vec![choices.byte()]),
        9 | 10 => (kind, value) = (3, choices.pick(&STRINGS).to_vec()),
        11 | 14 => (kind, bin) = (0, b""),
        3 | 4 => {
            bin = [b"l", b"m"][choices.below(2)];
            collection::call(choices, &mut value);
        }
        12 | 13 | 15 | 16 => {
            bin = if code < 15 { b"b" } else { b"h" };
            hashed_or_bits(choices, &mut value);
        }
        17 | 18 => {
            kind = 3;
            bin = choices.pick(&[&b"s"[..], b"l", b"m"]);
            collection::text_operation(choices, code == 18, &mut value);
        }
        7 | 8 => {
            kind = 0;
            value.push(0x92);
            expression::of_any_kind(choices, &mut value, 5);
            value.push(choices.byte() & 0x3f);
        }
        _ => kind = 0,
    }
    encode(code, kind, bin, &value)
}

fn hashed_or_bits(choices: &mut Choices<'_>, output: &mut Vec<u8>) {
    let count = choices.below(7);
    output.push(0x91 + count as u8);
    collection::integer(output, i64::from(choices.byte() % 58));
    (0..count).for_each(|_| collection::value(choices, output, 2));
}

/// Writes a value into the bin that is named for its type, mostly.
fn write(choices: &mut Choices<'_>) -> Vec<u8> {
    let mut value = Vec::new();
    let (bin, kind): (&[u8], u8) = match choices.below(9) {
        0 => {
            value = choices.number().to_be_bytes().to_vec();
            (b"i", 1)
        }
        1 => {
            value = choices.pick(&STRINGS).to_vec();
            (b"s", 3)
        }
        2 | 3 => {
            let count = choices.below(6);
            value.push(0x90 + count as u8);
            (0..count).for_each(|_| collection::value(choices, &mut value, 1));
            (b"l", 20)
        }
        4 | 5 => {
            let count = choices.below(5);
            value.push(0x80 + count as u8);
            (0..2 * count).for_each(|_| collection::value(choices, &mut value, 1));
            (b"m", 19)
        }
        6 => {
            let count = choices.below(40);
            value = choices.take(count).to_vec();
            (b"b", 4)
        }
        7 => {
            value = [&[0, 0, 0][..], choices.pick(&PLACES)].concat();
            (b"g", 23)
        }
        _ => {
            let count = choices.below(12);
            value = choices.take(count).to_vec();
            (choices.pick(&BINS), choices.byte() % 30)
        }
    };
    encode(2, kind, bin, &value)
}

fn encode(code: u8, kind: u8, bin: &[u8], value: &[u8]) -> Vec<u8> {
    let mut op = ((4 + bin.len() + value.len()) as u32).to_be_bytes().to_vec();
    op.extend([code, kind, 0, bin.len() as u8]);
    op.extend(bin);
    op.extend(value);
    op
}

/// Up to four rows, which repeat what can be repeated or not.
fn batch(choices: &mut Choices<'_>) -> Vec<u8> {
    let count = 1 + choices.below(4);
    let mut rows = (count as u32).to_be_bytes().to_vec();
    rows.push(choices.byte() & 0x0f);
    for row in 0..count {
        let mut request = Request::of_a_record(choices);
        let place = request.fields.iter().position(|(kind, _)| *kind == 4);
        let (_, digest) = request.fields.remove(place.expect("a digest"));
        rows.extend((row as u32).to_be_bytes());
        rows.extend(digest);
        if choices.below(4) == 0 {
            rows.push(1);
        } else {
            rows.extend([2, request.info[0], request.info[1], request.info[2]]);
            rows.extend(request.rest());
        }
    }
    let mut request = Request { info: [9, 0, 0], fields: vec![(41, rows)], ..Request::default() };
    if choices.below(4) == 0 {
        request.fields.push((43, expression::filter(choices)));
    }
    frame(3, &request.body())
}

/// A query: of all records, or of what an index finds, to read or to change.
fn query(choices: &mut Choices<'_>) -> Vec<u8> {
    let fields = vec![(0, b"test".to_vec()), (11, PARTITIONS.to_vec())];
    let mut request = Request { info: [1, 0x80, 4], fields, ..Request::default() };
    if choices.byte() & 1 == 0 {
        request.fields.push((1, b"s".to_vec()));
    }
    if choices.byte() & 1 == 0 {
        request.fields.push((22, range(choices)));
        let collection = choices.byte() % 4;
        if collection != 0 {
            request.fields.push((26, vec![collection]));
        }
    }
    if choices.below(3) == 0 {
        request.fields.push((43, expression::filter(choices)));
    }
    match choices.below(6) {
        0 => {
            request.info = [0, 1, 4];
            let count = 1 + choices.below(3);
            request.ops.extend((0..count).map(|_| operation(choices, true)));
        }
        1 => {
            request.call_function(choices);
            request.fields.push((33, vec![1 + choices.byte() % 2]));
        }
        2 => request.ops.push(operation(choices, false)),
        3 => request.fields.push((13, 2u64.to_be_bytes().to_vec())),
        _ => {}
    }
    frame(3, &request.body())
}

/// What an index is asked for.
fn range(choices: &mut Choices<'_>) -> Vec<u8> {
    let bin = choices.pick(&BINS);
    let (kind, low, high) = match choices.below(3) {
        0 => (1, choices.number().to_be_bytes().to_vec(), choices.number().to_be_bytes().to_vec()),
        1 => {
            let text = choices.pick(&STRINGS).to_vec();
            (3, text.clone(), text)
        }
        _ => {
            let place = choices.pick(&PLACES).to_vec();
            (23, place.clone(), place)
        }
    };
    let mut range = vec![1, bin.len() as u8];
    range.extend(bin);
    range.push(kind);
    for end in [low, high] {
        range.extend((end.len() as u32).to_be_bytes());
        range.extend(end);
    }
    range
}
