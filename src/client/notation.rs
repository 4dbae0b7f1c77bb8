//! Contexts and expressions as text, for tools of the server. Nothing is sent.

use aerospike_core::operations::cdt_context::to_bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::class::{ClientOf, Kind};
use super::docs;
use crate::convert::type_name;
use crate::convert::value::Reader;
use crate::expression;
use crate::interp::args::{Args, Signature, required};
use crate::interp::class::This;
use crate::interp::method::{Context, Method};
use crate::operation::context_from_py;
use crate::state::State;

fn base64<'py>(py: Python<'py>, bytes: &[u8]) -> Bound<'py, PyAny> {
    PyString::new(py, &STANDARD.encode(bytes)).into_any()
}

pub struct ContextBase64;

impl<K: Kind> Method<ClientOf<K>> for ContextBase64 {
    const SIGNATURE: Signature = Signature {
        name: "get_cdtctx_base64",
        params: &[required("ctx")],
        doc: docs::GET_CDTCTX_BASE64,
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        _this: This<'_, 'py, ClientOf<K>>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let reader = Reader::new(&context.state.types, false);
        let steps = context_from_py(&args.required(0), reader)?;
        if steps.is_empty() {
            return Err(PyValueError::new_err("ctx must have a step"));
        }
        let bytes =
            to_bytes(&steps).map_err(|error| PyValueError::new_err(error.base_message()))?;
        Ok(base64(context.py, &bytes))
    }
}

pub struct ExpressionBase64;

impl<K: Kind> Method<ClientOf<K>> for ExpressionBase64 {
    const SIGNATURE: Signature = Signature {
        name: "get_expression_base64",
        params: &[required("expression")],
        doc: docs::GET_EXPRESSION_BASE64,
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        _this: This<'_, 'py, ClientOf<K>>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = args.required(0);
        match expression::of(&given) {
            Some(expression) => Ok(base64(context.py, expression.bytes())),
            None => Err(PyTypeError::new_err(format!(
                "expression must be an Expression, made by the functions of aerospike_py.exp, \
                 not {}",
                type_name(&given)
            ))),
        }
    }
}
