//! The monitors of transactions: which records each has locked, until when, and how it ended.
//!
//! A transaction that its client neither commits nor aborts is ended here after its deadline. How
//! it ended is remembered for a while, for a client that does not know.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::clock;
use super::namespace::{Namespace, Records, partition_of};
use super::record::Digest;
use crate::protocol::{Outcome, ResultCode};

/// The set that clients name for monitors.
pub const SET: &[u8] = b"<ERO~MRT";

/// As many records as a transaction may write.
const MAX_KEYS: usize = 4096;

/// As long as a transaction may take, in seconds.
pub const MAX_DURATION: u32 = 120;
const DEFAULT_DURATION: u32 = 10;

/// How long it is remembered how a transaction ended, in seconds.
const MEMORY: u32 = 600;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// Its client decided to commit, and may be about to.
    Committing,
    /// It has been ended here, at that second.
    Ended {
        committed: bool,
        at: u32,
    },
}

#[derive(Debug, Clone)]
pub struct Monitor {
    transaction: u64,
    /// The last second in which the transaction may go on.
    deadline: u32,
    /// Kept when it has ended: some records may have been out of reach by then.
    keys: BTreeSet<Digest>,
    state: State,
}

/// The monitors of a namespace, by the digests of their keys.
#[derive(Debug)]
pub struct Monitors {
    /// As long as a transaction may take whose client does not say, in seconds.
    pub duration: AtomicU32,
    all: Mutex<HashMap<Digest, Monitor>>,
    /// Tells whoever ends transactions that there is another deadline.
    begun: Notify,
}

/// A transaction to be ended.
struct Overdue {
    transaction: u64,
    keys: BTreeSet<Digest>,
    commit: bool,
}

impl Default for Monitors {
    fn default() -> Monitors {
        Monitors {
            duration: AtomicU32::new(DEFAULT_DURATION),
            all: Mutex::default(),
            begun: Notify::new(),
        }
    }
}

