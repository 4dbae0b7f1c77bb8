//! Which partitions a query or scan reads, and how far it has come in each.

use std::sync::Arc;

use aerospike_core::query::{PartitionFilter, PartitionStatus};
use parking_lot::Mutex;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyByteArray, PyDict, PyInt, PyString, PyTuple};

use super::bins::within;
use super::key::digest_from_py;
use super::table::{Row, apply};
use super::type_name;
use crate::interp::objects::{dict_items, int_value, unsigned_value};

const PARTITIONS: usize = 4096;
const WHAT: &str = "partition_filter";

/// What the keys of a filter say.
struct Draft {
    begin: usize,
    count: Option<usize>,
    digest: Option<[u8; 20]>,
    positions: Option<Positions>,
}

/// How far a reader came.
#[derive(Default)]
struct Positions {
    done: bool,
    each: Vec<(usize, Option<[u8; 20]>, Option<u64>)>,
}

const ROWS: &[Row<Draft>] = &[
    ("begin", |draft, field| {
        draft.begin = field.int_in(0..=PARTITIONS as i64 - 1)? as usize;
        Ok(())
    }),
    ("count", |draft, field| {
        draft.count = Some(field.int_in(1..=PARTITIONS as i64)? as usize);
        Ok(())
    }),
    ("digest", |draft, field| {
        draft.digest = digest(field.value)?;
        Ok(())
    }),
    ("partition_status", |draft, field| {
        draft.positions = match field.value.cast::<PyDict>() {
            Ok(dict) if dict.is_empty() => None,
            Ok(dict) => Some(positions(dict)?),
            Err(_) => return Err(field.wrong_type("a dict")),
        };
        Ok(())
    }),
];

/// The filter of a dict with `begin`, `count`, and optionally `digest` or `partition_status`.
pub fn partition_filter_from_py(value: &Bound<'_, PyAny>) -> PyResult<PartitionFilter> {
    let mut draft = Draft { begin: 0, count: None, digest: None, positions: None };
    apply(value, WHAT, &[ROWS], &mut draft)?;
    let Draft { begin, count, digest, positions } = draft;
    let count = count.unwrap_or(PARTITIONS - begin);
    if begin + count > PARTITIONS {
        return Err(PyValueError::new_err(format!(
            "{WHAT} must end at partition {PARTITIONS} at the latest, not begin at {begin} and \
             count {count}"
        )));
    }
    let mut filter = PartitionFilter::by_range(begin, count);
    filter.digest = digest;
    if let Some(Positions { done, each }) = positions {
        let mut statuses: Vec<_> = (begin..begin + count).map(PartitionStatus::new).collect();
        for status in &mut statuses {
            status.retry = !done;
        }
        for (id, digest, bval) in each {
            let Some(status) = id.checked_sub(begin).and_then(|at| statuses.get_mut(at)) else {
                return Err(PyValueError::new_err(format!(
                    "{WHAT} key \"partition_status\" tells of partition {id}, which is not among \
                     the {count} from {begin} on"
                )));
            };
            (status.digest, status.bval) = (digest, bval);
        }
        filter.partitions = Some(Arc::new(statuses.into_iter().map(Mutex::new).collect()));
    }
    Ok(filter)
}

/// A digest to begin after, as bytes or as a dict with `init` and `value`.
fn digest(value: &Bound<'_, PyAny>) -> PyResult<Option<[u8; 20]>> {
    let Ok(dict) = value.cast::<PyDict>() else {
        return match value.is_none() {
            true => Ok(None),
            false => digest_from_py(value).map(Some),
        };
    };
    let init = dict.get_item("init")?.is_some_and(|init| init.is_truthy().unwrap_or(false));
    match (init, dict.get_item("value")?) {
        (true, Some(value)) => digest_from_py(&value).map(Some),
        (true, None) => Err(PyValueError::new_err(format!(
            "{WHAT} key \"digest\" must have a \"value\" if \"init\" is true"
        ))),
        (false, _) => Ok(None),
    }
}

