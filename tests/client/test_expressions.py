"""Expressions are compiled when they are made, and what can't work is refused then."""

from __future__ import annotations

import base64
import copy
import gc
import math
import pickle
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import cdt_ctx, exp
from aerospike_py.exception import FilteredOut, OpNotApplicable
from aerospike_py.expression_operations import expression_read, expression_write
from aerospike_py.types import CDTInfinite, CDTWildcard, GeoJSON, HyperLogLog, KeyOrderedDict
from support.both import connected

ADULT = exp.and_(exp.bin_exists("age"), exp.gt(exp.int_bin("age"), 18))


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
        (exp.list_size("l"), "957f02009110935104a16c"),
        (
            exp.list_append("m", 1, ctx=[cdt_ctx.cdt_ctx_map_key_create("k")]),
            "957f054093ccff9262a2036b920101935105a16d",
        ),
        (exp.map_get_by_key_range("m"), "957f0400946707c0d4ff01935105a16d"),
        (exp.bit_b64_encode("b"), "957f03019137935106a162"),
        (exp.bit_b64_encode("b", 1, 2, True), "957f03019437010201935106a162"),
        (exp.list_join("l", ","), "957f0300921ca2032c935104a16c"),
        (exp.string_strlen("x"), "957f02039100a20378"),
        (exp.string_substr("x", 1, 2), "957f030393010102a20378"),
        (exp.string_upper("x", {"write_flags": 4}), "957f0343923804a20378"),
        (exp.string_snip("x", 1), "957f0343923501a20378"),
        (exp.string_snip("x", 1, 2), "957f03439435010200a20378"),
        (exp.string_replace("x", "a", "b"), "957f03439336927e92a20361a2036200a20378"),
        (
            exp.string_regex_replace("x", "a", "b", 16),
            "957f03439442927e92a20361a203621000a20378",
        ),
        (exp.to_string(1), "926301"),
        (exp.loop_int(aero.EXP_LOOPVAR_VALUE), "937a0201"),
        (exp.remove_result(), "9164"),
        (
            exp.modify_by_path(
                exp.list_bin("l"),
                [cdt_ctx.cdt_ctx_all_children()],
                exp.EXP_TYPE_LIST,
                exp.remove_result(),
            ),
            "957f044094ccfe9204c3049164935104a16c",
        ),
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
        (lambda: exp.list_append(exp.map_bin("m"), 1), TypeError, "bin must be list, not map"),
        (lambda: exp.list_append("l", 1, {"flag": 1}), ValueError, "unknown key 'flag'.*flags"),
        (lambda: exp.list_append("l", 1, {"flags": 16}), ValueError, "from 0 to 15, not 16"),
        (lambda: exp.list_append("l", 1, {"order": 3}), ValueError, "one of 0, 1, not 3"),
        (
            lambda: exp.list_append("l", 1, {"order": "x"}),
            TypeError,
            "'order' must be int, not str",
        ),
        (lambda: exp.list_append("l", 1, {"order": 1, "list_order": 1}), ValueError, "give one"),
        (lambda: exp.list_append("l", 1, [1]), TypeError, "policy must be a dict, not list"),
        (lambda: exp.list_append_items("l", 1), TypeError, "values must be list, not int"),
        (lambda: exp.list_append("l", object()), TypeError, "value: object can't"),
        (lambda: exp.list_size("l" * 16), ValueError, "bin: bin name .* has 16 bytes"),
        (lambda: exp.list_size("l", ctx=5), TypeError, "ctx: ctx must be a list or tuple of steps"),
        (lambda: exp.list_size("l", ctx=[5]), TypeError, "ctx step 0"),
        (lambda: exp.list_size("l", ctx=[{"ctx": 99}]), ValueError, "CDT_CTX_MAP_KEY"),
        (lambda: exp.list_get_by_index("l", "x", 7, 2), TypeError, "index must be int, not str"),
        (lambda: exp.list_get_by_index("l", 0, 7), TypeError, "value_type must be an EXP_TYPE_"),
        (lambda: exp.list_get_by_index("l", 0, 7, 10), ValueError, "value_type .* not 10"),
        (lambda: exp.list_get_by_index("l", 0, 6, 2), ValueError, "return_type must be a LIST_RET"),
        (lambda: exp.list_get_by_value("l", 0, 0), ValueError, "not 0"),
        (lambda: exp.list_get_by_value("l", 0, "x"), TypeError, "return_type must be int, not str"),
        (lambda: exp.map_get_by_key("m", "a", 9, 2), ValueError, "MAP_RETURN_.* not 9"),
        (lambda: exp.map_put_items("m", [1]), TypeError, "items must be map, not list"),
        (lambda: exp.map_put("m", 1, 1, {"map_order": 2}), ValueError, "one of 0, 1, 3, not 2"),
        (lambda: exp.map_keys(exp.list_bin("l")), TypeError, "bin must be map, not list"),
        (lambda: exp.bit_get("b", 1.5, 8), TypeError, "bit_offset must be int, not float"),
        (lambda: exp.bit_get(exp.string_bin("b"), 0, 8), TypeError, "bin must be blob, not str"),
        (lambda: exp.bit_add("b", 0, 8, 1, 1), TypeError, "signed must be bool, not int"),
        (lambda: exp.bit_add("b", 0, 8, 1, overflow=1), ValueError, "0, 2, 4, not 1"),
        (lambda: exp.bit_b64_encode("b", 3), ValueError, "byte_size must be given"),
        (lambda: exp.hll_count(exp.blob_bin("b")), TypeError, "bin must be hll, not blob"),
        (lambda: exp.hll_union("h", "x"), TypeError, "hlls must be list, blob or hll, not str"),
        (lambda: exp.string_strlen(5), TypeError, "bin must be str, not int"),
        (lambda: exp.string_upper("x", {"flags": 1}), ValueError, "unknown key 'flags'"),
        (lambda: exp.string_replace("x", exp.nil(), "y"), TypeError, "must be str, not .*Express"),
        (lambda: exp.to_string(exp.list_bin("l")), TypeError, "value must be .* not list"),
        (lambda: exp.loop_str(aero.EXP_LOOPVAR_INDEX), ValueError, "use exp.loop_int"),
        (lambda: exp.loop_int(3), ValueError, "what must be EXP_LOOPVAR_KEY .* not 3"),
        (lambda: exp.select_by_path([], [], 4, 9), ValueError, "EXP_PATH_SELECT_.* not 9"),
        (lambda: exp.select_by_path([], [], 2, 1), ValueError, r"EXP_TYPE_MAP \(5\), not 2"),
        (lambda: exp.modify_by_path([], [], 4, 1, 1), ValueError, "EXP_PATH_MODIFY_.* not 1"),
        (
            lambda: exp.list_size("l", [cdt_ctx.cdt_ctx_and_filter(exp.int_bin("a"))]),
            TypeError,
            "step 0: .* an expression of type bool, not int",
        ),
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


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (exp.int_bin("a") + 1, exp.num_add(exp.int_bin("a"), 1)),
        (1 + exp.int_bin("a"), exp.num_add(1, exp.int_bin("a"))),
        (exp.int_bin("a") - 1, exp.num_sub(exp.int_bin("a"), 1)),
        (1 - exp.int_bin("a"), exp.num_sub(1, exp.int_bin("a"))),
        (exp.int_bin("a") * exp.int_bin("b"), exp.num_mul(exp.int_bin("a"), exp.int_bin("b"))),
        (exp.float_bin("a") / 2.0, exp.num_div(exp.float_bin("a"), 2.0)),
        (exp.float_bin("a") // 2.0, exp.num_floor(exp.num_div(exp.float_bin("a"), 2.0))),
        (exp.int_bin("a") % 2, exp.num_mod(exp.int_bin("a"), 2)),
        (exp.float_bin("a") ** 2.0, exp.num_pow(exp.float_bin("a"), 2.0)),
        (-exp.int_bin("a"), exp.num_sub(exp.int_bin("a"))),
        (abs(exp.int_bin("a")), exp.num_abs(exp.int_bin("a"))),
        (math.floor(exp.float_bin("a")), exp.num_floor(exp.float_bin("a"))),
        (math.ceil(exp.float_bin("a")), exp.num_ceil(exp.float_bin("a"))),
    ],
    ids=repr,
)
def test_operators_on_numbers_make_expressions(
    made: exp.Expression, expected: exp.Expression
) -> None:
    assert made == expected
    assert repr(made) == repr(expected)


