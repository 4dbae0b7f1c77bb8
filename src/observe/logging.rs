//! Rust's log records on their way to Python's `logging`.
//!
//! The `log` crate has one logger in a process. Ours asks which module instance the thread works
//! for, and puts the record into the outbox of that instance if it has the level. Python code
//! delivers it: the thread of a call that returns, or an event loop's.

use std::borrow::Cow;
use std::cell::RefCell;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Once, Weak};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwapOption;
use log::{Level, LevelFilter, Log, Metadata, Record};

use super::outbox::Outbox;
use super::tracing::Heard;
use super::{About, Subject};
use crate::error::ErrorInfo;
use crate::interp::instance;

/// How many records wait to be delivered at most.
const ROOM: usize = 4096;

/// What the clients' log records are told under.
pub const CLIENT: &str = "aerospike_py::client";

/// What the names of this library's own threads begin with.
const OURS: &str = "aerospike-";

/// The log of one module instance.
pub struct Sink {
    /// The number of the module instance.
    pub instance: u64,
    /// A [`LevelFilter`].
    level: AtomicUsize,
    /// Whether the program has told the level, so that it isn't `logging`'s to say.
    told: AtomicBool,
    /// Whether [`Hearing`] is to hear of something.
    hears: AtomicBool,
    pub outbox: Outbox<Entry>,
}

/// A log record as `logging` will have it.
pub struct Entry {
    pub level: Level,
    /// The logger, below `aerospike_py`.
    pub logger: Cow<'static, str>,
    pub text: String,
    /// Seconds since 1970.
    pub created: f64,
    pub file: String,
    pub line: u32,
    /// The name of the thread that told it, if it is one of ours.
    pub thread: Option<String>,
}

/// The highest level that any of the module instances wants.
static WANTED: AtomicUsize = AtomicUsize::new(LevelFilter::Off as usize);

/// The sinks of this process's module instances.
static SINKS: ArcSwapOption<Vec<Weak<Sink>>> = ArcSwapOption::const_empty();

impl Sink {
    pub fn new(instance: u64) -> Arc<Self> {
        static INSTALLED: Once = Once::new();
        // Nothing else in this library installs a logger, and no other library sees this one.
        INSTALLED.call_once(|| log::set_logger(&Logger).expect("there is no logger yet"));
        let sink = Arc::new(Self {
            instance,
            level: AtomicUsize::new(LevelFilter::Off as usize),
            told: AtomicBool::new(false),
            hears: AtomicBool::new(false),
            outbox: Outbox::new(ROOM),
        });
        SINKS.rcu(|sinks| {
            let others = sinks.iter().flat_map(|sinks| sinks.iter());
            let living = others.filter(|other| other.strong_count() > 0).cloned();
            Some(Arc::new(living.chain([Arc::downgrade(&sink)]).collect::<Vec<_>>()))
        });
        sink
    }

    pub fn set_level(&self, level: LevelFilter) {
        self.level.store(level as usize, Ordering::Relaxed);
        set_highest_level();
    }

    /// Whether [`Hearing`] hears of anything in this module instance.
    pub fn hear_failed_tries(&self, on: bool) {
        self.hears.store(on, Ordering::Relaxed);
        set_highest_level();
    }

    /// The level is the program's from now on.
    pub fn tell(&self) {
        self.told.store(true, Ordering::Relaxed);
    }

    pub fn is_told(&self) -> bool {
        self.told.load(Ordering::Relaxed)
    }

    fn wants(&self, level: Level) -> bool {
        level as usize <= self.level.load(Ordering::Relaxed)
    }
}

/// Lets records pass that any of the module instances wants or hears.
fn set_highest_level() {
    let wanted = living().map(|sink| sink.level.load(Ordering::Relaxed)).max().unwrap_or_default();
    WANTED.store(wanted, Ordering::Relaxed);
    let heard = match living().any(|sink| sink.hears.load(Ordering::Relaxed)) {
        true => TRIES,
        false => LevelFilter::Off,
    };
    let level = LevelFilter::iter().find(|level| *level as usize == wanted);
    log::set_max_level(level.unwrap_or(LevelFilter::Off).max(heard));
}

