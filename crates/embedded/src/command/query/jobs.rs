//! What queries are running, and which ran last.

use std::collections::VecDeque;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use parking_lot::Mutex;

use crate::protocol::{Outcome, ResultCode};
use crate::store::PARTITIONS;

/// As many queries can run at once.
const MAX_ACTIVE: usize = 1000;

/// As many finished queries are remembered.
const MAX_FINISHED: usize = 100;

/// The queries of a server.
#[derive(Debug, Default)]
pub struct Jobs {
    lists: Mutex<Lists>,
    last_trid: AtomicU64,
}

#[derive(Debug, Default)]
struct Lists {
    active: Vec<Arc<Job>>,
    finished: VecDeque<Arc<Job>>,
}

/// A query, as it is told of.
#[derive(Debug)]
pub struct Job {
    pub trid: u64,
    pub about: About,
    started: Instant,
    finished: Mutex<Option<Instant>>,
    aborted: AtomicBool,
    pub progress: Progress,
}

/// What does not change while a query runs.
#[derive(Debug)]
pub struct About {
    pub kind: &'static str,
    pub namespace: String,
    pub set: String,
    pub index: Option<String>,
    pub partitions: usize,
    pub resumed: usize,
    pub records_per_second: u32,
    /// What is told at the end, of this kind of query alone.
    pub more: String,
}

/// How far a query has come.
#[derive(Debug, Default)]
pub struct Progress {
    pub partitions: AtomicU64,
    pub filtered: AtomicU64,
    pub succeeded: AtomicU64,
    pub failed: AtomicU64,
}

impl Jobs {
    /// Notes that a query begins. Its number must not be that of another one.
    pub fn start(self: &Arc<Jobs>, trid: u64, about: About) -> Outcome<Running> {
        let trid = match trid {
            0 => self.last_trid.fetch_add(1, Ordering::Relaxed) + 1,
            given => given,
        };
        let job = Arc::new(Job {
            trid,
            about,
            started: Instant::now(),
            finished: Mutex::new(None),
            aborted: AtomicBool::new(false),
            progress: Progress::default(),
        });
        let mut lists = self.lists.lock();
        if lists.find(trid).is_some() {
            return Err(ResultCode::Parameter);
        }
        if lists.active.len() >= MAX_ACTIVE {
            return Err(ResultCode::Forbidden);
        }
        lists.active.push(Arc::clone(&job));
        Ok(Running { jobs: Arc::clone(self), job })
    }

    /// Ends a query before its time. Whether it was running.
    pub fn abort(&self, trid: u64) -> bool {
        let lists = self.lists.lock();
        let job = lists.active.iter().find(|job| job.trid == trid);
        job.inspect(|job| job.aborted.store(true, Ordering::Relaxed)).is_some()
    }

    /// Ends all queries that are running; tells how many.
    pub fn abort_all(&self) -> usize {
        let lists = self.lists.lock();
        lists.active.iter().for_each(|job| job.aborted.store(true, Ordering::Relaxed));
        lists.active.len()
    }

    /// How many queries are running.
    pub fn active(&self) -> usize {
        self.lists.lock().active.len()
    }

    /// Describes one query, if it is known.
    pub fn describe(&self, trid: u64) -> Option<String> {
        self.lists.lock().find(trid).map(|job| job.describe())
    }

    /// Describes all queries that are known, the last ones first.
    pub fn describe_all(&self) -> String {
        let lists = self.lists.lock();
        let jobs = lists.active.iter().rev().chain(lists.finished.iter().rev());
        jobs.map(|job| job.describe()).collect::<Vec<_>>().join(";")
    }
}

impl Lists {
    fn find(&self, trid: u64) -> Option<&Arc<Job>> {
        self.active.iter().chain(&self.finished).find(|job| job.trid == trid)
    }
}

impl Job {
    pub fn is_aborted(&self) -> bool {
        self.aborted.load(Ordering::Relaxed)
    }

    fn describe(&self) -> String {
        let About { kind, namespace, set, index, partitions, resumed, records_per_second, more } =
            &self.about;
        let mut text = format!("trid={}:ns={namespace}", self.trid);
        let mut add = |name: &str, value: &dyn std::fmt::Display| {
            let _ = write!(text, ":{name}={value}");
        };
        if !set.is_empty() {
            add("set", set);
        }
        if let Some(index) = index {
            add("sindex-name", index);
        }
        if *partitions != 0 {
            add("n-pids-requested", partitions);
            add("n-keyds-requested", resumed);
        }
        let finished = *self.finished.lock();
        let end = finished.unwrap_or_else(Instant::now);
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let all = if *partitions == 0 { PARTITIONS } else { *partitions };
        let percent = match finished {
            Some(_) if !self.is_aborted() => 100.0,
            _ => count(&self.progress.partitions) as f64 * 100.0 / all as f64,
        };
        let state = if finished.is_some() { "done" } else { "active" };
        let result = if self.is_aborted() { "user-aborted" } else { "ok" };
        add("rps", records_per_second);
        add("active-threads", &u8::from(finished.is_none()));
        add("status", &format_args!("{state}({result})"));
        add("job-progress", &format_args!("{percent:.2}"));
        add("run-time", &(end - self.started).as_millis());
        add("time-since-done", &finished.map_or(0, |finished| finished.elapsed().as_millis()));
        add("recs-throttled", &0);
        add("recs-filtered-meta", &0);
        add("recs-filtered-bins", &count(&self.progress.filtered));
        add("recs-succeeded", &count(&self.progress.succeeded));
        add("recs-failed", &count(&self.progress.failed));
        add("job-type", kind);
        text + more
    }
}

/// A query that is running. When this is dropped it has finished.
#[derive(Debug)]
pub struct Running {
    jobs: Arc<Jobs>,
    job: Arc<Job>,
}

impl std::ops::Deref for Running {
    type Target = Job;

    fn deref(&self) -> &Job {
        &self.job
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        *self.job.finished.lock() = Some(Instant::now());
        let mut lists = self.jobs.lists.lock();
        lists.active.retain(|job| job.trid != self.job.trid);
        lists.finished.push_back(Arc::clone(&self.job));
        if lists.finished.len() > MAX_FINISHED {
            lists.finished.pop_front();
        }
    }
}
