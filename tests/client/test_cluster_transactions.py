"""Transactions of records on several nodes, and what clients are told when nodes are gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import Transaction, exception
from aerospike_py.testing import EmbeddedCluster
from support.both import KINDS, connected
from support.clusters import key_owned_by
from support.processes import eventually

SOON: Any = {"heartbeat_timeout": 0.1, "migration_time": 0.05}
NEVER: Any = {"heartbeat_timeout": 600.0}
ONCE: Any = {"max_retries": 0, "total_timeout": 500}
PATIENT: Any = {
    "max_retries": 50,
    "sleep_between_retries": 50,
    "socket_timeout": 300,
    "total_timeout": 10_000,
}
BLOCKED, MISMATCH = 120, 121
UNAVAILABLE = 11


def start(**options: Any) -> EmbeddedCluster:
    return EmbeddedCluster(nodes=3, strong_consistency=["test"], **options)


@pytest.fixture(scope="module")
def calm() -> Iterator[EmbeddedCluster]:
    """A cluster to which nothing happens."""
    with start() as cluster:
        yield cluster


@pytest.fixture(scope="module", params=KINDS)
def client(request: pytest.FixtureRequest, calm: EmbeddedCluster) -> Iterator[Any]:
    with connected(request.param, calm.config(tend_interval=250)) as client:
        yield client


@pytest.fixture
def keys(request: pytest.FixtureRequest, client: Any, calm: EmbeddedCluster) -> list[Any]:
    """One key for each node as the master; the records have 1 in the bin `n`."""
    return keys_of(calm, client, request.node.nodeid)


def keys_of(cluster: EmbeddedCluster, client: Any, name: str) -> list[Any]:
    candidates = [("test", "spread", f"{name} {number}") for number in range(1000)]
    keys = [key_owned_by(cluster, client, node, candidates) for node in range(3)]
    for key in keys:
        client.put(key, {"n": 1})
    return keys


def numbers(client: Any, keys: list[Any], **policy: Any) -> list[Any]:
    return [client.get(key, policy={**PATIENT, **policy}).bins["n"] for key in keys]


def locks(cluster: EmbeddedCluster) -> int:
    """How many records transactions have locked, as a node that is up tells it."""
    node = next(node for node in cluster.nodes if node.state == "up")
    told = dict(pair.split("=", 1) for pair in node.info("namespace/test").split(";"))
    return int(told["mrt_provisionals"])


def test_the_end_is_that_of_all_nodes(calm: EmbeddedCluster, client: Any, keys: list[Any]) -> None:
    for end, left in [("abort", 1), ("commit", 2)]:
        txn = Transaction()
        for key in keys:
            client.increment(key, "n", 1, policy={"txn": txn})
        assert numbers(client, keys, txn=txn) == [2] * 3
        assert numbers(client, keys) == [1] * 3
        for key in keys:
            with pytest.raises(exception.AerospikeError) as raised:
                client.put(key, {"n": 9}, policy=ONCE)
            assert raised.value.code == BLOCKED
        assert getattr(client, end)(txn) == 0
        assert numbers(client, keys) == [left] * 3
        assert locks(calm) == 0
    txn = Transaction()
    rows = client.batch_write([(key, {"n": 5}) for key in keys], policy={"txn": txn})
    assert [row.result for row in rows.batch_records] == [0] * 3
    assert client.commit(txn) == aero.COMMIT_OK
    assert numbers(client, keys) == [5] * 3


def test_what_changed_on_another_node_ends_it(
    calm: EmbeddedCluster, client: Any, keys: list[Any]
) -> None:
    for read, written in [(0, 1), (1, 2), (2, 0)]:
        txn = Transaction()
        assert numbers(client, keys[read : read + 1], txn=txn) == [1]
        client.put(keys[written], {"n": 7}, policy={"txn": txn})
        client.put(keys[read], {"n": 1})
        with pytest.raises(exception.TransactionFailed) as raised:
            client.commit(txn)
        assert (raised.value.in_doubt, txn.state) == (False, aero.TXN_STATE_ABORTED)
        assert numbers(client, keys) == [1] * 3
    assert locks(calm) == 0


@pytest.mark.parametrize("happens", ["kill", "pause", "drain", "restart", "add"])
def test_it_can_be_ended_though_nodes_change(kind: str, happens: str) -> None:
    with start(**SOON) as cluster, connected(kind, cluster.config(tend_interval=250)) as client:
        open_ones = []
        for end, left in [("commit", 2), ("abort", 1)]:
            keys = keys_of(cluster, client, end)
            txn = Transaction(timeout=100)
            for key in keys:
                client.put(key, {"n": 2}, policy={**PATIENT, "txn": txn})
            open_ones.append((end, left, keys, txn))
        if happens == "add":
            cluster.add_node()
        else:
            getattr(cluster.nodes[1], happens)()
        cluster.wait_for_migrations()
        assert locks(cluster) == 6
        for end, left, keys, txn in open_ones:
            assert numbers(client, keys) == [1] * 3
            policies: Any = {"roll_policy": PATIENT}
            if end == "commit":
                policies["verify_policy"] = PATIENT
            assert getattr(client, end)(txn, **policies) == 0
            assert numbers(client, keys) == [left] * 3
        assert locks(cluster) == 0
        if happens in ("kill", "pause"):
            node = cluster.nodes[1]
            node.restart() if happens == "kill" else node.resume()
            cluster.wait_for_migrations()
            for _, left, keys, _ in open_ones:
                assert numbers(client, keys) == [left] * 3


def test_a_node_that_does_not_answer_leaves_the_end_in_doubt(kind: str) -> None:
    with (
        start(replication_factor=1, **NEVER) as cluster,
        connected(kind, cluster.config()) as client,
    ):
        keys = keys_of(cluster, client, "silent")
        for silent in cluster.nodes:
            txn = Transaction(timeout=100)
            for key in keys:
                client.put(key, {"n": 2}, policy={"txn": txn})
            silent.pause()
            code: Any = None
            failed: Any = None
            try:
                code = client.commit(txn, roll_policy=ONCE)
            except exception.TransactionFailed as error:
                failed = error
            silent.resume()
            # It is committed if and only if the monitor's node could be told so, and whoever asks
            # again brings it to its end.
            if failed is None:
                assert code == aero.COMMIT_ROLL_FORWARD_ABANDONED
            else:
                assert failed.in_doubt
                assert txn.in_doubt
                assert client.commit(txn) in (aero.COMMIT_OK, aero.COMMIT_ALREADY_COMMITTED)
            assert txn.state == aero.TXN_STATE_COMMITTED


def test_a_minority_refuses_reads_and_writes(kind: str) -> None:
    with start(**SOON) as cluster, connected(kind, cluster.config(tend_interval=250)) as client:
        keys = keys_of(cluster, client, "minority")
        txn = Transaction(timeout=100)
        client.put(keys[0], {"n": 2}, policy={"txn": txn})
        for node in cluster.nodes[1:]:
            node.kill()
            cluster.wait_for_migrations()
        present = [cluster.nodes[0].name]
        assert eventually(lambda: client.get_node_names() == present)
        for key in keys:
            for refused in (
                lambda key=key: client.get(key, policy=ONCE),
                lambda key=key: client.put(key, {"n": 3}, policy=ONCE),
            ):
                with pytest.raises((exception.ClusterError, exception.AerospikeError)) as raised:
                    refused()
                assert raised.value.code in (UNAVAILABLE, -8, -3), raised.value
                assert not raised.value.in_doubt
        # Nothing was lost: what the majority knows the minority knew, and it goes on.
        cluster.nodes[1].restart()
        cluster.wait_for_migrations()
        assert numbers(client, keys) == [1] * 3
        assert client.commit(txn, verify_policy=PATIENT, roll_policy=PATIENT) == aero.COMMIT_OK
        assert numbers(client, keys) == [2, 1, 1]


def test_the_smaller_half_refuses_and_has_it_all_when_the_cluster_heals(kind: str) -> None:
    with start(**SOON) as cluster:
        with connected(kind, cluster.config()) as client:
            keys = keys_of(cluster, client, "split")
        cluster.split([0], [1, 2])

        def of_node(node: int) -> Any:
            known = cluster.nodes[node]
            return connected(kind, {"hosts": [(known.host, known.port)], "tend_interval": 250})

        with of_node(0) as smaller, of_node(1) as larger:
            for key in keys:
                for refused in (
                    lambda key=key: smaller.get(key, policy=ONCE),
                    lambda key=key: smaller.put(key, {"n": 3}, policy=ONCE),
                ):
                    with pytest.raises(exception.AerospikeError) as raised:
                        refused()
                    assert raised.value.code in (UNAVAILABLE, -8, -3), raised.value
            txn = Transaction()
            for key in keys:
                larger.increment(key, "n", 1, policy={**PATIENT, "txn": txn})
            assert larger.commit(txn) == aero.COMMIT_OK
            cluster.heal()
            cluster.wait_for_migrations()
            assert eventually(lambda: len(smaller.get_node_names()) == 3)
            for client in (smaller, larger):
                assert numbers(client, keys) == [2] * 3
            assert locks(cluster) == 0
