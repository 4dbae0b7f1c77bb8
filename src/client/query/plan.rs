//! How the server would carry out a query whose condition is text, which it compiles.

use std::ffi::CStr;
use std::sync::OnceLock;

use aerospike_core as core;
use core::expressions::{Expression, from_ael};
use core::policy::QueryPolicy;
use core::query::{CollectionIndexType, Filter, QueryPlan as CorePlan, QuerySelection};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt, PyString};

use super::statement::place_from_py;
use crate::client::docs::query as docs;
use crate::client::task::Input;
use crate::client::verb::Verb;
use crate::convert::policy::{Looking, patch_query};
use crate::convert::predicate::COLLECTIONS;
use crate::convert::text::required_utf8;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Signature, optional, required};
use crate::interp::class::{Class, This};
use crate::interp::gc::Visitor;
use crate::interp::method::{Context, Method, Row, Table};
use crate::interp::property::{Properties, Property, PropertyRow, Shown};
use crate::observe::Subject;
use crate::state::State;

/// Flags of a request for a plan.
const EXPLAIN: u8 = 1 << 1;
const NEEDS_INDEX: u8 = 1 << 2;
const PINS_INDEX: u8 = 1 << 3;

/// A plan, as Python sees it.
pub struct QueryPlan {
    core: CorePlan,
    ael: String,
}

/// What a query needs to follow a plan.
pub struct Course {
    /// The index to look in; none to look at all records.
    pub filter: Option<Filter>,
    pub condition: Condition,
}

/// The whole condition of a plan, which the server compiles anew.
pub struct Condition {
    pub expression: Expression,
    /// Whether no record can meet it.
    pub is_vain: bool,
}

impl QueryPlan {
    pub fn is_for(&self, namespace: &str, set: &str) -> bool {
        self.core.namespace() == namespace && self.core.set_name().unwrap_or_default() == set
    }

    pub fn course(&self) -> core::Result<Course> {
        let (expression, is_vain) = (from_ael(&self.ael)?, self.core.is_filtered_out());
        let condition = Condition { expression, is_vain };
        Ok(Course { filter: self.core.filter_for_execute()?, condition })
    }

    fn selection(&self) -> &'static str {
        match self.core.selection() {
            QuerySelection::PrimaryIndex => "primary_index",
            QuerySelection::SecondaryIndex => "secondary_index",
            QuerySelection::FilteredOut => "filtered_out",
        }
    }
}

impl Class for QueryPlan {
    type State = State;
    const NAME: &'static CStr = c"aerospike_py.QueryPlan";
    const DOC: &'static str = docs::QUERY_PLAN;

    fn methods() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Table::new([Row::method::<QueryPlan, NoPickle>()]))
    }

    fn traverse(&self, _visitor: &mut Visitor) {}

    fn clear(&self) {}
}

impl Shown for QueryPlan {
    fn properties() -> &'static Properties {
        static PROPERTIES: OnceLock<Properties> = OnceLock::new();
        PROPERTIES.get_or_init(|| {
            Properties::new([
                PropertyRow::of::<QueryPlan, Namespace>(),
                PropertyRow::of::<QueryPlan, SetName>(),
                PropertyRow::of::<QueryPlan, Ael>(),
                PropertyRow::of::<QueryPlan, Selection>(),
                PropertyRow::of::<QueryPlan, IndexName>(),
                PropertyRow::of::<QueryPlan, IndexType>(),
                PropertyRow::of::<QueryPlan, IndexRange>(),
            ])
        })
    }

    fn show(&self) -> String {
        let index = self.core.index_name().map(|name| format!(", index_name={name:?}"));
        let (selection, index) = (self.selection(), index.unwrap_or_default());
        format!("QueryPlan(ael={:?}, selection={selection:?}{index})", self.ael)
    }
}

/// Declares properties that return what their bodies do.
macro_rules! properties {
    ($($property:ident $name:literal $doc:literal |$py:ident, $plan:ident| $body:expr;)+) => {$(
        struct $property;

        impl Property<QueryPlan> for $property {
            const NAME: &'static str = $name;
            const DOC: &'static str = $doc;

            fn get<'py>(
                context: &Context<'_, 'py, State>,
                this: This<'_, 'py, QueryPlan>,
            ) -> PyResult<Bound<'py, PyAny>> {
                let ($py, $plan) = (context.py, this.data);
                $body
            }
        }
    )+};
}

fn text<'py>(py: Python<'py>, text: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
    Ok(match text {
        Some(text) => PyString::new(py, text).into_any(),
        None => py.None().into_bound(py),
    })
}

