//! Operations on the bits of bytes.

use aerospike_core::Value;
use aerospike_core::operations::Operation;
use aerospike_core::operations::bitwise::{
    self, BitPolicy, BitwiseOverflowActions, BitwiseResizeFlags, BitwiseWriteFlags,
};
use pyo3::prelude::*;
use pyo3::types::PyInt;

use super::arguments::Arguments;
use super::{Made, Row};
use crate::convert::table;

pub const ROWS: &[Row] = &[
    Row {
        code: 2000,
        name: "OP_BIT_RESIZE",
        keys: &["bin", "byte_size", "resize_flags", "policy", "ctx"],
        make: |op| {
            let (policy, size) = (policy(op)?, op.int("byte_size")?);
            let flags = BitwiseResizeFlags::from_bits(op.flags("resize_flags", RESIZE_FLAGS)?);
            op.on_bin(|bin| bitwise::resize(bin, size, flags, &policy))
        },
    },
    Row {
        code: 2001,
        name: "OP_BIT_INSERT",
        keys: &["bin", "byte_offset", "value", "value_byte_size", "policy", "ctx"],
        make: |op| {
            let (policy, offset, value) = (policy(op)?, op.int("byte_offset")?, bytes(op)?);
            op.on_bin(|bin| bitwise::insert(bin, offset, value, &policy))
        },
    },
    Row {
        code: 2002,
        name: "OP_BIT_REMOVE",
        keys: &["bin", "byte_offset", "byte_size", "policy", "ctx"],
        make: |op| {
            let policy = policy(op)?;
            let (offset, size) = (op.int("byte_offset")?, op.int("byte_size")?);
            op.on_bin(|bin| bitwise::remove(bin, offset, size, &policy))
        },
    },
    Row { code: 2003, name: "OP_BIT_SET", keys: COMBINE, make: |op| combine(op, bitwise::set) },
    Row { code: 2004, name: "OP_BIT_OR", keys: COMBINE, make: |op| combine(op, bitwise::or) },
    Row { code: 2005, name: "OP_BIT_XOR", keys: COMBINE, make: |op| combine(op, bitwise::xor) },
    Row { code: 2006, name: "OP_BIT_AND", keys: COMBINE, make: |op| combine(op, bitwise::and) },
    Row {
        code: 2007,
        name: "OP_BIT_NOT",
        keys: &["bin", "bit_offset", "bit_size", "policy", "ctx"],
        make: |op| {
            let (policy, (offset, size)) = (policy(op)?, bits(op)?);
            op.on_bin(|bin| bitwise::not(bin, offset, size, &policy))
        },
    },
    Row { code: 2008, name: "OP_BIT_LSHIFT", keys: SHIFT, make: |op| shift(op, bitwise::lshift) },
    Row { code: 2009, name: "OP_BIT_RSHIFT", keys: SHIFT, make: |op| shift(op, bitwise::rshift) },
    Row { code: 2010, name: "OP_BIT_ADD", keys: SUM, make: |op| sum(op, bitwise::add) },
    Row { code: 2011, name: "OP_BIT_SUBTRACT", keys: SUM, make: |op| sum(op, bitwise::subtract) },
    Row {
        code: 2012,
        name: "OP_BIT_GET_INT",
        keys: &["bin", "bit_offset", "bit_size", "signed", "ctx"],
        make: |op| {
            let ((offset, size), signed) = (bits(op)?, op.flag("signed")?);
            op.on_bin(|bin| bitwise::get_int(bin, offset, size, signed))
        },
    },
    Row {
        code: 2013,
        name: "OP_BIT_SET_INT",
        keys: &["bin", "bit_offset", "bit_size", "value", "policy", "ctx"],
        make: |op| {
            let (policy, (offset, size), value) = (policy(op)?, bits(op)?, integer(op)?);
            op.on_bin(|bin| bitwise::set_int(bin, offset, size, value, &policy))
        },
    },
    Row {
        code: 2014,
        name: "OP_BIT_GET",
        keys: &["bin", "bit_offset", "bit_size", "ctx"],
        make: |op| {
            let (offset, size) = bits(op)?;
            op.on_bin(|bin| bitwise::get(bin, offset, size))
        },
    },
    Row {
        code: 2015,
        name: "OP_BIT_COUNT",
        keys: &["bin", "bit_offset", "bit_size", "ctx"],
        make: |op| {
            let (offset, size) = bits(op)?;
            op.on_bin(|bin| bitwise::count(bin, offset, size))
        },
    },
    Row { code: 2016, name: "OP_BIT_LSCAN", keys: SCAN, make: |op| scan(op, bitwise::lscan) },
    Row { code: 2017, name: "OP_BIT_RSCAN", keys: SCAN, make: |op| scan(op, bitwise::rscan) },
    Row {
        code: 2018,
        name: "OP_BIT_B64_ENCODE",
        keys: &["bin", "byte_offset", "byte_size", "invert_size", "ctx"],
        make: |op| {
            let invert = op.flag("invert_size")?;
            let (offset, size) = (op.optional_int("byte_offset")?, op.optional_int("byte_size")?);
            match size {
                Some(size) => op.on_bin(|bin| {
                    bitwise::b64_encode_range(bin, offset.unwrap_or_default(), size, invert)
                }),
                None if offset.unwrap_or_default() == 0 && !invert => {
                    op.on_bin(bitwise::b64_encode)
                }
                None => Err(op.missing("byte_size")),
            }
        },
    },
];

