"""Writing, operating on and removing many records at once; batches of all kinds of commands."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, get_type_hints

import pytest

import aerospike_py as aero
from aerospike_py import exp
from aerospike_py.batch_records import Apply, BatchRecords, Read, Remove, Write
from aerospike_py.exception import (
    AerospikeTimeoutError,
    ClientError,
    NamespaceNotFound,
    RecordNotFound,
)
from aerospike_py.types import BatchRecord, BatchRetryInfo, BatchWriteResult
from support.both import connected, unconnected
from support.proxy import Proxy

INCREMENT = {"op": aero.OPERATOR_INCR, "bin": "n", "val": 1}
READ = {"op": aero.OPERATOR_READ, "bin": "n"}
WRITE = {"op": aero.OPERATOR_WRITE, "bin": "n", "val": 7}
NEVER = 0xFFFFFFFF


@pytest.fixture
def keys(request: pytest.FixtureRequest, client: Any) -> Iterator[list[Any]]:
    """Keys of this test alone, of which the first two have records."""
    keys = [("test", "batch", f"{request.node.nodeid}/{number}") for number in range(4)]
    for number, key in enumerate(keys[:2]):
        client.put(key, {"n": number})
    yield keys
    for key in keys:
        with contextlib.suppress(RecordNotFound):
            client.remove(key)


def results(outcome: Any) -> list[int]:
    return [record.result for record in outcome.batch_records]


def values(client: Any, keys: list[Any]) -> list[Any]:
    return [bins and bins.get("n") for bins in client.batch_read(keys).to_list()]


def test_each_record_gets_its_bins(either: Any, keys: list[Any]) -> None:
    outcome = either.batch_write([(key, {"n": 10 + n}) for n, key in enumerate(keys)])
    assert isinstance(outcome, BatchWriteResult)
    assert results(outcome) == [0, 0, 0, 0]
    assert outcome.retry == BatchRetryInfo(1, 1, False, 0)
    first = outcome.batch_records[0]
    assert isinstance(first, BatchRecord)
    assert first.key[:3] == keys[0]
    assert first.record.meta.gen == 2
    assert first.record.bins == {}
    assert first.in_doubt is False
    assert values(either, keys) == [10, 11, 12, 13]


def test_metadata_of_one_record_wins_over_the_policy(either: Any, keys: list[Any]) -> None:
    meta = {"ttl": aero.TTL_NEVER_EXPIRE, "exists": aero.POLICY_EXISTS_CREATE_ONLY}
    outcome = either.batch_write(
        [(keys[0], {"n": 5}), (keys[1], {"n": 5}, meta), (keys[2], {"n": 5}, meta)],
        {"ttl": 100},
    )
    assert results(outcome) == [0, 5, 0]
    ttls = [either.exists(key).meta.ttl for key in (keys[0], keys[2])]
    assert 90 <= ttls[0] <= 100
    assert ttls[1] == NEVER


def test_the_generation_of_one_record_is_compared(either: Any, keys: list[Any]) -> None:
    outcome = either.batch_write(
        [(keys[0], {"n": 5}, {"gen": 1}), (keys[1], {"n": 5}, {"gen": 2}), (keys[2], {"n": 5})]
    )
    assert results(outcome) == [0, 3, 0]
    assert outcome.batch_records[1].record is None


def test_values_are_written_as_put_writes_them(either: Any, keys: list[Any]) -> None:
    bins = {"n": 1, "f": 1.5, "s": "é", "b": b"\0", "l": [1, [2]], "m": {"k": None}, "t": True}
    assert results(either.batch_write([(keys[0], bins), (keys[1], {"n": None, "x": 1})])) == [0, 0]
    assert either.batch_read(keys[:2]).to_list() == [bins, {"x": 1}]


def test_integers_wrap_if_asked(either: Any, keys: list[Any]) -> None:
    record = (keys[0], {"n": 2**64 - 1})
    with pytest.raises(OverflowError, match=r"records\[0\]: bin \"n\": int is out of range"):
        either.batch_write([record])
    either.batch_write([record], {"wrap_integers": True})
    assert values(either, keys[:1]) == [-1]


def test_operations_run_on_every_record(either: Any, keys: list[Any]) -> None:
    outcome = either.batch_operate(keys, [INCREMENT, READ])
    assert results(outcome) == [0, 0, 0, 0]
    assert [record.record.bins for record in outcome.batch_records] == [
        {"n": 1},
        {"n": 2},
        {"n": 1},
        {"n": 1},
    ]
    assert isinstance(outcome, BatchWriteResult)


def test_operations_that_read_make_a_batch_of_reads(either: Any, keys: list[Any]) -> None:
    outcome = either.batch_operate(keys, [READ])
    assert results(outcome) == [0, 0, 2, 2]
    assert outcome.batch_records[1].record.bins == {"n": 1}


@pytest.mark.parametrize(
    "args",
    [
        ({"ttl": 100},),
        (None, {"ttl": 100}),
        ({"ttl": 5}, {"ttl": 100}),
        ({"ttl": 5}, {"ttl": 6}, 100),
    ],
)
def test_the_time_to_live_of_operations(either: Any, keys: list[Any], args: Any) -> None:
    outcome = either.batch_operate(keys[:2], [INCREMENT], *args)
    assert all(90 <= record.record.meta.ttl <= 100 for record in outcome.batch_records)


def test_a_touch_among_operations_renews(either: Any, keys: list[Any]) -> None:
    touch = {"op": aero.OPERATOR_TOUCH, "val": 100}
    either.batch_operate(keys[:2], [touch])
    assert 90 <= either.exists(keys[0]).meta.ttl <= 100


def test_policies_of_batch_operate(either: Any, keys: list[Any]) -> None:
    update = {"exists": aero.POLICY_EXISTS_UPDATE}
    assert results(either.batch_operate(keys, [WRITE], None, update)) == [0, 0, 2, 2]
    assert results(either.batch_operate(keys, [WRITE], update)) == [0, 0, 2, 2]
    outcome = either.batch_operate(keys, [WRITE], policy_batch_write=update, ttl=60)
    assert results(outcome) == [0, 0, 2, 2]


IS_ZERO = exp.eq(exp.int_bin("n"), exp.int_val(0))


@pytest.mark.parametrize("count", [1, 2])
def test_a_filter_of_the_whole_batch(either: Any, keys: list[Any], count: int) -> None:
    policy = {"filter_expression": IS_ZERO}
    chosen, expected = keys[:2][-count:], [0, 27][-count:]
    assert results(either.batch_read(chosen, None, policy)) == expected
    assert results(either.batch_operate(chosen, [READ], policy)) == expected
    assert results(either.batch_write([(key, {"x": 1}) for key in chosen], policy)) == expected
    assert results(either.batch_operate(chosen, [READ, WRITE], policy)) == expected
    assert results(either.batch_remove(chosen, policy)) == [27] * count


def test_filters_of_each_kind_of_row(either: Any, keys: list[Any]) -> None:
    own = {"filter_expression": IS_ZERO}
    assert results(either.batch_operate(keys[:2], [READ], None, own)) == [0, 27]
    assert results(either.batch_operate(keys[:2], [INCREMENT], None, own)) == [0, 27]
    assert results(either.batch_remove(keys[:2], None, own)) == [27, 27]
    batch = BatchRecords(
        [
            Read(keys[0], None, True, policy=own),
            Write(keys[1], [INCREMENT], policy={"expressions": None}),
            Remove(keys[0], own),
        ]
    )
    either.batch_write(batch, {"filter_expression": exp.eq(exp.int_bin("n"), exp.int_val(1))})
    assert [row.result for row in batch.batch_records] == [27, 0, 27]
    with pytest.raises(TypeError, match="must be an Expression"):
        either.batch_remove(keys, None, {"filter_expression": 5})


def test_records_are_removed(either: Any, keys: list[Any]) -> None:
    outcome = either.batch_remove(keys)
    assert results(outcome) == [0, 0, 2, 2]
    assert outcome.batch_records[2].record is None
    assert values(either, keys) == [None] * 4


@pytest.mark.parametrize("count", [1, 2])
def test_removals_compare_generations(either: Any, keys: list[Any], count: int) -> None:
    wrong = [(key, {"gen": 9}) for key in keys[:count]]
    assert results(either.batch_remove(wrong)) == [3] * count
    policy = {"gen": aero.POLICY_GEN_EQ, "generation": 9}
    assert results(either.batch_remove(keys[:count], None, policy)) == [3] * count
    right = [(key, {"gen": 1}) for key in keys[:count]]
    assert results(either.batch_remove(right)) == [0] * count


def test_a_function_that_does_not_exist_fails_for_each(either: Any, keys: list[Any]) -> None:
    entries = [keys[0], (keys[1], {"function": "g", "args": [2], "ttl": 60})]
    outcome = either.batch_apply(entries, "no_such_module", "f", [1, "a", [None]])
    assert all(result > 0 for result in results(outcome))
    assert values(either, keys[:2]) == [0, 1]


LUA = """
function add(rec, bin, by)
  rec[bin] = rec[bin] + by
  aerospike:update(rec)
  return rec[bin]
