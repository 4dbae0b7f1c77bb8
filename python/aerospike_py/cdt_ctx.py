"""Contexts: the way to a list or map within other lists and maps.

The argument `ctx` of operations, expressions and indexes is a list of steps, the outermost first:

    >>> # the list at the key "scores" of the first map in the list of the bin
    >>> ctx = [cdt_ctx.cdt_ctx_list_index(0), cdt_ctx.cdt_ctx_map_key("scores")]
    >>> client.put(key, {"games": [{"scores": [4]}]})
    >>> _ = client.operate(key, [list_operations.list_append("games", 17, ctx=ctx)])
    >>> client.get(key).bins
    {'games': [{'scores': [4, 17]}]}

A step that leads nowhere makes the operation fail, unless it is one that creates what is missing.
The steps to many elements at once (`cdt_ctx_all_children`, `cdt_ctx_map_keys_in` and those with an
expression) are for paths: `select_by_path` and `modify_by_path`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aerospike_py._constants import (
    CDT_CTX_ALL_CHILDREN,
    CDT_CTX_AND_FILTER,
    CDT_CTX_LIST_INDEX,
    CDT_CTX_LIST_INDEX_CREATE,
    CDT_CTX_LIST_RANK,
    CDT_CTX_LIST_VALUE,
    CDT_CTX_MAP_INDEX,
    CDT_CTX_MAP_KEY,
    CDT_CTX_MAP_KEY_CREATE,
    CDT_CTX_MAP_KEYS_IN,
    CDT_CTX_MAP_RANK,
    CDT_CTX_MAP_VALUE,
    INDEX_BLOB,
    INDEX_GEO2DSPHERE,
    INDEX_INTEGER,
    INDEX_STRING,
    INDEX_TYPE_DEFAULT,
    INDEX_TYPE_LIST,
    INDEX_TYPE_MAPKEYS,
    INDEX_TYPE_MAPVALUES,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aerospike_py._aerospike import Expression
    from aerospike_py.types import ContextStep

__all__ = [
    "cdt_ctx_all_children",
    "cdt_ctx_all_children_with_filter",
    "cdt_ctx_and_filter",
    "cdt_ctx_list_index",
    "cdt_ctx_list_index_create",
    "cdt_ctx_list_rank",
    "cdt_ctx_list_value",
    "cdt_ctx_map_index",
    "cdt_ctx_map_key",
    "cdt_ctx_map_key_create",
    "cdt_ctx_map_keys_in",
    "cdt_ctx_map_rank",
    "cdt_ctx_map_value",
    "index_datatype_string",
    "index_type_string",
]


def cdt_ctx_list_index(index: int) -> ContextStep:
    """To the item of a list at an index, from the end if it is negative.

    >>> client.put(key, {"l": [[1], [2, 3]]})
    >>> client.operate(key, [list_size("l", ctx=[cdt_ctx_list_index(-1)])]).bins
    {'l': 2}
    """
    return {"ctx": CDT_CTX_LIST_INDEX, "value": index}


def cdt_ctx_list_rank(rank: int) -> ContextStep:
    """To the item of a list with a rank: 0 is the lowest value, -1 the highest.

    >>> client.put(key, {"l": [[9], [2, 3]]})
    >>> client.operate(key, [list_size("l", ctx=[cdt_ctx_list_rank(0)])]).bins
    {'l': 2}
    """
    return {"ctx": CDT_CTX_LIST_RANK, "value": rank}


def cdt_ctx_list_value(value: Any) -> ContextStep:
    """To the first item of a list that equals a value.

    >>> client.put(key, {"l": [["a"], ["b", "c"]]})
    >>> _ = client.operate(key, [list_append("l", "d", ctx=[cdt_ctx_list_value(["b", "c"])])])
    >>> client.get(key).bins
    {'l': [['a'], ['b', 'c', 'd']]}
    """
    return {"ctx": CDT_CTX_LIST_VALUE, "value": value}


def cdt_ctx_list_index_create(index: int, order: int = 0, pad: bool = False) -> ContextStep:
    """To the list at an index of a list, which is made if it is missing.

    `order` (LIST_UNORDERED or LIST_ORDERED) is that of a list that is made. For an unordered one
    `pad` has the outer list filled up with None as far as the index; else an index beyond the
    outer list's end fails.

    >>> client.put(key, {"l": [[1]]})
    >>> ctx = [cdt_ctx_list_index_create(2, LIST_UNORDERED, pad=True)]
    >>> _ = client.operate(key, [list_append("l", 2, ctx=ctx)])
    >>> client.get(key).bins
    {'l': [[1], None, [2]]}
    """
    return {"ctx": CDT_CTX_LIST_INDEX_CREATE, "value": index, "order": order, "pad": pad}


def cdt_ctx_map_index(index: int) -> ContextStep:
    """To the value of the item of a map at an index in the order of its keys.

    >>> client.put(key, {"m": {"b": [1], "a": [2, 3]}})
    >>> client.operate(key, [list_size("m", ctx=[cdt_ctx_map_index(0)])]).bins
    {'m': 2}
    """
    return {"ctx": CDT_CTX_MAP_INDEX, "value": index}


def cdt_ctx_map_rank(rank: int) -> ContextStep:
    """To the value of a map with a rank: 0 is the lowest value, -1 the highest.

    >>> client.put(key, {"m": {"a": [1], "b": [2, 3]}})
    >>> client.operate(key, [list_size("m", ctx=[cdt_ctx_map_rank(-1)])]).bins
    {'m': 2}
    """
    return {"ctx": CDT_CTX_MAP_RANK, "value": rank}


def cdt_ctx_map_key(key: Any) -> ContextStep:
    """To the value at a key of a map.

    >>> client.put(key, {"m": {"a": [1], "b": [2, 3]}})
    >>> client.operate(key, [list_size("m", ctx=[cdt_ctx_map_key("b")])]).bins
    {'m': 2}
    """
    return {"ctx": CDT_CTX_MAP_KEY, "value": key}


def cdt_ctx_map_value(value: Any) -> ContextStep:
    """To the first value of a map, in the order of its keys, that equals a value.

    >>> client.put(key, {"m": {"a": [1], "b": [2, 3]}})
    >>> client.operate(key, [list_size("m", ctx=[cdt_ctx_map_value([2, 3])])]).bins
    {'m': 2}
    """
    return {"ctx": CDT_CTX_MAP_VALUE, "value": value}


def cdt_ctx_map_key_create(key: Any, order: int = 0) -> ContextStep:
    """To the map at a key of a map, which is made if it is missing.

    `order` (MAP_UNORDERED, MAP_KEY_ORDERED or MAP_KEY_VALUE_ORDERED) is that of a map that is
    made. A list operation makes a list there instead.

    >>> client.put(key, {"m": {}})
    >>> ctx = [cdt_ctx_map_key_create("scores"), cdt_ctx_map_key_create("ada")]
    >>> _ = client.operate(key, [list_append("m", 17, ctx=ctx)])
    >>> client.get(key).bins
    {'m': {'scores': {'ada': [17]}}}
    """
    return {"ctx": CDT_CTX_MAP_KEY_CREATE, "value": key, "order": order}


def cdt_ctx_all_children() -> ContextStep:
    """To every item of a list or map, in paths (server 8.1.1 and later).

    >>> from aerospike_py import exp
    >>> path = [cdt_ctx_all_children(), cdt_ctx_map_key("price")]
    >>> prices = exp.select_by_path(exp.list_bin("l"), path, EXP_TYPE_LIST, EXP_PATH_SELECT_VALUE)
    >>> prices.result_type() == EXP_TYPE_LIST
    True
    """
    return {"ctx": CDT_CTX_ALL_CHILDREN}


def cdt_ctx_all_children_with_filter(expression: Expression) -> ContextStep:
    """To the items of a list or map for which an expression is true, in paths.

    The expression finds the item in loop variables. (Server 8.1.1 and later.)

    >>> from aerospike_py import exp
    >>> dear = exp.gt(exp.loop_int(EXP_LOOPVAR_VALUE), 100)
    >>> path = [cdt_ctx_all_children_with_filter(dear)]
    >>> found = exp.select_by_path(exp.list_bin("l"), path, EXP_TYPE_LIST, EXP_PATH_SELECT_VALUE)
    >>> found.result_type() == EXP_TYPE_LIST
    True
    """
    return {"ctx": CDT_CTX_ALL_CHILDREN, "filter": expression}


def cdt_ctx_map_keys_in(keys: Sequence[Any]) -> ContextStep:
    """To what is at any of several keys of a map, in paths (server 8.1.2 and later).

    >>> from aerospike_py import exp
    >>> path = [cdt_ctx_map_keys_in(["a", "b"])]
    >>> found = exp.select_by_path(exp.map_bin("m"), path, EXP_TYPE_LIST, EXP_PATH_SELECT_VALUE)
    >>> found.result_type() == EXP_TYPE_LIST
    True
    """
    return {"ctx": CDT_CTX_MAP_KEYS_IN, "keys": keys}


def cdt_ctx_and_filter(expression: Expression) -> ContextStep:
    """Of what the step before leads to, only that for which an expression is true.

    The step before has no expression, and has this one filter at most. (Server 8.1.2 and later.)

    >>> from aerospike_py import exp
    >>> dear = exp.gt(exp.loop_int(EXP_LOOPVAR_VALUE), 100)
    >>> path = [cdt_ctx_map_keys_in(["a", "b"]), cdt_ctx_and_filter(dear)]
    >>> found = exp.select_by_path(exp.map_bin("m"), path, EXP_TYPE_LIST, EXP_PATH_SELECT_VALUE)
    >>> found.result_type() == EXP_TYPE_LIST
    True
    """
    return {"ctx": CDT_CTX_AND_FILTER, "filter": expression}


def index_type_string(index_type: int) -> str:
    """Return the server's word for a collection that is indexed, INDEX_TYPE_*.

    >>> index_type_string(INDEX_TYPE_MAPKEYS)
    'mapkeys'
    """
    words = {
        INDEX_TYPE_DEFAULT: "default",
        INDEX_TYPE_LIST: "list",
        INDEX_TYPE_MAPKEYS: "mapkeys",
        INDEX_TYPE_MAPVALUES: "mapvalues",
    }
    if index_type not in words:
        raise ValueError(f"index_type must be one of INDEX_TYPE_*, not {index_type!r}")
    return words[index_type]


def index_datatype_string(index_datatype: int) -> str:
    """Return the server's word for a type of values that are indexed: INDEX_INTEGER and so on.

    >>> index_datatype_string(INDEX_INTEGER)
    'numeric'
    """
    words = {
        INDEX_INTEGER: "numeric",
        INDEX_STRING: "string",
        INDEX_BLOB: "blob",
        INDEX_GEO2DSPHERE: "geo2dsphere",
    }
    if index_datatype not in words:
        known = "INDEX_INTEGER, INDEX_STRING, INDEX_BLOB or INDEX_GEO2DSPHERE"
        raise ValueError(f"index_datatype must be {known}, not {index_datatype!r}")
    return words[index_datatype]
