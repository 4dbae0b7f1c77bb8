"""Result tuples, values with a type of their own, and the keys of configuration and policies."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_type_hints

import pytest

import aerospike_py
from aerospike_py import types
from aerospike_py.types import (
    CDTInfinite,
    CDTWildcard,
    GeoJSON,
    HyperLogLog,
    KeyOrderedDict,
    geodata,
    geojson,
    null,
)

PEERS = json.loads((Path(__file__).parent / "data/peer_constants.json").read_text())
OFFICIAL_KEYS = PEERS["aerospike"]["keys"]
OLDER = PEERS["aerospike-py"]

POINT = {"type": "Point", "coordinates": [-122.0, 37.5]}
POINT_TEXT = '{"coordinates":[-122,   37.50], "type":"Point"}'

# The typed dict of each dict that the official client takes.
TYPED_DICT_OF = {
    "config": "ClientConfig",
    "shm": "ShmConfig",
    "tls": "TlsConfig",
    "lua": "LuaConfig",
    "policies": "Policies",
}
TYPED_DICT_OF |= {
    f"policies.{block}": hint.__name__
    for block, hint in get_type_hints(types.Policies).items()
    if hasattr(hint, "__total__")
}


def keys(name: str) -> set[str]:
    return set(getattr(types, name).__annotations__)


@pytest.mark.parametrize("name", OLDER["named_tuples"])
def test_fields_are_those_of_aerospike_py(name: str) -> None:
    assert list(getattr(types, name)._fields) == OLDER["named_tuples"][name]


@pytest.mark.parametrize("name", OLDER["typed_dicts"])
def test_keys_of_aerospike_py_are_described(name: str) -> None:
    assert keys(name) >= set(OLDER["typed_dicts"][name])


@pytest.mark.parametrize("name", OFFICIAL_KEYS)
def test_keys_of_the_official_client_are_described(name: str) -> None:
    assert keys(TYPED_DICT_OF[name]) >= set(OFFICIAL_KEYS[name])


def test_names_are_public() -> None:
    for name in types.__all__:
        assert hasattr(types, name)
    # What is left of aerospike-py's names are its queries, operations, batches and observability.
    assert set(OLDER["typed_dicts"]) | set(OLDER["named_tuples"]) <= set(aerospike_py.__all__)


def test_typed_dicts_are_made_when_asked_for() -> None:
    """Interpreters that import the package by the hundred do not pay for them."""
    code = """
import sys
import aerospike_py

assert "aerospike_py._policies" not in sys.modules
assert aerospike_py.ReadPolicy is aerospike_py.types.ReadPolicy
assert "aerospike_py._policies" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_unknown_names_are_attribute_errors() -> None:
    for module in (aerospike_py, types):
        with pytest.raises(AttributeError, match="NoSuchPolicy"):
            _ = module.NoSuchPolicy  # type: ignore[attr-defined]


# --- GeoJSON ----------------------------------------------------------------------------------


@pytest.mark.parametrize("made_of", [POINT, OrderedDict(POINT), MappingProxyType(POINT)])
def test_geojson_of_a_mapping(made_of: Mapping[str, Any]) -> None:
    value = GeoJSON(made_of)
    assert value.unwrap() == value.geo_data == POINT
    assert json.loads(value.dumps()) == json.loads(str(value)) == POINT


@pytest.mark.parametrize("make", [GeoJSON, GeoJSON._from_text])
def test_geojson_text_is_kept_byte_for_byte(make: Any) -> None:
    value = make(POINT_TEXT)
    assert value.dumps() == str(value) == POINT_TEXT
    assert value.unwrap() == POINT
    assert value.dumps() == POINT_TEXT
    assert repr(value) == f"GeoJSON({POINT_TEXT!r})"


def test_geojson_from_the_server_is_not_parsed_before_it_is_used() -> None:
    text = '{"type":"Point", "coordinates": nonsense'
    value = GeoJSON._from_text(text)
    assert value.dumps() == text
    with pytest.raises(json.JSONDecodeError):
        value.unwrap()


@pytest.mark.parametrize("make", [GeoJSON, GeoJSON._from_text])
def test_geojson_content_can_be_changed(make: Any) -> None:
    value = make(POINT_TEXT)
    value.unwrap()["coordinates"] = [1, 2]
    assert json.loads(value.dumps()) == {"type": "Point", "coordinates": [1, 2]}
    value.wrap({"type": "Point", "coordinates": [3, 4]})
    assert value.geo_data["coordinates"] == [3, 4]
    value.loads(POINT_TEXT)
    assert value.dumps() == POINT_TEXT
    value.geo_data = {"type": "Point", "coordinates": [5, 6]}
    assert value.unwrap()["coordinates"] == [5, 6]


