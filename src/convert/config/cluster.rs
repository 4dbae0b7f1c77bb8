//! The keys of the configuration.

use std::collections::HashMap;

use aerospike_core::Host;
use aerospike_core::policy::{ClientPolicy, TEND_INTERVAL_MIN_MS};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::login::{Method, auth_mode};
use super::racks::{Racks, rack_ids};
use super::{ClientConfig, FileSource, file, hosts, not_both, policies, tls};
use crate::convert::functions::functions_from_py;
use crate::convert::table::{Field, Row};
use crate::convert::text::required_utf8;
use crate::interp::objects::dict_items;

/// What the dict says, before all of it is read.
pub struct Draft {
    hosts: Option<Vec<Host>>,
    policy: ClientPolicy,
    policies: policies::Draft,
    method: Option<Method>,
    user: Option<String>,
    password: Option<String>,
    connect_timeout: Option<u32>,
    timeout: Option<u32>,
    idle_seconds: Option<u32>,
    idle_timeout: Option<u32>,
    racks: Racks,
    tls: tls::Draft,
    file: Option<FileSource>,
    max_concurrent_operations: usize,
    operation_queue_timeout_ms: u64,
}

/// Limit of a step of connecting and tending, in milliseconds.
const CONNECT_TIMEOUT: u32 = 1000;

impl Default for Draft {
    fn default() -> Self {
        Self {
            hosts: None,
            policy: ClientPolicy {
                timeout: CONNECT_TIMEOUT,
                max_conns_per_node: 100,
                custom_client_id: Some(concat!("aerospike-py-", env!("CARGO_PKG_VERSION")).into()),
                ..ClientPolicy::default()
            },
            policies: policies::Draft::default(),
            method: None,
            user: None,
            password: None,
            connect_timeout: None,
            timeout: None,
            idle_seconds: None,
            idle_timeout: None,
            racks: Racks::default(),
            tls: tls::Draft::default(),
            file: None,
            max_concurrent_operations: 0,
            operation_queue_timeout_ms: 0,
        }
    }
}

/// The value of the one key that was given, of two that mean the same.
fn either<T>(one: (&str, Option<T>), other: (&str, Option<T>)) -> PyResult<Option<T>> {
    match (one, other) {
        ((one, Some(_)), (other, Some(_))) => Err(not_both(one, other)),
        ((_, one), (_, other)) => Ok(one.or(other)),
    }
}

impl Draft {
    pub fn finish(self, py: Python<'_>) -> PyResult<ClientConfig> {
        let Some(hosts) = self.hosts else {
            return Err(PyValueError::new_err("config has no key \"hosts\", which it must have"));
        };
        let mut policy = self.policy;
        let timeout = either(("connect_timeout", self.connect_timeout), ("timeout", self.timeout))?;
        if let Some(timeout) = timeout.filter(|timeout| *timeout != 0) {
            policy.timeout = timeout;
        }
        let idle_timeout =
            either(("max_socket_idle", self.idle_seconds), ("idle_timeout", self.idle_timeout))?;
        policy.idle_timeout = idle_timeout.unwrap_or(0);
        if policy.min_conns_per_node > policy.max_conns_per_node {
            return Err(PyValueError::new_err(format!(
                "config key \"min_conns_per_node\" is {}, above \"max_conns_per_node\", {}",
                policy.min_conns_per_node, policy.max_conns_per_node
            )));
        }
        policy.rack_ids = self.racks.preferred()?;
        let method =
            either(("auth_mode", self.method), ("policies.auth_mode", self.policies.method))?;
        let method = method.unwrap_or_default();
        policy.tls_policy = self.tls.policy()?;
        self.tls.check_names(&policy, &hosts)?;
        let encrypted = policy.tls_policy.is_some();
        policy.auth_mode =
            auth_mode(method, self.user.as_deref(), self.password.as_deref(), encrypted)?;
        if let Some(timeout) = self.policies.login_timeout {
            policy.login_timeout = timeout;
        }
        Ok(ClientConfig {
            hosts,
            policy,
            policies: self.policies.finish(py)?,
            file: self.file,
            max_concurrent_operations: self.max_concurrent_operations,
            operation_queue_timeout_ms: self.operation_queue_timeout_ms,
            method,
        })
    }
}

fn optional_text(field: &Field<'_, '_>) -> PyResult<Option<String>> {
    match field.value.is_none() {
        true => Ok(None),
        false => Ok(Some(field.text()?.to_owned())),
    }
}

fn addresses(field: &Field<'_, '_>) -> PyResult<Option<HashMap<String, String>>> {
    if field.value.is_none() {
        return Ok(None);
    }
    let Ok(dict) = field.value.cast::<PyDict>() else {
        return Err(field.wrong_type("a dict of addresses"));
    };
    let text = |address| required_utf8(address, "an address in \"ip_map\"").map(str::to_owned);
    let mut addresses = HashMap::new();
    for (from, to) in &dict_items(dict) {
        addresses.insert(text(from)?, text(to)?);
    }
    Ok(Some(addresses))
}

/// Accepts a key of the official client that has no effect here if its value asks for none.
fn neutral(field: &Field<'_, '_>, neutral: bool, why: &str) -> PyResult<()> {
    match neutral {
        true => Ok(()),
        false => Err(field.refused(why)),
    }
}

