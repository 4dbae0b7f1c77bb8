//! The racks that a client prefers to read from.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyList, PyTuple};

use crate::convert::table::Field;
use crate::interp::objects::int_value;

/// What the configuration says of racks.
#[derive(Default)]
pub struct Racks {
    pub aware: Option<bool>,
    pub id: Option<usize>,
    pub ids: Option<Vec<usize>>,
}

impl Racks {
    /// The racks in order of preference, or None if the client has none.
    pub fn preferred(self) -> PyResult<Option<Vec<usize>>> {
        let needless = |key: &str| {
            PyValueError::new_err(format!(
                "config key {key:?} has no effect without \"rack_aware\": True"
            ))
        };
        let Self { aware, id, ids } = self;
        match (aware, id, ids.filter(|ids| !ids.is_empty())) {
            (_, Some(id), Some(ids)) if ids[0] != id => Err(PyValueError::new_err(
                "config has both \"rack_id\" and \"rack_ids\": give one of the two",
            )),
            (Some(false), _, Some(_)) => Err(needless("rack_ids")),
            (_, _, Some(ids)) => Ok(Some(ids)),
            (Some(true), id, None) => Ok(Some(vec![id.unwrap_or(0)])),
            (_, None | Some(0), None) => Ok(None),
            (_, Some(_), None) => Err(needless("rack_id")),
        }
    }
}

/// A list of rack numbers.
pub fn rack_ids(field: &Field<'_, '_>) -> PyResult<Vec<usize>> {
    const WANTED: &str = "a list or tuple of rack numbers";
    let ids = if let Ok(list) = field.value.cast::<PyList>() {
        list.to_tuple()
    } else if let Ok(tuple) = field.value.cast::<PyTuple>() {
        tuple.clone()
    } else {
        return Err(field.wrong_type(WANTED));
    };
    let number = |id: &Bound<'_, PyAny>| {
        let number = id.cast_exact::<PyInt>().ok().and_then(int_value);
        number.and_then(|id| usize::try_from(id).ok()).ok_or_else(|| field.wrong_value(WANTED))
    };
    ids.as_slice().iter().map(number).collect()
}
