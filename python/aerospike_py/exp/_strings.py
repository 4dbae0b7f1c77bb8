"""Text (server 8.2 and later).

Positions and lengths count characters, not bytes; a negative position counts from the end.
Functions that change a text result in the changed one; the record stays as it is. `policy` is a
`StringPolicy`, for the flags STRING_WRITE_*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aerospike_py._aerospike import pack_expression as pack
from aerospike_py.exp._collections import CALL, CHANGING, bits, given, number, settings
from aerospike_py.exp._kinds import BLOB, BOOL, FLOAT, INT, LIST, NUMBER, STR
from aerospike_py.exp._values import val

if TYPE_CHECKING:
    from aerospike_py._aerospike import Expression
    from aerospike_py.exp._kinds import IntOperand, ListOperand, Operand, StrOperand
    from aerospike_py.types import StringPolicy

_STRING = 3
_BIN = ("bin", STR)


def _read(name: str, args: dict[str, Any], result: int, items: list[Any]) -> Expression:
    return pack(name, args, [CALL, number(result), _STRING, items, _BIN])


def _modify(name: str, args: dict[str, Any], items: list[Any]) -> Expression:
    (flags,) = settings(name, args["policy"] or {}, [("write_flags",)])
    items = [*items, bits(name, flags)]
    return pack(name, args, [CALL, number(STR), _STRING | CHANGING, items, _BIN])


def _pair(name: str, *texts: str) -> bytes:
    """Two texts, which the server takes as they are: it computes no expression here."""
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(
                f"exp.{name}(): what is looked for and what replaces it must be str, "
                f"not {type(text).__name__}"
            )
    return bytes(val(list(texts)))


def _snip(args: dict[str, Any]) -> Expression:
    if args["end"] is not None:
        return _modify("string_snip", args, [53, ("start", INT), ("end", INT)])
    items = [53, ("start", INT)]
    return pack("string_snip", args, [CALL, number(STR), _STRING | CHANGING, items, _BIN])


def string_strlen(bin: StrOperand) -> Expression:
    """How many characters the text has.

    >>> exp.string_strlen(exp.string_bin('name'))
    exp.string_strlen(exp.string_bin('name'))
    """
    return _read("string_strlen", locals(), INT, [0])


def string_byte_length(bin: StrOperand) -> Expression:
    """How many bytes the text has in UTF-8.

    >>> exp.string_byte_length(exp.string_bin('name'))
    exp.string_byte_length(exp.string_bin('name'))
    """
    return _read("string_byte_length", locals(), INT, [9])


def string_substr(bin: StrOperand, start: IntOperand, end: IntOperand | None = None) -> Expression:
    """The characters from one position up to another, which is not included, or to the end.

    >>> exp.string_substr(exp.string_bin('name'), 0, 3)
    exp.string_substr(exp.string_bin('name'), 0, 3)
    """
    return _read("string_substr", locals(), STR, [1, ("start", INT), *given(end, ("end", INT))])


def string_char_at(bin: StrOperand, index: IntOperand) -> Expression:
    """The character at a position.

    >>> exp.string_char_at(exp.string_bin('name'), 0)
    exp.string_char_at(exp.string_bin('name'), 0)
    """
    return _read("string_char_at", locals(), STR, [2, ("index", INT)])


def string_find(
    bin: StrOperand,
    needle: StrOperand,
    occurrence: IntOperand | None = None,
) -> Expression:
    """Where text is found, the first time or the `occurrence`th; -1 if it is not.

    >>> exp.string_find(exp.string_bin('name'), 'a')
    exp.string_find(exp.string_bin('name'), 'a')
    """
    return _read(
        "string_find", locals(), INT, [3, ("needle", STR), *given(occurrence, ("occurrence", INT))]
    )


def string_contains(bin: StrOperand, needle: StrOperand) -> Expression:
    """Whether the text has another one in it.

    >>> exp.string_contains(exp.string_bin('name'), 'a')
    exp.string_contains(exp.string_bin('name'), 'a')
    """
    return _read("string_contains", locals(), BOOL, [4, ("needle", STR)])


def string_starts_with(bin: StrOperand, prefix: StrOperand) -> Expression:
    """Whether the text begins with another one.

    >>> exp.string_starts_with(exp.string_bin('name'), 'A')
    exp.string_starts_with(exp.string_bin('name'), 'A')
    """
    return _read("string_starts_with", locals(), BOOL, [5, ("prefix", STR)])


def string_ends_with(bin: StrOperand, suffix: StrOperand) -> Expression:
    """Whether the text ends with another one.

    >>> exp.string_ends_with(exp.string_bin('name'), 'a')
    exp.string_ends_with(exp.string_bin('name'), 'a')
    """
    return _read("string_ends_with", locals(), BOOL, [6, ("suffix", STR)])


def string_to_integer(bin: StrOperand) -> Expression:
    """The integer that the text is. The expression has no value if it is none.

    >>> exp.string_to_integer(exp.string_bin('name'))
    exp.string_to_integer(exp.string_bin('name'))
    """
    return _read("string_to_integer", locals(), INT, [7])


def string_to_double(bin: StrOperand) -> Expression:
    """The double that the text is. The expression has no value if it is none.

    >>> exp.string_to_double(exp.string_bin('name'))
    exp.string_to_double(exp.string_bin('name'))
    """
    return _read("string_to_double", locals(), FLOAT, [8])


def string_is_numeric(bin: StrOperand, numeric_type: int | None = None) -> Expression:
    """Whether the text is a number: STRING_NUMERIC_*, any unless it is given.

    >>> exp.string_is_numeric(exp.string_bin('name'), 1)
    exp.string_is_numeric(exp.string_bin('name'), 1)
    """
    return _read(
        "string_is_numeric", locals(), BOOL, [10, *given(numeric_type, ("numeric_type", NUMBER))]
    )


def string_is_upper(bin: StrOperand) -> Expression:
    """Whether all letters of the text are upper case.

    >>> exp.string_is_upper(exp.string_bin('name'))
    exp.string_is_upper(exp.string_bin('name'))
    """
    return _read("string_is_upper", locals(), BOOL, [11])


def string_is_lower(bin: StrOperand) -> Expression:
    """Whether all letters of the text are lower case.

    >>> exp.string_is_lower(exp.string_bin('name'))
    exp.string_is_lower(exp.string_bin('name'))
    """
    return _read("string_is_lower", locals(), BOOL, [12])


def string_to_blob(bin: StrOperand) -> Expression:
    """The text as bytes of UTF-8.

    >>> exp.string_to_blob(exp.string_bin('name'))
    exp.string_to_blob(exp.string_bin('name'))
    """
    return _read("string_to_blob", locals(), BLOB, [13])


def string_split(bin: StrOperand, separator: StrOperand | None = None) -> Expression:
    """A list of the parts between separators, or of the characters without one.

    >>> exp.string_split(exp.string_bin('name'), ' ')
    exp.string_split(exp.string_bin('name'), ' ')
    """
    return _read("string_split", locals(), LIST, [14, *given(separator, ("separator", STR))])


def string_base64_decode(bin: StrOperand) -> Expression:
    """The bytes that the text is in base64.

    >>> exp.string_base64_decode(exp.string_bin('name'))
    exp.string_base64_decode(exp.string_bin('name'))
    """
    return _read("string_base64_decode", locals(), BLOB, [15])


def string_regex_compare(bin: StrOperand, pattern: StrOperand, regex_flags: int = 0) -> Expression:
    """Whether the text matches a regular expression.

    `regex_flags` are STRING_REGEX_*, combined by `|`.

    >>> exp.string_regex_compare(exp.string_bin('name'), '^a', 1)
    exp.string_regex_compare(exp.string_bin('name'), '^a', 1)
    """
    return _read(
        "string_regex_compare",
        locals(),
        BOOL,
        [16, ("pattern", STR), *([("regex_flags", NUMBER)] if regex_flags else [])],
    )


def string_insert(
    bin: StrOperand,
    index: IntOperand,
    value: StrOperand,
    policy: StringPolicy | None = None,
) -> Expression:
    """The text with another one put in at a position.

    >>> exp.string_insert(exp.string_bin('name'), 0, 'x')
    exp.string_insert(exp.string_bin('name'), 0, 'x')
    """
    return _modify("string_insert", locals(), [50, ("index", INT), ("value", STR)])


def string_overwrite(
    bin: StrOperand,
    index: IntOperand,
    value: StrOperand,
    policy: StringPolicy | None = None,
) -> Expression:
    """The text with another one in place of what is at a position.

    >>> exp.string_overwrite(exp.string_bin('name'), 0, 'x')
    exp.string_overwrite(exp.string_bin('name'), 0, 'x')
    """
    return _modify("string_overwrite", locals(), [51, ("index", INT), ("value", STR)])


def string_concat(
    bin: StrOperand,
    values: ListOperand,
    policy: StringPolicy | None = None,
) -> Expression:
    """The text with those of a list after it.

    >>> exp.string_concat(exp.string_bin('name'), ['x', 'y'])
    exp.string_concat(exp.string_bin('name'), ['x', 'y'])
    """
    return _modify("string_concat", locals(), [52, ("values", LIST)])


def string_append(
    bin: StrOperand,
    value: StrOperand,
    policy: StringPolicy | None = None,
) -> Expression:
    """The text with another one after it.

    >>> exp.string_append(exp.string_bin('name'), 'x')
    exp.string_append(exp.string_bin('name'), 'x')
    """
    return _modify("string_append", locals(), [67, ("value", STR)])


def string_prepend(
    bin: StrOperand,
    value: StrOperand,
    policy: StringPolicy | None = None,
) -> Expression:
    """The text with another one before it.

    >>> exp.string_prepend(exp.string_bin('name'), 'x')
    exp.string_prepend(exp.string_bin('name'), 'x')
    """
    return _modify("string_prepend", locals(), [68, ("value", STR)])


def string_snip(
    bin: StrOperand,
    start: IntOperand,
    end: IntOperand | None = None,
    policy: StringPolicy | None = None,
) -> Expression:
    """The text without the characters from one position up to another, or to the end.

    Without `end`, the policy has no effect.

    >>> exp.string_snip(exp.string_bin('name'), 0, 2)
    exp.string_snip(exp.string_bin('name'), 0, 2)
    """
    return _snip(locals())


def string_replace(
    bin: StrOperand,
    needle: str,
    replacement: str,
    policy: StringPolicy | None = None,
) -> Expression:
    """The text with some text in it replaced by another one, the first time.

    >>> exp.string_replace(exp.string_bin('name'), 'a', 'b')
    exp.string_replace(exp.string_bin('name'), 'a', 'b')
    """
    return _modify("string_replace", locals(), [54, _pair("string_replace", needle, replacement)])


def string_replace_all(
    bin: StrOperand,
    needle: str,
    replacement: str,
    policy: StringPolicy | None = None,
) -> Expression:
    """The text with some text replaced wherever it is by another one.

    >>> exp.string_replace_all(exp.string_bin('name'), 'a', 'b')
    exp.string_replace_all(exp.string_bin('name'), 'a', 'b')
    """
    return _modify(
        "string_replace_all", locals(), [55, _pair("string_replace_all", needle, replacement)]
    )


def string_upper(bin: StrOperand, policy: StringPolicy | None = None) -> Expression:
    """The text in upper case.

    >>> exp.string_upper(exp.string_bin('name'))
    exp.string_upper(exp.string_bin('name'))
    """
    return _modify("string_upper", locals(), [56])


def string_lower(bin: StrOperand, policy: StringPolicy | None = None) -> Expression:
    """The text in lower case.

    >>> exp.string_lower(exp.string_bin('name'))
    exp.string_lower(exp.string_bin('name'))
    """
    return _modify("string_lower", locals(), [57])


def string_casefold(bin: StrOperand, policy: StringPolicy | None = None) -> Expression:
    """The text folded, to be compared without regard to case.

    >>> exp.string_casefold(exp.string_bin('name'))
    exp.string_casefold(exp.string_bin('name'))
    """
    return _modify("string_casefold", locals(), [58])


def string_normalize_nfc(bin: StrOperand, policy: StringPolicy | None = None) -> Expression:
    """The text in Unicode's normal form C.

    >>> exp.string_normalize_nfc(exp.string_bin('name'))
    exp.string_normalize_nfc(exp.string_bin('name'))
    """
    return _modify("string_normalize_nfc", locals(), [59])


def string_trim_start(bin: StrOperand, policy: StringPolicy | None = None) -> Expression:
    """The text without white space at its start.

    >>> exp.string_trim_start(exp.string_bin('name'))
    exp.string_trim_start(exp.string_bin('name'))
    """
    return _modify("string_trim_start", locals(), [60])


def string_trim_end(bin: StrOperand, policy: StringPolicy | None = None) -> Expression:
    """The text without white space at its end.

    >>> exp.string_trim_end(exp.string_bin('name'))
    exp.string_trim_end(exp.string_bin('name'))
    """
    return _modify("string_trim_end", locals(), [61])


def string_trim(bin: StrOperand, policy: StringPolicy | None = None) -> Expression:
    """The text without white space at its ends.

    >>> exp.string_trim(exp.string_bin('name'))
    exp.string_trim(exp.string_bin('name'))
    """
    return _modify("string_trim", locals(), [62])


def string_pad_start(
    bin: StrOperand,
    target_length: IntOperand,
    pad_string: StrOperand,
    policy: StringPolicy | None = None,
) -> Expression:
    """The text with padding before it, until it has a number of characters.

    >>> exp.string_pad_start(exp.string_bin('name'), 10, ' ')
    exp.string_pad_start(exp.string_bin('name'), 10, ' ')
    """
    return _modify("string_pad_start", locals(), [63, ("target_length", INT), ("pad_string", STR)])


def string_pad_end(
    bin: StrOperand,
    target_length: IntOperand,
    pad_string: StrOperand,
    policy: StringPolicy | None = None,
) -> Expression:
    """The text with padding after it, until it has a number of characters.

    >>> exp.string_pad_end(exp.string_bin('name'), 10, ' ')
    exp.string_pad_end(exp.string_bin('name'), 10, ' ')
    """
    return _modify("string_pad_end", locals(), [64, ("target_length", INT), ("pad_string", STR)])


def string_repeat(
    bin: StrOperand,
    count: IntOperand,
    policy: StringPolicy | None = None,
) -> Expression:
    """The text several times.

    >>> exp.string_repeat(exp.string_bin('name'), 3)
    exp.string_repeat(exp.string_bin('name'), 3)
    """
    return _modify("string_repeat", locals(), [65, ("count", INT)])


def string_regex_replace(
    bin: StrOperand,
    pattern: str,
    replacement: str,
    regex_flags: int = 0,
    policy: StringPolicy | None = None,
) -> Expression:
    """The text with what matches a regular expression replaced, the first time.

    `regex_flags` are STRING_REGEX_*, combined by `|`; STRING_REGEX_GLOBAL replaces every match.

    >>> exp.string_regex_replace(exp.string_bin('name'), '[0-9]', '#', 16)
    exp.string_regex_replace(exp.string_bin('name'), '[0-9]', '#', 16)
    """
    return _modify(
        "string_regex_replace",
        locals(),
        [66, _pair("string_regex_replace", pattern, replacement), ("regex_flags", NUMBER)],
    )


def to_string(value: Operand) -> Expression:
    """A number, boolean, blob or text as text.

    >>> exp.to_string(exp.int_bin('age'))
    exp.to_string(exp.int_bin('age'))
    """
    return pack("to_string", locals(), [99, ("value", BOOL | INT | FLOAT | STR | BLOB)])
