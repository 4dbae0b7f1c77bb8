//! Calls of the corpus as requests, and what it expects of the replies.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::value::{Value, base64};
use super::{bits, collection, expression, hll, path};
use crate::support::{Connection, Key, Reply, Request};

pub type Bins = BTreeMap<String, Value>;

const READ: u8 = 1;
const WRITE: u8 = 2;
const INCREMENT: u8 = 5;
const APPEND: u8 = 9;
const PREPEND: u8 = 10;
const TOUCH: u8 = 11;
const DELETE: u8 = 14;

const EPOCH: u64 = 1_262_304_000;

pub fn key_from_json(json: &Json) -> Key {
    let text = |at: usize| json[at].as_str().unwrap().to_owned();
    let (kind, value) = Value::from_json(&json[2]).to_particle();
    // The client that was recorded sends keys of bytes as blobs of its own language.
    let kind = if kind == 4 { 9 } else { kind };
    Key { namespace: text(0), set: text(1), kind, value }
}

fn scalar_code(name: &str) -> Option<u8> {
    Some(match name {
        "read" => READ,
        "write" => WRITE,
        "increment" => INCREMENT,
        "append" => APPEND,
        "prepend" => PREPEND,
        "touch" => TOUCH,
        "delete" => DELETE,
        _ => return None,
    })
}

/// Adds the operations of a call to a request, with the info bits that they want.
pub fn add_ops(mut request: Request, ops: &[Json]) -> Request {
    for op in ops {
        let (code, kind, value) = match scalar_code(op["op"].as_str().unwrap()) {
            Some(code) => {
                let value = op["args"].get("value").map_or(Value::Nil, Value::from_json);
                let (kind, value) = value.to_particle();
                (code, kind, value)
            }
            None => {
                let name = op["op"].as_str().unwrap();
                let (code, value) = if bits::is_known(name) {
                    bits::encode(op)
                } else if hll::is_known(name) {
                    hll::encode(op)
                } else if expression::is_known(name) {
                    expression::encode(op)
                } else if path::is_known(name) {
                    path::encode(op)
                } else {
                    collection::encode(op)
                };
                (code, 4, value)
            }
        };
        request = request.op(code, op["bin"].as_str().unwrap_or(""), kind, &value);
        if matches!(code, READ | collection::READ | bits::READ | hll::READ | expression::READ) {
            request.info[0] |= 1;
        } else {
            request.info[1] |= 1;
        }
    }
    request
}

/// Applies the policy of a call. A read takes from it what concerns reads.
pub fn apply_policy(request: &mut Request, key: &Key, policy: &Json) {
    if policy["send_key"] == true {
        let value = [&[key.kind], &key.value[..]].concat();
        request.fields.push((2, value));
    }
    if let Some(filter) = policy.get("filter_wire") {
        request.fields.push((43, base64(filter)));
    }
    if request.info[1] & 1 == 0 {
        return;
    }
    match policy["gen"].as_str() {
        Some("eq") => request.info[1] |= 4,
        Some("gt") => request.info[1] |= 8,
        _ => {}
    }
    request.generation = policy["generation"].as_u64().unwrap_or(0) as u32;
    match policy["exists"].as_str() {
        Some("create") => request.info[1] |= 1 << 5,
        Some("update") => request.info[2] |= 1 << 3,
        Some("create_or_replace") => request.info[2] |= 1 << 4,
        Some("replace") => request.info[2] |= 1 << 5,
        _ => {}
    }
    request.ttl = match &policy["ttl"] {
        Json::Number(seconds) => seconds.as_u64().unwrap() as u32,
        Json::String(name) if name == "never" => u32::MAX,
        Json::String(name) if name == "dont_update" => u32::MAX - 1,
        _ => 0,
    };
    if policy["durable_delete"] == true {
        request.info[1] |= 1 << 4;
    }
}

