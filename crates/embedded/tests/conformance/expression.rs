//! Suite of expressions, and operations on them as their bytes.

use serde_json::Value as Json;

use super::call::{self, bins_from_json, check_after, same};
use super::value::base64;
use super::{Tally, cases, collection, operate};
use crate::support::{Connection, Embedded, Key, Request};

pub const READ: u8 = 7;
pub const WRITE: u8 = 8;

pub fn is_known(op: &str) -> bool {
    matches!(op, "exp_read" | "exp_write")
}

/// The code of an operation, and its bytes: a list of the expression and, if there are any, flags.
pub fn encode(op: &Json) -> (u8, Vec<u8>) {
    let names = ["create_only", "update_only", "allow_delete", "policy_no_fail", "eval_no_fail"];
    let flags = collection::flags(&op["args"]["flags"], &names);
    let mut payload = vec![0x92];
    payload.extend(base64(&op["args"]["exp_wire"]));
    payload.push(flags as u8);
    (if op["op"] == "exp_read" { READ } else { WRITE }, payload)
}

fn run_get(connection: &mut Connection, case: &Json) -> Result<(), String> {
    let key = match case.get("key") {
        Some(key) => call::key_from_json(key),
        None => Key::string(case["id"].as_str().unwrap()),
    };
    call::prepare(connection, &key, case);
    let mut request = Request::get(&key);
    call::apply_policy(&mut request, &key, &case["policy"]);
    let reply = connection.call(&request);
    same("result", &u64::from(reply.code), &case["expect"]["error"].as_u64().unwrap_or(0))?;
    if reply.code == 0 {
        let bins = call::entries(&reply).into_iter().collect();
        same("bins", &bins, &bins_from_json(&case["before"]))?;
    }
    check_after(connection, &key, case)
}

#[test]
fn expressions_come_to_what_they_do_on_the_real_server() {
    let server = Embedded::start();
    let mut connection = server.connect();
    let mut tally = Tally::default();
    for case in cases("exp") {
        if case["call"] == "get" {
            tally.note(&case, run_get(&mut connection, &case));
        } else {
            tally.note(&case, operate::run(&mut connection, &case));
        }
    }
    tally.expect(3187, 0);
}
