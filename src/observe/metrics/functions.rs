//! The functions of the module about metrics.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyString};

use super::text::Format;
use crate::convert::argument::bool_from_py;
use crate::interp::args::{Args, Signature, optional, required};
use crate::interp::method::{Context, Function};
use crate::state::State;

pub struct GetMetrics;

impl Function<State> for GetMetrics {
    const SIGNATURE: Signature = Signature {
        name: "get_metrics",
        params: &[optional("openmetrics", "False")],
        doc: super::docs::GET_METRICS,
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let format = match args.optional(0) {
            Some(open) if bool_from_py(&open, "openmetrics")? => Format::OpenMetrics,
            _ => Format::Prometheus,
        };
        let metrics = context.state.observers.metrics();
        let text = context.py.detach(|| format.write(&metrics.families()));
        Ok(PyString::new(context.py, &text).into_any())
    }
}

pub struct SetMetricsEnabled;

impl Function<State> for SetMetricsEnabled {
    const SIGNATURE: Signature = Signature {
        name: "set_metrics_enabled",
        params: &[required("enabled")],
        doc: super::docs::SET_METRICS_ENABLED,
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

pub struct IsMetricsEnabled;

impl Function<State> for IsMetricsEnabled {
    const SIGNATURE: Signature =
        Signature { name: "is_metrics_enabled", params: &[], doc: super::docs::IS_METRICS_ENABLED };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let on = context.state.observers.metrics_enabled();
        Ok(PyBool::new(context.py, on).to_owned().into_any())
    }
}
