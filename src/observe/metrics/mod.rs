//! Metrics: what is counted and timed in one interpreter, and how it is told.
//!
//! - [`operations`]: how long operations took, by what they were about and how they ended
//! - [`clusters`]: what clients tell of connections and commands
//! - [`loops`]: how busy event loops are with results
//! - [`cells`]: the counters under it, which threads don't share
//! - [`family`]: what is told, before it is written in a format
//! - [`text`]: the text formats
//! - [`server`]: the HTTP server that gives them out
//! - [`functions`]: the functions of the module, with [`docs`]

mod cells;
pub mod clusters;
mod docs;
mod family;
mod functions;
pub mod loops;
mod operations;
mod server;
mod text;

use std::time::Duration;

use cells::Tally;
use clusters::Clusters;
use family::{Family, Kind, Point};
pub use functions::{Families, GetMetrics, IsEnabled, SetEnabled, StartServer, StopServer};
use loops::Loops;
use operations::Operations;
pub use server::Serving;

use super::{About, Ending};
use crate::interp::signals;

/// What one interpreter counts, in one process.
pub struct Metrics {
    generation: u32,
    operations: Operations,
    begun: Tally,
    timeouts: Tally,
    retries: Tally,
    pub loops: Loops,
    pub clusters: Clusters,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            generation: signals::generation(),
            operations: Operations::default(),
            begun: Tally::default(),
            timeouts: Tally::default(),
            retries: Tally::default(),
            loops: Loops::default(),
            clusters: Clusters::default(),
        }
    }
}

impl Metrics {
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// An operation begins.
    pub fn begun(&self) {
        self.begun.add(1);
    }

    /// An operation has ended, maybe on another thread.
    pub fn ended(&self, about: &About<'_>, ending: Ending<'_>, duration: Duration) {
        self.operations.record(about, ending.error_type(), duration);
        if let Ending::Failed(error) = ending {
            if error.is_timeout() {
                self.timeouts.add(1);
            }
            let retries = error.iterations.map_or(0, |count| count.saturating_sub(1));
            if retries > 0 {
                self.retries.add(retries.into());
            }
        }
    }

    /// All that is known now.
    fn families(&self) -> Vec<Family> {
        // Asked for before, so that none has ended that has not begun.
        let ended = self.operations.count();
        let mut families = vec![
            self.operations.family(),
            Family {
                name: "aerospike_client_operations_in_flight",
                help: "Operations that have begun and not ended.",
                kind: Kind::Gauge,
                points: vec![Point::plain((self.begun.sum() - ended as f64).max(0.0))],
            },
            Family {
                name: "aerospike_client_timeouts",
                help: "Operations that failed since their time ran out.",
                kind: Kind::Counter,
                points: vec![Point::plain(self.timeouts.sum())],
            },
            Family {
                name: "aerospike_client_retries",
                help: "Times that operations which failed in the end had been sent again.",
                kind: Kind::Counter,
                points: vec![Point::plain(self.retries.sum())],
            },
        ];
        families.extend(self.loops.families());
        families.extend(self.clusters.families());
        families
    }
}
