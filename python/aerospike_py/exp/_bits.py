"""The bits of a blob.

Offsets and sizes are in bits unless the name says byte; a negative offset counts from the end.
Functions that change a blob result in the changed blob; the record stays as it is. `policy` is a
`BitPolicy`, for the flags BIT_WRITE_*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aerospike_py._aerospike import Expression
from aerospike_py._aerospike import pack_expression as pack
from aerospike_py._constants import (
    BIT_OVERFLOW_FAIL,
    BIT_OVERFLOW_SATURATE,
    BIT_OVERFLOW_WRAP,
    BIT_RESIZE_DEFAULT,
)
from aerospike_py.exp._collections import CALL, CHANGING, bits, number, settings
from aerospike_py.exp._kinds import BLOB, BOOL, BY_NAME, INT, NUMBER, STR

if TYPE_CHECKING:
    from aerospike_py._policies import BitPolicy
    from aerospike_py.exp._kinds import BlobOperand, BoolOperand, IntOperand

_BITS = 1
_BIN = ("bin", BLOB | BY_NAME)
_RANGE = [("bit_offset", INT), ("bit_size", INT)]
_SIGNED = 1


def _flags(name: str, policy: BitPolicy | None) -> int:
    (flags,) = settings(name, policy or {}, [("bit_write_flags", "flags")])
    return bits(name, flags)


def _modify(name: str, args: dict[str, Any], code: int, items: list[Any]) -> Expression:
    return pack(name, args, [CALL, number(BLOB), _BITS | CHANGING, [code, *items], _BIN])


def _read(name: str, args: dict[str, Any], result: int, items: list[Any]) -> Expression:
    return pack(name, args, [CALL, number(result), _BITS, items, _BIN])


def _signed(name: str, signed: bool) -> bool:
    if not isinstance(signed, bool):
        raise TypeError(f"exp.{name}(): signed must be bool, not {type(signed).__name__}")
    return signed


def _arithmetic(name: str, signed: bool, overflow: int) -> int:
    ways = (BIT_OVERFLOW_FAIL, BIT_OVERFLOW_SATURATE, BIT_OVERFLOW_WRAP)
    if overflow not in ways:
        raise ValueError(
            f"exp.{name}(): overflow must be a BIT_OVERFLOW_* of "
            f"{', '.join(map(str, ways))}, not {overflow!r}"
        )
    return overflow | (_SIGNED if _signed(name, signed) else 0)


def _encoded(byte_offset: IntOperand, byte_size: IntOperand | None, inverted: bool) -> list[Any]:
    if byte_size is None:
        if inverted or isinstance(byte_offset, Expression) or byte_offset != 0:
            raise ValueError("exp.bit_b64_encode(): byte_size must be given for a range")
        return []
    return [("byte_offset", INT), ("byte_size", INT), *([1] if inverted else [])]


def bit_resize(
    bin: BlobOperand | str,
    byte_size: IntOperand,
    resize_flags: int = BIT_RESIZE_DEFAULT,
    policy: BitPolicy | None = None,
) -> Expression:
    """The blob with a number of bytes. `resize_flags` are BIT_RESIZE_*, combined by `|`.

    >>> exp.bit_resize("photo", 4)
    exp.bit_resize('photo', 4, 0)
    """
    return _modify(
        "bit_resize",
        locals(),
        0,
        [("byte_size", INT), _flags("bit_resize", policy), ("resize_flags", NUMBER)],
    )


def bit_insert(
    bin: BlobOperand | str,
    byte_offset: IntOperand,
    value: BlobOperand,
    policy: BitPolicy | None = None,
) -> Expression:
    """The blob with bytes put in before an offset.

    >>> exp.bit_insert('photo', 0, b'ab')
    exp.bit_insert('photo', 0, b'ab')
    """
    return _modify(
        "bit_insert",
        locals(),
        1,
        [("byte_offset", INT), ("value", BLOB), _flags("bit_insert", policy)],
    )


def bit_remove(
    bin: BlobOperand | str,
    byte_offset: IntOperand,
    byte_size: IntOperand,
    policy: BitPolicy | None = None,
) -> Expression:
    """The blob without a range of bytes.

    >>> exp.bit_remove('photo', 0, 2)
    exp.bit_remove('photo', 0, 2)
    """
    return _modify(
        "bit_remove",
        locals(),
        2,
        [("byte_offset", INT), ("byte_size", INT), _flags("bit_remove", policy)],
    )


def bit_set(
    bin: BlobOperand | str,
    bit_offset: IntOperand,
    bit_size: IntOperand,
    value: BlobOperand,
    policy: BitPolicy | None = None,
) -> Expression:
    """The blob with the bits of a range replaced by those of another blob.

    >>> exp.bit_set('photo', 0, 8, b'a')
    exp.bit_set('photo', 0, 8, b'a')
    """
    return _modify("bit_set", locals(), 3, [*_RANGE, ("value", BLOB), _flags("bit_set", policy)])


def bit_or(
    bin: BlobOperand | str,
    bit_offset: IntOperand,
    bit_size: IntOperand,
    value: BlobOperand,
    policy: BitPolicy | None = None,
) -> Expression:
    """The blob with the bits of a range combined by OR with those of another blob.

    >>> exp.bit_or('photo', 0, 8, b'a')
    exp.bit_or('photo', 0, 8, b'a')
    """
    return _modify("bit_or", locals(), 4, [*_RANGE, ("value", BLOB), _flags("bit_or", policy)])


def bit_xor(
    bin: BlobOperand | str,
    bit_offset: IntOperand,
    bit_size: IntOperand,
    value: BlobOperand,
    policy: BitPolicy | None = None,
) -> Expression:
    """The blob with the bits of a range combined by XOR with those of another blob.

    >>> exp.bit_xor('photo', 0, 8, b'a')
    exp.bit_xor('photo', 0, 8, b'a')
    """
    return _modify("bit_xor", locals(), 5, [*_RANGE, ("value", BLOB), _flags("bit_xor", policy)])


def bit_and(
    bin: BlobOperand | str,
    bit_offset: IntOperand,
    bit_size: IntOperand,
    value: BlobOperand,
    policy: BitPolicy | None = None,
) -> Expression:
    """The blob with the bits of a range combined by AND with those of another blob.

    >>> exp.bit_and('photo', 0, 8, b'a')
    exp.bit_and('photo', 0, 8, b'a')
    """
    return _modify("bit_and", locals(), 6, [*_RANGE, ("value", BLOB), _flags("bit_and", policy)])


def bit_not(
    bin: BlobOperand | str,
    bit_offset: IntOperand,
    bit_size: IntOperand,
    policy: BitPolicy | None = None,
) -> Expression:
    """The blob with the bits of a range turned over.

    >>> exp.bit_not('photo', 0, 8)
    exp.bit_not('photo', 0, 8)
    """
    return _modify("bit_not", locals(), 7, [*_RANGE, _flags("bit_not", policy)])


def bit_lshift(
    bin: BlobOperand | str,
    bit_offset: IntOperand,
    bit_size: IntOperand,
    shift: IntOperand,
    policy: BitPolicy | None = None,
) -> Expression:
    """The blob with the bits of a range shifted left.

    >>> exp.bit_lshift('photo', 0, 8, 1)
    exp.bit_lshift('photo', 0, 8, 1)
    """
    return _modify(
        "bit_lshift", locals(), 8, [*_RANGE, ("shift", INT), _flags("bit_lshift", policy)]
    )


def bit_rshift(
    bin: BlobOperand | str,
    bit_offset: IntOperand,
    bit_size: IntOperand,
    shift: IntOperand,
    policy: BitPolicy | None = None,
) -> Expression:
    """The blob with the bits of a range shifted right.

    >>> exp.bit_rshift('photo', 0, 8, 1)
    exp.bit_rshift('photo', 0, 8, 1)
    """
    return _modify(
        "bit_rshift", locals(), 9, [*_RANGE, ("shift", INT), _flags("bit_rshift", policy)]
    )


def bit_add(
    bin: BlobOperand | str,
    bit_offset: IntOperand,
    bit_size: IntOperand,
    value: IntOperand,
    signed: bool = False,
    overflow: int = BIT_OVERFLOW_FAIL,
    policy: BitPolicy | None = None,
) -> Expression:
    """The blob with a number added to the one in a range of at most 64 bits.

    `signed` says how the range is read, `overflow`, a BIT_OVERFLOW_*, what happens when the result
    doesn't fit.

    >>> exp.bit_add('photo', 0, 8, 1, False, BIT_OVERFLOW_WRAP)
    exp.bit_add('photo', 0, 8, 1, False, 4)
    """
    return _modify(
        "bit_add",
        locals(),
        10,
        [
            *_RANGE,
            ("value", INT),
            _flags("bit_add", policy),
            _arithmetic("bit_add", signed, overflow),
        ],
    )


def bit_subtract(
    bin: BlobOperand | str,
    bit_offset: IntOperand,
    bit_size: IntOperand,
    value: IntOperand,
    signed: bool = False,
    overflow: int = BIT_OVERFLOW_FAIL,
    policy: BitPolicy | None = None,
) -> Expression:
    """The blob with a number subtracted from the one in a range of at most 64 bits.

    `signed` says how the range is read, `overflow`, a BIT_OVERFLOW_*, what happens when the result
    doesn't fit.

    >>> exp.bit_subtract('photo', 0, 8, 1, False, BIT_OVERFLOW_WRAP)
    exp.bit_subtract('photo', 0, 8, 1, False, 4)
    """
    return _modify(
        "bit_subtract",
        locals(),
        11,
        [
            *_RANGE,
            ("value", INT),
            _flags("bit_subtract", policy),
            _arithmetic("bit_subtract", signed, overflow),
        ],
    )


def bit_set_int(
    bin: BlobOperand | str,
    bit_offset: IntOperand,
    bit_size: IntOperand,
    value: IntOperand,
    policy: BitPolicy | None = None,
) -> Expression:
    """The blob with an integer in a range of at most 64 bits.

    >>> exp.bit_set_int('photo', 0, 8, 255)
    exp.bit_set_int('photo', 0, 8, 255)
    """
    return _modify(
        "bit_set_int", locals(), 12, [*_RANGE, ("value", INT), _flags("bit_set_int", policy)]
    )


def bit_get(bin: BlobOperand | str, bit_offset: IntOperand, bit_size: IntOperand) -> Expression:
    """A range of bits as a blob, filled up with zeros on the right.

    >>> exp.bit_get('photo', 0, 8)
    exp.bit_get('photo', 0, 8)
    """
    return _read("bit_get", locals(), BLOB, [50, *_RANGE])


def bit_count(bin: BlobOperand | str, bit_offset: IntOperand, bit_size: IntOperand) -> Expression:
    """How many bits of a range are 1.

    >>> exp.bit_count('photo', 0, 8)
    exp.bit_count('photo', 0, 8)
    """
    return _read("bit_count", locals(), INT, [51, *_RANGE])


def bit_lscan(
    bin: BlobOperand | str,
    bit_offset: IntOperand,
    bit_size: IntOperand,
    value: BoolOperand,
) -> Expression:
    """The first bit of a range, from the left, that is `value`; -1 if none is.

    >>> exp.bit_lscan('photo', 0, 8, True)
    exp.bit_lscan('photo', 0, 8, True)
    """
    return _read("bit_lscan", locals(), INT, [52, *_RANGE, ("value", BOOL)])


def bit_rscan(
    bin: BlobOperand | str,
    bit_offset: IntOperand,
    bit_size: IntOperand,
    value: BoolOperand,
) -> Expression:
    """The last bit of a range that is `value`, counted from the left; -1 if none is.

    >>> exp.bit_rscan('photo', 0, 8, True)
    exp.bit_rscan('photo', 0, 8, True)
    """
    return _read("bit_rscan", locals(), INT, [53, *_RANGE, ("value", BOOL)])


def bit_get_int(
    bin: BlobOperand | str,
    bit_offset: IntOperand,
    bit_size: IntOperand,
    signed: bool = False,
) -> Expression:
    """The integer in a range of at most 64 bits.

    >>> exp.bit_get_int('photo', 0, 8)
    exp.bit_get_int('photo', 0, 8, False)
    """
    return _read(
        "bit_get_int",
        locals(),
        INT,
        [54, *_RANGE, int(_signed("bit_get_int", signed))],
    )


def bit_b64_encode(
    bin: BlobOperand | str,
    byte_offset: IntOperand = 0,
    byte_size: IntOperand | None = None,
    invert_size: bool = False,
) -> Expression:
    """A range of bytes as base64 text; the whole blob without `byte_size` (server 8.2 and later).

    With `invert_size`, `byte_size` is how many bytes before the end of the blob the range ends.

    >>> exp.bit_b64_encode('photo')
    exp.bit_b64_encode('photo', 0, None, False)
    """
    return _read(
        "bit_b64_encode", locals(), STR, [55, *_encoded(byte_offset, byte_size, invert_size)]
    )
