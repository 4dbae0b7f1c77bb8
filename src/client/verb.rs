//! A verb: one operation on the cluster, written once for both clients.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use aerospike_core as core;
use core::policy::BasePolicy;
use pyo3::prelude::*;

use super::owners::Route;
use super::seats::Demand;
use super::session::Session;
use super::task::{Input, Task};
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Signature};
use crate::observe::Subject;
use crate::state::State;
use crate::transaction::{Part, Shared};

pub trait Verb: 'static {
    const SIGNATURE: Signature;
    /// Whether it may change data.
    const WRITES: bool;
    /// Its name in metrics and traces.
    const OPERATION: &'static str = Self::SIGNATURE.name;

    type Request: Send + Sync + 'static;
    type Outcome: Send + 'static;

    /// Reads and checks the arguments. All that is wrong with them is said here.
    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Self::Request>;

    /// The key that errors name.
    fn key(_request: &Self::Request) -> Option<&core::Key> {
        None
    }

    /// The records that it is about.
    fn subject(request: &Self::Request) -> Subject<'_> {
        Subject::of_key(Self::key(request))
    }

    /// The policy, if it is about one record.
    fn record_policy(_request: &Self::Request) -> Option<&BasePolicy> {
        None
    }

    /// The connections that it takes, and how long it waits for them.
    fn demand(request: &Self::Request) -> Demand {
        Self::record_policy(request).map_or_else(Demand::default, Demand::of_record)
    }

    /// The same with what is left of its total timeout, after so many milliseconds. Whatever has
    /// a limit for the wait for its connections has this, too.
    fn shortened(_request: &Self::Request, _waited: u32) -> Option<Self::Request> {
        None
    }

    /// How it goes to a node, if it is about one record.
    fn route(request: &Self::Request) -> Option<Route<'_>> {
        let (key, policy) = (Self::key(request)?, Self::record_policy(request)?);
        Some(Route { key, policy, writes: Self::WRITES })
    }

    /// The transaction in which it writes.
    fn transaction(_request: &Self::Request) -> Option<&Arc<Shared>> {
        None
    }

    /// Does the work.
    fn run(
        request: &Self::Request,
        client: &core::Client,
    ) -> impl Future<Output = Result<Self::Outcome, ErrorInfo>> + Send;

    /// The error in an outcome that is told apart from others only when it is finished.
    fn failure(_outcome: &Self::Outcome) -> Option<&ErrorInfo> {
        None
    }

    /// Makes the result. Each verb has this method or the next one.
    fn finish<'py>(
        py: Python<'py>,
        state: &State,
        request: Self::Request,
        outcome: Self::Outcome,
    ) -> PyResult<Bound<'py, PyAny>> {
        Self::finish_for(&py.None().into_bound(py), state, request, outcome)
    }

    /// The same for a verb that shows values, or that keeps an object: `owner` is as in
    /// [`Task::finish`].
    fn finish_for<'py>(
        owner: &Bound<'py, PyAny>,
        state: &State,
        request: Self::Request,
        outcome: Self::Outcome,
    ) -> PyResult<Bound<'py, PyAny>> {
        Self::finish(owner.py(), state, request, outcome)
    }
}

/// A verb at work, whatever its type: its code is not compiled into each kind of client anew.
type Running<'a, T> = Pin<Box<dyn Future<Output = Result<T, ErrorInfo>> + Send + 'a>>;

/// Every verb is a task that needs a connection.
pub struct OnCluster<V>(V);

impl<V: Verb> Task for OnCluster<V> {
    const SIGNATURE: Signature = V::SIGNATURE;
    const WRITES: bool = V::WRITES;
    const OPERATION: &'static str = V::OPERATION;
    type Request = V::Request;
    type Outcome = V::Outcome;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Self::Request> {
        V::parse(input, args)
    }

    fn key(request: &Self::Request) -> Option<&core::Key> {
        V::key(request)
    }

