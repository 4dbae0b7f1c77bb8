//! From the wire to a tree whose types fit.

use std::collections::HashMap;

use super::kind::Kind;
use super::limits::{Limits, MAX_COMPILED_SIZE, MAX_DEPTH};
use super::node::{Call, Comparison, LoopVariable, Metadata, Node, Part, Place, System};
use super::number::Arithmetic;
use super::posix::Regex;
use super::value::{Bytes, Value};
use crate::cdt::{integer, take_element};
use crate::geo;
use crate::msgpack::Token;
use crate::protocol::cursor::Cursor;

/// The longest bin name, in bytes.
const MAX_NAME_SIZE: usize = 15;

/// How much more work it is to parse a byte than to look at one.
const PARSING: usize = 16;

/// Codes of the operations that calls treat in ways of their own.
mod call_code {
    pub const WITH_CONTEXT: u64 = 0xff;
    pub const PATH: u64 = 0xfe;
}

/// A tree and the type of what it comes to.
pub struct Parsed<'a> {
    pub node: Node<'a>,
    pub kind: Kind,
    /// Whether it is the operation that is always unknown, which stands for a value of any type.
    is_unknown: bool,
}

impl<'a> Parsed<'a> {
    fn new(node: Node<'a>, kind: Kind) -> Parsed<'a> {
        Parsed { node, kind, is_unknown: false }
    }
}

/// Parses an expression that fills `wire`; `None` if it is malformed or wrongly typed.
pub fn parse<'a>(wire: &'a [u8], limits: &mut Limits) -> Option<Parsed<'a>> {
    limits.spend(wire.len().saturating_mul(PARSING))?;
    let mut parser = Parser {
        cursor: Cursor::new(wire),
        variables: HashMap::new(),
        depth: 0,
        compiled: 0,
        limits,
    };
    let parsed = parser.node()?;
    // No bin and no comparison can have such a value.
    (parser.cursor.is_empty() && parsed.kind != Kind::Mark).then_some(parsed)
}

struct Parser<'a, 'l> {
    cursor: Cursor<'a>,
    /// The variables in scope: their places, and their types unless they are being defined.
    variables: HashMap<&'a [u8], (usize, Option<Kind>)>,
    depth: usize,
    /// How large the server that is modelled would make what was parsed.
    compiled: usize,
    limits: &'l mut Limits,
}

