"""Maps.

Functions that change a map result in the changed map; the record stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aerospike_py._aerospike import pack_expression as pack
from aerospike_py._constants import MAP_RETURN_VALUE
from aerospike_py.exp._collections import (
    given,
    map_order,
    map_policy,
    modify,
    read,
    returning,
    several,
    single,
    upper,
)
from aerospike_py.exp._kinds import BY_NAME, IN_COLLECTION, INT, LIST, MAP, NUMERIC

if TYPE_CHECKING:
    from aerospike_py._aerospike import Expression
    from aerospike_py._policies import MapPolicy
    from aerospike_py.exp._kinds import (
        IntOperand,
        ListOperand,
        MapOperand,
        NumericOperand,
        Operand,
    )
    from aerospike_py.types import Context


def map_put(
    bin: MapOperand | str,
    key: Operand,
    value: Operand,
    policy: MapPolicy | None = None,
    ctx: Context | None = None,
) -> Expression:
    """The map with a value at a key.

    >>> exp.map_put("scores", "ada", 10)
    exp.map_put('scores', 'ada', 10)
    """
    return modify(
        "map_put",
        locals(),
        MAP,
        [67, ("key", IN_COLLECTION), ("value", IN_COLLECTION), *map_policy("map_put", policy)],
    )


def map_put_items(
    bin: MapOperand | str,
    items: MapOperand,
    policy: MapPolicy | None = None,
    ctx: Context | None = None,
) -> Expression:
    """The map with all pairs of another one.

    >>> exp.map_put_items("scores", {"ada": 10})
    exp.map_put_items('scores', {'ada': 10})
    """
    return modify(
        "map_put_items", locals(), MAP, [68, ("items", MAP), *map_policy("map_put_items", policy)]
    )


def map_increment(
    bin: MapOperand | str,
    key: Operand,
    value: NumericOperand = 1,
    policy: MapPolicy | None = None,
    ctx: Context | None = None,
) -> Expression:
    """The map with a number added to the one at a key.

    >>> exp.map_increment("scores", "ada", 5)
    exp.map_increment('scores', 'ada', 5)
    """
    return modify(
        "map_increment",
        locals(),
        MAP,
        [73, ("key", IN_COLLECTION), ("value", NUMERIC), *map_order("map_increment", policy)],
    )


def map_clear(bin: MapOperand | str, ctx: Context | None = None) -> Expression:
    """The map without any pair.

    >>> exp.map_clear("scores")
    exp.map_clear('scores')
    """
    return modify("map_clear", locals(), MAP, [75])


def map_size(bin: MapOperand | str, ctx: Context | None = None) -> Expression:
    """How many pairs the map has.

    >>> exp.gt(exp.map_size("scores"), 3)
    exp.gt(exp.map_size('scores'), 3)
    """
    return read("map_size", locals(), MAP, INT, [96])


def map_keys(bin: MapOperand | str) -> Expression:
    """The keys of the map, in their order (server 8.1.1 and later).

    >>> exp.in_list("ada", exp.map_keys("scores"))
    exp.in_list('ada', exp.map_keys('scores'))
    """
    return pack("map_keys", locals(), [101, ("bin", MAP | BY_NAME)])


def map_values(bin: MapOperand | str) -> Expression:
    """The values of the map, in the order of their keys (server 8.1.1 and later).

    >>> exp.in_list(10, exp.map_values("scores"))
    exp.in_list(10, exp.map_values('scores'))
    """
    return pack("map_values", locals(), [102, ("bin", MAP | BY_NAME)])


def map_get_by_key(
    bin: MapOperand | str,
    key: Operand,
    return_type: int,
    value_type: int | None = None,
    ctx: Context | None = None,
) -> Expression:
    """What is at a key.

    `return_type` is MAP_RETURN_*. With MAP_RETURN_KEY or MAP_RETURN_VALUE, `value_type` says what
    that is: an EXP_TYPE_*. The expression has no value if there is no such pair.

    >>> exp.map_get_by_key("scores", "ada", MAP_RETURN_VALUE, EXP_TYPE_INT)
    exp.map_get_by_key('scores', 'ada', 7, 2)
    """
    return read(
        "map_get_by_key",
        locals(),
        MAP,
        single("map_get_by_key", "map", return_type, value_type),
        [97, returning(return_type), ("key", IN_COLLECTION)],
    )


def map_get_by_key_list(
    bin: MapOperand | str,
    keys: ListOperand,
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The pairs at several keys.

    `return_type` is MAP_RETURN_*. `inverted` selects all pairs but those.

    >>> exp.map_get_by_key_list("scores", ["ada", "alan"], MAP_RETURN_VALUE)
    exp.map_get_by_key_list('scores', ['ada', 'alan'], 7)
    """
    return read(
        "map_get_by_key_list",
        locals(),
        MAP,
        several("map_get_by_key_list", "map", return_type),
        [107, returning(return_type, inverted), ("keys", LIST)],
    )


