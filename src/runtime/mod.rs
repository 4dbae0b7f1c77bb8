//! Where operations run: nothing in this folder touches a Python object.
//!
//! - [`lane`]: the sync driver, where the calling thread itself waits for the network
//! - [`workers`]: the threads behind asyncio
//!
//! Both belong to one module instance and are made at first use. After a fork they
//! are replaced, see [`PerProcess`].

pub mod lane;
pub mod workers;

use std::cell::Cell;
use std::io;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwapOption;

pub use lane::Lane;
pub use workers::Workers;

use crate::interp::signals;

/// The drivers of one module instance.
pub struct Drivers {
    /// The number of the module instance, see [`crate::interp::instance`].
    instance: u64,
    lane: PerProcess<Lane>,
    workers: PerProcess<Workers>,
}

impl Drivers {
    pub const fn new(instance: u64) -> Self {
        Self { instance, lane: PerProcess::new(), workers: PerProcess::new() }
    }

    /// What sync calls run on.
    pub fn lane(&self) -> io::Result<Arc<Lane>> {
        self.lane.get_or_make(|| Lane::start(self.instance))
    }

    /// What asyncio's operations run on.
    pub fn workers(&self) -> io::Result<Arc<Workers>> {
        self.workers.get_or_make(|| Workers::start(self.instance))
    }

    /// Ends the runtimes, for good: from now on there are none.
    pub fn stop(&self) {
        self.lane.stop();
        self.workers.stop();
    }
}

/// Something made at first use, and made anew in a forked child.
///
/// What the parent made is forgotten there, never dropped: its threads don't exist
/// in the child, and its epoll is the parent's too.
pub struct PerProcess<T> {
    made: ArcSwapOption<Made<T>>,
    stopped: AtomicBool,
}

struct Made<T> {
    generation: u32,
    value: Arc<T>,
}

impl<T> PerProcess<T> {
    pub const fn new() -> Self {
        Self { made: ArcSwapOption::const_empty(), stopped: AtomicBool::new(false) }
    }

    /// The value of this process, made by `make` if there is none yet.
    pub fn get_or_make(&self, make: impl Fn() -> io::Result<T>) -> io::Result<Arc<T>> {
        let generation = signals::generation();
        loop {
            if self.stopped.load(Ordering::SeqCst) {
                return Err(io::Error::other("the interpreter is ending"));
            }
            let current = self.made.load();
            if let Some(made) = current.as_ref().filter(|made| made.generation == generation) {
                return Ok(Arc::clone(&made.value));
            }
            let fresh = Arc::new(Made { generation, value: Arc::new(make()?) });
            let seen = self.made.compare_and_swap(&*current, Some(fresh));
            let won = match (&*seen, &*current) {
                (None, None) => true,
                (Some(seen), Some(current)) => Arc::ptr_eq(seen, current),
                _ => false,
            };
            if won && let Some(parents) = arc_swap::Guard::into_inner(seen) {
                mem::forget(parents);
            }
        }
    }
}

impl<T> PerProcess<T> {
    /// Drops what was made in this process, and makes nothing more.
    fn stop(&self) {
        drop(self.take());
    }

    /// Gives away what was made in this process, and makes nothing more.
    pub fn take(&self) -> Option<Arc<T>> {
        self.stopped.store(true, Ordering::SeqCst);
        let made = self.made.swap(None)?;
        if made.generation != signals::generation() {
            mem::forget(made);
            return None;
        }
        Some(Arc::clone(&made.value))
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A lock whose holder can't leave it broken: what it guards is valid at every step.
pub fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes sure that this thread doesn't go on with the random numbers of the parent's thread whose
/// copy it is in a forked child: they are the ids of queries and spans, which must not be given
/// twice.
pub fn own_random_numbers() {
    thread_local! {
        static SEEDED: Cell<u32> = const { Cell::new(0) };
    }
    let generation = signals::generation();
    if SEEDED.replace(generation) != generation {
        rand::rng().reseed().expect("the system gives random numbers");
    }
}
