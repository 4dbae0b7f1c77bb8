//! From the paths of a tree to operations on lists and maps.

use super::pack::{Packer, code, number, push_literal, system};
use super::tree::{By, Container, End, Literal, LoopPart, Node, Path, Range, Root, Step};
use super::{Error, Parsed};
use crate::cdt::{PATH_OPERATION, WITH_CONTEXT, step};
use crate::expression::Kind;
use crate::msgpack::write;
use crate::particle::kind as particle;

/// The operations that tell the size of a list and of a map.
const LIST_SIZE: u64 = 16;
const MAP_SIZE: u64 = 96;

/// What is told of a selection.
mod told {
    pub const COUNT: u64 = 5;
    pub const KEYS: u64 = 6;
    pub const VALUES: u64 = 7;
    pub const EXISTS: u64 = 13;
    pub const ORDERED_MAP: u64 = 17;
    pub const INVERTED: u64 = 0x10000;
}

/// The steps of a context, as definitions of indexes have it.
pub fn context<'s>(steps: impl ExactSizeIterator<Item = &'s Step>) -> Option<Vec<u8>> {
    let mut output = Vec::new();
    push_context(&mut output, steps).ok()?;
    Some(output)
}

fn push_context<'s>(
    output: &mut Vec<u8>,
    steps: impl ExactSizeIterator<Item = &'s Step>,
) -> Parsed<()> {
    write::list(output, steps.len() * 2, 0);
    for step in steps {
        let container = match step.container {
            Some(Container::List) => step::LIST,
            Some(Container::Map) => step::MAP,
            None => 0,
        };
        let base = match &step.by {
            By::Index(_) => step::INDEX,
            By::Rank(_) => step::RANK,
            By::Key(_) => step::KEY,
            By::Value(_) => step::VALUE,
            _ => return Err(Error::new(step.at, "no step to one element")),
        };
        write::unsigned(output, container | base);
        match &step.by {
            By::Index(position) | By::Rank(position) => write::integer(output, *position),
            By::Key(element) | By::Value(element) => push_literal(output, element),
            _ => {}
        }
    }
    Ok(())
}

