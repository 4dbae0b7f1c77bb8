"""Expressions are compiled when they are made, and what can't work is refused then."""

from __future__ import annotations

import base64
import copy
import doctest
import gc
import inspect
import pickle
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import exp
from aerospike_py.types import CDTInfinite, CDTWildcard, GeoJSON, HyperLogLog, KeyOrderedDict

FUNCTIONS = [
    function
    for name, function in vars(exp).items()
    if inspect.isfunction(function) and not name.startswith("_")
]
ADULT = exp.and_(exp.bin_exists("age"), exp.gt(exp.int_bin("age"), 18))


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_the_docstring_has_an_example_that_works(function: Any) -> None:
    names = {**vars(aero), "exp": exp}
    doc = inspect.getdoc(function)
    assert doc
    example = doctest.DocTestParser().get_doctest(doc, names, function.__name__, None, None)
    assert example.examples
    said: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    assert not result.failed, "".join(said)


@pytest.mark.parametrize("method", ["base64", "compile", "result_type"])
def test_the_docstring_of_a_method_has_an_example_that_works(method: str) -> None:
    test_the_docstring_has_an_example_that_works(getattr(exp.Expression, method))


@pytest.mark.parametrize(
    ("expression", "packed"),
    [
        (exp.nil(), "c0"),
        (exp.int_val(-1), "ff"),
        (exp.bool_val(True), "c3"),
        (exp.float_val(1.5), "cb3ff8000000000000"),
        (exp.string_val("x"), "a20378"),
        (exp.blob_val(b"x"), "a20478"),
        (exp.list_val([1, "a", [2]]), "927e9301a203619102"),
        (exp.map_val({"b": 2, "a": 1}), "82a2036101a2036202"),
        (exp.map_val(KeyOrderedDict(a=1)), "82c70001c0a2036101"),
        (exp.geo_val("{}"), "a3177b7d"),
        (exp.hll_val(HyperLogLog(b"h")), "a20468"),
        (exp.list_val([HyperLogLog(b"h"), CDTWildcard()]), "927e92a21268d4ff00"),
        (exp.infinity(), "d4ff01"),
        (exp.wildcard(), "d4ff00"),
        (exp.ael("$.a"), "92cc80c403242e61"),
        (exp.let_(exp.def_("x", 1), exp.var("x")), "947da17801927ca178"),
        (ADULT, "931093029252a3616765009303935102a361676512"),
    ],
    ids=repr,
)
def test_is_packed_as_the_server_reads_it(expression: exp.Expression, packed: str) -> None:
    assert bytes(expression).hex() == packed


