"""The client aerospike-native, sync and async, against the embedded server.

It is run with the ports of a server, of one with users and of a cluster. For each client it writes
"move" and waits for a line: until then a node of the cluster has died, and another has joined it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aerospike_native as native
from aerospike_native import (
    ClientPolicy,
    Filter,
    FilterExpression,
    IndexType,
    Key,
    ListOperation,
    ListPolicy,
    ListReturnType,
    MapOperation,
    MapPolicy,
    MapReturnType,
    Operation,
    PartitionFilter,
    QueryPolicy,
    ReadPolicy,
    ResultCode,
    Statement,
    WritePolicy,
)
from aerospike_native.exceptions import UDFBadResponse

HOST = "127.0.0.1"
MODULE = Path(__file__).with_name("numbers.lua")


class Blocking:
    """A client whose methods are its blocking ones."""

    def __init__(self, policy: ClientPolicy, port: int) -> None:
        self.client = native.new_client_blocking(policy, f"{HOST}:{port}")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, f"{name}_blocking")

    def rows(self, *arguments: Any, **keywords: Any) -> list[Any]:
        return list(self.query(*arguments, **keywords))


class Waiting:
    """An asynchronous client, whose methods run the loop until their result is there."""

    def __init__(self, policy: ClientPolicy, port: int) -> None:
        self.loop = asyncio.new_event_loop()
        self.client = self.wait(native.new_client, policy, f"{HOST}:{port}")

    def wait(self, call: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        async def called() -> Any:
            result = call(*arguments, **keywords)
            return await result if isinstance(result, Awaitable) else result

        return self.loop.run_until_complete(called())

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.client, name)
        return lambda *arguments, **keywords: self.wait(method, *arguments, **keywords)

    def rows(self, *arguments: Any, **keywords: Any) -> list[Any]:
        async def read() -> list[Any]:
            return [row async for row in await self.client.query(*arguments, **keywords)]

        return self.loop.run_until_complete(read())


def clients(port: int, **settings: Any) -> Iterator[Any]:
    policy = ClientPolicy()
    for name, value in settings.items():
        setattr(policy, name, value)
    for kind in (Blocking, Waiting):
        client = kind(policy, port)
        yield client
        client.close()


def raises(code: ResultCode, call: Callable[..., Any], *arguments: Any, **keywords: Any) -> None:
    try:
        result = call(*arguments, **keywords)
    except native.ServerError as raised:
        result = raised.result_code
    except UDFBadResponse:
        result = ResultCode.UDF_BAD_RESPONSE
    assert result == code


def records(client: Any) -> None:
    key = Key("test", "record", "k")
    bins = {"i": 1, "f": 0.5, "s": "a", "l": [1, [None]], "m": {"a": 1}, "t": True}
    policy = WritePolicy()
    policy.expiration = native.Expiration.seconds(100)
    client.put(key, bins, policy=policy)
    record = client.get(key)
    assert (record.bins, record.generation) == (bins, 1), record
    assert 95 < record.ttl <= 100, record
    assert client.get(key, ["i", "s", "none"]).bins == {"i": 1, "s": "a"}
    client.add(key, {"i": 2})
    client.append(key, {"s": "z"})
    client.prepend(key, {"s": "_"})
    client.touch(key)
    found = client.get(key)
    assert (found.bins["i"], found.bins["s"], found.generation) == (3, "_az", 5), found
    policy = WritePolicy()
    policy.record_exists_action = native.RecordExistsAction.CREATE_ONLY
    raises(ResultCode.KEY_EXISTS_ERROR, client.put, key, {"i": 1}, policy=policy)
    policy = WritePolicy()
    policy.generation_policy = native.GenerationPolicy.EXPECT_GEN_EQUAL
    policy.generation = 1
    raises(ResultCode.GENERATION_ERROR, client.put, key, {"i": 1}, policy=policy)
    raises(ResultCode.BIN_TYPE_ERROR, client.add, key, {"s": 1})
    policy = ReadPolicy()
    policy.filter_expression = condition(FilterExpression.eq, 4)
    raises(ResultCode.FILTERED_OUT, client.get, key, policy=policy)
    assert client.exists(key)
    assert client.delete(key)
    assert not client.delete(key)
    assert not client.exists(key)
    raises(ResultCode.KEY_NOT_FOUND_ERROR, client.get, key)


def condition(compare: Callable[..., Any], number: int) -> FilterExpression:
    return compare(FilterExpression.int_bin("i"), FilterExpression.int_val(number))


def operations(client: Any) -> None:
    key = Key("test", "operate", "k")
    plus = FilterExpression.num_add([FilterExpression.int_bin("i"), FilterExpression.int_val(39)])
    ops = [
        ListOperation.append_items("l", [3, 1, 2], ListPolicy()),
        ListOperation.get_by_rank("l", -1, ListReturnType.VALUE),
        MapOperation.put_items("m", [("b", 2), ("a", 1)], MapPolicy()),
        MapOperation.get_by_key_range("m", "a", "b", MapReturnType.KEY),
        Operation.put("i", 1),
        Operation.add("i", 2),
        native.ExpOperation.write("e", plus),
        native.HllOperation.add("h", ["a", "b", "a"], 8),
        native.HllOperation.get_count("h"),
        Operation.get_bin("i"),
    ]
    found = client.operate(key, ops).bins
    assert (found["l"], found["i"], found["h"]) == ([3, 3], [None, None, 3], [2, 2]), found
    stored = client.get(key, ["i", "l", "m", "e"]).bins
    assert stored == {"i": 3, "l": [3, 1, 2], "m": {"a": 1, "b": 2}, "e": 42}, stored
    raises(ResultCode.KEY_NOT_FOUND_ERROR, client.operate, Key("test", "operate", "none"), ops[-1:])
    client.delete(key)


def batches(client: Any) -> None:
    keys = [Key("test", "batch", number) for number in range(50)]
    written = client.batch_write(keys, [{"n": number} for number in range(50)])
    assert {record.result_code for record in written} == {ResultCode.OK}, written
    found = client.batch_read([*keys, Key("test", "batch", 99)])
    assert [record.record.bins["n"] for record in found[:-1]] == list(range(50))
    assert found[-1].result_code == ResultCode.KEY_NOT_FOUND_ERROR
    ops = [Operation.add("n", 1), Operation.get_bin("n")]
    changed = client.batch_operate(keys, [ops] * 50)
    assert [record.record.bins["n"] for record in changed] == [[None, n] for n in range(1, 51)]
    assert client.batch_exists([*keys, Key("test", "batch", 99)]) == [True] * 50 + [False]
    client.batch_delete(keys)
    assert client.batch_exists(keys) == [False] * 50


def queries(client: Any) -> None:
    for number in range(30):
        client.put(Key("test", "query", number), {"i": number, "l": [number % 3]})

    def numbers(filter: Filter | None = None, policy: QueryPolicy | None = None) -> list[int]:
        statement = Statement("test", "query", ["i"])
        if filter:
            statement.filters = [filter]
        rows = client.rows(statement, PartitionFilter.all(), policy=policy or QueryPolicy())
        return sorted(row.bins["i"] for row in rows)

    kinds = native.CollectionIndexType
    for bin, *kind in ("i",), ("l", kinds.LIST):
        made = client.create_index("test", "query", bin, f"{bin}_index", IndexType.NUMERIC, *kind)
        assert made.wait_till_complete_blocking(0.001)
    assert numbers() == list(range(30))
    assert numbers(Filter.range("i", 10, 14)) == [10, 11, 12, 13, 14]
    assert numbers(Filter.contains("l", 1, kinds.LIST)) == list(range(1, 30, 3))
    policy = QueryPolicy()
    policy.filter_expression = condition(FilterExpression.lt, 3)
    assert numbers(None, policy) == [0, 1, 2]
    statement = Statement("test", "query", [])
    task = client.query_operate(statement, [Operation.add("i", 100)])
    assert task.wait_till_complete_blocking(0.001)
    assert numbers() == list(range(100, 130))
    client.drop_index("test", "query", "i_index")
    client.drop_index("test", "query", "l_index")
    client.truncate("test", "query")
    assert numbers() == []


def functions(client: Any) -> None:
    key = Key("test", "udf", "k")
    client.put(key, {"n": 1})
    client.register_udf(MODULE.read_bytes(), MODULE.name, native.UDFLang.LUA)
    assert client.execute_udf(key, "numbers", "add", ["n", 2]) == 3
    raises(ResultCode.UDF_BAD_RESPONSE, client.execute_udf, key, "numbers", "none", [])
    client.batch_apply([key], "numbers", "add", ["n", 3])
    assert client.get(key).bins == {"n": 6}
    client.remove_udf(MODULE.name)


def users(client: Any) -> None:
    client.create_user("eve", "secret", ["read"])
    client.grant_roles("eve", ["write"])
    (eve,) = client.query_users("eve")
    assert set(eve.roles) == {"read", "write"}, eve
    client.drop_user("eve")
    raises(ResultCode.ROLE_VIOLATION, client.put, Key("test", "users", "k"), {"n": 1})


def a_cluster(client: Any) -> None:
    keys = [Key("test", "cluster", number) for number in range(200)]
    policy = WritePolicy()
    policy.max_retries, policy.sleep_between_retries, policy.total_timeout = 100, 50, 20_000
    for number, key in enumerate(keys):
        client.put(key, {"n": number}, policy=policy)
    rows = client.rows(Statement("test", "cluster"), PartitionFilter.all(), policy=QueryPolicy())
    assert sorted(row.bins["n"] for row in rows) == list(range(200))
    before = set(client.info_on_all_nodes("node"))
    assert len(before) == 3, before
    print("move", flush=True)
    sys.stdin.readline()
    for key in keys:
        client.add(key, {"n": 1}, policy=policy)
    while len(set(client.info_on_all_nodes("node")) - before) != 1:
        client.exists(keys[0])
    found = client.batch_read(keys)
    assert [record.record.bins["n"] for record in found] == list(range(1, 201))


def main() -> None:
    plain, secured, cluster = map(int, sys.argv[1:])
    for client in clients(plain):
        for prove in (records, operations, batches, queries, functions):
            prove(client)
    for client in clients(secured, user="admin", password="admin"):
        users(client)
    for client in clients(cluster, tend_interval=250):
        a_cluster(client)


main()
