//! How much one command may cost: whoever waits for the same thread, or needs the same memory, is
//! not to suffer from it.

use std::time::{Duration, Instant};

use crate::protocol::reply::Reply;
use crate::protocol::{Outcome, ResultCode};

/// How long they may take: far longer than any that is meant well, on a busy machine too.
const MAX_TIME: Duration = Duration::from_secs(2);

/// After so many operations the time is looked at: most commands have fewer.
const OPS_BETWEEN_LOOKS: u32 = 16;

/// As large as the reply may have become before another operation, in bytes.
const MAX_REPLY: usize = 64 * 1024 * 1024;

/// What the operations of a command have cost so far.
#[derive(Debug, Default)]
pub struct Budget {
    ops: u32,
    first_look: Option<Instant>,
}

impl Budget {
    /// Allows one more operation, if there is enough left.
    pub fn allow(&mut self, reply: &Reply<'_>) -> Outcome<()> {
        if reply.size() > MAX_REPLY {
            return Err(ResultCode::RecordTooBig);
        }
        self.ops += 1;
        if self.ops.is_multiple_of(OPS_BETWEEN_LOOKS) {
            let first = self.first_look.get_or_insert_with(Instant::now);
            if first.elapsed() > MAX_TIME {
                return Err(ResultCode::Timeout);
            }
        }
        Ok(())
    }
}

/// How long a command of many records goes on before others get their turn.
const MAX_TURN: Duration = Duration::from_millis(2);

/// The time for which a command has the thread that serves its connection.
#[derive(Debug)]
pub struct Turn(Instant);

impl Turn {
    pub fn begin() -> Turn {
        Turn(Instant::now())
    }

    pub fn is_over(&self) -> bool {
        self.0.elapsed() > MAX_TURN
    }
}
