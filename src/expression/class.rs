//! What Python sees of an expression, and the functions that make one.

use std::ffi::CStr;
use std::sync::OnceLock;

use aerospike_core::expressions::from_packed_bytes;
use pyo3::Borrowed;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyInt, PyString, PyTuple};

use super::msgpack::element_end;
use super::{Expression, digest, pack};
use crate::convert::text::required_utf8;
use crate::convert::type_name;
use crate::convert::value::Reader;
use crate::interp::args::{Args, Signature, required};
use crate::interp::class::{Class, This};
use crate::interp::gc::Visitor;
use crate::interp::method::{Context, Function, Method, Row, Table};
use crate::interp::valued::{Operator, Valued};
use crate::state::State;

impl Class for Expression {
    type State = State;
    const NAME: &'static CStr = c"aerospike_py.Expression";
    const DOC: &'static str = r#"An expression, ready to be sent. The functions of `aerospike_py.exp` make it.

It never changes, may be used by any number of threads and calls, pickles, and is equal to another
one that means the same to the server byte for byte; `bytes()` gives those. Operators on numbers
make expressions: `exp.int_bin("price") * 2`; comparisons don't: that is `exp.eq` and its like.

    >>> dear = exp.gt(exp.int_bin("price") * 2, 100)
    >>> client.put(key, {"price": 60})
    >>> client.get(key, policy={"filter_expression": dear}).bins
    {'price': 60}"#;

    fn methods() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| {
            Table::new([
                Row::method::<Expression, Bytes>(),
                Row::method::<Expression, Base64>(),
                Row::method::<Expression, Compile>(),
                Row::method::<Expression, ResultType>(),
                Row::method::<Expression, Floor>(),
                Row::method::<Expression, Ceil>(),
                Row::method::<Expression, Reduce>(),
            ])
        })
    }

    fn traverse(&self, _visitor: &mut Visitor) {}

    fn clear(&self) {}
}

impl Valued for Expression {
    fn digest(&self) -> u64 {
        digest(&self.bytes)
    }

    fn show(&self) -> String {
        self.text.clone()
    }

    const NO_TRUTH: &'static str = "\
an Expression is neither true nor false here: combine expressions by exp.and_(), exp.or_() and \
exp.not_(), and compare their values by exp.eq() and its like";

    fn operate<'py>(
        operator: Operator,
        operands: &[Borrowed<'_, 'py, PyAny>],
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = operands[0].py();
        let module = py.import("aerospike_py.exp")?;
        let call = |name: &str| module.getattr(name)?.call1(PyTuple::new(py, operands)?);
        match operator {
            Operator::Add => call("num_add"),
            Operator::Subtract | Operator::Negative => call("num_sub"),
            Operator::Multiply => call("num_mul"),
            Operator::Divide => call("num_div"),
            Operator::FloorDivide => module.getattr("num_floor")?.call1((call("num_div")?,)),
            Operator::Remainder => call("num_mod"),
            Operator::Power => call("num_pow"),
            Operator::Absolute => call("num_abs"),
        }
    }
}

struct Floor;

impl Method<Expression> for Floor {
    const SIGNATURE: Signature =
        Signature { name: "__floor__", params: &[], doc: "What `math.floor()` makes." };

    fn call<'py>(
        _context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Expression>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        of_exp("num_floor", this)
    }
}

struct Ceil;

impl Method<Expression> for Ceil {
    const SIGNATURE: Signature =
        Signature { name: "__ceil__", params: &[], doc: "What `math.ceil()` makes." };

    fn call<'py>(
        _context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Expression>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        of_exp("num_ceil", this)
    }
}

fn of_exp<'py>(name: &str, this: This<'_, 'py, Expression>) -> PyResult<Bound<'py, PyAny>> {
    this.object.py().import("aerospike_py.exp")?.getattr(name)?.call1((this.object,))
}

struct Bytes;

impl Method<Expression> for Bytes {
    const SIGNATURE: Signature =
        Signature { name: "__bytes__", params: &[], doc: "The bytes that the server is sent." };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Expression>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyBytes::new(context.py, &this.data.bytes).into_any())
    }
}

