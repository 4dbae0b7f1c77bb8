//! Suite of batches.

use serde_json::{Value as Json, json};

use super::call::{self, bins_from_json, entries, entries_from_json, same};
use super::value::base64;
use super::{Tally, cases, udf};
use crate::support::{Connection, Embedded, Key, Reply, Request};

const INLINE: u8 = 1;
const REPORT_ALL_ERRORS: u8 = 4;

fn key_of(case: &Json, position: usize) -> Key {
    let record = &case["records"][position];
    let mut key = Key::string(&format!("{} {position}", case["id"]));
    key.namespace = record["ns"].as_str().unwrap_or("test").into();
    key.set = record["set"].as_str().unwrap_or("golden").into();
    key
}

/// The requests of the rows, as if each were to be sent alone.
fn rows(case: &Json) -> Vec<Request> {
    if let Some(entries) = case["entries"].as_array() {
        return entries.iter().map(|entry| row_of_entry(case, entry)).collect();
    }
    let positions = case["keys"].as_array().unwrap().iter();
    let keys = positions.map(|position| key_of(case, position.as_u64().unwrap() as usize));
    keys.map(|key| match case["call"].as_str().unwrap() {
        "batch_read" => read(&key, case.get("bins")),
        "batch_operate" => operate(&key, &case["ops"], &case["write_policy"]),
        "batch_remove" => remove(&key, &case["remove_policy"]),
        "batch_apply" => apply(&key, case, &case["apply_policy"]),
        other => panic!("call {other}"),
    })
    .collect()
}

fn row_of_entry(case: &Json, entry: &Json) -> Request {
    let key = key_of(case, entry["record"].as_u64().unwrap() as usize);
    let mut policy = entry.get("policy").cloned().unwrap_or(json!({}));
    if let Some(generation) = entry.get("generation") {
        policy["generation"] = generation.clone();
    }
    let mut request = match entry["type"].as_str().unwrap() {
        "remove" => return remove(&key, &policy),
        "apply" => return apply(&key, entry, &policy),
        _ if entry.get("ops").is_some() => return operate(&key, &entry["ops"], &policy),
        _ if entry["all_bins"] == true => Request::get(&key),
        _ => read(&key, Some(&json!([]))),
    };
    call::apply_policy(&mut request, &key, &policy);
    request
}

fn read(key: &Key, bins: Option<&Json>) -> Request {
    match bins.map(|bins| bins.as_array().unwrap().as_slice()) {
        None => Request::get(key),
        Some([]) => Request::new(key, [0x21, 0, 0]),
        Some(_) => call::record_call("select", &json!({ "bins": bins }), key),
    }
}

fn operate(key: &Key, ops: &Json, policy: &Json) -> Request {
    let mut request = call::add_ops(Request::new(key, [0, 0, 0]), ops.as_array().unwrap());
    if request.info[1] & 1 != 0 {
        request.info[1] |= 0x80;
    }
    call::apply_policy(&mut request, key, policy);
    request
}

fn apply(key: &Key, function: &Json, policy: &Json) -> Request {
    let mut request = Request::new(key, [0, 1, 0]);
    udf::push_call(&mut request, function);
    call::apply_policy(&mut request, key, policy);
    request
}

fn remove(key: &Key, policy: &Json) -> Request {
    let mut request = Request::delete(key);
    call::apply_policy(&mut request, key, policy);
    request
}

/// A row as its bytes.
fn push_row(rows: &mut Vec<u8>, index: u32, request: &Request) {
    const HAS_EXTRA_INFO: u8 = 2;
    const HAS_GENERATION: u8 = 4;
    const HAS_TTL: u8 = 8;
    let digest = request.fields.iter().position(|(kind, _)| *kind == 4).unwrap();
    rows.extend_from_slice(&index.to_be_bytes());
    rows.extend_from_slice(&request.fields[digest].1);
    rows.push(HAS_EXTRA_INFO | HAS_GENERATION | HAS_TTL);
    rows.extend_from_slice(&request.info[..3]);
    rows.extend_from_slice(&(request.generation as u16).to_be_bytes());
    rows.extend_from_slice(&request.ttl.to_be_bytes());
    // The fields and operations are those of a request, after its header.
    let mut alone = request.clone();
    alone.fields.remove(digest);
    rows.extend_from_slice(&alone.body()[18..]);
}

