//! Expressions: filters of records, and operations that compute what they read or write.
//!
//! An expression arrives as MessagePack: a list is an operation with its arguments, anything else
//! a literal. It is parsed once into a tree ([`parse`]) whose types are known to fit ([`kind`]),
//! and evaluated ([`eval`]) to a value, or to nothing where the outcome is unknown: a bin that is
//! missing, a call that fails.
//!
//! What a client sends is bounded in depth and in number of operations when it is parsed, and in
//! work when it is evaluated ([`limits`]).

mod call;
mod compare;
mod describe;
mod eval;
mod kind;
mod limits;
mod metadata;
mod node;
mod number;
mod parse;
mod posix;
mod subject;
mod uses;
mod value;

pub use describe::describe;
pub use eval::Loop;
pub use kind::Kind;
pub use limits::Limits;
pub use subject::{BinSource, Subject};
pub use uses::uses;
pub use value::Value;

use parse::Parsed;

use crate::compat::Compat;
use crate::protocol::{Outcome, ResultCode};

/// A parsed expression.
#[derive(Debug)]
pub struct Expression<'a> {
    root: node::Node<'a>,
    kind: Kind,
    compat: Compat,
}

impl<'a> Expression<'a> {
    /// Parses an expression that fills `wire`.
    pub fn parse(wire: &'a [u8], compat: Compat) -> Outcome<Expression<'a>> {
        Expression::parse_within(wire, &mut Limits::new(compat))
    }

    /// Parses an expression of a path, which may be part of what is being evaluated.
    pub fn parse_within(wire: &'a [u8], limits: &mut Limits) -> Outcome<Expression<'a>> {
        let Parsed { node, kind, .. } = parse::parse(wire, limits).ok_or(ResultCode::Parameter)?;
        Ok(Expression { root: node, kind, compat: limits.compat() })
    }

    /// The type of what it comes to.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Parses an expression that must come to true or false.
    pub fn parse_filter(wire: &'a [u8], compat: Compat) -> Outcome<Expression<'a>> {
        let expression = Expression::parse(wire, compat)?;
        if expression.kind == Kind::Bool { Ok(expression) } else { Err(ResultCode::Parameter) }
    }

    /// The value for a record; `None` if it is unknown.
    pub fn evaluate<'v>(
        &'v self,
        subject: &'v Subject<'v>,
        limits: &mut Limits,
    ) -> Option<Value<'v>> {
        eval::Evaluation::of_record(subject, limits).eval(&self.root)
    }

    /// The value for an element that a path leads to; no record is in sight there.
    pub fn evaluate_in_loop<'v>(
        &'v self,
        variables: Loop<'v>,
        limits: &mut Limits,
    ) -> Option<Value<'v>> {
        eval::Evaluation::of_element(variables, limits).eval(&self.root)
    }

    /// Whether a record passes: what is unknown does not.
    pub fn holds(&self, subject: &Subject<'_>) -> bool {
        let mut limits = Limits::new(self.compat);
        matches!(self.evaluate(subject, &mut limits), Some(Value::Bool(true)))
    }
}
