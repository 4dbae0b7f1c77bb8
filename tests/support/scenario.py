"""A story that has every verb in it, to be told in any interpreter, thread and event loop.

It is a generator of calls, which knows nothing of who makes them: a `Client` or an `AsyncClient`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Mapping
from typing import Any, NamedTuple

import aerospike_py
from aerospike_py import exception
from aerospike_py.batch_records import BatchRecords, Read, Remove
from aerospike_py.types import AerospikeKey, GeoJSON, Record

NEVER = 0xFFFFFFFF


class Call(NamedTuple):
    verb: str
    args: tuple[Any, ...]
    keywords: dict[str, Any]
    on: Any = None
    """What has the verb, if it is not the client."""


Story = Generator[Call, Any, None]


def call(verb: str, *args: Any, **keywords: Any) -> Call:
    return Call(verb, args, keywords)


def call_on(on: Any, verb: str, *args: Any) -> Call:
    return Call(verb, args, {}, on)


def same(got: Any, wanted: Any) -> None:
    # Not every interpreter that tells the story has pytest to explain an assert.
    if got != wanted:
        raise AssertionError(f"{got!r} is not {wanted!r}")


@contextlib.contextmanager
def raises(wanted: type[exception.AerospikeError], code: int) -> Iterator[None]:
    try:
        yield
    except wanted as error:
        same((error.code, error.result_code, error.in_doubt), (code, code, False))
    else:
        raise AssertionError(f"no {wanted.__name__} was raised")


BINS = {
    "int": -(2**63),
    "float": 0.1,
    "str": "é日本😀",
    "bytes": b"\0\xff",
    "bool": True,
    "list": [1, "two", [3.0, None, {"four": b"5"}]],
    "map": {"a": 1, "b": [2], 3: {"c": False}},
    "geo": GeoJSON('{"type": "Point", "coordinates": [-122.0, 37.5]}'),
}


def every_verb(name: str) -> Story:
    """All that a client can do, on records that no other `name` touches."""
    yield from the_cluster()
    yield from a_record(("test", "scenario", name))
    yield from its_bins(("test", "scenario", f"{name} bins"))
    yield from operations(("test", "scenario", f"{name} operations"))
    yield from conditions(("test", "scenario", f"{name} conditions"))
    yield from a_scan(("test", "scenario", f"{name} scan"))
    yield from batches([("test", "scenario", f"{name} batch {number}") for number in range(3)])


def the_cluster() -> Story:
    same((yield call("ping")), True)
    same((yield call("is_connected")), True)
    (node,) = yield call("get_node_names")
    same((yield call("info_random_node", "node")), node)
    same((yield call("info_single_node", "node", node)), node)
    same((yield call("info_all", "node")), [(node, 0, node)])
    same((yield call("get_key_partition_id", "test", "demo", "k")), 3549)


def a_record(key: tuple[str, str, str]) -> Story:
    same((yield call("put", key, BINS)), None)
    record = yield call("get", key)
    same(type(record), Record)
    same(record.key, AerospikeKey(*key, aerospike_py.calc_digest(*key)))
    same(record.bins, BINS)
    same(record.meta, (1, NEVER))
    same((yield call("select", key, ["int", "none"])).bins, {"int": BINS["int"]})
    same((yield call("exists", key)).meta, (1, NEVER))
    same((yield call("touch", key, 1000)), None)
    same((yield call("exists", key)).meta.gen, 2)
    same((yield call("remove", key)), None)
    same((yield call("exists", key)).meta, None)
    with raises(exception.RecordNotFound, 2):
        yield call("get", key)
    with raises(exception.RecordNotFound, 2):
        yield call("remove", key)


def its_bins(key: tuple[str, str, str]) -> Story:
    yield call("put", key, {"n": 1, "x": 0.5, "s": "b", "b": b"b", "gone": 1})
    yield call("increment", key, "n", 41)
    yield call("increment", key, "x", 1.0)
    yield call("append", key, "s", "c")
    yield call("prepend", key, "s", "a")
    yield call("append", key, "b", b"c")
    yield call("prepend", key, "b", b"a")
    yield call("remove_bin", key, ["gone"])
    record = yield call("get", key)
    same(record.bins, {"n": 42, "x": 1.5, "s": "abc", "b": b"abc"})
    same(record.meta.gen, 8)
    with raises(exception.BinTypeError, 12):
        yield call("increment", key, "s", 1)
    yield call("remove", key)


def operations(key: tuple[str, str, str]) -> Story:
    read = {"op": aerospike_py.OPERATOR_READ, "bin": "n"}
    write = {"op": aerospike_py.OPERATOR_WRITE, "bin": "n", "val": 1}
    increment = {"op": aerospike_py.OPERATOR_INCR, "bin": "n", "val": 2}
    same((yield call("operate", key, [write, increment, read])).bins, {"n": 3})
    result = yield call("operate_ordered", key, [read, increment, read])
    same(result.ordered_bins, [("n", 3), ("n", None), ("n", 5)])
    same(result.meta.gen, 2)
    yield call("operate", key, [{"op": aerospike_py.OPERATOR_DELETE}])
    with raises(exception.RecordNotFound, 2):
        yield call("operate", key, [read])


def conditions(key: tuple[str, str, str]) -> Story:
    create = {"exists": aerospike_py.POLICY_EXISTS_CREATE_ONLY}
    update = {"exists": aerospike_py.POLICY_EXISTS_UPDATE_ONLY}
    with raises(exception.RecordNotFound, 2):
        yield call("put", key, {"n": 1}, policy=update)
    yield call("put", key, {"n": 1}, {"ttl": 3600}, create)
    with raises(exception.RecordExistsError, 5):
        yield call("put", key, {"n": 2}, policy=create)
    with raises(exception.RecordGenerationError, 3):
        yield call("put", key, {"n": 2}, meta={"gen": 7})
    yield call("put", key, {"n": 2}, {"gen": 1}, {"key": aerospike_py.POLICY_KEY_SEND})
    same((yield call("get", key)).bins, {"n": 2})
    yield call("remove", key, {"gen": 2})


def batches(keys: list[tuple[str, str, str]]) -> Story:
    one, other, missing = keys
    result = yield call("batch_write", [(one, {"n": 1}), (other, BINS)])
    same([record.result for record in result.batch_records], [0, 0])
    found = yield call("batch_read", keys)
    same(isinstance(found, Mapping), True)
    same(found, {one[2]: {"n": 1}, other[2]: BINS})
    same((found[one], found[other[2]], missing in found), ({"n": 1}, BINS, False))
    same([record.result for record in found.batch_records], [0, 0, 2])
    increment = {"op": aerospike_py.OPERATOR_INCR, "bin": "n", "val": 2}
    result = yield call("batch_operate", [one, missing], [increment])
    same([record.record.meta.gen for record in result.batch_records], [2, 1])
    rows: list[Any] = []
    yield call("batch_foreach", [one], lambda *row: rows.append(row), ["n"])
    same([(index, record.record.bins) for index, record in rows], [(0, {"n": 3})])
    batch = BatchRecords([Read(other, None, read_all_bins=True), Remove(missing)])
    same((yield call("batch_write", batch)) is batch, True)
    same((batch.result, batch.batch_records[0].record.bins), (0, BINS))
    result = yield call("batch_remove", keys)
    same([record.result for record in result.batch_records], [0, 0, 2])


def a_scan(key: tuple[str, str, str]) -> Story:
    yield call("put", key, {"n": 1, "m": 2})
    partition = yield call("get_key_partition_id", *key)
    policy = {"partition_filter": aerospike_py.partition_filter_by_id(partition)}
    scan = yield call("scan", *key[:2])
    scan.select("n")
    called: list[Record] = []
    yield call_on(scan, "foreach", called.append, policy)
    for records in (called, (yield call_on(scan, "results", policy))):
        digest = aerospike_py.calc_digest(*key)
        same([record.bins for record in records if record.key.digest == digest], [{"n": 1}])
    yield call("remove", key)


def tell(client: Any, story: Story) -> None:
    """Make the calls of a story with a `Client`."""
    with contextlib.suppress(StopIteration):
        made = next(story)
        while True:
            try:
                result = getattr(made.on or client, made.verb)(*made.args, **made.keywords)
            except Exception as error:
                made = story.throw(error)
            else:
                made = story.send(result)


async def tell_async(client: Any, story: Story) -> None:
    """Make the calls of a story with an `AsyncClient`."""
    with contextlib.suppress(StopIteration):
        made = next(story)
        while True:
            try:
                result = getattr(made.on or client, made.verb)(*made.args, **made.keywords)
                if hasattr(result, "__await__"):
                    result = await result
            except Exception as error:
                made = story.throw(error)
            else:
                made = story.send(result)


def config(host: str, port: int) -> Any:
    return {"hosts": [(host, port)]}


def sync(host: str, port: int, name: str, times: int = 1) -> None:
    """The whole story with a `Client` of its own."""
    with aerospike_py.client(config(host, port)) as client:
        for number in range(times):
            tell(client, every_verb(f"{name} sync {number}"))


def asynchronous(host: str, port: int, name: str, times: int = 1, at_once: int = 4) -> None:
    """The whole story, several times at once, with an `AsyncClient` and a loop of its own."""
    # Importing it takes long, and where it does not work the rest of this module does.
    import asyncio

    async def main() -> None:
        async with aerospike_py.async_client(config(host, port)) as client:
            for number in range(times):
                stories = [every_verb(f"{name} async {number}.{at}") for at in range(at_once)]
                await asyncio.gather(*(tell_async(client, story) for story in stories))

    asyncio.run(main())
