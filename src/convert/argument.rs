//! Arguments of the plainest kinds, and what is said of others. `what` names the argument.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyList, PyTuple};

use super::type_name;

/// The error of an argument of a wrong type.
pub fn wrong_type(value: &Bound<'_, PyAny>, what: &str, wanted: &str) -> PyErr {
    PyTypeError::new_err(format!("{what} must be {wanted}, not {}", type_name(value)))
}

/// An int, which a bool is not.
pub fn int_from_py<'a, 'py>(
    value: &'a Bound<'py, PyAny>,
    what: &str,
) -> PyResult<&'a Bound<'py, PyInt>> {
    match value.cast::<PyInt>() {
        Ok(int) if !value.is_instance_of::<PyBool>() => Ok(int),
        _ => Err(wrong_type(value, what, "int")),
    }
}

pub fn bool_from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<bool> {
    match value.cast::<PyBool>() {
        Ok(flag) => Ok(flag.is_true()),
        Err(_) => Err(wrong_type(value, what, "bool")),
    }
}

/// The items of a list, as they are at one moment, or of a tuple. `wanted` tells of what.
pub fn items_from_py<'py>(
    items: &Bound<'py, PyAny>,
    what: &str,
    wanted: &str,
) -> PyResult<Bound<'py, PyTuple>> {
    if let Ok(list) = items.cast::<PyList>() {
        Ok(list.to_tuple())
    } else if let Ok(tuple) = items.cast::<PyTuple>() {
        Ok(tuple.clone())
    } else {
        Err(wrong_type(items, what, wanted))
    }
}

/// The meaning of one of several constants, or what they are called.
pub fn choose<T: Clone>(int: Option<i64>, choices: &[(i64, &str, T)]) -> Result<T, String> {
    match choices.iter().find(|(value, ..)| Some(*value) == int) {
        Some((_, _, meaning)) => Ok(meaning.clone()),
        None => {
            let named: Vec<_> =
                choices.iter().map(|(value, name, _)| format!("{name} ({value})")).collect();
            Err(format!("one of {}", named.join(", ")))
        }
    }
}
