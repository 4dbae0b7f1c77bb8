//! Who a request comes from, and whether it is permitted.

use std::sync::Arc;

use super::activity::{Direction, RunningQuery};
use super::directory::Access;
use super::permission::Permissions;
use crate::protocol::message::{Message, info1, info2};
use crate::protocol::{Outcome, ResultCode};

/// Who a request comes from.
#[derive(Debug, Clone)]
pub enum Caller {
    /// There are no users: everyone may do everything.
    Anyone,
    /// Nobody who may do anything, and why.
    Refused(ResultCode),
    User(Arc<Access>),
}

impl Caller {
    /// Whether somebody is logged in, if that is necessary.
    pub fn check(&self) -> Outcome<()> {
        match self {
            Caller::Refused(code) => Err(*code),
            Caller::Anyone | Caller::User(_) => Ok(()),
        }
    }

    /// Whether something is permitted with what is in this set; the empty name is that of no set.
    pub fn may(&self, wanted: Permissions, namespace: &[u8], set: &[u8]) -> Outcome<()> {
        match self {
            Caller::Anyone => Ok(()),
            Caller::Refused(code) => Err(*code),
            Caller::User(access) if access.permits(wanted, namespace, set) => Ok(()),
            Caller::User(_) => Err(ResultCode::RoleViolation),
        }
    }

    /// Whether a command on one record is permitted, and within the quota, which it counts toward.
    pub fn command(&self, message: &Message<'_>) -> Outcome<()> {
        let Caller::User(access) = self else { return self.check() };
        let reads = message.has_info1(info1::READ);
        let writes = message.has_info2(info2::WRITE);
        let mut wanted = match () {
            () if !writes => Permissions::NONE,
            () if message.has_info2(info2::DELETE) => Permissions::DELETE,
            () if message.fields.udf_module.is_some() => Permissions::UDF_APPLY,
            () => Permissions::WRITE,
        };
        if reads {
            wanted = wanted | Permissions::READ;
        }
        self.may(wanted, message.fields.namespace.unwrap_or_default(), message.fields.set)?;
        match writes {
            true => access.activity.command(Direction::Write, access.write_quota),
            false => access.activity.command(Direction::Read, access.read_quota),
        }
    }

    /// Whether a query is permitted.
    pub fn may_query(&self, message: &Message<'_>) -> Outcome<()> {
        let wanted = match () {
            () if message.fields.udf_module.is_some() => Permissions::UDF_QUERY,
            () if message.has_info2(info2::WRITE) => Permissions::OPS_QUERY,
            () => Permissions::QUERY,
        };
        self.may(wanted, message.fields.namespace.unwrap_or_default(), message.fields.set)
    }

    /// Whether a query is within the quota, toward which it counts while the result lives.
    pub fn query(
        &self,
        direction: Direction,
        records_per_second: u32,
    ) -> Outcome<Option<RunningQuery>> {
        let Caller::User(access) = self else { return self.check().map(|()| None) };
        let quota = match direction {
            Direction::Read => access.read_quota,
            Direction::Write => access.write_quota,
        };
        access.activity.query(direction, quota, records_per_second).map(Some)
    }
}
