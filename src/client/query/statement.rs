//! What a query or scan looks for. The objects of the Python package put it together.

use std::ffi::CStr;
use std::sync::{Arc, Mutex, OnceLock};

use aerospike_core as core;
use core::expressions::Expression;
use core::operations::Operation;
use core::query::{Filter, PartitionFilter};
use core::{Bins, Statement as CoreStatement};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyString};

use super::plan::{Condition, QueryPlan};
use crate::client::batch::{Call, arguments_from_py, name_from_py};
use crate::client::class::{ClientOf, Kind};
use crate::client::docs::query as docs;
use crate::client::stream::Reader;
use crate::convert::bins::bin_names_from_py;
use crate::convert::bins::within;
use crate::convert::partitions::partition_filter_to_py;
use crate::convert::policy::Looking;
use crate::convert::predicate::{Index, filter_from_py};
use crate::convert::text::required_utf8;
use crate::convert::type_name;
use crate::convert::value::Reader as Values;
use crate::expression;
use crate::interp::args::{Args, Param, Signature, optional, required};
use crate::interp::class::{Class, This};
use crate::interp::gc::Visitor;
use crate::interp::method::{Context, Method, Row, Table};
use crate::operation::{context_from_py, operations_from_py};
use crate::runtime::lock;
use crate::state::State;

/// A statement that is being put together, and how far it has been read.
pub struct Statement {
    pub looking: Looking,
    namespace: String,
    set: String,
    draft: Mutex<Draft>,
    pub position: Arc<Mutex<Position>>,
}

#[derive(Default)]
struct Draft {
    bins: Option<Vec<String>>,
    filter: Option<Filter>,
    /// That of the plan to follow.
    condition: Option<Condition>,
    operations: Option<Operations>,
    call: Option<Call>,
}

/// What is done with records in the background.
pub enum Work {
    Operations,
    Call(Call),
}

struct Operations {
    list: Vec<Operation>,
    write: bool,
}

/// How far a statement has been read, page by page.
#[derive(Default)]
pub struct Position {
    /// Whether each reading goes on where the one before ended.
    pub pages: bool,
    /// None before the first reading.
    pub reached: Option<PartitionFilter>,
}

impl Statement {
    /// Refuses to change what a reading is going on with.
    fn change(&self, change: impl FnOnce(&mut Draft) -> PyResult<()>) -> PyResult<()> {
        let position = lock(&self.position);
        if position.pages && position.reached.is_some() {
            return Err(PyValueError::new_err(
                "a statement that is read page by page can't be changed after the first page",
            ));
        }
        drop(position);
        change(&mut lock(&self.draft))
    }

    fn filter(&self, filter: Filter) -> PyResult<()> {
        self.look_for(Some(filter), None)
    }

    fn look_for(&self, filter: Option<Filter>, condition: Option<Condition>) -> PyResult<()> {
        self.change(|draft| {
            if draft.filter.is_some() || draft.condition.is_some() {
                return Err(PyValueError::new_err(
                    "a query has one predicate or plan, and this one has it already; further \
                     conditions go into filter_expression of the policy, or into the text of which \
                     the plan is",
                ));
            }
            (draft.filter, draft.condition) = (filter, condition);
            Ok(())
        })
    }

    /// Has a query do as a plan says.
    fn follow(&self, plan: &QueryPlan) -> PyResult<()> {
        if !plan.is_for(&self.namespace, &self.set) {
            return Err(PyValueError::new_err(
                "predicate is the plan of a query in another namespace or set",
            ));
        }
        let course = plan.course().map_err(|error| PyValueError::new_err(error.to_string()))?;
        self.look_for(course.filter, Some(course.condition))
    }

    /// Puts the condition of a plan into a policy. Whether no record can meet it.
    pub fn restrict(&self, filter: &mut Option<Expression>) -> PyResult<bool> {
        let draft = lock(&self.draft);
        let Some(Condition { expression, is_vain }) = &draft.condition else { return Ok(false) };
        if filter.replace(expression.clone()).is_some() {
            return Err(PyValueError::new_err(
                "policy key \"filter_expression\": a query that follows a plan has the condition of \
                 that, and no other besides; write it into the text of which the plan is",
            ));
        }
        Ok(*is_vain)
    }

    /// The statement to read records.
    pub fn for_reading(&self, no_bins: bool) -> PyResult<CoreStatement> {
        let draft = lock(&self.draft);
        let bins = match &draft.bins {
            _ if no_bins => Bins::None,
            None => Bins::All,
            Some(names) => Bins::Some(names.clone()),
        };
        let mut made = CoreStatement::new(&self.namespace, &self.set, bins);
        made.filter.clone_from(&draft.filter);
        if let Some(operations) = &draft.operations {
            if operations.write {
                return Err(PyValueError::new_err(
                    "add_ops() was given operations that write, which only execute_background() \
                     carries out",
                ));
            }
            made.set_operations(operations.list.clone());
        }
        Ok(made)
    }

