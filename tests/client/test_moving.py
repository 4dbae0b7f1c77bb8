"""Programs of the official client and of aerospike-py 0.14, as docs/moving.md changes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import aerospike_py as aerospike
from aerospike_py import (
    HyperLogLog,
    batch_records,
    bit_operations,
    cdt_ctx,
    exp,
    hll_operations,
    list_operations,
    map_operations,
    operations,
    predicates,
    string_helpers,
)
from aerospike_py import exception as ex
from aerospike_py import expressions as official

SET = "moving"
PAGE = (Path(__file__).parents[2] / "docs" / "moving.md").read_text()


@pytest.fixture
def client(server: Any) -> Iterator[Any]:
    """As the official client is opened and closed."""
    config: Any = {
        "hosts": server.hosts,
        "policies": {"total_timeout": 1000},
        "validate_keys": True,
    }
    opened = aerospike.client(config).connect()
    yield opened
    opened.truncate("test", SET, 0)
    opened.close()


def key(name: Any) -> Any:
    return ("test", SET, name)


# --- From the official client -----------------------------------------------------------------


def test_records_are_written_and_read(client: Any) -> None:
    policy = {"key": aerospike.POLICY_KEY_SEND, "exists": aerospike.POLICY_EXISTS_IGNORE}
    client.put(key("a"), {"name": "Ada", "age": 36, "nothing": None}, {"ttl": 120}, policy)
    (found_key, meta, bins) = client.get(key("a"))
    assert found_key[:3] == key("a")
    assert len(found_key[3]) == 20
    assert bins == {"name": "Ada", "age": 36}
    assert (meta.gen, 100 < meta.ttl <= 120) == (1, True)
    (_, _, some) = client.select(key("a"), ["age"])
    assert some == {"age": 36}
    _, meta = client.exists(key("missing"))
    assert meta is None

    client.increment(key("a"), "age", 1)
    client.append(key("a"), "name", " L.")
    client.prepend(key("a"), "name", "Countess ")
    client.touch(key("a"), 500)
    assert client.get(key("a"))[2] == {"name": "Countess Ada L.", "age": 37}
    client.remove_bin(key("a"), ["age"])
    client.remove(key("a"))
    with pytest.raises(ex.RecordNotFound) as caught:
        client.get(key("a"))
    assert (caught.value.code, caught.value.in_doubt) == (
        aerospike.AEROSPIKE_ERR_RECORD_NOT_FOUND,
        False,
    )
    assert isinstance(caught.value, ex.RecordError)
    assert isinstance(caught.value, ex.AerospikeError)


def test_clients_are_told_to_connect(server: Any) -> None:
    opened = aerospike.client({"hosts": server.hosts})
    assert not opened.is_connected()
    with pytest.raises(ex.ClientError, match="connect"):
        opened.get(key("a"))
    with opened as client:
        assert client.is_connected()


def test_bins_of_null_are_removed_and_serializers_named(client: Any) -> None:
    aerospike.set_serializer(lambda value: repr(sorted(value)))
    try:
        client.put(key("s"), {"of": {3, 1}, "bin2": 1}, serializer=aerospike.SERIALIZER_USER)
    finally:
        aerospike.unset_serializers()
    client.put(key("s"), {"bin2": aerospike.null()})
    assert client.get(key("s"))[2] == {"of": b"[1, 3]"}


def test_generations_are_compared(client: Any) -> None:
    client.put(key("g"), {"n": 1})
    policy = {"gen": aerospike.POLICY_GEN_EQ}
    client.put(key("g"), {"n": 2}, meta={"gen": 1}, policy=policy)
    with pytest.raises(ex.RecordGenerationError):
        client.put(key("g"), {"n": 3}, meta={"gen": 1}, policy=policy)
    with pytest.raises(ex.RecordExistsError):
        client.put(key("g"), {"n": 3}, policy={"exists": aerospike.POLICY_EXISTS_CREATE})


def test_operations_are_carried_out(client: Any) -> None:
    client.put(key("o"), {"count": 1, "list": [3, 1, 2], "map": {"a": 1}, "bits": b"\x01\x02"})
    ops = [
        operations.increment("count", 10),
        list_operations.list_append("list", 9, {"write_flags": aerospike.LIST_WRITE_ADD_UNIQUE}),
        list_operations.list_sort("list", aerospike.LIST_SORT_DROP_DUPLICATES),
        map_operations.map_put("map", "b", 2, {"map_order": aerospike.MAP_KEY_ORDERED}),
        bit_operations.bit_count("bits", 0, 16),
        operations.read("count"),
    ]
    _, _, bins = client.operate(key("o"), ops)
    assert bins["count"] == 11
    assert bins["bits"] == 2
    found = list_operations.list_get_by_index_range(
        "list", 0, aerospike.LIST_RETURN_VALUE, count=2, inverted=True
    )
    _, _, entries = client.operate_ordered(key("o"), [found])
    assert entries == [("list", [3, 9])]
    got = map_operations.map_get_by_key("map", "b", aerospike.MAP_RETURN_VALUE)
    assert client.operate(key("o"), [got])[2] == {"map": 2}


# Functions whose arguments stand in another order there, by the names that they have there.
REORDERED: list[tuple[Any, str, str]] = [
    (list_operations, "list_get_by_value_range", "return_type value_begin value_end"),
    (list_operations, "list_remove_by_value_range", "return_type value_begin value_end"),
    (map_operations, "map_get_by_index_range", "index_start get_amt return_type"),
    (map_operations, "map_get_by_rank_range", "rank_start get_amt return_type"),
    (map_operations, "map_remove_by_index_range", "index_start remove_amt return_type"),
    (map_operations, "map_remove_by_rank_range", "rank_start remove_amt return_type"),
    (bit_operations, "bit_resize", "byte_size policy resize_flags"),
    (bit_operations, "bit_set", "bit_offset bit_size value_byte_size value policy"),
    (bit_operations, "bit_and", "bit_offset bit_size value_byte_size value policy"),
    (bit_operations, "bit_or", "bit_offset bit_size value_byte_size value policy"),
    (bit_operations, "bit_xor", "bit_offset bit_size value_byte_size value policy"),
    (bit_operations, "bit_insert", "byte_offset value_byte_size value policy"),
]


@pytest.mark.parametrize(("module", "name", "theirs"), REORDERED, ids=[row[1] for row in REORDERED])
def test_arguments_in_another_order_have_their_names(module: Any, name: str, theirs: str) -> None:
    build = getattr(module, name)
    given = {argument: number for number, argument in enumerate(theirs.split(), 1)}
    made = build(bin_name="b", **given)
    assert set(given.values()) <= set(made.values())
    assert list(build("b", *given.values()).values()) != list(made.values())
    assert f"`{name}" in PAGE


def test_nested_collections_are_reached(client: Any) -> None:
    client.put(key("n"), {"d": {"l": [1, [2, 3]]}})
    ctx = [cdt_ctx.cdt_ctx_map_key("l"), cdt_ctx.cdt_ctx_list_index(1)]
    client.operate(key("n"), [list_operations.list_append("d", 4, ctx=ctx)])
    assert client.get(key("n"))[2] == {"d": {"l": [1, [2, 3, 4]]}}


def test_estimates_are_made(client: Any) -> None:
    ops = [hll_operations.hll_add("h", ["a", "b", "a"], 10), hll_operations.hll_get_count("h")]
    assert client.operate(key("h"), ops)[2] == {"h": [2, 2]}
    value = client.get(key("h"))[2]["h"]
    assert isinstance(value, HyperLogLog)


def test_expressions_filter(client: Any) -> None:
    client.put(key("e"), {"age": 36, "tags": ["x"]})
    adult = official.And(
        official.GE(official.IntBin("age"), 18), official.Eq(official.ListSize(None, "tags"), 1)
    ).compile()
    assert client.get(key("e"), policy={"expressions": adult})[2]["age"] == 36
    with pytest.raises(ex.FilteredOut):
        client.get(key("e"), policy={"expressions": official.Not(adult).compile()})


def test_batches_are_mixed(client: Any) -> None:
    keys = [key(f"b{number}") for number in range(3)]
    batch = batch_records.BatchRecords(
        [
            batch_records.Write(keys[0], [operations.write("n", 0)]),
            batch_records.Write(keys[1], [operations.write("n", 1)]),
            batch_records.Remove(keys[2]),
        ]
    )
    client.batch_write(batch)
    assert [row.result for row in batch.batch_records] == [0, 0, ex.RecordNotFound.code]
    for row in client.batch_read(keys[:2]).batch_records:
        assert row.result == aerospike.AEROSPIKE_OK
        _, meta, bins = row.record
        assert (meta.gen, set(bins)) == (1, {"n"})
    client.batch_operate(keys[:2], [operations.increment("n", 5)])
    assert client.get(keys[1])[2] == {"n": 6}
    client.batch_remove(keys[:2])


def test_batches_tell_what_they_end_with(client: Any) -> None:
    keys = [key(f"batch {number}") for number in range(2)]
    for number, each in enumerate(keys):
        client.put(each, {"balance": number})
    withdrawal = [operations.increment("balance", -1), operations.read("balance")]
    outcome = client.batch_operate(keys, withdrawal)
    assert (outcome.result, outcome.batch_records[1].record[2]) == (0, {"balance": 0})
    assert client.batch_read(keys).result == client.batch_remove(keys).result == 0
    wrong = {"gen": aerospike.POLICY_GEN_EQ, "generation": 9}
    client.put(keys[0], {"balance": 1})
    failed = client.batch_remove(keys, policy_batch_remove=wrong)
    assert failed.result == aerospike.AEROSPIKE_BATCH_FAILED


def test_queries_and_scans_find(client: Any) -> None:
    for number in range(10):
        client.put(key(number), {"n": number})
    client.index_integer_create("test", SET, "n", "moving_n")
    try:
        query = client.query("test", SET)
        query.select("n")
        query.where(predicates.between("n", 3, 5))
        assert sorted(bins["n"] for _, _, bins in query.results()) == [3, 4, 5]
    finally:
        client.index_remove("test", "moving_n")

    seen: list[int] = []

    def callback(record: Any) -> Any:
        (_, _, bins) = record
        seen.append(bins["n"])
        return len(seen) < 4

    scan = client.scan("test", SET)
    scan.select("n")
    scan.foreach(callback)
    assert len(seen) == 4

    pages = client.query("test", SET)
    pages.max_records = 3
    pages.paginate()
    found = 0
    while not pages.is_done():
        found += len(pages.results())
    assert found == 10


def test_places_are_stored(client: Any) -> None:
    point = aerospike.GeoJSON({"type": "Point", "coordinates": [-122.0, 37.5]})
    client.put(key("p"), {"at": point})
    value = client.get(key("p"))[2]["at"]
    assert value.unwrap()["coordinates"] == [-122.0, 37.5]
    assert aerospike.geojson(value.dumps()) == aerospike.geodata(point.unwrap()) == point


def test_nodes_are_asked(client: Any) -> None:
    (host, port) = client.get_nodes()[0]
    build = client.info_single_node("build", client.get_node_names()[0])
    assert client.info_single_node("build", (host, port)) == build
    assert client.info_random_node("build") == build
    for node, error, response in client.info_all("build"):
        assert (node in client.get_node_names(), error, response) == (True, 0, build)


def test_what_was_ignored_is_told(client: Any, server: Any) -> None:
    with pytest.raises(ValueError, match="total_timeout"):
        client.get(key("a"), policy={"total_timeouts": 5})
    for removed in ({"shm": {"shm_key": 1}}, {"thread_pool_size": 4}):
        with pytest.raises(ValueError, match="remove the key"):
            aerospike.client({"hosts": server.hosts, **removed})
    with pytest.raises(OverflowError):
        client.put(key("a"), {"n": 2**64})


def test_flags_of_texts_are_there() -> None:
    policy = string_helpers.StringPolicy(string_helpers.WriteFlags.NO_FAIL)
    assert policy == {"write_flags": aerospike.STRING_WRITE_NO_FAIL}


# --- From aerospike-py 0.14 -------------------------------------------------------------------


def test_programs_of_aerospike_py_run(client: Any) -> None:
    with aerospike.client({"hosts": client.get_nodes()}) as ours:
        ours.put(key("old"), {"a": 1, "b": 2}, meta={"ttl": 60})
        record = ours.get(key("old"))
        assert (record.bins["a"], record.meta.gen, record.key.user_key) == (1, 1, "old")
        assert ours.exists(key("old")).meta is not None
        assert ours.ping()
        policy: Any = {"filter_expression": exp.eq(exp.int_bin("a"), exp.int_val(1))}
        assert ours.get(key("old"), policy=policy).bins["b"] == 2
        handle = ours.batch_read([key("old"), key("missing")], bins=["a"])
        assert (handle.to_dict(), handle.found_count()) == ({"old": {"a": 1}}, 1)
        result = ours.batch_write([(key("old"), {"a": 5})], retry=1)
        assert (result.batch_records[0].result, result.retry.attempts) == (0, 1)
        with pytest.raises(aerospike.RecordNotFound) as caught:
            ours.get(key("missing"))
        assert caught.value.result_code == 2


@pytest.mark.parametrize(
    ("policy", "error"),
    [
        ({"exists": 99}, ValueError),
        ({"replica": 9}, ValueError),
        ({"filter_expression": {"op": "eq"}}, TypeError),
        ({"no_such_key": 1}, ValueError),
    ],
)
def test_what_meant_the_default_is_refused(client: Any, policy: Any, error: Any) -> None:
    with pytest.raises(error):
        client.put(key("a"), {"n": 1}, policy=policy)


def test_records_of_two_sets_are_kept_apart(client: Any) -> None:
    keys: list[Any] = [("test", SET, 1), ("test", f"{SET} other", 1)]
    for number, one in enumerate(keys):
        client.put(one, {"n": number})
    found = client.batch_read(keys)
    assert [bins["n"] for bins in found.values()] == [0, 1]
    assert len(found) == 2
    client.batch_remove(keys)
