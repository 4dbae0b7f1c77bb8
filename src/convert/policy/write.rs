//! Policies of writes, and the metadata that is particular to one.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use aerospike_core::policy::{
    BasePolicy, CommitLevel, Expiration, GenerationPolicy, RecordExistsAction, WritePolicy,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::base::{Base, HasBase, default_base, key_is_sent};
use super::read::COMPRESSED_OVER;
use crate::convert::argument::int_from_py;
use crate::convert::table::{Field, Row, apply};
use crate::interp::objects::int_value;
use crate::transaction::Shared;

/// The policy of a call that writes: the core's, and how values are read.
#[derive(Clone)]
pub struct Writing {
    core: WritePolicy,
    /// See [`crate::convert::value::Reader`].
    pub wrap_integers: bool,
    /// What the core's policy has as well, as far as it knows it.
    pub transaction: Option<Arc<Shared>>,
}

impl Deref for Writing {
    type Target = WritePolicy;

    fn deref(&self) -> &WritePolicy {
        &self.core
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut WritePolicy {
        &mut self.core
    }
}

/// The write policy of a client that is configured with none.
pub fn default_write() -> Writing {
    let core = WritePolicy { base_policy: default_base(0), ..WritePolicy::default() };
    Writing { core, wrap_integers: false, transaction: None }
}

/// The policy of a call that writes a record. `policy` wins over `meta`, and `meta` over the
/// client's own defaults.
pub fn write_policy(
    policy: Option<&Bound<'_, PyAny>>,
    meta: Option<&Bound<'_, PyAny>>,
    defaults: &Writing,
) -> PyResult<Writing> {
    if policy.is_none() && meta.is_none() {
        return Ok(defaults.clone());
    }
    let mut draft = Draft::new(defaults.clone());
    if let Some(meta) = meta {
        apply(meta, "meta", &[META, BOTH], &mut draft)?;
    }
    if let Some(policy) = policy {
        apply(policy, "policy", POLICY, &mut draft)?;
    }
    Ok(draft.finish())
}

/// Changes a policy as a dict says; `what` names the dict in errors.
pub fn patch_write(policy: &Bound<'_, PyAny>, what: &str, patched: &mut Writing) -> PyResult<()> {
    let mut draft = Draft::new(patched.clone());
    apply(policy, what, POLICY, &mut draft)?;
    *patched = draft.finish();
    Ok(())
}

/// A policy under construction, with what can be decided only when all keys are read.
struct Draft {
    policy: Writing,
    compress: Option<bool>,
    compression_threshold: Option<usize>,
}

impl Draft {
    fn new(policy: Writing) -> Self {
        Self { policy, compress: None, compression_threshold: None }
    }

    fn finish(self) -> Writing {
        let Self { mut policy, compress, compression_threshold } = self;
        let base = &mut policy.base_policy;
        match (compress, compression_threshold) {
            (None, None) => {}
            (Some(true), threshold) => {
                base.use_compression = true;
                base.compression_threshold = match threshold {
                    None | Some(0) => COMPRESSED_OVER,
                    Some(threshold) => threshold.min(COMPRESSED_OVER),
                };
            }
            (_, None | Some(0)) => base.use_compression = false,
            (_, Some(threshold)) => {
                base.use_compression = true;
                base.compression_threshold = threshold;
            }
        }
        policy
    }
}

impl HasBase for Draft {
    fn base(&mut self) -> &mut BasePolicy {
        &mut self.policy.base_policy
    }

