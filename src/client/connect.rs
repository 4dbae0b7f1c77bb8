//! Opening and closing a client.

use std::marker::PhantomData;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::class::{ClientOf, Kind};
use super::docs;
use super::session::Session;
use super::task::{Input, Task};
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Signature, optional};
use crate::interp::class::This;
use crate::interp::method::{Context, Method};
use crate::state::State;

/// The credentials given to `connect`.
pub struct Credentials {
    user: String,
    password: String,
}

pub struct Connect;

impl Task for Connect {
    const SIGNATURE: Signature = Signature {
        name: "connect",
        params: &[optional("username", "None"), optional("password", "None")],
        doc: docs::CONNECT,
    };
    const WRITES: bool = false;
    type Request = Option<Credentials>;
    type Outcome = ();

    fn parse(_input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Self::Request> {
        let text = |index: usize| {
            let name = Self::SIGNATURE.params[index].name;
            args.optional(index)
                .map(|value| match value.cast::<PyString>() {
                    Ok(text) => Ok(text.to_str()?.to_owned()),
                    Err(_) => Err(PyTypeError::new_err(format!(
                        "{name} must be str, not {}",
                        crate::convert::type_name(&value)
                    ))),
                })
                .transpose()
        };
        match (text(0)?, text(1)?) {
            (None, None) => Ok(None),
            (Some(user), Some(password)) => Ok(Some(Credentials { user, password })),
            _ => Err(PyTypeError::new_err("username and password must be given together")),
        }
    }

    async fn run(request: &Self::Request, session: &Session) -> Result<(), ErrorInfo> {
        if let Some(Credentials { user, password }) = request {
            session.log_in_as(user, password)?;
        }
        session.connect().await?;
        Ok(())
    }

    fn finish<'py>(
        _state: &State,
        client: &Bound<'py, PyAny>,
        _request: Self::Request,
        (): (),
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(client.clone())
    }
}

pub struct Close;

impl Task for Close {
    const SIGNATURE: Signature = Signature { name: "close", params: &[], doc: docs::CLOSE };
    const WRITES: bool = false;
    type Request = ();
    type Outcome = ();

    fn parse(_input: &Input<'_>, _args: &Args<'_, '_>) -> PyResult<()> {
        Ok(())
    }

    async fn run(_request: &(), session: &Session) -> Result<(), ErrorInfo> {
        session.close().await
    }

    fn finish<'py>(
        _state: &State,
        client: &Bound<'py, PyAny>,
        (): (),
        (): (),
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(client.py().None().into_bound(client.py()))
    }
}

/// `with` and `async with`: connects unless connected.
pub struct Enter<K>(PhantomData<K>);

impl<K: Kind> Task for Enter<K> {
    const SIGNATURE: Signature =
        Signature { name: K::ENTER, params: &[], doc: "Connect, if not connected." };
    const WRITES: bool = Connect::WRITES;
    const OPERATION: &'static str = Connect::OPERATION;
    type Request = <Connect as Task>::Request;
    type Outcome = ();

    fn parse(_input: &Input<'_>, _args: &Args<'_, '_>) -> PyResult<Self::Request> {
        Ok(None)
    }

    async fn run(request: &Self::Request, session: &Session) -> Result<(), ErrorInfo> {
        Connect::run(request, session).await
    }

    fn finish<'py>(
        state: &State,
        client: &Bound<'py, PyAny>,
        request: Self::Request,
        (): (),
    ) -> PyResult<Bound<'py, PyAny>> {
        Connect::finish(state, client, request, ())
    }
}

/// The end of `with` and `async with`: closes.
pub struct Leave<K>(PhantomData<K>);

impl<K: Kind> Task for Leave<K> {
    const SIGNATURE: Signature = Signature {
        name: K::LEAVE,
        params: &[
            optional("exc_type", "None"),
            optional("exc_value", "None"),
            optional("traceback", "None"),
        ],
        doc: "Close the client.",
    };
    const WRITES: bool = Close::WRITES;
    const OPERATION: &'static str = Close::OPERATION;
    type Request = ();
    type Outcome = ();

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<()> {
        Close::parse(input, args)
    }

    async fn run(request: &(), session: &Session) -> Result<(), ErrorInfo> {
        Close::run(request, session).await
    }

    fn finish<'py>(
        state: &State,
        client: &Bound<'py, PyAny>,
        (): (),
        (): (),
    ) -> PyResult<Bound<'py, PyAny>> {
        Close::finish(state, client, (), ())
    }
}

pub struct IsConnected;

impl<K: Kind> Method<ClientOf<K>> for IsConnected {
    const SIGNATURE: Signature =
        Signature { name: "is_connected", params: &[], doc: docs::IS_CONNECTED };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, ClientOf<K>>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let connected = this.data.session()?.is_connected();
        Ok(pyo3::types::PyBool::new(context.py, connected).to_owned().into_any())
    }
}

/// The client's own policies, with what a dynamic configuration says now.
pub struct GetPolicies;

impl<K: Kind> Method<ClientOf<K>> for GetPolicies {
    const SIGNATURE: Signature =
        Signature { name: "get_policies", params: &[], doc: docs::GET_POLICIES };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, ClientOf<K>>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let session = this.data.session()?;
        let policies = &session.config().policies;
        let told = match session.overlay() {
            Some(overlay) => policies.with_overlay(&overlay).to_py(context.py)?,
            None => policies.to_py(context.py)?,
        };
        Ok(told.into_any())
    }
}

/// Refuses to be pickled, and so to be sent to another process or interpreter.
pub struct NoPickle;

impl<K: Kind> Method<ClientOf<K>> for NoPickle {
    const SIGNATURE: Signature = Signature {
        name: "__reduce__",
        params: &[],
        doc: "Raise TypeError: a client holds connections of its own.",
    };

    fn call<'py>(
        _context: &Context<'_, 'py, State>,
        _this: This<'_, 'py, ClientOf<K>>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let class = K::INIT.name;
        Err(PyTypeError::new_err(format!(
            "{class} can't be pickled, copied, or sent to another process or interpreter: \
             create one there"
        )))
    }
}
