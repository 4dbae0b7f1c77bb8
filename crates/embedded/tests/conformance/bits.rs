//! Operations on bits as their bytes.

use serde_json::Value as Json;

use super::collection::flags;
use super::value::Value;

pub const READ: u8 = 12;
pub const MODIFY: u8 = 13;

/// The code of an operation and its arguments, in order.
fn layout(name: &str) -> Option<(i64, &'static str)> {
    Some(match name {
        "bit_resize" => (0, "byte_size flags resize_flags"),
        "bit_insert" => (1, "byte_offset value flags"),
        "bit_remove" => (2, "byte_offset byte_size flags"),
        "bit_set" => (3, "bit_offset bit_size value flags"),
        "bit_or" => (4, "bit_offset bit_size value flags"),
        "bit_xor" => (5, "bit_offset bit_size value flags"),
        "bit_and" => (6, "bit_offset bit_size value flags"),
        "bit_not" => (7, "bit_offset bit_size flags"),
        "bit_lshift" => (8, "bit_offset bit_size shift flags"),
        "bit_rshift" => (9, "bit_offset bit_size shift flags"),
        "bit_add" => (10, "bit_offset bit_size value flags integer_flags"),
        "bit_subtract" => (11, "bit_offset bit_size value flags integer_flags"),
        "bit_set_int" => (12, "bit_offset bit_size value flags"),
        "bit_get" => (50, "bit_offset bit_size"),
        "bit_count" => (51, "bit_offset bit_size"),
        "bit_lscan" => (52, "bit_offset bit_size value"),
        "bit_rscan" => (53, "bit_offset bit_size value"),
        "bit_get_int" => (54, "bit_offset bit_size integer_flags"),
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
    call.extend(arguments.split_whitespace().map(|argument| value(argument, op)));
    (if code >= 50 { READ } else { MODIFY }, Value::List(false, call).packed())
}

fn value(argument: &str, op: &Json) -> Value {
    let args = &op["args"];
    let number = match argument {
        "flags" => {
            let names = ["create_only", "update_only", "no_fail", "partial"];
            flags(&op["policy"]["flags"], &names)
        }
        "resize_flags" => flags(&args["flags"], &["from_front", "grow_only", "shrink_only"]),
        "integer_flags" => {
            let signed = i64::from(args["signed"] == true);
            signed
                | match args["overflow"].as_str() {
                    Some("saturate") => 2,
                    Some("wrap") => 4,
                    _ => 0,
                }
        }
        _ => return Value::from_json(&args[argument]),
    };
    Value::Int(number)
}
