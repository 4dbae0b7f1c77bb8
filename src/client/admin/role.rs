//! Roles: their privileges, the addresses that their users may come from, their quotas.

use std::net::IpAddr;

use aerospike_core as core;
use core::policy::AdminPolicy;
use core::{Privilege, ResultCode, Role};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::privilege::{privileges_from_py, to_py};
use super::query::{ALL, Question, Subject, one};
use super::{POLICY, borrowed, check_room, name, policy};
use crate::client::docs::admin as docs;
use crate::client::task::Input;
use crate::client::verb::{Change, Keyed};
use crate::convert::argument::{int_from_py, items_from_py};
use crate::convert::text::required_utf8;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Param, Signature, optional, required};
use crate::interp::objects::int_value;

/// A role, and what is to be made of it.
pub struct Request {
    role: String,
    privileges: Vec<Privilege>,
    addresses: Vec<String>,
    read_quota: u32,
    write_quota: u32,
    policy: AdminPolicy,
}

impl Keyed for Request {}

impl Request {
    /// A request that only names the role.
    fn named(
        input: &Input<'_>,
        args: &Args<'_, '_>,
        params: &[Param],
        policy_index: usize,
    ) -> PyResult<Self> {
        Ok(Self {
            role: name(args, params, 0)?,
            privileges: Vec::new(),
            addresses: Vec::new(),
            read_quota: 0,
            write_quota: 0,
            policy: policy(input, args, policy_index)?,
        })
    }

    /// One with privileges, at least one.
    fn with_privileges(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Self> {
        let request = Self::named(input, args, PRIVILEGES, 2)?;
        let privileges = privileges_from_py(&args.required(1), PRIVILEGES[1].name)?;
        if privileges.is_empty() {
            return Err(PyValueError::new_err("privileges must have at least one"));
        }
        Ok(Self { privileges, ..request })
    }
}

/// Addresses, each with or without the number of bits that count. None is no list.
fn addresses(args: &Args<'_, '_>, params: &[Param], index: usize) -> PyResult<Vec<String>> {
    let Some(value) = args.optional(index) else { return Ok(Vec::new()) };
    let what = params[index].name;
    let items = items_from_py(&value, what, "a list or tuple of addresses")?;
    let address = |item: &Bound<'_, PyAny>| match required_utf8(item, "an address")? {
        text if is_network(text) => Ok(text.to_owned()),
        text => Err(PyValueError::new_err(format!(
            "{what} must have addresses such as \"10.0.0.1\" or \"10.0.0.0/8\", not {text:?}"
        ))),
    };
    let addresses = items.as_slice().iter().map(address).collect::<PyResult<Vec<_>>>()?;
    check_room(what, addresses.len(), addresses.iter().map(|text| text.len() + 1).sum())?;
    Ok(addresses)
}

fn is_network(text: &str) -> bool {
    let (address, bits) = text.split_once('/').map_or((text, None), |(a, bits)| (a, Some(bits)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= most))
}

/// Records a second; 0 is no quota.
fn quota(args: &Args<'_, '_>, params: &[Param], index: usize) -> PyResult<u32> {
    let Some(value) = args.optional(index) else { return Ok(0) };
    let what = params[index].name;
    int_value(int_from_py(&value, what)?).and_then(|quota| u32::try_from(quota).ok()).ok_or_else(
        || {
            PyValueError::new_err(format!(
                "{what} must be records a second, from 0 (no quota) to {}, not {}",
                u32::MAX,
                &*value
            ))
        },
    )
}

pub struct CreateRole;

const CREATE: &[Param] = &[
    required("role"),
    required("privileges"),
    POLICY,
    optional("whitelist", "None"),
    optional("read_quota", "0"),
    optional("write_quota", "0"),
];

