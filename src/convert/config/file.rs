//! Where the dynamic configuration is.

use std::path::PathBuf;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyTuple};

use crate::convert::table::Field;
use crate::convert::text::required_utf8;
use crate::interp::objects::int_value;

/// A file of dynamic configuration.
#[derive(Clone, Debug)]
pub struct FileSource {
    pub path: PathBuf,
    /// How often it is looked at, in milliseconds.
    pub interval: u32,
}

const INTERVAL: u32 = 5000;
/// aerospike-core looks no more often.
const SHORTEST: u32 = 1000;

impl FileSource {
    pub fn new(path: &str) -> Self {
        Self { path: path.into(), interval: INTERVAL }
    }
}

/// A `ConfigProvider`, which is a tuple of a path and an interval.
pub fn file(field: &Field<'_, '_>) -> PyResult<Option<FileSource>> {
    if field.value.is_none() {
        return Ok(None);
    }
    let wrong = || field.wrong_type("a ConfigProvider");
    let Ok(pair) = field.value.cast::<PyTuple>() else { return Err(wrong()) };
    if pair.len() != 2 {
        return Err(wrong());
    }
    let (path, interval) = (pair.get_item(0)?, pair.get_item(1)?);
    let path = required_utf8(&path, "the path of a ConfigProvider")?.to_owned();
    let Ok(interval) = interval.cast::<PyInt>() else { return Err(wrong()) };
    match int_value(interval).and_then(|interval| u32::try_from(interval).ok()) {
        Some(interval @ SHORTEST..) => Ok(Some(FileSource { path: path.into(), interval })),
        _ => Err(PyValueError::new_err(format!(
            "the interval of a ConfigProvider must be from {SHORTEST} to {} milliseconds, \
             not {interval}",
            u32::MAX
        ))),
    }
}
