"""Operations on text, carried out by a server that has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import exception, exp
from aerospike_py import string_operations as strings
from aerospike_py.bit_operations import bit_b64_encode
from aerospike_py.cdt_ctx import cdt_ctx_list_index, cdt_ctx_map_key
from aerospike_py.expression_operations import expression_read, expression_write
from aerospike_py.list_operations import list_join
from aerospike_py.testing import EmbeddedServer
from support.both import KINDS, connected

BINS = {
    "s": "caf\u00e9 noir",
    "d": "cafe\u0301",
    "n": "-12",
    "list": ["a", "b", {"k": "deep"}],
    "texts": ["a", "b"],
    "twins": "bookkeeper",
    "blob": b"\x01B\x03",
    "int": 7,
}

NO_FAIL = aero.STRING_WRITE_NO_FAIL
CREATE_ONLY = aero.STRING_WRITE_CREATE_ONLY
DEEP = [cdt_ctx_list_index(2), cdt_ctx_map_key("k")]

READS: list[tuple[dict[str, Any], Any]] = [
    (strings.strlen("s"), 9),
    (strings.byte_length("s"), 10),
    (strings.substr("s", -4), "noir"),
    (strings.substr_range("s", 1, 4), "af\u00e9"),
    (strings.char_at("s", 3), "\u00e9"),
    (strings.find("s", "o"), 6),
    (strings.find("d", "\u00e9"), 3),
    (strings.find("s", "x"), -1),
    (strings.contains("d", "\u00e9"), True),
    (strings.starts_with("s", "caf"), True),
    (strings.ends_with("s", "caf"), False),
    (strings.to_integer("n"), -12),
    (strings.to_double("n"), -12.0),
    (strings.is_numeric("n"), True),
    (strings.is_numeric("n", aero.STRING_NUMERIC_FLOAT), False),
    (strings.is_upper("s"), False),
    (strings.is_lower("d"), False),
    (strings.to_blob("n"), b"-12"),
    (strings.split("n"), ["-", "1", "2"]),
    (strings.split_separator("s", " "), ["caf\u00e9", "noir"]),
    (strings.regex_compare("s", "^CAF.", aero.STRING_REGEX_CASE_INSENSITIVE), True),
    (strings.regex_compare("s", r"caf\u00e9(?= noir)"), True),
    (strings.regex_compare("s", r"noir(?<!\u00e9 noir)"), False),
    (strings.to_string("int"), "7"),
    (strings.strlen("list", ctx=DEEP), 4),
    (list_join("texts", ", "), "a, b"),
    (bit_b64_encode("blob"), "AUID"),
    (bit_b64_encode("blob", 1, 0, True), "QgM="),
]

CHANGES: list[tuple[dict[str, Any], str, Any]] = [
    (strings.insert("s", 4, ","), "s", "caf\u00e9, noir"),
    (strings.overwrite("s", 3, "e"), "s", "cafe noir"),
    (strings.concat("s", ["!", "?"]), "s", "caf\u00e9 noir!?"),
    (strings.append("new", "x"), "new", "x"),
    (strings.prepend("s", "x"), "s", "xcaf\u00e9 noir"),
    (strings.append("s", "x", CREATE_ONLY | NO_FAIL), "s", "caf\u00e9 noir"),
    (strings.snip("s", 4), "s", "caf\u00e9"),
    (strings.snip("s", 0, 5), "s", "noir"),
    (strings.replace("d", "\u00e9", "e"), "d", "cafe"),
    (strings.replace_all("s", "o", "0"), "s", "caf\u00e9 n0ir"),
    (strings.upper("s"), "s", "CAF\u00c9 NOIR"),
    (strings.casefold("s"), "s", "caf\u00e9 noir"),
    (strings.normalize_nfc("d"), "d", "caf\u00e9"),
    (strings.pad_start("n", 5, "0"), "n", "00-12"),
    (strings.repeat("n", 2), "n", "-12-12"),
    (strings.regex_replace("n", r"(\d)(\d)", "$2$1"), "n", "-21"),
    (strings.regex_replace("twins", r"(\w)\1", "<$1>", 16), "twins", "b<o><k><e>per"),
    (strings.upper("list", ctx=DEEP), "list", ["a", "b", {"k": "DEEP"}]),
]

COMPUTED: list[tuple[Any, Any]] = [
    (exp.string_strlen(exp.string_bin("s")), 9),
    (exp.string_upper(exp.string_bin("s")), "CAF\u00c9 NOIR"),
    (
        exp.string_substr(exp.string_bin("s"), 0, exp.string_find(exp.string_bin("s"), " ")),
        "caf\u00e9",
    ),
    (exp.string_to_integer(exp.string_bin("n")), -12),
    (exp.string_replace_all(exp.string_bin("d"), "\u00e9", "e"), "cafe"),
    (exp.string_pad_end(exp.string_bin("n"), 4, "."), "-12."),
]


@pytest.fixture(scope="module")
def new_server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(compat="8.2") as server:
        yield server


@pytest.fixture(scope="module", params=KINDS)
def new(request: pytest.FixtureRequest, new_server: EmbeddedServer) -> Iterator[Any]:
    with connected(request.param, new_server.config()) as client:
        yield client


@pytest.fixture
def record(new: Any) -> Any:
    key = ("test", "strings", "record")
    new.put(key, BINS, policy={"exists": aero.POLICY_EXISTS_CREATE_OR_REPLACE})
    return key


def test_reading(new: Any, record: Any) -> None:
    for operation, expected in READS:
        result = new.operate(record, [operation]).bins
        assert result == {operation["bin"]: expected}, operation


@pytest.mark.parametrize(("operation", "bin", "expected"), CHANGES, ids=repr)
def test_changing(new: Any, record: Any, operation: Any, bin: str, expected: Any) -> None:
    new.operate(record, [operation])
    assert new.get(record).bins == {**BINS, bin: expected}


def test_expressions(new: Any, record: Any) -> None:
    for expression, expected in COMPUTED:
        assert new.operate(record, [expression_read("out", expression)]).bins == {"out": expected}
    new.operate(record, [expression_write("w", exp.string_lower(exp.val("ABC")))])
    assert new.get(record).bins["w"] == "abc"
    found = exp.string_contains(exp.string_bin("d"), "\u00e9")
    assert new.get(record, policy={"filter_expression": found}).bins["n"] == "-12"


def test_what_the_server_refuses(new: Any, record: Any, either: Any) -> None:
    with pytest.raises(exception.BinExistsError):
        new.operate(record, [strings.append("s", "x", CREATE_ONLY)])
    with pytest.raises(exception.BinTypeError):
        new.operate(record, [strings.strlen("int")])
    assert new.get(record).bins == BINS
    # An older server has none of this.
    with pytest.raises(exception.InvalidRequest):
        either.operate(("test", "strings", "old"), [strings.append("s", "x")])


def test_versions() -> None:
    with pytest.raises(ValueError, match=r"compat must be one of 8\.1, 8\.2, not '9'"):
        EmbeddedServer(compat="9")
