//! The sync driver. A lane is a single-threaded runtime that nobody owns: the thread
//! that makes a call drives it, waiting for the network itself, with no hand-over to
//! another thread. Of several callers at once one drives and wakes the others.
//!
//! Between calls somebody has to keep connections and cluster tending alive. That is
//! the lane's keeper, a thread that drives only when no call has been in flight for
//! [`IDLE`], and steps aside when one comes.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use futures_util::task::AtomicWaker;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

use crate::interp::{boundary, instance, signals};

/// How long no call must have been in flight for the keeper to drive, and how often a
/// waiting caller that handles signals gets to look for them.
const IDLE: Duration = Duration::from_millis(20);

/// After so many rounds the keeper drives between two calls, even though they follow each other
/// closely: calls that fail without waiting for the network drive nothing.
const ROUNDS: u32 = 10;

pub struct Lane {
    shared: Option<Arc<Shared>>,
    keeper: Option<JoinHandle<()>>,
    instance: u64,
    generation: u32,
}

struct Shared {
    runtime: Runtime,
    /// Calls begun and calls ended since the start: equal when none is in flight.
    begun: AtomicUsize,
    ended: AtomicUsize,
    keeping: AtomicBool,
    step_aside: Notify,
    stopping: AtomicBool,
    /// Counts the keeper's rounds while calls are in flight; see [`Lane::slice`].
    ticks: AtomicU64,
    tick_waiter: AtomicWaker,
}

impl Lane {
    pub fn start(instance: u64) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            runtime: Builder::new_current_thread()
                .on_thread_start(move || instance::dedicate(instance))
                .enable_all()
                .build()?,
            begun: AtomicUsize::new(0),
            ended: AtomicUsize::new(0),
            keeping: AtomicBool::new(false),
            step_aside: Notify::new(),
            stopping: AtomicBool::new(false),
            ticks: AtomicU64::new(0),
            tick_waiter: AtomicWaker::new(),
        });
        let keeper = thread::Builder::new().name("aerospike-sync".to_owned()).spawn({
            let shared = Arc::clone(&shared);
            move || {
                boundary::never_attach();
                instance::dedicate(instance);
                shared.keep();
            }
        })?;
        let generation = signals::generation();
        Ok(Self { shared: Some(shared), keeper: Some(keeper), instance, generation })
    }

    /// Runs `future` to its end on the calling thread.
    pub fn run<F: Future>(&self, future: Pin<&mut F>) -> F::Output {
        let mut output = None;
        self.drive(&mut Filling { future, output: &mut output });
        output.expect("what has run to its end has an output")
    }

    fn drive(&self, work: &mut Work<'_>) {
        let shared = self.shared();
        let _working = instance::work_for(self.instance);
        let _call = Call::begin(shared);
        shared.runtime.block_on(work)
    }

    /// Runs `future` as [`Lane::run`] does, but returns `None` within about [`IDLE`] if
    /// it hasn't ended, so that the caller can look for signals and call again. Only one
    /// thread of a process handles signals, so only one is in here at a time.
    pub fn slice<F: Future>(&self, future: Pin<&mut F>) -> Option<F::Output> {
        let mut output = None;
        self.drive_for_a_while(&mut Filling { future, output: &mut output });
        output
    }

    fn drive_for_a_while(&self, work: &mut Work<'_>) {
        let shared = self.shared();
        let _working = instance::work_for(self.instance);
        let _call = Call::begin(shared);
        // One tick may come at once, for a round of the keeper that was under way.
        let last = shared.ticks.load(Ordering::Acquire) + 1;
        shared.runtime.block_on(poll_fn(|context| {
            if Pin::new(&mut *work).poll(context).is_ready() {
                return Poll::Ready(());
            }
            shared.tick_waiter.register(context.waker());
            if shared.ticks.load(Ordering::Acquire) > last {
                return Poll::Ready(());
            }
            Poll::Pending
        }));
    }

    /// Calls `body` as if in the lane's runtime, for what spawns when it is dropped.
    pub fn within<R>(&self, body: impl FnOnce() -> R) -> R {
        let _working = instance::work_for(self.instance);
        let _runtime = self.shared().runtime.enter();
        body()
    }

    /// Runs `task` whenever the lane is driven.
    pub fn spawn<F>(&self, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.shared().runtime.spawn(task);
    }

    fn shared(&self) -> &Shared {
        self.shared.as_deref().expect("a lane has its runtime until it is dropped")
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let (Some(shared), Some(keeper)) = (self.shared.take(), self.keeper.take()) else {
            return;
        };
        if self.generation != signals::generation() {
            std::mem::forget((shared, keeper));
            return;
        }
        shared.stopping.store(true, Ordering::SeqCst);
        shared.step_aside.notify_one();
        keeper.thread().unpark();
        // The keeper never waits for Python, so this is short whoever holds the GIL.
        let _ = keeper.join();
        if let Some(shared) = Arc::into_inner(shared) {
            shared.runtime.shutdown_timeout(Duration::from_secs(1));
        }
    }
}

/// What a lane drives, whatever its type: a runtime's code is compiled for one type alone.
type Work<'a> = dyn Future<Output = ()> + Unpin + 'a;

/// A future whose output goes where it is wanted.
struct Filling<'a, F: Future> {
    future: Pin<&'a mut F>,
    output: &'a mut Option<F::Output>,
}

impl<F: Future> Future for Filling<'_, F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.future.as_mut().poll(context).map(|output| *self.output = Some(output))
    }
}

/// A call in flight.
struct Call<'a>(&'a Shared);

impl<'a> Call<'a> {
    fn begin(shared: &'a Shared) -> Self {
        // Sequentially consistent, as is the keeper's side: either this sees the keeper
        // driving, or the keeper sees this call.
        shared.begun.fetch_add(1, Ordering::SeqCst);
        if shared.keeping.load(Ordering::SeqCst) {
            shared.step_aside.notify_one();
        }
        Self(shared)
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::SeqCst);
    }
}

impl Shared {
    /// What the keeper does until the lane is dropped.
    fn keep(&self) {
        let mut begun = self.begun.load(Ordering::SeqCst);
        let mut rounds = 0;
        while !self.stopping.load(Ordering::SeqCst) {
            thread::park_timeout(IDLE);
            rounds += 1;
            let now = self.begun.load(Ordering::SeqCst);
            if self.ended.load(Ordering::SeqCst) != now {
                self.ticks.fetch_add(1, Ordering::AcqRel);
                self.tick_waiter.wake();
            } else if begun == now || rounds >= ROUNDS {
                self.drive_until_called(now);
                rounds = 0;
            }
            begun = now;
        }
    }

    fn drive_until_called(&self, begun: usize) {
        self.keeping.store(true, Ordering::SeqCst);
        if self.begun.load(Ordering::SeqCst) == begun && !self.stopping.load(Ordering::SeqCst) {
            self.runtime.block_on(self.step_aside.notified());
        }
        self.keeping.store(false, Ordering::SeqCst);
    }
}
