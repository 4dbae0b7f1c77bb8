//! Operations on whole bins and on the record.

use aerospike_core::operations::{self, Operation};
use aerospike_core::{Bin, Value};
use pyo3::prelude::*;

use super::answer::{Answer, Kind};
use super::arguments::Arguments;
use super::{Made, Row};
use crate::convert::policy::expiration_from_py;

pub const ROWS: &[Row] = &[
    Row { code: 1, name: "OPERATOR_READ", keys: &["bin"], make: read },
    Row { code: 2, name: "OPERATOR_WRITE", keys: &["bin", "val"], make: write },
    Row { code: 5, name: "OPERATOR_INCR", keys: &["bin", "val"], make: increment },
    Row { code: 9, name: "OPERATOR_APPEND", keys: &["bin", "val"], make: append },
    Row { code: 10, name: "OPERATOR_PREPEND", keys: &["bin", "val"], make: prepend },
    Row { code: 11, name: "OPERATOR_TOUCH", keys: &["val"], make: touch },
    Row { code: 12, name: "OPERATOR_DELETE", keys: &[], make: delete },
];

fn made(operation: Operation, bin: String, kind: Kind) -> PyResult<Made> {
    Ok(Made { operation, answer: Answer { bin, kind }, expiration: None })
}

fn read(arguments: &Arguments<'_, '_>) -> PyResult<Made> {
    match arguments.optional_bin()? {
        Some(bin) => made(operations::get_bin(bin.as_str()), bin, Kind::Value),
        None => made(operations::get(), String::new(), Kind::Bins),
    }
}

fn change(
    operation: fn(&Bin) -> Operation,
    arguments: &Arguments<'_, '_>,
    value: Value,
) -> PyResult<Made> {
    let bin = Bin::new(arguments.bin()?, value);
    made(operation(&bin), bin.name, Kind::Nil)
}

fn write(arguments: &Arguments<'_, '_>) -> PyResult<Made> {
    change(operations::put, arguments, arguments.value("val")?)
}

pub fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_))
}

fn increment(arguments: &Arguments<'_, '_>) -> PyResult<Made> {
    change(operations::add, arguments, arguments.value_of("val", is_number, "int or float")?)
}

fn text(arguments: &Arguments<'_, '_>) -> PyResult<Value> {
    let is_text = |value: &Value| matches!(value, Value::String(_) | Value::Blob(_));
    arguments.value_of("val", is_text, "str or bytes")
}

fn append(arguments: &Arguments<'_, '_>) -> PyResult<Made> {
    change(operations::append, arguments, text(arguments)?)
}

fn prepend(arguments: &Arguments<'_, '_>) -> PyResult<Made> {
    change(operations::prepend, arguments, text(arguments)?)
}

fn touch(arguments: &Arguments<'_, '_>) -> PyResult<Made> {
    let expiration = match arguments.get("val")? {
        Some(ttl) if !ttl.is_none() => expiration_from_py("key \"val\"", ttl)?,
        _ => None,
    };
    Ok(Made { expiration, ..made(operations::touch(), String::new(), Kind::None)? })
}

fn delete(_: &Arguments<'_, '_>) -> PyResult<Made> {
    made(operations::delete(), String::new(), Kind::Nil)
}
