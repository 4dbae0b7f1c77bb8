//! Info commands: a line of text to a node, a line of text back.

use std::sync::Arc;

use aerospike_core as core;
use futures_util::future::join_all;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyList, PyString, PyTuple};

use super::docs;
use super::session::Session;
use super::task::{Input, Task};
use super::verb::Verb;
use crate::convert::policy::admin_policy;
use crate::convert::type_name;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Signature, optional, required};
use crate::interp::objects::named_tuple;
use crate::state::State;

/// A command for one or all nodes.
pub struct Command {
    text: String,
    policy: core::policy::AdminPolicy,
}

impl Command {
    fn parse(
        input: &Input<'_>,
        command: &Bound<'_, PyAny>,
        policy: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let text = match command.cast::<PyString>() {
            Ok(text) => text.to_str()?.trim_end_matches('\n').to_owned(),
            Err(_) => {
                return Err(PyTypeError::new_err(format!(
                    "command must be str, not {}",
                    type_name(command)
                )));
            }
        };
        if text.is_empty() || text.contains('\n') {
            return Err(PyValueError::new_err("command must be one line of text, not empty"));
        }
        let policy = admin_policy(policy, &input.config.policies.info)?;
        Ok(Self { text, policy })
    }

    async fn ask(&self, node: &core::Node) -> Result<String, ErrorInfo> {
        let mut answers = node.info(&self.policy, &[&self.text]).await.map_err(ErrorInfo::from)?;
        answers.swap_remove(&self.text).ok_or_else(|| {
            ErrorInfo::client(&format!("the node's answer has no line for {:?}", self.text))
        })
    }
}

/// The error code that an answer like `ERROR:4:unrecognized command` names, or 0.
pub fn error_code(answer: &str) -> i32 {
    let mut parts = answer.split(':');
    match parts.next() {
        Some("ERROR" | "FAIL" | "error" | "fail") => {
            parts.next().and_then(|code| code.parse().ok()).unwrap_or(1)
        }
        _ => 0,
    }
}

pub struct InfoAll;

impl Verb for InfoAll {
    const SIGNATURE: Signature = Signature {
        name: "info_all",
        params: &[required("command"), optional("policy", "None")],
        doc: docs::INFO_ALL,
    };
    const WRITES: bool = true;
    type Request = Command;
    type Outcome = Vec<(String, i32, String)>;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Command> {
        Command::parse(input, &args.required(0), args.optional(1).as_deref())
    }

    async fn run(request: &Command, client: &core::Client) -> Result<Self::Outcome, ErrorInfo> {
        let nodes = client.nodes();
        let answers = join_all(nodes.iter().map(|node| request.ask(node))).await;
        let rows = nodes.iter().zip(answers).map(|(node, answer)| match answer {
            Ok(answer) => (node.name().to_owned(), error_code(&answer), answer),
            Err(error) => (node.name().to_owned(), error.code, error.message),
        });
        Ok(rows.collect())
    }

    fn finish<'py>(
        py: Python<'py>,
        state: &State,
        _request: Command,
        outcome: Self::Outcome,
    ) -> PyResult<Bound<'py, PyAny>> {
        let rows = PyList::empty(py);
        for (node, code, answer) in outcome {
            let fields = [
                PyString::new(py, &node).into_any(),
                PyInt::new(py, code).into_any(),
                PyString::new(py, &answer).into_any(),
            ];
            rows.append(named_tuple(state.types.info_node_result.bind(py), fields)?)?;
        }
        Ok(rows.into_any())
    }
}

pub struct InfoRandomNode;

impl Verb for InfoRandomNode {
    const SIGNATURE: Signature = Signature {
        name: "info_random_node",
        params: &[required("command"), optional("policy", "None")],
        doc: docs::INFO_RANDOM_NODE,
    };
    const WRITES: bool = true;
    type Request = Command;
    type Outcome = String;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Command> {
        Command::parse(input, &args.required(0), args.optional(1).as_deref())
    }

    async fn run(request: &Command, client: &core::Client) -> Result<String, ErrorInfo> {
        request.ask(&*client.random_node().map_err(ErrorInfo::from)?).await
    }

    fn finish<'py>(
        py: Python<'py>,
        _state: &State,
        _request: Command,
        outcome: String,
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyString::new(py, &outcome).into_any())
    }
}

/// Which node a command is for.
pub enum Target {
    Name(String),
    Address(String, u16),
}

impl Target {
    fn parse(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(name) = value.cast::<PyString>() {
            return Ok(Self::Name(name.to_str()?.to_owned()));
        }
        if let Ok(address) = value.cast::<PyTuple>()
            && (2..=3).contains(&address.len())
            && let Ok(host) = address.get_item(0)?.cast::<PyString>()
        {
            return Ok(Self::Address(host.to_str()?.to_owned(), address.get_item(1)?.extract()?));
        }
        Err(PyTypeError::new_err(format!(
            "node_name must be a node's name or a tuple (address, port), not {}",
            type_name(value)
        )))
    }

    fn find(&self, client: &core::Client) -> Result<Arc<core::Node>, ErrorInfo> {
        let (found, wanted) = match self {
            Self::Name(name) => (client.get_node(name).ok(), name.clone()),
            Self::Address(host, port) => {
                let at = |node: &&Arc<core::Node>| {
                    node.aliases().iter().any(|alias| alias.name == *host && alias.port == *port)
                };
                (client.nodes().iter().find(at).cloned(), format!("{host}:{port}"))
            }
        };
        found.ok_or_else(|| {
            let known = client.node_names().join(", ");
            ErrorInfo::invalid_node(&format!("no node {wanted:?} in the cluster; it has {known}"))
        })
    }
}

pub struct InfoSingleNode;

impl Verb for InfoSingleNode {
    const SIGNATURE: Signature = Signature {
        name: "info_single_node",
        params: &[required("command"), required("node_name"), optional("policy", "None")],
        doc: docs::INFO_SINGLE_NODE,
    };
    const WRITES: bool = true;
    type Request = (Command, Target);
    type Outcome = String;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Self::Request> {
        let command = Command::parse(input, &args.required(0), args.optional(2).as_deref())?;
        Ok((command, Target::parse(&args.required(1))?))
    }

    async fn run(
        (command, target): &Self::Request,
        client: &core::Client,
    ) -> Result<String, ErrorInfo> {
        command.ask(&*target.find(client)?).await
    }

    fn finish<'py>(
        py: Python<'py>,
        _state: &State,
        _request: Self::Request,
        outcome: String,
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyString::new(py, &outcome).into_any())
    }
}

/// Whether any node answers. Not being connected is an answer, too.
pub struct Ping;

impl Task for Ping {
    const SIGNATURE: Signature = Signature { name: "ping", params: &[], doc: docs::PING };
    const WRITES: bool = false;
    type Request = core::policy::AdminPolicy;
    type Outcome = bool;

    fn parse(input: &Input<'_>, _args: &Args<'_, '_>) -> PyResult<Self::Request> {
        Ok(input.config.policies.info)
    }

    async fn run(policy: &Self::Request, session: &Session) -> Result<bool, ErrorInfo> {
        let Ok(admission) = session.admit().await else { return Ok(false) };
        for node in admission.client.nodes() {
            if node.info(policy, &["node"]).await.is_ok() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn finish<'py>(
        _state: &State,
        client: &Bound<'py, PyAny>,
        _request: Self::Request,
        answered: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyBool::new(client.py(), answered).to_owned().into_any())
    }
}
