//! What Rust tells and Python hears: a bounded queue, filled by any thread and emptied by threads
//! that are attached anyway.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};

use arc_swap::ArcSwapOption;

use crate::runtime::{PerProcess, lock};

/// Has an event loop's thread come and empty outboxes.
pub trait Alarm: Send + Sync {
    fn raise(&self);
}

pub struct Outbox<T> {
    room: usize,
    waiting: AtomicBool,
    dropped: AtomicU64,
    letters: PerProcess<Letters<T>>,
    alarm: ArcSwapOption<Weak<dyn Alarm>>,
}

struct Letters<T> {
    queue: Mutex<VecDeque<T>>,
    /// Whether a thread is delivering: only one does at a time, so that the order is kept.
    delivering: AtomicBool,
}

impl<T: Send> Outbox<T> {
    pub const fn new(room: usize) -> Self {
        Self {
            room,
            waiting: AtomicBool::new(false),
            dropped: AtomicU64::new(0),
            letters: PerProcess::new(),
            alarm: ArcSwapOption::const_empty(),
        }
    }

    /// Has `alarm` raised when something is put into the empty outbox.
    pub fn alert(&self, alarm: Weak<dyn Alarm>) {
        self.alarm.store(Some(Arc::new(alarm)));
    }

    /// How many letters found no room.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    pub fn put(&self, letter: T) {
        let first = self.letters().is_some_and(|letters| {
            let mut queue = lock(&letters.queue);
            let fits = queue.len() < self.room;
            if fits {
                queue.push_back(letter);
            } else {
                self.dropped.fetch_add(1, Ordering::Relaxed);
            }
            fits && queue.len() == 1
        });
        if first {
            self.waiting.store(true, Ordering::SeqCst);
            if let Some(alarm) = &*self.alarm.load()
                && let Some(alarm) = alarm.upgrade()
            {
                alarm.raise();
            }
        }
    }

    /// Whether there is something to deliver.
    pub fn is_waiting(&self) -> bool {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Gives all that is there to `deliver`, in order, unless another thread does so already. That
    /// one then delivers what is there now, too.
    pub fn empty(&self, mut deliver: impl FnMut(Vec<T>)) {
        let Some(letters) = self.letters() else { return };
        // Sequentially consistent: a thread that finds another one delivering has put its letters
        // before, and the other looks once more after it has said that it is done.
        while self.waiting.load(Ordering::SeqCst)
            && !letters.delivering.swap(true, Ordering::SeqCst)
        {
            let delivering = Delivering(&letters.delivering);
            self.waiting.store(false, Ordering::SeqCst);
            let taken = std::mem::take(&mut *lock(&letters.queue));
            if !taken.is_empty() {
                deliver(taken.into());
            }
            drop(delivering);
        }
    }

    /// None at the end of the interpreter.
    fn letters(&self) -> Option<Arc<Letters<T>>> {
        let make = || {
            Ok(Letters { queue: Mutex::new(VecDeque::new()), delivering: AtomicBool::new(false) })
        };
        self.letters.get_or_make(make).ok()
    }
}

struct Delivering<'a>(&'a AtomicBool);

impl Drop for Delivering<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}
