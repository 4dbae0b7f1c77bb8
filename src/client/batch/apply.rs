//! Calling a user-defined function with many records.

use std::sync::Arc;

use aerospike_core as core;
use core::Value;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::retry::Outcome;
use super::write::key_and_meta;
use super::{Action, Batch, Call, Row, rows_from_py};
use crate::client::docs::batch as docs;
use crate::client::seats::Demand;
use crate::client::task::Input;
use crate::client::verb::Verb;
use crate::convert::argument::items_from_py;
use crate::convert::batch::write_result_to_py;
use crate::convert::bins::within;
use crate::convert::key::KeyParts;
use crate::convert::policy::{BatchKind, Batching};
use crate::convert::text::required_utf8;
use crate::convert::value::{Reader, value_from_py};
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Signature, optional, required};
use crate::observe::Subject;
use crate::state::State;
use crate::transaction::Shared;

pub struct BatchApply;

impl Verb for BatchApply {
    const SIGNATURE: Signature = Signature {
        name: "batch_apply",
        params: &[
            required("keys"),
            required("module"),
            required("function"),
            optional("args", "None"),
            optional("policy", "None"),
            optional("policy_batch_apply", "None"),
        ],
        doc: docs::BATCH_APPLY,
    };
    const WRITES: bool = true;
    type Request = Batch;
    type Outcome = Outcome;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Batch> {
        let defaults = &input.config.policies.batch_write;
        let Batching { whole, mut each } =
            Batching::of_call(args.optional(4).as_deref(), defaults)?;
        if let Some(own) = args.optional(5) {
            each.patch(BatchKind::Apply, &own, "policy_batch_apply")?;
        }
        let reader = each.reader(input);
        let arguments = args.optional(3);
        let call = Call {
            module: name_from_py(&args.required(1), "module")?,
            function: name_from_py(&args.required(2), "function")?,
            arguments: arguments_from_py(arguments.as_deref(), reader)?,
        };
        let action = Arc::new(Action::Apply(each.apply.clone(), call.clone()));
        let rows = rows_from_py(&args.required(0), "keys", |item| {
            let (key, meta) = key_and_meta(item)?;
            let action = match meta {
                None => Arc::clone(&action),
                Some(meta) => {
                    let own = each.with_call(meta)?;
                    let call = Call {
                        module: own.module.unwrap_or_else(|| call.module.clone()),
                        function: own.function.unwrap_or_else(|| call.function.clone()),
                        arguments: match own.args {
                            Some(args) => arguments_from_py(Some(args.bind(item.py())), reader)?,
                            None => call.arguments.clone(),
                        },
                    };
                    Arc::new(Action::Apply(own.each.apply, call))
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

/// The name of a module or function.
pub fn name_from_py(name: &Bound<'_, PyAny>, what: &str) -> PyResult<String> {
    match required_utf8(name, what)? {
        "" => Err(PyValueError::new_err(format!("{what} is empty"))),
        name => Ok(name.to_owned()),
    }
}

/// The arguments of a function, none if not given.
pub fn arguments_from_py(
    arguments: Option<&Bound<'_, PyAny>>,
    reader: Reader<'_>,
) -> PyResult<Vec<Value>> {
    let Some(arguments) = arguments else { return Ok(Vec::new()) };
    let mut values = Vec::new();
    for (index, argument) in
        items_from_py(arguments, "args", "a list or tuple")?.as_slice().iter().enumerate()
    {
        let value = value_from_py(argument, reader);
        values.push(
            value.map_err(|error| within(argument.py(), error, format_args!("args[{index}]")))?,
        );
    }
    Ok(values)
}
