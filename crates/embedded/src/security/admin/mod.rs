//! The commands by which clients log in and administer users and roles: messages with a header that
//! names the command and says how many fields follow, each with its size and number.

mod message;
mod query;

use super::directory::{Directory, Role};
use super::identity::Identity;
use super::password::Password;
use super::{Permissions, Security};
use crate::protocol::{Outcome, ResultCode, frame};
use message::{Request, command, field, push_message};

/// Answers that there are no users here.
pub fn refuse(output: &mut Vec<u8>) {
    let start = output.len();
    frame::push_header(output, frame::SECURITY, 0);
    push_message(output, ResultCode::SecurityNotSupported, &[]);
    frame::fill_header(output, start, frame::SECURITY);
}

/// Answers a message; tells the command, the user that it is from or for, and the outcome.
pub fn answer(
    security: &Security,
    identity: &mut Identity,
    body: &[u8],
    output: &mut Vec<u8>,
) -> (&'static str, String, ResultCode) {
    let start = output.len();
    frame::push_header(output, frame::SECURITY, 0);
    let request = Request::parse(body);
    let (name, named) = match &request {
        Ok(request) => (name_of(request.command), request.user().ok()),
        Err(_) => ("malformed", None),
    };
    let outcome = request.and_then(|request| run(security, identity, &request, output));
    let about = named.or(identity.user()).unwrap_or_default().to_owned();
    let code = outcome.err().unwrap_or(ResultCode::Ok);
    if code != ResultCode::Ok {
        output.truncate(start + frame::HEADER_SIZE);
        push_message(output, code, &[]);
    }
    frame::fill_header(output, start, frame::SECURITY);
    (name, about, code)
}

fn name_of(number: u8) -> &'static str {
    match number {
        command::AUTHENTICATE => "authenticate",
        command::CREATE_USER => "create user",
        command::DROP_USER => "drop user",
        command::SET_PASSWORD => "set password",
        command::CHANGE_PASSWORD => "change password",
        command::GRANT_ROLES => "grant roles",
        command::REVOKE_ROLES => "revoke roles",
        command::QUERY_USERS => "query users",
        command::CREATE_ROLE => "create role",
        command::DROP_ROLE => "drop role",
        command::GRANT_PRIVILEGES => "grant privileges",
        command::REVOKE_PRIVILEGES => "revoke privileges",
        command::SET_ALLOW_LIST => "set allow-list",
        command::SET_QUOTAS => "set quotas",
        command::QUERY_ROLES => "query roles",
        command::LOGIN => "log in",
        _ => "unknown",
    }
}

fn run(
    security: &Security,
    identity: &mut Identity,
    request: &Request<'_>,
    output: &mut Vec<u8>,
) -> Outcome<()> {
    match request.command {
        command::LOGIN => log_in(security, identity, request, output),
        command::AUTHENTICATE => {
            authenticate(security, identity, request)?;
            push_message(output, ResultCode::Ok, &[]);
            Ok(())
        }
        command::QUERY_USERS => query::users(security, identity, request, output),
        command::QUERY_ROLES => query::roles(security, identity, request, output),
        _ => {
            change(security, identity, request)?;
            security.note_change();
            push_message(output, ResultCode::Ok, &[]);
            Ok(())
        }
    }
}

/// Checks a user's credentials and hands out a token for further connections.
fn log_in(
    security: &Security,
    identity: &mut Identity,
    request: &Request<'_>,
    output: &mut Vec<u8>,
) -> Outcome<()> {
    let user = match (request.text(field::USER)?, &identity.certificate_name) {
        (Some(user), _) => {
            // Not under the lock: hashing takes a while.
            let password = security.directory().user(user)?.password.clone();
            check_password(&password, request)?;
            if let Some(hash) = request.text(field::CREDENTIAL)? {
                security.directory().remember_hash(user, hash);
            }
            user.to_owned()
        }
        (None, Some(name)) => security.directory().user(name).map(|_| name.clone())?,
        (None, None) => return Err(ResultCode::InvalidUser),
    };
    enter(security, identity, &user)?;
    let token = security.tokens.make(&user);
    let lifetime = security.tokens.lifetime_seconds().to_be_bytes();
    let fields = [(field::SESSION_TOKEN, token), (field::SESSION_TTL, lifetime.to_vec())];
    push_message(output, ResultCode::Ok, &fields);
    Ok(())
}

