//! Retries of rows that failed for a while only.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::{Duration, Instant};

use aerospike_core as core;
use core::{BatchRecord, ResultCode};
use tokio::time::sleep;

use super::{Batch, Row, is_answered, send};
use crate::convert::batch::{Retried, code_of, is_in_doubt};
use crate::convert::policy::Whole;
use crate::error::{ErrorInfo, code};
use crate::runtime::lock;

/// The longest pause before the first retry. It doubles with each, up to [`LONGEST`].
const PAUSE: Duration = Duration::from_millis(10);
const LONGEST: Duration = Duration::from_millis(500);

/// What became of the rows of a batch.
pub struct Outcome {
    /// Each with whether it is in doubt.
    pub rows: Vec<(BatchRecord, bool)>,
    pub retried: Retried,
}

/// The outcome of a batch without retries.
impl From<Vec<BatchRecord>> for Outcome {
    fn from(rows: Vec<BatchRecord>) -> Self {
        let unresolved = rows.iter().filter(|row| is_transient(code_of(row))).count();
        let rows = rows.into_iter().map(|row| {
            let in_doubt = is_in_doubt(&row);
            (row, in_doubt)
        });
        let retried =
            Retried { attempts: 1, max_attempts: 1, truncated_by_timeout: false, unresolved };
        Self { rows: rows.collect(), retried }
    }
}

impl Batch {
    /// Sends all rows, and again those that failed with a code that allows it, up to `retries`
    /// times and within the total timeout of the policy.
    pub async fn send_again(
        &self,
        retries: u32,
        client: &core::Client,
    ) -> Result<Outcome, ErrorInfo> {
        if retries == 0 {
            return self.send(client).await.map(Outcome::from);
        }
        let rows = std::mem::take(&mut *lock(&self.rows));
        let mut attempts = Attempts::new(self.policy.clone(), rows, retries);
        loop {
            let failed = attempts.make(client).await;
            let pause = attempts.pause();
            match attempts.decide(failed, pause) {
                Next::Again => sleep(pause).await,
                Next::Over(outcome) => return outcome,
            }
        }
    }
}

/// The attempts at a batch.
struct Attempts {
    policy: Whole,
    started: Instant,
    retries: u32,
    made: u32,
    rows: Vec<Row>,
    /// What the latest attempt at each row came to, and whether any left it in doubt.
    outcomes: Vec<Option<(BatchRecord, bool)>>,
    /// The rows to send.
    pending: Vec<usize>,
}

enum Next {
    Again,
    Over(Result<Outcome, ErrorInfo>),
}

impl Attempts {
    fn new(policy: Whole, rows: Vec<Row>, retries: u32) -> Self {
        let outcomes = rows.iter().map(|_| None).collect();
        let pending = (0..rows.len()).collect();
        Self { policy, started: Instant::now(), retries, made: 0, rows, outcomes, pending }
    }

    /// Sends the rows that are pending. Afterwards those are that may be sent again.
    async fn make(&mut self, client: &core::Client) -> Option<ErrorInfo> {
        let mut policy = self.policy.clone();
        if let Some(limit) = self.limit() {
            let left = limit.saturating_sub(self.started.elapsed());
            policy.base_policy.total_timeout = (left.as_millis() as u32).max(1);
        }
        let rows = self.pending.iter().map(|at| self.rows[*at].clone()).collect();
        let (records, error) = send(&policy, rows, client).await;
        self.made += 1;
        for (at, record) in self.pending.iter().zip(records) {
            let outcome = &mut self.outcomes[*at];
            // The rows of a batch of which nothing could be sent come back without their keys.
            if record.error().is_some() || record.record.is_some() {
                let doubted = outcome.as_ref().is_some_and(|(_, in_doubt)| *in_doubt);
                let failed = record.error().is_some();
                let in_doubt = is_in_doubt(&record) || (doubted && failed);
                *outcome = Some((record, in_doubt));
            }
        }
        let outcomes = &self.outcomes;
        self.pending.retain(|at| match &outcomes[*at] {
            Some((record, _)) => is_transient(code_of(record)),
            None => error.as_ref().is_some_and(|error| is_transient(error.code)),
        });
        error
    }

    fn limit(&self) -> Option<Duration> {
        match self.policy.base_policy.total_timeout {
            0 => None,
            limit => Some(Duration::from_millis(limit.into())),
        }
    }

    /// A pause of random length, so that clients that failed together do not come back together.
    fn pause(&self) -> Duration {
        let longest = LONGEST.min(PAUSE.saturating_mul(1 << (self.made - 1).min(10)));
        let random = RandomState::new().build_hasher().finish();
        longest.mul_f64(random as f64 / u64::MAX as f64)
    }

    fn decide(&mut self, failed: Option<ErrorInfo>, pause: Duration) -> Next {
        let late = self.limit().is_some_and(|limit| self.started.elapsed() + pause >= limit);
        let spent = self.made > self.retries;
        if !(self.pending.is_empty() || spent || late) {
            return Next::Again;
        }
        let answered = self.outcomes.iter().flatten().any(|(row, _)| is_answered(row));
        if let (Some(mut error), false) = (failed, answered) {
            error.in_doubt |= self.outcomes.iter().flatten().any(|(_, in_doubt)| *in_doubt);
            return Next::Over(Err(error));
        }
        let retried = Retried {
            attempts: self.made,
            max_attempts: self.retries.saturating_add(1),
            truncated_by_timeout: late && !spent && !self.pending.is_empty(),
            unresolved: self.pending.len(),
        };
        let rows = std::mem::take(&mut self.rows).into_iter().zip(self.outcomes.drain(..));
        let rows = rows.map(|(row, outcome)| {
            outcome.unwrap_or_else(|| (BatchRecord::new(row.key.into_key(), true), false))
        });
        Next::Over(Ok(Outcome { rows: rows.collect(), retried }))
    }
}

/// Whether what failed so may come off later.
fn is_transient(result: i32) -> bool {
    const SERVER: [ResultCode; 5] = [
        ResultCode::Timeout,
        ResultCode::DeviceOverload,
        ResultCode::KeyBusy,
        ResultCode::ServerMemError,
        ResultCode::PartitionUnavailable,
    ];
    SERVER.iter().any(|known| i32::from(u8::from(*known)) == result)
        || code::TRANSPORT.contains(&result)
}