const COMBINE: &[&str] =
    &["bin", "bit_offset", "bit_size", "value", "value_byte_size", "policy", "ctx"];
const SHIFT: &[&str] = &["bin", "bit_offset", "bit_size", "shift", "policy", "ctx"];
const SUM: &[&str] =
    &["bin", "bit_offset", "bit_size", "value", "signed", "action", "policy", "ctx"];
const SCAN: &[&str] = &["bin", "bit_offset", "bit_size", "value", "ctx"];

const RESIZE_FLAGS: &[(u8, &str)] =
    &[(1, "BIT_RESIZE_FROM_FRONT"), (2, "BIT_RESIZE_GROW_ONLY"), (4, "BIT_RESIZE_SHRINK_ONLY")];

const WRITE_FLAGS: &[(u8, &str)] = &[
    (1, "BIT_WRITE_CREATE_ONLY"),
    (2, "BIT_WRITE_UPDATE_ONLY"),
    (4, "BIT_WRITE_NO_FAIL"),
    (8, "BIT_WRITE_PARTIAL"),
];

#[derive(Clone, Copy)]
enum Overflow {
    Fail,
    Saturate,
    Wrap,
}

const OVERFLOWS: &[(i64, &str, Overflow)] = &[
    (0, "BIT_OVERFLOW_FAIL", Overflow::Fail),
    (2, "BIT_OVERFLOW_SATURATE", Overflow::Saturate),
    (4, "BIT_OVERFLOW_WRAP", Overflow::Wrap),
];

const POLICY: &[table::Row<u8>] = &[("bit_write_flags", |flags, field| {
    *flags = field.flags(WRITE_FLAGS)?;
    Ok(())
})];

/// The policy, a dict or its flags alone.
fn policy(op: &Arguments<'_, '_>) -> PyResult<BitPolicy> {
    let mut flags = 0;
    if let Some(field) = op.field("policy")? {
        if field.value.is_instance_of::<PyInt>() {
            flags = field.flags(WRITE_FLAGS)?;
        } else {
            table::apply(field.value, "policy", &[POLICY], &mut flags)?;
        }
    }
    Ok(BitPolicy::new(BitwiseWriteFlags::from_bits(flags)))
}

/// Where the bits begin, and how many they are.
fn bits(op: &Arguments<'_, '_>) -> PyResult<(i64, i64)> {
    Ok((op.int("bit_offset")?, op.int("bit_size")?))
}

/// Bytes to write, or as many of them as the argument for that says.
fn bytes(op: &Arguments<'_, '_>) -> PyResult<Value> {
    let is_blob = |value: &Value| matches!(value, Value::Blob(_));
    let value = op.value_of("value", is_blob, "bytes")?;
    match (value, op.field("value_byte_size")?) {
        (Value::Blob(mut bytes), Some(field)) => {
            let size = field.int_in(0..=bytes.len() as i64)?;
            bytes.truncate(size as usize);
            Ok(Value::Blob(bytes))
        }
        (value, _) => Ok(value),
    }
}

/// An int of up to 64 bits, with a sign or without: the bits are what counts.
fn integer(op: &Arguments<'_, '_>) -> PyResult<i64> {
    let field = op.required("value")?;
    match field.unsigned() {
        Some(bits) => Ok(bits.cast_signed()),
        None => field.int(),
    }
}

type Combine = fn(String, i64, i64, Value, &BitPolicy) -> Operation;

fn combine(op: &Arguments<'_, '_>, make: Combine) -> PyResult<Made> {
    let (policy, (offset, size), value) = (policy(op)?, bits(op)?, bytes(op)?);
    op.on_bin(|bin| make(bin, offset, size, value, &policy))
}

type Shift = fn(String, i64, i64, i64, &BitPolicy) -> Operation;

fn shift(op: &Arguments<'_, '_>, make: Shift) -> PyResult<Made> {
    let (policy, (offset, size), by) = (policy(op)?, bits(op)?, op.int("shift")?);
    op.on_bin(|bin| make(bin, offset, size, by, &policy))
}

type Sum = fn(String, i64, i64, i64, bool, BitwiseOverflowActions, &BitPolicy) -> Operation;

fn sum(op: &Arguments<'_, '_>, make: Sum) -> PyResult<Made> {
    let (policy, (offset, size), value) = (policy(op)?, bits(op)?, integer(op)?);
    let action = op.field("action")?.map(|field| field.choice(OVERFLOWS)).transpose()?;
    let action = match action.unwrap_or(Overflow::Fail) {
        Overflow::Fail => BitwiseOverflowActions::Fail,
        Overflow::Saturate => BitwiseOverflowActions::Saturate,
        Overflow::Wrap => BitwiseOverflowActions::Wrap,
    };
    let signed = op.flag("signed")?;
    op.on_bin(|bin| make(bin, offset, size, value, signed, action, &policy))
}

type Scan = fn(String, i64, i64, bool) -> Operation;

fn scan(op: &Arguments<'_, '_>, make: Scan) -> PyResult<Made> {
    let ((offset, size), value) = (bits(op)?, op.required("value")?.bool()?);
    op.on_bin(|bin| make(bin, offset, size, value))
}
