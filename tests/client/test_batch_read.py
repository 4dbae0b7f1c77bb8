"""Reading many records at once, and the mapping that comes of it."""

from __future__ import annotations

import gc
import pickle
import threading
import weakref
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import LazyBatchRecords, exp, operations
from aerospike_py.batch_records import BatchRecords, Read
from aerospike_py.exception import ClientError, NamespaceNotFound, RecordNotFound
from aerospike_py.types import AerospikeKey, BatchRecord, Record
from support.both import unconnected


@pytest.fixture
def keys(request: pytest.FixtureRequest, client: Any) -> Iterator[list[Any]]:
    """Keys of this test alone, of which the first three have records."""
    keys = [("test", "batch", f"{request.node.nodeid}/{number}") for number in range(5)]
    for number, key in enumerate(keys[:3]):
        client.put(key, {"n": number, "text": f"record {number}"})
    yield keys
    for key in keys:
        try:
            client.remove(key)
        except RecordNotFound:
            continue


def user_keys(keys: list[Any]) -> list[Any]:
    return [key[2] for key in keys]


def test_every_key_has_its_outcome_in_order(either: Any, keys: list[Any]) -> None:
    read = either.batch_read(keys)
    assert [type(record) for record in read.batch_records] == [BatchRecord] * 5
    assert [record.result for record in read.batch_records] == [0, 0, 0, 2, 2]
    assert [record.key[:3] for record in read.batch_records] == keys
    assert [record.in_doubt for record in read.batch_records] == [False] * 5
    assert read.to_list() == [{"n": n, "text": f"record {n}"} for n in range(3)] + [None, None]
    assert read.batch_records[3].record is None
    first = read.batch_records[0].record
    assert isinstance(first, Record)
    assert first.meta.gen == 1
    assert first.meta.ttl > 0
    assert first.bins == {"n": 0, "text": "record 0"}


def test_it_is_a_mapping_of_what_was_found(either: Any, keys: list[Any]) -> None:
    read = either.batch_read(keys)
    expected = {key[2]: {"n": n, "text": f"record {n}"} for n, key in enumerate(keys[:3])}
    assert isinstance(read, Mapping)
    assert read == expected
    assert expected == read
    assert read == either.batch_read(keys[:4])
    assert read != {}
    assert read != 5
    assert dict(read) == expected
    assert read.to_dict() == expected
    assert list(read) == user_keys(keys[:3])
    assert list(read.keys()) == user_keys(keys[:3])
    assert list(read.values()) == list(expected.values())
    assert list(read.items()) == list(expected.items())
    assert len(read) == read.found_count() == 3
    assert read.all_user_keys() == user_keys(keys)
    assert keys[0][2] in read
    assert keys[3][2] not in read
    assert read[keys[1][2]] == expected[keys[1][2]]
    assert read.get(keys[4][2]) is None
    assert read.get(keys[4][2], 7) == 7
    match read:
        case {"missing": _}:
            raise AssertionError
        case {}:
            pass
    with pytest.raises(KeyError) as caught:
        read[keys[3][2]]
    assert caught.value.args == (keys[3][2],)
    assert repr(read) == "<LazyBatchRecords: 3 of 5 records found>"


def test_a_whole_key_finds_its_record(either: Any, keys: list[Any]) -> None:
    read = either.batch_read(keys)
    digest = aero.calc_digest(*keys[0])
    assert read[keys[0]] == read[keys[0][2]]
    assert read[("test", "batch", None, digest)]["n"] == 0
    assert keys[3] not in read
    with pytest.raises(KeyError) as caught:
        read[keys[3]]
    assert caught.value.args == (keys[3],)


@pytest.mark.parametrize("odd", [None, 1.5, (), ("test",), 2**70, b"x" * 20, object()])
def test_what_is_no_key_is_not_found(either: Any, keys: list[Any], odd: Any) -> None:
    read = either.batch_read(keys)
    assert odd not in read
    assert read.get(odd) is None


@pytest.mark.parametrize(
    ("bins", "expected"),
    [
        (None, {"n": 0, "text": "record 0"}),
        (["n"], {"n": 0}),
        (("n", "missing"), {"n": 0}),
        ([], {}),
        ([{"op": aero.OPERATOR_READ, "bin": "text"}], {"text": "record 0"}),
    ],
)
@pytest.mark.parametrize("count", [1, 2])
def test_what_is_read(either: Any, keys: list[Any], bins: Any, expected: Any, count: int) -> None:
    read = either.batch_read(keys[:count], bins)
    assert read.to_list()[0] == expected
    assert read.batch_records[0].record.meta.gen == 1


def test_entries_say_for_themselves_what_to_read(either: Any, keys: list[Any]) -> None:
    operation = {"op": aero.OPERATOR_READ, "bin": "text"}
    read = either.batch_read([(keys[0], None), (keys[1], ["text"]), (keys[2], [operation])], ["n"])
    assert read.to_list() == [
        {"n": 0, "text": "record 0"},
        {"text": "record 1"},
        {"text": "record 2"},
    ]
    assert either.batch_read([keys[0], (keys[1], [])], ["n"]).to_list() == [{"n": 0}, {}]


