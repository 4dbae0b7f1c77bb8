//! Operations on HyperLogLogs: sketches that estimate how many different elements were added.

mod estimate;
mod sketch;

use smallvec::SmallVec;

use crate::cdt::{Answer, Call, Modified};
use crate::msgpack::{Collection, Token, normalise};
use crate::particle::kind;
use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};
use sketch::{is_index_bits, is_minhash_bits};

pub use estimate::count;
pub use sketch::{Shape, Sketch};

/// Codes of the operations.
mod op {
    pub const INIT: u64 = 0;
    pub const ADD: u64 = 1;
    pub const SET_UNION: u64 = 2;
    pub const REFRESH_COUNT: u64 = 3;
    pub const FOLD: u64 = 4;
    pub const COUNT: u64 = 50;
    pub const UNION: u64 = 51;
    pub const UNION_COUNT: u64 = 52;
    pub const INTERSECT_COUNT: u64 = 53;
    pub const SIMILARITY: u64 = 54;
    pub const DESCRIBE: u64 = 55;
    pub const MAY_CONTAIN: u64 = 56;
}

/// Write flags.
mod flag {
    pub const CREATE_ONLY: u64 = 1;
    pub const UPDATE_ONLY: u64 = 2;
    pub const NO_FAIL: u64 = 4;
    pub const ALLOW_FOLD: u64 = 8;
}

type Sketches<'a> = SmallVec<[Sketch<'a>; 4]>;

/// Runs a reading operation on a bin.
pub fn read(bin_kind: u8, value: &[u8], payload: &[u8]) -> Outcome<Answer> {
    let call = parse(payload)?;
    if !(op::COUNT..=op::MAY_CONTAIN).contains(&call.code) {
        return Err(ResultCode::Parameter);
    }
    let there = sketch_of(bin_kind, value)?;
    let takes_argument = !matches!(call.code, op::COUNT | op::DESCRIBE);
    call.expect(usize::from(takes_argument), 0)?;
    match call.code {
        op::COUNT => Ok(Answer::int(estimate::count(&there) as i64)),
        op::DESCRIBE => {
            let Shape { index_bits, minhash_bits } = there.shape();
            Ok(Answer::ints([index_bits, minhash_bits].into_iter().map(i64::from)))
        }
        op::MAY_CONTAIN => {
            let elements = elements(call.element(0)?)?;
            let all = elements.iter().all(|element| there.may_contain(element));
            Ok(Answer::int(i64::from(all)))
        }
        _ => read_several(&call, there),
    }
}

fn read_several(call: &Call<'_>, there: Sketch<'_>) -> Outcome<Answer> {
    let mut sketches = sketches(call.element(0)?)?;
    if matches!(call.code, op::INTERSECT_COUNT | op::SIMILARITY) {
        check_minhash(&sketches, &there)?;
    }
    sketches.push(there);
    Ok(match call.code {
        op::UNION => Answer::Particle(kind::HLL, Sketch::union(sketches.iter()).into_bytes()),
        op::UNION_COUNT => Answer::int(estimate::union_count(&sketches) as i64),
        op::INTERSECT_COUNT => Answer::int(estimate::intersection_count(&sketches) as i64),
        _ => Answer::double(estimate::similarity(&sketches)),
    })
}

/// More than three sketches can be intersected only by minhashes of the same size.
fn check_minhash(given: &[Sketch<'_>], there: &Sketch<'_>) -> Outcome<()> {
    let [first, _, _, ..] = given else { return Ok(()) };
    let bits = first.shape().minhash_bits;
    if bits == 0 || given.iter().any(|sketch| sketch.shape().minhash_bits != bits) {
        return Err(ResultCode::Parameter);
    }
    if there.shape().minhash_bits == bits { Ok(()) } else { Err(ResultCode::NotApplicable) }
}

/// Runs a writing operation on a bin, which may not exist.
pub fn modify(bin: Option<(u8, &[u8])>, payload: &[u8]) -> Outcome<Modified> {
    let call = parse(payload)?;
    if call.code > op::FOLD {
        return Err(ResultCode::Parameter);
    }
    let there = bin.map(|(bin_kind, value)| sketch_of(bin_kind, value)).transpose()?;
    let change = Change::parse(&call)?;
    let swallow = |code| {
        let no_fail = change.flags & flag::NO_FAIL != 0;
        if no_fail { Ok(Modified { value: None, answer: Answer::Nil }) } else { Err(code) }
    };
    if there.is_some() && change.flags & flag::CREATE_ONLY != 0 {
        return swallow(ResultCode::BinExists);
    }
    if there.is_none() && change.flags & flag::UPDATE_ONLY != 0 {
        return swallow(ResultCode::BinNotFound);
    }
    let (sketch, answer) = change.apply(there)?;
    Ok(Modified { value: Some(sketch.into_bytes()), answer })
}

/// What a writing operation does.
struct Change<'a> {
    what: What<'a>,
    flags: u64,
}

