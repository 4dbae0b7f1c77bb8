//! Counters that threads write without waiting for each other: each thread has a shard that is
//! mostly its own, and who reads adds the shards up.

use std::array;
use std::cell::Cell;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// More shards than threads can run at once, and as many as there often are, so that they seldom
/// meet, but not without limit.
fn shard_count() -> usize {
    static COUNT: LazyLock<usize> = LazyLock::new(|| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        (2 * cores).next_power_of_two().clamp(16, 32)
    });
    *COUNT
}

/// One `T` for each shard.
struct Shards<T>(Box<[T]>);

impl<T: Default> Default for Shards<T> {
    fn default() -> Self {
        Self((0..shard_count()).map(|_| T::default()).collect())
    }
}

impl<T> Shards<T> {
    /// The calling thread's.
    fn own(&self) -> &T {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        thread_local! {
            static NUMBER: Cell<usize> = const { Cell::new(usize::MAX) };
        }
        let mut number = NUMBER.get();
        if number == usize::MAX {
            number = THREADS.fetch_add(1, Ordering::Relaxed);
            NUMBER.set(number);
        }
        &self.0[number & (self.0.len() - 1)]
    }
}

/// The upper bounds of a histogram's buckets, in nanoseconds. One more bucket has no bound.
pub const BOUNDS: [u64; 18] = [
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000,
    20_000_000,
    50_000_000,
    100_000_000,
    200_000_000,
    500_000_000,
    1_000_000_000,
    2_000_000_000,
    5_000_000_000,
    10_000_000_000,
];
pub const BUCKETS: usize = BOUNDS.len() + 1;

/// A histogram of durations.
#[derive(Default)]
pub struct Histogram(Shards<Durations>);

#[repr(align(64))]
#[derive(Default)]
struct Durations {
    buckets: [AtomicU64; BUCKETS],
    nanos: AtomicU64,
}

/// What a histogram has counted.
pub struct Counted {
    /// Not cumulative.
    pub buckets: [u64; BUCKETS],
    pub seconds: f64,
}

impl Histogram {
    pub fn record(&self, duration: Duration) {
        let (seconds, rest) = (duration.as_secs(), duration.subsec_nanos());
        let nanos = seconds.saturating_mul(1_000_000_000).saturating_add(rest.into());
        let durations = self.0.own();
        let bucket = BOUNDS.partition_point(|bound| nanos > *bound);
        durations.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        durations.nanos.fetch_add(nanos, Ordering::Relaxed);
    }

    pub fn counted(&self) -> Counted {
        let sum = |cell: &dyn Fn(&Durations) -> u64| self.0.0.iter().map(cell).sum::<u64>();
        Counted {
            buckets: array::from_fn(|at| sum(&|cells| cells.buckets[at].load(Ordering::Relaxed))),
            seconds: sum(&|cells| cells.nanos.load(Ordering::Relaxed)) as f64 / 1e9,
        }
    }
}

/// A count. What one thread adds another may take away.
#[derive(Default)]
pub struct Tally(Shards<Difference>);

#[repr(align(64))]
#[derive(Default)]
struct Difference(AtomicI64);

impl Tally {
    pub fn add(&self, count: i64) {
        self.0.own().0.fetch_add(count, Ordering::Relaxed);
    }

    pub fn sum(&self) -> f64 {
        let sum = self.0.0.iter().map(|shard| shard.0.load(Ordering::Relaxed)).sum::<i64>();
        // Less than nothing is seen while a thread is between two shards.
        sum.max(0) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_the_largest_duration_of_its_bucket() {
        let histogram = Histogram::default();
        for nanos in [0, 20_000, 20_001, 10_000_000_000, 10_000_000_001] {
            histogram.record(Duration::from_nanos(nanos));
        }
        let counted = histogram.counted();
        assert_eq!(counted.buckets[..2], [2, 1]);
        assert_eq!(counted.buckets[BUCKETS - 2..], [1, 1]);
        assert!((counted.seconds - 20.000_040_002).abs() < 1e-9);
    }

    #[test]
    fn threads_lose_no_count() {
        let (histogram, tally) = (Histogram::default(), Tally::default());
        thread::scope(|scope| {
            for _ in 0..2 * shard_count() {
                scope.spawn(|| {
                    tally.add(3);
                    (0..1000).for_each(|_| histogram.record(Duration::from_micros(30)));
                });
            }
        });
        let threads = 2 * shard_count();
        assert_eq!(histogram.counted().buckets[1], 1000 * threads as u64);
        assert_eq!(tally.sum(), 3.0 * threads as f64);
    }
}