impl Packer<'_> {
    fn root(&mut self, path: &Path, kind: Kind) {
        match &path.root {
            Root::Bin(name) => {
                self.begin(code::BIN, 2);
                self.unsigned(number(kind));
                write::raw(&mut self.output, name);
            }
            Root::Element(part) => {
                self.begin(code::ELEMENT, 2);
                self.unsigned(number(kind));
                self.unsigned(match part {
                    LoopPart::Key => 0,
                    LoopPart::Value => 1,
                    LoopPart::Index => 2,
                });
            }
        }
    }

    pub fn path(&mut self, path: &Path, node: &Node) -> Parsed<()> {
        if path.walks() {
            return self.walk(path, node);
        }
        let Some((last, before)) = path.steps.split_last() else { return self.whole(path, node) };
        let root = self.kind(path.root_kind, node.at)?;
        let result = self.kind(node.kind, last.at)?;
        self.call(result, system::COLLECTION);
        let counts_in = path.end == End::Count && !last.by.is_multiple();
        let context = if counts_in { path.steps.as_slice() } else { before };
        if !context.is_empty() {
            self.begin(WITH_CONTEXT, 2);
            push_context(&mut self.output, context.iter())?;
        }
        if counts_in {
            let size = size_of(self.kind(last.kind, last.at)?, last.at)?;
            self.begin(size, 0);
        } else {
            let told = match path.end {
                End::Values | End::KeyValues => told::VALUES,
                End::Keys => told::KEYS,
                End::Tree if last.container == Some(Container::Map) => told::ORDERED_MAP,
                End::Tree => told::VALUES,
                End::Count => told::COUNT,
                End::Exists => told::EXISTS,
            };
            self.select(last, told | if last.inverted { told::INVERTED } else { 0 });
        }
        self.root(path, root);
        Ok(())
    }

    /// A bin or an element as a whole.
    fn whole(&mut self, path: &Path, node: &Node) -> Parsed<()> {
        if path.end != End::Count {
            if path.end != End::Values {
                return Err(Error::new(node.at, "there is an element here, whatever it is"));
            }
            let kind = self.kind(path.root_kind, node.at)?;
            self.root(path, kind);
            return Ok(());
        }
        let sizes = [(Kind::List, particle::LIST), (Kind::Map, particle::MAP)];
        match (self.kinds.get(path.root_kind), &path.root) {
            (Some(kind), _) => self.size(path, kind, node.at),
            // Whichever of the two it is in a record.
            (None, Root::Bin(name)) => {
                self.begin(code::WHEN, 5);
                for (kind, particle) in sizes {
                    self.begin(code::EQUAL, 2);
                    self.bin_type(name);
                    self.unsigned(u64::from(particle));
                    self.size(path, kind, node.at)?;
                }
                self.begin(code::UNKNOWN, 0);
                Ok(())
            }
            (None, Root::Element(_)) => Err(Error::new(node.at, "say whether it is a LIST or MAP")),
        }
    }

    fn size(&mut self, path: &Path, kind: Kind, at: usize) -> Parsed<()> {
        let size = size_of(kind, at)?;
        self.call(Kind::Int, system::COLLECTION);
        self.begin(size, 0);
        self.root(path, kind);
        Ok(())
    }

    /// The operation that selects by the last step.
    fn select(&mut self, step: &Step, told: u64) {
        let (of_list, of_map) = match &step.by {
            By::Index(_) => (19, 98),
            By::Rank(_) => (21, 100),
            By::Key(_) => (0, 97),
            By::Value(_) => (22, 102),
            By::IndexRange(_) => (24, 104),
            By::RankRange(_) => (26, 106),
            By::Keys(_) => (0, 107),
            By::Values(_) => (23, 108),
            By::KeyRange(..) => (0, 103),
            By::ValueRange(..) => (25, 105),
            By::FromKey(..) => (0, 109),
            By::FromValue(..) => (27, 110),
            By::All => (0, 0),
        };
        let code = if step.container == Some(Container::List) { of_list } else { of_map };
        let arguments = match &step.by {
            By::IndexRange(range) | By::RankRange(range) => 1 + usize::from(range.count.is_some()),
            By::KeyRange(_, end) | By::ValueRange(_, end) => 1 + usize::from(end.is_some()),
            By::FromKey(range, _) | By::FromValue(range, _) => {
                2 + usize::from(range.count.is_some())
            }
            _ => 1,
        };
        self.begin(code, arguments + 1);
        self.unsigned(told);
        match &step.by {
            By::Index(position) | By::Rank(position) => write::integer(&mut self.output, *position),
            By::Key(element) | By::Value(element) => self.literal(element),
            By::IndexRange(range) | By::RankRange(range) => self.range(range),
            By::Keys(elements) | By::Values(elements) => {
                self.literal(&Literal::List(elements.clone()));
            }
            By::KeyRange(start, end) | By::ValueRange(start, end) => {
                self.literal(start.as_ref().unwrap_or(&Literal::Nil));
                if let Some(end) = end {
                    self.literal(end);
                }
            }
            By::FromKey(range, element) | By::FromValue(range, element) => {
                self.literal(element);
                self.range(range);
            }
            By::All => {}
        }
    }

    fn range(&mut self, range: &Range) {
        write::integer(&mut self.output, range.start);
        if let Some(count) = range.count {
            self.unsigned(count);
        }
    }

    /// A path that goes on to several elements at once.
    fn walk(&mut self, path: &Path, node: &Node) -> Parsed<()> {
        const VALUES: u64 = 1;
        let (result, flags) = match path.end {
            End::Values | End::Count | End::Exists => (Kind::List, VALUES),
            End::Keys => (Kind::List, 2),
            End::KeyValues => (Kind::List, 3),
            End::Tree => (self.kind(path.root_kind, node.at)?, 0),
        };
        if path.end == End::Exists {
            self.begin(code::GREATER, 2);
        }
        if matches!(path.end, End::Count | End::Exists) {
            self.call(Kind::Int, system::COLLECTION);
            self.begin(LIST_SIZE, 0);
        }
        let root = self.kind(path.root_kind, node.at)?;
        self.call(result, system::COLLECTION);
        self.begin(PATH_OPERATION, 2);
        let conditions = path
            .steps
            .iter()
            .filter(|step| step.condition.is_some() && !matches!(step.by, By::All));
        write::list(&mut self.output, (path.steps.len() + conditions.count()) * 2, 0);
        for step in &path.steps {
            self.walked(step)?;
        }
        self.unsigned(flags);
        self.root(path, root);
        if path.end == End::Exists {
            self.unsigned(0);
        }
        Ok(())
    }

    fn walked(&mut self, step: &Step) -> Parsed<()> {
        match &step.by {
            By::All => {
                self.unsigned(step::EXPRESSION);
                return match &step.condition {
                    Some(condition) => self.node(condition),
                    None => {
                        push_literal(&mut self.output, &Literal::Bool(true));
                        Ok(())
                    }
                };
            }
            By::Keys(keys) => {
                self.unsigned(step::MAP | step::KEYS);
                push_literal(&mut self.output, &Literal::List(keys.clone()));
            }
            _ => {
                let mut one = Vec::new();
                push_context(&mut one, std::iter::once(step))?;
                // Without the header of a context of its own.
                self.output.extend_from_slice(one.get(1..).unwrap_or_default());
            }
        }
        if let Some(condition) = &step.condition {
            self.unsigned(step::AND | step::EXPRESSION);
            self.node(condition)?;
        }
        Ok(())
    }
}

fn size_of(kind: Kind, at: usize) -> Parsed<u64> {
    match kind {
        Kind::List => Ok(LIST_SIZE),
        Kind::Map => Ok(MAP_SIZE),
        _ => Err(Error::new(at, "count() is of lists and maps")),
    }
}
