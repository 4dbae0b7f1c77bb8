//! `Client` and `AsyncClient`: one list of methods makes both.

use std::ffi::CStr;
use std::future::Future;
use std::io;
use std::marker::PhantomData;
use std::pin::pin;
use std::sync::{Arc, OnceLock};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use super::admin::{self, role, user};
use super::batch::{
    BatchApply, BatchForeach, BatchOperate, BatchRead, BatchRemove, BatchStream, BatchWrite,
    BatchWriteNumpy,
};
use super::connect::{Close, Connect, Enter, GetPolicies, IsConnected, Leave, NoPickle};
use super::digest::KeyPartitionId;
use super::ending::AtEnd;
use super::info::{InfoAll, InfoRandomNode, InfoSingleNode, Ping};
use super::manage::truncate::Truncate;
use super::manage::{index, udf, xdr};
use super::nodes::{DisableMetrics, EnableMetrics, GetNodeNames, GetNodes, GetStats, ShmKey};
use super::notation::{ContextBase64, ExpressionBase64};
use super::operate::{Operate, OperateOrdered};
use super::query::{
    Background, JobInfo, Query, QueryApply, QueryExplain, ReadRecords, Scan, ScanApply,
};
use super::record::{
    Append, Exists, Get, Increment, Prepend, Put, Remove, RemoveBin, Select, Touch,
};
use super::session::{Session, SessionCell};
use super::stream::Reader;
use super::task::{Awaited, Blocking, Task, not_initialised};
use super::transaction::{Abort, Block, Commit};
use super::verb::OnCluster;
use crate::convert::config;
use crate::convert::functions::functions_of;
use crate::convert::types::Types;
use crate::interp::args::{Args, Signature, required};
use crate::interp::class::{Class, Constructible, This};
use crate::interp::gc::Visitor;
use crate::interp::method::{Context, Row, Table};
use crate::interp::module::{Definition, in_main_interpreter};
use crate::observe::delivery::follow;
use crate::runtime::Drivers;
use crate::state::State;

