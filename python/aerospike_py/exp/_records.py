"""Bins, the key, and what the server keeps of a record besides."""

from aerospike_py._aerospike import Expression
from aerospike_py._aerospike import pack_expression as pack
from aerospike_py._constants import EXP_TYPE_BLOB, EXP_TYPE_INT, EXP_TYPE_STRING
from aerospike_py.exp._kinds import BIN_NAME, NUMBER


def int_bin(name: str) -> Expression:
    """The integer in a bin; no value if the bin is missing or of another type.

    >>> exp.int_bin("age")
    exp.int_bin('age')
    """
    return pack("int_bin", locals(), [81, 2, ("name", BIN_NAME)])


def float_bin(name: str) -> Expression:
    """The double in a bin; no value if the bin is missing or of another type.

    >>> exp.float_bin("score")
    exp.float_bin('score')
    """
    return pack("float_bin", locals(), [81, 7, ("name", BIN_NAME)])


def string_bin(name: str) -> Expression:
    """The text in a bin; no value if the bin is missing or of another type.

    >>> exp.string_bin("name")
    exp.string_bin('name')
    """
    return pack("string_bin", locals(), [81, 3, ("name", BIN_NAME)])


def bool_bin(name: str) -> Expression:
    """The boolean in a bin; no value if the bin is missing or of another type.

    >>> exp.bool_bin("active")
    exp.bool_bin('active')
    """
    return pack("bool_bin", locals(), [81, 1, ("name", BIN_NAME)])


def blob_bin(name: str) -> Expression:
    """The bytes in a bin; no value if the bin is missing or of another type.

    >>> exp.blob_bin("photo")
    exp.blob_bin('photo')
    """
    return pack("blob_bin", locals(), [81, 6, ("name", BIN_NAME)])


def list_bin(name: str) -> Expression:
    """The list in a bin; no value if the bin is missing or of another type.

    >>> exp.list_bin("tags")
    exp.list_bin('tags')
    """
    return pack("list_bin", locals(), [81, 4, ("name", BIN_NAME)])


def map_bin(name: str) -> Expression:
    """The map in a bin; no value if the bin is missing or of another type.

    >>> exp.map_bin("scores")
    exp.map_bin('scores')
    """
    return pack("map_bin", locals(), [81, 5, ("name", BIN_NAME)])


def geo_bin(name: str) -> Expression:
    """The GeoJSON in a bin; no value if the bin is missing or of another type.

    >>> exp.geo_bin("place")
    exp.geo_bin('place')
    """
    return pack("geo_bin", locals(), [81, 8, ("name", BIN_NAME)])


def hll_bin(name: str) -> Expression:
    """The HyperLogLog in a bin; no value if the bin is missing or of another type.

    >>> exp.hll_bin("visitors")
    exp.hll_bin('visitors')
    """
    return pack("hll_bin", locals(), [81, 9, ("name", BIN_NAME)])


def bin_exists(name: str) -> Expression:
    """Whether the record has a bin.

    >>> exp.bin_exists("age")
    exp.bin_exists('age')
    """
    return pack("bin_exists", locals(), [2, [82, ("name", BIN_NAME)], 0])


def bin_type(name: str) -> Expression:
    """The type of what a bin holds, a constant AS_BYTES_*; 0 if the record has no such bin.

    >>> exp.eq(exp.bin_type("age"), AS_BYTES_INTEGER)
    exp.eq(exp.bin_type('age'), 1)
    """
    return pack("bin_type", locals(), [82, ("name", BIN_NAME)])


def key(exp_type: int) -> Expression:
    """The user key; no value if it is not stored with the record.

    `exp_type` is EXP_TYPE_INT, EXP_TYPE_STRING or EXP_TYPE_BLOB; ValueError for others. The key is
    stored if the record was written with POLICY_KEY_SEND.

        >>> exp.lt(exp.key(EXP_TYPE_INT), 1000)
        exp.lt(exp.key(2), 1000)
    """
    if exp_type not in (EXP_TYPE_INT, EXP_TYPE_STRING, EXP_TYPE_BLOB):
        raise ValueError(
            f"exp.key(): exp_type must be EXP_TYPE_INT ({EXP_TYPE_INT}), EXP_TYPE_STRING "
            f"({EXP_TYPE_STRING}) or EXP_TYPE_BLOB ({EXP_TYPE_BLOB}), not {exp_type!r}"
        )
    return pack("key", locals(), [80, ("exp_type", NUMBER)])


def key_exists() -> Expression:
    """Whether the user key is stored with the record.

    >>> exp.key_exists()
    exp.key_exists()
    """
    return pack("key_exists", {}, [71])


def set_name() -> Expression:
    """The name of the record's set; an empty one without a set.

    >>> exp.eq(exp.set_name(), "people")
    exp.eq(exp.set_name(), 'people')
    """
    return pack("set_name", {}, [70])


def record_size() -> Expression:
    """The size of the record in bytes (server 7.0 and later).

    >>> exp.gt(exp.record_size(), 100_000)
    exp.gt(exp.record_size(), 100000)
    """
    return pack("record_size", {}, [74])


def device_size() -> Expression:
    """The size of the record on disk in bytes, 0 if it is in memory. `record_size` replaces it.

    >>> exp.device_size()
    exp.device_size()
    """
    return pack("device_size", {}, [65])


def memory_size() -> Expression:
    """The size of the record in memory in bytes, 0 if it is not. `record_size` replaces it.

    >>> exp.memory_size()
    exp.memory_size()
    """
    return pack("memory_size", {}, [73])


def last_update() -> Expression:
    """When the record was last written: nanoseconds since 1970.

    >>> exp.gt(exp.last_update(), 1_700_000_000_000_000_000)
    exp.gt(exp.last_update(), 1700000000000000000)
    """
    return pack("last_update", {}, [66])


def since_update() -> Expression:
    """Milliseconds since the record was last written.

    >>> exp.lt(exp.since_update(), 60_000)
    exp.lt(exp.since_update(), 60000)
    """
    return pack("since_update", {}, [67])


def void_time() -> Expression:
    """When the record expires: nanoseconds since 1970, -1 if never.

    >>> exp.eq(exp.void_time(), -1)
    exp.eq(exp.void_time(), -1)
    """
    return pack("void_time", {}, [68])


def ttl() -> Expression:
    """Seconds until the record expires, -1 if it never does.

    >>> exp.lt(exp.ttl(), 3600)
    exp.lt(exp.ttl(), 3600)
    """
    return pack("ttl", {}, [69])


def is_tombstone() -> Expression:
    """Whether the record is a tombstone, left by a durable delete. Only in XDR filters and writes.

    >>> exp.is_tombstone()
    exp.is_tombstone()
    """
    return pack("is_tombstone", {}, [72])


def digest_modulo(modulo: int) -> Expression:
    """The record's digest modulo a number, by which records fall into as many equal parts.

    Raises ValueError if `modulo` is 0 or has more than 32 bits.

        >>> exp.eq(exp.digest_modulo(10), 3)
        exp.eq(exp.digest_modulo(10), 3)
    """
    expression = pack("digest_modulo", locals(), [64, ("modulo", NUMBER)])
    if modulo == 0 or not -(2**31) <= modulo < 2**31:
        raise ValueError(
            f"exp.digest_modulo(): modulo must be from -2147483648 to 2147483647 and not 0, "
            f"not {modulo}"
        )
    return expression
