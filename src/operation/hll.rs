//! Operations on HyperLogLogs. The server has them at the top of a bin only.

use aerospike_core::Value;
use aerospike_core::operations::Operation;
use aerospike_core::operations::hll::{self, HllPolicy, HllWriteFlags};
use pyo3::prelude::*;

use super::arguments::Arguments;
use super::{Made, Row};
use crate::convert::table;

pub const ROWS: &[Row] = &[
    Row {
        code: 2100,
        name: "OP_HLL_ADD",
        keys: &["bin", "values", "index_bit_count", "minhash_bit_count", "policy"],
        make: |op| {
            let (policy, values, (index, minhash)) = (policy(op)?, op.values("values")?, size(op)?);
            op.on_bin(|bin| hll::add_with_index_and_min_hash(&policy, bin, values, index, minhash))
        },
    },
    Row {
        code: 2101,
        name: "OP_HLL_DESCRIBE",
        keys: &["bin"],
        make: |op| op.on_bin(hll::describe),
    },
    Row {
        code: 2102,
        name: "OP_HLL_FOLD",
        keys: &["bin", "index_bit_count"],
        make: |op| {
            let bits = op.int("index_bit_count")?;
            op.on_bin(|bin| hll::fold(bin, bits))
        },
    },
    Row {
        code: 2103,
        name: "OP_HLL_GET_COUNT",
        keys: &["bin"],
        make: |op| op.on_bin(hll::get_count),
    },
    Row {
        code: 2104,
        name: "OP_HLL_GET_INTERSECT_COUNT",
        keys: &["bin", "values"],
        make: |op| with_others(op, hll::get_intersect_count),
    },
    Row {
        code: 2105,
        name: "OP_HLL_GET_SIMILARITY",
        keys: &["bin", "values"],
        make: |op| with_others(op, hll::get_similarity),
    },
    Row {
        code: 2106,
        name: "OP_HLL_GET_UNION",
        keys: &["bin", "values"],
        make: |op| with_others(op, hll::get_union),
    },
    Row {
        code: 2107,
        name: "OP_HLL_GET_UNION_COUNT",
        keys: &["bin", "values"],
        make: |op| with_others(op, hll::get_union_count),
    },
    Row {
        code: 2108,
        name: "OP_HLL_INIT",
        keys: &["bin", "index_bit_count", "minhash_bit_count", "policy"],
        make: |op| {
            let (policy, (index, minhash)) = (policy(op)?, size(op)?);
            op.on_bin(|bin| hll::init_with_min_hash(&policy, bin, index, minhash))
        },
    },
    Row {
        code: 2109,
        name: "OP_HLL_REFRESH_COUNT",
        keys: &["bin"],
        make: |op| op.on_bin(hll::refresh_count),
    },
    Row {
        code: 2110,
        name: "OP_HLL_SET_UNION",
        keys: &["bin", "values", "policy"],
        make: |op| {
            let (policy, others) = (policy(op)?, others(op)?);
            op.on_bin(|bin| hll::set_union(&policy, bin, others))
        },
    },
];

const WRITE_FLAGS: &[(u8, &str)] = &[
    (1, "HLL_WRITE_CREATE_ONLY"),
    (2, "HLL_WRITE_UPDATE_ONLY"),
    (4, "HLL_WRITE_NO_FAIL"),
    (8, "HLL_WRITE_ALLOW_FOLD"),
];

const POLICY: &[table::Row<u8>] = &[("flags", |flags, field| {
    *flags = field.flags(WRITE_FLAGS)?;
    Ok(())
})];

fn policy(op: &Arguments<'_, '_>) -> PyResult<HllPolicy> {
    let mut flags = 0;
    if let Some(field) = op.field("policy")? {
        table::apply(field.value, "policy", &[POLICY], &mut flags)?;
    }
    Ok(HllPolicy::new(HllWriteFlags::from_bits(flags)))
}

/// The bits of index and minhash, -1 where they are those of what exists.
fn size(op: &Arguments<'_, '_>) -> PyResult<(i64, i64)> {
    let bits = |name| op.optional_int(name).map(|bits| bits.unwrap_or(-1));
    Ok((bits("index_bit_count")?, bits("minhash_bit_count")?))
}

/// Other HyperLogLogs.
fn others(op: &Arguments<'_, '_>) -> PyResult<Vec<Value>> {
    let others = op.values("values")?;
    match others.iter().all(|other| matches!(other, Value::Hll(_))) {
        true => Ok(others),
        false => Err(op.required("values")?.refused("each must be a HyperLogLog")),
    }
}

fn with_others(
    op: &Arguments<'_, '_>,
    make: fn(String, Vec<Value>) -> Operation,
) -> PyResult<Made> {
    let others = others(op)?;
    op.on_bin(|bin| make(bin, others))
}
