"""The operations of golden cases, as the client's builders make them."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

import aerospike_py as aero
from aerospike_py import (
    bit_operations,
    expression_operations,
    hll_operations,
    list_operations,
    map_operations,
)
from aerospike_py import operations as plain_operations
from aerospike_py.types import null
from support.expressions import ORDERS, build, context
from support.golden import value

OPERATORS = {
    "read": aero.OPERATOR_READ,
    "write": aero.OPERATOR_WRITE,
    "increment": aero.OPERATOR_INCR,
    "append": aero.OPERATOR_APPEND,
    "prepend": aero.OPERATOR_PREPEND,
    "touch": aero.OPERATOR_TOUCH,
    "delete": aero.OPERATOR_DELETE,
}
MODULES = {
    "bit": bit_operations,
    "hll": hll_operations,
    "list": list_operations,
    "map": map_operations,
}

RETURN_TYPES = {
    name.removeprefix("MAP_RETURN_").lower(): getattr(aero, name)
    for name in aero.__all__
    if name.startswith("MAP_RETURN_")
}
FLAGS = {
    "descending": aero.LIST_SORT_DESCENDING,
    "drop_duplicates": aero.LIST_SORT_DROP_DUPLICATES,
    "add_unique": aero.LIST_WRITE_ADD_UNIQUE,
    "insert_bounded": aero.LIST_WRITE_INSERT_BOUNDED,
    "create_only": aero.MAP_WRITE_FLAGS_CREATE_ONLY,
    "update_only": aero.MAP_WRITE_FLAGS_UPDATE_ONLY,
    "no_fail": aero.LIST_WRITE_NO_FAIL,
    "partial": aero.LIST_WRITE_PARTIAL,
    "from_front": aero.BIT_RESIZE_FROM_FRONT,
    "grow_only": aero.BIT_RESIZE_GROW_ONLY,
    "shrink_only": aero.BIT_RESIZE_SHRINK_ONLY,
    "allow_fold": aero.HLL_WRITE_ALLOW_FOLD,
}
OVERFLOWS = {
    "fail": aero.BIT_OVERFLOW_FAIL,
    "saturate": aero.BIT_OVERFLOW_SATURATE,
    "wrap": aero.BIT_OVERFLOW_WRAP,
}

EXPRESSIONS = {
    "exp_read": expression_operations.expression_read,
    "exp_write": expression_operations.expression_write,
}
PATH_FLAGS = {
    "matching_tree": aero.EXP_PATH_SELECT_MATCHING_TREE,
    "value": aero.EXP_PATH_SELECT_VALUE,
    "list_value": aero.EXP_PATH_SELECT_LIST_VALUE,
    "map_value": aero.EXP_PATH_SELECT_MAP_VALUE,
    "map_key": aero.EXP_PATH_SELECT_MAP_KEY,
    "map_key_value": aero.EXP_PATH_SELECT_MAP_KEY_VALUE,
    "no_fail": aero.EXP_PATH_SELECT_NO_FAIL,
}
EXPRESSION_FLAGS = {
    "create_only": aero.EXP_WRITE_CREATE_ONLY,
    "update_only": aero.EXP_WRITE_UPDATE_ONLY,
    "allow_delete": aero.EXP_WRITE_ALLOW_DELETE,
    "policy_no_fail": aero.EXP_WRITE_POLICY_NO_FAIL,
    "eval_no_fail": aero.EXP_WRITE_EVAL_NO_FAIL,
}

# Names of the corpus for what the builders name otherwise.
FUNCTIONS = {
    "list_get_by_value_rel_rank_range": "list_get_by_value_rank_range_relative",
    "list_remove_by_value_rel_rank_range": "list_remove_by_value_rank_range_relative",
    "map_get_by_value_rel_rank_range": "map_get_by_value_rank_range_relative",
    "map_remove_by_value_rel_rank_range": "map_remove_by_value_rank_range_relative",
    "map_get_by_key_rel_index_range": "map_get_by_key_index_range_relative",
    "map_remove_by_key_rel_index_range": "map_remove_by_key_index_range_relative",
    "hll_count": "hll_get_count",
    "hll_union": "hll_get_union",
    "hll_union_count": "hll_get_union_count",
    "hll_intersect_count": "hll_get_intersect_count",
    "hll_similarity": "hll_get_similarity",
}
ARGUMENTS: dict[str, dict[str, str]] = {
    "list": {"value": "val", "order": "list_order", "flags": "sort_flags"},
    "map": {"value": "val", "order": "map_order"},
    "bit": {"overflow": "action", "flags": "resize_flags"},
    "hll": {
        "hlls": "values",
        "index_bits": "index_bit_count",
        "minhash_bits": "minhash_bit_count",
    },
    "map_increment": {"value": "incr"},
    "map_decrement": {"value": "decr"},
    "list_get_by_value_rel_rank_range": {"value": "val", "rank": "offset"},
    "list_remove_by_value_rel_rank_range": {"value": "val", "rank": "offset"},
    "map_get_by_value_rel_rank_range": {"value": "val", "rank": "offset"},
    "map_remove_by_value_rel_rank_range": {"value": "val", "rank": "offset"},
    "map_get_by_key_rel_index_range": {"index": "offset"},
    "map_remove_by_key_rel_index_range": {"index": "offset"},
}
WRITE_FLAGS = {
    "bit": "bit_write_flags",
    "hll": "flags",
    "list": "write_flags",
    "map": "map_write_flags",
}


def flags(names: list[str]) -> int:
    return sum({FLAGS[name] for name in names})


def expression_flags(names: list[str]) -> int:
    return sum(EXPRESSION_FLAGS[name] for name in names)


READERS: dict[str, Callable[[Any], Any]] = {
    "return_type": lambda told: RETURN_TYPES.get(told, told),
    "order": lambda told: ORDERS[told],
    "overflow": lambda told: OVERFLOWS[told],
    "flags": flags,
}


def path_flags(names: list[str]) -> int:
    return reduce(or_, (PATH_FLAGS[name] for name in names), 0)


def operations(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [operation(item) for item in told]


def operation(told: dict[str, Any]) -> dict[str, Any]:
    if told["op"] in OPERATORS:
        return basic(told)
    if told["op"] in EXPRESSIONS:
        args = told["args"]
        return EXPRESSIONS[told["op"]](
            told["bin"], build(args["exp"]), expression_flags(args.get("flags", []))
        )
    if told["op"] == "select_by_path":
        flags = path_flags(told["args"]["flags"])
        return plain_operations.select_by_path(told["bin"], context(told["ctx"]), flags)
    if told["op"] == "modify_by_path":
        flags = path_flags(told["args"]["flags"])
        expression = build(told["args"]["exp"])
        return plain_operations.modify_by_path(told["bin"], context(told["ctx"]), expression, flags)
    return built(told)


def basic(told: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"op": OPERATORS[told["op"]]}
    if "bin" in told:
        made["bin"] = told["bin"]
    if told.get("args"):
        made["val"] = value(told["args"]["value"])
    return made


def built(told: dict[str, Any]) -> dict[str, Any]:
    name = told["op"]
    family = name.partition("_")[0]
    names = ARGUMENTS.get(name, ARGUMENTS.get(family, {}))
    args = {
        names.get(arg, arg): READERS.get(arg, value)(item)
        for arg, item in (told.get("args") or {}).items()
    }
    if name == "map_set_policy":
        args = {"policy": args}
    if name.startswith("map") and "_range" in name:
        # The corpus has nil where the client has null(), while its None is for no bound.
        args |= {end: null() for end in ("begin", "end") if args.get(end, 0) is None}
    if name.endswith(("by_key", "by_index", "by_rank")) and args.pop("inverted", False):
        args["return_type"] |= aero.MAP_RETURN_INVERTED
    if "policy" in told:
        args["policy"] = policy(family, told["policy"])
    if "ctx" in told:
        args["ctx"] = context(told["ctx"])
    function = getattr(MODULES[family], FUNCTIONS.get(name, name))
    made: dict[str, Any] = function(told["bin"], **args)
    return made


def policy(family: str, told: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if "order" in told:
        made[f"{family}_order"] = ORDERS[told["order"]]
    if "flags" in told:
        made[WRITE_FLAGS[family]] = flags(told["flags"])
    if "persist_index" in told:
        made["persist_index"] = told["persist_index"]
    return made
