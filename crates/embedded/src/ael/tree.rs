//! Parsed texts.

use super::kinds::{Kinds, Var};
use crate::expression::{Comparison, Kind};

/// An operation with its operands, or something to begin with.
#[derive(Debug)]
pub struct Node {
    pub what: What,
    pub kind: Var,
    /// Where it begins in the text.
    pub at: usize,
    /// How many nodes are within each other in it, itself counted.
    pub depth: usize,
}

#[derive(Debug)]
pub enum What {
    Literal(Literal),
    Unknown,
    And(Vec<Node>),
    Or(Vec<Node>),
    Exclusive(Vec<Node>),
    Not(Box<Node>),
    Compare(Comparison, Box<[Node; 2]>),
    In(Box<[Node; 2]>),
    /// Whether one of two places is within the other.
    GeoCompare(Box<[Node; 2]>),
    Regex {
        text: Box<Node>,
        pattern: String,
        flags: u8,
    },
    /// By the code of the operation.
    Arithmetic(u64, Vec<Node>),
    /// By the code of the operation.
    Metadata(u64),
    DigestModulo(i64),
    Key,
    BinType(Vec<u8>),
    Path(Path),
    Variable(String),
    Let(Vec<(String, Node)>, Box<Node>),
    When(Vec<[Node; 2]>, Box<Node>),
    Convert(Target, Box<Node>),
    /// An operation on a string, by its code, with arguments.
    Text {
        code: u64,
        of: Box<Node>,
        arguments: Vec<Node>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Int,
    Float,
    String,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Nil,
    Infinity,
    Wildcard,
    Bool(bool),
    Int(i64),
    Float(f64),
    String(String),
    Blob(Vec<u8>),
    Geo(String),
    List(Vec<Literal>),
    Map(Vec<(Literal, Literal)>),
}

impl Literal {
    /// Its type; none of what stands for any value.
    pub fn kind(&self) -> Option<Kind> {
        Some(match self {
            Literal::Nil => Kind::Nil,
            Literal::Infinity | Literal::Wildcard => return None,
            Literal::Bool(_) => Kind::Bool,
            Literal::Int(_) => Kind::Int,
            Literal::Float(_) => Kind::Float,
            Literal::String(_) => Kind::String,
            Literal::Blob(_) => Kind::Blob,
            Literal::Geo(_) => Kind::Geo,
            Literal::List(_) => Kind::List,
            Literal::Map(_) => Kind::Map,
        })
    }
}

/// What is read of a bin, or of the element that a filter is about.
#[derive(Debug)]
pub struct Path {
    pub root: Root,
    /// The type of what is in the bin.
    pub root_kind: Var,
    pub steps: Vec<Step>,
    pub end: End,
}

#[derive(Debug)]
pub enum Root {
    Bin(Vec<u8>),
    /// Of an element: its value, its key, its index.
    Element(LoopPart),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoopPart {
    Key,
    Value,
    Index,
}

#[derive(Debug)]
pub struct Step {
    pub by: By,
    /// In what it selects; of a step to all elements, it is not said.
    pub container: Option<Container>,
    /// Whether it selects all others.
    pub inverted: bool,
    /// What the elements that it selects must fulfil.
    pub condition: Option<Node>,
    /// The type of the element it leads to.
    pub kind: Var,
    pub at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    List,
    Map,
}

/// How elements are selected. Ranges begin with what is given and end before it.
#[derive(Debug)]
pub enum By {
    Index(i64),
    Rank(i64),
    Key(Literal),
    Value(Literal),
    IndexRange(Range),
    RankRange(Range),
    Keys(Vec<Literal>),
    Values(Vec<Literal>),
    KeyRange(Option<Literal>, Option<Literal>),
    ValueRange(Option<Literal>, Option<Literal>),
    /// By index, counted from where a key is.
    FromKey(Range, Literal),
    /// By rank, counted from where a value is.
    FromValue(Range, Literal),
    All,
}

/// Where to begin, and how many; `None` is up to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub start: i64,
    pub count: Option<u64>,
}

impl By {
    /// Whether there may be several elements. A value may be there more than once.
    pub fn is_multiple(&self) -> bool {
        !matches!(self, By::Index(_) | By::Rank(_) | By::Key(_))
    }
}

/// What is told of the elements that were selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Values,
    Keys,
    KeyValues,
    Tree,
    Count,
    Exists,
}

/// A whole text.
#[derive(Debug)]
pub struct Tree {
    pub root: Node,
    pub kinds: Kinds,
}
