//! The records that a statement finds, read as they arrive.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use aerospike_core as core;
use core::query::{PartitionFilter, Recordset};
use futures_util::{FutureExt, Stream, StreamExt};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyList;
use tokio::sync::Mutex as AsyncMutex;

use super::arrival::{Arrival, Gate, Once};
use super::statement::{Position, Statement};
use super::values::{self, Values};
use crate::bridge::Finish;
use crate::client::class::{ClientOf, Kind};
use crate::client::session::Session;
use crate::client::stream::{CHUNK, Source, Stream as Results, Taken, told};
use crate::client::verb::explained;
use crate::convert::policy::{Looking, Querying, patch_query};
use crate::convert::record::found_to_py;
use crate::convert::type_name;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Signature, optional, required};
use crate::interp::class::This;
use crate::interp::method::{Context, Method};
use crate::observe::{Ending, Reading, Subject, Watch};
use crate::runtime::lock;
use crate::state::State;

/// What to read. None if all has been read before.
struct Plan {
    policy: core::policy::QueryPolicy,
    partitions: PartitionFilter,
    statement: core::Statement,
}

/// One reading of a statement.
struct Records {
    session: Arc<Session>,
    plan: Mutex<Option<Plan>>,
    reading: Reading,
    /// While records arrive.
    arriving: AsyncMutex<Option<Arrival>>,
    /// To end the arrival, by how the records arrive.
    set: OnceLock<Arc<Recordset>>,
    gate: Arc<Gate>,
    /// How many records a call takes at most: one, where each may be the last that is wanted.
    most: usize,
    /// What is told after the records before it.
    failure: Mutex<Option<ErrorInfo>>,
    /// Where to keep how far the reading came.
    position: Option<Arc<Mutex<Position>>>,
    /// How far it came, when all records were read that arrived.
    reached: Mutex<Option<PartitionFilter>>,
    /// Records taken, and those of them that the reader got.
    taken: AtomicUsize,
    got: Arc<AtomicUsize>,
}

impl Records {
    async fn open(&self, plan: Plan) -> Result<Arrival, ErrorInfo> {
        // Held only until the nodes are asked: the reader may use the client between records.
        let admission = self.session.admit().await?;
        let client = &admission.client;
        let Plan { policy, partitions, statement } = plan;
        let told = |error: core::Error| explained(error.into(), &self.session, client);
        if self.may_stop_anywhere() {
            let set = client.query(&policy, partitions, statement).await.map_err(told)?;
            let _ = self.set.set(Arc::clone(&set));
            return Ok(Arrival::Counted(set.into_stream()));
        }
        let once = Once::begin(client, &policy, partitions, statement, &self.gate).await;
        Ok(Arrival::Once(once.map_err(told)?))
    }

    /// Whether it matters after which record the reader stops.
    fn may_stop_anywhere(&self) -> bool {
        self.most == 1
    }

    /// The records that have arrived, at least one, or none at the end.
    async fn arrived(&self) -> Result<Vec<core::Record>, ErrorInfo> {
        let arrived = self.next().await;
        self.reading.noted(&arrived);
        arrived
    }

    async fn next(&self) -> Result<Vec<core::Record>, ErrorInfo> {
        let mut arriving = self.arriving.lock().await;
        let plan = lock(&self.plan).take();
        if let Some(plan) = plan {
            self.reading.begin(self.session.observers());
            *arriving = Some(self.open(plan).await?);
        }
        let mut records = Vec::new();
        if let Some(stream) = &mut *arriving {
            let taken = chunk(stream, self.most, |record| {
                self.taken.fetch_add(1, Ordering::Relaxed);
                records.push(record);
            });
            if let Err(error) = taken.await {
                *lock(&self.failure) = Some(self.session.told(error));
            }
        }
        if records.is_empty() {
            if let Some(Arrival::Once(once)) = arriving.take() {
                *lock(&self.reached) = once.reached();
            }
            if let Some(failure) = lock(&self.failure).take() {
                return Err(failure);
            }
        }
        Ok(records)
    }
}

/// Takes what has arrived, at least one item, until the end or the first error.
pub async fn chunk<T>(
    stream: &mut (impl Stream<Item = core::Result<T>> + Unpin),
    most: usize,
    mut put: impl FnMut(T),
) -> core::Result<()> {
    let mut next = stream.next().await;
    for number in 1.. {
        match next {
            None => break,
            Some(item) => put(item?),
        }
        if number >= most {
            break;
        }
        match stream.next().now_or_never() {
            Some(arrived) => next = arrived,
            None => break,
        }
    }
    Ok(())
}

impl Source for Records {
    fn take(self: Arc<Self>) -> Taken {
        Box::pin(async move {
            let arrived = self.arrived().await;
            let got = Arc::clone(&self.got);
            let finish: Finish = Box::new(move |state, owner| {
                let py = owner.py();
                let records = told(py, state, arrived)?;
                got.fetch_add(records.len(), Ordering::Relaxed);
                let list = PyList::empty(py);
                for record in records {
                    list.append(found_to_py(py, record, state.types_for(owner))?)?;
                }
                Ok(list.into_any())
            });
            finish
        })
    }

