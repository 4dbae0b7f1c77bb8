//! The text formats of metrics: Prometheus' own, version 0.0.4, and OpenMetrics 1.0.

use std::fmt::Write;

use super::cells::{BOUNDS, Counted};
use super::family::{Family, Kind, Label, Value};

#[derive(Clone, Copy, PartialEq)]
pub enum Format {
    Prometheus,
    OpenMetrics,
}

impl Format {
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }

    pub fn write(self, families: &[Family]) -> String {
        let mut text = String::new();
        for family in families {
            self.write_family(&mut text, family);
        }
        if self == Self::OpenMetrics {
            text.push_str("# EOF\n");
        }
        text
    }

    fn write_family(self, text: &mut String, family: &Family) {
        let Family { name, help, kind, points } = family;
        let total = if *kind == Kind::Counter { "_total" } else { "" };
        // OpenMetrics names a counter without its suffix, the older format with it.
        let titled = if self == Self::Prometheus { total } else { "" };
        line(text, format_args!("# HELP {name}{titled} {help}"));
        line(text, format_args!("# TYPE {name}{titled} {}", kind.name()));
        if let (Self::OpenMetrics, Some(unit)) = (self, family.unit()) {
            line(text, format_args!("# UNIT {name} {unit}"));
        }
        for point in points {
            let labels = pairs(&point.labels);
            match &point.value {
                Value::Number(value) if labels.is_empty() => {
                    line(text, format_args!("{name}{total} {value}"));
                }
                Value::Number(value) => {
                    line(text, format_args!("{name}{total}{{{labels}}} {value}"));
                }
                Value::Histogram(counted) => self.write_histogram(text, name, &labels, counted),
            }
        }
    }

    fn write_histogram(self, text: &mut String, name: &str, labels: &str, counted: &Counted) {
        let comma = if labels.is_empty() { "" } else { "," };
        for (bound, count) in counted.cumulative() {
            let bound = self.bound(bound);
            line(text, format_args!("{name}_bucket{{{labels}{comma}le=\"{bound}\"}} {count}"));
        }
        let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        line(text, format_args!("{name}_sum{labels} {}", counted.seconds));
        line(text, format_args!("{name}_count{labels} {}", counted.count()));
    }

    /// How the upper bound of a bucket is written.
    pub fn bound(self, seconds: f64) -> String {
        match self {
            _ if seconds.is_infinite() => "+Inf".to_owned(),
            // A whole number has a fraction there.
            Self::OpenMetrics if seconds.fract() == 0.0 => format!("{seconds:.1}"),
            _ => seconds.to_string(),
        }
    }
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    writeln!(text, "{content}").expect("a string takes all that is written");
}

/// Labels as they are written between braces.
fn pairs(labels: &[Label]) -> String {
    let mut text = String::new();
    for (name, value) in labels {
        let comma = if text.is_empty() { "" } else { "," };
        write!(text, "{comma}{name}=\"").expect("a string takes all that is written");
        for character in value.chars() {
            match character {
                '\\' => text.push_str("\\\\"),
                '"' => text.push_str("\\\""),
                '\n' => text.push_str("\\n"),
                other => text.push(other),
            }
        }
        text.push('"');
    }
    text
}

impl Counted {
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// The upper bound of each bucket in seconds, and how many were not above it.
    pub fn cumulative(&self) -> impl Iterator<Item = (f64, u64)> {
        let bounds = BOUNDS.iter().map(|nanos| *nanos as f64 / 1e9).chain([f64::INFINITY]);
        let counts = self.buckets.iter().scan(0, |count, more| {
            *count += more;
            Some(*count)
        });
        bounds.zip(counts)
    }
}
