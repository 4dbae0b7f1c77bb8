//! `aerospike-embedded`: an in-memory server of the Aerospike protocol, for development and tests.
//!
//! The way of a request through the crate:
//!
//! * [`server`] binds the sockets, `nodes` accepts connections and gives each to one of the
//!   `workers`; `connection` reads frames and writes the replies;
//! * [`offline`] answers without sockets;
//! * `protocol` knows the bytes: frames, messages, replies, result codes;
//! * `cluster` makes several nodes of one process, and says which of them has which records;
//! * `info` answers the text commands with which clients discover the cluster;
//! * `command` answers messages, one file for each family of commands;
//! * `cdt` runs operations on lists and maps, `bits` those on the bits of blobs, `hll` those on
//!   HyperLogLogs;
//! * `text` runs operations on strings, `ael` compiles conditions that are written as text;
//! * `geo` knows the points and regions of GeoJSON values, `expression` evaluates expressions;
//! * `udf` runs functions that users wrote in Lua;
//! * `security` knows the users and what they may do, `tls` encrypts connections;
//! * `faults` decides what goes wrong on purpose, `log` tells of commands as people read them;
//! * `store` holds the records: namespaces, partitions, sets, expiry, secondary indexes, counters;
//! * `snapshot` reads the records from a file and writes them to one;
//! * `particle` says which bin values a write may store, `msgpack` what lists and maps are made of.
//!
//! Nothing that arrives from the network can make this crate panic: every read from a request is
//! checked, and the lints below keep it so.

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable,
        clippy::string_slice
    )
)]

mod ael;
mod bits;
mod cdt;
mod cluster;
mod command;
pub mod compat;
mod connection;
mod expression;
pub mod faults;
mod geo;
mod hll;
mod info;
mod log;
mod msgpack;
mod nodes;
pub mod offline;
mod particle;
mod protocol;
mod security;
pub mod server;
mod snapshot;
mod store;
mod text;
mod tls;
mod udf;
mod workers;

pub use cluster::Settings;
pub use compat::Compat;
pub use offline::Offline;
pub use security::Settings as SecuritySettings;
pub use server::{Config, Contents, Server};
pub use tls::Settings as TlsSettings;