def test_geojson_does_not_share_the_callers_mapping() -> None:
    mine = copy.deepcopy(POINT)
    value = GeoJSON(mine)
    mine["type"] = "Nothing"
    assert value.unwrap() == POINT


def test_geojson_values_are_equal_if_their_contents_are() -> None:
    equal = [GeoJSON(POINT), GeoJSON(POINT_TEXT), GeoJSON({**POINT, "coordinates": (-122, 37.5)})]
    for value in equal:
        assert value == equal[0]
        assert hash(value) == hash(equal[0])
    assert GeoJSON(POINT) != GeoJSON({**POINT, "coordinates": [0, 0]})
    assert GeoJSON(POINT) != POINT
    assert len(set(equal)) == 1


def test_geojson_by_functions_of_the_official_client() -> None:
    assert geodata(POINT) == geojson(POINT_TEXT) == GeoJSON(POINT)
    with pytest.raises(TypeError, match="geo_data"):
        geodata(POINT_TEXT)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="raw_geo"):
        geojson(POINT)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [None, 1, [POINT], b"{}"])
def test_geojson_of_another_type_is_a_type_error(wrong: Any) -> None:
    with pytest.raises(TypeError, match=type(wrong).__name__):
        GeoJSON(wrong)
    with pytest.raises(TypeError, match=type(wrong).__name__):
        GeoJSON(POINT).loads(wrong)


@pytest.mark.parametrize("wrong", ["", "Point", "[1]", '{"type":'])
def test_geojson_of_other_text_is_a_value_error(wrong: str) -> None:
    value = GeoJSON(POINT)
    with pytest.raises(ValueError, match="GeoJSON text"):
        value.loads(wrong)
    assert value.unwrap() == POINT


def test_geojson_that_json_cannot_hold_raises() -> None:
    with pytest.raises(ValueError, match="JSON"):
        GeoJSON({"coordinates": [float("nan")]})
    with pytest.raises(TypeError, match="set"):
        GeoJSON({"coordinates": {1, 2}})


# --- The others -------------------------------------------------------------------------------


def test_hyperloglog_is_bytes_that_say_what_they_are() -> None:
    value = HyperLogLog(b"\x00\x08")
    assert value == b"\x00\x08"
    assert repr(value) == str(value) == "HyperLogLog(b'\\x00\\x08')"


def test_key_ordered_dict_is_a_dict_that_says_what_it_is() -> None:
    value = KeyOrderedDict({"b": 1, "a": 2})
    assert value == {"b": 1, "a": 2}
    assert list(value) == ["b", "a"]
    assert type(value.copy()) is KeyOrderedDict
    assert repr(value) == "KeyOrderedDict({'b': 1, 'a': 2})"
    assert KeyOrderedDict(a=1) == {"a": 1}


@pytest.mark.parametrize("cls", [CDTInfinite, CDTWildcard, null])
def test_markers_are_nothing_but_their_type(cls: type) -> None:
    assert cls() == cls()
    assert hash(cls()) == hash(cls())
    assert repr(cls()) == f"{cls.__name__}()"
    assert [other for other in (CDTInfinite, CDTWildcard, null) if other() == cls()] == [cls]
    assert cls() is not None
    assert cls() != cls


@pytest.mark.parametrize(
    "value",
    [
        GeoJSON(POINT),
        GeoJSON._from_text(POINT_TEXT),
        HyperLogLog(b"\x00\x08"),
        KeyOrderedDict({"b": 1, "a": 2}),
        CDTInfinite(),
        CDTWildcard(),
        null(),
        types.Record(
            types.AerospikeKey("test", "t", 1, b"d" * 20), types.RecordMetadata(1, 2), {"a": 3}
        ),
        types.BatchWriteResult([types.BatchRecord(None, 2, None)]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_survive_copies(value: Any) -> None:
    copies = [copy.copy(value), copy.deepcopy(value)]
    copies += [
        pickle.loads(pickle.dumps(value, protocol))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ]
    for other in copies:
        assert type(other) is type(value)
        assert other == value
        assert str(other) == str(value)


@pytest.mark.parametrize("cls", [GeoJSON, HyperLogLog, KeyOrderedDict])
def test_values_can_be_subclassed(cls: Any) -> None:
    class Mine(cls):  # type: ignore[misc]
        pass

    example = {GeoJSON: POINT, HyperLogLog: b"\x00", KeyOrderedDict: {"a": 1}}[cls]
    assert repr(Mine(example)).startswith("Mine(")
    assert Mine(example) == cls(example)
