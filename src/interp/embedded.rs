//! A Python within the program of a test.

use std::ffi::{CStr, CString};

use pyo3::ffi;

/// Runs `script` in a new interpreter of the process, which has the module `name`, and ends it.
/// A process can do this once.
pub fn run(name: &'static CStr, init: extern "C" fn() -> *mut ffi::PyObject, script: &str) {
    let script = CString::new(script).expect("the script has no NUL");
    // SAFETY: the table of modules is extended before there is an interpreter; this thread is
    // attached to the one that it makes until it ends it.
    unsafe {
        assert_eq!(ffi::PyImport_AppendInittab(name.as_ptr(), Some(init)), 0);
        ffi::Py_InitializeEx(0);
        let outcome = ffi::PyRun_SimpleString(script.as_ptr());
        assert_eq!(outcome, 0, "the script raised, see its traceback");
        assert_eq!(ffi::Py_FinalizeEx(), 0);
    }
}
