//! Whose turn it is when more operations run than a client may have connections.
//!
//! aerospike-core tries again and again to get a connection, which whoever comes by may get first.
//! So an operation that takes a connection takes a seat before, of which there are as many as
//! connections, and waits for it in turn.
//!
//! Streams of records take none. They have connections for as long as they are read, node by node,
//! which nobody knows before; and who writes back what a scan brings would wait for the seats of
//! the scan, which that one holds until it is read on. The core lends them what connections are
//! free, and operations that find none in spite of their seats wait in the core as ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use aerospike_core as core;
use aerospike_core::policy::BasePolicy;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::ErrorInfo;

/// The connections that an operation takes.
#[derive(Clone, Copy, Default)]
pub struct Demand {
    /// How long it waits for them, in milliseconds; 0 is without limit.
    patience: u32,
    /// Whether it takes one to each node.
    everywhere: bool,
}

impl Demand {
    /// Of what is done with one record, whose total timeout is the limit of waiting, too.
    pub const fn of_record(policy: &BasePolicy) -> Self {
        Self { patience: policy.total_timeout, everywhere: false }
    }

    pub const fn of_batch(policy: &BasePolicy) -> Self {
        Self { patience: policy.total_timeout, everywhere: true }
    }
}

/// Seats, until they are dropped.
pub struct Seated {
    pub seats: OwnedSemaphorePermit,
    /// For how many milliseconds someone had to wait for them.
    pub waited: Option<u32>,
}

/// What is left of a total timeout for a command that had to wait for its connections.
pub fn shorten(policy: &mut BasePolicy, waited: u32) {
    // 0 is without limit.
    if policy.total_timeout > 0 {
        policy.total_timeout = policy.total_timeout.saturating_sub(waited).max(1);
    }
}

pub struct Seats {
    free: Arc<Semaphore>,
    /// How many there are for a node, and for how many nodes there are any.
    each: usize,
    nodes: AtomicUsize,
}

impl Seats {
    pub fn new(each: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(each)), each, nodes: AtomicUsize::new(1) }
    }

    /// Adds the seats of nodes that joined the cluster. Those of nodes that left stay: someone may
    /// wait for as many as there were.
    pub fn fit(&self, client: &core::Client) {
        let nodes = client.nodes().len();
        let known = self.nodes.fetch_max(nodes, Ordering::Relaxed);
        self.free.add_permits(self.each * nodes.saturating_sub(known));
    }

    pub async fn take(&self, demand: Demand, client: &core::Client) -> Result<Seated, ErrorInfo> {
        let wanted = match demand.everywhere {
            true => self.nodes.load(Ordering::Relaxed) as u32,
            false => 1,
        };
        if let Ok(seats) = Arc::clone(&self.free).try_acquire_many_owned(wanted) {
            return Ok(Seated { seats, waited: None });
        }
        let began = Instant::now();
        self.fit(client);
        let waiting = Arc::clone(&self.free).acquire_many_owned(wanted);
        let seats = match demand.patience {
            0 => waiting.await,
            limit => timeout(Duration::from_millis(limit.into()), waiting)
                .await
                .map_err(|_| ErrorInfo::no_connection(self.each, limit))?,
        };
        let seats = seats.map_err(|_| ErrorInfo::client("the client is closing"))?;
        let waited = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
        Ok(Seated { seats, waited: Some(waited) })
    }
}
