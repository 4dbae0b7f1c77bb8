//! Policies of batches: of the whole, and of what is done with each record.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use aerospike_core::expressions::Expression;
use aerospike_core::policy::{BasePolicy, BatchPolicy, Concurrency, GenerationPolicy};
use aerospike_core::{BatchDeletePolicy, BatchReadPolicy, BatchUdfPolicy, BatchWritePolicy};
use pyo3::prelude::*;

use super::base::{Base, HasBase, default_base, filter_from_py, key_is_sent, read_touch_ttl};
use super::read::COMPRESSED_OVER;
use super::write::{COMMIT_LEVEL, EXISTS, GENERATION, expiration, generation};
use crate::convert::table::{Field, Row, apply};
use crate::transaction::Shared;

/// The policy of a batch as a whole: the core's, and what it is part of.
#[derive(Clone, Default)]
pub struct Whole {
    core: BatchPolicy,
    /// What the core's policy has as well, as far as it knows it.
    pub transaction: Option<Arc<Shared>>,
}

impl Deref for Whole {
    type Target = BatchPolicy;

    fn deref(&self) -> &BatchPolicy {
        &self.core
    }
}

impl DerefMut for Whole {
    fn deref_mut(&mut self) -> &mut BatchPolicy {
        &mut self.core
    }
}

impl From<BatchPolicy> for Batching {
    fn from(core: BatchPolicy) -> Self {
        Self { whole: Whole { core, transaction: None }, each: Each::default() }
    }
}

/// The policies of a batch.
#[derive(Clone)]
pub struct Batching {
    pub whole: Whole,
    pub each: Each,
}

/// The policies of what is done with one record, whichever of them it is.
#[derive(Clone, Default)]
pub struct Each {
    pub read: BatchReadPolicy,
    pub write: BatchWritePolicy,
    pub remove: BatchDeletePolicy,
    pub apply: BatchUdfPolicy,
    /// See [`crate::convert::value::Reader`].
    pub wrap_integers: bool,
}

/// The policy of batches that only read, of a client that is configured with none.
pub fn default_batch() -> Batching {
    batching(default_base(2))
}

/// The policy of batches that write, of a client that is configured with none.
pub fn default_batch_write() -> Batching {
    batching(default_base(0))
}

fn batching(base_policy: BasePolicy) -> Batching {
    Batching::from(BatchPolicy { base_policy, ..BatchPolicy::default() })
}

/// What may be done with a record, and the keys that its policy has.
#[derive(Clone, Copy)]
pub enum BatchKind {
    Read,
    Write,
    Remove,
    Apply,
}

impl BatchKind {
    const fn tables<T: HasEach + 'static>(self) -> &'static [&'static [Row<T>]] {
        match self {
            Self::Read => &[Rows::READ, Rows::FILTER],
            Self::Write => &[
                Rows::WRITTEN,
                Rows::GENERATION,
                Rows::EXISTS,
                Rows::TTL,
                Rows::LOCKING,
                Rows::VALUES,
                Rows::FILTER,
            ],
            Self::Remove => &[Rows::WRITTEN, Rows::GENERATION, Rows::FILTER],
            Self::Apply => &[Rows::WRITTEN, Rows::TTL, Rows::LOCKING, Rows::VALUES, Rows::FILTER],
        }
    }

    /// The keys of metadata. There is none for a read; see [`CallMeta`] for a call.
    const fn metadata(self) -> &'static [&'static [Row<Each>]] {
        match self {
            Self::Read | Self::Apply => &[],
            Self::Write => &[Rows::WRITTEN, Rows::EXPECTED, Rows::EXISTS, Rows::TTL],
            Self::Remove => &[Rows::WRITTEN, Rows::EXPECTED],
        }
    }
}

impl Batching {
    /// The policy of a call, on top of the client's own.
    pub fn of_call(policy: Option<&Bound<'_, PyAny>>, defaults: &Self) -> PyResult<Self> {
        let mut patched = defaults.clone();
        if let Some(policy) = policy {
            patched.patch(policy, "policy")?;
        }
        Ok(patched)
    }

