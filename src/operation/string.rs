//! Operations on text.

use aerospike_core::operations::Operation;
use aerospike_core::operations::string::{
    self, StringNumericType, StringPolicy, StringRegexFlags, StringWriteFlags,
};
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyList, PyTuple};

use super::arguments::Arguments;
use super::{Made, Row};
use crate::convert::table;
use crate::convert::text::required_utf8;

const READ: &[&str] = &["bin", "ctx"];
const MODIFY: &[&str] = &["bin", "policy", "ctx"];

pub const ROWS: &[Row] = &[
    Row { code: 1200, name: "OP_STRING_STRLEN", keys: READ, make: |op| op.on_bin(string::strlen) },
    Row {
        code: 1201,
        name: "OP_STRING_SUBSTR",
        keys: &["bin", "start", "ctx"],
        make: |op| {
            let start = op.int("start")?;
            op.on_bin(|bin| string::substr_from(bin, start))
        },
    },
    Row {
        code: 1202,
        name: "OP_STRING_SUBSTR_RANGE",
        keys: &["bin", "start", "end", "ctx"],
        make: |op| {
            let (start, end) = (op.int("start")?, op.int("end")?);
            op.on_bin(|bin| string::substr(bin, start, end))
        },
    },
    Row {
        code: 1203,
        name: "OP_STRING_CHAR_AT",
        keys: &["bin", "index", "ctx"],
        make: |op| {
            let index = op.int("index")?;
            op.on_bin(|bin| string::char_at(bin, index))
        },
    },
    Row {
        code: 1204,
        name: "OP_STRING_FIND",
        keys: &["bin", "needle", "occurrence", "ctx"],
        make: |op| {
            let (needle, nth) = (text(op, "needle")?, op.optional_int("occurrence")?.unwrap_or(1));
            op.on_bin(|bin| string::find_nth(bin, needle, nth))
        },
    },
    Row {
        code: 1205,
        name: "OP_STRING_CONTAINS",
        keys: &["bin", "needle", "ctx"],
        make: |op| compare(op, "needle", string::contains),
    },
    Row {
        code: 1206,
        name: "OP_STRING_STARTS_WITH",
        keys: &["bin", "prefix", "ctx"],
        make: |op| compare(op, "prefix", string::starts_with),
    },
    Row {
        code: 1207,
        name: "OP_STRING_ENDS_WITH",
        keys: &["bin", "suffix", "ctx"],
        make: |op| compare(op, "suffix", string::ends_with),
    },
    Row {
        code: 1208,
        name: "OP_STRING_TO_INTEGER",
        keys: READ,
        make: |op| op.on_bin(string::to_integer),
    },
    Row {
        code: 1209,
        name: "OP_STRING_TO_DOUBLE",
        keys: READ,
        make: |op| op.on_bin(string::to_double),
    },
    Row {
        code: 1210,
        name: "OP_STRING_BYTE_LENGTH",
        keys: READ,
        make: |op| op.on_bin(string::byte_length),
    },
    Row {
        code: 1211,
        name: "OP_STRING_IS_NUMERIC",
        keys: &["bin", "numeric_type", "ctx"],
        make: |op| {
            let kind = op.field("numeric_type")?.map(|field| field.choice(NUMERIC)).transpose()?;
            op.on_bin(|bin| match kind {
                Some(kind) => string::is_numeric_typed(bin, kind),
                None => string::is_numeric(bin),
            })
        },
    },
    Row {
        code: 1212,
        name: "OP_STRING_IS_UPPER",
        keys: READ,
        make: |op| op.on_bin(string::is_upper),
    },
    Row {
        code: 1213,
        name: "OP_STRING_IS_LOWER",
        keys: READ,
        make: |op| op.on_bin(string::is_lower),
    },
    Row {
        code: 1214,
        name: "OP_STRING_TO_BLOB",
        keys: READ,
        make: |op| op.on_bin(string::to_blob),
    },
    Row { code: 1215, name: "OP_STRING_SPLIT", keys: READ, make: |op| op.on_bin(string::split) },
    Row {
        code: 1216,
        name: "OP_STRING_SPLIT_SEPARATOR",
        keys: &["bin", "separator", "ctx"],
        make: |op| compare(op, "separator", string::split_by_separator),
    },
    Row {
        code: 1217,
        name: "OP_STRING_B64_DECODE",
        keys: READ,
        make: |op| op.on_bin(string::b64_decode),
    },
    Row {
        code: 1218,
        name: "OP_STRING_REGEX_COMPARE",
        keys: &["bin", "pattern", "regex_flags", "ctx"],
        make: |op| {
            let (pattern, flags) = (text(op, "pattern")?, regex_flags(op)?);
            op.on_bin(|bin| string::regex_compare_with_flags(bin, pattern, flags))
        },
    },
    Row {
        code: 1219,
        name: "OP_STRING_INSERT",
        keys: &["bin", "index", "value", "policy", "ctx"],
        make: |op| at_index(op, string::insert),
    },
    Row {
        code: 1220,
        name: "OP_STRING_OVERWRITE",
        keys: &["bin", "index", "value", "policy", "ctx"],
        make: |op| at_index(op, string::overwrite),
    },
    Row {
        code: 1221,
        name: "OP_STRING_CONCAT",
        keys: &["bin", "value_list", "policy", "ctx"],
        make: |op| {
            let (policy, texts) = (policy(op)?, texts(op, "value_list")?);
            let texts: Vec<_> = texts.iter().map(String::as_str).collect();
            op.on_bin(|bin| string::concat_list(&policy, bin, &texts))
        },
    },
    Row {
        code: 1222,
        name: "OP_STRING_SNIP",
        keys: &["bin", "start", "end", "policy", "ctx"],
        make: |op| {
            let (policy, start) = (policy(op)?, op.int("start")?);
            match op.optional_int("end")? {
                Some(end) => op.on_bin(|bin| string::snip(&policy, bin, start, end)),
                None if policy == StringPolicy::default() => {
                    op.on_bin(|bin| string::snip_from(&policy, bin, start))
                }
                None => Err(op.required("policy")?.refused("flags can be sent only with an end")),
            }
        },
    },
    Row {
        code: 1224,
        name: "OP_STRING_REPLACE",
        keys: &["bin", "needle", "replacement", "policy", "ctx"],
        make: |op| replace(op, string::replace),
    },
    Row {
        code: 1225,
        name: "OP_STRING_REPLACE_ALL",
        keys: &["bin", "needle", "replacement", "policy", "ctx"],
        make: |op| replace(op, string::replace_all),
    },
    Row { code: 1226, name: "OP_STRING_UPPER", keys: MODIFY, make: |op| modify(op, string::upper) },
    Row { code: 1227, name: "OP_STRING_LOWER", keys: MODIFY, make: |op| modify(op, string::lower) },
    Row {
        code: 1228,
        name: "OP_STRING_CASE_FOLD",
        keys: MODIFY,
        make: |op| modify(op, string::case_fold),
    },
    Row {
        code: 1229,
        name: "OP_STRING_NORMALIZE_NFC",
        keys: MODIFY,
        make: |op| modify(op, string::normalize_nfc),
    },
    Row {
        code: 1230,
        name: "OP_STRING_TRIM_START",
        keys: MODIFY,
        make: |op| modify(op, string::trim_start),
    },
    Row {
        code: 1231,
        name: "OP_STRING_TRIM_END",
        keys: MODIFY,
        make: |op| modify(op, string::trim_end),
    },
    Row { code: 1232, name: "OP_STRING_TRIM", keys: MODIFY, make: |op| modify(op, string::trim) },
    Row {
        code: 1233,
        name: "OP_STRING_PAD_START",
        keys: &["bin", "target_length", "pad_string", "policy", "ctx"],
        make: |op| pad(op, string::pad_start),
    },
    Row {
        code: 1234,
        name: "OP_STRING_PAD_END",
        keys: &["bin", "target_length", "pad_string", "policy", "ctx"],
        make: |op| pad(op, string::pad_end),
    },
    Row {
        code: 1235,
        name: "OP_STRING_REPEAT",
        keys: &["bin", "count", "policy", "ctx"],
        make: |op| {
            let (policy, count) = (policy(op)?, op.int("count")?);
            op.on_bin(|bin| string::repeat(&policy, bin, count))
        },
    },
    Row {
        code: 1236,
        name: "OP_STRING_REGEX_REPLACE",
        keys: &["bin", "pattern", "replacement", "regex_flags", "policy", "ctx"],
        make: |op| {
            let (pattern, replacement) = (text(op, "pattern")?, text(op, "replacement")?);
            let (policy, flags) = (policy(op)?, regex_flags(op)?);
            op.on_bin(|bin| string::regex_replace(&policy, bin, pattern, replacement, flags))
        },
    },
    Row {
        code: 1237,
        name: "OP_STRING_APPEND",
        keys: &["bin", "value", "policy", "ctx"],
        make: |op| extend(op, string::append),
    },
    Row {
        code: 1238,
        name: "OP_STRING_PREPEND",
        keys: &["bin", "value", "policy", "ctx"],
        make: |op| extend(op, string::prepend),
    },
    Row {
        code: 1239,
        name: "OP_STRING_TO_STRING",
        keys: &["bin"],
        make: |op| op.on_bin(string::to_string),
    },
];

