//! What of a condition an index can answer: comparisons, and that something is in a collection, as
//! far as records that meet the condition must meet them.

use super::pack_path;
use super::tree::{By, Container, End, Literal, Node, Path, Root, Step, Tree, What};
use crate::expression::Comparison;
use crate::store::index::{Collection, MAX_KEY_SIZE, ValueKind};

/// What is asked of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    pub bin: Vec<u8>,
    /// The steps from the bin to what is indexed.
    pub context: Option<Vec<u8>>,
    pub collection: Collection,
    pub wanted: Wanted,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// From one to another, both included.
    Integers(i64, i64),
    Bytes(ValueKind, Vec<u8>),
}

impl Wanted {
    pub fn kind(&self) -> ValueKind {
        match self {
            Wanted::Integers(..) => ValueKind::Integer,
            Wanted::Bytes(kind, _) => *kind,
        }
    }

    /// Whether it is one value.
    pub fn is_equality(&self) -> bool {
        match self {
            Wanted::Integers(low, high) => low == high,
            Wanted::Bytes(..) => true,
        }
    }

    fn equal(literal: &Literal) -> Option<Wanted> {
        let bytes = |kind, bytes: &[u8]| {
            (bytes.len() < MAX_KEY_SIZE).then(|| Wanted::Bytes(kind, bytes.to_vec()))
        };
        match literal {
            Literal::Int(number) => Some(Wanted::Integers(*number, *number)),
            Literal::String(text) => bytes(ValueKind::String, text.as_bytes()),
            Literal::Blob(blob) => bytes(ValueKind::Blob, blob),
            _ => None,
        }
    }

    /// The integers of a range that ends before its end.
    fn between(start: Option<&Literal>, end: Option<&Literal>) -> Option<Wanted> {
        let (low, high) = match (start, end) {
            (Some(Literal::Int(start)), Some(Literal::Int(end))) => (*start, end.checked_sub(1)?),
            (Some(Literal::Int(start)), None) => (*start, i64::MAX),
            (None, Some(Literal::Int(end))) => (i64::MIN, end.checked_sub(1)?),
            _ => return None,
        };
        (low <= high).then_some(Wanted::Integers(low, high))
    }
}

/// What can be asked of indexes, in the order in which the text has it; `None` if no record can
/// meet the condition.
pub fn probes(tree: &Tree) -> Option<Vec<Probe>> {
    let mut found: Vec<Probe> = Vec::new();
    for condition in conjuncts(&tree.root) {
        let Some((probe, is_possible)) = of_condition(condition) else { continue };
        if !is_possible {
            return None;
        }
        let same = found.iter_mut().find(|known| {
            (&known.bin, &known.context, known.collection)
                == (&probe.bin, &probe.context, probe.collection)
        });
        // One element of a collection may meet one condition and another one the other.
        match (same, &probe) {
            (
                Some(Probe { wanted: Wanted::Integers(low, high), .. }),
                Probe {
                    wanted: Wanted::Integers(above, below), collection: Collection::None, ..
                },
            ) => {
                (*low, *high) = ((*low).max(*above), (*high).min(*below));
                if low > high {
                    return None;
                }
            }
            _ => found.push(probe),
        }
    }
    Some(found)
}

/// The conditions all of which must be met.
fn conjuncts(node: &Node) -> Vec<&Node> {
    match &node.what {
        What::And(operands) => operands.iter().flat_map(conjuncts).collect(),
        _ => vec![node],
    }
}

