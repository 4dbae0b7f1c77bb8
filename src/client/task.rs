//! From a task, written once, to a blocking method and an awaitable one.

use std::cell::Cell;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::Arc;

use aerospike_core as core;
use futures_util::FutureExt;
use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError};
use pyo3::prelude::*;

use super::class::{AsyncClient, Client};
use super::owners::Route;
use super::session::Session;
use super::sighting::Sighting;
use crate::bridge::loops::bridge_of;
use crate::bridge::operation::{Operation, Start};
use crate::bridge::{Finish, Work};
use crate::convert::config::ClientConfig;
use crate::convert::types::Types;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Signature};
use crate::interp::class::This;
use crate::interp::method::{Context, Method};
use crate::interp::signals;
use crate::observe::delivery::deliver;
use crate::observe::{About, Ending, Observation, Subject, Watch};
use crate::runtime::{Drivers, Lane};
use crate::state::State;

/// What reading the arguments of a call needs.
pub struct Input<'a> {
    pub state: &'a State,
    /// For the values that are written.
    pub types: &'a Types,
    pub config: &'a ClientConfig,
    kept: Cell<Option<Py<PyAny>>>,
}

impl<'a> Input<'a> {
    /// `own` are the client's own types, if it has any.
    pub fn new(state: &'a State, config: &'a ClientConfig, own: Option<&'a Types>) -> Self {
        Self { state, types: own.unwrap_or(&state.types), config, kept: Cell::new(None) }
    }

    /// Keeps an object for [`Task::finish`], where no request may hold any.
    pub fn keep(&self, object: Bound<'_, PyAny>) {
        self.kept.set(Some(object.unbind()));
    }

    /// The client whose method was called, or a tuple of it and what is kept.
    pub fn owner<'py>(self, client: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        match self.kept.into_inner() {
            None => Ok(client.clone()),
            Some(kept) => Ok((client, kept).into_pyobject(client.py())?.into_any()),
        }
    }
}

/// A method that both clients have. `parse` and `finish` run attached, on the caller's
/// or the event loop's thread; `run` runs detached and knows nothing of Python.
pub trait Task: 'static {
    const SIGNATURE: Signature;
    /// Whether an interrupted call may have changed data.
    const WRITES: bool;
    /// Its name in metrics and traces.
    const OPERATION: &'static str = Self::SIGNATURE.name;

    type Request: Send + Sync + 'static;
    type Outcome: Send + 'static;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Self::Request>;

    /// The key that errors name.
    fn key(_request: &Self::Request) -> Option<&core::Key> {
        None
    }

    /// The records that it is about.
    fn subject(request: &Self::Request) -> Subject<'_> {
        Subject::of_key(Self::key(request))
    }

    /// How it goes to a node, if it is about one record.
    fn route(_request: &Self::Request) -> Option<Route<'_>> {
        None
    }

    fn run(
        request: &Self::Request,
        session: &Session,
    ) -> impl Future<Output = Result<Self::Outcome, ErrorInfo>> + Send;

    /// The error in an outcome that is told apart from others only when it is finished.
    fn failure(_outcome: &Self::Outcome) -> Option<&ErrorInfo> {
        None
    }

    /// `owner` is the client whose method was called, or a tuple of it and what `parse` kept.
    fn finish<'py>(
        state: &State,
        owner: &Bound<'py, PyAny>,
        request: Self::Request,
        outcome: Self::Outcome,
    ) -> PyResult<Bound<'py, PyAny>>;
}

/// Every operation of both clients but those whose results are read as they arrive: the panics in
/// it become errors, and what it comes to is told to who observes it.
async fn run<T: Task>(
    request: &T::Request,
    session: &Session,
    watch: Option<Watch>,
) -> Result<T::Outcome, ErrorInfo> {
    let observation = watch.map(|watch| {
        let about = About { operation: T::OPERATION, subject: T::subject(request) };
        Observation::new(&**session.observers(), session.metrics(), about, watch)
    });
    let mut running = pin!(AssertUnwindSafe(T::run(request, session)).catch_unwind());
    let traced = observation.as_ref().is_some_and(Observation::is_traced);
    let mut sighting = traced.then(|| Box::new(Sighting::begin(session, T::route(request))));
    let ended = match &mut sighting {
        Some(sighting) => sighting.follow(running.as_mut()).await,
        None => running.await,
    };
    let result = ended.unwrap_or_else(|panic| Err(ErrorInfo::panicked(&*panic, T::WRITES)));
    if let Some(observation) = observation {
        let failure = result.as_ref().map_or_else(Some, T::failure);
        let sight = sighting.map(|sighting| sighting.end(session, failure));
        observation.end(failure.map_or(Ending::Done, Ending::Failed), sight);
    }
    result
}

