"""Operations on lists: what users do with them, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import exception
from aerospike_py import list_operations as lists
from aerospike_py.cdt_ctx import (
    cdt_ctx_list_index,
    cdt_ctx_list_index_create,
    cdt_ctx_map_key,
    cdt_ctx_map_key_create,
)
from aerospike_py.types import CDTInfinite, CDTWildcard, null

VALUE = aero.LIST_RETURN_VALUE


def results(client: Any, key: Any, *operations: Any) -> list[Any]:
    result = client.operate_ordered(key, list(operations))
    return [value for _, value in result.ordered_bins]


def test_each_operation_has_its_result_in_order(either: Any, key: Any) -> None:
    assert results(
        either,
        key,
        lists.list_append("l", 3),
        lists.list_append_items("l", [1, 2]),
        lists.list_sort("l"),
        lists.list_get_range("l", 0),
        lists.list_pop("l", 0),
        lists.list_size("none"),
        lists.list_clear("l"),
    ) == [1, 3, None, [1, 2, 3], 1, None, None]
    assert either.get(key).bins == {"l": []}


def test_results_of_a_bin_are_a_list_in_the_order_of_operations(either: Any, key: Any) -> None:
    either.put(key, {"l": [1, 2]})
    record = either.operate(key, [lists.list_append("l", 3), lists.list_get("l", -1)])
    assert record.bins == {"l": [3, 3]}


def test_a_context_leads_to_lists_within(either: Any, key: Any) -> None:
    either.put(key, {"d": {"a": [[1, 2], [3]]}})
    way = (cdt_ctx_map_key("a"), cdt_ctx_list_index(-1))
    assert results(
        either,
        key,
        lists.list_append("d", 4, ctx=way),
        lists.list_get_by_rank("d", -1, VALUE, ctx=list(way)),
    ) == [2, 4]
    assert either.get(key).bins == {"d": {"a": [[1, 2], [3, 4]]}}


def test_a_context_makes_what_is_missing(either: Any, key: Any) -> None:
    ctx = [cdt_ctx_map_key_create("a"), cdt_ctx_list_index_create(1, pad=True)]
    either.operate(key, [lists.list_append("d", 1, ctx=ctx)])
    assert either.get(key).bins == {"d": {"a": [None, [1]]}}


def test_a_list_is_made_within_another(either: Any, key: Any) -> None:
    either.put(key, {"l": []})
    create = lists.list_create("l", aero.LIST_ORDERED, ctx=[cdt_ctx_list_index(0)])
    either.operate(key, [create])
    either.operate(key, [lists.list_append_items("l", [3, 1, 2], ctx=[cdt_ctx_list_index(0)])])
    assert either.get(key).bins == {"l": [[1, 2, 3]]}


def test_policy_keeps_items_unique(either: Any, key: Any) -> None:
    either.put(key, {"l": [1]})
    unique = {"list_order": aero.LIST_UNORDERED, "write_flags": aero.LIST_WRITE_ADD_UNIQUE}
    with pytest.raises(exception.ElementExistsError):
        either.operate(key, [lists.list_append("l", 1, unique)])
    unique["write_flags"] |= aero.LIST_WRITE_NO_FAIL
    assert results(either, key, lists.list_append("l", 1, unique)) == [1]


@pytest.mark.parametrize(
    ("begin", "end", "found"),
    [
        (None, None, [None, 1, 2, "a"]),
        (2, None, [2, "a"]),
        (null(), 2, [None, 1]),
        (None, 2, [None, 1]),
        (1, CDTInfinite(), [1, 2, "a"]),
        (1, null(), []),
        (None, null(), []),
    ],
    ids=repr,
)
def test_ends_of_a_range(either: Any, key: Any, begin: Any, end: Any, found: Any) -> None:
    either.put(key, {"l": [None, 1, 2, "a"]})
    assert results(either, key, lists.list_get_by_value_range("l", begin, end, VALUE)) == [found]
    others = lists.list_remove_by_value_range("l", begin, end, aero.LIST_RETURN_COUNT, True)
    assert results(either, key, others) == [4 - len(found)]


def test_a_wildcard_equals_anything(either: Any, key: Any) -> None:
    either.put(key, {"l": [["a", 1], ["b", 2], ["a", 3]]})
    found = lists.list_get_by_value("l", ["a", CDTWildcard()], aero.LIST_RETURN_INDEX)
    assert results(either, key, found) == [[0, 2]]


def test_inverted_by_argument_or_flag(either: Any, key: Any) -> None:
    either.put(key, {"l": [1, 2, 3]})
    assert results(
        either,
        key,
        lists.list_get_by_index_range("l", 0, VALUE, 1, inverted=True),
        lists.list_get_by_index_range("l", 0, VALUE | aero.LIST_RETURN_INVERTED, 1),
    ) == [[2, 3], [2, 3]]


def test_an_upper_end_of_null_removes_nothing(either: Any, key: Any) -> None:
    either.put(key, {"l": [1, 2, 3]})
    either.operate(key, [lists.list_remove_by_value_range("l", None, null(), VALUE)])
    assert either.get(key).bins == {"l": [1, 2, 3]}


def test_map_values_are_found_whatever_the_order_of_their_keys(either: Any, key: Any) -> None:
    either.put(key, {"l": [{"a": 1, "b": {"c": 2, "d": 3}}]})
    found = lists.list_get_by_value("l", {"b": {"d": 3, "c": 2}, "a": 1}, aero.LIST_RETURN_COUNT)
    assert results(either, key, found) == [1]


def test_arguments_by_the_names_of_the_official_client() -> None:
    assert lists.list_append(bin_name="l", value=1) == lists.list_append("l", 1)
    assert lists.list_get_by_value_range(
        bin_name="l", return_type=VALUE, value_begin=1, value_end=3, inverted=True
    ) == lists.list_get_by_value_range("l", 1, 3, VALUE, True)
    assert lists.list_get_by_value_list(
        bin_name="l", value_list=[1], return_type=VALUE
    ) == lists.list_get_by_value_list("l", [1], VALUE)
    with pytest.raises(TypeError, match="'val' and 'value'"):
        lists.list_append("l", val=1, value=2)
    with pytest.raises(TypeError, match="bin"):
        lists.list_append("l", 1, bin_name="l")


@pytest.mark.parametrize(
    ("operation", "raised", "names"),
    [
        (lists.list_get("l", "0"), TypeError, "index"),
        (lists.list_get("l", True), TypeError, "index"),
        (lists.list_get("l", 2**63), ValueError, "index"),
        (lists.list_get_by_index("l", 0, 6), ValueError, "LIST_RETURN_VALUE"),
        (lists.list_get_by_index("l", 0, None), ValueError, "return_type"),
        (lists.list_get_by_index("l", 0, -1), ValueError, "return_type"),
        (lists.list_append("l", ...), TypeError, "val"),
        (lists.list_append("l", CDTWildcard()), TypeError, "CDTWildcard"),
        (lists.list_append_items("l", []), ValueError, "values"),
        (lists.list_append_items("l", "abc"), TypeError, "values"),
        (lists.list_append_items("l", None), (TypeError, ValueError), "values"),
        (lists.list_set("l", 0, None), TypeError, "val"),
        (lists.list_increment("l", 0, 1.5), TypeError, "val"),
        (lists.list_append("l", 1, {"write_flag": 1}), ValueError, "write_flags"),
        (lists.list_append("l", 1, {"write_flags": 16}), ValueError, "LIST_WRITE_NO_FAIL"),
        (lists.list_append("l", 1, {"list_order": 2}), ValueError, "LIST_ORDERED"),
        (lists.list_append("l", 1, {"order": 1, "list_order": 1}), ValueError, "give one"),
        (lists.list_append("l", 1, 5), TypeError, "policy"),
        (lists.list_set_order("l", 7), ValueError, "list_order"),
        (lists.list_sort("l", 4), ValueError, "LIST_SORT_DESCENDING"),
        (lists.list_size("l", ctx=5), TypeError, "ctx"),
        (lists.list_size("l", ctx=[5]), TypeError, "step 0"),
        (lists.list_size("l", ctx=[{"ctx": 99, "value": 1}]), ValueError, "CDT_CTX_MAP_KEY"),
        (lists.list_size("l", ctx=[cdt_ctx_list_index("a")]), TypeError, "value"),
        (lists.list_size("l", ctx=[cdt_ctx_map_key_create(1.5)]), TypeError, "map key"),
        (lists.list_get("", 0), ValueError, "bin"),
        ({**lists.list_get("l", 0), "count": 1}, ValueError, "count"),
        ({"op": aero.OP_LIST_GET, "bin": "l"}, ValueError, "index"),
    ],
    ids=repr,
)
def test_wrong_arguments_are_refused(
    either: Any, key: Any, operation: Any, raised: Any, names: str
) -> None:
    either.put(key, {"l": [1]})
    with pytest.raises(raised, match=names):
        either.operate(key, [operation])
    assert either.get(key).meta.gen == 1


def test_what_is_not_there_fails(either: Any, key: Any) -> None:
    either.put(key, {"l": [1], "s": "text"})
    with pytest.raises(exception.OpNotApplicable):
        either.operate(key, [lists.list_get_by_index("l", 5, VALUE)])
    with pytest.raises(exception.BinTypeError):
        either.operate(key, [lists.list_size("s")])
    with pytest.raises(exception.OpNotApplicable):
        either.operate(key, [lists.list_size("l", ctx=[cdt_ctx_list_index(3)])])
