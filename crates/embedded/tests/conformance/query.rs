//! Suite of queries: scans, searches by index, and queries that write.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::{Value as Json, json};

use super::call::{self, Bins, same};
use super::value::{Value, base64};
use super::{Tally, cases};
use super::{people, udf};
use crate::support::{Connection, Embedded, Key, Reply, Request};

const PARTITIONS: u16 = 4096;

/// Where in a partition to go on: a digest, and the value in the index.
type Resume = (Vec<u8>, Vec<u8>);

fn base(case: &Json, info: [u8; 3]) -> Request {
    let mut request = Request { info: [info[0], info[1], info[2], 0], ..Request::default() };
    let namespace = case["ns"].as_str().unwrap_or("test");
    request.fields.push((0, namespace.as_bytes().to_vec()));
    let set = case.get("set").map_or(Some("people"), Json::as_str);
    if let Some(set) = set {
        request.fields.push((1, set.as_bytes().to_vec()));
    }
    request.fields.push((9, 30_000u32.to_be_bytes().to_vec()));
    if let Some(filter) = case["policy"].get("filter_wire") {
        request.fields.push((43, base64(filter)));
    }
    if case["where"].is_object() {
        push_condition(&mut request, &case["where"]);
    }
    request
}

fn push_condition(request: &mut Request, condition: &Json) {
    let mut range = vec![1];
    let named = condition.get("index_name").is_some() || condition.get("exp").is_some();
    let bin = if named { "" } else { condition["bin"].as_str().unwrap() };
    range.push(bin.len() as u8);
    range.extend_from_slice(bin.as_bytes());
    let geo = |text: &str| Value::String(text.to_owned()).to_particle().1;
    let (kind, begin, end) = match condition["op"].as_str().unwrap() {
        "equals" => {
            let (kind, value) = Value::from_json(&condition["value"]).to_particle();
            (kind, value.clone(), value)
        }
        "range" => {
            let bound = |name: &str| Value::from_json(&condition[name]).to_particle().1;
            (1, bound("begin"), bound("end"))
        }
        "geo_within" => {
            let region = geo(condition["region"].as_str().unwrap());
            (23, region.clone(), region)
        }
        "geo_within_radius" => {
            let circle = json!({
                "type": "AeroCircle",
                "coordinates": [[condition["lng"], condition["lat"]], condition["meters"]],
            });
            let region = geo(&circle.to_string());
            (23, region.clone(), region)
        }
        "geo_contains" => {
            let point = geo(condition["point"].as_str().unwrap());
            (23, point.clone(), point)
        }
        other => panic!("condition {other}"),
    };
    range.push(kind);
    for bound in [begin, end] {
        range.extend_from_slice(&(bound.len() as u32).to_be_bytes());
        range.extend_from_slice(&bound);
    }
    request.fields.push((22, range));
    let collection = match condition["collection"].as_str().unwrap() {
        "list" => 1,
        "mapkeys" => 2,
        "mapvalues" => 3,
        _ => 0,
    };
    if collection != 0 {
        request.fields.push((26, vec![collection]));
    }
    if let Some(context) = condition["ctx"].as_array() {
        request.fields.push((23, people::context(context)));
    }
    if let Some(name) = condition["index_name"].as_str() {
        request.fields.push((21, name.as_bytes().to_vec()));
    }
    if let Some(expression) = condition.get("exp_wire") {
        request.fields.push((24, base64(expression)));
    }
}

/// The request of a query in the foreground, but for its partitions.
fn foreground(case: &Json) -> Request {
    let no_bins = if case["no_bins"] == true { 0x20 } else { 0 };
    let mut request = base(case, [1 | no_bins, 0x80, 4]);
    if let Some(bins) = case["bins"].as_array() {
        request.info[1] = 0;
        for bin in bins {
            request = request.op(1, bin.as_str().unwrap(), 0, b"");
        }
    }
    if let Some(ops) = case["ops"].as_array() {
        request = call::add_ops(request, ops);
    }
    request
}

/// Sends a query and reads until it is done: the records, and the code at the end.
fn records(connection: &mut Connection, request: &Request) -> (Vec<Reply>, u8) {
    let mut records = Vec::new();
    let mut frame = connection.exchange(&request.frame());
    loop {
        let (_, body) = frame.expect("a closing message");
        for (_, reply) in Reply::parse_all(&body) {
            if reply.info3 & 1 != 0 || reply.code != 0 {
                return (records, reply.code);
            }
            records.push(reply);
        }
        frame = connection.receive();
    }
}

