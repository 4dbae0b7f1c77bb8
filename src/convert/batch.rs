//! The outcome of a batch to Python.

use aerospike_core::BatchRecord;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyTuple};

use super::key::key_to_py;
use super::record::{bins_to_py, result};
use super::types::Types;
use crate::error::ErrorInfo;
use crate::interp::objects::named_tuple;

/// The result code of a row: the server's, or a negative one of the client.
pub fn code_of(row: &BatchRecord) -> i32 {
    match (row.error(), &row.record) {
        (Some(error), _) => ErrorInfo::from(error.clone()).code,
        (None, Some(_)) => 0,
        (None, None) => ErrorInfo::no_response().code,
    }
}

/// The bins that were read of a row, none if it has no record.
pub fn bins_of<'py>(
    py: Python<'py>,
    row: &BatchRecord,
    types: &Types,
) -> PyResult<Bound<'py, PyDict>> {
    match &row.record {
        Some(record) => bins_to_py(py, record, types),
        None => Ok(PyDict::new(py)),
    }
}

/// The `Record` of a row, or None.
pub fn record_of<'py>(
    py: Python<'py>,
    row: &BatchRecord,
    types: &Types,
) -> PyResult<Bound<'py, PyAny>> {
    match &row.record {
        Some(record) => {
            let bins = bins_to_py(py, record, types)?.into_any();
            result(py, &types.record, &row.key, record, bins, types)
        }
        None => Ok(py.None().into_bound(py)),
    }
}

/// The `BatchRecord` of a row.
pub fn batch_record_to_py<'py>(
    py: Python<'py>,
    row: &BatchRecord,
    types: &Types,
) -> PyResult<Bound<'py, PyAny>> {
    let fields = [
        key_to_py(py, &row.key, types)?,
        PyInt::new(py, code_of(row)).into_any(),
        record_of(py, row, types)?,
        PyBool::new(py, row.in_doubt()).to_owned().into_any(),
    ];
    named_tuple(types.batch_record.bind(py), &PyTuple::new(py, fields)?)
}
