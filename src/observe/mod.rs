//! What is told of operations while they run, and of the clients that run them.
//!
//! Every operation of both clients passes here once, see [`Observation`]: it begins with a
//! [`Watch`] on the caller's thread, and ends where its result is known, without Python. While
//! nobody observes, an operation costs one relaxed load of an atomic.
//!
//! - [`metrics`]: what is counted and timed, kept apart for each interpreter
//! - [`logging`], [`delivery`]: log records, on their way to Python's `logging`
//! - [`tracing`]: a span for each operation
//! - [`outbox`]: what waits for a thread that is attached to Python

pub mod delivery;
pub mod logging;
pub mod metrics;
pub mod outbox;
pub mod tracing;

use std::borrow::Cow;
use std::io;
use std::mem;
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use aerospike_core::Key;
use arc_swap::{ArcSwap, ArcSwapOption, Guard};

use crate::error::{ErrorInfo, ErrorType};
use crate::interp::signals;
use crate::runtime::{Workers, lock};
use logging::log_failure;
use metrics::{Metrics, Serving};
use tracing::{Sight, Traced, Tracing};

/// The bit of [`Observers::active`] that stands for metrics.
const METRICS: u8 = 1;

/// The bit that stands for tracing.
const TRACING: u8 = 2;

/// The bit that stands for spans that go to Python, with the one before.
const PIPELINE: u8 = 4;

/// The bit that stands for log records of operations that fail.
const LOGGING: u8 = 8;

/// The observers of one module instance.
pub struct Observers {
    /// Which of them are on, a bit for each.
    active: AtomicU8,
    metrics: ArcSwap<Metrics>,
    tracing: ArcSwapOption<Tracing>,
    pub metrics_server: Serving,
}

impl Default for Observers {
    fn default() -> Self {
        Self {
            active: AtomicU8::new(METRICS),
            metrics: ArcSwap::from_pointee(Metrics::default()),
            tracing: ArcSwapOption::empty(),
            metrics_server: Serving::default(),
        }
    }
}

impl Observers {
    /// Begins to watch an operation that the caller is about to start, if anybody wants to know.
    /// `begin` tells whether there is to be a span.
    pub fn watch(&self, begin: impl FnOnce(&Tracing) -> Option<Box<Traced>>) -> Option<Watch> {
        let active = self.active.load(Ordering::Relaxed);
        if active == 0 {
            return None;
        }
        let traced = match active & TRACING {
            0 => None,
            _ => self.tracing.load().as_deref().and_then(begin),
        };
        if traced.is_none() && active & (METRICS | LOGGING) == 0 {
            return None;
        }
        Some(Watch { active, generation: signals::generation(), started: Instant::now(), traced })
    }

    pub fn is_tracing(&self) -> bool {
        self.is_on(TRACING)
    }

    /// Where spans go, if they go to Python.
    pub fn pipeline(&self) -> Guard<Option<Arc<Tracing>>> {
        match self.is_on(PIPELINE) {
            true => self.tracing.load(),
            false => Guard::from_inner(None),
        }
    }

    /// Traces from now on as told, and returns how it was done before.
    pub fn trace(&self, tracing: Option<Arc<Tracing>>) -> Option<Arc<Tracing>> {
        let (on, to_python) =
            (tracing.is_some(), matches!(tracing.as_deref(), Some(Tracing::Pipeline(_))));
        let before = self.tracing.swap(tracing);
        self.switch(TRACING, on);
        self.switch(PIPELINE, to_python);
        before
    }

    fn is_on(&self, observer: u8) -> bool {
        self.active.load(Ordering::Relaxed) & observer != 0
    }

    fn switch(&self, observer: u8, on: bool) {
        match on {
            true => self.active.fetch_or(observer, Ordering::Relaxed),
            false => self.active.fetch_and(!observer, Ordering::Relaxed),
        };
    }

    /// The metrics of this process.
    pub fn metrics(&self) -> Arc<Metrics> {
        self.after_fork();
        self.metrics.load_full()
    }

    /// Serves the metrics of this process over HTTP.
    pub fn serve_metrics(
        self: &Arc<Self>,
        workers: &Workers,
        host: &str,
        port: u16,
    ) -> io::Result<SocketAddr> {
        self.metrics_server.start(workers, host, port, Arc::clone(self))
    }

    pub fn metrics_enabled(&self) -> bool {
        self.is_on(METRICS)
    }

    pub fn enable_metrics(&self, on: bool) {
        self.switch(METRICS, on);
    }

    pub fn log_failures(&self, on: bool) {
        self.switch(LOGGING, on);
    }

    /// Starts afresh in a forked child: what was counted before is the parent's, and operations
    /// that were in flight there do not end here.
    pub fn after_fork(&self) {
        let current = self.metrics.load();
        if current.generation() != signals::generation() {
            self.metrics.compare_and_swap(&*current, Arc::new(Metrics::default()));
        }
    }
}

/// What an operation is about.
pub struct About<'a> {
    /// The name of the verb, as metrics and traces know it.
    pub operation: &'static str,
    pub subject: Subject<'a>,
}

/// The records that an operation is about, as far as they have something in common.
#[derive(Default)]
pub struct Subject<'a> {
    /// Empty if there is none, or not one alone.
    pub namespace: Cow<'a, str>,
    pub set: Cow<'a, str>,
    /// How many records a batch has.
    pub batch_size: Option<usize>,
}

impl<'a> Subject<'a> {
    pub fn of_key(key: Option<&'a Key>) -> Self {
        match key {
            Some(key) => Self::in_set(key.namespace(), key.set_name()),
            None => Self::default(),
        }
    }