fn check_password(password: &Password, request: &Request<'_>) -> Outcome<()> {
    /// What another system says of a wrong password.
    const EXTERNAL_REFUSAL: ResultCode = ResultCode::LdapAuthentication;
    let clear = request.text(field::CLEAR_PASSWORD)?;
    match (password, clear) {
        (Password::External(own), Some(clear)) if own == clear => Ok(()),
        (Password::External(_), Some(_)) => Err(EXTERNAL_REFUSAL),
        // The clear text is for another system, which knows no user of this one.
        (_, Some(_)) => Err(ResultCode::LdapNotConfigured),
        (own, None) => match request.text(field::CREDENTIAL)? {
            Some(hash) if own.matches(hash) => Ok(()),
            _ => Err(ResultCode::InvalidCredential),
        },
    }
}

/// Lets the user of a token use this connection.
fn authenticate(
    security: &Security,
    identity: &mut Identity,
    request: &Request<'_>,
) -> Outcome<()> {
    let token = request.field(field::SESSION_TOKEN).ok_or(ResultCode::InvalidCredential)?;
    let user = security.tokens.user(token)?;
    if request.text(field::USER)?.is_some_and(|named| named != user) {
        return Err(ResultCode::InvalidCredential);
    }
    enter(security, identity, user)
}

fn enter(security: &Security, identity: &mut Identity, user: &str) -> Outcome<()> {
    let version = security.version();
    let access =
        security.directory().access(user, identity.address).map_err(|code| match code {
            ResultCode::NotAuthenticated => ResultCode::InvalidUser,
            code => code,
        })?;
    identity.log_in(access, version);
    Ok(())
}

/// Carries out a command that changes users or roles.
fn change(security: &Security, identity: &mut Identity, request: &Request<'_>) -> Outcome<()> {
    let caller = identity.caller(Some(security)).clone();
    caller.check()?;
    let may_administer = caller.may(Permissions::USER_ADMIN, b"", b"");
    let directory = &mut security.directory();
    if request.command == command::CHANGE_PASSWORD {
        return change_password(directory, identity, request);
    }
    match request.command {
        command::CREATE_USER..=command::REVOKE_ROLES
        | command::CREATE_ROLE..=command::SET_QUOTAS => may_administer?,
        _ => return Err(ResultCode::InvalidCommand),
    }
    match request.command {
        command::CREATE_USER => {
            let password = Password::from_hash(request.password(field::PASSWORD)?);
            directory.create_user(request.user()?, password, &request.roles()?)
        }
        command::DROP_USER => directory.drop_user(request.user()?),
        command::SET_PASSWORD => {
            let password = Password::from_hash(request.password(field::PASSWORD)?);
            directory.set_password(request.user()?, password)
        }
        command::GRANT_ROLES => directory.grant_roles(request.user()?, &request.roles()?),
        command::REVOKE_ROLES => directory.revoke_roles(request.user()?, &request.roles()?),
        command::CREATE_ROLE => create_role(directory, request),
        command::DROP_ROLE => directory.drop_role(request.role()?),
        command::GRANT_PRIVILEGES => {
            let privileges = request.privileges()?.ok_or(ResultCode::InvalidPrivilege)?;
            directory.grant_privileges(request.role()?, privileges)
        }
        command::REVOKE_PRIVILEGES => {
            let privileges = request.privileges()?.ok_or(ResultCode::InvalidPrivilege)?;
            directory.revoke_privileges(request.role()?, &privileges)
        }
        command::SET_ALLOW_LIST => {
            let allow_list = request.allow_list()?.unwrap_or_default();
            directory.set_allow_list(request.role()?, allow_list)
        }
        _ => {
            let quota = |number| request.quota(number);
            let (read, write) = (quota(field::READ_QUOTA)?, quota(field::WRITE_QUOTA)?);
            directory.set_quotas(request.role()?, read, write)
        }
    }
}

/// Changes the password of the user that is logged in, who knows the old one.
fn change_password(
    directory: &mut Directory,
    identity: &Identity,
    request: &Request<'_>,
) -> Outcome<()> {
    let user = request.user()?;
    if identity.user() != Some(user) {
        return Err(ResultCode::RoleViolation);
    }
    let own = &directory.user(user)?.password;
    if !own.can_change() {
        return Err(ResultCode::ForbiddenPassword);
    }
    if !own.matches(request.password(field::OLD_PASSWORD)?) {
        return Err(ResultCode::InvalidPassword);
    }
    directory.set_password(user, Password::from_hash(request.password(field::PASSWORD)?))
}

fn create_role(directory: &mut Directory, request: &Request<'_>) -> Outcome<()> {
    let role = Role {
        privileges: request.privileges()?.unwrap_or_default(),
        allow_list: request.allow_list()?.unwrap_or_default(),
        read_quota: request.quota(field::READ_QUOTA)?.unwrap_or(0),
        write_quota: request.quota(field::WRITE_QUOTA)?.unwrap_or(0),
    };
    directory.create_role(request.role()?, role)
}

