//! The end of an interpreter.
//!
//! What an ending interpreter leaves behind is dropped with its objects, but CPython
//! may leak some of these. So the end is announced through `atexit`: clients are
//! closed and the runtimes end then, whoever still refers to them, and the module's
//! state is dropped. The process's first interpreter takes all with it anyway.

use std::sync::{Arc, Mutex, Weak};

use pyo3::prelude::*;

use crate::interp::args::{Args, Signature};
use crate::interp::method::{Context, Function};
use crate::interp::module::in_main_interpreter;
use crate::observe::delivery::Flush;
use crate::runtime::lock;
use crate::state::State;

/// Something to end before the runtimes do.
pub trait AtEnd: Send + Sync {
    fn end(&self);
}

/// What is to be ended.
#[derive(Default)]
pub struct Ending(Mutex<Vec<Weak<dyn AtEnd>>>);

impl Ending {
    pub fn add<T: AtEnd + 'static>(&self, item: &Arc<T>) {
        let item: Weak<T> = Arc::downgrade(item);
        let mut items = lock(&self.0);
        if items.len() == items.capacity() {
            items.retain(|item| item.strong_count() > 0);
        }
        items.push(item);
    }
}

/// Has [`ShutDown`] called at the end of the interpreter, the last log records delivered, and the
/// state dropped.
pub fn announce(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let register = module.py().import("atexit")?.getattr("register")?;
    let own = !in_main_interpreter(module.py());
    // What is registered last is called first.
    if own {
        register.call1((module.getattr("_forget")?,))?;
    }
    register.call1((module.getattr(Flush::SIGNATURE.name)?,))?;
    if own {
        register.call1((module.getattr(ShutDown::SIGNATURE.name)?,))?;
    }
    Ok(())
}

pub struct ShutDown;

impl Function<State> for ShutDown {
    const SIGNATURE: Signature = Signature {
        name: "_shut_down",
        params: &[],
        doc: "Close this interpreter's clients and end its runtimes.",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let items = std::mem::take(&mut *lock(&context.state.ending.0));
        let drivers = Arc::clone(&context.state.drivers);
        context.py.detach(move || {
            for item in items.iter().filter_map(Weak::upgrade) {
                item.end();
            }
            drivers.stop();
        });
        context.state.loops.end(context.py, context.state);
        Ok(context.py.None().into_bound(context.py))
    }
}
