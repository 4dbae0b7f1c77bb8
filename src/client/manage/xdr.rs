//! Which records are shipped to other data centres.

use aerospike_core as core;
use core::policy::AdminPolicy;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::{ask, name};
use crate::client::docs::manage as docs;
use crate::client::info::error_code;
use crate::client::task::Input;
use crate::client::verb::Verb;
use crate::convert::policy::admin_policy;
use crate::convert::table::Field;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Param, Signature, optional, required};
use crate::state::State;

pub struct SetFilter;

pub struct Request {
    command: String,
    policy: AdminPolicy,
}

const PARAMS: &[Param] = &[
    required("data_center"),
    required("namespace"),
    required("expression_filter"),
    optional("policy", "None"),
];

impl Verb for SetFilter {
    const SIGNATURE: Signature =
        Signature { name: "set_xdr_filter", params: PARAMS, doc: docs::SET_XDR_FILTER };
    const WRITES: bool = true;
    type Request = Request;
    type Outcome = String;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        let (data_center, namespace) = (name(args, PARAMS, 0)?, name(args, PARAMS, 1)?);
        let filter = match args.optional(2) {
            None => "null".to_owned(),
            Some(filter) => {
                let filter = Field::new("argument", PARAMS[2].name, &filter).filter()?;
                filter.base64().map_err(|error| PyValueError::new_err(error.to_string()))?
            }
        };
        Ok(Request {
            command: format!("xdr-set-filter:dc={data_center};namespace={namespace};exp={filter}"),
            policy: admin_policy(args.optional(3).as_deref(), &input.config.policies.info)?,
        })
    }

    async fn run(request: &Request, client: &core::Client) -> Result<String, ErrorInfo> {
        let answer = ask(client, &request.policy, &request.command).await?;
        match error_code(&answer) {
            0 => Ok(answer),
            code => Err(ErrorInfo::of_node(code, &answer)),
        }
    }

    fn finish<'py>(
        py: Python<'py>,
        _state: &State,
        _request: Request,
        answer: String,
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyString::new(py, &answer).into_any())
    }
}
