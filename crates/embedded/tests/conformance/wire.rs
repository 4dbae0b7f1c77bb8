//! Suite of frames.

use serde_json::Value as Json;

use super::call::{self, check_after, entries, entries_from_json, same};
use super::value::base64;
use super::{Tally, cases, udf};
use crate::support::{Connection, Embedded, Reply};

fn run(server: &Embedded, case: &Json) -> Result<(), String> {
    let mut preparing = server.connect();
    let key = call::key_from_json(&case["key"]);
    call::prepare(&mut preparing, &key, case);
    let reply = server.connect().exchange(&base64(&case["request"]));
    check(reply, &case["expect"])?;
    check_after(&mut preparing, &key, case)
}

fn check(reply: Option<(u8, Vec<u8>)>, expect: &Json) -> Result<(), String> {
    let Some((kind, body)) = reply else {
        return same("closed", &expect["closed"], &Json::Bool(true));
    };
    if let Some(wanted) = expect["type"].as_u64() {
        same("type", &u64::from(kind), &wanted)?;
        return same("body", &body, &base64(&expect["body"]));
    }
    let reply = Reply::parse(&body);
    if let Some(last) = expect["final"].as_array() {
        same("last", &(reply.info3 & 1), &1)?;
        return same("final", &Json::from(reply.code), &last[0]);
    }
    let wanted = expect["result"].as_u64().or(expect["error"].as_u64());
    same("result", &u64::from(reply.code), &wanted.unwrap_or(0))?;
    if let Some(generation) = expect["gen"].as_u64() {
        same("generation", &u64::from(reply.generation), &generation)?;
    }
    match expect.get("results") {
        Some(results) => same("results", &entries(&reply), &entries_from_json(results)),
        None => Ok(()),
    }
}

#[test]
fn frames_are_answered_as_the_real_server_does() {
    let server = Embedded::start();
    udf::register(&mut server.connect());
    let mut tally = Tally::default();
    for case in cases("wire") {
        tally.note(&case, run(&server, &case));
    }
    tally.expect(895, 0);
}

#[test]
fn a_connection_serves_on_after_a_request_that_failed() {
    let server = Embedded::start();
    let mut connection: Connection = server.connect();
    for case in cases("wire").iter().filter(|case| case["expect"]["result"] == 4) {
        assert!(connection.exchange(&base64(&case["request"])).is_some(), "{}", case["id"]);
    }
}
