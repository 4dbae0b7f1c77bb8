"""Flags of operations and expressions on text, under the official client's names.

    >>> policy = string_helpers.StringPolicy(string_helpers.WriteFlags.NO_FAIL)
    >>> operation = string_operations.append("name", "!", policy)

They are the numbers of STRING_WRITE_*, STRING_REGEX_* and STRING_NUMERIC_*, which do as well.
"""

from enum import IntEnum, IntFlag
from typing import Any

from aerospike_py import _constants

__all__ = ["NumericType", "RegexFlags", "StringPolicy", "WriteFlags"]


class RegexFlags(IntFlag):
    """How a regular expression is looked for: STRING_REGEX_*, combined by `|`.

    >>> int(RegexFlags.CASE_INSENSITIVE | RegexFlags.DOTALL)
    5
    """

    DEFAULT = _constants.STRING_REGEX_DEFAULT
    CASE_INSENSITIVE = _constants.STRING_REGEX_CASE_INSENSITIVE
    MULTILINE = _constants.STRING_REGEX_MULTILINE
    DOTALL = _constants.STRING_REGEX_DOTALL
    UNIX_LINES = _constants.STRING_REGEX_UNIX_LINES
    GLOBAL = _constants.STRING_REGEX_GLOBAL


class WriteFlags(IntFlag):
    """When an operation may change a text: STRING_WRITE_*, combined by `|`.

    >>> WriteFlags.UPDATE_ONLY == 2
    True
    """

    DEFAULT = _constants.STRING_WRITE_DEFAULT
    CREATE_ONLY = _constants.STRING_WRITE_CREATE_ONLY
    UPDATE_ONLY = _constants.STRING_WRITE_UPDATE_ONLY
    NO_FAIL = _constants.STRING_WRITE_NO_FAIL


class NumericType(IntEnum):
    """Which numbers `is_numeric` takes: STRING_NUMERIC_*.

    >>> NumericType.FLOAT == 2
    True
    """

    ANY = _constants.STRING_NUMERIC_ANY
    INT = _constants.STRING_NUMERIC_INT
    FLOAT = _constants.STRING_NUMERIC_FLOAT


class StringPolicy(dict[str, Any]):
    """The policy of an operation on text: the dict `{"write_flags": write_flags}`.

    >>> StringPolicy(WriteFlags.NO_FAIL) == {"write_flags": 4}
    True
    """

    def __init__(self, write_flags: int = WriteFlags.DEFAULT) -> None:
        super().__init__(write_flags=write_flags)

    @property
    def write_flags(self) -> int:
        """The flags, STRING_WRITE_* combined by `|`."""
        flags: int = self["write_flags"]
        return flags

    @write_flags.setter
    def write_flags(self, write_flags: int) -> None:
        self["write_flags"] = write_flags
