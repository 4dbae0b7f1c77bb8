//! Functions of the user's own for values of types that the server has none for.

use std::sync::Mutex;

use aerospike_core::Value;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyString, PyTuple};

use super::text::utf8;
use super::type_name;
use super::value::bytearray_bytes;
use crate::runtime::lock;

/// A serializer and a deserializer, either of which may be missing.
pub type Functions<'py> = (Option<Bound<'py, PyAny>>, Option<Bound<'py, PyAny>>);

/// A place for a function, which may be replaced while others call it.
#[derive(Default)]
pub struct Slot(Mutex<Option<Py<PyAny>>>);

impl Slot {
    pub fn new(function: Option<Bound<'_, PyAny>>) -> Self {
        Self(Mutex::new(function.map(Bound::unbind)))
    }

    pub fn get<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        lock(&self.0).as_ref().map(|function| function.clone_ref(py).into_bound(py))
    }

    pub fn set(&self, function: Option<Bound<'_, PyAny>>) {
        let before = std::mem::replace(&mut *lock(&self.0), function.map(Bound::unbind));
        // Whatever its end sets off may come back here.
        drop(before);
    }

    pub fn each(&self, f: &mut dyn FnMut(&Py<PyAny>)) {
        if let Ok(slot) = self.0.try_lock() {
            slot.iter().for_each(f);
        }
    }
}

/// What a serializer makes of a value.
pub fn serialized(serializer: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<Value> {
    let made = serializer.call1((value,))?;
    if let Ok(bytes) = made.cast::<PyBytes>() {
        Ok(Value::Blob(bytes.as_bytes().to_vec()))
    } else if let Ok(bytes) = made.cast::<PyByteArray>() {
        Ok(Value::Blob(bytearray_bytes(bytes)))
    } else if let Ok(text) = made.cast::<PyString>() {
        Ok(Value::Blob(utf8(text, "what the serializer returns")?.as_bytes().to_vec()))
    } else {
        Err(PyTypeError::new_err(format!(
            "the serializer must return bytes, bytearray or str, not {}",
            type_name(&made)
        )))
    }
}

/// A function, which something that can't be called is not.
pub fn callable<'py>(function: Bound<'py, PyAny>, what: &str) -> PyResult<Bound<'py, PyAny>> {
    match function.is_callable() {
        true => Ok(function),
        false => Err(PyTypeError::new_err(format!(
            "{what} must be callable, not {}",
            type_name(&function)
        ))),
    }
}

/// The functions of a client's configuration: None if it has none.
pub fn functions_of<'py>(config: &Bound<'py, PyAny>) -> PyResult<Option<Functions<'py>>> {
    let Ok(config) = config.cast::<PyDict>() else { return Ok(None) };
    let Some(pair) = config.get_item("serialization")? else { return Ok(None) };
    let functions = functions_from_py(&pair)?;
    Ok(Some(functions).filter(|(one, other)| one.is_some() || other.is_some()))
}

/// A tuple of two functions, each of which may be None.
pub fn functions_from_py<'py>(pair: &Bound<'py, PyAny>) -> PyResult<Functions<'py>> {
    let what = "config key \"serialization\"";
    let Some(pair) = pair.cast::<PyTuple>().ok().filter(|pair| pair.len() == 2) else {
        return Err(PyTypeError::new_err(format!(
            "{what} must be a tuple of two functions, not {}",
            type_name(pair)
        )));
    };
    let function = |at: usize| {
        let function = pair.get_item(at)?;
        match function.is_none() {
            true => Ok(None),
            false => callable(function, &format!("a function of {what}")).map(Some),
        }
    };
    Ok((function(0)?, function(1)?))
}
