"""Operations on text, for servers from 8.2 on; others refuse them with `InvalidRequest`.

Each function returns the dict of an operation, its arguments under their names. Indexes and
lengths count characters (Unicode code points), a negative index from the end. What changes the
text has no result.

`policy` is a `StringPolicy` or its flags alone, STRING_WRITE_* combined by `|`. `ctx` is the way to
a text within the bin's list or map: steps made by `aerospike_py.cdt_ctx`.

What is wrong in a dict is told by the call that it is given to. The first argument may be given as
`bin_name`, too, as the official client calls it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aerospike_py._builders import also_named
from aerospike_py._constants import (
    OP_STRING_APPEND,
    OP_STRING_B64_DECODE,
    OP_STRING_BYTE_LENGTH,
    OP_STRING_CASE_FOLD,
    OP_STRING_CHAR_AT,
    OP_STRING_CONCAT,
    OP_STRING_CONTAINS,
    OP_STRING_ENDS_WITH,
    OP_STRING_FIND,
    OP_STRING_INSERT,
    OP_STRING_IS_LOWER,
    OP_STRING_IS_NUMERIC,
    OP_STRING_IS_UPPER,
    OP_STRING_LOWER,
    OP_STRING_NORMALIZE_NFC,
    OP_STRING_OVERWRITE,
    OP_STRING_PAD_END,
    OP_STRING_PAD_START,
    OP_STRING_PREPEND,
    OP_STRING_REGEX_COMPARE,
    OP_STRING_REGEX_REPLACE,
    OP_STRING_REPEAT,
    OP_STRING_REPLACE,
    OP_STRING_REPLACE_ALL,
    OP_STRING_SNIP,
    OP_STRING_SPLIT,
    OP_STRING_SPLIT_SEPARATOR,
    OP_STRING_STARTS_WITH,
    OP_STRING_STRLEN,
    OP_STRING_SUBSTR,
    OP_STRING_SUBSTR_RANGE,
    OP_STRING_TO_BLOB,
    OP_STRING_TO_DOUBLE,
    OP_STRING_TO_INTEGER,
    OP_STRING_TO_STRING,
    OP_STRING_TRIM,
    OP_STRING_TRIM_END,
    OP_STRING_TRIM_START,
    OP_STRING_UPPER,
    STRING_NUMERIC_ANY,
    STRING_REGEX_DEFAULT,
)

if TYPE_CHECKING:
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


@also_named(bin_name="bin")
def strlen(bin: str, ctx: Context | None = None) -> Operation:
    """Return the number of characters.

    >>> strlen("s")["bin"]
    's'
    """
    return {"op": OP_STRING_STRLEN, "bin": bin, "ctx": ctx}


@also_named(bin_name="bin")
def substr(bin: str, start: int, ctx: Context | None = None) -> Operation:
    """Return the characters from `start` on.

    >>> substr("s", -3)["start"]
    -3
    """
    return {"op": OP_STRING_SUBSTR, "bin": bin, "start": start, "ctx": ctx}


@also_named(bin_name="bin")
def substr_range(bin: str, start: int, end: int, ctx: Context | None = None) -> Operation:
    """Return the characters from `start` on and before `end`.

    >>> substr_range("s", 0, 3)["end"]
    3
    """
    return {"op": OP_STRING_SUBSTR_RANGE, "bin": bin, "start": start, "end": end, "ctx": ctx}


@also_named(bin_name="bin")
def char_at(bin: str, index: int, ctx: Context | None = None) -> Operation:
    """Return the character at an index.

    >>> char_at("s", 0)["index"]
    0
    """
    return {"op": OP_STRING_CHAR_AT, "bin": bin, "index": index, "ctx": ctx}


@also_named(bin_name="bin")
def find(bin: str, needle: str, occurrence: int = 1, ctx: Context | None = None) -> Operation:
    """Return the index of a text within, -1 if it is not there.

    `occurrence` 2 is for the second place where it is, and -1 for the last.

    >>> find("s", "a", 2)["occurrence"]
    2
    """
    return {
        "op": OP_STRING_FIND,
        "bin": bin,
        "needle": needle,
        "occurrence": occurrence,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def contains(bin: str, needle: str, ctx: Context | None = None) -> Operation:
    """Return whether a text is within.

    >>> contains("s", "a")["needle"]
    'a'
    """
    return {"op": OP_STRING_CONTAINS, "bin": bin, "needle": needle, "ctx": ctx}


@also_named(bin_name="bin")
def starts_with(bin: str, prefix: str, ctx: Context | None = None) -> Operation:
    """Return whether it starts with a text.

    >>> starts_with("s", "a")["prefix"]
    'a'
    """
    return {"op": OP_STRING_STARTS_WITH, "bin": bin, "prefix": prefix, "ctx": ctx}


@also_named(bin_name="bin")
def ends_with(bin: str, suffix: str, ctx: Context | None = None) -> Operation:
    """Return whether it ends with a text.

    >>> ends_with("s", "a")["suffix"]
    'a'
    """
    return {"op": OP_STRING_ENDS_WITH, "bin": bin, "suffix": suffix, "ctx": ctx}


@also_named(bin_name="bin")
def to_integer(bin: str, ctx: Context | None = None) -> Operation:
    """Return the integer that the text is in decimal.

    >>> to_integer("s")["bin"]
    's'
    """
    return {"op": OP_STRING_TO_INTEGER, "bin": bin, "ctx": ctx}


@also_named(bin_name="bin")
def to_double(bin: str, ctx: Context | None = None) -> Operation:
    """Return the float that the text is in decimal.

    >>> to_double("s")["bin"]
    's'
    """
    return {"op": OP_STRING_TO_DOUBLE, "bin": bin, "ctx": ctx}


@also_named(bin_name="bin")
def byte_length(bin: str, ctx: Context | None = None) -> Operation:
    """Return the number of bytes in UTF-8.

    >>> byte_length("s")["bin"]
    's'
    """
    return {"op": OP_STRING_BYTE_LENGTH, "bin": bin, "ctx": ctx}


@also_named(bin_name="bin")
def is_numeric(
    bin: str, numeric_type: int = STRING_NUMERIC_ANY, ctx: Context | None = None
) -> Operation:
    """Return whether the text is a number, of the type STRING_NUMERIC_*.

    >>> is_numeric("s", STRING_NUMERIC_INT)["numeric_type"]
    1
    """
    return {"op": OP_STRING_IS_NUMERIC, "bin": bin, "numeric_type": numeric_type, "ctx": ctx}


@also_named(bin_name="bin")
def is_upper(bin: str, ctx: Context | None = None) -> Operation:
    """Return whether all letters are upper case.

    >>> is_upper("s")["bin"]
    's'
    """
    return {"op": OP_STRING_IS_UPPER, "bin": bin, "ctx": ctx}


@also_named(bin_name="bin")
def is_lower(bin: str, ctx: Context | None = None) -> Operation:
    """Return whether all letters are lower case.

    >>> is_lower("s")["bin"]
    's'
    """
    return {"op": OP_STRING_IS_LOWER, "bin": bin, "ctx": ctx}


@also_named(bin_name="bin")
def to_blob(bin: str, ctx: Context | None = None) -> Operation:
    """Return the bytes of the text in UTF-8.

    >>> to_blob("s")["bin"]
    's'
    """
    return {"op": OP_STRING_TO_BLOB, "bin": bin, "ctx": ctx}


@also_named(bin_name="bin")
def split(bin: str, ctx: Context | None = None) -> Operation:
    """Return the characters, a list of str.

    >>> split("s")["bin"]
    's'
    """
    return {"op": OP_STRING_SPLIT, "bin": bin, "ctx": ctx}


@also_named(bin_name="bin")
def split_separator(bin: str, separator: str, ctx: Context | None = None) -> Operation:
    """Return the parts between separators, a list of str.

    >>> split_separator("s", ",")["separator"]
    ','
    """
    return {"op": OP_STRING_SPLIT_SEPARATOR, "bin": bin, "separator": separator, "ctx": ctx}


@also_named(bin_name="bin")
def base64_decode(bin: str, ctx: Context | None = None) -> Operation:
    """Return the bytes that the text is in base64.

    >>> base64_decode("s")["bin"]
    's'
    """
    return {"op": OP_STRING_B64_DECODE, "bin": bin, "ctx": ctx}


@also_named(bin_name="bin")
def regex_compare(
    bin: str, pattern: str, regex_flags: int = STRING_REGEX_DEFAULT, ctx: Context | None = None
) -> Operation:
    """Return whether a regular expression (of the ICU library) matches; flags STRING_REGEX_*.

    >>> regex_compare("s", "a+", STRING_REGEX_CASE_INSENSITIVE)["regex_flags"]
    1
    """
    return {
        "op": OP_STRING_REGEX_COMPARE,
        "bin": bin,
        "pattern": pattern,
        "regex_flags": regex_flags,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def to_string(bin: str) -> Operation:
    """Return a bin of any type as text.

    >>> to_string("n")["bin"]
    'n'
    """
    return {"op": OP_STRING_TO_STRING, "bin": bin}


@also_named(bin_name="bin")
def insert(
    bin: str,
    index: int,
    value: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Put a text before the character at an index.

    >>> insert("s", 0, "a")["value"]
    'a'
    """
    return {
        "op": OP_STRING_INSERT,
        "bin": bin,
        "index": index,
        "value": value,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def overwrite(
    bin: str,
    index: int,
    value: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Put a text over the characters from an index on.

    >>> overwrite("s", 0, "a")["value"]
    'a'
    """
    return {
        "op": OP_STRING_OVERWRITE,
        "bin": bin,
        "index": index,
        "value": value,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def append(
    bin: str, value: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation:
    """Add a text at the end.

    >>> append("s", "a")["value"]
    'a'
    """
    return {"op": OP_STRING_APPEND, "bin": bin, "value": value, "policy": policy, "ctx": ctx}


@also_named(bin_name="bin")
def prepend(
    bin: str, value: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation:
    """Add a text at the start.

    >>> prepend("s", "a")["value"]
    'a'
    """
    return {"op": OP_STRING_PREPEND, "bin": bin, "value": value, "policy": policy, "ctx": ctx}


@also_named(bin_name="bin")
def concat(
    bin: str,
    value_list: Sequence[str],
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Add texts at the end, one after the other.

    >>> concat("s", ["a", "b"])["value_list"]
    ['a', 'b']
    """
    return {
        "op": OP_STRING_CONCAT,
        "bin": bin,
        "value_list": value_list,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def snip(
    bin: str,
    start: int,
    end: int | None = None,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Remove the characters from `start` on, before `end` or all; flags require an `end`.

    >>> snip("s", 2, 4)["end"]
    4
    """
    return {
        "op": OP_STRING_SNIP,
        "bin": bin,
        "start": start,
        "end": end,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def replace(
    bin: str,
    needle: str,
    replacement: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Replace the first place where a text is.

    >>> replace("s", "a", "b")["needle"]
    'a'
    """
    return {
        "op": OP_STRING_REPLACE,
        "bin": bin,
        "needle": needle,
        "replacement": replacement,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def replace_all(
    bin: str,
    needle: str,
    replacement: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Replace every place where a text is.

    >>> replace_all("s", "a", "b")["replacement"]
    'b'
    """
    return {
        "op": OP_STRING_REPLACE_ALL,
        "bin": bin,
        "needle": needle,
        "replacement": replacement,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def upper(
    bin: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation:
    """Make letters upper case.

    >>> upper("s")["bin"]
    's'
    """
    return {"op": OP_STRING_UPPER, "bin": bin, "policy": policy, "ctx": ctx}


@also_named(bin_name="bin")
def lower(
    bin: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation:
    """Make letters lower case.

    >>> lower("s")["bin"]
    's'
    """
    return {"op": OP_STRING_LOWER, "bin": bin, "policy": policy, "ctx": ctx}


@also_named(bin_name="bin")
def casefold(
    bin: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation:
    """Make letters of one kind, for comparisons that ignore it.

    >>> casefold("s")["bin"]
    's'
    """
    return {"op": OP_STRING_CASE_FOLD, "bin": bin, "policy": policy, "ctx": ctx}


@also_named(bin_name="bin")
def normalize_nfc(
    bin: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation:
    """Bring it into Unicode's normal form C.

    >>> normalize_nfc("s")["bin"]
    's'
    """
    return {"op": OP_STRING_NORMALIZE_NFC, "bin": bin, "policy": policy, "ctx": ctx}


@also_named(bin_name="bin")
def trim_start(
    bin: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation:
    """Remove white space at the start.

    >>> trim_start("s")["bin"]
    's'
    """
    return {"op": OP_STRING_TRIM_START, "bin": bin, "policy": policy, "ctx": ctx}


@also_named(bin_name="bin")
def trim_end(
    bin: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation:
    """Remove white space at the end.

    >>> trim_end("s")["bin"]
    's'
    """
    return {"op": OP_STRING_TRIM_END, "bin": bin, "policy": policy, "ctx": ctx}


@also_named(bin_name="bin")
def trim(
    bin: str, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation:
    """Remove white space at the start and the end.

    >>> trim("s")["bin"]
    's'
    """
    return {"op": OP_STRING_TRIM, "bin": bin, "policy": policy, "ctx": ctx}


@also_named(bin_name="bin")
def pad_start(
    bin: str,
    target_length: int,
    pad_string: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Add a text at the start, repeated, until it has `target_length` characters.

    >>> pad_start("s", 8, "0")["target_length"]
    8
    """
    return {
        "op": OP_STRING_PAD_START,
        "bin": bin,
        "target_length": target_length,
        "pad_string": pad_string,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def pad_end(
    bin: str,
    target_length: int,
    pad_string: str,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Add a text at the end, repeated, until it has `target_length` characters.

    >>> pad_end("s", 8, ".")["pad_string"]
    '.'
    """
    return {
        "op": OP_STRING_PAD_END,
        "bin": bin,
        "target_length": target_length,
        "pad_string": pad_string,
        "policy": policy,
        "ctx": ctx,
    }


@also_named(bin_name="bin")
def repeat(
    bin: str, count: int, policy: StringPolicy | int | None = None, ctx: Context | None = None
) -> Operation:
    """Repeat it.

    >>> repeat("s", 3)["count"]
    3
    """
    return {"op": OP_STRING_REPEAT, "bin": bin, "count": count, "policy": policy, "ctx": ctx}


@also_named(bin_name="bin")
def regex_replace(
    bin: str,
    pattern: str,
    replacement: str,
    regex_flags: int = STRING_REGEX_DEFAULT,
    policy: StringPolicy | int | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Replace what a regular expression (of the ICU library) matches.

    That is the first match, or every one with STRING_REGEX_GLOBAL.

    >>> regex_replace("s", "a+", "a", STRING_REGEX_GLOBAL)["regex_flags"]
    16
    """
    return {
        "op": OP_STRING_REGEX_REPLACE,
        "bin": bin,
        "pattern": pattern,
        "replacement": replacement,
        "regex_flags": regex_flags,
        "policy": policy,
        "ctx": ctx,
    }