def test_equal_user_keys_of_two_sets_do_not_collide(either: Any, client: Any) -> None:
    one, other = ("test", "batch", "same"), ("test", "batch2", "same")
    client.put(one, {"from": "one"})
    client.put(other, {"from": "other"})
    read = either.batch_read([one, other, ("test", None, "same")])
    assert len(read) == 2
    assert [key.set_name for key in read] == ["batch", "batch2"]
    assert all(isinstance(key, AerospikeKey) for key in read)
    assert read[one] == {"from": "one"}
    assert read[other] == {"from": "other"}
    assert read[next(iter(read))] == {"from": "one"}
    assert "same" not in read
    assert list(read.to_dict().values()) == [{"from": "one"}, {"from": "other"}]
    client.remove(one)
    client.remove(other)


def test_a_key_given_by_digest_is_reachable(either: Any, keys: list[Any]) -> None:
    by_digest = ("test", "batch", None, aero.calc_digest(*keys[0]))
    read = either.batch_read([by_digest, keys[1]])
    assert read[by_digest]["n"] == 0
    assert read[keys[0]]["n"] == 0
    assert read[keys[1]]["n"] == 1
    assert read.all_user_keys() == [None, keys[1][2]]
    assert [key.user_key for key in read] == [None, keys[1][2]]


def test_keys_of_earlier_results_are_user_keys(either: Any, keys: list[Any]) -> None:
    """They have their digest with them, and that is that of the user key."""
    earlier = [record.key for record in either.batch_read(keys).batch_records]
    assert list(either.batch_read(earlier)) == user_keys(keys[:3])


def test_bytes_of_two_digests_do_not_collide(either: Any, client: Any) -> None:
    """A bytearray has another digest than bytes, and comes back as bytes."""
    one, other = ("test", "batch", b"k"), ("test", "batch", bytearray(b"k"))
    client.put(one, {"n": 1})
    client.put(other, {"n": 2})
    assert either.batch_read([one])[b"k"] == {"n": 1}
    read = either.batch_read([one, other])
    assert [bins["n"] for bins in read.values()] == [1, 2]
    client.remove(one)
    client.remove(other)


def test_a_key_that_is_asked_for_twice_is_one_entry(either: Any, keys: list[Any]) -> None:
    read = either.batch_read([keys[0], keys[1], keys[0]])
    assert len(read) == 2
    assert len(read.to_dict()) == 2
    assert len(read.batch_records) == read.found_count() == 3
    assert read.to_list()[0] == read.to_list()[2]


def test_what_was_looked_up_stays_until_it_is_released(either: Any, keys: list[Any]) -> None:
    read = either.batch_read(keys)
    bins, records = read[keys[0]], read.batch_records
    assert read[keys[0]] is bins
    assert read.get(keys[0][2]) is bins
    assert next(iter(read.values())) is bins
    assert read.batch_records is records
    own = read.to_dict()[keys[0][2]]
    own["n"] = 99
    read.to_list()[0]["n"] = 99
    assert read[keys[0]] == {"n": 0, "text": "record 0"}
    read.release_cache()
    assert read[keys[0]] is not bins
    assert read.batch_records is not records
    assert read[keys[0]] == bins


def test_records_are_iterated_one_by_one(either: Any, keys: list[Any]) -> None:
    read = either.batch_read(keys)
    records = read.iter_records()
    assert iter(records) is records
    assert next(records) == read.batch_records[0]
    assert list(records) == read.batch_records[1:]
    assert list(records) == []


def test_merging_makes_a_dict_of_each(either: Any, keys: list[Any]) -> None:
    one, other = either.batch_read(keys[:2]), either.batch_read(keys[2:])
    assert LazyBatchRecords.merge_to_dict([one, other]) == [one.to_dict(), other.to_dict()]
    assert LazyBatchRecords.merge_to_dict([]) == []
    with pytest.raises(TypeError, match="LazyBatchRecords, not of dict"):
        LazyBatchRecords.merge_to_dict([{}])


def test_no_keys_are_no_records(either: Any) -> None:
    read = either.batch_read([])
    assert read == {}
    assert len(read) == 0
    assert "k" not in read
    assert read.batch_records == read.to_list() == list(read.iter_records()) == []


def test_five_thousand_keys(either: Any, client: Any) -> None:
    keys = [("test", "many", number) for number in range(5000)]
    for key in keys[::10]:
        client.put(key, {"n": key[2]})
    read = either.batch_read(keys, ["n"])
    assert read == {number: {"n": number} for number in range(0, 5000, 10)}
    assert read[4990] == {"n": 4990}
    assert sum(record.result == 2 for record in read.iter_records()) == 4500
    for key in keys[::10]:
        client.remove(key)


