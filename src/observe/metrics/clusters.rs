//! What the clients tell of their connections and of the commands that they send.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Weak};

use aerospike_core as core;
use core::metrics::{ClusterMetrics, MetricsPolicy, NodeMetricsSnapshot as Told};
use core::{Client, Sampler};

use super::family::{Family, Kind, Label, Point, Value};
use crate::runtime::lock;

/// What a client counts without being asked to: all but what would be measured of every command,
/// under a lock that its threads share.
pub fn standing_policy() -> MetricsPolicy {
    MetricsPolicy { operational: true, sampler: Sampler::never(), ..MetricsPolicy::default() }
}

/// A counter that each node has: its name, what tells it from others of that name, what it counts.
struct Counter {
    name: &'static str,
    label: Option<(&'static str, &'static str)>,
    count: fn(&Told) -> u64,
}

const fn counter(name: &'static str, count: fn(&Told) -> u64) -> Counter {
    Counter { name, label: None, count }
}

const fn one_of(
    name: &'static str,
    label: &'static str,
    value: &'static str,
    count: fn(&Told) -> u64,
) -> Counter {
    Counter { name, label: Some((label, value)), count }
}

const OPENED: &str = "aerospike_client_connections_opened";
const CLOSED: &str = "aerospike_client_connections_closed";
const FAILURES: &str = "aerospike_client_connection_failures";
const EMPTY: &str = "aerospike_client_connection_pool_empty";
const BREAKER: &str = "aerospike_client_circuit_breaker_hits";
const RETRIES: &str = "aerospike_client_node_retries";
const TENDS: &str = "aerospike_client_tends";

const HELP: [(&str, &str); 7] = [
    (OPENED, "Connections that were opened."),
    (CLOSED, "Connections that were closed while their client was open, by reason."),
    (FAILURES, "Connections that could not be opened, by reason."),
    (EMPTY, "Times that a command found no idle connection to its node."),
    (BREAKER, "Commands refused without being sent since their node had too many errors."),
    (RETRIES, "Times that a command was sent again, of clients with enable_metrics() in effect."),
    (TENDS, "Times that a node was asked for the state of the cluster, by result."),
];

/// Where in [`COUNTERS`] connections that were opened are.
const OPENED_AT: usize = 0;

const COUNTERS: [Counter; 14] = [
    counter(OPENED, |of| of.counters.connections_successful),
    one_of(CLOSED, "reason", "error", |of| of.counters.connections_closed_error),
    one_of(CLOSED, "reason", "idle", |of| of.counters.connections_idle_dropped),
    one_of(CLOSED, "reason", "pool_full", |of| of.counters.connections_pool_overflow),
    one_of(CLOSED, "reason", "node_removed", |of| of.counters.connections_closed_node_removed),
    one_of(FAILURES, "reason", "timeout", |of| of.counters.connections_timeout_errors),
    one_of(FAILURES, "reason", "tls", |of| of.counters.connections_tls_errors),
    one_of(FAILURES, "reason", "authentication", |of| of.counters.connections_auth_errors),
    one_of(FAILURES, "reason", "other", |of| of.counters.connections_other_errors),
    counter(EMPTY, |of| of.counters.connections_pool_empty),
    counter(BREAKER, |of| of.counters.circuit_breaker_hits),
    counter(RETRIES, |of| of.counters.transaction_retry_count),
    one_of(TENDS, "result", "ok", |of| of.counters.tends_successful),
    one_of(TENDS, "result", "failed", |of| of.counters.tends_failed),
];

/// What was counted, by node as `host:port`.
#[derive(Default, Clone)]
struct Totals(BTreeMap<String, [u64; COUNTERS.len()]>);

impl Totals {
    fn of(told: &ClusterMetrics) -> Self {
        let counts = |node: &Told| COUNTERS.each_ref().map(|row| (row.count)(node));
        Self(told.nodes.iter().map(|(host, node)| (host.clone(), counts(node))).collect())
    }

    fn of_node(&mut self, host: &str) -> &mut [u64; COUNTERS.len()] {
        self.0.entry(host.to_owned()).or_default()
    }

