"""Operations on HyperLogLogs, which estimate how many different values were added to them.

Each function returns the dict of an operation, its arguments under their names. A bin's
HyperLogLog is read as `HyperLogLog`, and others are given as such to operations that compare.
On a bin that does not exist, `hll_init` and `hll_add` make it if they have `index_bit_count`;
reading has the result None. A bin of another type fails with `BinTypeError`.

`policy` is an `HLLPolicy`, for the flags HLL_WRITE_*.

What is wrong in a dict is told by the call that it is given to. The official client's names of
arguments (`bin_name`, `mh_bit_count`, `hll_list`) may be used for keyword arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aerospike_py._builders import also_named
from aerospike_py._constants import (
    OP_HLL_ADD,
    OP_HLL_DESCRIBE,
    OP_HLL_FOLD,
    OP_HLL_GET_COUNT,
    OP_HLL_GET_INTERSECT_COUNT,
    OP_HLL_GET_SIMILARITY,
    OP_HLL_GET_UNION,
    OP_HLL_GET_UNION_COUNT,
    OP_HLL_INIT,
    OP_HLL_REFRESH_COUNT,
    OP_HLL_SET_UNION,
)

if TYPE_CHECKING:
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


@also_named(bin_name="bin", mh_bit_count="minhash_bit_count")
def hll_init(
    bin: str,
    index_bit_count: int | None = None,
    minhash_bit_count: int | None = None,
    *,
    policy: HLLPolicy | None = None,
) -> Operation:
    """Make an empty HyperLogLog, or empty one that exists; no result.

    `index_bit_count` is 4 to 16, `minhash_bit_count` 0 or 4 to 51, both together at most 64.
    Without them those of the one that exists stay.

    >>> client.operate(key, [hll_init("h", 12), hll_describe("h")]).bins
    {'h': [12, 0]}
    """
    return {
        "op": OP_HLL_INIT,
        "bin": bin,
        "index_bit_count": index_bit_count,
        "minhash_bit_count": minhash_bit_count,
        "policy": policy,
    }


@also_named(bin_name="bin", mh_bit_count="minhash_bit_count")
def hll_add(
    bin: str,
    values: Sequence[Any],
    index_bit_count: int | None = None,
    minhash_bit_count: int | None = None,
    *,
    policy: HLLPolicy | None = None,
) -> Operation:
    """Add values; the result is how many of them changed it.

    The bits are for one that does not exist yet, as in `hll_init`.

    >>> client.operate(key, [hll_add("h", ["a", "b", "a"], 12)]).bins
    {'h': 2}
    """
    return {
        "op": OP_HLL_ADD,
        "bin": bin,
        "values": values,
        "index_bit_count": index_bit_count,
        "minhash_bit_count": minhash_bit_count,
        "policy": policy,
    }


@also_named(bin_name="bin", hll_list="values")
def hll_set_union(
    bin: str, values: Sequence[HyperLogLog], *, policy: HLLPolicy | None = None
) -> Operation:
    """Make it the union of itself and others; no result.

    HLL_WRITE_ALLOW_FOLD permits that it takes over fewer bits from one of them.

    >>> _ = client.operate(key, [hll_add("h", ["a", "b"], 12, 8), hll_add("i", ["b", "c"], 12, 8)])
    >>> other = client.get(key).bins["i"]
    >>> client.operate(key, [hll_set_union("h", [other]), hll_get_count("h")]).bins
    {'h': 3}
    """
    return {"op": OP_HLL_SET_UNION, "bin": bin, "values": values, "policy": policy}


@also_named(bin_name="bin")
def hll_refresh_count(bin: str) -> Operation:
    """Compute the count that is stored, after bits were changed, and return it.

    >>> _ = client.operate(key, [hll_add("h", ["a", "b"], 12, 8), hll_add("i", ["b", "c"], 12, 8)])
    >>> client.operate(key, [hll_refresh_count("h")]).bins
    {'h': 2}
    """
    return {"op": OP_HLL_REFRESH_COUNT, "bin": bin}


@also_named(bin_name="bin")
def hll_fold(bin: str, index_bit_count: int) -> Operation:
    """Reduce the index bits; no result. One with minhash bits can't be folded.

    >>> _ = client.operate(key, [hll_add("h", ["a", "b"], 12)])
    >>> client.operate(key, [hll_fold("h", 8), hll_describe("h")]).bins
    {'h': [8, 0]}
    """
    return {"op": OP_HLL_FOLD, "bin": bin, "index_bit_count": index_bit_count}


@also_named(bin_name="bin")
def hll_get_count(bin: str) -> Operation:
    """Return the estimated number of different values that were added.

    >>> _ = client.operate(key, [hll_add("h", ["a", "b"], 12, 8), hll_add("i", ["b", "c"], 12, 8)])
    >>> client.operate(key, [hll_get_count("h")]).bins
    {'h': 2}
    """
    return {"op": OP_HLL_GET_COUNT, "bin": bin}


@also_named(bin_name="bin")
def hll_describe(bin: str) -> Operation:
    """Return its index bits and minhash bits, a list of two.

    >>> _ = client.operate(key, [hll_add("h", ["a", "b"], 12, 8), hll_add("i", ["b", "c"], 12, 8)])
    >>> client.operate(key, [hll_describe("h")]).bins
    {'h': [12, 8]}
    """
    return {"op": OP_HLL_DESCRIBE, "bin": bin}


@also_named(bin_name="bin", hll_list="values")
def hll_get_union(bin: str, values: Sequence[HyperLogLog]) -> Operation:
    """Return the union of it and others, a `HyperLogLog`; nothing changes.

    >>> _ = client.operate(key, [hll_add("h", ["a", "b"], 12, 8), hll_add("i", ["b", "c"], 12, 8)])
    >>> other = client.get(key).bins["i"]
    >>> type(client.operate(key, [hll_get_union("h", [other])]).bins["h"]).__name__
    'HyperLogLog'
    """
    return {"op": OP_HLL_GET_UNION, "bin": bin, "values": values}


@also_named(bin_name="bin", hll_list="values")
def hll_get_union_count(bin: str, values: Sequence[HyperLogLog]) -> Operation:
    """Return the estimated number of different values in it and others.

    >>> _ = client.operate(key, [hll_add("h", ["a", "b"], 12, 8), hll_add("i", ["b", "c"], 12, 8)])
    >>> other = client.get(key).bins["i"]
    >>> client.operate(key, [hll_get_union_count("h", [other])]).bins
    {'h': 3}
    """
    return {"op": OP_HLL_GET_UNION_COUNT, "bin": bin, "values": values}


@also_named(bin_name="bin", hll_list="values")
def hll_get_intersect_count(bin: str, values: Sequence[HyperLogLog]) -> Operation:
    """Return the estimated number of values that are in it and in every other.

    More than one other requires minhash bits.

    >>> _ = client.operate(key, [hll_add("h", ["a", "b"], 12, 8), hll_add("i", ["b", "c"], 12, 8)])
    >>> other = client.get(key).bins["i"]
    >>> client.operate(key, [hll_get_intersect_count("h", [other])]).bins
    {'h': 1}
    """
    return {"op": OP_HLL_GET_INTERSECT_COUNT, "bin": bin, "values": values}


@also_named(bin_name="bin", hll_list="values")
def hll_get_similarity(bin: str, values: Sequence[HyperLogLog]) -> Operation:
    """Return how similar it and others are, from 0.0 to 1.0.

    >>> _ = client.operate(key, [hll_add("h", ["a", "b"], 12, 8), hll_add("i", ["b", "c"], 12, 8)])
    >>> same = client.get(key).bins["h"]
    >>> client.operate(key, [hll_get_similarity("h", [same])]).bins["h"] > 0.9
    True
    """
    return {"op": OP_HLL_GET_SIMILARITY, "bin": bin, "values": values}
