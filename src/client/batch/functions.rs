//! Functions that are called as part of a transaction.
//!
//! The core leaves the transaction out of a call of a function with a single record, also where
//! that is the only row of a batch for a node. So such a call never is: it gets a companion, a row
//! that looks for a record of the same partition which does not exist.

use aerospike_core as core;
use core::policy::BatchPolicy;
use core::{
    BatchOperation, BatchReadPolicy, BatchRecord, BatchUdfPolicy, Bins, Key, ResultCode, Value,
};

use super::{Action, Call, Row};
use crate::convert::batch::error_of;
use crate::convert::policy::{Whole, Writing};
use crate::error::ErrorInfo;

/// The rows that keep the others company. They come after them.
pub fn companions(policy: &Whole, rows: &[Row]) -> Vec<BatchOperation> {
    if policy.transaction.is_none() {
        return Vec::new();
    }
    let calls = rows.iter().filter(|row| matches!(*row.action, Action::Apply(..)));
    calls.map(|row| companion(row.key.clone().into_key())).collect()
}

fn companion(key: Key) -> BatchOperation {
    let mut digest = key.digest();
    // What is left of it says which partition the record is in.
    digest[2..].fill(0xa5);
    let (namespace, set) = (key.namespace().to_owned(), key.set_name().to_owned());
    let key = Key::with_digest(namespace, set, None, digest);
    BatchOperation::read(&BatchReadPolicy::default(), key, Bins::None)
}

/// Calls a function with one record, as part of a transaction.
pub async fn call(
    key: &Key,
    policy: &Writing,
    call: &Call,
    client: &core::Client,
) -> Result<Value, ErrorInfo> {
    let own = BatchUdfPolicy {
        commit_level: policy.commit_level,
        expiration: policy.expiration,
        send_key: policy.send_key,
        durable_delete: policy.durable_delete,
        on_locking_only: policy.on_locking_only,
        filter_expression: None,
    };
    let whole = BatchPolicy { base_policy: policy.base_policy.clone(), ..BatchPolicy::default() };
    let Call { module, function, arguments } = call.clone();
    let mut rows = [
        BatchOperation::udf(&own, key.clone(), module, function, arguments),
        companion(key.clone()),
    ];
    let sent = client.batch(&whole, &mut rows).await;
    let [row, _] = rows;
    result(row.into_batch_record(), sent)
}

fn result(row: BatchRecord, sent: core::Result<()>) -> Result<Value, ErrorInfo> {
    let error = error_of(&row);
    let failed = row.result_code() == Some(ResultCode::UdfBadResponse);
    let mut bins = row.record.map(|record| record.bins).unwrap_or_default();
    match error {
        Some(_) if failed && bins.contains_key("FAILURE") => {
            Err(ErrorInfo::udf(&bins["FAILURE"].to_string()))
        }
        Some(error) => Err(error),
        None => {
            sent?;
            Ok(bins.swap_remove("SUCCESS").unwrap_or(Value::Nil))
        }
    }
}
