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
mod owned;
mod parse;
mod posix;
mod subject;
mod uses;
mod value;

pub use describe::describe;
pub use eval::Loop;
pub use kind::Kind;
pub use limits::Limits;
pub use node::Comparison;
pub use subject::{BinSource, Subject};
pub use uses::uses;
pub use value::Value;

use parse::Parsed;

use crate::ael;
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

    /// Parses an expression that fills `wire`, or compiles one that is written as text.
    pub fn compile(wire: &'a [u8], compat: Compat) -> Outcome<Expression<'a>> {
        Expression::compile_by(ael::parse, wire, compat)
    }

    fn compile_by(
        read: fn(&[u8]) -> Result<ael::Tree, ael::Error>,
        wire: &'a [u8],
        compat: Compat,
    ) -> Outcome<Expression<'a>> {
        match ael::text_of(wire) {
            Some(text) if compat.has_ael() => {
                let tree = read(text).map_err(|_| ResultCode::Parameter)?;
                Expression::of_tree(&tree, compat)
            }
            _ => Expression::parse(wire, compat),
        }
    }

    /// The expression that a text comes to.
    pub fn of_tree(tree: &ael::Tree, compat: Compat) -> Outcome<Expression<'static>> {
        let packed = ael::pack(tree).map_err(|_| ResultCode::Parameter)?;
        let Expression { root, kind, compat } = Expression::parse(&packed, compat)?;
        Ok(Expression { root: root.into_owned(), kind, compat })
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
        Expression::compile_by(ael::parse_condition, wire, compat)?.into_filter()
    }

    /// The expression, if it comes to true or false.
    pub fn into_filter(self) -> Outcome<Expression<'a>> {
        if self.kind == Kind::Bool { Ok(self) } else { Err(ResultCode::Parameter) }
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
