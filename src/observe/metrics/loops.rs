//! How busy event loops are with the results of operations.

use std::sync::{Arc, Mutex, Weak};

use super::cells::Histogram;
use super::family::{Family, Kind, Point, Value};
use crate::runtime::lock;

/// Where results wait for an event loop.
pub trait Waiting: Send + Sync {
    fn count(&self) -> usize;
}

#[derive(Default)]
pub struct Loops {
    queues: Mutex<Vec<Weak<dyn Waiting>>>,
    /// How long loops were busy with results, each time that they looked for some.
    pub drains: Histogram,
}

impl Loops {
    pub fn add<T: Waiting + 'static>(&self, queue: &Arc<T>) {
        let queue: Weak<T> = Arc::downgrade(queue);
        let mut queues = lock(&self.queues);
        queues.retain(|queue| queue.strong_count() > 0);
        queues.push(queue);
    }

    pub fn families(&self) -> Vec<Family> {
        let queues = lock(&self.queues);
        let waiting = queues.iter().filter_map(Weak::upgrade).map(|queue| queue.count());
        vec![
            Family {
                name: "aerospike_client_async_queue_length",
                help: "Results of operations that wait for event loops to take them.",
                kind: Kind::Gauge,
                points: vec![Point::plain(waiting.sum::<usize>() as f64)],
            },
            Family {
                name: "aerospike_client_async_drain_seconds",
                help: "How long an event loop was busy with results, each time it took some.",
                kind: Kind::Histogram,
                points: vec![Point {
                    labels: Vec::new(),
                    value: Value::Histogram(self.drains.counted()),
                }],
            },
        ]
    }
}
