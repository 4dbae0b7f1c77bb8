"""Functions of the user's own for values of types that the server has none for."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

import aerospike_py
from aerospike_py import AsyncClient, Client, batch_records, list_operations, operations
from support.both import connected


def to_bytes(value: Any) -> bytes:
    if not isinstance(value, Decimal | complex):
        raise ValueError(f"{value!r} is neither Decimal nor complex")
    return f"{type(value).__name__}:{value}".encode()


def from_bytes(data: bytes) -> Any:
    kind, _, text = data.partition(b":")
    makers: dict[bytes, Any] = {b"Decimal": Decimal, b"complex": complex}
    return makers[kind](text.decode()) if kind in makers else data


BOTH = (to_bytes, from_bytes)
PRICE = Decimal("2.50")
VALUES: dict[str, Any] = {
    "one": PRICE,
    "list": [1, PRICE, [complex(1, 2)]],
    "map": {"a": PRICE, b"raw": [complex(1, 2)]},
    "blob": b"raw",
    "text": "Decimal:1",
}
STORED = {
    "one": b"Decimal:2.50",
    "list": [1, b"Decimal:2.50", [b"complex:(1+2j)"]],
    "map": {"a": b"Decimal:2.50", b"raw": [b"complex:(1+2j)"]},
    "blob": b"raw",
    "text": "Decimal:1",
}


@pytest.fixture(autouse=True)
def none_for_all() -> Iterator[None]:
    yield
    aerospike_py.unset_serializers()


@pytest.fixture
def own(kind: str, config: Any) -> Iterator[Any]:
    """A client with functions of its own."""
    with connected(kind, {**config, "serialization": BOTH}) as client:
        yield client


def test_every_verb_uses_the_functions_of_its_client(own: Any, either: Any, key: Any) -> None:
    own.put(key, VALUES)
    assert either.get(key).bins == STORED
    assert own.get(key).bins == own.select(key, list(VALUES)).bins == VALUES

    append = list_operations.list_append("list", complex(3, 4))
    pop = list_operations.list_pop("list", -1)
    assert own.operate(key, [append, pop]).bins == {"list": [4, complex(3, 4)]}
    ordered = own.operate_ordered(key, [operations.read("one"), operations.write("one", PRICE)])
    assert ordered.ordered_bins[0].value == PRICE

    with pytest.raises(TypeError, match="Decimal can't be stored"):
        either.put(key, {"one": PRICE})


def test_batches_do(own: Any, either: Any, key: Any) -> None:
    keys = [key, (*key[:2], f"{key[2]} other")]
    own.batch_write([(one, VALUES) for one in keys])
    read, stored = own.batch_read(keys), either.batch_read(keys)
    assert list(read.values()) == read.to_list() == [VALUES, VALUES]
    assert [row.record.bins for row in read.batch_records] == [VALUES, VALUES]
    assert [row.record.bins for row in read.iter_records()] == [VALUES, VALUES]
    assert dict(read) == read.to_dict() == {one[2]: VALUES for one in keys}
    assert read[keys[0]] == VALUES
    assert stored.to_list() == [STORED, STORED]
    rows = own.batch_operate(keys, [operations.read("one")]).batch_records
    assert [row.record.bins for row in rows] == [{"one": PRICE}] * 2
    mixed = batch_records.BatchRecords([batch_records.Read(keys[0], [operations.read("one")])])
    own.batch_write(mixed)
    assert mixed.batch_records[0].record.bins == {"one": PRICE}
    own.batch_remove(keys)


def test_queries_do(own: Any, key: Any) -> None:
    own.put((key[0], "decimals", 1), {"one": PRICE})
    query = own.query(key[0], "decimals")
    assert [record.bins for record in query.results()] == [{"one": PRICE}]
    own.truncate(key[0], "decimals")


def test_keys_of_records_and_maps_are_left_alone(own: Any, key: Any) -> None:
    raw = (*key[:2], b"Decimal:1")
    own.put(raw, {"m": {b"Decimal:2": PRICE}}, policy={"key": aerospike_py.POLICY_KEY_SEND})
    record = own.get(raw)
    assert record.key.user_key == b"Decimal:1"
    assert record.bins == {"m": {b"Decimal:2": PRICE}}
    own.remove(raw)
    with pytest.raises(TypeError, match="can't be a map key"):
        own.put(key, {"m": {PRICE: 1}})


def test_those_of_all_are_for_clients_that_have_none(own: Any, either: Any, key: Any) -> None:
    own.put(key, {"one": PRICE})
    aerospike_py.set_deserializer(lambda data: ["all", data])
    assert own.get(key).bins == {"one": PRICE}
    assert either.get(key).bins == {"one": ["all", b"Decimal:2.50"]}
    aerospike_py.set_serializer(lambda value: f"all {value}")
    either.put(key, {"one": PRICE})
    aerospike_py.unset_serializers()
    assert either.get(key).bins == {"one": b"all 2.50"}


def test_a_put_may_insist_on_a_function_or_do_without(own: Any, either: Any, key: Any) -> None:
    own.put(key, {"one": PRICE}, serializer=aerospike_py.SERIALIZER_USER)
    assert own.get(key).bins == {"one": PRICE}
    with pytest.raises(TypeError, match="Decimal can't be stored"):
        own.put(key, {"one": PRICE}, serializer=aerospike_py.SERIALIZER_NONE)
    with pytest.raises(ValueError, match="there is none for SERIALIZER_USER"):
        either.put(key, {"n": 1}, None, None, aerospike_py.SERIALIZER_USER)
    with pytest.raises(ValueError, match="serializer must be one of SERIALIZER_NONE"):
        either.put(key, {"n": 1}, serializer=aerospike_py.SERIALIZER_PYTHON)
    with pytest.raises(TypeError, match="serializer must be int"):
        either.put(key, {"n": 1}, serializer="user")


def test_what_goes_wrong_in_them_is_told(own: Any, kind: str, config: Any, key: Any) -> None:
    own.put(key, {"one": PRICE})
    with pytest.raises(ValueError, match="neither Decimal nor complex"):
        own.put(key, {"one": object()})
    broken: Any = {**config, "serialization": (lambda value: 1, lambda data: 1 / 0)}
    with connected(kind, broken) as client:
        with pytest.raises(TypeError, match="must return bytes, bytearray or str, not int"):
            client.put(key, {"one": PRICE})
        with pytest.raises(ZeroDivisionError):
            client.get(key)
    assert own.get(key).bins == {"one": PRICE}


@pytest.mark.parametrize("wrong", [None, 5])
def test_what_can_not_be_called_is_refused(wrong: Any) -> None:
    for function in aerospike_py.set_serializer, aerospike_py.set_deserializer:
        with pytest.raises(TypeError, match="callback must be callable"):
            function(wrong)


@pytest.mark.parametrize("cls", [Client, AsyncClient])
def test_a_class_derived_from_a_client_has_them(cls: Any, config: Any, kind: str, key: Any) -> None:
    derived = type("Derived", (cls,), {})
    client = derived({**config, "serialization": BOTH})
    if cls is Client:
        client.connect()
        client.put(key, {"one": PRICE})
        assert client.get(key).bins == {"one": PRICE}
        client.close()


@pytest.mark.parametrize("cls", [Client, AsyncClient])
def test_a_client_in_its_own_functions_is_collected(cls: Any, config: Any) -> None:
    class Holder:
        def __call__(self, value: Any) -> bytes:
            return b""

    holder = Holder()
    holder.client = cls({**config, "serialization": (holder, holder)})  # type: ignore[attr-defined]
    gone = weakref.ref(holder)
    del holder
    gc.collect()
    assert gone() is None
