//! GeoJSON values: points, polygons, multi-polygons and circles, bare or as a feature.

use serde_json::{Map, Value as Json};

use super::Value;
use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};

/// A flags byte and the number of cells, both 0: clients skip over them to the text.
const PREFIX: [u8; 3] = [0; 3];

/// Checks a value that a client wrote. Cells that it sends are not looked at.
pub fn from_wire(wire: &[u8]) -> Outcome<Value<'_>> {
    let text = text(wire).filter(|text| is_geometry(text));
    match text {
        Some(text) => Ok(Value::Owned([&PREFIX, text].concat())),
        None => Err(ResultCode::InvalidGeoJson),
    }
}

fn text(wire: &[u8]) -> Option<&[u8]> {
    let mut cursor = Cursor::new(wire);
    let _flags = cursor.u8()?;
    let cells = cursor.u16()?;
    cursor.take(usize::from(cells) * 8)?;
    Some(cursor.rest())
}

fn is_geometry(text: &[u8]) -> bool {
    let Ok(Json::Object(top)) = serde_json::from_slice::<Json>(text) else { return false };
    match top.get("type").and_then(Json::as_str) {
        Some("Feature") => match top.get("geometry") {
            Some(Json::Object(geometry)) => is_shape(geometry),
            _ => false,
        },
        _ => is_shape(&top),
    }
}

fn is_shape(object: &Map<String, Json>) -> bool {
    let kind = object.get("type").and_then(Json::as_str);
    let Some(coordinates) = object.get("coordinates") else { return false };
    match kind {
        Some("Point") => point(coordinates).is_some(),
        Some("Polygon") => is_polygon(coordinates),
        Some("MultiPolygon") => {
            coordinates.as_array().is_some_and(|all| all.iter().all(is_polygon))
        }
        Some("AeroCircle") => is_circle(coordinates),
        _ => false,
    }
}

fn is_polygon(loops: &Json) -> bool {
    loops.as_array().is_some_and(|loops| loops.iter().all(|l| is_loop(l).is_some()))
}

/// A loop is closed and has at least three corners; corners that repeat count once.
fn is_loop(vertices: &Json) -> Option<()> {
    let mut points = vertices.as_array()?.iter().map(point).collect::<Option<Vec<_>>>()?;
    points.dedup();
    (points.len() >= 4 && points.first() == points.last()).then_some(())
}

fn is_circle(parts: &Json) -> bool {
    match parts.as_array().map(Vec::as_slice) {
        Some([center, radius]) => point(center).is_some() && radius.is_number(),
        _ => false,
    }
}

/// The point on the unit sphere that a longitude and a latitude name.
fn point(coordinates: &Json) -> Option<[f64; 3]> {
    let [longitude, latitude] = coordinates.as_array()?.as_slice() else { return None };
    let (longitude, latitude) = (longitude.as_f64()?, latitude.as_f64()?);
    if longitude.abs() > 180.0 || latitude.abs() > 90.0 {
        return None;
    }
    let (theta, phi) = (longitude.to_radians(), latitude.to_radians());
    Some([theta.cos() * phi.cos(), theta.sin() * phi.cos(), phi.sin()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_accepted() {
        for text in [
            r#"{"type":"Point","coordinates":[-180,90]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,0],[1,1],[0,0]]]}"#,
            r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}"#,
            r#"{"type":"AeroCircle","coordinates":[[0,0],100]}"#,
            r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[0.5,1]}}"#,
        ] {
            assert!(is_geometry(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_no_shape_is_refused() {
        for text in [
            "",
            "5",
            "{}",
            r#"{"type":"Point"}"#,
            r#"{"type":"Point","coordinates":[0]}"#,
            r#"{"type":"Point","coordinates":[0,0,0]}"#,
            r#"{"type":"Point","coordinates":[0,"0"]}"#,
            r#"{"type":"Point","coordinates":[181,0]}"#,
            r#"{"type":"Point","coordinates":[0,90.5]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[0,0],[1,0],[0,0]]]}"#,
            r#"{"type":"AeroCircle","coordinates":[[0,0]]}"#,
            r#"{"type":"LineString","coordinates":[[0,0],[1,1]]}"#,
            r#"{"type":"Feature"}"#,
            r#"{"type":"Point","coordinates":[0,0]"#,
        ] {
            assert!(!is_geometry(text.as_bytes()), "{text}");
        }
    }
}
