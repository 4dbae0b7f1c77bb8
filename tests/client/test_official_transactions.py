"""Transactions of the official client against the embedded server, and against ours beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import aerospike_py
from aerospike_py.testing import EmbeddedServer

aerospike = pytest.importorskip("aerospike", reason="the official client has no build for this")

from aerospike_helpers.batch.records import BatchRecords, Write  # noqa: E402
from aerospike_helpers.operations import operations as ops  # noqa: E402

DURABLE = {"durable_delete": True}


@pytest.fixture(scope="module")
def official(consistent: EmbeddedServer, tmp_path_factory: Any) -> Iterator[Any]:
    # Modules that are put are copied to that folder.
    lua = {"user_path": str(tmp_path_factory.mktemp("lua"))}
    client = aerospike.client({"hosts": consistent.hosts, "lua": lua}).connect()
    yield client
    client.close()


@pytest.fixture(scope="module")
def ours(consistent: EmbeddedServer) -> Iterator[aerospike_py.Client]:
    with aerospike_py.Client(consistent.config()) as client:
        yield client


@pytest.fixture
def keys(request: pytest.FixtureRequest, official: Any) -> list[Any]:
    keys = [("test", "official", f"{number} of {request.node.nodeid}") for number in range(3)]
    for key in keys:
        official.put(key, {"n": 1})
    return keys


def numbers(client: Any, keys: list[Any], **policy: Any) -> list[Any]:
    found = []
    for key in keys:
        try:
            found.append(client.get(key, policy)[2]["n"])
        except aerospike.exception.RecordNotFound:
            found.append(None)
    return found


def put(client: Any, keys: list[Any], policy: Any) -> None:
    client.put(keys[0], {"n": 2}, policy=policy)
    client.operate(keys[1], [ops.increment("n", 1), ops.read("n")], policy=policy)
    client.remove(keys[2], policy={**policy, **DURABLE})


def batch(client: Any, keys: list[Any], policy: Any) -> None:
    client.batch_write(BatchRecords([Write(key, [ops.write("n", 2)]) for key in keys[:2]]), policy)
    client.batch_remove(keys[2:], policy_batch={**policy}, policy_batch_remove=DURABLE)


@pytest.mark.parametrize("write", [put, batch])
def test_they_are_committed_and_aborted(write: Any, official: Any, keys: list[Any]) -> None:
    for end, left in [(official.abort, [1, 1, 1]), (official.commit, [2, 2, None])]:
        transaction = aerospike.Transaction()
        policy = {"txn": transaction}
        write(official, keys, policy)
        assert numbers(official, keys) == [1, 1, 1]
        assert numbers(official, keys, **policy) == [2, 2, None]
        assert end(transaction) == 0
        assert numbers(official, keys) == left


def test_functions_are_part_of_them(official: Any, keys: list[Any], tmp_path: Any) -> None:
    path = tmp_path / "official_txn.lua"
    path.write_text("function set(record, n) record.n = n; aerospike:update(record); return n end")
    official.udf_put(str(path))
    for end, left in [(official.abort, [1, 1, 1]), (official.commit, [3, 3, 3])]:
        transaction = aerospike.Transaction()
        policy = {"txn": transaction}
        official.apply(keys[0], "official_txn", "set", [3], policy=policy)
        official.batch_apply(keys[1:], "official_txn", "set", [3], policy_batch=policy)
        assert numbers(official, keys) == [1, 1, 1]
        assert end(transaction) == 0
        assert numbers(official, keys) == left


def test_they_conflict_with_others(
    official: Any, ours: aerospike_py.Client, keys: list[Any]
) -> None:
    theirs, own = aerospike.Transaction(), aerospike_py.Transaction()
    official.put(keys[0], {"n": 2}, policy={"txn": theirs})
    ours.put(keys[1], {"n": 2}, policy={"txn": own})
    with pytest.raises(aerospike_py.AerospikeError) as blocked:
        ours.put(keys[0], {"n": 3}, policy={"txn": own})
    assert blocked.value.code == aerospike_py.AEROSPIKE_MRT_BLOCKED
    with pytest.raises(aerospike.exception.AerospikeError) as refused:
        official.put(keys[1], {"n": 3}, policy={"txn": theirs})
    assert refused.value.code == aerospike_py.AEROSPIKE_MRT_BLOCKED
    assert ours.commit(own) == aerospike_py.COMMIT_OK
    assert official.commit(theirs) == aerospike.COMMIT_OK
    assert numbers(official, keys) == [2, 2, 1]


def test_what_was_read_is_verified(
    official: Any, ours: aerospike_py.Client, keys: list[Any]
) -> None:
    for count in (1, 2):
        transaction = aerospike.Transaction()
        assert numbers(official, keys[:count], txn=transaction) == [1] * count
        official.put(keys[2], {"n": 2}, policy={"txn": transaction})
        for key in keys[:count]:
            ours.put(key, {"n": 1})
        with pytest.raises(aerospike.exception.AerospikeError) as failed:
            official.commit(transaction)
        assert failed.value.code in (-17, aerospike_py.AEROSPIKE_MRT_VERSION_MISMATCH)
        assert transaction.state == aerospike.TXN_STATE_ABORTED
        assert numbers(official, keys) == [1, 1, 1]


def test_they_expire(official: Any, keys: list[Any]) -> None:
    transaction = aerospike.Transaction()
    transaction.timeout = 1
    official.put(keys[0], {"n": 2}, policy={"txn": transaction})
    while "mrt_provisionals=0" not in official.info_random_node("namespace/test"):
        pass
    with pytest.raises(aerospike.exception.AerospikeError) as raised:
        official.put(keys[1], {"n": 2}, policy={"txn": transaction})
    assert raised.value.code in (
        aerospike_py.AEROSPIKE_MRT_EXPIRED,
        aerospike_py.AEROSPIKE_MRT_ABORTED,
    )
    assert official.abort(transaction) == aerospike.ABORT_OK
    assert numbers(official, keys) == [1, 1, 1]