/// What a condition asks, and whether anything can meet it.
fn of_condition(node: &Node) -> Option<(Probe, bool)> {
    match &node.what {
        What::Path(path) if path.end == End::Exists => Some((within(path)?, true)),
        What::In(operands) => {
            let [value, list] = &**operands;
            match (&value.what, &list.what) {
                (What::Literal(literal), What::Path(path)) if path.end == End::Values => {
                    let wanted = Wanted::equal(literal)?;
                    Some((to(path, &path.steps, Collection::List, wanted)?, true))
                }
                _ => None,
            }
        }
        What::GeoCompare(places) => {
            let [one, other] = &**places;
            match (&one.what, &other.what) {
                (What::Path(path), What::Literal(Literal::Geo(place)))
                | (What::Literal(Literal::Geo(place)), What::Path(path)) => {
                    let wanted = Wanted::Bytes(ValueKind::GeoJson, place.as_bytes().to_vec());
                    Some((to(path, &path.steps, Collection::None, wanted)?, true))
                }
                _ => None,
            }
        }
        What::Compare(comparison, operands) => {
            let [left, right] = &**operands;
            match (&left.what, &right.what) {
                (What::GeoCompare(_), What::Literal(Literal::Bool(true)))
                    if *comparison == Comparison::Equal =>
                {
                    of_condition(left)
                }
                (What::Path(path), What::Literal(literal)) => compared(path, *comparison, literal),
                (What::Literal(literal), What::Path(path)) => {
                    compared(path, mirrored(*comparison), literal)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        same => same,
    }
}

fn compared(path: &Path, comparison: Comparison, literal: &Literal) -> Option<(Probe, bool)> {
    match (path.end, literal) {
        (End::Exists, Literal::Bool(true)) if comparison == Comparison::Equal => {
            Some((within(path)?, true))
        }
        (End::Count, Literal::Int(least)) => {
            let is_there = match comparison {
                Comparison::Greater => *least >= 0,
                Comparison::GreaterOrEqual | Comparison::Equal => *least >= 1,
                _ => false,
            };
            let selects = path.steps.last().is_some_and(|step| step.by.is_multiple());
            if is_there && selects { Some((within(path)?, true)) } else { None }
        }
        (End::Values, _) => {
            let (wanted, is_possible) = asked(comparison, literal)?;
            Some((to(path, &path.steps, Collection::None, wanted)?, is_possible))
        }
        _ => None,
    }
}

fn asked(comparison: Comparison, literal: &Literal) -> Option<(Wanted, bool)> {
    let (low, high) = match (comparison, literal) {
        (Comparison::Equal, literal) => return Some((Wanted::equal(literal)?, true)),
        (Comparison::Greater, Literal::Int(number)) => (number.checked_add(1), Some(i64::MAX)),
        (Comparison::GreaterOrEqual, Literal::Int(number)) => (Some(*number), Some(i64::MAX)),
        (Comparison::Less, Literal::Int(number)) => (Some(i64::MIN), number.checked_sub(1)),
        (Comparison::LessOrEqual, Literal::Int(number)) => (Some(i64::MIN), Some(*number)),
        _ => return None,
    };
    match (low, high) {
        (Some(low), Some(high)) => Some((Wanted::Integers(low, high), true)),
        _ => Some((Wanted::Integers(0, 0), false)),
    }
}

/// That the last step of a path leads to something.
fn within(path: &Path) -> Option<Probe> {
    let (last, before) = path.steps.split_last()?;
    if last.inverted {
        return None;
    }
    let values = match last.container? {
        Container::List => Collection::List,
        Container::Map => Collection::MapValues,
    };
    let (collection, wanted) = match &last.by {
        By::Key(key) => (Collection::MapKeys, Wanted::equal(key)?),
        By::Value(value) => (values, Wanted::equal(value)?),
        By::KeyRange(start, end) => {
            (Collection::MapKeys, Wanted::between(start.as_ref(), end.as_ref())?)
        }
        By::ValueRange(start, end) => (values, Wanted::between(start.as_ref(), end.as_ref())?),
        _ => return None,
    };
    to(path, before, collection, wanted)
}

/// That something is where the steps lead, of which each leads to one element.
fn to(path: &Path, steps: &[Step], collection: Collection, wanted: Wanted) -> Option<Probe> {
    let Root::Bin(bin) = &path.root else { return None };
    if path.walks() {
        return None;
    }
    let context = if steps.is_empty() { None } else { Some(pack_path::context(steps.iter())?) };
    Some(Probe { bin: bin.clone(), context, collection, wanted })
}
