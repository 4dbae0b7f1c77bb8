//! Records to Python.

use aerospike_core::{Key, Record, Value};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyList, PyString, PyType};

use super::key::{kept_key_to_py, key_to_py};
use super::show::value_to_py;
use super::types::Types;
use crate::interp::objects::named_tuple;

/// The time to live of a record that never expires.
const NEVER: u32 = u32::MAX;

/// The `Record` of what was read. The server does not send the key: it is the request's.
pub fn record_to_py<'py>(
    owner: &Bound<'py, PyAny>,
    record: Record,
    key: &Key,
    types: &Types,
) -> PyResult<Bound<'py, PyAny>> {
    let bins = bins_to_py(owner.py(), &record, types)?.into_any();
    result(owner, &types.record, key, &record, bins, types)
}

/// The `Record` of what a query found, whose key the server sends.
pub fn found_to_py<'py>(
    py: Python<'py>,
    mut record: Record,
    types: &Types,
) -> PyResult<Bound<'py, PyAny>> {
    let key = match record.key.take() {
        Some(key) => key_to_py(py, &key, types)?,
        None => py.None().into_bound(py),
    };
    let bins = bins_to_py(py, &record, types)?.into_any();
    result_of_key(py, &types.record, key, &record, bins, types)
}

/// The bins by name. A bin that several operations read has a list of their results.
pub fn bins_to_py<'py>(
    py: Python<'py>,
    record: &Record,
    types: &Types,
) -> PyResult<Bound<'py, PyDict>> {
    types
        .names
        .lend(|names| named_bins_to_py(py, record, types, |at, name| names.get(py, at, name)))
}

/// The same with names made by `name_of`, of a bin's place in the record and its name.
pub fn named_bins_to_py<'py>(
    py: Python<'py>,
    record: &Record,
    types: &Types,
    mut name_of: impl FnMut(usize, &str) -> Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyDict>> {
    let bins = PyDict::new(py);
    for (at, (name, value)) in record.bins.iter().enumerate() {
        match value {
            // The answer to an operation that has no result, or that read a bin in vain.
            Value::Nil => {}
            Value::MultiResult(values) => {
                let mut values: Vec<_> = values.iter().filter(|value| !value.is_nil()).collect();
                match values.len() {
                    0 => {}
                    1 => {
                        bins.set_item(name_of(at, name), value_to_py(py, values.remove(0), types)?)?
                    }
                    _ => {
                        let list = PyList::empty(py);
                        for value in values {
                            list.append(value_to_py(py, value, types)?)?;
                        }
                        bins.set_item(name_of(at, name), list)?;
                    }
                }
            }
            value => bins.set_item(name_of(at, name), value_to_py(py, value, types)?)?,
        }
    }
    Ok(bins)
}

/// The `ExistsResult` of a record's header, or of its absence.
pub fn exists_to_py<'py>(
    owner: &Bound<'py, PyAny>,
    header: Option<Record>,
    key: &Key,
    types: &Types,
) -> PyResult<Bound<'py, PyAny>> {
    let py = owner.py();
    let meta = match header {
        Some(record) => meta_to_py(py, &record, types)?,
        None => py.None().into_bound(py),
    };
    let fields = [kept_key_to_py(owner, key, types)?, meta];
    named_tuple(types.exists_result.bind(py), fields)
}

/// A named tuple of key, metadata and `content`. The key's tuple is kept with `owner`, as
/// [`kept_key_to_py`] has it.
pub fn result<'py>(
    owner: &Bound<'py, PyAny>,
    class: &Py<PyType>,
    key: &Key,
    record: &Record,
    content: Bound<'py, PyAny>,
    types: &Types,
) -> PyResult<Bound<'py, PyAny>> {
    let key = kept_key_to_py(owner, key, types)?;
    result_of_key(owner.py(), class, key, record, content, types)
}

/// The same with a key that is made already.
pub fn result_of_key<'py>(
    py: Python<'py>,
    class: &Py<PyType>,
    key: Bound<'py, PyAny>,
    record: &Record,
    content: Bound<'py, PyAny>,
    types: &Types,
) -> PyResult<Bound<'py, PyAny>> {
    let fields = [key, meta_to_py(py, record, types)?, content];
    named_tuple(class.bind(py), fields)
}

/// Seconds until a record expires.
pub fn ttl_of(record: &Record) -> u32 {
    record.time_to_live().map_or(NEVER, |left| left.as_secs() as u32)
}

fn meta_to_py<'py>(py: Python<'py>, record: &Record, types: &Types) -> PyResult<Bound<'py, PyAny>> {
    let ttl = ttl_of(record);
    let fields = [record.generation, ttl].map(|number| PyInt::new(py, number).into_any());
    named_tuple(types.record_metadata.bind(py), fields)
}
