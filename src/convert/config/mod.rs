//! The configuration of a client.
//!
//! - [`cluster`]: the keys themselves
//! - [`file`], [`hosts`], [`login`], [`racks`], [`tls`]: those that take some reading
//! - [`policies`]: the client's own defaults of the policies of its calls

mod cluster;
mod file;
mod hosts;
mod login;
mod policies;
mod racks;
mod tls;

use aerospike_core::Host;
use aerospike_core::policy::ClientPolicy;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use self::cluster::Draft;
pub use self::file::FileSource;
use self::login::Method;
pub use self::policies::Policies;
use super::table::apply;

/// The configuration of a client, checked.
#[derive(Clone)]
pub struct ClientConfig {
    pub hosts: Vec<Host>,
    pub policy: ClientPolicy,
    pub policies: Policies,
    /// Where the dynamic configuration is.
    pub file: Option<FileSource>,
    /// Most operations at once; 0 is no limit.
    pub max_concurrent_operations: usize,
    /// Longest wait to be one of them, in milliseconds; 0 is no limit.
    pub operation_queue_timeout_ms: u64,
    method: Method,
}

impl ClientConfig {
    /// The same, logging in as another user.
    pub fn with_credentials(&self, user: &str, password: &str) -> Self {
        let mut config = self.clone();
        config.policy.auth_mode = self.method.mode(user, password);
        config
    }
}

/// The configuration of a client, from a dict.
pub fn client_config(config: &Bound<'_, PyAny>) -> PyResult<ClientConfig> {
    let mut draft = Draft::default();
    apply(config, "config", &[cluster::ROWS], &mut draft)?;
    draft.finish(config.py())
}

/// The error of two keys of which only one may be given.
fn not_both(one: &str, other: &str) -> PyErr {
    PyValueError::new_err(format!("config has both {one:?} and {other:?}: give one of the two"))
}
