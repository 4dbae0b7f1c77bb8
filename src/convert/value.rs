//! Values from Python.
//!
//! A container is converted from a copy of it made at once, so that what is sent is what it
//! held at one moment, even if another thread changes it meanwhile.

use std::collections::BTreeMap;

use aerospike_core::{IndexMap, Value};
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::critical_section::with_critical_section;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyInt, PyList, PyMemoryView, PyString, PyTuple,
};

use super::functions::serialized;
use super::text::utf8;
use super::type_name;
use super::types::Types;
use crate::interp::objects::{dict_items, index, int_value, is_a, unsigned_value, view_bytes};

/// The deepest nesting of lists and maps, when written and when read.
pub const MAX_DEPTH: usize = 64;

/// A value to store.
pub fn value_from_py(value: &Bound<'_, PyAny>, reader: Reader<'_>) -> PyResult<Value> {
    Reading { reader, compares: false }.read(value, 0)
}

/// A value to compare others with, which may be or hold the markers that stand for any value.
pub fn operand_from_py(value: &Bound<'_, PyAny>, reader: Reader<'_>) -> PyResult<Value> {
    Reading { reader, compares: true }.read(value, 0)
}

/// The key of an item to put in a map.
pub fn map_key_from_py(key: &Bound<'_, PyAny>, reader: Reader<'_>) -> PyResult<Value> {
    Reading { reader, compares: false }.map_key(key)
}

/// An int that fits the server's 64 bits.
pub fn int_from_py(value: &Bound<'_, PyInt>) -> PyResult<i64> {
    int_value(value).ok_or_else(|| {
        PyOverflowError::new_err(format!(
            "int is out of range: the server's integers are from {} to {}",
            i64::MIN,
            i64::MAX
        ))
    })
}

/// The bytes of a bytearray.
pub fn bytearray_bytes(value: &Bound<'_, PyByteArray>) -> Vec<u8> {
    with_critical_section(value, || value.to_vec())
}

/// The error of a container nested too deep, whether it goes out or comes in.
pub fn too_deep() -> PyErr {
    PyValueError::new_err(format!(
        "lists and maps are nested more than {MAX_DEPTH} levels deep, or contain themselves"
    ))
}

/// How values are read.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub types: &'a Types,
    /// Takes an int from 2**63 to 2**64-1 for the negative one with the same 64 bits.
    pub wrap_integers: bool,
    /// Has the user's function, if there is one, serialize what the server has no type for.
    pub serializes: bool,
}

impl<'a> Reader<'a> {
    /// One that serializes.
    pub fn new(types: &'a Types, wrap_integers: bool) -> Self {
        Self { types, wrap_integers, serializes: true }
    }
}

/// How one value is read.
#[derive(Clone, Copy)]
struct Reading<'a> {
    reader: Reader<'a>,
    /// Takes `CDTInfinite()` and `CDTWildcard()`.
    compares: bool,
}

