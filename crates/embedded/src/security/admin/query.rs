//! What is told of users and roles.

use std::sync::atomic::Ordering;

use super::message::{Request, field, push_message};
use crate::protocol::{Outcome, ResultCode};
use crate::security::allow_list::Network;
use crate::security::directory::{Directory, Role, User};
use crate::security::{Direction, Identity, Permissions, Security};

/// Tells of one user or of all; who administers none, may ask for itself.
pub fn users(
    security: &Security,
    identity: &mut Identity,
    request: &Request<'_>,
    output: &mut Vec<u8>,
) -> Outcome<()> {
    let caller = identity.caller(Some(security)).clone();
    caller.check()?;
    let name = request.text(field::USER)?;
    if name.is_none() || name != identity.user() {
        caller.may(Permissions::USER_ADMIN, b"", b"")?;
    }
    let directory = security.directory();
    match name {
        Some(name) => push_user(output, &directory, name, directory.user(name)?),
        None => {
            for (name, user) in directory.users() {
                push_user(output, &directory, name, user);
            }
        }
    }
    push_message(output, ResultCode::SecurityLast, &[]);
    Ok(())
}

fn push_user(output: &mut Vec<u8>, directory: &Directory, name: &str, user: &User) {
    let (read_quota, write_quota) = directory.quotas(user);
    let information = |direction, quota| {
        let statistics = user.activity.statistics(direction, quota);
        let mut value = vec![statistics.len() as u8];
        statistics.iter().for_each(|number| value.extend_from_slice(&number.to_be_bytes()));
        value
    };
    let mut roles = vec![user.roles.len() as u8];
    for role in &user.roles {
        roles.push(role.len() as u8);
        roles.extend_from_slice(role.as_bytes());
    }
    let connections = user.activity.connections.load(Ordering::Relaxed);
    let fields = [
        (field::USER, name.as_bytes().to_vec()),
        (field::ROLES, roles),
        (field::READ_INFO, information(Direction::Read, read_quota)),
        (field::WRITE_INFO, information(Direction::Write, write_quota)),
        (field::CONNECTIONS, connections.to_be_bytes().to_vec()),
    ];
    push_message(output, ResultCode::Ok, &fields);
}

/// Tells of one role or of all; who administers none, may ask for its own.
pub fn roles(
    security: &Security,
    identity: &mut Identity,
    request: &Request<'_>,
    output: &mut Vec<u8>,
) -> Outcome<()> {
    let caller = identity.caller(Some(security)).clone();
    caller.check()?;
    let directory = security.directory();
    let own = identity.user().and_then(|user| directory.user(user).ok());
    let name = request.text(field::ROLE)?;
    if !name.is_some_and(|name| own.is_some_and(|user| user.roles.contains(name))) {
        caller.may(Permissions::USER_ADMIN, b"", b"")?;
    }
    match name {
        Some(name) => push_role(output, name, directory.role(name)?),
        None => directory.roles().for_each(|(name, role)| push_role(output, name, role)),
    }
    push_message(output, ResultCode::SecurityLast, &[]);
    Ok(())
}

fn push_role(output: &mut Vec<u8>, name: &str, role: &Role) {
    let mut privileges = vec![role.privileges.len() as u8];
    role.privileges.iter().for_each(|privilege| privilege.write(&mut privileges));
    let addresses: Vec<_> = role.allow_list.iter().map(Network::as_str).collect();
    let fields = [
        (field::ROLE, name.as_bytes().to_vec()),
        (field::PRIVILEGES, privileges),
        (field::ALLOW_LIST, addresses.join(",").into_bytes()),
        (field::READ_QUOTA, role.read_quota.to_be_bytes().to_vec()),
        (field::WRITE_QUOTA, role.write_quota.to_be_bytes().to_vec()),
    ];
    push_message(output, ResultCode::Ok, &fields);
}
