//! Ending transactions, and blocks of code that are one.

use std::sync::Arc;

use aerospike_core as core;
use core::errors::ErrorKind;
use core::policy::{TxnRollPolicy, TxnVerifyPolicy};
use core::txn::{AbortStatus, CommitErrorType, CommitStatus, TxnState};
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyTuple};

use super::class::{ClientOf, Kind};
use super::docs::transaction as docs;
use super::stream::Reader;
use super::task::Input;
use super::verb::Verb;
use crate::convert::argument::wrong_type;
use crate::convert::policy::Batching;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Param, Signature, optional, required};
use crate::interp::class::This;
use crate::interp::method::{Context, Method};
use crate::state::State;
use crate::transaction::{self, Shared};

/// A transaction to be ended, and the policies to do it with.
pub struct Ending {
    transaction: Arc<Shared>,
    verify: TxnVerifyPolicy,
    roll: TxnRollPolicy,
}

const TRANSACTION: Param = required("transaction");
const ROLL: Param = optional("roll_policy", "None");

impl Ending {
    /// Reads `transaction`, and the policies at these positions.
    fn parse(
        input: &Input<'_>,
        args: &Args<'_, '_>,
        verify: Option<usize>,
        roll: usize,
    ) -> PyResult<Self> {
        let policies = &input.config.policies;
        let given = args.required(0);
        let transaction = transaction::of(&given)
            .ok_or_else(|| wrong_type(&given, "transaction", "a Transaction"))?;
        let policy = |index: Option<usize>, what, defaults: &Batching| {
            let mut policy = defaults.clone();
            if let Some(given) = index.and_then(|index| args.optional(index)) {
                policy.patch(&given, what)?;
            }
            Ok::<_, PyErr>((*policy.whole).clone())
        };
        Ok(Self {
            transaction,
            verify: TxnVerifyPolicy {
                batch_policy: policy(verify, "verify_policy", &policies.txn_verify)?,
            },
            roll: TxnRollPolicy {
                batch_policy: policy(Some(roll), "roll_policy", &policies.txn_roll)?,
            },
        })
    }
}

fn status_to_py<'py>(py: Python<'py>, status: i32) -> PyResult<Bound<'py, PyAny>> {
    Ok(PyInt::new(py, status).into_any())
}

pub struct Commit;

impl Verb for Commit {
    const SIGNATURE: Signature = Signature {
        name: "commit",
        params: &[TRANSACTION, optional("verify_policy", "None"), ROLL],
        doc: docs::COMMIT,
    };
    const WRITES: bool = true;
    type Request = Ending;
    /// A constant COMMIT_*.
    type Outcome = i32;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Ending> {
        Ending::parse(input, args, Some(1), 2)
    }

    async fn run(request: &Ending, client: &core::Client) -> Result<i32, ErrorInfo> {
        let Ending { transaction, verify, roll } = request;
        let _alone = transaction.alone().await;
        let txn = transaction.core();
        match txn.state() {
            TxnState::Aborted => return Err(ErrorInfo::already_aborted()),
            TxnState::Open if transaction.is_doubtful() => {
                return Err(ErrorInfo::transaction(
                    "it is unknown whether one of its writes has been carried out: repeat that \
                     write, or abort the transaction",
                ));
            }
            _ => {}
        }
        match client.commit_with_policies(verify, roll, &txn).await {
            Ok(CommitStatus::Ok) => Ok(0),
            Ok(CommitStatus::AlreadyCommitted) => Ok(1),
            Ok(CommitStatus::RollForwardAbandoned) => Ok(5),
            Ok(CommitStatus::CloseAbandoned) => Ok(6),
            // It is committed: the server does the rest.
            Err(error) if is_abandoned(&error) => Ok(5),
            Err(error) => Err(error.into()),
        }
    }

    fn finish<'py>(
        py: Python<'py>,
        _state: &State,
        _request: Ending,
        status: i32,
    ) -> PyResult<Bound<'py, PyAny>> {
        status_to_py(py, status)
    }
}

fn is_abandoned(error: &core::errors::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Commit { error_type: CommitErrorType::RollForwardAbandoned, .. }
    )
}

pub struct Abort;

impl Verb for Abort {
    const SIGNATURE: Signature =
        Signature { name: "abort", params: &[TRANSACTION, ROLL], doc: docs::ABORT };
    const WRITES: bool = true;
    type Request = Ending;
    /// A constant ABORT_*.
    type Outcome = i32;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Ending> {
        Ending::parse(input, args, None, 1)
    }

    async fn run(request: &Ending, client: &core::Client) -> Result<i32, ErrorInfo> {
        let Ending { transaction, roll, .. } = request;
        let _alone = transaction.alone().await;
        let txn = transaction.core();
        match txn.state() {
            TxnState::Committed => return Err(ErrorInfo::already_committed()),
            // What can't be rolled back here is rolled back by the server, after the deadline, as
            // long as its monitor is left alone.
            TxnState::Open if !transaction.settle(&roll.batch_policy.base_policy, client).await => {
                txn.set_state(TxnState::Aborted);
                return Ok(3);
            }
            _ => {}
        }
        match client.abort_with_policy(roll, &txn).await? {
            AbortStatus::Ok => Ok(0),
            AbortStatus::AlreadyAborted => Ok(1),
            AbortStatus::RollBackAbandoned => Ok(3),
            AbortStatus::CloseAbandoned => Ok(4),
            AbortStatus::CommitFailed => Ok(5),
        }
    }

    fn finish<'py>(
        py: Python<'py>,
        _state: &State,
        _request: Ending,
        status: i32,
    ) -> PyResult<Bound<'py, PyAny>> {
        status_to_py(py, status)
    }
}

pub struct Block;

impl<K: Kind> Method<ClientOf<K>> for Block {
    const SIGNATURE: Signature = Signature {
        name: "transaction",
        params: &[
            optional("reads_capacity", "128"),
            optional("writes_capacity", "128"),
            optional("timeout", "0"),
        ],
        doc: docs::TRANSACTION,
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, ClientOf<K>>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = context.py;
        let given = (0..3).map(|index| match args.optional(index) {
            Some(value) => value.to_owned(),
            None => py.None().into_bound(py),
        });
        let given = PyTuple::new(py, given.collect::<Vec<_>>())?;
        let transaction = context.state.transaction.class().bind(py).call1(given)?;
        let name = match K::READER {
            Reader::Thread => "TransactionBlock",
            Reader::Loop => "AsyncTransactionBlock",
        };
        let module = py.import("aerospike_py._transactions")?;
        module.getattr(name)?.call1((this.object, transaction))
    }
}
