"""Operations on maps, for `operate` and whatever else takes operations.

Each function returns the dict of an operation, its arguments under their names. Keys are str, int
or bytes. An index is the place of a key in the order of the keys, a rank that of a value in the
order of the values; both count from 0, from the end if they are negative. Ranges are cut to what
exists, while a single index or rank that does not exist fails with `OpNotApplicable`. On a bin
that does not exist, operations that read or remove have the result None; those that put an item
make the bin. A bin of another type fails with `BinTypeError`.

`return_type` (MAP_RETURN_*) says what comes back of the items selected: their keys, values, both,
indexes, ranks, their number or nothing. With `inverted`, or `| MAP_RETURN_INVERTED`, an operation
selects all items but those that it names.

`policy` is a `MapPolicy`, for the order of a map that is made and the flags MAP_WRITE_FLAGS_*.
`ctx` is the way to a map within the bin's list or map: steps made by `aerospike_py.cdt_ctx`.

Values to look for may be or hold `CDTWildcard()`, which equals anything; `null()` and
`CDTInfinite()` are below and above every value.

What is wrong in a dict is told by the call that it is given to. The official client's names of
arguments (`bin_name`, `value`, `map_policy`, ...) may be used for keyword arguments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from aerospike_py._builders import also_named
from aerospike_py._constants import (
    MAP_RETURN_VALUE,
    MAP_UNORDERED,
    OP_MAP_CLEAR,
    OP_MAP_CREATE,
    OP_MAP_DECREMENT,
    OP_MAP_GET_BY_INDEX,
    OP_MAP_GET_BY_INDEX_RANGE,
    OP_MAP_GET_BY_KEY,
    OP_MAP_GET_BY_KEY_INDEX_RANGE_REL,
    OP_MAP_GET_BY_KEY_LIST,
    OP_MAP_GET_BY_KEY_RANGE,
    OP_MAP_GET_BY_RANK,
    OP_MAP_GET_BY_RANK_RANGE,
    OP_MAP_GET_BY_VALUE,
    OP_MAP_GET_BY_VALUE_LIST,
    OP_MAP_GET_BY_VALUE_RANGE,
    OP_MAP_GET_BY_VALUE_RANK_RANGE_REL,
    OP_MAP_INCREMENT,
    OP_MAP_PUT,
    OP_MAP_PUT_ITEMS,
    OP_MAP_REMOVE_BY_INDEX,
    OP_MAP_REMOVE_BY_INDEX_RANGE,
    OP_MAP_REMOVE_BY_KEY,
    OP_MAP_REMOVE_BY_KEY_INDEX_RANGE_REL,
    OP_MAP_REMOVE_BY_KEY_LIST,
    OP_MAP_REMOVE_BY_KEY_RANGE,
    OP_MAP_REMOVE_BY_RANK,
    OP_MAP_REMOVE_BY_RANK_RANGE,
    OP_MAP_REMOVE_BY_VALUE,
    OP_MAP_REMOVE_BY_VALUE_LIST,
    OP_MAP_REMOVE_BY_VALUE_RANGE,
    OP_MAP_REMOVE_BY_VALUE_RANK_RANGE_REL,
    OP_MAP_SET_POLICY,
    OP_MAP_SIZE,
)

if TYPE_CHECKING:
    from aerospike_py.types import Context, MapPolicy, Operation

MapKey: TypeAlias = str | int | bytes

__all__ = [
    "map_clear",
    "map_create",
    "map_decrement",
    "map_get_by_index",
    "map_get_by_index_range",
    "map_get_by_key",
    "map_get_by_key_index_range_relative",
    "map_get_by_key_list",
    "map_get_by_key_range",
    "map_get_by_rank",
    "map_get_by_rank_range",
    "map_get_by_value",
    "map_get_by_value_list",
    "map_get_by_value_range",
    "map_get_by_value_rank_range_relative",
    "map_increment",
    "map_put",
    "map_put_items",
    "map_remove_by_index",
    "map_remove_by_index_range",
    "map_remove_by_key",
    "map_remove_by_key_index_range_relative",
    "map_remove_by_key_list",
    "map_remove_by_key_range",
    "map_remove_by_rank",
    "map_remove_by_rank_range",
    "map_remove_by_value",
    "map_remove_by_value_list",
    "map_remove_by_value_range",
    "map_remove_by_value_rank_range_relative",
    "map_set_order",
    "map_set_policy",
    "map_size",
]


@also_named(bin_name="bin")
def map_create(
    bin: str,
    map_order: int = MAP_UNORDERED,
    persist_index: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Make an empty map, or give a map that exists the order; no result.

    Only an ordered map at the top of a bin can have its index stored (`persist_index`).

    >>> _ = client.operate(key, [map_create("m", MAP_KEY_ORDERED)])
    >>> client.get(key).bins
    {'m': KeyOrderedDict({})}
    """
    return {
        "op": OP_MAP_CREATE,
        "bin": bin,
        "map_order": map_order,
        "persist_index": persist_index,
        "ctx": ctx,
    }


