//! Spans reach the application's own pipeline, on a thread that is attached.

use std::time::{SystemTime, UNIX_EPOCH};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use super::Tracing;
use super::span::{Finished, Value};

/// Gives Python the spans that are there, if they go to its pipeline.
pub fn deliver(py: Python<'_>, tracing: Option<&Tracing>) {
    if let Some(Tracing::Pipeline(outbox)) = tracing
        && outbox.is_waiting()
    {
        outbox.empty(|spans| {
            if let Err(error) = hand_over(py, spans) {
                error.write_unraisable(py, None);
            }
        });
    }
}

fn hand_over(py: Python<'_>, spans: Vec<Finished>) -> PyResult<()> {
    let list = PyList::empty(py);
    for span in spans {
        list.append(shown(py, span)?)?;
    }
    py.import("aerospike_py._tracing")?.getattr("export")?.call1((list,))?;
    Ok(())
}

fn shown(py: Python<'_>, span: Finished) -> PyResult<Bound<'_, PyTuple>> {
    let Finished { traced, name, start, end, failed, attributes, retries } = span;
    let told = PyDict::new(py);
    for (name, value) in attributes {
        match value {
            Value::Text(text) => told.set_item(name, text)?,
            Value::Int(number) => told.set_item(name, number)?,
        }
    }
    let parent = traced
        .parent
        .map(|parent| (parent.trace, parent.span, parent.remote, parent.flags, parent.state));
    let retries: Vec<_> =
        retries.into_iter().map(|heard| (nanoseconds(heard.when), heard.what)).collect();
    (name, nanoseconds(start), nanoseconds(end), failed, told, retries, parent).into_pyobject(py)
}

fn nanoseconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64)
}
