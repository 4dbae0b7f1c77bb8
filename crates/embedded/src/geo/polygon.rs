//! Polygons: loops on the sphere, an odd number of which contains what the polygon contains.

use std::f64::consts::FRAC_PI_2;

use s2::cap::Cap;
use s2::cell::Cell;
use s2::edge_crossings::{EdgeCrosser, angle_contains_vertex};
use s2::point::Point;
use s2::predicates::{Direction, robust_sign};
use s2::s1::Angle;

/// A polygon. Loops are holes where they lie in others.
#[derive(Debug, Clone)]
pub struct Polygon {
    loops: Vec<Loop>,
}

/// A closed chain of edges, of which no vertex is repeated at the end. Its inside is on the left,
/// and is not larger than the outside.
#[derive(Debug, Clone)]
pub struct Loop {
    vertices: Vec<Point>,
    /// Whether the point from which crossings are counted is inside.
    origin_is_inside: bool,
}

impl Polygon {
    pub fn new(loops: Vec<Loop>) -> Polygon {
        Polygon { loops }
    }

    pub fn is_empty(&self) -> bool {
        self.loops.is_empty()
    }

    pub fn contains(&self, point: &Point) -> bool {
        self.loops.iter().filter(|each| each.contains(point)).count() % 2 == 1
    }

    /// Whether the polygon and the cell have anything in common.
    pub fn intersects(&self, cell: &Cell) -> bool {
        let corners = cell.vertices();
        let sides = || corners.iter().zip(corners.iter().cycle().skip(1));
        self.loops.iter().any(|each| {
            each.vertices.iter().any(|vertex| cell.contains_point(vertex))
                || sides().any(|(a, b)| each.crossings(a, b) > 0)
        }) || self.contains(&cell.center())
            || corners.iter().any(|corner| self.contains(corner))
    }

    pub fn cap_bound(&self) -> Cap {
        let vertices = || self.loops.iter().flat_map(|each| &each.vertices);
        let sum = vertices().fold(Point::from_coords(0.0, 0.0, 0.0).0, |sum, v| sum + v.0);
        if sum.norm() == 0.0 {
            return Cap::full();
        }
        let center = Point(sum.normalize());
        let radius = vertices().map(|vertex| center.distance(vertex).rad()).fold(0.0, f64::max);
        // Edges between points of a cap that is no hemisphere stay in it.
        if radius >= FRAC_PI_2 {
            return Cap::full();
        }
        Cap::from_center_angle(&center, &Angle::from(s2::s1::Rad(radius * (1.0 + 1e-12) + 1e-14)))
    }
}

impl Loop {
    /// A loop through at least three vertices, no two neighbours of which are equal.
    pub fn new(mut vertices: Vec<Point>) -> Loop {
        if turning_angle(&vertices) < 0.0 {
            vertices.reverse();
        }
        let mut closed = Loop { vertices, origin_is_inside: false };
        // Whether a vertex is inside can be told from its two edges alone, and the crossings
        // between it and the origin must agree with that.
        if let [first, vertex, last, ..] = *closed.vertices.as_slice() {
            let is_inside = angle_contains_vertex(&first, &vertex, &last);
            closed.origin_is_inside = is_inside != closed.contains(&vertex);
        }
        closed
    }

    fn contains(&self, point: &Point) -> bool {
        (self.crossings(&Point::origin(), point) % 2 == 1) != self.origin_is_inside
    }

    /// How many edges the way from one point to another crosses.
    fn crossings(&self, from: &Point, to: &Point) -> usize {
        let Some(last) = self.vertices.last() else { return 0 };
        let mut crosser = EdgeCrosser::new_with_c(from, to, last);
        self.vertices.iter().filter(|vertex| crosser.chain_edge_or_vertex_crossing(vertex)).count()
    }
}

/// The sum of the turns at all vertices: positive if the smaller side is on the left.
fn turning_angle(vertices: &[Point]) -> f64 {
    let next = |by: usize| vertices.iter().cycle().skip(by);
    let corners = vertices.iter().zip(next(1)).zip(next(2));
    corners.map(|((a, b), c)| turn(a, b, c)).sum()
}

fn turn(a: &Point, b: &Point, c: &Point) -> f64 {
    let angle = a.cross(b).distance(&b.cross(c)).rad();
    if robust_sign(a, b, c) == Direction::CounterClockwise { angle } else { -angle }
}
