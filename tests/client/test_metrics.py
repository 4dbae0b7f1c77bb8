"""Every operation of both clients is counted and timed once, with what it was about."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

import aerospike_py
from aerospike_py import exception, list_operations, operations, predicates
from aerospike_py.batch_records import BatchRecords, Read
from support.metrics import Operation, counted, value

KEY = ("test", "metrics", "a")
OTHER = ("test", "metrics 2", "b")
MISSING = ("test", "metrics", "there is none")


def without_index(query: Any) -> None:
    query.where(predicates.equals("none", 1))
    query.results()


# What is done, and what is counted of it: an operation is of namespace test and set metrics
# unless it says otherwise.
OPERATIONS: dict[str, tuple[Callable[[Any], Any], Operation]] = {
    "put": (lambda c: c.put(KEY, {"a": 1}), Operation("put")),
    "get": (lambda c: c.get(KEY), Operation("get")),
    "select": (lambda c: c.select(KEY, ["a"]), Operation("select")),
    "exists": (lambda c: c.exists(KEY), Operation("exists")),
    "exists of nothing": (lambda c: c.exists(MISSING), Operation("exists")),
    "touch": (lambda c: c.touch(KEY), Operation("touch")),
    "append": (lambda c: c.append(KEY, "s", "x"), Operation("append")),
    "prepend": (lambda c: c.prepend(KEY, "s", "x"), Operation("prepend")),
    "increment": (lambda c: c.increment(KEY, "a", 1), Operation("increment")),
    "remove_bin": (lambda c: c.remove_bin(KEY, ["b"]), Operation("remove_bin")),
    "operate": (lambda c: c.operate(KEY, [operations.read("a")]), Operation("operate")),
    "operate_ordered": (
        lambda c: c.operate_ordered(KEY, [list_operations.list_size("l")]),
        Operation("operate_ordered"),
    ),
    "remove": (
        lambda c: c.remove(("test", "metrics", "short lived"), policy={"durable_delete": False}),
        Operation("delete", error="KeyNotFoundError"),
    ),
    "get of nothing": (lambda c: c.get(MISSING), Operation("get", error="KeyNotFoundError")),
    "put of what there is": (
        lambda c: c.put(KEY, {"a": 1}, policy={"exists": aerospike_py.POLICY_EXISTS_CREATE}),
        Operation("put", error="KeyExistsError"),
    ),
    "append to a number": (
        lambda c: c.append(KEY, "a", "x"),
        Operation("append", error="BinTypeError"),
    ),
    "get elsewhere": (
        lambda c: c.get(("nowhere", "metrics", 1)),
        Operation("get", "nowhere", error="InvalidNamespace"),
    ),
    "batch_read": (lambda c: c.batch_read([KEY, MISSING]), Operation("batch_read")),
    "batch_read of two sets": (
        lambda c: c.batch_read([KEY, OTHER]),
        Operation("batch_read", set=""),
    ),
    "batch_read of nothing": (lambda c: c.batch_read([]), Operation("batch_read", "", "")),
    "batch_write": (lambda c: c.batch_write([(KEY, {"a": 1})]), Operation("batch_write")),
    "batch_write of objects": (
        lambda c: c.batch_write(BatchRecords([Read(KEY, None)])),
        Operation("batch_write"),
    ),
    "batch_operate": (
        lambda c: c.batch_operate([KEY], [operations.read("a")]),
        Operation("batch_operate"),
    ),
    "batch_remove": (lambda c: c.batch_remove([MISSING]), Operation("batch_remove")),
    "query": (lambda c: c.query("test", "metrics").results(), Operation("query")),
    "query that fails": (
        lambda c: without_index(c.query("test", "metrics")),
        Operation("query", error="IndexNotFound"),
    ),
    "scan": (lambda c: c.scan("test", "metrics").results(), Operation("scan")),
    "truncate": (lambda c: c.truncate("test", "metrics 2"), Operation("truncate", set="metrics 2")),
    "index_remove": (
        lambda c: c.index_remove("test", "no index of metrics"),
        Operation("index_remove", set=""),
    ),
    "info_all": (lambda c: c.info_all("build"), Operation("info_all", "", "")),
    "ping": (lambda c: c.ping(), Operation("ping", "", "")),
    "udf_list": (lambda c: c.udf_list(), Operation("udf_list", "", "")),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_is_counted_once(either: Any, name: str) -> None:
    act, operation = OPERATIONS[name]
    either.put(KEY, {"a": 1, "s": "x", "b": 2, "l": [1]})
    with counted() as added, contextlib.suppress(exception.AerospikeError):
        act(either)
    assert added == {operation: 1}
    assert value("aerospike_client_operations_in_flight") == 0


@pytest.mark.parametrize("name", ["batch_stream", "batch_foreach"])
def test_rows_that_are_read_as_they_arrive_are_one_operation(client: Any, name: str) -> None:
    with counted() as added:
        if name == "batch_stream":
            rows = list(client.batch_stream([KEY, MISSING]))
        else:
            rows = []
            client.batch_foreach([KEY, MISSING], lambda at, row: rows.append((at, row)))
    assert len(rows) == 2
    assert added == {Operation(name): 1}


def test_query_that_is_not_read_to_its_end_is_one_operation(client: Any) -> None:
    client.batch_write([(("test", "metrics", number), {"a": 1}) for number in range(20)])
    with counted() as added:
        for _ in client.query("test", "metrics"):
            break
    assert added == {Operation("query"): 1}
    with counted() as added:
        client.query("test", "metrics")
    assert added == {}


def test_wrong_arguments_are_no_operation(client: Any) -> None:
    with counted() as added, pytest.raises(TypeError):
        client.get("no key")
    assert added == {}


def test_nothing_is_counted_while_metrics_are_off(either: Any) -> None:
    aerospike_py.set_metrics_enabled(False)
    try:
        assert not aerospike_py.is_metrics_enabled()
        with counted() as added:
            either.put(KEY, {"a": 1})
        assert added == {}
    finally:
        aerospike_py.set_metrics_enabled(True)
    with counted() as added:
        either.put(KEY, {"a": 1})
    assert added == {Operation("put"): 1}
    with pytest.raises(TypeError, match="enabled must be bool, not int"):
        aerospike_py.set_metrics_enabled(1)  # type: ignore[arg-type]