def map_get_by_key_range(
    bin: MapOperand | str,
    begin: Operand = None,
    end: Operand = None,
    return_type: int = MAP_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The pairs whose keys are between two.

    `begin` is part of the range, `end` is not; None is no bound.
    `return_type` is MAP_RETURN_*. `inverted` selects all pairs but those.

    >>> exp.map_get_by_key_range("scores", "a", "b", MAP_RETURN_COUNT)
    exp.map_get_by_key_range('scores', 'a', 'b', 5)
    """
    return read(
        "map_get_by_key_range",
        locals(),
        MAP,
        several("map_get_by_key_range", "map", return_type),
        [103, returning(return_type, inverted), ("begin", IN_COLLECTION), *upper(end)],
    )


def map_get_by_key_rel_index_range(
    bin: MapOperand | str,
    key: Operand,
    index: IntOperand,
    return_type: int,
    count: IntOperand | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The pairs from an index on that is counted from a key.

    `index` 0 is the first pair whose key is not less than the key, -1 the one before. `count`
    pairs, or all to the end.
    `return_type` is MAP_RETURN_*. `inverted` selects all pairs but those.

    >>> exp.map_get_by_key_rel_index_range("scores", "b", 0, MAP_RETURN_KEY, 1)
    exp.map_get_by_key_rel_index_range('scores', 'b', 0, 6, 1)
    """
    return read(
        "map_get_by_key_rel_index_range",
        locals(),
        MAP,
        several("map_get_by_key_rel_index_range", "map", return_type),
        [
            109,
            returning(return_type, inverted),
            ("key", IN_COLLECTION),
            ("index", INT),
            *given(count, ("count", INT)),
        ],
    )


def map_get_by_value(
    bin: MapOperand | str,
    value: Operand,
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The pairs whose value equals one.

    `return_type` is MAP_RETURN_*. `inverted` selects all pairs but those.

    >>> exp.map_get_by_value("scores", 10, MAP_RETURN_KEY)
    exp.map_get_by_value('scores', 10, 6)
    """
    return read(
        "map_get_by_value",
        locals(),
        MAP,
        several("map_get_by_value", "map", return_type),
        [102, returning(return_type, inverted), ("value", IN_COLLECTION)],
    )


def map_get_by_value_list(
    bin: MapOperand | str,
    values: ListOperand,
    return_type: int,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The pairs whose value equals any of several.

    `return_type` is MAP_RETURN_*. `inverted` selects all pairs but those.

    >>> exp.map_get_by_value_list("scores", [10, 20], MAP_RETURN_KEY)
    exp.map_get_by_value_list('scores', [10, 20], 6)
    """
    return read(
        "map_get_by_value_list",
        locals(),
        MAP,
        several("map_get_by_value_list", "map", return_type),
        [108, returning(return_type, inverted), ("values", LIST)],
    )


def map_get_by_value_range(
    bin: MapOperand | str,
    begin: Operand = None,
    end: Operand = None,
    return_type: int = MAP_RETURN_VALUE,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The pairs whose values are between two.

    `begin` is part of the range, `end` is not; None is no bound.
    `return_type` is MAP_RETURN_*. `inverted` selects all pairs but those.

    >>> exp.map_get_by_value_range("scores", 10, 20, MAP_RETURN_COUNT)
    exp.map_get_by_value_range('scores', 10, 20, 5)
    """
    return read(
        "map_get_by_value_range",
        locals(),
        MAP,
        several("map_get_by_value_range", "map", return_type),
        [105, returning(return_type, inverted), ("begin", IN_COLLECTION), *upper(end)],
    )


def map_get_by_value_rel_rank_range(
    bin: MapOperand | str,
    value: Operand,
    rank: IntOperand,
    return_type: int,
    count: IntOperand | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The pairs from a rank on that is counted from a value.

    `rank` 0 is the first pair whose value is not less than the value, -1 the one before. `count`
    pairs, or all to the greatest.
    `return_type` is MAP_RETURN_*. `inverted` selects all pairs but those.

    >>> exp.map_get_by_value_rel_rank_range("scores", 50, -1, MAP_RETURN_KEY, 1)
    exp.map_get_by_value_rel_rank_range('scores', 50, -1, 6, 1)
    """
    return read(
        "map_get_by_value_rel_rank_range",
        locals(),
        MAP,
        several("map_get_by_value_rel_rank_range", "map", return_type),
        [
            110,
            returning(return_type, inverted),
            ("value", IN_COLLECTION),
            ("rank", INT),
            *given(count, ("count", INT)),
        ],
    )


def map_get_by_index(
    bin: MapOperand | str,
    index: IntOperand,
    return_type: int,
    value_type: int | None = None,
    ctx: Context | None = None,
) -> Expression:
    """The pair at an index, in the order of the keys; from the end if that is negative.

    `return_type` is MAP_RETURN_*. With MAP_RETURN_KEY or MAP_RETURN_VALUE, `value_type` says what
    that is: an EXP_TYPE_*. The expression has no value if there is no such pair.

    >>> exp.map_get_by_index("scores", 0, MAP_RETURN_KEY, EXP_TYPE_STRING)
    exp.map_get_by_index('scores', 0, 6, 3)
    """
    return read(
        "map_get_by_index",
        locals(),
        MAP,
        single("map_get_by_index", "map", return_type, value_type),
        [98, returning(return_type), ("index", INT)],
    )


def map_get_by_index_range(
    bin: MapOperand | str,
    index: IntOperand,
    return_type: int,
    count: IntOperand | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The pairs from an index on, in the order of the keys: `count` of them, or all to the end.

    `return_type` is MAP_RETURN_*. `inverted` selects all pairs but those.

    >>> exp.map_get_by_index_range("scores", -2, MAP_RETURN_KEY)
    exp.map_get_by_index_range('scores', -2, 6)
    """
    return read(
        "map_get_by_index_range",
        locals(),
        MAP,
        several("map_get_by_index_range", "map", return_type),
        [104, returning(return_type, inverted), ("index", INT), *given(count, ("count", INT))],
    )


def map_get_by_rank(
    bin: MapOperand | str,
    rank: IntOperand,
    return_type: int,
    value_type: int | None = None,
    ctx: Context | None = None,
) -> Expression:
    """The pair whose value has a rank: 0 is the least, -1 the greatest.

    `return_type` is MAP_RETURN_*. With MAP_RETURN_KEY or MAP_RETURN_VALUE, `value_type` says what
    that is: an EXP_TYPE_*. The expression has no value if there is no such pair.

    >>> exp.map_get_by_rank("scores", -1, MAP_RETURN_KEY, EXP_TYPE_STRING)
    exp.map_get_by_rank('scores', -1, 6, 3)
    """
    return read(
        "map_get_by_rank",
        locals(),
        MAP,
        single("map_get_by_rank", "map", return_type, value_type),
        [100, returning(return_type), ("rank", INT)],
    )


def map_get_by_rank_range(
    bin: MapOperand | str,
    rank: IntOperand,
    return_type: int,
    count: IntOperand | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The pairs from a rank of the values on: `count` of them, or all to the greatest.

    `return_type` is MAP_RETURN_*. `inverted` selects all pairs but those.

    >>> exp.map_get_by_rank_range("scores", -3, MAP_RETURN_KEY)
    exp.map_get_by_rank_range('scores', -3, 6)
    """
    return read(
        "map_get_by_rank_range",
        locals(),
        MAP,
        several("map_get_by_rank_range", "map", return_type),
        [106, returning(return_type, inverted), ("rank", INT), *given(count, ("count", INT))],
    )


def map_remove_by_key(
    bin: MapOperand | str,
    key: Operand,
    ctx: Context | None = None,
) -> Expression:
    """The map without what is at a key.

    >>> exp.map_remove_by_key("scores", "ada")
    exp.map_remove_by_key('scores', 'ada')
    """
    return modify("map_remove_by_key", locals(), MAP, [76, 0, ("key", IN_COLLECTION)])


def map_remove_by_key_list(
    bin: MapOperand | str,
    keys: ListOperand,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The map without what is at several keys. `inverted` keeps those and removes the others.

    >>> exp.map_remove_by_key_list("scores", ["ada"])
    exp.map_remove_by_key_list('scores', ['ada'])
    """
    return modify(
        "map_remove_by_key_list", locals(), MAP, [81, returning(0, inverted), ("keys", LIST)]
    )


def map_remove_by_key_range(
    bin: MapOperand | str,
    begin: Operand = None,
    end: Operand = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The map without the pairs whose keys are between two.

    `begin` is part of the range, `end` is not; None is no bound.
    `inverted` keeps those and removes the others.

    >>> exp.map_remove_by_key_range("scores", "a", "b")
    exp.map_remove_by_key_range('scores', 'a', 'b')
    """
    return modify(
        "map_remove_by_key_range",
        locals(),
        MAP,
        [84, returning(0, inverted), ("begin", IN_COLLECTION), *upper(end)],
    )


def map_remove_by_key_rel_index_range(
    bin: MapOperand | str,
    key: Operand,
    index: IntOperand,
    count: IntOperand | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The map without the pairs from an index on that is counted from a key.

    `index` 0 is the first pair whose key is not less than the key, -1 the one before. `count`
    pairs, or all to the end.
    `inverted` keeps those and removes the others.

    >>> exp.map_remove_by_key_rel_index_range("scores", "b", 0)
    exp.map_remove_by_key_rel_index_range('scores', 'b', 0)
    """
    return modify(
        "map_remove_by_key_rel_index_range",
        locals(),
        MAP,
        [
            88,
            returning(0, inverted),
            ("key", IN_COLLECTION),
            ("index", INT),
            *given(count, ("count", INT)),
        ],
    )


def map_remove_by_value(
    bin: MapOperand | str,
    value: Operand,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The map without the pairs whose value equals one.

    `inverted` keeps those and removes the others.

    >>> exp.map_remove_by_value("scores", 0)
    exp.map_remove_by_value('scores', 0)
    """
    return modify(
        "map_remove_by_value", locals(), MAP, [82, returning(0, inverted), ("value", IN_COLLECTION)]
    )


def map_remove_by_value_list(
    bin: MapOperand | str,
    values: ListOperand,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The map without the pairs whose value equals any of several.

    `inverted` keeps those and removes the others.

    >>> exp.map_remove_by_value_list("scores", [0, 1])
    exp.map_remove_by_value_list('scores', [0, 1])
    """
    return modify(
        "map_remove_by_value_list", locals(), MAP, [83, returning(0, inverted), ("values", LIST)]
    )


def map_remove_by_value_range(
    bin: MapOperand | str,
    begin: Operand = None,
    end: Operand = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The map without the pairs whose values are between two.

    `begin` is part of the range, `end` is not; None is no bound.
    `inverted` keeps those and removes the others.

    >>> exp.map_remove_by_value_range("scores", None, 10)
    exp.map_remove_by_value_range('scores', None, 10)
    """
    return modify(
        "map_remove_by_value_range",
        locals(),
        MAP,
        [86, returning(0, inverted), ("begin", IN_COLLECTION), *upper(end)],
    )


def map_remove_by_value_rel_rank_range(
    bin: MapOperand | str,
    value: Operand,
    rank: IntOperand,
    count: IntOperand | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The map without the pairs from a rank on that is counted from a value.

    `rank` 0 is the first pair whose value is not less than the value, -1 the one before. `count`
    pairs, or all to the greatest.
    `inverted` keeps those and removes the others.

    >>> exp.map_remove_by_value_rel_rank_range("scores", 50, 0)
    exp.map_remove_by_value_rel_rank_range('scores', 50, 0)
    """
    return modify(
        "map_remove_by_value_rel_rank_range",
        locals(),
        MAP,
        [
            89,
            returning(0, inverted),
            ("value", IN_COLLECTION),
            ("rank", INT),
            *given(count, ("count", INT)),
        ],
    )


def map_remove_by_index(
    bin: MapOperand | str,
    index: IntOperand,
    ctx: Context | None = None,
) -> Expression:
    """The map without the pair at an index, in the order of the keys.

    >>> exp.map_remove_by_index("scores", 0)
    exp.map_remove_by_index('scores', 0)
    """
    return modify("map_remove_by_index", locals(), MAP, [77, 0, ("index", INT)])


def map_remove_by_index_range(
    bin: MapOperand | str,
    index: IntOperand,
    count: IntOperand | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The map without the pairs from an index on: `count` of them, or all to the end.

    `inverted` keeps those and removes the others.

    >>> exp.map_remove_by_index_range("scores", 0, 2)
    exp.map_remove_by_index_range('scores', 0, 2)
    """
    return modify(
        "map_remove_by_index_range",
        locals(),
        MAP,
        [85, returning(0, inverted), ("index", INT), *given(count, ("count", INT))],
    )


def map_remove_by_rank(
    bin: MapOperand | str,
    rank: IntOperand,
    ctx: Context | None = None,
) -> Expression:
    """The map without the pair whose value has a rank.

    >>> exp.map_remove_by_rank("scores", 0)
    exp.map_remove_by_rank('scores', 0)
    """
    return modify("map_remove_by_rank", locals(), MAP, [79, 0, ("rank", INT)])


def map_remove_by_rank_range(
    bin: MapOperand | str,
    rank: IntOperand,
    count: IntOperand | None = None,
    inverted: bool = False,
    ctx: Context | None = None,
) -> Expression:
    """The map without the pairs from a rank of the values on: `count` of them, or all.

    `inverted` keeps those and removes the others.

    >>> exp.map_remove_by_rank_range("scores", 0, 2)
    exp.map_remove_by_rank_range('scores', 0, 2)
    """
    return modify(
        "map_remove_by_rank_range",
        locals(),
        MAP,
        [87, returning(0, inverted), ("rank", INT), *given(count, ("count", INT))],
    )