    /// The function that `apply` was given.
    pub fn call(&self) -> Option<Call> {
        lock(&self.draft).call.clone()
    }

    /// The statement whose records go through a function.
    pub fn for_aggregating(&self) -> PyResult<CoreStatement> {
        if lock(&self.draft).operations.is_some() {
            return Err(PyValueError::new_err(
                "the records of a query go through the function of apply() or through the \
                 operations of add_ops(), not both",
            ));
        }
        self.for_reading(false)
    }

    /// The statement to carry out in the background.
    pub fn for_background(&self) -> PyResult<(CoreStatement, Work)> {
        let draft = lock(&self.draft);
        let mut made = CoreStatement::new(&self.namespace, &self.set, Bins::All);
        made.filter.clone_from(&draft.filter);
        match (&draft.operations, &draft.call) {
            (Some(_), Some(_)) => Err(PyValueError::new_err(
                "execute_background() carries out operations or calls a function, not both",
            )),
            (None, Some(call)) => Ok((made, Work::Call(call.clone()))),
            (Some(operations), None) if operations.write => {
                made.set_operations(operations.list.clone());
                Ok((made, Work::Operations))
            }
            (Some(_), None) => Err(PyValueError::new_err(
                "add_ops() was given operations that only read: execute_background() returns \
                 nothing that they could read",
            )),
            (None, None) => Err(PyValueError::new_err(
                "execute_background() needs something to do: give operations to add_ops(), or a \
                 function to apply()",
            )),
        }
    }
}

impl Class for Statement {
    type State = State;
    const NAME: &'static CStr = c"aerospike_py._aerospike.Statement";
    const DOC: &'static str = "What a query or scan looks for.";

    fn methods() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| {
            Table::new([
                Row::method::<Self, Select>(),
                Row::method::<Self, Where>(),
                Row::method::<Self, WhereIndex>(),
                Row::method::<Self, WhereExpression>(),
                Row::method::<Self, AddOperations>(),
                Row::method::<Self, Apply>(),
                Row::method::<Self, Paginate>(),
                Row::method::<Self, IsDone>(),
                Row::method::<Self, Reached>(),
            ])
        })
    }

    fn traverse(&self, _visitor: &mut Visitor) {}

    fn clear(&self) {}
}

/// Declares methods of a statement that return what their bodies do.
macro_rules! methods {
    ($($class:ident $name:literal [$($param:expr),*] $doc:literal
        |$context:ident, $statement:ident, $args:ident| $body:expr;)+) => {$(
        struct $class;

        impl Method<Statement> for $class {
            const SIGNATURE: Signature =
                Signature { name: $name, params: &[$($param),*], doc: $doc };

            fn call<'py>(
                $context: &Context<'_, 'py, State>,
                this: This<'_, 'py, Statement>,
                $args: &Args<'_, 'py>,
            ) -> PyResult<Bound<'py, PyAny>> {
                let $statement = this.data;
                $body
            }
        }
    )+};
}

fn values<'a>(context: &Context<'a, '_, State>) -> Values<'a> {
    Values::new(&context.state.types, false)
}

fn nothing<'py>(context: &Context<'_, 'py, State>) -> PyResult<Bound<'py, PyAny>> {
    Ok(context.py.None().into_bound(context.py))
}

