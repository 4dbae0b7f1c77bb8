//! The futures that wait for an operation, each under a number that workers can carry.

use pyo3::prelude::*;

use super::Finish;
use super::abandoned;
use crate::interp::gc::Visitor;
use crate::interp::method::Context;
use crate::state::State;

/// A future that waits, and the client object that started its operation.
pub struct Waiting {
    pub future: Py<PyAny>,
    pub owner: Py<PyAny>,
}

impl Waiting {
    /// Completes the future, unless it was cancelled in the meantime.
    pub fn complete(
        self,
        context: &Context<'_, '_, State>,
        finish: Option<Finish>,
    ) -> PyResult<()> {
        let (py, state) = (context.py, context.state);
        let future = self.future.bind(py);
        let result = match finish {
            Some(finish) => context.contain(|| finish(state, self.owner.bind(py))),
            None => Err(abandoned()),
        };
        let told = match result {
            Ok(value) => future.call_method1(&state.names.set_result, (value,)),
            Err(error) => future.call_method1(&state.names.set_exception, (error.into_value(py),)),
        };
        match told {
            Ok(_) => Ok(()),
            // A future that is done already was cancelled: the result is nobody's.
            Err(_) if future.call_method0(&state.names.done)?.is_truthy()? => Ok(()),
            Err(error) => Err(error),
        }
    }
}

#[derive(Default)]
pub struct Slots {
    slots: Vec<Option<Waiting>>,
    free: Vec<usize>,
}

impl Slots {
    pub fn insert(&mut self, waiting: Waiting) -> usize {
        match self.free.pop() {
            Some(number) => {
                self.slots[number] = Some(waiting);
                number
            }
            None => {
                self.slots.push(Some(waiting));
                self.slots.len() - 1
            }
        }
    }

    /// Takes what waits under `number`, which then is free. Nothing waits there if the
    /// garbage collector has cleared the bridge.
    pub fn remove(&mut self, number: usize) -> Option<Waiting> {
        let waiting = self.slots.get_mut(number)?.take();
        self.free.push(number);
        waiting
    }

    /// Empties every slot; the numbers that workers carry stay theirs.
    pub fn clear(&mut self) -> Vec<Waiting> {
        self.slots.iter_mut().filter_map(Option::take).collect()
    }

    pub fn traverse(&self, visitor: &mut Visitor) {
        for waiting in self.slots.iter().flatten() {
            visitor.object(&waiting.future);
            visitor.object(&waiting.owner);
        }
    }
}