properties! {
    Namespace "namespace" "The namespace that is queried."
        |py, plan| text(py, Some(plan.core.namespace()));
    SetName "set_name" "The set that is queried; None is all of them."
        |py, plan| text(py, plan.core.set_name());
    Ael "ael" "The condition." |py, plan| text(py, Some(&plan.ael));
    Selection "selection"
        "\"secondary_index\", \"primary_index\" if all records are looked at, or \"filtered_out\" if \
         none can meet the condition."
        |py, plan| text(py, Some(plan.selection()));
    IndexName "index_name" "The secondary index that is looked in, or None."
        |py, plan| text(py, plan.core.index_name());
    IndexType "index_type" "What of a bin is in that index: a constant INDEX_TYPE_*."
        |py, plan| {
            let is_it = |kind: &CollectionIndexType| kind == plan.core.index_type();
            let found = COLLECTIONS.iter().find(|(_, _, kind)| is_it(kind));
            Ok(PyInt::new(py, found.map_or(0, |(number, _, _)| *number)).into_any())
        };
    IndexRange "index_range"
        "What is looked for in that index, as bytes of the protocol, or None."
        |py, plan| Ok(match plan.core.index_range_bytes() {
            Some(bytes) => PyBytes::new(py, bytes).into_any(),
            None => py.None().into_bound(py),
        });
}

struct NoPickle;

impl Method<QueryPlan> for NoPickle {
    const SIGNATURE: Signature = Signature {
        name: "__reduce__",
        params: &[],
        doc: "Raise TypeError: a plan holds for the cluster that made it.",
    };

    fn call<'py>(
        _context: &Context<'_, 'py, State>,
        _this: This<'_, 'py, QueryPlan>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Err(PyTypeError::new_err(
            "QueryPlan can't be pickled, copied, or sent to another process or interpreter: ask for \
             one there",
        ))
    }
}

pub struct QueryExplain;

pub struct Request {
    namespace: String,
    set: String,
    ael: String,
    index: Option<String>,
    flags: u8,
    policy: QueryPolicy,
}

impl Verb for QueryExplain {
    const SIGNATURE: Signature = Signature {
        name: "query_explain",
        params: &[
            required("namespace"),
            required("set_name"),
            required("ael"),
            optional("index_name", "None"),
            optional("pin_index", "False"),
            optional("require_index", "False"),
            optional("policy", "None"),
        ],
        doc: docs::QUERY_EXPLAIN,
    };
    const WRITES: bool = false;
    type Request = Request;
    type Outcome = CorePlan;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        let (namespace, set) = place_from_py(args)?;
        let ael = required_utf8(&args.required(2), "ael")?.to_owned();
        if ael.trim().is_empty() {
            return Err(PyValueError::new_err("ael is empty"));
        }
        let index = args.optional(3);
        let index = index.map(|index| required_utf8(&index, "index_name").map(str::to_owned));
        let index = index.transpose()?;
        let wanted = |at: usize, flag: u8| -> PyResult<u8> {
            let is_wanted = args.optional(at).map_or(Ok(false), |value| value.is_truthy())?;
            Ok(if is_wanted { flag } else { 0 })
        };
        let flags = EXPLAIN | wanted(4, PINS_INDEX)? | wanted(5, NEEDS_INDEX)?;
        if index.as_ref().is_some_and(String::is_empty) {
            return Err(PyValueError::new_err("index_name is empty"));
        }
        if flags & PINS_INDEX != 0 && index.is_none() {
            return Err(PyValueError::new_err("pin_index needs the index_name to be pinned"));
        }
        let mut policy = input.config.policies.query.clone();
        if let Some(given) = args.optional(6) {
            patch_query(Looking::Query, &given, "policy", &mut policy)?;
        }
        Ok(Request { namespace, set, ael, index, flags, policy: policy.core })
    }

    fn subject(request: &Request) -> Subject<'_> {
        Subject::in_set(&request.namespace, &request.set)
    }

    async fn run(request: &Request, client: &core::Client) -> Result<CorePlan, ErrorInfo> {
        let Request { namespace, set, ael, index, flags, policy } = request;
        let (set, index) = (Some(&**set).filter(|set| !set.is_empty()), index.as_deref());
        let plan = client.query_explain(policy, namespace, set, ael, index, Some(*flags)).await;
        plan.map_err(ErrorInfo::from)
    }

    fn finish<'py>(
        py: Python<'py>,
        state: &State,
        request: Request,
        core: CorePlan,
    ) -> PyResult<Bound<'py, PyAny>> {
        state.query_plan.instance(py, QueryPlan { core, ael: request.ael })
    }
}