    fn subject(request: &Self::Request) -> Subject<'_> {
        V::subject(request)
    }

    fn route(request: &Self::Request) -> Option<Route<'_>> {
        V::route(request)
    }

    async fn run(request: &Self::Request, session: &Session) -> Result<Self::Outcome, ErrorInfo> {
        let admission = session.admit_for(V::demand(request)).await?;
        let client = &admission.client;
        let shortened = admission.waited.and_then(|waited| V::shortened(request, waited));
        let shortened = shortened.map(Box::new);
        let request = shortened.as_deref().unwrap_or(request);
        let part = Part::begin(V::transaction(request), V::key(request)).await;
        // Some 4 KiB, made where it stays: what holds it from here on is small and moves cheaply.
        let running = Box::into_pin(Box::write(Box::new_uninit(), V::run(request, client)));
        let running: Running<'_, V::Outcome> = running;
        let result = running.await;
        if let Some(part) = part {
            part.end(&result);
        }
        result.map_err(|error| explained(error, session, client))
    }

    fn failure(outcome: &Self::Outcome) -> Option<&ErrorInfo> {
        V::failure(outcome)
    }

    fn finish<'py>(
        state: &State,
        owner: &Bound<'py, PyAny>,
        request: Self::Request,
        outcome: Self::Outcome,
    ) -> PyResult<Bound<'py, PyAny>> {
        V::finish_for(owner, state, request, outcome)
    }
}

/// What a call failed with, as people know it.
pub fn explained(error: ErrorInfo, session: &Session, client: &Arc<core::Client>) -> ErrorInfo {
    session.explain(with_node_name(error, client), client)
}

/// The core tells an error's node by its address, with or without its name; people know
/// nodes by name.
fn with_node_name(mut error: ErrorInfo, client: &core::Client) -> ErrorInfo {
    if let Some(told) = &mut error.node
        && let Some(node) = client.nodes().iter().find(|node| told.ends_with(node.address()))
    {
        *told = node.name().to_owned();
    }
    error
}

/// A request that may be about one record.
pub trait Keyed: Sized {
    fn key(&self) -> Option<&core::Key> {
        None
    }

    /// The records that it is about.
    fn subject(&self) -> Subject<'_> {
        Subject::of_key(self.key())
    }

    /// As [`Verb::record_policy`].
    fn record_policy(&self) -> Option<&BasePolicy> {
        None
    }

    /// As [`Verb::shortened`].
    fn shortened(&self, _waited: u32) -> Option<Self> {
        None
    }

    /// As [`Verb::demand`].
    fn demand(&self) -> Demand {
        self.record_policy().map_or_else(Demand::default, Demand::of_record)
    }

    fn transaction(&self) -> Option<&Arc<Shared>> {
        None
    }
}

/// A verb that changes something and has no result.
pub trait Change: 'static {
    const SIGNATURE: Signature;
    const OPERATION: &'static str = Self::SIGNATURE.name;

    type Request: Keyed + Send + Sync + 'static;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Self::Request>;

    fn apply(
        request: &Self::Request,
        client: &core::Client,
    ) -> impl Future<Output = Result<(), ErrorInfo>> + Send;
}

impl<T: Change> Verb for T {
    const SIGNATURE: Signature = T::SIGNATURE;
    const WRITES: bool = true;
    const OPERATION: &'static str = T::OPERATION;
    type Request = T::Request;
    type Outcome = ();

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Self::Request> {
        T::parse(input, args)
    }

    fn key(request: &Self::Request) -> Option<&core::Key> {
        request.key()
    }

    fn subject(request: &Self::Request) -> Subject<'_> {
        request.subject()
    }

    fn record_policy(request: &Self::Request) -> Option<&BasePolicy> {
        request.record_policy()
    }

    fn shortened(request: &Self::Request, waited: u32) -> Option<Self::Request> {
        request.shortened(waited)
    }

    fn demand(request: &Self::Request) -> Demand {
        request.demand()
    }

    fn transaction(request: &Self::Request) -> Option<&Arc<Shared>> {
        request.transaction()
    }

    async fn run(request: &Self::Request, client: &core::Client) -> Result<(), ErrorInfo> {
        T::apply(request, client).await
    }

    fn finish<'py>(
        py: Python<'py>,
        _state: &State,
        _request: Self::Request,
        (): (),
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(py.None().into_bound(py))
    }
}
