//! Batches from and to NumPy arrays.

use std::sync::Arc;

use aerospike_core as core;
use core::Value;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyTuple};

use super::handle::LazyBatchRecords;
use super::retry::Outcome;
use super::write::retries_from_py;
use super::{Action, Batch, Row};
use crate::client::docs::batch as docs;
use crate::client::seats::Demand;
use crate::client::task::Input;
use crate::client::verb::Verb;
use crate::convert::batch::{Maker, code_of, write_result_to_py};
use crate::convert::bins::bin_name_from_py;
use crate::convert::key::{KeyParts, namespace_from_py, set_from_py};
use crate::convert::numpy::{Field, Kind, Layout, Misfit, import};
use crate::convert::policy::{Batching, Each};
use crate::convert::record::ttl_of;
use crate::convert::text::required_utf8;
use crate::convert::type_name;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Signature, optional, required};
use crate::interp::class::This;
use crate::interp::method::{Context, Method};
use crate::observe::Subject;
use crate::state::State;
use crate::transaction::Shared;

/// Bytes of the two numbers in a row of metadata.
const META: usize = 8;

pub struct ToNumpy;

impl Method<LazyBatchRecords> for ToNumpy {
    const SIGNATURE: Signature =
        Signature { name: "to_numpy", params: &[required("dtype")], doc: docs::TO_NUMPY };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, LazyBatchRecords>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, types) = (context.py, &context.state.types);
        let dtype = args.required(0).to_owned();
        let layout = Layout::of(&dtype, "dtype")?;
        let handle = this.data;
        let [bins, meta, codes] = py.detach(|| columns(handle, &layout))?;

        let (map, mut maker) = (PyDict::new(py), Maker::new(py, types));
        for (at, row) in handle.rows().iter().enumerate() {
            let key = handle.entry_key(row, &mut maker, types)?;
            if !map.contains(&key)? {
                map.set_item(key, at)?;
            }
        }
        let numpy = import(py)?;
        let array = |bytes: &[u8], dtype: Bound<'py, PyAny>| {
            if bytes.is_empty() {
                return numpy.call_method1("zeros", (handle.rows().len(), dtype));
            }
            numpy.call_method1("frombuffer", (PyByteArray::new(py, bytes), dtype))
        };
        let of_meta = numpy.call_method1("dtype", ([("gen", "<u4"), ("ttl", "<u4")],))?;
        let of_codes = numpy.call_method1("dtype", ("<i4",))?;
        let fields = (array(&bins, dtype)?, array(&meta, of_meta)?, array(&codes, of_codes)?, map);
        let class = py.import("aerospike_py.numpy_batch")?.getattr("NumpyBatchRecords")?;
        class.call1(fields)
    }
}

/// The rows of bins, of metadata and of result codes.
fn columns(handle: &LazyBatchRecords, layout: &Layout) -> Result<[Vec<u8>; 3], Misfit> {
    let rows = handle.rows();
    let mut bins = vec![0; rows.len() * layout.size];
    let mut meta = vec![0; rows.len() * META];
    let mut codes = Vec::with_capacity(rows.len() * size_of::<i32>());
    for (at, row) in rows.iter().enumerate() {
        codes.extend(code_of(row).to_le_bytes());
        if let Some(record) = &row.record {
            let place = &mut bins[at * layout.size..][..layout.size];
            layout.fill(record, place).map_err(|misfit| misfit.at(format_args!("key {at}")))?;
            let [generation, ttl] = [record.generation, ttl_of(record)].map(u32::to_le_bytes);
            meta[at * META..][..META].copy_from_slice(&[generation, ttl].concat());
        }
    }
    Ok([bins, meta, codes])
}

pub struct BatchWriteNumpy;

pub struct Request {
    batch: Batch,
    retries: u32,
}