@also_named(bin_name="bin", map_policy="policy")
def map_set_policy(bin: str, policy: MapPolicy, ctx: Context | None = None) -> Operation:
    """Give a map the order of a policy; no result.

    >>> client.put(key, {"m": {"b": 2, "a": 1}})
    >>> _ = client.operate(key, [map_set_policy("m", {"map_order": MAP_KEY_ORDERED})])
    >>> client.get(key).bins
    {'m': KeyOrderedDict({'a': 1, 'b': 2})}
    """
    return {"op": OP_MAP_SET_POLICY, "bin": bin, "policy": policy, "ctx": ctx}


@also_named(bin_name="bin")
def map_set_order(bin: str, map_order: int, ctx: Context | None = None) -> Operation:
    """Give a map an order, MAP_UNORDERED, MAP_KEY_ORDERED or MAP_KEY_VALUE_ORDERED; no result.

    >>> client.put(key, {"m": {"b": 2, "a": 1}})
    >>> _ = client.operate(key, [map_set_order("m", MAP_KEY_ORDERED)])
    >>> client.get(key).bins
    {'m': KeyOrderedDict({'a': 1, 'b': 2})}
    """
    return {"op": OP_MAP_SET_POLICY, "bin": bin, "policy": {"map_order": map_order}, "ctx": ctx}


