//! Passwords: clients send the bcrypt hash of one, with a salt that is always the same.

use bcrypt::Version;

use crate::protocol::{Outcome, ResultCode};

/// `7EqJtq98hPqEX7fNZaFWoO`, the salt of all clients.
const SALT: [u8; 16] = [244, 107, 11, 190, 207, 254, 141, 27, 6, 103, 216, 79, 109, 193, 216, 169];

/// The cost that goes with it.
const COST: u32 = 10;

/// The hash of "nopassword", by which clients say that a certificate is wanted in place of one.
const NO_PASSWORD: &str = "$2a$10$7EqJtq98hPqEX7fNZaFWoOePA2sZy..tlOF99W2N0g5KZ3dLaw8WO";

/// The hash of "admin".
const ADMIN: &str = "$2a$10$7EqJtq98hPqEX7fNZaFWoO1mVO/4MLpGzsqojz6E9Gef6iXDjXdDa";

/// How a user proves who it is.
#[derive(Clone)]
pub enum Password {
    Hash(String),
    /// Not hashed before it is needed: that takes a while.
    Clear(String),
    /// Only by a certificate.
    Certificate,
    /// By the clear text, which another system would check.
    External(String),
}

/// A password is shown to nobody.
impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

impl Password {
    /// That of the user `admin` of a new cluster.
    pub fn of_admin() -> Password {
        Password::Hash(ADMIN.into())
    }

    /// The one whose hash a client has sent.
    pub fn from_hash(hash: &str) -> Password {
        match hash {
            NO_PASSWORD => Password::Certificate,
            hash => Password::Hash(hash.into()),
        }
    }

    pub fn can_change(&self) -> bool {
        matches!(self, Password::Hash(_) | Password::Clear(_))
    }

    /// Whether this is the hash of it.
    pub fn matches(&self, hash: &str) -> bool {
        match self {
            Password::Hash(own) => own == hash,
            Password::Clear(text) => hash_of(text).is_ok_and(|own| own == hash),
            Password::Certificate | Password::External(_) => false,
        }
    }
}

/// The hash as clients make it.
fn hash_of(text: &str) -> Outcome<String> {
    let parts =
        bcrypt::hash_with_salt(text, COST, SALT).map_err(|_| ResultCode::InvalidPassword)?;
    Ok(parts.format_for_version(Version::TwoA))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_clients() {
        assert_eq!(hash_of("nopassword").unwrap(), NO_PASSWORD);
        assert_eq!(hash_of("admin").unwrap(), ADMIN);
        let aerospike = "$2a$10$7EqJtq98hPqEX7fNZaFWoOg3vLO9BrDMi.IgzR5fG6wXhnUUDTrIG";
        assert!(Password::Clear("aerospike".into()).matches(aerospike));
        assert!(!Password::Clear("aerospike ".into()).matches(aerospike));
    }
}
