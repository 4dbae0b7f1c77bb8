//! What `batch_read` returns: records that become Python objects when they are asked for.

use std::ffi::CStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use aerospike_core::{BatchRecord, Record};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyList, PyTuple};

use super::numpy::ToNumpy;
use crate::client::docs::batch as docs;
use crate::convert::argument::items_from_py;
use crate::convert::batch::{Maker, is_in_doubt, result_of};
use crate::convert::key::{KeyParts, is_named};
use crate::convert::show::user_key_to_py;
use crate::convert::types::Types;
use crate::interp::args::{Args, Signature, optional, required};
use crate::interp::class::{Class, This};
use crate::interp::gc::Visitor;
use crate::interp::mapping::{Iterating, Mapping};
use crate::interp::method::{Context, Function, Method, Row, Table};
use crate::interp::property::{Properties, Property, PropertyRow};
use crate::runtime::lock;
use crate::state::State;

/// What the records are found by.
#[derive(Clone, Copy, PartialEq)]
pub enum Keyed {
    /// All keys are of one set and are told apart by their user keys.
    ByUserKey,
    ByKey,
}

impl Keyed {
    /// `named` tells that every key is known to be found again by its user key.
    pub fn of(rows: &[BatchRecord], named: bool) -> Self {
        let alike = rows.windows(2).all(|pair| {
            let (one, other) = (&pair[0].key, &pair[1].key);
            one.namespace() == other.namespace() && one.set_name() == other.set_name()
        });
        match alike && (named || rows.iter().all(|row| is_named(&row.key))) {
            true => Self::ByUserKey,
            false => Self::ByKey,
        }
    }
}

/// The rows of a batch, and what has been made of them for Python.
pub struct LazyBatchRecords {
    rows: Vec<BatchRecord>,
    keyed: Keyed,
    /// The rows with a record, in the order of their digests.
    by_digest: OnceLock<Vec<u32>>,
    cache: Mutex<Cache>,
    /// The client that has read them, if it has functions of its own for values.
    client: Mutex<Option<Py<PyAny>>>,
}

#[derive(Default)]
struct Cache {
    /// The keys of the mapping, each with the place of its row.
    places: Option<Py<PyDict>>,
    /// The bins of the rows that were looked up; empty as long as none was.
    bins: Vec<Option<Py<PyDict>>>,
    records: Option<Py<PyList>>,
}

impl LazyBatchRecords {
    pub fn new(rows: Vec<BatchRecord>, keyed: Keyed, client: Option<Py<PyAny>>) -> Self {
        let (cache, client) = (Mutex::default(), Mutex::new(client));
        Self { rows, keyed, by_digest: OnceLock::new(), cache, client }
    }

