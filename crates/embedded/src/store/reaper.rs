//! Frees the records that have expired.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::clock;
use super::namespace::Namespace;

/// Of the time, no more than this part goes into reaping.
const SHARE: u32 = 10;

/// Reaps a namespace until the task is dropped. Sleeps while nothing can expire.
///
/// `tell` is called with each partition in which records have expired, and how many.
pub async fn run(namespace: Arc<Namespace>, tell: impl Fn(&Namespace, usize, u64)) {
    loop {
        let started = Instant::now();
        let next = namespace.reap(clock::now_seconds(), |partition, count| {
            tell(&namespace, partition, count);
        });
        let rest = (started.elapsed() * SHARE).max(Duration::from_secs(1));
        tokio::time::sleep(rest).await;
        match next {
            Some(second) => {
                // A record is there through the whole of its last second.
                let due = u64::from(second) * 1000 + 1000;
                let wait = Duration::from_millis(due.saturating_sub(clock::now_ms()));
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    () = namespace.expiry.notified() => {}
                }
            }
            None => namespace.expiry.notified().await,
        }
    }
}
