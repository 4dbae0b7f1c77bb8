//! Text from Python.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::type_name;

/// The UTF-8 of a str. Python's strings may hold lone surrogates, which UTF-8 cannot;
/// `what` says in the error what the string was to be.
pub fn utf8<'a>(text: &'a Bound<'_, PyString>, what: &str) -> PyResult<&'a str> {
    text.to_str().map_err(|error| {
        let start = error.value(text.py()).getattr("start").and_then(|at| at.extract::<usize>());
        let at = start.map(|at| format!(" at index {at}")).unwrap_or_default();
        PyValueError::new_err(format!(
            "{what} has a lone surrogate{at} and can't be encoded as UTF-8"
        ))
    })
}

/// The UTF-8 of an argument that must be a str.
pub fn required_utf8<'a>(value: &'a Bound<'_, PyAny>, what: &str) -> PyResult<&'a str> {
    match value.cast::<PyString>() {
        Ok(text) => utf8(text, what),
        Err(_) => {
            Err(PyTypeError::new_err(format!("{what} must be str, not {}", type_name(value))))
        }
    }
}
