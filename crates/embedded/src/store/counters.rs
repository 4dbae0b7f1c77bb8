//! What has happened in a namespace, counted.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::protocol::ResultCode;

/// Where a command on a record came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Client,
    Batch,
    UdfQuery,
    OpsQuery,
    /// A client of another node.
    Proxy,
    /// A batch that another node was sent.
    ProxyBatch,
}

/// What it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    Read,
    Write,
    Delete,
    Udf,
}

/// What a function did with its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    Read,
    Write,
    Delete,
    Error,
}

/// A kind of query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryKind {
    Short,
    Long,
    Aggregation,
    UdfBackground,
    OpsBackground,
}

const ORIGINS: [&str; 6] =
    ["client", "batch_sub", "udf_sub", "ops_sub", "from_proxy", "from_proxy_batch_sub"];
const WORKS: [&str; 4] = ["read", "write", "delete", "udf"];
const ENDINGS: [&str; 4] = ["success", "error", "not_found", "filtered_out"];
const SCRIPTS: [&str; 4] = ["read_success", "write_success", "delete_success", "error"];
const SEARCHES: [&str; 2] = ["pi_query", "si_query"];
const QUERIES: [&str; 5] = ["short_basic", "long_basic", "aggr", "udf_bg", "ops_bg"];
const QUERY_ENDINGS: [&str; 3] = ["complete", "error", "abort"];

/// Others, by name.
const SINGLE: [&str; 19] = [
    "fail_generation",
    "fail_record_too_big",
    "deleted_last_bin",
    "expired_objects",
    "read_touch_success",
    "geo_region_query_reqs",
    "geo_region_query_cells",
    "geo_region_query_points",
    "geo_region_query_falsepos",
    "client_proxy_complete",
    "client_proxy_timeout",
    "batch_sub_proxy_complete",
    "batch_sub_proxy_timeout",
    "fail_mrt_blocked",
    "fail_mrt_version_mismatch",
    "mrt_verify_read_success",
    "mrt_verify_read_error",
    "mrt_roll_forward_success",
    "mrt_roll_back_success",
];

/// One of the counters of [`SINGLE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    FailGeneration,
    FailRecordTooBig,
    DeletedLastBin,
    Expired,
    ReadTouch,
    GeoQuery,
    GeoCells,
    GeoPoint,
    GeoFalsePositive,
    ProxyComplete,
    ProxyTimeout,
    BatchProxyComplete,
    BatchProxyTimeout,
    FailBlocked,
    FailVersionMismatch,
    VerifySuccess,
    VerifyError,
    RollForward,
    RollBack,
}

/// The counters of a namespace.
#[derive(Debug, Default)]
pub struct Counters {
    commands: [[[AtomicU64; 4]; 4]; 6],
    scripts: [[AtomicU64; 4]; 6],
    queries: [[[AtomicU64; 3]; 5]; 2],
    single: [AtomicU64; 19],
}

impl Counters {
    /// Notes how a command on a record ended.
    pub fn note(&self, origin: Origin, work: Work, code: ResultCode) {
        let ending = match code {
            ResultCode::Ok => 0,
            ResultCode::NotFound if matches!(work, Work::Read | Work::Delete) => 2,
            ResultCode::FilteredOut => 3,
            _ => 1,
        };
        let works = self.commands.get(origin as usize);
        add(works.and_then(|w| w.get(work as usize)).and_then(|e| e.get(ending)), 1);
        match code {
            ResultCode::Generation => self.count(Event::FailGeneration),
            ResultCode::RecordTooBig => self.count(Event::FailRecordTooBig),
            _ => {}
        }
    }

    pub fn note_script(&self, origin: Origin, script: Script) {
        add(self.scripts.get(origin as usize).and_then(|s| s.get(script as usize)), 1);
    }

    pub fn note_query(&self, by_index: bool, kind: QueryKind, code: ResultCode) {
        let ending = match code {
            ResultCode::Ok => 0,
            ResultCode::QueryAborted | ResultCode::Timeout => 2,
            _ => 1,
        };
        let kinds = self.queries.get(usize::from(by_index));
        add(kinds.and_then(|k| k.get(kind as usize)).and_then(|e| e.get(ending)), 1);
    }

    pub fn count(&self, event: Event) {
        self.count_many(event, 1);
    }

    pub fn count_many(&self, event: Event, number: u64) {
        add(self.single.get(event as usize), number);
    }

    /// Shows the name and the value of each counter.
    pub fn each(&self, mut show: impl FnMut(&str, u64)) {
        let value = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        for (origin, (works, scripts)) in
            ORIGINS.iter().zip(self.commands.iter().zip(&self.scripts))
        {
            for (work, endings) in WORKS.iter().zip(works).filter(|(work, _)| does(origin, work)) {
                for (ending, counter) in ENDINGS.iter().zip(endings) {
                    match (*work, *ending) {
                        ("udf", "success") => {
                            show(&format!("{origin}_udf_complete"), value(counter))
                        }
                        ("write" | "udf", "not_found") => {}
                        _ => show(&format!("{origin}_{work}_{ending}"), value(counter)),
                    }
                }
            }
            if does(origin, "udf") {
                for (script, counter) in SCRIPTS.iter().zip(scripts) {
                    show(&format!("{origin}_lang_{script}"), value(counter));
                }
            }
        }
        for (search, kinds) in SEARCHES.iter().zip(&self.queries) {
            for (kind, endings) in QUERIES.iter().zip(kinds) {
                for (ending, counter) in QUERY_ENDINGS.iter().zip(endings) {
                    // Short queries can't be aborted, but have a time.
                    let ending = match (*kind, *ending) {
                        ("short_basic", "abort") => "timeout",
                        (_, ending) => ending,
                    };
                    show(&format!("{search}_{kind}_{ending}"), value(counter));
                }
            }
        }
        for (name, counter) in SINGLE.iter().zip(&self.single) {
            show(name, value(counter));
        }
    }
}

/// Whether commands that come from there do such work.
fn does(origin: &str, work: &str) -> bool {
    match origin {
        "udf_sub" => work == "udf",
        "ops_sub" => work == "write",
        _ => true,
    }
}

fn add(counter: Option<&AtomicU64>, number: u64) {
    if let Some(counter) = counter {
        counter.fetch_add(number, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_shown_under_its_name() {
        let counters = Counters::default();
        counters.note(Origin::Client, Work::Read, ResultCode::NotFound);
        counters.note(Origin::Batch, Work::Write, ResultCode::Generation);
        counters.note(Origin::UdfQuery, Work::Udf, ResultCode::Ok);
        counters.note_script(Origin::Client, Script::Error);
        counters.note_query(true, QueryKind::OpsBackground, ResultCode::QueryAborted);
        counters.count_many(Event::Expired, 3);
        let mut shown = Vec::new();
        counters.each(|name, value| {
            if value > 0 {
                shown.push(format!("{name}={value}"));
            }
        });
        let wanted = [
            "client_read_not_found=1",
            "client_lang_error=1",
            "batch_sub_write_error=1",
            "udf_sub_udf_complete=1",
            "si_query_ops_bg_abort=1",
            "fail_generation=1",
            "expired_objects=3",
        ];
        assert_eq!(shown, wanted);
    }
}
