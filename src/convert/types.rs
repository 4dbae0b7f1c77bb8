//! The classes and functions of the Python package that the native module calls.

use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};

use super::functions::{Functions, Slot};
use super::names::Kept;

/// Declares the struct, how each field is loaded, and that the garbage collector sees all.
macro_rules! types {
    ($($field:ident: $class:ty = $module:literal $($attribute:literal).+;)+) => {
        /// One interpreter's classes and functions.
        pub struct Types {
            $(pub $field: Py<$class>,)+
            /// The name of `GeoJSON.dumps`.
            pub dumps: Py<PyString>,
            /// What makes bytes of values of other types, and values of the bytes that are read.
            pub serializer: Slot,
            pub deserializer: Slot,
            /// Those of bins.
            pub names: Kept,
        }

        impl Types {
            pub fn load(py: Python<'_>) -> PyResult<Self> {
                Ok(Self {
                    $($field: py
                        .import(concat!("aerospike_py.", $module))?
                        $(.getattr($attribute)?)+
                        .cast_into::<$class>()?
                        .unbind(),)+
                    dumps: PyString::intern(py, "dumps").unbind(),
                    serializer: Slot::default(),
                    deserializer: Slot::default(),
                    names: Kept::default(),
                })
            }

            /// The same for a client that has functions of its own for values.
            pub fn with_functions(&self, py: Python<'_>, functions: Functions<'_>) -> Self {
                let (serializer, deserializer) = functions;
                Self {
                    $($field: self.$field.clone_ref(py),)+
                    dumps: self.dumps.clone_ref(py),
                    serializer: Slot::new(serializer.or_else(|| self.serializer.get(py))),
                    deserializer: Slot::new(deserializer.or_else(|| self.deserializer.get(py))),
                    names: Kept::default(),
                }
            }

            /// Shows every object to the garbage collector.
            pub fn each(&self, f: &mut dyn FnMut(&Py<PyAny>)) {
                $(f(self.$field.as_any());)+
                f(self.dumps.as_any());
                self.serializer.each(f);
                self.deserializer.each(f);
            }
        }
    };
}

types! {
    aerospike_key: PyType = "types" "AerospikeKey";
    record_metadata: PyType = "types" "RecordMetadata";
    record: PyType = "types" "Record";
    exists_result: PyType = "types" "ExistsResult";
    connection_stats: PyType = "types" "ConnectionStats";
    node_stats: PyType = "types" "NodeStats";
    cluster_stats: PyType = "types" "ClusterStats";
    info_node_result: PyType = "types" "InfoNodeResult";
    bin_tuple: PyType = "types" "BinTuple";
    operate_ordered_result: PyType = "types" "OperateOrderedResult";
    batch_record: PyType = "types" "BatchRecord";
    batch_retry_info: PyType = "types" "BatchRetryInfo";
    batch_write_result: PyType = "types" "BatchWriteResult";
    mixed_batch: PyType = "batch_records" "BatchRecords";
    mixed_read: PyType = "batch_records" "Read";
    mixed_write: PyType = "batch_records" "Write";
    mixed_apply: PyType = "batch_records" "Apply";
    mixed_remove: PyType = "batch_records" "Remove";
    geojson: PyType = "types" "GeoJSON";
    geojson_from_text: PyAny = "types" "GeoJSON"."_from_text";
    hyper_log_log: PyType = "types" "HyperLogLog";
    key_ordered_dict: PyType = "types" "KeyOrderedDict";
    cdt_infinite: PyType = "types" "CDTInfinite";
    cdt_wildcard: PyType = "types" "CDTWildcard";
    null: PyType = "types" "null";
    error_from_code: PyAny = "exception" "error_from_code";
    backpressure_error: PyType = "exception" "BackpressureError";
    rust_panic_error: PyType = "exception" "RustPanicError";
}