WRONG = [
    ((5,), TypeError, "keys must be a list or tuple, not int"),
    (([5],), TypeError, r"keys\[0\]: key must be a tuple"),
    (([("test", "batch", 1), ("", "batch", 1)],), ValueError, r"keys\[1\]: .*namespace is empty"),
    (([(("test", "batch", 1), [], 3)],), ValueError, r"keys\[0\]: an entry must be a key, \(key"),
    (([("test", "batch", 1)], "n"), TypeError, "what to read must be None"),
    (([("test", "batch", 1)], [5]), TypeError, "bin name must be str, not int"),
    (([("test", "batch", 1)], ["n" * 16]), ValueError, "15 are permitted"),
    (([("test", "batch", 1)], None, {"gen": 9}), ValueError, "POLICY_GEN_EQ"),
    (([("test", "batch", 1)], None, {"concurency": 1}), ValueError, 'Did you mean "concurrency"'),
    (([("test", "batch", 1)], None, {"concurrency": 2}), ValueError, "BATCH_CONCURRENCY_PARALLEL"),
    (([("test", "batch", 1)], None, {"allow_inline": 1}), TypeError, "must be bool, not int"),
    (([("test", "batch", 1)], None, []), TypeError, "policy must be a dict, not list"),
]


@pytest.mark.parametrize(("args", "error", "message"), WRONG)
def test_wrong_arguments_raise_at_once(
    kind: str, config: Any, args: Any, error: Any, message: str
) -> None:
    with unconnected(kind, config) as client, pytest.raises(error, match=message):
        client.batch_read(*args)


def test_reading_does_not_write(either: Any, keys: list[Any]) -> None:
    increment = {"op": aero.OPERATOR_INCR, "bin": "n", "val": 1}
    with pytest.raises(ValueError, match="use batch_operate"):
        either.batch_read(keys[:1], [increment])
    assert either.batch_read(keys[:1], ["n"]).to_list() == [{"n": 0}]


@pytest.mark.parametrize(
    "policy",
    [
        {"concurrency": aero.BATCH_CONCURRENCY_SEQUENTIAL},
        {"concurrent": False, "allow_inline": False, "allow_inline_ssd": True},
        {"respond_all_keys": False, "max_retries": 0, "total_timeout": 5000},
        {"replica": aero.POLICY_REPLICA_MASTER, "read_touch_ttl_percent": 50},
    ],
)
def test_policies_of_batches(either: Any, keys: list[Any], policy: Any) -> None:
    assert either.batch_read(keys, ["n"], policy).to_list()[:3] == [{"n": n} for n in range(3)]


def test_it_needs_a_connection(kind: str, config: Any) -> None:
    with unconnected(kind, config) as client, pytest.raises(ClientError, match="not connected"):
        client.batch_read([("test", "batch", 1)])


def test_what_the_whole_batch_ends_with(either: Any, keys: list[Any]) -> None:
    """A record that is not there, or filtered out, is no failure, as in the official client."""
    nowhere = ("nowhere", *keys[0][1:])
    never = {"filter_expression": exp.eq(exp.int_bin("n"), -1)}
    for wanted, policy, result in (
        (keys, None, 0),
        (keys, never, 0),
        ([*keys, nowhere], None, aero.AEROSPIKE_BATCH_FAILED),
    ):
        assert either.batch_read(wanted, policy=policy).result == result
        outcome = either.batch_operate(wanted, [operations.read("n")], policy)
        assert outcome.result == result
        batch = BatchRecords([Read(key, None) for key in wanted])
        assert either.batch_write(batch, policy).result == result


def test_a_namespace_that_is_nowhere_fails_alone(either: Any, keys: list[Any]) -> None:
    nowhere = ("nowhere", "batch", 1)
    read = either.batch_read([keys[0], nowhere, keys[1]])
    assert [record.result for record in read.batch_records] == [0, 20, 0]
    assert read.found_count() == 2
    with pytest.raises(NamespaceNotFound):
        either.batch_read([nowhere, nowhere])


def test_threads_read_one_result_at_once(client: Any, keys: list[Any]) -> None:
    read = client.batch_read(keys * 100)
    expected = client.batch_read(keys).to_dict()
    failures: list[Any] = []
    start = threading.Barrier(4)

    def use() -> None:
        start.wait()
        for _ in range(20):
            if read != expected or read[keys[1]] != expected[keys[1][2]] or len(read) != 3:
                failures.append(read)
            read.release_cache()

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_cycles_through_a_result_are_collected(client: Any, keys: list[Any]) -> None:
    read = client.batch_read(keys)
    gone = weakref.ref(read)
    read[keys[0]]["itself"] = read
    read.batch_records.append(read.iter_records())
    del read
    gc.collect()
    assert gone() is None


def test_it_is_neither_made_nor_hashed_nor_pickled(client: Any, keys: list[Any]) -> None:
    with pytest.raises(TypeError, match="cannot create"):
        LazyBatchRecords()
    read = client.batch_read(keys)
    with pytest.raises(TypeError, match="unhashable"):
        hash(read)
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(read)
