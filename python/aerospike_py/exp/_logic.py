"""Comparison, logic, branches and variables."""

from typing import Any, NamedTuple

from aerospike_py._aerospike import Expression
from aerospike_py._aerospike import pack_expression as pack
from aerospike_py.exp._kinds import (
    BOOL,
    COMPARABLE,
    GEO,
    LIST,
    NUMBER,
    OR_UNKNOWN,
    REMOVAL,
    SAME,
    STR,
    TEXT,
    VALUE,
    BoolOperand,
    GeoOperand,
    ListOperand,
    Operand,
    StrOperand,
    at_least,
)
from aerospike_py.exp._values import val

_COMPARED = COMPARABLE | SAME


def eq(left: Operand, right: Operand) -> Expression:
    """Whether two values of one type are equal.

    Integers and doubles are different types. Maps are compared only if both are ordered by their
    keys; otherwise the result is unknown. Raises TypeError for values of different types, and for
    GeoJSON and HyperLogLog, which can't be compared.

        >>> exp.eq(exp.int_bin("age"), 30)
        exp.eq(exp.int_bin('age'), 30)
    """
    return pack("eq", locals(), [1, ("left", _COMPARED), ("right", _COMPARED)])


def ne(left: Operand, right: Operand) -> Expression:
    """Whether two values of one type are not equal. See `eq`.

    >>> exp.ne(exp.string_bin("name"), "Ada")
    exp.ne(exp.string_bin('name'), 'Ada')
    """
    return pack("ne", locals(), [2, ("left", _COMPARED), ("right", _COMPARED)])


def gt(left: Operand, right: Operand) -> Expression:
    """Whether the left value is greater than the right one, of the same type. See `eq`.

    >>> exp.gt(exp.float_bin("score"), 9.5)
    exp.gt(exp.float_bin('score'), 9.5)
    """
    return pack("gt", locals(), [3, ("left", _COMPARED), ("right", _COMPARED)])


def ge(left: Operand, right: Operand) -> Expression:
    """Whether the left value is the right one, of the same type, or greater. See `eq`.

    >>> exp.ge(exp.int_bin("age"), 18)
    exp.ge(exp.int_bin('age'), 18)
    """
    return pack("ge", locals(), [4, ("left", _COMPARED), ("right", _COMPARED)])


def lt(left: Operand, right: Operand) -> Expression:
    """Whether the left value is less than the right one, of the same type. See `eq`.

    >>> exp.lt(exp.ttl(), 3600)
    exp.lt(exp.ttl(), 3600)
    """
    return pack("lt", locals(), [5, ("left", _COMPARED), ("right", _COMPARED)])


def le(left: Operand, right: Operand) -> Expression:
    """Whether the left value is the right one, of the same type, or less. See `eq`.

    >>> exp.le(exp.int_bin("age"), 65)
    exp.le(exp.int_bin('age'), 65)
    """
    return pack("le", locals(), [6, ("left", _COMPARED), ("right", _COMPARED)])


def and_(*exprs: BoolOperand) -> Expression:
    """Whether all of two or more expressions are true. False as soon as one is false.

    >>> exp.and_(exp.bin_exists("age"), exp.gt(exp.int_bin("age"), 18))
    exp.and_(exp.bin_exists('age'), exp.gt(exp.int_bin('age'), 18))
    """
    at_least(2, "and_", exprs)
    return pack("and_", locals(), [16, ("*exprs", BOOL)])


def or_(*exprs: BoolOperand) -> Expression:
    """Whether any of two or more expressions is true. True as soon as one is true.

    >>> exp.or_(exp.eq(exp.int_bin("age"), 1), exp.eq(exp.int_bin("age"), 2))
    exp.or_(exp.eq(exp.int_bin('age'), 1), exp.eq(exp.int_bin('age'), 2))
    """
    at_least(2, "or_", exprs)
    return pack("or_", locals(), [17, ("*exprs", BOOL)])


def not_(expr: BoolOperand) -> Expression:
    """Whether an expression is false.

    >>> exp.not_(exp.bin_exists("age"))
    exp.not_(exp.bin_exists('age'))
    """
    return pack("not_", locals(), [18, ("expr", BOOL)])


def xor_(*exprs: BoolOperand) -> Expression:
    """Whether exactly one of two or more expressions is true.

    >>> exp.xor_(exp.bin_exists("email"), exp.bin_exists("phone"))
    exp.xor_(exp.bin_exists('email'), exp.bin_exists('phone'))
    """
    at_least(2, "xor_", exprs)
    return pack("xor_", locals(), [19, ("*exprs", BOOL)])


