//! Contexts within expressions: the way to a list or map within others.

use aerospike_core::operations::cdt_context::to_bytes;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::msgpack::{integer, text_start, write_array, write_int};
use crate::convert::value::Reader;
use crate::operation::steps_from_py;

/// Packs the steps of a context.
pub fn write(out: &mut Vec<u8>, context: &Bound<'_, PyAny>, reader: Reader<'_>) -> PyResult<()> {
    let steps = steps_from_py(context, reader)?;
    write_array(out, 2 * steps.len());
    for (step, creating) in steps {
        let packed =
            to_bytes(&[step]).map_err(|error| PyValueError::new_err(error.base_message()))?;
        let Some((code, value)) = split(&packed) else {
            return Err(PyValueError::new_err("a step of the context can't be packed"));
        };
        write_int(out, code as i64 | creating);
        out.extend_from_slice(value);
    }
    Ok(())
}

/// The code of a step that is packed alone, and what comes after it. Within an expression
/// another one comes as it is, not as bytes.
fn split(packed: &[u8]) -> Option<(u64, &[u8])> {
    let (code, length) = integer(packed.get(1..)?)?;
    let value = packed.get(1 + length..)?;
    match value.first()? {
        0xc4..=0xc6 => Some((code, value.get(text_start(value)?..)?)),
        _ => Some((code, value)),
    }
}
