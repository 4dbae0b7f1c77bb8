# Made by scripts/stubs.py of the module of this name: change that one, and run the script.
from typing import overload

from aerospike_py._constants import INDEX_TYPE_DEFAULT
from aerospike_py.types import GeoJSON, Predicate

__all__ = [
    "between",
    "contains",
    "equals",
    "geo_contains_geojson_point",
    "geo_contains_point",
    "geo_within_geojson_region",
    "geo_within_radius",
    "range",
]

@overload
def equals(bin_name: str | None, val: int | str | bytes) -> Predicate: ...
@overload
def equals(bin: str | None, val: int | str | bytes) -> Predicate: ...
@overload
def between(bin_name: str | None, min_val: int, max_val: int) -> Predicate: ...
@overload
def between(bin: str | None, min: int, max: int) -> Predicate: ...
@overload
def contains(bin_name: str | None, index_type: int, val: int | str | bytes) -> Predicate: ...
@overload
def contains(bin: str | None, index_type: int, val: int | str | bytes) -> Predicate: ...
@overload
def range(bin_name: str | None, index_type: int, min_val: int, max_val: int) -> Predicate: ...
@overload
def range(bin: str | None, index_type: int, min: int, max: int) -> Predicate: ...
@overload
def geo_within_geojson_region(
    bin_name: str | None, shape: str | GeoJSON, index_type: int = INDEX_TYPE_DEFAULT
) -> Predicate: ...
@overload
def geo_within_geojson_region(
    bin: str | None, geojson: str | GeoJSON, index_type: int = INDEX_TYPE_DEFAULT
) -> Predicate: ...
@overload
def geo_within_radius(
    bin_name: str | None,
    long: float,
    lat: float,
    radius_meters: float,
    index_type: int = INDEX_TYPE_DEFAULT,
) -> Predicate: ...
@overload
def geo_within_radius(
    bin: str | None, lng: float, lat: float, radius: float, index_type: int = INDEX_TYPE_DEFAULT
) -> Predicate: ...
@overload
def geo_contains_geojson_point(
    bin_name: str | None, point: str | GeoJSON, index_type: int = INDEX_TYPE_DEFAULT
) -> Predicate: ...
@overload
def geo_contains_geojson_point(
    bin: str | None, geojson: str | GeoJSON, index_type: int = INDEX_TYPE_DEFAULT
) -> Predicate: ...
@overload
def geo_contains_point(
    bin_name: str | None, long: float, lat: float, index_type: int = INDEX_TYPE_DEFAULT
) -> Predicate: ...
@overload
def geo_contains_point(
    bin: str | None, lng: float, lat: float, index_type: int = INDEX_TYPE_DEFAULT
) -> Predicate: ...
