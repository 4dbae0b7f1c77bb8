"""Operations on text: what is sent for each, to servers that may not know them yet."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import exception
from aerospike_py import string_operations as strings
from aerospike_py.bit_operations import bit_b64_encode
from aerospike_py.cdt_ctx import cdt_ctx_list_index
from aerospike_py.list_operations import list_join
from aerospike_py.string_helpers import NumericType, RegexFlags, StringPolicy, WriteFlags
from support.both import connected
from support.proxy import Proxy

CDT_READ, BIT_READ, READ, MODIFY, TO_STRING = 3, 12, 17, 18, 19
BLOB, STRING = 4, 3
NO_FAIL = aero.STRING_WRITE_NO_FAIL
NAMED = StringPolicy(WriteFlags.NO_FAIL)

# The operation, its type, and the code and arguments that the server finds in it.
SENT: list[tuple[dict[str, Any], int, list[Any]]] = [
    (strings.strlen("s"), READ, [0]),
    (strings.substr("s", -3), READ, [1, -3]),
    (strings.substr_range("s", 1, 5), READ, [1, 1, 5]),
    (strings.char_at("s", 2), READ, [2, 2]),
    (strings.find("s", "x"), READ, [3, "x", 1]),
    (strings.find("s", "x", -1), READ, [3, "x", -1]),
    (strings.contains("s", "x"), READ, [4, "x"]),
    (strings.starts_with("s", "x"), READ, [5, "x"]),
    (strings.ends_with("s", "x"), READ, [6, "x"]),
    (strings.to_integer("s"), READ, [7]),
    (strings.to_double("s"), READ, [8]),
    (strings.byte_length("s"), READ, [9]),
    (strings.is_numeric("s"), READ, [10, 0]),
    (strings.is_numeric("s", aero.STRING_NUMERIC_FLOAT), READ, [10, 2]),
    (strings.is_numeric("s", NumericType.FLOAT), READ, [10, 2]),
    (strings.is_upper("s"), READ, [11]),
    (strings.is_lower("s"), READ, [12]),
    (strings.to_blob("s"), READ, [13]),
    (strings.split("s"), READ, [14]),
    (strings.split_separator("s", ","), READ, [14, ","]),
    (strings.base64_decode("s"), READ, [15]),
    (strings.regex_compare("s", "a+", 3), READ, [16, "a+", 3]),
    (strings.insert("s", 1, "x"), MODIFY, [50, 1, "x", 0]),
    (strings.overwrite("s", 1, "x", NO_FAIL), MODIFY, [51, 1, "x", 4]),
    (strings.concat("s", ["a", "b"]), MODIFY, [52, ["a", "b"], 0]),
    (strings.snip("s", 1), MODIFY, [53, 1]),
    (strings.snip("s", 1, 3, NO_FAIL), MODIFY, [53, 1, 3, 4]),
    (strings.replace("s", "a", "b"), MODIFY, [54, ["a", "b"], 0]),
    (strings.replace_all("s", "a", "b"), MODIFY, [55, ["a", "b"], 0]),
    (strings.upper("s"), MODIFY, [56, 0]),
    (strings.lower("s", {"write_flags": NO_FAIL}), MODIFY, [57, 4]),
    (strings.casefold("s"), MODIFY, [58, 0]),
    (strings.normalize_nfc("s"), MODIFY, [59, 0]),
    (strings.trim_start("s"), MODIFY, [60, 0]),
    (strings.trim_end("s"), MODIFY, [61, 0]),
    (strings.trim("s"), MODIFY, [62, 0]),
    (strings.pad_start("s", 8, "0"), MODIFY, [63, 8, "0", 0]),
    (strings.pad_end("s", 8, "."), MODIFY, [64, 8, ".", 0]),
    (strings.repeat("s", 3), MODIFY, [65, 3, 0]),
    (strings.regex_replace("s", "a", "b", 16), MODIFY, [66, ["a", "b"], 16, 0]),
    (
        strings.regex_replace("s", "a", "b", RegexFlags.GLOBAL | RegexFlags.DOTALL, NAMED),
        MODIFY,
        [66, ["a", "b"], 20, 4],
    ),
    (strings.append("s", "x"), MODIFY, [67, "x", 0]),
    (strings.prepend("s", "x"), MODIFY, [68, "x", 0]),
    (strings.strlen("s", ctx=[cdt_ctx_list_index(1)]), READ, [0xFF, [0x10, 1], [0]]),
    (list_join("l"), CDT_READ, [28]),
    (list_join("l", ", "), CDT_READ, [28, ", "]),
    (bit_b64_encode("b"), BIT_READ, [55]),
    (bit_b64_encode("b", 1, 2, True), BIT_READ, [55, 1, 2, 1]),
]


def packed(item: Any) -> bytes:
    """Small values in MessagePack, as the server takes them."""
    if isinstance(item, list):
        return bytes([0x90 | len(item)]) + b"".join(map(packed, item))
    if isinstance(item, str):
        return bytes([0xA0 | len(item) + 1, STRING]) + item.encode()
    return bytes([item & 0xFF]) if item < 0x80 else bytes([0xCC, item])


def send(kind: str, proxy: Proxy, key: Any, operation: Any) -> None:
    refused = contextlib.suppress(exception.ServerError, exception.RecordError)
    with connected(kind, {"hosts": proxy.hosts}) as client, refused:
        client.operate(key, [operation])


@pytest.mark.parametrize(("operation", "code", "content"), SENT, ids=repr)
def test_what_is_sent(
    proxy: Proxy, kind: str, key: Any, operation: Any, code: int, content: list[Any]
) -> None:
    particle = STRING if code in (READ, MODIFY) else BLOB
    name = operation["bin"].encode()
    send(kind, proxy, key, operation)
    assert bytes([code, particle, 0, len(name)]) + name + packed(content) in proxy.sent


def test_any_bin_as_text(proxy: Proxy, kind: str, key: Any) -> None:
    send(kind, proxy, key, strings.to_string("number"))
    assert bytes([TO_STRING]) in proxy.sent
    assert b"\x06number" in proxy.sent


def test_every_function_is_sent() -> None:
    sent = {operation["op"] for operation, _, _ in SENT}
    assert len(strings.__all__) == 39
    # One is sent in two ways, and another is in a test of its own.
    known = {getattr(aero, name) for name in aero.__all__ if name.startswith("OP_STRING_")}
    assert known - sent == {aero.OP_STRING_TO_STRING}


def test_arguments_by_the_names_of_the_official_client() -> None:
    assert strings.find(bin_name="s", needle="x", occurrence=2) == strings.find("s", "x", 2)


@pytest.mark.parametrize(
    ("operation", "raised", "names"),
    [
        (strings.find("s", 1), TypeError, "needle"),
        (strings.substr("s", "1"), TypeError, "start"),
        (strings.is_numeric("s", 3), ValueError, "STRING_NUMERIC_FLOAT"),
        (strings.regex_compare("s", "a", 32), ValueError, "STRING_REGEX_GLOBAL"),
        (strings.concat("s", "ab"), TypeError, "value_list"),
        (strings.concat("s", [1]), TypeError, "item"),
        (strings.upper("s", 8), ValueError, "STRING_WRITE_NO_FAIL"),
        (strings.upper("s", {"flags": 1}), ValueError, "write_flags"),
        (strings.snip("s", 1, None, NO_FAIL), ValueError, "end"),
        (list_join("l", 1), TypeError, "separator"),
    ],
    ids=repr,
)
def test_wrong_arguments_are_refused(
    either: Any, key: Any, operation: Any, raised: Any, names: str
) -> None:
    either.put(key, {"s": "text"})
    with pytest.raises(raised, match=names):
        either.operate(key, [operation])
    assert either.get(key).meta.gen == 1
