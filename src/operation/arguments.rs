//! The dict of one operation.

use aerospike_core::Value;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::convert::bins::bin_name_from_py;
use crate::convert::text::utf8;
use crate::convert::type_name;
use crate::convert::value::{Reader, value_from_py};
use crate::interp::objects::dict_items;

pub struct Arguments<'a, 'py> {
    items: Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    reader: Reader<'a>,
}

impl<'a, 'py> Arguments<'a, 'py> {
    pub fn of(dict: &Bound<'py, PyAny>, reader: Reader<'a>) -> PyResult<Self> {
        match dict.cast::<PyDict>() {
            Ok(dict) => Ok(Self { items: dict_items(dict), reader }),
            Err(_) => Err(PyTypeError::new_err(format!(
                "an operation must be a dict, not {}",
                type_name(dict)
            ))),
        }
    }

    pub fn get(&self, name: &str) -> PyResult<Option<&Bound<'py, PyAny>>> {
        for (key, value) in &self.items {
            if key_text(key)? == name {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// Refuses keys that the operation does not have, except a bin or value of None.
    pub fn check_keys(&self, operation: &str, permitted: &[&str]) -> PyResult<()> {
        for (key, value) in &self.items {
            let key = key_text(key)?;
            let unused = value.is_none() && matches!(key, "bin" | "val");
            if key != "op" && !permitted.contains(&key) && !unused {
                let permitted = match permitted {
                    [] => "none but \"op\"".to_owned(),
                    keys => format!("op, {}", keys.join(", ")),
                };
                return Err(PyValueError::new_err(format!(
                    "{operation} has no key {key:?}. Permitted are: {permitted}"
                )));
            }
        }
        Ok(())
    }

    /// The name of the bin, or None for all bins.
    pub fn optional_bin(&self) -> PyResult<Option<String>> {
        match self.get("bin")? {
            Some(bin) if !bin.is_none() => bin_name_from_py(bin).map(Some),
            _ => Ok(None),
        }
    }

    pub fn bin(&self) -> PyResult<String> {
        match self.optional_bin()? {
            Some(bin) => Ok(bin),
            None => Err(PyValueError::new_err("key \"bin\" must be given: the name of a bin")),
        }
    }

    /// The value, which may be None but must be given.
    pub fn value(&self) -> PyResult<Value> {
        match self.get("val")? {
            Some(value) => value_from_py(value, self.reader),
            None => Err(PyValueError::new_err("key \"val\" must be given")),
        }
    }

    /// A value of certain types only.
    pub fn value_of(&self, accepts: fn(&Value) -> bool, accepted: &str) -> PyResult<Value> {
        match self.value()? {
            value if accepts(&value) => Ok(value),
            _ => Err(PyTypeError::new_err(format!(
                "key \"val\" must be {accepted}, not {}",
                self.get("val")?.map(type_name).unwrap_or_default()
            ))),
        }
    }
}

fn key_text<'a>(key: &'a Bound<'_, PyAny>) -> PyResult<&'a str> {
    match key.cast::<PyString>() {
        Ok(text) => utf8(text, "a key"),
        Err(_) => Err(PyTypeError::new_err(format!("keys must be str, not {}", type_name(key)))),
    }
}
