//! Tracing: a span for each operation, made when it has ended.
//!
//! Whether there is to be one is decided before the operation begins, on the caller's thread, by
//! the sampler and the caller's own span.
//!
//! - [`caller`]: the caller's span, as Python knows it
//! - [`span`]: what a span tells
//! - [`collector`]: spans on their way over the network, with [`settings`]
//! - [`pipeline`]: spans on their way to the application's own pipeline in Python
//! - [`functions`]: the functions of the module

pub mod caller;
mod collector;
pub mod functions;
pub mod pipeline;
mod settings;
mod span;

use std::sync::Arc;

pub use span::{Heard, Parent, Sight, Traced};

use super::outbox::Outbox;
use super::{About, Ending};
use collector::Collector;
use span::Finished;

/// Where the spans of one interpreter go.
pub enum Tracing {
    Collector(Box<Collector>),
    Pipeline(Outbox<Finished>),
}

impl Tracing {
    /// Decides about the span of an operation that is to begin.
    pub fn begin(&self, parent: Option<Parent>) -> Option<Box<Traced>> {
        match self {
            Self::Collector(collector) => collector.sample(parent).map(Box::new),
            // Python samples.
            Self::Pipeline(_) => Some(Box::new(Traced { trace: 0, parent })),
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
