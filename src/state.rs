//! What one instance of the module owns: all that lives longer than a call.

use std::any::Any;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyModule, PyTuple};

use crate::bridge::Bridge;
use crate::bridge::loops::Loops;
use crate::bridge::operation::Operation;
use crate::client::batch::{LazyBatchRecords, RecordIterator};
use crate::client::ending::{self, Ending};
use crate::client::query::{QueryPlan, Statement};
use crate::client::stream::Stream;
use crate::client::{self, AsyncClient, Client};
use crate::convert::types::Types;
use crate::error::ErrorInfo;
use crate::expression::Expression;
use crate::interp::class::Made;
use crate::interp::gc::Visitor;
use crate::interp::instance;
use crate::interp::method::add_functions;
use crate::interp::module::ModuleState;
use crate::interp::names::Names;
use crate::interp::signals;
use crate::observe::logging::Sink;
use crate::observe::tracing::caller::Caller;
use crate::observe::{Observers, Watch};
use crate::runtime::Drivers;
use crate::transaction::Transaction;

pub struct State {
    /// The classes of the Python package that results and errors are made of.
    pub types: Types,
    pub names: Names,
    pub operation: Made<Operation>,
    pub bridge: Made<Bridge>,
    pub expression: Made<Expression>,
    client: Made<Client>,
    async_client: Made<AsyncClient>,
    /// The class of what `batch_read` returns, and of its iterator.
    pub batch_records: Made<LazyBatchRecords>,
    pub record_iterator: Made<RecordIterator>,
    pub stream: Made<Stream>,
    /// The class of what queries and scans look for.
    pub statement: Made<Statement>,
    pub query_plan: Made<QueryPlan>,
    pub transaction: Made<Transaction>,
    pub loops: Loops,
    /// The clients to close when the interpreter ends.
    pub ending: Ending,
    /// Where log records of this interpreter's clients wait.
    pub log: Arc<Sink>,
    /// Shared with the client objects, which may outlive this state.
    pub drivers: Arc<Drivers>,
    /// Shared with them too.
    pub observers: Arc<Observers>,
    /// How spans of operations find the spans that they belong to.
    pub caller: Caller,
}

impl State {
    /// Begins to watch an operation that the caller is about to start, if anybody wants to know.
    pub fn watch(&self, py: Python<'_>) -> Option<Watch> {
        self.observers.watch(|tracing| self.caller.begin(py, &self.names, tracing))
    }
}

impl State {
    /// The types for what a client reads and writes. `owner` is as in
    /// [`Task::finish`](crate::client::Task::finish).
    pub fn types_for<'a>(&'a self, owner: &'a Bound<'_, PyAny>) -> &'a Types {
        let client = match owner.cast_exact::<PyTuple>() {
            Ok(kept) => kept.as_slice().first().unwrap_or(owner),
            Err(_) => owner,
        };
        let own = match self.client.data_of_base(client) {
            Some(client) => client.types(),
            None => self.async_client.data_of_base(client).and_then(AsyncClient::types),
        };
        own.unwrap_or(&self.types)
    }
}

impl ModuleState for State {
    fn create(py: Python<'_>, module: &Bound<'_, PyModule>) -> PyResult<Self> {
        signals::watch_forks();
        let number = instance::new_number();
        let state = Self {
            types: Types::load(py)?,
            names: Names::new(py),
            operation: Made::awaitable(module)?,
            bridge: Made::internal(module)?,
            expression: Made::valued(module)?,
            client: Made::public(module)?,
            async_client: Made::public(module)?,
            batch_records: Made::mapping(module)?,
            record_iterator: Made::iterator(module)?,
            stream: Made::internal(module)?,
            statement: Made::internal(module)?,
            query_plan: Made::shown(module)?,
            transaction: Made::closed(module)?,
            loops: Loops::default(),
            ending: Ending::default(),
            log: Sink::new(number),
            drivers: Arc::new(Drivers::new(number)),
            observers: Arc::default(),
            caller: Caller::default(),
        };
        module.setattr("Client", state.client.class())?;
        module.setattr("Expression", state.expression.class())?;
        module.setattr("Transaction", state.transaction.class())?;
        module.setattr("QueryPlan", state.query_plan.class())?;
        module.setattr("AsyncClient", state.async_client.class())?;
        module.setattr("LazyBatchRecords", state.batch_records.class())?;
        add_functions(module, client::functions())?;
        ending::announce(module)?;
        Ok(state)
    }

    fn traverse(&self, visitor: &mut Visitor) {
        self.types.each(&mut |object| visitor.object(object));
        self.names.traverse(visitor);
        self.operation.traverse(visitor);
        self.bridge.traverse(visitor);
        self.expression.traverse(visitor);
        self.client.traverse(visitor);
        self.async_client.traverse(visitor);
        self.batch_records.traverse(visitor);
        self.record_iterator.traverse(visitor);
        self.stream.traverse(visitor);
        self.statement.traverse(visitor);
        self.query_plan.traverse(visitor);
        self.transaction.traverse(visitor);
        self.loops.traverse(visitor);
        self.caller.traverse(visitor);
    }

    fn panicked(&self, py: Python<'_>, panic: &(dyn Any + Send)) -> PyErr {
        ErrorInfo::panicked(panic, false).to_py_err(py, None, &self.types)
    }
}
