//! Metrics: what is counted and timed in one interpreter, and how it is told.
//!
//! - [`operations`]: how long operations took, by what they were about and how they ended
//! - [`cells`]: the counters under it, which threads don't share
//! - [`family`]: what is told, before it is written in a format
//! - [`text`]: the text formats
//! - [`functions`]: the functions of the module, with [`docs`]

mod cells;
mod docs;
mod family;
mod functions;
mod operations;
mod text;

use cells::InFlight;
use family::{Family, Kind, Point};
pub use functions::{GetMetrics, IsMetricsEnabled, SetMetricsEnabled};
use operations::Operations;

use crate::interp::signals;

/// What one interpreter counts, in one process.
pub struct Metrics {
    generation: u32,
    pub operations: Operations,
    pub in_flight: InFlight,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            generation: signals::generation(),
            operations: Operations::default(),
            in_flight: InFlight::default(),
        }
    }
}

impl Metrics {
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// All that is known now.
    fn families(&self) -> Vec<Family> {
        vec![
            self.operations.family(),
            Family {
                name: "aerospike_client_operations_in_flight",
                help: "Operations that have begun and not ended.",
                kind: Kind::Gauge,
                points: vec![Point::plain(self.in_flight.count() as f64)],
            },
        ]
    }
}
