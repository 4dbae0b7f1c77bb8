//! The functions that `aerospike_py.init_tracing` and `shutdown_tracing` are made of.

use std::sync::Arc;
use std::time::Duration;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::collector::Collector;
use super::sampler::Sampler;
use super::settings::{Settings, Tls};
use super::{Tracing, pipeline};
use crate::convert::argument::bool_from_py;
use crate::interp::args::{Args, Signature, required};
use crate::interp::instance;
use crate::interp::method::{Context, Function};
use crate::observe::outbox::Outbox;
use crate::state::State;

/// How many spans wait for the application's pipeline at most.
const ROOM: usize = 4096;

/// Traces to a collector. The package has checked what can be checked without connecting.
pub struct TraceToCollector;

impl Function<State> for TraceToCollector {
    const SIGNATURE: Signature = Signature {
        name: "trace_to_collector",
        params: &[
            required("caller"),
            required("grpc"),
            required("endpoint"),
            required("headers"),
            required("timeout"),
            required("resource"),
            required("sampler"),
            required("gzip"),
            required("tls"),
        ],
        doc: "Send a span for each operation to a collector, from now on.",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, state) = (context.py, context.state);
        let (authorities, identity) = args.required(8).extract()?;
        let settings = Settings {
            grpc: bool_from_py(&args.required(1), "grpc")?,
            endpoint: args.required(2).extract()?,
            headers: args.required(3).extract()?,
            timeout: Duration::from_secs_f64(args.required(4).extract()?),
            resource: args.required(5).extract()?,
            gzip: bool_from_py(&args.required(7), "gzip")?,
            tls: Tls { authorities, identity },
        };
        let (name, ratio): (String, f64) = args.required(6).extract()?;
        let sampler = Sampler::named(&name, ratio)
            .ok_or_else(|| PyValueError::new_err(format!("there is no sampler {name:?}")))?;
        let number = state.log.instance;
        let collector = py
            .detach(|| Collector::start(number, settings, sampler))
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        begin(py, state, &args.required(0), Tracing::Collector(Box::new(collector)))
    }
}

pub struct TraceToPipeline;

impl Function<State> for TraceToPipeline {
    const SIGNATURE: Signature = Signature {
        name: "trace_to_pipeline",
        params: &[required("caller")],
        doc: "Have `aerospike_py._tracing.export` get a span for each operation, from now on.",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let tracing = Tracing::Pipeline(Outbox::new(ROOM));
        begin(context.py, context.state, &args.required(0), tracing)
    }
}

fn begin<'py>(
    py: Python<'py>,
    state: &State,
    caller: &Bound<'py, PyAny>,
    tracing: Tracing,
) -> PyResult<Bound<'py, PyAny>> {
    state.caller.learn(caller)?;
    end(py, state, Some(tracing));
    Ok(py.None().into_bound(py))
}

/// Ends the tracing that there is, and begins another.
fn end(py: Python<'_>, state: &State, next: Option<Tracing>) {
    state.log.hear_failed_tries(next.is_some());
    let Some(before) = state.observers.trace(next.map(Arc::new)) else { return };
    pipeline::deliver(py, Some(&before));
    let number = state.log.instance;
    py.detach(|| {
        let _working = instance::work_for(number);
        if let Err(error) = before.shut_down() {
            log::warn!(target: "aerospike_py::tracing", "spans may be lost: {error}");
        }
    });
}

pub struct StopTracing;

impl Function<State> for StopTracing {
    const SIGNATURE: Signature = Signature {
        name: "stop_tracing",
        params: &[],
        doc: "Make no more spans, and send those that wait.",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        end(context.py, context.state, None);
        context.state.caller.forget();
        Ok(context.py.None().into_bound(context.py))
    }
}