impl<'a> Parser<'a, '_> {
    fn node(&mut self) -> Option<Parsed<'a>> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        let start = self.cursor;
        match Token::read(&mut self.cursor)? {
            Token::List(count) => {
                self.depth += 1;
                let code = self.uint()?;
                let count = count.checked_sub(1)?;
                self.compile(compiled_size(code, count))?;
                let parsed = self.operation(code, count)?;
                self.depth -= 1;
                Some(parsed)
            }
            _ => {
                self.cursor = start;
                let parsed = literal(take_element(&mut self.cursor)?)?;
                self.compile(compiled_size_of_literal(parsed.kind))?;
                Some(parsed)
            }
        }
    }

    fn compile(&mut self, size: usize) -> Option<()> {
        self.compiled += size;
        (self.compiled < MAX_COMPILED_SIZE).then_some(())
    }

    fn operation(&mut self, code: u64, count: usize) -> Option<Parsed<'a>> {
        let (node, kind) = match code {
            0 if count == 0 => {
                let node = Node::Unknown;
                return Some(Parsed { node, kind: Kind::Bool, is_unknown: true });
            }
            1..=6 => (self.comparison(code, count)?, Kind::Bool),
            7 if count == 3 => (self.regex()?, Kind::Bool),
            8 if count == 2 => {
                let places = [self.place()?, self.place()?];
                (Node::GeoCompare(Box::new(places)), Kind::Bool)
            }
            9 if count == 2 => {
                let value = self.node()?.node;
                let list = self.node_of(Kind::List)?;
                (Node::InList(Box::new([value, list])), Kind::Bool)
            }
            16 => (Node::And(self.conditions(count)?), Kind::Bool),
            17 => (Node::Or(self.conditions(count)?), Kind::Bool),
            18 if count == 1 => (Node::Not(Box::new(self.node_of(Kind::Bool)?)), Kind::Bool),
            19 => (Node::Exclusive(self.conditions(count)?), Kind::Bool),
            20..=41 | 50 | 51 => return self.arithmetic(code, count),
            64 if count == 1 => {
                let modulus = self.int()? as i32;
                if modulus == 0 {
                    return None;
                }
                (Node::DigestModulo(modulus), Kind::Int)
            }
            65..=74 if count == 0 => metadata(code)?,
            80 if count == 1 => {
                let kind = Kind::from_wire(self.uint()?)?;
                if !matches!(kind, Kind::Int | Kind::String | Kind::Blob) {
                    return None;
                }
                (Node::Key(kind), kind)
            }
            81 if count == 2 => {
                let kind = Kind::from_wire(self.uint()?)?;
                (Node::Bin { name: self.bin_name()?, kind }, kind)
            }
            82 if count == 1 => (Node::BinType(self.bin_name()?), Kind::Int),
            99 if count == 1 && self.limits.compat().has_strings() => {
                (Node::ToString(Box::new(self.node()?.node)), Kind::String)
            }
            100 if count == 0 => (Node::Remove, Kind::Remove),
            101 if count == 1 => (Node::MapKeys(Box::new(self.node()?.node)), Kind::List),
            102 if count == 1 => (Node::MapValues(Box::new(self.node()?.node)), Kind::List),
            122 if count == 2 => self.loop_variable()?,
            123 => return self.cond(count),
            124 if count == 1 => self.variable()?,
            125 => return self.let_in(count),
            126 if count == 1 => {
                let list = take_element(&mut self.cursor)?;
                match Token::read(&mut Cursor::new(list))? {
                    Token::List(_) => {
                        (Node::Literal(Value::List(Bytes::Borrowed(list))), Kind::List)
                    }
                    _ => return None,
                }
            }
            127 if count == 4 => self.call()?,
            _ => return None,
        };
        Some(Parsed::new(node, kind))
    }

    fn int(&mut self) -> Option<i64> {
        integer(take_element(&mut self.cursor)?)
    }

    fn uint(&mut self) -> Option<u64> {
        self.int().map(|number| number as u64)
    }

    /// Bytes without a particle type in front, as names have it.
    fn name(&mut self) -> Option<&'a [u8]> {
        match Token::read(&mut self.cursor)? {
            Token::Raw(name) => Some(name),
            _ => None,
        }
    }

    fn bin_name(&mut self) -> Option<Bytes<'a>> {
        let name = self.name()?;
        (name.len() <= MAX_NAME_SIZE && !name.contains(&0)).then_some(Bytes::Borrowed(name))
    }

    fn node_of(&mut self, kind: Kind) -> Option<Node<'a>> {
        let parsed = self.node()?;
        (parsed.kind == kind).then_some(parsed.node)
    }

    fn comparison(&mut self, code: u64, count: usize) -> Option<Node<'a>> {
        let comparison = match code {
            1 => Comparison::Equal,
            2 => Comparison::NotEqual,
            3 => Comparison::Greater,
            4 => Comparison::GreaterOrEqual,
            5 => Comparison::Less,
            _ => Comparison::LessOrEqual,
        };
        if count != 2 {
            return None;
        }
        let (left, right) = (self.node()?, self.node()?);
        let comparable = left.kind == right.kind && !matches!(left.kind, Kind::Geo | Kind::Hll);
        comparable.then(|| Node::Compare(comparison, Box::new([left.node, right.node])))
    }

    fn regex(&mut self) -> Option<Node<'a>> {
        let flags = self.int()?;
        let pattern = self.name()?;
        let text = self.node_of(Kind::String)?;
        self.limits.take_regex()?;
        Some(Node::Regex(Box::new(Regex::new(pattern, flags)?), Box::new(text)))
    }

    fn place(&mut self) -> Option<Place<'a>> {
        match self.node_of(Kind::Geo)? {
            Node::Literal(Value::Geo(text)) => geo::parse(&text).map(Place::Known),
            node => Some(Place::Computed(node)),
        }
    }

    fn conditions(&mut self, count: usize) -> Option<Vec<Node<'a>>> {
        if count < 2 {
            return None;
        }
        self.several(count, |parser| parser.node_of(Kind::Bool))
    }

    /// Parses that many things; none are made room for before they are there.
    fn several<T>(
        &mut self,
        count: usize,
        mut parse: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut list = Vec::with_capacity(count.min(16));
        for _ in 0..count {
            list.push(parse(self)?);
        }
        Some(list)
    }

    fn arithmetic(&mut self, code: u64, count: usize) -> Option<Parsed<'a>> {
        let operation = arithmetic_operation(code)?;
        let mut kinds = Vec::new();
        let operands = self.several(count, |parser| {
            let parsed = parser.node()?;
            // Only the first two can differ in type, so only their types are kept.
            match kinds.as_slice() {
                [.., last] if kinds.len() >= 2 => (parsed.kind == *last).then_some(())?,
                _ => kinds.push(parsed.kind),
            }
            Some(parsed.node)
        })?;
        let kind = arithmetic_kind(operation, &kinds, count)?;
        Some(Parsed::new(Node::Arithmetic(operation, operands), kind))
    }

    fn loop_variable(&mut self) -> Option<(Node<'a>, Kind)> {
        let kind = Kind::from_wire(self.uint()?)?;
        let which = match self.uint()? {
            0 => LoopVariable::Key,
            1 => LoopVariable::Value,
            2 if kind == Kind::Int => LoopVariable::Index,
            _ => return None,
        };
        Some((Node::LoopVariable { kind, which }, kind))
    }

    fn cond(&mut self, count: usize) -> Option<Parsed<'a>> {
        if count < 3 || count.is_multiple_of(2) {
            return None;
        }
        let mut kind = None;
        let mut value = |parser: &mut Self| {
            let parsed = parser.node()?;
            if !parsed.is_unknown && *kind.get_or_insert(parsed.kind) != parsed.kind {
                return None;
            }
            Some(parsed.node)
        };
        let cases =
            self.several(count / 2, |parser| Some([parser.node_of(Kind::Bool)?, value(parser)?]))?;
        let otherwise = Box::new(value(self)?);
        Some(Parsed::new(Node::Cond(cases, otherwise), kind.unwrap_or(Kind::Bool)))
    }

    fn variable(&mut self) -> Option<(Node<'a>, Kind)> {
        let name = self.name()?;
        let (place, kind) = *self.variables.get(name)?;
        Some((Node::Variable(place), kind?))
    }

    fn let_in(&mut self, count: usize) -> Option<Parsed<'a>> {
        if count < 3 || count.is_multiple_of(2) {
            return None;
        }
        let mut names = Vec::new();
        let values = self.several(count / 2, |parser| {
            let name = parser.name().filter(|name| is_variable_name(name))?;
            let place = parser.variables.len();
            if parser.variables.insert(name, (place, None)).is_some() {
                return None;
            }
            names.push(name);
            let value = parser.node()?;
            parser.variables.insert(name, (place, Some(value.kind)));
            Some(value.node)
        })?;
        let Parsed { node, kind, is_unknown } = self.node()?;
        for name in names {
            self.variables.remove(name);
        }
        Some(Parsed { node: Node::Let(values, Box::new(node)), kind, is_unknown })
    }

    fn call(&mut self) -> Option<(Node<'a>, Kind)> {
        const MODIFIES: u64 = 0x40;
        let kind = Kind::from_wire(self.uint()?)?;
        let number = self.uint()?;
        let parts = self.call_parts()?;
        let on = self.node()?;
        let (system, wanted) = match number & !MODIFIES {
            0 => (System::Collection, matches!(on.kind, Kind::List | Kind::Map)),
            1 => (System::Bits, on.kind == Kind::Blob),
            2 => (System::Hll, on.kind == Kind::Hll),
            3 if self.limits.compat().has_strings() => {
                let collection = matches!(on.kind, Kind::List | Kind::Map);
                (System::Text, on.kind == Kind::String || collection)
            }
            _ => return None,
        };
        // What is called on nil counts as nil itself, whatever it comes to.
        let result = if on.kind == Kind::Nil { Kind::Nil } else { kind };
        if !wanted && on.kind != Kind::Nil {
            return None;
        }
        let modifies = number & MODIFIES != 0;
        let call = Call { system, modifies, kind, parts, on: on.node };
        Some((Node::Call(Box::new(call)), result))
    }

    /// The operation of a call and its arguments: such as are lists are expressions.
    fn call_parts(&mut self) -> Option<Vec<Part<'a>>> {
        let start = self.cursor;
        let mut count = self.list_header()?;
        let mut code = self.uint()?;
        if code == call_code::PATH {
            // Context, flags, and what to apply: expressions in them are parsed on the way.
            self.cursor = start;
            return Some(vec![Part::Raw(Bytes::Borrowed(take_element(&mut self.cursor)?))]);
        }
        if code == call_code::WITH_CONTEXT {
            if count != 3 {
                return None;
            }
            take_element(&mut self.cursor)?;
            count = self.list_header()?;
            code = self.uint()?;
            if code == call_code::PATH {
                return None;
            }
        }
        let mut parts = vec![Part::Raw(Bytes::Borrowed(between(&start, &self.cursor)?))];
        for _ in 1..count {
            let before = self.cursor;
            if let Some(Token::List(_)) = Token::read(&mut self.cursor) {
                self.cursor = before;
                parts.push(Part::Argument(self.node()?.node));
            } else {
                self.cursor = before;
                parts.push(Part::Raw(Bytes::Borrowed(take_element(&mut self.cursor)?)));
            }
        }
        Some(parts)
    }

    fn list_header(&mut self) -> Option<usize> {
        match Token::read(&mut self.cursor)? {
            Token::List(count) if count > 0 => Some(count),
            _ => None,
        }
    }
}

