//! Policies from Python: dicts on top of a client's own defaults.

mod base;
mod batch;
mod query;
mod read;
pub mod told;
mod write;

use aerospike_core::policy::AdminPolicy;
use pyo3::prelude::*;

pub use self::batch::{BatchKind, Batching, Each, Whole, default_batch, default_batch_write};
pub use self::query::{Looking, Querying, default_query, patch_query};
pub use self::read::{default_read, patch_read, read_policy};
pub use self::write::{Writing, default_write, expiration_from_py, patch_write, write_policy};
use super::table::{Field, Row, apply};

/// The policy of an info command, and of those on indexes, modules and sets.
pub fn admin_policy(
    policy: Option<&Bound<'_, PyAny>>,
    defaults: &AdminPolicy,
) -> PyResult<AdminPolicy> {
    let mut patched = *defaults;
    if let Some(policy) = policy {
        apply(policy, "policy", &[INFO], &mut patched)?;
    }
    Ok(patched)
}

/// Limit of a command of either kind, in milliseconds.
const INFO_TIMEOUT: u32 = 1000;

/// The info policy of a client that is configured with none.
pub const fn default_admin() -> AdminPolicy {
    AdminPolicy { timeout: INFO_TIMEOUT }
}

/// The policy of commands on users and roles.
pub fn security_policy(
    policy: Option<&Bound<'_, PyAny>>,
    defaults: &AdminPolicy,
) -> PyResult<AdminPolicy> {
    let mut patched = *defaults;
    if let Some(policy) = policy {
        apply(policy, "policy", &[ADMIN], &mut patched)?;
    }
    Ok(patched)
}

pub const ADMIN: &[Row<AdminPolicy>] = &[("timeout", set_timeout)];

fn set_timeout(policy: &mut AdminPolicy, field: &Field<'_, '_>) -> PyResult<()> {
    policy.timeout = match field.number()? {
        0 => INFO_TIMEOUT,
        limit => limit,
    };
    Ok(())
}

pub const INFO: &[Row<AdminPolicy>] = &[
    ("timeout", set_timeout),
    ("send_as_is", |_, field| match field.bool()? {
        true => Ok(()),
        false => Err(field.refused("a command is always sent as it is")),
    }),
    ("check_bounds", |_, field| match field.bool()? {
        true => Ok(()),
        false => Err(field.refused("responses are always checked")),
    }),
];
