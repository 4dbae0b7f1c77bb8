//! Operations on maps.

use aerospike_core::operations::{MapOrder, MapPolicy, MapReturnType, MapWriteFlags, maps};
use aerospike_core::{IndexMap, Value};
use pyo3::prelude::*;

use super::Row;
use super::arguments::Arguments;
use super::scalar::is_number;
use crate::convert::table::{self, Field};

pub const ROWS: &[Row] = &[
    Row {
        code: 1101,
        name: "OP_MAP_SET_POLICY",
        keys: &["bin", "policy", "ctx"],
        make: |op| {
            let (policy, context) = (policy(op)?, op.context()?);
            op.on_bin(|bin| maps::set_policy(&policy, bin, context))
        },
    },
    Row {
        code: 1102,
        name: "OP_MAP_PUT",
        keys: &["bin", "key", "val", "policy", "ctx"],
        make: |op| {
            let (policy, key, value) = (policy(op)?, op.map_key("key")?, op.value("val")?);
            op.on_bin(|bin| match value {
                // aerospike-core's `put` leaves a nil out, and the server takes what comes next.
                Value::Nil => maps::put_items(&policy, bin, IndexMap::from([(key, value)])),
                value => maps::put(&policy, bin, key, value),
            })
        },
    },
    Row {
        code: 1103,
        name: "OP_MAP_PUT_ITEMS",
        keys: &["bin", "items", "policy", "ctx"],
        make: |op| {
            let (policy, items) = (policy(op)?, op.items("items")?);
            op.on_bin(|bin| maps::put_items(&policy, bin, items))
        },
    },
    Row {
        code: 1104,
        name: "OP_MAP_INCREMENT",
        keys: &["bin", "key", "incr", "policy", "ctx"],
        make: |op| {
            let (policy, key) = (policy(op)?, op.map_key("key")?);
            let by = op.value_of("incr", is_number, "int or float")?;
            op.on_bin(|bin| maps::increment_value(&policy, bin, key, by))
        },
    },
    Row {
        code: 1105,
        name: "OP_MAP_DECREMENT",
        keys: &["bin", "key", "decr", "policy", "ctx"],
        make: |op| {
            let (policy, key) = (policy(op)?, op.map_key("key")?);
            let by = op.value_of("decr", is_number, "int or float")?;
            op.on_bin(|bin| maps::decrement_value(&policy, bin, key, by))
        },
    },
    Row {
        code: 1106,
        name: "OP_MAP_SIZE",
        keys: &["bin", "ctx"],
        make: |op| op.on_bin(maps::size),
    },
    Row {
        code: 1107,
        name: "OP_MAP_CLEAR",
        keys: &["bin", "ctx"],
        make: |op| op.on_bin(maps::clear),
    },
    Row {
        code: 1108,
        name: "OP_MAP_REMOVE_BY_KEY",
        keys: &["bin", "key", "return_type", "ctx"],
        make: |op| {
            let (key, returned) = (op.operand("key")?, return_type(op)?);
            op.on_bin(|bin| maps::remove_by_key(bin, key, returned))
        },
    },
    Row {
        code: 1109,
        name: "OP_MAP_REMOVE_BY_KEY_LIST",
        keys: &["bin", "keys", "return_type", "inverted", "ctx"],
        make: |op| {
            let (keys, returned) = (op.operands("keys")?, return_type(op)?);
            op.on_bin(|bin| maps::remove_by_key_list(bin, keys, returned))
        },
    },
    Row {
        code: 1110,
        name: "OP_MAP_REMOVE_BY_KEY_RANGE",
        keys: &["bin", "begin", "end", "return_type", "inverted", "ctx"],
        make: |op| {
            let ((begin, end), returned) = (op.range()?, return_type(op)?);
            op.on_bin(|bin| maps::remove_by_key_range(bin, begin, end, returned))
        },
    },
    Row {
        code: 1111,
        name: "OP_MAP_REMOVE_BY_VALUE",
        keys: &["bin", "val", "return_type", "inverted", "ctx"],
        make: |op| {
            let (value, returned) = (op.operand("val")?, return_type(op)?);
            op.on_bin(|bin| maps::remove_by_value(bin, value, returned))
        },
    },
    Row {
        code: 1112,
        name: "OP_MAP_REMOVE_BY_VALUE_LIST",
        keys: &["bin", "values", "return_type", "inverted", "ctx"],
        make: |op| {
            let (values, returned) = (op.operands("values")?, return_type(op)?);
            op.on_bin(|bin| maps::remove_by_value_list(bin, values, returned))
        },
    },
    Row {
        code: 1113,
        name: "OP_MAP_REMOVE_BY_VALUE_RANGE",
        keys: &["bin", "begin", "end", "return_type", "inverted", "ctx"],
        make: |op| {
            let ((begin, end), returned) = (op.range()?, return_type(op)?);
            op.on_bin(|bin| maps::remove_by_value_range(bin, begin, end, returned))
        },
    },
    Row {
        code: 1114,
        name: "OP_MAP_REMOVE_BY_INDEX",
        keys: &["bin", "index", "return_type", "ctx"],
        make: |op| {
            let (index, returned) = (op.int("index")?, return_type(op)?);
            op.on_bin(|bin| maps::remove_by_index(bin, index, returned))
        },
    },
    Row {
        code: 1115,
        name: "OP_MAP_REMOVE_BY_INDEX_RANGE",
        keys: &["bin", "index", "count", "return_type", "inverted", "ctx"],
        make: |op| {
            let (index, returned) = (op.int("index")?, return_type(op)?);
            let count = op.optional_int("count")?;
            op.on_bin(|bin| match count {
                Some(count) => maps::remove_by_index_range(bin, index, count, returned),
                None => maps::remove_by_index_range_from(bin, index, returned),
            })
        },
    },
    Row {
        code: 1116,
        name: "OP_MAP_REMOVE_BY_RANK",
        keys: &["bin", "rank", "return_type", "ctx"],
        make: |op| {
            let (rank, returned) = (op.int("rank")?, return_type(op)?);
            op.on_bin(|bin| maps::remove_by_rank(bin, rank, returned))
        },
    },
    Row {
        code: 1117,
        name: "OP_MAP_REMOVE_BY_RANK_RANGE",
        keys: &["bin", "rank", "count", "return_type", "inverted", "ctx"],
        make: |op| {
            let (rank, returned) = (op.int("rank")?, return_type(op)?);
            let count = op.optional_int("count")?;
            op.on_bin(|bin| match count {
                Some(count) => maps::remove_by_rank_range(bin, rank, count, returned),
                None => maps::remove_by_rank_range_from(bin, rank, returned),
            })
        },
    },
    Row {
        code: 1118,
        name: "OP_MAP_GET_BY_KEY",
        keys: &["bin", "key", "return_type", "ctx"],
        make: |op| {
            let (key, returned) = (op.operand("key")?, return_type(op)?);
            op.on_bin(|bin| maps::get_by_key(bin, key, returned))
        },
    },
    Row {
        code: 1119,
        name: "OP_MAP_GET_BY_KEY_RANGE",
        keys: &["bin", "begin", "end", "return_type", "inverted", "ctx"],
        make: |op| {
            let ((begin, end), returned) = (op.range()?, return_type(op)?);
            op.on_bin(|bin| maps::get_by_key_range(bin, begin, end, returned))
        },
    },
    Row {
        code: 1120,
        name: "OP_MAP_GET_BY_VALUE",
        keys: &["bin", "val", "return_type", "inverted", "ctx"],
        make: |op| {
            let (value, returned) = (op.operand("val")?, return_type(op)?);
            op.on_bin(|bin| maps::get_by_value(bin, value, returned))
        },
    },
    Row {
        code: 1121,
        name: "OP_MAP_GET_BY_VALUE_RANGE",
        keys: &["bin", "begin", "end", "return_type", "inverted", "ctx"],
        make: |op| {
            let ((begin, end), returned) = (op.range()?, return_type(op)?);
            op.on_bin(|bin| maps::get_by_value_range(bin, begin, end, returned))
        },
    },
    Row {
        code: 1122,
        name: "OP_MAP_GET_BY_INDEX",
        keys: &["bin", "index", "return_type", "ctx"],
        make: |op| {
            let (index, returned) = (op.int("index")?, return_type(op)?);
            op.on_bin(|bin| maps::get_by_index(bin, index, returned))
        },
    },
    Row {
        code: 1123,
        name: "OP_MAP_GET_BY_INDEX_RANGE",
        keys: &["bin", "index", "count", "return_type", "inverted", "ctx"],
        make: |op| {
            let (index, returned) = (op.int("index")?, return_type(op)?);
            let count = op.optional_int("count")?;
            op.on_bin(|bin| match count {
                Some(count) => maps::get_by_index_range(bin, index, count, returned),
                None => maps::get_by_index_range_from(bin, index, returned),
            })
        },
    },
    Row {
        code: 1124,
        name: "OP_MAP_GET_BY_RANK",
        keys: &["bin", "rank", "return_type", "ctx"],
        make: |op| {
            let (rank, returned) = (op.int("rank")?, return_type(op)?);
            op.on_bin(|bin| maps::get_by_rank(bin, rank, returned))
        },
    },
    Row {
        code: 1125,
        name: "OP_MAP_GET_BY_RANK_RANGE",
        keys: &["bin", "rank", "count", "return_type", "inverted", "ctx"],
        make: |op| {
            let (rank, returned) = (op.int("rank")?, return_type(op)?);
            let count = op.optional_int("count")?;
            op.on_bin(|bin| match count {
                Some(count) => maps::get_by_rank_range(bin, rank, count, returned),
                None => maps::get_by_rank_range_from(bin, rank, returned),
            })
        },
    },
    Row {
        code: 1126,
        name: "OP_MAP_GET_BY_VALUE_LIST",
        keys: &["bin", "values", "return_type", "inverted", "ctx"],
        make: |op| {
            let (values, returned) = (op.operands("values")?, return_type(op)?);
            op.on_bin(|bin| maps::get_by_value_list(bin, values, returned))
        },
    },
    Row {
        code: 1127,
        name: "OP_MAP_GET_BY_KEY_LIST",
        keys: &["bin", "keys", "return_type", "inverted", "ctx"],
        make: |op| {
            let (keys, returned) = (op.operands("keys")?, return_type(op)?);
            op.on_bin(|bin| maps::get_by_key_list(bin, keys, returned))
        },
    },
    Row {
        code: 1128,
        name: "OP_MAP_REMOVE_BY_VALUE_RANK_RANGE_REL",
        keys: &["bin", "val", "offset", "count", "return_type", "inverted", "ctx"],
        make: |op| {
            let (value, offset) = (op.operand("val")?, op.int("offset")?);
            let (count, returned) = (op.optional_int("count")?, return_type(op)?);
            op.on_bin(|bin| match count {
                Some(count) => maps::remove_by_value_relative_rank_range_count(
                    bin, value, offset, count, returned,
                ),
                None => maps::remove_by_value_relative_rank_range(bin, value, offset, returned),
            })
        },
    },
    Row {
        code: 1129,
        name: "OP_MAP_REMOVE_BY_KEY_INDEX_RANGE_REL",
        keys: &["bin", "key", "offset", "count", "return_type", "inverted", "ctx"],
        make: |op| {
            let (key, offset) = (op.operand("key")?, op.int("offset")?);
            let (count, returned) = (op.optional_int("count")?, return_type(op)?);
            op.on_bin(|bin| match count {
                Some(count) => maps::remove_by_key_relative_index_range_count(
                    bin, key, offset, count, returned,
                ),
                None => maps::remove_by_key_relative_index_range(bin, key, offset, returned),
            })
        },
    },
    Row {
        code: 1130,
        name: "OP_MAP_GET_BY_VALUE_RANK_RANGE_REL",
        keys: &["bin", "val", "offset", "count", "return_type", "inverted", "ctx"],
        make: |op| {
            let (value, offset) = (op.operand("val")?, op.int("offset")?);
            let (count, returned) = (op.optional_int("count")?, return_type(op)?);
            op.on_bin(|bin| match count {
                Some(count) => maps::get_by_value_relative_rank_range_count(
                    bin, value, offset, count, returned,
                ),
                None => maps::get_by_value_relative_rank_range(bin, value, offset, returned),
            })
        },
    },
    Row {
        code: 1131,
        name: "OP_MAP_GET_BY_KEY_INDEX_RANGE_REL",
        keys: &["bin", "key", "offset", "count", "return_type", "inverted", "ctx"],
        make: |op| {
            let (key, offset) = (op.operand("key")?, op.int("offset")?);
            let (count, returned) = (op.optional_int("count")?, return_type(op)?);
            op.on_bin(|bin| match count {
                Some(count) => {
                    maps::get_by_key_relative_index_range_count(bin, key, offset, count, returned)
                }
                None => maps::get_by_key_relative_index_range(bin, key, offset, returned),
            })
        },
    },
    Row {
        code: 1144,
        name: "OP_MAP_CREATE",
        keys: &["bin", "map_order", "persist_index", "ctx"],
        make: |op| {
            let (order, context) = (order(op, "map_order")?, op.context()?);
            // Only the index of a map at the top of a bin can be stored.
            let persist = op.flag("persist_index")? && context.is_empty();
            op.on_bin(|bin| match persist {
                true => maps::create_with_index(bin, order),
                false => maps::create(bin, order, context),
            })
        },
    },
];

