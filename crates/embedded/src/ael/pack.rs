//! From a tree to the expression that it means, as clients pack it.

use super::kinds::{Kinds, Var};
use super::tree::{Literal, Node, Target, Tree, What};
use super::{Error, Parsed};
use crate::expression::Kind;
use crate::msgpack::write;
use crate::particle::kind as particle;

/// Codes of operations.
pub mod code {
    pub const UNKNOWN: u64 = 0;
    pub const NOT_EQUAL: u64 = 2;
    pub const GREATER: u64 = 3;
    pub const EQUAL: u64 = 1;
    pub const GEO_COMPARE: u64 = 8;
    pub const IN_LIST: u64 = 9;
    pub const AND: u64 = 16;
    pub const OR: u64 = 17;
    pub const NOT: u64 = 18;
    pub const EXCLUSIVE: u64 = 19;
    pub const TO_INT: u64 = 30;
    pub const TO_FLOAT: u64 = 31;
    pub const DIGEST_MODULO: u64 = 64;
    pub const KEY: u64 = 80;
    pub const BIN: u64 = 81;
    pub const BIN_TYPE: u64 = 82;
    pub const TO_STRING: u64 = 99;
    pub const ELEMENT: u64 = 122;
    pub const WHEN: u64 = 123;
    pub const VARIABLE: u64 = 124;
    pub const LET: u64 = 125;
    pub const QUOTE: u64 = 126;
    pub const CALL: u64 = 127;
}

/// Whose operation is called.
pub mod system {
    pub const COLLECTION: u64 = 0;
    pub const TEXT: u64 = 3;
    pub const MODIFIES: u64 = 0x40;
}

/// Operations on strings.
mod text {
    pub const TO_INT: u64 = 7;
    pub const TO_FLOAT: u64 = 8;
    pub const REGEX: u64 = 16;
    pub const FIRST_MODIFYING: u64 = 50;
}

pub fn pack(tree: &Tree) -> Parsed<Vec<u8>> {
    let mut packer = Packer { kinds: &tree.kinds, output: Vec::new() };
    packer.node(&tree.root)?;
    Ok(packer.output)
}

/// Appends an element.
pub fn push_literal(output: &mut Vec<u8>, literal: &Literal) {
    match literal {
        Literal::Nil => output.push(0xc0),
        Literal::Wildcard => output.extend_from_slice(&[0xd4, 0xff, 0]),
        Literal::Infinity => output.extend_from_slice(&[0xd4, 0xff, 1]),
        Literal::Bool(value) => output.push(0xc2 + u8::from(*value)),
        Literal::Int(number) => write::integer(output, *number),
        Literal::Float(number) => write::double(output, *number),
        Literal::String(text) => write::typed(output, particle::STRING, text.as_bytes()),
        Literal::Blob(bytes) => write::typed(output, particle::BLOB, bytes),
        Literal::Geo(text) => write::typed(output, particle::GEOJSON, text.as_bytes()),
        Literal::List(elements) => {
            write::list(output, elements.len(), 0);
            elements.iter().for_each(|element| push_literal(output, element));
        }
        Literal::Map(pairs) => {
            write::map(output, pairs.len(), 0);
            for (key, value) in pairs {
                push_literal(output, key);
                push_literal(output, value);
            }
        }
    }
}

/// The number of a type.
pub fn number(kind: Kind) -> u64 {
    match kind {
        Kind::Bool => 1,
        Kind::Int => 2,
        Kind::String => 3,
        Kind::List => 4,
        Kind::Map => 5,
        Kind::Blob => 6,
        Kind::Float => 7,
        Kind::Geo => 8,
        Kind::Hll => 9,
        Kind::Nil | Kind::Remove | Kind::Mark => 0,
    }
}

pub struct Packer<'t> {
    pub kinds: &'t Kinds,
    pub output: Vec<u8>,
}

