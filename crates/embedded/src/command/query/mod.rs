//! Queries: commands on all records of some partitions, or on those that an index finds.

mod aggregation;
mod background;
mod condition;
mod explain;
mod fields;
mod foreground;
pub mod jobs;
mod walk;

use std::sync::Arc;
use std::time::Duration;

use crate::protocol::message::{Message, info2};
use crate::protocol::{Outcome, ResultCode};
use crate::security::{Caller, Direction, RunningQuery};
use crate::server::Shared;
use crate::store::counters::QueryKind;
use crate::store::{Namespace, SetId};

use aggregation::Aggregation;
use condition::Condition;
use explain::Explained;
use fields::{Fields, Where};
use foreground::Query;
use jobs::About;

/// The longest set name, in bytes.
const MAX_SET_NAME_SIZE: usize = 63;

/// Begins a query. One in the background goes on by itself and has no answer but that it began.
pub fn begin<'a>(
    shared: &'a Arc<Shared>,
    caller: &Caller,
    body: &'a [u8],
    message: &Message<'a>,
) -> Outcome<Option<Box<dyn Stepwise + Send + 'a>>> {
    caller.may_query(message)?;
    let fields = Fields::parse(body).ok_or(ResultCode::Parameter)?;
    let filter = Where::of(message, shared.store.compat)?;
    if let Some(filter) = filter.as_ref().filter(|filter| filter.explains) {
        return Ok(Some(Box::new(Explained::begin(shared, message, &fields, filter)?)));
    }
    // The plan of a query is one of reading records.
    let plans = filter.is_some();
    let records_per_second = fields.records_per_second()?;
    let running = |direction| caller.query(direction, records_per_second);
    const AGGREGATE: &[u8] = &[1];
    const BACKGROUND: &[u8] = &[2];
    let is_udf = message.fields.udf_module.is_some();
    match fields.udf_op {
        _ if plans && (is_udf || message.has_info2(info2::WRITE)) => {
            return Err(ResultCode::Parameter);
        }
        Some(AGGREGATE) if is_udf => {
            let query = Aggregation::begin(shared, message, &fields)?;
            return Ok(Some(Box::new(Counted { query, _running: running(Direction::Read)? })));
        }
        Some(BACKGROUND) if is_udf => {}
        _ if is_udf => return Err(ResultCode::Parameter),
        _ if message.has_info2(info2::WRITE) => {}
        _ => {
            let query = Query::begin(shared, message, &fields, filter.as_ref())?;
            return Ok(Some(Box::new(Counted { query, _running: running(Direction::Read)? })));
        }
    }
    background::begin(shared, body, message, &fields, || running(Direction::Write))?;
    Ok(None)
}

/// A query that counts toward its user's quota.
struct Counted<T> {
    query: T,
    _running: Option<RunningQuery>,
}

impl<T: Stepwise> Stepwise for Counted<T> {
    fn answer_some(&mut self, output: &mut Vec<u8>) -> Step {
        self.query.answer_some(output)
    }
}

/// What is to be done next for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    GoOn,
    /// Not to be faster than the client wants.
    Wait(Duration),
    Done,
}

/// An answer that is made step by step.
pub trait Stepwise {
    /// Appends some of the answer.
    fn answer_some(&mut self, output: &mut Vec<u8>) -> Step;
}

/// Which records a query is about.
#[derive(Debug)]
struct Selection {
    namespace: Arc<Namespace>,
    /// `None`: in any set.
    set: Option<SetId>,
    condition: Option<Condition>,
}

impl Selection {
    /// `None`: there is no set of the name, and so no record.
    fn parse(
        shared: &Shared,
        message: &Message<'_>,
        fields: &Fields<'_>,
    ) -> Outcome<Option<Selection>> {
        let name = message.fields.namespace.ok_or(ResultCode::Namespace)?;
        let namespace = shared.store.namespace(name).ok_or(ResultCode::Namespace)?;
        let set_name = message.fields.set;
        if set_name.len() > MAX_SET_NAME_SIZE {
            return Err(ResultCode::Parameter);
        }
        let id = namespace.sets.find(set_name);
        let set = id.filter(|id| *id != SetId::NONE);
        let condition = Condition::parse(fields, namespace, set)?;
        let selection = Selection { namespace: Arc::clone(namespace), set, condition };
        Ok(id.is_some().then_some(selection))
    }
}

impl Selection {
    fn note_end(&self, kind: QueryKind, code: ResultCode) {
        self.namespace.counters.note_query(self.condition.is_some(), kind, code);
    }
}

/// What is told of a query of this kind.
fn about(
    kind: &'static str,
    message: &Message<'_>,
    selection: Option<&Selection>,
    records_per_second: u32,
) -> About {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    About {
        kind,
        namespace: text(message.fields.namespace.unwrap_or_default()),
        set: text(message.fields.set),
        index: selection.and_then(|s| s.condition.as_ref()).map(|c| c.index.name()),
        partitions: 0,
        resumed: 0,
        records_per_second,
        more: String::new(),
    }
}
