//! Suite of user-defined functions on records, and what registers them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use super::call::{self, check_after, entries, same};
use super::value::Value;
use super::{DATA, Tally, cases};
use crate::support::{Connection, Embedded, Key, Request};

/// Registers the modules of the corpus.
pub fn register(connection: &mut Connection) {
    for file in ["golden_record.lua", "golden_stream.lua"] {
        let source = std::fs::read(format!("{DATA}udf/{file}")).unwrap();
        assert_eq!(put(connection, file, &source), "ok");
    }
}

fn put(connection: &mut Connection, file: &str, source: &[u8]) -> String {
    let content = STANDARD.encode(source);
    let size = content.len();
    connection
        .info(&format!("udf-put:filename={file};content={content};content-len={size};udf-type=LUA"))
}

/// Adds a call of a function to a request.
pub fn push_call(request: &mut Request, call: &Json) {
    let text = |name: &str| call[name].as_str().unwrap().as_bytes().to_vec();
    let arguments = call["args"].as_array().unwrap().iter().map(Value::from_json).collect();
    request.fields.push((30, text("module")));
    request.fields.push((31, text("function")));
    request.fields.push((32, Value::List(false, arguments).packed()));
    request.info[1] |= 1;
}

fn run(connection: &mut Connection, case: &Json) -> Result<(), String> {
    let key = match case.get("key") {
        Some(key) => call::key_from_json(key),
        None => Key::string(case["id"].as_str().unwrap()),
    };
    let before = call::prepare(connection, &key, case);
    let mut request = Request::new(&key, [0, 1, 0]);
    push_call(&mut request, case);
    call::apply_policy(&mut request, &key, &case["policy"]);
    let reply = connection.call(&request);
    let expect = &case["expect"];
    same("result", &u64::from(reply.code), &expect["error"].as_u64().unwrap_or(0))?;
    match (reply.code, expect.get("value"), expect["message"].as_str()) {
        (0, Some(value), _) => {
            let wanted = vec![("SUCCESS".to_owned(), Value::from_json(value))];
            same("entries", &entries(&reply), &wanted)?;
        }
        (_, _, Some(message)) => {
            let wanted = vec![("FAILURE".to_owned(), Value::String(message.into()))];
            same("entries", &entries(&reply), &wanted)?;
        }
        _ => {}
    }
    if let Some(delta) = expect["gen_delta"].as_i64() {
        let after = call::read(connection, &key).map_or(0, |(_, generation)| generation);
        same("generation", &(i64::from(after) - i64::from(before)), &delta)?;
    }
    check_after(connection, &key, case)
}

#[test]
fn functions_answer_as_on_the_real_server() {
    let server = Embedded::start();
    let mut connection = server.connect();
    register(&mut connection);
    let mut tally = Tally::default();
    for case in cases("udf") {
        tally.note(&case, run(&mut connection, &case));
    }
    tally.expect(395, 0);
}

#[test]
fn a_module_that_does_not_compile_is_not_registered() {
    let server = Embedded::start();
    let mut connection = server.connect();
    let source = std::fs::read(format!("{DATA}udf/golden_bad.lua")).unwrap();
    let message = STANDARD.encode("')' expected near 'return'");
    assert_eq!(
        put(&mut connection, "golden_bad.lua", &source),
        format!("error=compile_error;file=golden_bad.lua;line=2;message={message}")
    );
    assert_eq!(connection.info("udf-list"), "");
    assert_eq!(put(&mut connection, "bad", b"return 1"), "error=invalid_filename");
}

#[test]
fn a_module_is_got_as_it_was_put_and_can_be_removed() {
    let server = Embedded::start();
    let mut connection = server.connect();
    assert_eq!(put(&mut connection, "m.lua", b"function f() return 1 end"), "ok");
    let content = STANDARD.encode("function f() return 1 end");
    assert_eq!(connection.info("udf-get:filename=m.lua"), format!("type=LUA;content={content};"));
    assert_eq!(connection.info("udf-remove:filename=m.lua"), "ok");
    assert_eq!(connection.info("udf-get:filename=m.lua"), "error=not_found");
}

