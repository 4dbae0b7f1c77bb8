# Made by scripts/stubs.py of the module of this name: change that one, and run the script.
from collections.abc import Sequence
from typing import Any, overload

from aerospike_py.types import HLLPolicy, HyperLogLog, Operation

__all__ = [
    "hll_add",
    "hll_describe",
    "hll_fold",
    "hll_get_count",
    "hll_get_intersect_count",
    "hll_get_similarity",
    "hll_get_union",
    "hll_get_union_count",
    "hll_init",
    "hll_refresh_count",
    "hll_set_union",
]

@overload
def hll_init(
    bin: str,
    index_bit_count: int | None = None,
    minhash_bit_count: int | None = None,
    *,
    policy: HLLPolicy | None = None,
) -> Operation: ...
@overload
def hll_init(
    bin_name: str,
    index_bit_count: int | None = None,
    mh_bit_count: int | None = None,
    *,
    policy: HLLPolicy | None = None,
) -> Operation: ...
@overload
def hll_add(
    bin: str,
    values: Sequence[Any],
    index_bit_count: int | None = None,
    minhash_bit_count: int | None = None,
    *,
    policy: HLLPolicy | None = None,
) -> Operation: ...
@overload
def hll_add(
    bin_name: str,
    values: Sequence[Any],
    index_bit_count: int | None = None,
    mh_bit_count: int | None = None,
    *,
    policy: HLLPolicy | None = None,
) -> Operation: ...
@overload
def hll_set_union(
    bin: str, values: Sequence[HyperLogLog], *, policy: HLLPolicy | None = None
) -> Operation: ...
@overload
def hll_set_union(
    bin_name: str, hll_list: Sequence[HyperLogLog], *, policy: HLLPolicy | None = None
) -> Operation: ...
@overload
def hll_refresh_count(bin: str) -> Operation: ...
@overload
def hll_refresh_count(bin_name: str) -> Operation: ...
@overload
def hll_fold(bin: str, index_bit_count: int) -> Operation: ...
@overload
def hll_fold(bin_name: str, index_bit_count: int) -> Operation: ...
@overload
def hll_get_count(bin: str) -> Operation: ...
@overload
def hll_get_count(bin_name: str) -> Operation: ...
@overload
def hll_describe(bin: str) -> Operation: ...
@overload
def hll_describe(bin_name: str) -> Operation: ...
@overload
def hll_get_union(bin: str, values: Sequence[HyperLogLog]) -> Operation: ...
@overload
def hll_get_union(bin_name: str, hll_list: Sequence[HyperLogLog]) -> Operation: ...
@overload
def hll_get_union_count(bin: str, values: Sequence[HyperLogLog]) -> Operation: ...
@overload
def hll_get_union_count(bin_name: str, hll_list: Sequence[HyperLogLog]) -> Operation: ...
@overload
def hll_get_intersect_count(bin: str, values: Sequence[HyperLogLog]) -> Operation: ...
@overload
def hll_get_intersect_count(bin_name: str, hll_list: Sequence[HyperLogLog]) -> Operation: ...
@overload
def hll_get_similarity(bin: str, values: Sequence[HyperLogLog]) -> Operation: ...
@overload
def hll_get_similarity(bin_name: str, hll_list: Sequence[HyperLogLog]) -> Operation: ...
