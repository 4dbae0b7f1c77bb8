//! What Python sees of a transaction.

use std::ffi::CStr;
use std::sync::{Arc, OnceLock};

use aerospike_core::txn::TxnState;
use arc_swap::ArcSwapOption;
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyString};

use super::Shared;
use crate::convert::argument::int_from_py;
use crate::interp::args::{Args, Signature, optional};
use crate::interp::class::{Class, Constructible, This};
use crate::interp::gc::Visitor;
use crate::interp::method::{Context, Method, Row, Table};
use crate::interp::module::Definition;
use crate::interp::objects::int_value;
use crate::interp::property::{Closed, Properties, Property, PropertyRow, Settable, Shown};
use crate::state::State;

/// How many records the core expects of a transaction that does not say.
const CAPACITY: usize = 128;

pub struct Transaction {
    /// None before `__init__`.
    shared: ArcSwapOption<Shared>,
}

impl Transaction {
    pub fn shared(&self) -> Option<Arc<Shared>> {
        self.shared.load_full()
    }

    fn initialised(&self) -> PyResult<Arc<Shared>> {
        let error = || PyRuntimeError::new_err("__init__() of the transaction was not called");
        self.shared().ok_or_else(error)
    }
}

const DOC: &str = r#"A transaction: commands on several records that all take effect, or none of them.

Commands are part of it whose policy has it as `txn`; they must all be about one namespace, which
must have strong consistency. Nobody else sees what it has written before it is committed, nor can
write those records: whoever tries meets MRT_BLOCKED (120), inside a transaction or not. Records
that it has only read are not locked; committing it fails if one has changed since.
`Client.commit` or `Client.abort` ends it; `Client.transaction` makes one that a `with` block ends.

`reads_capacity` and `writes_capacity` are the numbers of records to have room for from the start,
from 0 to 4294967295. `timeout`, in seconds, is how long the transaction may take from its first
write until the server ends it; 0, the default, leaves it to the server's configuration, which is 10
seconds unless changed. The server permits at most 120.

Any number of threads and coroutines may use a transaction at once. It can't be pickled, nor shared
with another process or interpreter.

    >>> txn = Transaction(timeout=30)
    >>> client.put(("test", "accounts", "ada"), {"balance": 10}, policy={"txn": txn})
    >>> client.exists(("test", "accounts", "ada")).meta is None
    True
    >>> client.commit(txn) == COMMIT_OK
    True
    >>> client.get(("test", "accounts", "ada")).bins
    {'balance': 10}
"#;

impl Class for Transaction {
    type State = State;
    const NAME: &'static CStr = c"aerospike_py.Transaction";
    const DOC: &'static str = DOC;

    fn methods() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Table::new([Row::method::<Transaction, NoPickle>()]))
    }

    fn traverse(&self, _visitor: &mut Visitor) {}

    fn clear(&self) {}
}

impl Constructible for Transaction {
    const INIT: Signature = Signature {
        name: "Transaction",
        params: &[
            optional("reads_capacity", "128"),
            optional("writes_capacity", "128"),
            optional("timeout", "0"),
        ],
        doc: DOC,
    };

    fn definition() -> &'static Definition<State> {
        &crate::MODULE
    }

    fn empty() -> Self {
        Self { shared: ArcSwapOption::empty() }
    }

    fn init(
        _context: &Context<'_, '_, State>,
        this: This<'_, '_, Self>,
        args: &Args<'_, '_>,
    ) -> PyResult<()> {
        let number = |index: usize| {
            let name = Self::INIT.params[index].name;
            args.optional(index).map(|value| number_from_py(&value, name)).transpose()
        };
        let capacity = |index| Ok::<_, PyErr>(number(index)?.map_or(CAPACITY, |n| n as usize));
        // What is to come is no reason to take gigabytes: that is what it would be for the largest.
        let (reads, writes) = (capacity(0)?.min(MOST_ROOM), capacity(1)?.min(MOST_ROOM));
        let shared = Shared::new(reads, writes, number(2)?.unwrap_or(0));
        this.data.shared.store(Some(Arc::new(shared)));
        Ok(())
    }
}

/// A transaction can't write more records; of one that reads more the room grows.
const MOST_ROOM: usize = 4096;

