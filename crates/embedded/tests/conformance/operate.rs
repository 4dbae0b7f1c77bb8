//! Suites of operate calls.

use serde_json::Value as Json;

use super::call::{self, check_after, entries, entries_from_json, same};
use super::{Tally, cases};
use crate::support::{Connection, Embedded, Key, Request};

fn replay(suite: &str) -> Tally {
    let server = Embedded::start();
    let mut connection = server.connect();
    let mut tally = Tally::default();
    for case in cases(suite) {
        tally.note(&case, run(&mut connection, &case));
    }
    tally
}

pub fn run(connection: &mut Connection, case: &Json) -> Result<(), String> {
    let key = match case.get("key") {
        Some(key) => call::key_from_json(key),
        None => Key::string(case["id"].as_str().unwrap()),
    };
    // Both forms of the reply: with an entry for every operation, and without.
    replay_once(connection, &key, case, true)?;
    replay_once(connection, &key, case, false)
}

fn replay_once(
    connection: &mut Connection,
    key: &Key,
    case: &Json,
    respond_all: bool,
) -> Result<(), String> {
    let before = call::prepare(connection, key, case);
    let flags = if respond_all { 0x80 } else { 0 };
    let ops = case["ops"].as_array().unwrap();
    let mut request = call::add_ops(Request::new(key, [0, flags, 0]), ops);
    call::apply_policy(&mut request, key, &case["policy"]);
    let reply = connection.call(&request);
    let expect = &case["expect"];
    let code = expect["error"].as_u64().unwrap_or(0);
    same("result", &u64::from(reply.code), &code)?;
    let after = call::read(connection, key).map_or(0, |(_, generation)| generation);
    if code == 0 {
        let mut wanted = entries_from_json(&expect["results"]);
        if !respond_all && let Some(sparse) = expect["sparse"].as_array() {
            let left_out: Vec<_> = sparse.iter().map(|at| at.as_u64().unwrap() as usize).collect();
            let mut position = 0;
            wanted.retain(|_| {
                position += 1;
                !left_out.contains(&(position - 1))
            });
        }
        same("results", &entries(&reply), &wanted)?;
        if let Some(delta) = expect["gen_delta"].as_i64() {
            same("generation", &(i64::from(after) - i64::from(before)), &delta)?;
        }
    } else {
        same("generation", &after, &before)?;
    }
    check_after(connection, key, case)
}

#[test]
fn scalar_operations_answer_as_the_real_server_does() {
    replay("scalar").expect(1459, 0);
}

#[test]
fn list_operations_answer_as_the_real_server_does() {
    replay("list").expect(4573, 0);
}

#[test]
fn map_operations_answer_as_the_real_server_does() {
    replay("map").expect(5124, 0);
}

#[test]
fn paths_lead_to_what_they_do_on_the_real_server() {
    replay("path").expect(695, 0);
}

#[test]
fn bit_operations_answer_as_the_real_server_does() {
    replay("bit").expect(2095, 0);
}

#[test]
fn hll_operations_answer_as_the_real_server_does() {
    replay("hll").expect(1188, 0);
}