/// Runs a query, by pages if it is to be so.
fn run_query(connection: &mut Connection, case: &Json) -> (Vec<Reply>, u8) {
    let (first, count) = match case["partitions"].as_array() {
        Some(range) => (range[0].as_u64().unwrap() as u16, range[1].as_u64().unwrap() as u16),
        None => (0, PARTITIONS),
    };
    let mut left: BTreeMap<u16, Option<Resume>> =
        (first..first + count).map(|number| (number, None)).collect();
    let page = case["page"].as_u64();
    let mut all = Vec::new();
    loop {
        let mut request = foreground(case);
        push_partitions(&mut request, &left);
        if let Some(page) = page {
            request.fields.push((13, page.to_be_bytes().to_vec()));
        }
        let (records, code) = records(connection, &request);
        let count = records.len() as u64;
        for record in &records {
            let digest = record.field(4).expect("a digest");
            let partition = u16::from_le_bytes([digest[0], digest[1] & 0x0f]);
            assert!(left.contains_key(&partition), "a partition that was not asked for");
            let value = record.field(15).unwrap_or_default();
            left.insert(partition, Some((digest, value)));
        }
        all.extend(records);
        if code != 0 || page.is_none_or(|page| count < page) {
            return (all, code);
        }
        assert!(page.is_none_or(|page| count == page), "a page of {count}");
    }
}

fn push_partitions(request: &mut Request, left: &BTreeMap<u16, Option<Resume>>) {
    let (mut numbers, mut digests, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for (number, resume) in left {
        match resume {
            None => numbers.extend_from_slice(&number.to_le_bytes()),
            Some((digest, value)) => {
                digests.extend_from_slice(digest);
                values.extend_from_slice(value);
            }
        }
    }
    for (kind, value) in [(11, numbers), (12, digests), (15, values)] {
        if !value.is_empty() {
            request.fields.push((kind, value));
        }
    }
}

fn user_key(reply: &Reply) -> Value {
    let key = reply.field(2).expect("a user key");
    Value::from_particle(key[0], &key[1..])
}

fn bins(reply: &Reply) -> Bins {
    call::entries(reply).into_iter().collect()
}

fn run(connection: &mut Connection, case: &Json) -> Result<(), String> {
    if case["background"].is_object() {
        return run_background(connection, case);
    }
    if case["aggregate"].is_object() {
        return run_aggregation(connection, case);
    }
    let (records, code) = run_query(connection, case);
    let expect = &case["expect"];
    same("result", &u64::from(code), &expect["error"].as_u64().unwrap_or(0))?;
    if code != 0 {
        return Ok(());
    }
    let mut found: BTreeMap<Value, Bins> = BTreeMap::new();
    for record in &records {
        let again = found.insert(user_key(record), bins(record)).is_some();
        if again && expect["repeats"] != true {
            return Err(format!("{:?} comes twice", user_key(record)));
        }
    }
    if let Some(wanted) = expect["records"].as_array() {
        let wanted = wanted.iter().map(|pair| {
            let bins = pair[1].as_object().unwrap().iter();
            let bins = bins.map(|(name, value)| (name.clone(), Value::from_json(value).sorted()));
            (Value::from_json(&pair[0]), bins.collect())
        });
        return same("records", &found, &wanted.collect());
    }
    let wanted = expect["keys"].as_array().unwrap().iter().map(Value::from_json);
    same("keys", &found.keys().cloned().collect::<BTreeSet<_>>(), &wanted.collect())?;
    for (key, bins) in found {
        let wanted = match expect["bins"].as_str().unwrap() {
            "all" => loaded(case, &key),
            _ => Bins::new(),
        };
        same(&format!("bins of {key:?}"), &bins, &wanted)?;
    }
    Ok(())
}

/// The bins with which a record was loaded.
fn loaded(case: &Json, key: &Value) -> Bins {
    static DATA: LazyLock<Vec<Json>> = LazyLock::new(|| cases("query_data"));
    let namespace = case["ns"].as_str().unwrap_or("test");
    let set = case.get("set").map_or(Some("people"), Json::as_str);
    let data = DATA.iter().find(|record| {
        record["key"][0] == namespace
            && set.is_none_or(|set| record["key"][1] == set)
            && Value::from_json(&record["key"][2]) == *key
    });
    people::bins(data.unwrap())
}

/// Runs an aggregation and reduces what comes of the partitions as a client does.
fn run_aggregation(connection: &mut Connection, case: &Json) -> Result<(), String> {
    let mut request = base(case, [1, 0, 0]);
    udf::push_call(&mut request, &case["aggregate"]);
    request.info[1] = 0;
    request.fields.push((33, vec![1]));
    let (replies, code) = records(connection, &request);
    let expect = &case["expect"];
    same("result", &u64::from(code), &expect["error"].as_u64().unwrap_or(0))?;
    if code != 0 {
        return Ok(());
    }
    let values = replies.iter().map(|reply| {
        let mut entries = call::entries(reply);
        assert_eq!((entries.len(), entries[0].0.as_str()), (1, "SUCCESS"));
        entries.remove(0).1
    });
    let reduce = match case["aggregate"]["function"].as_str().unwrap() {
        "largest" => Value::max,
        _ => add,
    };
    let results: Vec<_> = values.reduce(reduce).into_iter().collect();
    let wanted = expect["results"].as_array().unwrap().iter().map(Value::from_json);
    same("results", &results, &wanted.collect())
}

/// The sum of numbers, or of the values of maps under each key.
fn add(a: Value, b: Value) -> Value {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Value::Int(a + b),
        (Value::Map(flags, a), Value::Map(_, b)) => {
            let mut sums: BTreeMap<_, _> = a.into_iter().collect();
            for (key, value) in b {
                let sum = match sums.remove(&key) {
                    Some(there) => add(there, value),
                    None => value,
                };
                sums.insert(key, sum);
            }
            Value::Map(flags, sums.into_iter().collect())
        }
        other => panic!("{other:?}"),
    }
}