/// How much space an operation takes where it is compiled.
fn compiled_size(code: u64, count: usize) -> usize {
    const CASE: usize = 8;
    match code {
        7 => 80,
        64 | 80 => 12,
        81 | 82 | 126 => 24,
        122 | 124 => 16,
        123 => 12 + count / 2 * CASE,
        125 => 20,
        127 => 344,
        _ => 8,
    }
}

fn compiled_size_of_literal(kind: Kind) -> usize {
    match kind {
        Kind::Nil => 8,
        Kind::Int | Kind::Float => 16,
        Kind::Geo => 40,
        _ => 24,
    }
}

/// The bytes from one position to a later one.
fn between<'a>(from: &Cursor<'a>, to: &Cursor<'a>) -> Option<&'a [u8]> {
    from.rest().get(..from.rest().len() - to.rest().len())
}

fn is_variable_name(name: &[u8]) -> bool {
    let begins = |byte: &u8| *byte == b'_' || byte.is_ascii_alphabetic();
    let goes_on = |byte: &u8| *byte == b'_' || byte.is_ascii_alphanumeric();
    name.first().is_some_and(begins) && name.iter().all(goes_on)
}

fn literal(element: &[u8]) -> Option<Parsed<'_>> {
    let value = Value::of_element(element)?;
    if let Value::Geo(text) = &value
        && geo::parse(text).is_none()
    {
        return None;
    }
    let kind = value.kind();
    Some(Parsed::new(Node::Literal(value), kind))
}

