"""Values go to the server and come back as what they were, or are refused at once."""

from __future__ import annotations

import enum
import math
import struct
import threading
from collections import OrderedDict
from typing import Any

import pytest

import aerospike_py
from aerospike_py import Client, exception
from aerospike_py.types import (
    CDTInfinite,
    CDTWildcard,
    GeoJSON,
    HyperLogLog,
    KeyOrderedDict,
    null,
)
from support import wire

DEEPEST = 64
POINT = '{"type": "Point", "coordinates": [-122.0, 37.5]}'
# What the server stores for a HyperLogLog with 4 index bits that nothing was added to.
EMPTY_HLL = bytes([0, 4, 0]) + bytes(8) + bytes(12)


def stored(client: Any, key: Any, value: Any) -> Any:
    """What is read of a bin to which the value was written."""
    client.put(key, {"v": value})
    return client.get(key).bins["v"]


class Color(enum.IntEnum):
    RED = 3


class Indexed:
    """An int by its `__index__`, which may do something besides."""

    def __init__(self, value: int, do: Any = lambda: None) -> None:
        self.value = value
        self.do = do

    def __index__(self) -> int:
        self.do()
        return self.value


# --- What is stored ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        0,
        -1,
        2**31,
        2**63 - 1,
        -(2**63),
        0.0,
        1.5,
        -1e308,
        5e-324,
        math.inf,
        -math.inf,
        "",
        "text",
        "é日本😀",
        "\0",
        "x" * 100_000,
        b"",
        b"\0\xff",
        bytes(100_000),
        [],
        [1, "two", b"three", 4.0, None, True, [5], {"six": 7}],
        list(range(1000)),
        {},
        {"a": 1, "b": [1, 2], "c": {"d": None}},
        {1: "one", -5: "minus five", "text": 2, b"bytes": 3},
        {str(number): number for number in range(1000)},
        KeyOrderedDict({"a": 1, "b": KeyOrderedDict({1: 2})}),
        GeoJSON(POINT),
        HyperLogLog(EMPTY_HLL),
        [GeoJSON(POINT), HyperLogLog(EMPTY_HLL), KeyOrderedDict({"k": 1})],
    ],
    ids=lambda value: repr(value)[:40],
)
def test_values_come_back_as_they_were(either: Any, key: Any, value: Any) -> None:
    read = stored(either, key, value)
    assert read == value
    assert type(read) is type(value)


def test_nan_comes_back(either: Any, key: Any) -> None:
    assert math.isnan(stored(either, key, math.nan))


def test_the_sign_of_zero_comes_back(either: Any, key: Any) -> None:
    assert math.copysign(1, stored(either, key, -0.0)) == -1


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ((1, (2, 3)), [1, [2, 3]]),
        (bytearray(b"abc"), b"abc"),
        (memoryview(b"abcdef"), b"abcdef"),
        (memoryview(b"abcdef")[::2], b"ace"),
        (memoryview(struct.pack("=2i", 1, 2)).cast("i"), struct.pack("=2i", 1, 2)),
        (Color.RED, 3),
        (Indexed(7), 7),
        ({Indexed(7): 1}, {7: 1}),
        (type("Text", (str,), {})("text"), "text"),
        (type("Real", (float,), {})(1.5), 1.5),
        (type("Raw", (bytes,), {})(b"raw"), b"raw"),
        (type("Items", (list,), {})([1]), [1]),
        (OrderedDict(b=1, a=2), {"a": 2, "b": 1}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_of_related_types_are_stored_too(
    either: Any, key: Any, value: Any, read: Any
) -> None:
    found = stored(either, key, value)
    assert found == read
    assert type(found) is type(read)


def test_nested_values_keep_their_types(either: Any, key: Any) -> None:
    read = stored(either, key, [True, 1, 1.0, GeoJSON(POINT), KeyOrderedDict(a={"b": 1})])
    assert [type(item) for item in read] == [bool, int, float, GeoJSON, KeyOrderedDict]
    assert type(read[4]["a"]) is dict
    assert read[3].dumps() == POINT


def test_keys_of_maps_come_back_in_the_servers_order(either: Any, key: Any) -> None:
    shuffled = {b"a": 0, "b": 0, "a": 0, 10: 0, 9: 0, -1: 0}
    in_order = [-1, 9, 10, "a", "b", b"a"]
    assert list(stored(either, key, shuffled)) == in_order
    assert list(stored(either, key, KeyOrderedDict(shuffled))) == in_order
    assert list(stored(either, key, [{"inner": shuffled}])[0]["inner"]) == in_order


def test_none_removes_the_bin(either: Any, key: Any) -> None:
    either.put(key, {"a": 1, "b": 2})
    either.put(key, {"a": None})
    assert either.get(key).bins == {"b": 2}


# --- Unsigned integers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "where", [{"write": {"wrap_integers": True}}, None], ids=["client", "call"]
)
def test_unsigned_integers_wrap_if_a_policy_says_so(server: Any, key: Any, where: Any) -> None:
    policy = None if where else {"wrap_integers": True}
    config = {"hosts": server.hosts, **({"policies": where} if where else {})}
    with Client(config) as client:
        bins = {"max": 2**64 - 1, "list": [2**63, -1], "map": {2**64 - 2: 7}}
        client.put(key, bins, policy=policy)
        assert client.get(key).bins == {"max": -1, "list": [-(2**63), -1], "map": {-2: 7}}
        for too_large in (2**64, -(2**63) - 1):
            with pytest.raises(OverflowError, match="out of range"):
                client.put(key, {"a": too_large}, policy=policy)