const RETURNS: &[(i64, &str, MapReturnType)] = &[
    (0, "MAP_RETURN_NONE", MapReturnType::NONE),
    (1, "MAP_RETURN_INDEX", MapReturnType::INDEX),
    (2, "MAP_RETURN_REVERSE_INDEX", MapReturnType::REVERSE_INDEX),
    (3, "MAP_RETURN_RANK", MapReturnType::RANK),
    (4, "MAP_RETURN_REVERSE_RANK", MapReturnType::REVERSE_RANK),
    (5, "MAP_RETURN_COUNT", MapReturnType::COUNT),
    (6, "MAP_RETURN_KEY", MapReturnType::KEY),
    (7, "MAP_RETURN_VALUE", MapReturnType::VALUE),
    (8, "MAP_RETURN_KEY_VALUE", MapReturnType::KEY_VALUE),
    (13, "MAP_RETURN_EXISTS", MapReturnType::EXISTS),
    (16, "MAP_RETURN_UNORDERED_MAP", MapReturnType::UNORDERED_MAP),
    (17, "MAP_RETURN_ORDERED_MAP", MapReturnType::ORDERED_MAP),
];

const ORDERS: &[(i64, &str, MapOrder)] = &[
    (0, "MAP_UNORDERED", MapOrder::Unordered),
    (1, "MAP_KEY_ORDERED", MapOrder::KeyOrdered),
    (3, "MAP_KEY_VALUE_ORDERED", MapOrder::KeyValueOrdered),
];