fn metadata(code: u64) -> Option<(Node<'static>, Kind)> {
    let (what, kind) = match code {
        65 | 73 => (Metadata::DeviceSize, Kind::Int),
        66 => (Metadata::LastUpdate, Kind::Int),
        67 => (Metadata::SinceUpdate, Kind::Int),
        68 => (Metadata::VoidTime, Kind::Int),
        69 => (Metadata::TimeToLive, Kind::Int),
        70 => (Metadata::SetName, Kind::String),
        71 => (Metadata::KeyExists, Kind::Bool),
        72 => (Metadata::IsTombstone, Kind::Bool),
        74 => (Metadata::RecordSize, Kind::Int),
        _ => return None,
    };
    Some((Node::Metadata(what), kind))
}

fn arithmetic_operation(code: u64) -> Option<Arithmetic> {
    Some(match code {
        20 => Arithmetic::Add,
        21 => Arithmetic::Subtract,
        22 => Arithmetic::Multiply,
        23 => Arithmetic::Divide,
        24 => Arithmetic::Power,
        25 => Arithmetic::Logarithm,
        26 => Arithmetic::Modulo,
        27 => Arithmetic::Absolute,
        28 => Arithmetic::Floor,
        29 => Arithmetic::Ceiling,
        30 => Arithmetic::ToInt,
        31 => Arithmetic::ToFloat,
        32 => Arithmetic::And,
        33 => Arithmetic::Or,
        34 => Arithmetic::Xor,
        35 => Arithmetic::Not,
        36 => Arithmetic::ShiftLeft,
        37 => Arithmetic::ShiftRight,
        38 => Arithmetic::ShiftRightSigned,
        39 => Arithmetic::CountOnes,
        40 => Arithmetic::ScanLeft,
        41 => Arithmetic::ScanRight,
        50 => Arithmetic::Min,
        51 => Arithmetic::Max,
        _ => return None,
    })
}

/// The type of the result; `None` if the operands do not fit. All after the second are known to
/// be of its type.
fn arithmetic_kind(operation: Arithmetic, kinds: &[Kind], count: usize) -> Option<Kind> {
    use Arithmetic::*;
    let (first, last) = (*kinds.first()?, *kinds.last()?);
    let all = |kind: Kind| first == kind && last == kind;
    let result = match operation {
        Add | Subtract | Multiply | Divide | Min | Max if first.is_number() && all(first) => first,
        And | Or | Xor if all(Kind::Int) => Kind::Int,
        Power | Logarithm if count == 2 && all(Kind::Float) => Kind::Float,
        Modulo | ShiftLeft | ShiftRight | ShiftRightSigned if count == 2 && all(Kind::Int) => {
            Kind::Int
        }
        ScanLeft | ScanRight if count == 2 && first == Kind::Int && last == Kind::Bool => Kind::Int,
        Absolute if count == 1 && first.is_number() => first,
        Floor | Ceiling if count == 1 && first == Kind::Float => Kind::Float,
        ToInt if count == 1 && first == Kind::Float => Kind::Int,
        ToFloat if count == 1 && first == Kind::Int => Kind::Float,
        Not | CountOnes if count == 1 && first == Kind::Int => Kind::Int,
        _ => return None,
    };
    Some(result)
}
