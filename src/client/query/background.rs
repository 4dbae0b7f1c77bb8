//! Statements that the server carries out by itself, and what it tells of them.

use aerospike_core as core;
use core::policy::AdminPolicy;
use core::{Statement, Version};
use futures_util::future::join_all;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt};

use super::records::statement_of;
use super::statement::{Work, make};
use crate::client::class::{ClientOf, Kind};
use crate::client::docs::query as docs;
use crate::client::task::Input;
use crate::client::verb::Verb;
use crate::convert::argument::int_from_py;
use crate::convert::policy::{Looking, Writing, admin_policy, write_policy};
use crate::convert::text::required_utf8;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Param, Signature, optional, required};
use crate::interp::class::This;
use crate::interp::method::{Context, Method};
use crate::interp::objects::unsigned_value;
use crate::observe::Subject;
use crate::state::State;

pub struct Background;

pub struct Request {
    statement: Statement,
    work: Work,
    policy: Writing,
}

impl Verb for Background {
    const SIGNATURE: Signature = Signature {
        name: "_execute_background",
        params: &[required("statement"), required("limits"), optional("policy", "None")],
        doc: "Have the nodes carry out a statement.",
    };
    const WRITES: bool = true;
    const OPERATION: &'static str = "execute_background";
    type Request = Request;
    type Outcome = u64;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        let given = args.required(0);
        let draft = statement_of(input.state, &given)?;
        let (statement, work) = draft.for_background()?;
        let (limits, policy) = (args.required(1), args.optional(2));
        let defaults = &input.config.policies.write;
        let mut policy = write_policy(policy.as_deref(), Some(&limits), defaults)?;
        if policy.transaction.is_some() {
            return Err(PyValueError::new_err(
                "policy key \"txn\": queries and scans can't be part of a transaction",
            ));
        }
        draft.restrict(&mut policy.base_policy.filter_expression)?;
        Ok(Request { statement, work, policy })
    }

    fn subject(request: &Request) -> Subject<'_> {
        Subject::in_set(&request.statement.namespace, &request.statement.set_name)
    }

    async fn run(request: &Request, client: &core::Client) -> Result<u64, ErrorInfo> {
        let Request { statement, work, policy } = request;
        let statement = statement.clone();
        let task = match work {
            Work::Operations => client.query_operate(policy, statement).await,
            Work::Call(call) => {
                client
                    .query_execute_udf(
                        policy,
                        statement,
                        &call.module,
                        &call.function,
                        &call.arguments,
                    )
                    .await
            }
        };
        Ok(task.map_err(ErrorInfo::from)?.task_id())
    }

    fn finish<'py>(
        py: Python<'py>,
        _state: &State,
        _request: Request,
        job: u64,
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyInt::new(py, job).into_any())
    }
}

const SET: Param = required("set_name");
const NAMESPACE: Param = required("namespace");
const MODULE: Param = required("module");
const FUNCTION: Param = required("function");
const ARGS: Param = optional("args", "None");
const POLICY: Param = optional("policy", "None");

/// Has a function called with each record that a query or scan finds.
fn apply<'py, K: Kind>(
    context: &Context<'_, 'py, State>,
    this: &This<'_, 'py, ClientOf<K>>,
    args: &Args<'_, 'py>,
    looking: Looking,
) -> PyResult<Bound<'py, PyAny>> {
    let statement = make(context, this, args, looking)?;
    let call = match looking {
        Looking::Query => {
            statement.call_method1("where", (args.required(2),))?;
            3
        }
        Looking::Scan => 2,
    };
    let function = (args.required(call), args.required(call + 1), args.optional(call + 2));
    statement.call_method1("apply", function)?;
    statement.call_method1("execute_background", (args.optional(call + 3),))
}

pub struct QueryApply;

impl<K: Kind> Method<ClientOf<K>> for QueryApply {
    const SIGNATURE: Signature = Signature {
        name: "query_apply",
        params: &[NAMESPACE, SET, required("predicate"), MODULE, FUNCTION, ARGS, POLICY],
        doc: docs::QUERY_APPLY,
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, ClientOf<K>>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        apply(context, &this, args, Looking::Query)
    }
}

pub struct ScanApply;

