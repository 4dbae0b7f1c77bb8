//! Policies of queries and scans.

use std::sync::Arc;

use aerospike_core::policy::{BasePolicy, QueryDuration, QueryPolicy};
use aerospike_core::query::PartitionFilter;
use pyo3::prelude::*;

use super::base::{Base, HasBase, default_base};
use super::read::COMPRESSED_OVER;
use crate::convert::partitions::partition_filter_from_py;
use crate::convert::table::{Field, Row, apply};
use crate::transaction::Shared;

/// How records are looked for, and where.
#[derive(Clone)]
pub struct Querying {
    pub core: QueryPolicy,
    /// None: all partitions.
    pub partitions: Option<PartitionFilter>,
}

impl HasBase for Querying {
    fn base(&mut self) -> &mut BasePolicy {
        &mut self.core.base_policy
    }

    fn join(&mut self, field: &Field<'_, '_>, _transaction: Arc<Shared>) -> PyResult<()> {
        Err(field.refused("queries and scans can't be part of a transaction"))
    }
}

/// The policy of queries and scans of a client that is configured with none.
pub fn default_query() -> Querying {
    let base_policy = BasePolicy { total_timeout: 0, ..default_base(5) };
    Querying { core: QueryPolicy { base_policy, ..QueryPolicy::default() }, partitions: None }
}

/// Which of the two it is. A scan has keys that concern its writes in the background.
#[derive(Clone, Copy, PartialEq)]
pub enum Looking {
    Query,
    Scan,
}

impl Looking {
    const fn tables(self) -> &'static [&'static [Row<Querying>]] {
        match self {
            Self::Query => &[Base::ROWS, BOTH, QUERY],
            Self::Scan => &[Base::ROWS, BOTH, SCAN],
        }
    }
}

/// Changes a policy as a dict says; `what` names the dict in errors.
pub fn patch_query(
    looking: Looking,
    policy: &Bound<'_, PyAny>,
    what: &str,
    patched: &mut Querying,
) -> PyResult<()> {
    apply(policy, what, looking.tables(), patched)
}

pub(super) const DURATION: &[(i64, &str, QueryDuration)] = &[
    (0, "QUERY_DURATION_LONG", QueryDuration::Long),
    (1, "QUERY_DURATION_SHORT", QueryDuration::Short),
    (2, "QUERY_DURATION_LONG_RELAX_AP", QueryDuration::LongRelaxAp),
];

const BOTH: &[Row<Querying>] = &[
    ("max_records", |policy, field| {
        policy.core.max_records = field.number()?.into();
        Ok(())
    }),
    ("records_per_second", |policy, field| {
        policy.core.records_per_second = field.number()?;
        Ok(())
    }),
    ("max_concurrent_nodes", |policy, field| {
        policy.core.max_concurrent_nodes = field.count()?;
        Ok(())
    }),
    ("record_queue_size", |policy, field| {
        policy.core.record_queue_size = field.int_in(1..=i64::from(u32::MAX))? as usize;
        Ok(())
    }),
    ("include_bin_data", |policy, field| {
        policy.core.include_bin_data = field.bool()?;
        Ok(())
    }),
    ("partition_filter", |policy, field| {
        policy.partitions = match field.value.is_none() {
            true => None,
            false => Some(partition_filter_from_py(field.value)?),
        };
        Ok(())
    }),
    ("compress", |policy, field| {
        policy.core.base_policy.use_compression = field.bool()?;
        policy.core.base_policy.compression_threshold = COMPRESSED_OVER;
        Ok(())
    }),
];

const QUERY: &[Row<Querying>] = &[
    ("expected_duration", |policy, field| {
        policy.core.expected_duration = field.choice(DURATION)?;
        Ok(())
    }),
    ("short_query", |policy, field| {
        if field.bool()? {
            policy.core.expected_duration = QueryDuration::Short;
        }
        Ok(())
    }),
];

const SCAN: &[Row<Querying>] = &[
    ("durable_delete", |_, field| match field.bool()? {
        false => Ok(()),
        true => Err(of_background(field)),
    }),
    ("ttl", |_, field| match field.int()? {
        0 => Ok(()),
        _ => Err(of_background(field)),
    }),
];

fn of_background(field: &Field<'_, '_>) -> PyErr {
    field.refused("reading changes no record; give it in the policy of execute_background()")
}