methods! {
    Select "select" [required("bins")] "Read these bins only." |context, statement, args| {
        let bins = bin_names_from_py(&args.required(0))?;
        statement.change(|draft| {
            draft.bins = Some(bins);
            Ok(())
        })?;
        nothing(context)
    };
    Where "where" [required("predicate"), optional("ctx", "None")]
        "Look for what a predicate says of a bin."
    |context, statement, args| {
        let ctx = args.optional(1).map(|ctx| context_from_py(&ctx, values(context))).transpose()?;
        let predicate = args.required(0);
        if let Some(plan) = context.state.query_plan.data(&predicate) {
            if ctx.is_some() {
                return Err(PyValueError::new_err("ctx can't be given with a plan, which has its own"));
            }
            statement.follow(plan)?;
            return nothing(context);
        }
        let index = Index::Bin(ctx.unwrap_or_default());
        statement.filter(filter_from_py(&predicate, index, values(context))?)?;
        nothing(context)
    };
    WhereIndex "where_index" [required("index_name"), required("predicate")]
        "Look in an index for what a predicate says."
    |context, statement, args| {
        let name = required_utf8(&args.required(0), "index_name")?.to_owned();
        if name.is_empty() {
            return Err(PyValueError::new_err("index_name is empty"));
        }
        let filter = filter_from_py(&args.required(1), Index::Name(name), values(context))?;
        statement.filter(filter)?;
        nothing(context)
    };
    WhereExpression "where_expression" [required("expr"), required("predicate")]
        "Look for what a predicate says of an indexed expression."
    |context, statement, args| {
        let given = args.required(0);
        let Some(expression) = expression::of(&given) else {
            return Err(PyTypeError::new_err(format!(
                "expr must be an Expression made by aerospike_py.exp, not {}",
                type_name(&given)
            )));
        };
        let index = Index::Expression(expression.core());
        statement.filter(filter_from_py(&args.required(1), index, values(context))?)?;
        nothing(context)
    };
    AddOperations "add_ops" [required("ops")] "Do this with each record that is found."
    |context, statement, args| {
        let operations = operations_from_py(&args.required(0), values(context))?;
        let write = operations.write();
        statement.change(|draft| {
            draft.operations = Some(Operations { list: operations.into_list(), write });
            Ok(())
        })?;
        nothing(context)
    };
    Apply "apply" [required("module"), required("function"), optional("arguments", "None")]
        "Call a function with each record, or with the stream of all."
    |context, statement, args| {
        let call = Call {
            module: name_from_py(&args.required(0), "module")?,
            function: name_from_py(&args.required(1), "function")?,
            arguments: arguments_from_py(args.optional(2).as_deref(), values(context))
                .map_err(|error| within(context.py, error, "arguments"))?,
        };
        statement.change(|draft| {
            draft.call = Some(call);
            Ok(())
        })?;
        nothing(context)
    };
    Paginate "paginate" [] "Have each reading go on where the one before ended."
    |context, statement, _args| {
        lock(&statement.position).pages = true;
        nothing(context)
    };
    IsDone "is_done" [] "Whether the last reading came to the end." |context, statement, _args| {
        let position = lock(&statement.position);
        let vain = |condition: &Condition| condition.is_vain;
        let done = position.reached.as_ref().is_some_and(PartitionFilter::done)
            || lock(&statement.draft).condition.as_ref().is_some_and(vain);
        Ok(PyBool::new(context.py, done).to_owned().into_any())
    };
    Reached "reached" [] "How far the readings came: a partition filter, or None."
    |context, statement, _args| {
        let reached = lock(&statement.position).reached.clone();
        match reached {
            None => nothing(context),
            Some(filter) => Ok(partition_filter_to_py(context.py, &filter)?.into_any()),
        }
    };
}

const PARAMS: &[Param] = &[required("namespace"), optional("set_name", "None")];

/// The namespace and the set of a query, its first two arguments. No set is all of them.
pub fn place_from_py(args: &Args<'_, '_>) -> PyResult<(String, String)> {
    let namespace = required_utf8(&args.required(0), "namespace")?.to_owned();
    if namespace.is_empty() {
        return Err(PyValueError::new_err("namespace is empty"));
    }
    let set = match args.optional(1) {
        None => String::new(),
        Some(set) => required_utf8(&set, "set_name")?.to_owned(),
    };
    Ok((namespace, set))
}

/// The object of the Python package for a new statement.
pub fn make<'py, K: Kind>(
    context: &Context<'_, 'py, State>,
    this: &This<'_, 'py, ClientOf<K>>,
    args: &Args<'_, 'py>,
    looking: Looking,
) -> PyResult<Bound<'py, PyAny>> {
    let (namespace, set) = place_from_py(args)?;
    let statement =
        Statement { looking, namespace, set, draft: Mutex::default(), position: Arc::default() };
    let statement = context.state.statement.instance(context.py, statement)?;
    let class = match (looking, K::READER) {
        (Looking::Query, Reader::Thread) => "Query",
        (Looking::Query, Reader::Loop) => "AsyncQuery",
        (Looking::Scan, Reader::Thread) => "Scan",
        (Looking::Scan, Reader::Loop) => "AsyncScan",
    };
    let class = PyString::new(context.py, class);
    let made = context.py.import("aerospike_py.query")?.getattr(class)?;
    made.call1((&*this.object, statement))
}

pub struct Query;

impl<K: Kind> Method<ClientOf<K>> for Query {
    const SIGNATURE: Signature = Signature { name: "query", params: PARAMS, doc: docs::QUERY };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, ClientOf<K>>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        make(context, &this, args, Looking::Query)
    }
}

pub struct Scan;

impl<K: Kind> Method<ClientOf<K>> for Scan {
    const SIGNATURE: Signature = Signature { name: "scan", params: PARAMS, doc: docs::SCAN };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, ClientOf<K>>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        make(context, &this, args, Looking::Scan)
    }
}
