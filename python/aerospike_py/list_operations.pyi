# Made by scripts/stubs.py of the module of this name: change that one, and run the script.
from collections.abc import Sequence
from typing import Any, overload

from aerospike_py._constants import LIST_RETURN_VALUE, LIST_UNORDERED
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

@overload
def list_create(
    bin: str,
    list_order: int = LIST_UNORDERED,
    pad: bool = False,
    persist_index: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_create(
    bin_name: str,
    list_order: int = LIST_UNORDERED,
    pad: bool = False,
    persist_index: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_set_order(
    bin: str, list_order: int = LIST_UNORDERED, ctx: Context | None = None
) -> Operation: ...
@overload
def list_set_order(
    bin_name: str, list_order: int = LIST_UNORDERED, ctx: Context | None = None
) -> Operation: ...
@overload
def list_append(
    bin: str, val: Any, policy: ListPolicy | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def list_append(
    bin_name: str, value: Any, policy: ListPolicy | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def list_append_items(
    bin: str, values: Sequence[Any], policy: ListPolicy | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def list_append_items(
    bin_name: str,
    values: Sequence[Any],
    policy: ListPolicy | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_insert(
    bin: str, index: int, val: Any, policy: ListPolicy | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def list_insert(
    bin_name: str,
    index: int,
    value: Any,
    policy: ListPolicy | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_insert_items(
    bin: str,
    index: int,
    values: Sequence[Any],
    policy: ListPolicy | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_insert_items(
    bin_name: str,
    index: int,
    values: Sequence[Any],
    policy: ListPolicy | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_set(
    bin: str, index: int, val: Any, policy: ListPolicy | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def list_set(
    bin_name: str,
    index: int,
    value: Any,
    policy: ListPolicy | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_increment(
    bin: str, index: int, val: int, policy: ListPolicy | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def list_increment(
    bin_name: str,
    index: int,
    value: int,
    policy: ListPolicy | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_sort(bin: str, sort_flags: int = 0, ctx: Context | None = None) -> Operation: ...
@overload
def list_sort(bin_name: str, sort_flags: int = 0, ctx: Context | None = None) -> Operation: ...
@overload
def list_clear(bin: str, ctx: Context | None = None) -> Operation: ...
@overload
def list_clear(bin_name: str, ctx: Context | None = None) -> Operation: ...
@overload
def list_trim(bin: str, index: int, count: int, ctx: Context | None = None) -> Operation: ...
@overload
def list_trim(bin_name: str, index: int, count: int, ctx: Context | None = None) -> Operation: ...
@overload
def list_pop(bin: str, index: int, ctx: Context | None = None) -> Operation: ...
@overload
def list_pop(bin_name: str, index: int, ctx: Context | None = None) -> Operation: ...
@overload
def list_pop_range(
    bin: str, index: int, count: int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def list_pop_range(
    bin_name: str, index: int, count: int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def list_remove(bin: str, index: int, ctx: Context | None = None) -> Operation: ...
@overload
def list_remove(bin_name: str, index: int, ctx: Context | None = None) -> Operation: ...
@overload
def list_remove_range(
    bin: str, index: int, count: int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def list_remove_range(
    bin_name: str, index: int, count: int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def list_size(bin: str, ctx: Context | None = None) -> Operation: ...
@overload
def list_size(bin_name: str, ctx: Context | None = None) -> Operation: ...
@overload
def list_get(bin: str, index: int, ctx: Context | None = None) -> Operation: ...
@overload
def list_get(bin_name: str, index: int, ctx: Context | None = None) -> Operation: ...
@overload
def list_get_range(
    bin: str, index: int, count: int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def list_get_range(
    bin_name: str, index: int, count: int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def list_join(bin: str, separator: str | None = None, ctx: Context | None = None) -> Operation: ...
@overload
def list_join(
    bin_name: str, separator: str | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def list_get_by_index(
    bin: str, index: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def list_get_by_index(
    bin_name: str, index: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def list_get_by_index_range(
    bin: str,
    index: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_get_by_index_range(
    bin_name: str,
    index: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_get_by_rank(
    bin: str, rank: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def list_get_by_rank(
    bin_name: str, rank: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def list_get_by_rank_range(
    bin: str,
    rank: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_get_by_rank_range(
    bin_name: str,
    rank: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_get_by_value(
    bin: str, val: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation: ...
@overload
def list_get_by_value(
    bin_name: str, value: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation: ...
@overload
def list_get_by_value_list(
    bin: str,
    values: Sequence[Any],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_get_by_value_list(
    bin_name: str,
    value_list: Sequence[Any],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_get_by_value_range(
    bin: str,
    begin: Any = None,
    end: Any = None,
    return_type: int = LIST_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_get_by_value_range(
    bin_name: str,
    value_begin: Any = None,
    value_end: Any = None,
    return_type: int = LIST_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_get_by_value_rank_range_relative(
    bin: str,
    val: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_get_by_value_rank_range_relative(
    bin_name: str,
    value: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_remove_by_index(
    bin: str, index: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def list_remove_by_index(
    bin_name: str, index: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def list_remove_by_index_range(
    bin: str,
    index: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_remove_by_index_range(
    bin_name: str,
    index: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_remove_by_rank(
    bin: str, rank: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def list_remove_by_rank(
    bin_name: str, rank: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def list_remove_by_rank_range(
    bin: str,
    rank: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_remove_by_rank_range(
    bin_name: str,
    rank: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_remove_by_value(
    bin: str, val: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation: ...
@overload
def list_remove_by_value(
    bin_name: str, value: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation: ...
@overload
def list_remove_by_value_list(
    bin: str,
    values: Sequence[Any],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_remove_by_value_list(
    bin_name: str,
    value_list: Sequence[Any],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_remove_by_value_range(
    bin: str,
    begin: Any = None,
    end: Any = None,
    return_type: int = LIST_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_remove_by_value_range(
    bin_name: str,
    value_begin: Any = None,
    value_end: Any = None,
    return_type: int = LIST_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_remove_by_value_rank_range_relative(
    bin: str,
    val: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def list_remove_by_value_rank_range_relative(
    bin_name: str,
    value: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
