//! The Aerospike Expression Language: conditions and values written as text, which server 8.2
//! compiles.
//!
//! ```text
//! $.age >= 18 and ($.country == 'NZ' or $.roles.[='admin'].exists())
//! ```
//!
//! A text is read ([`scan`]) into a [`tree`] ([`mod@parse`], [`function`], [`path`], [`literal`]), and
//! it is found out meanwhile of which types its parts are ([`kinds`]): it says so only where nothing
//! else does. The tree becomes an expression as clients pack it ([`mod@pack`], [`pack_path`]), so that
//! it is checked and evaluated as any other. [`probe`] finds what of it an index can answer.
//!
//! Not known are: operations that change something, functions of blobs and HyperLogLogs, computed
//! selectors, conditions after selections other than of keys, `:NO_FAIL`, and bins or variables
//! within the condition of a path.

mod function;
mod kinds;
mod literal;
mod pack;
mod pack_path;
mod parse;
mod path;
mod probe;
mod scan;
#[cfg(test)]
mod tests;
mod tree;

use std::borrow::Cow;

use crate::cdt::{integer, take_element};
use crate::expression::Kind;
use crate::msgpack::Token;
use crate::protocol::cursor::Cursor;

pub use probe::{Probe, Wanted, probes};
pub use tree::Tree;

/// The operation that compiles a text.
const COMPILE: i64 = 128;

/// The longest text, in bytes.
const MAX_SIZE: usize = 64 * 1024;

/// What is wrong with a text, and where: so many bytes from its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    at: usize,
    message: Cow<'static, str>,
}

type Parsed<T> = Result<T, Error>;

impl Error {
    fn new(at: usize, message: impl Into<Cow<'static, str>>) -> Error {
        Error { at, message: message.into() }
    }

    /// The message, after the line and the column, both counted from 1.
    pub fn describe(&self, text: &[u8]) -> String {
        let before = String::from_utf8_lossy(text.get(..self.at).unwrap_or(text));
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("line {line}, column {column}: {}", self.message)
    }
}

/// The text in an expression that is one; `None` if it is another expression.
pub fn text_of(wire: &[u8]) -> Option<&[u8]> {
    let mut cursor = Cursor::new(wire);
    let Token::List(2) = Token::read(&mut cursor)? else { return None };
    if integer(take_element(&mut cursor)?) != Some(COMPILE) {
        return None;
    }
    match Token::read(&mut cursor)? {
        Token::Raw(text) if cursor.is_empty() => Some(text),
        _ => None,
    }
}

/// Reads a text that is a condition.
pub fn parse_condition(text: &[u8]) -> Result<Tree, Error> {
    let mut tree = parse(text)?;
    tree.kinds.expect(tree.root.kind, Kind::Bool, tree.root.at)?;
    Ok(tree)
}

/// Reads a text.
pub fn parse(text: &[u8]) -> Result<Tree, Error> {
    if text.len() > MAX_SIZE {
        return Err(Error::new(0, format!("the text is longer than {MAX_SIZE} bytes")));
    }
    match std::str::from_utf8(text) {
        Ok(text) => parse::parse(text),
        Err(error) => Err(Error::new(error.valid_up_to(), "the text is not in UTF-8")),
    }
}

/// The expression that a text comes to, as clients pack it.
pub fn pack(tree: &Tree) -> Result<Vec<u8>, Error> {
    pack::pack(tree)
}
