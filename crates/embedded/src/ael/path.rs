//! Paths: to a bin, and on to what is in a list or a map.

use super::kinds::Var;
use super::parse::Parser;
use super::tree::{By, Container, End, Literal, LoopPart, Node, Path, Range, Root, Step, What};
use super::{Error, Parsed};
use crate::expression::Kind;

/// What is said of a record besides its bins: names, the codes of the operations, and types.
const METADATA: [(&str, u64, Kind); 10] = [
    ("deviceSize", 65, Kind::Int),
    ("lastUpdateTime", 66, Kind::Int),
    ("timeSinceLastUpdate", 67, Kind::Int),
    ("voidTime", 68, Kind::Int),
    ("ttl", 69, Kind::Int),
    ("setName", 70, Kind::String),
    ("keyExists", 71, Kind::Bool),
    ("isTombstone", 72, Kind::Bool),
    ("memorySize", 73, Kind::Int),
    ("recordSize", 74, Kind::Int),
];

/// What ends a path.
const ENDS: [(&str, End); 6] = [
    ("getValues", End::Values),
    ("getKeys", End::Keys),
    ("getKeyValues", End::KeyValues),
    ("getTree", End::Tree),
    ("count", End::Count),
    ("exists", End::Exists),
];

/// The longest bin name, in bytes.
const MAX_NAME_SIZE: usize = 15;

