//! Results that are read while they arrive.
//!
//! A producer runs where the client's operations run, and puts what arrives into a channel that
//! holds so much and no more: it waits for the reader. The reader takes what is there in chunks, a
//! call for each, from the generator that Python code iterates over.

use std::ffi::CStr;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, OnceLock};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyList;
use tokio::sync::{Mutex as AsyncMutex, mpsc};

use super::docs;
use super::session::Session;
use super::task::{submit, wait};
use crate::bridge::Finish;
use crate::bridge::operation::{Operation, Start};
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Signature};
use crate::interp::class::{Class, This};
use crate::interp::gc::Visitor;
use crate::interp::method::{Context, Method, Row, Table};
use crate::interp::signals;
use crate::runtime::{Drivers, lock};
use crate::state::State;

/// How many results wait for the reader at most.
const ROOM: usize = 1024;

/// How many results one call of the reader takes at most.
const CHUNK: usize = 256;

/// Puts results into the channel; see [`Stream`].
pub type Produce = Box<
    dyn FnOnce(Arc<Session>, Sink) -> Pin<Box<dyn Future<Output = Result<(), ErrorInfo>> + Send>>
        + Send,
>;

/// Where a producer puts its results. Each is turned into a Python object by the reader.
#[derive(Clone)]
pub struct Sink(mpsc::Sender<Arrival>);

impl Sink {
    /// Puts a result, when there is room. False if nobody reads any more.
    pub async fn put(&self, result: Finish) -> bool {
        self.0.send(Arrival::Result(result)).await.is_ok()
    }
}

enum Arrival {
    Result(Finish),
    End(Result<(), ErrorInfo>),
}

/// Which client's results these are: its threads, or an event loop, read them.
#[derive(Clone, Copy, PartialEq)]
pub enum Reader {
    Thread,
    Loop,
}

/// The reader's side, as Python has it.
pub struct Stream {
    reader: Reader,
    drivers: Arc<Drivers>,
    session: Arc<Session>,
    generation: u32,
    /// Until the first result is asked for.
    producer: Mutex<Option<(Produce, Sink)>>,
    arrivals: Arc<Arrivals>,
    /// What the results are finished with; see [`Finish`].
    owner: Mutex<Option<Py<PyAny>>>,
}

/// What has arrived. The end is kept, so that it is told after all results.
struct Arrivals {
    channel: AsyncMutex<mpsc::Receiver<Arrival>>,
    end: Mutex<Option<Result<(), ErrorInfo>>>,
}

impl Stream {
    pub fn new(
        reader: Reader,
        drivers: Arc<Drivers>,
        session: Arc<Session>,
        owner: Py<PyAny>,
        produce: Produce,
    ) -> Self {
        let (sender, receiver) = mpsc::channel(ROOM);
        Self {
            reader,
            drivers,
            session,
            generation: signals::generation(),
            producer: Mutex::new(Some((produce, Sink(sender)))),
            arrivals: Arc::new(Arrivals {
                channel: AsyncMutex::new(receiver),
                end: Mutex::new(None),
            }),
            owner: Mutex::new(Some(owner)),
        }
    }

    /// Has the producer run, if it doesn't yet.
    fn start(&self) -> PyResult<()> {
        if self.generation != signals::generation() {
            return Err(PyRuntimeError::new_err(
                "the results arrive in the process that asked for them, not in its fork",
            ));
        }
        let Some((produce, sink)) = lock(&self.producer).take() else { return Ok(()) };
        let session = Arc::clone(&self.session);
        let task = async move {
            let end = produce(session, sink.clone()).await;
            let _ = sink.0.send(Arrival::End(end)).await;
        };
        match self.reader {
            Reader::Thread => self.drivers.lane()?.spawn(task),
            Reader::Loop => self.drivers.workers()?.spawn(task),
        }
        Ok(())
    }

    fn owner<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let owner = lock(&self.owner).as_ref().map(|owner| owner.clone_ref(py));
        owner
            .map(|owner| owner.into_bound(py))
            .ok_or_else(|| PyRuntimeError::new_err("the results were given up"))
    }
}

impl Arrivals {
    /// The results that have arrived, at least one, or none at the end.
    async fn take(&self) -> Result<Vec<Finish>, ErrorInfo> {
        let mut channel = self.channel.lock().await;
        let mut arrived = Vec::new();
        if lock(&self.end).is_none() && channel.recv_many(&mut arrived, CHUNK).await == 0 {
            *lock(&self.end) = Some(Err(ErrorInfo::client("the runtime of the client has ended")));
        }
        let mut results = Vec::with_capacity(arrived.len());
        for arrival in arrived {
            match arrival {
                Arrival::Result(result) => results.push(result),
                Arrival::End(end) => *lock(&self.end) = Some(end),
            }
        }
        match &*lock(&self.end) {
            Some(Err(error)) if results.is_empty() => Err(error.clone()),
            _ => Ok(results),
        }
    }
}

/// The list of results, made by the reader.
fn list<'py>(
    state: &State,
    owner: &Bound<'py, PyAny>,
    taken: Result<Vec<Finish>, ErrorInfo>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = owner.py();
    let results = taken.map_err(|error| error.to_py_err(py, None, &state.types))?;
    let list = PyList::empty(py);
    for finish in results {
        list.append(finish(state, owner)?)?;
    }
    Ok(list.into_any())
}

impl Class for Stream {
    type State = State;
    const NAME: &'static CStr = c"aerospike_py._aerospike.Stream";
    const DOC: &'static str = "Results of a call that are read while they arrive.";

    fn methods() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Table::new([Row::method::<Stream, Take>()]))
    }

    fn traverse(&self, visitor: &mut Visitor) {
        if let Ok(owner) = self.owner.try_lock() {
            owner.iter().for_each(|owner| visitor.object(owner));
        }
    }

    fn clear(&self) {
        let owner = lock(&self.owner).take();
        drop(owner);
    }
}

struct Take;

impl Method<Stream> for Take {
    const SIGNATURE: Signature = Signature { name: "take", params: &[], doc: docs::batch::TAKE };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Stream>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, state, stream) = (context.py, context.state, this.data);
        stream.start()?;
        let arrivals = Arc::clone(&stream.arrivals);
        let owner = stream.owner(py)?;
        match stream.reader {
            Reader::Thread => {
                let lane = stream.drivers.lane()?;
                let taken = wait(py, &lane, false, pin!(Some(arrivals.take())))?;
                list(state, &owner, taken)
            }
            Reader::Loop => {
                let drivers = Arc::clone(&stream.drivers);
                let start: Start = Box::new(move |py, state, owner| {
                    submit(py, state, &drivers, owner, async move {
                        let taken = arrivals.take().await;
                        let finish: Finish =
                            Box::new(move |state, owner| list(state, owner, taken));
                        finish
                    })
                });
                let operation = Operation::new("take", owner.unbind(), start);
                state.operation.instance(py, operation)
            }
        }
    }
}