/// The methods of a client class.
fn methods<K: Kind>() -> Table {
    Table::new([
        K::row::<Connect>(),
        K::row::<Close>(),
        K::row::<Enter<K>>(),
        K::row::<Leave<K>>(),
        K::row::<Ping>(),
        K::row::<OnCluster<InfoAll>>(),
        K::row::<OnCluster<InfoRandomNode>>(),
        K::row::<OnCluster<InfoSingleNode>>(),
        K::row::<OnCluster<Put>>(),
        K::row::<OnCluster<Get>>(),
        K::row::<OnCluster<Select>>(),
        K::row::<OnCluster<Exists>>(),
        K::row::<OnCluster<Remove>>(),
        K::row::<OnCluster<Touch>>(),
        K::row::<OnCluster<Append>>(),
        K::row::<OnCluster<Prepend>>(),
        K::row::<OnCluster<Increment>>(),
        K::row::<OnCluster<RemoveBin>>(),
        K::row::<OnCluster<Operate>>(),
        K::row::<OnCluster<OperateOrdered>>(),
        K::row::<OnCluster<BatchRead>>(),
        K::row::<OnCluster<BatchWrite>>(),
        K::row::<OnCluster<BatchWriteNumpy>>(),
        K::row::<OnCluster<BatchOperate>>(),
        K::row::<OnCluster<BatchRemove>>(),
        K::row::<OnCluster<BatchApply>>(),
        K::row::<OnCluster<index::Create<index::Integer>>>(),
        K::row::<OnCluster<index::Create<index::Text>>>(),
        K::row::<OnCluster<index::Create<index::Blob>>>(),
        K::row::<OnCluster<index::Create<index::Geo>>>(),
        K::row::<OnCluster<index::Create<index::SingleValue>>>(),
        K::row::<OnCluster<index::Create<index::List>>>(),
        K::row::<OnCluster<index::Create<index::MapKeys>>>(),
        K::row::<OnCluster<index::Create<index::MapValues>>>(),
        K::row::<OnCluster<index::Create<index::Cdt>>>(),
        K::row::<OnCluster<index::Create<index::OnExpression>>>(),
        K::row::<OnCluster<index::Create<index::OfSet>>>(),
        K::row::<OnCluster<index::Remove>>(),
        K::row::<OnCluster<index::Indexes>>(),
        K::row::<OnCluster<udf::Put>>(),
        K::row::<OnCluster<udf::Remove>>(),
        K::row::<OnCluster<udf::Get>>(),
        K::row::<OnCluster<udf::Modules>>(),
        K::row::<OnCluster<udf::Apply>>(),
        K::row::<OnCluster<Commit>>(),
        K::row::<OnCluster<Abort>>(),
        K::row::<OnCluster<Truncate>>(),
        K::row::<OnCluster<xdr::SetFilter>>(),
        K::row::<OnCluster<user::CreateUser>>(),
        K::row::<OnCluster<user::CreatePkiUser>>(),
        K::row::<OnCluster<user::DropUser>>(),
        K::row::<admin::ChangePassword>(),
        K::row::<admin::SetPassword>(),
        K::row::<OnCluster<user::GrantRoles>>(),
        K::row::<OnCluster<user::RevokeRoles>>(),
        K::row::<OnCluster<admin::Query<user::UserInfo>>>(),
        K::row::<OnCluster<admin::Query<user::UsersInfo>>>(),
        K::row::<OnCluster<admin::Query<user::UserRoles>>>(),
        K::row::<OnCluster<admin::Query<user::UsersRoles>>>(),
        K::row::<OnCluster<role::CreateRole>>(),
        K::row::<OnCluster<role::DropRole>>(),
        K::row::<OnCluster<role::GrantPrivileges>>(),
        K::row::<OnCluster<role::RevokePrivileges>>(),
        K::row::<OnCluster<role::SetWhitelist>>(),
        K::row::<OnCluster<role::SetQuotas>>(),
        K::row::<OnCluster<admin::Query<role::QueryRole>>>(),
        K::row::<OnCluster<admin::Query<role::QueryRoles>>>(),
        K::row::<OnCluster<admin::Query<role::GetRole>>>(),
        K::row::<OnCluster<admin::Query<role::GetRoles>>>(),
        K::row::<OnCluster<JobInfo>>(),
        K::row::<OnCluster<Background>>(),
        K::row::<OnCluster<QueryExplain>>(),
        Row::method::<ClientOf<K>, Query>(),
        Row::method::<ClientOf<K>, Scan>(),
        Row::method::<ClientOf<K>, QueryApply>(),
        Row::method::<ClientOf<K>, ScanApply>(),
        Row::method::<ClientOf<K>, ReadRecords>(),
        Row::method::<ClientOf<K>, BatchStream>(),
        Row::method::<ClientOf<K>, BatchForeach>(),
        Row::method::<ClientOf<K>, Block>(),
        Row::method::<ClientOf<K>, IsConnected>(),
        Row::method::<ClientOf<K>, GetNodeNames>(),
        Row::method::<ClientOf<K>, GetPolicies>(),
        Row::method::<ClientOf<K>, GetNodes>(),
        Row::method::<ClientOf<K>, GetStats>(),
        Row::method::<ClientOf<K>, EnableMetrics>(),
        Row::method::<ClientOf<K>, DisableMetrics>(),
        Row::method::<ClientOf<K>, ShmKey>(),
        Row::method::<ClientOf<K>, ContextBase64>(),
        Row::method::<ClientOf<K>, ExpressionBase64>(),
        Row::method::<ClientOf<K>, KeyPartitionId>(),
        Row::method::<ClientOf<K>, NoPickle>(),
        #[cfg(test)]
        K::row::<super::fault::Fault>(),
    ])
}

/// What tells `Client` and `AsyncClient` apart.
pub trait Kind: Send + Sync + Sized + 'static {
    const QUALIFIED: &'static CStr;
    const INIT: Signature;
    const DOC: &'static str;
    const ENTER: &'static str;
    const LEAVE: &'static str;
    /// What reads results as they arrive.
    const READER: Reader;

    fn table() -> &'static Table;

    /// A task as a method of this class.
    fn row<T: Task>() -> Row;

    /// Whether this class can be used in the calling interpreter.
    fn check(_py: Python<'_>) -> PyResult<()> {
        Ok(())
    }

    /// Runs `task` where this class's operations run.
    fn spawn<F>(drivers: &Drivers, task: F)
    where
        F: Future<Output = ()> + Send + 'static;

    /// Runs `task` there to its end, on the calling thread.
    fn complete<F: Future>(drivers: &Drivers, task: F) -> io::Result<F::Output>;
}

pub type Client = ClientOf<SyncKind>;
pub type AsyncClient = ClientOf<AsyncKind>;

/// A client object.
pub struct ClientOf<K> {
    opened: OnceLock<Arc<Opened<K>>>,
    /// Those of a client that has functions of its own for values.
    types: OnceLock<Box<Types>>,
}

struct Opened<K> {
    session: SessionCell,
    drivers: Arc<Drivers>,
    kind: PhantomData<K>,
}

impl<K: Kind> AtEnd for Opened<K> {
    fn end(&self) {
        if let Some(closing) = self.session.abandon() {
            let _ = K::complete(&self.drivers, closing);
        }
    }
}

