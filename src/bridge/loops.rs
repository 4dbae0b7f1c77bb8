//! Which bridge belongs to which event loop of this interpreter.

use std::mem;
use std::sync::Mutex;

use pyo3::exceptions::{PyNotImplementedError, PyRuntimeError};
use pyo3::prelude::*;

use super::Bridge;
use super::wake::Wake;
use crate::interp::gc::Visitor;
use crate::interp::signals;
use crate::runtime::lock;
use crate::state::State;

/// The bridges of the interpreter's loops. Loops are referred to weakly.
#[derive(Default)]
pub struct Loops {
    /// `asyncio.get_running_loop`: importing asyncio takes long, so it waits for need.
    get_running_loop: Mutex<Option<Py<PyAny>>>,
    entries: Mutex<Vec<Entry>>,
}

struct Entry {
    /// The loop's address, compared first; `reference` tells whether it is still that loop.
    address: usize,
    reference: Py<PyAny>,
    bridge: Py<PyAny>,
    /// The task that reads the wake-up, for a loop that can't watch descriptors.
    reader: Option<Py<PyAny>>,
    generation: u32,
}

/// A running loop and its bridge.
pub struct Running<'py> {
    pub event_loop: Bound<'py, PyAny>,
    pub bridge: Bound<'py, PyAny>,
}

impl Loops {
    /// The loop that runs on this thread, with its bridge.
    pub fn running<'py>(&self, py: Python<'py>, state: &State) -> PyResult<Running<'py>> {
        let event_loop = self.get_running_loop(py)?.call0()?;
        let bridge = match self.find(&event_loop)? {
            Some(bridge) => bridge,
            None => self.connect(&event_loop, state)?,
        };
        Ok(Running { event_loop, bridge })
    }

    fn get_running_loop<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if let Some(function) = &*lock(&self.get_running_loop) {
            return Ok(function.bind(py).clone());
        }
        let function = py.import("asyncio")?.getattr("get_running_loop")?;
        let earlier = lock(&self.get_running_loop).replace(function.clone().unbind());
        drop(earlier);
        Ok(function)
    }

    fn find<'py>(&self, event_loop: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let py = event_loop.py();
        let found = lock(&self.entries)
            .iter()
            .find(|entry| entry.address == event_loop.as_ptr() as usize)
            .filter(|entry| entry.generation == signals::generation())
            .map(|entry| (entry.reference.clone_ref(py), entry.bridge.clone_ref(py)));
        let Some((reference, bridge)) = found else { return Ok(None) };
        let same = reference.bind(py).call0()?.is(event_loop);
        Ok(same.then(|| bridge.into_bound(py)))
    }

    fn connect<'py>(
        &self,
        event_loop: &Bound<'py, PyAny>,
        state: &State,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = event_loop.py();
        let (bridge, reader) = watch(event_loop, state)?;
        state.log.outbox.alert(bridge_of(state, &bridge)?.alarm());
        let entry = Entry {
            address: event_loop.as_ptr() as usize,
            reference: py.import("weakref")?.getattr("ref")?.call1((event_loop,))?.unbind(),
            bridge: bridge.clone().unbind(),
            reader,
            generation: signals::generation(),
        };
        let ended = self.take_ended(py, state, entry.address)?;
        lock(&self.entries).push(entry);
        drop(ended);
        state.observers.metrics().loops.add(&bridge_of(state, &bridge)?.queue);
        Ok(bridge)
    }

    /// Takes out the entries of loops that are gone or closed, and whatever was at `address`.
    fn take_ended(&self, py: Python<'_>, state: &State, address: usize) -> PyResult<Vec<Entry>> {
        let known: Vec<_> = lock(&self.entries)
            .iter()
            .map(|entry| (entry.address, entry.reference.clone_ref(py)))
            .collect();
        let mut ended = vec![address];
        for (address, reference) in known {
            let event_loop = reference.bind(py).call0()?;
            if event_loop.is_none()
                || event_loop.call_method0(&state.names.is_closed)?.is_truthy()?
            {
                ended.push(address);
            }
        }
        let mut entries = lock(&self.entries);
        Ok(entries.extract_if(.., |entry| ended.contains(&entry.address)).collect())
    }

    /// Ends the bridges of loops that are left when the interpreter ends.
    ///
    /// The types of awaitables are known to asyncio, some versions of which don't show
    /// them to the garbage collector: so nothing of asyncio may be known here then.
    pub fn end(&self, py: Python<'_>, state: &State) {
        let function = lock(&self.get_running_loop).take();
        drop(function);
        let entries = mem::take(&mut *lock(&self.entries));
        for entry in &entries {
            if let Some(bridge) = state.bridge.data(entry.bridge.bind(py)) {
                bridge.queue.hang_up();
            }
        }
    }

    pub fn traverse(&self, visitor: &mut Visitor) {
        if let Ok(function) = self.get_running_loop.try_lock()
            && let Some(function) = &*function
        {
            visitor.object(function);
        }
        if let Ok(entries) = self.entries.try_lock() {
            for entry in entries.iter() {
                visitor.object(&entry.reference);
                visitor.object(&entry.bridge);
                if let Some(reader) = &entry.reader {
                    visitor.object(reader);
                }
            }
        }
    }
}

/// Makes a bridge and has `event_loop` drain it when it is woken.
fn watch<'py>(
    event_loop: &Bound<'py, PyAny>,
    state: &State,
) -> PyResult<(Bound<'py, PyAny>, Option<Py<PyAny>>)> {
    let py = event_loop.py();
    let wake = Wake::watched()?;
    let descriptor = wake.descriptor();
    let bridge = state.bridge.instance(py, Bridge::new(wake))?;
    let drain = bridge.getattr("drain")?;
    match event_loop.call_method1(&state.names.add_reader, (descriptor, drain)) {
        Ok(_) => return Ok((bridge, None)),
        Err(error) if error.is_instance_of::<PyNotImplementedError>(py) => {}
        Err(error) => return Err(error),
    }
    let (wake, socket) = Wake::given()?;
    let bridge = state.bridge.instance(py, Bridge::new(wake))?;
    let read = py.import("aerospike_py._wake")?.getattr("read")?;
    let coroutine = read.call1((event_loop, socket, bridge.getattr("drain")?))?;
    let reader = event_loop.call_method1(&state.names.create_task, (coroutine,))?;
    Ok((bridge, Some(reader.unbind())))
}

/// The bridge that a [`Running`] holds.
pub fn bridge_of<'a>(state: &State, bridge: &'a Bound<'_, PyAny>) -> PyResult<&'a Bridge> {
    state
        .bridge
        .data(bridge)
        .ok_or_else(|| PyRuntimeError::new_err("the bridge belongs to another interpreter"))
}
