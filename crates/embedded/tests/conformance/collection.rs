//! Operations on lists and maps as their bytes.

use serde_json::Value as Json;

use super::value::Value;

pub const READ: u8 = 3;
pub const MODIFY: u8 = 4;

/// The code of an operation and its arguments, in order; those in brackets may be absent.
fn layout(name: &str) -> Option<(i64, &'static str)> {
    Some(match name {
        "list_create" | "list_set_order" => (0, "list_order"),
        "list_append" => (1, "value [order flags]"),
        "list_append_items" => (2, "values [order flags]"),
        "list_insert" => (3, "index value [flags]"),
        "list_insert_items" => (4, "index values [flags]"),
        "list_pop" => (5, "index"),
        "list_pop_range" => (6, "index [count]"),
        "list_remove" => (7, "index"),
        "list_remove_range" => (8, "index [count]"),
        "list_set" => (9, "index value [flags]"),
        "list_trim" => (10, "index count"),
        "list_clear" => (11, ""),
        "list_increment" => (12, "index [value order flags]"),
        "list_sort" => (13, "sort_flags"),
        "list_size" => (16, ""),
        "list_get" => (17, "index"),
        "list_get_range" => (18, "index [count]"),
        "list_get_by_index" => (19, "rt index"),
        "list_remove_by_index" => (32, "rt index"),
        "list_get_by_rank" => (21, "rt rank"),
        "list_remove_by_rank" => (34, "rt rank"),
        "list_get_by_value" => (22, "rt value"),
        "list_remove_by_value" => (35, "rt value"),
        "list_get_by_value_list" => (23, "rt values"),
        "list_remove_by_value_list" => (36, "rt values"),
        "list_get_by_index_range" => (24, "rt index [count]"),
        "list_remove_by_index_range" => (37, "rt index [count]"),
        "list_get_by_value_range" => (25, "rt begin [end]"),
        "list_remove_by_value_range" => (38, "rt begin [end]"),
        "list_get_by_rank_range" => (26, "rt rank [count]"),
        "list_remove_by_rank_range" => (39, "rt rank [count]"),
        "list_get_by_value_rel_rank_range" => (27, "rt value rank [count]"),
        "list_remove_by_value_rel_rank_range" => (40, "rt value rank [count]"),
        "map_create" | "map_set_policy" => (64, "map_order"),
        "map_put" => (67, "key value [order flags]"),
        "map_put_items" => (68, "items [order flags]"),
        "map_increment" => (73, "key value [order]"),
        "map_decrement" => (74, "key value [order]"),
        "map_clear" => (75, ""),
        "map_remove_by_key" => (76, "rt key"),
        "map_remove_by_index" => (77, "rt index"),
        "map_remove_by_rank" => (79, "rt rank"),
        "map_remove_by_key_list" => (81, "rt keys"),
        "map_remove_by_value" => (82, "rt value"),
        "map_remove_by_value_list" => (83, "rt values"),
        "map_remove_by_key_range" => (84, "rt begin [end]"),
        "map_remove_by_index_range" => (85, "rt index [count]"),
        "map_remove_by_value_range" => (86, "rt begin [end]"),
        "map_remove_by_rank_range" => (87, "rt rank [count]"),
        "map_remove_by_key_rel_index_range" => (88, "rt key index [count]"),
        "map_remove_by_value_rel_rank_range" => (89, "rt value rank [count]"),
        "map_size" => (96, ""),
        "map_get_by_key" => (97, "rt key"),
        "map_get_by_index" => (98, "rt index"),
        "map_get_by_rank" => (100, "rt rank"),
        "map_get_by_value" => (102, "rt value"),
        "map_get_by_key_range" => (103, "rt begin [end]"),
        "map_get_by_index_range" => (104, "rt index [count]"),
        "map_get_by_value_range" => (105, "rt begin [end]"),
        "map_get_by_rank_range" => (106, "rt rank [count]"),
        "map_get_by_key_list" => (107, "rt keys"),
        "map_get_by_value_list" => (108, "rt values"),
        "map_get_by_key_rel_index_range" => (109, "rt key index [count]"),
        "map_get_by_value_rel_rank_range" => (110, "rt value rank [count]"),
        _ => return None,
    })
}

/// Whether the operation writes, and its bytes.
pub fn encode(op: &Json) -> (u8, Vec<u8>) {
    let name = op["op"].as_str().unwrap();
    let (code, arguments) = layout(name).unwrap();
    let mut call = vec![Value::Int(code)];
    let required = arguments.split('[').next().unwrap().split_whitespace();
    let optional = arguments.split('[').nth(1).unwrap_or("").trim_end_matches(']');
    call.extend(required.map(|argument| value(argument, op).unwrap_or(Value::Nil)));
    for argument in optional.split_whitespace() {
        match value(argument, op) {
            Some(value) => call.push(value),
            None => break,
        }
    }
    let call = Value::List(false, call);
    let payload = match op.get("ctx").and_then(Json::as_array) {
        Some(steps) if !steps.is_empty() => {
            let mut steps: Vec<_> = steps.iter().flat_map(step).collect();
            let last = steps.len() - 2;
            if let Value::Int(kind) = &mut steps[last] {
                *kind |= created(name, &op["args"]);
            }
            Value::List(false, vec![Value::Int(0xff), Value::List(false, steps), call])
        }
        _ => call,
    };
    let reads = matches!(code, 16..=27 | 96..);
    (if reads { READ } else { MODIFY }, payload.packed())
}