impl Change for CreateRole {
    const SIGNATURE: Signature =
        Signature { name: "admin_create_role", params: CREATE, doc: docs::CREATE_ROLE };
    type Request = Request;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        Ok(Request {
            privileges: privileges_from_py(&args.required(1), CREATE[1].name)?,
            addresses: addresses(args, CREATE, 3)?,
            read_quota: quota(args, CREATE, 4)?,
            write_quota: quota(args, CREATE, 5)?,
            ..Request::named(input, args, CREATE, 2)?
        })
    }

    async fn apply(request: &Request, client: &core::Client) -> Result<(), ErrorInfo> {
        let Request { role, privileges, addresses, read_quota, write_quota, policy } = request;
        let addresses = borrowed(addresses);
        client
            .create_role(policy, role, privileges, &addresses, *read_quota, *write_quota)
            .await
            .map_err(ErrorInfo::from)
    }
}

pub struct DropRole;

const ROLE: &[Param] = &[required("role"), POLICY];

impl Change for DropRole {
    const SIGNATURE: Signature =
        Signature { name: "admin_drop_role", params: ROLE, doc: docs::DROP_ROLE };
    type Request = Request;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        Request::named(input, args, ROLE, 1)
    }

    async fn apply(request: &Request, client: &core::Client) -> Result<(), ErrorInfo> {
        client.drop_role(&request.policy, &request.role).await.map_err(ErrorInfo::from)
    }
}

const PRIVILEGES: &[Param] = &[required("role"), required("privileges"), POLICY];

pub struct GrantPrivileges;

impl Change for GrantPrivileges {
    const SIGNATURE: Signature = Signature {
        name: "admin_grant_privileges",
        params: PRIVILEGES,
        doc: docs::GRANT_PRIVILEGES,
    };
    type Request = Request;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        Request::with_privileges(input, args)
    }

    async fn apply(request: &Request, client: &core::Client) -> Result<(), ErrorInfo> {
        let Request { role, privileges, policy, .. } = request;
        client.grant_privileges(policy, role, privileges).await.map_err(ErrorInfo::from)
    }
}

pub struct RevokePrivileges;

impl Change for RevokePrivileges {
    const SIGNATURE: Signature = Signature {
        name: "admin_revoke_privileges",
        params: PRIVILEGES,
        doc: docs::REVOKE_PRIVILEGES,
    };
    type Request = Request;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        Request::with_privileges(input, args)
    }

    async fn apply(request: &Request, client: &core::Client) -> Result<(), ErrorInfo> {
        let Request { role, privileges, policy, .. } = request;
        client.revoke_privileges(policy, role, privileges).await.map_err(ErrorInfo::from)
    }
}

pub struct SetWhitelist;

const WHITELIST: &[Param] = &[required("role"), required("whitelist"), POLICY];

impl Change for SetWhitelist {
    const SIGNATURE: Signature =
        Signature { name: "admin_set_whitelist", params: WHITELIST, doc: docs::SET_WHITELIST };
    type Request = Request;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        let addresses = addresses(args, WHITELIST, 1)?;
        Ok(Request { addresses, ..Request::named(input, args, WHITELIST, 2)? })
    }

    async fn apply(request: &Request, client: &core::Client) -> Result<(), ErrorInfo> {
        let Request { role, addresses, policy, .. } = request;
        client.set_allowlist(policy, role, &borrowed(addresses)).await.map_err(ErrorInfo::from)
    }
}

pub struct SetQuotas;

const QUOTAS: &[Param] =
    &[required("role"), optional("read_quota", "0"), optional("write_quota", "0"), POLICY];

impl Change for SetQuotas {
    const SIGNATURE: Signature =
        Signature { name: "admin_set_quotas", params: QUOTAS, doc: docs::SET_QUOTAS };
    type Request = Request;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        Ok(Request {
            read_quota: quota(args, QUOTAS, 1)?,
            write_quota: quota(args, QUOTAS, 2)?,
            ..Request::named(input, args, QUOTAS, 3)?
        })
    }

    async fn apply(request: &Request, client: &core::Client) -> Result<(), ErrorInfo> {
        let Request { role, read_quota, write_quota, policy, .. } = request;
        client.set_quotas(policy, role, *read_quota, *write_quota).await.map_err(ErrorInfo::from)
    }
}

