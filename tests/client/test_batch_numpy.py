"""Batches from and to NumPy arrays."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import NumpyBatchRecords
from aerospike_py.exception import RecordNotFound
from aerospike_py.types import AerospikeKey
from support.both import unconnected

np = pytest.importorskip("numpy")

ALL = np.dtype(
    [
        ("_key", "i8"),
        ("b", "?"),
        ("i1", "i1"),
        ("i2", ">i2"),
        ("i4", "<i4"),
        ("i8", ">i8"),
        ("u1", "u1"),
        ("u2", ">u2"),
        ("u8", "u8"),
        ("f2", "f2"),
        ("f4", ">f4"),
        ("f8", "f8"),
        ("s", "S5"),
        ("v", "V3"),
        ("a", ">i2", (2, 2)),
        ("af", "f4", (3,)),
    ]
)
NUMBERS = [
    [1, True, -128, -2, 2**31 - 1, -(2**63), 255, 65535, 2**63 - 1, 0.5, 1.5, 1e300],
    [2, False, 127, 300, -1, 5, 0, 1, 0, -65504.0, -0.0, float("inf")],
]
BYTES = [
    [b"hello", b"a\0\0", [[1, -2], [3, 4]], [0.5, 1.5, 2.5]],
    [b"", b"\0bc", [[0, 0], [0, -1]], [0, 0, 0]],
]
ROWS = np.array([(*one, *other) for one, other in zip(NUMBERS, BYTES, strict=True)], ALL)
BINS = np.dtype({name: ALL.fields[name] for name in ALL.names[1:]})


@pytest.fixture
def keys(client: Any) -> Iterator[list[Any]]:
    keys = [("test", "numpy", number) for number in (1, 2, 3)]
    yield keys
    for key in keys:
        with contextlib.suppress(RecordNotFound):
            client.remove(key)


def test_rows_come_back_as_they_were_written(either: Any, keys: list[Any]) -> None:
    outcome = either.batch_write_numpy(ROWS, "test", "numpy", ALL)
    assert [record.result for record in outcome.batch_records] == [0, 0]
    assert [record.key[:3] for record in outcome.batch_records] == keys[:2]
    found = either.batch_read(keys).to_numpy(BINS)
    assert isinstance(found, NumpyBatchRecords)
    assert found.batch_records.dtype == BINS
    for name in BINS.names:
        assert (found.batch_records[name][:2] == ROWS[name]).all(), name
        assert not found.batch_records[name][2].any(), name
    assert found.result_codes.tolist() == [0, 0, 2]
    assert found.meta["gen"].tolist() == [1, 1, 0]
    assert found.meta["ttl"][0] > 0
    assert found.meta["ttl"][2] == 0


def test_fields_are_bins_of_their_kind(either: Any, keys: list[Any]) -> None:
    either.batch_write_numpy(ROWS, "test", "numpy", ALL)
    first = either.batch_read(keys)[1]
    assert {name: type(value) for name, value in first.items()} == {
        **dict.fromkeys(["i1", "i2", "i4", "i8", "u1", "u2", "u8"], int),
        **dict.fromkeys(["f2", "f4", "f8"], float),
        **dict.fromkeys(["s", "v", "a", "af"], bytes),
        "b": bool,
    }
    assert first["s"] == b"hello"
    assert first["v"] == b"a\0\0"
    assert first["a"] == np.array([1, -2, 3, 4], "<i2").tobytes()


def test_the_result_is_looked_up_by_key(either: Any, client: Any, keys: list[Any]) -> None:
    for key in keys[:2]:
        client.put(key, {"n": key[2] * 10})
    found = either.batch_read(keys).to_numpy(np.dtype([("n", "i4")]))
    assert found.get(2)["n"] == 20
    assert 3 in found
    assert 4 not in found
    assert len(found) == 3
    assert [int(row["n"]) for row in found] == [10, 20, 0]
    assert repr(found) == "<NumpyBatchRecords: 2 of 3 records found>"
    with pytest.raises(KeyError):
        found.get(4)
    of_two_sets = either.batch_read([keys[0], ("test", "other", 1)])
    (first, _) = of_two_sets.to_numpy(np.dtype([("n", "i4")]))._map
    assert isinstance(first, AerospikeKey)


def test_arrays_belong_to_the_caller(either: Any, client: Any, keys: list[Any]) -> None:
    client.put(keys[0], {"n": 1})
    read = either.batch_read(keys)
    found = read.to_numpy(np.dtype([("n", "i4")]))
    found.batch_records["n"] += 1
    assert found.batch_records["n"].tolist() == [2, 1, 1]
    assert read[1] == {"n": 1}


def test_lists_and_text_fill_fields(either: Any, client: Any, keys: list[Any]) -> None:
    client.put(keys[0], {"l": [1, 2, 3], "m": [[1, 2], [3, 4]], "s": "héé", "i": 7, "none": None})
    fields = [("l", "f4", (3,)), ("m", "u1", (2, 2)), ("s", "S8"), ("i", "f8"), ("none", "i4")]
    row = either.batch_read(keys[:1]).to_numpy(np.dtype(fields)).batch_records[0]
    assert row["l"].tolist() == [1.0, 2.0, 3.0]
    assert row["m"].tolist() == [[1, 2], [3, 4]]
    assert row["s"] == "héé".encode()
    assert row["i"] == 7.0
    assert row["none"] == 0


def test_nothing_becomes_nothing(either: Any) -> None:
    found = either.batch_read([]).to_numpy(np.dtype([("n", "i4")]))
    assert len(found) == 0
    assert found.batch_records.dtype == np.dtype([("n", "i4")])
    empty = np.zeros(0, ALL)
    assert either.batch_write_numpy(empty, "test", "numpy", ALL).batch_records == []


def test_rows_may_name_their_place(either: Any, client: Any) -> None:
    dtype = np.dtype([("pk", "S4"), ("_set", "S8"), ("_namespace", "S8"), ("n", "i4")])
    rows = np.array([(b"a", b"one", b"test", 1), (b"a", b"two", b"test", 2)], dtype)
    either.batch_write_numpy(rows, "ignored", None, dtype, key_field="pk", policy={"ttl": 60})
    keys = [("test", "one", "a"), ("test", "two", b"a")]
    read = either.batch_read(keys)
    assert read.to_list() == [{"pk": b"a", "n": 1}, {"pk": b"a", "n": 2}]
    assert all(record.record.meta.ttl <= 60 for record in read.batch_records)
    either.batch_remove(keys)


def test_rows_that_are_not_contiguous(either: Any, keys: list[Any]) -> None:
    dtype = np.dtype([("_key", "i4"), ("n", "i4")])
    rows = np.array([(n, n * 10) for n in (3, 9, 2, 9, 1)], dtype)[::-2]
    either.batch_write_numpy(rows, "test", "numpy", dtype)
    assert either.batch_read(keys).to_list() == [{"n": 10}, {"n": 20}, {"n": 30}]


MISFITS = [
    ({"n": 300}, "i1", OverflowError, 'key 0: bin "n" is 300, and its field has 8 bits'),
    ({"n": -1}, "u8", OverflowError, "64 bits"),
    ({"n": 2**31}, "i4", OverflowError, "32 bits"),
    ({"n": "text"}, "i4", TypeError, "is text, and its field takes an integer"),
    ({"n": 1.5}, "i4", TypeError, "is a float, and its field takes an integer"),
    ({"n": True}, "i4", TypeError, "is a bool"),
    ({"n": 1}, "?", TypeError, "takes a bool"),
    ({"n": "text"}, "S3", ValueError, "has 4 bytes, and its field 3"),
    ({"n": {}}, "f8", TypeError, "is a map, and its field takes a number"),
    ({"n": [1]}, ("i4", (2,)), ValueError, "has 1 elements, and its field 2"),
    ({"n": b"123"}, ("i4", (2,)), ValueError, "has 3 bytes, and its field 8"),
    ({"n": 1}, ("i4", (2,)), TypeError, "takes a list or bytes"),
]


@pytest.mark.parametrize(("bins", "field", "error", "message"), MISFITS)
def test_bins_that_do_not_fit_raise(
    either: Any, client: Any, keys: list[Any], bins: Any, field: Any, error: Any, message: str
) -> None:
    client.put(keys[0], bins)
    read = either.batch_read(keys)
    with pytest.raises(error, match=message):
        read.to_numpy(np.dtype([("n", *field)] if isinstance(field, tuple) else [("n", field)]))


@pytest.mark.parametrize(
    "dtype", [None, "i4", [("n", "i4")], np.dtype("i4"), *(np.dtype([("n", k)]) for k in "UOMFg")]
)
def test_dtypes_that_are_no_layout_raise(either: Any, keys: list[Any], dtype: Any) -> None:
    with pytest.raises(TypeError, match="dtype"):
        either.batch_read(keys).to_numpy(dtype)


KEYED = np.dtype([("_key", "i4"), ("n", "i4")])
WRONG = [
    (([1],), TypeError, "data must be a numpy.ndarray, not list"),
    ((np.zeros(1, "i4"),), ValueError, "data is of dtype int32, not of _dtype"),
    ((np.zeros((1, 1), KEYED),), ValueError, "one dimension"),
    ((np.zeros(1, KEYED), "test", "numpy", [("n", "i4")]), TypeError, "_dtype must be a numpy"),
    ((np.zeros(1, KEYED), "test", "numpy", KEYED, "pk"), ValueError, 'no field "pk"'),
    ((np.zeros(1, KEYED), "", "numpy", KEYED), ValueError, "namespace is empty"),
    ((np.zeros(1, KEYED), "test", "numpy", KEYED, "_key", {"x": 1}), ValueError, 'key "x"'),
    ((np.zeros(1, KEYED), "test", "numpy", KEYED, "_key", None, -1), ValueError, "retry must be"),
]


@pytest.mark.parametrize(("args", "error", "message"), WRONG)
def test_wrong_arguments_raise_at_once(
    kind: str, config: Any, args: Any, error: Any, message: str
) -> None:
    rest = ("test", "numpy", KEYED)[len(args) - 1 :] if len(args) < 4 else ()
    with unconnected(kind, config) as client, pytest.raises(error, match=message):
        client.batch_write_numpy(*args, *rest)


@pytest.mark.parametrize(
    ("fields", "row", "error", "message"),
    [
        ([("_key", "f8")], (1.0,), TypeError, "can't be a user key"),
        ([("_key", "u8"), ("n", "i4")], (2**63, 1), OverflowError, r"data\[0\]: .*63 bits"),
        ([("_key", "i4"), ("n" * 16, "i4")], (1, 1), ValueError, "15 are permitted"),
        ([("_key", "i4"), ("_set", "i4")], (1, 1), TypeError, '"_set" of _dtype must be bytes'),
        ([("_key", "i4"), ("_set", "S2")], (1, b"\xff"), ValueError, "is not UTF-8"),
        ([("_key", "i4"), ("_namespace", "S2")], (1, b""), ValueError, "namespace is empty"),
    ],
)
def test_rows_that_are_no_records_raise(
    kind: str, config: Any, fields: Any, row: Any, error: Any, message: str
) -> None:
    dtype = np.dtype(fields)
    with unconnected(kind, config) as client, pytest.raises(error, match=message):
        client.batch_write_numpy(np.array([row], dtype), "test", "numpy", dtype)


def test_numpy_is_imported_only_on_request(config: Any) -> None:
    program = f"""
import sys, aerospike_py
with aerospike_py.client({config!r}) as client:
    client.batch_read([("test", "numpy", 1)]).to_dict()
    assert "numpy" not in sys.modules
    sys.modules["numpy"] = None
    try:
        client.batch_read([]).to_numpy(None)
    except ImportError as error:
        assert "aerospike-py[numpy]" in str(error), error
    else:
        raise AssertionError
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)


def test_a_batch_as_a_table_of_one_type(either: Any, keys: list[Any]) -> None:
    """An operation's results are bins as well."""
    either.batch_write([(key, {"n": key[2]}) for key in keys])
    operation = {"op": aero.OPERATOR_READ, "bin": "n"}
    found = either.batch_read(keys, [operation]).to_numpy(np.dtype([("n", "u1")]))
    assert found.batch_records["n"].sum() == 6
