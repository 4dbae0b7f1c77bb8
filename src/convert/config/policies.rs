//! A client's own defaults of the policies of its calls.

use aerospike_core::config::DynamicConfig;
use aerospike_core::policy::{AdminPolicy, ReadPolicy, TxnRollPolicy, TxnVerifyPolicy};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::login::Method;
use crate::convert::policy::{
    ADMIN, BatchKind, Batching, INFO, Looking, Querying, Writing, default_admin, default_batch,
    default_batch_write, default_query, default_read, default_write, patch_query, patch_read,
    patch_write, told,
};
use crate::convert::table::{Field, Row, apply};

#[derive(Clone)]
pub struct Policies {
    pub read: ReadPolicy,
    pub write: Writing,
    pub operate: Writing,
    pub remove: Writing,
    pub apply: Writing,
    /// Of batches that only read.
    pub batch: Batching,
    pub batch_write: Batching,
    pub query: Querying,
    pub scan: Querying,
    pub info: AdminPolicy,
    /// Of commands on users and roles.
    pub admin: AdminPolicy,
    /// Of the two halves of ending a transaction.
    pub txn_verify: Batching,
    pub txn_roll: Batching,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            read: default_read(),
            write: default_write(),
            operate: default_write(),
            remove: default_write(),
            apply: default_write(),
            batch: default_batch(),
            batch_write: default_batch_write(),
            query: default_query(),
            scan: default_query(),
            info: default_admin(),
            admin: default_admin(),
            txn_verify: TxnVerifyPolicy::default().batch_policy.into(),
            txn_roll: TxnRollPolicy::default().batch_policy.into(),
        }
    }
}

impl Policies {
    /// A default for all writes.
    pub fn patch_writes(
        &mut self,
        key: &str,
        value: &Bound<'_, PyAny>,
        what: &str,
    ) -> PyResult<()> {
        let dict = PyDict::new(value.py());
        dict.set_item(key, value)?;
        patch_write(&dict, what, &mut self.write)?;
        patch_write(&dict, what, &mut self.operate)?;
        patch_write(&dict, what, &mut self.remove)?;
        patch_write(&dict, what, &mut self.apply)?;
        // Compression over a threshold is a matter of single writes.
        match key {
            "compression_threshold" => Ok(()),
            _ => self.batch_write.patch(&dict, what),
        }
    }

    /// The same with a dynamic configuration laid over them, as aerospike-core does with the policy
    /// of each command.
    pub fn with_overlay(&self, overlay: &DynamicConfig) -> Self {
        let mut laid = self.clone();
        if let Some(read) = overlay.read.clone() {
            read.merge_into(&mut laid.read);
        }
        if let Some(write) = &overlay.write {
            let all = [&mut laid.write, &mut laid.operate, &mut laid.remove, &mut laid.apply];
            for policy in all {
                write.clone().merge_into(policy);
            }
        }
        if let Some(query) = &overlay.query {
            query.clone().merge_into(&mut laid.query.core);
            query.clone().merge_into(&mut laid.scan.core);
        }
        if let Some(batch) = &overlay.batch {
            batch.clone().merge_into(&mut laid.batch.whole);
            batch.clone().merge_into(&mut laid.batch_write.whole);
        }
        let each = &mut laid.batch_write.each;
        if let Some(write) = &overlay.batch_write {
            each.write.send_key = write.send_key.unwrap_or(each.write.send_key);
            each.write.durable_delete = write.durable_delete.unwrap_or(each.write.durable_delete);
        }
        if let Some(remove) = overlay.batch_delete.clone() {
            remove.merge_into(&mut each.remove);
        }
        if let Some(apply) = overlay.batch_udf.clone() {
            apply.merge_into(&mut each.apply);
        }
        laid
    }

    pub fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let [info, admin] = [self.info, self.admin].map(|policy| {
            let dict = PyDict::new(py);
            dict.set_item("timeout", policy.timeout).map(|()| dict)
        });
        let each = &self.batch_write.each;
        let told = PyDict::new(py);
        told.set_item("read", told::read(py, &self.read.base_policy)?)?;
        told.set_item("write", told::write(py, &self.write)?)?;
        told.set_item("operate", told::operate(py, &self.operate)?)?;
        told.set_item("remove", told::write(py, &self.remove)?)?;
        told.set_item("apply", told::write(py, &self.apply)?)?;
        told.set_item("query", told::query(py, &self.query.core)?)?;
        told.set_item("scan", told::scan(py, &self.scan.core)?)?;
        told.set_item("batch", told::batch(py, &self.batch.whole)?)?;
        told.set_item("batch_parent_write", told::batch(py, &self.batch_write.whole)?)?;
        told.set_item("batch_write", told::batch_write(py, each)?)?;
        told.set_item("batch_remove", told::batch_remove(py, each)?)?;
        told.set_item("batch_apply", told::batch_apply(py, each)?)?;
        told.set_item("txn_verify", told::batch(py, &self.txn_verify.whole)?)?;
        told.set_item("txn_roll", told::batch(py, &self.txn_roll.whole)?)?;
        told.set_item("info", info?)?;
        told.set_item("admin", admin?)?;
        Ok(told)
    }

    fn patch_all(&mut self, field: &Field<'_, '_>) -> PyResult<()> {
        let dict = PyDict::new(field.value.py());
        dict.set_item(field.key, field.value)?;
        patch_read(&dict, WHAT, &mut self.read)?;
        self.batch.patch(&dict, WHAT)?;
        if field.key != "key" {
            patch_query(Looking::Query, &dict, WHAT, &mut self.query)?;
            patch_query(Looking::Scan, &dict, WHAT, &mut self.scan)?;
        }
        self.patch_writes(field.key, field.value, WHAT)
    }
}

