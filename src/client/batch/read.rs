//! Reading many records.

use std::sync::Arc;

use aerospike_core as core;
use core::{BatchRecord, Bins};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use super::handle::{Keyed, LazyBatchRecords};
use super::{Action, Batch, Row, parts_of, rows_from_py};
use crate::client::docs::batch as docs;
use crate::client::seats::Demand;
use crate::client::task::Input;
use crate::client::verb::Verb;
use crate::convert::bins::bin_names_from_py;
use crate::convert::key::KeyParts;
use crate::convert::policy::{Batching, Each};
use crate::convert::type_name;
use crate::convert::value::Reader;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Signature, optional, required};
use crate::observe::Subject;
use crate::operation::operations_from_py;
use crate::state::State;

pub struct BatchRead;

/// A batch of reads, and whether every key is found again by the user key that it names.
pub struct Request {
    batch: Batch,
    named: bool,
}

impl Verb for BatchRead {
    const SIGNATURE: Signature = Signature {
        name: "batch_read",
        params: &[required("keys"), optional("bins", "None"), optional("policy", "None")],
        doc: docs::BATCH_READ,
    };
    const WRITES: bool = false;
    type Request = Request;
    type Outcome = (Vec<BatchRecord>, Keyed);

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        let (bins, policy) = (args.optional(1), args.optional(2));
        let batch = reads_from_py(input, &args.required(0), bins.as_deref(), policy.as_deref())?;
        let named = batch.is_named();
        Ok(Request { batch, named })
    }

    fn subject(request: &Request) -> Subject<'_> {
        request.batch.subject()
    }

    fn demand(request: &Request) -> Demand {
        request.batch.demand()
    }

    fn shortened(request: &Request, waited: u32) -> Option<Request> {
        Some(Request { batch: request.batch.shortened(waited), named: request.named })
    }

    async fn run(request: &Request, client: &core::Client) -> Result<Self::Outcome, ErrorInfo> {
        let rows = request.batch.send(client).await?;
        let keyed = Keyed::of(&rows, request.named);
        Ok((rows, keyed))
    }

    fn finish_for<'py>(
        owner: &Bound<'py, PyAny>,
        state: &State,
        _request: Request,
        (rows, keyed): Self::Outcome,
    ) -> PyResult<Bound<'py, PyAny>> {
        let plain = std::ptr::eq(state.types_for(owner), &state.types);
        let client = (!plain).then(|| owner.clone().unbind());
        state.batch_records.instance(owner.py(), LazyBatchRecords::new(rows, keyed, client))
    }
}

/// What to read of a record: all bins, some, none but the header, or the results of operations.
fn read_from_py(
    what: Option<&Bound<'_, PyAny>>,
    each: &Each,
    input: &Input<'_>,
) -> PyResult<Action> {
    let policy = each.read.clone();
    let Some(what) = what else {
        return Ok(Action::Read(policy, Bins::All));
    };
    let first = if let Ok(list) = what.cast::<PyList>() {
        list.iter().next()
    } else if let Ok(tuple) = what.cast::<PyTuple>() {
        tuple.iter().next()
    } else {
        return Err(PyTypeError::new_err(format!(
            "what to read must be None for all bins, a list of bin names, [] for none, or a list \
             of operations, not {}",
            type_name(what)
        )));
    };
    match first {
        None => Ok(Action::Read(policy, Bins::None)),
        Some(first) if first.is_instance_of::<PyDict>() => {
            let reader = Reader::new(input.types, each.wrap_integers);
            let operations = operations_from_py(what, reader)?;
            match operations.write() {
                false => Ok(Action::ReadBy(policy, operations.into_list())),
                true => Err(PyValueError::new_err(
                    "a read has operations that write: use batch_operate()",
                )),
            }
        }
        Some(_) => Ok(Action::Read(policy, Bins::Some(bin_names_from_py(what)?))),
    }
}

/// A batch of reads. Entries of `keys` may say for themselves what to read.
pub fn reads_from_py(
    input: &Input<'_>,
    keys: &Bound<'_, PyAny>,
    bins: Option<&Bound<'_, PyAny>>,
    policy: Option<&Bound<'_, PyAny>>,
) -> PyResult<Batch> {
    let defaults = &input.config.policies.batch;
    let Batching { whole, each } = Batching::of_call(policy, defaults)?;
    let action = Arc::new(read_from_py(bins, &each, input)?);
    let rows = rows_from_py(keys, "keys", |item| match parts_of(item) {
        None => Ok(Row { key: KeyParts::from_py(item)?, action: Arc::clone(&action) }),
        Some([key, what]) => {
            let what = Some(what).filter(|what| !what.is_none());
            let action = Arc::new(read_from_py(what, &each, input)?);
            Ok(Row { key: KeyParts::from_py(key)?, action })
        }
        Some(parts) => Err(PyValueError::new_err(format!(
            "an entry must be a key, (key, bins) or (key, ops), not a tuple of {}",
            parts.len()
        ))),
    })?;
    Ok(Batch::new(whole, rows))
}
