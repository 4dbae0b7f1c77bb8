"""The official client against the embedded server, which serves clients in any language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import aerospike_py
from aerospike_py.testing import EmbeddedCluster, EmbeddedServer
from support.processes import eventually

aerospike = pytest.importorskip("aerospike", reason="the official client has no build for this")

from aerospike_helpers.operations import operations as ops  # noqa: E402

KEY = ("test", "official", "k")


@pytest.fixture(scope="module")
def hosts() -> Iterator[Any]:
    with EmbeddedServer() as server:
        yield server.hosts


@pytest.fixture(scope="module")
def official(hosts: Any) -> Iterator[Any]:
    client = aerospike.client({"hosts": hosts}).connect()
    yield client
    client.close()


def test_puts_gets_operates_and_removes(official: Any) -> None:
    official.put(KEY, {"name": "Ada", "age": 36, "tags": ["a", 1, {"b": 2.5}]})
    _, meta, bins = official.get(KEY)
    assert (meta["gen"], bins) == (1, {"name": "Ada", "age": 36, "tags": ["a", 1, {"b": 2.5}]})

    changes = [ops.increment("age", 1), ops.write("name", "Ada L."), ops.read("age")]
    _, _, bins = official.operate(KEY, changes)
    assert bins == {"age": 37}
    assert official.select(KEY, ["name"])[2] == {"name": "Ada L."}

    official.remove(KEY)
    assert official.exists(KEY)[1] is None
    with pytest.raises(aerospike.exception.RecordNotFound):
        official.get(KEY)


def test_both_clients_see_the_same_record(official: Any, hosts: Any) -> None:
    with aerospike_py.Client({"hosts": hosts}) as ours:
        ours.put(KEY, {"n": 1, "blob": b"\0\xff", "map": {"z": 1, "a": [True, None]}})
        assert official.get(KEY)[2] == ours.get(KEY).bins
        official.put(KEY, {"n": 2})
        assert ours.get(KEY).bins["n"] == 2
        assert bytes(aerospike.calc_digest(*KEY)) == aerospike_py.calc_digest(*KEY)
        ours.remove(KEY)


def test_follows_a_cluster() -> None:
    with EmbeddedCluster(nodes=3, heartbeat_timeout=0.1) as cluster:
        client = aerospike.client({"hosts": cluster.hosts, "tend_interval": 250}).connect()
        policy = {"max_retries": 50, "sleep_between_retries": 50, "total_timeout": 10_000}
        keys = [("test", "official", number) for number in range(200)]
        for key in keys:
            client.put(key, {"n": key[2]}, policy=policy)
        assert len(client.get_nodes()) == 3
        assert {record[2]["n"] for record in client.scan("test", "official").results()} == set(
            range(200)
        )

        cluster.nodes[1].kill()
        for key in keys:
            assert client.get(key, policy=policy)[2] == {"n": key[2]}
        cluster.wait_for_migrations()
        assert eventually(lambda: len(client.get_nodes()) == 2)
        added = cluster.add_node()
        cluster.wait_for_migrations()
        assert eventually(lambda: (added.host, added.port) in client.get_nodes())
        for key in keys:
            client.put(key, {"n": 1}, policy=policy)
        batch = client.batch_read(keys).batch_records
        assert [record.record[2] for record in batch] == [{"n": 1}] * 200
        client.close()