/// Calls a function of a module that is made of `source`; the name and value of the only entry.
fn call(source: &str, arguments: &Json) -> (String, Value) {
    let server = Embedded::start();
    let mut connection = server.connect();
    assert_eq!(put(&mut connection, "m.lua", source.as_bytes()), "ok");
    let mut request = Request::new(&Key::string("udf"), [0, 1, 0]);
    push_call(&mut request, &json!({ "module": "m", "function": "f", "args": arguments }));
    let mut entries = entries(&connection.call(&request));
    assert_eq!(entries.len(), 1);
    entries.remove(0)
}

#[test]
fn functions_are_limited_in_time_and_memory() {
    let (name, text) = call("function f() while true do pcall(f) end end", &json!([]));
    assert_eq!(name, "FAILURE");
    assert!(
        matches!(&text, Value::String(text) if text.contains("UDF Execution Timeout")),
        "{text:?}"
    );
    let grow = "function f() local s = 'x' while true do s = s .. s end end";
    assert_eq!(call(grow, &json!([])).1, Value::String("not enough memory".into()));
    let nest = "function f() local l = list() for i = 1, 30 do l = list { l, l } end return l end";
    assert_eq!(call(nest, &json!([])), ("SUCCESS".into(), Value::Nil));
    let turn = "function f() local l = list() list.append(l, l) return l end";
    assert_eq!(call(turn, &json!([])), ("SUCCESS".into(), Value::Nil));
}

#[test]
fn functions_reach_nothing_outside() {
    for global in ["io", "dofile", "loadfile", "package", "collectgarbage"] {
        let source = format!("function f() return type({global}) end");
        assert_eq!(call(&source, &json!([])).1, Value::String("nil".into()), "{global}");
    }
    let source = "function f() return type(os.execute) .. type(os.getenv) .. type(string.dump) end";
    assert_eq!(call(source, &json!([])).1, Value::String("nilnilnil".into()));
    let compiled = "function f() return load('\\27Lua') == nil end";
    assert_eq!(call(compiled, &json!([])).1, Value::Bool(true));
}

#[test]
fn types_work_as_modules_expect() {
    let source = r#"
function f()
  local l = list { 1, 2, 3 }
  list.insert(l, 2, "two")
  list.remove(l, 1)
  list.concat(l, list { map { a = 1 } })
  local b = bytes(8)
  bytes.append_int32(b, 258)
  bytes.append_int16_le(b, 1)
  bytes.set_byte(b, 8, 255)
  bytes.append_string(b, "xy")
  local m = map()
  m[1], m["k"], m[b] = true, l, 2.5
  return list {
    #l, tostring(l), bytes.size(b), bytes.get_int32_be(b, 1), bytes.get_string(b, 9, 2), b, m,
    map.size(map.merge(m, map { z = 0 })), list.take(l, 1), list.drop(l, 3), bytes.get_var_int(b, 1),
    tostring(geojson('{"type":"Point","coordinates":[0,0]}')), l[9] == nil, getmetatable(l),
  }
end"#;
    let wanted = json!([
        4, r#"List("two", 2, 3, Map("a"->1))"#, 10, 258, "xy", {"$bytes": "AAABAgEAAP94eQ=="},
        {"$map": [[1, true], ["k", ["two", 2, 3, {"a": 1}]], [{"$bytes": "AAABAgEAAP94eQ=="}, 2.5]]},
        4, ["two"], [{"a": 1}], 0, r#"{"type":"Point","coordinates":[0,0]}"#, true, "List",
    ]);
    assert_eq!(call(source, &json!([])), ("SUCCESS".into(), Value::from_json(&wanted)));
}
