//! Operations on lists.

use aerospike_core::Value;
use aerospike_core::operations::{
    ListOrderType, ListPolicy, ListReturnType, ListSortFlags, ListWriteFlags, lists,
};
use pyo3::prelude::*;

use super::Row;
use super::arguments::Arguments;
use crate::convert::table::{self, Field};

pub const ROWS: &[Row] = &[
    Row {
        code: 1001,
        name: "OP_LIST_APPEND",
        keys: &["bin", "val", "policy", "ctx"],
        make: |op| {
            let (policy, value) = (policy(op)?, op.value("val")?);
            op.on_bin(|bin| lists::append(&policy, bin, value))
        },
    },
    Row {
        code: 1002,
        name: "OP_LIST_APPEND_ITEMS",
        keys: &["bin", "values", "policy", "ctx"],
        make: |op| {
            let (policy, values) = (policy(op)?, items(op)?);
            op.on_bin(|bin| lists::append_items(&policy, bin, values))
        },
    },
    Row {
        code: 1003,
        name: "OP_LIST_INSERT",
        keys: &["bin", "index", "val", "policy", "ctx"],
        make: |op| {
            let (policy, index, value) = (policy(op)?, op.int("index")?, op.value("val")?);
            op.on_bin(|bin| lists::insert(&policy, bin, index, value))
        },
    },
    Row {
        code: 1004,
        name: "OP_LIST_INSERT_ITEMS",
        keys: &["bin", "index", "values", "policy", "ctx"],
        make: |op| {
            let (policy, index, values) = (policy(op)?, op.int("index")?, items(op)?);
            op.on_bin(|bin| lists::insert_items(&policy, bin, index, values))
        },
    },
    Row {
        code: 1005,
        name: "OP_LIST_POP",
        keys: &["bin", "index", "ctx"],
        make: |op| {
            let index = op.int("index")?;
            op.on_bin(|bin| lists::pop(bin, index))
        },
    },
    Row {
        code: 1006,
        name: "OP_LIST_POP_RANGE",
        keys: &["bin", "index", "count", "ctx"],
        make: |op| match (op.int("index")?, op.optional_int("count")?) {
            (index, Some(count)) => op.on_bin(|bin| lists::pop_range(bin, index, count)),
            (index, None) => op.on_bin(|bin| lists::pop_range_from(bin, index)),
        },
    },
    Row {
        code: 1007,
        name: "OP_LIST_REMOVE",
        keys: &["bin", "index", "ctx"],
        make: |op| {
            let index = op.int("index")?;
            op.on_bin(|bin| lists::remove(bin, index))
        },
    },
    Row {
        code: 1008,
        name: "OP_LIST_REMOVE_RANGE",
        keys: &["bin", "index", "count", "ctx"],
        make: |op| match (op.int("index")?, op.optional_int("count")?) {
            (index, Some(count)) => op.on_bin(|bin| lists::remove_range(bin, index, count)),
            (index, None) => op.on_bin(|bin| lists::remove_range_from(bin, index)),
        },
    },
    Row {
        code: 1009,
        name: "OP_LIST_CLEAR",
        keys: &["bin", "ctx"],
        make: |op| op.on_bin(lists::clear),
    },
    Row {
        code: 1010,
        name: "OP_LIST_SET",
        keys: &["bin", "index", "val", "policy", "ctx"],
        make: |op| {
            let (policy, index) = (policy(op)?, op.int("index")?);
            let value = op.value_of("val", |value| !value.is_nil(), "a value that is not None")?;
            op.on_bin(|bin| lists::set_with_policy(&policy, bin, index, value))
        },
    },
    Row {
        code: 1011,
        name: "OP_LIST_GET",
        keys: &["bin", "index", "ctx"],
        make: |op| {
            let index = op.int("index")?;
            op.on_bin(|bin| lists::get(bin, index))
        },
    },
    Row {
        code: 1012,
        name: "OP_LIST_GET_RANGE",
        keys: &["bin", "index", "count", "ctx"],
        make: |op| match (op.int("index")?, op.optional_int("count")?) {
            (index, Some(count)) => op.on_bin(|bin| lists::get_range(bin, index, count)),
            (index, None) => op.on_bin(|bin| lists::get_range_from(bin, index)),
        },
    },
    Row {
        code: 1013,
        name: "OP_LIST_TRIM",
        keys: &["bin", "index", "count", "ctx"],
        make: |op| {
            let (index, count) = (op.int("index")?, op.int("count")?);
            op.on_bin(|bin| lists::trim(bin, index, count))
        },
    },
    Row {
        code: 1014,
        name: "OP_LIST_SIZE",
        keys: &["bin", "ctx"],
        make: |op| op.on_bin(lists::size),
    },
    Row {
        code: 1015,
        name: "OP_LIST_INCREMENT",
        keys: &["bin", "index", "val", "policy", "ctx"],
        make: |op| {
            let (policy, index, by) = (policy(op)?, op.int("index")?, op.int("val")?);
            // aerospike-core's `increment` sends the flags where the order belongs.
            if by != 1 && policy != ListPolicy::default() {
                let why = "only an increment by 1 can have another policy than the default";
                return Err(op.required("policy")?.refused(why));
            }
            op.on_bin(|bin| match by {
                1 => lists::increment_by_one_with_policy(&policy, bin, index),
                by => lists::increment(&policy, bin, index, by),
            })
        },
    },
    Row {
        code: 1016,
        name: "OP_LIST_GET_BY_INDEX",
        keys: &["bin", "index", "return_type", "ctx"],
        make: |op| {
            let (index, returned) = (op.int("index")?, return_type(op)?);
            op.on_bin(|bin| lists::get_by_index(bin, index, returned))
        },
    },
    Row {
        code: 1017,
        name: "OP_LIST_GET_BY_INDEX_RANGE",
        keys: &["bin", "index", "count", "return_type", "inverted", "ctx"],
        make: |op| {
            let (index, returned) = (op.int("index")?, return_type(op)?);
            let count = op.optional_int("count")?;
            op.on_bin(|bin| match count {
                Some(count) => lists::get_by_index_range_count(bin, index, count, returned),
                None => lists::get_by_index_range(bin, index, returned),
            })
        },
    },
    Row {
        code: 1018,
        name: "OP_LIST_GET_BY_RANK",
        keys: &["bin", "rank", "return_type", "ctx"],
        make: |op| {
            let (rank, returned) = (op.int("rank")?, return_type(op)?);
            op.on_bin(|bin| lists::get_by_rank(bin, rank, returned))
        },
    },
    Row {
        code: 1019,
        name: "OP_LIST_GET_BY_RANK_RANGE",
        keys: &["bin", "rank", "count", "return_type", "inverted", "ctx"],
        make: |op| {
            let (rank, returned) = (op.int("rank")?, return_type(op)?);
            let count = op.optional_int("count")?;
            op.on_bin(|bin| match count {
                Some(count) => lists::get_by_rank_range_count(bin, rank, count, returned),
                None => lists::get_by_rank_range(bin, rank, returned),
            })
        },
    },
    Row {
        code: 1020,
        name: "OP_LIST_GET_BY_VALUE",
        keys: &["bin", "val", "return_type", "inverted", "ctx"],
        make: |op| {
            let (value, returned) = (op.operand("val")?, return_type(op)?);
            op.on_bin(|bin| lists::get_by_value(bin, value, returned))
        },
    },
    Row {
        code: 1021,
        name: "OP_LIST_GET_BY_VALUE_LIST",
        keys: &["bin", "values", "return_type", "inverted", "ctx"],
        make: |op| {
            let (values, returned) = (op.operands("values")?, return_type(op)?);
            op.on_bin(|bin| lists::get_by_value_list(bin, values, returned))
        },
    },
    Row {
        code: 1022,
        name: "OP_LIST_GET_BY_VALUE_RANGE",
        keys: &["bin", "begin", "end", "return_type", "inverted", "ctx"],
        make: |op| {
            let ((begin, end), returned) = (op.range()?, return_type(op)?);
            op.on_bin(|bin| lists::get_by_value_range(bin, begin, end, returned))
        },
    },
    Row {
        code: 1023,
        name: "OP_LIST_REMOVE_BY_INDEX",
        keys: &["bin", "index", "return_type", "ctx"],
        make: |op| {
            let (index, returned) = (op.int("index")?, return_type(op)?);
            op.on_bin(|bin| lists::remove_by_index(bin, index, returned))
        },
    },
    Row {
        code: 1024,
        name: "OP_LIST_REMOVE_BY_INDEX_RANGE",
        keys: &["bin", "index", "count", "return_type", "inverted", "ctx"],
        make: |op| {
            let (index, returned) = (op.int("index")?, return_type(op)?);
            let count = op.optional_int("count")?;
            op.on_bin(|bin| match count {
                Some(count) => lists::remove_by_index_range_count(bin, index, count, returned),
                None => lists::remove_by_index_range(bin, index, returned),
            })
        },
    },
    Row {
        code: 1025,
        name: "OP_LIST_REMOVE_BY_RANK",
        keys: &["bin", "rank", "return_type", "ctx"],
        make: |op| {
            let (rank, returned) = (op.int("rank")?, return_type(op)?);
            op.on_bin(|bin| lists::remove_by_rank(bin, rank, returned))
        },
    },
    Row {
        code: 1026,
        name: "OP_LIST_REMOVE_BY_RANK_RANGE",
        keys: &["bin", "rank", "count", "return_type", "inverted", "ctx"],
        make: |op| {
            let (rank, returned) = (op.int("rank")?, return_type(op)?);
            let count = op.optional_int("count")?;
            op.on_bin(|bin| match count {
                Some(count) => lists::remove_by_rank_range_count(bin, rank, count, returned),
                None => lists::remove_by_rank_range(bin, rank, returned),
            })
        },
    },
    Row {
        code: 1027,
        name: "OP_LIST_REMOVE_BY_VALUE",
        keys: &["bin", "val", "return_type", "inverted", "ctx"],
        make: |op| {
            let (value, returned) = (op.operand("val")?, return_type(op)?);
            op.on_bin(|bin| lists::remove_by_value(bin, value, returned))
        },
    },
    Row {
        code: 1028,
        name: "OP_LIST_REMOVE_BY_VALUE_LIST",
        keys: &["bin", "values", "return_type", "inverted", "ctx"],
        make: |op| {
            let (values, returned) = (op.operands("values")?, return_type(op)?);
            op.on_bin(|bin| lists::remove_by_value_list(bin, values, returned))
        },
    },
    Row {
        code: 1029,
        name: "OP_LIST_REMOVE_BY_VALUE_RANGE",
        keys: &["bin", "begin", "end", "return_type", "inverted", "ctx"],
        make: |op| {
            let ((begin, end), returned) = (op.range()?, return_type(op)?);
            op.on_bin(|bin| lists::remove_by_value_range(bin, returned, begin, end))
        },
    },
    Row {
        code: 1030,
        name: "OP_LIST_SET_ORDER",
        keys: &["bin", "list_order", "ctx"],
        make: |op| {
            let order = order(op, "list_order")?;
            op.on_bin(|bin| lists::set_order(bin, order))
        },
    },
    Row {
        code: 1031,
        name: "OP_LIST_SORT",
        keys: &["bin", "sort_flags", "ctx"],
        make: |op| {
            let flags = ListSortFlags::from_bits(op.flags("sort_flags", SORT_FLAGS)?);
            op.on_bin(|bin| lists::sort(bin, flags))
        },
    },
    Row {
        code: 1032,
        name: "OP_LIST_REMOVE_BY_VALUE_RANK_RANGE_REL",
        keys: &["bin", "val", "offset", "count", "return_type", "inverted", "ctx"],
        make: |op| {
            let (value, offset) = (op.operand("val")?, op.int("offset")?);
            let (count, returned) = (op.optional_int("count")?, return_type(op)?);
            op.on_bin(|bin| match count {
                Some(count) => lists::remove_by_value_relative_rank_range_count(
                    bin, returned, value, offset, count,
                ),
                None => lists::remove_by_value_relative_rank_range(bin, returned, value, offset),
            })
        },
    },
    Row {
        code: 1033,
        name: "OP_LIST_GET_BY_VALUE_RANK_RANGE_REL",
        keys: &["bin", "val", "offset", "count", "return_type", "inverted", "ctx"],
        make: |op| {
            let (value, offset) = (op.operand("val")?, op.int("offset")?);
            let (count, returned) = (op.optional_int("count")?, return_type(op)?);
            op.on_bin(|bin| match count {
                Some(count) => lists::get_by_value_relative_rank_range_count(
                    bin, value, offset, count, returned,
                ),
                None => lists::get_by_value_relative_rank_range(bin, value, offset, returned),
            })
        },
    },
    Row {
        code: 1041,
        name: "OP_LIST_CREATE",
        keys: &["bin", "list_order", "pad", "persist_index", "ctx"],
        make: |op| {
            let order = order(op, "list_order")?;
            let (pad, persist) = (op.flag("pad")?, op.flag("persist_index")?);
            op.on_bin(|bin| lists::create_persistent(bin, order, pad, persist))
        },
    },
    Row {
        code: 1042,
        name: "OP_LIST_JOIN",
        keys: &["bin", "separator", "ctx"],
        make: |op| {
            let separator = op.field("separator")?;
            let separator = separator.map(|field| field.text().map(str::to_owned)).transpose()?;
            op.on_bin(|bin| match separator {
                Some(separator) => lists::join_by_separator(bin, separator),
                None => lists::join(bin),
            })
        },
    },
];

