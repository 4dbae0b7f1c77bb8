//! Operations that read or write what an expression results in.

use aerospike_core::operations::exp::{ExpReadFlags, ExpWriteFlags, read_exp, write_exp};
use pyo3::prelude::*;

use super::answer::{Answer, Kind};
use super::arguments::Arguments;
use super::{Made, Row};

const KEYS: &[&str] = &["bin", "expression", "flags"];

pub const ROWS: &[Row] = &[
    Row { code: 2200, name: "OP_EXPR_READ", keys: KEYS, make: read },
    Row { code: 2201, name: "OP_EXPR_WRITE", keys: KEYS, make: write },
];

const READ_FLAGS: &[(u8, &str)] = &[(16, "EXP_READ_EVAL_NO_FAIL")];

const WRITE_FLAGS: &[(u8, &str)] = &[
    (1, "EXP_WRITE_CREATE_ONLY"),
    (2, "EXP_WRITE_UPDATE_ONLY"),
    (4, "EXP_WRITE_ALLOW_DELETE"),
    (8, "EXP_WRITE_POLICY_NO_FAIL"),
    (16, "EXP_WRITE_EVAL_NO_FAIL"),
];

/// What is read has the name of the bin, which need not exist.
fn read(op: &Arguments<'_, '_>) -> PyResult<Made> {
    let bin = op.bin()?;
    let flags = ExpReadFlags::from_bits(op.flags("flags", READ_FLAGS)?.into());
    let operation = read_exp(bin.as_str(), op.required("expression")?.expression()?, flags);
    Ok(Made { operation, answer: Answer { bin, kind: Kind::Value }, expiration: None })
}

fn write(op: &Arguments<'_, '_>) -> PyResult<Made> {
    let bin = op.bin()?;
    let flags = ExpWriteFlags::from_bits(op.flags("flags", WRITE_FLAGS)?.into());
    let operation = write_exp(bin.as_str(), op.required("expression")?.expression()?, flags);
    Ok(Made { operation, answer: Answer { bin, kind: Kind::Nil }, expiration: None })
}
