//! What users are doing: their connections, and how fast they read and write.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::Mutex;

use crate::protocol::{Outcome, ResultCode};
use crate::store::clock;

/// What one user does.
#[derive(Debug, Default)]
pub struct Activity {
    pub connections: AtomicU32,
    reads: Mutex<Rate>,
    writes: Mutex<Rate>,
}

/// Whether something counts as reading or as writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Read,
    Write,
}

/// Commands on single records in this second and in the one before, and queries under way.
#[derive(Debug, Default)]
struct Rate {
    second: u32,
    commands: u32,
    commands_before: u32,
    /// The records a second that running queries are limited to, together.
    limited: u32,
    /// How many running queries have no limit.
    limitless: u32,
}

impl Rate {
    /// Begins another second, if it has come.
    fn advance(&mut self) {
        let second = clock::now_seconds();
        if self.second != second {
            let next = self.second + 1 == second;
            self.commands_before = if next { self.commands } else { 0 };
            self.commands = 0;
            self.second = second;
        }
    }
}

impl Activity {
    fn rate(&self, direction: Direction) -> &Mutex<Rate> {
        match direction {
            Direction::Read => &self.reads,
            Direction::Write => &self.writes,
        }
    }

    /// Counts a command on a record, unless the second's quota is used up. 0 is no quota.
    pub fn command(&self, direction: Direction, quota: u32) -> Outcome<()> {
        let mut rate = self.rate(direction).lock();
        rate.advance();
        if quota != 0 && rate.commands.saturating_add(rate.limited) >= quota {
            return Err(ResultCode::QuotaExceeded);
        }
        rate.commands = rate.commands.saturating_add(1);
        Ok(())
    }

    /// Counts a query for as long as the result lives, unless it may be faster than the quota
    /// leaves room for. 0 is no quota, and no limit of the query.
    pub fn query(
        self: &Arc<Self>,
        direction: Direction,
        quota: u32,
        records_per_second: u32,
    ) -> Outcome<RunningQuery> {
        let mut rate = self.rate(direction).lock();
        rate.advance();
        let limited = rate.limited.saturating_add(records_per_second);
        let exceeds = limited.saturating_add(rate.commands) > quota;
        if quota != 0 && (records_per_second == 0 || exceeds) {
            return Err(ResultCode::QuotaExceeded);
        }
        match records_per_second {
            0 => rate.limitless += 1,
            _ => rate.limited = limited,
        }
        drop(rate);
        Ok(RunningQuery { activity: Arc::clone(self), direction, records_per_second })
    }

    /// What the protocol tells of it: the quota, commands a second, the limit of running queries
    /// together, and how many of them have none.
    pub fn statistics(&self, direction: Direction, quota: u32) -> [u32; 4] {
        let mut rate = self.rate(direction).lock();
        rate.advance();
        [quota, rate.commands.max(rate.commands_before), rate.limited, rate.limitless]
    }
}

/// A query that counts toward its user's quota.
#[derive(Debug)]
pub struct RunningQuery {
    activity: Arc<Activity>,
    direction: Direction,
    records_per_second: u32,
}

impl Drop for RunningQuery {
    fn drop(&mut self) {
        let mut rate = self.activity.rate(self.direction).lock();
        match self.records_per_second {
            0 => rate.limitless = rate.limitless.saturating_sub(1),
            limit => rate.limited = rate.limited.saturating_sub(limit),
        }
    }
}

/// A connection that a user is logged in on.
#[derive(Debug)]
pub struct Presence(Arc<Activity>);

impl Presence {
    pub fn of(activity: &Arc<Activity>) -> Presence {
        activity.connections.fetch_add(1, Ordering::Relaxed);
        Presence(Arc::clone(activity))
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_count_while_they_run() {
        let activity = Arc::new(Activity::default());
        let query = |limit| activity.query(Direction::Read, 100, limit);
        assert_eq!(query(0).err(), Some(ResultCode::QuotaExceeded));
        let running = query(60).unwrap();
        assert_eq!(query(41).err(), Some(ResultCode::QuotaExceeded));
        assert_eq!(activity.statistics(Direction::Read, 100), [100, 0, 60, 0]);
        drop(running);
        assert!(query(100).is_ok());
    }

    #[test]
    fn without_a_quota_everything_is_counted_and_nothing_refused() {
        let activity = Arc::new(Activity::default());
        let _running = activity.query(Direction::Write, 0, 0).unwrap();
        assert_eq!(activity.statistics(Direction::Write, 0), [0, 0, 0, 1]);
        assert_eq!(activity.statistics(Direction::Read, 0), [0, 0, 0, 0]);
    }
}
