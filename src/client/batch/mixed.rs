//! `batch_write`: bins for many records, or something else for each.

use std::sync::Arc;

use aerospike_core as core;
use core::{BatchRecord, BatchWritePolicy, Bins};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple, PyType};

use super::apply::{arguments_from_py, name_from_py};
use super::retry::Outcome;
use super::write::{retries_from_py, writes_from_py};
use super::{Action, Batch, Call, Row, rows_from_py};
use crate::client::docs::batch as docs;
use crate::client::seats::Demand;
use crate::client::task::Input;
use crate::client::verb::Verb;
use crate::convert::argument::{bool_from_py, items_from_py};
use crate::convert::batch::{Maker, error_of, result_of, write_result_to_py};
use crate::convert::key::KeyParts;
use crate::convert::policy::{BatchKind, Batching, Each};
use crate::convert::type_name;
use crate::convert::types::Types;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Signature, optional, required};
use crate::interp::objects::is_a;
use crate::observe::Subject;
use crate::operation::operations_from_py;
use crate::state::State;
use crate::transaction::Shared;

pub struct BatchWrite;

pub struct Request {
    batch: Batch,
    retries: u32,
}

impl Verb for BatchWrite {
    const SIGNATURE: Signature = Signature {
        name: "batch_write",
        params: &[required("records"), optional("policy", "None"), optional("retry", "0")],
        doc: docs::BATCH_WRITE,
    };
    const WRITES: bool = true;
    type Request = Request;
    /// An error that not one row escaped is told only when the rows have been filled in.
    type Outcome = Result<Outcome, ErrorInfo>;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        let records = args.required(0);
        let policy = args.optional(1);
        let retries = retries_from_py(args.optional(2).as_deref())?;
        let batch = match rows_of(input, &records, policy.as_deref())? {
            Some(batch) => batch,
            None => {
                let Batching { whole, each } =
                    Batching::of_call(policy.as_deref(), &input.config.policies.batch_write)?;
                Batch::new(whole, writes_from_py(input, &records, &each)?)
            }
        };
        Ok(Request { batch, retries })
    }

    fn subject(request: &Request) -> Subject<'_> {
        request.batch.subject()
    }

    fn demand(request: &Request) -> Demand {
        request.batch.demand()
    }

    fn shortened(request: &Request, waited: u32) -> Option<Request> {
        Some(Request { batch: request.batch.shortened(waited), retries: request.retries })
    }

    fn transaction(request: &Request) -> Option<&Arc<Shared>> {
        request.batch.transaction()
    }

    async fn run(request: &Request, client: &core::Client) -> Result<Self::Outcome, ErrorInfo> {
        Ok(request.batch.send_again(request.retries, client).await)
    }

    fn failure(outcome: &Self::Outcome) -> Option<&ErrorInfo> {
        outcome.as_ref().err()
    }

    fn finish_for<'py>(
        owner: &Bound<'py, PyAny>,
        state: &State,
        _request: Request,
        outcome: Self::Outcome,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = owner.py();
        let types = state.types_for(owner);
        let Ok(owner) = owner.cast_exact::<PyTuple>() else {
            let outcome = outcome.map_err(|error| error.to_py_err(py, None, &state.types))?;
            return write_result_to_py(py, &outcome.rows, &outcome.retried, types);
        };
        let kept = owner.get_item(1)?;
        let (batch, rows) = (kept.get_item(0)?, kept.get_item(1)?);
        let rows = rows.cast::<PyTuple>()?.as_slice();
        match outcome {
            Ok(outcome) => {
                for (row, (outcome, in_doubt)) in rows.iter().zip(&outcome.rows) {
                    fill_in_row(row, outcome, *in_doubt, types)?;
                }
                batch.setattr("result", result_of(outcome.rows.iter().map(|(row, _)| row)))?;
                Ok(batch)
            }
            Err(error) => {
                for row in rows {
                    row.setattr("record", py.None())?;
                    fill_in(row, Some(&error), error.in_doubt)?;
                }
                batch.setattr("result", error.code)?;
                Err(error.to_py_err(py, None, &state.types))
            }
        }
    }
}