const NUMERIC: &[(i64, &str, StringNumericType)] = &[
    (0, "STRING_NUMERIC_ANY", StringNumericType::Any),
    (1, "STRING_NUMERIC_INT", StringNumericType::Int),
    (2, "STRING_NUMERIC_FLOAT", StringNumericType::Float),
];

const REGEX_FLAGS: &[(u8, &str)] = &[
    (1, "STRING_REGEX_CASE_INSENSITIVE"),
    (2, "STRING_REGEX_MULTILINE"),
    (4, "STRING_REGEX_DOTALL"),
    (8, "STRING_REGEX_UNIX_LINES"),
    (16, "STRING_REGEX_GLOBAL"),
];

const WRITE_FLAGS: &[(u8, &str)] = &[
    (1, "STRING_WRITE_CREATE_ONLY"),
    (2, "STRING_WRITE_UPDATE_ONLY"),
    (4, "STRING_WRITE_NO_FAIL"),
];

const POLICY: &[table::Row<u8>] = &[("write_flags", |flags, field| {
    *flags = field.flags(WRITE_FLAGS)?;
    Ok(())
})];

/// The policy, a dict or its flags alone.
fn policy(op: &Arguments<'_, '_>) -> PyResult<StringPolicy> {
    let mut flags = 0;
    if let Some(field) = op.field("policy")? {
        if field.value.is_instance_of::<PyInt>() {
            flags = field.flags(WRITE_FLAGS)?;
        } else {
            table::apply(field.value, "policy", &[POLICY], &mut flags)?;
        }
    }
    Ok(StringPolicy::new(StringWriteFlags::from_bits(flags.into())))
}

fn regex_flags(op: &Arguments<'_, '_>) -> PyResult<StringRegexFlags> {
    Ok(StringRegexFlags::from_bits(op.flags("regex_flags", REGEX_FLAGS)?.into()))
}

fn text(op: &Arguments<'_, '_>, name: &'static str) -> PyResult<String> {
    Ok(op.required(name)?.text()?.to_owned())
}

fn texts(op: &Arguments<'_, '_>, name: &'static str) -> PyResult<Vec<String>> {
    let field = op.required(name)?;
    let items = if let Ok(list) = field.value.cast::<PyList>() {
        list.to_tuple()
    } else if let Ok(tuple) = field.value.cast::<PyTuple>() {
        tuple.clone()
    } else {
        return Err(field.wrong_type("list or tuple"));
    };
    let text = |item: &Bound<'_, PyAny>| Ok(required_utf8(item, "an item")?.to_owned());
    items.as_slice().iter().map(text).collect()
}

fn compare(
    op: &Arguments<'_, '_>,
    name: &'static str,
    make: fn(String, String) -> Operation,
) -> PyResult<Made> {
    let text = text(op, name)?;
    op.on_bin(|bin| make(bin, text))
}

fn modify(op: &Arguments<'_, '_>, make: fn(&StringPolicy, String) -> Operation) -> PyResult<Made> {
    let policy = policy(op)?;
    op.on_bin(|bin| make(&policy, bin))
}

type Extend = fn(&StringPolicy, String, String) -> Operation;

fn extend(op: &Arguments<'_, '_>, make: Extend) -> PyResult<Made> {
    let (policy, text) = (policy(op)?, text(op, "value")?);
    op.on_bin(|bin| make(&policy, bin, text))
}

type AtIndex = fn(&StringPolicy, String, i64, String) -> Operation;

fn at_index(op: &Arguments<'_, '_>, make: AtIndex) -> PyResult<Made> {
    let (policy, index, text) = (policy(op)?, op.int("index")?, text(op, "value")?);
    op.on_bin(|bin| make(&policy, bin, index, text))
}

fn pad(op: &Arguments<'_, '_>, make: AtIndex) -> PyResult<Made> {
    let (policy, length) = (policy(op)?, op.int("target_length")?);
    let text = text(op, "pad_string")?;
    op.on_bin(|bin| make(&policy, bin, length, text))
}

type Replace = fn(&StringPolicy, String, String, String) -> Operation;

fn replace(op: &Arguments<'_, '_>, make: Replace) -> PyResult<Made> {
    let (policy, needle) = (policy(op)?, text(op, "needle")?);
    let replacement = text(op, "replacement")?;
    op.on_bin(|bin| make(&policy, bin, needle, replacement))
}
