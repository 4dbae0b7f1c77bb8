//! Operations on paths as their bytes.

use serde_json::Value as Json;

use super::collection;
use super::value::{Value, base64};

const CODE: &[u8] = &[0xcc, 0xfe];

pub fn is_known(op: &str) -> bool {
    matches!(op, "select_by_path" | "modify_by_path")
}

/// The code of an operation, and its bytes: the path, flags, and what is to be applied.
pub fn encode(op: &Json) -> (u8, Vec<u8>) {
    let modifies = op["op"] == "modify_by_path";
    let mut payload = vec![if modifies { 0x94 } else { 0x93 }];
    payload.extend_from_slice(CODE);
    payload.extend(steps(&op["ctx"]));
    let names = ["value", "map_key", "", "", "no_fail"];
    let mut flags = op["args"]["flags"].as_array().cloned().unwrap_or_default();
    flags.retain(|name| name != "matching_tree");
    let both = flags.iter().position(|name| name == "map_key_value");
    if let Some(both) = both {
        flags.splice(both..=both, ["value".into(), "map_key".into()]);
    }
    let flags = collection::flags(&flags.into(), &names);
    payload.push(flags as u8 | if modifies { 4 } else { 0 });
    if modifies {
        payload.extend(base64(&op["args"]["exp_wire"]));
    }
    (if modifies { collection::MODIFY } else { collection::READ }, payload)
}

fn steps(steps: &Json) -> Vec<u8> {
    let steps = steps.as_array().unwrap();
    let mut packed = vec![0xdc, 0, steps.len() as u8 * 2];
    for step in steps {
        let number = |kind: i64| Value::Int(kind).packed();
        packed.extend(match step[0].as_str().unwrap() {
            "all_children" => [number(4), vec![0xc3]].concat(),
            "all_children_where" => [number(4), compile(&step[1])].concat(),
            "and_where" => [number(0x204), compile(&step[1])].concat(),
            "map_keys_in" => [number(0x2a), Value::from_json(&step[1]).packed()].concat(),
            _ => collection::step(step).iter().flat_map(Value::packed).collect(),
        });
    }
    packed
}

/// Compiles what the expressions of paths are made of here. All others have their bytes beside them.
fn compile(tree: &Json) -> Vec<u8> {
    let name = tree[0].as_str().unwrap();
    let call = |kind: u8, system: u8, operation: u8| {
        [vec![0x95, 0x7f, kind, system, 0x91, operation], compile(&tree[2])].concat()
    };
    if let Some(kind) = name.strip_prefix("loop_") {
        let names = ["nil", "bool", "int", "str", "list", "map", "blob", "float", "geo", "hll"];
        let kind = names.iter().position(|known| *known == kind).unwrap() as u8;
        let variables = ["key", "value", "index"];
        let variable = variables.iter().position(|known| tree[1] == *known).unwrap() as u8;
        return vec![0x93, 0x7a, kind, variable];
    }
    let code = match name {
        "map_size" => return call(2, 0, 96),
        "list_size" => return call(2, 0, 16),
        "hll_count" => return call(2, 2, 50),
        "nil" => return vec![0xc0],
        "geo" => return Value::Geo(tree[1].as_str().unwrap().into()).packed(),
        "int" | "str" | "float" | "bool" | "blob" => return Value::from_json(&tree[1]).packed(),
        "eq" => 1,
        "ne" => 2,
        "gt" => 3,
        "ge" => 4,
        "lt" => 5,
        "geo_compare" => 8,
        other => panic!("expression {other}"),
    };
    [vec![0x93, code], compile(&tree[1]), compile(&tree[2])].concat()
}
