//! The messages: what a request says, and the parts of replies.

use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};
use crate::security::allow_list::Network;
use crate::security::permission::Privilege;

pub const HEADER_SIZE: usize = 16;

/// Numbers of commands.
pub mod command {
    pub const AUTHENTICATE: u8 = 0;
    pub const CREATE_USER: u8 = 1;
    pub const DROP_USER: u8 = 2;
    pub const SET_PASSWORD: u8 = 3;
    pub const CHANGE_PASSWORD: u8 = 4;
    pub const GRANT_ROLES: u8 = 5;
    pub const REVOKE_ROLES: u8 = 6;
    pub const QUERY_USERS: u8 = 9;
    pub const CREATE_ROLE: u8 = 10;
    pub const DROP_ROLE: u8 = 11;
    pub const GRANT_PRIVILEGES: u8 = 12;
    pub const REVOKE_PRIVILEGES: u8 = 13;
    pub const SET_ALLOW_LIST: u8 = 14;
    pub const SET_QUOTAS: u8 = 15;
    pub const QUERY_ROLES: u8 = 16;
    pub const LOGIN: u8 = 20;
}

/// Numbers of fields.
pub mod field {
    pub const USER: u8 = 0;
    pub const PASSWORD: u8 = 1;
    pub const OLD_PASSWORD: u8 = 2;
    pub const CREDENTIAL: u8 = 3;
    pub const CLEAR_PASSWORD: u8 = 4;
    pub const SESSION_TOKEN: u8 = 5;
    pub const SESSION_TTL: u8 = 6;
    pub const ROLES: u8 = 10;
    pub const ROLE: u8 = 11;
    pub const PRIVILEGES: u8 = 12;
    pub const ALLOW_LIST: u8 = 13;
    pub const READ_QUOTA: u8 = 14;
    pub const WRITE_QUOTA: u8 = 15;
    pub const READ_INFO: u8 = 16;
    pub const WRITE_INFO: u8 = 17;
    pub const CONNECTIONS: u8 = 18;
}

/// What a request says: its command and its fields.
pub struct Request<'a> {
    pub command: u8,
    fields: Vec<(u8, &'a [u8])>,
}

impl<'a> Request<'a> {
    pub fn parse(body: &'a [u8]) -> Outcome<Request<'a>> {
        let mut cursor = Cursor::new(body);
        let header: [u8; HEADER_SIZE] = cursor.array().ok_or(ResultCode::InvalidField)?;
        let [scheme, _, command, count, ..] = header;
        if scheme != 0 {
            return Err(ResultCode::SecurityScheme);
        }
        let mut fields = Vec::new();
        for _ in 0..count {
            let size = cursor.u32().and_then(|size| (size as usize).checked_sub(1));
            let number = cursor.u8();
            let value = size.and_then(|size| cursor.take(size));
            fields.push(number.zip(value).ok_or(ResultCode::InvalidField)?);
        }
        Ok(Request { command, fields })
    }

    pub fn field(&self, number: u8) -> Option<&'a [u8]> {
        self.fields.iter().find(|(known, _)| *known == number).map(|(_, value)| *value)
    }

    pub fn text(&self, number: u8) -> Outcome<Option<&'a str>> {
        let text = |value| str::from_utf8(value).map_err(|_| ResultCode::InvalidField);
        self.field(number).map(text).transpose()
    }

    pub fn user(&self) -> Outcome<&'a str> {
        self.text(field::USER)?.ok_or(ResultCode::InvalidUser)
    }

    pub fn role(&self) -> Outcome<&'a str> {
        self.text(field::ROLE)?.ok_or(ResultCode::InvalidRole)
    }

    /// A password, of which the hash is sent.
    pub fn password(&self, number: u8) -> Outcome<&'a str> {
        match self.text(number)? {
            None | Some("") => Err(ResultCode::InvalidPassword),
            Some(hash) => Ok(hash),
        }
    }

    pub fn roles(&self) -> Outcome<Vec<&'a str>> {
        let field = self.field(field::ROLES).ok_or(ResultCode::InvalidRole)?;
        let mut cursor = Cursor::new(field);
        let count = cursor.u8().ok_or(ResultCode::InvalidField)?;
        let mut role = || {
            let size = cursor.u8()?;
            str::from_utf8(cursor.take(usize::from(size))?).ok()
        };
        (0..count).map(|_| role().ok_or(ResultCode::InvalidField)).collect()
    }

    pub fn privileges(&self) -> Outcome<Option<Vec<Privilege>>> {
        let Some(field) = self.field(field::PRIVILEGES) else { return Ok(None) };
        let mut cursor = Cursor::new(field);
        let count = cursor.u8().ok_or(ResultCode::InvalidField)?;
        let mut privilege = || {
            let parsed = Privilege::parse(&mut cursor).ok_or(ResultCode::InvalidField)?;
            parsed.ok_or(ResultCode::InvalidPrivilege)
        };
        (0..count).map(|_| privilege()).collect::<Outcome<_>>().map(Some)
    }

    pub fn allow_list(&self) -> Outcome<Option<Vec<Network>>> {
        let Some(list) = self.text(field::ALLOW_LIST)? else { return Ok(None) };
        let network = |text| Network::parse(text).ok_or(ResultCode::InvalidAllowList);
        list.split(',').map(network).collect::<Outcome<_>>().map(Some)
    }

    pub fn quota(&self, number: u8) -> Outcome<Option<u32>> {
        let quota = |value: &[u8]| value.try_into().map(u32::from_be_bytes);
        self.field(number).map(quota).transpose().map_err(|_| ResultCode::InvalidQuota)
    }
}

/// Appends a message of a reply.
pub fn push_message(output: &mut Vec<u8>, code: ResultCode, fields: &[(u8, Vec<u8>)]) {
    let mut header = [0; HEADER_SIZE];
    let [_, result, _, count, ..] = &mut header;
    (*result, *count) = (code as u8, fields.len() as u8);
    output.extend_from_slice(&header);
    for (number, value) in fields {
        output.extend_from_slice(&(value.len() as u32 + 1).to_be_bytes());
        output.push(*number);
        output.extend_from_slice(value);
    }
}