# --- What is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "raised", "told"),
    [
        (2**63, OverflowError, r"9223372036854775807"),
        (-(2**63) - 1, OverflowError, r"-9223372036854775808"),
        (2**64 - 1, OverflowError, r"out of range"),
        ([2**63], OverflowError, r"out of range"),
        (Indexed(2**63), OverflowError, r"out of range"),
        ("a\ud800b", ValueError, r"surrogate at index 1"),
        ({"\udfff": 1}, ValueError, r"map key .*surrogate at index 0"),
        ({1, 2}, TypeError, r"set can't be stored"),
        (frozenset(), TypeError, r"frozenset can't be stored"),
        (1j, TypeError, r"complex can't be stored"),
        (..., TypeError, r"ellipsis can't be stored"),
        (range(3), TypeError, r"range can't be stored"),
        ([print], TypeError, r"builtin_function_or_method can't be stored"),
        ({1.5: 1}, TypeError, r"float can't be a map key"),
        ({True: 1}, TypeError, r"bool can't be a map key"),
        ({None: 1}, TypeError, r"NoneType can't be a map key"),
        ({(1, 2): 1}, TypeError, r"tuple can't be a map key"),
        (CDTInfinite(), TypeError, r"CDTInfinite\(\) can't be stored"),
        ([CDTWildcard()], TypeError, r"CDTWildcard\(\) can't be stored"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_values_that_can_not_be_stored_are_refused(
    either: Any, key: Any, value: Any, raised: Any, told: str
) -> None:
    with pytest.raises(raised, match=rf'bin "v": .*{told}'):
        either.put(key, {"v": value})
    assert either.exists(key).meta is None


def test_null_is_stored_as_none(either: Any, key: Any) -> None:
    either.put(key, {"v": 1, "l": [null(), {"k": null()}], "gone": 1})
    either.put(key, {"gone": null()})
    assert either.get(key).bins == {"v": 1, "l": [None, {"k": None}]}
    either.operate(key, [{"op": aerospike_py.OPERATOR_WRITE, "bin": "v", "val": null()}])
    assert either.get(key).bins == {"l": [None, {"k": None}]}


@pytest.mark.parametrize("secret", [["hunter2", {1}], {"hunter2": object()}, "hunter2\ud800"])
def test_errors_do_not_tell_what_was_to_be_stored(either: Any, key: Any, secret: Any) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        either.put(key, {"v": secret})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("bins", "raised", "told"),
    [
        ({}, ValueError, "empty"),
        ([], TypeError, "list"),
        ("bins", TypeError, "str"),
        ({1: 1}, TypeError, "bin name must be str, not int"),
        ({b"a": 1}, TypeError, "bin name must be str, not bytes"),
        ({"": 1}, ValueError, "empty"),
        ({"é" * 8: 1}, ValueError, "16 bytes"),
        ({"\ud800": 1}, ValueError, "surrogate"),
    ],
    ids=repr,
)
def test_bins_that_are_none_are_refused(
    either: Any, key: Any, bins: Any, raised: Any, told: str
) -> None:
    with pytest.raises(raised, match=told):
        either.put(key, bins)


def nested(depth: int, wrap: Any) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = wrap(value)
    return value


WRAPPERS = pytest.mark.parametrize(
    "wrap", [lambda value: [value], lambda value: (value,), lambda value: {"k": value}]
)


@WRAPPERS
def test_nesting_has_a_limit(either: Any, key: Any, wrap: Any) -> None:
    assert stored(either, key, nested(DEEPEST, wrap)) is not None
    with pytest.raises(ValueError, match=f"more than {DEEPEST} levels"):
        either.put(key, {"v": nested(DEEPEST + 1, wrap)})
    with pytest.raises(ValueError, match=f"more than {DEEPEST} levels"):
        either.put(key, {"v": nested(100_000, wrap)})


def test_containers_that_contain_themselves_are_refused(either: Any, key: Any) -> None:
    items: list[Any] = []
    items.extend([items, items])
    pairs: dict[str, Any] = {}
    pairs["self"] = pairs
    for value in (items, pairs):
        with pytest.raises(ValueError, match="contain themselves"):
            either.put(key, {"v": value})


def test_errors_of_the_callers_code_pass(either: Any, key: Any) -> None:
    class OwnError(Exception):
        pass

    def fail() -> None:
        raise OwnError("mine")

    with pytest.raises(OwnError, match="mine"):
        either.put(key, {"v": [Indexed(1, fail)]})


# --- What changes meanwhile -------------------------------------------------------------------


def test_list_is_stored_as_it_was_when_the_call_began(either: Any, key: Any) -> None:
    items: list[Any] = []
    items.extend([Indexed(1, items.clear), 2, 3])
    assert stored(either, key, items) == [1, 2, 3]
    assert items == []


def test_dict_is_stored_as_it_was_when_the_call_began(either: Any, key: Any) -> None:
    pairs: dict[str, Any] = {}
    pairs.update(a=Indexed(1, pairs.clear), b=2, c=3)
    assert stored(either, key, pairs) == {"a": 1, "b": 2, "c": 3}
    bins: dict[str, Any] = {}
    bins.update(a=Indexed(1, lambda: bins.update(z=1)), b=2)
    either.put(key, bins)
    assert set(either.get(key).bins) == {"v", "a", "b"}


def test_containers_may_change_in_other_threads(client: Any, key: Any) -> None:
    """Whatever is stored was the content at one moment: all its items are of one round."""
    items = [0] * 20
    pairs = {f"k{number}": 0 for number in range(20)}
    done = threading.Event()

    def change() -> None:
        round_ = 0
        while not done.is_set():
            round_ += 1
            items[:] = [round_] * (20 + round_ % 5)
            pairs[f"new{round_ % 7}"] = round_
            pairs.pop(f"new{(round_ + 3) % 7}", None)

    changing = [threading.Thread(target=change) for _ in range(2)]
    for thread in changing:
        thread.start()
    try:
        for _ in range(300):
            client.put(key, {"items": items, "pairs": pairs})
            bins = client.get(key).bins
            assert len(set(bins["items"])) == 1
            assert {f"k{number}" for number in range(20)} <= set(bins["pairs"])
    finally:
        done.set()
        for thread in changing:
            thread.join()


# --- What other clients stored ----------------------------------------------------------------

BLOBS_OF_LANGUAGES = {"Java": 7, "C#": 8, "Python": 9, "Ruby": 10, "PHP": 11, "Erlang": 12}


@pytest.mark.parametrize("particle", BLOBS_OF_LANGUAGES.values(), ids=BLOBS_OF_LANGUAGES.keys())
def test_blobs_of_other_languages_are_bytes(
    either: Any, server: Any, key: Any, particle: int
) -> None:
    wire.write(server.hosts[0], key, "v", particle, b"\x80pickled")
    assert either.get(key).bins == {"v": b"\x80pickled"}


def test_text_that_is_not_utf8_is_told(either: Any, server: Any, key: Any) -> None:
    either.put(key, {"good": 1})
    wire.write(server.hosts[0], key, "v", wire.STRING, b"caf\xe9")
    with pytest.raises(exception.ClientError, match="not UTF-8"):
        either.get(key)
    assert either.select(key, ["good"]).bins == {"good": 1}