    /// That client, or None.
    fn client<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        let client = lock(&self.client).as_ref().map(|client| client.clone_ref(py));
        client.unwrap_or_else(|| py.None()).into_bound(py)
    }

    pub fn rows(&self) -> &[BatchRecord] {
        &self.rows
    }

    fn release(&self) {
        let dropped = std::mem::take(&mut *lock(&self.cache));
        drop(dropped);
    }

    fn found(&self) -> impl Iterator<Item = (usize, &BatchRecord, &Record)> {
        let rows = self.rows.iter().enumerate();
        rows.filter_map(|(at, row)| Some((at, row, row.record.as_ref()?)))
    }

    /// The keys of the mapping, each with the place of its row.
    fn places<'py>(&self, py: Python<'py>, types: &Types) -> PyResult<Bound<'py, PyDict>> {
        if let Some(places) = &lock(&self.cache).places {
            return Ok(places.bind(py).clone());
        }
        let (made, mut maker) = (PyDict::new(py), Maker::new(py, types));
        for (at, row, _) in self.found() {
            made.set_item(self.entry_key(row, &mut maker, types)?, at)?;
        }
        let mut cache = lock(&self.cache);
        Ok(cache.places.get_or_insert_with(|| made.unbind()).bind(py).clone())
    }

    /// The place of the row that a key means: one of the mapping's own, or a whole key.
    fn place(&self, key: &Bound<'_, PyAny>, types: &Types) -> PyResult<Option<usize>> {
        if let Some(place) = self.places(key.py(), types)?.get_item(key)? {
            return Ok(Some(place.extract()?));
        }
        if !key.is_instance_of::<PyTuple>() {
            return Ok(None);
        }
        // What is no key at all is the key of no record.
        let Ok(key) = KeyParts::from_py(key) else { return Ok(None) };
        let key = key.into_key();
        let wanted = (key.digest(), key.namespace());
        let id = |at: u32| {
            let key = &self.rows[at as usize].key;
            (key.digest(), key.namespace())
        };
        let by_digest = self.by_digest.get_or_init(|| {
            let mut found: Vec<u32> = self.found().map(|(at, ..)| at as u32).collect();
            found.sort_by(|one, other| id(*one).cmp(&id(*other)));
            found
        });
        let at = by_digest.partition_point(|at| id(*at) < wanted);
        Ok(by_digest.get(at).filter(|at| id(**at) == wanted).map(|at| *at as usize))
    }

    /// The bins of a row with a record, always the same dict until the cache is released.
    fn kept_bins<'py>(
        &self,
        at: usize,
        record: &Record,
        maker: &mut Maker<'_, 'py>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let py = maker.py();
        if let Some(Some(bins)) = lock(&self.cache).bins.get(at) {
            return Ok(bins.bind(py).clone());
        }
        let made = maker.bins(record)?;
        let mut cache = lock(&self.cache);
        if cache.bins.is_empty() {
            cache.bins.resize_with(self.rows.len(), || None);
        }
        Ok(cache.bins[at].get_or_insert_with(|| made.unbind()).bind(py).clone())
    }

    /// What finds a row in the mapping.
    pub fn entry_key<'py>(
        &self,
        row: &BatchRecord,
        maker: &mut Maker<'_, 'py>,
        types: &Types,
    ) -> PyResult<Bound<'py, PyAny>> {
        match (self.keyed, row.key.user_key()) {
            (Keyed::ByUserKey, Some(user_key)) => user_key_to_py(maker.py(), user_key, types),
            _ => maker.key(row),
        }
    }

    /// The mapping as a dict of the caller's own.
    fn own_dict<'py>(&self, py: Python<'py>, types: &Types) -> PyResult<Bound<'py, PyDict>> {
        let (dict, mut maker) = (PyDict::new(py), Maker::new(py, types));
        for (_, row, record) in self.found() {
            dict.set_item(self.entry_key(row, &mut maker, types)?, maker.bins(record)?)?;
        }
        Ok(dict)
    }

    /// The mapping as a dict of the bins that are kept.
    fn kept_dict<'py>(&self, py: Python<'py>, types: &Types) -> PyResult<Bound<'py, PyDict>> {
        let (dict, mut maker) = (PyDict::new(py), Maker::new(py, types));
        for (at, row, record) in self.found() {
            let key = self.entry_key(row, &mut maker, types)?;
            dict.set_item(key, self.kept_bins(at, record, &mut maker)?)?;
        }
        Ok(dict)
    }
}

impl Class for LazyBatchRecords {
    type State = State;
    const NAME: &'static CStr = c"aerospike_py.LazyBatchRecords";
    const DOC: &'static str = docs::LAZY_BATCH_RECORDS;

    fn methods() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| {
            Table::new([
                Row::method::<Self, ToDict>(),
                Row::method::<Self, ToList>(),
                Row::method::<Self, ToNumpy>(),
                Row::method::<Self, IterRecords>(),
                Row::method::<Self, AllUserKeys>(),
                Row::method::<Self, FoundCount>(),
                Row::method::<Self, ReleaseCache>(),
                Row::method::<Self, Items>(),
                Row::method::<Self, Keys>(),
                Row::method::<Self, Values>(),
                Row::method::<Self, Get>(),
                Row::class_method::<Self, MergeToDict>(),
            ])
        })
    }

    fn traverse(&self, visitor: &mut Visitor) {
        // What is being changed right now is not visited: the collector then takes it for
        // something that is referred to from outside, and keeps it.
        if let Ok(cache) = self.cache.try_lock() {
            cache.places.iter().for_each(|places| visitor.object(places));
            cache.bins.iter().flatten().for_each(|bins| visitor.object(bins));
            cache.records.iter().for_each(|records| visitor.object(records));
        }
        if let Ok(client) = self.client.try_lock() {
            client.iter().for_each(|client| visitor.object(client));
        }
    }

    fn clear(&self) {
        self.release();
        let client = lock(&self.client).take();
        drop(client);
    }
}

type On<'a, 'py> = Context<'a, 'py, State>;
type Handle<'a, 'py> = This<'a, 'py, LazyBatchRecords>;

