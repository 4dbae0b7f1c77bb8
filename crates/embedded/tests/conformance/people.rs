//! The data set that queries are about, and its indexes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use super::call::Bins;
use super::collection::step;
use super::value::Value;
use super::{call, cases};
use crate::support::{Connection, Request};

/// Writes the records and makes the indexes that can be made.
pub fn load(connection: &mut Connection) {
    for record in cases("query_data") {
        let key = call::key_from_json(&record["key"]);
        let mut put = Request::new(&key, [0, 1, 0]);
        for (name, value) in bins(&record) {
            let (kind, value) = value.to_particle();
            put = put.op(2, &name, kind, &value);
        }
        put.fields.push((2, [&[key.kind], &key.value[..]].concat()));
        assert_eq!(connection.call(&put).code, 0, "{record}");
    }
    for index in cases("query_indexes") {
        let text = |name: &str| index[name].as_str();
        let mut command = format!(
            "sindex-create:namespace={};set={};indexname={};indextype={};type={}",
            text("ns").unwrap(),
            text("set").unwrap(),
            text("name").unwrap(),
            text("collection").unwrap(),
            text("type").unwrap(),
        );
        if let Some(bin) = text("bin") {
            command += &format!(";bin={bin}");
        }
        if let Some(context) = index["ctx"].as_array() {
            command += &format!(";context={}", STANDARD.encode(self::context(context)));
        }
        if let Some(expression) = text("exp_wire") {
            command += &format!(";exp={expression}");
        }
        assert_eq!(connection.info(&command), "ok", "{command}");
    }
    while connection.info("sindex-list").contains("state=WO") {
        std::thread::yield_now();
    }
}

/// The bins of a line of the data set.
pub fn bins(record: &Json) -> Bins {
    let bins = call::bins_from_json(&record["bins"]).into_iter();
    bins.map(|(name, value)| (name, value.sorted())).collect()
}

/// A context as it is sent alone.
pub fn context(steps: &[Json]) -> Vec<u8> {
    let values: Vec<Value> = steps.iter().flat_map(step).collect();
    let mut bytes = vec![0x90 | values.len() as u8];
    values.iter().for_each(|value| bytes.extend_from_slice(&value.packed()));
    bytes
}
