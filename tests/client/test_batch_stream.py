"""Rows of batches, read as they arrive."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import weakref
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import AsyncClient, Client
from aerospike_py.batch_records import BatchRecords, Read, Remove, Write
from aerospike_py.exception import AerospikeTimeoutError, ClientError, NamespaceNotFound
from aerospike_py.types import BatchRecord
from support.both import connected, unconnected
from support.proxy import Proxy

READ = {"op": aero.OPERATOR_READ, "bin": "n"}
WRITE = {"op": aero.OPERATOR_WRITE, "bin": "n", "val": 7}


@pytest.fixture
def keys(request: pytest.FixtureRequest, client: Any) -> Iterator[list[Any]]:
    """Keys of this test alone, of which the first two have records."""
    keys = [("test", "batch", f"{request.node.nodeid}/{number}") for number in range(4)]
    client.batch_write([(key, {"n": number}) for number, key in enumerate(keys[:2])])
    yield keys
    client.batch_remove(keys)


@pytest.fixture
def rows(config: Any, kind: str) -> Iterator[Any]:
    """`batch_stream` of either client, as a list."""
    if kind == "Client":
        with Client(config) as client:
            yield lambda *args: list(client.batch_stream(*args))
        return

    async def collect(*args: Any) -> list[Any]:
        async with AsyncClient(config) as client:
            return [row async for row in client.batch_stream(*args)]

    yield lambda *args: asyncio.run(collect(*args))


def test_each_row_comes_once_with_its_place(rows: Any, keys: list[Any]) -> None:
    found = rows(keys)
    assert all(isinstance(record, BatchRecord) for _, record in found)
    assert sorted((index, record.result) for index, record in found) == [
        (0, 0),
        (1, 0),
        (2, 2),
        (3, 2),
    ]
    by_place = dict(found)
    assert [by_place[index].key[:3] for index in range(4)] == keys
    assert by_place[1].record.bins == {"n": 1}
    assert by_place[1].record.meta.gen == 1


@pytest.mark.parametrize(("bins", "expected"), [(["n"], {"n": 0}), ([], {}), ([READ], {"n": 0})])
def test_what_is_read(rows: Any, keys: list[Any], bins: Any, expected: Any) -> None:
    ((_, record),) = rows(keys[:1], bins)
    assert record.record.bins == expected
    assert [record.record.bins for _, record in rows([(keys[0], ["n"])])] == [{"n": 0}]


def test_rows_of_a_mixed_batch_are_filled_in(rows: Any, keys: list[Any]) -> None:
    batch = BatchRecords(
        [Write(keys[2], [WRITE, READ]), Read(keys[0], None, True), Remove(keys[3])]
    )
    found = dict(rows(batch))
    assert [found[index] for index in range(3)] == batch.batch_records
    assert found[0].record.bins == {"n": 7}
    assert found[1].record.bins == {"n": 0}
    assert found[2].result == 2
    with pytest.raises(TypeError, match="bins must be None for a BatchRecords"):
        rows(batch, ["n"])


def test_nothing_is_no_rows(rows: Any) -> None:
    assert rows([]) == []
    assert rows(BatchRecords()) == []


def test_many_rows(rows: Any, client: Any) -> None:
    keys = [("test", "stream", number) for number in range(5000)]
    client.batch_write([(key, {"n": key[2]}) for key in keys], {"total_timeout": 10_000})
    found = rows(keys, ["n"], {"total_timeout": 10_000})
    assert sorted(index for index, _ in found) == list(range(5000))
    assert all(record.record.bins == {"n": index} for index, record in found)
    client.batch_remove(keys, {"total_timeout": 10_000})


def test_a_namespace_that_is_nowhere_fails_alone(rows: Any, keys: list[Any]) -> None:
    found = rows([keys[0], ("nowhere", "batch", 1)])
    assert sorted((index, record.result) for index, record in found) == [(0, 0), (1, 20)]
    with pytest.raises(NamespaceNotFound):
        rows([("nowhere", "batch", 1)])


def test_rows_that_wait_do_not_hold_the_client_up(either: Any, config: Any) -> None:
    """More rows than wait for a reader, of which it reads one."""
    keys = [("test", "stream", number) for number in range(3000)]
    with Client(config) as client:
        waiting = client.batch_stream(keys)
        next(waiting)
        assert len(client.batch_read(keys).batch_records) == 3000
        assert sum(1 for _ in waiting) == 2999


def test_callbacks_get_every_row(either: Any, keys: list[Any]) -> None:
    found: list[Any] = []
    assert either.batch_foreach(keys, lambda index, record: found.append((index, record))) is None
    assert sorted(index for index, _ in found) == [0, 1, 2, 3]
    batch = BatchRecords([Read(keys[0], None, True)])
    either.batch_foreach(batch, lambda index, row: found.append(row))
    assert found[-1] is batch.batch_records[0]


def test_a_callback_that_returns_false_ends_the_call(either: Any, keys: list[Any]) -> None:
    found: list[int] = []

    def callback(index: int, record: Any) -> bool:
        found.append(index)
        return len(found) < 2

    either.batch_foreach(keys, callback)
    assert len(found) == 2


def test_errors_of_callbacks_are_raised(either: Any, keys: list[Any]) -> None:
    def callback(index: int, record: Any) -> None:
        raise LookupError(index)

    with pytest.raises(LookupError):
        either.batch_foreach(keys, callback)
    assert either.ping()


def test_callbacks_may_use_the_client(client: Any, keys: list[Any]) -> None:
    found: list[Any] = []
    client.batch_foreach(keys[:2], lambda _, record: found.append(client.get(record.key).bins))
    assert sorted(bins["n"] for bins in found) == [0, 1]


def test_coroutine_functions_are_awaited(config: Any, keys: list[Any]) -> None:
    async def main() -> list[Any]:
        found: list[Any] = []
        async with AsyncClient(config) as client:

            async def callback(index: int, record: Any) -> bool:
                found.append((await client.get(keys[0])).bins)
                return False

            await client.batch_foreach(keys, callback)
        return found

    assert asyncio.run(main()) == [{"n": 0}]


def test_loops_may_be_left(config: Any, keys: list[Any]) -> None:
    many = keys * 1000
    with Client(config) as client:
        for _ in client.batch_stream(many):
            break
        assert client.ping()

    async def main() -> None:
        async with AsyncClient(config) as client:
            stream = client.batch_stream(many)
            assert isinstance(stream, AsyncIterator)
            async for _ in stream:
                break
            await stream.aclose()  # type: ignore[attr-defined]
            assert await client.ping()

    asyncio.run(main())


def test_nothing_is_sent_before_a_row_is_asked_for(client: Any, keys: list[Any]) -> None:
    batch = BatchRecords([Remove(keys[0])])
    unread = client.batch_stream(batch)
    assert client.exists(keys[0]).meta is not None
    assert [row.result for _, row in unread] == [0]
    assert client.exists(keys[0]).meta is None


def test_it_needs_a_connection(kind: str, config: Any, keys: list[Any]) -> None:
    with unconnected(kind, config) as client, pytest.raises(ClientError, match="not connected"):
        client.batch_foreach(keys, print)


def test_wrong_arguments_raise_at_once(kind: str, config: Any) -> None:
    with unconnected(kind, config) as client:
        with pytest.raises(TypeError, match="callback must be callable, not int"):
            client.batch_foreach([], 5)
        with pytest.raises(TypeError, match="keys must be a list or tuple, not int"):
            client.batch_foreach(5, print)
        with pytest.raises(TypeError, match=r"keys\[0\]: key must be a tuple"):
            client.batch_stream([5])
        with pytest.raises(ValueError, match="POLICY_EXISTS"):
            client.batch_stream([], None, {"exists": 9})


def test_rows_come_before_the_error_of_all(kind: str, proxy: Proxy, keys: list[Any]) -> None:
    found: list[Any] = []
    brief = {"total_timeout": 50, "max_retries": 0}
    with connected(kind, {"hosts": proxy.hosts}) as slow:
        proxy.hold()
        with pytest.raises(AerospikeTimeoutError) as caught:
            slow.batch_foreach(keys, lambda _, record: found.append(record.result), None, brief)
        assert caught.value.in_doubt is False
        assert found == [9, 9, 9, 9]
        proxy.release()
        assert slow.ping()


def test_an_unread_stream_is_collected_with_its_client(config: Any) -> None:
    client = Client(config).connect()
    gone = weakref.ref(client)
    stream = client.batch_stream([("test", "batch", 1)] * 5000)
    next(stream)
    with contextlib.suppress(AttributeError):
        client.stream = stream  # type: ignore[attr-defined]
    del client, stream
    gc.collect()
    assert gone() is None