/// The batch that a `BatchRecords` describes; None if the argument is none. Its rows are kept for
/// [`fill_in_row`], as a tuple with the object itself before them.
pub fn rows_of(
    input: &Input<'_>,
    records: &Bound<'_, PyAny>,
    policy: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<Batch>> {
    let py = records.py();
    if !is_a(records, input.state.types.mixed_batch.bind(py)) {
        return Ok(None);
    }
    let policies = &input.config.policies;
    let writes = Batching::of_call(policy, &policies.batch_write)?;
    // As it is now: someone may change the list before the rows are filled in.
    let items =
        items_from_py(&records.getattr("batch_records")?, "batch_records", "a list or tuple")?;
    let rows =
        rows_from_py(&items, "batch_records", |item| row_from_py(input, item, &writes.each))?;
    input.keep((records, items).into_pyobject(py)?.into_any());
    let whole = match rows.iter().any(|row| row.action.writes()) {
        true => writes.whole,
        false => Batching::of_call(policy, &policies.batch)?.whole,
    };
    Ok(Some(Batch::new(whole, rows)))
}

/// Fills in a row of a `BatchRecords`.
pub fn fill_in_row(
    row: &Bound<'_, PyAny>,
    outcome: &BatchRecord,
    in_doubt: bool,
    types: &Types,
) -> PyResult<()> {
    row.setattr("record", Maker::new(row.py(), types).record(outcome)?)?;
    fill_in(row, error_of(outcome).as_ref(), in_doubt)
}

/// Tells a row of a `BatchRecords` how it failed, if it did.
fn fill_in(row: &Bound<'_, PyAny>, error: Option<&ErrorInfo>, in_doubt: bool) -> PyResult<()> {
    row.setattr("result", error.map_or(0, |error| error.code))?;
    row.setattr("message", error.map(|error| error.message.as_str()))?;
    row.setattr("subcode", error.and_then(|error| error.subcode).unwrap_or(0))?;
    row.setattr("in_doubt", in_doubt)
}

/// What a row of a `BatchRecords` is to do.
fn row_from_py(input: &Input<'_>, row: &Bound<'_, PyAny>, each: &Each) -> PyResult<Row> {
    let (py, types) = (row.py(), &input.state.types);
    let is = |class: &Py<PyType>| is_a(row, class.bind(py));
    let action = if is(&types.mixed_read) {
        read_from_py(input, row, each)?
    } else if is(&types.mixed_write) {
        let Each { write: policy, .. } = match given(row, "meta")? {
            None => own(row, BatchKind::Write, each)?,
            Some(meta) => {
                own(row, BatchKind::Write, each)?.with_metadata(BatchKind::Write, &meta)?
            }
        };
        let operations = operations_from_py(&row.getattr("ops")?, each.reader(input))?;
        if !operations.write() {
            return Err(PyValueError::new_err("a Write has no operation that writes: use Read"));
        }
        let expiration = operations.expiration().unwrap_or(policy.expiration);
        let policy = BatchWritePolicy { expiration, ..policy };
        Action::Operate(policy, operations.into_list())
    } else if is(&types.mixed_apply) {
        let call = Call {
            module: name_from_py(&row.getattr("module")?, "module")?,
            function: name_from_py(&row.getattr("function")?, "function")?,
            arguments: arguments_from_py(given(row, "args")?.as_ref(), each.reader(input))?,
        };
        Action::Apply(own(row, BatchKind::Apply, each)?.apply, call)
    } else if is(&types.mixed_remove) {
        Action::Remove(own(row, BatchKind::Remove, each)?.remove)
    } else {
        return Err(PyTypeError::new_err(format!(
            "a row must be a Read, Write, Apply or Remove, not {}",
            type_name(row)
        )));
    };
    Ok(Row { key: KeyParts::from_py(&row.getattr("key")?)?, action: Arc::new(action) })
}

fn read_from_py(input: &Input<'_>, row: &Bound<'_, PyAny>, each: &Each) -> PyResult<Action> {
    if let Some(meta) = given(row, "meta")? {
        each.with_metadata(BatchKind::Read, &meta)?;
    }
    let each = own(row, BatchKind::Read, each)?;
    let all = row.getattr("read_all_bins")?;
    let all = bool_from_py(&all, "read_all_bins")?;
    let operations = match given(row, "ops")? {
        Some(operations) if !is_empty(&operations) => {
            Some(operations_from_py(&operations, each.reader(input))?)
        }
        _ => None,
    };
    match (operations, all) {
        (None, true) => Ok(Action::Read(each.read, Bins::All)),
        (None, false) => Ok(Action::Read(each.read, Bins::None)),
        (Some(_), true) => {
            Err(PyValueError::new_err("a Read has ops and read_all_bins: give one of the two"))
        }
        (Some(operations), false) if operations.write() => {
            Err(PyValueError::new_err("a Read has operations that write: use Write"))
        }
        (Some(operations), false) => Ok(Action::ReadBy(each.read, operations.into_list())),
    }
}

/// The policies of a row that may have one of its own.
fn own(row: &Bound<'_, PyAny>, kind: BatchKind, each: &Each) -> PyResult<Each> {
    let mut each = each.clone();
    if let Some(policy) = given(row, "policy")? {
        each.patch(kind, &policy, "policy")?;
    }
    Ok(each)
}

/// An attribute of a row that may be None.
fn given<'py>(row: &Bound<'py, PyAny>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    Ok(Some(row.getattr(name)?).filter(|value| !value.is_none()))
}

fn is_empty(list: &Bound<'_, PyAny>) -> bool {
    list.cast::<PyList>().is_ok_and(|list| list.is_empty())
        || list.cast::<PyTuple>().is_ok_and(|tuple| tuple.is_empty())
}