fn conclude<'py, T: Task>(
    state: &State,
    owner: &Bound<'py, PyAny>,
    request: T::Request,
    result: Result<T::Outcome, ErrorInfo>,
) -> PyResult<Bound<'py, PyAny>> {
    match result {
        Ok(outcome) => T::finish(state, owner, request, outcome),
        Err(error) => Err(error.to_py_err(owner.py(), T::key(&request), &state.types)),
    }
}

/// A task as a method of `Client`: the calling thread does the work.
pub struct Blocking<T>(T);

impl<T: Task> Method<Client> for Blocking<T> {
    const SIGNATURE: Signature = T::SIGNATURE;

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Client>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, state) = (context.py, context.state);
        let session = this.data.session()?;
        let config = session.config();
        let input = Input::new(state, &config, this.data.types());
        let request = T::parse(&input, args)?;
        let owner = input.owner(&this.object)?;
        let lane = this.data.drivers()?.lane()?;
        let result = {
            let watch = state.watch(py);
            let running = pin!(Some(run::<T>(&request, &session, watch)));
            wait(py, &lane, T::WRITES, running)?
        };
        deliver(py, state);
        conclude::<T>(state, &owner, request, result)
    }
}

/// Drives `future` to its end, with a look for signals now and then if this is the
/// thread that handles them.
pub fn wait<F>(
    py: Python<'_>,
    lane: &Lane,
    writes: bool,
    mut future: Pin<&mut Option<F>>,
) -> PyResult<F::Output>
where
    F: Future<Output: Send> + Send,
{
    let sliced = signals::handles_signals();
    loop {
        let mut running = future.as_mut().as_pin_mut().expect("emptied only before returning");
        if !sliced {
            return Ok(py.detach(|| lane.run(running)));
        }
        if let Some(output) = py.detach(|| lane.slice(running.as_mut())) {
            return Ok(output);
        }
        if let Err(error) = signals::check(py) {
            py.detach(|| lane.within(|| future.set(None)));
            return Err(interrupted(py, error, writes));
        }
    }
}

/// Tells with a signal's exception whether the interrupted call may have taken effect.
fn interrupted(py: Python<'_>, error: PyErr, writes: bool) -> PyErr {
    let value = error.value(py);
    let told = value.setattr("in_doubt", writes).and_then(|()| {
        if writes && value.hasattr("add_note")? {
            let note = "The interrupted write was abandoned: the server may have applied it.";
            value.call_method1("add_note", (note,))?;
        }
        Ok(())
    });
    match told {
        Ok(()) => error,
        // A handler may raise whatever it likes, also what takes no attributes.
        Err(_) if !error.is_instance_of::<PyKeyboardInterrupt>(py) => error,
        Err(failed) => failed,
    }
}

/// A task as a method of `AsyncClient`: the workers do the work, the loop awaits it.
pub struct Awaited<T>(T);

impl<T: Task> Method<AsyncClient> for Awaited<T> {
    const SIGNATURE: Signature = T::SIGNATURE;

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, AsyncClient>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, state) = (context.py, context.state);
        let session = this.data.session()?;
        let config = session.config();
        let input = Input::new(state, &config, this.data.types());
        let request = T::parse(&input, args)?;
        let owner = input.owner(&this.object)?.unbind();
        let drivers = Arc::clone(this.data.drivers()?);
        let start: Start = Box::new(move |py, state, owner| {
            let watch = state.watch(py);
            let work = async move {
                let result = run::<T>(&request, &session, watch).await;
                let finish: Finish =
                    Box::new(move |state, owner| conclude::<T>(state, owner, request, result));
                finish
            };
            // Made where it stays.
            let work = Box::into_pin(Box::write(Box::new_uninit(), work));
            submit(py, state, &drivers, owner, work)
        });
        let operation = Operation::new(T::SIGNATURE.name, owner, start);
        state.operation.instance(py, operation)
    }
}

/// Runs `work` on the workers, and returns the future of the running loop that it completes.
pub fn submit<'py>(
    py: Python<'py>,
    state: &State,
    drivers: &Drivers,
    owner: Py<PyAny>,
    work: Work,
) -> PyResult<Bound<'py, PyAny>> {
    let running = state.loops.running(py, state)?;
    let future = running.event_loop.call_method0(&state.names.create_future)?;
    let workers = drivers.workers()?;
    let bridge = bridge_of(state, &running.bridge)?;
    bridge.submit(&workers, future.clone().unbind(), owner, work);
    Ok(future)
}

/// The error of a method called before `__init__`.
pub fn not_initialised() -> PyErr {
    PyRuntimeError::new_err("__init__() of the client was not called")
}
