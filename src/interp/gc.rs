//! Traversal for the cyclic garbage collector.

use std::ffi::{c_int, c_void};

use pyo3::{Py, ffi};

/// What a `tp_traverse` or `m_traverse` is given: reports each reference held.
pub struct Visitor {
    visit: ffi::visitproc,
    arg: *mut c_void,
    outcome: c_int,
}

impl Visitor {
    pub(super) fn new(visit: ffi::visitproc, arg: *mut c_void) -> Self {
        Self { visit, arg, outcome: 0 }
    }

    /// Reports one reference. Once the collector has asked to stop, the rest is skipped.
    pub fn object<T>(&mut self, object: &Py<T>) {
        self.pointer(object.as_ptr());
    }

    pub(super) fn pointer(&mut self, object: *mut ffi::PyObject) {
        if self.outcome == 0 && !object.is_null() {
            // SAFETY: `visit` and `arg` are those of the running traversal, and
            // the object is alive because its holder is being traversed.
            self.outcome = unsafe { (self.visit)(object, self.arg) };
        }
    }

    pub(super) fn outcome(self) -> c_int {
        self.outcome
    }
}
