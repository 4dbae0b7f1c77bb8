//! The module's functions of the user's own for values, for clients that have none.

use pyo3::prelude::*;

use super::docs;
use crate::convert::functions::callable;
use crate::interp::args::{Args, Signature, required};
use crate::interp::method::{Context, Function};
use crate::state::State;

pub struct SetSerializer;

impl Function<State> for SetSerializer {
    const SIGNATURE: Signature = Signature {
        name: "set_serializer",
        params: &[required("callback")],
        doc: docs::SET_SERIALIZER,
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let callback = callable(args.required(0).to_owned(), "callback")?;
        context.state.types.serializer.set(Some(callback));
        Ok(context.py.None().into_bound(context.py))
    }
}

pub struct SetDeserializer;

impl Function<State> for SetDeserializer {
    const SIGNATURE: Signature = Signature {
        name: "set_deserializer",
        params: &[required("callback")],
        doc: docs::SET_DESERIALIZER,
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let callback = callable(args.required(0).to_owned(), "callback")?;
        context.state.types.deserializer.set(Some(callback));
        Ok(context.py.None().into_bound(context.py))
    }
}

pub struct UnsetSerializers;

impl Function<State> for UnsetSerializers {
    const SIGNATURE: Signature =
        Signature { name: "unset_serializers", params: &[], doc: docs::UNSET_SERIALIZERS };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        context.state.types.serializer.set(None);
        context.state.types.deserializer.set(None);
        Ok(context.py.None().into_bound(context.py))
    }
}
