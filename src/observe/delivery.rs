//! Log records reach Python's `logging`, on a thread that is attached.

use log::{Level, LevelFilter};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyList};

use super::logging::{Entry, FAILURES};
use super::tracing::pipeline;
use crate::convert::argument::int_from_py;
use crate::interp::args::{Args, Signature, required};
use crate::interp::method::{Context, Function};
use crate::interp::objects::int_value;
use crate::state::State;

/// Gives Python the log records and spans that are there.
pub fn deliver(py: Python<'_>, state: &State) {
    pipeline::deliver(py, state.observers.pipeline().as_deref());
    if state.log.outbox.is_waiting() {
        state.log.outbox.empty(|entries| {
            if let Err(error) = hand_over(py, entries) {
                error.write_unraisable(py, None);
            }
        });
    }
}

fn hand_over(py: Python<'_>, entries: Vec<Entry>) -> PyResult<()> {
    let list = PyList::empty(py);
    for entry in entries {
        let Entry { level, logger, text, created, file, line, thread } = entry;
        list.append((to_python(level), logger, text, created, file, line, thread))?;
    }
    py.import("aerospike_py._logging")?.getattr("deliver")?.call1((list,))?;
    Ok(())
}

/// The level's number in `logging`.
fn to_python(level: Level) -> i32 {
    match level {
        Level::Error => 40,
        Level::Warn => 30,
        Level::Info => 20,
        Level::Debug => 10,
        Level::Trace => 5,
    }
}

fn from_python(level: i64) -> LevelFilter {
    let wanted = Level::iter().filter(|known| i64::from(to_python(*known)) >= level);
    wanted.map(|known| known.to_level_filter()).max().unwrap_or(LevelFilter::Off)
}

/// Has what the logger `aerospike_py` wants be told, unless `set_log_level` has said what is.
pub fn follow(py: Python<'_>, state: &State) -> PyResult<()> {
    if !state.log.is_told() {
        let modules = py.import("sys")?.getattr("modules")?.cast_into::<PyDict>()?;
        // If nothing has imported it, it isn't configured.
        let level = match modules.get_item("logging")? {
            None => LevelFilter::Warn,
            Some(logging) => {
                let logger = logging.call_method1("getLogger", ("aerospike_py",))?;
                let level = logger.call_method0("getEffectiveLevel")?;
                from_python(int_value(int_from_py(&level, "the level of a logger")?).unwrap_or(0))
            }
        };
        want(state, level);
    }
    Ok(())
}

fn want(state: &State, level: LevelFilter) {
    state.log.set_level(level);
    state.observers.log_failures(level >= FAILURES);
}

pub struct SetLevel;

impl Function<State> for SetLevel {
    const SIGNATURE: Signature = Signature {
        name: "set_native_log_level",
        params: &[required("level")],
        doc: "Set which records are made at all, by one of the LOG_LEVEL_* constants.",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = context.py;
        let level = int_from_py(&args.required(0), "level")?.clone();
        let known = [
            (-1, LevelFilter::Off),
            (0, LevelFilter::Error),
            (1, LevelFilter::Warn),
            (2, LevelFilter::Info),
            (3, LevelFilter::Debug),
            (4, LevelFilter::Trace),
        ];
        let Some((_, filter)) = known.iter().find(|(number, _)| Some(*number) == int_value(&level))
        else {
            return Err(PyValueError::new_err(format!(
                "level must be one of the LOG_LEVEL_* constants, -1 (OFF) to 4 (TRACE), not {level}"
            )));
        };
        context.state.log.tell();
        want(context.state, *filter);
        Ok(py.None().into_bound(py))
    }
}

pub struct Dropped;

impl Function<State> for Dropped {
    const SIGNATURE: Signature = Signature {
        name: "dropped_log_count",
        params: &[],
        doc: "How many log records of this interpreter's clients were lost, since more than 4096 \
              waited to be delivered.\n\n\
              >>> before = aerospike_py.dropped_log_count()\n\
              >>> aerospike_py.flush_logs()\n\
              >>> aerospike_py.dropped_log_count() == before\nTrue",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyInt::new(context.py, context.state.log.outbox.dropped()).into_any())
    }
}

pub struct Flush;

impl Function<State> for Flush {
    const SIGNATURE: Signature = Signature {
        name: "flush_logs",
        params: &[],
        doc: "Deliver the log records that wait, those of background threads among them.\n\n\
              Calls of a Client deliver them as they return, and event loops that an AsyncClient \
              works in do at any time; a program that makes no calls for long may call this.\n\n\
              >>> aerospike_py.flush_logs()",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        deliver(context.py, context.state);
        Ok(context.py.None().into_bound(context.py))
    }
}