fn positions(dict: &Bound<'_, PyDict>) -> PyResult<Positions> {
    let mut positions = Positions::default();
    for (key, value) in dict_items(dict) {
        if let Ok(name) = key.cast::<PyString>() {
            match (name.to_str()?, value.cast::<PyBool>()) {
                ("done", Ok(done)) => positions.done = done.is_true(),
                // Nothing is lost by asking again for what follows a position.
                ("retry", Ok(_)) => {}
                (name @ ("done" | "retry"), Err(_)) => {
                    return Err(PyTypeError::new_err(format!(
                        "partition_status key {name:?} must be bool, not {}",
                        type_name(&value)
                    )));
                }
                (name, _) => {
                    return Err(PyValueError::new_err(format!(
                        "partition_status has an unknown key {name:?}. Permitted are: done, \
                         retry, and the numbers of partitions"
                    )));
                }
            }
            continue;
        }
        let id = key.cast::<PyInt>().ok().and_then(int_value);
        let id = id.and_then(|id| usize::try_from(id).ok()).filter(|id| *id < PARTITIONS);
        let Some(id) = id else {
            return Err(PyValueError::new_err(format!(
                "keys of partition_status must be \"done\", \"retry\" or numbers of partitions, \
                 not {}",
                key.repr()?
            )));
        };
        let (digest, bval) = position(&value).map_err(|error| {
            within(value.py(), error, format_args!("partition_status of partition {id}"))
        })?;
        positions.each.push((id, digest, bval));
    }
    Ok(positions)
}

/// Where to go on in a partition, of a tuple `(id, init, retry, digest, bval)`.
fn position(value: &Bound<'_, PyAny>) -> PyResult<(Option<[u8; 20]>, Option<u64>)> {
    let wanted = "a tuple (id, init, retry, digest, bval)";
    let Ok(tuple) = value.cast::<PyTuple>() else {
        return Err(PyTypeError::new_err(format!("must be {wanted}, not {}", type_name(value))));
    };
    let [_, init, _, digest, bval] = tuple.as_slice() else {
        let length = tuple.len();
        return Err(PyValueError::new_err(format!("must be {wanted}, not a tuple of {length}")));
    };
    let bval = match bval.cast::<PyInt>() {
        Ok(int) => int_value(int).map(i64::cast_unsigned).or_else(|| unsigned_value(int)),
        Err(_) => None,
    };
    match (init.is_truthy()?, bval) {
        (false, _) => Ok((None, None)),
        (true, Some(bval)) => Ok((Some(digest_from_py(digest)?), Some(bval))),
        (true, None) => Err(PyTypeError::new_err("the last item, bval, must be an int of 64 bits")),
    }
}

/// The dict of a filter, which [`partition_filter_from_py`] makes the filter of again.
pub fn partition_filter_to_py<'py>(
    py: Python<'py>,
    filter: &PartitionFilter,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("begin", filter.begin)?;
    dict.set_item("count", filter.count)?;
    dict.set_item("partition_status", positions_to_py(py, filter)?)?;
    Ok(dict)
}

fn positions_to_py<'py>(py: Python<'py>, filter: &PartitionFilter) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    let Some(partitions) = &filter.partitions else { return Ok(dict) };
    dict.set_item("done", filter.done())?;
    dict.set_item("retry", !filter.done())?;
    for partition in partitions.iter() {
        let (id, digest, bval) = {
            let status = partition.lock();
            (status.id, status.digest, status.bval)
        };
        let fields = [
            PyInt::new(py, id).into_any(),
            PyBool::new(py, digest.is_some()).to_owned().into_any(),
            PyBool::new(py, !filter.done()).to_owned().into_any(),
            PyByteArray::new(py, &digest.unwrap_or_default()).into_any(),
            PyInt::new(py, bval.unwrap_or_default()).into_any(),
        ];
        dict.set_item(id, PyTuple::new(py, fields)?)?;
    }
    Ok(dict)
}
