//! The values that come of a stream of records: the nodes and then the client send it through a
//! function.

use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll};

use aerospike_core as core;
use core::policy::{AdminPolicy, QueryPolicy};
use core::{ResultSet, ResultStream, Value};
use futures_util::{Stream, StreamExt};
use pyo3::prelude::*;
use pyo3::types::PyList;
use tokio::sync::Mutex as AsyncMutex;

use super::records::chunk;
use crate::bridge::Finish;
use crate::client::batch::Call;
use crate::client::manage::udf;
use crate::client::session::Session;
use crate::client::stream::{CHUNK, Source, Taken, told};
use crate::client::verb::explained;
use crate::convert::show::value_to_py;
use crate::error::ErrorInfo;
use crate::observe::{Ending, Reading, Subject, Watch};
use crate::runtime::lock;

/// What to aggregate, and how.
pub struct Plan {
    pub policy: QueryPolicy,
    pub statement: core::Statement,
    pub call: Call,
    /// Of the command that reads the function's module.
    pub info: AdminPolicy,
}

/// A stream that ends when it is empty. The core's looks for values first and then whether more
/// can come, and takes it for the end if all of them come in between: there they are when it is
/// asked once more.
struct Whole(ResultStream);

impl Stream for Whole {
    type Item = core::Result<Value>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.0.poll_next_unpin(context) {
            Poll::Ready(None) => self.0.poll_next_unpin(context),
            other => other,
        }
    }
}

/// One aggregation.
pub struct Values {
    session: Arc<Session>,
    plan: Mutex<Option<Plan>>,
    reading: Reading,
    arriving: AsyncMutex<Option<Whole>>,
    /// To end the arrival.
    set: OnceLock<Arc<ResultSet>>,
    /// What is told after the values before it.
    failure: Mutex<Option<ErrorInfo>>,
}

impl Values {
    pub fn new(session: Arc<Session>, plan: Plan, watch: Option<Watch>) -> Self {
        let (namespace, set) = (&plan.statement.namespace, &plan.statement.set_name);
        let reading = Reading::new(watch, "query_aggregate", Subject::in_set(namespace, set));
        Self {
            session,
            plan: Mutex::new(Some(plan)),
            reading,
            arriving: AsyncMutex::new(None),
            set: OnceLock::new(),
            failure: Mutex::new(None),
        }
    }

    async fn open(&self, plan: Plan) -> Result<Whole, ErrorInfo> {
        let admission = self.session.admit().await?;
        let client = &admission.client;
        let Plan { policy, statement, call: Call { module, function, arguments }, info } = plan;
        // The client's part of the work is in the same module, which the cluster has.
        let source = udf::source(client, &info, &format!("{module}.lua")).await?;
        core::lua::register_package(&module, &source);
        let set = client.query_aggregate(&policy, statement, &module, &function, &arguments).await;
        let set = set.map_err(|error| explained(error.into(), &self.session, client))?;
        let _ = self.set.set(Arc::clone(&set));
        Ok(Whole(set.into_stream()))
    }

    /// The values that have arrived, at least one, or none at the end.
    async fn arrived(&self) -> Result<Vec<Value>, ErrorInfo> {
        let arrived = self.next().await;
        self.reading.noted(&arrived);
        arrived
    }

    async fn next(&self) -> Result<Vec<Value>, ErrorInfo> {
        let mut arriving = self.arriving.lock().await;
        let plan = lock(&self.plan).take();
        if let Some(plan) = plan {
            self.reading.begin(self.session.observers());
            *arriving = Some(self.open(plan).await?);
        }
        let mut values = Vec::new();
        if let Some(stream) = &mut *arriving
            && let Err(error) = chunk(stream, CHUNK, |value| values.push(value)).await
        {
            *lock(&self.failure) = Some(self.session.told(error));
        }
        if values.is_empty() {
            *arriving = None;
            if let Some(failure) = lock(&self.failure).take() {
                return Err(failure);
            }
        }
        Ok(values)
    }
}

impl Source for Values {
    fn take(self: Arc<Self>) -> Taken {
        Box::pin(async move {
            let arrived = self.arrived().await;
            let finish: Finish = Box::new(move |state, owner| {
                let py = owner.py();
                let list = PyList::empty(py);
                for value in told(py, state, arrived)? {
                    list.append(value_to_py(py, &value, state.types_for(owner))?)?;
                }
                Ok(list.into_any())
            });
            finish
        })
    }

    fn close(&self, _read: bool) {
        self.reading.end(Ending::Done);
        if let Some(set) = self.set.get() {
            set.close();
        }
    }
}
