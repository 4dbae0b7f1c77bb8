"""Paths to many elements of nested lists and maps at once (server 8.1.1 and later).

A path is a context, `ctx`, whose steps `cdt_ctx_all_children`, `cdt_ctx_all_children_with_filter`,
`cdt_ctx_map_keys_in` and `cdt_ctx_and_filter` lead to several elements. The expressions of its
filters, and the one that changes elements, find the element in the loop variables: `what` is
EXP_LOOPVAR_KEY, EXP_LOOPVAR_VALUE or EXP_LOOPVAR_INDEX.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aerospike_py._aerospike import pack_expression as pack
from aerospike_py._constants import (
    EXP_LOOPVAR_INDEX,
    EXP_LOOPVAR_KEY,
    EXP_LOOPVAR_VALUE,
    EXP_PATH_MODIFY_DEFAULT,
    EXP_PATH_MODIFY_NO_FAIL,
    EXP_PATH_SELECT_MAP_KEY_VALUE,
    EXP_PATH_SELECT_NO_FAIL,
)
from aerospike_py.exp._collections import CALL, CHANGING, number
from aerospike_py.exp._kinds import (
    BLOB,
    BOOL,
    CONTEXT,
    FLOAT,
    GEO,
    HLL,
    INT,
    LIST,
    MAP,
    NIL,
    NUMBER,
    REMOVAL,
    STR,
    VALUE,
)

if TYPE_CHECKING:
    from aerospike_py._aerospike import Expression
    from aerospike_py.exp._kinds import ListOperand, MapOperand, Operand
    from aerospike_py.types import Context

_SELECT = 0xFE
_APPLY = 0x04


def _loop(name: str, what: int, kind: int) -> Expression:
    if what not in (EXP_LOOPVAR_KEY, EXP_LOOPVAR_VALUE, EXP_LOOPVAR_INDEX):
        raise ValueError(
            f"exp.{name}(): what must be EXP_LOOPVAR_KEY ({EXP_LOOPVAR_KEY}), EXP_LOOPVAR_VALUE "
            f"({EXP_LOOPVAR_VALUE}) or EXP_LOOPVAR_INDEX ({EXP_LOOPVAR_INDEX}), not {what!r}"
        )
    if what == EXP_LOOPVAR_INDEX and kind != INT:
        raise ValueError(f"exp.{name}(): an index is an int: use exp.loop_int()")
    return pack(name, {"what": what}, [122, number(kind), what])


def loop_nil(what: int) -> Expression:
    """The key, value or index of an element, if it is nil.

    >>> exp.loop_nil(EXP_LOOPVAR_VALUE)
    exp.loop_nil(1)
    """
    return _loop("loop_nil", what, NIL)


def loop_bool(what: int) -> Expression:
    """The key, value or index of an element, if it is a boolean.

    >>> exp.loop_bool(EXP_LOOPVAR_VALUE)
    exp.loop_bool(1)
    """
    return _loop("loop_bool", what, BOOL)


def loop_int(what: int) -> Expression:
    """The key, value or index of an element, if it is an integer.

    >>> exp.loop_int(EXP_LOOPVAR_VALUE)
    exp.loop_int(1)
    """
    return _loop("loop_int", what, INT)


def loop_str(what: int) -> Expression:
    """The key, value or index of an element, if it is text.

    >>> exp.loop_str(EXP_LOOPVAR_VALUE)
    exp.loop_str(1)
    """
    return _loop("loop_str", what, STR)


def loop_list(what: int) -> Expression:
    """The key, value or index of an element, if it is a list.

    >>> exp.loop_list(EXP_LOOPVAR_VALUE)
    exp.loop_list(1)
    """
    return _loop("loop_list", what, LIST)


def loop_map(what: int) -> Expression:
    """The key, value or index of an element, if it is a map.

    >>> exp.loop_map(EXP_LOOPVAR_VALUE)
    exp.loop_map(1)
    """
    return _loop("loop_map", what, MAP)


def loop_blob(what: int) -> Expression:
    """The key, value or index of an element, if it is bytes.

    >>> exp.loop_blob(EXP_LOOPVAR_VALUE)
    exp.loop_blob(1)
    """
    return _loop("loop_blob", what, BLOB)


def loop_float(what: int) -> Expression:
    """The key, value or index of an element, if it is a double.

    >>> exp.loop_float(EXP_LOOPVAR_VALUE)
    exp.loop_float(1)
    """
    return _loop("loop_float", what, FLOAT)


def loop_geo(what: int) -> Expression:
    """The key, value or index of an element, if it is GeoJSON.

    >>> exp.loop_geo(EXP_LOOPVAR_VALUE)
    exp.loop_geo(1)
    """
    return _loop("loop_geo", what, GEO)


def loop_hll(what: int) -> Expression:
    """The key, value or index of an element, if it is a HyperLogLog.

    >>> exp.loop_hll(EXP_LOOPVAR_VALUE)
    exp.loop_hll(1)
    """
    return _loop("loop_hll", what, HLL)


def remove_result() -> Expression:
    """What `modify_by_path` removes elements with, as the value of its expression.

    >>> exp.remove_result()
    exp.remove_result()
    """
    return pack("remove_result", {}, [100])


def select_by_path(
    bin: ListOperand | MapOperand, ctx: Context, value_type: int, flags: int
) -> Expression:
    """The elements that a path leads to.

    `flags` are EXP_PATH_SELECT_*: what is told of each element, and EXP_PATH_SELECT_NO_FAIL to pass
    over what a step doesn't fit. `value_type`, an EXP_TYPE_*, says what that makes: a list, or a
    list or map of the kind of the bin for EXP_PATH_SELECT_MATCHING_TREE.

    >>> path = [cdt_ctx.cdt_ctx_map_key("scores")]
    >>> scores = exp.select_by_path(exp.map_bin("m"), path, EXP_TYPE_LIST, EXP_PATH_SELECT_VALUE)
    >>> scores.result_type() == EXP_TYPE_LIST
    True
    """
    given = locals()
    if flags & ~EXP_PATH_SELECT_NO_FAIL not in range(EXP_PATH_SELECT_MAP_KEY_VALUE + 1):
        raise ValueError(f"exp.select_by_path(): flags must be EXP_PATH_SELECT_*, not {flags}")
    kind = _collection("select_by_path", value_type)
    items = [_SELECT, ("ctx", CONTEXT), ("flags", NUMBER)]
    return pack("select_by_path", given, [CALL, kind, 0, items, ("bin", LIST | MAP)])


def modify_by_path(
    bin: ListOperand | MapOperand,
    ctx: Context,
    value_type: int,
    mod_exp: Operand,
    flags: int = EXP_PATH_MODIFY_DEFAULT,
) -> Expression:
    """The collection with each element that a path leads to replaced by what an expression makes.

    `remove_result()` removes the element. `value_type` is EXP_TYPE_LIST or EXP_TYPE_MAP, as `bin`
    is. With EXP_PATH_MODIFY_NO_FAIL, what a step doesn't fit is passed over.

    >>> doubled = exp.num_mul(exp.loop_int(EXP_LOOPVAR_VALUE), 2)
    >>> path = [cdt_ctx.cdt_ctx_list_index(0)]
    >>> exp.modify_by_path(exp.list_bin("l"), path, EXP_TYPE_LIST, doubled).result_type()
    4
    """
    given = locals()
    if flags not in (EXP_PATH_MODIFY_DEFAULT, EXP_PATH_MODIFY_NO_FAIL):
        raise ValueError(f"exp.modify_by_path(): flags must be EXP_PATH_MODIFY_*, not {flags}")
    kind = _collection("modify_by_path", value_type)
    items = [_SELECT, ("ctx", CONTEXT), flags | _APPLY, ("mod_exp", VALUE | REMOVAL)]
    return pack("modify_by_path", given, [CALL, kind, CHANGING, items, ("bin", LIST | MAP)])


def _collection(name: str, value_type: int) -> int:
    if value_type not in (number(LIST), number(MAP)):
        raise ValueError(
            f"exp.{name}(): value_type must be EXP_TYPE_LIST ({number(LIST)}) or EXP_TYPE_MAP "
            f"({number(MAP)}), not {value_type!r}"
        )
    return value_type