fn run_background(connection: &mut Connection, case: &Json) -> Result<(), String> {
    let id: u64 = case["id"].as_str().unwrap().trim_start_matches("query/").parse().unwrap();
    let trid = 1_000_000 + id;
    let mut request = base(case, [0, 1, 0]);
    request.fields.push((7, trid.to_be_bytes().to_vec()));
    match case["background"]["ops"].as_array() {
        Some(ops) => request = call::add_ops(request, ops),
        None => {
            udf::push_call(&mut request, &case["background"]);
            request.fields.push((33, vec![2]));
        }
    }
    request.info[0] = 0;
    let reply = connection.call(&request);
    same("result", &(reply.code, reply.info3 & 1), &(0, 1))?;
    while !connection.info(&format!("query-show:trid={trid}")).contains("status=done(ok)") {
        std::thread::yield_now();
    }
    let scan = json!({ "set": case["set"] });
    let (records, _) = run_query(connection, &scan);
    let mark = case["mark"].as_str().unwrap();
    let marked: BTreeMap<Value, Value> = records
        .iter()
        .filter_map(|record| Some((user_key(record), bins(record).get(mark)?.clone())))
        .collect();
    let wanted = case["expect"]["marked"].as_array().unwrap().iter();
    let wanted = wanted.map(|pair| (Value::from_json(&pair[0]), Value::from_json(&pair[1])));
    same("marked", &marked, &wanted.collect())
}

#[test]
fn queries_answer_as_the_real_server_does() {
    let server = Embedded::start();
    let mut connection = server.connect();
    people::load(&mut connection);
    udf::register(&mut connection);
    let mut tally = Tally::default();
    for case in cases("query") {
        tally.note(&case, run(&mut connection, &case));
    }
    tally.expect(330, 0);
}

fn all_of(set: &str) -> Json {
    json!({ "set": set })
}

fn put(connection: &mut Connection, set: &str, number: i64) {
    let mut key = Key::string(&format!("{number}"));
    key.set = set.into();
    let put = Request::new(&key, [0, 1, 0]).op(2, "n", 1, &number.to_be_bytes());
    assert_eq!(connection.call(&put).code, 0);
}

