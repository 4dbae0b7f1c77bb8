//! Parsed expressions.

use super::kind::Kind;
use super::number::Arithmetic;
use super::posix::Regex;
use super::value::{Bytes, Value};
use crate::geo::Shape;

/// An operation with its operands, or a literal.
#[derive(Debug)]
pub enum Node<'a> {
    Unknown,
    Literal(Value<'a>),
    Compare(Comparison, Box<[Node<'a>; 2]>),
    Regex(Box<Regex>, Box<Node<'a>>),
    GeoCompare(Box<[Place<'a>; 2]>),
    InList(Box<[Node<'a>; 2]>),
    And(Vec<Node<'a>>),
    Or(Vec<Node<'a>>),
    Not(Box<Node<'a>>),
    /// Whether exactly one holds.
    Exclusive(Vec<Node<'a>>),
    Arithmetic(Arithmetic, Vec<Node<'a>>),
    DigestModulo(i32),
    Metadata(Metadata),
    Key(Kind),
    Bin {
        name: Bytes<'a>,
        kind: Kind,
    },
    BinType(Bytes<'a>),
    ToString(Box<Node<'a>>),
    MapKeys(Box<Node<'a>>),
    MapValues(Box<Node<'a>>),
    LoopVariable {
        kind: Kind,
        which: LoopVariable,
    },
    /// Cases, and what it is otherwise.
    Cond(Vec<[Node<'a>; 2]>, Box<Node<'a>>),
    /// A variable, by its place among those that are defined.
    Variable(usize),
    Let(Vec<Node<'a>>, Box<Node<'a>>),
    Call(Box<Call<'a>>),
    Remove,
}

/// An operand of a comparison of places.
#[derive(Debug)]
pub enum Place<'a> {
    Known(Shape),
    Computed(Node<'a>),
}

/// Numbered as on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal = 1,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// What is said of a record besides its bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metadata {
    LastUpdate,
    SinceUpdate,
    VoidTime,
    TimeToLive,
    SetName,
    KeyExists,
    IsTombstone,
    DeviceSize,
    RecordSize,
}

/// What a path binds for the expressions in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoopVariable {
    Key,
    Value,
    Index,
}

/// A call of an operation on a collection, a blob or a HyperLogLog.
#[derive(Debug)]
pub struct Call<'a> {
    pub system: System,
    /// Whether the result is what the value becomes.
    pub modifies: bool,
    /// What the result must be; anything else is unknown.
    pub kind: Kind,
    /// The operation with its arguments.
    pub parts: Vec<Part<'a>>,
    pub on: Node<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    Collection,
    Bits,
    Hll,
    Text,
}

/// A part of a call: bytes as they are, or an expression that comes to an argument.
#[derive(Debug)]
pub enum Part<'a> {
    Raw(Bytes<'a>),
    Argument(Node<'a>),
}
