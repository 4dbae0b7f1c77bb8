//! The clients: what `Client` and `AsyncClient` do, and the module's functions.
//!
//! A verb is written once, see [`verb`]: how its arguments are read, what runs on the
//! network, what its result becomes. [`class`] lists the verbs; each row of its list
//! makes a blocking method of `Client` and an awaitable one of `AsyncClient`.

mod admin;
pub mod batch;
mod class;
mod config_file;
mod connect;
mod digest;
mod docs;
pub mod ending;
#[cfg(test)]
mod fault;
mod functions;
mod info;
mod manage;
mod nodes;
mod notation;
mod operate;
mod owners;
pub mod query;
mod record;
pub mod seats;
mod session;
mod sighting;
pub mod stream;
mod task;
mod transaction;
mod verb;

use std::sync::OnceLock;

pub use class::{AsyncClient, Client};

use crate::expression;
use crate::interp::method::{Row, Table};
use crate::observe::tracing::functions::{StopTracing, TraceToCollector, TraceToPipeline};
use crate::observe::{delivery, metrics};
use crate::state::State;

/// The functions of the module.
pub fn functions() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        Table::new([
            Row::function::<State, digest::CalcDigest>(),
            Row::function::<State, digest::PartitionId>(),
            Row::function::<State, functions::SetSerializer>(),
            Row::function::<State, functions::SetDeserializer>(),
            Row::function::<State, functions::UnsetSerializers>(),
            Row::function::<State, expression::Pack>(),
            Row::function::<State, expression::Restore>(),
            Row::function::<State, metrics::GetMetrics>(),
            Row::function::<State, metrics::Families>(),
            Row::function::<State, metrics::SetEnabled>(),
            Row::function::<State, metrics::IsEnabled>(),
            Row::function::<State, metrics::StartServer>(),
            Row::function::<State, metrics::StopServer>(),
            Row::function::<State, ending::ShutDown>(),
            Row::function::<State, TraceToCollector>(),
            Row::function::<State, TraceToPipeline>(),
            Row::function::<State, StopTracing>(),
            Row::function::<State, delivery::SetLevel>(),
            Row::function::<State, delivery::Dropped>(),
            Row::function::<State, delivery::Flush>(),
            Row::forget::<State>(),
        ])
    })
}
