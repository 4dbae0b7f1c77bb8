//! Who the client is to the cluster.

use aerospike_core::AuthMode;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::convert::table::Field;

/// How a user is authenticated.
#[derive(Clone, Copy, Default, PartialEq)]
pub enum Method {
    #[default]
    Internal,
    External,
    ExternalInsecure,
    Pki,
}

impl Method {
    pub fn from_field(field: &Field<'_, '_>) -> PyResult<Self> {
        field.choice(&[
            (0, "AUTH_INTERNAL", Self::Internal),
            (1, "AUTH_EXTERNAL", Self::External),
            (2, "AUTH_PKI", Self::Pki),
            (3, "AUTH_EXTERNAL_INSECURE", Self::ExternalInsecure),
        ])
    }

    /// The mode of a user that logs in by this method. A certificate names its user itself.
    pub fn mode(self, user: &str, password: &str) -> AuthMode {
        let (user, password) = (user.to_owned(), password.to_owned());
        match self {
            Self::Internal => AuthMode::Internal(user, password),
            Self::External => AuthMode::External(user, password),
            Self::ExternalInsecure => AuthMode::ExternalInsecure(user, password),
            Self::Pki => AuthMode::Pki,
        }
    }
}

/// The mode that a configuration asks for. Without a user, one may be named when connecting.
pub fn auth_mode(
    method: Method,
    user: Option<&str>,
    password: Option<&str>,
    encrypted: bool,
) -> PyResult<AuthMode> {
    if matches!(method, Method::External | Method::Pki) && !encrypted {
        return Err(PyValueError::new_err(
            "config key \"auth_mode\": AUTH_EXTERNAL and AUTH_PKI need TLS; configure \"tls\", or \
             use AUTH_EXTERNAL_INSECURE to send the password in the clear",
        ));
    }
    match (method, user, password) {
        (Method::Pki, None, None) => Ok(AuthMode::Pki),
        (Method::Pki, ..) => Err(PyValueError::new_err(
            "config: with AUTH_PKI the certificate names the user; give no \"user\" or \"password\"",
        )),
        (_, None, None) => Ok(AuthMode::None),
        (_, Some(user), Some(password)) => Ok(method.mode(user, password)),
        _ => Err(PyValueError::new_err("config: \"user\" and \"password\" must be given together")),
    }
}
