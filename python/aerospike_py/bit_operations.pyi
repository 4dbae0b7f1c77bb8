# Made by scripts/stubs.py of the module of this name: change that one, and run the script.
from typing import overload

from aerospike_py._constants import BIT_OVERFLOW_FAIL
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

@overload
def bit_resize(
    bin: str,
    byte_size: int,
    resize_flags: int = 0,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_resize(
    bin_name: str,
    byte_size: int,
    resize_flags: int = 0,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_insert(
    bin: str,
    byte_offset: int,
    value: bytes | bytearray,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
    value_byte_size: int | None = None,
) -> Operation: ...
@overload
def bit_insert(
    bin_name: str,
    byte_offset: int,
    value: bytes | bytearray,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
    value_byte_size: int | None = None,
) -> Operation: ...
@overload
def bit_remove(
    bin: str,
    byte_offset: int,
    byte_size: int,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_remove(
    bin_name: str,
    byte_offset: int,
    byte_size: int,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_set(
    bin: str,
    bit_offset: int,
    bit_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
    value_byte_size: int | None = None,
) -> Operation: ...
@overload
def bit_set(
    bin_name: str,
    bit_offset: int,
    bit_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
    value_byte_size: int | None = None,
) -> Operation: ...
@overload
def bit_or(
    bin: str,
    bit_offset: int,
    bit_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
    value_byte_size: int | None = None,
) -> Operation: ...
@overload
def bit_or(
    bin_name: str,
    bit_offset: int,
    bit_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
    value_byte_size: int | None = None,
) -> Operation: ...
@overload
def bit_xor(
    bin: str,
    bit_offset: int,
    bit_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
    value_byte_size: int | None = None,
) -> Operation: ...
@overload
def bit_xor(
    bin_name: str,
    bit_offset: int,
    bit_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
    value_byte_size: int | None = None,
) -> Operation: ...
@overload
def bit_and(
    bin: str,
    bit_offset: int,
    bit_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
    value_byte_size: int | None = None,
) -> Operation: ...
@overload
def bit_and(
    bin_name: str,
    bit_offset: int,
    bit_size: int,
    value: bytes | bytearray,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
    value_byte_size: int | None = None,
) -> Operation: ...
@overload
def bit_not(
    bin: str,
    bit_offset: int,
    bit_size: int,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_not(
    bin_name: str,
    bit_offset: int,
    bit_size: int,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_lshift(
    bin: str,
    bit_offset: int,
    bit_size: int,
    shift: int,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_lshift(
    bin_name: str,
    bit_offset: int,
    bit_size: int,
    shift: int,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_rshift(
    bin: str,
    bit_offset: int,
    bit_size: int,
    shift: int,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_rshift(
    bin_name: str,
    bit_offset: int,
    bit_size: int,
    shift: int,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_add(
    bin: str,
    bit_offset: int,
    bit_size: int,
    value: int,
    signed: bool = False,
    action: int = BIT_OVERFLOW_FAIL,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_add(
    bin_name: str,
    bit_offset: int,
    bit_size: int,
    value: int,
    sign: bool = False,
    action: int = BIT_OVERFLOW_FAIL,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_subtract(
    bin: str,
    bit_offset: int,
    bit_size: int,
    value: int,
    signed: bool = False,
    action: int = BIT_OVERFLOW_FAIL,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_subtract(
    bin_name: str,
    bit_offset: int,
    bit_size: int,
    value: int,
    sign: bool = False,
    action: int = BIT_OVERFLOW_FAIL,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_set_int(
    bin: str,
    bit_offset: int,
    bit_size: int,
    value: int,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_set_int(
    bin_name: str,
    bit_offset: int,
    bit_size: int,
    value: int,
    policy: BitPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_get(bin: str, bit_offset: int, bit_size: int, ctx: Context | None = None) -> Operation: ...
@overload
def bit_get(
    bin_name: str, bit_offset: int, bit_size: int, ctx: Context | None = None
) -> Operation: ...
@overload
def bit_get_int(
    bin: str, bit_offset: int, bit_size: int, signed: bool = False, ctx: Context | None = None
) -> Operation: ...
@overload
def bit_get_int(
    bin_name: str, bit_offset: int, bit_size: int, sign: bool = False, ctx: Context | None = None
) -> Operation: ...
@overload
def bit_count(
    bin: str, bit_offset: int, bit_size: int, ctx: Context | None = None
) -> Operation: ...
@overload
def bit_count(
    bin_name: str, bit_offset: int, bit_size: int, ctx: Context | None = None
) -> Operation: ...
@overload
def bit_lscan(
    bin: str, bit_offset: int, bit_size: int, value: bool, ctx: Context | None = None
) -> Operation: ...
@overload
def bit_lscan(
    bin_name: str, bit_offset: int, bit_size: int, value: bool, ctx: Context | None = None
) -> Operation: ...
@overload
def bit_rscan(
    bin: str, bit_offset: int, bit_size: int, value: bool, ctx: Context | None = None
) -> Operation: ...
@overload
def bit_rscan(
    bin_name: str, bit_offset: int, bit_size: int, value: bool, ctx: Context | None = None
) -> Operation: ...
@overload
def bit_b64_encode(
    bin: str,
    byte_offset: int = 0,
    byte_size: int | None = None,
    invert_size: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def bit_b64_encode(
    bin_name: str,
    byte_offset: int = 0,
    byte_size: int | None = None,
    invert_size: bool = False,
    ctx: Context | None = None,
) -> Operation: ...
