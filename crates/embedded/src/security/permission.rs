//! What users may do, and the privileges that roles give it by.

use std::fmt;
use std::ops::BitOr;

use crate::protocol::cursor::Cursor;

/// A set of things that a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permissions(u16);

impl Permissions {
    pub const NONE: Permissions = Permissions(0);
    pub const READ: Permissions = Permissions(1);
    pub const QUERY: Permissions = Permissions(1 << 1);
    pub const WRITE: Permissions = Permissions(1 << 2);
    pub const DELETE: Permissions = Permissions(1 << 3);
    pub const UDF_APPLY: Permissions = Permissions(1 << 4);
    pub const UDF_QUERY: Permissions = Permissions(1 << 5);
    pub const OPS_QUERY: Permissions = Permissions(1 << 6);
    pub const UDF_ADMIN: Permissions = Permissions(1 << 7);
    pub const SINDEX_ADMIN: Permissions = Permissions(1 << 8);
    pub const QUERY_ADMIN: Permissions = Permissions(1 << 9);
    pub const TRUNCATE: Permissions = Permissions(1 << 10);
    pub const SET_CONFIG: Permissions = Permissions(1 << 11);
    pub const SERVICE_CTRL: Permissions = Permissions(1 << 12);
    pub const USER_ADMIN: Permissions = Permissions(1 << 13);

    const READS: Permissions = Permissions(Self::READ.0 | Self::QUERY.0);
    const WRITES: Permissions = Permissions(Self::WRITE.0 | Self::DELETE.0 | Self::OPS_QUERY.0);
    const FUNCTIONS: Permissions = Permissions(Self::UDF_APPLY.0 | Self::UDF_QUERY.0);
    const DATA_ADMIN: Permissions = Permissions(
        Self::UDF_ADMIN.0 | Self::SINDEX_ADMIN.0 | Self::QUERY_ADMIN.0 | Self::TRUNCATE.0,
    );
    const SYS_ADMIN: Permissions =
        Permissions(Self::DATA_ADMIN.0 | Self::SET_CONFIG.0 | Self::SERVICE_CTRL.0);

    pub fn includes(self, others: Permissions) -> bool {
        self.0 & others.0 == others.0
    }
}

impl BitOr for Permissions {
    type Output = Permissions;

    fn bitor(self, other: Permissions) -> Permissions {
        Permissions(self.0 | other.0)
    }
}

/// The name by which a refusal tells what is missing.
impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            Permissions::UDF_ADMIN => "udf-admin",
            Permissions::SINDEX_ADMIN => "sindex-admin",
            Permissions::QUERY_ADMIN => "query-admin",
            Permissions::TRUNCATE => "truncate",
            Permissions::SET_CONFIG => "set-config",
            Permissions::SERVICE_CTRL => "service-ctrl",
            _ => "none",
        })
    }
}

/// Codes from here on can be limited to a namespace and a set of it.
const FIRST_SCOPED: u8 = 10;

/// The longest names, in bytes.
const MAX_NAMESPACE_SIZE: usize = 31;
const MAX_SET_SIZE: usize = 63;

/// The privileges: their codes, names, and what they permit. Each is a role of its name as well.
pub const KINDS: [(u8, &str, Permissions); 13] = [
    (0, "user-admin", Permissions::USER_ADMIN),
    (1, "sys-admin", Permissions::SYS_ADMIN),
    (2, "data-admin", Permissions::DATA_ADMIN),
    (3, "udf-admin", Permissions::UDF_ADMIN),
    (4, "sindex-admin", Permissions::SINDEX_ADMIN),
    (10, "read", Permissions::READS),
    (11, "read-write", Permissions(Permissions::READS.0 | Permissions::WRITES.0)),
    (
        12,
        "read-write-udf",
        Permissions(Permissions::READS.0 | Permissions::WRITES.0 | Permissions::FUNCTIONS.0),
    ),
    (13, "write", Permissions::WRITES),
    (14, "truncate", Permissions::TRUNCATE),
    // Nothing is masked here, so that these permit nothing.
    (15, "masking-admin", Permissions::NONE),
    (16, "read-masked", Permissions::NONE),
    (17, "write-masked", Permissions::NONE),
];

/// A privilege of a role: everywhere, in a namespace, or in a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privilege {
    code: u8,
    /// Empty: in all namespaces.
    namespace: String,
    /// Empty: in all sets.
    set: String,
}

impl Privilege {
    /// `None` if there is no such privilege, or it can't be limited so.
    pub fn new(code: u8, namespace: &str, set: &str) -> Option<Privilege> {
        KINDS.iter().find(|(known, ..)| *known == code)?;
        if namespace.len() > MAX_NAMESPACE_SIZE || set.len() > MAX_SET_SIZE {
            return None;
        }
        let limited = !namespace.is_empty() || !set.is_empty();
        if (limited && code < FIRST_SCOPED) || (namespace.is_empty() && !set.is_empty()) {
            return None;
        }
        Some(Privilege { code, namespace: namespace.into(), set: set.into() })
    }

    /// The next privilege of a message.
    pub fn parse(cursor: &mut Cursor<'_>) -> Option<Option<Privilege>> {
        let code = cursor.u8()?;
        if code < FIRST_SCOPED {
            return Some(Privilege::new(code, "", ""));
        }
        let mut text = || {
            let size = cursor.u8()?;
            std::str::from_utf8(cursor.take(usize::from(size))?).ok()
        };
        let (namespace, set) = (text()?, text()?);
        Some(Privilege::new(code, namespace, set))
    }

    pub fn write(&self, output: &mut Vec<u8>) {
        output.push(self.code);
        if self.code >= FIRST_SCOPED {
            for text in [&self.namespace, &self.set] {
                output.push(text.len() as u8);
                output.extend_from_slice(text.as_bytes());
            }
        }
    }

    /// What it permits on records of this set; the empty name stands for what is in no set.
    pub fn permissions(&self, namespace: &[u8], set: &[u8]) -> Permissions {
        let covers = |own: &str, other: &[u8]| own.is_empty() || own.as_bytes() == other;
        let kind = KINDS.iter().find(|(code, ..)| *code == self.code);
        match kind {
            Some((.., permissions))
                if covers(&self.namespace, namespace) && covers(&self.set, set) =>
            {
                *permissions
            }
            _ => Permissions::NONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn privileges_end_where_their_scope_does() {
        let privilege = Privilege::new(11, "test", "people").unwrap();
        assert!(privilege.permissions(b"test", b"people").includes(Permissions::WRITE));
        assert_eq!(privilege.permissions(b"test", b"other"), Permissions::NONE);
        assert_eq!(privilege.permissions(b"bar", b"people"), Permissions::NONE);
        assert_eq!(privilege.permissions(b"test", b""), Permissions::NONE);
    }

    #[test]
    fn what_makes_no_sense_is_no_privilege() {
        for (code, namespace, set) in [(5, "", ""), (1, "test", ""), (10, "", "people")] {
            assert_eq!(Privilege::new(code, namespace, set), None);
        }
    }
}
