//! What a request asks of a collection: a context, an operation, arguments.
//!
//! `[code, argument...]`, or with a context `[0xff, [step type, step value, ...], [code, argument...]]`.

use smallvec::SmallVec;

use crate::msgpack::{self, Token, skip};
use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};

pub const WITH_CONTEXT: u64 = 0xff;

/// A step of a context.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    pub kind: u64,
    /// The index, rank, key or value.
    pub value: &'a [u8],
}

/// An operation with its arguments.
#[derive(Debug)]
pub struct Call<'a> {
    pub steps: SmallVec<[Step<'a>; 4]>,
    pub code: u64,
    /// How many arguments there should be, and those that are there.
    announced: usize,
    arguments: SmallVec<[&'a [u8]; 4]>,
}

impl<'a> Call<'a> {
    pub fn parse(payload: &'a [u8]) -> Outcome<Call<'a>> {
        parse(payload).ok_or(ResultCode::Parameter)
    }

    /// Refuses too few arguments or too many.
    pub fn expect(&self, required: usize, optional: usize) -> Outcome<()> {
        let given = self.arguments.len();
        if given == self.announced && (required..=required + optional).contains(&given) {
            Ok(())
        } else {
            Err(ResultCode::Parameter)
        }
    }

    /// An argument, as it came.
    pub fn element(&self, at: usize) -> Outcome<&'a [u8]> {
        self.arguments.get(at).copied().ok_or(ResultCode::Parameter)
    }

    pub fn optional_element(&self, at: usize) -> Option<&'a [u8]> {
        self.arguments.get(at).copied()
    }

    /// An argument to be stored, in its stored form.
    pub fn stored(&self, at: usize) -> Outcome<Vec<u8>> {
        match msgpack::normalise(self.element(at)?) {
            Some((_, stored)) => Ok(stored),
            None => Err(ResultCode::Parameter),
        }
    }

    pub fn int(&self, at: usize) -> Outcome<i64> {
        integer(self.element(at)?).ok_or(ResultCode::Parameter)
    }

    /// A count or flags: negative numbers are very large ones.
    pub fn uint(&self, at: usize) -> Outcome<u64> {
        self.int(at).map(|number| number as u64)
    }

    pub fn uint_or(&self, at: usize, default: u64) -> Outcome<u64> {
        if at < self.arguments.len() { self.uint(at) } else { Ok(default) }
    }
}

/// An element that is an integer; unsigned ones beyond the signed range wrap.
pub fn integer(element: &[u8]) -> Option<i64> {
    match Token::read(&mut Cursor::new(element))? {
        Token::Negative(number) => Some(number),
        Token::Unsigned(number) => Some(number as i64),
        _ => None,
    }
}

fn parse(payload: &[u8]) -> Option<Call<'_>> {
    let mut cursor = Cursor::new(payload);
    let Token::List(count) = Token::read(&mut cursor)? else { return None };
    let mut code = read_code(&mut cursor)?;
    let mut announced = count.checked_sub(1)?;
    let mut steps = SmallVec::new();
    if code == WITH_CONTEXT {
        if announced != 2 {
            return None;
        }
        steps = parse_steps(&mut cursor)?;
        let Token::List(count) = Token::read(&mut cursor)? else { return None };
        code = read_code(&mut cursor)?;
        announced = count.checked_sub(1)?;
    }
    let mut arguments = SmallVec::new();
    // Arguments that are cut off matter to those operations only that look at them.
    while arguments.len() < announced
        && let Some(argument) = take_element(&mut cursor)
    {
        arguments.push(argument);
    }
    Some(Call { steps, code, announced, arguments })
}

/// The steps of a context that comes alone.
pub fn parse_context(bytes: &[u8]) -> Option<SmallVec<[Step<'_>; 4]>> {
    let mut cursor = Cursor::new(bytes);
    let steps = parse_steps(&mut cursor)?;
    cursor.is_empty().then_some(steps)
}

fn parse_steps<'a>(cursor: &mut Cursor<'a>) -> Option<SmallVec<[Step<'a>; 4]>> {
    let Token::List(count) = Token::read(cursor)? else { return None };
    if count == 0 || count % 2 == 1 || count / 2 > msgpack::MAX_DEPTH {
        return None;
    }
    let mut steps = SmallVec::new();
    for _ in 0..count / 2 {
        let kind = read_code(cursor)?;
        steps.push(Step { kind, value: take_element(cursor)? });
    }
    Some(steps)
}

fn read_code(cursor: &mut Cursor<'_>) -> Option<u64> {
    integer(take_element(cursor)?).map(|code| code as u64)
}

/// The next element, whole.
pub fn take_element<'a>(cursor: &mut Cursor<'a>) -> Option<&'a [u8]> {
    let before = cursor.rest();
    skip(cursor)?;
    before.get(..before.len() - cursor.rest().len())
}

/// The elements of a list, each whole.
pub fn list_elements(list: &[u8]) -> Option<Vec<&[u8]>> {
    let mut cursor = Cursor::new(list);
    let Token::List(count) = Token::read(&mut cursor)? else { return None };
    (0..count).map(|_| take_element(&mut cursor)).collect()
}
