//! Reading GeoJSON: points, polygons, multi-polygons and circles, bare or as a feature.

use s2::cap::Cap;
use s2::cellid::CellID;
use s2::latlng::LatLng;
use s2::point::Point;
use s2::s1::{Angle, Rad};
use serde_json::{Map, Value as Json};

use super::polygon::{Loop, Polygon};
use super::{Region, Shape};

const EARTH_RADIUS_METERS: f64 = 6_371_000.0;

/// No record can hold a text longer than this.
const MAX_SIZE: usize = 1024 * 1024;

/// What a text describes; `None` if it is nothing that can be stored.
pub fn parse(text: &[u8]) -> Option<Shape> {
    if text.len() > MAX_SIZE {
        return None;
    }
    let Json::Object(top) = serde_json::from_slice::<Json>(text).ok()? else { return None };
    match top.get("type")?.as_str()? {
        "Feature" => shape(top.get("geometry")?.as_object()?),
        _ => shape(&top),
    }
}

fn shape(object: &Map<String, Json>) -> Option<Shape> {
    let kind = object.get("type")?.as_str()?;
    let coordinates = object.get("coordinates")?;
    let region = match kind {
        "Point" => return Some(Shape::Point(CellID::from(point(coordinates)?))),
        "Polygon" => Region::Polygons(vec![polygon(coordinates)?]),
        "MultiPolygon" => {
            let polygons = coordinates.as_array()?.iter().map(polygon);
            Region::Polygons(polygons.collect::<Option<_>>()?)
        }
        "AeroCircle" => Region::Circle(circle(coordinates)?),
        _ => return None,
    };
    Some(Shape::Region(region))
}

fn polygon(loops: &Json) -> Option<Polygon> {
    loops.as_array()?.iter().map(closed).collect::<Option<_>>().map(Polygon::new)
}

/// A loop is closed and has at least three corners; corners that repeat count once.
fn closed(vertices: &Json) -> Option<Loop> {
    let mut points = vertices.as_array()?.iter().map(point).collect::<Option<Vec<_>>>()?;
    points.dedup();
    if points.len() < 4 || points.first() != points.last() {
        return None;
    }
    points.pop();
    Some(Loop::new(points))
}

fn circle(parts: &Json) -> Option<Cap> {
    let [center, radius] = parts.as_array()?.as_slice() else { return None };
    let radians = radius.as_f64()? / EARTH_RADIUS_METERS;
    Some(Cap::from_center_angle(&point(center)?, &Angle::from(Rad(radians))))
}

fn point(coordinates: &Json) -> Option<Point> {
    let [longitude, latitude] = coordinates.as_array()?.as_slice() else { return None };
    let (longitude, latitude) = (longitude.as_f64()?, latitude.as_f64()?);
    if longitude.abs() > 180.0 || latitude.abs() > 90.0 {
        return None;
    }
    Some(Point::from(LatLng::from_degrees(latitude, longitude)))
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
            assert!(parse(text.as_bytes()).is_some(), "{text}");
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
            assert!(parse(text.as_bytes()).is_none(), "{text}");
        }
    }
}