const RETURNS: &[(i64, &str, ListReturnType)] = &[
    (0, "LIST_RETURN_NONE", ListReturnType::NONE),
    (1, "LIST_RETURN_INDEX", ListReturnType::INDEX),
    (2, "LIST_RETURN_REVERSE_INDEX", ListReturnType::REVERSE_INDEX),
    (3, "LIST_RETURN_RANK", ListReturnType::RANK),
    (4, "LIST_RETURN_REVERSE_RANK", ListReturnType::REVERSE_RANK),
    (5, "LIST_RETURN_COUNT", ListReturnType::COUNT),
    (7, "LIST_RETURN_VALUE", ListReturnType::VALUES),
    (13, "LIST_RETURN_EXISTS", ListReturnType::EXISTS),
];

const ORDERS: &[(i64, &str, ListOrderType)] =
    &[(0, "LIST_UNORDERED", ListOrderType::Unordered), (1, "LIST_ORDERED", ListOrderType::Ordered)];

const WRITE_FLAGS: &[(u8, &str)] = &[
    (1, "LIST_WRITE_ADD_UNIQUE"),
    (2, "LIST_WRITE_INSERT_BOUNDED"),
    (4, "LIST_WRITE_NO_FAIL"),
    (8, "LIST_WRITE_PARTIAL"),
];

