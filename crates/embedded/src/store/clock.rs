//! Time as the protocol counts it: from the first moment of 2010, UTC.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds from the Unix epoch to that of the protocol.
pub const EPOCH: Duration = Duration::from_secs(1_262_304_000);

/// Milliseconds since the protocol's epoch.
pub fn now_ms() -> u64 {
    let since_unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since_unix.saturating_sub(EPOCH).as_millis() as u64
}

/// Seconds since the protocol's epoch.
pub fn now_seconds() -> u32 {
    (now_ms() / 1000) as u32
}