/// A whole-record call.
pub fn record_call(call: &str, args: &Json, key: &Key) -> Request {
    let write = || Request::new(key, [0, 1, 0]);
    let names = || args["bins"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
    let modify = |code: u8| {
        let (kind, value) = Value::from_json(&args["value"]).to_particle();
        write().op(code, args["bin"].as_str().unwrap(), kind, &value)
    };
    match call {
        "put" => put(key, &args["bins"]),
        "get" => Request::get(key),
        "exists" => Request::new(key, [0x21, 0, 0]),
        "remove" => Request::delete(key),
        "touch" => write().op(TOUCH, "", 0, b""),
        "select" => names().fold(Request::new(key, [1, 0, 0]), |r, name| r.op(READ, name, 0, b"")),
        "append" => modify(APPEND),
        "prepend" => modify(PREPEND),
        "increment" => modify(INCREMENT),
        "remove_bin" => names().fold(write(), |r, name| r.op(WRITE, name, 0, b"")),
        "operate" => add_ops(Request::new(key, [0, 0x80, 0]), args["ops"].as_array().unwrap()),
        other => panic!("call {other}"),
    }
}

pub fn put(key: &Key, bins: &Json) -> Request {
    let mut request = Request::new(key, [0, 1, 0]);
    for (name, value) in bins.as_object().unwrap() {
        let (kind, value) = Value::from_json(value).to_particle();
        request = request.op(WRITE, name, kind, &value);
    }
    request
}

/// What a case starts from: the record it describes, or none.
pub fn prepare(connection: &mut Connection, key: &Key, case: &Json) -> u32 {
    connection.call(&Request::delete(key));
    if case["before"].is_null() {
        return 0;
    }
    let mut request = put(key, &case["before"]);
    let policy = serde_json::json!({ "send_key": case["send_key"], "ttl": case["ttl"] });
    apply_policy(&mut request, key, &policy);
    let reply = connection.call(&request);
    assert_eq!(reply.code, 0, "preparing the record");
    match case["setup"].as_array() {
        Some(ops) => {
            let mut request = add_ops(Request::new(key, [0, 0x80, 0]), ops);
            request.ttl = u32::MAX - 1;
            let reply = connection.call(&request);
            assert_eq!(reply.code, 0, "setting up the record");
            reply.generation
        }
        None => reply.generation,
    }
}

pub fn bins_from_json(json: &Json) -> Bins {
    let bins = json.as_object().unwrap().iter();
    bins.map(|(name, value)| (name.clone(), Value::from_json(value))).collect()
}

pub fn entries(reply: &Reply) -> Vec<(String, Value)> {
    let entries = reply.entries.iter();
    entries.map(|(n, kind, bytes)| (n.clone(), Value::from_particle(*kind, bytes))).collect()
}

pub fn entries_from_json(json: &Json) -> Vec<(String, Value)> {
    let entries = json.as_array().unwrap().iter();
    entries.map(|e| (e[0].as_str().unwrap().to_owned(), Value::from_json(&e[1]))).collect()
}

/// The record as it is: its bins and generation, or none.
pub fn read(connection: &mut Connection, key: &Key) -> Option<(Bins, u32)> {
    let reply = connection.call(&Request::get(key));
    match reply.code {
        0 => Some((entries(&reply).into_iter().collect(), reply.generation)),
        2 => None,
        code => panic!("reading the record answered {code}"),
    }
}

/// Compares what is there with the `after` of a case, if it has one.
pub fn check_after(connection: &mut Connection, key: &Key, case: &Json) -> Result<(), String> {
    let Some(after) = case.get("after") else { return Ok(()) };
    let there = read(connection, key).map(|(bins, _)| bins);
    let wanted = (!after.is_null()).then(|| bins_from_json(after));
    same("after", &there, &wanted)
}

pub fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: &T, wanted: &T) -> Result<(), String> {
    if got == wanted { Ok(()) } else { Err(format!("{what}: got {got:?}, not {wanted:?}")) }
}

/// Checks the time to live in a reply against `"never"` or a number of seconds.
pub fn check_ttl(reply: &Reply, wanted: &Json) -> Result<(), String> {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs() - EPOCH;
    let left = i64::from(reply.void_time) - now as i64;
    let holds = match wanted {
        Json::Null => true,
        Json::String(_) => reply.void_time == 0,
        number => reply.void_time != 0 && (left - number.as_i64().unwrap()).abs() <= 10,
    };
    if holds { Ok(()) } else { Err(format!("ttl: got {left}, not {wanted}")) }
}
