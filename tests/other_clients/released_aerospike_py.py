"""The client aerospike-py that others publish, sync and async, against the embedded server.

It is run with the ports of a server, of one with users and of a cluster. For each client it writes
"move" and waits for a line: until then a node of the cluster has died, and another has joined it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aerospike_py
from aerospike_py import exception, exp, list_operations, map_operations, predicates

HOST = "127.0.0.1"
MODULE = Path(__file__).with_name("numbers.lua")


class Waiting:
    """An asynchronous client or query, whose methods run the loop until their result is there."""

    def __init__(self, wrapped: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.wrapped, self.loop = wrapped, loop

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **keywords: Any) -> Any:
            result = getattr(self.wrapped, name)(*args, **keywords)
            if isinstance(result, Awaitable):
                result = self.loop.run_until_complete(result)
            return Waiting(result, self.loop) if name == "query" else result

        return call


def clients(port: int, **config: Any) -> Iterator[Any]:
    """Both kinds, connected."""
    config["hosts"] = [(HOST, port)]
    sync = aerospike_py.client(config).connect()
    yield sync
    sync.close()
    loop = asyncio.new_event_loop()
    client = Waiting(aerospike_py.async_client(config), loop)
    client.connect()
    yield client
    client.close()
    loop.close()


def raises(
    error: type[BaseException], call: Callable[..., Any], *args: Any, **keywords: Any
) -> str:
    try:
        result = call(*args, **keywords)
    except error as raised:
        return str(raised)
    raise AssertionError(f"{result} came instead of {error}")


def records(client: Any) -> None:
    key = ("test", "record", "k")
    bins = {"i": 1, "f": 0.5, "s": "a", "b": b"\0\xff", "l": [1, [None]], "m": {"a": 1}, "t": True}
    client.put(key, bins, meta={"ttl": 100})
    _, meta, found = client.get(key)
    assert (found, meta.gen) == (bins, 1)
    assert 95 < meta.ttl <= 100
    assert client.select(key, ["i", "s", "none"]).bins == {"i": 1, "s": "a"}
    assert client.exists(key).meta.gen == 1
    assert client.exists(("test", "record", "none")).meta is None
    client.increment(key, "i", 2)
    client.append(key, "s", "z")
    client.prepend(key, "s", "_")
    client.remove_bin(key, ["f"])
    client.touch(key, 50)
    found = client.get(key).bins
    assert (found["i"], found["s"], "f" in found) == (3, "_az", False), found
    only = {"exists": aerospike_py.POLICY_EXISTS_CREATE_ONLY}
    raises(exception.RecordExistsError, client.put, key, {"i": 1}, policy=only)
    equal = {"gen": aerospike_py.POLICY_GEN_EQ}
    raises(
        exception.RecordGenerationError, client.put, key, {"i": 1}, meta={"gen": 1}, policy=equal
    )
    raises(exception.BinTypeError, client.increment, key, "s", 1)
    raises(exception.RecordTooBig, client.put, key, {"big": b"x" * (9 << 20)})
    condition = exp.eq(exp.int_bin("i"), exp.int_val(4))
    raises(exception.FilteredOut, client.get, key, policy={"filter_expression": condition})
    client.remove(key)
    raises(exception.RecordNotFound, client.get, key)
    raises(exception.RecordNotFound, client.remove, key)
    raises(exception.AerospikeError, client.put, ("none", "record", "k"), {"i": 1})


def operations(client: Any) -> None:
    key = ("test", "operate", "k")
    ops = [
        list_operations.list_append_items("l", [3, 1, 2]),
        list_operations.list_sort("l"),
        list_operations.list_get_by_rank("l", -1, aerospike_py.LIST_RETURN_VALUE),
        map_operations.map_put_items("m", {"b": 2, "a": 1}),
        map_operations.map_get_by_key_range("m", "a", "b", aerospike_py.MAP_RETURN_KEY_VALUE),
        {"op": aerospike_py.OPERATOR_WRITE, "bin": "i", "val": 1},
        {"op": aerospike_py.OPERATOR_INCR, "bin": "i", "val": 2},
        {"op": aerospike_py.OPERATOR_READ, "bin": "i", "val": None},
    ]
    found = client.operate(key, ops).bins
    assert found["i"] == 3, found
    assert client.get(key).bins == {"i": 3, "l": [1, 2, 3], "m": {"a": 1, "b": 2}}
    assert ("i", 3) in client.operate_ordered(key, ops[4:]).ordered_bins
    client.remove(key)


def batches(client: Any) -> None:
    keys = [("test", "batch", number) for number in range(50)]
    written = client.batch_write([(key, {"n": key[2]}) for key in keys]).batch_records
    assert {record.result for record in written} == {0}
    found = client.batch_read([*keys, ("test", "batch", 99)])
    assert found.found_count() == 50
    assert found.to_dict() == {number: {"n": number} for number in range(50)}
    increment = {"op": aerospike_py.OPERATOR_INCR, "bin": "n", "val": 1}
    read = {"op": aerospike_py.OPERATOR_READ, "bin": "n", "val": None}
    changed = client.batch_operate(keys, [increment, read]).batch_records
    assert [record.record.bins["n"] for record in changed] == [[None, n] for n in range(1, 51)]
    removed = client.batch_remove([*keys, ("test", "batch", 99)]).batch_records
    assert [record.result for record in removed] == [0] * 50 + [2]


def queries(client: Any) -> None:
    for number in range(30):
        client.put(("test", "query", number), {"n": number})
    # That takes this client a second, whatever the server does, and putting a module as well.
    client.index_integer_create("test", "query", "n", "n_index")
    message = raises(
        exception.ClientError, client.index_integer_create, "test", "query", "m", "n_index"
    )
    assert "IndexFound, In Doubt: false" in message

    def numbers(condition: tuple[Any, ...] | None, policy: Any = None) -> list[int]:
        query = client.query("test", "query")
        if condition:
            query.where(condition)
        query.select("n")
        return sorted(record.bins["n"] for record in query.results(policy))

    assert numbers(None) == list(range(30))
    assert numbers(predicates.between("n", 10, 14)) == [10, 11, 12, 13, 14]
    assert numbers(predicates.equals("n", 10)) == [10]
    condition = exp.lt(exp.int_bin("n"), exp.int_val(3))
    assert numbers(None, {"filter_expression": condition}) == [0, 1, 2]
    client.index_remove("test", "n_index")
    raises(exception.IndexNotFound, numbers, predicates.between("n", 10, 14))
    client.truncate("test", "query", 0)
    assert numbers(None) == []


def functions(client: Any) -> None:
    key = ("test", "udf", "k")
    client.put(key, {"n": 1})
    client.udf_put(str(MODULE))
    assert client.apply(key, "numbers", "add", ["n", 2]) == 3
    message = raises(exception.AerospikeError, client.apply, key, "numbers", "none", [])
    assert "function not found" in message
    applied = client.batch_apply([key], "numbers", "add", ["n", 3]).batch_records
    assert applied[0].record.bins == {"SUCCESS": 6}, applied


def users(client: Any) -> None:
    client.admin_create_user("eve", "secret", ["read"])
    client.admin_grant_roles("eve", ["write"])
    assert set(client.admin_query_user_info("eve")["roles"]) == {"read", "write"}
    client.admin_drop_user("eve")
    raises(exception.AerospikeError, client.put, ("test", "users", "k"), {"n": 1})


def a_cluster(client: Any) -> None:
    keys = [("test", "cluster", number) for number in range(200)]
    policy = {"max_retries": 100, "sleep_between_retries": 50, "total_timeout": 20_000}
    for key in keys:
        client.put(key, {"n": key[2]}, policy=policy)
    before = set(client.get_node_names())
    assert len(before) == 3, before
    found = client.query("test", "cluster").results()
    assert sorted(record.bins["n"] for record in found) == list(range(200))
    print("move", flush=True)
    sys.stdin.readline()
    for key in keys:
        client.increment(key, "n", 1, policy=policy)
    while len(set(client.get_node_names()) - before) != 1 or len(client.get_node_names()) != 3:
        client.get(keys[0], policy=policy)
    found = client.batch_read(keys, policy=policy).to_dict()
    assert found == {number: {"n": number + 1} for number in range(200)}


def main() -> None:
    plain, secured, cluster = map(int, sys.argv[1:])
    assert not hasattr(aerospike_py, "testing"), "this is our own client"
    for client in clients(plain):
        for prove in (records, operations, batches, queries, functions):
            prove(client)
        assert client.info_all("build")[0][2].startswith("8.1.")
    for client in clients(secured, user="admin", password="admin"):
        users(client)
    wrong = aerospike_py.client({"hosts": [(HOST, secured)], "user": "admin", "password": "none"})
    raises(exception.AerospikeError, wrong.connect)

    for client in clients(cluster, tend_interval=250):
        a_cluster(client)


main()
