//! Completions on their way from the workers to the loop, and the loop's wake-up.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex};

use super::Finish;
use super::wake::Wake;
use crate::observe::metrics::loops::Waiting;
use crate::observe::outbox::Alarm;
use crate::runtime::lock;

/// The end of the operation under `number`; without `finish` it was abandoned.
pub struct Completion {
    pub number: usize,
    pub finish: Option<Finish>,
}

pub struct Queue {
    completions: Mutex<VecDeque<Completion>>,
    /// Until the interpreter ends.
    wake: Mutex<Option<Wake>>,
}

impl Queue {
    pub fn new(wake: Wake) -> Self {
        Self { completions: Mutex::default(), wake: Mutex::new(Some(wake)) }
    }

    fn push(&self, completion: Completion) {
        let first = {
            let mut completions = lock(&self.completions);
            completions.push_back(completion);
            completions.len() == 1
        };
        if first {
            self.wake();
        }
    }

    /// Takes up to `most`, and has the loop call again for the rest.
    pub fn take(&self, most: usize) -> VecDeque<Completion> {
        let mut completions = lock(&self.completions);
        if completions.len() <= most {
            return mem::take(&mut *completions);
        }
        let taken = completions.drain(..most).collect();
        drop(completions);
        self.wake();
        taken
    }

    /// Has the loop call `drain`.
    pub fn wake(&self) {
        if let Some(wake) = &*lock(&self.wake) {
            wake.raise();
        }
    }

    /// Takes the wake-up back. To be called before [`Queue::take`], so that nothing
    /// pushed afterwards goes unnoticed.
    pub fn acknowledge(&self) {
        if let Some(wake) = &*lock(&self.wake) {
            wake.lower();
        }
    }

    /// Ends the wake-up: completions still to come go unheard.
    pub fn hang_up(&self) {
        drop(lock(&self.wake).take());
    }
}

impl Alarm for Queue {
    fn raise(&self) {
        self.wake();
    }
}

impl Waiting for Queue {
    fn count(&self) -> usize {
        lock(&self.completions).len()
    }
}

/// The duty to complete one slot: kept by [`Ticket::complete`], or when dropped.
pub struct Ticket {
    queue: Arc<Queue>,
    number: usize,
    open: bool,
}

impl Ticket {
    pub fn new(queue: Arc<Queue>, number: usize) -> Self {
        Self { queue, number, open: true }
    }

    pub fn complete(mut self, finish: Finish) {
        self.open = false;
        self.queue.push(Completion { number: self.number, finish: Some(finish) });
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if self.open {
            self.queue.push(Completion { number: self.number, finish: None });
        }
    }
}
