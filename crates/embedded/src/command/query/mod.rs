//! Queries: commands on all records of some partitions, or on those that an index finds.

mod background;
mod condition;
mod fields;
mod foreground;
pub mod jobs;
mod walk;

use std::sync::Arc;

use crate::protocol::message::{Message, Op, info2, op};
use crate::protocol::{Outcome, ResultCode};
use crate::server::Shared;
use crate::store::{Namespace, SetId};

use condition::Condition;
use fields::Fields;
pub use foreground::{Query, Step};
use jobs::About;

/// The longest set name, in bytes.
const MAX_SET_NAME_SIZE: usize = 63;

/// Begins a query. One in the background goes on by itself and has no answer but that it began.
pub fn begin<'a>(
    shared: &Arc<Shared>,
    body: &'a [u8],
    message: &Message<'a>,
) -> Outcome<Option<Query<'a>>> {
    let fields = Fields::parse(body).ok_or(ResultCode::Parameter)?;
    if message.fields.has_udf {
        return Err(ResultCode::UnsupportedFeature);
    }
    if message.has_info2(info2::WRITE) {
        background::begin(shared, body, message, &fields)?;
        return Ok(None);
    }
    Query::begin(shared, message, &fields).map(Some)
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

fn is_read(op: &Op<'_>) -> bool {
    matches!(op.code, op::READ | op::CDT_READ | op::BITS_READ | op::HLL_READ | op::EXP_READ)
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