    fn add(&mut self, other: &Self) {
        for (host, counts) in &other.0 {
            self.of_node(host).iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
    }
}

/// The clients that are connected, and what those counted that are no longer.
#[derive(Default)]
pub struct Clusters(Mutex<Known>);

#[derive(Default)]
struct Known {
    clients: Vec<Connected>,
    gone: Totals,
}

struct Connected {
    client: Weak<Client>,
    most_connections: usize,
    /// What it told last.
    totals: Totals,
}

/// What there is at the moment, by node.
#[derive(Default)]
struct Pool {
    idle: u64,
    used: u64,
    most: u64,
}

impl Clusters {
    /// Has a client's counts told from now on. It may have so many connections with a node.
    pub fn add(&self, client: &Arc<Client>, most_connections: usize) {
        let Known { clients, gone } = &mut *lock(&self.0);
        for node in client.nodes() {
            // The connections that it came with were opened before it counted any.
            gone.of_node(&node.host().to_string())[OPENED_AT] += node.pool_gauges().total;
        }
        let client = Arc::downgrade(client);
        clients.push(Connected { client, most_connections, totals: Totals::default() });
    }

    /// Keeps what a client has counted that was closed.
    pub fn retire(&self, client: &Client) {
        let totals = Totals::of(&client.metrics());
        let Known { clients, gone } = &mut *lock(&self.0);
        let ours =
            |connected: &mut Connected| connected.client.as_ptr() == std::ptr::from_ref(client);
        for _ in clients.extract_if(.., ours) {
            gone.add(&totals);
        }
    }

    pub fn families(&self) -> Vec<Family> {
        let mut pools = BTreeMap::<String, Pool>::new();
        let Known { clients, gone } = &mut *lock(&self.0);
        clients.retain_mut(|connected| match connected.client.upgrade() {
            Some(client) => {
                connected.look(&client, &mut pools);
                true
            }
            None => {
                gone.add(&connected.totals);
                false
            }
        });
        let mut totals = gone.clone();
        clients.iter().for_each(|connected| totals.add(&connected.totals));
        let count = clients.len();
        let mut families = gauges(count, &pools);
        families.extend(counters(&totals));
        families
    }
}

impl Connected {
    fn look(&mut self, client: &Client, pools: &mut BTreeMap<String, Pool>) {
        let told = client.metrics();
        for node in client.nodes() {
            let pool = pools.entry(node.host().to_string()).or_default();
            let gauges = node.pool_gauges();
            pool.idle += gauges.in_pool;
            pool.used += gauges.in_use();
            pool.most += self.most_connections as u64;
        }
        self.totals = Totals::of(&told);
    }
}

const POOL: &str = "db_client_connection_pool_name";

fn gauge(name: &'static str, help: &'static str, points: Vec<Point>) -> Family {
    Family { name, help, kind: Kind::Gauge, points }
}

fn point(labels: Vec<Label>, value: u64) -> Point {
    Point { labels, value: Value::Number(value as f64) }
}

fn gauges(clients: usize, pools: &BTreeMap<String, Pool>) -> Vec<Family> {
    let states = pools.iter().flat_map(|(host, pool)| {
        [("idle", pool.idle), ("used", pool.used)].map(|(state, count)| {
            let state = ("db_client_connection_state", state.to_owned());
            point(vec![(POOL, host.clone()), state], count)
        })
    });
    let most = pools.iter().map(|(host, pool)| point(vec![(POOL, host.clone())], pool.most));
    vec![
        gauge(
            "aerospike_client_clients_connected",
            "Clients that are connected.",
            vec![Point::plain(clients as f64)],
        ),
        gauge(
            "aerospike_client_nodes",
            "Nodes that clients are connected to.",
            vec![Point::plain(pools.len() as f64)],
        ),
        gauge(
            "db_client_connection_count",
            "Connections that are open, by node and by whether an operation uses them.",
            states.collect(),
        ),
        gauge(
            "db_client_connection_max",
            "Connections that may be open at most, by node.",
            most.collect(),
        ),
    ]
}

fn counters(totals: &Totals) -> Vec<Family> {
    let mut families: Vec<_> = HELP
        .iter()
        .map(|(name, help)| Family { name, help, kind: Kind::Counter, points: Vec::new() })
        .collect();
    for (at, row) in COUNTERS.iter().enumerate() {
        let family = families.iter_mut().find(|family| family.name == row.name);
        let family = family.expect("each counter has its help");
        family.points.extend(totals.0.iter().map(|(host, counts)| {
            let own = row.label.map(|(name, value)| (name, value.to_owned()));
            point([(POOL, host.clone())].into_iter().chain(own).collect(), counts[at])
        }));
    }
    families
}