@also_named(bin_name="bin", value="val", map_policy="policy")
def map_put(
    bin: str, key: MapKey, val: Any, policy: MapPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Put a value at a key (str, int or bytes); the result is the map's size.

    >>> client.put(key, {"m": {"a": 1}})
    >>> client.operate(key, [map_put("m", "b", 2)]).bins
    {'m': 2}
    >>> create = {"map_write_flags": MAP_WRITE_FLAGS_CREATE_ONLY | MAP_WRITE_FLAGS_NO_FAIL}
    >>> _ = client.operate(key, [map_put("m", "b", 3, create)])
    >>> client.get(key).bins
    {'m': {'a': 1, 'b': 2}}
    """
    return {"op": OP_MAP_PUT, "bin": bin, "key": key, "val": val, "policy": policy, "ctx": ctx}


@also_named(bin_name="bin", item_dict="items", map_policy="policy")
def map_put_items(
    bin: str,
    items: Mapping[MapKey, Any],
    policy: MapPolicy | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Put the items of a dict; the result is the map's size.

    >>> client.put(key, {"m": {"a": 1}})
    >>> client.operate(key, [map_put_items("m", {"a": 0, "b": 2})]).bins
    {'m': 2}
    """
    return {"op": OP_MAP_PUT_ITEMS, "bin": bin, "items": items, "policy": policy, "ctx": ctx}


@also_named(bin_name="bin", amount="incr", map_policy="policy")
def map_increment(
    bin: str, key: MapKey, incr: float, policy: MapPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Add a number to the value at a key; the result is the sum.

    A key that is not there begins with 0. An int and a float don't mix.

    >>> client.put(key, {"m": {"a": 1}})
    >>> client.operate(key, [map_increment("m", "a", 2)]).bins
    {'m': 3}
    """
    return {
        "op": OP_MAP_INCREMENT,
        "bin": bin,
        "key": key,
        "incr": incr,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin", amount="decr", map_policy="policy")
def map_decrement(
    bin: str, key: MapKey, decr: float, policy: MapPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Subtract a number from the value at a key; the result is the difference.

    A key that is not there begins with 0. An int and a float don't mix.

    >>> client.put(key, {"m": {"a": 1}})
    >>> client.operate(key, [map_decrement("m", "a", 2)]).bins
    {'m': -1}
    """
    return {
        "op": OP_MAP_DECREMENT,
        "bin": bin,
        "key": key,
        "decr": decr,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def map_size(bin: str, ctx: Context | None = None) -> Operation:
    """Return the number of items.

    >>> client.put(key, {"m": {"a": 1, "b": 2}})
    >>> client.operate(key, [map_size("m")]).bins
    {'m': 2}
    """
    return {"op": OP_MAP_SIZE, "bin": bin, "ctx": ctx}


@also_named(bin_name="bin")
def map_clear(bin: str, ctx: Context | None = None) -> Operation:
    """Remove every item; no result.

    >>> client.put(key, {"m": {"a": 1, "b": 2}})
    >>> _ = client.operate(key, [map_clear("m")])
    >>> client.get(key).bins
    {'m': {}}
    """
    return {"op": OP_MAP_CLEAR, "bin": bin, "ctx": ctx}


@also_named(bin_name="bin")
def map_get_by_key(
    bin: str, key: MapKey, return_type: int, ctx: Context | None = None
) -> Operation:
    """Return the item at a key, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_get_by_key("m", "b", MAP_RETURN_VALUE)]).bins
    {'m': 1}
    """
    return {"op": OP_MAP_GET_BY_KEY, "bin": bin, "key": key, "return_type": return_type, "ctx": ctx}


@also_named(bin_name="bin", key_list="keys")
def map_get_by_key_list(
    bin: str,
    keys: Sequence[MapKey],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Return the items at several keys, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_get_by_key_list("m", ["a", "x"], MAP_RETURN_KEY_VALUE)]).bins
    {'m': [('a', 3)]}
    """
    return {
        "op": OP_MAP_GET_BY_KEY_LIST,
        "bin": bin,
        "keys": keys,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", key_range_start="begin", key_range_end="end")
def map_get_by_key_range(
    bin: str,
    begin: Any = None,
    end: Any = None,
    return_type: int = MAP_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Return the items from the key `begin` on and below `end`, as `return_type` says.

    None for either is for a range without that end.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_get_by_key_range("m", "a", "c", MAP_RETURN_VALUE)]).bins
    {'m': [3, 1]}
    """
    return {
        "op": OP_MAP_GET_BY_KEY_RANGE,
        "bin": bin,
        "begin": begin,
        "end": end,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value="key")
def map_get_by_key_index_range_relative(
    bin: str,
    key: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Return `count` items, or all above, from an index relative to a key on.

    `offset` 0 is the item at the key or else the next above it, -1 the one below.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> selected = map_get_by_key_index_range_relative("m", "b", 0, MAP_RETURN_KEY)
    >>> client.operate(key, [selected]).bins
    {'m': ['b', 'c']}
    """
    return {
        "op": OP_MAP_GET_BY_KEY_INDEX_RANGE_REL,
        "bin": bin,
        "key": key,
        "offset": offset,
        "count": count,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value="val")
def map_get_by_value(
    bin: str, val: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Return the items whose value equals one, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_get_by_value("m", 2, MAP_RETURN_KEY)]).bins
    {'m': ['c']}
    """
    return {
        "op": OP_MAP_GET_BY_VALUE,
        "bin": bin,
        "val": val,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value_list="values", key_list="values")
def map_get_by_value_list(
    bin: str,
    values: Sequence[Any],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Return the items whose value equals one of several, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> selected = map_get_by_value_list("m", [1, 2], MAP_RETURN_KEY, inverted=True)
    >>> client.operate(key, [selected]).bins
    {'m': ['a']}
    """
    return {
        "op": OP_MAP_GET_BY_VALUE_LIST,
        "bin": bin,
        "values": values,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value_start="begin", value_end="end")
def map_get_by_value_range(
    bin: str,
    begin: Any = None,
    end: Any = None,
    return_type: int = MAP_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Return the items with values from `begin` on and below `end`, as `return_type` says.

    None for either is for a range without that end.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_get_by_value_range("m", 2, None, MAP_RETURN_COUNT)]).bins
    {'m': 2}
    """
    return {
        "op": OP_MAP_GET_BY_VALUE_RANGE,
        "bin": bin,
        "begin": begin,
        "end": end,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value="val")
def map_get_by_value_rank_range_relative(
    bin: str,
    val: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Return `count` items, or all above, from a rank relative to a value on.

    `offset` 0 is the item with the value or else the next above it, -1 the one below.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> selected = map_get_by_value_rank_range_relative("m", 2, 0, MAP_RETURN_KEY)
    >>> client.operate(key, [selected]).bins
    {'m': ['c', 'a']}
    """
    return {
        "op": OP_MAP_GET_BY_VALUE_RANK_RANGE_REL,
        "bin": bin,
        "val": val,
        "offset": offset,
        "count": count,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def map_get_by_index(
    bin: str, index: int, return_type: int, ctx: Context | None = None
) -> Operation:
    """Return the item at an index in the order of the keys, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_get_by_index("m", -1, MAP_RETURN_KEY)]).bins
    {'m': 'c'}
    """
    return {
        "op": OP_MAP_GET_BY_INDEX,
        "bin": bin,
        "index": index,
        "return_type": return_type,
        "ctx": ctx,
    }


@also_named(bin_name="bin", index_start="index", get_amt="count")
def map_get_by_index_range(
    bin: str,
    index: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Return `count` items, or all to the end, from an index on, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_get_by_index_range("m", 1, MAP_RETURN_UNORDERED_MAP)]).bins
    {'m': {'b': 1, 'c': 2}}
    """
    return {
        "op": OP_MAP_GET_BY_INDEX_RANGE,
        "bin": bin,
        "index": index,
        "count": count,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def map_get_by_rank(bin: str, rank: int, return_type: int, ctx: Context | None = None) -> Operation:
    """Return the item whose value has a rank, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_get_by_rank("m", 0, MAP_RETURN_KEY)]).bins
    {'m': 'b'}
    """
    return {
        "op": OP_MAP_GET_BY_RANK,
        "bin": bin,
        "rank": rank,
        "return_type": return_type,
        "ctx": ctx,
    }


@also_named(bin_name="bin", rank_start="rank", get_amt="count")
def map_get_by_rank_range(
    bin: str,
    rank: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Return `count` items, or all above, from a rank on, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_get_by_rank_range("m", -2, MAP_RETURN_KEY)]).bins
    {'m': ['c', 'a']}
    """
    return {
        "op": OP_MAP_GET_BY_RANK_RANGE,
        "bin": bin,
        "rank": rank,
        "count": count,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def map_remove_by_key(
    bin: str, key: MapKey, return_type: int, ctx: Context | None = None
) -> Operation:
    """Remove and return the item at a key, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_remove_by_key("m", "b", MAP_RETURN_VALUE)]).bins
    {'m': 1}
    >>> client.get(key).bins
    {'m': {'a': 3, 'c': 2}}
    """
    return {
        "op": OP_MAP_REMOVE_BY_KEY,
        "bin": bin,
        "key": key,
        "return_type": return_type,
        "ctx": ctx,
    }


@also_named(bin_name="bin", key_list="keys")
def map_remove_by_key_list(
    bin: str,
    keys: Sequence[MapKey],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove and return the items at several keys, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> selected = map_remove_by_key_list("m", ["a", "x"], MAP_RETURN_KEY_VALUE)
    >>> client.operate(key, [selected]).bins
    {'m': [('a', 3)]}
    >>> client.get(key).bins
    {'m': {'b': 1, 'c': 2}}
    """
    return {
        "op": OP_MAP_REMOVE_BY_KEY_LIST,
        "bin": bin,
        "keys": keys,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", key_range_start="begin", key_range_end="end")
def map_remove_by_key_range(
    bin: str,
    begin: Any = None,
    end: Any = None,
    return_type: int = MAP_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove and return the items from the key `begin` on and below `end`, as `return_type` says.

    None for either is for a range without that end.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_remove_by_key_range("m", "a", "c", MAP_RETURN_VALUE)]).bins
    {'m': [3, 1]}
    >>> client.get(key).bins
    {'m': {'c': 2}}
    """
    return {
        "op": OP_MAP_REMOVE_BY_KEY_RANGE,
        "bin": bin,
        "begin": begin,
        "end": end,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def map_remove_by_key_index_range_relative(
    bin: str,
    key: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove and return `count` items, or all above, from an index relative to a key on.

    `offset` 0 is the item at the key or else the next above it, -1 the one below.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> selected = map_remove_by_key_index_range_relative("m", "b", 0, MAP_RETURN_KEY)
    >>> client.operate(key, [selected]).bins
    {'m': ['b', 'c']}
    >>> client.get(key).bins
    {'m': {'a': 3}}
    """
    return {
        "op": OP_MAP_REMOVE_BY_KEY_INDEX_RANGE_REL,
        "bin": bin,
        "key": key,
        "offset": offset,
        "count": count,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value="val")
def map_remove_by_value(
    bin: str, val: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Remove and return the items whose value equals one, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_remove_by_value("m", 2, MAP_RETURN_KEY)]).bins
    {'m': ['c']}
    >>> client.get(key).bins
    {'m': {'a': 3, 'b': 1}}
    """
    return {
        "op": OP_MAP_REMOVE_BY_VALUE,
        "bin": bin,
        "val": val,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value_list="values")
def map_remove_by_value_list(
    bin: str,
    values: Sequence[Any],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove and return the items whose value equals one of several, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> selected = map_remove_by_value_list("m", [1, 2], MAP_RETURN_KEY, inverted=True)
    >>> client.operate(key, [selected]).bins
    {'m': ['a']}
    >>> client.get(key).bins
    {'m': {'b': 1, 'c': 2}}
    """
    return {
        "op": OP_MAP_REMOVE_BY_VALUE_LIST,
        "bin": bin,
        "values": values,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value_start="begin", value_end="end")
