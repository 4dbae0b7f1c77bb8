"""Arithmetic, and the bits of integers.

Integers and doubles don't mix: `to_int` and `to_float` make one of the other.
"""

from aerospike_py._aerospike import Expression
from aerospike_py._aerospike import pack_expression as pack
from aerospike_py.exp._kinds import (
    BOOL,
    FLOAT,
    INT,
    NUMERIC,
    SAME,
    BoolOperand,
    FloatOperand,
    IntOperand,
    NumericOperand,
    at_least,
)


def num_add(*exprs: NumericOperand) -> Expression:
    """The sum of numbers of one type.

    >>> exp.num_add(exp.int_bin("a"), exp.int_bin("b"), 1)
    exp.num_add(exp.int_bin('a'), exp.int_bin('b'), 1)
    """
    at_least(1, "num_add", exprs)
    return pack("num_add", locals(), [20, ("*exprs", NUMERIC | SAME)])


def num_sub(*exprs: NumericOperand) -> Expression:
    """The first number less all others, of one type; a single one is negated.

    >>> exp.num_sub(exp.int_bin("a"), 1)
    exp.num_sub(exp.int_bin('a'), 1)
    """
    at_least(1, "num_sub", exprs)
    return pack("num_sub", locals(), [21, ("*exprs", NUMERIC | SAME)])


def num_mul(*exprs: NumericOperand) -> Expression:
    """The product of numbers of one type.

    >>> exp.num_mul(exp.float_bin("price"), 1.19)
    exp.num_mul(exp.float_bin('price'), 1.19)
    """
    at_least(1, "num_mul", exprs)
    return pack("num_mul", locals(), [22, ("*exprs", NUMERIC | SAME)])


def num_div(*exprs: NumericOperand) -> Expression:
    """The first number divided by all others, of one type; a single one is inverted.

    Division of integers cuts off what is left.

        >>> exp.num_div(exp.int_bin("total"), exp.int_bin("count"))
        exp.num_div(exp.int_bin('total'), exp.int_bin('count'))
    """
    at_least(1, "num_div", exprs)
    return pack("num_div", locals(), [23, ("*exprs", NUMERIC | SAME)])


def num_pow(base: FloatOperand, exponent: FloatOperand) -> Expression:
    """A double raised to the power of another one.

    >>> exp.num_pow(exp.float_bin("x"), 2.0)
    exp.num_pow(exp.float_bin('x'), 2.0)
    """
    return pack("num_pow", locals(), [24, ("base", FLOAT), ("exponent", FLOAT)])


def num_log(num: FloatOperand, base: FloatOperand) -> Expression:
    """The logarithm of a double to a base.

    >>> exp.num_log(exp.float_bin("x"), 10.0)
    exp.num_log(exp.float_bin('x'), 10.0)
    """
    return pack("num_log", locals(), [25, ("num", FLOAT), ("base", FLOAT)])


def num_mod(numerator: IntOperand, denominator: IntOperand) -> Expression:
    """What is left of an integer divided by another one.

    >>> exp.num_mod(exp.int_bin("n"), 2)
    exp.num_mod(exp.int_bin('n'), 2)
    """
    return pack("num_mod", locals(), [26, ("numerator", INT), ("denominator", INT)])


def num_abs(value: NumericOperand) -> Expression:
    """A number without its sign.

    >>> exp.num_abs(exp.int_bin("balance"))
    exp.num_abs(exp.int_bin('balance'))
    """
    return pack("num_abs", locals(), [27, ("value", NUMERIC)])


def num_floor(num: FloatOperand) -> Expression:
    """The greatest whole double that is not above a double.

    >>> exp.num_floor(exp.float_bin("x"))
    exp.num_floor(exp.float_bin('x'))
    """
    return pack("num_floor", locals(), [28, ("num", FLOAT)])


def num_ceil(num: FloatOperand) -> Expression:
    """The least whole double that is not below a double.

    >>> exp.num_ceil(exp.float_bin("x"))
    exp.num_ceil(exp.float_bin('x'))
    """
    return pack("num_ceil", locals(), [29, ("num", FLOAT)])


def to_int(num: FloatOperand) -> Expression:
    """A double as an integer, without its fraction.

    >>> exp.to_int(exp.float_bin("x"))
    exp.to_int(exp.float_bin('x'))
    """
    return pack("to_int", locals(), [30, ("num", FLOAT)])


