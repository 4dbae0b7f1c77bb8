"""What operands may be: sets of types, which the native module checks."""

from typing import Any, TypeAlias

from aerospike_py._aerospike import Expression
from aerospike_py.types import GeoJSON

NIL, BOOL, INT, STR, LIST, MAP, BLOB, FLOAT, GEO, HLL = (1 << number for number in range(10))
INFINITY, WILDCARD, REMOVAL = 1 << 10, 1 << 11, 1 << 12

NUMERIC = INT | FLOAT
COMPARABLE = NIL | BOOL | INT | STR | LIST | MAP | BLOB | FLOAT
VALUE = COMPARABLE | GEO | HLL
IN_COLLECTION = VALUE | INFINITY | WILDCARD

SAME = 1 << 20
"""Of the same type as the other operands that must be."""
OR_UNKNOWN = 1 << 21
"""`unknown()` besides, whatever the type."""
BY_NAME = 1 << 22
"""A str is the name of a bin of this type."""
BIN_NAME = 1 << 23
"""No expression but the name of a bin."""
TEXT = 1 << 24
"""No expression but a str."""
NUMBER = 1 << 25
"""No expression but an int."""
RAW = 1 << 26
"""Packed as bytes, not as a part."""
CONTEXT = 1 << 27
"""Steps of `aerospike_py.cdt_ctx`."""

BoolOperand: TypeAlias = Expression | bool
IntOperand: TypeAlias = Expression | int
FloatOperand: TypeAlias = Expression | float
NumericOperand: TypeAlias = Expression | int | float
StrOperand: TypeAlias = Expression | str
BlobOperand: TypeAlias = Expression | bytes
GeoOperand: TypeAlias = Expression | GeoJSON
ListOperand: TypeAlias = Expression | list[Any]
MapOperand: TypeAlias = Expression | dict[Any, Any]
Operand: TypeAlias = Expression | Any


def at_least(count: int, name: str, exprs: tuple[Any, ...]) -> None:
    if len(exprs) < count:
        expressions = "expression" if count == 1 else "expressions"
        raise ValueError(f"exp.{name}() takes at least {count} {expressions}, not {len(exprs)}")
