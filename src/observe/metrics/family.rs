//! What is told of metrics, before it is written in a format.

use super::cells::Counted;

/// A name and a value.
pub type Label = (&'static str, String);

/// A metric, for each set of labels.
pub struct Family {
    /// Without the `_total` that counters end with.
    pub name: &'static str,
    pub help: &'static str,
    pub kind: Kind,
    pub points: Vec<Point>,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Counter,
    Gauge,
    Histogram,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

pub struct Point {
    pub labels: Vec<Label>,
    pub value: Value,
}

pub enum Value {
    Number(f64),
    Histogram(Counted),
}

impl Point {
    /// Of a metric that has no labels.
    pub fn plain(value: f64) -> Self {
        Self { labels: Vec::new(), value: Value::Number(value) }
    }
}

impl Family {
    /// The unit that the name ends with, if any.
    pub fn unit(&self) -> Option<&'static str> {
        ["seconds", "bytes"]
            .into_iter()
            .find(|unit| self.name.strip_suffix(unit).is_some_and(|rest| rest.ends_with('_')))
    }
}