impl Mapping for LazyBatchRecords {
    fn properties() -> &'static Properties {
        static ROWS: OnceLock<Properties> = OnceLock::new();
        ROWS.get_or_init(|| {
            let batch_records = PropertyRow::of::<Self, BatchRecords>();
            Properties::new([batch_records, PropertyRow::of::<Self, BatchResult>()])
        })
    }

    fn length(context: &On<'_, '_>, this: Handle<'_, '_>) -> PyResult<usize> {
        Ok(this.data.places(context.py, &context.state.types)?.len())
    }

    fn find<'py>(
        context: &On<'_, 'py>,
        this: Handle<'_, 'py>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let client = this.data.client(context.py);
        let types = context.state.types_for(&client);
        let Some(at) = this.data.place(key, types)? else { return Ok(None) };
        let Some(record) = &this.data.rows[at].record else { return Ok(None) };
        let bins = this.data.kept_bins(at, record, &mut Maker::new(context.py, types))?;
        Ok(Some(bins.into_any()))
    }

    fn contains<'py>(
        context: &On<'_, 'py>,
        this: Handle<'_, 'py>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<bool> {
        Ok(this.data.place(key, &context.state.types)?.is_some())
    }

    fn keys<'py>(context: &On<'_, 'py>, this: Handle<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(this.data.places(context.py, &context.state.types)?.try_iter()?.into_any())
    }

    fn equals<'py>(
        context: &On<'_, 'py>,
        this: Handle<'_, 'py>,
        other: &Bound<'py, PyAny>,
    ) -> PyResult<Option<bool>> {
        let (py, client) = (context.py, this.data.client(context.py));
        let types = context.state.types_for(&client);
        let ours = |handle: &Self| handle.kept_dict(py, types);
        let theirs = match context.state.batch_records.data(other) {
            Some(handle) => ours(handle)?,
            None => match other.cast::<PyDict>() {
                Ok(dict) => dict.clone(),
                Err(_) => return Ok(None),
            },
        };
        Ok(Some(ours(this.data)?.eq(theirs)?))
    }

    fn show(_context: &On<'_, '_>, this: Handle<'_, '_>) -> PyResult<String> {
        let (found, all) = (this.data.found().count(), this.data.rows.len());
        Ok(format!("<LazyBatchRecords: {found} of {all} records found>"))
    }
}

/// `batch_records`
struct BatchRecords;

impl Property<LazyBatchRecords> for BatchRecords {
    const NAME: &'static str = "batch_records";
    const DOC: &'static str = docs::BATCH_RECORDS;

    fn get<'py>(context: &On<'_, 'py>, this: Handle<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
        let (py, client) = (context.py, this.data.client(context.py));
        let types = context.state.types_for(&client);
        if let Some(records) = &lock(&this.data.cache).records {
            return Ok(records.bind(py).clone().into_any());
        }
        let (made, mut maker) = (PyList::empty(py), Maker::new(py, types));
        for row in &this.data.rows {
            made.append(maker.batch_record(row, is_in_doubt(row))?)?;
        }
        let mut cache = lock(&this.data.cache);
        let records = cache.records.get_or_insert_with(|| made.unbind());
        Ok(records.bind(py).clone().into_any())
    }
}

/// `result`
struct BatchResult;

impl Property<LazyBatchRecords> for BatchResult {
    const NAME: &'static str = "result";
    const DOC: &'static str = docs::BATCH_RESULT;

    fn get<'py>(context: &On<'_, 'py>, this: Handle<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyInt::new(context.py, result_of(&this.data.rows)).into_any())
    }
}

/// Declares a method without arguments.
macro_rules! methods {
    ($($class:ident $name:literal $doc:ident |$context:ident, $handle:ident| $body:expr;)+) => {$(
        struct $class;

        impl Method<LazyBatchRecords> for $class {
            const SIGNATURE: Signature =
                Signature { name: $name, params: &[], doc: docs::$doc };

            fn call<'py>(
                $context: &On<'_, 'py>,
                this: Handle<'_, 'py>,
                _args: &Args<'_, 'py>,
            ) -> PyResult<Bound<'py, PyAny>> {
                let $handle = this;
                $body
            }
        }
    )+};
}

