//! From Tokio's worker threads to an asyncio event loop.
//!
//! Workers never touch Python: they push what an operation came to into the queue of
//! the loop's [`Bridge`] and wake the loop, once for a burst. The loop's own thread
//! drains the queue, converts the results and completes the futures.
//!
//! - [`operation`]: what an `AsyncClient` method returns, awaitable like a coroutine
//! - [`queue`]: completions on their way
//! - [`wake`]: how the loop is woken
//! - [`slots`]: the futures that wait, by number
//! - [`loops`]: which bridge belongs to which loop

pub mod loops;
pub mod operation;
pub mod queue;
pub mod slots;
pub mod wake;

use std::ffi::CStr;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Instant;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::interp::args::{Args, Signature};
use crate::interp::class::{Class, This};
use crate::interp::gc::Visitor;
use crate::interp::method::{Context, Method, Row, Table};
use crate::observe::delivery::deliver;
use crate::observe::outbox::Alarm;
use crate::runtime::{Workers, lock};
use crate::state::State;

use queue::{Queue, Ticket};
use slots::Slots;
use wake::Wake;

/// How many futures one drain completes before the loop gets to do other work.
const BUDGET: usize = 256;

/// What an operation came to, turned into a Python object on the loop's thread. The
/// second argument is the object that started the operation.
pub type Finish =
    Box<dyn for<'py> FnOnce(&State, &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> + Send>;

/// An operation, whatever its type: a runtime's code is compiled for one type alone.
pub type Work = Pin<Box<dyn Future<Output = Finish> + Send>>;

/// The bridge of one event loop.
pub struct Bridge {
    queue: Arc<Queue>,
    slots: Mutex<Slots>,
}

impl Bridge {
    fn new(wake: Wake) -> Self {
        Self { queue: Arc::new(Queue::new(wake)), slots: Mutex::new(Slots::default()) }
    }

    /// What makes this bridge's loop deliver log records.
    fn alarm(&self) -> Weak<dyn Alarm> {
        let queue: Weak<Queue> = Arc::downgrade(&self.queue);
        queue
    }

    /// Runs `work` on the workers and completes `future` with what it gives.
    pub fn submit(&self, workers: &Workers, future: Py<PyAny>, owner: Py<PyAny>, work: Work) {
        let number = lock(&self.slots).insert(slots::Waiting { future, owner });
        let ticket = Ticket::new(Arc::clone(&self.queue), number);
        workers.spawn(async move {
            ticket.complete(work.await);
        });
    }

    /// Completes the futures whose operations have ended.
    fn drain(&self, context: &Context<'_, '_, State>) {
        let observers = &context.state.observers;
        self.queue.acknowledge();
        let burst = self.queue.take(BUDGET);
        let started = (!burst.is_empty() && observers.metrics_enabled()).then(Instant::now);
        for completion in burst {
            let waiting = lock(&self.slots).remove(completion.number);
            if let Some(waiting) = waiting
                && let Err(error) = waiting.complete(context, completion.finish)
            {
                error.write_unraisable(context.py, None);
            }
        }
        if let Some(started) = started {
            observers.metrics().loops.drains.record(started.elapsed());
        }
        deliver(context.py, context.state);
    }
}

impl Class for Bridge {
    type State = State;
    const NAME: &'static CStr = c"aerospike_py._aerospike.Bridge";
    const DOC: &'static str = "Completes the futures of one event loop.";

    fn methods() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Table::new([Row::method::<Bridge, Drain>()]))
    }

    fn traverse(&self, visitor: &mut Visitor) {
        // A slot that is being changed right now is not visited: the collector then
        // takes its future for one that is referred to from outside, and keeps it.
        if let Ok(slots) = self.slots.try_lock() {
            slots.traverse(visitor);
        }
    }

    fn clear(&self) {
        let waiting = lock(&self.slots).clear();
        drop(waiting);
    }
}

struct Drain;

impl Method<Bridge> for Drain {
    const SIGNATURE: Signature = Signature {
        name: "drain",
        params: &[],
        doc: "Complete the futures whose operations have ended. The event loop calls this.",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Bridge>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        this.data.drain(context);
        Ok(context.py.None().into_bound(context.py))
    }
}

/// The error of an operation whose runtime ended before it did.
fn abandoned() -> PyErr {
    PyRuntimeError::new_err("the operation was abandoned: the interpreter's runtime has ended")
}