@pytest.mark.parametrize(
    ("operate", "told"),
    [
        (lambda: exp.int_bin("a") + "x", r"exprs\[1\] must be int or float, not str"),
        (lambda: exp.int_bin("a") + 1.5, "must be of the same type, not int and float"),
        (lambda: pow(exp.float_bin("a"), 2, 3), "unsupported operand"),
        (lambda: exp.int_bin("a") < 5, "not supported"),
        (lambda: exp.int_bin("a") & 5, "unsupported operand"),
        (lambda: ADULT and ADULT, r"neither true nor false here: .* exp.and_\(\)"),
        (lambda: not ADULT, "neither true nor false"),
    ],
)
def test_operators_that_make_no_sense_are_refused(operate: Any, told: str) -> None:
    with pytest.raises(TypeError, match=told):
        operate()


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


VERBS = [
    ("get", ()),
    ("select", (["a"],)),
    ("exists", ()),
    ("put", ({"b": 1},)),
    ("append", ("s", "x")),
    ("prepend", ("s", "x")),
    ("increment", ("a", 1)),
    ("touch", ()),
    ("remove_bin", (["a"],)),
    ("operate", ([{"op": aero.OPERATOR_READ, "bin": "a"}],)),
    ("operate_ordered", ([{"op": aero.OPERATOR_READ, "bin": "a"}],)),
    ("remove", ()),
]


