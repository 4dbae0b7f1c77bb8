//! The nodes of the cluster, and what the client counts of each. Nothing is sent.

use std::sync::Arc;

use aerospike_core as core;
use aerospike_core::Sampler;
use aerospike_core::metrics::{CommandType, MetricsPolicy, NodeMetricsSnapshot, PoolGauges};
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyList, PyString};

use super::class::{ClientOf, Kind};
use super::docs;
use crate::convert::argument::wrong_type;
use crate::convert::types::Types;
use crate::interp::args::{Args, Signature, optional};
use crate::interp::class::This;
use crate::interp::method::{Context, Method};
use crate::interp::objects::named_tuple;
use crate::observe::metrics::clusters::standing_policy;
use crate::state::State;

/// The cluster client, connected anew if this is the first use in a forked child.
fn connected<K: Kind>(
    context: &Context<'_, '_, State>,
    this: &This<'_, '_, ClientOf<K>>,
) -> PyResult<Arc<core::Client>> {
    let (session, drivers) = (this.data.session()?, this.data.drivers()?);
    if let Some(client) = session.client() {
        return Ok(client);
    }
    let py = context.py;
    let admitted = py.detach(|| K::complete(drivers, session.admit()))?;
    match admitted {
        Ok(admission) => Ok(Arc::clone(&admission.client)),
        Err(error) => Err(error.to_py_err(py, None, &context.state.types)),
    }
}

pub struct GetNodeNames;

impl<K: Kind> Method<ClientOf<K>> for GetNodeNames {
    const SIGNATURE: Signature =
        Signature { name: "get_node_names", params: &[], doc: docs::GET_NODE_NAMES };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, ClientOf<K>>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let client = connected(context, &this)?;
        Ok(PyList::new(context.py, client.node_names())?.into_any())
    }
}

pub struct GetNodes;

impl<K: Kind> Method<ClientOf<K>> for GetNodes {
    const SIGNATURE: Signature = Signature { name: "get_nodes", params: &[], doc: docs::GET_NODES };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, ClientOf<K>>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let client = connected(context, &this)?;
        let nodes = PyList::empty(context.py);
        for node in client.nodes() {
            nodes.append((&node.host().name, node.host().port))?;
        }
        Ok(nodes.into_any())
    }
}

/// What the official client has a key of shared memory for, which no client here uses.
pub struct ShmKey;

impl<K: Kind> Method<ClientOf<K>> for ShmKey {
    const SIGNATURE: Signature = Signature { name: "shm_key", params: &[], doc: docs::SHM_KEY };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        _this: This<'_, 'py, ClientOf<K>>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(context.py.None().into_bound(context.py))
    }
}

pub struct GetStats;

impl<K: Kind> Method<ClientOf<K>> for GetStats {
    const SIGNATURE: Signature = Signature { name: "get_stats", params: &[], doc: docs::GET_STATS };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, ClientOf<K>>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, types) = (context.py, &context.state.types);
        let client = connected(context, &this)?;
        let counted = client.metrics();
        let nodes = PyList::empty(py);
        for node in client.nodes() {
            let of_node = counted.nodes.get(&node.host().to_string());
            nodes.append(node_stats(py, types, &node, of_node)?)?;
        }
        let number = |count: u64| PyInt::new(py, count).into_any();
        let fields = [
            nodes.into_any(),
            number(counted.cluster_aggregated.counters.transaction_retry_count),
            number(0),
            number(counted.recover_queue_size),
        ];
        named_tuple(types.cluster_stats.bind(py), fields)
    }
}

pub struct EnableMetrics;

impl<K: Kind> Method<ClientOf<K>> for EnableMetrics {
    const SIGNATURE: Signature = Signature {
        name: "enable_metrics",
        params: &[optional("policy", "None")],
        doc: docs::ENABLE_METRICS,
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, ClientOf<K>>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if let Some(policy) = args.optional(0) {
            let told = "None: no files are written and no listeners called, \
                        start_metrics_server() and get_metrics() tell of all clients";
            return Err(wrong_type(&policy, "policy", told));
        }
        let client = connected(context, &this)?;
        client.enable_metrics(MetricsPolicy { sampler: Sampler::all(), ..standing_policy() });
        Ok(context.py.None().into_bound(context.py))
    }
}

pub struct DisableMetrics;

impl<K: Kind> Method<ClientOf<K>> for DisableMetrics {
    const SIGNATURE: Signature =
        Signature { name: "disable_metrics", params: &[], doc: docs::DISABLE_METRICS };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        this: This<'_, 'py, ClientOf<K>>,
        _args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        connected(context, &this)?.enable_metrics(standing_policy());
        Ok(context.py.None().into_bound(context.py))
    }
}

fn node_stats<'py>(
    py: Python<'py>,
    types: &Types,
    node: &core::Node,
    counted: Option<&NodeMetricsSnapshot>,
) -> PyResult<Bound<'py, PyAny>> {
    let number = |count: u64| PyInt::new(py, count).into_any();
    let counters = counted.map(|snapshot| snapshot.counters.clone()).unwrap_or_default();
    let PoolGauges { total, in_pool, recovering } = node.pool_gauges();
    let connections = [
        number(total.saturating_sub(in_pool)),
        number(in_pool),
        // Those that were opened before anything was counted are there to be seen.
        number(total + counters.connections_closed),
        number(counters.connections_closed),
        number(recovering),
    ];
    let host = node.host();
    let fields = [
        PyString::new(py, node.name()).into_any(),
        PyString::new(py, &host.name).into_any(),
        PyInt::new(py, host.port).into_any(),
        named_tuple(types.connection_stats.bind(py), connections)?,
        number(counters.transaction_error_count),
        number(counted.map_or(0, |counted| answers(counted, core::ResultCode::Timeout))),
        number(counted.map_or(0, |counted| answers(counted, core::ResultCode::KeyBusy))),
    ];
    named_tuple(types.node_stats.bind(py), fields)
}

/// How often a node has answered with a result code.
fn answers(counted: &NodeMetricsSnapshot, code: core::ResultCode) -> u64 {
    const COMMANDS: [CommandType; 11] = [
        CommandType::Get,
        CommandType::GetHeader,
        CommandType::Exists,
        CommandType::Put,
        CommandType::Delete,
        CommandType::Operate,
        CommandType::Query,
        CommandType::Scan,
        CommandType::Udf,
        CommandType::BatchRead,
        CommandType::BatchWrite,
    ];
    let of = |namespace: &&str| -> u64 {
        COMMANDS.iter().map(|kind| counted.result_code_count(namespace, *kind, code)).sum()
    };
    counted.detailed_namespaces().iter().map(of).sum()
}