fn living() -> impl Iterator<Item = Arc<Sink>> {
    let sinks = SINKS.load_full();
    let sinks = sinks.iter().flat_map(|sinks| sinks.iter()).filter_map(Weak::upgrade);
    sinks.collect::<Vec<_>>().into_iter()
}

/// The sink of the module instance that the calling thread works for, if it wants the level.
fn sink_for(level: Level) -> Option<Arc<Sink>> {
    if level as usize > WANTED.load(Ordering::Relaxed) {
        return None;
    }
    let number = instance::current();
    living().find(|sink| sink.instance == number && sink.wants(level))
}

/// The level at which operations that failed are told.
pub const FAILURES: Level = Level::Debug;

/// Tells of an operation that failed. The messages of errors are the caller's alone to see: they may
/// show what was asked for.
pub fn log_failure(about: &About<'_>, error: &ErrorInfo) {
    let About { operation, subject: Subject { namespace, set, .. } } = about;
    let (name, code) = (error.error_type().name(), error.code);
    log::log!(target: CLIENT, FAILURES, "{operation} in {namespace}.{set} failed: {name} ({code})");
}

struct Logger;

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        is_failed_try(metadata) || sink_for(metadata.level()).is_some()
    }

    fn log(&self, record: &Record<'_>) {
        if is_failed_try(record.metadata()) {
            hear(record);
        }
        let Some(sink) = sink_for(record.level()) else { return };
        let Some(logger) = logger_of(record.target()) else { return };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        sink.outbox.put(Entry {
            level: record.level(),
            logger,
            text: record.args().to_string(),
            created: now.as_secs_f64(),
            file: record.file().unwrap_or_default().to_owned(),
            line: record.line().unwrap_or_default(),
            thread: thread::current()
                .name()
                .filter(|name| name.starts_with(OURS))
                .map(str::to_owned),
        });
    }

    fn flush(&self) {}
}

/// The logger for a target, below `aerospike_py`. There is none for what other crates tell, nor
/// for the query plans of aerospike-core, which show what is looked for.
fn logger_of(target: &str) -> Option<Cow<'static, str>> {
    let (family, rest) = target.split_once("::").unwrap_or((target, ""));
    let name = match family {
        "aerospike_core" => "core",
        "aerospike_lua" => "lua",
        "aerospike_py" => return Some(Cow::Owned(rest.replace("::", "."))),
        _ => return None,
    };
    Some(match rest {
        "" => Cow::Borrowed(name),
        rest => Cow::Owned(format!("{name}.{}", rest.replace("::", "."))),
    })
}

/// Level of the records in which aerospike-core tells of tries of commands that failed.
const TRIES: LevelFilter = LevelFilter::Debug;

/// What an operation hears of its tries that failed, all in the threads that drive it. Of those
/// that are driven elsewhere, as parts of batches are, and of those that the server refused and the
/// core repeats, the core tells nothing.
#[derive(Default)]
pub struct Hearing(Vec<Heard>);

thread_local! {
    static HEARD: RefCell<Option<Vec<Heard>>> = const { RefCell::new(None) };
}

impl Hearing {
    /// Hears what is told on this thread until the guard is dropped.
    pub fn listen(&mut self) -> Listening<'_> {
        HEARD.set(Some(mem::take(&mut self.0)));
        Listening(self)
    }

    pub fn heard(self) -> Vec<Heard> {
        self.0
    }
}

pub struct Listening<'a>(&'a mut Hearing);

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        self.0.0 = HEARD.take().unwrap_or_default();
    }
}

fn is_failed_try(metadata: &Metadata<'_>) -> bool {
    metadata.level() == TRIES
        && metadata.target().starts_with("aerospike_core::commands::")
        && HEARD.with_borrow(Option::is_some)
}

fn hear(record: &Record<'_>) {
    let heard = Heard { when: SystemTime::now(), what: record.args().to_string() };
    HEARD.with_borrow_mut(|all| all.get_or_insert_default().push(heard));
}
