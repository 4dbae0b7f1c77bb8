//! Who is at the other end of a connection.

use std::net::IpAddr;
use std::sync::Arc;

use super::Security;
use super::activity::Presence;
use super::caller::Caller;
use super::directory::Access;
use crate::protocol::ResultCode;

/// Who is at the other end of a connection, as far as is known.
#[derive(Debug)]
pub struct Identity {
    pub address: IpAddr,
    /// The name in the certificate of an encrypted connection, if it showed one.
    pub certificate_name: Option<String>,
    user: Option<String>,
    presence: Option<Presence>,
    caller: Caller,
    /// The directory's when the rights of the caller were looked up.
    version: u64,
}

impl Identity {
    /// Somebody who has not logged in yet, which is not necessary without users.
    pub fn new(address: IpAddr, certificate_name: Option<String>, has_users: bool) -> Identity {
        let caller = match has_users {
            true => Caller::Refused(ResultCode::NotAuthenticated),
            false => Caller::Anyone,
        };
        Identity { address, certificate_name, user: None, presence: None, caller, version: 0 }
    }

    /// Whose request it is that arrives now.
    pub fn caller(&mut self, security: Option<&Security>) -> &Caller {
        if let Some(security) = security
            && let Some(user) = &self.user
            && self.version != security.version()
        {
            self.version = security.version();
            self.caller = match security.directory().access(user, self.address) {
                Ok(access) => Caller::User(Arc::new(access)),
                Err(code) => Caller::Refused(code),
            };
        }
        &self.caller
    }

    /// Takes the place of whoever was logged in before.
    pub fn log_in(&mut self, access: Access, version: u64) {
        self.presence = Some(Presence::of(&access.activity));
        self.user = Some(access.user.clone());
        self.version = version;
        self.caller = Caller::User(Arc::new(access));
    }

    /// The name of the user that is logged in.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }
}
