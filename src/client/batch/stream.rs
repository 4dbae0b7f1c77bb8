//! Batches whose rows are read as they arrive.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aerospike_core as core;
use core::{BatchOperation, BatchRecord};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::mixed::{fill_in_row, rows_of};
use super::read::reads_from_py;
use super::{Batch, is_answered};
use crate::bridge::Finish;
use crate::client::class::{ClientOf, Kind};
use crate::client::docs::batch as docs;
use crate::client::session::Session;
use crate::client::stream::{Produce, Produced, Sink, Stream, helper};
use crate::client::task::Input;
use crate::client::verb::explained;
use crate::convert::batch::{Maker, is_in_doubt};
use crate::convert::policy::Whole;
use crate::convert::type_name;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Param, Signature, optional, required};
use crate::interp::class::This;
use crate::interp::method::{Context, Method};
use crate::observe::{About, Ending, Observation};
use crate::state::State;
use crate::transaction::Part;

/// A batch whose results are read as they arrive, for the verb of this name.
fn stream<'py, K: Kind>(
    context: &Context<'_, 'py, State>,
    this: &This<'_, 'py, ClientOf<K>>,
    operation: &'static str,
    keys: &Bound<'py, PyAny>,
    bins: Option<&Bound<'py, PyAny>>,
    policy: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, state) = (context.py, context.state);
    let session = this.data.session()?;
    let config = session.config();
    let input = Input::new(state, &config, this.data.types());
    let (batch, mixed) = match rows_of(&input, keys, policy)? {
        None => (reads_from_py(&input, keys, bins, policy)?, false),
        Some(_) if bins.is_some() => {
            return Err(PyTypeError::new_err(
                "bins must be None for a BatchRecords: each Read says what it reads",
            ));
        }
        Some(batch) => (batch, true),
    };
    let owner = input.owner(&this.object)?.unbind();
    let watch = state.watch(py);
    let produce: Produce = Box::new(move |session, sink| {
        Box::pin(async move {
            let observation = watch.map(|watch| {
                let about = About { operation, subject: batch.subject() };
                let observers = &**session.observers();
                Observation::new(observers, session.metrics(), about, watch.restarted())
            });
            let result = produce(&session, sink, batch, mixed).await;
            if let Some(observation) = observation {
                let ending = result.as_ref().map_or_else(Ending::Failed, |()| Ending::Done);
                observation.end(ending, None);
            }
            result
        })
    });
    let drivers = Arc::clone(this.data.drivers()?);
    let source = Produced::new(session, produce);
    state.stream.instance(py, Stream::new(K::READER, drivers, owner, source))
}

async fn produce(
    session: &Session,
    sink: Sink,
    batch: Batch,
    mixed: bool,
) -> Result<(), ErrorInfo> {
    let admission = session.admit().await?;
    let client = &admission.client;
    let transaction = batch.transaction().cloned();
    let (policy, mut operations, count) = batch.into_parts();
    let answered = Arc::new(AtomicBool::new(false));
    let on_row = Arrivals { sink, answered: Arc::clone(&answered), mixed, count };
    let part = Part::begin(transaction.as_ref(), None).await;
    let outcome = send(&policy, &mut operations, client, on_row).await.map_err(ErrorInfo::from);
    if let Some(part) = part {
        part.end(&outcome);
    }
    match outcome {
        Err(error) if !answered.load(Ordering::Relaxed) => Err(explained(error, session, client)),
        _ => Ok(()),
    }
}

/// What becomes of the rows that arrive.
struct Arrivals {
    sink: Sink,
    answered: Arc<AtomicBool>,
    mixed: bool,
    /// Rows beyond are none of the reader's.
    count: usize,
}

async fn send(
    policy: &Whole,
    operations: &mut [BatchOperation],
    client: &core::Client,
    arrivals: Arrivals,
) -> core::Result<()> {
    let Arrivals { sink, answered, mixed, count } = arrivals;
    let on_row = move |at: usize, row: &BatchRecord| {
        if is_answered(row) {
            answered.store(true, Ordering::Relaxed);
        }
        let (sink, row) = (sink.clone(), row.clone());
        async move { at >= count || sink.put(shown(at, row, mixed)).await }
    };
    client.batch_foreach(policy, operations, on_row).await
}

/// Makes of a row what the reader gets: its place, and the `BatchRecord` or the filled-in object.
fn shown(at: usize, row: BatchRecord, mixed: bool) -> Finish {
    Box::new(move |state, owner| {
        let py = owner.py();
        let record = if mixed {
            let kept = owner.get_item(1)?;
            let object = kept.get_item(1)?.get_item(at)?;
            fill_in_row(&object, &row, is_in_doubt(&row), state.types_for(owner))?;
            object
        } else {
            Maker::new(py, state.types_for(owner)).batch_record(&row, is_in_doubt(&row))?
        };
        Ok(PyTuple::new(py, [at.into_pyobject(py)?.into_any(), record])?.into_any())
    })
}

const KEYS: Param = required("keys");
const BINS: Param = optional("bins", "None");
const POLICY: Param = optional("policy", "None");

pub struct BatchStream;

impl<K: Kind> Method<ClientOf<K>> for BatchStream {
    const SIGNATURE: Signature =
        Signature { name: "batch_stream", params: &[KEYS, BINS, POLICY], doc: docs::BATCH_STREAM };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, ClientOf<K>>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (bins, policy) = (args.optional(1), args.optional(2));
        let name = <Self as Method<ClientOf<K>>>::SIGNATURE.name;
        let rows =
            stream(context, &this, name, &args.required(0), bins.as_deref(), policy.as_deref())?;
        helper(context.py, K::READER, "rows")?.call1((rows,))
    }
}

pub struct BatchForeach;

impl<K: Kind> Method<ClientOf<K>> for BatchForeach {
    const SIGNATURE: Signature = Signature {
        name: "batch_foreach",
        params: &[KEYS, required("callback"), BINS, POLICY],
        doc: docs::BATCH_FOREACH,
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, ClientOf<K>>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let callback = args.required(1);
        if !callback.is_callable() {
            return Err(PyTypeError::new_err(format!(
                "callback must be callable, not {}",
                type_name(&callback)
            )));
        }
        let (bins, policy) = (args.optional(2), args.optional(3));
        let name = <Self as Method<ClientOf<K>>>::SIGNATURE.name;
        let rows =
            stream(context, &this, name, &args.required(0), bins.as_deref(), policy.as_deref())?;
        helper(context.py, K::READER, "each")?.call1((rows, callback))
    }
}
