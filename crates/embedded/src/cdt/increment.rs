//! Adding to a number within a collection.

use super::answer::Answer;
use crate::msgpack::{Token, write};
use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};

/// A number that is added to or added.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    Int(i64),
    Double(f64),
}

impl Number {
    /// What to add: one if nothing is given, or nil.
    pub fn delta(element: Option<&[u8]>) -> Outcome<Number> {
        match element.map(token) {
            None | Some(Some(Token::Nil)) => Ok(Number::Int(1)),
            Some(token) => number(token),
        }
    }

    pub fn of(element: &[u8]) -> Outcome<Number> {
        number(token(element))
    }

    pub fn negated(self) -> Number {
        match self {
            Number::Int(number) => Number::Int(number.wrapping_neg()),
            Number::Double(number) => Number::Double(-number),
        }
    }

    /// The sum has the type of what was there.
    pub fn plus(self, delta: Number) -> Number {
        match (self, delta) {
            (Number::Int(a), Number::Int(b)) => Number::Int(a.wrapping_add(b)),
            (Number::Int(a), Number::Double(b)) => Number::Int(a.wrapping_add(b as i64)),
            (Number::Double(a), Number::Int(b)) => Number::Double(a + b as f64),
            (Number::Double(a), Number::Double(b)) => Number::Double(a + b),
        }
    }

    pub fn answer(self) -> Answer {
        match self {
            Number::Int(number) => Answer::int(number),
            Number::Double(number) => Answer::double(number),
        }
    }

    pub fn packed(self) -> Vec<u8> {
        let mut output = Vec::with_capacity(9);
        match self {
            Number::Int(number) => write::integer(&mut output, number),
            Number::Double(number) => write::double(&mut output, number),
        }
        output
    }
}

fn token(element: &[u8]) -> Option<Token<'_>> {
    Token::read(&mut Cursor::new(element))
}

fn number(token: Option<Token<'_>>) -> Outcome<Number> {
    match token {
        Some(Token::Negative(number)) => Ok(Number::Int(number)),
        Some(Token::Unsigned(number)) => Ok(Number::Int(number as i64)),
        Some(Token::Double(number)) => Ok(Number::Double(number)),
        _ => Err(ResultCode::Parameter),
    }
}