impl Monitors {
    pub fn take_settings_from(&self, other: &Monitors) {
        self.duration.store(other.duration.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    /// How many transactions have not ended.
    pub fn count(&self) -> usize {
        let has_ended = |monitor: &&Monitor| matches!(monitor.state, State::Ended { .. });
        let all = self.all.lock();
        all.len() - all.values().filter(has_ended).count()
    }

    /// Notes records that a transaction is about to write; `transaction` begins one. Answers with
    /// its deadline and how many there are by now.
    pub fn add(
        &self,
        monitor: Digest,
        transaction: Option<u64>,
        keys: &[Digest],
        duration: Option<u32>,
    ) -> Outcome<(u32, usize)> {
        let now = clock::now_seconds();
        let mut all = self.all.lock();
        if let Some(transaction) = transaction {
            if all.contains_key(&monitor) {
                return Err(ResultCode::MrtMonitorExists);
            }
            let keys: BTreeSet<Digest> = keys.iter().copied().collect();
            let duration = duration.unwrap_or_else(|| self.duration.load(Ordering::Relaxed));
            let (deadline, count) = (now + duration, keys.len());
            if count > MAX_KEYS {
                return Err(ResultCode::MrtTooManyWrites);
            }
            all.insert(monitor, Monitor { transaction, deadline, keys, state: State::Open });
            self.begun.notify_one();
            return Ok((deadline, count));
        }
        let monitor = all.get_mut(&monitor).ok_or(ResultCode::MrtExpired)?;
        monitor.check_open(now)?;
        let new = keys.iter().filter(|key| !monitor.keys.contains(*key));
        if monitor.keys.len() + new.collect::<BTreeSet<_>>().len() > MAX_KEYS {
            return Err(ResultCode::MrtTooManyWrites);
        }
        monitor.keys.extend(keys);
        Ok((monitor.deadline, monitor.keys.len()))
    }

    /// Decides that a transaction is committed.
    pub fn mark(&self, monitor: &Digest) -> Outcome<()> {
        let mut all = self.all.lock();
        let monitor = all.get_mut(monitor).ok_or(ResultCode::MrtExpired)?;
        monitor.check_open(clock::now_seconds())?;
        monitor.state = State::Committing;
        Ok(())
    }

    /// Forgets a transaction that its client has ended.
    pub fn close(&self, monitor: &Digest) -> Outcome<()> {
        self.all.lock().remove(monitor).map(|_| ()).ok_or(ResultCode::NotFound)
    }

    /// Takes those whose deadline has passed, and tells when the next one will.
    fn take_overdue(&self, now: u32) -> (Vec<Overdue>, Option<u32>) {
        let mut all = self.all.lock();
        all.retain(
            |_, monitor| !matches!(monitor.state, State::Ended { at, .. } if at + MEMORY < now),
        );
        let (mut overdue, mut next) = (Vec::new(), None::<u32>);
        for monitor in all.values_mut() {
            let commit = match monitor.state {
                State::Open => false,
                State::Committing => true,
                State::Ended { .. } => continue,
            };
            if monitor.deadline >= now {
                next = Some(next.map_or(monitor.deadline, |next| next.min(monitor.deadline)));
                continue;
            }
            // From now on its client can't change its mind.
            monitor.state = State::Ended { committed: commit, at: now };
            let (transaction, keys) = (monitor.transaction, monitor.keys.clone());
            overdue.push(Overdue { transaction, keys, commit });
        }
        (overdue, next)
    }

    /// Takes the monitors that lie in a partition.
    pub fn detach(&self, partition: usize) -> Vec<(Digest, Monitor)> {
        let mut all = self.all.lock();
        all.extract_if(|digest, _| partition_of(digest) == partition).collect()
    }

    /// A copy of the monitors that lie in a partition.
    pub fn copy(&self, partition: usize) -> Vec<(Digest, Monitor)> {
        let all = self.all.lock();
        let here = all.iter().filter(|(digest, _)| partition_of(digest) == partition);
        here.map(|(digest, monitor)| (*digest, monitor.clone())).collect()
    }

    pub fn attach(&self, monitors: Vec<(Digest, Monitor)>) {
        self.all.lock().extend(monitors);
        self.begun.notify_one();
    }

    /// The transactions that have been ended here.
    fn ended(&self) -> Vec<Overdue> {
        let all = self.all.lock();
        let ended = all.values().filter_map(|monitor| match monitor.state {
            State::Ended { committed: commit, .. } => {
                let (transaction, keys) = (monitor.transaction, monitor.keys.clone());
                Some(Overdue { transaction, keys, commit })
            }
            _ => None,
        });
        ended.collect()
    }
}

impl Monitor {
    fn check_open(&self, now: u32) -> Outcome<()> {
        match self.state {
            State::Open if now <= self.deadline => Ok(()),
            State::Open => Err(ResultCode::MrtExpired),
            State::Committing | State::Ended { committed: true, .. } => {
                Err(ResultCode::MrtCommitted)
            }
            State::Ended { committed: false, .. } => Err(ResultCode::MrtAborted),
        }
    }
}

/// Ends once more the transactions that have been ended: records of theirs may be back.
pub fn end_again(namespace: &Records) {
    roll(namespace, namespace.monitors.ended());
}

fn roll(namespace: &Records, transactions: Vec<Overdue>) {
    for Overdue { transaction, keys, commit } in transactions {
        for key in &keys {
            namespace.lock(key).roll(transaction, commit);
        }
    }
}

/// Ends the transactions of a namespace that their clients have abandoned, until it is dropped.
pub async fn run(namespace: Arc<Namespace>) {
    loop {
        let (overdue, next) = namespace.monitors.take_overdue(clock::now_seconds());
        roll(&namespace, overdue);
        let begun = namespace.monitors.begun.notified();
        match next {
            Some(second) => {
                let due = u64::from(second) * 1000 + 1000;
                let wait = Duration::from_millis(due.saturating_sub(clock::now_ms()));
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    () = begun => {}
                }
            }
            None => begun.await,
        }
    }
}