#[test]
fn a_scan_of_many_records_comes_in_many_frames() {
    let server = Embedded::start();
    let mut connection = server.connect();
    for number in 0..20_000 {
        put(&mut connection, "many", number);
    }
    let (records, code) = run_query(&mut connection, &all_of("many"));
    let numbers: BTreeSet<_> = records.iter().map(|record| bins(record)["n"].clone()).collect();
    assert_eq!((records.len(), numbers.len(), code), (20_000, 20_000, 0));
}

#[test]
fn an_index_follows_writes_and_deletes() {
    let server = Embedded::start();
    let mut connection = server.connect();
    for number in 0..100 {
        put(&mut connection, "s", number);
    }
    let create = "sindex-create:namespace=test;set=s;indexname=n;bin=n;type=numeric";
    assert_eq!(connection.info(create), "ok");
    let above = json!({
        "set": "s",
        "where": { "bin": "n", "collection": "default", "op": "range", "begin": 90, "end": 1000 },
    });
    let count = |connection: &mut Connection| run_query(connection, &above).0.len();
    assert_eq!(count(&mut connection), 10);
    let mut key = Key::string("95");
    key.set = "s".into();
    connection.call(&Request::delete(&key));
    assert_eq!(count(&mut connection), 9);
    key.value = b"1".to_vec();
    connection.call(&Request::new(&key, [0, 1, 0]).op(2, "n", 1, &500i64.to_be_bytes()));
    assert_eq!(count(&mut connection), 10);
    connection.call(&Request::new(&key, [0, 1, 0]).op(2, "n", 3, b"text"));
    assert_eq!(count(&mut connection), 9);
    assert_eq!(connection.info("truncate:namespace=test;set=s"), "ok");
    assert_eq!(count(&mut connection), 0);
    let statistics = connection.info("sindex-stat:namespace=test;indexname=n");
    assert!(statistics.starts_with("entries=0;"), "{statistics}");
    assert_eq!(connection.info("sindex-delete:namespace=test;indexname=n"), "ok");
    assert_eq!(run_query(&mut connection, &above).1, 201);
}

#[test]
fn a_query_can_be_slow_and_be_aborted() {
    let server = Embedded::start();
    let mut connection = server.connect();
    for number in 0..50 {
        put(&mut connection, "s", number);
    }
    let mut request = foreground(&all_of("s"));
    push_partitions(&mut request, &(0..PARTITIONS).map(|number| (number, None)).collect());
    request.fields.push((7, 77u64.to_be_bytes().to_vec()));
    request.fields.push((10, 1u32.to_be_bytes().to_vec()));
    let mut other = server.connect();
    let running = std::thread::spawn(move || records(&mut connection, &request));
    while other.info("query-abort:id=77") != "ok" {
        std::thread::yield_now();
    }
    let (records, code) = running.join().unwrap();
    assert!(records.len() < 50);
    assert_eq!(code, 210);
    assert!(other.info("query-show:id=77").contains("status=done(user-aborted)"));
}

#[test]
fn a_record_with_many_elements_is_found_and_written_once() {
    let server = Embedded::start();
    let mut connection = server.connect();
    let create = "sindex-create:namespace=test;set=s;indexname=l;bin=l;type=numeric;indextype=list";
    assert_eq!(connection.info(create), "ok");
    let list = Value::List(false, (0..50_000).map(Value::Int).collect()).packed();
    let mut key = Key::string("long");
    key.set = "s".into();
    let put = Request::new(&key, [0, 1, 0]).op(2, "l", 20, &list).op(2, "n", 1, &[0]);
    assert_eq!(connection.call(&put).code, 0);
    let range = json!({
        "bin": "l", "collection": "list", "op": "range", "begin": 10, "end": 49_000,
    });
    let found = run_query(&mut connection, &json!({ "set": "s", "where": range }));
    assert_eq!((found.0.len(), found.1), (1, 0));
    let mut write = base(&json!({ "set": "s", "where": range }), [0, 1, 0]).op(5, "n", 1, &[1]);
    write.fields.push((7, 5u64.to_be_bytes().to_vec()));
    assert_eq!(connection.call(&write).code, 0);
    while !connection.info("query-show:trid=5").contains("status=done(ok)") {
        std::thread::yield_now();
    }
    let bins = call::read(&mut connection, &key).unwrap().0;
    assert_eq!(bins["n"], Value::Int(1));
}
