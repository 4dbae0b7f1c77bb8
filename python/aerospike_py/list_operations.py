"""Operations on lists, for `operate` and whatever else takes operations.

Each function returns the dict of an operation, its arguments under their names. An index counts
from 0, from the end if it is negative; a rank is the place of an item's value in their order, 0
the lowest and -1 the highest. Ranges are cut to what exists, while a single index or rank that
does not exist fails with `OpNotApplicable`. On a bin that does not exist, operations that read or
remove have the result None; those that add an item make the bin. A bin of another type fails
with `BinTypeError`.

`return_type` (LIST_RETURN_*) says what comes back of the items selected: their values, indexes,
ranks, their number or nothing. With `inverted`, or `| LIST_RETURN_INVERTED`, an operation selects
all items but those that it names.

`policy` is a `ListPolicy`, for the order of a list that is made and the flags LIST_WRITE_*. `ctx`
is the way to a list within the bin's list or map: steps made by `aerospike_py.cdt_ctx`.

Values to look for may be or hold `CDTWildcard()`, which equals anything; `null()` and
`CDTInfinite()` are below and above every value.

What is wrong in a dict is told by the call that it is given to. The official client's names of
arguments (`bin_name`, `value`, ...) may be used for keyword arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aerospike_py._builders import also_named
from aerospike_py._constants import (
    LIST_RETURN_VALUE,
    LIST_UNORDERED,
    OP_LIST_APPEND,
    OP_LIST_APPEND_ITEMS,
    OP_LIST_CLEAR,
    OP_LIST_CREATE,
    OP_LIST_GET,
    OP_LIST_GET_BY_INDEX,
    OP_LIST_GET_BY_INDEX_RANGE,
    OP_LIST_GET_BY_RANK,
    OP_LIST_GET_BY_RANK_RANGE,
    OP_LIST_GET_BY_VALUE,
    OP_LIST_GET_BY_VALUE_LIST,
    OP_LIST_GET_BY_VALUE_RANGE,
    OP_LIST_GET_BY_VALUE_RANK_RANGE_REL,
    OP_LIST_GET_RANGE,
    OP_LIST_INCREMENT,
    OP_LIST_INSERT,
    OP_LIST_INSERT_ITEMS,
    OP_LIST_JOIN,
    OP_LIST_POP,
    OP_LIST_POP_RANGE,
    OP_LIST_REMOVE,
    OP_LIST_REMOVE_BY_INDEX,
    OP_LIST_REMOVE_BY_INDEX_RANGE,
    OP_LIST_REMOVE_BY_RANK,
    OP_LIST_REMOVE_BY_RANK_RANGE,
    OP_LIST_REMOVE_BY_VALUE,
    OP_LIST_REMOVE_BY_VALUE_LIST,
    OP_LIST_REMOVE_BY_VALUE_RANGE,
    OP_LIST_REMOVE_BY_VALUE_RANK_RANGE_REL,
    OP_LIST_REMOVE_RANGE,
    OP_LIST_SET,
    OP_LIST_SET_ORDER,
    OP_LIST_SIZE,
    OP_LIST_SORT,
    OP_LIST_TRIM,
)

if TYPE_CHECKING:
    from aerospike_py.types import Context, ListPolicy, Operation

__all__ = [
    "list_append",
    "list_append_items",
    "list_clear",
    "list_create",
    "list_get",
    "list_get_by_index",
    "list_get_by_index_range",
    "list_get_by_rank",
    "list_get_by_rank_range",
    "list_get_by_value",
    "list_get_by_value_list",
    "list_get_by_value_range",
    "list_get_by_value_rank_range_relative",
    "list_get_range",
    "list_increment",
    "list_insert",
    "list_insert_items",
    "list_join",
    "list_pop",
    "list_pop_range",
    "list_remove",
    "list_remove_by_index",
    "list_remove_by_index_range",
    "list_remove_by_rank",
    "list_remove_by_rank_range",
    "list_remove_by_value",
    "list_remove_by_value_list",
    "list_remove_by_value_range",
    "list_remove_by_value_rank_range_relative",
    "list_remove_range",
    "list_set",
    "list_set_order",
    "list_size",
    "list_sort",
    "list_trim",
]


@also_named(bin_name="bin")
def list_create(
    bin: str,
    list_order: int = LIST_UNORDERED,
    pad: bool = False,
    persist_index: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Make an empty list, or give a list that exists the order; no result.

    With a context that ends beyond the end of a list, `pad` fills that list up with None. Only
    an ordered list at the top of a bin can have its index stored (`persist_index`).

    >>> _ = client.operate(key, [list_create("l", LIST_ORDERED)])
    >>> client.get(key).bins
    {'l': []}
    """
    return {
        "op": OP_LIST_CREATE,
        "bin": bin,
        "list_order": list_order,
        "pad": pad,
        "persist_index": persist_index,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def list_set_order(
    bin: str, list_order: int = LIST_UNORDERED, ctx: Context | None = None
) -> Operation:
    """Give a list an order, LIST_ORDERED or LIST_UNORDERED; no result.

    >>> client.put(key, {"l": [2, 3, 1]})
    >>> _ = client.operate(key, [list_set_order("l", LIST_ORDERED)])
    >>> client.get(key).bins
    {'l': [1, 2, 3]}
    """
    return {"op": OP_LIST_SET_ORDER, "bin": bin, "list_order": list_order, "ctx": ctx}


@also_named(bin_name="bin", value="val")
def list_append(
    bin: str, val: Any, policy: ListPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Add a value at the end, or at its place in an ordered list; the result is the list's size.

    >>> client.put(key, {"l": [1, 2]})
    >>> client.operate(key, [list_append("l", 3)]).bins
    {'l': 3}
    """
    return {"op": OP_LIST_APPEND, "bin": bin, "val": val, "policy": policy, "ctx": ctx}


@also_named(bin_name="bin")
def list_append_items(
    bin: str, values: Sequence[Any], policy: ListPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Add values at the end, at least one; the result is the list's size.

    >>> client.put(key, {"l": [1, 2]})
    >>> unique = {"write_flags": LIST_WRITE_ADD_UNIQUE | LIST_WRITE_NO_FAIL | LIST_WRITE_PARTIAL}
    >>> client.operate(key, [list_append_items("l", [2, 3], unique)]).bins
    {'l': 3}
    """
    return {"op": OP_LIST_APPEND_ITEMS, "bin": bin, "values": values, "policy": policy, "ctx": ctx}


@also_named(bin_name="bin", value="val")
def list_insert(
    bin: str, index: int, val: Any, policy: ListPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Put a value before the item at an index of an unordered list; the result is the list's size.

    A list that is shorter is filled up with None, unless LIST_WRITE_INSERT_BOUNDED refuses that.

    >>> client.put(key, {"l": [1, 2]})
    >>> _ = client.operate(key, [list_insert("l", 1, "new")])
    >>> client.get(key).bins
    {'l': [1, 'new', 2]}
    """
    return {
        "op": OP_LIST_INSERT,
        "bin": bin,
        "index": index,
        "val": val,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def list_insert_items(
    bin: str,
    index: int,
    values: Sequence[Any],
    policy: ListPolicy | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Put values, at least one, before the item at an index; the result is the list's size.

    >>> client.put(key, {"l": [1, 2]})
    >>> client.operate(key, [list_insert_items("l", 0, ["a", "b"]), list_get("l", 0)]).bins
    {'l': [4, 'a']}
    """
    return {
        "op": OP_LIST_INSERT_ITEMS,
        "bin": bin,
        "index": index,
        "values": values,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value="val")
def list_set(
    bin: str, index: int, val: Any, policy: ListPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Replace the item at an index of an unordered list by a value that is not None; no result.

    >>> client.put(key, {"l": [1, 2]})
    >>> _ = client.operate(key, [list_set("l", -1, "last")])
    >>> client.get(key).bins
    {'l': [1, 'last']}
    """
    return {
        "op": OP_LIST_SET,
        "bin": bin,
        "index": index,
        "val": val,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value="val")
def list_increment(
    bin: str,
    index: int,
    val: int,
    policy: ListPolicy | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Add an int to the item at an index; the result is the sum.

    Floats can't be added to an item. With another policy than the default, the int must be 1.

    >>> client.put(key, {"l": [1, 2]})
    >>> client.operate(key, [list_increment("l", 0, 10)]).bins
    {'l': 11}
    """
    return {
        "op": OP_LIST_INCREMENT,
        "bin": bin,
        "index": index,
        "val": val,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def list_sort(bin: str, sort_flags: int = 0, ctx: Context | None = None) -> Operation:
    """Sort the items once, by the flags LIST_SORT_*; no result.

    >>> client.put(key, {"l": [2, 3, 1]})
    >>> _ = client.operate(key, [list_sort("l", LIST_SORT_DESCENDING)])
    >>> client.get(key).bins
    {'l': [3, 2, 1]}
    """
    return {"op": OP_LIST_SORT, "bin": bin, "sort_flags": sort_flags, "ctx": ctx}


@also_named(bin_name="bin")
def list_clear(bin: str, ctx: Context | None = None) -> Operation:
    """Remove every item; no result.

    >>> client.put(key, {"l": [1, 2]})
    >>> _ = client.operate(key, [list_clear("l")])
    >>> client.get(key).bins
    {'l': []}
    """
    return {"op": OP_LIST_CLEAR, "bin": bin, "ctx": ctx}


@also_named(bin_name="bin")
def list_trim(bin: str, index: int, count: int, ctx: Context | None = None) -> Operation:
    """Remove all items but `count` of them from an index on; the result is how many went.

    >>> client.put(key, {"l": [1, 2, 3, 4]})
    >>> client.operate(key, [list_trim("l", 1, 2)]).bins
    {'l': 2}
    >>> client.get(key).bins
    {'l': [2, 3]}
    """
    return {"op": OP_LIST_TRIM, "bin": bin, "index": index, "count": count, "ctx": ctx}


@also_named(bin_name="bin")
def list_pop(bin: str, index: int, ctx: Context | None = None) -> Operation:
    """Remove the item at an index and return it.

    >>> client.put(key, {"l": [1, 2, 3]})
    >>> client.operate(key, [list_pop("l", -1)]).bins
    {'l': 3}
    """
    return {"op": OP_LIST_POP, "bin": bin, "index": index, "ctx": ctx}


@also_named(bin_name="bin")
def list_pop_range(
    bin: str, index: int, count: int | None = None, ctx: Context | None = None
) -> Operation:
    """Remove `count` items from an index on, or all to the end, and return them.

    >>> client.put(key, {"l": [1, 2, 3]})
    >>> client.operate(key, [list_pop_range("l", 1)]).bins
    {'l': [2, 3]}
    """
    return {"op": OP_LIST_POP_RANGE, "bin": bin, "index": index, "count": count, "ctx": ctx}


@also_named(bin_name="bin")
def list_remove(bin: str, index: int, ctx: Context | None = None) -> Operation:
    """Remove the item at an index; the result is how many went, 1.

    >>> client.put(key, {"l": [1, 2, 3]})
    >>> client.operate(key, [list_remove("l", 0)]).bins
    {'l': 1}
    """
    return {"op": OP_LIST_REMOVE, "bin": bin, "index": index, "ctx": ctx}


@also_named(bin_name="bin")
def list_remove_range(
    bin: str, index: int, count: int | None = None, ctx: Context | None = None
) -> Operation:
    """Remove `count` items from an index on, or all to the end; the result is how many went.

    >>> client.put(key, {"l": [1, 2, 3]})
    >>> client.operate(key, [list_remove_range("l", 1, 5)]).bins
    {'l': 2}
    """
    return {"op": OP_LIST_REMOVE_RANGE, "bin": bin, "index": index, "count": count, "ctx": ctx}


@also_named(bin_name="bin")
def list_size(bin: str, ctx: Context | None = None) -> Operation:
    """Return the number of items.

    >>> client.put(key, {"l": [1, 2, 3]})
    >>> client.operate(key, [list_size("l")]).bins
    {'l': 3}
    """
    return {"op": OP_LIST_SIZE, "bin": bin, "ctx": ctx}


@also_named(bin_name="bin")
def list_get(bin: str, index: int, ctx: Context | None = None) -> Operation:
    """Return the item at an index.

    >>> client.put(key, {"l": [1, 2, 3]})
    >>> client.operate(key, [list_get("l", -1)]).bins
    {'l': 3}
    """
    return {"op": OP_LIST_GET, "bin": bin, "index": index, "ctx": ctx}


@also_named(bin_name="bin")
def list_get_range(
    bin: str, index: int, count: int | None = None, ctx: Context | None = None
) -> Operation:
    """Return `count` items from an index on, or all to the end.

    >>> client.put(key, {"l": [1, 2, 3]})
    >>> client.operate(key, [list_get_range("l", 0, 2)]).bins
    {'l': [1, 2]}
    """
    return {"op": OP_LIST_GET_RANGE, "bin": bin, "index": index, "count": count, "ctx": ctx}


@also_named(bin_name="bin")
def list_join(bin: str, separator: str | None = None, ctx: Context | None = None) -> Operation:
    """Return the items of a list of str as one str, with a separator between them if one is given.

    Servers before 8.2 don't know the operation.

    >>> list_join("words", ", ")["separator"]
    ', '
    """
    return {"op": OP_LIST_JOIN, "bin": bin, "separator": separator, "ctx": ctx}


@also_named(bin_name="bin")
def list_get_by_index(
    bin: str, index: int, return_type: int, ctx: Context | None = None
) -> Operation:
    """Return the item at an index, as `return_type` says.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> client.operate(key, [list_get_by_index("l", 0, LIST_RETURN_RANK)]).bins
    {'l': 2}
    """
    return {
        "op": OP_LIST_GET_BY_INDEX,
        "bin": bin,
        "index": index,
        "return_type": return_type,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def list_get_by_index_range(
    bin: str,
    index: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Return `count` items from an index on, or all to the end, as `return_type` says.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> client.operate(key, [list_get_by_index_range("l", 1, LIST_RETURN_VALUE)]).bins
    {'l': [1, 3]}
    """
    return {
        "op": OP_LIST_GET_BY_INDEX_RANGE,
        "bin": bin,
        "index": index,
        "count": count,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def list_get_by_rank(
    bin: str, rank: int, return_type: int, ctx: Context | None = None
) -> Operation:
    """Return the item with a rank, as `return_type` says.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> client.operate(key, [list_get_by_rank("l", -1, LIST_RETURN_VALUE)]).bins
    {'l': 5}
    """
    return {
        "op": OP_LIST_GET_BY_RANK,
        "bin": bin,
        "rank": rank,
        "return_type": return_type,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def list_get_by_rank_range(
    bin: str,
    rank: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Return `count` items from a rank on, or all above, as `return_type` says.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> client.operate(key, [list_get_by_rank_range("l", 1, LIST_RETURN_COUNT, 2)]).bins
    {'l': 2}
    """
    return {
        "op": OP_LIST_GET_BY_RANK_RANGE,
        "bin": bin,
        "rank": rank,
        "count": count,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value="val")
def list_get_by_value(
    bin: str, val: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Return the items that equal a value, as `return_type` says.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> client.operate(key, [list_get_by_value("l", 3, LIST_RETURN_INDEX)]).bins
    {'l': [2]}
    """
    return {
        "op": OP_LIST_GET_BY_VALUE,
        "bin": bin,
        "val": val,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value_list="values")
def list_get_by_value_list(
    bin: str,
    values: Sequence[Any],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Return the items that equal one of several values, as `return_type` says.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> others = list_get_by_value_list("l", [1, 2, 3], LIST_RETURN_VALUE, inverted=True)
    >>> client.operate(key, [others]).bins
    {'l': [5]}
    """
    return {
        "op": OP_LIST_GET_BY_VALUE_LIST,
        "bin": bin,
        "values": values,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value_begin="begin", value_end="end")
def list_get_by_value_range(
    bin: str,
    begin: Any = None,
    end: Any = None,
    return_type: int = LIST_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Return the items from the value `begin` on and below `end`, as `return_type` says.

    None for either is for a range without that end.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> client.operate(key, [list_get_by_value_range("l", 1, 5, LIST_RETURN_VALUE)]).bins
    {'l': [1, 3]}
    """
    return {
        "op": OP_LIST_GET_BY_VALUE_RANGE,
        "bin": bin,
        "begin": begin,
        "end": end,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value="val")
def list_get_by_value_rank_range_relative(
    bin: str,
    val: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Return `count` items, or all above, from a rank relative to a value on.

    `offset` 0 is the item that equals the value or else the next above it, -1 the one below.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> above = list_get_by_value_rank_range_relative("l", 2, 0, LIST_RETURN_COUNT)
    >>> client.operate(key, [above]).bins
    {'l': 2}
    """
    return {
        "op": OP_LIST_GET_BY_VALUE_RANK_RANGE_REL,
        "bin": bin,
        "val": val,
        "offset": offset,
        "count": count,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def list_remove_by_index(
    bin: str, index: int, return_type: int, ctx: Context | None = None
) -> Operation:
    """Remove and return the item at an index, as `return_type` says.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> client.operate(key, [list_remove_by_index("l", 0, LIST_RETURN_RANK)]).bins
    {'l': 2}
    >>> client.get(key).bins
    {'l': [1, 3]}
    """
    return {
        "op": OP_LIST_REMOVE_BY_INDEX,
        "bin": bin,
        "index": index,
        "return_type": return_type,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def list_remove_by_index_range(
    bin: str,
    index: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove and return `count` items from an index on, or all to the end, as `return_type` says.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> client.operate(key, [list_remove_by_index_range("l", 1, LIST_RETURN_VALUE)]).bins
    {'l': [1, 3]}
    >>> client.get(key).bins
    {'l': [5]}
    """
    return {
        "op": OP_LIST_REMOVE_BY_INDEX_RANGE,
        "bin": bin,
        "index": index,
        "count": count,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def list_remove_by_rank(
    bin: str, rank: int, return_type: int, ctx: Context | None = None
) -> Operation:
    """Remove and return the item with a rank, as `return_type` says.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> client.operate(key, [list_remove_by_rank("l", -1, LIST_RETURN_VALUE)]).bins
    {'l': 5}
    >>> client.get(key).bins
    {'l': [1, 3]}
    """
    return {
        "op": OP_LIST_REMOVE_BY_RANK,
        "bin": bin,
        "rank": rank,
        "return_type": return_type,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def list_remove_by_rank_range(
    bin: str,
    rank: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove and return `count` items from a rank on, or all above, as `return_type` says.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> client.operate(key, [list_remove_by_rank_range("l", 1, LIST_RETURN_COUNT, 2)]).bins
    {'l': 2}
    >>> client.get(key).bins
    {'l': [1]}
    """
    return {
        "op": OP_LIST_REMOVE_BY_RANK_RANGE,
        "bin": bin,
        "rank": rank,
        "count": count,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value="val")
def list_remove_by_value(
    bin: str, val: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation:
    """Remove and return the items that equal a value, as `return_type` says.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> client.operate(key, [list_remove_by_value("l", 3, LIST_RETURN_INDEX)]).bins
    {'l': [2]}
    >>> client.get(key).bins
    {'l': [5, 1]}
    """
    return {
        "op": OP_LIST_REMOVE_BY_VALUE,
        "bin": bin,
        "val": val,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value_list="values")
def list_remove_by_value_list(
    bin: str,
    values: Sequence[Any],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove and return the items that equal one of several values, as `return_type` says.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> others = list_remove_by_value_list("l", [1, 2, 3], LIST_RETURN_VALUE, inverted=True)
    >>> client.operate(key, [others]).bins
    {'l': [5]}
    >>> client.get(key).bins
    {'l': [1, 3]}
    """
    return {
        "op": OP_LIST_REMOVE_BY_VALUE_LIST,
        "bin": bin,
        "values": values,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value_begin="begin", value_end="end")
def list_remove_by_value_range(
    bin: str,
    begin: Any = None,
    end: Any = None,
    return_type: int = LIST_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove and return the items from the value `begin` on and below `end`, as `return_type` says.

    None for either is for a range without that end.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> client.operate(key, [list_remove_by_value_range("l", 1, 5, LIST_RETURN_VALUE)]).bins
    {'l': [1, 3]}
    >>> client.get(key).bins
    {'l': [5]}
    """
    return {
        "op": OP_LIST_REMOVE_BY_VALUE_RANGE,
        "bin": bin,
        "begin": begin,
        "end": end,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }


@also_named(bin_name="bin", value="val")
def list_remove_by_value_rank_range_relative(
    bin: str,
    val: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Remove and return `count` items, or all above, from a rank relative to a value on.

    `offset` 0 is the item that equals the value or else the next above it, -1 the one below.

    >>> client.put(key, {"l": [5, 1, 3]})
    >>> above = list_remove_by_value_rank_range_relative("l", 2, 0, LIST_RETURN_COUNT)
    >>> client.operate(key, [above]).bins
    {'l': 2}
    >>> client.get(key).bins
    {'l': [1]}
    """
    return {
        "op": OP_LIST_REMOVE_BY_VALUE_RANK_RANGE_REL,
        "bin": bin,
        "val": val,
        "offset": offset,
        "count": count,
        "return_type": return_type,
        "inverted": inverted,
        "ctx": ctx,
    }
