//! What the operating system does to an interpreter: signals and forks.

use std::cell::Cell;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use pyo3::PyErr;
use pyo3::prelude::*;

static GENERATION: AtomicU32 = AtomicU32::new(0);

/// Counts the forks between the process that first loaded the extension and this one.
///
/// What was made in another generation belongs to the parent: its threads don't exist
/// here and its sockets are shared, so it is neither used nor dropped.
pub fn generation() -> u32 {
    GENERATION.load(Ordering::Acquire)
}

/// Has forked children counted, from the first call on.
pub fn watch_forks() {
    #[cfg(unix)]
    {
        extern "C" fn forked() {
            GENERATION.fetch_add(1, Ordering::AcqRel);
        }
        static WATCH: Once = Once::new();
        WATCH.call_once(|| {
            // SAFETY: the handler only adds to an atomic, which is allowed between a
            // fork and an exec; the extension is never unloaded.
            unsafe { libc::pthread_atfork(None, None, Some(forked)) };
        });
    }
    #[cfg(not(unix))]
    let _ = Once::new();
}

/// Whether Python runs signal handlers on this thread: it is the process's first one.
pub fn handles_signals() -> bool {
    thread_local! {
        // The thread that forks is the first thread of the child.
        static KNOWN: Cell<Option<(u32, bool)>> = const { Cell::new(None) };
    }
    let generation = generation();
    match KNOWN.get() {
        Some((known, first)) if known == generation => first,
        _ => {
            let first = is_first_thread();
            KNOWN.set(Some((generation, first)));
            first
        }
    }
}

#[cfg(target_os = "linux")]
fn is_first_thread() -> bool {
    // SAFETY: both calls only ask the kernel for numbers.
    unsafe { libc::getpid() == libc::gettid() }
}

#[cfg(all(unix, not(target_os = "linux")))]
fn is_first_thread() -> bool {
    // SAFETY: only asks for a fact about the calling thread.
    unsafe { libc::pthread_main_np() == 1 }
}

#[cfg(not(unix))]
fn is_first_thread() -> bool {
    true
}

/// Runs the handlers of signals that have arrived; an error is what a handler raised,
/// `KeyboardInterrupt` for Ctrl-C.
pub fn check(py: Python<'_>) -> PyResult<()> {
    // SAFETY: the thread is attached.
    match unsafe { pyo3::ffi::PyErr_CheckSignals() } {
        0 => Ok(()),
        _ => Err(PyErr::fetch(py)),
    }
}
