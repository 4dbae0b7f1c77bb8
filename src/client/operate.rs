//! Several operations on one record, in one request.

use std::sync::Arc;

use aerospike_core as core;
use core::Key;
use core::policy::BasePolicy;
use pyo3::prelude::*;

use super::docs;
use super::owners::Route;
use super::record::Write;
use super::task::Input;
use super::verb::{Keyed, Verb};
use crate::convert::record::record_to_py;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Param, Signature, optional, required};
use crate::operation::{Operations, operations_from_py, ordered_to_py};
use crate::state::State;
use crate::transaction::Shared;

/// A record and what to do with it.
pub struct Request {
    write: Write,
    operations: Operations,
}

impl Request {
    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Self> {
        let mut write = Write::parse(args, &input.config.policies.operate, 0, 2)?;
        let operations = operations_from_py(&args.required(1), write.reader(input))?;
        operations.amend(&mut write.policy);
        input.keep(args.required(0).to_owned());
        Ok(Self { write, operations })
    }

    /// The core sends one that only reads as it sends a read.
    fn route(&self) -> Option<Route<'_>> {
        let policy = self.write.record_policy()?;
        Some(Route { key: &self.write.key, policy, writes: self.operations.write() })
    }

    fn shortened(&self, waited: u32) -> Self {
        Self { write: Write::shortened(&self.write, waited), operations: self.operations.clone() }
    }

    async fn run(&self, client: &core::Client) -> Result<core::Record, ErrorInfo> {
        let Self { write, operations } = self;
        client.operate(&write.policy, &write.key, operations).await.map_err(ErrorInfo::from)
    }
}

const PARAMS: &[Param] =
    &[required("key"), required("ops"), optional("meta", "None"), optional("policy", "None")];

pub struct Operate;

impl Verb for Operate {
    const SIGNATURE: Signature = Signature { name: "operate", params: PARAMS, doc: docs::OPERATE };
    const WRITES: bool = true;
    type Request = Request;
    type Outcome = core::Record;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        Request::parse(input, args)
    }

    fn key(request: &Request) -> Option<&Key> {
        Some(&request.write.key)
    }

    fn record_policy(request: &Request) -> Option<&BasePolicy> {
        request.write.record_policy()
    }

    fn route(request: &Request) -> Option<Route<'_>> {
        request.route()
    }

    fn shortened(request: &Request, waited: u32) -> Option<Request> {
        Some(request.shortened(waited))
    }

    fn transaction(request: &Request) -> Option<&Arc<Shared>> {
        request.write.transaction()
    }

    async fn run(request: &Request, client: &core::Client) -> Result<core::Record, ErrorInfo> {
        request.run(client).await
    }

    fn finish_for<'py>(
        owner: &Bound<'py, PyAny>,
        state: &State,
        request: Request,
        record: core::Record,
    ) -> PyResult<Bound<'py, PyAny>> {
        record_to_py(owner, record, &request.write.key, state.types_for(owner))
    }
}

pub struct OperateOrdered;

impl Verb for OperateOrdered {
    const SIGNATURE: Signature =
        Signature { name: "operate_ordered", params: PARAMS, doc: docs::OPERATE_ORDERED };
    const WRITES: bool = true;
    type Request = Request;
    type Outcome = core::Record;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        let mut request = Request::parse(input, args)?;
        request.operations.ask_each(&mut request.write.policy)?;
        Ok(request)
    }

    fn key(request: &Request) -> Option<&Key> {
        Some(&request.write.key)
    }

    fn record_policy(request: &Request) -> Option<&BasePolicy> {
        request.write.record_policy()
    }

    fn route(request: &Request) -> Option<Route<'_>> {
        request.route()
    }

    fn shortened(request: &Request, waited: u32) -> Option<Request> {
        Some(request.shortened(waited))
    }

    fn transaction(request: &Request) -> Option<&Arc<Shared>> {
        request.write.transaction()
    }

    async fn run(request: &Request, client: &core::Client) -> Result<core::Record, ErrorInfo> {
        request.run(client).await
    }

    fn finish_for<'py>(
        owner: &Bound<'py, PyAny>,
        state: &State,
        request: Request,
        record: core::Record,
    ) -> PyResult<Bound<'py, PyAny>> {
        let Request { write, operations } = request;
        let types = state.types_for(owner);
        ordered_to_py(owner, record, &operations, &write.key, types)
    }
}
