//! Names that the server sends again and again, of bins above all.

use std::mem;
use std::sync::Mutex;

use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::runtime::lock;

/// Beyond so many places names are made anew.
const PLACES: usize = 64;

/// The latest name at each of several places: it is mostly the next one there, too.
#[derive(Default)]
pub struct Names(Vec<Py<PyString>>);

impl Names {
    pub fn get<'py>(&mut self, py: Python<'py>, at: usize, name: &str) -> Bound<'py, PyString> {
        if let Some(known) = self.0.get(at)
            && known.to_str(py).is_ok_and(|known| known == name)
        {
            return known.bind(py).clone();
        }
        let made = PyString::new(py, name);
        if at < self.0.len() {
            self.0[at] = made.clone().unbind();
        } else if at == self.0.len() && at < PLACES {
            // Bins without a value leave places out: a name after them is not kept.
            self.0.push(made.clone().unbind());
        }
        made
    }
}

/// Names that the results of one call leave to those of the next. Without a GIL they leave none:
/// threads would get in each other's way to count who refers to them.
#[derive(Default)]
pub struct Kept(Mutex<Names>);

impl Kept {
    /// Lends the names to `body`. Who comes meanwhile, be it from Python code that `body` runs, has
    /// none.
    pub fn lend<R>(&self, body: impl FnOnce(&mut Names) -> R) -> R {
        if cfg!(Py_GIL_DISABLED) {
            return body(&mut Names::default());
        }
        let mut names = mem::take(&mut *lock(&self.0));
        let result = body(&mut names);
        *lock(&self.0) = names;
        result
    }
}
