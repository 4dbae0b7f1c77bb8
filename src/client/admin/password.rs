//! Passwords: a user's own, and those of others.

use std::marker::PhantomData;

use aerospike_core as core;
use core::policy::AdminPolicy;
use pyo3::prelude::*;

use super::{POLICY, name, password, policy};
use crate::client::docs::admin as docs;
use crate::client::session::Session;
use crate::client::task::{Input, Task};
use crate::client::verb::explained;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Param, Signature, required};
use crate::state::State;

/// A user, and its password to be.
pub struct Request {
    user: String,
    password: String,
    policy: AdminPolicy,
}

const PARAMS: &[Param] = &[required("username"), required("password"), POLICY];

/// Both verbs do the same: a user's own password is changed with the old one, that of another by
/// leave to administer users.
pub trait Wording: 'static {
    const SIGNATURE: Signature;
}

pub struct Change<W>(PhantomData<W>);

pub type ChangePassword = Change<Own>;
pub type SetPassword = Change<Any>;

pub struct Own;

impl Wording for Own {
    const SIGNATURE: Signature =
        Signature { name: "admin_change_password", params: PARAMS, doc: docs::CHANGE_PASSWORD };
}

pub struct Any;

impl Wording for Any {
    const SIGNATURE: Signature =
        Signature { name: "admin_set_password", params: PARAMS, doc: docs::SET_PASSWORD };
}

impl<W: Wording> Task for Change<W> {
    const SIGNATURE: Signature = W::SIGNATURE;
    const WRITES: bool = true;
    type Request = Request;
    type Outcome = ();

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        Ok(Request {
            user: name(args, PARAMS, 0)?,
            password: password(args, PARAMS, 1)?,
            policy: policy(input, args, 2)?,
        })
    }

    async fn run(request: &Request, session: &Session) -> Result<(), ErrorInfo> {
        let Request { user, password, policy } = request;
        let closes = session.closes();
        let client = session.admit().await?.client;
        let changed = client.change_password(policy, user, password).await;
        changed.map_err(|error| explained(error.into(), session, &client))?;
        session.use_password(user, password, closes);
        Ok(())
    }

    fn finish<'py>(
        _state: &State,
        owner: &Bound<'py, PyAny>,
        _request: Request,
        (): (),
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(owner.py().None().into_bound(owner.py()))
    }
}
