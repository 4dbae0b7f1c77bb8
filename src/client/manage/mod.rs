//! What is managed by info commands: secondary indexes, modules of functions, sets, filters of XDR.
//!
//! A node that takes such a command passes it on to the others, so that each verb here waits
//! until all have done it.

pub mod index;
pub mod truncate;
pub mod udf;
pub mod xdr;

use std::future::Future;
use std::time::Duration;

use aerospike_core as core;
use core::policy::AdminPolicy;
use core::task::Status;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::convert::text::required_utf8;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Param};

/// A name that goes into an info command, where these characters would end it.
fn name_from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<String> {
    match required_utf8(value, what)? {
        "" => Err(PyValueError::new_err(format!("{what} is empty"))),
        name if name.contains(|c: char| matches!(c, ';' | ':' | '=' | ',') || c.is_control()) => {
            Err(PyValueError::new_err(format!(
                "{what} must have no ; : = , or control characters: {name:?}"
            )))
        }
        name => Ok(name.to_owned()),
    }
}

/// The name at a position of the arguments.
fn name(args: &Args<'_, '_>, params: &[Param], index: usize) -> PyResult<String> {
    name_from_py(&args.required(index), params[index].name)
}

/// The set at a position of the arguments: None and the empty name are no set.
fn set_name(args: &Args<'_, '_>, params: &[Param], index: usize) -> PyResult<String> {
    match args.optional(index) {
        None => Ok(String::new()),
        Some(set) if required_utf8(&set, params[index].name)?.is_empty() => Ok(String::new()),
        Some(set) => name_from_py(&set, params[index].name),
    }
}

/// The answer of a random node to one command.
async fn ask(
    client: &core::Client,
    policy: &AdminPolicy,
    command: &str,
) -> Result<String, ErrorInfo> {
    let node = client.random_node().map_err(ErrorInfo::from)?;
    let mut answers = node.info(policy, &[command]).await.map_err(ErrorInfo::from)?;
    answers
        .swap_remove(command)
        .ok_or_else(|| ErrorInfo::client(&format!("the node's answer has no line for {command:?}")))
}

/// Rows of an answer like `a=1:b=2;a=3:b=4;`.
fn rows(answer: &str) -> impl Iterator<Item = impl Iterator<Item = (&str, &str)>> {
    answer
        .split(';')
        .filter(|row| !row.is_empty())
        .map(|row| row.split(':').filter_map(|pair| pair.split_once('=')))
}

/// Asks, at first often, until every node is done.
async fn wait_for<F>(status: impl Fn() -> F) -> Result<(), ErrorInfo>
where
    F: Future<Output = core::Result<Status>>,
{
    let mut pause = Duration::from_millis(1);
    while status().await.map_err(ErrorInfo::from)? == Status::InProgress {
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(200));
    }
    Ok(())
}