/// The roles, to be asked for.
pub struct Roles;

impl Subject for Roles {
    type Row = Role;
    const ABSENT: ResultCode = ResultCode::InvalidRole;

    async fn ask(
        client: &core::Client,
        policy: &AdminPolicy,
        name: Option<&str>,
    ) -> core::Result<Vec<Role>> {
        client.query_roles(policy, name).await
    }
}

fn privileges<'py>(py: Python<'py>, role: &Role) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    role.privileges.iter().try_for_each(|privilege| list.append(to_py(py, privilege)?))?;
    Ok(list)
}

/// A role with its name, under the key that its addresses have besides.
fn info<'py>(py: Python<'py>, role: &Role, addresses: &str) -> PyResult<Bound<'py, PyDict>> {
    let told = PyDict::new(py);
    told.set_item("privileges", privileges(py, role)?)?;
    told.set_item(addresses, &role.allowlist)?;
    told.set_item("read_quota", role.read_quota)?;
    told.set_item("write_quota", role.write_quota)?;
    Ok(told)
}

fn named_info<'py>(py: Python<'py>, role: &Role) -> PyResult<Bound<'py, PyDict>> {
    let told = info(py, role, "allowlist")?;
    told.set_item("name", &role.name)?;
    Ok(told)
}

pub struct QueryRole;

impl Question for QueryRole {
    type Of = Roles;
    const SIGNATURE: Signature =
        Signature { name: "admin_query_role", params: ROLE, doc: docs::QUERY_ROLE };

    fn tell<'py>(py: Python<'py>, roles: &[Role]) -> PyResult<Bound<'py, PyAny>> {
        one(py, roles, |role| Ok(named_info(py, role)?.into_any()))
    }
}

pub struct QueryRoles;

impl Question for QueryRoles {
    type Of = Roles;
    const SIGNATURE: Signature =
        Signature { name: "admin_query_roles", params: ALL, doc: docs::QUERY_ROLES };

    fn tell<'py>(py: Python<'py>, roles: &[Role]) -> PyResult<Bound<'py, PyAny>> {
        let list = PyList::empty(py);
        roles.iter().try_for_each(|role| list.append(named_info(py, role)?))?;
        Ok(list.into_any())
    }
}

pub struct GetRole;

impl Question for GetRole {
    type Of = Roles;
    const SIGNATURE: Signature =
        Signature { name: "admin_get_role", params: ROLE, doc: docs::GET_ROLE };

    fn tell<'py>(py: Python<'py>, roles: &[Role]) -> PyResult<Bound<'py, PyAny>> {
        one(py, roles, |role| Ok(info(py, role, "whitelist")?.into_any()))
    }
}

pub struct GetRoles;

impl Question for GetRoles {
    type Of = Roles;
    const SIGNATURE: Signature =
        Signature { name: "admin_get_roles", params: ALL, doc: docs::GET_ROLES };

    fn tell<'py>(py: Python<'py>, roles: &[Role]) -> PyResult<Bound<'py, PyAny>> {
        let dict = PyDict::new(py);
        for role in roles {
            dict.set_item(&role.name, info(py, role, "whitelist")?)?;
        }
        Ok(dict.into_any())
    }
}

#[cfg(test)]
mod tests {
    use super::is_network;

    #[test]
    fn networks_are_addresses_with_or_without_bits() {
        for text in ["10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "::1", "fd00::/8"] {
            assert!(is_network(text), "{text}");
        }
        for text in ["", "here", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::1/129", "1,2"] {
            assert!(!is_network(text), "{text}");
        }
    }
}