const WRITE_FLAGS: &[(u8, &str)] = &[
    (1, "MAP_WRITE_FLAGS_CREATE_ONLY"),
    (2, "MAP_WRITE_FLAGS_UPDATE_ONLY"),
    (4, "MAP_WRITE_FLAGS_NO_FAIL"),
    (8, "MAP_WRITE_FLAGS_PARTIAL"),
];

const POLICY: &[table::Row<Policy>] = &[
    ("map_order", |policy, field| field.once(&mut policy.order, "order", map_order)),
    ("order", |policy, field| field.once(&mut policy.order, "map_order", map_order)),
    ("map_write_flags", |policy, field| field.once(&mut policy.flags, "write_mode", write_flags)),
    ("write_mode", |policy, field| field.once(&mut policy.flags, "map_write_flags", write_flags)),
    ("persist_index", |policy, field| {
        policy.persist_index = field.bool()?;
        Ok(())
    }),
];

#[derive(Default)]
struct Policy {
    order: Option<MapOrder>,
    flags: Option<u8>,
    persist_index: bool,
}

fn policy(op: &Arguments<'_, '_>) -> PyResult<MapPolicy> {
    let mut policy = Policy::default();
    if let Some(field) = op.field("policy")? {
        table::apply(field.value, "policy", &[POLICY], &mut policy)?;
    }
    let order = policy.order.unwrap_or(MapOrder::Unordered);
    let flags = MapWriteFlags::from_bits(policy.flags.unwrap_or_default());
    Ok(match policy.persist_index {
        true => MapPolicy::with_persisted_index(order, flags),
        false => MapPolicy::new(order, flags),
    })
}

fn map_order(field: &Field<'_, '_>) -> PyResult<MapOrder> {
    field.choice(ORDERS)
}

fn write_flags(field: &Field<'_, '_>) -> PyResult<u8> {
    field.flags(WRITE_FLAGS)
}

/// The order that an argument names, unordered unless it is given.
pub fn order(arguments: &Arguments<'_, '_>, name: &'static str) -> PyResult<MapOrder> {
    let order = arguments.field(name)?.map(|field| map_order(&field)).transpose()?;
    Ok(order.unwrap_or(MapOrder::Unordered))
}

fn return_type(op: &Arguments<'_, '_>) -> PyResult<MapReturnType> {
    let (returned, inverted) = op.return_type(RETURNS, "MAP_RETURN_INVERTED")?;
    Ok(if inverted { returned.inverted() } else { returned })
}
