//! Removal of all records of a namespace or set.

use aerospike_core as core;
use core::policy::AdminPolicy;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::{name, set_name};
use crate::client::docs;
use crate::client::task::Input;
use crate::client::verb::{Change, Keyed};
use crate::convert::argument::int_from_py;
use crate::convert::policy::admin_policy;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Param, Signature, optional, required};
use crate::interp::objects::int_value;
use crate::observe::Subject;

pub struct Truncate;

pub struct Request {
    namespace: String,
    set: String,
    before: i64,
    policy: AdminPolicy,
}

impl Keyed for Request {
    fn subject(&self) -> Subject<'_> {
        Subject::in_set(&self.namespace, &self.set)
    }
}

const PARAMS: &[Param] = &[
    required("namespace"),
    required("set_name"),
    optional("nanos", "0"),
    optional("policy", "None"),
];

fn nanos_from_py(value: &Bound<'_, PyAny>) -> PyResult<i64> {
    int_value(int_from_py(value, "nanos")?).filter(|nanos| *nanos >= 0).ok_or_else(|| {
        PyValueError::new_err(format!(
            "nanos must be nanoseconds since 1970, or 0 for all records, not {value}"
        ))
    })
}

impl Change for Truncate {
    const SIGNATURE: Signature =
        Signature { name: "truncate", params: PARAMS, doc: docs::manage::TRUNCATE };
    type Request = Request;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        Ok(Request {
            namespace: name(args, PARAMS, 0)?,
            set: set_name(args, PARAMS, 1)?,
            before: args.optional(2).map_or(Ok(0), |nanos| nanos_from_py(&nanos))?,
            policy: admin_policy(args.optional(3).as_deref(), &input.config.policies.info)?,
        })
    }

    async fn apply(request: &Request, client: &core::Client) -> Result<(), ErrorInfo> {
        let Request { namespace, set, before, policy } = request;
        client.truncate(policy, namespace, set, *before).await.map_err(ErrorInfo::from)
    }
}
