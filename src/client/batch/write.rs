//! Writing, operating on and removing many records.

use std::sync::Arc;

use aerospike_core as core;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::retry::Outcome;
use super::{Action, Batch, Row, parts_of, rows_from_py};
use crate::client::docs::batch as docs;
use crate::client::seats::Demand;
use crate::client::task::Input;
use crate::client::verb::Verb;
use crate::convert::argument::int_from_py;
use crate::convert::batch::write_result_to_py;
use crate::convert::bins::bins_from_py;
use crate::convert::key::KeyParts;
use crate::convert::policy::{BatchKind, Batching, Each, expiration_from_py};
use crate::convert::type_name;
use crate::convert::value::Reader;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Signature, optional, required};
use crate::interp::objects::int_value;
use crate::observe::Subject;
use crate::operation::operations_from_py;
use crate::state::State;
use crate::transaction::Shared;

impl Each {
    /// How values to be written are read.
    pub fn reader<'a>(&self, input: &Input<'a>) -> Reader<'a> {
        Reader::new(input.types, self.wrap_integers)
    }
}

/// The rows of `batch_write`, each `(key, bins)` or `(key, bins, meta)`.
pub fn writes_from_py(
    input: &Input<'_>,
    records: &Bound<'_, PyAny>,
    each: &Each,
) -> PyResult<Vec<Row>> {
    rows_from_py(records, "records", |record| {
        let (key, bins, meta) = match parts_of(record) {
            Some([key, bins]) => (key, bins, None),
            Some([key, bins, meta]) => (key, bins, Some(meta).filter(|meta| !meta.is_none())),
            _ => {
                return Err(PyValueError::new_err(format!(
                    "a record must be (key, bins) or (key, bins, meta), not {}",
                    type_name(record)
                )));
            }
        };
        let key = KeyParts::from_py(key)?;
        let bins = bins_from_py(bins, each.reader(input))?;
        let policy = match meta {
            None => each.write.clone(),
            Some(meta) => each.with_metadata(BatchKind::Write, meta)?.write,
        };
        Ok(Row { key, action: Arc::new(Action::Put(policy, bins)) })
    })
}

/// The number of retries.
pub fn retries_from_py(retry: Option<&Bound<'_, PyAny>>) -> PyResult<u32> {
    let Some(retry) = retry else { return Ok(0) };
    let int = int_value(int_from_py(retry, "retry")?);
    int.and_then(|int| u32::try_from(int).ok()).ok_or_else(|| {
        PyValueError::new_err(format!("retry must be from 0 to {}, not {retry}", u32::MAX))
    })
}

pub struct BatchOperate;

impl Verb for BatchOperate {
    const SIGNATURE: Signature = Signature {
        name: "batch_operate",
        params: &[
            required("keys"),
            required("ops"),
            optional("policy", "None"),
            optional("policy_batch_write", "None"),
            optional("ttl", "None"),
        ],
        doc: docs::BATCH_OPERATE,
    };
    const WRITES: bool = true;
    type Request = Batch;
    type Outcome = Outcome;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Batch> {
        let (policy, own) = (args.optional(2), args.optional(3));
        let writes = &input.config.policies.batch_write;
        let Batching { whole, mut each } = Batching::of_call(policy.as_deref(), writes)?;
        if let Some(own) = own.as_deref() {
            each.patch(BatchKind::Write, own, "policy_batch_write")?;
        }
        if let Some(ttl) = args.optional(4)
            && let Some(expiration) = expiration_from_py("ttl", &ttl)?
        {
            each.write.expiration = expiration;
        }
        let operations = operations_from_py(&args.required(1), each.reader(input))?;
        let (whole, action) = if operations.write() {
            if let Some(expiration) = operations.expiration() {
                each.write.expiration = expiration;
            }
            (whole, Action::Operate(each.write, operations.into_list()))
        } else {
            let reads = &input.config.policies.batch;
            let mut reading = Batching::of_call(policy.as_deref(), reads)?;
            if own.is_some() {
                reading.each.read.filter_expression = each.write.filter_expression;
            }
            (reading.whole, Action::ReadBy(reading.each.read, operations.into_list()))
        };
        let action = Arc::new(action);
        let rows = rows_from_py(&args.required(0), "keys", |key| {
            Ok(Row { key: KeyParts::from_py(key)?, action: Arc::clone(&action) })
        })?;
        Ok(Batch::new(whole, rows))
    }

