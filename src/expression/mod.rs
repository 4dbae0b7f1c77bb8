//! Expressions: what the server computes of a record, packed as it reads them.
//!
//! The format is compositional: an expression is an array of a code and of what it works on,
//! among it other expressions. So each is packed when it is made, from the bytes of those that
//! it is made of, and what the server would refuse is refused at once.
//!
//! - [`msgpack`]: the encoding of values, and where an element ends
//! - [`kind`]: the type of what an expression results in
//! - [`context`]: the way to a list or map within others
//! - [`pack`]: an expression from the description that `aerospike_py.exp` gives of it
//! - [`class`]: what Python sees of an expression, and the module's functions

mod class;
mod context;
mod kind;
mod msgpack;
mod pack;

use std::hash::{DefaultHasher, Hash, Hasher};

use aerospike_core::expressions::{self as core, from_packed_bytes};
use pyo3::prelude::*;

pub use self::class::{Pack, Restore};
use self::kind::Kind;
use crate::MODULE;

/// An expression. It holds no Python object, so that it may be dropped anywhere.
pub struct Expression {
    bytes: Vec<u8>,
    /// None if only the server can tell, as of a variable.
    kind: Option<Kind>,
    /// The call that makes it, to be shown.
    text: String,
}

impl Expression {
    fn new(bytes: Vec<u8>, text: String) -> Self {
        let kind = kind::of(&bytes);
        Self { bytes, kind, text }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn core(&self) -> core::Expression {
        from_packed_bytes(self.bytes.clone())
    }

    /// Whether it may decide on a record: what is known to result in something else may not.
    pub fn can_filter(&self) -> bool {
        matches!(self.kind, None | Some(Kind::Bool | Kind::Ael))
    }

    /// What it results in, in words.
    pub fn kind_name(&self) -> &'static str {
        self.kind.map_or("of a type that only the server knows", Kind::name)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

fn digest(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// The expression that a Python object is, if it is one.
pub fn of<'a>(object: &'a Bound<'_, PyAny>) -> Option<&'a Expression> {
    MODULE.state_of(object)?.expression.data(object)
}