def to_float(num: IntOperand) -> Expression:
    """An integer as a double.

    >>> exp.to_float(exp.int_bin("n"))
    exp.to_float(exp.int_bin('n'))
    """
    return pack("to_float", locals(), [31, ("num", INT)])


def min_(*exprs: NumericOperand) -> Expression:
    """The least of numbers of one type.

    >>> exp.min_(exp.int_bin("a"), exp.int_bin("b"))
    exp.min_(exp.int_bin('a'), exp.int_bin('b'))
    """
    at_least(1, "min_", exprs)
    return pack("min_", locals(), [50, ("*exprs", NUMERIC | SAME)])


def max_(*exprs: NumericOperand) -> Expression:
    """The greatest of numbers of one type.

    >>> exp.max_(exp.int_bin("a"), 100)
    exp.max_(exp.int_bin('a'), 100)
    """
    at_least(1, "max_", exprs)
    return pack("max_", locals(), [51, ("*exprs", NUMERIC | SAME)])


def int_and(*exprs: IntOperand) -> Expression:
    """The bits that all integers have.

    >>> exp.int_and(exp.int_bin("flags"), 0xFF)
    exp.int_and(exp.int_bin('flags'), 255)
    """
    at_least(1, "int_and", exprs)
    return pack("int_and", locals(), [32, ("*exprs", INT)])


def int_or(*exprs: IntOperand) -> Expression:
    """The bits that any integer has.

    >>> exp.int_or(exp.int_bin("flags"), 1)
    exp.int_or(exp.int_bin('flags'), 1)
    """
    at_least(1, "int_or", exprs)
    return pack("int_or", locals(), [33, ("*exprs", INT)])


def int_xor(*exprs: IntOperand) -> Expression:
    """The bits that an odd number of the integers have.

    >>> exp.int_xor(exp.int_bin("a"), exp.int_bin("b"))
    exp.int_xor(exp.int_bin('a'), exp.int_bin('b'))
    """
    at_least(1, "int_xor", exprs)
    return pack("int_xor", locals(), [34, ("*exprs", INT)])


def int_not(expr: IntOperand) -> Expression:
    """An integer with every bit turned over.

    >>> exp.int_not(exp.int_bin("flags"))
    exp.int_not(exp.int_bin('flags'))
    """
    return pack("int_not", locals(), [35, ("expr", INT)])


def int_lshift(value: IntOperand, shift: IntOperand) -> Expression:
    """An integer shifted left by a number of bits.

    >>> exp.int_lshift(exp.int_bin("n"), 8)
    exp.int_lshift(exp.int_bin('n'), 8)
    """
    return pack("int_lshift", locals(), [36, ("value", INT), ("shift", INT)])


def int_rshift(value: IntOperand, shift: IntOperand) -> Expression:
    """An integer shifted right by a number of bits, zeros coming in.

    >>> exp.int_rshift(exp.int_bin("n"), 8)
    exp.int_rshift(exp.int_bin('n'), 8)
    """
    return pack("int_rshift", locals(), [37, ("value", INT), ("shift", INT)])


def int_arshift(value: IntOperand, shift: IntOperand) -> Expression:
    """An integer shifted right by a number of bits, its sign coming in.

    >>> exp.int_arshift(exp.int_bin("n"), 8)
    exp.int_arshift(exp.int_bin('n'), 8)
    """
    return pack("int_arshift", locals(), [38, ("value", INT), ("shift", INT)])


def int_count(expr: IntOperand) -> Expression:
    """How many bits of an integer are 1.

    >>> exp.int_count(exp.int_bin("flags"))
    exp.int_count(exp.int_bin('flags'))
    """
    return pack("int_count", locals(), [39, ("expr", INT)])


def int_lscan(value: IntOperand, search: BoolOperand) -> Expression:
    """The first bit from the left, the highest, that is `search`; -1 if none is.

    >>> exp.int_lscan(exp.int_bin("flags"), True)
    exp.int_lscan(exp.int_bin('flags'), True)
    """
    return pack("int_lscan", locals(), [40, ("value", INT), ("search", BOOL)])


def int_rscan(value: IntOperand, search: BoolOperand) -> Expression:
    """The first bit from the right that is `search`, counted from the left; -1 if none is.

    >>> exp.int_rscan(exp.int_bin("flags"), True)
    exp.int_rscan(exp.int_bin('flags'), True)
    """
    return pack("int_rscan", locals(), [41, ("value", INT), ("search", BOOL)])
