"""Several operations on a record: in order, as one unit, each with its result."""

from __future__ import annotations

from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import exception
from aerospike_py.types import BinTuple, OperateOrderedResult, Record

BOTH_VERBS = pytest.mark.parametrize("verb", ["operate", "operate_ordered"])


def read(bin: str) -> dict[str, Any]:
    return {"op": aero.OPERATOR_READ, "bin": bin}


def write(bin: str, value: Any) -> dict[str, Any]:
    return {"op": aero.OPERATOR_WRITE, "bin": bin, "val": value}


def increment(bin: str, offset: Any) -> dict[str, Any]:
    return {"op": aero.OPERATOR_INCR, "bin": bin, "val": offset}


def append(bin: str, value: Any) -> dict[str, Any]:
    return {"op": aero.OPERATOR_APPEND, "bin": bin, "val": value}


def prepend(bin: str, value: Any) -> dict[str, Any]:
    return {"op": aero.OPERATOR_PREPEND, "bin": bin, "val": value}


TOUCH = {"op": aero.OPERATOR_TOUCH}
DELETE = {"op": aero.OPERATOR_DELETE}


def test_operate_returns_a_record_of_the_results(either: Any, key: Any) -> None:
    either.put(key, {"a": 1, "b": "x"})
    record = either.operate(key, [increment("a", 1), append("b", "y"), read("a"), read("b")])
    assert type(record) is Record
    assert record.key == (*key, aero.calc_digest(*key))
    assert record.bins == {"a": 2, "b": "xy"}
    assert record.meta.gen == 2


def test_several_results_of_a_bin_are_a_list(either: Any, key: Any) -> None:
    either.put(key, {"a": 1, "b": 5})
    record = either.operate(key, [read("a"), increment("a", 1), read("a"), read("b")])
    assert record.bins == {"a": [1, 2], "b": 5}


def test_operate_ordered_has_an_entry_for_each_operation(either: Any, key: Any) -> None:
    either.put(key, {"b": 1})
    result = either.operate_ordered(
        key,
        [
            write("z", 1),
            read("z"),
            increment("z", 41),
            read("none"),
            write("a", "b"),
            append("a", "c"),
            prepend("a", "a"),
            TOUCH,
            read("a"),
            read("z"),
        ],
    )
    assert type(result) is OperateOrderedResult
    assert result.key == (*key, aero.calc_digest(*key))
    assert result.meta.gen == 2
    assert all(type(entry) is BinTuple for entry in result.ordered_bins)
    named = [entry for entry in result.ordered_bins if entry.name not in ("", None)]
    assert named == [
        ("z", None),
        ("z", 1),
        ("z", None),
        ("none", None),
        ("a", None),
        ("a", None),
        ("a", None),
        ("a", "abc"),
        ("z", 42),
    ]
    assert len(result.ordered_bins) == 10
    assert result.ordered_bins[7].value is None


def test_results_of_many_bins_stay_in_order(either: Any, key: Any) -> None:
    names = [f"bin{number * 37 % 101}" for number in range(100)]
    either.put(key, {name: number for number, name in enumerate(names)})
    result = either.operate_ordered(key, [read(name) for name in names])
    assert result.ordered_bins == [(name, number) for number, name in enumerate(names)]


def test_writes_without_reads_have_results_of_their_own(either: Any, key: Any) -> None:
    record = either.operate(key, [write("a", 1), write("b", 2)])
    assert not record.bins
    assert record.meta.gen == 1
    assert either.operate_ordered(key, [write("a", 3)]).ordered_bins == [("a", None)]
    assert either.get(key).bins == {"a": 3, "b": 2}


def test_delete_ends_the_record_and_writes_begin_another(either: Any, key: Any) -> None:
    either.put(key, {"a": 1, "b": 2})
    result = either.operate_ordered(key, [read("a"), DELETE, write("c", 3), read("c")])
    assert [value for _, value in result.ordered_bins] == [1, None, None, 3]
    assert either.get(key).bins == {"c": 3}
    either.operate(key, [DELETE])
    assert either.exists(key).meta is None