const SORT_FLAGS: &[(u8, &str)] = &[(1, "LIST_SORT_DESCENDING"), (2, "LIST_SORT_DROP_DUPLICATES")];

const POLICY: &[table::Row<Policy>] = &[
    ("list_order", |policy, field| field.once(&mut policy.order, "order", list_order)),
    ("order", |policy, field| field.once(&mut policy.order, "list_order", list_order)),
    ("write_flags", |policy, field| field.once(&mut policy.flags, "flags", write_flags)),
    ("flags", |policy, field| field.once(&mut policy.flags, "write_flags", write_flags)),
];

#[derive(Default)]
struct Policy {
    order: Option<ListOrderType>,
    flags: Option<u8>,
}

fn policy(op: &Arguments<'_, '_>) -> PyResult<ListPolicy> {
    let mut policy = Policy::default();
    if let Some(field) = op.field("policy")? {
        table::apply(field.value, "policy", &[POLICY], &mut policy)?;
    }
    let flags = ListWriteFlags::from_bits(policy.flags.unwrap_or_default());
    Ok(ListPolicy::new(policy.order.unwrap_or(ListOrderType::Unordered), flags))
}

fn list_order(field: &Field<'_, '_>) -> PyResult<ListOrderType> {
    field.choice(ORDERS)
}

fn write_flags(field: &Field<'_, '_>) -> PyResult<u8> {
    field.flags(WRITE_FLAGS)
}

/// The order that an argument names, unordered unless it is given.
pub fn order(arguments: &Arguments<'_, '_>, name: &'static str) -> PyResult<ListOrderType> {
    let order = arguments.field(name)?.map(|field| list_order(&field)).transpose()?;
    Ok(order.unwrap_or(ListOrderType::Unordered))
}

fn return_type(op: &Arguments<'_, '_>) -> PyResult<ListReturnType> {
    let (returned, inverted) = op.return_type(RETURNS, "LIST_RETURN_INVERTED")?;
    Ok(if inverted { returned.inverted() } else { returned })
}

/// Values to put in a list, at least one: aerospike-core makes no operation of none.
fn items(op: &Arguments<'_, '_>) -> PyResult<Vec<Value>> {
    match op.values("values")? {
        values if values.is_empty() => {
            Err(op.required("values")?.refused("at least one item must be given"))
        }
        values => Ok(values),
    }
}
