//! Namespaces and sets, what is in them, and emptying them.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::parameters::Parameters;
use super::shares::Size;
use super::{Answer, Refusal, set_indexes, tables};
use crate::cluster::Refused;
use crate::server::Shared;
use crate::store::monitor::MAX_DURATION;
use crate::store::{Namespace, Set, Store, clock};

/// Seconds from the Unix epoch to the protocol's: truncation times are given since the former.
const EPOCH_SECONDS: u64 = 1_262_304_000;

/// What the server that is modelled has by default: room for data, in so many stripes.
const DATA_SIZE: u64 = 4 * 1024 * 1024 * 1024;
const STRIPES: u64 = 8;

/// The bytes of an entry of its primary index.
const INDEX_ENTRY_SIZE: u64 = 64;

pub fn names(store: &Store) -> String {
    let names = store.namespaces().iter().map(|namespace| namespace.name());
    names.collect::<Vec<_>>().join(";")
}

pub fn statistics(shared: &Shared, name: &str) -> Answer {
    let Some(namespace) = shared.store.namespace(name.as_bytes()) else {
        return Ok("type=unknown".into());
    };
    let objects = shared.objects(namespace);
    let migrations = shared.migrations();
    let view = shared.cluster.view();
    // What records take is counted for all nodes together: each has its part of it.
    let part = |of_all: u64| match namespace.objects() {
        0 => 0,
        all => (u128::from(of_all) * u128::from(objects.total()) / u128::from(all)) as u64,
    };
    let tombstones = namespace.tombstones();
    let refused = if namespace.strong_consistency { view.refused() } else { Refused::default() };
    let bytes = part(namespace.bytes());
    let index_bytes: u64 = namespace.indexes.list().iter().map(|index| index.bytes()).sum();
    let used_percent = (bytes * 100 / DATA_SIZE).min(100);
    let mut answer = format!(
        "ns_cluster_size={};effective_replication_factor={};objects={};tombstones={tombstones};\
         master_objects={};master_tombstones={tombstones};prole_objects={};prole_tombstones=0;\
         non_replica_objects={};nodes_quiesced={};migrate_tx_partitions_remaining={};\
         migrate_rx_partitions_remaining={};\
         clock_skew_stop_writes=false;stop_writes=false;hwm_breached=false;current_time={};\
         non_expirable_objects={};truncate_lut={};truncating=false;index_used_bytes={};\
         sindex_used_bytes={index_bytes};data_total_bytes={DATA_SIZE};data_used_bytes={bytes};\
         data_used_pct={used_percent};data_avail_pct={};data_compression_ratio=1.000;\
         record_proto_uncompressed_pct=0.000;record_proto_compression_ratio=1.000;\
         query_proto_uncompressed_pct=0.000;query_proto_compression_ratio=1.000;\
         pending_quiesce={draining};effective_is_quiesced={draining};\
         effective_prefer_uniform_balance=true;mrt_provisionals={};mrt_monitors={};\
         dead_partitions={};unavailable_partitions={}",
        view.present.len(),
        view.factor,
        objects.total(),
        objects.master,
        objects.prole,
        objects.non_replica,
        view.members().filter(|node| node.is_draining()).count(),
        migrations.outgoing,
        migrations.incoming,
        clock::now_seconds(),
        part(namespace.non_expirable_objects()),
        namespace.truncated_before.load(Ordering::Relaxed),
        objects.total() * INDEX_ENTRY_SIZE,
        100 - used_percent,
        namespace.provisionals(),
        namespace.monitors.count(),
        refused.dead,
        refused.unavailable,
        draining = shared.node.is_draining(),
    );
    for stripe in 0..STRIPES {
        let _ = write!(
            answer,
            ";storage-engine.stripe[{stripe}].used_bytes={};\
             storage-engine.stripe[{stripe}].free_wblocks=0;\
             storage-engine.stripe[{stripe}].writes=0;storage-engine.stripe[{stripe}].defrag_q=0;\
             storage-engine.stripe[{stripe}].defrag_reads=0;\
             storage-engine.stripe[{stripe}].defrag_writes=0",
            bytes / STRIPES,
        );
    }
    namespace.counters.each(|name, value| {
        let _ = write!(answer, ";{name}={value}");
    });
    for name in tables::NAMESPACE_NEVER {
        let _ = write!(answer, ";{name}=0");
    }
    push_config(&mut answer, shared, namespace);
    Ok(answer)
}

/// Answers `get-config` of a namespace.
pub fn config(shared: &Shared, namespace: &Namespace) -> String {
    let mut answer = String::new();
    push_config(&mut answer, shared, namespace);
    answer.split_off(1)
}

fn push_config(answer: &mut String, shared: &Shared, namespace: &Namespace) {
    let factor = shared.cluster.settings.replication_factor();
    let _ = write!(answer, ";replication-factor={factor};rack-id={}", shared.node.rack);
    let duration = namespace.monitors.duration.load(Ordering::Relaxed);
    let consistent = namespace.strong_consistency;
    let _ = write!(answer, ";mrt-duration={duration};strong-consistency={consistent}");
    for (name, value) in tables::NAMESPACE_CONFIG {
        let _ = write!(answer, ";{name}={value}");
    }
    for stripe in 0..STRIPES {
        let _ = write!(answer, ";storage-engine.stripe[{stripe}]=stripe-{stripe}");
    }
}

