//! Batches: many records in one call.
//!
//! A batch is a list of [`Row`]s, each a key and an [`Action`]. What all its verbs have in common
//! is here; a file for each has the rest. A record that could not be read or written does not fail
//! the call: its row says why.

pub mod apply;
pub mod functions;
mod handle;
mod mixed;
mod numpy;
mod read;
mod retry;
mod stream;
mod write;

use std::sync::{Arc, Mutex, PoisonError};

use aerospike_core as core;
use core::operations::{self, Operation};
use core::{
    BatchDeletePolicy, BatchOperation, BatchReadPolicy, BatchRecord, BatchUdfPolicy,
    BatchWritePolicy, Bin, Bins, Value,
};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

pub use self::apply::{BatchApply, arguments_from_py, name_from_py};
pub use self::handle::{LazyBatchRecords, RecordIterator};
pub use self::mixed::BatchWrite;
pub use self::numpy::BatchWriteNumpy;
pub use self::read::BatchRead;
pub use self::stream::{BatchForeach, BatchStream};
pub use self::write::{BatchOperate, BatchRemove};
use crate::client::seats::{Demand, shorten};
use crate::convert::argument::items_from_py;
use crate::convert::bins::within;
use crate::convert::key::KeyParts;
use crate::convert::policy::Whole;
use crate::error::ErrorInfo;
use crate::observe::Subject;
use crate::runtime::lock;
use crate::transaction::Shared;

/// What to do with one record.
#[derive(Clone)]
pub enum Action {
    Read(BatchReadPolicy, Bins),
    ReadBy(BatchReadPolicy, Vec<Operation>),
    Put(BatchWritePolicy, Vec<Bin>),
    Operate(BatchWritePolicy, Vec<Operation>),
    Remove(BatchDeletePolicy),
    Apply(BatchUdfPolicy, Call),
}

/// A user-defined function, and what it is called with besides the record.
#[derive(Clone)]
pub struct Call {
    pub module: String,
    pub function: String,
    pub arguments: Vec<Value>,
}

impl Action {
    fn writes(&self) -> bool {
        !matches!(self, Self::Read(..) | Self::ReadBy(..))
    }
}

/// A record and what to do with it. Rows that do the same share their action.
#[derive(Clone)]
pub struct Row {
    pub key: KeyParts,
    pub action: Arc<Action>,
}

impl Row {
    /// What the core executes. Computes the digest.
    fn into_operation(self) -> BatchOperation {
        let key = self.key.into_key();
        match Arc::unwrap_or_clone(self.action) {
            Action::Read(policy, bins) => BatchOperation::read(&policy, key, bins),
            Action::ReadBy(policy, operations) => {
                BatchOperation::read_ops(&policy, key, operations)
            }
            Action::Put(policy, bins) => {
                let operations: Vec<_> = bins.iter().map(operations::put).collect();
                BatchOperation::write(&policy, key, operations)
            }
            Action::Operate(policy, operations) => BatchOperation::write(&policy, key, operations),
            Action::Remove(policy) => BatchOperation::delete(&policy, key),
            Action::Apply(policy, Call { module, function, arguments }) => {
                BatchOperation::udf(&policy, key, module, function, arguments)
            }
        }
    }
}

/// The rows of a call and the policy of the whole.
pub struct Batch {
    policy: Whole,
    /// Emptied when they are sent: what is made of them needs no second copy.
    rows: Mutex<Vec<Row>>,
}

impl Batch {
    pub fn new(policy: Whole, rows: Vec<Row>) -> Self {
        Self { policy, rows: Mutex::new(rows) }
    }

    /// The connections that it takes.
    fn demand(&self) -> Demand {
        Demand::of_batch(&self.policy.base_policy)
    }

    /// The same rows, which are no longer this one's, with what is left of the total timeout.
    fn shortened(&self, waited: u32) -> Self {
        let mut policy = self.policy.clone();
        shorten(&mut policy.base_policy, waited);
        Self::new(policy, std::mem::take(&mut *lock(&self.rows)))
    }

    /// Whether every key is found again by the user key that it names.
    fn is_named(&self) -> bool {
        lock(&self.rows).iter().all(|row| row.key.is_named())
    }

    /// What the rows have in common. To be asked before they are sent.
    pub fn subject(&self) -> Subject<'static> {
        Subject::batch(lock(&self.rows).iter().map(|row| row.key.place()))
    }

    /// The transaction that it writes in, if it does.
    fn transaction(&self) -> Option<&Arc<Shared>> {
        let transaction = self.policy.transaction.as_ref();
        transaction.filter(|_| lock(&self.rows).iter().any(|row| row.action.writes()))
    }

    /// The policy, what the core executes, and how many of these are rows of the batch.
    fn into_parts(self) -> (Whole, Vec<BatchOperation>, usize) {
        let rows = self.rows.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (count, companions) = (rows.len(), functions::companions(&self.policy, &rows));
        let rows = rows.into_iter().map(Row::into_operation);
        (self.policy, rows.chain(companions).collect(), count)
    }

    /// Sends all rows and returns the outcome of each. It fails only if not one of them came to
    /// an answer.
    async fn send(&self, client: &core::Client) -> Result<Vec<BatchRecord>, ErrorInfo> {
        let rows = std::mem::take(&mut *lock(&self.rows));
        let (records, error) = send(&self.policy, rows, client).await;
        match error {
            Some(error) if !records.iter().any(is_answered) => Err(error),
            _ => Ok(records),
        }
    }
}

/// Sends rows once. The error, if any, is that of the first node that could not answer.
async fn send(
    policy: &Whole,
    rows: Vec<Row>,
    client: &core::Client,
) -> (Vec<BatchRecord>, Option<ErrorInfo>) {
    let (count, companions) = (rows.len(), functions::companions(policy, &rows));
    let rows = rows.into_iter().map(Row::into_operation);
    let mut operations: Vec<_> = rows.chain(companions).collect();
    let outcome = client.batch(policy, &mut operations).await;
    operations.truncate(count);
    let records = operations.into_iter().map(BatchOperation::into_batch_record).collect();
    (records, outcome.err().map(ErrorInfo::from))
}

/// Whether the cluster decided the outcome of a row, not a failure to ask it.
fn is_answered(row: &BatchRecord) -> bool {
    match row.error() {
        Some(error) => error.server_result_code().is_some(),
        None => row.record.is_some(),
    }
}

/// Makes a row of each item of a list or tuple. `name` is the argument's.
fn rows_from_py(
    items: &Bound<'_, PyAny>,
    name: &str,
    mut row: impl FnMut(&Bound<'_, PyAny>) -> PyResult<Row>,
) -> PyResult<Vec<Row>> {
    let items = items_from_py(items, name, "a list or tuple")?;
    let mut rows = Vec::with_capacity(items.len());
    for (index, item) in items.as_slice().iter().enumerate() {
        let made = row(item);
        rows.push(made.map_err(|error| within(item.py(), error, format_args!("{name}[{index}]")))?);
    }
    Ok(rows)
}

/// The key and what comes after it in an item such as `(key, bins)`, or None for a bare key.
/// A key begins with its namespace, a str: no key is taken for such an item.
fn parts_of<'a, 'py>(item: &'a Bound<'py, PyAny>) -> Option<&'a [Bound<'py, PyAny>]> {
    let parts = item.cast::<PyTuple>().ok()?.as_slice();
    parts.first().is_some_and(|first| first.is_instance_of::<PyTuple>()).then_some(parts)
}
