//! Policies of reads.

use aerospike_core::policy::{BasePolicy, ReadPolicy};
use pyo3::prelude::*;

use super::base::{Base, default_base, key_is_sent};
use crate::convert::table::{Row, apply};

/// Bytes over which a request is compressed, as the official client has it.
pub const COMPRESSED_OVER: usize = 128;

/// The read policy of a client that is configured with none.
pub fn default_read() -> ReadPolicy {
    ReadPolicy { base_policy: default_base(2) }
}

/// The policy of a call that reads a record.
pub fn read_policy(
    policy: Option<&Bound<'_, PyAny>>,
    defaults: &ReadPolicy,
) -> PyResult<ReadPolicy> {
    let mut patched = defaults.clone();
    if let Some(policy) = policy {
        patch_read(policy, "policy", &mut patched)?;
    }
    Ok(patched)
}

/// Changes a policy as a dict says; `what` names the dict in errors.
pub fn patch_read(policy: &Bound<'_, PyAny>, what: &str, patched: &mut ReadPolicy) -> PyResult<()> {
    apply(policy, what, &[Base::ROWS, OWN], &mut patched.base_policy)
}

const OWN: &[Row<BasePolicy>] = &[
    // A read finds its record by the digest, which is made of the user key: there is
    // nothing to send for comparison.
    ("key", |_, field| key_is_sent(field).map(|_| ())),
    ("compress", |policy, field| {
        policy.use_compression = field.bool()?;
        policy.compression_threshold = COMPRESSED_OVER;
        Ok(())
    }),
];