fn batch(requests: &[Request], flags: u8) -> Request {
    let mut rows = (requests.len() as u32).to_be_bytes().to_vec();
    rows.push(flags);
    for (index, request) in requests.iter().enumerate() {
        push_row(&mut rows, index as u32, request);
    }
    Request { info: [9, 0, 0, 0], fields: vec![(41, rows)], ..Request::default() }
}

/// The replies to the rows, with their numbers, and the code of the closing message.
fn exchange(connection: &mut Connection, request: &Request) -> (Vec<(u32, Reply)>, u8) {
    let mut replies = Vec::new();
    let mut frame = connection.exchange(&request.frame());
    loop {
        let (_, body) = frame.expect("a closing message");
        for (index, reply) in Reply::parse_all(&body) {
            if reply.info3 & 1 != 0 {
                return (replies, reply.code);
            }
            replies.push((index, reply));
        }
        frame = connection.receive();
    }
}

fn run(connection: &mut Connection, case: &Json) -> Result<(), String> {
    let records = case["records"].as_array().unwrap();
    for (position, record) in records.iter().enumerate() {
        let before = json!({ "before": record["bins"] });
        call::prepare(connection, &key_of(case, position), &before);
    }
    let mut request = batch(&rows(case), INLINE | REPORT_ALL_ERRORS);
    if let Some(filter) = case["policy"].get("filter_wire") {
        request.fields.push((43, base64(filter)));
    }
    let (replies, last) = exchange(connection, &request);
    let expect = &case["expect"];
    same("final", &u64::from(last), &expect["final"].as_u64().unwrap())?;
    let wanted = expect["entries"].as_array().unwrap();
    same("entries", &replies.len(), &wanted.len())?;
    for (number, (wanted, (index, reply))) in wanted.iter().zip(&replies).enumerate() {
        let check = || {
            same("index", index, &(number as u32))?;
            same("result", &u64::from(reply.code), &wanted["result"].as_u64().unwrap())?;
            if let Some(generation) = wanted["gen"].as_u64() {
                same("generation", &u64::from(reply.generation), &generation)?;
            }
            let bins = wanted.get("bins").map(entries_from_json).unwrap_or_default();
            same("bins", &entries(reply), &bins)
        };
        check().map_err(|message: String| format!("row {number}: {message}"))?;
    }
    for (position, after) in case["after"].as_array().unwrap().iter().enumerate() {
        let there = call::read(connection, &key_of(case, position)).map(|(bins, _)| bins);
        let wanted = (!after.is_null()).then(|| bins_from_json(after));
        same(&format!("after, record {position}"), &there, &wanted)?;
    }
    Ok(())
}

#[test]
fn batches_answer_as_the_real_server_does() {
    let server = Embedded::start();
    let mut connection = server.connect();
    udf::register(&mut connection);
    let mut tally = Tally::default();
    for case in cases("batch") {
        tally.note(&case, run(&mut connection, &case));
    }
    tally.expect(634, 0);
}

#[test]
fn a_batch_of_many_large_records_comes_in_several_frames() {
    let server = Embedded::start();
    let mut connection = server.connect();
    let keys: Vec<_> = (0..50).map(|number| Key::string(&format!("large {number}"))).collect();
    for key in &keys {
        let put = Request::new(key, [0, 1, 0]).op(2, "a", 4, &[7; 50_000]);
        assert_eq!(connection.call(&put).code, 0);
    }
    let gets: Vec<_> = keys.iter().map(Request::get).collect();
    let (replies, last) = exchange(&mut connection, &batch(&gets, INLINE));
    assert_eq!((replies.len(), last), (50, 0));
    assert!(replies.iter().all(|(_, reply)| reply.entries[0].2 == [7; 50_000]));
}

#[test]
fn a_batch_ends_at_an_error_unless_it_wants_all_of_them() {
    let server = Embedded::start();
    let mut connection = server.connect();
    let key = Key::string("one");
    connection.call(&Request::new(&key, [0, 1, 0]).op(2, "a", 1, &[7]));
    let wrong = Request::new(&key, [1, 1, 0]).op(9, "a", 3, b"text");
    let rows = [Request::get(&key), wrong, Request::get(&key)];
    let codes = |(replies, last): (Vec<(u32, Reply)>, u8)| {
        (replies.iter().map(|(_, reply)| reply.code).collect::<Vec<_>>(), last)
    };
    assert_eq!(codes(exchange(&mut connection, &batch(&rows, INLINE))), (vec![], 12));
    let all = batch(&rows, INLINE | REPORT_ALL_ERRORS);
    assert_eq!(codes(exchange(&mut connection, &all)), (vec![0, 12, 0], 0));
}
