//! Which module instance a thread works for at the moment: a number, for what is told without
//! any reference to the instance, as by the `log` crate.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

thread_local! {
    static CURRENT: Cell<u64> = const { Cell::new(NONE) };
}

const NONE: u64 = 0;

/// A number that no other instance of this process has or had.
pub fn new_number() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(NONE);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

/// The instance that this thread works for, or a number that none has.
pub fn current() -> u64 {
    CURRENT.get()
}

/// Has this thread work for an instance from now on.
pub fn dedicate(number: u64) {
    CURRENT.set(number);
}

/// Has this thread work for an instance until the guard is dropped.
pub fn work_for(number: u64) -> Working {
    Working { before: CURRENT.replace(number) }
}

pub struct Working {
    before: u64,
}

impl Drop for Working {
    fn drop(&mut self) {
        CURRENT.set(self.before);
    }
}