    fn close(&self, read: bool) {
        self.reading.end(Ending::Done);
        let reached = match self.set.get() {
            Some(set) => {
                set.close();
                set.partition_filter()
            }
            None => {
                self.gate.close();
                lock(&self.reached).take()
            }
        };
        // Records that were taken but never reached the reader are to be read again.
        let all_got = self.taken.load(Ordering::Relaxed) == self.got.load(Ordering::Relaxed);
        if let Some(position) = &self.position
            && read
            && all_got
            && reached.is_some()
        {
            lock(position).reached = reached;
        }
    }
}

pub struct ReadRecords;

impl<K: Kind> Method<ClientOf<K>> for ReadRecords {
    const SIGNATURE: Signature = Signature {
        name: "_read_records",
        params: &[
            required("statement"),
            required("limits"),
            optional("policy", "None"),
            optional("options", "None"),
            optional("all_wanted", "False"),
        ],
        doc: "Read the records of a statement.",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, ClientOf<K>>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, state) = (context.py, context.state);
        let session = this.data.session()?;
        let given = args.required(0);
        let statement = statement_of(state, &given)?;
        let mut policy = match statement.looking {
            Looking::Query => session.config().policies.query.clone(),
            Looking::Scan => session.config().policies.scan.clone(),
        };
        let looking = statement.looking;
        patch_query(looking, &args.required(1), "the query", &mut policy)?;
        if let Some(given) = args.optional(2) {
            patch_query(looking, &given, "policy", &mut policy)?;
        }
        let no_bins = args.optional(3).map_or(Ok(false), |options| no_bins(&options))?;
        let all_wanted = args.optional(4).map_or(Ok(false), |all| all.is_truthy())?;
        let vain = statement.restrict(&mut policy.core.base_policy.filter_expression)?;
        let drivers = Arc::clone(this.data.drivers()?);
        let watch = state.watch(py);
        let owner = this.object.to_owned().unbind();
        let results = match statement.call() {
            Some(call) => {
                let info = session.config().policies.info;
                let core_statement = statement.for_aggregating()?;
                let policy = for_aggregating(statement, policy)?;
                let plan = values::Plan { policy, statement: core_statement, call, info };
                Results::new(K::READER, drivers, owner, Values::new(session, plan, watch))
            }
            None => {
                let how = How { no_bins, all_wanted, vain };
                let records = records(session, statement, policy, how, watch)?;
                Results::new(K::READER, drivers, owner, records)
            }
        };
        state.stream.instance(py, results)
    }
}

pub fn statement_of<'a>(state: &State, object: &'a Bound<'_, PyAny>) -> PyResult<&'a Statement> {
    state.statement.data(object).ok_or_else(|| {
        PyTypeError::new_err(format!("statement must be a Statement, not {}", type_name(object)))
    })
}

fn no_bins(options: &Bound<'_, PyAny>) -> PyResult<bool> {
    let mut no_bins = false;
    crate::convert::table::apply(
        options,
        "options",
        &[&[("nobins", |no_bins: &mut bool, field| {
            *no_bins = field.bool()?;
            Ok(())
        })]],
        &mut no_bins,
    )?;
    Ok(no_bins)
}

/// The policy of an aggregation, which is about all partitions at once.
fn for_aggregating(statement: &Statement, policy: Querying) -> PyResult<core::policy::QueryPolicy> {
    let Querying { core: policy, partitions } = policy;
    if partitions.is_some() || lock(&statement.position).pages {
        return Err(PyValueError::new_err(
            "what a function of apply() makes of a stream has no pages: partition_filter and \
             paginate() can't be used with it",
        ));
    }
    Ok(policy)
}

/// How records are read.
struct How {
    no_bins: bool,
    /// Whether the reader takes all of them.
    all_wanted: bool,
    /// Whether there can be none.
    vain: bool,
}

fn records(
    session: Arc<Session>,
    statement: &Statement,
    policy: Querying,
    how: How,
    watch: Option<Watch>,
) -> PyResult<Records> {
    let How { no_bins, all_wanted, vain } = how;
    let Querying { core: policy, partitions } = policy;
    let (pages, reached) = {
        let position = lock(&statement.position);
        (position.pages, position.reached.clone().filter(|_| position.pages))
    };
    let begun = reached.is_some();
    let kept = pages || partitions.is_some();
    let partitions = reached.or(partitions).unwrap_or_else(PartitionFilter::all);
    let room = policy.record_queue_size;
    let plan = Plan { statement: statement.for_reading(no_bins)?, policy, partitions };
    let over = vain || begun && plan.partitions.done();
    let operation = match statement.looking {
        Looking::Query => "query",
        Looking::Scan => "scan",
    };
    let (namespace, set) = (&plan.statement.namespace, &plan.statement.set_name);
    let reading = Reading::new(watch, operation, Subject::in_set(namespace, set));
    Ok(Records {
        session,
        plan: Mutex::new((!over).then_some(plan)),
        reading,
        arriving: AsyncMutex::new(None),
        set: OnceLock::new(),
        gate: Arc::new(Gate::new(room)),
        most: if kept && !all_wanted { 1 } else { CHUNK },
        failure: Mutex::new(None),
        position: kept.then(|| Arc::clone(&statement.position)),
        reached: Mutex::new(None),
        taken: AtomicUsize::new(0),
        got: Arc::default(),
    })
}
