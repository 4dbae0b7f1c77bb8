//! Tracing: a span for each operation, made when it has ended.
//!
//! Whether there is to be one is decided before the operation begins, on the caller's thread, by
//! the sampler and the caller's own span.
//!
//! - [`caller`]: the caller's span, as Python knows it
//! - [`sampler`]: the decision
//! - [`span`]: what a span tells
//! - [`collector`]: spans on their way over the network, with [`settings`]
//! - [`pipeline`]: spans on their way to the application's own pipeline in Python
//! - [`functions`]: the functions of the module

pub mod caller;
mod collector;
pub mod functions;
pub mod pipeline;
mod sampler;
mod settings;
mod span;

use std::sync::Arc;

pub use span::{Heard, Sight, Traced};

use super::outbox::Outbox;
use super::{About, Ending};
use collector::Collector;
use span::{Finished, Parent};

/// Where the spans of one interpreter go.
pub enum Tracing {
    Collector(Box<Collector>),
    Pipeline(Outbox<Finished>),
}

impl Tracing {
    /// The trace that the span of an operation is to belong to, if it is to have one.
    fn sample(&self, parent: Option<&Parent>) -> Option<u128> {
        match self {
            Self::Collector(collector) => collector.sample(parent),
            // Python samples.
            Self::Pipeline(_) => Some(0),
        }
    }

    /// As [`Sampler::leaves_out`](sampler::Sampler::leaves_out).
    fn leaves_out(&self, flags: u8) -> bool {
        match self {
            Self::Collector(collector) => collector.sampler.leaves_out(flags),
            Self::Pipeline(_) => false,
        }
    }

    /// Makes the span of an operation that has ended.
    pub fn end(&self, about: &About<'_>, ending: Ending<'_>, traced: Traced, sight: Sight) {
        let finished = Finished::new(about, ending, traced, sight);
        match self {
            Self::Collector(collector) => collector.send(finished),
            Self::Pipeline(outbox) => outbox.put(finished),
        }
    }

    /// Sends what is there, and no more. To be called detached.
    pub fn shut_down(self: &Arc<Self>) -> Result<(), String> {
        match &**self {
            Self::Collector(collector) => collector.shut_down(),
            Self::Pipeline(_) => Ok(()),
        }
    }
}
