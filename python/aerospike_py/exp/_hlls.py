"""HyperLogLogs: sketches that estimate how many different values were added to them.

Functions that change a HyperLogLog result in the changed one; the record stays as it is. `policy`
is an `HLLPolicy`, for the flags HLL_WRITE_*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aerospike_py._aerospike import Expression
from aerospike_py._aerospike import pack_expression as pack
from aerospike_py.exp._collections import CALL, CHANGING, bits, number, settings
from aerospike_py.exp._kinds import BLOB, BY_NAME, FLOAT, HLL, INT, LIST

if TYPE_CHECKING:
    from aerospike_py._policies import HLLPolicy
    from aerospike_py.exp._kinds import IntOperand, ListOperand
    from aerospike_py.types import HyperLogLog

_HLL = 2
_BIN = ("bin", HLL | BY_NAME)
_OTHERS = ("hlls", LIST | HLL | BLOB)
_UNSET = -1


def _flags(name: str, policy: HLLPolicy | None) -> int:
    (flags,) = settings(name, policy or {}, [("flags", "hll_write_flags")])
    return bits(name, flags)


def _read(name: str, args: dict[str, Any], result: int, items: list[Any]) -> Expression:
    return pack(name, args, [CALL, number(result), _HLL, items, _BIN])


def _modify(name: str, args: dict[str, Any], items: list[Any]) -> Expression:
    items = [*items, _flags(name, args["policy"])]
    return pack(name, args, [CALL, number(HLL), _HLL | CHANGING, items, _BIN])


def _or_unset(parameter: str, value: IntOperand | None) -> Any:
    return _UNSET if value is None else (parameter, INT)


def hll_init(
    bin: Expression | str,
    index_bits: IntOperand | None = None,
    minhash_bits: IntOperand | None = None,
    policy: HLLPolicy | None = None,
) -> Expression:
    """An empty HyperLogLog with 4 to 16 index bits and 0 or 4 to 51 minhash bits.

    Left out, they stay what they are.

    >>> exp.hll_init("visitors", 12)
    exp.hll_init('visitors', 12)
    """
    items = [_or_unset("index_bits", index_bits), _or_unset("minhash_bits", minhash_bits)]
    args = {"bin": bin, "index_bits": index_bits, "minhash_bits": minhash_bits, "policy": policy}
    return _modify("hll_init", args, [0, *items])


def hll_add(
    bin: Expression | str,
    values: ListOperand,
    index_bits: IntOperand | None = None,
    minhash_bits: IntOperand | None = None,
    policy: HLLPolicy | None = None,
) -> Expression:
    """The HyperLogLog with values added, made with these bits if there is none.

    >>> exp.hll_count(exp.hll_add("visitors", ["ada"]))
    exp.hll_count(exp.hll_add('visitors', ['ada']))
    """
    args = {
        "bin": bin,
        "values": values,
        "index_bits": index_bits,
        "minhash_bits": minhash_bits,
        "policy": policy,
    }
    items = [_or_unset("index_bits", index_bits), _or_unset("minhash_bits", minhash_bits)]
    return _modify("hll_add", args, [1, ("values", LIST), *items])


def hll_count(bin: Expression | str) -> Expression:
    """About how many different values were added.

    >>> exp.gt(exp.hll_count("visitors"), 1000)
    exp.gt(exp.hll_count('visitors'), 1000)
    """
    return _read("hll_count", locals(), INT, [50])


def hll_union(
    bin: Expression | str, hlls: Expression | HyperLogLog | list[HyperLogLog]
) -> Expression:
    """The HyperLogLog of all values that were added to this one or to one of others.

    >>> exp.hll_count(exp.hll_union("visitors", exp.hll_bin("others")))
    exp.hll_count(exp.hll_union('visitors', exp.hll_bin('others')))
    """
    return _read("hll_union", locals(), HLL, [51, _OTHERS])


def hll_union_count(
    bin: Expression | str, hlls: Expression | HyperLogLog | list[HyperLogLog]
) -> Expression:
    """About how many different values were added to this one or to one of others.

    >>> exp.hll_union_count("visitors", exp.hll_bin("others"))
    exp.hll_union_count('visitors', exp.hll_bin('others'))
    """
    return _read("hll_union_count", locals(), INT, [52, _OTHERS])


def hll_intersect_count(
    bin: Expression | str, hlls: Expression | HyperLogLog | list[HyperLogLog]
) -> Expression:
    """About how many different values were added to this one and to all others.

    >>> exp.hll_intersect_count("visitors", exp.hll_bin("others"))
    exp.hll_intersect_count('visitors', exp.hll_bin('others'))
    """
    return _read("hll_intersect_count", locals(), INT, [53, _OTHERS])


def hll_similarity(
    bin: Expression | str, hlls: Expression | HyperLogLog | list[HyperLogLog]
) -> Expression:
    """How similar the HyperLogLogs are, from 0.0 to 1.0.

    >>> exp.gt(exp.hll_similarity("visitors", exp.hll_bin("others")), 0.5)
    exp.gt(exp.hll_similarity('visitors', exp.hll_bin('others')), 0.5)
    """
    return _read("hll_similarity", locals(), FLOAT, [54, _OTHERS])


def hll_describe(bin: Expression | str) -> Expression:
    """A list of the index bits and the minhash bits.

    >>> exp.hll_describe("visitors")
    exp.hll_describe('visitors')
    """
    return _read("hll_describe", locals(), LIST, [55])


def hll_may_contain(bin: Expression | str, values: ListOperand) -> Expression:
    """1 if all values may have been added, 0 if one surely was not.

    >>> exp.eq(exp.hll_may_contain("visitors", ["ada"]), 1)
    exp.eq(exp.hll_may_contain('visitors', ['ada']), 1)
    """
    return _read("hll_may_contain", locals(), INT, [56, ("values", LIST)])
