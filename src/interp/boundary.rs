//! The edge between C and Rust: every call that Python makes enters here.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use pyo3::exceptions::PySystemError;
use pyo3::prelude::*;
use pyo3::{PyErr, ffi};

thread_local! {
    static DETACHED_FOR_EVER: Cell<bool> = const { Cell::new(false) };
}

/// Marks the calling thread as one that must never attach to Python, which debug
/// builds check.
pub fn never_attach() {
    DETACHED_FOR_EVER.set(true);
}

/// Runs `body` for a caller that is attached. A panic that nothing contained before becomes
/// a `SystemError`.
///
/// # Safety
/// The calling thread is attached to an interpreter, as it is whenever CPython
/// calls a function of an extension.
pub(super) unsafe fn enter<R>(body: impl FnOnce(Python<'_>) -> PyResult<R>, failed: R) -> R {
    debug_assert!(!DETACHED_FOR_EVER.get(), "a thread of the runtime called into Python");
    // SAFETY: CPython is calling, so this thread is attached; `attach_unchecked`
    // only counts that, which is what lets `Py` values be dropped inside.
    unsafe {
        Python::attach_unchecked(|py| match catch_unwind(AssertUnwindSafe(|| body(py))) {
            Ok(Ok(value)) => value,
            Ok(Err(error)) => {
                error.restore(py);
                failed
            }
            Err(panic) => {
                panicked(panic).restore(py);
                failed
            }
        })
    }
}

/// [`enter`] for bodies that return a new reference.
///
/// # Safety
/// As for [`enter`].
pub(super) unsafe fn enter_object<'a>(
    body: impl for<'py> FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>> + 'a,
) -> *mut ffi::PyObject {
    // SAFETY: the caller's promise is `enter`'s.
    unsafe { enter(|py| body(py).map(Bound::into_ptr), ptr::null_mut()) }
}

/// The text of a panic.
pub fn panic_text(panic: &(dyn Any + Send)) -> &str {
    if let Some(text) = panic.downcast_ref::<&str>() {
        text
    } else if let Some(text) = panic.downcast_ref::<String>() {
        text
    } else {
        "no message"
    }
}

fn panicked(panic: Box<dyn Any + Send>) -> PyErr {
    let text = format!("internal error (Rust panic): {}", panic_text(&*panic));
    PySystemError::new_err(text)
}