const WHAT: &str = "config[\"policies\"]";

/// What `policies` says. Policies of one kind are applied last: they win over what is said of all.
#[derive(Default)]
pub struct Draft {
    pub method: Option<Method>,
    pub login_timeout: Option<u32>,
    policies: Policies,
    kinds: Vec<(Kind, Py<PyAny>)>,
}

type Kind = fn(&mut Policies, &Bound<'_, PyAny>) -> PyResult<()>;

impl Draft {
    pub fn patch(&mut self, dict: &Bound<'_, PyAny>) -> PyResult<()> {
        apply(dict, WHAT, &[ROWS], self)
    }

    pub fn patch_writes(&mut self, field: &Field<'_, '_>) -> PyResult<()> {
        self.policies.patch_writes(field.key, field.value, "config")
    }

    pub fn finish(self, py: Python<'_>) -> PyResult<Policies> {
        let Self { mut policies, kinds, .. } = self;
        for (patch, dict) in kinds {
            patch(&mut policies, dict.bind(py))?;
        }
        Ok(policies)
    }

    fn later(&mut self, field: &Field<'_, '_>, kind: Kind) -> PyResult<()> {
        self.kinds.push((kind, field.value.clone().unbind()));
        Ok(())
    }
}

const ROWS: &[Row<Draft>] = &[
    ("read", |draft, field| {
        draft.later(field, |policies, dict| {
            patch_read(dict, "config[\"policies\"][\"read\"]", &mut policies.read)
        })
    }),
    ("write", |draft, field| {
        draft.later(field, |policies, dict| {
            patch_write(dict, "config[\"policies\"][\"write\"]", &mut policies.write)
        })
    }),
    ("operate", |draft, field| {
        draft.later(field, |policies, dict| {
            patch_write(dict, "config[\"policies\"][\"operate\"]", &mut policies.operate)
        })
    }),
    ("remove", |draft, field| {
        draft.later(field, |policies, dict| {
            patch_write(dict, "config[\"policies\"][\"remove\"]", &mut policies.remove)
        })
    }),
    ("info", |draft, field| {
        draft.later(field, |policies, dict| {
            apply(dict, "config[\"policies\"][\"info\"]", &[INFO], &mut policies.info)
        })
    }),
    ("apply", |draft, field| {
        draft.later(field, |policies, dict| {
            patch_write(dict, "config[\"policies\"][\"apply\"]", &mut policies.apply)
        })
    }),
    ("query", |draft, field| {
        draft.later(field, |policies, dict| {
            let what = "config[\"policies\"][\"query\"]";
            patch_query(Looking::Query, dict, what, &mut policies.query)
        })
    }),
    ("scan", |draft, field| {
        draft.later(field, |policies, dict| {
            let what = "config[\"policies\"][\"scan\"]";
            patch_query(Looking::Scan, dict, what, &mut policies.scan)
        })
    }),
    ("batch", |draft, field| {
        draft.later(field, |policies, dict| {
            policies.batch.patch(dict, "config[\"policies\"][\"batch\"]")
        })
    }),
    ("batch_parent_write", |draft, field| {
        draft.later(field, |policies, dict| {
            policies.batch_write.patch(dict, "config[\"policies\"][\"batch_parent_write\"]")
        })
    }),
    ("batch_write", |draft, field| {
        draft.later(field, |policies, dict| {
            let what = "config[\"policies\"][\"batch_write\"]";
            policies.batch_write.each.patch(BatchKind::Write, dict, what)
        })
    }),
    ("batch_remove", |draft, field| {
        draft.later(field, |policies, dict| {
            let what = "config[\"policies\"][\"batch_remove\"]";
            policies.batch_write.each.patch(BatchKind::Remove, dict, what)
        })
    }),
    ("batch_apply", |draft, field| {
        draft.later(field, |policies, dict| {
            let what = "config[\"policies\"][\"batch_apply\"]";
            policies.batch_write.each.patch(BatchKind::Apply, dict, what)
        })
    }),
    ("txn_verify", |draft, field| {
        draft.later(field, |policies, dict| {
            policies.txn_verify.patch(dict, "config[\"policies\"][\"txn_verify\"]")
        })
    }),
    ("txn_roll", |draft, field| {
        draft.later(field, |policies, dict| {
            policies.txn_roll.patch(dict, "config[\"policies\"][\"txn_roll\"]")
        })
    }),
    ("admin", |draft, field| {
        draft.later(field, |policies, dict| {
            apply(dict, "config[\"policies\"][\"admin\"]", &[ADMIN], &mut policies.admin)
        })
    }),
    ("metrics", |_, field| match field.value.is_none() {
        true => Ok(()),
        false => Err(field.not_built("metrics of this kind")),
    }),
    ("auth_mode", |draft, field| {
        draft.method = Some(Method::from_field(field)?);
        Ok(())
    }),
    ("login_timeout_ms", |draft, field| {
        draft.login_timeout = Some(field.number()?);
        Ok(())
    }),
    ("total_timeout", |draft, field| draft.policies.patch_all(field)),
    ("max_retries", |draft, field| draft.policies.patch_all(field)),
    ("key", |draft, field| draft.policies.patch_all(field)),
    ("replica", |draft, field| draft.policies.patch_all(field)),
    ("exists", |draft, field| draft.policies.patch_writes(field.key, field.value, WHAT)),
    ("commit_level", |draft, field| draft.policies.patch_writes(field.key, field.value, WHAT)),
];