const AS_BOOL: i64 = 1;
/// What the official client has if it is not told otherwise.
const THREAD_POOL_SIZE: i64 = 16;
const MAX_THREADS: i64 = 300;
const ONE_MEMORY: &str = "each client tends its cluster itself, in its own memory; remove the key";
const NO_POOL: &str = "no thread pool works for a client; remove the key";

pub const ROWS: &[Row<Draft>] = &[
    ("hosts", |draft, field| {
        draft.hosts = Some(hosts::hosts(field)?);
        Ok(())
    }),
    ("user", |draft, field| {
        draft.user = optional_text(field)?;
        Ok(())
    }),
    ("password", |draft, field| {
        draft.password = optional_text(field)?;
        Ok(())
    }),
    ("auth_mode", |draft, field| {
        draft.method = Some(Method::from_field(field)?);
        Ok(())
    }),
    ("cluster_name", |draft, field| {
        draft.policy.cluster_name = optional_text(field)?;
        Ok(())
    }),
    ("app_id", |draft, field| {
        draft.policy.application_id = optional_text(field)?;
        Ok(())
    }),
    ("policies", |draft, field| draft.policies.patch(field.value)),
    ("tls", |draft, field| draft.tls.patch(field.value)),
    ("connect_timeout", |draft, field| {
        draft.connect_timeout = Some(field.number()?);
        Ok(())
    }),
    ("timeout", |draft, field| {
        draft.timeout = Some(field.number()?);
        Ok(())
    }),
    ("tend_interval", |draft, field| {
        let range = i64::from(TEND_INTERVAL_MIN_MS)..=i64::from(u32::MAX);
        draft.policy.tend_interval = field.int_in(range)? as u32;
        Ok(())
    }),
    ("fail_if_not_connected", |draft, field| {
        draft.policy.fail_if_not_connected = field.bool()?;
        Ok(())
    }),
    ("use_services_alternate", |draft, field| {
        draft.policy.use_services_alternate = field.bool()?;
        Ok(())
    }),
    ("force_single_node", |draft, field| {
        draft.policy.seed_only_cluster = field.bool()?;
        Ok(())
    }),
    ("ip_map", |draft, field| {
        draft.policy.ip_map = addresses(field)?;
        Ok(())
    }),
    ("min_conns_per_node", |draft, field| {
        draft.policy.min_conns_per_node = field.count()?;
        Ok(())
    }),
    ("max_conns_per_node", |draft, field| {
        draft.policy.max_conns_per_node = field.int_in(1..=i64::from(u32::MAX))? as usize;
        Ok(())
    }),
    ("conn_pools_per_node", |draft, field| {
        draft.policy.conn_pools_per_node = field.int_in(1..=i64::from(u8::MAX))? as u8;
        Ok(())
    }),
    ("max_socket_idle", |draft, field| {
        let seconds = field.int_in(0..=i64::from(u32::MAX / 1000))? as u32;
        draft.idle_seconds = Some(seconds * 1000);
        Ok(())
    }),
    ("idle_timeout", |draft, field| {
        draft.idle_timeout = Some(field.number()?);
        Ok(())
    }),
    ("max_error_rate", |draft, field| {
        draft.policy.max_error_rate = field.count()?;
        Ok(())
    }),
    ("error_rate_window", |draft, field| {
        draft.policy.error_rate_window = field.int_in(1..=i64::from(u32::MAX))? as usize;
        Ok(())
    }),
    ("rack_aware", |draft, field| {
        draft.racks.aware = Some(field.bool()?);
        Ok(())
    }),
    ("rack_id", |draft, field| {
        draft.racks.id = Some(field.count()?);
        Ok(())
    }),
    ("rack_ids", |draft, field| {
        draft.racks.ids = Some(rack_ids(field)?);
        Ok(())
    }),
    ("max_concurrent_operations", |draft, field| {
        draft.max_concurrent_operations = field.count()?;
        Ok(())
    }),
    ("operation_queue_timeout_ms", |draft, field| {
        draft.operation_queue_timeout_ms = field.number()?.into();
        Ok(())
    }),
    ("compression_threshold", |draft, field| draft.policies.patch_writes(field)),
    ("send_bool_as", |_, field| {
        let as_bool = field.int()? == AS_BOOL;
        neutral(field, as_bool, "booleans are always stored as such, which is AS_BOOL")
    }),
    ("validate_keys", |_, field| field.bool().map(|_| ())),
    ("config_provider", |draft, field| {
        draft.file = file::file(field)?;
        Ok(())
    }),
    // The client object keeps them; see `functions_of`.
    ("serialization", |_, field| functions_from_py(field.value).map(|_| ())),
    ("lua", |_, field| match field.value.cast::<PyDict>() {
        Ok(dict) if dict.is_empty() => Ok(()),
        Ok(_) => Err(field.not_built("folders of modules: it has them from the cluster")),
        Err(_) => Err(field.wrong_type("a dict")),
    }),
    ("shm", |_, field| match field.value.cast::<PyDict>() {
        Ok(dict) => neutral(field, dict.is_empty(), ONE_MEMORY),
        Err(_) => Err(field.wrong_type("a dict")),
    }),
    ("use_shared_connection", |_, field| neutral(field, !field.bool()?, ONE_MEMORY)),
    ("thread_pool_size", |_, field| neutral(field, field.int()? == THREAD_POOL_SIZE, NO_POOL)),
    ("max_threads", |_, field| neutral(field, field.int()? == MAX_THREADS, NO_POOL)),
    ("strict_types", |_, field| {
        neutral(field, field.bool()?, "types are always checked; remove the key")
    }),
];