def map_remove_by_value_range(
    bin: str,
    begin: Any = None,
    end: Any = None,
    return_type: int = MAP_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove and return the items with values from `begin` on and below `end`.

    None for either is for a range without that end.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_remove_by_value_range("m", 2, None, MAP_RETURN_COUNT)]).bins
    {'m': 2}
    >>> client.get(key).bins
    {'m': {'b': 1}}
    """
    return {
        "op": OP_MAP_REMOVE_BY_VALUE_RANGE,
        "bin": bin,
        "begin": begin,
        "end": end,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value="val")
def map_remove_by_value_rank_range_relative(
    bin: str,
    val: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove and return `count` items, or all above, from a rank relative to a value on.

    `offset` 0 is the item with the value or else the next above it, -1 the one below.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> selected = map_remove_by_value_rank_range_relative("m", 2, 0, MAP_RETURN_KEY)
    >>> client.operate(key, [selected]).bins
    {'m': ['c', 'a']}
    >>> client.get(key).bins
    {'m': {'b': 1}}
    """
    return {
        "op": OP_MAP_REMOVE_BY_VALUE_RANK_RANGE_REL,
        "bin": bin,
        "val": val,
        "offset": offset,
        "count": count,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def map_remove_by_index(
    bin: str, index: int, return_type: int, ctx: Context | None = None
) -> Operation:
    """Remove and return the item at an index in the order of the keys, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_remove_by_index("m", -1, MAP_RETURN_KEY)]).bins
    {'m': 'c'}
    >>> client.get(key).bins
    {'m': {'a': 3, 'b': 1}}
    """
    return {
        "op": OP_MAP_REMOVE_BY_INDEX,
        "bin": bin,
        "index": index,
        "return_type": return_type,
        "ctx": ctx,
    }


@also_named(bin_name="bin", index_start="index", remove_amt="count")
def map_remove_by_index_range(
    bin: str,
    index: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove and return `count` items, or all to the end, from an index on, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> selected = map_remove_by_index_range("m", 1, MAP_RETURN_UNORDERED_MAP)
    >>> client.operate(key, [selected]).bins
    {'m': {'b': 1, 'c': 2}}
    >>> client.get(key).bins
    {'m': {'a': 3}}
    """
    return {
        "op": OP_MAP_REMOVE_BY_INDEX_RANGE,
        "bin": bin,
        "index": index,
        "count": count,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def map_remove_by_rank(
    bin: str, rank: int, return_type: int, ctx: Context | None = None
) -> Operation:
    """Remove and return the item whose value has a rank, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_remove_by_rank("m", 0, MAP_RETURN_KEY)]).bins
    {'m': 'b'}
    >>> client.get(key).bins
    {'m': {'a': 3, 'c': 2}}
    """
    return {
        "op": OP_MAP_REMOVE_BY_RANK,
        "bin": bin,
        "rank": rank,
        "return_type": return_type,
        "ctx": ctx,
    }


@also_named(bin_name="bin", rank_start="rank", remove_amt="count")
def map_remove_by_rank_range(
    bin: str,
    rank: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove and return `count` items, or all above, from a rank on, as `return_type` says.

    >>> client.put(key, {"m": {"a": 3, "b": 1, "c": 2}})
    >>> client.operate(key, [map_remove_by_rank_range("m", -2, MAP_RETURN_KEY)]).bins
    {'m': ['c', 'a']}
    >>> client.get(key).bins
    {'m': {'b': 1}}
    """
    return {
        "op": OP_MAP_REMOVE_BY_RANK_RANGE,
        "bin": bin,
        "rank": rank,
        "count": count,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }
