//! Contexts: the way to a list or map within others.

use aerospike_core::operations::cdt_context as core;
use aerospike_core::operations::{CdtContext, ListOrderType, MapOrder};
use pyo3::prelude::*;

use super::arguments::{Arguments, Named};
use super::{list, map};
use crate::convert::argument::items_from_py;
use crate::convert::bins::within;
use crate::convert::value::Reader;

/// A step from a collection to what is in it.
struct Step {
    code: i64,
    name: &'static str,
    keys: &'static [&'static str],
    make: fn(&Arguments<'_, '_>) -> PyResult<CdtContext>,
}

impl Named for Step {
    fn code(&self) -> i64 {
        self.code
    }

    fn name(&self) -> &'static str {
        self.name
    }

    fn keys(&self) -> &'static [&'static str] {
        self.keys
    }
}

const VALUE: &[&str] = &["value"];

const STEPS: &[Step] = &[
    Step {
        code: 16,
        name: "CDT_CTX_LIST_INDEX",
        keys: VALUE,
        make: |step| Ok(core::ctx_list_index(step.int("value")?)),
    },
    Step {
        code: 17,
        name: "CDT_CTX_LIST_RANK",
        keys: VALUE,
        make: |step| Ok(core::ctx_list_rank(step.int("value")?)),
    },
    Step {
        code: 19,
        name: "CDT_CTX_LIST_VALUE",
        keys: VALUE,
        make: |step| Ok(core::ctx_list_value(step.operand("value")?)),
    },
    Step {
        code: 20,
        name: "CDT_CTX_LIST_INDEX_CREATE",
        keys: &["value", "order", "pad"],
        make: |step| {
            let (order, pad) = (list::order(step, "order")?, step.flag("pad")?);
            Ok(core::ctx_list_index_create(step.int("value")?, order, pad))
        },
    },
    Step {
        code: 32,
        name: "CDT_CTX_MAP_INDEX",
        keys: VALUE,
        make: |step| Ok(core::ctx_map_index(step.int("value")?)),
    },
    Step {
        code: 33,
        name: "CDT_CTX_MAP_RANK",
        keys: VALUE,
        make: |step| Ok(core::ctx_map_rank(step.int("value")?)),
    },
    Step {
        code: 34,
        name: "CDT_CTX_MAP_KEY",
        keys: VALUE,
        make: |step| Ok(core::ctx_map_key(step.operand("value")?)),
    },
    Step {
        code: 35,
        name: "CDT_CTX_MAP_VALUE",
        keys: VALUE,
        make: |step| Ok(core::ctx_map_value(step.operand("value")?)),
    },
    Step {
        code: 36,
        name: "CDT_CTX_MAP_KEY_CREATE",
        keys: &["value", "order"],
        make: |step| {
            let order = map::order(step, "order")?;
            Ok(core::ctx_map_key_create(step.map_key("value")?, order))
        },
    },
    Step { code: 4, name: "CDT_CTX_ALL_CHILDREN", keys: &["filter"], make: all_children },
    Step {
        code: 42,
        name: "CDT_CTX_MAP_KEYS_IN",
        keys: &["keys"],
        make: |step| Ok(core::ctx_map_keys_in(step.operands("keys")?)),
    },
    Step {
        code: 516,
        name: "CDT_CTX_AND_FILTER",
        keys: &["filter"],
        make: |step| Ok(core::ctx_and_filter(step.required("filter")?.filter()?)),
    },
];

fn all_children(step: &Arguments<'_, '_>) -> PyResult<CdtContext> {
    Ok(match step.field("filter")? {
        Some(filter) => core::ctx_all_children_with_filter(filter.filter()?),
        None => core::ctx_all_children(),
    })
}

/// The bits of a step that makes what is missing, and how.
fn creating(step: &Step, arguments: &Arguments<'_, '_>) -> PyResult<i64> {
    Ok(match step.name {
        "CDT_CTX_LIST_INDEX_CREATE" => {
            match (list::order(arguments, "order")?, arguments.flag("pad")?) {
                (ListOrderType::Ordered, _) => 0xc0,
                (ListOrderType::Unordered, true) => 0x80,
                (ListOrderType::Unordered, false) => 0x40,
            }
        }
        "CDT_CTX_MAP_KEY_CREATE" => match map::order(arguments, "order")? {
            MapOrder::Unordered => 0x40,
            MapOrder::KeyOrdered => 0x80,
            MapOrder::KeyValueOrdered => 0xc0,
        },
        _ => 0,
    })
}

/// The steps of a context, which is a list or tuple of them.
pub fn context_from_py(
    context: &Bound<'_, PyAny>,
    reader: Reader<'_>,
) -> PyResult<Vec<CdtContext>> {
    Ok(steps_from_py(context, reader)?.into_iter().map(|(step, _)| step).collect())
}

/// The same, each with its bits if it makes what is missing, which aerospike-core does not tell.
pub fn steps_from_py(
    context: &Bound<'_, PyAny>,
    reader: Reader<'_>,
) -> PyResult<Vec<(CdtContext, i64)>> {
    let wanted = "a list or tuple of steps made by aerospike_py.cdt_ctx";
    let steps = items_from_py(context, "ctx", wanted)?;
    let mut made = Vec::with_capacity(steps.len());
    for (index, step) in steps.as_slice().iter().enumerate() {
        let step = step_from_py(step, reader)
            .map_err(|error| within(step.py(), error, format_args!("ctx step {index}")))?;
        made.push(step);
    }
    Ok(made)
}

fn step_from_py(step: &Bound<'_, PyAny>, reader: Reader<'_>) -> PyResult<(CdtContext, i64)> {
    let mut arguments = Arguments::of(step, reader, "a step of a context", "ctx")?;
    let step = arguments.row(STEPS.iter())?;
    Ok(((step.make)(&arguments)?, creating(step, &arguments)?))
}
