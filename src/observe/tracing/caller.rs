//! The span that the caller is in, as the package `opentelemetry` knows it.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyTuple};

use super::Tracing;
use super::span::{Parent, Traced};
use crate::interp::gc::Visitor;
use crate::interp::names::Names;
use crate::interp::objects::{context_value, int_value};

/// How to find the caller's span, while tracing is on and the package is installed.
#[derive(Default)]
pub struct Caller(ArcSwapOption<Known>);

enum Known {
    Within(Within),
    /// A function that returns the span.
    Function(Py<PyAny>),
}

/// What that function would look at.
struct Within {
    /// The variable that has the current context.
    variable: Py<PyAny>,
    /// The span's key in it.
    key: Py<PyAny>,
    /// The classes of spans that have their `SpanContext` as `_context`, whose method
    /// `get_span_context` is code in Python.
    plain: Py<PyTuple>,
}

impl Caller {
    /// `known` is None, the function `get_current_span`, or a tuple of what it would look at.
    pub fn learn(&self, known: &Bound<'_, PyAny>) -> PyResult<()> {
        let known = if known.is_none() {
            None
        } else if let Ok(parts) = known.cast::<PyTuple>() {
            let (variable, key, plain) = parts.extract()?;
            Some(Known::Within(Within { variable, key, plain }))
        } else {
            Some(Known::Function(known.clone().unbind()))
        };
        // Dropped here, where the thread is attached.
        drop(self.0.swap(known.map(Arc::new)));
        Ok(())
    }

    pub fn forget(&self) {
        drop(self.0.swap(None));
    }

    /// Begins the span of an operation, if it is to have one.
    pub fn begin(&self, py: Python<'_>, names: &Names, tracing: &Tracing) -> Option<Box<Traced>> {
        let traced = self.traced(py, names, tracing).unwrap_or_else(|error| {
            error.write_unraisable(py, None);
            alone(tracing)
        });
        traced.map(Box::new)
    }

    /// Most operations have no span: no more is read of the caller's than tells so.
    fn traced(&self, py: Python<'_>, names: &Names, tracing: &Tracing) -> PyResult<Option<Traced>> {
        let Some(context) = self.context(py, names)? else { return Ok(alone(tracing)) };
        let flags = int_value(context.get_item(3)?.cast::<PyInt>()?).unwrap_or_default() as u8;
        if tracing.leaves_out(flags) {
            return Ok(None);
        }
        let mut parent = Parent {
            trace: context.get_item(0)?.extract()?,
            span: context.get_item(1)?.extract()?,
            remote: is_true(&context.get_item(2)?)?,
            flags,
            state: None,
        };
        let Some(trace) = tracing.sample(Some(&parent)) else { return Ok(None) };
        let state = context.get_item(4)?;
        if state.len()? > 0 {
            parent.state = Some(state.call_method0("to_header")?.extract()?);
        }
        Ok(Some(Traced { trace, parent: Some(parent) }))
    }

    /// The `SpanContext` of the caller's span, if it is in one: a tuple, whose last item tells
    /// whether it is valid.
    fn context<'py>(
        &self,
        py: Python<'py>,
        names: &Names,
    ) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let known = self.0.load();
        let context = match known.as_deref() {
            None => None,
            Some(Known::Within(within)) => within.context(py, names)?,
            Some(Known::Function(function)) => Some(asked(&function.bind(py).call0()?, names)?),
        };
        match context {
            Some(context) if is_true(&context.get_item(5)?)? => Ok(Some(context)),
            _ => Ok(None),
        }
    }

    pub fn traverse(&self, visitor: &mut Visitor) {
        match self.0.load().as_deref() {
            None => {}
            Some(Known::Within(Within { variable, key, plain })) => {
                visitor.object(variable);
                visitor.object(key);
                visitor.object(plain);
            }
            Some(Known::Function(function)) => visitor.object(function),
        }
    }
}

impl Within {
    fn context<'py>(
        &self,
        py: Python<'py>,
        names: &Names,
    ) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let Some(context) = context_value(self.variable.bind(py))? else { return Ok(None) };
        let context = context.cast_into::<PyDict>()?;
        // As it is wherever there is no span.
        if context.is_empty() {
            return Ok(None);
        }
        let Some(span) = context.get_item(&self.key)? else { return Ok(None) };
        let class = span.get_type_ptr().cast();
        if self.plain.bind(py).as_slice().iter().any(|plain| plain.as_ptr() == class)
            && let Ok(context) = span.getattr(&names._context)?.cast_into()
        {
            return Ok(Some(context));
        }
        asked(&span, names).map(Some)
    }
}

/// What a span says itself.
fn asked<'py>(span: &Bound<'py, PyAny>, names: &Names) -> PyResult<Bound<'py, PyTuple>> {
    Ok(span.call_method0(&names.get_span_context)?.cast_into()?)
}

/// Of an operation whose caller is in no span.
fn alone(tracing: &Tracing) -> Option<Traced> {
    tracing.sample(None).map(|trace| Traced { trace, parent: None })
}

fn is_true(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(value.cast::<PyBool>()?.is_true())
}