impl Verb for BatchWriteNumpy {
    const SIGNATURE: Signature = Signature {
        name: "batch_write_numpy",
        params: &[
            required("data"),
            required("namespace"),
            required("set_name"),
            required("_dtype"),
            optional("key_field", "'_key'"),
            optional("policy", "None"),
            optional("retry", "0"),
        ],
        doc: docs::BATCH_WRITE_NUMPY,
    };
    const WRITES: bool = true;
    type Request = Request;
    type Outcome = Outcome;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        let defaults = &input.config.policies.batch_write;
        let Batching { whole, each } = Batching::of_call(args.optional(5).as_deref(), defaults)?;
        let retries = retries_from_py(args.optional(6).as_deref())?;
        let dtype = args.required(3);
        let layout = Layout::of(&dtype, "_dtype")?;
        let key_field = args.optional(4);
        let key_field = match &key_field {
            Some(name) => required_utf8(name, "key_field")?,
            None => "_key",
        };
        let table = Table {
            bytes: bytes_of(&args.required(0), &dtype)?,
            key: place_of(&layout, key_field).ok_or_else(|| {
                PyValueError::new_err(format!("_dtype has no field {key_field:?} for the keys"))
            })?,
            namespace: namespace_from_py(&args.required(1))?.to_owned(),
            set: set_from_py(&args.required(2))?.to_owned(),
            own_namespace: text_field(&layout, "_namespace")?,
            own_set: text_field(&layout, "_set")?,
            layout,
        };
        for field in table.layout.fields.iter().filter(|field| !field.name.starts_with('_')) {
            bin_name_from_py(&pyo3::types::PyString::new(dtype.py(), &field.name))?;
        }
        let rows = dtype.py().detach(|| table.rows(&each))?;
        Ok(Request { batch: Batch::new(whole, rows), retries })
    }

    fn subject(request: &Request) -> Subject<'_> {
        request.batch.subject()
    }

    fn demand(request: &Request) -> Demand {
        request.batch.demand()
    }

    fn shortened(request: &Request, waited: u32) -> Option<Request> {
        Some(Request { batch: request.batch.shortened(waited), retries: request.retries })
    }

    fn transaction(request: &Request) -> Option<&Arc<Shared>> {
        request.batch.transaction()
    }

    async fn run(request: &Request, client: &core::Client) -> Result<Outcome, ErrorInfo> {
        request.batch.send_again(request.retries, client).await
    }

    fn finish_for<'py>(
        owner: &Bound<'py, PyAny>,
        state: &State,
        _request: Request,
        outcome: Outcome,
    ) -> PyResult<Bound<'py, PyAny>> {
        let types = state.types_for(owner);
        write_result_to_py(owner.py(), &outcome.rows, &outcome.retried, types)
    }
}

/// The bytes of an array of one dimension, row after row.
fn bytes_of(data: &Bound<'_, PyAny>, dtype: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    let array = import(data.py())?.getattr("ndarray")?;
    if !data.is_instance(&array)? {
        return Err(PyTypeError::new_err(format!(
            "data must be a numpy.ndarray, not {}",
            type_name(data)
        )));
    }
    let given = data.getattr("dtype")?;
    if !given.eq(dtype)? {
        return Err(PyValueError::new_err(format!("data is of dtype {given}, not of _dtype")));
    }
    if data.getattr("shape")?.cast::<PyTuple>()?.len() != 1 {
        return Err(PyValueError::new_err("data must have one dimension"));
    }
    Ok(data.call_method0("tobytes")?.cast::<PyBytes>()?.as_bytes().to_vec())
}

fn place_of(layout: &Layout, name: &str) -> Option<usize> {
    layout.fields.iter().position(|field| field.name == name)
}

/// A field of text that need not be there.
fn text_field(layout: &Layout, name: &str) -> PyResult<Option<usize>> {
    match place_of(layout, name) {
        Some(at) if layout.fields[at].kind != Kind::Text => {
            Err(PyTypeError::new_err(format!("field {name:?} of _dtype must be bytes (S)")))
        }
        place => Ok(place),
    }
}

/// An array to write. The fields are given by their places in the layout.
struct Table {
    layout: Layout,
    bytes: Vec<u8>,
    key: usize,
    namespace: String,
    set: String,
    own_namespace: Option<usize>,
    own_set: Option<usize>,
}

impl Table {
    fn rows(&self, each: &Each) -> Result<Vec<Row>, Misfit> {
        let rows = self.bytes.chunks_exact(self.layout.size.max(1)).enumerate();
        rows.map(|(at, row)| {
            self.row(row, each).map_err(|misfit| misfit.at(format_args!("data[{at}]")))
        })
        .collect()
    }

    fn row(&self, row: &[u8], each: &Each) -> Result<Row, Misfit> {
        let field = |at: usize| -> &Field { &self.layout.fields[at] };
        let text = |at: Option<usize>, default: &str| match at {
            Some(at) => text_of(field(at), row),
            None => Ok(default.to_owned()),
        };
        let namespace = match text(self.own_namespace, &self.namespace)? {
            empty if empty.is_empty() => {
                return Err(Misfit::Length("the key's namespace is empty".to_owned()));
            }
            namespace => namespace,
        };
        let user_key = match field(self.key).value(row)? {
            user_key @ (Value::Int(_) | Value::Blob(_)) => user_key,
            _ => {
                return Err(Misfit::Type(format!(
                    "field {:?} can't be a user key: it must be an integer or bytes",
                    field(self.key).name
                )));
            }
        };
        let key = KeyParts::of(namespace, text(self.own_set, &self.set)?, user_key);
        let action = Action::Put(each.write.clone(), self.layout.bins(row)?);
        Ok(Row { key, action: Arc::new(action) })
    }
}

fn text_of(field: &Field, row: &[u8]) -> Result<String, Misfit> {
    match field.value(row)? {
        Value::Blob(bytes) => String::from_utf8(bytes)
            .map_err(|_| Misfit::Length(format!("field {:?} is not UTF-8", field.name))),
        _ => unreachable!("a field of text has bytes"),
    }
}
