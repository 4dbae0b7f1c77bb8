//! User-defined functions in Lua: the modules that are registered, and calling what is in them.
//!
//! A module is run in a Lua state of its own, of which some are kept for the next calls. A state has
//! Lua's own library without what reaches outside (files, processes, compiled code), and what
//! `prelude.lua` makes: the types and functions that such modules are written for. The memory of a
//! state and the time of a call are limited; `bounded.lua` has in it what else could not be stopped.

mod convert;
mod host;
mod modules;
mod pattern;
mod source;
mod state;
mod strings;

pub use convert::Particle;
pub use host::{About, Change, Commit, Host, MAX_TIME, Snapshot};
pub use modules::{Modules, Rejected};

/// Why a function came to nothing: what is told to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(pub Vec<u8>);

impl Failure {
    /// The module could not be run at all.
    pub fn not_run(number: u8) -> Failure {
        Failure(format!("UDF: Execution Error {number}").into_bytes())
    }
}

impl From<mlua::Error> for Failure {
    fn from(error: mlua::Error) -> Failure {
        let text = error.to_string();
        Failure(text.lines().next().unwrap_or_default().as_bytes().to_vec())
    }
}
