//! Keys that all policies of commands on records have.

use std::marker::PhantomData;
use std::sync::Arc;

use aerospike_core::expressions::Expression;
use aerospike_core::policy::{BasePolicy, ReadModeAp, ReadModeSc, ReadTouchTtl, Replica};
use pyo3::prelude::*;

use crate::convert::table::{Field, Row};
use crate::transaction::{self, Shared};

/// The defaults that reads and writes have in common.
pub fn default_base(max_retries: usize) -> BasePolicy {
    BasePolicy {
        total_timeout: 1000,
        socket_timeout: 30_000,
        timeout_delay: 3000,
        sleep_between_retries: 0,
        max_retries,
        ..BasePolicy::default()
    }
}

/// What the keys of this file change.
pub trait HasBase {
    fn base(&mut self) -> &mut BasePolicy;

    /// Makes the command part of a transaction.
    fn join(&mut self, _field: &Field<'_, '_>, transaction: Arc<Shared>) -> PyResult<()> {
        self.base().txn = Some(transaction.core());
        Ok(())
    }
}

impl HasBase for BasePolicy {
    fn base(&mut self) -> &mut BasePolicy {
        self
    }
}

pub struct Base<T>(PhantomData<T>);

impl<T: HasBase + 'static> Base<T> {
    pub const ROWS: &[Row<T>] = &[
        ("total_timeout", |policy, field| {
            policy.base().total_timeout = field.number()?;
            Ok(())
        }),
        ("socket_timeout", |policy, field| {
            policy.base().socket_timeout = field.number()?;
            Ok(())
        }),
        ("connect_timeout", |_, field| match field.number()? {
            0 => Ok(()),
            _ => Err(field.refused(
                "a connection outlives the call that opens it; set connect_timeout in the \
                 configuration of the client",
            )),
        }),
        ("timeout_delay", |policy, field| {
            policy.base().timeout_delay = field.number()?;
            Ok(())
        }),
        ("max_retries", |policy, field| {
            policy.base().max_retries = field.count()?;
            Ok(())
        }),
        ("sleep_between_retries", |policy, field| {
            policy.base().sleep_between_retries = field.number()?;
            Ok(())
        }),
        ("sleep_multiplier", |policy, field| {
            policy.base().sleep_multiplier = match field.float()? {
                factor if factor >= 1.0 && factor.is_finite() => factor,
                _ => return Err(field.wrong_value("a finite number from 1.0")),
            };
            Ok(())
        }),
        ("replica", |policy, field| {
            policy.base().replica = field.choice(REPLICA)?;
            Ok(())
        }),
        ("read_mode_ap", |policy, field| {
            policy.base().read_mode_ap = field.choice(READ_MODE_AP)?;
            Ok(())
        }),
        ("read_mode_sc", |policy, field| {
            policy.base().read_mode_sc = field.choice(READ_MODE_SC)?;
            Ok(())
        }),
        ("read_touch_ttl_percent", |policy, field| {
            policy.base().read_touch_ttl = read_touch_ttl(field)?;
            Ok(())
        }),
        ("deserialize", |_, field| match field.bool()? {
            true => Ok(()),
            false => Err(field.refused("lists and maps are always returned as such")),
        }),
        ("error_detail_verbosity", |policy, field| {
            policy.base().error_detail_verbosity = field.int_in(0..=3)? as u8;
            Ok(())
        }),
        ("filter_expression", |policy, field| filter(policy.base(), field)),
        ("expressions", |policy, field| filter(policy.base(), field)),
        ("txn", |policy, field| match transaction::of(field.value) {
            _ if field.value.is_none() => Ok(()),
            Some(_) if field.is_of_client() => {
                Err(field.refused("give it in the policies of the calls that are part of it"))
            }
            Some(transaction) => policy.join(field, transaction),
            None => Err(field.wrong_type("a Transaction or None")),
        }),
    ];
}

pub(super) const REPLICA: &[(i64, &str, Replica)] = &[
    (0, "POLICY_REPLICA_MASTER", Replica::Master),
    (1, "POLICY_REPLICA_SEQUENCE", Replica::Sequence),
    (2, "POLICY_REPLICA_PREFER_RACK", Replica::PreferRack),
    (3, "POLICY_REPLICA_ANY", Replica::MasterProles),
    (4, "POLICY_REPLICA_RANDOM", Replica::Random),
];

pub(super) const READ_MODE_AP: &[(i64, &str, ReadModeAp)] = &[
    (0, "POLICY_READ_MODE_AP_ONE", ReadModeAp::One),
    (1, "POLICY_READ_MODE_AP_ALL", ReadModeAp::All),
];

pub(super) const READ_MODE_SC: &[(i64, &str, ReadModeSc)] = &[
    (0, "POLICY_READ_MODE_SC_SESSION", ReadModeSc::Session),
    (1, "POLICY_READ_MODE_SC_LINEARIZE", ReadModeSc::Linearize),
    (2, "POLICY_READ_MODE_SC_ALLOW_REPLICA", ReadModeSc::AllowReplica),
    (3, "POLICY_READ_MODE_SC_ALLOW_UNAVAILABLE", ReadModeSc::AllowUnavailable),
];

/// How long before its end a record's life is renewed by a read.
pub(super) fn read_touch_ttl(field: &Field<'_, '_>) -> PyResult<ReadTouchTtl> {
    Ok(match field.int_in(-1..=100)? {
        -1 => ReadTouchTtl::DontReset,
        0 => ReadTouchTtl::ServerDefault,
        percent => ReadTouchTtl::Percent(percent as u8),
    })
}

fn filter(policy: &mut BasePolicy, field: &Field<'_, '_>) -> PyResult<()> {
    policy.filter_expression = filter_from_py(field)?;
    Ok(())
}

/// The condition that a record must fulfil, or None for no condition.
pub(super) fn filter_from_py(field: &Field<'_, '_>) -> PyResult<Option<Expression>> {
    match field.value.is_none() {
        true => Ok(None),
        false => field.filter().map(Some),
    }
}

/// Whether the user key is sent.
pub fn key_is_sent(field: &Field<'_, '_>) -> PyResult<bool> {
    field.choice(&[(0, "POLICY_KEY_DIGEST", false), (1, "POLICY_KEY_SEND", true)])
}
