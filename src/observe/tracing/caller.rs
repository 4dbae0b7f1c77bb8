//! The span that the caller is in, as the package `opentelemetry` knows it.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyTuple};

use super::span::Parent;
use crate::interp::gc::Visitor;
use crate::interp::names::Names;
use crate::interp::objects::int_value;

/// How to find the caller's span, while tracing is on and the package is installed.
#[derive(Default)]
pub struct Caller(ArcSwapOption<Known>);

enum Known {
    /// What returns the current context, and the span's key in it.
    Context(Py<PyAny>, Py<PyAny>),
    /// A function that returns the span.
    Function(Py<PyAny>),
}

impl Caller {
    /// `known` is None, the function `get_current_span`, or a tuple of what it would look at.
    pub fn learn(&self, known: &Bound<'_, PyAny>) -> PyResult<()> {
        let known = if known.is_none() {
            None
        } else if let Ok(pair) = known.cast::<PyTuple>() {
            Some(Known::Context(pair.get_item(0)?.unbind(), pair.get_item(1)?.unbind()))
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

    /// The caller's span, if it is in one.
    pub fn parent(&self, py: Python<'_>, names: &Names) -> Option<Parent> {
        let known = self.0.load();
        let found = known.as_ref().map_or(Ok(None), |known| known.parent(py, names));
        found.unwrap_or_else(|error| {
            error.write_unraisable(py, None);
            None
        })
    }

    pub fn traverse(&self, visitor: &mut Visitor) {
        match self.0.load().as_deref() {
            None => {}
            Some(Known::Context(context, key)) => {
                visitor.object(context);
                visitor.object(key);
            }
            Some(Known::Function(function)) => visitor.object(function),
        }
    }
}

impl Known {
    fn parent(&self, py: Python<'_>, names: &Names) -> PyResult<Option<Parent>> {
        let span = match self {
            Self::Context(context, key) => {
                let context = context.bind(py).call0()?.cast_into::<PyDict>()?;
                match context.get_item(key)? {
                    Some(span) => span,
                    None => return Ok(None),
                }
            }
            Self::Function(function) => function.bind(py).call0()?,
        };
        parent_of(&span.call_method0(&names.get_span_context)?.cast_into::<PyTuple>()?)
    }
}

/// A `SpanContext` is a tuple. Its last item tells whether it is valid.
fn parent_of(context: &Bound<'_, PyTuple>) -> PyResult<Option<Parent>> {
    if !is_true(&context.get_item(5)?)? {
        return Ok(None);
    }
    let state = context.get_item(4)?;
    let flags = int_value(&context.get_item(3)?.cast_into::<PyInt>()?).unwrap_or_default();
    Ok(Some(Parent {
        trace: context.get_item(0)?.extract()?,
        span: context.get_item(1)?.extract()?,
        remote: is_true(&context.get_item(2)?)?,
        flags: (flags & 0xff) as u8,
        state: match state.len()? {
            0 => None,
            _ => Some(state.call_method0("to_header")?.extract()?),
        },
    }))
}

fn is_true(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(value.cast::<PyBool>()?.is_true())
}
