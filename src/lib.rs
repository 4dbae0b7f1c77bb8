//! `aerospike_py._aerospike`: the native module of aerospike-py.
//!
//! What Python sees of it: the classes `Client` and `AsyncClient`, whose methods are
//! the rows of [`client`]'s tables, the classes `Expression`, `Transaction` and `QueryPlan`, and
//! the functions of [`client::functions`].
//!
//! An arrow points only downwards:
//!
//! - [`client`]: the verbs, each written once for both classes
//! - [`convert`], [`operation`], [`expression`], [`transaction`]: Python objects to aerospike-core's
//!   and back
//! - [`observe`]: metrics and traces of the operations, and log records
//! - [`bridge`], [`runtime`]: where operations run, and how asyncio hears of their end
//! - [`interp`]: the multi-interpreter kernel, and the only unsafe code

#![deny(unsafe_code)]

mod bridge;
mod client;
mod convert;
mod error;
mod expression;
#[allow(unsafe_code)]
mod interp;
mod observe;
mod operation;
mod runtime;
mod state;
mod transaction;

use interp::module::{Definition, Slots};
use state::State;

// Tests link a Python that may have an allocator of the same name.
#[cfg(not(test))]
#[global_allocator]
static ALLOCATOR: interp::allocator::Allocator = interp::allocator::Allocator;

static SLOTS: Slots = Slots::new::<State>();
static MODULE: Definition<State> = Definition::new(
    c"_aerospike",
    c"The native part of aerospike_py: Client and AsyncClient.",
    &SLOTS,
);

interp::module::entry!(PyInit__aerospike, MODULE);