fn number_from_py(value: &Bound<'_, PyAny>, name: &str) -> PyResult<u32> {
    let number = int_value(int_from_py(value, name)?).and_then(|int| u32::try_from(int).ok());
    number.ok_or_else(|| {
        PyValueError::new_err(format!("{name} must be from 0 to {}, not {value}", u32::MAX))
    })
}

impl Closed for Transaction {}

impl Shown for Transaction {
    fn properties() -> &'static Properties {
        static TABLE: OnceLock<Properties> = OnceLock::new();
        TABLE.get_or_init(|| {
            Properties::new([
                PropertyRow::of::<Transaction, Id>(),
                PropertyRow::of::<Transaction, InDoubt>(),
                PropertyRow::of::<Transaction, CurrentState>(),
                PropertyRow::of::<Transaction, Namespace>(),
                PropertyRow::settable::<Transaction, Timeout>(),
            ])
        })
    }

    fn show(&self) -> String {
        let Some(shared) = self.shared() else { return "<Transaction>".into() };
        let core = shared.core();
        let state = match core.state() {
            TxnState::Open => "open",
            TxnState::Verified => "verified",
            TxnState::Committed => "committed",
            TxnState::Aborted => "aborted",
            TxnState::CommitFailed => "commit failed",
        };
        format!("<Transaction {:#x}, {state}>", core.id())
    }
}

struct Id;

impl Property<Transaction> for Id {
    const NAME: &'static str = "id";
    const DOC: &'static str = "The number that tells it from all others: random, and never 0.";

    fn get<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Transaction>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let id = this.data.initialised()?.core().id() as u64;
        Ok(PyInt::new(context.py, id).into_any())
    }
}

struct InDoubt;

impl Property<Transaction> for InDoubt {
    const NAME: &'static str = "in_doubt";
    const DOC: &'static str =
        "Whether it is unknown if it has been committed: commit it again then.";

    fn get<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Transaction>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let in_doubt = this.data.initialised()?.core().in_doubt();
        Ok(PyBool::new(context.py, in_doubt).to_owned().into_any())
    }
}

struct CurrentState;

impl Property<Transaction> for CurrentState {
    const NAME: &'static str = "state";
    const DOC: &'static str = "How far it is: a constant TXN_STATE_*.";

    fn get<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Transaction>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let state = match this.data.initialised()?.core().state() {
            TxnState::Open => 0,
            TxnState::Verified => 1,
            TxnState::Committed => 2,
            TxnState::Aborted => 3,
            TxnState::CommitFailed => 4,
        };
        Ok(PyInt::new(context.py, state).into_any())
    }
}

struct Namespace;

impl Property<Transaction> for Namespace {
    const NAME: &'static str = "namespace";
    const DOC: &'static str = "The namespace of its records; None before the first and at the end.";

    fn get<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Transaction>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(match this.data.initialised()?.core().namespace() {
            Some(name) => PyString::new(context.py, &name).into_any(),
            None => context.py.None().into_bound(context.py),
        })
    }
}

struct Timeout;

impl Property<Transaction> for Timeout {
    const NAME: &'static str = "timeout";
    const DOC: &'static str = "\
Seconds that it may take from its first write on; 0 for what the server is configured with. It can
be set until then.";

    fn get<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Transaction>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let timeout = this.data.initialised()?.core().timeout().as_secs();
        Ok(PyInt::new(context.py, timeout).into_any())
    }
}

impl Settable<Transaction> for Timeout {
    fn set(this: This<'_, '_, Transaction>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let timeout = number_from_py(value, "timeout")?;
        match this.data.initialised()?.set_timeout(timeout) {
            true => Ok(()),
            false => Err(PyValueError::new_err(
                "timeout can't be changed once the transaction has written, nor while it is used",
            )),
        }
    }
}

/// Refuses to be pickled, and so to be sent to another process or interpreter.
struct NoPickle;

impl Method<Transaction> for NoPickle {
    const SIGNATURE: Signature = Signature {
        name: "__reduce__",
        params: &[],
        doc: "Raise TypeError: a transaction belongs to the process that began it.",
    };

    fn call<'py>(
        _context: &Context<'_, 'py, State>,
        _this: This<'_, 'py, Transaction>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Err(PyTypeError::new_err(
            "Transaction can't be pickled, copied, or sent to another process or interpreter: \
             begin one there",
        ))
    }
}