    /// Changes the policy of the whole as a dict says, which `what` names in errors.
    pub fn patch(&mut self, policy: &Bound<'_, PyAny>, what: &str) -> PyResult<()> {
        apply(policy, what, WHOLE, self)?;
        // What is told for all is told for each.
        self.each.read.read_touch_ttl = self.whole.base_policy.read_touch_ttl;
        Ok(())
    }
}

impl Each {
    /// Changes the policies of a kind as a dict says, which `what` names in errors.
    pub fn patch(
        &mut self,
        kind: BatchKind,
        policy: &Bound<'_, PyAny>,
        what: &str,
    ) -> PyResult<()> {
        let mut patched = self.clone();
        apply(policy, what, kind.tables(), &mut patched)?;
        self.take(kind, patched);
        Ok(())
    }

    /// The policies for one record, whose metadata wins over them.
    pub fn with_metadata(&self, kind: BatchKind, meta: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut patched = self.clone();
        apply(meta, "meta", kind.metadata(), &mut patched)?;
        Ok(patched)
    }

    /// The same for a call of a function, which the metadata may change.
    pub fn with_call(&self, meta: &Bound<'_, PyAny>) -> PyResult<CallMeta> {
        let mut patched = CallMeta { each: self.clone(), module: None, function: None, args: None };
        apply(meta, "meta", &[CALL, Rows::WRITTEN, Rows::TTL], &mut patched)?;
        Ok(patched)
    }

    /// Takes the policies of one kind from another set of policies.
    fn take(&mut self, kind: BatchKind, other: Self) {
        match kind {
            BatchKind::Read => self.read = other.read,
            BatchKind::Write => self.write = other.write,
            BatchKind::Remove => self.remove = other.remove,
            BatchKind::Apply => self.apply = other.apply,
        }
        self.wrap_integers = other.wrap_integers;
    }

    fn expect(&mut self, generation: u32) {
        self.write.generation = generation;
        self.remove.generation = generation;
    }

    fn compare(&mut self, how: GenerationPolicy) {
        self.write.generation_policy = how;
        self.remove.generation_policy = how;
    }

    fn require(&mut self, condition: Option<Expression>) {
        self.read.filter_expression.clone_from(&condition);
        self.write.filter_expression.clone_from(&condition);
        self.remove.filter_expression.clone_from(&condition);
        self.apply.filter_expression = condition;
    }
}

impl HasBase for Batching {
    fn base(&mut self) -> &mut BasePolicy {
        &mut self.whole.base_policy
    }

    fn join(&mut self, _field: &Field<'_, '_>, transaction: Arc<Shared>) -> PyResult<()> {
        self.base().txn = Some(transaction.core());
        self.whole.transaction = Some(transaction);
        Ok(())
    }
}

/// What the keys of one record's policy change.
trait HasEach {
    fn each(&mut self) -> &mut Each;
}

impl HasEach for Each {
    fn each(&mut self) -> &mut Each {
        self
    }
}

/// What the metadata of one call of a function changes.
pub struct CallMeta {
    pub each: Each,
    pub module: Option<String>,
    pub function: Option<String>,
    pub args: Option<Py<PyAny>>,
}

impl HasEach for CallMeta {
    fn each(&mut self) -> &mut Each {
        &mut self.each
    }
}

const CALL: &[Row<CallMeta>] = &[
    ("module", |meta, field| {
        meta.module = Some(field.text()?.to_owned());
        Ok(())
    }),
    ("function", |meta, field| {
        meta.function = Some(field.text()?.to_owned());
        Ok(())
    }),
    ("args", |meta, field| {
        meta.args = Some(field.value.clone().unbind());
        Ok(())
    }),
];

impl HasEach for Batching {
    fn each(&mut self) -> &mut Each {
        &mut self.each
    }
}

const WHOLE: &[&[Row<Batching>]] = &[
    Base::ROWS,
    OWN,
    Rows::WRITTEN,
    Rows::GENERATION,
    Rows::EXISTS,
    Rows::TTL,
    Rows::LOCKING,
    Rows::VALUES,
];