impl Packer<'_> {
    pub fn kind(&self, var: Var, at: usize) -> Parsed<Kind> {
        let kind = self.kinds.get(var);
        kind.ok_or_else(|| Error::new(at, "of unknown type: say which, as in $.bin:INT"))
    }

    pub fn begin(&mut self, code: u64, operands: usize) {
        write::list(&mut self.output, operands + 1, 0);
        write::unsigned(&mut self.output, code);
    }

    pub fn unsigned(&mut self, number: u64) {
        write::unsigned(&mut self.output, number);
    }

    pub fn nodes(&mut self, code: u64, nodes: &[Node]) -> Parsed<()> {
        self.begin(code, nodes.len());
        nodes.iter().try_for_each(|node| self.node(node))
    }

    /// A literal where an expression is expected.
    pub fn literal(&mut self, literal: &Literal) {
        if matches!(literal, Literal::List(_)) {
            self.begin(code::QUOTE, 1);
        }
        push_literal(&mut self.output, literal);
    }

    pub fn call(&mut self, result: Kind, system: u64) {
        self.begin(code::CALL, 4);
        self.unsigned(number(result));
        self.unsigned(system);
    }

    pub fn node(&mut self, node: &Node) -> Parsed<()> {
        match &node.what {
            What::Literal(literal) => self.literal(literal),
            What::Unknown => self.begin(code::UNKNOWN, 0),
            What::And(operands) => self.nodes(code::AND, operands)?,
            What::Or(operands) => self.nodes(code::OR, operands)?,
            What::Exclusive(operands) => self.nodes(code::EXCLUSIVE, operands)?,
            What::Not(operand) => {
                self.begin(code::NOT, 1);
                self.node(operand)?;
            }
            What::Compare(comparison, operands) => self.nodes(*comparison as u64, &**operands)?,
            What::In(operands) => self.nodes(code::IN_LIST, &**operands)?,
            What::GeoCompare(places) => self.nodes(code::GEO_COMPARE, &**places)?,
            What::Arithmetic(code, operands) => self.nodes(*code, operands)?,
            What::Regex { text, pattern, flags } => {
                self.call(Kind::Bool, system::TEXT);
                self.begin(text::REGEX, 2);
                write::typed(&mut self.output, particle::STRING, pattern.as_bytes());
                self.unsigned(u64::from(*flags));
                self.node(text)?;
            }
            What::Metadata(code) => self.begin(*code, 0),
            What::DigestModulo(modulus) => {
                self.begin(code::DIGEST_MODULO, 1);
                write::integer(&mut self.output, *modulus);
            }
            What::Key => {
                let kind = self.kind(node.kind, node.at)?;
                self.begin(code::KEY, 1);
                self.unsigned(number(kind));
            }
            What::BinType(name) => {
                self.begin(code::NOT_EQUAL, 2);
                self.bin_type(name);
                self.unsigned(0);
            }
            What::Path(path) => self.path(path, node)?,
            What::Variable(name) => {
                self.begin(code::VARIABLE, 1);
                write::raw(&mut self.output, name.as_bytes());
            }
            What::Let(values, body) => {
                self.begin(code::LET, values.len() * 2 + 1);
                for (name, value) in values {
                    write::raw(&mut self.output, name.as_bytes());
                    self.node(value)?;
                }
                self.node(body)?;
            }
            What::When(cases, otherwise) => {
                self.begin(code::WHEN, cases.len() * 2 + 1);
                cases.iter().flatten().try_for_each(|node| self.node(node))?;
                self.node(otherwise)?;
            }
            What::Convert(target, of) => self.convert(*target, of)?,
            What::Text { code, of, arguments } => {
                let modifies = *code >= text::FIRST_MODIFYING;
                let kind = self.kind(node.kind, node.at)?;
                self.call(kind, system::TEXT | if modifies { system::MODIFIES } else { 0 });
                if modifies {
                    self.begin(*code, 1);
                    self.unsigned(0);
                } else {
                    self.nodes(*code, arguments)?;
                }
                self.node(of)?;
            }
        }
        Ok(())
    }

    pub fn bin_type(&mut self, name: &[u8]) {
        self.begin(code::BIN_TYPE, 1);
        write::raw(&mut self.output, name);
    }

    fn convert(&mut self, target: Target, of: &Node) -> Parsed<()> {
        let from = self.kind(of.kind, of.at)?;
        match (target, from) {
            (Target::Int, Kind::Int) | (Target::Float, Kind::Float) => {}
            (Target::Int, Kind::Float) => self.begin(code::TO_INT, 1),
            (Target::Float, Kind::Int) => self.begin(code::TO_FLOAT, 1),
            (Target::Int, Kind::String) => {
                self.call(Kind::Int, system::TEXT);
                self.begin(text::TO_INT, 0);
            }
            (Target::Float, Kind::String) => {
                self.call(Kind::Float, system::TEXT);
                self.begin(text::TO_FLOAT, 0);
            }
            (Target::String, Kind::Int | Kind::Float | Kind::Bool | Kind::String | Kind::Blob) => {
                self.begin(code::TO_STRING, 1);
            }
            _ => return Err(Error::new(of.at, "a value of this type can't be converted so")),
        }
        self.node(of)
    }
}
