//! Transactions: what the core keeps of one, and what it must be kept from.
//!
//! The core's transaction may be shared, but not everything that several threads may do with it at
//! once is sound, and not everything that can become of a write is noted in it:
//!
//! - the first two writes at once would begin it twice: the first is waited for;
//! - a write that runs while it is committed or aborted might stay locked: it is waited for;
//! - a single write that is in doubt or was given up is not rolled back: it is noted here.
//!
//! [`class`] is what Python sees.

mod class;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aerospike_core as core;
use core::operations;
use core::policy::{BasePolicy, Expiration, WritePolicy};
use core::txn::{Txn, TxnState};
use core::{Bin, Client, Key, Value};
use pyo3::prelude::*;
use tokio::sync::{MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub use self::class::Transaction;
use crate::MODULE;
use crate::error::ErrorInfo;
use crate::runtime::lock;

/// A transaction, as the commands that are part of it share it.
pub struct Shared {
    core: Mutex<Arc<Txn>>,
    /// Held by each write, and by a commit or an abort alone.
    writes: RwLock<()>,
    /// Held by the write that begins the transaction.
    first: tokio::sync::Mutex<()>,
    doubts: Mutex<Doubts>,
}

/// What may be locked without the core's knowledge.
#[derive(Default)]
struct Doubts {
    /// By digest.
    keys: HashMap<[u8; 20], Key>,
    /// A batch was given up, and what it had written by then nobody knows.
    batch: bool,
}

/// The transaction that a Python object is, if it is one.
pub fn of(object: &Bound<'_, PyAny>) -> Option<Arc<Shared>> {
    MODULE.state_of(object)?.transaction.data(object)?.shared()
}

impl Shared {
    fn new(reads: usize, writes: usize, timeout: u32) -> Self {
        let core = Txn::with_capacity(reads, writes).with_timeout(seconds(timeout));
        Self {
            core: Mutex::new(Arc::new(core)),
            writes: RwLock::new(()),
            first: tokio::sync::Mutex::new(()),
            doubts: Mutex::default(),
        }
    }

    pub fn core(&self) -> Arc<Txn> {
        Arc::clone(&lock(&self.core))
    }

    /// Sets the seconds that it may take. False if it has begun, or is being used.
    fn set_timeout(&self, timeout: u32) -> bool {
        let mut core = lock(&self.core);
        match Arc::get_mut(&mut core) {
            Some(core) if core.state() == TxnState::Open && !core.monitor_exists() => {
                core.set_timeout(seconds(timeout));
                true
            }
            _ => false,
        }
    }

    /// Keeps writes out, after those that are under way have ended.
    pub async fn alone(&self) -> RwLockWriteGuard<'_, ()> {
        self.writes.write().await
    }

    /// Whether something may be locked that the core would not roll.
    pub fn is_doubtful(&self) -> bool {
        let doubts = lock(&self.doubts);
        doubts.batch || !doubts.keys.is_empty()
    }

    /// Makes known to the core what may be locked, so that it is rolled back. False if that
    /// did not come off.
    pub async fn settle(&self, base: &BasePolicy, client: &Client) -> bool {
        let (keys, batch) = {
            let doubts = lock(&self.doubts);
            (doubts.keys.values().cloned().collect::<Vec<_>>(), doubts.batch)
        };
        if batch {
            return false;
        }
        let base_policy = BasePolicy { txn: Some(self.core()), ..base.clone() };
        let policy =
            WritePolicy { base_policy, expiration: Expiration::DontUpdate, ..Default::default() };
        for key in keys {
            if !lock_again(&policy, &key, client).await {
                return false;
            }
            lock(&self.doubts).keys.remove(&key.digest());
        }
        true
    }
}

fn seconds(timeout: u32) -> std::time::Duration {
    std::time::Duration::from_secs(timeout.into())
}

/// Writes a record that is to be rolled back, so that the core knows of it. Whether it is known to
/// the core by now, or known not to be locked by its transaction.
async fn lock_again(policy: &WritePolicy, key: &Key, client: &Client) -> bool {
    let mut result = client.touch(policy, key).await.map_err(ErrorInfo::from);
    // Of a record that was removed nothing is left to touch, but it may be locked.
    if result.as_ref().is_err_and(ErrorInfo::is_not_found) {
        let bin = Bin::new("removed".to_owned(), Value::Bool(true));
        let operation = operations::put(&bin);
        let written = client.operate(policy, key, &[operation]).await;
        result = written.map(|_| ()).map_err(ErrorInfo::from);
    }
    match result {
        Ok(()) => true,
        Err(error) => error.code > 0 && !error.in_doubt,
    }
}

/// A write that is under way as part of a transaction. If it is given up its outcome is unknown.
pub struct Part<'a> {
    shared: &'a Shared,
    key: Option<&'a Key>,
    is_known: bool,
    _others: RwLockReadGuard<'a, ()>,
    _first: Option<MutexGuard<'a, ()>>,
}

impl<'a> Part<'a> {
    /// Waits until a write may begin, if it is part of a transaction. `key` is that of a single
    /// record; of batches the core notes what is in doubt.
    pub async fn begin(
        transaction: Option<&'a Arc<Shared>>,
        key: Option<&'a Key>,
    ) -> Option<Part<'a>> {
        let shared = transaction?;
        let others = shared.writes.read().await;
        let mut first = None;
        if !shared.core().monitor_exists() {
            let guard = shared.first.lock().await;
            first = Some(guard).filter(|_| !shared.core().monitor_exists());
        }
        Some(Part { shared, key, is_known: false, _others: others, _first: first })
    }

    pub fn end<T>(mut self, result: &Result<T, ErrorInfo>) {
        match result {
            Ok(_) => self.known(true),
            Err(error) if error.in_doubt && self.key.is_some() => {}
            Err(_) => self.known(false),
        }
    }

    fn known(&mut self, written: bool) {
        self.is_known = true;
        if let (true, Some(key)) = (written, self.key) {
            lock(&self.shared.doubts).keys.remove(&key.digest());
        }
    }
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        if self.is_known {
            return;
        }
        let mut doubts = lock(&self.shared.doubts);
        match self.key {
            Some(key) => {
                doubts.keys.insert(key.digest(), key.clone());
            }
            None => doubts.batch = true,
        }
    }
}
