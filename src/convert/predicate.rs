//! Predicates: tuples made by `aerospike_py.predicates` to filters of secondary indexes.

use aerospike_core::Value;
use aerospike_core::expressions::Expression;
use aerospike_core::operations::CdtContext;
use aerospike_core::query::{CollectionIndexType as Collection, Filter};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use super::bins::{bin_name_from_py, within};
use super::table::Field;
use super::text::required_utf8;
use super::type_name;
use super::value::{Reader, value_from_py};

/// Which index a predicate is about.
pub enum Index {
    /// That on the predicate's bin, or on what a context leads to in it.
    Bin(Vec<CdtContext>),
    Name(String),
    Expression(Expression),
}

pub const COLLECTIONS: &[(i64, &str, Collection)] = &[
    (0, "INDEX_TYPE_DEFAULT", Collection::Default),
    (1, "INDEX_TYPE_LIST", Collection::List),
    (2, "INDEX_TYPE_MAPKEYS", Collection::MapKeys),
    (3, "INDEX_TYPE_MAPVALUES", Collection::MapValues),
];

/// What a predicate asks for.
enum Wanted {
    Equal(Value),
    Between(Value, Value),
    Within(String),
    Radius { longitude: f64, latitude: f64, meters: f64 },
    Containing(String),
}

type Made = PyResult<(Collection, Wanted)>;

struct Kind {
    name: &'static str,
    /// The values that follow the name of the bin.
    parts: &'static [&'static str],
    make: fn(&[Bound<'_, PyAny>], Reader<'_>) -> Made,
}

/// What `where` wants, for errors.
const WANTED: &str = "a tuple made by a function of aerospike_py.predicates";