impl<K: Kind> ClientOf<K> {
    pub fn session(&self) -> PyResult<Arc<Session>> {
        self.opened.get().map(|opened| opened.session.get()).ok_or_else(not_initialised)
    }

    /// The types for what this client reads and writes, unless they are those of all.
    pub fn types(&self) -> Option<&Types> {
        self.types.get().map(|types| &**types)
    }

    pub fn drivers(&self) -> PyResult<&Arc<Drivers>> {
        self.opened.get().map(|opened| &opened.drivers).ok_or_else(not_initialised)
    }
}

impl<K: Kind> Class for ClientOf<K> {
    type State = State;
    const NAME: &'static CStr = K::QUALIFIED;
    const DOC: &'static str = K::DOC;

    fn methods() -> &'static Table {
        K::table()
    }

    fn traverse(&self, visitor: &mut Visitor) {
        if let Some(types) = self.types.get() {
            types.each(&mut |object| visitor.object(object));
        }
    }

    fn clear(&self) {
        if let Some(types) = self.types.get() {
            types.serializer.set(None);
            types.deserializer.set(None);
        }
    }

    fn finalize(&self, _py: Python<'_>) {
        if let Some(opened) = self.opened.get()
            && let Some(closing) = opened.session.abandon()
        {
            K::spawn(&opened.drivers, closing);
        }
    }
}

impl<K: Kind> Constructible for ClientOf<K> {
    const INIT: Signature = K::INIT;

    fn definition() -> &'static Definition<State> {
        &crate::MODULE
    }

    fn empty() -> Self {
        Self { opened: OnceLock::new(), types: OnceLock::new() }
    }

    fn init(
        context: &Context<'_, '_, State>,
        this: This<'_, '_, Self>,
        args: &Args<'_, '_>,
    ) -> PyResult<()> {
        K::check(context.py)?;
        let config = config::client_config(&args.required(0))?;
        follow(context.py, context.state)?;
        let functions = functions_of(&args.required(0))?;
        let opened = Arc::new(Opened {
            session: SessionCell::new(Session::new(
                Arc::new(config),
                Arc::clone(&context.state.observers),
            )),
            drivers: Arc::clone(&context.state.drivers),
            kind: PhantomData::<K>,
        });
        context.state.ending.add(&opened);
        this.data
            .opened
            .set(opened)
            .map_err(|_| PyRuntimeError::new_err("the client is initialised already"))?;
        if let Some(functions) = functions {
            let types = context.state.types.with_functions(context.py, functions);
            this.data.types.get_or_init(|| Box::new(types));
        }
        Ok(())
    }
}

pub struct SyncKind;

impl Kind for SyncKind {
    const QUALIFIED: &'static CStr = c"aerospike_py.Client";
    const INIT: Signature =
        Signature { name: "Client", params: &[required("config")], doc: Self::DOC };
    const DOC: &'static str = super::docs::CLIENT;
    const ENTER: &'static str = "__enter__";
    const LEAVE: &'static str = "__exit__";
    const READER: Reader = Reader::Thread;

    fn table() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(methods::<Self>)
    }

    fn row<T: Task>() -> Row {
        Row::method::<Client, Blocking<T>>()
    }

    fn spawn<F>(drivers: &Drivers, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        if let Ok(lane) = drivers.lane() {
            lane.spawn(task);
        }
    }

    fn complete<F: Future>(drivers: &Drivers, task: F) -> io::Result<F::Output> {
        Ok(drivers.lane()?.run(pin!(task)))
    }
}

pub struct AsyncKind;

impl Kind for AsyncKind {
    const QUALIFIED: &'static CStr = c"aerospike_py.AsyncClient";
    const INIT: Signature =
        Signature { name: "AsyncClient", params: &[required("config")], doc: Self::DOC };
    const DOC: &'static str = super::docs::ASYNC_CLIENT;
    const ENTER: &'static str = "__aenter__";
    const LEAVE: &'static str = "__aexit__";
    const READER: Reader = Reader::Loop;

    fn table() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(methods::<Self>)
    }

    fn row<T: Task>() -> Row {
        Row::method::<AsyncClient, Awaited<T>>()
    }

    fn check(py: Python<'_>) -> PyResult<()> {
        if py.version_info() < (3, 12, 2) && !in_main_interpreter(py) {
            return Err(PyRuntimeError::new_err(
                "asyncio itself crashes in subinterpreters of Python 3.12.0 and 3.12.1: \
                 use Client there, or a later Python",
            ));
        }
        Ok(())
    }

    fn spawn<F>(drivers: &Drivers, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        if let Ok(workers) = drivers.workers() {
            workers.spawn(task);
        }
    }

    fn complete<F: Future>(drivers: &Drivers, task: F) -> io::Result<F::Output> {
        Ok(drivers.workers()?.run(task))
    }
}
