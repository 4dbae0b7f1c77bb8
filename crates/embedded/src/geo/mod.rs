//! Points and regions on the globe, by Google's S2: every spot is in one cell of each level of a
//! hierarchy, and cells are numbered so that what is in a cell is a range of numbers.

mod geojson;
mod polygon;

use s2::cap::Cap;
use s2::cell::Cell;
use s2::cellid::CellID;
use s2::point::Point;
use s2::region::{Region as Covered, RegionCoverer};

pub use geojson::parse;
use polygon::Polygon;

/// What a GeoJSON value describes.
#[derive(Debug, Clone)]
pub enum Shape {
    /// The smallest cell in which a point is.
    Point(CellID),
    Region(Region),
}

/// An area.
#[derive(Debug, Clone)]
pub enum Region {
    Circle(Cap),
    Polygons(Vec<Polygon>),
}

/// How stored regions are covered by cells.
const STORED: RegionCoverer =
    RegionCoverer { min_level: 1, max_level: 30, level_mod: 1, max_cells: 12 };

/// How regions that are searched are covered.
const SEARCHED: RegionCoverer =
    RegionCoverer { min_level: 1, max_level: 20, level_mod: 1, max_cells: 12 };

impl Shape {
    /// The cells under which the shape is indexed.
    pub fn cells(&self) -> Vec<u64> {
        match self {
            Shape::Point(cell) => vec![cell.0],
            Shape::Region(region) => region.covering(&STORED).map(|cell| cell.0).collect(),
        }
    }

    /// The ranges of cells under which what may match is indexed, in ascending order: of a region
    /// the points in it, of a point the regions around it.
    pub fn search(&self) -> Vec<(u64, u64)> {
        let mut ranges: Vec<_> = match self {
            Shape::Point(cell) => {
                (1..=cell.level()).map(|level| cell.parent(level).0).map(|id| (id, id)).collect()
            }
            Shape::Region(region) => {
                let cells = region.covering(&SEARCHED);
                cells.map(|cell| (cell.range_min().0, cell.range_max().0)).collect()
            }
        };
        ranges.sort_unstable();
        ranges
    }

    /// Whether one is a point and the other a region that contains it.
    pub fn matches(&self, other: &Shape) -> bool {
        match (self, other) {
            (Shape::Point(cell), Shape::Region(region))
            | (Shape::Region(region), Shape::Point(cell)) => region.contains(*cell),
            _ => false,
        }
    }
}

impl Region {
    fn contains(&self, cell: CellID) -> bool {
        let point = Point::from(cell);
        match self {
            Region::Circle(cap) => cap.contains_point(&point),
            Region::Polygons(polygons) => polygons.iter().any(|polygon| polygon.contains(&point)),
        }
    }

    fn covering(&self, coverer: &RegionCoverer) -> impl Iterator<Item = CellID> {
        let cells = match self {
            Region::Circle(cap) if cap.is_empty() => Vec::new(),
            Region::Circle(cap) => coverer.covering(cap).0,
            Region::Polygons(polygons) if polygons.iter().all(Polygon::is_empty) => Vec::new(),
            Region::Polygons(polygons) => coverer.covering(&Union(polygons.clone())).0,
        };
        cells.into_iter()
    }
}

/// Several polygons, as something to be covered.
struct Union(Vec<Polygon>);

impl Covered for Union {
    fn cap_bound(&self) -> Cap {
        let bounds = self.0.iter().filter(|polygon| !polygon.is_empty()).map(Polygon::cap_bound);
        bounds.reduce(|a, b| a.union(&b)).unwrap_or_else(Cap::empty)
    }

    /// Not finding out costs a finer covering than is needed, no more.
    fn contains_cell(&self, _cell: &Cell) -> bool {
        false
    }

    fn intersects_cell(&self, cell: &Cell) -> bool {
        self.0.iter().any(|polygon| polygon.intersects(cell))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(longitude: f64, latitude: f64) -> Shape {
        shape(&format!(r#"{{"type":"Point","coordinates":[{longitude},{latitude}]}}"#))
    }

    fn shape(text: &str) -> Shape {
        parse(text.as_bytes()).unwrap()
    }

    fn is_found(stored: &Shape, searched: &Shape) -> bool {
        let cells = stored.cells();
        searched.search().iter().any(|(low, high)| cells.iter().any(|c| (low..=high).contains(&c)))
    }

    #[test]
    fn points_are_in_a_polygon_or_not_whichever_way_round_it_is_written() {
        let ring = "[[0,0],[10,0],[10,10],[0,10],[0,0]]";
        let reversed = "[[0,0],[0,10],[10,10],[10,0],[0,0]]";
        for ring in [ring, reversed] {
            let polygon = shape(&format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#));
            assert!(polygon.matches(&point(5.0, 5.0)) && point(5.0, 5.0).matches(&polygon));
            for (longitude, latitude) in [(11.0, 5.0), (5.0, -1.0), (-175.0, -5.0), (0.0, 90.0)] {
                assert!(!polygon.matches(&point(longitude, latitude)));
            }
        }
    }

    #[test]
    fn a_hole_is_not_in_its_polygon() {
        let polygon = shape(
            r#"{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]],
                [[4,4],[6,4],[6,6],[4,6],[4,4]]]}"#,
        );
        assert!(polygon.matches(&point(3.0, 3.0)));
        assert!(!polygon.matches(&point(5.0, 5.0)));
    }

    #[test]
    fn what_matches_is_found_by_its_cells() {
        let regions = [
            r#"{"type":"Polygon","coordinates":[[[-5,-4],[1,-5],[2,3],[-4,4],[-5,-4]]]}"#,
            r#"{"type":"AeroCircle","coordinates":[[1,1],300000]}"#,
            r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],
                [[[2,2],[4,2],[4,5],[2,2]]]]}"#,
            r#"{"type":"Polygon","coordinates":[[[-170,-80],[0,-80],[170,-80],[0,0],[-170,-80]]]}"#,
        ];
        let mut matches = 0;
        for region in regions.map(shape) {
            for at in 0..900 {
                let point = point(f64::from(at % 30) / 2.0 - 7.0, f64::from(at / 30) / 2.0 - 7.0);
                if region.matches(&point) {
                    matches += 1;
                    assert!(is_found(&point, &region) && is_found(&region, &point));
                }
            }
        }
        assert!(matches > 300, "{matches}");
    }

    #[test]
    fn a_region_of_nothing_has_no_cells() {
        for text in [
            r#"{"type":"Polygon","coordinates":[]}"#,
            r#"{"type":"MultiPolygon","coordinates":[]}"#,
            r#"{"type":"AeroCircle","coordinates":[[0,0],-1]}"#,
        ] {
            assert!(shape(text).cells().is_empty() && shape(text).search().is_empty(), "{text}");
            assert!(!shape(text).matches(&point(0.0, 0.0)));
        }
        let all = shape(r#"{"type":"AeroCircle","coordinates":[[0,0],1e300]}"#);
        assert!(all.matches(&point(180.0, 0.0)) && is_found(&point(180.0, 0.0), &all));
    }
}
