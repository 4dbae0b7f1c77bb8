"""Lists.

Functions that change a list result in the changed list; the record stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aerospike_py._constants import LIST_RETURN_VALUE
from aerospike_py.exp._collections import (
    given,
    list_flags,
    list_policy,
    modify,
    read,
    returning,
    several,
    single,
    upper,
)
from aerospike_py.exp._kinds import IN_COLLECTION, INT, LIST, NUMBER, NUMERIC, STR

if TYPE_CHECKING:
    from aerospike_py._aerospike import Expression
    from aerospike_py._policies import ListPolicy
    from aerospike_py.exp._kinds import (
        IntOperand,
        ListOperand,
        NumericOperand,
        Operand,
        StrOperand,
    )
    from aerospike_py.types import Context


def list_append(
    bin: ListOperand | str,
    value: Operand,
    policy: ListPolicy | None = None,
    ctx: Context | None = None,
) -> Expression:
    """The list with a value at its end.

    >>> exp.list_size(exp.list_append("tags", "new"))
    exp.list_size(exp.list_append('tags', 'new'))
    """
    return modify(
        "list_append",
        locals(),
        LIST,
        [1, ("value", IN_COLLECTION), *list_policy("list_append", policy)],
    )


def list_append_items(
    bin: ListOperand | str,
    values: ListOperand,
    policy: ListPolicy | None = None,
    ctx: Context | None = None,
) -> Expression:
    """The list with the items of another one at its end.

    >>> exp.list_append_items("tags", ["a", "b"])
    exp.list_append_items('tags', ['a', 'b'])
    """
    return modify(
        "list_append_items",
        locals(),
        LIST,
        [2, ("values", LIST), *list_policy("list_append_items", policy)],
    )


def list_insert(
    bin: ListOperand | str,
    index: IntOperand,
    value: Operand,
    policy: ListPolicy | None = None,
    ctx: Context | None = None,
) -> Expression:
    """The list with a value before the item at an index.

    >>> exp.list_insert("tags", 0, "first")
    exp.list_insert('tags', 0, 'first')
    """
    return modify(
        "list_insert",
        locals(),
        LIST,
        [3, ("index", INT), ("value", IN_COLLECTION), *list_flags("list_insert", policy)],
    )


def list_insert_items(
    bin: ListOperand | str,
    index: IntOperand,
    values: ListOperand,
    policy: ListPolicy | None = None,
    ctx: Context | None = None,
) -> Expression:
    """The list with the items of another one before the item at an index.

    >>> exp.list_insert_items("tags", 0, ["a", "b"])
    exp.list_insert_items('tags', 0, ['a', 'b'])
    """
    return modify(
        "list_insert_items",
        locals(),
        LIST,
        [4, ("index", INT), ("values", LIST), *list_flags("list_insert_items", policy)],
    )


def list_set(
    bin: ListOperand | str,
    index: IntOperand,
    value: Operand,
    policy: ListPolicy | None = None,
    ctx: Context | None = None,
) -> Expression:
    """The list with a value in place of the item at an index.

    >>> exp.list_set("tags", 0, "first")
    exp.list_set('tags', 0, 'first')
    """
    return modify(
        "list_set",
        locals(),
        LIST,
        [9, ("index", INT), ("value", IN_COLLECTION), *list_flags("list_set", policy)],
    )


def list_increment(
    bin: ListOperand | str,
    index: IntOperand,
    value: NumericOperand = 1,
    policy: ListPolicy | None = None,
    ctx: Context | None = None,
) -> Expression:
    """The list with a number added to the one at an index.

    >>> exp.list_increment("counts", 0, 5)
    exp.list_increment('counts', 0, 5)
    """
    return modify(
        "list_increment",
        locals(),
        LIST,
        [12, ("index", INT), ("value", NUMERIC), *list_policy("list_increment", policy)],
    )


def list_clear(bin: ListOperand | str, ctx: Context | None = None) -> Expression:
    """The list without any item.

    >>> exp.list_clear("tags")
    exp.list_clear('tags')
    """
    return modify("list_clear", locals(), LIST, [11])


def list_sort(
    bin: ListOperand | str,
    sort_flags: int = 0,
    ctx: Context | None = None,
) -> Expression:
    """The list sorted; `sort_flags` are LIST_SORT_* combined by `|`.

    >>> exp.list_sort("tags", LIST_SORT_DESCENDING)
    exp.list_sort('tags', 1)
    """
    return modify("list_sort", locals(), LIST, [13, ("sort_flags", NUMBER)])


def list_size(bin: ListOperand | str, ctx: Context | None = None) -> Expression:
    """How many items the list has.

    >>> exp.gt(exp.list_size("tags"), 3)
    exp.gt(exp.list_size('tags'), 3)
    """
    return read("list_size", locals(), LIST, INT, [16])


def list_join(
    bin: ListOperand | str,
    separator: StrOperand | None = None,
    ctx: Context | None = None,
) -> Expression:
    """The texts in the list one after the other, a separator between them (server 8.2 and later).

    >>> exp.list_join("tags", ", ")
    exp.list_join('tags', ', ')
    """
    return read("list_join", locals(), LIST, STR, [28, *given(separator, ("separator", STR))])


def list_get_by_index(
    bin: ListOperand | str,
    index: IntOperand,
    return_type: int,
    value_type: int | None = None,
    ctx: Context | None = None,
) -> Expression:
    """The item at an index, from the end if that is negative.

    `return_type` is LIST_RETURN_*. With LIST_RETURN_VALUE, `value_type` says what the item is: an
    EXP_TYPE_*. The expression has no value if there is no such item.

    >>> exp.list_get_by_index("tags", 0, LIST_RETURN_VALUE, EXP_TYPE_STRING)
    exp.list_get_by_index('tags', 0, 7, 3)
    """
    return read(
        "list_get_by_index",
        locals(),
        LIST,
        single("list_get_by_index", "list", return_type, value_type),
        [19, returning(return_type), ("index", INT)],
    )


def list_get_by_index_range(
    bin: ListOperand | str,
    index: IntOperand,
    return_type: int,
    count: IntOperand | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The items from an index on: `count` of them, or all to the end.

    `return_type` is LIST_RETURN_*. `inverted` selects all items but those.

    >>> exp.list_get_by_index_range("tags", -2, LIST_RETURN_VALUE)
    exp.list_get_by_index_range('tags', -2, 7)
    """
    return read(
        "list_get_by_index_range",
        locals(),
        LIST,
        several("list_get_by_index_range", "list", return_type),
        [24, returning(return_type, inverted), ("index", INT), *given(count, ("count", INT))],
    )