@pytest.mark.parametrize(
    "value",
    [None, True, 1, 1.5, "x", b"x", [1, {"a": 2}], {"a": [1]}, GeoJSON("{}"), HyperLogLog(b"h")],
    ids=repr,
)
def test_a_plain_value_is_an_operand(value: Any) -> None:
    assert exp.in_list(value, [1]) == exp.in_list(exp.val(value), exp.list_val([1]))


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda: exp.eq(exp.int_bin("a"), 1.5), TypeError, "left and right must.* int and float"),
        (lambda: exp.eq(exp.geo_bin("a"), exp.geo_bin("b")), TypeError, "left must be .* not geo"),
        (lambda: exp.eq(1, object()), TypeError, r"exp.eq\(\): right: object can't be stored"),
        (lambda: exp.eq(1, exp), TypeError, "right: module can't"),
        (lambda: exp.lt(exp.infinity(), 1), TypeError, "left must be .* not infinity"),
        (lambda: exp.and_(True), ValueError, r"exp.and_\(\) takes at least 2 expressions, not 1"),
        (lambda: exp.or_(), ValueError, "at least 2"),
        (lambda: exp.and_(True, exp.int_bin("a")), TypeError, r"exprs\[1\] must be bool, not int"),
        (lambda: exp.not_("x"), TypeError, "expr must be bool, not str"),
        (lambda: exp.num_add(), ValueError, "at least 1 expression, not 0"),
        (
            lambda: exp.num_add(1, 2.0),
            TypeError,
            r"exprs\[0\] and exprs\[1\] must .* int and float",
        ),
        (lambda: exp.num_add("a"), TypeError, r"exprs\[0\] must be int or float, not str"),
        (lambda: exp.num_pow(exp.int_bin("a"), 2.0), TypeError, "base must be float, not int"),
        (lambda: exp.int_and(1, 2**64), OverflowError, r"exprs\[1\]: int is out of range"),
        (lambda: exp.int_lscan(1, 1), TypeError, "search must be bool, not int"),
        (lambda: exp.cond(True, 1), ValueError, "not 2 arguments"),
        (lambda: exp.cond(True, 1, True, 2), ValueError, "not 4 arguments"),
        (lambda: exp.cond(1, 2, 3), TypeError, r"exprs\[0\] must be bool, not int"),
        (lambda: exp.cond(True, 2, "x"), TypeError, r"exprs\[1\] and exprs\[2\] must be of the"),
        (lambda: exp.let_(1, 2), TypeError, r"exprs\[0\] must be made by def_, not int"),
        (lambda: exp.let_(exp.def_("x", 1)), ValueError, "at least 2"),
        (lambda: exp.let_(exp.def_("x", 1), exp.def_("x", 2), 3), ValueError, "are called 'x'"),
        (lambda: exp.def_("1x", 1), ValueError, "begin with no digit, not '1x'"),
        (lambda: exp.def_("", 1), ValueError, "not ''"),
        (lambda: exp.def_(b"x", 1), TypeError, "name must be str, not bytes"),
        (lambda: exp.var(1), TypeError, "name must be str, not int"),
        (lambda: exp.int_bin(1), TypeError, "name: a bin name must be str, not int"),
        (lambda: exp.int_bin("a" * 16), ValueError, "has 16 bytes; 15 are permitted"),
        (lambda: exp.bin_type(""), ValueError, "a bin name is empty"),
        (lambda: exp.key(exp.EXP_TYPE_MAP), ValueError, r"EXP_TYPE_BLOB \(6\), not 5"),
        (lambda: exp.digest_modulo(0), ValueError, "not 0"),
        (lambda: exp.digest_modulo(2**31), ValueError, "not 2147483648"),
        (lambda: exp.digest_modulo(True), TypeError, "modulo must be int, not bool"),
        (lambda: exp.regex_compare(b"x", 0, "x"), TypeError, "regex must be str, not bytes"),
        (lambda: exp.regex_compare("x", 0, 1), TypeError, "bin_expr must be str, not int"),
        (lambda: exp.geo_compare(exp.geo_bin("a"), "{}"), TypeError, "right must be geo, not str"),
        (lambda: exp.in_list(1, exp.map_bin("m")), TypeError, "list_expr must be list, not map"),
        (lambda: exp.int_val(True), TypeError, "val must be int, not bool"),
        (lambda: exp.float_val("x"), TypeError, "val must be float, not str"),
        (lambda: exp.geo_val("no json"), ValueError, "Expecting value"),
        (lambda: exp.list_val([exp.int_bin("a")]), TypeError, "Expression can't be stored"),
        (lambda: exp.not_(exp.ael("$.a")), TypeError, "expr must be bool, not ael"),
        (lambda: exp.ael(""), ValueError, "text must not be empty"),
        (lambda: exp.compile({"op": 1}), TypeError, "must be an Expression, not dict"),
        (lambda: exp.from_base64("!"), ValueError, "text is no base64"),
        (lambda: exp.from_base64("kA=="), ValueError, "no packed expression"),
        (lambda: exp.from_bytes(b""), ValueError, "no packed expression"),
        (lambda: exp.from_bytes(b"\x93\x01"), ValueError, "the 2 bytes are no packed"),
        (lambda: exp.from_bytes(bytes(ADULT) + b"\x00"), ValueError, "no packed expression"),
        (lambda: exp.from_bytes("x"), TypeError, "data must be bytes, not str|bytes-like"),
        (lambda: exp.Expression(), TypeError, "cannot create"),
    ],
)
def test_what_cannot_work_is_refused_when_it_is_made(
    call: Any, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        call()


@pytest.mark.parametrize(
    ("expression", "result_type"),
    [
        (exp.bin_type("a"), exp.EXP_TYPE_INT),
        (exp.set_name(), exp.EXP_TYPE_STRING),
        (exp.key(exp.EXP_TYPE_BLOB), exp.EXP_TYPE_BLOB),
        (exp.num_add(1.5, exp.float_bin("a")), exp.EXP_TYPE_FLOAT),
        (exp.num_add(exp.var("x"), 1), None),
        (exp.cond(True, exp.unknown(), exp.hll_bin("h")), exp.EXP_TYPE_HLL),
        (exp.let_(exp.def_("x", 1), "text"), exp.EXP_TYPE_STRING),
        (exp.unknown(), exp.EXP_TYPE_BOOL),
        (exp.nil(), exp.EXP_TYPE_NIL),
        (exp.ael("$.a"), None),
        (exp.infinity(), None),
        (exp.from_bytes(bytes(exp.geo_bin("a"))), exp.EXP_TYPE_GEO),
    ],
    ids=repr,
)
def test_knows_what_it_results_in(expression: exp.Expression, result_type: int | None) -> None:
    assert expression.result_type() == result_type


def test_is_a_value() -> None:
    same = exp.and_(exp.bin_exists("age"), exp.gt(exp.int_bin("age"), exp.int_val(18)))
    assert same == ADULT
    assert hash(same) == hash(ADULT)
    assert exp.not_(ADULT) != ADULT
    assert bytes(ADULT) != ADULT
    assert {ADULT: 1}[same] == 1
    assert copy.deepcopy(ADULT) == ADULT
    with pytest.raises(TypeError, match="not supported"):
        same > ADULT  # type: ignore[operator]  # noqa: B015


def test_reads_like_the_call() -> None:
    text = "exp.and_(exp.bin_exists('age'), exp.gt(exp.int_bin('age'), 18))"
    assert repr(ADULT) == text
    assert eval(text) == ADULT


def test_a_long_one_is_shown_in_short() -> None:
    assert repr(exp.string_val("x" * 1000)) == f"exp.string_val('{'x' * 79}...)"
    assert repr(exp.num_add(*[exp.int_bin("a")] * 1000)) == "exp.num_add(...)"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles(protocol: int) -> None:
    copied = pickle.loads(pickle.dumps(ADULT, protocol))
    assert copied == ADULT
    assert repr(copied) == repr(ADULT)


def test_is_told_as_text() -> None:
    assert base64.b64decode(ADULT.base64()) == bytes(ADULT)
    assert exp.from_base64(ADULT.base64()) == ADULT
    assert repr(exp.from_base64(ADULT.base64())) == f"exp.from_base64({ADULT.base64()!r})"


def test_never_changes() -> None:
    values = [1, 2]
    expression = exp.in_list(3, values)
    before = bytes(expression)
    values.append(3)
    assert bytes(expression) == before
    with pytest.raises(AttributeError):
        expression.name = "x"  # type: ignore[attr-defined]


def test_is_let_go_of() -> None:
    values: list[Any] = ["text"]
    before = sys.getrefcount(values)
    expression = exp.list_val(values)
    assert sys.getrefcount(values) == before
    gone = weakref.ref(expression)
    del expression
    gc.collect()
    assert gone() is None


def test_is_made_by_many_threads_at_once() -> None:
    shared: dict[str, int] = {str(number): number for number in range(100)}

    def make(number: int) -> bool:
        shared[str(number % 100)] = number
        one = exp.eq(exp.map_val({}), exp.map_val(KeyOrderedDict(shared)))
        return exp.from_base64(one.base64()) == one == pickle.loads(pickle.dumps(one))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(make, range(500)))


def test_markers_stand_for_what_they_are() -> None:
    assert bytes(exp.val(CDTInfinite())) == bytes(exp.infinity())
    assert bytes(exp.val(CDTWildcard())) == bytes(exp.wildcard())