#[cfg(test)]
mod tests {
    use super::message::HEADER_SIZE;
    use super::*;
    use crate::protocol::cursor::Cursor;
    use crate::security::Settings;

    fn security() -> Security {
        let settings = Settings { security: true, users: None, session_ttl: 60 };
        Security::new(&settings).unwrap().unwrap()
    }

    fn stranger() -> Identity {
        Identity::new("127.0.0.1".parse().unwrap(), None, true)
    }

    fn message(command: u8, fields: &[(u8, &[u8])]) -> Vec<u8> {
        let mut body = vec![0, 0, command, fields.len() as u8];
        body.resize(HEADER_SIZE, 0);
        for (number, value) in fields {
            body.extend_from_slice(&(value.len() as u32 + 1).to_be_bytes());
            body.push(*number);
            body.extend_from_slice(value);
        }
        body
    }

    fn log_in_as_admin() -> Vec<u8> {
        let hash = b"$2a$10$7EqJtq98hPqEX7fNZaFWoO1mVO/4MLpGzsqojz6E9Gef6iXDjXdDa";
        message(command::LOGIN, &[(field::USER, b"admin"), (field::CREDENTIAL, hash)])
    }

    /// The code of the answer, and its body.
    fn ask(security: &Security, identity: &mut Identity, body: &[u8]) -> (u8, Vec<u8>) {
        let mut output = Vec::new();
        answer(security, identity, body, &mut output);
        let body = output.split_off(frame::HEADER_SIZE);
        (body[1], body)
    }

    #[test]
    fn nothing_is_done_for_strangers() {
        let security = security();
        for command in 0..=255 {
            let (code, _) = ask(&security, &mut stranger(), &message(command, &[]));
            let expected = match command {
                command::LOGIN => ResultCode::InvalidUser,
                command::AUTHENTICATE => ResultCode::InvalidCredential,
                _ => ResultCode::NotAuthenticated,
            };
            assert_eq!(code, expected as u8, "command {command}");
        }
    }

    #[test]
    fn a_token_opens_further_connections() {
        let security = security();
        let (code, body) = ask(&security, &mut stranger(), &log_in_as_admin());
        assert_eq!(code, 0);
        let mut cursor = Cursor::new(&body[HEADER_SIZE..]);
        let size = cursor.u32().unwrap() as usize - 1;
        assert_eq!(cursor.u8(), Some(field::SESSION_TOKEN));
        let token = cursor.take(size).unwrap();
        let authenticate = |user: &[u8]| {
            message(command::AUTHENTICATE, &[(field::USER, user), (field::SESSION_TOKEN, token)])
        };
        let mut other = stranger();
        let foreign = ask(&security, &mut other, &authenticate(b"eve")).0;
        assert_eq!(foreign, ResultCode::InvalidCredential as u8);
        assert_eq!(ask(&security, &mut other, &authenticate(b"admin")).0, 0);
        assert_eq!(ask(&security, &mut other, &message(command::QUERY_USERS, &[])).0, 0);
        security.expire_sessions();
        let (code, _) = ask(&security, &mut stranger(), &authenticate(b"admin"));
        assert_eq!(code, ResultCode::ExpiredSession as u8);
        assert_eq!(ask(&security, &mut other, &message(command::QUERY_USERS, &[])).0, 0);
    }

    #[test]
    fn messages_that_end_early_are_refused() {
        let security = security();
        let mut admin = stranger();
        ask(&security, &mut admin, &log_in_as_admin());
        let role = [
            (field::ROLE, &b"r"[..]),
            (field::PRIVILEGES, &[2, 10, 4, b't', b'e', b's', b't', 0, 1]),
            (field::ALLOW_LIST, b"10.0.0.0/8,::1"),
            (field::READ_QUOTA, &[0, 0, 0, 9]),
        ];
        let whole = message(command::CREATE_ROLE, &role);
        for size in 0..whole.len() {
            assert_ne!(ask(&security, &mut admin, &whole[..size]).0, 0, "{size} bytes");
        }
        assert_eq!(ask(&security, &mut admin, &whole).0, 0);
        for (number, value, code) in [
            (field::PRIVILEGES, &[1, 10, 4, b't'][..], ResultCode::InvalidField),
            (field::PRIVILEGES, &[1, 99, 0, 0], ResultCode::InvalidPrivilege),
            (field::ALLOW_LIST, b"10.0.0.0/8,", ResultCode::InvalidAllowList),
            (field::READ_QUOTA, &[9], ResultCode::InvalidQuota),
            (field::ROLE, &[0xff], ResultCode::InvalidField),
        ] {
            let body = message(command::CREATE_ROLE, &[(number, value), (field::ROLE, b"s")]);
            assert_eq!(ask(&security, &mut admin, &body).0, code as u8);
        }
    }
}