impl<K: Kind> Method<ClientOf<K>> for ScanApply {
    const SIGNATURE: Signature = Signature {
        name: "scan_apply",
        params: &[NAMESPACE, SET, MODULE, FUNCTION, ARGS, POLICY],
        doc: docs::SCAN_APPLY,
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, ClientOf<K>>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        apply(context, &this, args, Looking::Scan)
    }
}

/// What one node tells of a job.
pub struct Told {
    done: bool,
    percent: f64,
    records: u64,
}

fn read_answer(answer: &str) -> Result<Option<Told>, ErrorInfo> {
    // The node has no such job, or none any more.
    if answer.starts_with("ERROR:2") || answer.starts_with("FAIL:2") {
        return Ok(None);
    }
    if answer.starts_with("ERROR") || answer.starts_with("FAIL") {
        return Err(ErrorInfo::client(&format!("the node does not tell of jobs: {answer}")));
    }
    let field = |name: &str| {
        let mut pairs = answer.split(':').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let number = |name: &str| field(name).and_then(|value| value.parse::<u64>().ok());
    let parts = ["recs-succeeded", "recs-failed", "recs-filtered-meta", "recs-filtered-bins"];
    Ok(Some(Told {
        done: field("status").is_some_and(|status| status.starts_with("done")),
        percent: field("job-progress").and_then(|value| value.parse().ok()).unwrap_or(0.0),
        records: parts.into_iter().filter_map(number).sum(),
    }))
}

const PARAMS: &[Param] = &[required("job_id"), MODULE, POLICY];

pub struct JobInfo;

impl Verb for JobInfo {
    const SIGNATURE: Signature =
        Signature { name: "job_info", params: PARAMS, doc: docs::JOB_INFO };
    const WRITES: bool = false;
    type Request = (u64, AdminPolicy);
    type Outcome = Vec<Option<Told>>;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Self::Request> {
        let (job, module) = (args.required(0), args.required(1));
        let number = unsigned_value(int_from_py(&job, "job_id")?);
        let Some(number) = number else {
            return Err(PyValueError::new_err(format!(
                "job_id must be from 0 to 2**64-1, not {}",
                job.repr()?
            )));
        };
        match required_utf8(&module, "module")? {
            "query" | "scan" => {}
            other => {
                return Err(PyValueError::new_err(format!(
                    "module must be JOB_QUERY (\"query\") or JOB_SCAN (\"scan\"), not {other:?}"
                )));
            }
        }
        let policy = args.optional(2);
        Ok((number, admin_policy(policy.as_deref(), &input.config.policies.info)?))
    }

    async fn run(
        (job, policy): &Self::Request,
        client: &core::Client,
    ) -> Result<Self::Outcome, ErrorInfo> {
        let nodes = client.nodes();
        let answers = nodes.iter().map(|node| async move {
            let id = match node.version() >= &Version::new(8, 1, 0, 0) {
                true => "id",
                false => "trid",
            };
            let command = format!("query-show:{id}={job}");
            let mut answers = node.info(policy, &[&command]).await.map_err(ErrorInfo::from)?;
            match answers.swap_remove(&command) {
                Some(answer) => read_answer(&answer),
                None => Ok(None),
            }
        });
        join_all(answers).await.into_iter().collect()
    }

    fn finish<'py>(
        py: Python<'py>,
        _state: &State,
        _request: Self::Request,
        told: Self::Outcome,
    ) -> PyResult<Bound<'py, PyAny>> {
        let known: Vec<_> = told.iter().flatten().collect();
        let percent = known.iter().map(|told| told.percent).sum::<f64>();
        let status = match known.iter().all(|told| told.done) {
            _ if known.is_empty() => UNDEFINED,
            true => COMPLETED,
            false => IN_PROGRESS,
        };
        let dict = PyDict::new(py);
        dict.set_item("progress_pct", (percent / known.len().max(1) as f64).floor() as u64)?;
        dict.set_item("records_read", known.iter().map(|told| told.records).sum::<u64>())?;
        dict.set_item("status", status)?;
        Ok(dict.into_any())
    }
}

/// `JOB_STATUS_*`
const UNDEFINED: u8 = 0;
const IN_PROGRESS: u8 = 1;
const COMPLETED: u8 = 2;
