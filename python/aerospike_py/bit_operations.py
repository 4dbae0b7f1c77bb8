"""Operations on the bits of a bin of bytes, for `operate` and whatever else takes operations.

Each function returns the dict of an operation, its arguments under their names. Offsets and sizes
are in bits unless their names say bytes. Bits count from the left: bit 0 is the highest of the
first byte. A negative offset counts from the end. On a bin that does not exist, reading has the
result None, `bit_resize` and `bit_insert` make the bin, and the others have no effect. An offset
before the bytes fails with `InvalidRequest`, one behind them with `OpNotApplicable`; so does a size
that goes beyond them, unless BIT_WRITE_PARTIAL has it cut.

`policy` is a `BitPolicy` or its flags alone, BIT_WRITE_* combined by `|`. `ctx` is the way to bytes
within the bin's list or map, steps made by `aerospike_py.cdt_ctx`; servers up to 8.1 refuse one
with `InvalidRequest`. `value_byte_size` takes only so many of the bytes given.

What is wrong in a dict is told by the call that it is given to. The official client's names of
arguments (`bin_name`, `sign`) may be used for keyword arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aerospike_py._builders import also_named
from aerospike_py._constants import (
    BIT_OVERFLOW_FAIL,
    OP_BIT_ADD,
    OP_BIT_AND,
    OP_BIT_B64_ENCODE,
    OP_BIT_COUNT,
    OP_BIT_GET,
    OP_BIT_GET_INT,
    OP_BIT_INSERT,
    OP_BIT_LSCAN,
    OP_BIT_LSHIFT,
    OP_BIT_NOT,
    OP_BIT_OR,
    OP_BIT_REMOVE,
    OP_BIT_RESIZE,
    OP_BIT_RSCAN,
    OP_BIT_RSHIFT,
    OP_BIT_SET,
    OP_BIT_SET_INT,
    OP_BIT_SUBTRACT,
    OP_BIT_XOR,
)

if TYPE_CHECKING:
    from aerospike_py.types import BitPolicy, Context, Operation

__all__ = [
    "bit_add",
    "bit_and",
    "bit_b64_encode",
    "bit_count",
    "bit_get",
    "bit_get_int",
    "bit_insert",
    "bit_lscan",
    "bit_lshift",
    "bit_not",
    "bit_or",
    "bit_remove",
    "bit_resize",
    "bit_rscan",
    "bit_rshift",
    "bit_set",
    "bit_set_int",
    "bit_subtract",
    "bit_xor",
]


@also_named(bin_name="bin")
def bit_resize(
    bin: str,
    byte_size: int,
    resize_flags: int = 0,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Make the bytes as many as `byte_size`, by zeros added or bytes cut off at the end; no result.

    BIT_RESIZE_FROM_FRONT does it at the front, BIT_RESIZE_GROW_ONLY and BIT_RESIZE_SHRINK_ONLY
    refuse the other way.

    >>> client.put(key, {"b": b"\\x01\\x02"})
    >>> _ = client.operate(key, [bit_resize("b", 4)])
    >>> client.get(key).bins
    {'b': b'\\x01\\x02\\x00\\x00'}
    """
    return {
        "op": OP_BIT_RESIZE,
        "bin": bin,
        "byte_size": byte_size,
        "resize_flags": resize_flags,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def bit_insert(
    bin: str,
    byte_offset: int,
    value: bytes | bytearray,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
    value_byte_size: int | None = None,
) -> Operation:
    """Insert bytes before the one at an offset; no result.

    >>> client.put(key, {"b": b"\\x01\\x04"})
    >>> _ = client.operate(key, [bit_insert("b", 1, b"\\x02\\x03")])
    >>> client.get(key).bins
    {'b': b'\\x01\\x02\\x03\\x04'}
    """
    return {
        "op": OP_BIT_INSERT,
        "bin": bin,
        "byte_offset": byte_offset,
        "value": value,
        "policy": policy,
        "ctx": ctx,
        "value_byte_size": value_byte_size,
    }


@also_named(bin_name="bin")
def bit_remove(
    bin: str,
    byte_offset: int,
    byte_size: int,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Remove bytes from an offset on; no result.

    >>> client.put(key, {"b": b"\\x01\\x02\\x03"})
    >>> _ = client.operate(key, [bit_remove("b", 1, 1)])
    >>> client.get(key).bins
    {'b': b'\\x01\\x03'}
    """
    return {
        "op": OP_BIT_REMOVE,
        "bin": bin,
        "byte_offset": byte_offset,
        "byte_size": byte_size,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def bit_set(
    bin: str,
    bit_offset: int,
    bit_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
    value_byte_size: int | None = None,
) -> Operation:
    """Overwrite bits by the first `bit_size` bits of bytes; no result.

    >>> client.put(key, {"b": b"\\x0f\\x0f"})
    >>> _ = client.operate(key, [bit_set("b", 8, 8, b"\\xff")])
    >>> client.get(key).bins
    {'b': b'\\x0f\\xff'}
    """
    return {
        "op": OP_BIT_SET,
        "bin": bin,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": value,
        "policy": policy,
        "ctx": ctx,
        "value_byte_size": value_byte_size,
    }


@also_named(bin_name="bin")
def bit_or(
    bin: str,
    bit_offset: int,
    bit_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
    value_byte_size: int | None = None,
) -> Operation:
    """Set those of the bits that are set in bytes; no result.

    >>> client.put(key, {"b": b"\\x0f\\x0f"})
    >>> _ = client.operate(key, [bit_or("b", 8, 8, b"\\xff")])
    >>> client.get(key).bins
    {'b': b'\\x0f\\xff'}
    """
    return {
        "op": OP_BIT_OR,
        "bin": bin,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": value,
        "policy": policy,
        "ctx": ctx,
        "value_byte_size": value_byte_size,
    }


@also_named(bin_name="bin")
def bit_xor(
    bin: str,
    bit_offset: int,
    bit_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
    value_byte_size: int | None = None,
) -> Operation:
    """Flip those of the bits that are set in bytes; no result.

    >>> client.put(key, {"b": b"\\x0f\\x0f"})
    >>> _ = client.operate(key, [bit_xor("b", 8, 8, b"\\xff")])
    >>> client.get(key).bins
    {'b': b'\\x0f\\xf0'}
    """
    return {
        "op": OP_BIT_XOR,
        "bin": bin,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": value,
        "policy": policy,
        "ctx": ctx,
        "value_byte_size": value_byte_size,
    }


@also_named(bin_name="bin")
def bit_and(
    bin: str,
    bit_offset: int,
    bit_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
    value_byte_size: int | None = None,
) -> Operation:
    """Clear those of the bits that are clear in bytes; no result.

    >>> client.put(key, {"b": b"\\x0f\\x0f"})
    >>> _ = client.operate(key, [bit_and("b", 8, 8, b"\\xff")])
    >>> client.get(key).bins
    {'b': b'\\x0f\\x0f'}
    """
    return {
        "op": OP_BIT_AND,
        "bin": bin,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": value,
        "policy": policy,
        "ctx": ctx,
        "value_byte_size": value_byte_size,
    }


@also_named(bin_name="bin")
def bit_not(
    bin: str,
    bit_offset: int,
    bit_size: int,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Flip bits; no result.

    >>> client.put(key, {"b": b"\\x0f\\x0f"})
    >>> _ = client.operate(key, [bit_not("b", 0, 8)])
    >>> client.get(key).bins
    {'b': b'\\xf0\\x0f'}
    """
    return {
        "op": OP_BIT_NOT,
        "bin": bin,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def bit_lshift(
    bin: str,
    bit_offset: int,
    bit_size: int,
    shift: int,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Shift bits to the left, zeros coming after; no result.

    >>> client.put(key, {"b": b"\\x0f\\x0f"})
    >>> _ = client.operate(key, [bit_lshift("b", 0, 8, 4)])
    >>> client.get(key).bins
    {'b': b'\\xf0\\x0f'}
    """
    return {
        "op": OP_BIT_LSHIFT,
        "bin": bin,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "shift": shift,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def bit_rshift(
    bin: str,
    bit_offset: int,
    bit_size: int,
    shift: int,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Shift bits to the right, zeros coming after; no result.

    >>> client.put(key, {"b": b"\\x0f\\x0f"})
    >>> _ = client.operate(key, [bit_rshift("b", 0, 8, 4)])
    >>> client.get(key).bins
    {'b': b'\\x00\\x0f'}
    """
    return {
        "op": OP_BIT_RSHIFT,
        "bin": bin,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "shift": shift,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin", sign="signed")
def bit_add(
    bin: str,
    bit_offset: int,
    bit_size: int,
    value: int,
    signed: bool = False,
    action: int = BIT_OVERFLOW_FAIL,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Add a number to the integer that bits are, 64 at most; no result.

    `action` says what happens when the result does not fit: BIT_OVERFLOW_FAIL, BIT_OVERFLOW_WRAP
    or BIT_OVERFLOW_SATURATE, the last with the greatest or least number that fits.

    >>> client.put(key, {"b": b"\\x01"})
    >>> _ = client.operate(key, [bit_add("b", 0, 8, 2, False, BIT_OVERFLOW_WRAP)])
    >>> client.get(key).bins
    {'b': b'\\x03'}
    """
    return {
        "op": OP_BIT_ADD,
        "bin": bin,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": value,
        "signed": signed,
        "action": action,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin", sign="signed")
def bit_subtract(
    bin: str,
    bit_offset: int,
    bit_size: int,
    value: int,
    signed: bool = False,
    action: int = BIT_OVERFLOW_FAIL,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Subtract a number from the integer that bits are, 64 at most; no result.

    `action` says what happens when the result does not fit: BIT_OVERFLOW_FAIL, BIT_OVERFLOW_WRAP
    or BIT_OVERFLOW_SATURATE, the last with the greatest or least number that fits.

    >>> client.put(key, {"b": b"\\x01"})
    >>> _ = client.operate(key, [bit_subtract("b", 0, 8, 2, False, BIT_OVERFLOW_WRAP)])
    >>> client.get(key).bins
    {'b': b'\\xff'}
    """
    return {
        "op": OP_BIT_SUBTRACT,
        "bin": bin,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": value,
        "signed": signed,
        "action": action,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def bit_set_int(
    bin: str,
    bit_offset: int,
    bit_size: int,
    value: int,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Overwrite bits, 64 at most, by an integer; no result.

    >>> client.put(key, {"b": b"\\x00\\x00"})
    >>> _ = client.operate(key, [bit_set_int("b", 4, 8, 255)])
    >>> client.get(key).bins
    {'b': b'\\x0f\\xf0'}
    """
    return {
        "op": OP_BIT_SET_INT,
        "bin": bin,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": value,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def bit_get(bin: str, bit_offset: int, bit_size: int, ctx: Context | None = None) -> Operation:
    """Return bits as bytes, from the left and filled up with zeros.

    >>> client.put(key, {"b": b"\\x0f\\xf0"})
    >>> client.operate(key, [bit_get("b", 4, 8)]).bins
    {'b': b'\\xff'}
    """
    return {
        "op": OP_BIT_GET,
        "bin": bin,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "ctx": ctx,
    }


@also_named(bin_name="bin", sign="signed")
def bit_get_int(
    bin: str, bit_offset: int, bit_size: int, signed: bool = False, ctx: Context | None = None
) -> Operation:
    """Return the integer that bits are, 64 at most.

    >>> client.put(key, {"b": b"\\x0f\\xf0"})
    >>> client.operate(key, [bit_get_int("b", 4, 8)]).bins
    {'b': 255}
    """
    return {
        "op": OP_BIT_GET_INT,
        "bin": bin,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "signed": signed,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def bit_count(bin: str, bit_offset: int, bit_size: int, ctx: Context | None = None) -> Operation:
    """Return how many of the bits are set.

    >>> client.put(key, {"b": b"\\x0f\\xf0"})
    >>> client.operate(key, [bit_count("b", 0, 16)]).bins
    {'b': 8}
    """
    return {
        "op": OP_BIT_COUNT,
        "bin": bin,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def bit_lscan(
    bin: str, bit_offset: int, bit_size: int, value: bool, ctx: Context | None = None
) -> Operation:
    """Return where the first bit with a value is, counted from `bit_offset` on; -1 if none has it.

    >>> client.put(key, {"b": b"\\x0f\\xf0"})
    >>> client.operate(key, [bit_lscan("b", 0, 16, True)]).bins
    {'b': 4}
    """
    return {
        "op": OP_BIT_LSCAN,
        "bin": bin,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": value,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def bit_rscan(
    bin: str, bit_offset: int, bit_size: int, value: bool, ctx: Context | None = None
) -> Operation:
    """Return where the last bit with a value is, counted from `bit_offset` on; -1 if none has it.

    >>> client.put(key, {"b": b"\\x0f\\xf0"})
    >>> client.operate(key, [bit_rscan("b", 0, 16, True)]).bins
    {'b': 11}
    """
    return {
        "op": OP_BIT_RSCAN,
        "bin": bin,
        "bit_offset": bit_offset,
        "bit_size": bit_size,
        "value": value,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def bit_b64_encode(
    bin: str,
    byte_offset: int = 0,
    byte_size: int | None = None,
    invert_size: bool = False,
    ctx: Context | None = None,
) -> Operation:
    """Return bytes as text in base64: all, or `byte_size` of them from an offset on.

    With `invert_size` the size is counted from the end. Servers before 8.2 don't know this.

    >>> bit_b64_encode("b", 0, 3)["byte_size"]
    3
    """
    return {
        "op": OP_BIT_B64_ENCODE,
        "bin": bin,
        "byte_offset": byte_offset,
        "byte_size": byte_size,
        "invert_size": invert_size,
        "ctx": ctx,
    }
