"""Operations on bits: what users do with them, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import bit_operations as bits
from aerospike_py import exception


def results(client: Any, key: Any, *operations: Any) -> list[Any]:
    result = client.operate_ordered(key, list(operations))
    return [value for _, value in result.ordered_bins]


def test_each_operation_has_its_result_in_order(either: Any, key: Any) -> None:
    assert results(
        either,
        key,
        bits.bit_resize("b", 2),
        bits.bit_set_int("b", 0, 16, 0xFF00),
        bits.bit_rshift("b", 0, 16, 4),
        bits.bit_get("b", 4, 8),
        bits.bit_get_int("b", 0, 12),
        bits.bit_get_int("b", 4, 8, True),
        bits.bit_count("b", 0, 16),
        bits.bit_lscan("b", 0, 16, True),
        bits.bit_rscan("b", 0, 4, True),
    ) == [None, None, None, b"\xff", 255, -1, 8, 4, -1]
    assert either.get(key).bins == {"b": b"\x0f\xf0"}


def test_numbers_of_64_bits(either: Any, key: Any) -> None:
    either.put(key, {"b": bytes(8)})
    either.operate(key, [bits.bit_set_int("b", 0, 64, 2**64 - 1)])
    assert either.get(key).bins == {"b": b"\xff" * 8}
    either.operate(key, [bits.bit_set_int("b", 0, 64, -2)])
    assert results(either, key, bits.bit_get_int("b", 0, 64, signed=True)) == [-2]


def test_overflow(either: Any, key: Any) -> None:
    either.put(key, {"b": b"\xff"})
    with pytest.raises(exception.OpNotApplicable):
        either.operate(key, [bits.bit_add("b", 0, 8, 1)])
    either.operate(key, [bits.bit_add("b", 0, 8, 1, action=aero.BIT_OVERFLOW_SATURATE)])
    assert either.get(key).bins == {"b": b"\xff"}
    either.operate(key, [bits.bit_add("b", 0, 8, 1, action=aero.BIT_OVERFLOW_WRAP)])
    assert either.get(key).bins == {"b": b"\x00"}


@pytest.mark.parametrize(
    "policy", [aero.BIT_WRITE_UPDATE_ONLY, {"bit_write_flags": aero.BIT_WRITE_UPDATE_ONLY}]
)
def test_policy_is_flags_or_a_dict(either: Any, key: Any, policy: Any) -> None:
    either.put(key, {"x": 1})
    with pytest.raises(exception.BinNotFound):
        either.operate(key, [bits.bit_resize("b", 2, policy=policy)])


def test_arguments_by_the_names_of_the_official_client(either: Any, key: Any) -> None:
    either.put(key, {"b": b"\x00\x00"})
    either.operate(
        key,
        [
            bits.bit_set(
                bin_name="b", bit_offset=0, bit_size=8, value_byte_size=1, value=b"\xff\xff"
            )
        ],
    )
    assert either.get(key).bins == {"b": b"\xff\x00"}
    assert bits.bit_get_int("b", 0, 8, sign=True) == bits.bit_get_int("b", 0, 8, True)


@pytest.mark.parametrize(
    ("operation", "raised", "names"),
    [
        (bits.bit_resize("b", "2"), TypeError, "byte_size"),
        (bits.bit_resize("b", 2, 8), ValueError, "BIT_RESIZE_GROW_ONLY"),
        (bits.bit_resize("b", 2, policy=16), ValueError, "BIT_WRITE_PARTIAL"),
        (bits.bit_resize("b", 2, policy={"flags": 1}), ValueError, "bit_write_flags"),
        (bits.bit_set("b", 0, 8, 255), TypeError, "bytes"),
        (bits.bit_set("b", 0, 8, "x"), TypeError, "bytes"),
        (bits.bit_set("b", 0, 8, b"x", value_byte_size=2), ValueError, "from 0 to 1"),
        (bits.bit_set_int("b", 0, 8, 2**64), ValueError, "64"),
        (bits.bit_set_int("b", 0, 8, True), TypeError, "value"),
        (bits.bit_add("b", 0, 8, 1, action=1), ValueError, "BIT_OVERFLOW_WRAP"),
        (bits.bit_add("b", 0, 8, 1, signed=1), TypeError, "signed"),
        (bits.bit_lscan("b", 0, 8, 1), TypeError, "value"),
        (bits.bit_get("b", 0, 8, ctx=5), TypeError, "ctx"),
        (bits.bit_b64_encode("b", 1), ValueError, "byte_size"),
    ],
    ids=repr,
)
def test_wrong_arguments_are_refused(
    either: Any, key: Any, operation: Any, raised: Any, names: str
) -> None:
    either.put(key, {"b": b"\x01"})
    with pytest.raises(raised, match=names):
        either.operate(key, [operation])
    assert either.get(key).meta.gen == 1
