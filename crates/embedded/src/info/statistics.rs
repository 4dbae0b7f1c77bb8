//! Statistics of the server, and its configuration, of which little can be changed.

use std::fmt::Write;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use super::namespaces;
use super::parameters::Parameters;
use super::{Answer, Refusal, tables};
use crate::server::Shared;
use crate::store::Namespace;

pub fn of_server(shared: &Shared) -> String {
    let objects: u64 = shared.store.namespaces().iter().map(|ns| shared.objects(ns).total()).sum();
    let view = shared.cluster.view();
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let counters = &shared.counters;
    let (opened, closed) =
        (count(&counters.connections_opened), count(&counters.connections_closed));
    let uptime = shared.node.started.elapsed().as_secs();
    let free = kilobytes("/proc/meminfo", "MemAvailable:");
    let free_percent = (free * 100).checked_div(kilobytes("/proc/meminfo", "MemTotal:"));
    let free_percent = free_percent.unwrap_or(0);
    let used = kilobytes("/proc/self/status", "VmRSS:");
    let principal = view.members().map(|node| node.name.as_str()).max().unwrap_or_default();
    let mut answer = format!(
        "failed_best_practices=false;cluster_size={};cluster_key={:X};cluster_generation={};\
         cluster_principal={principal};cluster_min_compatibility_id=15;\
         cluster_max_compatibility_id=15;cluster_integrity=true;cluster_is_member=true;\
         cluster_duplicate_nodes=null;cluster_clock_skew_outliers=null;uptime={uptime};\
         system_free_mem_kbytes={free};system_free_mem_pct={free_percent};\
         host_free_mem_kbytes={free};host_free_mem_pct={free_percent};\
         heap_allocated_kbytes={used};heap_active_kbytes={used};heap_mapped_kbytes={used};\
         heap_efficiency_pct=100;objects={objects};tombstones=0;client_connections={};\
         client_connections_opened={opened};client_connections_closed={closed};info_complete={};\
         long_queries_active={};batch_index_initiate={};batch_index_complete={};\
         batch_index_error={};batch_index_proto_uncompressed_pct=0.000;\
         batch_index_proto_compression_ratio=1.000;paxos_principal={principal};\
         time_since_rebalance={};migrate_allowed=true;migrate_partitions_remaining={}",
        view.present.len(),
        view.key,
        view.rebalance_generation,
        counters.connections(),
        count(&counters.info_requests),
        shared.jobs.active(),
        count(&counters.batches_begun),
        count(&counters.batches_complete),
        count(&counters.batches_failed),
        shared.cluster.since_rebalance().as_secs(),
        shared.migrations().total() * shared.store.namespaces().len() as u64,
    );
    for name in tables::SERVER_NEVER {
        let _ = write!(answer, ";{name}=0");
    }
    answer
}

/// The namespace whose configuration is meant, by the newer or the older name of the parameter.
fn namespace_of<'s>(
    shared: &'s Shared,
    parameters: &Parameters<'_>,
) -> Result<&'s Namespace, Refusal> {
    let name = parameters.namespace().or_else(|| parameters.get("id")).unwrap_or_default();
    let found = shared.store.namespace(name.as_bytes());
    found.map(|namespace| &**namespace).ok_or(Refusal::NO_NAMESPACE)
}

/// A number that the system tells in a file; 0 where there is no such file.
fn kilobytes(file: &str, name: &str) -> u64 {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

pub fn config(shared: &Shared, parameters: &Parameters<'_>) -> Answer {
    match parameters.get("context") {
        Some("service") => {
            let node = format!(
                "node-id={};proto-fd-max={};cluster-name={}",
                shared.node.name,
                shared.max_connections,
                shared.cluster.settings.name()
            );
            Ok(with_config(node, tables::SERVICE_CONFIG))
        }
        Some("network") => {
            let address = shared.node.address;
            let ip = |ip: Option<IpAddr>| ip.map_or_else(String::new, |ip| ip.to_string());
            let settings = &shared.cluster.settings;
            let service = format!(
                "service.port={};service.address={};service.access-address={};\
                 service.alternate-access-address={}",
                address.port(),
                address.ip(),
                ip(settings.access_address),
                ip(settings.alternate_access_address),
            );
            Ok(with_config(service, tables::NETWORK_CONFIG))
        }
        Some("namespace") => Ok(namespaces::config(shared, namespace_of(shared, parameters)?)),
        _ => Err(Refusal::new(4, "invalid context")),
    }
}

fn with_config(mut answer: String, config: &[(&str, &str)]) -> String {
    for (name, value) in config {
        let _ = write!(answer, ";{name}={value}");
    }
    answer
}

pub fn set_config(shared: &Shared, parameters: &Parameters<'_>) -> Answer {
    match parameters.get("context") {
        Some("namespace") => {
            let namespace = namespace_of(shared, parameters)?;
            match parameters.get("set") {
                Some(set) => namespaces::set_config_of_set(namespace, set, parameters),
                None => namespaces::set_config(namespace, parameters),
            }
        }
        Some("service" | "network") => Err(Refusal::new(4, "invalid set-config parameter")),
        _ => Err(Refusal::new(4, "invalid context")),
    }
}