/// Answers `sets`, `sets/NAMESPACE` and `sets/NAMESPACE/SET`.
pub fn sets(shared: &Shared, path: &str) -> Answer {
    let store = &shared.store;
    let (namespace, set) = path.split_once('/').unwrap_or((path, ""));
    let mut answer = String::new();
    if namespace.is_empty() {
        for namespace in store.namespaces() {
            push_sets(&mut answer, shared, namespace, "");
        }
    } else if let Some(namespace) = store.namespace(namespace.as_bytes()) {
        push_sets(&mut answer, shared, namespace, set);
    } else {
        answer.push_str("ns_type=unknown");
    }
    Ok(answer)
}

/// Appends one set without its name, or all sets with theirs.
fn push_sets(answer: &mut String, shared: &Shared, namespace: &Namespace, only: &str) {
    let sizes = shared.set_sizes(namespace);
    for set in namespace.sets.list().iter() {
        let name = String::from_utf8_lossy(&set.name);
        if only.is_empty() {
            let _ = write!(answer, "ns={}:set={name}:", namespace.name());
        } else if name != only {
            continue;
        }
        push_set(answer, namespace, set, sizes.get(&set.id).copied().unwrap_or_default());
    }
}

fn push_set(answer: &mut String, namespace: &Namespace, set: &Set, size: Size) {
    let _ = write!(
        answer,
        "objects={}:tombstones=0:data_used_bytes={}:truncate_lut={}:sindexes={}:\
         index_populating=false:truncating=false:default-read-touch-ttl-pct=0:default-ttl=0:\
         disable-eviction=false:enable-index={}:stop-writes-count=0:stop-writes-size=0;",
        size.objects,
        size.bytes,
        set.truncated_before.load(Ordering::Relaxed),
        namespace.indexes.count_of_set(set.id),
        set.index.lock().is_some(),
    );
}

/// Configures a set, which is made if there is none: an index of it can be wanted or not.
pub fn set_config_of_set(namespace: &Namespace, set: &str, parameters: &Parameters<'_>) -> Answer {
    let bad = |message: &'static str| Err(Refusal::new(4, message));
    let Some(wanted) = parameters.get("enable-index") else {
        return bad("invalid set-config parameter");
    };
    let wanted = match wanted {
        "true" => true,
        "false" => false,
        _ => return bad("bad 'enable-index' - must be 'true' or 'false'"),
    };
    let name = wanted.then(|| set_indexes::name_of(namespace, set));
    set_indexes::wish(namespace, set, name.as_deref())
}

/// Removes the records of a set, or of the whole namespace, that were last written before a time.
pub fn truncate(store: &Store, parameters: &Parameters<'_>, of_set: bool) -> Answer {
    let Some(name) = parameters.namespace() else {
        return Err(Refusal::new(20, "missing 'namespace'"));
    };
    let set = parameters.get("set").filter(|_| of_set);
    if of_set && set.is_none() {
        return Err(Refusal::new(4, "missing 'set'"));
    }
    let before = match parameters.get("lut") {
        Some(lut) => before_ms(lut)?,
        None => u64::MAX,
    };
    let Some(namespace) = store.namespace(name.as_bytes()) else { return Ok("ok".into()) };
    match set {
        Some(set) => truncate_set(namespace, set.as_bytes(), before),
        None => {
            let time = before.min(clock::now_ms());
            namespace.truncated_before.store(time, Ordering::Relaxed);
            namespace.remove_where(|record| record.last_update < before);
            namespace.remove_tombstones_where(|dead| dead.last_update < before);
        }
    }
    Ok("ok".into())
}

fn truncate_set(namespace: &Arc<Namespace>, name: &[u8], before: u64) {
    let Some(id) = namespace.sets.find(name) else { return };
    if let Some(set) = namespace.sets.get(id) {
        set.truncated_before.store(before.min(clock::now_ms()), Ordering::Relaxed);
    }
    namespace.remove_where(|record| record.set == id && record.last_update < before);
    namespace.remove_tombstones_where(|dead| dead.set == id && dead.last_update < before);
}

/// A time in nanoseconds since the Unix epoch as milliseconds since the protocol's; it must be past.
fn before_ms(lut: &str) -> Result<u64, Refusal> {
    let nanoseconds: u64 = lut.parse().map_err(|_| Refusal::new(4, "bad 'lut'"))?;
    let since_epoch = (nanoseconds / 1_000_000).checked_sub(EPOCH_SECONDS * 1000);
    let milliseconds = since_epoch.ok_or(Refusal::new(4, "bad 'lut'"))?;
    if milliseconds > clock::now_ms() {
        return Err(Refusal::new(4, "'lut' is in the future"));
    }
    Ok(milliseconds)
}

/// Changes what can be changed of a namespace's configuration.
pub fn set_config(namespace: &Namespace, parameters: &Parameters<'_>) -> Answer {
    let duration = parameters.get("mrt-duration").and_then(|value| value.parse().ok());
    match duration.filter(|duration| (1..=MAX_DURATION).contains(duration)) {
        Some(duration) if namespace.strong_consistency => {
            namespace.monitors.duration.store(duration, Ordering::Relaxed);
            Ok("ok".into())
        }
        _ => Err(Refusal::new(4, "invalid set-config parameter")),
    }
}

pub fn check_namespace<'s>(
    store: &'s Store,
    parameters: &Parameters<'_>,
) -> Result<&'s Arc<Namespace>, Refusal> {
    let name = parameters.namespace().unwrap_or_default();
    store.namespace(name.as_bytes()).ok_or(Refusal::NO_NAMESPACE)
}
