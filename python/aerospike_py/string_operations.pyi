# Made by scripts/stubs.py of the module of this name: change that one, and run the script.
from collections.abc import Sequence
from typing import overload

from aerospike_py._constants import STRING_NUMERIC_ANY, STRING_REGEX_DEFAULT
from aerospike_py.types import Context, Operation, StringPolicy

__all__ = [
    "append",
    "base64_decode",
    "byte_length",
    "casefold",
    "char_at",
    "concat",
    "contains",
    "ends_with",
    "find",
    "insert",
    "is_lower",
    "is_numeric",
    "is_upper",
    "lower",
    "normalize_nfc",
    "overwrite",
    "pad_end",
    "pad_start",
    "prepend",
    "regex_compare",
    "regex_replace",
    "repeat",
    "replace",
    "replace_all",
    "snip",
    "split",
    "split_separator",
    "starts_with",
    "strlen",
    "substr",
    "substr_range",
    "to_blob",
    "to_double",
    "to_integer",
    "to_string",
    "trim",
    "trim_end",
    "trim_start",
    "upper",
]

@overload
def strlen(bin: str, ctx: Context | None = None) -> Operation: ...
@overload
def strlen(bin_name: str, ctx: Context | None = None) -> Operation: ...
@overload
def substr(bin: str, start: int, ctx: Context | None = None) -> Operation: ...
@overload
def substr(bin_name: str, start: int, ctx: Context | None = None) -> Operation: ...
@overload
def substr_range(bin: str, start: int, end: int, ctx: Context | None = None) -> Operation: ...
@overload
def substr_range(bin_name: str, start: int, end: int, ctx: Context | None = None) -> Operation: ...
@overload
def char_at(bin: str, index: int, ctx: Context | None = None) -> Operation: ...
@overload
def char_at(bin_name: str, index: int, ctx: Context | None = None) -> Operation: ...
@overload
def find(bin: str, needle: str, occurrence: int = 1, ctx: Context | None = None) -> Operation: ...
@overload
def find(
    bin_name: str, needle: str, occurrence: int = 1, ctx: Context | None = None
) -> Operation: ...
@overload
def contains(bin: str, needle: str, ctx: Context | None = None) -> Operation: ...
@overload
def contains(bin_name: str, needle: str, ctx: Context | None = None) -> Operation: ...
@overload
def starts_with(bin: str, prefix: str, ctx: Context | None = None) -> Operation: ...
@overload
def starts_with(bin_name: str, prefix: str, ctx: Context | None = None) -> Operation: ...
@overload
def ends_with(bin: str, suffix: str, ctx: Context | None = None) -> Operation: ...
@overload
def ends_with(bin_name: str, suffix: str, ctx: Context | None = None) -> Operation: ...
@overload
def to_integer(bin: str, ctx: Context | None = None) -> Operation: ...
@overload
def to_integer(bin_name: str, ctx: Context | None = None) -> Operation: ...
@overload
def to_double(bin: str, ctx: Context | None = None) -> Operation: ...
@overload
def to_double(bin_name: str, ctx: Context | None = None) -> Operation: ...
@overload
def byte_length(bin: str, ctx: Context | None = None) -> Operation: ...
@overload
def byte_length(bin_name: str, ctx: Context | None = None) -> Operation: ...
@overload
def is_numeric(
    bin: str, numeric_type: int = STRING_NUMERIC_ANY, ctx: Context | None = None
) -> Operation: ...
@overload
def is_numeric(
    bin_name: str, numeric_type: int = STRING_NUMERIC_ANY, ctx: Context | None = None
) -> Operation: ...
@overload
def is_upper(bin: str, ctx: Context | None = None) -> Operation: ...
@overload
def is_upper(bin_name: str, ctx: Context | None = None) -> Operation: ...
@overload
def is_lower(bin: str, ctx: Context | None = None) -> Operation: ...
@overload
def is_lower(bin_name: str, ctx: Context | None = None) -> Operation: ...
@overload
def to_blob(bin: str, ctx: Context | None = None) -> Operation: ...
@overload
def to_blob(bin_name: str, ctx: Context | None = None) -> Operation: ...
@overload
def split(bin: str, ctx: Context | None = None) -> Operation: ...
@overload
def split(bin_name: str, ctx: Context | None = None) -> Operation: ...
@overload
def split_separator(bin: str, separator: str, ctx: Context | None = None) -> Operation: ...
@overload
def split_separator(bin_name: str, separator: str, ctx: Context | None = None) -> Operation: ...
@overload
def base64_decode(bin: str, ctx: Context | None = None) -> Operation: ...
@overload
def base64_decode(bin_name: str, ctx: Context | None = None) -> Operation: ...
@overload
def regex_compare(
    bin: str, pattern: str, regex_flags: int = STRING_REGEX_DEFAULT, ctx: Context | None = None
) -> Operation: ...
@overload
def regex_compare(
    bin_name: str, pattern: str, regex_flags: int = STRING_REGEX_DEFAULT, ctx: Context | None = None
) -> Operation: ...
@overload
def to_string(bin: str) -> Operation: ...
@overload
def to_string(bin_name: str) -> Operation: ...
@overload
def insert(
    bin: str,
    index: int,
    value: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def insert(
    bin_name: str,
    index: int,
    value: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def overwrite(
    bin: str,
    index: int,
    value: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def overwrite(
    bin_name: str,
    index: int,
    value: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def append(
    bin: str, value: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def append(
    bin_name: str, value: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def prepend(
    bin: str, value: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def prepend(
    bin_name: str, value: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def concat(
    bin: str,
    value_list: Sequence[str],
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def concat(
    bin_name: str,
    value_list: Sequence[str],
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def snip(
    bin: str,
    start: int,
    end: int | None = None,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def snip(
    bin_name: str,
    start: int,
    end: int | None = None,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def replace(
    bin: str,
    needle: str,
    replacement: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def replace(
    bin_name: str,
    needle: str,
    replacement: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def replace_all(
    bin: str,
    needle: str,
    replacement: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def replace_all(
    bin_name: str,
    needle: str,
    replacement: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def upper(
    bin: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def upper(
    bin_name: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def lower(
    bin: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def lower(
    bin_name: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def casefold(
    bin: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def casefold(
    bin_name: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def normalize_nfc(
    bin: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def normalize_nfc(
    bin_name: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def trim_start(
    bin: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def trim_start(
    bin_name: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def trim_end(
    bin: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def trim_end(
    bin_name: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def trim(
    bin: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def trim(
    bin_name: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def pad_start(
    bin: str,
    target_length: int,
    pad_string: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def pad_start(
    bin_name: str,
    target_length: int,
    pad_string: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def pad_end(
    bin: str,
    target_length: int,
    pad_string: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def pad_end(
    bin_name: str,
    target_length: int,
    pad_string: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def repeat(
    bin: str, count: int, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def repeat(
    bin_name: str, count: int, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation: ...
@overload
def regex_replace(
    bin: str,
    pattern: str,
    replacement: str,
    regex_flags: int = STRING_REGEX_DEFAULT,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
@overload
def regex_replace(
    bin_name: str,
    pattern: str,
    replacement: str,
    regex_flags: int = STRING_REGEX_DEFAULT,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation: ...
