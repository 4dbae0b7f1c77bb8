"""Operations on whole bins, on the record, and on all that a path leads to.

Each function returns the dict of an operation, its arguments under their names. The official
client's names of arguments (`bin_name`, `write_item`, `amount`, ...) may be used for keyword
arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aerospike_py._builders import also_named
from aerospike_py._constants import (
    EXP_PATH_MODIFY_DEFAULT,
    OP_MODIFY_BY_PATH,
    OP_SELECT_BY_PATH,
    OPERATOR_APPEND,
    OPERATOR_DELETE,
    OPERATOR_INCR,
    OPERATOR_PREPEND,
    OPERATOR_READ,
    OPERATOR_TOUCH,
    OPERATOR_WRITE,
)

if TYPE_CHECKING:
    from aerospike_py.exp import Expression
    from aerospike_py.types import Context, Operation

__all__ = [
    "append",
    "delete",
    "increment",
    "modify_by_path",
    "prepend",
    "read",
    "select_by_path",
    "touch",
    "write",
]


@also_named(bin_name="bin")
def read(bin: str | None = None) -> Operation:
    """Return the value of a bin, or every bin.

    >>> client.put(key, {"a": 1, "b": 2})
    >>> client.operate(key, [read("a")]).bins
    {'a': 1}
    """
    return {"op": OPERATOR_READ, "bin": bin}


@also_named(bin_name="bin", write_item="val")
def write(bin: str, val: Any) -> Operation:
    """Write a bin, or remove it with None; no result.

    >>> client.operate(key, [write("a", 1), read("a")]).bins
    {'a': 1}
    """
    return {"op": OPERATOR_WRITE, "bin": bin, "val": val}


@also_named(bin_name="bin", amount="val")
def increment(bin: str, val: float) -> Operation:
    """Add an int or float to a bin, which is made if it does not exist; no result.

    >>> client.operate(key, [increment("a", 5), read("a")]).bins
    {'a': 5}
    """
    return {"op": OPERATOR_INCR, "bin": bin, "val": val}


@also_named(bin_name="bin", append_item="val")
def append(bin: str, val: str | bytes) -> Operation:
    """Add text or bytes at the end of a bin, which is made if it does not exist; no result.

    >>> client.operate(key, [append("a", "x"), append("a", "y"), read("a")]).bins
    {'a': 'xy'}
    """
    return {"op": OPERATOR_APPEND, "bin": bin, "val": val}


@also_named(bin_name="bin", prepend_item="val")
def prepend(bin: str, val: str | bytes) -> Operation:
    """Add text or bytes at the start of a bin, which is made if it does not exist; no result.

    >>> client.operate(key, [prepend("a", "x"), prepend("a", "y"), read("a")]).bins
    {'a': 'yx'}
    """
    return {"op": OPERATOR_PREPEND, "bin": bin, "val": val}


def touch(ttl: int | None = None) -> Operation:
    """Write the record as it is, with a time to live in seconds or TTL_*; no result.

    >>> client.put(key, {"a": 1})
    >>> client.operate(key, [touch(1000), read("a")]).meta.gen
    2
    """
    return {"op": OPERATOR_TOUCH, "val": ttl}


def delete() -> Operation:
    """Remove every bin, and the record unless a later operation writes one; no result.

    >>> client.put(key, {"a": 1})
    >>> client.operate(key, [read("a"), delete()]).bins
    {'a': 1}
    """
    return {"op": OPERATOR_DELETE}


@also_named(bin_name="bin")
def select_by_path(bin: str, ctx: Context, flags: int) -> Operation:
    """Return all elements that the steps of `ctx` lead to, for servers from 8.1.1 on.

    `flags` (EXP_PATH_SELECT_*) say what of them: their values, keys, both, or the tree of lists and
    maps that leads to them; with EXP_PATH_SELECT_NO_FAIL what does not fit a step is passed over.

    >>> client.put(key, {"m": {"pen": {"price": 5}, "book": {"price": 20}}})
    >>> prices = [cdt_ctx_all_children(), cdt_ctx_map_key("price")]
    >>> client.operate(key, [select_by_path("m", prices, EXP_PATH_SELECT_VALUE)]).bins
    {'m': [20, 5]}
    """
    return {"op": OP_SELECT_BY_PATH, "bin": bin, "ctx": ctx, "flags": flags}


@also_named(bin_name="bin", expr="expression")
def modify_by_path(
    bin: str, ctx: Context, expression: Expression, flags: int = EXP_PATH_MODIFY_DEFAULT
) -> Operation:
    """Replace all elements that the steps of `ctx` lead to, for servers from 8.1.1 on; no result.

    The expression computes the new value of each; what it knows of one are the loop variables.

    >>> client.put(key, {"m": {"pen": {"price": 5}, "book": {"price": 20}}})
    >>> prices = [cdt_ctx_all_children(), cdt_ctx_map_key("price")]
    >>> _ = client.operate(key, [modify_by_path("m", prices, exp.int_val(0))])
    >>> client.get(key).bins["m"]["pen"]
    {'price': 0}
    """
    return {
        "op": OP_MODIFY_BY_PATH,
        "bin": bin,
        "ctx": ctx,
        "expression": expression,
        "flags": flags,
    }
