//! From a text to a tree: operators, variables and choices.

use std::collections::HashMap;

use super::kinds::{Kinds, Var};
use super::scan::Scanner;
use super::tree::{Literal, Node, Tree, What};
use super::{Error, Parsed};
use crate::expression::{Comparison, Kind};
use crate::text;

/// How deep operations may be nested.
const MAX_DEPTH: usize = 80;

/// As many regular expressions as there may be: to check one costs far more than anything else.
const MAX_REGEXES: usize = 64;

pub struct Parser<'t> {
    pub scanner: Scanner<'t>,
    pub kinds: Kinds,
    /// The types of the bins, each the same wherever it is read.
    pub bins: HashMap<Vec<u8>, Var>,
    variables: Vec<(&'t str, Var)>,
    /// The types of the key and the value of an element, within a condition on elements.
    pub element: Option<[Var; 2]>,
    regexes: usize,
    depth: usize,
}

pub fn parse(text: &str) -> Parsed<Tree> {
    let mut parser = Parser::new(text);
    let root = parser.expression()?;
    if !parser.scanner.is_at_end()? {
        return Err(parser.scanner.wrong("the end"));
    }
    Ok(Tree { root, kinds: parser.kinds })
}

/// What an operator between two operands makes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Binary {
    Or,
    And,
    Compare(Comparison),
    In,
    Regex,
    Integers(u64),
    Numbers(u64),
    Floats(u64),
}

/// The operators, how tightly they bind, and what they make. One that begins as another does comes
/// before it.
const OPERATORS: [(&str, u8, Binary); 22] = [
    ("or", 1, Binary::Or),
    ("and", 2, Binary::And),
    ("in", COMPARING, Binary::In),
    ("=~", COMPARING, Binary::Regex),
    ("==", COMPARING, Binary::Compare(Comparison::Equal)),
    ("!=", COMPARING, Binary::Compare(Comparison::NotEqual)),
    (">>>", 5, Binary::Integers(37)),
    (">>", 5, Binary::Integers(38)),
    ("<<", 5, Binary::Integers(36)),
    (">=", COMPARING, Binary::Compare(Comparison::GreaterOrEqual)),
    ("<=", COMPARING, Binary::Compare(Comparison::LessOrEqual)),
    (">", COMPARING, Binary::Compare(Comparison::Greater)),
    ("<", COMPARING, Binary::Compare(Comparison::Less)),
    ("&", 4, Binary::Integers(32)),
    ("|", 4, Binary::Integers(33)),
    ("^", 4, Binary::Integers(34)),
    ("+", 6, Binary::Numbers(20)),
    ("-", 6, Binary::Numbers(21)),
    ("**", POWER, Binary::Floats(24)),
    ("*", 7, Binary::Numbers(22)),
    ("/", 7, Binary::Numbers(23)),
    ("%", 7, Binary::Integers(26)),
];

/// How tightly comparisons bind, which can't be chained.
const COMPARING: u8 = 3;

/// That of the operator that takes all that follows for its second operand.
const POWER: u8 = 8;

impl<'t> Parser<'t> {
    pub fn new(text: &'t str) -> Parser<'t> {
        Parser {
            scanner: Scanner::new(text),
            kinds: Kinds::default(),
            bins: HashMap::new(),
            variables: Vec::new(),
            element: None,
            regexes: 0,
            depth: 0,
        }
    }

    pub fn node(&self, what: What, kind: Var, at: usize, within: &[usize]) -> Parsed<Node> {
        let depth = within.iter().max().copied().unwrap_or(0) + 1;
        if depth > MAX_DEPTH {
            return Err(Error::new(at, format!("more than {MAX_DEPTH} operations within another")));
        }
        Ok(Node { what, kind, at, depth })
    }

    pub fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} operations within another");
            return Err(Error::new(self.scanner.at(), message));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    pub fn expression(&mut self) -> Parsed<Node> {
        self.binary(0)
    }

    /// An expression of operators that bind so tightly at least.
    fn binary(&mut self, least: u8) -> Parsed<Node> {
        let mut left = self.nested(Self::unary)?;
        let mut has_compared = false;
        while let Some((level, operator)) = self.operator(least)? {
            if level == COMPARING && std::mem::replace(&mut has_compared, true) {
                let message = "comparisons can't be chained: use and, or parentheses";
                return Err(Error::new(self.scanner.at(), message));
            }
            if operator == Binary::Regex {
                left = self.regex(left)?;
                continue;
            }
            let above = if level == POWER { level } else { level + 1 };
            let right = self.nested(|parser| parser.binary(above))?;
            left = self.combine(operator, left, right)?;
        }
        Ok(left)
    }

