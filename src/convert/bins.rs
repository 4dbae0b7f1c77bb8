//! Bins from Python: names, and names with values.

use std::fmt::Display;

use aerospike_core::Bin;
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::argument::items_from_py;
use super::text::required_utf8;
use super::type_name;
use super::value::{Reader, value_from_py};
use crate::interp::objects::dict_items;

/// The longest name that the server takes, in bytes of UTF-8.
const NAME_BYTES: usize = 15;

/// A name of a bin.
pub fn bin_name_from_py(name: &Bound<'_, PyAny>) -> PyResult<String> {
    let name = required_utf8(name, "a bin name")?;
    match name.len() {
        0 => Err(PyValueError::new_err("a bin name is empty")),
        1..=NAME_BYTES => Ok(name.to_owned()),
        length => Err(PyValueError::new_err(format!(
            "bin name {name:?} has {length} bytes; {NAME_BYTES} are permitted"
        ))),
    }
}

/// Names of bins, at least one.
pub fn bin_names_from_py(names: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    let names = items_from_py(names, "bin names", "a list or tuple of str")?;
    if names.is_empty() {
        return Err(PyValueError::new_err("bin names must be given: the list is empty"));
    }
    names.as_slice().iter().map(bin_name_from_py).collect()
}

/// Bins from a dict, at least one.
pub fn bins_from_py(bins: &Bound<'_, PyAny>, reader: Reader<'_>) -> PyResult<Vec<Bin>> {
    let Ok(bins) = bins.cast::<PyDict>() else {
        return Err(PyTypeError::new_err(format!(
            "bins must be a dict of bin names to values, not {}",
            type_name(bins)
        )));
    };
    let items = dict_items(bins);
    if items.is_empty() {
        return Err(PyValueError::new_err("bins must be given: the dict is empty"));
    }
    let mut bins = Vec::with_capacity(items.len());
    for (name, value) in items {
        let name = bin_name_from_py(&name)?;
        match value_from_py(&value, reader) {
            Ok(value) => bins.push(Bin::new(name, value)),
            Err(error) => return Err(within(value.py(), error, format_args!("bin {name:?}"))),
        }
    }
    Ok(bins)
}

/// Says in an error about an argument which part of it is meant.
pub fn within(py: Python<'_>, error: PyErr, part: impl Display) -> PyErr {
    let class = error.get_type(py);
    let message = format!("{part}: {}", error.value(py));
    let named = if class.is(py.get_type::<PyTypeError>()) {
        PyTypeError::new_err(message)
    } else if class.is(py.get_type::<PyValueError>()) {
        PyValueError::new_err(message)
    } else if class.is(py.get_type::<PyOverflowError>()) {
        PyOverflowError::new_err(message)
    } else {
        return error;
    };
    named.set_cause(py, error.cause(py));
    named
}