@pytest.mark.parametrize("name", ["filter_expression", "expressions"])
@pytest.mark.parametrize(("verb", "args"), VERBS)
def test_every_verb_takes_a_filter(either: Any, key: Any, verb: str, args: Any, name: str) -> None:
    bins = {"a": 1, "s": "text"}
    either.put(key, bins)
    with pytest.raises(FilteredOut):
        getattr(either, verb)(key, *args, policy={name: exp.eq(exp.int_bin("a"), 2)})
    assert either.get(key).bins == bins
    getattr(either, verb)(key, *args, policy={name: exp.eq(exp.int_bin("a"), 1)})


def test_a_filter_without_a_value_leaves_the_record_out(either: Any, key: Any) -> None:
    either.put(key, {"a": 1})
    with pytest.raises(FilteredOut):
        either.get(key, policy={"filter_expression": exp.eq(exp.int_bin("b"), 1)})


def test_a_client_has_a_filter_of_its_own(kind: str, config: Any, key: Any) -> None:
    grown = exp.ge(exp.int_bin("age"), 18)
    policies = {"read": {"filter_expression": grown}}
    with connected(kind, {**config, "policies": policies}) as client:
        client.put(key, {"age": 17})
        with pytest.raises(FilteredOut):
            client.get(key)
        assert client.get(key, policy={"filter_expression": None}).bins == {"age": 17}


def test_one_expression_serves_many_calls_at_once(client: Any, key: Any) -> None:
    client.put(key, {"age": 30})
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(
            lambda _: client.get(key, policy={"filter_expression": ADULT}).bins, range(200)
        )
        assert list(found) == [{"age": 30}] * 200


def test_values_of_expressions_are_read_and_written(either: Any, key: Any) -> None:
    either.put(key, {"l": [3, 1, 2], "n": 4})
    greatest = exp.list_get_by_rank("l", -1, aero.LIST_RETURN_VALUE, exp.EXP_TYPE_INT)
    total = exp.let_(
        exp.def_("greatest", greatest), exp.num_mul(exp.var("greatest"), exp.int_bin("n"))
    )
    result = either.operate_ordered(
        key, [expression_read("total", total), expression_write("t", total)]
    )
    assert result.ordered_bins == [("total", 12), ("t", None)]
    assert either.get(key).bins == {"l": [3, 1, 2], "n": 4, "t": 12}


@pytest.mark.parametrize(
    ("operation", "error", "told"),
    [
        (expression_read("r", {"op": 1}), TypeError, '"expression" must be an Expression'),
        (expression_read("r" * 16, ADULT), ValueError, "has 16 bytes"),
        (expression_read("r", ADULT, 1), ValueError, "EXP_READ_EVAL_NO_FAIL"),
        (expression_write("r", None), ValueError, '"expression" of OP_EXPR_WRITE must be given'),
        (expression_write("r", ADULT, 32), ValueError, "EXP_WRITE_ALLOW_DELETE"),
        (expression_write(bin_name="r", expression=ADULT, flags="x"), TypeError, '"flags"'),
    ],
)
def test_wrong_operations_are_refused(
    either: Any, key: Any, operation: Any, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        either.operate(key, [operation])


def test_an_expression_without_a_value_fails(either: Any, key: Any) -> None:
    either.put(key, {"a": 1})
    missing = exp.num_add(exp.int_bin("b"), 1)
    with pytest.raises(OpNotApplicable):
        either.operate(key, [expression_read("r", missing)])
    read = expression_read("r", missing, aero.EXP_READ_EVAL_NO_FAIL)
    assert either.operate_ordered(key, [read]).ordered_bins == [("r", None)]
