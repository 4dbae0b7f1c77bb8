"""Values, and expressions as they are sent."""

import base64
import binascii
import json
from typing import Any

from aerospike_py._aerospike import Expression, restore_expression
from aerospike_py._aerospike import pack_expression as pack
from aerospike_py.exp import _kinds as kinds
from aerospike_py.types import GeoJSON


def val(value: Any) -> Expression:
    """A value of any type that a bin can hold; an expression stays what it is.

    Values may be given wherever an expression is expected, so that this is seldom needed. Raises
    TypeError if the value is of a type that Aerospike has none for.

        >>> exp.val([1, "two"])
        exp.val([1, 'two'])
    """
    if isinstance(value, Expression):
        return value
    return pack("val", locals(), ("value", kinds.IN_COLLECTION))


def int_val(val: int) -> Expression:
    """An integer of 64 bits. Raises TypeError for a bool or float.

    >>> exp.int_val(5)
    exp.int_val(5)
    """
    return pack("int_val", locals(), ("val", kinds.INT))


def float_val(val: float) -> Expression:
    """A double. An int is taken for the float that equals it.

    >>> exp.float_val(2)
    exp.float_val(2.0)
    """
    if isinstance(val, int) and not isinstance(val, bool):
        val = float(val)
    return pack("float_val", locals(), ("val", kinds.FLOAT))


def string_val(val: str) -> Expression:
    """Text.

    >>> exp.string_val("Ada")
    exp.string_val('Ada')
    """
    return pack("string_val", locals(), ("val", kinds.STR))


def bool_val(val: bool) -> Expression:
    """True or False.

    >>> exp.bool_val(True)
    exp.bool_val(True)
    """
    return pack("bool_val", locals(), ("val", kinds.BOOL))


def blob_val(val: bytes | bytearray | memoryview) -> Expression:
    r"""Bytes.

    >>> exp.blob_val(b"\x01\x02")
    exp.blob_val(b'\x01\x02')
    """
    return pack("blob_val", locals(), ("val", kinds.BLOB))


def list_val(val: list[Any] | tuple[Any, ...]) -> Expression:
    """A list of values. Its items are values, never expressions.

    >>> exp.list_val([1, 2])
    exp.list_val([1, 2])
    """
    return pack("list_val", locals(), ("val", kinds.LIST))


def map_val(val: dict[Any, Any]) -> Expression:
    """A map. The server compares only maps that are ordered by their keys: `KeyOrderedDict`.

    >>> exp.map_val({"a": 1})
    exp.map_val({'a': 1})
    """
    return pack("map_val", locals(), ("val", kinds.MAP))


def geo_val(val: str | GeoJSON) -> Expression:
    """A GeoJSON value, from its text or from a `GeoJSON`.

    Raises ValueError if the text is no JSON.

        >>> exp.geo_val('{"type": "Point", "coordinates": [1.0, 2.0]}').result_type()
        8
    """
    if isinstance(val, str):
        json.loads(val)
        geo = {"val": GeoJSON._from_text(val)}
    else:
        geo = {"val": val}
    return pack("geo_val", geo, ("val", kinds.GEO))


def hll_val(val: bytes) -> Expression:
    """A HyperLogLog, which the server takes for a blob except among the operands of `hll_*`.

    >>> exp.hll_val(HyperLogLog(b"")).result_type() == EXP_TYPE_BLOB
    True
    """
    return pack("hll_val", locals(), ("val", kinds.BLOB | kinds.HLL))


def nil() -> Expression:
    """Nil, which is less than everything else.

    >>> exp.nil()
    exp.nil()
    """
    return pack("nil", {}, b"\xc0")


def infinity() -> Expression:
    """Greater than everything else: the open end of a range of a list or map.

    >>> exp.infinity()
    exp.infinity()
    """
    return pack("infinity", {}, b"\xd4\xff\x01")


def wildcard() -> Expression:
    """Equal to everything, where values of a list or map are compared.

    >>> exp.wildcard()
    exp.wildcard()
    """
    return pack("wildcard", {}, b"\xd4\xff\x00")


def compile(expression: Expression) -> Expression:
    """The expression itself, which is compiled as soon as it is made.

    For programs that move from a client where an expression is to be compiled.

        >>> adults = exp.ge(exp.int_bin("age"), 18)
        >>> exp.compile(adults) is adults
        True
    """
    if not isinstance(expression, Expression):
        raise TypeError(
            f"exp.compile(): expression must be an Expression, not {type(expression).__name__}"
        )
    return expression


def from_bytes(data: bytes) -> Expression:
    """The expression whose `bytes()` are `data`. Raises ValueError if they are no expression.

    >>> exp.from_bytes(bytes(exp.key_exists())) == exp.key_exists()
    True
    """
    return restore_expression(data, f"exp.from_base64({base64.b64encode(data).decode()!r})")


def from_base64(text: str) -> Expression:
    """The expression whose `base64()` is `text`, of whichever client.

    Raises ValueError if the text is no base64 or its bytes are no expression.

        >>> exp.from_base64("kwGTUQKjYWdlHg==") == exp.eq(exp.int_bin("age"), 30)
        True
    """
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"exp.from_base64(): text is no base64: {error}") from None
    return from_bytes(data)


def ael(text: str) -> Expression:
    """Source text in the Aerospike Expression Language, which the server compiles (8.2 and later).

    It is a whole expression, never a part of another one. The server answers InvalidArgError to
    text that it can't compile. Raises ValueError if the text is empty.

        >>> exp.ael("$.age > 18")
        exp.ael('$.age > 18')
    """
    if text == "":
        raise ValueError("exp.ael(): text must not be empty")
    return pack("ael", locals(), [128, ("text", kinds.TEXT | kinds.RAW)])
