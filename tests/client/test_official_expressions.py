"""Expressions in the official client's spelling are what the official client makes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aerospike_py import cdt_ctx, exp, expressions

RECORDED = json.loads((Path(__file__).parent / "data/official_expressions.json").read_text())


def test_all_names_are_there() -> None:
    assert sorted(expressions.__all__) == sorted(RECORDED["names"])


@pytest.mark.parametrize(("call", "packed"), RECORDED["calls"])
def test_is_packed_as_by_the_official_client(call: str, packed: str) -> None:
    assert eval(call, dict(vars(expressions))).compile().base64() == packed


def test_arguments_have_the_official_names() -> None:
    given = {"ctx": None, "return_type": 7, "value_type": 2, "index": 0, "bin": "l"}
    assert expressions.ListGetByIndex(**given) == exp.list_get_by_index("l", 0, 7, 2)
    assert expressions.GE(expr0=expressions.IntBin("a"), expr1=5) == exp.ge(exp.int_bin("a"), 5)


def test_paths_lead_to_many_elements() -> None:
    path = [cdt_ctx.cdt_ctx_all_children()]
    kind = expressions.ResultType.LIST
    doubled = expressions.Mul(expressions.LoopVarInt(1), 2)
    numbers = expressions.ListBin("l")
    assert expressions.ModifyByPath(path, kind, doubled, 0, numbers) == exp.modify_by_path(
        exp.list_bin("l"), path, kind, exp.num_mul(exp.loop_int(1), 2)
    )
    assert expressions.SelectByPath(path, kind, 1, numbers) == exp.select_by_path(
        exp.list_bin("l"), path, kind, 1
    )


def test_only_a_range_of_a_blob_has_a_size() -> None:
    whole = expressions.BitB64Encode(0, None, False, "b")
    assert whole == exp.bit_b64_encode("b")
    assert expressions.BitB64Encode(1, 2, True, "b") == exp.bit_b64_encode("b", 1, 2, True)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: expressions.ListSize(None, "l", 1), "at most 2 arguments, not 3"),
        (lambda: expressions.ListSize(None, "l", bin="l"), "unexpected argument 'bin'"),
        (lambda: expressions.ListSize(None, name="l"), "unexpected argument 'name'"),
        (lambda: expressions.ListSize(None), "bin"),
        (lambda: expressions.Eq(expressions.IntBin("a"), "x"), "int and str"),
    ],
)
def test_wrong_arguments_are_told(call: Any, told: str) -> None:
    with pytest.raises(TypeError, match=told):
        call()