methods! {
    ToDict "to_dict" TO_DICT |context, this| {
        Ok(this.data.own_dict(context.py, context.state.types_for(&this.data.client(context.py)))?.into_any())
    };
    ToList "to_list" TO_LIST |context, this| {
        let (py, client) = (context.py, this.data.client(context.py));
        let types = context.state.types_for(&client);
        let (list, mut maker) = (PyList::empty(py), Maker::new(py, types));
        for row in &this.data.rows {
            list.append(match &row.record {
                Some(record) => maker.bins(record)?.into_any(),
                None => py.None().into_bound(py),
            })?;
        }
        Ok(list.into_any())
    };
    IterRecords "iter_records" ITER_RECORDS |context, this| {
        let iterator = RecordIterator {
            handle: Mutex::new(Some(this.object.to_owned().unbind())),
            next: AtomicUsize::new(0),
        };
        context.state.record_iterator.instance(context.py, iterator)
    };
    AllUserKeys "all_user_keys" ALL_USER_KEYS |context, this| {
        let (py, client) = (context.py, this.data.client(context.py));
        let types = context.state.types_for(&client);
        let list = PyList::empty(py);
        for row in &this.data.rows {
            list.append(match row.key.user_key() {
                Some(user_key) => user_key_to_py(py, user_key, types)?,
                None => py.None().into_bound(py),
            })?;
        }
        Ok(list.into_any())
    };
    FoundCount "found_count" FOUND_COUNT |context, this| {
        Ok(PyInt::new(context.py, this.data.found().count()).into_any())
    };
    ReleaseCache "release_cache" RELEASE_CACHE |context, this| {
        this.data.release();
        Ok(context.py.None().into_bound(context.py))
    };
    Items "items" ITEMS |context, this| {
        let dict = this.data.kept_dict(context.py, context.state.types_for(&this.data.client(context.py)))?;
        dict.call_method0(&context.state.names.items)
    };
    Values "values" VALUES |context, this| {
        let dict = this.data.kept_dict(context.py, context.state.types_for(&this.data.client(context.py)))?;
        dict.call_method0(&context.state.names.values)
    };
    Keys "keys" KEYS |context, this| {
        let dict = this.data.places(context.py, &context.state.types)?;
        dict.call_method0(&context.state.names.keys)
    };
}

struct Get;

impl Method<LazyBatchRecords> for Get {
    const SIGNATURE: Signature = Signature {
        name: "get",
        params: &[required("key"), optional("default", "None")],
        doc: docs::GET_BINS,
    };

    fn call<'py>(
        context: &On<'_, 'py>,
        this: Handle<'_, 'py>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let found = LazyBatchRecords::find(context, this, &args.required(0))?;
        Ok(match (found, args.optional(1)) {
            (Some(bins), _) => bins,
            (None, Some(default)) => default.to_owned(),
            (None, None) => context.py.None().into_bound(context.py),
        })
    }
}

struct MergeToDict;

impl Function<State> for MergeToDict {
    const SIGNATURE: Signature = Signature {
        name: "merge_to_dict",
        params: &[required("handles")],
        doc: docs::MERGE_TO_DICT,
    };

    fn call<'py>(context: &On<'_, 'py>, args: &Args<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
        let dicts = PyList::empty(context.py);
        for handle in items_from_py(&args.required(0), "handles", "a list or tuple")?.as_slice() {
            let Some(handle) = context.state.batch_records.data(handle) else {
                return Err(pyo3::exceptions::PyTypeError::new_err(format!(
                    "handles must be a list of LazyBatchRecords, not of {}",
                    crate::convert::type_name(handle)
                )));
            };
            let client = handle.client(context.py);
            dicts.append(handle.own_dict(context.py, context.state.types_for(&client))?)?;
        }
        Ok(dicts.into_any())
    }
}

/// What `iter_records` returns.
pub struct RecordIterator {
    handle: Mutex<Option<Py<PyAny>>>,
    next: AtomicUsize,
}

impl Class for RecordIterator {
    type State = State;
    const NAME: &'static CStr = c"aerospike_py._aerospike.RecordIterator";
    const DOC: &'static str = "Iterates over the records of a batch, in the order of the keys.";

    fn methods() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Table::new([]))
    }

    fn traverse(&self, visitor: &mut Visitor) {
        if let Ok(handle) = self.handle.try_lock() {
            handle.iter().for_each(|handle| visitor.object(handle));
        }
    }

    fn clear(&self) {
        let handle = lock(&self.handle).take();
        drop(handle);
    }
}

impl Iterating for RecordIterator {
    fn next<'py>(
        context: &On<'_, 'py>,
        this: This<'_, 'py, Self>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let handle = lock(&this.data.handle).as_ref().map(|handle| handle.clone_ref(context.py));
        let Some(handle) = handle else { return Ok(None) };
        let handle = handle.bind(context.py);
        let Some(records) = context.state.batch_records.data(handle) else { return Ok(None) };
        match this.data.next.fetch_add(1, Ordering::Relaxed) {
            at if at < records.rows.len() => {
                let row = &records.rows[at];
                let client = records.client(context.py);
                let mut maker = Maker::new(context.py, context.state.types_for(&client));
                maker.batch_record(row, is_in_doubt(row)).map(Some)
            }
            _ => {
                this.data.clear();
                Ok(None)
            }
        }
    }
}
