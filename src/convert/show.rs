//! Values to Python.

use aerospike_core::Value;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString};

use super::types::Types;
use super::value::{MAX_DEPTH, too_deep};

/// The Python object of a value that was read.
pub fn value_to_py<'py>(
    py: Python<'py>,
    value: &Value,
    types: &Types,
) -> PyResult<Bound<'py, PyAny>> {
    Shown { value, types, depth: 0, is_key: false }.into_pyobject(py)
}

/// The Python object of a user key, which no function of the user's own has made.
pub fn user_key_to_py<'py>(
    py: Python<'py>,
    value: &Value,
    types: &Types,
) -> PyResult<Bound<'py, PyAny>> {
    Shown { value, types, depth: 0, is_key: true }.into_pyobject(py)
}

/// A value to show, at its depth within another.
struct Shown<'a> {
    value: &'a Value,
    types: &'a Types,
    depth: usize,
    /// Whether it is the key of something.
    is_key: bool,
}

impl<'a> Shown<'a> {
    fn inner(&self, value: &'a Value) -> Self {
        Self { value, types: self.types, depth: self.depth + 1, is_key: false }
    }

    fn key(&self, value: &'a Value) -> Self {
        Self { is_key: true, ..self.inner(value) }
    }

    fn list<'py>(&self, py: Python<'py>, values: &'a [Value]) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyList::new(py, values.iter().map(|value| self.inner(value)))?.into_any())
    }

    fn fill<'py>(
        &self,
        dict: &Bound<'py, PyDict>,
        pairs: impl Iterator<Item = (&'a Value, &'a Value)>,
    ) -> PyResult<()> {
        for (key, value) in pairs {
            dict.set_item(self.key(key), self.inner(value))?;
        }
        Ok(())
    }
}

impl<'py> IntoPyObject<'py> for Shown<'_> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let nests = matches!(
            self.value,
            Value::List(_)
                | Value::MultiResult(_)
                | Value::HashMap(_)
                | Value::OrderedMap(_)
                | Value::SortedMap(_)
                | Value::KeyValueList(_)
        );
        if nests && self.depth == MAX_DEPTH {
            return Err(too_deep());
        }
        let types = self.types;
        Ok(match self.value {
            Value::Nil => py.None().into_bound(py),
            Value::Bool(bool) => PyBool::new(py, *bool).to_owned().into_any(),
            Value::Int(int) => PyInt::new(py, *int).into_any(),
            Value::Float(float) => PyFloat::new(py, f64::from(float)).into_any(),
            Value::String(text) => PyString::new(py, text).into_any(),
            Value::Blob(bytes) => {
                let bytes = PyBytes::new(py, bytes);
                match types.deserializer.get(py).filter(|_| !self.is_key) {
                    None => bytes.into_any(),
                    Some(deserializer) => deserializer.call1((bytes,))?,
                }
            }
            // Whatever other languages' clients serialized is theirs to interpret.
            Value::Unknown(_, bytes) => PyBytes::new(py, bytes).into_any(),
            Value::List(values) | Value::MultiResult(values) => self.list(py, values)?,
            Value::HashMap(map) => {
                let dict = PyDict::new(py);
                self.fill(&dict, map.iter())?;
                dict.into_any()
            }
            Value::OrderedMap(map) => {
                let dict = PyDict::new(py);
                self.fill(&dict, map.iter())?;
                dict.into_any()
            }
            Value::SortedMap(map) => {
                let dict = types.key_ordered_dict.bind(py).call0()?;
                self.fill(dict.cast()?, map.iter())?;
                dict
            }
            Value::KeyValueList(pairs) => {
                let pairs = pairs.iter().map(|(key, value)| (self.key(key), self.inner(value)));
                PyList::new(py, pairs)?.into_any()
            }
            Value::GeoJson(text) => types.geojson_from_text.bind(py).call1((text,))?,
            Value::Hll(bytes) => types.hyper_log_log.bind(py).call1((PyBytes::new(py, bytes),))?,
            Value::Infinity => types.cdt_infinite.bind(py).call0()?,
            Value::Wildcard => types.cdt_wildcard.bind(py).call0()?,
            other => {
                return Err(pyo3::exceptions::PyNotImplementedError::new_err(format!(
                    "the server returned a kind of value that is not known here: {:?}",
                    std::mem::discriminant(other)
                )));
            }
        })
    }
}
