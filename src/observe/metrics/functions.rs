//! The functions of the module about metrics.

use std::io;

use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyList, PyString};

use super::docs;
use super::family::{Family, Kind, Label, Value};
use super::text::Format;
use crate::convert::argument::{bool_from_py, int_from_py};
use crate::convert::text::required_utf8;
use crate::interp::args::{Args, Param, Signature, optional, required};
use crate::interp::method::{Context, Function};
use crate::interp::objects::int_value;
use crate::state::State;

pub struct GetMetrics;

impl Function<State> for GetMetrics {
    const SIGNATURE: Signature = Signature {
        name: "get_metrics",
        params: &[optional("openmetrics", "False")],
        doc: docs::GET_METRICS,
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let format = match args.optional(0) {
            Some(open) if bool_from_py(&open, "openmetrics")? => Format::OpenMetrics,
            _ => Format::Prometheus,
        };
        let observers = &context.state.observers;
        let text = context.py.detach(|| format.write(&observers.metrics().families()));
        Ok(PyString::new(context.py, &text).into_any())
    }
}

/// The metrics as objects, for the package to hand them to another library.
pub struct Families;

impl Function<State> for Families {
    const SIGNATURE: Signature = Signature {
        name: "metric_families",
        params: &[],
        doc: "Return (name, help, type, unit, samples) of each metric; a sample is (suffix, labels, value).",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = context.py;
        let observers = &context.state.observers;
        let families = py.detach(|| observers.metrics().families());
        let list = PyList::empty(py);
        for family in &families {
            let Family { name, help, kind, .. } = family;
            let unit = family.unit().unwrap_or_default();
            list.append((name, help, kind.name(), unit, samples(py, family)?))?;
        }
        Ok(list.into_any())
    }
}

fn samples<'py>(py: Python<'py>, family: &Family) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for point in &family.points {
        let labels = labels_to_py(py, &point.labels)?;
        match &point.value {
            Value::Number(value) => {
                let suffix = if family.kind == Kind::Counter { "_total" } else { "" };
                list.append((suffix, labels, value))?;
            }
            Value::Histogram(counted) => {
                for (bound, count) in counted.cumulative() {
                    let labels = labels.copy()?;
                    labels.set_item("le", Format::OpenMetrics.bound(bound))?;
                    list.append(("_bucket", labels, count as f64))?;
                }
                list.append(("_sum", &labels, counted.seconds))?;
                list.append(("_count", &labels, counted.count() as f64))?;
            }
        }
    }
    Ok(list)
}

fn labels_to_py<'py>(py: Python<'py>, labels: &[Label]) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (name, value) in labels {
        dict.set_item(name, value)?;
    }
    Ok(dict)
}

pub struct SetEnabled;

impl Function<State> for SetEnabled {
    const SIGNATURE: Signature = Signature {
        name: "set_metrics_enabled",
        params: &[required("enabled")],
        doc: docs::SET_METRICS_ENABLED,
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let on = bool_from_py(&args.required(0), Self::SIGNATURE.params[0].name)?;
        context.state.observers.enable_metrics(on);
        Ok(context.py.None().into_bound(context.py))
    }
}

pub struct IsEnabled;

impl Function<State> for IsEnabled {
    const SIGNATURE: Signature =
        Signature { name: "is_metrics_enabled", params: &[], doc: docs::IS_METRICS_ENABLED };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let on = context.state.observers.metrics_enabled();
        Ok(PyBool::new(context.py, on).to_owned().into_any())
    }
}

const DEFAULT_PORT: u16 = 9464;
const DEFAULT_HOST: &str = "127.0.0.1";
const SERVER: &[Param] = &[optional("port", "9464"), optional("host", "'127.0.0.1'")];

pub struct StartServer;

impl Function<State> for StartServer {
    const SIGNATURE: Signature =
        Signature { name: "start_metrics_server", params: SERVER, doc: docs::START_METRICS_SERVER };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, state) = (context.py, context.state);
        let port = args.optional(0).map_or(Ok(DEFAULT_PORT), |port| port_from_py(&port))?;
        let host = args.optional(1);
        let host = match &host {
            Some(host) => required_utf8(host, "host")?,
            None => DEFAULT_HOST,
        };
        let workers = state.drivers.workers()?;
        let started = py.detach(|| state.observers.serve_metrics(&workers, host, port));
        let address = started.map_err(|error| not_served(&error, host, port))?;
        Ok(PyInt::new(py, address.port()).into_any())
    }
}

fn port_from_py(port: &Bound<'_, PyAny>) -> PyResult<u16> {
    int_value(int_from_py(port, "port")?)
        .and_then(|port| u16::try_from(port).ok())
        .ok_or_else(|| PyValueError::new_err(format!("port must be from 0 to 65535, not {port}")))
}

/// An OSError with the number of the error, of which Python makes the class.
fn not_served(error: &io::Error, host: &str, port: u16) -> PyErr {
    let message = format!("metrics can't be served at {host}:{port}: {error}");
    match error.raw_os_error() {
        Some(number) => PyOSError::new_err((number, message)),
        None => PyOSError::new_err(message),
    }
}

pub struct StopServer;

impl Function<State> for StopServer {
    const SIGNATURE: Signature =
        Signature { name: "stop_metrics_server", params: &[], doc: docs::STOP_METRICS_SERVER };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, state) = (context.py, context.state);
        if state.observers.metrics_server.is_on() {
            let workers = state.drivers.workers()?;
            py.detach(|| state.observers.metrics_server.stop(&workers));
        }
        Ok(py.None().into_bound(py))
    }
}