impl Parser<'_> {
    /// What follows the sign of the record.
    pub fn record_path(&mut self, at: usize) -> Parsed<Node> {
        self.scanner.expect(".")?;
        if self.element.is_some() {
            return Err(Error::new(at, "a bin can't be read in a condition on elements here"));
        }
        let name = match self.scanner.string()? {
            Some(name) => name,
            None => {
                let name = self.scanner.name()?;
                let name = name.ok_or_else(|| self.scanner.wrong("the name of a bin"))?;
                if self.scanner.sees("(")? {
                    return self.metadata(name, at);
                }
                name.to_owned()
            }
        };
        if !(1..=MAX_NAME_SIZE).contains(&name.len()) || name.contains('\0') {
            let message = format!("the name of a bin has 1 to {MAX_NAME_SIZE} bytes");
            return Err(Error::new(at, message));
        }
        let name = name.into_bytes();
        let mut kind = match self.bins.get(&name) {
            Some(kind) => *kind,
            None => self.kinds.unknown(),
        };
        let before = self.scanner;
        if self.scanner.take(":")? && self.scanner.word("local")? {
            // Of this one place only.
            kind = self.kinds.unknown();
            self.typed(kind, at)?;
        } else {
            self.scanner = before;
            self.bins.insert(name.clone(), kind);
            self.typed(kind, at)?;
        }
        self.path(Root::Bin(name), kind, at)
    }

    fn typed(&mut self, kind: Var, at: usize) -> Parsed<()> {
        match self.suffix()? {
            Some(said) => self.kinds.expect(kind, said, at),
            None => Ok(()),
        }
    }

    fn metadata(&mut self, name: &str, at: usize) -> Parsed<Node> {
        if name == "digestModulo" {
            self.scanner.expect("(")?;
            let modulus = match self.number(false)? {
                Some(Literal::Int(modulus @ 1..=0x7fff_ffff)) => modulus,
                _ => return Err(Error::new(at, "digestModulo() needs a positive integer")),
            };
            self.scanner.expect(")")?;
            let kind = self.kinds.known(Kind::Int);
            return self.node(What::DigestModulo(modulus), kind, at, &[]);
        }
        self.scanner.expect("(")?;
        self.scanner.expect(")")?;
        if name == "key" {
            let kind = self.kinds.unknown();
            self.typed(kind, at)?;
            return self.node(What::Key, kind, at, &[]);
        }
        match METADATA.iter().find(|row| row.0 == name) {
            Some((_, code, kind)) => {
                let kind = self.kinds.known(*kind);
                self.node(What::Metadata(*code), kind, at, &[])
            }
            None => Err(Error::new(at, format!("there is no function {name:?} of records here"))),
        }
    }

    /// What follows the sign of an element.
    pub fn element_path(&mut self, at: usize) -> Parsed<Node> {
        let Some([key, value]) = self.element else {
            return Err(Error::new(at, "there is an element only in a condition on elements"));
        };
        let (part, kind) = if self.scanner.word("key")? {
            (LoopPart::Key, key)
        } else if self.scanner.word("index")? {
            (LoopPart::Index, self.kinds.known(Kind::Int))
        } else {
            (LoopPart::Value, value)
        };
        self.typed(kind, at)?;
        self.path(Root::Element(part), kind, at)
    }

    /// The steps of a path, and what is told of what they lead to.
    fn path(&mut self, root: Root, root_kind: Var, at: usize) -> Parsed<Node> {
        let mut path = Path { root, root_kind, steps: Vec::new(), end: End::Values };
        let mut deepest = 0;
        let mut has_end = false;
        while !has_end {
            let last = path.steps.last().map_or(root_kind, |step: &Step| step.kind);
            let before = self.scanner;
            if let Some(condition) = self.condition(path.steps.last())? {
                deepest = deepest.max(condition.depth);
                if let Some(step) = path.steps.last_mut() {
                    step.condition = Some(condition);
                }
                continue;
            }
            if !self.scanner.take(".")? {
                break;
            }
            if let Some(end) = self.end()? {
                (path.end, has_end) = (end, true);
                continue;
            }
            let Some(step) = self.step(last)? else {
                self.scanner = before;
                break;
            };
            path.steps.push(step);
        }
        self.check(&path, at)?;
        let kind = self.kind_of(&path);
        if matches!((&path.root, path.end), (Root::Bin(_), End::Exists)) && path.steps.is_empty() {
            let Root::Bin(name) = path.root else { return Err(Error::new(at, "no bin")) };
            return self.node(What::BinType(name), kind, at, &[]);
        }
        self.node(What::Path(path), kind, at, &[deepest])
    }

    fn end(&mut self) -> Parsed<Option<End>> {
        let before = self.scanner;
        let name = self.scanner.name()?.unwrap_or_default();
        let end = ENDS.iter().find(|(known, _)| *known == name).map(|(_, end)| *end);
        if end.is_some() && self.scanner.take("(")? {
            self.scanner.expect(")")?;
            return Ok(end);
        }
        self.scanner = before;
        Ok(None)
    }

    /// Selections that nothing can be told of, or not here.
    fn check(&self, path: &Path, at: usize) -> Parsed<()> {
        let walks = path.walks();
        let until_last = path.steps.len().saturating_sub(1);
        for step in path.steps.iter().take(until_last) {
            if !walks && step.by.is_multiple() && !matches!(step.by, By::Value(_)) {
                return Err(Error::new(step.at, "only the last step can lead to several elements"));
            }
        }
        for step in path.steps.iter().filter(|_| walks) {
            let plain = match step.by {
                By::All | By::Index(_) | By::Rank(_) | By::Key(_) | By::Value(_) | By::Keys(_) => {
                    !step.inverted
                }
                _ => false,
            };
            if !plain {
                let message =
                    "such a step can't be together with *, conditions or getKeyValues() here";
                return Err(Error::new(step.at, message));
            }
        }
        let selects = path.steps.last().is_some_and(|step| step.by.is_multiple());
        if matches!(path.end, End::Keys | End::KeyValues | End::Tree) && !walks && !selects {
            return Err(Error::new(at, "one value has no keys: use a step to several elements"));
        }
        Ok(())
    }

    fn kind_of(&mut self, path: &Path) -> Var {
        let last = path.steps.last();
        match path.end {
            End::Values if path.walks() => self.kinds.known(Kind::List),
            End::Values => match last {
                None => path.root_kind,
                Some(step) if step.by.is_multiple() => self.kinds.known(Kind::List),
                Some(step) => step.kind,
            },
            End::Keys | End::KeyValues => self.kinds.known(Kind::List),
            End::Tree if path.walks() => path.root_kind,
            End::Tree => match last.and_then(|step| step.container) {
                Some(Container::Map) => self.kinds.known(Kind::Map),
                _ => self.kinds.known(Kind::List),
            },
            End::Count => self.kinds.known(Kind::Int),
            End::Exists => self.kinds.known(Kind::Bool),
        }
    }

    /// A condition on the elements that the last step leads to, if one comes next.
    fn condition(&mut self, last: Option<&Step>) -> Parsed<Option<Node>> {
        let Some(step) = last.filter(|step| step.condition.is_none()) else { return Ok(None) };
        let before = self.scanner;
        let is_condition = match &step.by {
            By::All => self.scanner.take("[")? && self.scanner.take("?")?,
            _ => self.scanner.take("&")? && self.scanner.take("[")? && self.scanner.take("?")?,
        };
        if !is_condition {
            self.scanner = before;
            return Ok(None);
        }
        if self.element.is_some() {
            let message = "a condition on elements can't be within another";
            return Err(Error::new(self.scanner.at(), message));
        }
        let key = self.kinds.unknown();
        self.element = Some([key, step.kind]);
        let condition = self.argument();
        self.element = None;
        let condition = condition?;
        self.kinds.expect(condition.kind, Kind::Bool, condition.at)?;
        self.scanner.expect("]")?;
        Ok(Some(condition))
    }

    /// An expression in parentheses.
    fn argument(&mut self) -> Parsed<Node> {
        self.scanner.expect("(")?;
        let argument = self.expression()?;
        self.scanner.expect(")")?;
        Ok(argument)
    }

    /// A step in something of type `from`; `None` if a function comes next.
    fn step(&mut self, from: Var) -> Parsed<Option<Step>> {
        let next = self.scanner.peek()?;
        let at = self.scanner.at();
        let (by, container, inverted) = match next {
            Some('*') => {
                self.scanner.take("*")?;
                (By::All, None, false)
            }
            Some('{') => self.selector(Container::Map)?,
            Some('[') => self.selector(Container::List)?,
            _ => {
                let key = match self.scanner.string()? {
                    Some(key) => key,
                    None => match self.scanner.name()? {
                        Some(name) => name.to_owned(),
                        None => return Err(self.scanner.wrong("a key, a selector, or *")),
                    },
                };
                if self.scanner.sees("(")? {
                    return Ok(None);
                }
                (By::Key(Literal::String(key)), Some(Container::Map), false)
            }
        };
        match container {
            Some(Container::List) => self.kinds.expect(from, Kind::List, at)?,
            Some(Container::Map) => self.kinds.expect(from, Kind::Map, at)?,
            None => {}
        }
        let kind = self.kinds.unknown();
        self.typed(kind, at)?;
        Ok(Some(Step { by, container, inverted, condition: None, kind, at }))
    }

    /// What is between braces or brackets: `!` for all others, then `@`, `=`, `#` or nothing for
    /// keys, values, ranks and indexes.
    fn selector(&mut self, container: Container) -> Parsed<(By, Option<Container>, bool)> {
        let (open, close) = match container {
            Container::List => ("[", "]"),
            Container::Map => ("{", "}"),
        };
        self.scanner.expect(open)?;
        self.scanner.peek()?;
        let at = self.scanner.at();
        let inverted = self.scanner.take("!")?;
        let by = if container == Container::Map && self.scanner.take("@")? {
            self.elements(close, By::Key, By::Keys, By::KeyRange)?
        } else if self.scanner.take("=")? {
            self.elements(close, By::Value, By::Values, By::ValueRange)?
        } else if self.scanner.take("#")? {
            self.positions(container, By::Rank, By::RankRange, By::FromValue)?
        } else if container == Container::Map && self.begins_with_name()? {
            self.elements(close, By::Key, By::Keys, By::KeyRange)?
        } else {
            self.positions(container, By::Index, By::IndexRange, By::FromKey)?
        };
        self.scanner.expect(close)?;
        if inverted && matches!(by, By::Index(_) | By::Rank(_) | By::Key(_)) {
            return Err(Error::new(
                at,
                "of one element there are no others: use a range or a list",
            ));
        }
        Ok((by, Some(container), inverted))
    }

    /// Whether a name or a string comes next: keys of a list of them need no sign.
    fn begins_with_name(&mut self) -> Parsed<bool> {
        let next = self.scanner.peek()?;
        Ok(next.is_some_and(|next| next.is_ascii_alphabetic() || "_'\"".contains(next)))
    }

    /// One element, a list of them, or a range.
    fn elements(
        &mut self,
        close: &str,
        one: fn(Literal) -> By,
        several: fn(Vec<Literal>) -> By,
        range: fn(Option<Literal>, Option<Literal>) -> By,
    ) -> Parsed<By> {
        if self.scanner.take(":")? {
            return Ok(range(None, Some(self.element()?)));
        }
        let first = self.element()?;
        if self.scanner.take(":")? {
            let end = if self.scanner.sees(close)? { None } else { Some(self.element()?) };
            return Ok(range(Some(first), end));
        }
        if !self.scanner.sees(",")? {
            return Ok(one(first));
        }
        let mut elements = vec![first];
        while self.scanner.take(",")? && !self.scanner.sees(close)? {
            elements.push(self.element()?);
        }
        Ok(several(elements))
    }

    /// One position or a range of them, which may be counted from where an element is.
    fn positions(
        &mut self,
        container: Container,
        one: fn(i64) -> By,
        range: fn(Range) -> By,
        from: fn(Range, Literal) -> By,
    ) -> Parsed<By> {
        self.scanner.peek()?;
        let at = self.scanner.at();
        let start = self.position()?;
        if !self.scanner.take(":")? {
            return match start {
                Some(start) if self.scanner.take(",")? => {
                    Ok(range(Range { start, count: Some(1) }))
                }
                Some(start) => Ok(one(start)),
                None => Err(self.scanner.wrong("a position")),
            };
        }
        let end = self.position()?;
        let start = start.unwrap_or(0);
        if self.scanner.take("~")? {
            let count = end.map(|end| u64::try_from(end.saturating_sub(start)).unwrap_or(0));
            let by = from(Range { start, count }, self.element()?);
            return match by {
                By::FromKey(..) if container == Container::List => {
                    Err(Error::new(at, "a list has no keys to count from"))
                }
                by => Ok(by),
            };
        }
        let count = match end {
            None => None,
            Some(end) if (start < 0) == (end < 0) => {
                Some(u64::try_from(end.saturating_sub(start)).unwrap_or(0))
            }
            Some(_) => {
                let message = "a range must begin and end on the same side of zero here";
                return Err(Error::new(at, message));
            }
        };
        Ok(range(Range { start, count }))
    }

    fn position(&mut self) -> Parsed<Option<i64>> {
        let at = self.scanner.at();
        match self.signed_number()? {
            None => Ok(None),
            Some(Literal::Int(position)) => Ok(Some(position)),
            Some(_) => Err(Error::new(at, "a position is an integer")),
        }
    }
}

impl Path {
    /// Whether it goes on to several elements at once, or by conditions; or tells keys with values,
    /// one after the other, as only such paths do.
    pub fn walks(&self) -> bool {
        let walks = |step: &Step| matches!(step.by, By::All) || step.condition.is_some();
        self.end == End::KeyValues || self.steps.iter().any(walks)
    }
}
