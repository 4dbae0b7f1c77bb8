//! Results that are read while they arrive.
//!
//! The reader takes what is there in chunks, a call for each, from the generator that Python code
//! iterates over. Where the results come from holds so much and no more: it waits for the reader.

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
use crate::observe::delivery::deliver;
use crate::runtime::{Drivers, lock};
use crate::state::State;

/// How many results wait for the reader at most.
const ROOM: usize = 1024;

/// How many results one call of the reader takes at most.
pub const CHUNK: usize = 256;

/// What one call of the reader takes: a list with at least one result, or an empty one at the
/// end, made on the reader's thread.
pub type Taken = Pin<Box<dyn Future<Output = Finish> + Send>>;

/// Where results come from.
pub trait Source: Send + Sync + 'static {
    /// Takes what has arrived, where the client's operations run.
    fn take(self: Arc<Self>) -> Taken;

    /// Nobody reads any more. `read` tells that what was taken counts as read.
    fn close(&self, _read: bool) {}
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
    generation: u32,
    source: Arc<dyn Source>,
    /// What the results are finished with; see [`Finish`].
    owner: Mutex<Option<Py<PyAny>>>,
}

impl Stream {
    pub fn new(
        reader: Reader,
        drivers: Arc<Drivers>,
        owner: Py<PyAny>,
        source: impl Source,
    ) -> Self {
        let generation = signals::generation();
        let (source, owner) = (Arc::new(source), Mutex::new(Some(owner)));
        Self { reader, drivers, generation, source, owner }
    }

    fn belongs_here(&self) -> bool {
        self.generation == signals::generation()
    }

    fn source(&self) -> PyResult<Arc<dyn Source>> {
        match self.belongs_here() {
            true => Ok(Arc::clone(&self.source)),
            false => Err(PyRuntimeError::new_err(
                "the results arrive in the process that asked for them, not in its fork",
            )),
        }
    }

    fn owner<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let owner = lock(&self.owner).as_ref().map(|owner| owner.clone_ref(py));
        owner
            .map(|owner| owner.into_bound(py))
            .ok_or_else(|| PyRuntimeError::new_err("the results were given up"))
    }
}

/// Puts results into the channel; see [`Produced`].
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

/// Results that a producer puts into a channel.
pub struct Produced {
    session: Arc<Session>,
    /// Until the first result is asked for.
    producer: Mutex<Option<(Produce, Sink)>>,
    channel: AsyncMutex<mpsc::Receiver<Arrival>>,
    /// Kept, so that it is told after all results.
    end: Mutex<Option<Result<(), ErrorInfo>>>,
}

impl Produced {
    pub fn new(session: Arc<Session>, produce: Produce) -> Self {
        let (sender, receiver) = mpsc::channel(ROOM);
        Self {
            session,
            producer: Mutex::new(Some((produce, Sink(sender)))),
            channel: AsyncMutex::new(receiver),
            end: Mutex::new(None),
        }
    }

    /// Has the producer run, if it doesn't yet.
    fn start(&self) {
        let Some((produce, sink)) = lock(&self.producer).take() else { return };
        let session = Arc::clone(&self.session);
        tokio::spawn(async move {
            let end = produce(session, sink.clone()).await;
            let _ = sink.0.send(Arrival::End(end)).await;
        });
    }

    /// The results that have arrived, at least one, or none at the end.
    async fn arrived(&self) -> Result<Vec<Finish>, ErrorInfo> {
        self.start();
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

impl Source for Produced {
    fn take(self: Arc<Self>) -> Taken {
        Box::pin(async move {
            let taken = self.arrived().await;
            let finish: Finish = Box::new(move |state, owner| {
                let list = PyList::empty(owner.py());
                for finish in told(owner.py(), state, taken)? {
                    list.append(finish(state, owner)?)?;
                }
                Ok(list.into_any())
            });
            finish
        })
    }
}

/// What was taken, or the exception that tells why nothing was.
pub fn told<T>(py: Python<'_>, state: &State, taken: Result<T, ErrorInfo>) -> PyResult<T> {
    taken.map_err(|error| error.to_py_err(py, None, &state.types))
}

impl Class for Stream {
    type State = State;
    const NAME: &'static CStr = c"aerospike_py._aerospike.Stream";
    const DOC: &'static str = "Results of a call that are read while they arrive.";

    fn methods() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| {
            Table::new([Row::method::<Stream, Take>(), Row::method::<Stream, Close>()])
        })
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

    fn finalize(&self, _py: Python<'_>) {
        if self.belongs_here() {
            self.source.close(false);
        }
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
        let taken = stream.source()?.take();
        let owner = stream.owner(py)?;
        match stream.reader {
            Reader::Thread => {
                let lane = stream.drivers.lane()?;
                let finish = wait(py, &lane, false, pin!(Some(taken)))?;
                deliver(py, state);
                finish(state, &owner)
            }
            Reader::Loop => {
                let drivers = Arc::clone(&stream.drivers);
                let start: Start =
                    Box::new(move |py, state, owner| submit(py, state, &drivers, owner, taken));
                let operation = Operation::new("take", owner.unbind(), start);
                state.operation.instance(py, operation)
            }
        }
    }
}

struct Close;

impl Method<Stream> for Close {
    const SIGNATURE: Signature = Signature {
        name: "close",
        params: &[],
        doc: "Have no more results arrive. What has been taken counts as read.",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Stream>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if this.data.belongs_here() {
            this.data.source.close(true);
        }
        Ok(context.py.None().into_bound(context.py))
    }
}

/// A function of the Python package that reads a stream, for the reader's kind of code.
pub fn helper<'py>(py: Python<'py>, reader: Reader, name: &str) -> PyResult<Bound<'py, PyAny>> {
    let module = py.import("aerospike_py._streams")?;
    match reader {
        Reader::Thread => module.getattr(name),
        Reader::Loop => module.getattr(format!("async_{name}")),
    }
}