def test_touch_raises_the_generation(either: Any, key: Any) -> None:
    either.put(key, {"a": 1})
    result = either.operate_ordered(key, [TOUCH, read("a")], {"ttl": 1000})
    assert [value for _, value in result.ordered_bins] == [None, 1]
    meta = either.exists(key).meta
    assert meta.gen == 2
    assert 900 < meta.ttl <= 1000


def test_write_of_none_removes_the_bin(either: Any, key: Any) -> None:
    either.put(key, {"a": 1, "b": 2})
    either.operate(key, [write("a", None)])
    assert either.get(key).bins == {"b": 2}


@BOTH_VERBS
def test_nothing_changes_if_an_operation_fails(either: Any, key: Any, verb: str) -> None:
    either.put(key, {"a": 1, "s": "x"})
    with pytest.raises(exception.BinTypeError) as caught:
        getattr(either, verb)(key, [increment("a", 1), increment("s", 1)])
    assert (caught.value.code, caught.value.in_doubt) == (12, False)
    assert caught.value.key[:3] == key
    record = either.get(key)
    assert (record.bins, record.meta.gen) == ({"a": 1, "s": "x"}, 1)


@BOTH_VERBS
def test_reading_what_is_not_there_is_not_found(either: Any, key: Any, verb: str) -> None:
    with pytest.raises(exception.RecordNotFound):
        getattr(either, verb)(key, [read("a")])


@BOTH_VERBS
def test_policies_hold_for_the_whole(either: Any, key: Any, verb: str) -> None:
    operate = getattr(either, verb)
    update_only = {"exists": aero.POLICY_EXISTS_UPDATE_ONLY}
    with pytest.raises(exception.RecordNotFound):
        operate(key, [write("a", 1)], None, update_only)
    operate(key, [write("a", 1)], {"ttl": 1000}, {"key": aero.POLICY_KEY_SEND})
    assert 900 < either.exists(key).meta.ttl <= 1000


@BOTH_VERBS
def test_operations_may_be_a_tuple(either: Any, key: Any, verb: str) -> None:
    assert getattr(either, verb)(key, (write("a", 1), read("a"))).meta.gen == 1


@BOTH_VERBS
@pytest.mark.parametrize(
    ("operations", "raised", "names"),
    [
        ([], ValueError, "operation"),
        ("read", TypeError, "ops"),
        (None, TypeError, "ops"),
        ([5], TypeError, "int"),
        ([{}], (TypeError, ValueError), "op"),
        ([{"op": 9999, "bin": "a"}], ValueError, "9999"),
        ([{"op": "read", "bin": "a"}], TypeError, "op"),
        ([{"op": aero.OPERATOR_READ, "bin": 5}], TypeError, "bin"),
        ([{"op": aero.OPERATOR_WRITE, "val": 5}], (TypeError, ValueError), "bin"),
        ([{"op": aero.OPERATOR_WRITE, "bin": "a"}], (TypeError, ValueError), "val"),
        ([{"op": aero.OPERATOR_WRITE, "bin": "x" * 16, "val": 1}], ValueError, "15"),
        ([{"op": aero.OPERATOR_INCR, "bin": "a", "val": "1"}], TypeError, "str"),
        ([{"op": aero.OPERATOR_APPEND, "bin": "a", "val": 1}], TypeError, "int"),
        ([{"op": aero.OPERATOR_READ, "bin": "a", "value": 1}], (TypeError, ValueError), "value"),
    ],
    ids=repr,
)
def test_operations_that_are_not_well_formed_are_refused(
    either: Any, key: Any, verb: str, operations: Any, raised: Any, names: str
) -> None:
    either.put(key, {"a": 1})
    with pytest.raises(raised, match=names):
        getattr(either, verb)(key, operations)
    assert either.get(key).meta.gen == 1
