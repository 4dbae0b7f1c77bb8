//! Questions for users and roles: for one by its name, or for all.

use std::future::Future;
use std::marker::PhantomData;

use aerospike_core as core;
use core::ResultCode;
use core::policy::AdminPolicy;
use pyo3::prelude::*;

use super::{POLICY, name, policy};
use crate::client::task::Input;
use crate::client::verb::Verb;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Param, Signature};
use crate::state::State;

/// The parameters of a question for all.
pub const ALL: &[Param] = &[POLICY];

/// What can be asked for.
pub trait Subject: 'static {
    type Row: Send + 'static;
    /// What there is to say if there is none of the name.
    const ABSENT: ResultCode;

    fn ask(
        client: &core::Client,
        policy: &AdminPolicy,
        name: Option<&str>,
    ) -> impl Future<Output = core::Result<Vec<Self::Row>>> + Send;
}

/// A question, and how it is answered.
pub trait Question: 'static {
    type Of: Subject;
    const SIGNATURE: Signature;

    /// For a question for one, there is a row.
    fn tell<'py>(py: Python<'py>, rows: &[Row<Self>]) -> PyResult<Bound<'py, PyAny>>;
}

type Row<Q> = <<Q as Question>::Of as Subject>::Row;

/// A question for one, if its first parameter is not the policy, or for all.
pub struct Query<Q>(PhantomData<Q>);

impl<Q: Question> Verb for Query<Q> {
    const SIGNATURE: Signature = Q::SIGNATURE;
    const WRITES: bool = false;
    type Request = (Option<String>, AdminPolicy);
    type Outcome = Vec<Row<Q>>;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Self::Request> {
        let params = Self::SIGNATURE.params;
        let last = params.len() - 1;
        let name = (last > 0).then(|| name(args, params, 0)).transpose()?;
        Ok((name, policy(input, args, last)?))
    }

    async fn run(
        (name, policy): &Self::Request,
        client: &core::Client,
    ) -> Result<Self::Outcome, ErrorInfo> {
        let rows = Q::Of::ask(client, policy, name.as_deref()).await.map_err(ErrorInfo::from)?;
        match name {
            Some(_) if rows.is_empty() => Err(ErrorInfo::of_server(Q::Of::ABSENT)),
            _ => Ok(rows),
        }
    }

    fn finish<'py>(
        py: Python<'py>,
        _state: &State,
        _request: Self::Request,
        rows: Self::Outcome,
    ) -> PyResult<Bound<'py, PyAny>> {
        Q::tell(py, &rows)
    }
}

/// What is told of the only row.
pub fn one<'py, T>(
    py: Python<'py>,
    rows: &[T],
    tell: impl Fn(&T) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    rows.first().map_or_else(|| Ok(py.None().into_bound(py)), tell)
}
