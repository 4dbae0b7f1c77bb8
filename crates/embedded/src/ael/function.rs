//! Functions, called by name or on a value.

use super::kinds;
use super::parse::Parser;
use super::tree::{Literal, Node, Target, What};
use super::{Error, Parsed};
use crate::expression::Kind;

impl Parser<'_> {
    /// What is between parentheses, of which the first is still to come.
    pub fn arguments(&mut self) -> Parsed<Vec<Node>> {
        self.scanner.expect("(")?;
        let mut arguments = Vec::new();
        while !self.scanner.take(")")? {
            if !arguments.is_empty() {
                self.scanner.expect(",")?;
            }
            arguments.push(self.expression()?);
        }
        Ok(arguments)
    }

    pub fn function(&mut self, name: &str, at: usize) -> Parsed<Node> {
        if !self.scanner.sees("(")? {
            return Err(Error::new(at, format!("{name:?} is no value: strings have quotes")));
        }
        let mut arguments = self.arguments()?;
        let count = arguments.len();
        let wants = |wanted: std::ops::RangeInclusive<usize>| match wanted.contains(&count) {
            true => Ok(()),
            false => Err(Error::new(at, format!("{name} has {count} arguments"))),
        };
        const SEVERAL: usize = usize::MAX;
        let made = match name {
            "not" => {
                wants(1..=1)?;
                let operand = arguments.remove(0);
                self.kinds.expect(operand.kind, Kind::Bool, operand.at)?;
                let (kind, depth) = (self.kinds.known(Kind::Bool), operand.depth);
                self.node(What::Not(Box::new(operand)), kind, at, &[depth])?
            }
            "exclusive" => {
                wants(2..=SEVERAL)?;
                for operand in &arguments {
                    self.kinds.expect(operand.kind, Kind::Bool, operand.at)?;
                }
                let within: Vec<_> = arguments.iter().map(|operand| operand.depth).collect();
                let kind = self.kinds.known(Kind::Bool);
                self.node(What::Exclusive(arguments), kind, at, &within)?
            }
            "geoCompare" => {
                wants(2..=2)?;
                for place in &arguments {
                    self.kinds.expect(place.kind, Kind::Geo, place.at)?;
                }
                let within: Vec<_> = arguments.iter().map(|place| place.depth).collect();
                let kind = self.kinds.known(Kind::Bool);
                let (one, other) = (arguments.remove(0), arguments.remove(0));
                self.node(What::GeoCompare(Box::new([one, other])), kind, at, &within)?
            }
            "geoJson" => {
                wants(1..=1)?;
                let Node { what: What::Literal(Literal::String(text)), .. } = arguments.remove(0)
                else {
                    return Err(Error::new(at, "geoJson takes a string that is written out"));
                };
                self.literal_node(Literal::Geo(text), at)?
            }
            "abs" => wants(1..=1).and_then(|()| self.arithmetic(27, None, arguments))?,
            "floor" => {
                wants(1..=1).and_then(|()| self.arithmetic(28, Some(Kind::Float), arguments))?
            }
            "ceil" => {
                wants(1..=1).and_then(|()| self.arithmetic(29, Some(Kind::Float), arguments))?
            }
            "log" => {
                wants(2..=2).and_then(|()| self.arithmetic(25, Some(Kind::Float), arguments))?
            }
            "min" => wants(2..=SEVERAL).and_then(|()| self.arithmetic(50, None, arguments))?,
            "max" => wants(2..=SEVERAL).and_then(|()| self.arithmetic(51, None, arguments))?,
            "countOneBits" => {
                wants(1..=1).and_then(|()| self.arithmetic(39, Some(Kind::Int), arguments))?
            }
            _ => return Err(Error::new(at, format!("there is no function {name:?} here"))),
        };
        Ok(Node { at, ..made })
    }

    /// A type after a colon, if one comes next.
    pub fn suffix(&mut self) -> Parsed<Option<Kind>> {
        if !self.scanner.take(":")? {
            return Ok(None);
        }
        let at = self.scanner.at();
        let name = self.scanner.name()?.unwrap_or_default();
        match kinds::of_name(name) {
            Some(kind) => Ok(Some(kind)),
            None => Err(Error::new(at, format!("there is no type {name:?} here"))),
        }
    }

    /// Functions that are called on a value, one after the other.
    pub fn methods(&mut self, mut on: Node) -> Parsed<Node> {
        while self.scanner.sees(".")? {
            let before = self.scanner;
            self.scanner.take(".")?;
            self.scanner.peek()?;
            let at = self.scanner.at();
            let Some(name) = self.scanner.name()? else {
                self.scanner = before;
                return Err(self.scanner.wrong("a function"));
            };
            let to = match name {
                "toInt" | "asInt" => Some((Target::Int, Kind::Int)),
                "toFloat" | "asFloat" => Some((Target::Float, Kind::Float)),
                "toString" => Some((Target::String, Kind::String)),
                _ => None,
            };
            let Some((target, kind)) = to else {
                on = self.text_method(name, on, at)?;
                continue;
            };
            if !self.arguments()?.is_empty() {
                return Err(Error::new(at, format!("{name} has no arguments")));
            }
            if name.starts_with("as") {
                self.kinds.expect_number(on.kind, on.at)?;
            }
            let (kind, from, depth) = (self.kinds.known(kind), on.at, on.depth);
            on = self.node(What::Convert(target, Box::new(on)), kind, from, &[depth])?;
        }
        Ok(on)
    }

    fn text_method(&mut self, name: &str, of: Node, at: usize) -> Parsed<Node> {
        let Some(&(_, code, result, parameters, required)) =
            TEXT_METHODS.iter().find(|row| row.0 == name)
        else {
            return Err(Error::new(at, format!("there is no function {name:?} here")));
        };
        self.kinds.expect(of.kind, Kind::String, of.at)?;
        let arguments = self.named_arguments(parameters, at)?;
        if !(required..=parameters.len()).contains(&arguments.len()) {
            return Err(Error::new(at, format!("{name} has {} arguments", arguments.len())));
        }
        let mut within: Vec<_> = arguments.iter().map(|argument| argument.depth).collect();
        within.push(of.depth);
        let (kind, from) = (self.kinds.known(result), of.at);
        self.node(What::Text { code, of: Box::new(of), arguments }, kind, from, &within)
    }

    /// Arguments in their order, with their names before them or without.
    fn named_arguments(&mut self, parameters: &[(&str, Kind)], at: usize) -> Parsed<Vec<Node>> {
        self.scanner.expect("(")?;
        let mut arguments = Vec::new();
        while !self.scanner.take(")")? {
            if !arguments.is_empty() {
                self.scanner.expect(",")?;
            }
            let Some((name, kind)) = parameters.get(arguments.len()) else {
                return Err(Error::new(at, "too many arguments"));
            };
            let before = self.scanner;
            if !(self.scanner.word(name)? && self.scanner.take(":")?) {
                self.scanner = before;
            }
            let argument = self.expression()?;
            self.kinds.expect(argument.kind, *kind, argument.at)?;
            arguments.push(argument);
        }
        Ok(arguments)
    }
}

/// A function of strings: its name, the code of the operation, the type of the result, the
/// parameters, and how many of them are required.
type TextMethod = (&'static str, u64, Kind, &'static [(&'static str, Kind)], usize);

const TEXT_METHODS: [TextMethod; 13] = [
    ("strlen", 0, Kind::Int, &[], 0),
    ("substr", 1, Kind::String, &[("from", Kind::Int), ("to", Kind::Int)], 1),
    ("charAt", 2, Kind::String, &[("index", Kind::Int)], 1),
    ("find", 3, Kind::Int, &[("needle", Kind::String), ("occurrence", Kind::Int)], 1),
    ("startsWith", 5, Kind::Bool, &[("prefix", Kind::String)], 1),
    ("endsWith", 6, Kind::Bool, &[("suffix", Kind::String)], 1),
    ("upper", 56, Kind::String, &[], 0),
    ("lower", 57, Kind::String, &[], 0),
    ("caseFold", 58, Kind::String, &[], 0),
    ("normalizeNFC", 59, Kind::String, &[], 0),
    ("trimStart", 60, Kind::String, &[], 0),
    ("trimEnd", 61, Kind::String, &[], 0),
    ("trim", 62, Kind::String, &[], 0),
];
