"""Expressions of the golden suites: trees to what `aerospike_py.exp` makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aerospike_py as aero
from aerospike_py import exp
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
    "descending": 1,
    "drop_duplicates": 2,
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
    if rest and isinstance(rest[0], dict):
        return call(operator, *rest)
    return function(operator)(*(operand(item) for item in rest))


def call(operator: str, told: dict[str, Any], bin: list[Any]) -> exp.Expression:
    """An operation on a collection, whose arguments have names."""
    arguments = {name: argument(operator, name, item) for name, item in told.items()}
    if operator == "list_sort":
        arguments["sort_flags"] = arguments.pop("flags")
    elif operator == "bit_resize":
        arguments["resize_flags"] = arguments.pop("flags")
    return function(operator)(build(bin), **arguments)


def argument(operator: str, name: str, told: Any) -> Any:
    if name == "policy":
        return policy(operator, told)
    if name == "ctx":
        return golden.context(told)
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
    return operand(told)


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
