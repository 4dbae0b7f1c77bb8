"""Predicates: what `where` of a query looks for, with the help of a secondary index.

    >>> query = client.query("test", "people")
    >>> query.where(predicates.between("age", 30, 40))

Each needs an index of the right type on the bin, or on what the argument `ctx` of `where` leads to
in it; `where_with_index_name` and `where_with_expr` name the index otherwise, and then the name of
the bin is not used and may be None. Both ends of a range belong to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aerospike_py._builders import also_named
from aerospike_py._constants import INDEX_TYPE_DEFAULT

if TYPE_CHECKING:
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


@also_named(bin="bin_name")
def equals(bin_name: str | None, val: int | str | bytes) -> Predicate:
    """The bin has this value. It takes an index of integers, strings or blobs.

    >>> client.put(key, {"age": 36})
    >>> client.index_integer_create(key[0], key[1], "age", "by_age")
    >>> query = client.query(key[0], key[1])
    >>> query.where(equals("age", 36))
    >>> [record.bins for record in query]
    [{'age': 36}]
    >>> client.index_remove(key[0], "by_age")
    """
    return ("equals", bin_name, val)


@also_named(bin="bin_name", min="min_val", max="max_val")
def between(bin_name: str | None, min_val: int, max_val: int) -> Predicate:
    """The bin has an integer from `min_val` to `max_val`.

    >>> client.put(key, {"age": 36})
    >>> client.index_integer_create(key[0], key[1], "age", "by_age")
    >>> query = client.query(key[0], key[1])
    >>> query.where(between("age", 30, 40))
    >>> [record.bins for record in query]
    [{'age': 36}]
    >>> client.index_remove(key[0], "by_age")
    """
    return ("between", bin_name, min_val, max_val)


@also_named(bin="bin_name")
def contains(bin_name: str | None, index_type: int, val: int | str | bytes) -> Predicate:
    """The list or map in the bin has this value.

    `index_type` says where: INDEX_TYPE_LIST, INDEX_TYPE_MAPKEYS or INDEX_TYPE_MAPVALUES.

    >>> client.put(key, {"tags": ["math", "poetry"]})
    >>> client.index_list_create(key[0], key[1], "tags", INDEX_STRING, "by_tag")
    >>> query = client.query(key[0], key[1])
    >>> query.where(contains("tags", INDEX_TYPE_LIST, "math"))
    >>> [record.bins for record in query]
    [{'tags': ['math', 'poetry']}]
    >>> client.index_remove(key[0], "by_tag")
    """
    return ("contains", bin_name, index_type, val)


@also_named(bin="bin_name", min="min_val", max="max_val")
def range(bin_name: str | None, index_type: int, min_val: int, max_val: int) -> Predicate:
    """The list or map in the bin has an integer from `min_val` to `max_val`.

    `index_type` is as in `contains`.

    >>> client.put(key, {"scores": {"chess": 12, "go": 31}})
    >>> client.index_map_values_create(key[0], key[1], "scores", INDEX_NUMERIC, "by_score")
    >>> query = client.query(key[0], key[1])
    >>> query.where(range("scores", INDEX_TYPE_MAPVALUES, 30, 40))
    >>> len(query.results())
    1
    >>> client.index_remove(key[0], "by_score")
    """
    return ("range", bin_name, index_type, min_val, max_val)


@also_named(bin="bin_name", geojson="shape")
def geo_within_geojson_region(
    bin_name: str | None, shape: str | GeoJSON, index_type: int = INDEX_TYPE_DEFAULT
) -> Predicate:
    """The bin has a point within a region: a Polygon, MultiPolygon or AeroCircle in GeoJSON.

    `index_type` INDEX_TYPE_LIST and others look among the points of a list or map.

    >>> client.put(key, {"home": GeoJSON('{"type": "Point", "coordinates": [2.35, 48.85]}')})
    >>> client.index_geo2dsphere_create(key[0], key[1], "home", "by_home")
    >>> query = client.query(key[0], key[1])
    >>> paris = '{"type": "AeroCircle", "coordinates": [[2.34, 48.86], 10000]}'
    >>> query.where(geo_within_geojson_region("home", paris))
    >>> len(query.results())
    1
    >>> client.index_remove(key[0], "by_home")
    """
    return ("geo_within_geojson_region", bin_name, shape, index_type)


@also_named(bin="bin_name", lng="long", radius="radius_meters")
def geo_within_radius(
    bin_name: str | None,
    long: float,
    lat: float,
    radius_meters: float,
    index_type: int = INDEX_TYPE_DEFAULT,
) -> Predicate:
    """The bin has a point not farther than `radius_meters` from another.

    `long` and `lat` are degrees, in the order of GeoJSON. `index_type` is as in
    `geo_within_geojson_region`.

    >>> client.put(key, {"home": GeoJSON('{"type": "Point", "coordinates": [2.35, 48.85]}')})
    >>> client.index_geo2dsphere_create(key[0], key[1], "home", "by_home")
    >>> query = client.query(key[0], key[1])
    >>> query.where(geo_within_radius("home", 2.34, 48.86, 10_000))
    >>> len(query.results())
    1
    >>> client.index_remove(key[0], "by_home")
    """
    return ("geo_within_radius", bin_name, long, lat, radius_meters, index_type)


@also_named(bin="bin_name", geojson="point")
def geo_contains_geojson_point(
    bin_name: str | None, point: str | GeoJSON, index_type: int = INDEX_TYPE_DEFAULT
) -> Predicate:
    """The bin has a region that contains a point, which is given as GeoJSON.

    `index_type` is as in `geo_within_geojson_region`.

    >>> circle = GeoJSON('{"type": "AeroCircle", "coordinates": [[2.34, 48.86], 10000]}')
    >>> client.put(key, {"area": circle})
    >>> client.index_geo2dsphere_create(key[0], key[1], "area", "by_area")
    >>> query = client.query(key[0], key[1])
    >>> point = '{"type": "Point", "coordinates": [2.35, 48.85]}'
    >>> query.where(geo_contains_geojson_point("area", point))
    >>> len(query.results())
    1
    >>> client.index_remove(key[0], "by_area")
    """
    return ("geo_contains_geojson_point", bin_name, point, index_type)


@also_named(bin="bin_name", lng="long")
def geo_contains_point(
    bin_name: str | None, long: float, lat: float, index_type: int = INDEX_TYPE_DEFAULT
) -> Predicate:
    """The bin has a region that contains a point, which is given in degrees.

    `index_type` is as in `geo_within_geojson_region`.

    >>> circle = GeoJSON('{"type": "AeroCircle", "coordinates": [[2.34, 48.86], 10000]}')
    >>> client.put(key, {"area": circle})
    >>> client.index_geo2dsphere_create(key[0], key[1], "area", "by_area")
    >>> query = client.query(key[0], key[1])
    >>> query.where(geo_contains_point("area", 2.35, 48.85))
    >>> len(query.results())
    1
    >>> client.index_remove(key[0], "by_area")
    """
    return ("geo_contains_point", bin_name, long, lat, index_type)