const KINDS: &[Kind] = &[
    Kind {
        name: "equals",
        parts: &["val"],
        make: |parts, reader| Ok((Collection::Default, Wanted::Equal(equal(&parts[0], reader)?))),
    },
    Kind {
        name: "between",
        parts: &["min", "max"],
        make: |parts, _| {
            let (min, max) = (bound("min", &parts[0])?, bound("max", &parts[1])?);
            Ok((Collection::Default, Wanted::Between(min, max)))
        },
    },
    Kind {
        name: "contains",
        parts: &["index_type", "val"],
        make: |parts, reader| {
            Ok((collection(&parts[0])?, Wanted::Equal(equal(&parts[1], reader)?)))
        },
    },
    Kind {
        name: "range",
        parts: &["index_type", "min", "max"],
        make: |parts, _| {
            let (min, max) = (bound("min", &parts[1])?, bound("max", &parts[2])?);
            Ok((collection(&parts[0])?, Wanted::Between(min, max)))
        },
    },
    Kind {
        name: "geo_within_geojson_region",
        parts: &["shape", "index_type"],
        make: |parts, _| Ok((collection(&parts[1])?, Wanted::Within(text("shape", &parts[0])?))),
    },
    Kind {
        name: "geo_within_radius",
        parts: &["long", "lat", "radius_meters", "index_type"],
        make: |parts, _| {
            let radius = Wanted::Radius {
                longitude: degrees("long", &parts[0], 180.0)?,
                latitude: degrees("lat", &parts[1], 90.0)?,
                meters: meters(&parts[2])?,
            };
            Ok((collection(&parts[3])?, radius))
        },
    },
    Kind {
        name: "geo_contains_geojson_point",
        parts: &["point", "index_type"],
        make: |parts, _| {
            Ok((collection(&parts[1])?, Wanted::Containing(text("point", &parts[0])?)))
        },
    },
    Kind {
        name: "geo_contains_point",
        parts: &["long", "lat", "index_type"],
        make: |parts, _| {
            let longitude = degrees("long", &parts[0], 180.0)?;
            let latitude = degrees("lat", &parts[1], 90.0)?;
            let point = format!(r#"{{"type": "Point", "coordinates": [{longitude}, {latitude}]}}"#);
            Ok((collection(&parts[2])?, Wanted::Containing(point)))
        },
    },
];

/// The filter of a predicate.
pub fn filter_from_py(
    predicate: &Bound<'_, PyAny>,
    index: Index,
    reader: Reader<'_>,
) -> PyResult<Filter> {
    let Ok(tuple) = predicate.cast::<PyTuple>() else {
        return Err(PyTypeError::new_err(format!(
            "predicate must be {WANTED}, not {}",
            type_name(predicate)
        )));
    };
    let not_made =
        || PyValueError::new_err(format!("predicate must be {WANTED}, not another tuple"));
    let [name, bin, parts @ ..] = tuple.as_slice() else { return Err(not_made()) };
    let Ok(name) = name.cast::<PyString>() else { return Err(not_made()) };
    let name = name.to_str()?;
    let kind = KINDS.iter().find(|kind| kind.name == name).ok_or_else(not_made)?;
    if parts.len() != kind.parts.len() {
        return Err(not_made());
    }
    let made = (kind.make)(parts, reader)
        .map_err(|error| within(predicate.py(), error, format_args!("predicate {name}")))?;
    let bin = match &index {
        Index::Bin(_) => bin_name_from_py(bin)?,
        Index::Name(_) | Index::Expression(_) => String::new(),
    };
    Ok(filter(made, bin, index))
}

fn filter((collection, wanted): (Collection, Wanted), bin: String, index: Index) -> Filter {
    let made = match &index {
        Index::Name(name) => match wanted {
            Wanted::Equal(value) => Filter::equal_by_index(name, value),
            Wanted::Between(min, max) => Filter::range_by_index(name, min, max),
            Wanted::Within(region) => Filter::geo_within_region_by_index(name, &region),
            Wanted::Radius { longitude, latitude, meters } => {
                Filter::geo_within_radius_by_index(name, longitude, latitude, meters)
            }
            Wanted::Containing(point) => Filter::geo_contains_by_index(name, &point),
        },
        Index::Bin(_) | Index::Expression(_) => match wanted {
            Wanted::Equal(value) => Filter::equal(bin, value),
            Wanted::Between(min, max) => Filter::range(bin, min, max),
            Wanted::Within(region) => Filter::geo_within_region(bin, &region),
            Wanted::Radius { longitude, latitude, meters } => {
                Filter::geo_within_radius(bin, longitude, latitude, meters)
            }
            Wanted::Containing(point) => Filter::geo_contains(bin, &point),
        },
    };
    let made = made.collection_type(collection);
    match index {
        Index::Bin(context) => made.context(context),
        Index::Expression(expression) => made.expression(expression),
        Index::Name(_) => made,
    }
}

fn field<'a, 'py>(key: &'static str, value: &'a Bound<'py, PyAny>) -> Field<'a, 'py> {
    Field::new("argument", key, value)
}

fn collection(value: &Bound<'_, PyAny>) -> PyResult<Collection> {
    field("index_type", value).choice(COLLECTIONS)
}

/// What is compared for equality: an int, text or bytes.
fn equal(value: &Bound<'_, PyAny>, reader: Reader<'_>) -> PyResult<Value> {
    match value_from_py(value, reader) {
        Ok(value @ (Value::Int(_) | Value::String(_) | Value::Blob(_))) => Ok(value),
        Err(error) if error.is_instance_of::<pyo3::exceptions::PyOverflowError>(value.py()) => {
            Err(error)
        }
        _ => Err(field("val", value).wrong_type("int, str or bytes")),
    }
}

fn bound(key: &'static str, value: &Bound<'_, PyAny>) -> PyResult<Value> {
    field(key, value).int().map(Value::Int)
}

/// GeoJSON as text, also of a `GeoJSON` object.
fn text(key: &'static str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    match value.is_instance_of::<PyString>() {
        true => Ok(required_utf8(value, key)?.to_owned()),
        false => match value.call_method0("dumps").and_then(|text| text.extract()) {
            Ok(text) => Ok(text),
            Err(_) => Err(field(key, value).wrong_type("GeoJSON, or str with GeoJSON")),
        },
    }
}

fn degrees(key: &'static str, value: &Bound<'_, PyAny>, most: f64) -> PyResult<f64> {
    let field = field(key, value);
    match field.float()? {
        degrees if degrees.abs() <= most => Ok(degrees),
        _ => Err(field.wrong_value(&format!("degrees from -{most} to {most}"))),
    }
}

fn meters(value: &Bound<'_, PyAny>) -> PyResult<f64> {
    let field = field("radius_meters", value);
    match field.float()? {
        meters if meters >= 0.0 && meters.is_finite() => Ok(meters),
        _ => Err(field.wrong_value("a finite number of meters from 0")),
    }
}