    fn operator(&mut self, least: u8) -> Parsed<Option<(u8, Binary)>> {
        for (text, level, operator) in OPERATORS {
            let before = self.scanner;
            let is_word = text.starts_with(|first: char| first.is_ascii_alphabetic());
            if !(if is_word { self.scanner.word(text)? } else { self.scanner.take(text)? }) {
                continue;
            }
            if level < least {
                self.scanner = before;
                return Ok(None);
            }
            return Ok(Some((level, operator)));
        }
        Ok(None)
    }

    fn combine(&mut self, operator: Binary, left: Node, right: Node) -> Parsed<Node> {
        let (at, within) = (left.at, [left.depth, right.depth]);
        match operator {
            Binary::Or => self.logical(What::Or, left, right),
            Binary::And => self.logical(What::And, left, right),
            Binary::Compare(comparison) => {
                self.kinds.unify(left.kind, right.kind, right.at)?;
                let kind = self.kinds.known(Kind::Bool);
                self.node(What::Compare(comparison, Box::new([left, right])), kind, at, &within)
            }
            Binary::In => {
                self.kinds.expect(right.kind, Kind::List, right.at)?;
                // What is looked for is what all elements are, unless it is known better.
                if let What::Literal(Literal::List(elements)) = &right.what
                    && let Some(kind) = elements.first().and_then(Literal::kind)
                    && elements.iter().all(|element| element.kind() == Some(kind))
                    && self.kinds.get(left.kind).is_none()
                {
                    self.kinds.expect(left.kind, kind, left.at)?;
                }
                let kind = self.kinds.known(Kind::Bool);
                self.node(What::In(Box::new([left, right])), kind, at, &within)
            }
            Binary::Integers(code) => self.arithmetic(code, Some(Kind::Int), vec![left, right]),
            Binary::Floats(code) => self.arithmetic(code, Some(Kind::Float), vec![left, right]),
            Binary::Numbers(code) => self.arithmetic(code, None, vec![left, right]),
            Binary::Regex => Err(Error::new(at, "no regular expression")),
        }
    }

    /// Conditions of one operator are one operation, however many they are.
    fn logical(&mut self, make: fn(Vec<Node>) -> What, left: Node, right: Node) -> Parsed<Node> {
        for operand in [&left, &right] {
            self.kinds.expect(operand.kind, Kind::Bool, operand.at)?;
        }
        let (at, kind, mut deepest) = (left.at, self.kinds.known(Kind::Bool), right.depth);
        let same = std::mem::discriminant(&left.what) == std::mem::discriminant(&make(Vec::new()));
        let mut operands = match left {
            Node { what: What::And(operands) | What::Or(operands), .. } if same => operands,
            left => vec![left],
        };
        operands.push(right);
        deepest = operands.iter().map(|operand| operand.depth).fold(deepest, usize::max);
        self.node(make(operands), kind, at, &[deepest])
    }

    /// An operation on numbers of one type, which is that of the result.
    pub fn arithmetic(
        &mut self,
        code: u64,
        of: Option<Kind>,
        mut operands: Vec<Node>,
    ) -> Parsed<Node> {
        let kind = match of {
            Some(kind) => self.kinds.known(kind),
            None => self.kinds.number(),
        };
        for operand in &operands {
            self.kinds.unify(operand.kind, kind, operand.at)?;
        }
        let at = operands.first().map_or(0, |first| first.at);
        // A chain of one operator is one operation, however long it is.
        if let (20..=22 | 32..=34, [Node { what: What::Arithmetic(same, first), .. }, _]) =
            (code, operands.as_mut_slice())
            && *same == code
            && first.len() > 1
        {
            let mut chain = std::mem::take(first);
            chain.extend(operands.pop());
            operands = chain;
        }
        let within: Vec<_> = operands.iter().map(|operand| operand.depth).collect();
        self.node(What::Arithmetic(code, operands), kind, at, &within)
    }

    fn regex(&mut self, text: Node) -> Parsed<Node> {
        self.kinds.expect(text.kind, Kind::String, text.at)?;
        self.scanner.peek()?;
        let at = self.scanner.at();
        let (pattern, letters) = self.scanner.regex()?;
        let mut flags = 0;
        for letter in letters.chars() {
            flags |= match letter {
                'i' => 1,
                'm' => 2,
                's' => 4,
                _ => return Err(Error::new(at, format!("flag {letter:?}: permitted are i, m, s"))),
            };
        }
        self.regexes += 1;
        if self.regexes > MAX_REGEXES {
            return Err(Error::new(at, format!("more than {MAX_REGEXES} regular expressions")));
        }
        if !text::is_regex(&pattern, flags) {
            return Err(Error::new(
                at,
                "no regular expression, or one of a kind that is not known",
            ));
        }
        let (at, depth, kind) = (text.at, text.depth, self.kinds.known(Kind::Bool));
        self.node(What::Regex { text: Box::new(text), pattern, flags }, kind, at, &[depth])
    }