impl Reading<'_> {
    fn read(&self, value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
        if let Ok(text) = value.cast_exact::<PyString>() {
            Ok(Value::String(utf8(text, "str value")?.to_owned()))
        } else if let Ok(int) = value.cast_exact::<PyInt>() {
            self.int(int)
        } else if let Ok(float) = value.cast_exact::<PyFloat>() {
            Ok(Value::from(float.value()))
        } else if let Ok(bytes) = value.cast_exact::<PyBytes>() {
            Ok(Value::Blob(bytes.as_bytes().to_vec()))
        } else if let Ok(list) = value.cast_exact::<PyList>() {
            self.list(list, depth)
        } else if let Ok(dict) = value.cast_exact::<PyDict>() {
            self.map(dict, depth)
        } else if let Ok(bool) = value.cast_exact::<PyBool>() {
            Ok(Value::Bool(bool.is_true()))
        } else if value.is_none() {
            Ok(Value::Nil)
        } else {
            self.read_rare(value, depth)
        }
    }

    /// Subclasses, the package's own classes, and what Python programs seldom store.
    fn read_rare(&self, value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
        let py = value.py();
        let types = self.reader.types;
        if let Ok(tuple) = value.cast::<PyTuple>() {
            self.items(tuple, depth)
        } else if is_a(value, types.key_ordered_dict.bind(py)) {
            Ok(Value::SortedMap(BTreeMap::from_iter(self.pairs(value.cast()?, depth)?)))
        } else if is_a(value, types.geojson.bind(py)) {
            let text = value.call_method0(&types.dumps)?;
            Ok(Value::GeoJson(utf8(text.cast()?, "GeoJSON text")?.to_owned()))
        } else if is_a(value, types.hyper_log_log.bind(py)) {
            Ok(Value::Hll(value.cast::<PyBytes>()?.as_bytes().to_vec()))
        } else if let Ok(bytes) = value.cast::<PyByteArray>() {
            Ok(Value::Blob(bytearray_bytes(bytes)))
        } else if let Ok(view) = value.cast::<PyMemoryView>() {
            Ok(Value::Blob(view_bytes(view)?.as_bytes().to_vec()))
        } else if let Ok(text) = value.cast::<PyString>() {
            Ok(Value::String(utf8(text, "str value")?.to_owned()))
        } else if let Ok(int) = value.cast::<PyInt>() {
            self.int(int)
        } else if let Ok(float) = value.cast::<PyFloat>() {
            Ok(Value::from(float.value()))
        } else if let Ok(bytes) = value.cast::<PyBytes>() {
            Ok(Value::Blob(bytes.as_bytes().to_vec()))
        } else if let Ok(list) = value.cast::<PyList>() {
            self.list(list, depth)
        } else if let Ok(dict) = value.cast::<PyDict>() {
            self.map(dict, depth)
        } else if let Some(int) = index(value) {
            self.int(&int?)
        } else if let Some(marker) = self.marker(value) {
            // The server's nil is the only one that there is in records.
            match self.compares || matches!(marker, Value::Nil) {
                true => Ok(marker),
                false => Err(self.refusal(value)),
            }
        } else if self.reader.serializes
            && let Some(serializer) = types.serializer.get(py)
        {
            serialized(&serializer, value)
        } else {
            Err(self.refusal(value))
        }
    }

    fn marker(&self, value: &Bound<'_, PyAny>) -> Option<Value> {
        let (py, types) = (value.py(), self.reader.types);
        if is_a(value, types.cdt_infinite.bind(py)) {
            Some(Value::Infinity)
        } else if is_a(value, types.cdt_wildcard.bind(py)) {
            Some(Value::Wildcard)
        } else if is_a(value, types.null.bind(py)) {
            Some(Value::Nil)
        } else {
            None
        }
    }

    fn refusal(&self, value: &Bound<'_, PyAny>) -> PyErr {
        let name = type_name(value);
        PyTypeError::new_err(if self.marker(value).is_some() {
            format!(
                "{name}() can't be stored: it only stands for a value in the comparisons of list \
                 and map operations"
            )
        } else {
            format!(
                "{name} can't be stored: a value must be None, bool, int, float, str, bytes, \
                 bytearray, memoryview, list, tuple, dict, KeyOrderedDict, GeoJSON or HyperLogLog"
            )
        })
    }

    fn int(&self, int: &Bound<'_, PyInt>) -> PyResult<Value> {
        if self.reader.wrap_integers
            && let Some(bits) = unsigned_value(int)
        {
            // What it is for: the bits stay, the sign changes.
            return Ok(Value::Int(bits.cast_signed()));
        }
        Ok(Value::Int(int_from_py(int)?))
    }

    fn list(&self, list: &Bound<'_, PyList>, depth: usize) -> PyResult<Value> {
        self.items(&list.to_tuple(), depth)
    }

    fn items(&self, items: &Bound<'_, PyTuple>, depth: usize) -> PyResult<Value> {
        if depth == MAX_DEPTH {
            return Err(too_deep());
        }
        let mut values = Vec::with_capacity(items.len());
        for item in items.as_slice() {
            values.push(self.read(item, depth + 1)?);
        }
        Ok(Value::List(values))
    }

    /// The server keeps even a map that is not key-ordered in the order of its keys, and
    /// finds one that it is given to compare with only if it comes in that order.
    fn map(&self, dict: &Bound<'_, PyDict>, depth: usize) -> PyResult<Value> {
        let mut pairs = self.pairs(dict, depth)?;
        pairs.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        Ok(Value::OrderedMap(IndexMap::from_iter(pairs)))
    }

    fn pairs(&self, dict: &Bound<'_, PyDict>, depth: usize) -> PyResult<Vec<(Value, Value)>> {
        if depth == MAX_DEPTH {
            return Err(too_deep());
        }
        let mut pairs = Vec::with_capacity(dict.len());
        for (key, value) in dict_items(dict) {
            pairs.push((self.map_key(&key)?, self.read(&value, depth + 1)?));
        }
        Ok(pairs)
    }

    fn map_key(&self, key: &Bound<'_, PyAny>) -> PyResult<Value> {
        if let Ok(text) = key.cast::<PyString>() {
            return Ok(Value::String(utf8(text, "map key")?.to_owned()));
        }
        if let Ok(bytes) = key.cast::<PyBytes>() {
            return Ok(Value::Blob(bytes.as_bytes().to_vec()));
        }
        if !key.is_instance_of::<PyBool>() {
            if let Ok(int) = key.cast::<PyInt>() {
                return self.int(int);
            }
            if let Some(int) = index(key) {
                return self.int(&int?);
            }
        }
        Err(PyTypeError::new_err(format!(
            "{} can't be a map key: a key must be str, int or bytes",
            type_name(key)
        )))
    }
}