/// Keys of batches alone.
const OWN: &[Row<Batching>] = &[
    ("concurrency", |policy, field| {
        policy.whole.concurrency = field.choice(CONCURRENCY)?;
        Ok(())
    }),
    ("concurrent", |policy, field| {
        policy.whole.concurrency = match field.bool()? {
            true => Concurrency::Parallel,
            false => Concurrency::Sequential,
        };
        Ok(())
    }),
    ("allow_inline", |policy, field| {
        policy.whole.allow_inline = field.bool()?;
        Ok(())
    }),
    ("allow_inline_ssd", |policy, field| {
        policy.whole.allow_inline_ssd = field.bool()?;
        Ok(())
    }),
    ("respond_all_keys", |policy, field| {
        policy.whole.respond_all_keys = field.bool()?;
        Ok(())
    }),
    ("compress", |policy, field| {
        policy.base().use_compression = field.bool()?;
        policy.base().compression_threshold = COMPRESSED_OVER;
        Ok(())
    }),
];

const CONCURRENCY: &[(i64, &str, Concurrency)] = &[
    (0, "BATCH_CONCURRENCY_SEQUENTIAL", Concurrency::Sequential),
    (1, "BATCH_CONCURRENCY_PARALLEL", Concurrency::Parallel),
];

/// Keys of the policies of what is done with a record.
struct Rows<T>(PhantomData<T>);

impl<T: HasEach + 'static> Rows<T> {
    const WRITTEN: &[Row<T>] = &[
        ("key", |policy, field| {
            let (each, sent) = (policy.each(), key_is_sent(field)?);
            each.write.send_key = sent;
            each.remove.send_key = sent;
            each.apply.send_key = sent;
            Ok(())
        }),
        ("commit_level", |policy, field| {
            let (each, level) = (policy.each(), field.choice(COMMIT_LEVEL)?);
            each.write.commit_level = level;
            each.remove.commit_level = level;
            each.apply.commit_level = level;
            Ok(())
        }),
        ("durable_delete", |policy, field| {
            let (each, durable) = (policy.each(), field.bool()?);
            each.write.durable_delete = durable;
            each.remove.durable_delete = durable;
            each.apply.durable_delete = durable;
            Ok(())
        }),
    ];

    const GENERATION: &[Row<T>] = &[
        ("gen", |policy, field| {
            policy.each().compare(field.choice(GENERATION)?);
            Ok(())
        }),
        ("generation", |policy, field| {
            policy.each().expect(generation(field)?);
            Ok(())
        }),
    ];

    /// The generation of metadata, which is compared even if no policy says how.
    const EXPECTED: &[Row<T>] = &[("gen", |policy, field| {
        let each = policy.each();
        each.expect(generation(field)?);
        if each.write.generation_policy == GenerationPolicy::None {
            each.compare(GenerationPolicy::ExpectGenEqual);
        }
        Ok(())
    })];

    const EXISTS: &[Row<T>] = &[("exists", |policy, field| {
        policy.each().write.record_exists_action = field.choice(EXISTS)?;
        Ok(())
    })];

    const TTL: &[Row<T>] = &[("ttl", |policy, field| {
        if let Some(ttl) = expiration(field)? {
            policy.each().write.expiration = ttl;
            policy.each().apply.expiration = ttl;
        }
        Ok(())
    })];

    const LOCKING: &[Row<T>] = &[("on_locking_only", |policy, field| {
        let (each, only) = (policy.each(), field.bool()?);
        each.write.on_locking_only = only;
        each.apply.on_locking_only = only;
        Ok(())
    })];

    const VALUES: &[Row<T>] = &[("wrap_integers", |policy, field| {
        policy.each().wrap_integers = field.bool()?;
        Ok(())
    })];

    const READ: &[Row<T>] = &[
        ("read_touch_ttl_percent", |policy, field| {
            policy.each().read.read_touch_ttl = read_touch_ttl(field)?;
            Ok(())
        }),
        ("read_mode_ap", |_, field| as_the_whole(field)),
        ("read_mode_sc", |_, field| as_the_whole(field)),
    ];

    const FILTER: &[Row<T>] = &[
        ("filter_expression", |policy, field| condition(policy.each(), field)),
        ("expressions", |policy, field| condition(policy.each(), field)),
    ];
}

fn as_the_whole(field: &Field<'_, '_>) -> PyResult<()> {
    match field.int()? {
        0 => Ok(()),
        _ => Err(field.refused("a batch reads all its records alike: tell it in its policy")),
    }
}

fn condition(each: &mut Each, field: &Field<'_, '_>) -> PyResult<()> {
    each.require(filter_from_py(field)?);
    Ok(())
}
