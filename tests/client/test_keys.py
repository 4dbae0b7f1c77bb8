"""A key leads to the same record as with the other clients, and one that is none is refused."""

from __future__ import annotations

from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py.types import AerospikeKey

# Computed by the official client, except for the text with a NUL, which it cuts off there.
DIGESTS = [
    ("demo", "abc", "5bb7c351d00567dcdabd54658e1f98e5e964b744"),
    ("demo", "", "6253653507ba82c3f57c87af2f86d39033149e0c"),
    ("demo", "a\0b", "96a635ebe6ed3b3fc09b6c9d64db16b55a84d081"),
    ("demo", 1, "b7f4b83889e2da67de683e1df6919a1eacc446c8"),
    ("demo", -5, "0ee7f6935bf149a69f3bafad97ed118bdaefdf21"),
    ("demo", b"abc", "5bb7c351d00567dcdabd54658e1f98e5e964b744"),
    ("demo", b"\xff\xfe", "d537e4d062faa869e7d1dddc154b69492c7438c9"),
    ("demo", bytearray(b"abc"), "3fb7c68f2c2b17e691675d1249bcc636a484184c"),
    ("demo", bytearray(b"a\0b"), "05c0610a612cdf4c25e5432896cbda354035711b"),
    ("", 1, "a443f05d05d962202b59abb402afae1737dbf66a"),
    (None, 1, "a443f05d05d962202b59abb402afae1737dbf66a"),
]


@pytest.mark.parametrize(("set_", "user_key", "digest"), DIGESTS, ids=repr)
def test_digests_are_those_of_the_other_clients(set_: Any, user_key: Any, digest: str) -> None:
    assert aero.calc_digest("test", set_, user_key).hex() == digest


def test_digest_leads_to_the_partition(client: Any) -> None:
    digest = aero.calc_digest("test", "demo", "abc")
    partition = int.from_bytes(digest[:2], "little") & 0xFFF
    assert aero.get_partition_id(digest) == partition
    assert aero.get_partition_id(bytearray(digest)) == partition
    assert client.get_key_partition_id("test", "demo", "abc") == partition


class Indexed:
    def __index__(self) -> int:
        return 7


def test_ints_of_other_types_are_ints(either: Any) -> None:
    key = ("test", "t", 7)
    either.put(key, {"a": 1})
    assert either.get(("test", "t", Indexed())).bins == {"a": 1}
    assert either.get(("test", "t", Indexed())).key.user_key == 7
    either.remove(key)


def test_key_of_a_record_leads_to_it_again(either: Any, key: Any) -> None:
    either.put(key, {"a": 1})
    returned = either.get(key).key
    assert type(returned) is AerospikeKey
    assert either.get(returned).key == returned
    assert either.get(tuple(returned)).bins == {"a": 1}
    assert either.get((*key, None)).bins == {"a": 1}


@pytest.mark.parametrize("user_key", [b"bytes", bytearray(b"bytes"), 5, "text"])
def test_key_of_a_record_in_no_set_leads_to_it_again(either: Any, user_key: Any) -> None:
    either.put(("test", None, user_key), {"a": 1})
    returned = either.get(("test", "", user_key)).key
    assert (returned.set_name, returned.user_key) == (None, user_key)
    assert either.get(returned).bins == {"a": 1}
    either.remove(returned)


class Text(str):
    """What results are not to show, though it makes a key."""


@pytest.mark.parametrize("user_key", [Text("k"), "k", 7, b"k", bytearray(b"k")])
def test_key_of_a_record_has_plain_parts(either: Any, user_key: Any) -> None:
    given = (Text("test"), Text("demo"), user_key)
    either.put(given, {"a": 1})
    shown = {str: str, Text: str, int: int, bytes: bytes, bytearray: bytes}[type(user_key)]
    for record in (either.get(given), either.select(given, ["a"]), either.exists(given)):
        key = record.key
        assert key == ("test", "demo", user_key, aero.calc_digest(*given))
        assert [type(part) for part in key] == [str, str, shown, bytes]
        assert type(key) is AerospikeKey
    either.remove(given)


def test_digest_that_is_given_is_not_computed(either: Any, key: Any) -> None:
    either.put(key, {"a": 1})
    other = ("test", "t", "another user key", aero.calc_digest(*key))
    record = either.get(other)
    assert record.bins == {"a": 1}
    assert record.key == other


def test_digest_needs_no_user_key_to_write(either: Any) -> None:
    key = ("test", "t", None, bytes(range(20)))
    either.put(key, {"a": 1})
    assert either.get(key).key == key
    either.remove(key)


WRONG_PARTS = [
    (("", "t", "k"), ValueError, "namespace is empty"),
    ((None, "t", "k"), TypeError, "namespace must be str, not NoneType"),
    ((b"test", "t", "k"), TypeError, "namespace must be str, not bytes"),
    (("te\ud800st", "t", "k"), ValueError, "namespace has a lone surrogate at index 2"),
    (("test", 5, "k"), TypeError, "set must be str or None, not int"),
    (("test", "\udfff", "k"), ValueError, "set has a lone surrogate"),
    (("test", "t", None), ValueError, "user key is None"),
    (("test", "t", 1.0), TypeError, "user key must be .*, not float"),
    (("test", "t", True), TypeError, "user key must be .*, not bool"),
    (("test", "t", ["k"]), TypeError, "user key must be .*, not list"),
    (("test", "t", "\ud800"), ValueError, "user key has a lone surrogate"),
    (("test", "t", 2**63), OverflowError, "9223372036854775807"),
    (("test", "t", -(2**63) - 1), OverflowError, "-9223372036854775808"),
]
WRONG_KEYS = [
    ("test:t:k", TypeError, r"key must be a tuple \(namespace, set, user_key.*, not str"),
    (["test", "t", "k"], TypeError, "key must be a tuple .*, not list"),
    (None, TypeError, "key must be a tuple .*, not NoneType"),
    ((), ValueError, "3 or 4 parts .*, not 0"),
    (("test", "t"), ValueError, "3 or 4 parts .*, not 2"),
    (("test", "t", "k", b"x" * 20, 1), ValueError, "3 or 4 parts .*, not 5"),
    (("test", "t", "k", "x" * 20), TypeError, "digest must be bytes or bytearray, not str"),
    (("test", "t", "k", b"x" * 19), ValueError, "digest must have 20 bytes, not 19"),
    (("test", "t", None, bytearray(21)), ValueError, "digest must have 20 bytes, not 21"),
    (("test", "t", 1.0, b"x" * 20), TypeError, "user key must be .*, not float"),
    (("test", 5, None, b"x" * 20), TypeError, "set must be str or None, not int"),
]


@pytest.mark.parametrize(("wrong", "raised", "told"), WRONG_KEYS + WRONG_PARTS, ids=repr)
def test_keys_that_are_none_are_refused(either: Any, wrong: Any, raised: Any, told: str) -> None:
    for verb, args in [("get", ()), ("put", ({"a": 1},)), ("remove", ()), ("exists", ())]:
        with pytest.raises(raised, match=told):
            getattr(either, verb)(wrong, *args)


@pytest.mark.parametrize(("wrong", "raised", "told"), WRONG_PARTS, ids=repr)
def test_digests_of_keys_that_are_none_are_refused(wrong: Any, raised: Any, told: str) -> None:
    with pytest.raises(raised, match=told):
        aero.calc_digest(*wrong)


def test_errors_do_not_tell_the_user_key(either: Any) -> None:
    with pytest.raises(TypeError) as caught:
        either.get(("test", "t", ["hunter2"]))
    assert "hunter2" not in str(caught.value)
