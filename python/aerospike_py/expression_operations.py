"""Operations that read or write what an expression results in.

Each function returns the dict of an operation, for `operate` and whatever else takes operations.
What is wrong in it is told by the call that it is given to. The official client's names of
arguments (`bin_name`, `expression_read_flags`, ...) may be used for keyword arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aerospike_py._builders import also_named
from aerospike_py._constants import (
    EXP_READ_DEFAULT,
    EXP_WRITE_DEFAULT,
    OP_EXPR_READ,
    OP_EXPR_WRITE,
)

if TYPE_CHECKING:
    from aerospike_py._aerospike import Expression
    from aerospike_py.types import Operation

__all__ = ["expression_read", "expression_write"]


@also_named(bin_name="bin", expression_read_flags="flags")
def expression_read(bin: str, expression: Expression, flags: int = EXP_READ_DEFAULT) -> Operation:
    """Read what an expression results in, as if it were in a bin of the name given.

    An expression without a value fails with `OpNotApplicable`; with EXP_READ_EVAL_NO_FAIL as
    `flags` the result is None.

    >>> from aerospike_py import exp
    >>> client.put(key, {"price": 40, "count": 3})
    >>> total = exp.num_mul(exp.int_bin("price"), exp.int_bin("count"))
    >>> client.operate(key, [expression_read("total", total)]).bins
    {'total': 120}
    """
    return {"op": OP_EXPR_READ, "bin": bin, "expression": expression, "flags": flags}


@also_named(bin_name="bin", expression_write_flags="flags")
def expression_write(bin: str, expression: Expression, flags: int = EXP_WRITE_DEFAULT) -> Operation:
    """Write what an expression results in to a bin.

    `flags` are EXP_WRITE_*, combined by `|`. An expression without a value fails
    with `OpNotApplicable` unless EXP_WRITE_EVAL_NO_FAIL is among them; one that results in nil
    deletes the bin if EXP_WRITE_ALLOW_DELETE is.

    >>> from aerospike_py import exp
    >>> client.put(key, {"price": 40, "count": 3})
    >>> total = exp.num_mul(exp.int_bin("price"), exp.int_bin("count"))
    >>> _ = client.operate(key, [expression_write("total", total)])
    >>> client.get(key).bins
    {'price': 40, 'count': 3, 'total': 120}
    """
    return {"op": OP_EXPR_WRITE, "bin": bin, "expression": expression, "flags": flags}
