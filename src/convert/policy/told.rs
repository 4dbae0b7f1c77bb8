//! Policies to Python: dicts of the same keys as those that they are made of.

use aerospike_core::policy::{
    BasePolicy, BatchPolicy, CommitLevel, Concurrency, Expiration, QueryPolicy, ReadTouchTtl,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::base::{READ_MODE_AP, READ_MODE_SC, REPLICA};
use super::query::DURATION;
use super::write::{COMMIT_LEVEL, EXISTS, GENERATION};
use super::{Each, Writing};

type Told<'py> = PyResult<Bound<'py, PyDict>>;

/// The constant that means a value. Every value that a policy can have has one.
fn constant<T: Copy + PartialEq>(value: T, choices: &[(i64, &str, T)]) -> i64 {
    choices.iter().find(|(_, _, meant)| *meant == value).map_or(0, |(constant, _, _)| *constant)
}

fn base<'py>(py: Python<'py>, policy: &BasePolicy) -> Told<'py> {
    let dict = PyDict::new(py);
    dict.set_item("total_timeout", policy.total_timeout)?;
    dict.set_item("socket_timeout", policy.socket_timeout)?;
    dict.set_item("connect_timeout", 0)?;
    dict.set_item("timeout_delay", policy.timeout_delay)?;
    dict.set_item("max_retries", policy.max_retries)?;
    dict.set_item("sleep_between_retries", policy.sleep_between_retries)?;
    dict.set_item("sleep_multiplier", policy.sleep_multiplier)?;
    dict.set_item("compress", policy.use_compression)?;
    dict.set_item("error_detail_verbosity", policy.error_detail_verbosity)?;
    dict.set_item("replica", constant(policy.replica, REPLICA))?;
    Ok(dict)
}

fn reads(dict: &Bound<'_, PyDict>, policy: &BasePolicy) -> PyResult<()> {
    dict.set_item("read_mode_ap", constant(policy.read_mode_ap, READ_MODE_AP))?;
    dict.set_item("read_mode_sc", constant(policy.read_mode_sc, READ_MODE_SC))?;
    dict.set_item("read_touch_ttl_percent", percent(policy.read_touch_ttl))?;
    dict.set_item("deserialize", true)
}

const fn percent(ttl: ReadTouchTtl) -> i64 {
    match ttl {
        ReadTouchTtl::DontReset => -1,
        ReadTouchTtl::ServerDefault => 0,
        ReadTouchTtl::Percent(percent) => percent as i64,
    }
}

pub fn read<'py>(py: Python<'py>, policy: &BasePolicy) -> Told<'py> {
    let dict = base(py, policy)?;
    reads(&dict, policy)?;
    Ok(dict)
}

pub fn query<'py>(py: Python<'py>, policy: &QueryPolicy) -> Told<'py> {
    let dict = scan(py, policy)?;
    dict.set_item("expected_duration", constant(policy.expected_duration, DURATION))?;
    Ok(dict)
}

pub fn scan<'py>(py: Python<'py>, policy: &QueryPolicy) -> Told<'py> {
    let dict = base(py, &policy.base_policy)?;
    dict.set_item("max_records", policy.max_records)?;
    dict.set_item("records_per_second", policy.records_per_second)?;
    dict.set_item("max_concurrent_nodes", policy.max_concurrent_nodes)?;
    dict.set_item("record_queue_size", policy.record_queue_size)?;
    dict.set_item("include_bin_data", policy.include_bin_data)?;
    Ok(dict)
}

pub fn batch<'py>(py: Python<'py>, policy: &BatchPolicy) -> Told<'py> {
    let dict = read(py, &policy.base_policy)?;
    dict.set_item("concurrent", policy.concurrency == Concurrency::Parallel)?;
    dict.set_item("allow_inline", policy.allow_inline)?;
    dict.set_item("allow_inline_ssd", policy.allow_inline_ssd)?;
    dict.set_item("respond_all_keys", policy.respond_all_keys)?;
    Ok(dict)
}

/// What concerns a record that is written.
fn written(
    dict: &Bound<'_, PyDict>,
    send_key: bool,
    commit_level: CommitLevel,
    durable_delete: bool,
) -> PyResult<()> {
    dict.set_item("key", i64::from(send_key))?;
    dict.set_item("commit_level", constant(commit_level, COMMIT_LEVEL))?;
    dict.set_item("durable_delete", durable_delete)
}

const fn ttl(expiration: Expiration) -> i64 {
    match expiration {
        Expiration::Seconds(seconds) => seconds as i64,
        Expiration::NamespaceDefault => 0,
        Expiration::Never => -1,
        Expiration::DontUpdate => -2,
    }
}

pub fn write<'py>(py: Python<'py>, policy: &Writing) -> Told<'py> {
    let dict = base(py, &policy.base_policy)?;
    written(&dict, policy.send_key, policy.commit_level, policy.durable_delete)?;
    dict.set_item("exists", constant(policy.record_exists_action, EXISTS))?;
    dict.set_item("gen", constant(policy.generation_policy, GENERATION))?;
    dict.set_item("ttl", ttl(policy.expiration))?;
    dict.set_item("on_locking_only", policy.on_locking_only)?;
    dict.set_item("wrap_integers", policy.wrap_integers)?;
    let over = match policy.base_policy.use_compression {
        true => policy.base_policy.compression_threshold,
        false => 0,
    };
    dict.set_item("compression_threshold", over)?;
    Ok(dict)
}

pub fn operate<'py>(py: Python<'py>, policy: &Writing) -> Told<'py> {
    let dict = write(py, policy)?;
    reads(&dict, &policy.base_policy)?;
    Ok(dict)
}

pub fn batch_write<'py>(py: Python<'py>, each: &Each) -> Told<'py> {
    let (dict, policy) = (PyDict::new(py), &each.write);
    written(&dict, policy.send_key, policy.commit_level, policy.durable_delete)?;
    dict.set_item("exists", constant(policy.record_exists_action, EXISTS))?;
    dict.set_item("gen", constant(policy.generation_policy, GENERATION))?;
    dict.set_item("ttl", ttl(policy.expiration))?;
    Ok(dict)
}

pub fn batch_remove<'py>(py: Python<'py>, each: &Each) -> Told<'py> {
    let (dict, policy) = (PyDict::new(py), &each.remove);
    written(&dict, policy.send_key, policy.commit_level, policy.durable_delete)?;
    dict.set_item("gen", constant(policy.generation_policy, GENERATION))?;
    dict.set_item("generation", policy.generation)?;
    Ok(dict)
}

pub fn batch_apply<'py>(py: Python<'py>, each: &Each) -> Told<'py> {
    let (dict, policy) = (PyDict::new(py), &each.apply);
    written(&dict, policy.send_key, policy.commit_level, policy.durable_delete)?;
    dict.set_item("ttl", ttl(policy.expiration))?;
    Ok(dict)
}
