//! Suite of whole-record calls.

use std::thread;
use std::time::Duration;

use serde_json::Value as Json;

use super::call::{self, bins_from_json, check_after, entries, entries_from_json, same};
use super::{Tally, cases};
use crate::support::{Connection, Embedded, Key, Request};

fn waits(case: &Json) -> bool {
    case["steps"].as_array().unwrap().iter().any(|step| step["call"] == "sleep")
}

fn run(connection: &mut Connection, case: &Json) -> Result<(), String> {
    let key = match case.get("key") {
        Some(key) => call::key_from_json(key),
        None => Key::string(case["id"].as_str().unwrap()),
    };
    connection.call(&Request::delete(&key));
    for (number, step) in case["steps"].as_array().unwrap().iter().enumerate() {
        let result = run_step(connection, &key, step);
        result.map_err(|message| format!("step {number}: {message}"))?;
    }
    check_after(connection, &key, case)
}

fn run_step(connection: &mut Connection, key: &Key, step: &Json) -> Result<(), String> {
    let name = step["call"].as_str().unwrap();
    if name == "sleep" {
        thread::sleep(Duration::from_secs_f64(step["args"]["seconds"].as_f64().unwrap()));
        return Ok(());
    }
    let mut request = call::record_call(name, &step["args"], key);
    call::apply_policy(&mut request, key, &step["policy"]);
    let mut reply = connection.call(&request);
    for _ in 1..step["repeat"].as_u64().unwrap_or(1) {
        reply = connection.call(&request);
    }
    let expect = &step["expect"];
    same("result", &u64::from(reply.code), &expect["error"].as_u64().unwrap_or(0))?;
    if reply.code != 0 {
        return Ok(());
    }
    if let Some(generation) = expect["gen"].as_u64() {
        same("generation", &u64::from(reply.generation), &generation)?;
    }
    if let Some(bins) = expect.get("bins") {
        same("bins", &entries(&reply).into_iter().collect(), &bins_from_json(bins))?;
    }
    if let Some(results) = expect.get("results") {
        same("results", &entries(&reply), &entries_from_json(results))?;
    }
    call::check_ttl(&reply, &expect["ttl"])
}

#[test]
fn record_calls_answer_as_the_real_server_does() {
    let server = Embedded::start();
    let (waiting, quick): (Vec<_>, Vec<_>) = cases("record").into_iter().partition(waits);
    let mut tally = Tally::default();
    thread::scope(|scope| {
        // Cases that wait for a record to expire wait together.
        let waiters: Vec<_> =
            waiting.iter().map(|case| scope.spawn(|| run(&mut server.connect(), case))).collect();
        let mut connection = server.connect();
        for case in &quick {
            tally.note(case, run(&mut connection, case));
        }
        for (case, waiter) in waiting.iter().zip(waiters) {
            tally.note(case, waiter.join().unwrap());
        }
    });
    tally.expect(757, 0);
}
