//! Operations on HyperLogLogs as their bytes.

use serde_json::Value as Json;

use super::collection::flags;
use super::value::Value;

pub const READ: u8 = 15;
pub const MODIFY: u8 = 16;

/// The code of an operation and its arguments, in order.
fn layout(name: &str) -> Option<(i64, &'static str)> {
    Some(match name {
        "hll_init" => (0, "index_bits minhash_bits flags"),
        "hll_add" => (1, "values index_bits minhash_bits flags"),
        "hll_set_union" => (2, "hlls flags"),
        "hll_refresh_count" => (3, ""),
        "hll_fold" => (4, "index_bits"),
        "hll_count" => (50, ""),
        "hll_union" => (51, "hlls"),
        "hll_union_count" => (52, "hlls"),
        "hll_intersect_count" => (53, "hlls"),
        "hll_similarity" => (54, "hlls"),
        "hll_describe" => (55, ""),
        _ => return None,
    })
}

pub fn is_known(name: &str) -> bool {
    layout(name).is_some()
}

/// Whether the operation writes, and its bytes.
pub fn encode(op: &Json) -> (u8, Vec<u8>) {
    let (code, arguments) = layout(op["op"].as_str().unwrap()).unwrap();
    let mut call = vec![Value::Int(code)];
    call.extend(arguments.split_whitespace().map(|argument| match argument {
        "flags" => {
            let names = ["create_only", "update_only", "no_fail", "allow_fold"];
            Value::Int(flags(&op["policy"]["flags"], &names))
        }
        "index_bits" | "minhash_bits" => Value::Int(op["args"][argument].as_i64().unwrap_or(-1)),
        _ => Value::from_json(&op["args"][argument]),
    }));
    (if code >= 50 { READ } else { MODIFY }, Value::List(false, call).packed())
}