end
function fail(rec) error("no") end
"""


@pytest.fixture(scope="module")
def functions(client: Any) -> Iterator[None]:
    """The module `batches`."""
    client.udf_put("batches.lua", source=LUA)
    yield
    client.udf_remove("batches.lua")


@pytest.mark.usefixtures("functions")
def test_functions_are_called_with_each_record(either: Any, keys: list[Any]) -> None:
    outcome = either.batch_apply(keys[:2], "batches", "add", ["n", 5])
    assert results(outcome) == [0, 0]
    assert [record.record.bins for record in outcome.batch_records] == [
        {"SUCCESS": 5},
        {"SUCCESS": 6},
    ]
    assert values(either, keys[:2]) == [5, 6]


@pytest.mark.usefixtures("functions")
def test_a_key_may_have_a_call_of_its_own(either: Any, keys: list[Any]) -> None:
    entries = [keys[0], (keys[1], {"args": ["n", 10]}), (keys[1], {"function": "fail"})]
    outcome = either.batch_apply(entries, "batches", "add", ["n", 1], {"ttl": 100})
    assert results(outcome) == [0, 0, 100]
    assert "no" in outcome.batch_records[2].record.bins["FAILURE"]
    assert values(either, keys[:2]) == [1, 11]
    assert 90 <= either.exists(keys[0]).meta.ttl <= 100
    batch = BatchRecords([Apply(keys[0], "batches", "add", ["n", 1])])
    either.batch_write(batch)
    assert batch.batch_records[0].record.bins == {"SUCCESS": 2}


@pytest.mark.usefixtures("functions")
@pytest.mark.parametrize("count", [1, 2])
def test_functions_that_fail_are_not_in_doubt(either: Any, keys: list[Any], count: int) -> None:
    outcome = either.batch_apply(keys[:count], "batches", "fail")
    assert results(outcome) == [100] * count
    assert [record.in_doubt for record in outcome.batch_records] == [False] * count


def test_a_mixed_batch_fills_in_its_rows(either: Any, keys: list[Any]) -> None:
    batch = BatchRecords(
        [
            Read(keys[0], None, read_all_bins=True),
            Read(keys[1], []),
            Read(keys[1], [READ]),
            Write(keys[2], [WRITE, READ], {"ttl": 100}, {"key": aero.POLICY_KEY_SEND}),
            Remove(keys[3]),
            Write(keys[0], [INCREMENT], {"gen": 5}),
            Apply(keys[3], "no_such_module", "f"),
        ]
    )
    assert either.batch_write(batch) is batch
    rows = batch.batch_records
    assert [row.result for row in rows][:6] == [0, 0, 0, 0, 2, 3]
    assert batch.result == aero.AEROSPIKE_BATCH_FAILED
    assert [row.record and row.record.bins for row in rows[:5]] == [
        {"n": 0},
        {},
        {"n": 1},
        {"n": 7},
        None,
    ]
    assert rows[1].record.meta.gen == 1
    assert rows[0].message is None
    assert rows[5].message
    assert [row.in_doubt for row in rows] == [False] * 7
    assert 90 <= rows[3].record.meta.ttl <= 100


def test_a_mixed_batch_may_be_sent_again(either: Any, keys: list[Any]) -> None:
    batch = BatchRecords([Write(keys[0], [INCREMENT]), Read(keys[2], None, True)])
    either.batch_write(batch)
    assert (batch.result, batch.batch_records[1].result) == (0, 2)
    either.put(keys[2], {"n": 3})
    either.batch_write(batch)
    assert batch.result == batch.batch_records[1].result == 0
    assert batch.batch_records[1].message is None
    assert values(either, keys[:1]) == [2]


def test_batches_of_nothing(either: Any) -> None:
    empty = BatchWriteResult([])
    assert either.batch_write([]) == empty
    assert either.batch_operate([], [INCREMENT]) == empty
    assert either.batch_remove([]) == empty
    assert either.batch_apply([], "m", "f") == empty
    batch = BatchRecords()
    assert either.batch_write(batch) is batch
    assert batch.result == 0


def test_five_thousand_records(either: Any) -> None:
    keys = [("test", "many writes", number) for number in range(5000)]
    outcome = either.batch_write([(key, {"n": key[2]}) for key in keys], {"total_timeout": 10_000})
    assert set(results(outcome)) == {0}
    assert set(results(either.batch_operate(keys, [INCREMENT], {"total_timeout": 10_000}))) == {0}
    assert values(either, keys) == list(range(1, 5001))
    assert set(results(either.batch_remove(keys, {"total_timeout": 10_000}))) == {0}


def test_a_namespace_that_is_nowhere_fails_alone(either: Any, keys: list[Any]) -> None:
    nowhere = ("nowhere", "batch", 1)
    assert results(either.batch_write([(nowhere, {"n": 1}), (keys[0], {"n": 9})])) == [20, 0]
    assert results(either.batch_operate([keys[0], nowhere], [INCREMENT])) == [0, 20]
    assert results(either.batch_remove([nowhere, keys[0]])) == [20, 0]
    with pytest.raises(NamespaceNotFound):
        either.batch_write([(nowhere, {"n": 1})])
    batch = BatchRecords([Write(nowhere, [WRITE]), Remove(nowhere)])
    with pytest.raises(NamespaceNotFound):
        either.batch_write(batch)
    assert [row.result for row in batch.batch_records] == [20, 20]
    assert batch.result == 20


@pytest.mark.parametrize("count", [1, 2])
def test_writes_that_run_out_of_time_are_in_doubt(
    kind: str, proxy: Proxy, keys: list[Any], count: int
) -> None:
    brief = {"total_timeout": 50}
    with connected(kind, {"hosts": proxy.hosts}) as slow:
        proxy.hold()
        with pytest.raises(AerospikeTimeoutError) as caught:
            slow.batch_write([(key, {"n": 1}) for key in keys[:count]], brief)
        assert caught.value.in_doubt is True
        with pytest.raises(AerospikeTimeoutError) as caught:
            slow.batch_read(keys[:count], policy=brief)
        assert caught.value.in_doubt is False
        batch = BatchRecords([Remove(key) for key in keys[:count]])
        with pytest.raises(AerospikeTimeoutError):
            slow.batch_write(batch, brief)
        assert [(row.result, row.in_doubt) for row in batch.batch_records] == [(9, True)] * count
        proxy.release()
        assert slow.ping()


def test_retries_end_with_the_total_timeout(kind: str, proxy: Proxy, keys: list[Any]) -> None:
    with connected(kind, {"hosts": proxy.hosts}) as slow:
        proxy.hold()
        records = [(key, {"n": 1}) for key in keys]
        with pytest.raises(AerospikeTimeoutError) as caught:
            slow.batch_write(records, {"total_timeout": 100, "socket_timeout": 20}, retry=1000)
        assert caught.value.in_doubt is True
        proxy.release()
        assert slow.ping()


def test_rows_are_sent_again_until_they_are_answered(
    kind: str, proxy: Proxy, keys: list[Any]
) -> None:
    """The first write is applied but not answered, so that the second finds another generation."""
    records = [(keys[0], {"n": 5}, {"gen": 1}), (keys[1], {"n": 6})]
    patient = {"total_timeout": 20_000, "socket_timeout": 50}
    with connected(kind, {"hosts": proxy.hosts}) as slow, ThreadPoolExecutor(1) as pool:
        proxy.hold()
        call = pool.submit(slow.batch_write, records, patient, retry=1000)
        proxy.wait_until_held(5)  # one attempt is answered in three frames at most
        proxy.release()
        outcome = call.result()
        assert values(slow, keys[:2]) == [5, 6]
    assert results(outcome) == [3, 0]
    assert [record.in_doubt for record in outcome.batch_records] == [True, False]
    assert outcome.retry.attempts >= 2
    assert outcome.retry[1:] == (1001, False, 0)


def test_rows_that_fail_for_good_are_not_sent_again(either: Any, keys: list[Any]) -> None:
    records = [(keys[0], {"n": 1}, {"gen": 9}), (keys[1], {"n": 1})]
    outcome = either.batch_write(records, retry=3)
    assert results(outcome) == [3, 0]
    assert outcome.retry == BatchRetryInfo(1, 4, False, 0)


def test_it_needs_a_connection(kind: str, config: Any) -> None:
    key = ("test", "batch", 1)
    calls = [
        ("batch_write", [(key, {"n": 1})]),
        ("batch_operate", [key], [INCREMENT]),
        ("batch_remove", [key]),
        ("batch_apply", [key], "m", "f"),
    ]
    with unconnected(kind, config) as client:
        for verb, *args in calls:
            with pytest.raises(ClientError, match="not connected"):
                getattr(client, verb)(*args)
        batch = BatchRecords([Remove(key)])
        with pytest.raises(ClientError, match="not connected"):
            client.batch_write(batch)


KEY = ("test", "batch", 1)
WRONG = [
    ("batch_write", (5,), TypeError, "records must be a list or tuple, not int"),
    ("batch_write", ({},), TypeError, "records must be a list or tuple, not dict"),
    ("batch_write", ([KEY],), ValueError, r"records\[0\]: a record must be \(key, bins\) or"),
    ("batch_write", ([(KEY,)],), ValueError, r"records\[0\]: a record must be \(key, bins\) or"),
    ("batch_write", ([(KEY, 5)],), TypeError, r"records\[0\]: bins must be a dict"),
    ("batch_write", ([(KEY, {})],), ValueError, "the dict is empty"),
    ("batch_write", ([(KEY, {"n": object()})],), TypeError, "object can't be stored"),
    ("batch_write", ([(KEY, {"n": 1}, {"genn": 1})],), ValueError, 'unknown key "genn"'),
    ("batch_write", ([(KEY, {"n": 1}, 5)],), TypeError, "meta must be a dict, not int"),
    ("batch_write", ([], {"exists": 9}), ValueError, "POLICY_EXISTS_UPDATE"),
    ("batch_write", ([], None, -1), ValueError, "retry must be from 0"),
    ("batch_write", ([], None, 1.5), TypeError, "retry must be int, not float"),
    ("batch_write", ([], None, True), TypeError, "retry must be int, not bool"),
    ("batch_write", (BatchRecords([5]),), TypeError, r"batch_records\[0\]: a row must be a Read"),  # type: ignore[list-item]
    ("batch_write", (BatchRecords([Write(KEY, [])]),), ValueError, "at least one operation"),
    ("batch_write", (BatchRecords([Write(KEY, [READ])]),), ValueError, "use Read"),
    ("batch_write", (BatchRecords([Read(KEY, [WRITE])]),), ValueError, "use Write"),
    ("batch_write", (BatchRecords([Read(KEY, [READ], True)]),), ValueError, "one of the two"),
    ("batch_write", (BatchRecords([Remove(KEY, {"ttl": 1})]),), ValueError, 'key "ttl"'),  # type: ignore[typeddict-unknown-key]
    ("batch_write", (BatchRecords([Apply(KEY, "", "f")]),), ValueError, "module is empty"),
    ("batch_operate", ([KEY], []), ValueError, "at least one operation"),
    ("batch_operate", ([KEY], [{"op": 99999}]), ValueError, "operation 0"),
    ("batch_operate", ([KEY], [WRITE], None, {"ttll": 1}), ValueError, "policy_batch_write has an"),
    ("batch_operate", ([KEY], [WRITE], None, None, "1"), TypeError, "ttl must be int, not str"),
    ("batch_operate", ([5], [WRITE]), TypeError, r"keys\[0\]"),
    ("batch_remove", ([(KEY, {"ttl": 1})],), ValueError, 'meta has an unknown key "ttl"'),
    ("batch_remove", ([(KEY, {}, {})],), ValueError, r"a key or \(key, meta\), not a tuple of 3"),
    ("batch_remove", ([KEY], None, {"exists": 1}), ValueError, 'unknown key "exists"'),
    ("batch_apply", ([KEY], "", "f"), ValueError, "module is empty"),
    ("batch_apply", ([KEY], "m", 5), TypeError, "function must be str, not int"),
    ("batch_apply", ([KEY], "m", "f", 5), TypeError, "args must be a list or tuple, not int"),
    ("batch_apply", ([KEY], "m", "f", [object()]), TypeError, r"args\[0\]: object can't be"),
    ("batch_apply", ([(KEY, {"args": 5})], "m", "f"), TypeError, r"keys\[0\]: args must be"),
    ("batch_apply", ([(KEY, {"gen": 5})], "m", "f"), ValueError, 'unknown key "gen"'),
]


@pytest.mark.parametrize(("verb", "args", "error", "message"), WRONG)
def test_wrong_arguments_raise_at_once(
    kind: str, config: Any, verb: str, args: Any, error: Any, message: str
) -> None:
    with unconnected(kind, config) as client, pytest.raises(error, match=message):
        getattr(client, verb)(*args)


def test_policies_of_the_configuration_are_the_defaults(
    kind: str, config: Any, keys: list[Any]
) -> None:
    policies = {
        "batch_write": {"ttl": 100, "exists": aero.POLICY_EXISTS_UPDATE},
        "batch_remove": {"gen": aero.POLICY_GEN_EQ, "generation": 9},
        "batch_apply": {"ttl": 100},
        "batch_parent_write": {"total_timeout": 2000},
        "batch": {"max_retries": 0},
    }
    with connected(kind, {**config, "policies": policies}) as client:
        assert results(client.batch_write([(key, {"n": 5}) for key in keys])) == [0, 0, 2, 2]
        assert 90 <= client.exists(keys[0]).meta.ttl <= 100
        assert results(client.batch_remove(keys[:2])) == [3, 3]
        assert results(client.batch_remove(keys[:2], {"gen": aero.POLICY_GEN_IGNORE})) == [0, 0]


KEYS = [
    ("BatchPolicy", lambda client, wrong: client.batch_read([], None, wrong)),
    ("BatchPolicy", lambda client, wrong: client.batch_write([], wrong)),
    ("BatchReadPolicy", lambda client, wrong: mixed(client, Read(KEY, policy=wrong))),
    ("BatchWritePolicy", lambda client, wrong: client.batch_operate([], [READ], None, wrong)),
    ("BatchWritePolicy", lambda client, wrong: mixed(client, Write(KEY, [WRITE], None, wrong))),
    ("BatchDeletePolicy", lambda client, wrong: client.batch_remove([], None, wrong)),
    ("BatchDeletePolicy", lambda client, wrong: mixed(client, Remove(KEY, wrong))),
    ("BatchUDFPolicy", lambda client, wrong: client.batch_apply([], "m", "f", None, None, wrong)),
    ("BatchUDFPolicy", lambda client, wrong: mixed(client, Apply(KEY, "m", "f", [], wrong))),
    ("WriteMeta", lambda client, wrong: client.batch_write([(KEY, {"n": 1}, wrong)])),
    ("WriteMeta", lambda client, wrong: mixed(client, Write(KEY, [WRITE], wrong))),
    ("BatchDeleteMeta", lambda client, wrong: client.batch_remove([(KEY, wrong)])),
    ("BatchUDFMeta", lambda client, wrong: client.batch_apply([(KEY, wrong)], "m", "f")),
]


def mixed(client: Any, row: Any) -> None:
    client.batch_write(BatchRecords([row]))


@pytest.mark.parametrize(("name", "call"), KEYS)
def test_the_keys_of_dicts_are_those_of_their_types(
    kind: str, config: Any, name: str, call: Any
) -> None:
    with unconnected(kind, config) as client, pytest.raises(ValueError, match="Permitted") as told:
        call(client, {"?": 1})
    permitted = str(told.value).partition("Permitted are: ")[2].split(", ")
    assert set(permitted) == set(get_type_hints(getattr(aero, name)))