    fn join(&mut self, _field: &Field<'_, '_>, transaction: Arc<Shared>) -> PyResult<()> {
        self.base().txn = Some(transaction.core());
        self.policy.transaction = Some(transaction);
        Ok(())
    }
}

const POLICY: &[&[Row<Draft>]] = &[Base::ROWS, BOTH, OWN];

/// Keys of policies and of metadata.
const BOTH: &[Row<Draft>] = &[
    ("key", |draft, field| {
        draft.policy.send_key = key_is_sent(field)?;
        Ok(())
    }),
    ("exists", |draft, field| {
        draft.policy.record_exists_action = field.choice(EXISTS)?;
        Ok(())
    }),
    ("commit_level", |draft, field| {
        draft.policy.commit_level = field.choice(COMMIT_LEVEL)?;
        Ok(())
    }),
    ("durable_delete", |draft, field| {
        draft.policy.durable_delete = field.bool()?;
        Ok(())
    }),
    ("ttl", |draft, field| {
        if let Some(expiration) = expiration(field)? {
            draft.policy.expiration = expiration;
        }
        Ok(())
    }),
];

const META: &[Row<Draft>] = &[
    // An expected generation that is told and not compared would be of no use.
    ("gen", |draft, field| {
        draft.policy.generation = generation(field)?;
        if draft.policy.generation_policy == GenerationPolicy::None {
            draft.policy.generation_policy = GenerationPolicy::ExpectGenEqual;
        }
        Ok(())
    }),
];

const OWN: &[Row<Draft>] = &[
    ("gen", |draft, field| {
        draft.policy.generation_policy = field.choice(GENERATION)?;
        Ok(())
    }),
    ("generation", |draft, field| {
        draft.policy.generation = generation(field)?;
        Ok(())
    }),
    ("on_locking_only", |draft, field| {
        draft.policy.on_locking_only = field.bool()?;
        Ok(())
    }),
    ("wrap_integers", |draft, field| {
        draft.policy.wrap_integers = field.bool()?;
        Ok(())
    }),
    ("compress", |draft, field| {
        draft.compress = Some(field.bool()?);
        Ok(())
    }),
    ("compression_threshold", |draft, field| {
        draft.compression_threshold = Some(field.count()?);
        Ok(())
    }),
];

pub(super) const EXISTS: &[(i64, &str, RecordExistsAction)] = &[
    (0, "POLICY_EXISTS_IGNORE", RecordExistsAction::Update),
    (1, "POLICY_EXISTS_UPDATE", RecordExistsAction::UpdateOnly),
    (2, "POLICY_EXISTS_REPLACE", RecordExistsAction::Replace),
    (3, "POLICY_EXISTS_REPLACE_ONLY", RecordExistsAction::ReplaceOnly),
    (4, "POLICY_EXISTS_CREATE_ONLY", RecordExistsAction::CreateOnly),
];

pub(super) const GENERATION: &[(i64, &str, GenerationPolicy)] = &[
    (0, "POLICY_GEN_IGNORE", GenerationPolicy::None),
    (1, "POLICY_GEN_EQ", GenerationPolicy::ExpectGenEqual),
    (2, "POLICY_GEN_GT", GenerationPolicy::ExpectGenGreater),
];

pub(super) const COMMIT_LEVEL: &[(i64, &str, CommitLevel)] = &[
    (0, "POLICY_COMMIT_LEVEL_ALL", CommitLevel::CommitAll),
    (1, "POLICY_COMMIT_LEVEL_MASTER", CommitLevel::CommitMaster),
];

/// The server counts generations in 16 bits.
pub(super) fn generation(field: &Field<'_, '_>) -> PyResult<u32> {
    Ok(field.int_in(0..=i64::from(u16::MAX))? as u32)
}

pub(super) fn expiration(field: &Field<'_, '_>) -> PyResult<Option<Expiration>> {
    expiration_of(field.int()?).ok_or_else(|| field.wrong_value(EXPIRATIONS))
}

/// A time to live given as an argument of its own; None for the client's default.
pub fn expiration_from_py(name: &str, ttl: &Bound<'_, PyAny>) -> PyResult<Option<Expiration>> {
    int_value(int_from_py(ttl, name)?)
        .and_then(expiration_of)
        .ok_or_else(|| PyValueError::new_err(format!("{name} must be {EXPIRATIONS}, not {ttl}")))
}

const EXPIRATIONS: &str = "seconds from 1 to 4294967295, TTL_NAMESPACE_DEFAULT (0), \
                           TTL_NEVER_EXPIRE (-1), TTL_DONT_UPDATE (-2) or TTL_CLIENT_DEFAULT (-3)";

/// What a number means as a time to live: None if nothing, and `Some(None)` if the client's
/// default. The special values are known as the wire has them, too: so does a record's metadata.
fn expiration_of(ttl: i64) -> Option<Option<Expiration>> {
    Some(match ttl {
        0 => Some(Expiration::NamespaceDefault),
        -1 | 0xffff_ffff => Some(Expiration::Never),
        -2 | 0xffff_fffe => Some(Expiration::DontUpdate),
        -3 | 0xffff_fffd => None,
        1..0xffff_fffd => Some(Expiration::Seconds(ttl as u32)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expirations_are_known_by_both_spellings() {
        assert_eq!(expiration_of(-1), expiration_of(0xffff_ffff));
        assert_eq!(expiration_of(-2), expiration_of(0xffff_fffe));
        assert_eq!(expiration_of(-3), expiration_of(0xffff_fffd));
        assert_eq!(expiration_of(5), Some(Some(Expiration::Seconds(5))));
        assert_eq!(expiration_of(-4), None);
        assert_eq!(expiration_of(1 << 32), None);
    }

    #[test]
    fn compression_is_asked_for_by_either_key() {
        let with = |compress, compression_threshold| {
            let draft = Draft { policy: default_write(), compress, compression_threshold };
            let base = draft.finish().base_policy.clone();
            base.use_compression.then_some(base.compression_threshold)
        };
        assert_eq!(with(None, None), None);
        assert_eq!(with(Some(true), None), Some(128));
        assert_eq!(with(Some(true), Some(1000)), Some(128));
        assert_eq!(with(Some(true), Some(50)), Some(50));
        assert_eq!(with(Some(false), Some(1000)), Some(1000));
        assert_eq!(with(None, Some(1000)), Some(1000));
        assert_eq!(with(None, Some(0)), None);
    }
}
