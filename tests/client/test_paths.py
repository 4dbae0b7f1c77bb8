"""Operations on paths and with expressions: what users do with them, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import exception, exp
from aerospike_py.cdt_ctx import (
    cdt_ctx_all_children,
    cdt_ctx_all_children_with_filter,
    cdt_ctx_and_filter,
    cdt_ctx_list_index,
    cdt_ctx_map_key,
    cdt_ctx_map_keys_in,
)
from aerospike_py.expression_operations import expression_read, expression_write
from aerospike_py.list_operations import list_size
from aerospike_py.operations import modify_by_path, read, select_by_path, write

SHOP = {"pen": {"price": 5}, "book": {"price": 20}, "lamp": {"price": 30}}
PRICES = [cdt_ctx_all_children(), cdt_ctx_map_key("price")]
VALUE = aero.EXP_PATH_SELECT_VALUE


def results(client: Any, key: Any, *operations: Any) -> list[Any]:
    result = client.operate_ordered(key, list(operations))
    return [value for _, value in result.ordered_bins]


def test_what_is_selected(either: Any, key: Any) -> None:
    either.put(key, {"m": SHOP})
    some = [cdt_ctx_map_keys_in(["pen", "lamp", "none"]), cdt_ctx_map_key("price")]
    assert results(
        either,
        key,
        select_by_path("m", PRICES, VALUE),
        select_by_path("m", some, VALUE),
        select_by_path("m", some[:1], aero.EXP_PATH_SELECT_MAP_KEY),
        select_by_path("m", some, aero.EXP_PATH_SELECT_MATCHING_TREE),
    ) == [
        [20, 30, 5],
        [30, 5],
        ["lamp", "pen"],
        {"pen": {"price": 5}, "lamp": {"price": 30}},
    ]


def test_expressions_in_paths(either: Any, key: Any) -> None:
    either.put(key, {"m": {"a": [1], "b": [2]}})
    true = exp.bool_val(True)
    ways = [
        [cdt_ctx_all_children_with_filter(true), cdt_ctx_list_index(0)],
        [cdt_ctx_map_keys_in(["a", "b"]), cdt_ctx_and_filter(true), cdt_ctx_list_index(0)],
    ]
    for way in ways:
        assert results(either, key, select_by_path("m", way, VALUE)) == [[1, 2]]


def test_all_that_a_path_leads_to_is_replaced(either: Any, key: Any) -> None:
    either.put(key, {"m": SHOP})
    replace = modify_by_path("m", PRICES, exp.int_val(1))
    assert results(either, key, replace, select_by_path("m", PRICES, VALUE)) == [None, [1, 1, 1]]


def test_expressions_read_and_write(either: Any, key: Any) -> None:
    either.put(key, {"a": 2, "b": 3})
    total = exp.num_add(exp.int_bin("a"), exp.int_bin("b"))
    assert results(
        either,
        key,
        expression_read("total", total),
        write("a", 10),
        expression_write("c", total),
        read("c"),
    ) == [5, None, None, 13]
    assert either.operate(key, [expression_read("total", total)]).bins == {"total": 13}


def test_flags_of_expressions(either: Any, key: Any) -> None:
    either.put(key, {"a": 1})
    missing = exp.int_bin("none")
    with pytest.raises(exception.OpNotApplicable):
        either.operate(key, [expression_read("r", missing)])
    assert results(either, key, expression_read("r", missing, aero.EXP_READ_EVAL_NO_FAIL)) == [None]
    with pytest.raises(exception.BinExistsError):
        either.operate(key, [expression_write("a", exp.int_val(2), aero.EXP_WRITE_CREATE_ONLY)])


def test_all_bins_are_read_beside_an_expression_that_writes(either: Any, key: Any) -> None:
    either.put(key, {"a": 1})
    made = results(either, key, expression_write("b", exp.int_val(2)), read())
    assert made == [None, {"a": 1, "b": 2}]


def test_arguments_by_the_names_of_the_official_client() -> None:
    one = exp.int_val(1)
    assert expression_read(
        bin_name="r", expression=one, expression_read_flags=16
    ) == expression_read("r", one, 16)
    assert modify_by_path(bin_name="m", ctx=PRICES, expr=one, flags=0) == modify_by_path(
        "m", PRICES, one
    )
    assert write(bin_name="a", write_item=1) == write("a", 1)


@pytest.mark.parametrize(
    ("operation", "raised", "names"),
    [
        (expression_read("r", 1), TypeError, "Expression"),
        (expression_read("r", exp.int_val(1), 1), ValueError, "EXP_READ_EVAL_NO_FAIL"),
        (expression_write("r", exp.int_val(1), 32), ValueError, "EXP_WRITE_CREATE_ONLY"),
        (expression_write("x" * 16, exp.int_val(1)), ValueError, "15"),
        (select_by_path("m", [], VALUE), ValueError, "ctx"),
        (select_by_path("m", PRICES, 4), ValueError, "EXP_PATH_SELECT_MAP_KEY"),
        (select_by_path("m", PRICES, None), ValueError, "flags"),
        (modify_by_path("m", PRICES, 1), TypeError, "Expression"),
        (modify_by_path("m", PRICES, exp.int_val(1), 1), ValueError, "EXP_PATH_MODIFY_NO_FAIL"),
        (list_size("m", ctx=[cdt_ctx_and_filter(1)]), TypeError, "Expression"),
        (list_size("m", ctx=[cdt_ctx_map_keys_in("ab")]), TypeError, "keys"),
    ],
    ids=repr,
)
def test_wrong_arguments_are_refused(
    either: Any, key: Any, operation: Any, raised: Any, names: str
) -> None:
    either.put(key, {"m": SHOP})
    with pytest.raises(raised, match=names):
        either.operate(key, [operation])
    assert either.get(key).meta.gen == 1