struct Base64;

impl Method<Expression> for Base64 {
    const SIGNATURE: Signature = Signature {
        name: "base64",
        params: &[],
        doc: "\
The bytes of the expression as text, which `exp.from_base64()` takes and the server's tools, too.

    >>> from aerospike_py import exp
    >>> exp.eq(exp.int_bin(\"age\"), 30).base64()
    'kwGTUQKjYWdlHg=='
",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Expression>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let text = from_packed_bytes(this.data.bytes.clone()).base64();
        let text = text.map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(PyString::new(context.py, &text).into_any())
    }
}

struct Compile;

impl Method<Expression> for Compile {
    const SIGNATURE: Signature = Signature {
        name: "compile",
        params: &[],
        doc: "\
The expression itself: it is compiled as soon as it is made.

    >>> from aerospike_py import exp
    >>> adults = exp.ge(exp.int_bin(\"age\"), 18)
    >>> adults.compile() is adults
    True
",
    };

    fn call<'py>(
        _context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Expression>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(this.object.to_owned())
    }
}

struct ResultType;

impl Method<Expression> for ResultType {
    const SIGNATURE: Signature = Signature {
        name: "result_type",
        params: &[],
        doc: "\
The type of what the expression results in: a constant EXP_TYPE_*, or None if only the server can
tell, as of a variable.

    >>> from aerospike_py import EXP_TYPE_BOOL, exp
    >>> exp.key_exists().result_type() == EXP_TYPE_BOOL
    True
",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Expression>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(match this.data.kind.and_then(super::Kind::number) {
            Some(number) => PyInt::new(context.py, number).into_any(),
            None => context.py.None().into_bound(context.py),
        })
    }
}

struct Reduce;

impl Method<Expression> for Reduce {
    const SIGNATURE: Signature =
        Signature { name: "__reduce__", params: &[], doc: "How the expression is pickled." };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, Expression>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = context.py;
        let restore = py.import("aerospike_py._aerospike")?.getattr(Restore::SIGNATURE.name)?;
        let Expression { bytes, text, .. } = this.data;
        let told = PyTuple::new(
            py,
            [PyBytes::new(py, bytes).into_any(), PyString::new(py, text).into_any()],
        )?;
        Ok(PyTuple::new(py, [restore, told.into_any()])?.into_any())
    }
}

fn made<'py>(
    context: &Context<'_, 'py, State>,
    expression: Expression,
) -> PyResult<Bound<'py, PyAny>> {
    context.state.expression.instance(context.py, expression)
}

/// What every function of `aerospike_py.exp` calls.
pub struct Pack;

impl Function<State> for Pack {
    const SIGNATURE: Signature = Signature {
        name: "pack_expression",
        params: &[required("name"), required("given"), required("items")],
        doc: "An expression from what a function of `aerospike_py.exp` says of it.",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let reader = Reader::new(&context.state.types, false);
        let name = args.required(0);
        let name = required_utf8(&name, "name")?;
        let given = args.required(1);
        let given = given.cast::<PyDict>()?.to_owned();
        made(context, pack::pack(name, &given, &args.required(2), reader)?)
    }
}

/// What pickles and `exp.from_bytes()` call.
pub struct Restore;

impl Function<State> for Restore {
    const SIGNATURE: Signature = Signature {
        name: "restore_expression",
        params: &[required("data"), required("text")],
        doc: "An expression from its bytes and from what its repr() is.",
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let data = args.required(0);
        let Ok(data) = data.cast::<PyBytes>() else {
            return Err(PyTypeError::new_err(format!(
                "data must be bytes, not {}",
                type_name(&data)
            )));
        };
        let bytes = data.as_bytes();
        if element_end(bytes) != Some(bytes.len()) || bytes == [0x90] {
            return Err(PyValueError::new_err(format!(
                "the {} bytes are no packed expression",
                bytes.len()
            )));
        }
        let text = args.required(1);
        let text = required_utf8(&text, "text")?.to_owned();
        made(context, Expression::new(bytes.to_vec(), text))
    }
}