enum What<'a> {
    Init { index_bits: Option<u8>, minhash_bits: Option<u8> },
    Add { elements: Vec<Vec<u8>>, index_bits: Option<u8>, minhash_bits: Option<u8> },
    SetUnion(Sketches<'a>),
    RefreshCount,
    Fold { index_bits: Option<u8> },
}

impl<'a> Change<'a> {
    fn parse(call: &Call<'a>) -> Outcome<Change<'a>> {
        use flag::{ALLOW_FOLD, CREATE_ONLY, NO_FAIL, UPDATE_ONLY};
        let (required, optional, known_flags) = match call.code {
            op::INIT => (0, 3, CREATE_ONLY | UPDATE_ONLY | NO_FAIL),
            op::ADD => (1, 3, CREATE_ONLY | NO_FAIL),
            op::SET_UNION => (1, 1, CREATE_ONLY | UPDATE_ONLY | NO_FAIL | ALLOW_FOLD),
            op::REFRESH_COUNT => (0, 0, 0),
            _ => (1, 0, 0),
        };
        call.expect(required, optional)?;
        let (what, flags_at) = match call.code {
            op::INIT => {
                let (index_bits, minhash_bits) = shape_bits(call, 0)?;
                (What::Init { index_bits, minhash_bits }, 2)
            }
            op::ADD => {
                let elements = elements(call.element(0)?)?;
                let (index_bits, minhash_bits) = shape_bits(call, 1)?;
                (What::Add { elements, index_bits, minhash_bits }, 3)
            }
            op::SET_UNION => (What::SetUnion(sketches(call.element(0)?)?), 1),
            op::REFRESH_COUNT => (What::RefreshCount, 0),
            _ => (What::Fold { index_bits: bits(call, 0, is_index_bits)? }, 1),
        };
        let flags = call.uint_or(flags_at, 0)?;
        let both = CREATE_ONLY | UPDATE_ONLY;
        if flags & !known_flags != 0 || flags & both == both {
            return Err(ResultCode::Parameter);
        }
        Ok(Change { what, flags })
    }

    fn apply<'b>(&self, there: Option<Sketch<'b>>) -> Outcome<(Sketch<'b>, Answer)> {
        match &self.what {
            What::Init { index_bits, minhash_bits } => {
                let old = there.map(|sketch| sketch.shape());
                let index_bits = index_bits.or(old.map(|shape| shape.index_bits));
                let minhash_bits = minhash_bits.or(old.map(|shape| shape.minhash_bits));
                Ok((create(index_bits, minhash_bits)?, Answer::Nil))
            }
            What::Add { elements, index_bits, minhash_bits } => {
                let mut sketch = match there {
                    Some(sketch) => sketch,
                    None => create(*index_bits, *minhash_bits)?,
                };
                let added = elements.iter().filter(|element| sketch.add(element)).count();
                Ok((sketch, Answer::count(added)))
            }
            What::SetUnion(sketches) => {
                let union = Sketch::union(sketches.iter().chain(there.iter()));
                let may_fold = self.flags & flag::ALLOW_FOLD != 0;
                match there {
                    Some(there) if !may_fold && union.shape() != there.shape() => {
                        Err(ResultCode::NotApplicable)
                    }
                    _ => Ok((union, Answer::Nil)),
                }
            }
            What::RefreshCount => {
                let mut sketch = there.ok_or(ResultCode::BinNotFound)?;
                let count = estimate::count(&sketch);
                sketch.keep_count(count);
                Ok((sketch, Answer::int(count as i64)))
            }
            What::Fold { index_bits } => {
                let there = there.ok_or(ResultCode::BinNotFound)?;
                let Shape { index_bits: old, minhash_bits } = there.shape();
                let index_bits = index_bits.filter(|&bits| minhash_bits == 0 && bits <= old);
                match index_bits.ok_or(ResultCode::NotApplicable)? {
                    bits if bits == old => Ok((there, Answer::Nil)),
                    bits => {
                        let mut folded = create(Some(bits), None)?;
                        folded.absorb(&there);
                        Ok((folded, Answer::Nil))
                    }
                }
            }
        }
    }
}

