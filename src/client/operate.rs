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

const PARAMS: &[Param] =
    &[required("key"), required("ops"), optional("meta", "None"), optional("policy", "None")];

/// `operate`, or with an answer to each operation `operate_ordered`.
pub struct Operating<const ORDERED: bool>;

pub type Operate = Operating<false>;
pub type OperateOrdered = Operating<true>;

impl<const ORDERED: bool> Verb for Operating<ORDERED> {
    const SIGNATURE: Signature = match ORDERED {
        false => Signature { name: "operate", params: PARAMS, doc: docs::OPERATE },
        true => Signature { name: "operate_ordered", params: PARAMS, doc: docs::OPERATE_ORDERED },
    };
    const WRITES: bool = true;
    type Request = Request;
    type Outcome = core::Record;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        let mut write = Write::parse(args, &input.config.policies.operate, 0, 2)?;
        let operations = operations_from_py(&args.required(1), write.reader(input))?;
        operations.amend(&mut write.policy);
        if ORDERED {
            operations.ask_each(&mut write.policy)?;
        }
        input.keep(args.required(0).to_owned());
        Ok(Request { write, operations })
    }

    fn key(request: &Request) -> Option<&Key> {
        Some(&request.write.key)
    }

    fn record_policy(request: &Request) -> Option<&BasePolicy> {
        request.write.record_policy()
    }

    /// The core sends one that only reads as it sends a read.
    fn route(request: &Request) -> Option<Route<'_>> {
        let policy = request.write.record_policy()?;
        Some(Route { key: &request.write.key, policy, writes: request.operations.write() })
    }

    fn shortened(request: &Request, waited: u32) -> Option<Request> {
        let Request { write, operations } = request;
        Some(Request { write: Write::shortened(write, waited), operations: operations.clone() })
    }

    fn transaction(request: &Request) -> Option<&Arc<Shared>> {
        request.write.transaction()
    }

    async fn run(request: &Request, client: &core::Client) -> Result<core::Record, ErrorInfo> {
        let Request { write, operations } = request;
        client.operate(&write.policy, &write.key, operations).await.map_err(ErrorInfo::from)
    }

    fn finish_for<'py>(
        owner: &Bound<'py, PyAny>,
        state: &State,
        request: Request,
        record: core::Record,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (Request { write, operations }, types) = (request, state.types_for(owner));
        match ORDERED {
            false => record_to_py(owner, record, &write.key, types),
            true => ordered_to_py(owner, record, &operations, &write.key, types),
        }
    }
}
