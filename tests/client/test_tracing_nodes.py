"""The node that a span names, in a cluster of several."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import list_operations, operations
from aerospike_py.exception import AerospikeError
from aerospike_py.testing import ClusterNode, EmbeddedCluster
from support.both import connected
from support.otlp import Received, tracing
from support.processes import eventually

ONCE: Any = {"max_retries": 0}
MASTER: Any = {"replica": aero.POLICY_REPLICA_MASTER}
KEYS = [("test", "nodes", number) for number in range(40)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[EmbeddedCluster]:
    with EmbeddedCluster(nodes=3) as cluster:
        yield cluster


def master(cluster: EmbeddedCluster, key: Any) -> ClusterNode:
    return cluster.owners(aero.get_partition_id(aero.calc_digest(*key)))[0]


def named(span: Received) -> tuple[str, int] | None:
    address = span.attributes.get("server.address")
    return None if address is None else (address, span.attributes["server.port"])


def test_spans_name_the_master_of_the_record(cluster: EmbeddedCluster, kind: str) -> None:
    with tracing() as collector, connected(kind, cluster.config()) as client:
        for key in KEYS:
            client.put(key, {"a": 1, "l": [1]})
            client.get(key, ONCE)
            client.get(key, MASTER)
            client.exists(key, ONCE)
            client.operate(key, [operations.read("a")], policy=ONCE)
            client.operate(key, [list_operations.list_append("l", 2)])
            client.remove(key)
            with pytest.raises(AerospikeError):
                client.remove(key)
    spans = [span for span in collector.spans if span.name.endswith(" nodes")]
    masters = [master(cluster, key) for key in KEYS]
    expected = [(node.host, node.port) for node in masters for _ in range(8)]
    assert len(set(expected)) == 3
    assert [named(span) for span in spans] == expected


def test_what_another_node_may_have_answered_names_none(
    cluster: EmbeddedCluster, kind: str
) -> None:
    """And what the master refused, so that another answered in its place, does not name it."""
    key, node = KEYS[0], master(cluster, KEYS[0])
    patient: Any = {"max_retries": 2, "replica": aero.POLICY_REPLICA_SEQUENCE}
    with connected(kind, cluster.config(tend_interval=60_000)) as client:
        client.put(key, {"a": 1})

        def traced(operation: Callable[[], object]) -> tuple[str, int] | None:
            with tracing() as collector:
                operation()
            (span,) = collector.spans
            return named(span)

        def read() -> tuple[str, int] | None:
            return traced(lambda: client.get(key, patient))

        # A client that has just connected looks at its nodes once more, beside its operations.
        assert eventually(lambda: read() == (node.host, node.port))
        assert traced(lambda: client.get(key, {"replica": aero.POLICY_REPLICA_ANY})) is None
        assert traced(lambda: client.batch_read(KEYS)) is None
        with node.faults(refused=1, code=18):
            assert read() is None
        # The core repeats what is refused without a word, so that errors of the master's are a
        # doubt.
        assert read() is None


def test_tracing_that_begins_later_names_nodes_soon(cluster: EmbeddedCluster, kind: str) -> None:
    node = master(cluster, KEYS[0])
    with connected(kind, cluster.config()) as client:

        def is_named() -> bool:
            with tracing() as collector:
                client.exists(KEYS[0], ONCE)
            (span,) = collector.spans
            assert named(span) in (None, (node.host, node.port))
            return named(span) is not None

        assert eventually(is_named)