fn create(index_bits: Option<u8>, minhash_bits: Option<u8>) -> Outcome<Sketch<'static>> {
    let shape = index_bits.and_then(|bits| Shape::new(bits, minhash_bits.unwrap_or(0)));
    shape.map(Sketch::empty).ok_or(ResultCode::NotApplicable)
}

fn parse(payload: &[u8]) -> Outcome<Call<'_>> {
    let call = Call::parse(payload)?;
    if call.steps.is_empty() { Ok(call) } else { Err(ResultCode::Parameter) }
}

fn sketch_of(bin_kind: u8, value: &[u8]) -> Outcome<Sketch<'_>> {
    if bin_kind != kind::HLL {
        return Err(ResultCode::IncompatibleType);
    }
    Sketch::parse(value).ok_or(ResultCode::Unknown)
}

/// Index bits and minhash bits, which must go together if both are given.
fn shape_bits(call: &Call<'_>, at: usize) -> Outcome<(Option<u8>, Option<u8>)> {
    let index_bits = bits(call, at, is_index_bits)?;
    let minhash_bits = bits(call, at + 1, is_minhash_bits)?;
    match (index_bits, minhash_bits) {
        (Some(index), Some(minhash)) if Shape::new(index, minhash).is_none() => {
            Err(ResultCode::Parameter)
        }
        both => Ok(both),
    }
}

/// A number of bits: `None` if it is absent or -1, which means the same.
fn bits(call: &Call<'_>, at: usize, allowed: fn(u8) -> bool) -> Outcome<Option<u8>> {
    if call.optional_element(at).is_none() {
        return Ok(None);
    }
    match call.int(at)? {
        -1 => Ok(None),
        number => match u8::try_from(number) {
            Ok(bits) if allowed(bits) => Ok(Some(bits)),
            _ => Err(ResultCode::Parameter),
        },
    }
}

/// The elements of a list, each in its stored form; lists and maps can't be added.
fn elements(list: &[u8]) -> Outcome<Vec<Vec<u8>>> {
    let mut cursor = Cursor::new(list);
    let count = match Token::read(&mut cursor) {
        Some(Token::List(count)) if (1..=list.len()).contains(&count) => count,
        _ => return Err(ResultCode::Parameter),
    };
    let element = |_| match crate::cdt::take_element(&mut cursor).and_then(normalise) {
        Some((Collection::Scalar, stored)) => Ok(stored),
        _ => Err(ResultCode::Parameter),
    };
    (0..count).map(element).collect()
}

/// The sketches of a list, or one alone.
fn sketches(element: &[u8]) -> Outcome<Sketches<'_>> {
    let mut cursor = Cursor::new(element);
    let count = match Token::read(&mut cursor.clone()) {
        Some(Token::List(count)) => {
            Token::read(&mut cursor);
            count
        }
        _ => 1,
    };
    if count == 0 {
        return Err(ResultCode::Parameter);
    }
    let mut sketches = Sketches::new();
    for _ in 0..count {
        let sketch = match Token::read(&mut cursor) {
            Some(Token::Raw([_, bytes @ ..])) => Sketch::parse(bytes),
            _ => None,
        };
        sketches.push(sketch.ok_or(ResultCode::Parameter)?);
    }
    Ok(sketches)
}
