"""Expressions of the golden suites: trees to what `aerospike_py.exp` makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aerospike_py as aero
from aerospike_py import cdt_ctx, exp
from aerospike_py.types import GeoJSON
from support import golden

TYPES = {
    "nil": exp.EXP_TYPE_NIL,
    "bool": exp.EXP_TYPE_BOOL,
    "int": exp.EXP_TYPE_INT,
    "str": exp.EXP_TYPE_STRING,
    "list": exp.EXP_TYPE_LIST,
    "map": exp.EXP_TYPE_MAP,
    "blob": exp.EXP_TYPE_BLOB,
    "float": exp.EXP_TYPE_FLOAT,
    "geo": exp.EXP_TYPE_GEO,
    "hll": exp.EXP_TYPE_HLL,
}
REGEX = {
    "extended": aero.REGEX_EXTENDED,
    "icase": aero.REGEX_ICASE,
    "nosub": aero.REGEX_NOSUB,
    "newline": aero.REGEX_NEWLINE,
}

# What is called otherwise in the module.
NAMES = {
    "str": "string_val",
    "geo": "geo_val",
    "str_bin": "string_bin",
    "and": "and_",
    "or": "or_",
    "not": "not_",
    "exclusive": "xor_",
    "min": "min_",
    "max": "max_",
    **{name: f"num_{name}" for name in ("add", "sub", "mul", "div", "pow", "log", "mod")},
    **{name: f"num_{name}" for name in ("abs", "floor", "ceil")},
    **{name: f"{name}_val" for name in ("bool", "int", "float", "blob", "list", "map", "hll")},
}
# The client that was recorded sent no bound where these were to end with nil.
UNBOUNDED = {"map_get_by_key_range", "map_get_by_value_range", "map_remove_by_key_range"}
LITERALS = {"bool", "int", "float", "str", "blob", "list", "map", "hll"}


RETURNED = {
    "none": aero.MAP_RETURN_NONE,
    "index": aero.MAP_RETURN_INDEX,
    "reverse_index": aero.MAP_RETURN_REVERSE_INDEX,
    "rank": aero.MAP_RETURN_RANK,
    "reverse_rank": aero.MAP_RETURN_REVERSE_RANK,
    "count": aero.MAP_RETURN_COUNT,
    "key": aero.MAP_RETURN_KEY,
    "value": aero.MAP_RETURN_VALUE,
    "key_value": aero.MAP_RETURN_KEY_VALUE,
    "exists": aero.MAP_RETURN_EXISTS,
    "unordered_map": aero.MAP_RETURN_UNORDERED_MAP,
    "ordered_map": aero.MAP_RETURN_ORDERED_MAP,
}
SORT = {
    "descending": aero.LIST_SORT_DESCENDING,
    "drop_duplicates": aero.LIST_SORT_DROP_DUPLICATES,
}
RESIZE = {
    "from_front": aero.BIT_RESIZE_FROM_FRONT,
    "grow_only": aero.BIT_RESIZE_GROW_ONLY,
    "shrink_only": aero.BIT_RESIZE_SHRINK_ONLY,
}
OVERFLOW = {
    "fail": aero.BIT_OVERFLOW_FAIL,
    "saturate": aero.BIT_OVERFLOW_SATURATE,
    "wrap": aero.BIT_OVERFLOW_WRAP,
}
LIST_FLAGS = {"add_unique": 1, "insert_bounded": 2, "no_fail": 4, "partial": 8}
OTHER_FLAGS = {"create_only": 1, "update_only": 2, "no_fail": 4, "partial": 8, "allow_fold": 8}
LOOP = {
    "key": aero.EXP_LOOPVAR_KEY,
    "value": aero.EXP_LOOPVAR_VALUE,
    "index": aero.EXP_LOOPVAR_INDEX,
}
SELECT = {
    "matching_tree": aero.EXP_PATH_SELECT_MATCHING_TREE,
    "value": aero.EXP_PATH_SELECT_VALUE,
    "list_value": aero.EXP_PATH_SELECT_LIST_VALUE,
    "map_value": aero.EXP_PATH_SELECT_MAP_VALUE,
    "map_key": aero.EXP_PATH_SELECT_MAP_KEY,
    "map_key_value": aero.EXP_PATH_SELECT_MAP_KEY_VALUE,
    "no_fail": aero.EXP_PATH_SELECT_NO_FAIL,
}
ORDERS = {
    "unordered": aero.LIST_UNORDERED,
    "ordered": aero.LIST_ORDERED,
    "key_ordered": aero.MAP_KEY_ORDERED,
    "key_value_ordered": aero.MAP_KEY_VALUE_ORDERED,
}


def flags(told: list[str], names: dict[str, int]) -> int:
    return sum(names[name] for name in told)


def build(tree: list[Any]) -> exp.Expression:
    """The expression of a tree."""
    operator, *rest = tree
    if operator in LITERALS:
        return function(operator)(golden.value(rest[0]))
    if operator == "geo":
        return exp.geo_val(rest[0] if isinstance(rest[0], str) else GeoJSON(rest[0]["$geo"]))
    if operator.startswith("key_") and operator != "key_exists":
        return exp.key(TYPES[operator.removeprefix("key_")])
    if operator == "regex_compare":
        told, regex, text = rest
        return exp.regex_compare(regex, flags(told, REGEX), build(text))
    if operator == "let":
        definitions, body = rest
        made = [exp.def_(name, build(value)) for name, value in definitions]
        return exp.let_(*made, build(body))
    if operator.startswith("loop_"):
        return function(operator)(LOOP[rest[0]])
    if rest and isinstance(rest[0], dict):
        return call(operator, *rest)
    return function(operator)(*(operand(item) for item in rest))


def call(operator: str, told: dict[str, Any], bin: list[Any]) -> exp.Expression:
    """An operation on a collection, whose arguments have names."""
    if operator.endswith("_by_path"):
        return by_path(operator, told, build(bin))
    arguments = {name: argument(operator, name, item) for name, item in told.items()}
    if operator == "list_sort":
        arguments["sort_flags"] = arguments.pop("flags")
    elif operator == "bit_resize":
        arguments["resize_flags"] = arguments.pop("flags")
    return function(operator)(build(bin), **arguments)


def by_path(operator: str, told: dict[str, Any], bin: exp.Expression) -> exp.Expression:
    ctx, value_type = context(told["ctx"]), TYPES[told["value_type"]]
    if operator == "select_by_path":
        return exp.select_by_path(bin, ctx, value_type, flags(told["flags"], SELECT))
    applied = build(told["exp"])
    return exp.modify_by_path(bin, ctx, value_type, applied, flags(told["flags"], SELECT))


def argument(operator: str, name: str, told: Any) -> Any:
    if name == "policy":
        return policy(operator, told)
    if name == "ctx":
        return context(told)
    if name == "return_type":
        return RETURNED[told]
    if name == "value_type":
        return TYPES[told]
    if name == "overflow":
        return OVERFLOW[told]
    if name == "signed" and isinstance(told, list):
        return told[1]
    if name == "flags":
        return flags(told, SORT if operator == "list_sort" else RESIZE)
    if name == "end" and operator in UNBOUNDED and told == ["nil"]:
        return None
    return operand(told)


def context(told: list[list[Any]]) -> list[dict[str, Any]]:
    return [step(*item) for item in told]


def step(name: str, *given: Any) -> dict[str, Any]:
    if name == "all_children_where":
        return cdt_ctx.cdt_ctx_all_children_with_filter(build(given[0]))
    if name == "and_where":
        return cdt_ctx.cdt_ctx_and_filter(build(given[0]))
    arguments = [golden.value(item) for item in given[:1]]
    if len(given) == 2:
        arguments.append(ORDERS[given[1].get("order", "unordered")])
        if "pad" in given[1]:
            arguments.append(given[1]["pad"])
    made: dict[str, Any] = getattr(cdt_ctx, f"cdt_ctx_{name}")(*arguments)
    return made


def policy(operator: str, told: dict[str, Any]) -> dict[str, int]:
    family = operator.split("_")[0]
    names = {
        "list": ("write_flags", LIST_FLAGS),
        "map": ("map_write_flags", OTHER_FLAGS),
        "bit": ("bit_write_flags", OTHER_FLAGS),
        "hll": ("flags", OTHER_FLAGS),
    }
    key, known = names[family]
    made = {key: flags(told.get("flags", []), known)}
    if "order" in told:
        made["order"] = ORDERS[told["order"]]
    return made


def operand(told: Any) -> Any:
    return build(told) if isinstance(told, list) else told


def function(operator: str) -> Callable[..., Any]:
    return getattr(exp, NAMES.get(operator, operator))
