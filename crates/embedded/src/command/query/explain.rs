//! How a query would be carried out: with which index, or with none.

use std::sync::Arc;

use super::fields::{Fields, Where};
use super::{Step, Stepwise};
use crate::ael::{self, Probe, Wanted};
use crate::expression::Expression;
use crate::protocol::message::{Message, field};
use crate::protocol::reply::{Metadata, Reply};
use crate::protocol::{Outcome, ResultCode};
use crate::server::Shared;
use crate::store::index::{Collection, Definition, Index, Source};
use crate::store::{Namespace, SetId};

/// What a query is found to need.
enum Plan {
    /// All records have to be looked at.
    All,
    Index {
        index: Arc<Index>,
        probe: Probe,
    },
    /// No record can meet the condition.
    Nothing,
}

/// The answer to who asks for a plan.
pub struct Explained(Plan);

impl Explained {
    pub fn begin(
        shared: &Shared,
        message: &Message<'_>,
        fields: &Fields<'_>,
        condition: &Where<'_>,
    ) -> Outcome<Explained> {
        let name = message.fields.namespace.ok_or(ResultCode::Namespace)?;
        let namespace = shared.store.namespace(name).ok_or(ResultCode::Namespace)?;
        let tree = condition.parse()?;
        // What can't be carried out has no plan.
        Expression::of_tree(&tree, shared.store.compat)?.into_filter()?;
        let hint = fields.index_name.map(String::from_utf8_lossy);
        if condition.pins_index && hint.is_none() {
            return Err(ResultCode::Parameter);
        }
        let Some(probes) = ael::probes(&tree) else { return Ok(Explained(Plan::Nothing)) };
        let mut usable = usable(namespace, message.fields.set, probes);
        if let Some(hint) = &hint {
            let hinted = usable.iter().position(|(index, _)| index.name() == **hint);
            match hinted {
                Some(at) => return Ok(Explained::with(usable.swap_remove(at))),
                None if condition.pins_index => return Err(ResultCode::IndexNotFound),
                None => {}
            }
        }
        // One value is less than a range; else, what comes first in the text.
        usable.sort_by_key(|(_, probe)| !probe.wanted.is_equality());
        match usable.into_iter().next() {
            Some(best) => Ok(Explained::with(best)),
            None if condition.needs_index => Err(ResultCode::IndexNotFound),
            None => Ok(Explained(Plan::All)),
        }
    }

    fn with((index, probe): (Arc<Index>, Probe)) -> Explained {
        Explained(Plan::Index { index, probe })
    }
}

/// The indexes that answer part of a condition on records of a set, each with what to ask it.
fn usable(namespace: &Namespace, set: &[u8], probes: Vec<Probe>) -> Vec<(Arc<Index>, Probe)> {
    let set = match namespace.sets.find(set) {
        Some(SetId::NONE) => None,
        Some(set) => Some(set),
        // It has no records, and no index of its own.
        None => return Vec::new(),
    };
    let index = |probe: &Probe| {
        let definition = Definition {
            set,
            source: Source::Bin {
                name: probe.bin.as_slice().into(),
                context: probe.context.as_deref().map(Into::into),
            },
            collection: probe.collection,
            kind: probe.wanted.kind(),
        };
        namespace.indexes.by_definition(&definition).filter(|index| index.is_complete())
    };
    probes.into_iter().filter_map(|probe| Some((index(&probe)?, probe))).collect()
}

impl Stepwise for Explained {
    fn answer_some(&mut self, output: &mut Vec<u8>) -> Step {
        let mut reply = Reply::new(output);
        match &self.0 {
            Plan::All => reply.finish(Metadata::default()),
            Plan::Nothing => reply.fail(ResultCode::FilteredOut, Metadata::default()),
            Plan::Index { index, probe } => {
                reply.push_field(field::INDEX_NAME, index.name().as_bytes());
                reply.push_field(field::INDEX_RANGE, &range(probe));
                if probe.collection != Collection::None {
                    reply.push_field(field::INDEX_TYPE, &[probe.collection as u8]);
                }
                reply.finish(Metadata::default());
            }
        }
        Step::Done
    }
}

/// One range, as clients send it: of integers between two, of bytes from one value to itself.
fn range(probe: &Probe) -> Vec<u8> {
    let mut range = vec![1, probe.bin.len() as u8];
    range.extend_from_slice(&probe.bin);
    range.push(probe.wanted.kind().particle());
    let mut push = |bound: &[u8]| {
        range.extend_from_slice(&(bound.len() as u32).to_be_bytes());
        range.extend_from_slice(bound);
    };
    match &probe.wanted {
        Wanted::Integers(low, high) => {
            push(&low.to_be_bytes());
            push(&high.to_be_bytes());
        }
        Wanted::Bytes(_, bytes) => {
            push(bytes);
            push(bytes);
        }
    }
    range
}
