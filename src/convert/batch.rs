//! The outcome of a batch to Python.

use aerospike_core::BatchRecord;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyList, PyTuple};

use super::key::key_to_py;
use super::record::{bins_to_py, result};
use super::types::Types;
use crate::error::ErrorInfo;
use crate::interp::objects::named_tuple;

/// Why a row failed, if it did.
pub fn error_of(row: &BatchRecord) -> Option<ErrorInfo> {
    match (row.error(), &row.record) {
        (Some(error), _) => Some(ErrorInfo::from(error.clone())),
        (None, Some(_)) => None,
        (None, None) => Some(ErrorInfo::no_response()),
    }
}

/// The result code of a row: the server's, or a negative one of the client.
pub fn code_of(row: &BatchRecord) -> i32 {
    match row.error().and_then(|error| error.server_result_code()) {
        Some(code) => u8::from(code).into(),
        None => error_of(row).map_or(0, |error| error.code),
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

/// The `BatchRecord` of a row. Whether it is in doubt depends on all attempts at it.
pub fn batch_record_to_py<'py>(
    py: Python<'py>,
    row: &BatchRecord,
    in_doubt: bool,
    types: &Types,
) -> PyResult<Bound<'py, PyAny>> {
    let fields = [
        key_to_py(py, &row.key, types)?,
        PyInt::new(py, code_of(row)).into_any(),
        record_of(py, row, types)?,
        PyBool::new(py, in_doubt).to_owned().into_any(),
    ];
    named_tuple(types.batch_record.bind(py), &PyTuple::new(py, fields)?)
}

/// What the retries of a batch came to.
pub struct Retried {
    pub attempts: u32,
    pub max_attempts: u32,
    pub truncated_by_timeout: bool,
    /// Rows that failed with a code that allows a retry.
    pub unresolved: usize,
}

/// The `BatchWriteResult` of rows, each with whether it is in doubt.
pub fn write_result_to_py<'py>(
    py: Python<'py>,
    rows: &[(BatchRecord, bool)],
    retried: &Retried,
    types: &Types,
) -> PyResult<Bound<'py, PyAny>> {
    let records = PyList::empty(py);
    for (row, in_doubt) in rows {
        records.append(batch_record_to_py(py, row, *in_doubt, types)?)?;
    }
    let retry = [
        PyInt::new(py, retried.attempts).into_any(),
        PyInt::new(py, retried.max_attempts).into_any(),
        PyBool::new(py, retried.truncated_by_timeout).to_owned().into_any(),
        PyInt::new(py, retried.unresolved).into_any(),
    ];
    let retry = named_tuple(types.batch_retry_info.bind(py), &PyTuple::new(py, retry)?)?;
    let fields = PyTuple::new(py, [records.into_any(), retry])?;
    named_tuple(types.batch_write_result.bind(py), &fields)
}
