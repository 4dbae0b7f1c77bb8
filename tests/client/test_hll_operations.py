"""Operations on HyperLogLogs: what users do with them, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import exception
from aerospike_py import hll_operations as hlls
from aerospike_py.types import HyperLogLog


def results(client: Any, key: Any, *operations: Any) -> list[Any]:
    result = client.operate_ordered(key, list(operations))
    return [value for _, value in result.ordered_bins]


def test_each_operation_has_its_result_in_order(either: Any, key: Any) -> None:
    assert results(
        either,
        key,
        hlls.hll_init("h", 10),
        hlls.hll_add("h", ["a", "b", 1]),
        hlls.hll_get_count("h"),
        hlls.hll_describe("h"),
        hlls.hll_fold("h", 8),
        hlls.hll_describe("h"),
        hlls.hll_get_count("none"),
    ) == [None, 3, 3, [10, 0], None, [8, 0], None]
    assert type(either.get(key).bins["h"]) is HyperLogLog


def test_comparing_two(either: Any, key: Any) -> None:
    names = [f"user{number}" for number in range(100)]
    either.operate(
        key, [hlls.hll_add("a", names[:60], 12, 20), hlls.hll_add("b", names[40:], 12, 20)]
    )
    other = either.get(key).bins["b"]
    union, intersection, similarity = results(
        either,
        key,
        hlls.hll_get_union_count("a", [other]),
        hlls.hll_get_intersect_count("a", [other]),
        hlls.hll_get_similarity("a", [other]),
    )
    assert abs(union - 100) < 10
    assert abs(intersection - 20) < 10
    assert 0.1 < similarity < 0.35
    both = results(either, key, hlls.hll_get_union("a", [other]))[0]
    assert results(either, key, hlls.hll_set_union("a", [other]), hlls.hll_get_count("a")) == [
        None,
        union,
    ]
    assert either.get(key).bins["a"] == both


def test_policy(either: Any, key: Any) -> None:
    either.operate(key, [hlls.hll_init("h", 10)])
    with pytest.raises(exception.BinExistsError):
        either.operate(key, [hlls.hll_init("h", 10, policy={"flags": aero.HLL_WRITE_CREATE_ONLY})])


def test_arguments_by_the_names_of_the_official_client() -> None:
    assert hlls.hll_init(bin_name="h", index_bit_count=8, mh_bit_count=4) == hlls.hll_init(
        "h", 8, 4
    )
    assert hlls.hll_get_union("h", hll_list=[]) == hlls.hll_get_union("h", [])


@pytest.mark.parametrize(
    ("operation", "raised", "names"),
    [
        (hlls.hll_add("h", "abc"), TypeError, "values"),
        (hlls.hll_add("h", ["a"], "8"), TypeError, "index_bit_count"),
        (hlls.hll_get_union("h", [b"\x00"]), ValueError, "HyperLogLog"),
        (hlls.hll_init("h", 8, policy={"flags": 16}), ValueError, "HLL_WRITE_ALLOW_FOLD"),
        (hlls.hll_init("h", 8, policy=1), TypeError, "policy"),
        ({**hlls.hll_get_count("h"), "ctx": []}, ValueError, "ctx"),
    ],
    ids=repr,
)
def test_wrong_arguments_are_refused(
    either: Any, key: Any, operation: Any, raised: Any, names: str
) -> None:
    either.operate(key, [hlls.hll_init("h", 8)])
    with pytest.raises(raised, match=names):
        either.operate(key, [operation])
    assert either.get(key).meta.gen == 1
