//! How many files the process may have open, of which each connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// As many are kept for what is no connection.
const OTHERS: u64 = 64;

/// Has the system allow so many connections; tells how many there can be.
pub fn make_room_for(connections: u32) -> u32 {
    let wanted = u64::from(connections) + OTHERS;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let allowed = match current {
        None => return connections,
        Some(current) if current >= wanted => return connections,
        Some(current) => {
            let more = maximum.map_or(wanted, |maximum| maximum.min(wanted));
            let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(more), maximum });
            if raised.is_ok() { more } else { current }
        }
    };
    u32::try_from(allowed.saturating_sub(OTHERS))
        .unwrap_or(connections)
        .clamp(1, connections.max(1))
}
