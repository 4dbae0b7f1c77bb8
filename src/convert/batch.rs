//! The outcome of a batch to Python.

use aerospike_core::{BatchRecord, Record, ResultCode};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyList};

use super::key::named_key_to_py;
use super::names::Names;
use super::record::{named_bins_to_py, result_of_key};
use super::types::Types;
use crate::error::{ErrorInfo, code};
use crate::interp::objects::named_tuple;

/// Why a row failed, if it did.
pub fn error_of(row: &BatchRecord) -> Option<ErrorInfo> {
    match (row.error(), &row.record) {
        (Some(error), _) => Some(ErrorInfo::from(error.clone())),
        (None, Some(_)) => None,
        (None, None) => Some(ErrorInfo::no_response()),
    }
}

/// Whether a write failed that may have been applied all the same.
pub fn is_in_doubt(row: &BatchRecord) -> bool {
    // The core takes even the answer that a function failed for none, if there is but one row.
    row.in_doubt() && row.result_code() != Some(ResultCode::UdfBadResponse)
}

/// The result code of a row: the server's, or a negative one of the client.
pub fn code_of(row: &BatchRecord) -> i32 {
    match row.error().and_then(|error| error.server_result_code()) {
        Some(code) => u8::from(code).into(),
        None => error_of(row).map_or(0, |error| error.code),
    }
}

/// The result code of a batch. That a record is not there, or filtered out, fails no batch.
pub fn result_of<'a>(rows: impl IntoIterator<Item = &'a BatchRecord>) -> i32 {
    let (missing, unwanted) = (ResultCode::KeyNotFoundError, ResultCode::FilteredOut);
    let harmless = [0, u8::from(missing).into(), u8::from(unwanted).into()];
    match rows.into_iter().all(|row| harmless.contains(&code_of(row))) {
        true => 0,
        false => code::BATCH_FAILED,
    }
}

/// Makes the Python objects of rows. Names that rows have in common are made once.
pub struct Maker<'a, 'py> {
    py: Python<'py>,
    types: &'a Types,
    bins: Names,
    places: Names,
}

impl<'a, 'py> Maker<'a, 'py> {
    pub fn new(py: Python<'py>, types: &'a Types) -> Self {
        Self { py, types, bins: Names::default(), places: Names::default() }
    }

    pub fn py(&self) -> Python<'py> {
        self.py
    }

    /// The key of a row.
    pub fn key(&mut self, row: &BatchRecord) -> PyResult<Bound<'py, PyAny>> {
        let (py, places) = (self.py, &mut self.places);
        named_key_to_py(py, &row.key, self.types, |at, name| places.get(py, at, name))
    }

    /// The bins that were read of a row with a record.
    pub fn bins(&mut self, record: &Record) -> PyResult<Bound<'py, PyDict>> {
        let (py, bins) = (self.py, &mut self.bins);
        named_bins_to_py(py, record, self.types, |at, name| bins.get(py, at, name))
    }

    /// The `Record` of a row, or None.
    pub fn record(&mut self, row: &BatchRecord) -> PyResult<Bound<'py, PyAny>> {
        let key = self.key(row)?;
        self.record_of(row, key)
    }

    fn record_of(
        &mut self,
        row: &BatchRecord,
        key: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let Some(record) = &row.record else { return Ok(self.py.None().into_bound(self.py)) };
        let bins = self.bins(record)?.into_any();
        result_of_key(self.py, &self.types.record, key, record, bins, self.types)
    }

    /// The `BatchRecord` of a row. Whether it is in doubt depends on all attempts at it.
    pub fn batch_record(
        &mut self,
        row: &BatchRecord,
        in_doubt: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let key = self.key(row)?;
        let fields = [
            key.clone(),
            PyInt::new(self.py, code_of(row)).into_any(),
            self.record_of(row, key)?,
            PyBool::new(self.py, in_doubt).to_owned().into_any(),
        ];
        named_tuple(self.types.batch_record.bind(self.py), fields)
    }
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
    let (records, mut maker) = (PyList::empty(py), Maker::new(py, types));
    for (row, in_doubt) in rows {
        records.append(maker.batch_record(row, *in_doubt)?)?;
    }
    let retry = [
        PyInt::new(py, retried.attempts).into_any(),
        PyInt::new(py, retried.max_attempts).into_any(),
        PyBool::new(py, retried.truncated_by_timeout).to_owned().into_any(),
        PyInt::new(py, retried.unresolved).into_any(),
    ];
    let retry = named_tuple(types.batch_retry_info.bind(py), retry)?;
    let fields = [records.into_any(), retry];
    named_tuple(types.batch_write_result.bind(py), fields)
}
