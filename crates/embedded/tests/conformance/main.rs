//! The golden cases, replayed byte by byte: what a real server answered is what this one answers.

#[path = "../support/mod.rs"]
mod support;

mod batch;
mod bits;
mod call;
mod collection;
mod expression;
mod hll;
mod info;
mod operate;
mod path;
mod people;
mod query;
mod record;
mod udf;
mod value;
mod wire;

use serde_json::Value as Json;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/data/");

fn cases(suite: &str) -> Vec<Json> {
    let path = format!("{DATA}{suite}.jsonl");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// How a suite went. What was passed over is counted, so that nothing is so unnoticed.
#[derive(Default)]
struct Tally {
    passed: usize,
    passed_over: usize,
    failures: Vec<String>,
}

impl Tally {
    fn note(&mut self, case: &Json, result: Result<(), String>) {
        match result {
            Ok(()) => self.passed += 1,
            Err(message) => self.failures.push(format!("{}: {message}", case["id"])),
        }
    }

    fn expect(self, passed: usize, passed_over: usize) {
        let count = self.failures.len();
        let shown = self.failures.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
        assert!(count == 0, "{count} failures, {} passed\n{shown}", self.passed);
        assert_eq!((self.passed, self.passed_over), (passed, passed_over), "passed, passed over");
    }
}