    pub fn in_set(namespace: &'a str, set: &'a str) -> Self {
        Self { namespace: namespace.into(), set: set.into(), batch_size: None }
    }

    /// A batch of records in these namespaces and sets.
    pub fn batch<'b>(mut places: impl ExactSizeIterator<Item = (&'b str, &'b str)>) -> Self {
        let batch_size = Some(places.len());
        let Some((namespace, set)) = places.next() else {
            return Self { batch_size, ..Self::default() };
        };
        let (mut one_namespace, mut one_set) = (true, true);
        for place in places {
            one_namespace &= place.0 == namespace;
            one_set &= place.1 == set;
        }
        let common = |text: &str, is_common| match is_common {
            true => Cow::Owned(text.to_owned()),
            false => Cow::default(),
        };
        Self {
            namespace: common(namespace, one_namespace),
            set: common(set, one_namespace && one_set),
            batch_size,
        }
    }

    pub fn into_owned(self) -> Subject<'static> {
        Subject {
            namespace: self.namespace.into_owned().into(),
            set: self.set.into_owned().into(),
            batch_size: self.batch_size,
        }
    }
}

/// How an operation ended.
#[derive(Clone, Copy)]
pub enum Ending<'a> {
    Done,
    Failed(&'a ErrorInfo),
    /// Nobody waits for it any more.
    Abandoned,
}

impl Ending<'_> {
    /// None if it ended well.
    pub fn error_type(self) -> Option<ErrorType> {
        match self {
            Self::Done => None,
            Self::Failed(error) => Some(error.error_type()),
            Self::Abandoned => Some(ErrorType::ABANDONED),
        }
    }
}

/// Of an operation that is observed: what is known where Python is, before it runs.
pub struct Watch {
    /// The observers that were on.
    active: u8,
    /// The process that it began in: a forked child has copies of those under way.
    generation: u32,
    started: Instant,
    /// If there is to be a span.
    traced: Option<Box<Traced>>,
}

impl Watch {
    /// For an operation that begins now, not when it was asked for.
    pub fn restarted(self) -> Self {
        Self { started: Instant::now(), ..self }
    }
}

/// An operation under way. Dropped before its end it was abandoned.
pub struct Observation<'a, O: Deref<Target = Observers>, M: Deref<Target = Metrics>> {
    observers: O,
    metrics: M,
    about: About<'a>,
    watch: Watch,
    over: bool,
}

impl<'a, O: Deref<Target = Observers>, M: Deref<Target = Metrics>> Observation<'a, O, M> {
    /// `metrics` are those of the observers in this process.
    pub fn new(observers: O, metrics: M, about: About<'a>, watch: Watch) -> Self {
        if watch.active & METRICS != 0 {
            metrics.begun();
        }
        Self { observers, metrics, about, watch, over: false }
    }

    /// Whether there will be a span, so that what is seen of the operation counts.
    pub fn is_traced(&self) -> bool {
        self.watch.traced.is_some()
    }

    /// `sight` is what was seen of it, if there will be a span.
    pub fn end(mut self, ending: Ending<'_>, sight: Option<Sight>) {
        self.tell(ending, sight);
    }

    fn tell(&mut self, ending: Ending<'_>, sight: Option<Sight>) {
        self.over = true;
        if self.watch.generation != signals::generation() {
            return;
        }
        let took = self.watch.started.elapsed();
        if self.watch.active & METRICS != 0 {
            self.metrics.ended(&self.about, ending, took);
        }
        if let Ending::Failed(error) = ending
            && self.watch.active & LOGGING != 0
        {
            log_failure(&self.about, error);
        }
        if let Some(traced) = self.watch.traced.take()
            && let Some(tracing) = &*self.observers.tracing.load()
        {
            let sight = Sight { took, ..sight.unwrap_or_default() };
            tracing.end(&self.about, ending, *traced, sight);
        }
    }
}

impl<O: Deref<Target = Observers>, M: Deref<Target = Metrics>> Drop for Observation<'_, O, M> {
    fn drop(&mut self) {
        if !self.over {
            self.tell(Ending::Abandoned, None);
        }
    }
}

/// The observation of results that are read in many calls: it begins when the first of them is
/// asked for, and ends after the last.
pub struct Reading(Mutex<Phase>);

enum Phase {
    Unread(Watch, About<'static>),
    Begun(Observation<'static, Arc<Observers>, Arc<Metrics>>),
    Over,
}

impl Reading {
    pub fn new(watch: Option<Watch>, operation: &'static str, subject: Subject<'_>) -> Self {
        Self(Mutex::new(match watch {
            Some(watch) => Phase::Unread(watch, About { operation, subject: subject.into_owned() }),
            None => Phase::Over,
        }))
    }

    pub fn begin(&self, observers: &Arc<Observers>) {
        let phase = &mut *lock(&self.0);
        *phase = match mem::replace(phase, Phase::Over) {
            Phase::Unread(watch, about) => {
                let metrics = observers.metrics();
                let watch = watch.restarted();
                Phase::Begun(Observation::new(Arc::clone(observers), metrics, about, watch))
            }
            other => other,
        };
    }

    /// Ends with the error of a call, or with one that brought nothing more.
    pub fn noted<T>(&self, arrived: &Result<Vec<T>, ErrorInfo>) {
        match arrived {
            Err(error) => self.end(Ending::Failed(error)),
            Ok(results) if results.is_empty() => self.end(Ending::Done),
            Ok(_) => {}
        }
    }

    pub fn end(&self, ending: Ending<'_>) {
        if let Phase::Begun(observation) = mem::replace(&mut *lock(&self.0), Phase::Over) {
            observation.end(ending, None);
        }
    }
}