def regex_compare(regex: str, flags: int, bin_expr: StrOperand) -> Expression:
    """Whether text matches a POSIX regular expression anywhere in it.

    `flags` are REGEX_* combined by `|`. The server answers InvalidArgError to a malformed pattern.

        >>> exp.regex_compare("^a.*", REGEX_ICASE, exp.string_bin("name"))
        exp.regex_compare('^a.*', 2, exp.string_bin('name'))
    """
    return pack(
        "regex_compare", locals(), [7, ("flags", NUMBER), ("regex", TEXT), ("bin_expr", STR)]
    )


def geo_compare(left: GeoOperand, right: GeoOperand) -> Expression:
    """Whether a point is within a region; either may come first.

    >>> spot = GeoJSON({"type": "Point", "coordinates": [1.0, 2.0]})
    >>> exp.geo_compare(exp.geo_bin("area"), spot).result_type() == EXP_TYPE_BOOL
    True
    """
    return pack("geo_compare", locals(), [8, ("left", GEO), ("right", GEO)])


def in_list(value: Operand, list_expr: ListOperand) -> Expression:
    """Whether a value is in a list (server 8.1.1 and later).

    >>> exp.in_list(exp.int_bin("age"), [18, 21])
    exp.in_list(exp.int_bin('age'), [18, 21])
    """
    return pack("in_list", locals(), [9, ("value", VALUE), ("list_expr", LIST)])


def unknown() -> Expression:
    """No value: a filter that results in it leaves the record out, an operation fails.

    As a value of `cond` it goes with values of any type.

        >>> exp.cond(exp.bin_exists("age"), exp.int_bin("age"), exp.unknown())
        exp.cond(exp.bin_exists('age'), exp.int_bin('age'), exp.unknown())
    """
    return pack("unknown", {}, [0])


def cond(*exprs: Operand) -> Expression:
    """The value after the first test that is true, or the last value if none is.

    Takes tests and values in turn, and a last value: `cond(test, value, test, value, value)`. All
    values are of one type, or `unknown()`. Raises ValueError for an even number of arguments, and
    for fewer than 3.

        >>> exp.cond(exp.lt(exp.int_bin("age"), 18), "minor", "adult")
        exp.cond(exp.lt(exp.int_bin('age'), 18), 'minor', 'adult')
    """
    if len(exprs) < 3 or len(exprs) % 2 == 0:
        raise ValueError(
            f"exp.cond() takes pairs of a test and a value, and a last value, not {len(exprs)} "
            "arguments"
        )
    given = locals()
    last = len(exprs) - 1
    value = VALUE | REMOVAL | SAME | OR_UNKNOWN
    kinds = [BOOL if index % 2 == 0 and index < last else value for index in range(last + 1)]
    return pack("cond", given, [123, *(("exprs", kind, index) for index, kind in enumerate(kinds))])


class Definition(NamedTuple):
    """A variable, made by `def_`, for `let_`: its `name`, and the `value` that it stands for.

    >>> exp.def_("n", exp.int_bin("age")).name
    'n'
    """

    name: str
    value: Expression

    def __repr__(self) -> str:
        return f"exp.def_({self.name!r}, {self.value!r})"


def def_(name: str, value: Operand) -> Definition:
    """A variable for `let_`. Its name has letters, digits and underscores, no digit first.

    >>> exp.def_("n", exp.int_bin("age"))
    exp.def_('n', exp.int_bin('age'))
    """
    if not isinstance(name, str):
        raise TypeError(f"exp.def_(): name must be str, not {type(name).__name__}")
    if not (name.isascii() and name.isidentifier()):
        raise ValueError(
            "exp.def_(): name must have letters, digits and underscores and begin with no digit, "
            f"not {name!r}"
        )
    return Definition(name, val(value))


def let_(*exprs: Definition | Operand) -> Expression:
    """The last expression, in which the variables that come before it are known.

    A variable may use those before it. Raises TypeError if something other than `def_` comes before
    the last, ValueError without variables or if two have one name.

        >>> exp.let_(exp.def_("n", exp.int_bin("age")), exp.num_mul(exp.var("n"), exp.var("n")))
        exp.let_(exp.def_('n', exp.int_bin('age')), exp.num_mul(exp.var('n'), exp.var('n')))
    """
    at_least(2, "let_", exprs)
    given = locals()
    items: list[Any] = [125]
    names = set()
    for index, definition in enumerate(exprs[:-1]):
        if not isinstance(definition, Definition):
            raise TypeError(
                f"exp.let_(): exprs[{index}] must be made by def_, not {type(definition).__name__}"
            )
        if definition.name in names:
            raise ValueError(f"exp.let_(): two variables are called {definition.name!r}")
        names.add(definition.name)
        items += [definition.name, bytes(definition.value)]
    return pack("let_", given, [*items, ("exprs", VALUE | REMOVAL, len(exprs) - 1)])


def var(name: str) -> Expression:
    """The value of a variable of the `let_` around.

    >>> exp.var("n")
    exp.var('n')
    """
    return pack("var", locals(), [124, ("name", TEXT)])
