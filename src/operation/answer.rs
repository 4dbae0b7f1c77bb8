//! What the server answers to operations.

use aerospike_core::{Key, Record, Value};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};

use super::Operations;
use crate::convert::record::{bins_to_py, result};
use crate::convert::show::value_to_py;
use crate::convert::types::Types;
use crate::interp::objects::named_tuple;

/// What is answered to an operation when an answer to each is asked for.
#[derive(Clone)]
pub struct Answer {
    pub bin: String,
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    /// The value of a bin, or nil if the bin does not exist.
    Value,
    /// Nil, which means that it was done.
    Nil,
    /// Nothing.
    None,
    /// Every bin of the record by its name, while the other operations' nils are left out.
    Bins,
}

/// The `OperateOrderedResult` of operations to which the server was asked to answer each.
pub fn ordered_to_py<'py>(
    owner: &Bound<'py, PyAny>,
    record: Record,
    operations: &Operations,
    key: &Key,
    types: &Types,
) -> PyResult<Bound<'py, PyAny>> {
    let py = owner.py();
    let answers = &operations.answers;
    let reads_all = answers.iter().any(|answer| answer.kind == Kind::Bins);
    let expected = answers.iter().filter(|answer| answer.kind != Kind::None).count();
    let results = record.results.as_deref().unwrap_or_default();
    if !reads_all && results.len() != expected {
        return Err(PyRuntimeError::new_err(format!(
            "the server answered to {} operations where {expected} answers were expected",
            results.len()
        )));
    }
    let mut results = results.iter();
    let entries = PyList::empty(py);
    for Answer { bin, kind } in answers {
        let value = match kind {
            Kind::Bins => bins_to_py(py, &record, types)?.into_any(),
            Kind::None => py.None().into_bound(py),
            Kind::Nil if reads_all => py.None().into_bound(py),
            Kind::Nil | Kind::Value => {
                value_to_py(py, results.next().unwrap_or(&Value::Nil), types)?
            }
        };
        let fields = [PyString::new(py, bin).into_any(), value];
        entries.append(named_tuple(types.bin_tuple.bind(py), fields)?)?;
    }
    let class = &types.operate_ordered_result;
    result(owner, class, key, &record, entries.into_any(), types)
}
