//! Python objects to aerospike-core's and back, in both directions.
//!
//! - [`types`]: the classes of the Python package that results and errors are made of
//! - [`key`], [`bins`], [`record`], [`batch`]: what identifies a record, what it
//!   holds, what is read of it and of many
//! - [`names`]: names that come again and again
//! - [`numpy`]: records as rows of an array
//! - [`value`]: a bin's value from Python; [`show`]: and to Python
//! - [`functions`]: those of the user's own for other values
//! - [`predicate`], [`partitions`]: what queries look for, and where
//! - [`policy`], [`config`]: dicts whose every key is checked
//!
//! An argument that is wrong raises at once, with a message that names it and says what is
//! permitted. Messages tell types and lengths, never the values that a record holds.

pub mod argument;
pub mod batch;
pub mod bins;
pub mod config;
pub mod functions;
pub mod key;
pub mod names;
pub mod numpy;
pub mod partitions;
pub mod policy;
pub mod predicate;
pub mod record;
pub mod show;
pub mod table;
pub mod text;
pub mod types;
pub mod value;

pub use crate::interp::objects::type_name;
