//! Ending sessions while the server runs: a command that no other server has.

use super::{Answer, Refusal};
use crate::security::Security;

/// Lets all session tokens expire; what is connected stays so.
pub fn expire(security: Option<&Security>) -> Answer {
    security.ok_or(Refusal::new(4, "there are no users"))?.expire_sessions();
    Ok("ok".into())
}