    fn subject(batch: &Batch) -> Subject<'_> {
        batch.subject()
    }

    fn demand(batch: &Batch) -> Demand {
        batch.demand()
    }

    fn shortened(batch: &Batch, waited: u32) -> Option<Batch> {
        Some(batch.shortened(waited))
    }

    fn transaction(batch: &Batch) -> Option<&Arc<Shared>> {
        batch.transaction()
    }

    async fn run(batch: &Batch, client: &core::Client) -> Result<Outcome, ErrorInfo> {
        batch.send(client).await.map(Outcome::from)
    }

    fn finish_for<'py>(
        owner: &Bound<'py, PyAny>,
        state: &State,
        _batch: Batch,
        outcome: Outcome,
    ) -> PyResult<Bound<'py, PyAny>> {
        let types = state.types_for(owner);
        write_result_to_py(owner.py(), &outcome.rows, &outcome.retried, types)
    }
}

pub struct BatchRemove;

impl Verb for BatchRemove {
    const SIGNATURE: Signature = Signature {
        name: "batch_remove",
        params: &[
            required("keys"),
            optional("policy", "None"),
            optional("policy_batch_remove", "None"),
        ],
        doc: docs::BATCH_REMOVE,
    };
    const WRITES: bool = true;
    type Request = Batch;
    type Outcome = Outcome;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Batch> {
        let defaults = &input.config.policies.batch_write;
        let Batching { whole, mut each } =
            Batching::of_call(args.optional(1).as_deref(), defaults)?;
        if let Some(own) = args.optional(2) {
            each.patch(BatchKind::Remove, &own, "policy_batch_remove")?;
        }
        let action = Arc::new(Action::Remove(each.remove.clone()));
        let rows = rows_from_py(&args.required(0), "keys", |item| {
            let (key, meta) = key_and_meta(item)?;
            let action = match meta {
                None => Arc::clone(&action),
                Some(meta) => {
                    let each = each.with_metadata(BatchKind::Remove, meta)?;
                    Arc::new(Action::Remove(each.remove))
                }
            };
            Ok(Row { key: KeyParts::from_py(key)?, action })
        })?;
        Ok(Batch::new(whole, rows))
    }

    fn subject(batch: &Batch) -> Subject<'_> {
        batch.subject()
    }

    fn demand(batch: &Batch) -> Demand {
        batch.demand()
    }

    fn shortened(batch: &Batch, waited: u32) -> Option<Batch> {
        Some(batch.shortened(waited))
    }

    fn transaction(batch: &Batch) -> Option<&Arc<Shared>> {
        batch.transaction()
    }

    async fn run(batch: &Batch, client: &core::Client) -> Result<Outcome, ErrorInfo> {
        batch.send(client).await.map(Outcome::from)
    }

    fn finish_for<'py>(
        owner: &Bound<'py, PyAny>,
        state: &State,
        _batch: Batch,
        outcome: Outcome,
    ) -> PyResult<Bound<'py, PyAny>> {
        let types = state.types_for(owner);
        write_result_to_py(owner.py(), &outcome.rows, &outcome.retried, types)
    }
}

/// An entry that is a key or `(key, meta)`.
pub fn key_and_meta<'a, 'py>(
    item: &'a Bound<'py, PyAny>,
) -> PyResult<(&'a Bound<'py, PyAny>, Option<&'a Bound<'py, PyAny>>)> {
    match parts_of(item) {
        None => Ok((item, None)),
        Some([key, meta]) => Ok((key, Some(meta).filter(|meta| !meta.is_none()))),
        Some(parts) => Err(PyValueError::new_err(format!(
            "an entry must be a key or (key, meta), not a tuple of {}",
            parts.len()
        ))),
    }
}