/// What the operations that create a collection add to the last step of their context.
fn created(name: &str, args: &Json) -> i64 {
    match (name, args["order"].as_str(), &args["pad"]) {
        ("list_create", Some("ordered"), _) => 0xc0,
        ("list_create", _, Json::Bool(true)) => 0x80,
        ("map_create", Some("key_ordered"), _) => 0x80,
        ("map_create", Some("key_value_ordered"), _) => 0xc0,
        ("list_create" | "map_create", ..) => 0x40,
        _ => 0,
    }
}

fn value(argument: &str, op: &Json) -> Option<Value> {
    let (args, policy) = (&op["args"], &op["policy"]);
    let persist =
        |flags: i64, from: &Json| flags | if from["persist_index"] == true { 0x10 } else { 0 };
    let number = match argument {
        "rt" => return_type(args),
        "list_order" => persist(list_order(&args["order"]), args),
        "map_order" => persist(map_order(&args["order"]), args),
        "order" if policy.is_object() && op["op"].as_str().unwrap().starts_with("list") => {
            list_order(&policy["order"])
        }
        "order" if policy.is_object() => persist(map_order(&policy["order"]), policy),
        "flags" if policy["flags"].is_array() => {
            flags(&policy["flags"], &["add_unique", "insert_bounded", "no_fail", "partial"])
                | flags(&policy["flags"], &["create_only", "update_only"])
        }
        "order" | "flags" if policy.is_object() => 0,
        "sort_flags" if args["flags"].is_i64() => args["flags"].as_i64().unwrap(),
        "sort_flags" => flags(&args["flags"], &["descending", "drop_duplicates"]),
        // The client that was recorded leaves out the end of a range of lists that has none; in
        // ranges of maps it sends nil, below which there is nothing.
        "end" if op["op"].as_str().unwrap().starts_with("list") => {
            return args.get("end").filter(|end| !end.is_null()).map(Value::from_json);
        }
        "end" => return Some(Value::from_json(&args["end"])),
        _ => return args.get(argument).map(Value::from_json),
    };
    Some(Value::Int(number))
}

/// The bits of named flags, or flags given as a number.
pub fn flags(json: &Json, names: &[&str]) -> i64 {
    if let Some(number) = json.as_i64() {
        return number;
    }
    let given = json.as_array().map(Vec::as_slice).unwrap_or_default();
    let bit = |name: &str| names.iter().position(|known| *known == name).map_or(0, |at| 1 << at);
    given.iter().map(|name| name.as_i64().unwrap_or_else(|| bit(name.as_str().unwrap()))).sum()
}

fn list_order(order: &Json) -> i64 {
    order.as_i64().unwrap_or(i64::from(order == "ordered"))
}

fn map_order(order: &Json) -> i64 {
    match order.as_str() {
        Some("key_ordered") => 1,
        Some("key_value_ordered") => 3,
        _ => order.as_i64().unwrap_or(0),
    }
}

fn return_type(args: &Json) -> i64 {
    let names = [
        "none",
        "index",
        "reverse_index",
        "rank",
        "reverse_rank",
        "count",
        "key",
        "value",
        "key_value",
    ];
    let kind = match args["return_type"].as_str() {
        Some("exists") => 13,
        Some("unordered_map") => 16,
        Some("ordered_map") => 17,
        Some(name) => names.iter().position(|known| *known == name).expect(name) as i64,
        None => args["return_type"].as_i64().unwrap(),
    };
    kind | if args["inverted"] == true { 0x10000 } else { 0 }
}

/// The type and value of a step of a context.
pub fn step(step: &Json) -> [Value; 2] {
    let name = step[0].as_str().unwrap();
    let kind = match name {
        "list_index" => 0x10,
        "list_rank" => 0x11,
        "list_value" => 0x13,
        "map_index" => 0x20,
        "map_rank" => 0x21,
        "map_key" => 0x22,
        "map_value" => 0x23,
        "list_index_create" => match (step[2]["order"].as_str(), &step[2]["pad"]) {
            (Some("ordered"), _) => 0x10 | 0xc0,
            (_, Json::Bool(true)) => 0x10 | 0x80,
            _ => 0x10 | 0x40,
        },
        "map_key_create" => match step[2]["order"].as_str() {
            Some("key_ordered") => 0x22 | 0x80,
            Some("key_value_ordered") => 0x22 | 0xc0,
            _ => 0x22 | 0x40,
        },
        other => panic!("step {other}"),
    };
    [Value::Int(kind), Value::from_json(&step[1])]
}
