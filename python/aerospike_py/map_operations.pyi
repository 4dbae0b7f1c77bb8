# Made by scripts/stubs.py of the module of this name: change that one, and run the script.
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, overload

from aerospike_py._constants import MAP_RETURN_VALUE, MAP_UNORDERED
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

@overload
def map_create(
    bin: str,
    map_order: int = MAP_UNORDERED,
    persist_index: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_create(
    bin_name: str,
    map_order: int = MAP_UNORDERED,
    persist_index: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_set_policy(bin: str, policy: MapPolicy, ctx: Context | None = None) -> Operation: ...
@overload
def map_set_policy(
    bin_name: str, map_policy: MapPolicy, ctx: Context | None = None
) -> Operation: ...
@overload
def map_set_order(bin: str, map_order: int, ctx: Context | None = None) -> Operation: ...
@overload
def map_set_order(bin_name: str, map_order: int, ctx: Context | None = None) -> Operation: ...
@overload
def map_put(
    bin: str, key: MapKey, val: Any, policy: MapPolicy | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def map_put(
    bin_name: str,
    key: MapKey,
    value: Any,
    map_policy: MapPolicy | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_put_items(
    bin: str,
    items: Mapping[MapKey, Any],
    policy: MapPolicy | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_put_items(
    bin_name: str,
    item_dict: Mapping[MapKey, Any],
    map_policy: MapPolicy | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_increment(
    bin: str, key: MapKey, incr: float, policy: MapPolicy | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def map_increment(
    bin_name: str,
    key: MapKey,
    amount: float,
    map_policy: MapPolicy | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_decrement(
    bin: str, key: MapKey, decr: float, policy: MapPolicy | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def map_decrement(
    bin_name: str,
    key: MapKey,
    amount: float,
    map_policy: MapPolicy | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_size(bin: str, ctx: Context | None = None) -> Operation: ...
@overload
def map_size(bin_name: str, ctx: Context | None = None) -> Operation: ...
@overload
def map_clear(bin: str, ctx: Context | None = None) -> Operation: ...
@overload
def map_clear(bin_name: str, ctx: Context | None = None) -> Operation: ...
@overload
def map_get_by_key(
    bin: str, key: MapKey, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def map_get_by_key(
    bin_name: str, key: MapKey, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def map_get_by_key_list(
    bin: str,
    keys: Sequence[MapKey],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_key_list(
    bin_name: str,
    key_list: Sequence[MapKey],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_key_range(
    bin: str,
    begin: Any = None,
    end: Any = None,
    return_type: int = MAP_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_key_range(
    bin_name: str,
    key_range_start: Any = None,
    key_range_end: Any = None,
    return_type: int = MAP_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_key_index_range_relative(
    bin: str,
    key: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_key_index_range_relative(
    bin_name: str,
    value: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_value(
    bin: str, val: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation: ...
@overload
def map_get_by_value(
    bin_name: str, value: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation: ...
@overload
def map_get_by_value_list(
    bin: str,
    values: Sequence[Any],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_value_list(
    bin_name: str,
    value_list: Sequence[Any],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_value_list(
    bin_name: str,
    key_list: Sequence[Any],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_value_range(
    bin: str,
    begin: Any = None,
    end: Any = None,
    return_type: int = MAP_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_value_range(
    bin_name: str,
    value_start: Any = None,
    value_end: Any = None,
    return_type: int = MAP_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_value_rank_range_relative(
    bin: str,
    val: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_value_rank_range_relative(
    bin_name: str,
    value: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_index(
    bin: str, index: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def map_get_by_index(
    bin_name: str, index: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def map_get_by_index_range(
    bin: str,
    index: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_index_range(
    bin_name: str,
    index_start: int,
    return_type: int,
    get_amt: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_rank(
    bin: str, rank: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def map_get_by_rank(
    bin_name: str, rank: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def map_get_by_rank_range(
    bin: str,
    rank: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_get_by_rank_range(
    bin_name: str,
    rank_start: int,
    return_type: int,
    get_amt: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_key(
    bin: str, key: MapKey, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def map_remove_by_key(
    bin_name: str, key: MapKey, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def map_remove_by_key_list(
    bin: str,
    keys: Sequence[MapKey],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_key_list(
    bin_name: str,
    key_list: Sequence[MapKey],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_key_range(
    bin: str,
    begin: Any = None,
    end: Any = None,
    return_type: int = MAP_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_key_range(
    bin_name: str,
    key_range_start: Any = None,
    key_range_end: Any = None,
    return_type: int = MAP_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_key_index_range_relative(
    bin: str,
    key: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_key_index_range_relative(
    bin_name: str,
    key: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_value(
    bin: str, val: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation: ...
@overload
def map_remove_by_value(
    bin_name: str, value: Any, return_type: int, inverted: bool = False, ctx: Context | None = None
) -> Operation: ...
@overload
def map_remove_by_value_list(
    bin: str,
    values: Sequence[Any],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_value_list(
    bin_name: str,
    value_list: Sequence[Any],
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_value_range(
    bin: str,
    begin: Any = None,
    end: Any = None,
    return_type: int = MAP_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_value_range(
    bin_name: str,
    value_start: Any = None,
    value_end: Any = None,
    return_type: int = MAP_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_value_rank_range_relative(
    bin: str,
    val: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_value_rank_range_relative(
    bin_name: str,
    value: Any,
    offset: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_index(
    bin: str, index: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def map_remove_by_index(
    bin_name: str, index: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def map_remove_by_index_range(
    bin: str,
    index: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_index_range(
    bin_name: str,
    index_start: int,
    return_type: int,
    remove_amt: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_rank(
    bin: str, rank: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def map_remove_by_rank(
    bin_name: str, rank: int, return_type: int, ctx: Context | None = None
) -> Operation: ...
@overload
def map_remove_by_rank_range(
    bin: str,
    rank: int,
    return_type: int,
    count: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def map_remove_by_rank_range(
    bin_name: str,
    rank_start: int,
    return_type: int,
    remove_amt: int | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
