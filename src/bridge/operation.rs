//! What a method of `AsyncClient` returns.

use std::ffi::CStr;
use std::mem;
use std::sync::{Mutex, OnceLock};

use pyo3::exceptions::{PyRuntimeError, PyRuntimeWarning};
use pyo3::prelude::*;

use crate::interp::args::{Args, Signature, optional, required};
use crate::interp::class::{Awaitable, Class, This};
use crate::interp::gc::Visitor;
use crate::interp::method::{Context, Method, Row, Table};
use crate::runtime::lock;
use crate::state::State;

/// Starts an operation on the running loop, and returns the future of its result.
pub type Start =
    Box<dyn for<'py> FnOnce(Python<'py>, &State, Py<PyAny>) -> PyResult<Bound<'py, PyAny>> + Send>;

/// An operation that starts when it is first awaited, as a coroutine does. It has a
/// coroutine's methods, so `asyncio.create_task`, `gather` and `TaskGroup` take it.
pub struct Operation {
    name: &'static str,
    phase: Mutex<Phase>,
}

enum Phase {
    Ready {
        start: Start,
        owner: Py<PyAny>,
    },
    /// Driven by the iterator of its future.
    Running(Py<PyAny>),
    Over,
}

impl Operation {
    pub fn new(name: &'static str, owner: Py<PyAny>, start: Start) -> Self {
        Self { name, phase: Mutex::new(Phase::Ready { start, owner }) }
    }

    fn take(&self) -> Phase {
        mem::replace(&mut lock(&self.phase), Phase::Over)
    }

    fn iterator<'py>(&self, context: &Context<'_, 'py, State>) -> PyResult<Bound<'py, PyAny>> {
        let py = context.py;
        match self.take() {
            Phase::Ready { start, owner } => {
                start(py, context.state, owner)?.call_method0(&context.state.names.__await__)
            }
            Phase::Running(iterator) => Ok(iterator.into_bound(py)),
            Phase::Over => {
                let name = self.name;
                Err(PyRuntimeError::new_err(format!("cannot reuse already awaited {name}()")))
            }
        }
    }

    /// Keeps the iterator for the next `send` or `throw`.
    fn keep(&self, iterator: &Bound<'_, PyAny>) {
        *lock(&self.phase) = Phase::Running(iterator.clone().unbind());
    }
}

impl Class for Operation {
    type State = State;
    const NAME: &'static CStr = c"aerospike_py._aerospike.Operation";
    const DOC: &'static str = "An operation of an AsyncClient. It starts when it is first awaited.";

    fn methods() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| {
            Table::new([
                Row::method::<Operation, Resume>(),
                Row::method::<Operation, Throw>(),
                Row::method::<Operation, Close>(),
            ])
        })
    }

    fn traverse(&self, visitor: &mut Visitor) {
        if let Ok(phase) = self.phase.try_lock() {
            match &*phase {
                Phase::Ready { owner, .. } => visitor.object(owner),
                Phase::Running(iterator) => visitor.object(iterator),
                Phase::Over => {}
            }
        }
    }

    fn clear(&self) {
        drop(self.take());
    }

    fn finalize(&self, py: Python<'_>) {
        if let Phase::Ready { .. } = &*lock(&self.phase) {
            let text = format!("AsyncClient.{}() was never awaited", self.name);
            let warned = PyErr::warn(
                py,
                &py.get_type::<PyRuntimeWarning>(),
                &std::ffi::CString::new(text).unwrap_or_default(),
                1,
            );
            if let Err(error) = warned {
                error.write_unraisable(py, None);
            }
        }
    }
}

impl Awaitable for Operation {
    fn awaited<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Self>,
    ) -> PyResult<Bound<'py, PyAny>> {
        this.data.iterator(context)
    }
}

struct Resume;

impl Method<Operation> for Resume {
    const SIGNATURE: Signature = Signature {
        name: "send",
        params: &[required("value")],
        doc: "Start or resume the operation, as a coroutine's send() does.",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Operation>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let iterator = this.data.iterator(context)?;
        let yielded = iterator.call_method1(&context.state.names.send, (args.required(0),))?;
        this.data.keep(&iterator);
        Ok(yielded)
    }
}

struct Throw;

impl Method<Operation> for Throw {
    const SIGNATURE: Signature = Signature {
        name: "throw",
        params: &[required("typ"), optional("val", "None"), optional("tb", "None")],
        doc: "Raise an exception in the operation, as a coroutine's throw() does.",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Operation>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match this.data.take() {
            Phase::Running(iterator) => {
                let iterator = iterator.bind(context.py);
                let thrown = (args.required(0), args.optional(1), args.optional(2));
                let yielded = match thrown {
                    (error, None, None) => {
                        iterator.call_method1(&context.state.names.throw, (error,))?
                    }
                    thrown => iterator.call_method1(&context.state.names.throw, thrown)?,
                };
                this.data.keep(iterator);
                Ok(yielded)
            }
            Phase::Ready { .. } | Phase::Over => {
                let error = args.required(0);
                Err(match args.optional(1) {
                    Some(value) if error.is_instance_of::<pyo3::types::PyType>() => {
                        PyErr::from_value(error.call1((value,))?)
                    }
                    _ => PyErr::from_value(error.to_owned()),
                })
            }
        }
    }
}

struct Close;

impl Method<Operation> for Close {
    const SIGNATURE: Signature = Signature {
        name: "close",
        params: &[],
        doc: "Give the operation up, as a coroutine's close() does.",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Operation>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if let Phase::Running(iterator) = this.data.take() {
            iterator.bind(context.py).call_method0(&context.state.names.close)?;
        }
        Ok(context.py.None().into_bound(context.py))
    }
}