    fn unary(&mut self) -> Parsed<Node> {
        let sign = self.scanner.peek()?;
        let at = self.scanner.at();
        let operand = match sign {
            Some('-' | '+') => {
                self.scanner.take(if sign == Some('-') { "-" } else { "+" })?;
                if let Some(number) = self.number(sign == Some('-'))? {
                    let node = self.literal_node(number, at)?;
                    return self.methods(node);
                }
                let operand = self.nested(Self::unary)?;
                self.kinds.expect_number(operand.kind, operand.at)?;
                if sign == Some('+') {
                    return Ok(operand);
                }
                self.arithmetic(21, None, vec![operand])?
            }
            Some('~') => {
                self.scanner.take("~")?;
                let operand = self.nested(Self::unary)?;
                self.arithmetic(35, Some(Kind::Int), vec![operand])?
            }
            _ => {
                let primary = self.primary()?;
                return self.methods(primary);
            }
        };
        Ok(Node { at, ..operand })
    }

    pub fn literal_node(&mut self, literal: Literal, at: usize) -> Parsed<Node> {
        let kind = match literal.kind() {
            Some(kind) => self.kinds.known(kind),
            None => self.kinds.unknown(),
        };
        self.node(What::Literal(literal), kind, at, &[])
    }

    fn primary(&mut self) -> Parsed<Node> {
        self.scanner.peek()?;
        let at = self.scanner.at();
        if let Some(literal) = self.plain_literal()? {
            return self.literal_node(literal, at);
        }
        if self.scanner.take("(")? {
            let inner = self.expression()?;
            self.scanner.expect(")")?;
            return Ok(inner);
        }
        if self.scanner.take("@")? {
            return self.element_path(at);
        }
        if self.scanner.take("$")? {
            return if self.scanner.take("{")? { self.variable(at) } else { self.record_path(at) };
        }
        match self.scanner.name()? {
            Some(name @ ("true" | "false")) => self.literal_node(Literal::Bool(name == "true"), at),
            Some("unknown" | "error") => {
                let kind = self.kinds.unknown();
                self.node(What::Unknown, kind, at, &[])
            }
            Some("let") => self.let_in(at),
            Some("when") => self.when(at),
            Some(name) => self.function(name, at),
            None => Err(self.scanner.wrong("a value")),
        }
    }

    fn variable(&mut self, at: usize) -> Parsed<Node> {
        let name = self.scanner.name()?.ok_or_else(|| self.scanner.wrong("a name"))?;
        self.scanner.expect("}")?;
        if self.element.is_some() {
            return Err(Error::new(at, "a variable can't be used in a condition on elements here"));
        }
        let known = self.variables.iter().find(|(known, _)| *known == name);
        let Some(&(_, kind)) = known else {
            return Err(Error::new(at, format!("there is no variable {name:?}")));
        };
        self.node(What::Variable(name.to_owned()), kind, at, &[])
    }

    fn let_in(&mut self, at: usize) -> Parsed<Node> {
        let before = self.variables.len();
        let mut values = Vec::new();
        self.scanner.expect("(")?;
        loop {
            let name = self.scanner.name()?.ok_or_else(|| self.scanner.wrong("a name"))?;
            if self.variables.iter().any(|(known, _)| *known == name) {
                let message = format!("there is a variable {name:?} already");
                return Err(Error::new(self.scanner.at(), message));
            }
            self.scanner.expect("=")?;
            let value = self.expression()?;
            self.variables.push((name, value.kind));
            values.push((name.to_owned(), value));
            if !self.scanner.take(",")? {
                break;
            }
        }
        self.scanner.expect(")")?;
        if !self.scanner.word("then")? {
            return Err(self.scanner.wrong("then"));
        }
        self.scanner.expect("(")?;
        let body = self.expression()?;
        self.scanner.expect(")")?;
        self.variables.truncate(before);
        let mut within: Vec<_> = values.iter().map(|(_, value)| value.depth).collect();
        within.push(body.depth);
        let kind = body.kind;
        self.node(What::Let(values, Box::new(body)), kind, at, &within)
    }

    fn when(&mut self, at: usize) -> Parsed<Node> {
        self.scanner.expect("(")?;
        let kind = self.kinds.unknown();
        let (mut cases, mut within) = (Vec::new(), Vec::new());
        loop {
            let test = match self.scanner.word("default")? {
                true => None,
                false => Some(self.expression()?),
            };
            self.scanner.expect("=>")?;
            let value = self.expression()?;
            if !matches!(value.what, What::Unknown) {
                self.kinds.unify(value.kind, kind, value.at)?;
            }
            within.push(value.depth);
            let Some(test) = test else {
                self.scanner.expect(")")?;
                if cases.is_empty() {
                    return Err(Error::new(at, "when needs a condition before default"));
                }
                return self.node(What::When(cases, Box::new(value)), kind, at, &within);
            };
            self.kinds.expect(test.kind, Kind::Bool, test.at)?;
            within.push(test.depth);
            cases.push([test, value]);
            self.scanner.expect(",")?;
        }
    }
}
