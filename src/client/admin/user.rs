//! Users: who they are, and the roles that they have.

use aerospike_core as core;
use core::policy::AdminPolicy;
use core::{ResultCode, User};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::query::{ALL, Question, Subject, one};
use super::{POLICY, borrowed, name, password, policy, roles};
use crate::client::docs::admin as docs;
use crate::client::task::Input;
use crate::client::verb::{Change, Keyed};
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Param, Signature, required};

/// A user, and what is to be done with its roles.
pub struct Request {
    user: String,
    password: String,
    roles: Vec<String>,
    policy: AdminPolicy,
}

impl Keyed for Request {}

impl Request {
    /// A request whose parameters are a user, maybe roles, and a policy.
    fn parse(input: &Input<'_>, args: &Args<'_, '_>, params: &[Param]) -> PyResult<Self> {
        let last = params.len() - 1;
        let roles = if last == 2 { roles(args, params, 1)? } else { Vec::new() };
        let user = name(args, params, 0)?;
        Ok(Self { user, password: String::new(), roles, policy: policy(input, args, last)? })
    }
}

const USER_AND_ROLES: &[Param] = &[required("username"), required("roles"), POLICY];
const USER: &[Param] = &[required("username"), POLICY];

pub struct CreateUser;

const CREATE: &[Param] = &[required("username"), required("password"), required("roles"), POLICY];

impl Change for CreateUser {
    const SIGNATURE: Signature =
        Signature { name: "admin_create_user", params: CREATE, doc: docs::CREATE_USER };
    type Request = Request;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        Ok(Request {
            user: name(args, CREATE, 0)?,
            password: password(args, CREATE, 1)?,
            roles: roles(args, CREATE, 2)?,
            policy: policy(input, args, 3)?,
        })
    }

    async fn apply(request: &Request, client: &core::Client) -> Result<(), ErrorInfo> {
        let Request { user, password, roles, policy } = request;
        let roles = borrowed(roles);
        client.create_user(policy, user, password, &roles).await.map_err(ErrorInfo::from)
    }
}

pub struct CreatePkiUser;

impl Change for CreatePkiUser {
    const SIGNATURE: Signature = Signature {
        name: "admin_create_pki_user",
        params: USER_AND_ROLES,
        doc: docs::CREATE_PKI_USER,
    };
    type Request = Request;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        Request::parse(input, args, USER_AND_ROLES)
    }

    async fn apply(request: &Request, client: &core::Client) -> Result<(), ErrorInfo> {
        let Request { user, roles, policy, .. } = request;
        client.create_pki_user(policy, user, &borrowed(roles)).await.map_err(ErrorInfo::from)
    }
}

pub struct DropUser;

impl Change for DropUser {
    const SIGNATURE: Signature =
        Signature { name: "admin_drop_user", params: USER, doc: docs::DROP_USER };
    type Request = Request;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        Request::parse(input, args, USER)
    }

    async fn apply(request: &Request, client: &core::Client) -> Result<(), ErrorInfo> {
        client.drop_user(&request.policy, &request.user).await.map_err(ErrorInfo::from)
    }
}

pub struct GrantRoles;

impl Change for GrantRoles {
    const SIGNATURE: Signature =
        Signature { name: "admin_grant_roles", params: USER_AND_ROLES, doc: docs::GRANT_ROLES };
    type Request = Request;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        Request::parse(input, args, USER_AND_ROLES)
    }

    async fn apply(request: &Request, client: &core::Client) -> Result<(), ErrorInfo> {
        let Request { user, roles, policy, .. } = request;
        client.grant_roles(policy, user, &borrowed(roles)).await.map_err(ErrorInfo::from)
    }
}

pub struct RevokeRoles;

impl Change for RevokeRoles {
    const SIGNATURE: Signature =
        Signature { name: "admin_revoke_roles", params: USER_AND_ROLES, doc: docs::REVOKE_ROLES };
    type Request = Request;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        Request::parse(input, args, USER_AND_ROLES)
    }

    async fn apply(request: &Request, client: &core::Client) -> Result<(), ErrorInfo> {
        let Request { user, roles, policy, .. } = request;
        client.revoke_roles(policy, user, &borrowed(roles)).await.map_err(ErrorInfo::from)
    }
}

/// The users, to be asked for.
pub struct Users;

impl Subject for Users {
    type Row = User;
    const ABSENT: ResultCode = ResultCode::InvalidUser;

    async fn ask(
        client: &core::Client,
        policy: &AdminPolicy,
        name: Option<&str>,
    ) -> core::Result<Vec<User>> {
        client.query_users(policy, name).await
    }
}

/// All that is known of a user.
fn info<'py>(py: Python<'py>, user: &User) -> PyResult<Bound<'py, PyDict>> {
    let told = PyDict::new(py);
    told.set_item("user", &user.user)?;
    told.set_item("roles", &user.roles)?;
    told.set_item("read_info", &user.read_info)?;
    told.set_item("write_info", &user.write_info)?;
    told.set_item("conns_in_use", user.conns_in_use)?;
    Ok(told)
}

pub struct UserInfo;

impl Question for UserInfo {
    type Of = Users;
    const SIGNATURE: Signature =
        Signature { name: "admin_query_user_info", params: USER, doc: docs::QUERY_USER_INFO };

    fn tell<'py>(py: Python<'py>, users: &[User]) -> PyResult<Bound<'py, PyAny>> {
        one(py, users, |user| Ok(info(py, user)?.into_any()))
    }
}

pub struct UsersInfo;

impl Question for UsersInfo {
    type Of = Users;
    const SIGNATURE: Signature =
        Signature { name: "admin_query_users_info", params: ALL, doc: docs::QUERY_USERS_INFO };

    fn tell<'py>(py: Python<'py>, users: &[User]) -> PyResult<Bound<'py, PyAny>> {
        let list = PyList::empty(py);
        users.iter().try_for_each(|user| list.append(info(py, user)?))?;
        Ok(list.into_any())
    }
}

pub struct UserRoles;

impl Question for UserRoles {
    type Of = Users;
    const SIGNATURE: Signature =
        Signature { name: "admin_query_user", params: USER, doc: docs::QUERY_USER };

    fn tell<'py>(py: Python<'py>, users: &[User]) -> PyResult<Bound<'py, PyAny>> {
        one(py, users, |user| Ok(PyList::new(py, &user.roles)?.into_any()))
    }
}

pub struct UsersRoles;

impl Question for UsersRoles {
    type Of = Users;
    const SIGNATURE: Signature =
        Signature { name: "admin_query_users", params: ALL, doc: docs::QUERY_USERS };

    fn tell<'py>(py: Python<'py>, users: &[User]) -> PyResult<Bound<'py, PyAny>> {
        let dict = PyDict::new(py);
        users.iter().try_for_each(|user| dict.set_item(&user.user, &user.roles))?;
        Ok(dict.into_any())
    }
}
