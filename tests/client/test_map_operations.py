"""Operations on maps: what users do with them, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import exception
from aerospike_py import map_operations as maps
from aerospike_py.cdt_ctx import cdt_ctx_list_index, cdt_ctx_map_key, cdt_ctx_map_key_create
from aerospike_py.types import CDTInfinite, CDTWildcard, KeyOrderedDict, null

VALUE, KEY = aero.MAP_RETURN_VALUE, aero.MAP_RETURN_KEY


def results(client: Any, key: Any, *operations: Any) -> list[Any]:
    result = client.operate_ordered(key, list(operations))
    return [value for _, value in result.ordered_bins]


def test_each_operation_has_its_result_in_order(either: Any, key: Any) -> None:
    assert results(
        either,
        key,
        maps.map_put("m", "b", 2),
        maps.map_put_items("m", {"a": 1, "c": 3}),
        maps.map_increment("m", "a", 10),
        maps.map_decrement("m", "a", 4),
        maps.map_get_by_key("m", "x", VALUE),
        maps.map_remove_by_key("m", "b", VALUE),
        maps.map_size("m"),
        maps.map_clear("m"),
    ) == [1, 3, 11, 7, None, 2, 2, None]
    assert either.get(key).bins == {"m": {}}


def test_none_is_put_as_a_value(either: Any, key: Any) -> None:
    assert results(either, key, maps.map_put("m", "a", None), maps.map_put("m", "b", 1)) == [1, 2]
    assert either.get(key).bins == {"m": {"a": None, "b": 1}}


@pytest.mark.parametrize(
    ("returned", "found"),
    [
        (aero.MAP_RETURN_NONE, None),
        (aero.MAP_RETURN_INDEX, [1, 2]),
        (aero.MAP_RETURN_REVERSE_INDEX, [0, 1]),
        (aero.MAP_RETURN_RANK, [2, 0]),
        (aero.MAP_RETURN_REVERSE_RANK, [0, 2]),
        (aero.MAP_RETURN_COUNT, 2),
        (KEY, ["b", "c"]),
        (VALUE, [3, 1]),
        (aero.MAP_RETURN_KEY_VALUE, [("b", 3), ("c", 1)]),
        (aero.MAP_RETURN_EXISTS, True),
        (aero.MAP_RETURN_UNORDERED_MAP, {"b": 3, "c": 1}),
        (aero.MAP_RETURN_ORDERED_MAP, KeyOrderedDict({"b": 3, "c": 1})),
        (KEY | aero.MAP_RETURN_INVERTED, ["a"]),
    ],
)
def test_what_is_returned(either: Any, key: Any, returned: int, found: Any) -> None:
    either.put(key, {"m": {"a": 2, "b": 3, "c": 1}})
    [value] = results(either, key, maps.map_get_by_index_range("m", 1, returned, 2))
    assert value == found
    assert type(value) is type(found)


def test_orders(either: Any, key: Any) -> None:
    either.put(key, {"m": {"b": 1, "a": 2}})
    for order, shown in [
        (aero.MAP_KEY_ORDERED, KeyOrderedDict),
        (aero.MAP_UNORDERED, dict),
        (aero.MAP_KEY_VALUE_ORDERED, KeyOrderedDict),
    ]:
        either.operate(key, [maps.map_set_order("m", order)])
        assert type(either.get(key).bins["m"]) is shown


def test_a_context_leads_to_maps_within(either: Any, key: Any) -> None:
    either.put(key, {"d": [{"a": {"x": 1}}]})
    ctx = [cdt_ctx_list_index(0), cdt_ctx_map_key("a")]
    assert results(
        either, key, maps.map_put("d", "y", 2, ctx=ctx), maps.map_get_by_rank("d", 0, KEY, ctx=ctx)
    ) == [2, "x"]
    assert either.get(key).bins == {"d": [{"a": {"x": 1, "y": 2}}]}


def test_a_context_makes_what_is_missing(either: Any, key: Any) -> None:
    ctx = [cdt_ctx_map_key_create("a", aero.MAP_KEY_ORDERED)]
    either.operate(key, [maps.map_put("m", 1, "one", ctx=ctx)])
    either.operate(key, [maps.map_create("m", aero.MAP_KEY_ORDERED, ctx=[cdt_ctx_map_key("b")])])
    bins = either.get(key).bins
    assert bins == {"m": {"a": {1: "one"}, "b": {}}}
    assert type(bins["m"]["b"]) is KeyOrderedDict


def test_policy_of_writing(either: Any, key: Any) -> None:
    either.put(key, {"m": {"a": 1}})
    create = {"map_write_flags": aero.MAP_WRITE_FLAGS_CREATE_ONLY}
    with pytest.raises(exception.ElementExistsError):
        either.operate(key, [maps.map_put("m", "a", 2, create)])
    update = {"write_mode": aero.MAP_UPDATE_ONLY}
    with pytest.raises(exception.ElementNotFoundError):
        either.operate(key, [maps.map_put("m", "b", 2, update)])
    assert either.get(key).bins == {"m": {"a": 1}}


def test_ends_of_a_range(either: Any, key: Any) -> None:
    either.put(key, {"m": {1: "x", 2: "y", "a": None}})
    assert results(
        either,
        key,
        maps.map_get_by_key_range("m", 2, None, KEY),
        maps.map_get_by_key_range("m", None, 2, KEY),
        maps.map_get_by_value_range("m", null(), "x", KEY),
        maps.map_get_by_value_range("m", "x", null(), KEY),
        maps.map_get_by_value_range("m", "y", CDTInfinite(), KEY),
    ) == [[2, "a"], [1], ["a"], [], [2]]


def test_relative_ranges(either: Any, key: Any) -> None:
    either.put(key, {"m": {"a": 10, "c": 30, "e": 20}})
    assert results(
        either,
        key,
        maps.map_get_by_key_index_range_relative("m", "b", 0, KEY),
        maps.map_get_by_key_index_range_relative("m", "c", -1, KEY, 2),
        maps.map_get_by_value_rank_range_relative("m", 15, 0, VALUE, 1),
        maps.map_remove_by_value_rank_range_relative("m", 20, 0, KEY, 1, True),
    ) == [["c", "e"], ["a", "c"], [20], ["a", "c"]]


def test_arguments_by_the_names_of_the_official_client() -> None:
    assert maps.map_put(bin_name="m", key="k", value=1, map_policy={}) == maps.map_put(
        "m", "k", 1, {}
    )
    assert maps.map_get_by_index_range(
        bin_name="m", index_start=1, get_amt=2, return_type=KEY
    ) == maps.map_get_by_index_range("m", 1, KEY, 2)
    assert maps.map_remove_by_key_range(
        bin_name="m", key_range_start="a", key_range_end="b", return_type=KEY, inverted=True
    ) == maps.map_remove_by_key_range("m", "a", "b", KEY, True)


@pytest.mark.parametrize(
    ("operation", "raised", "names"),
    [
        (maps.map_put("m", 1.5, 1), TypeError, "float"),
        (maps.map_put("m", None, 1), TypeError, "key"),
        (maps.map_put("m", "a", CDTWildcard()), TypeError, "CDTWildcard"),
        (maps.map_put("m", "a", 1, {"map_write_flags": 32}), ValueError, "MAP_WRITE_FLAGS_NO_FAIL"),
        (maps.map_put("m", "a", 1, {"order": 2}), ValueError, "MAP_KEY_ORDERED"),
        (maps.map_put("m", "a", 1, {"maporder": 1}), ValueError, "map_order"),
        (maps.map_put_items("m", [1]), TypeError, "dict"),
        (maps.map_put_items("m", {True: 1}), TypeError, "bool"),
        (maps.map_increment("m", "a", "1"), TypeError, "incr"),
        (maps.map_get_by_key("m", "a", 9), ValueError, "MAP_RETURN_KEY"),
        (maps.map_get_by_key("m", "a", "key"), TypeError, "return_type"),
        (maps.map_get_by_key_list("m", "abc", KEY), TypeError, "keys"),
        (maps.map_get_by_rank_range("m", 0, KEY, "1"), TypeError, "count"),
        (maps.map_get_by_value("m", 1, KEY, 1), TypeError, "inverted"),
        (maps.map_create("m", 7), ValueError, "map_order"),
        (maps.map_size("m", ctx={}), TypeError, "ctx"),
    ],
    ids=repr,
)
def test_wrong_arguments_are_refused(
    either: Any, key: Any, operation: Any, raised: Any, names: str
) -> None:
    either.put(key, {"m": {"a": 1}})
    with pytest.raises(raised, match=names):
        either.operate(key, [operation])
    assert either.get(key).meta.gen == 1