def list_get_by_rank(
    bin: ListOperand | str,
    rank: IntOperand,
    return_type: int,
    value_type: int | None = None,
    ctx: Context | None = None,
) -> Expression:
    """The item at a rank: 0 is the least, -1 the greatest.

    `return_type` is LIST_RETURN_*. With LIST_RETURN_VALUE, `value_type` says what the item is: an
    EXP_TYPE_*. The expression has no value if there is no such item.

    >>> exp.list_get_by_rank("scores", -1, LIST_RETURN_VALUE, EXP_TYPE_INT)
    exp.list_get_by_rank('scores', -1, 7, 2)
    """
    return read(
        "list_get_by_rank",
        locals(),
        LIST,
        single("list_get_by_rank", "list", return_type, value_type),
        [21, returning(return_type), ("rank", INT)],
    )


def list_get_by_rank_range(
    bin: ListOperand | str,
    rank: IntOperand,
    return_type: int,
    count: IntOperand | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The items from a rank on: `count` of them, or all to the greatest.

    `return_type` is LIST_RETURN_*. `inverted` selects all items but those.

    >>> exp.list_get_by_rank_range("scores", -3, LIST_RETURN_VALUE)
    exp.list_get_by_rank_range('scores', -3, 7)
    """
    return read(
        "list_get_by_rank_range",
        locals(),
        LIST,
        several("list_get_by_rank_range", "list", return_type),
        [26, returning(return_type, inverted), ("rank", INT), *given(count, ("count", INT))],
    )


def list_get_by_value(
    bin: ListOperand | str,
    value: Operand,
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The items that equal a value.

    `return_type` is LIST_RETURN_*. `inverted` selects all items but those.

    >>> exp.gt(exp.list_get_by_value("tags", "new", LIST_RETURN_COUNT), 1)
    exp.gt(exp.list_get_by_value('tags', 'new', 5), 1)
    """
    return read(
        "list_get_by_value",
        locals(),
        LIST,
        several("list_get_by_value", "list", return_type),
        [22, returning(return_type, inverted), ("value", IN_COLLECTION)],
    )


def list_get_by_value_list(
    bin: ListOperand | str,
    values: ListOperand,
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The items that equal any of several values.

    `return_type` is LIST_RETURN_*. `inverted` selects all items but those.

    >>> exp.list_get_by_value_list("tags", ["a", "b"], LIST_RETURN_EXISTS)
    exp.list_get_by_value_list('tags', ['a', 'b'], 13)
    """
    return read(
        "list_get_by_value_list",
        locals(),
        LIST,
        several("list_get_by_value_list", "list", return_type),
        [23, returning(return_type, inverted), ("values", LIST)],
    )


def list_get_by_value_range(
    bin: ListOperand | str,
    begin: Operand = None,
    end: Operand = None,
    return_type: int = LIST_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The items between two values.

    `begin` is part of the range, `end` is not; None is no bound.
    `return_type` is LIST_RETURN_*. `inverted` selects all items but those.

    >>> exp.list_get_by_value_range("scores", 10, 20, LIST_RETURN_COUNT)
    exp.list_get_by_value_range('scores', 10, 20, 5)
    """
    return read(
        "list_get_by_value_range",
        locals(),
        LIST,
        several("list_get_by_value_range", "list", return_type),
        [25, returning(return_type, inverted), ("begin", IN_COLLECTION), *upper(end)],
    )


def list_get_by_value_rel_rank_range(
    bin: ListOperand | str,
    value: Operand,
    rank: IntOperand,
    return_type: int,
    count: IntOperand | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The items from a rank on that is counted from a value.

    `rank` 0 is the first item that is not less than the value, -1 the one before. `count` items, or
    all to the greatest.
    `return_type` is LIST_RETURN_*. `inverted` selects all items but those.

    >>> exp.list_get_by_value_rel_rank_range("scores", 50, -1, LIST_RETURN_VALUE, 1)
    exp.list_get_by_value_rel_rank_range('scores', 50, -1, 7, 1)
    """
    return read(
        "list_get_by_value_rel_rank_range",
        locals(),
        LIST,
        several("list_get_by_value_rel_rank_range", "list", return_type),
        [
            27,
            returning(return_type, inverted),
            ("value", IN_COLLECTION),
            ("rank", INT),
            *given(count, ("count", INT)),
        ],
    )


def list_remove_by_index(
    bin: ListOperand | str,
    index: IntOperand,
    ctx: Context | None = None,
) -> Expression:
    """The list without the item at an index.

    >>> exp.list_remove_by_index("tags", -1)
    exp.list_remove_by_index('tags', -1)
    """
    return modify("list_remove_by_index", locals(), LIST, [32, 0, ("index", INT)])


def list_remove_by_index_range(
    bin: ListOperand | str,
    index: IntOperand,
    count: IntOperand | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The list without the items from an index on: `count` of them, or all to the end.

    `inverted` keeps those and removes the others.

    >>> exp.list_remove_by_index_range("tags", 0, 2)
    exp.list_remove_by_index_range('tags', 0, 2)
    """
    return modify(
        "list_remove_by_index_range",
        locals(),
        LIST,
        [37, returning(0, inverted), ("index", INT), *given(count, ("count", INT))],
    )


def list_remove_by_rank(
    bin: ListOperand | str,
    rank: IntOperand,
    ctx: Context | None = None,
) -> Expression:
    """The list without the item at a rank.

    >>> exp.list_remove_by_rank("scores", 0)
    exp.list_remove_by_rank('scores', 0)
    """
    return modify("list_remove_by_rank", locals(), LIST, [34, 0, ("rank", INT)])


def list_remove_by_rank_range(
    bin: ListOperand | str,
    rank: IntOperand,
    count: IntOperand | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The list without the items from a rank on: `count` of them, or all to the greatest.

    `inverted` keeps those and removes the others.

    >>> exp.list_remove_by_rank_range("scores", 0, 2)
    exp.list_remove_by_rank_range('scores', 0, 2)
    """
    return modify(
        "list_remove_by_rank_range",
        locals(),
        LIST,
        [39, returning(0, inverted), ("rank", INT), *given(count, ("count", INT))],
    )


def list_remove_by_value(
    bin: ListOperand | str,
    value: Operand,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The list without the items that equal a value. `inverted` keeps those and removes the others.

    >>> exp.list_remove_by_value("tags", "old")
    exp.list_remove_by_value('tags', 'old')
    """
    return modify(
        "list_remove_by_value",
        locals(),
        LIST,
        [35, returning(0, inverted), ("value", IN_COLLECTION)],
    )


def list_remove_by_value_list(
    bin: ListOperand | str,
    values: ListOperand,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The list without the items that equal any of several values.

    `inverted` keeps those and removes the others.

    >>> exp.list_remove_by_value_list("tags", ["a", "b"])
    exp.list_remove_by_value_list('tags', ['a', 'b'])
    """
    return modify(
        "list_remove_by_value_list", locals(), LIST, [36, returning(0, inverted), ("values", LIST)]
    )


def list_remove_by_value_range(
    bin: ListOperand | str,
    begin: Operand = None,
    end: Operand = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The list without the items between two values.

    `begin` is part of the range, `end` is not; None is no bound.
    `inverted` keeps those and removes the others.

    >>> exp.list_remove_by_value_range("scores", None, 10)
    exp.list_remove_by_value_range('scores', None, 10)
    """
    return modify(
        "list_remove_by_value_range",
        locals(),
        LIST,
        [38, returning(0, inverted), ("begin", IN_COLLECTION), *upper(end)],
    )


def list_remove_by_value_rel_rank_range(
    bin: ListOperand | str,
    value: Operand,
    rank: IntOperand,
    count: IntOperand | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The list without the items from a rank on that is counted from a value.

    `rank` 0 is the first item that is not less than the value, -1 the one before. `count` items, or
    all to the greatest.
    `inverted` keeps those and removes the others.

    >>> exp.list_remove_by_value_rel_rank_range("scores", 50, 0)
    exp.list_remove_by_value_rel_rank_range('scores', 50, 0)
    """
    return modify(
        "list_remove_by_value_rel_rank_range",
        locals(),
        LIST,
        [
            40,
            returning(0, inverted),
            ("value", IN_COLLECTION),
            ("rank", INT),
            *given(count, ("count", INT)),
        ],
    )
