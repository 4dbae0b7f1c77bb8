//! Users, roles and privileges.

mod password;
mod privilege;
mod query;
pub mod role;
pub mod user;

pub use password::{ChangePassword, SetPassword};
pub use query::Query;

use aerospike_core as core;
use core::policy::AdminPolicy;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::client::task::Input;
use crate::convert::argument::items_from_py;
use crate::convert::policy::security_policy;
use crate::convert::text::required_utf8;
use crate::interp::args::{Args, Param, optional};

const POLICY: Param = optional("policy", "None");

/// The longest name of a user or role, in bytes.
const MAX_NAME_SIZE: usize = 63;

/// As many roles, privileges or addresses a message can have.
const MAX_COUNT: usize = 255;

/// The room for them in a message of the core.
const ROOM: usize = 800;

fn name_from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<String> {
    match required_utf8(value, what)? {
        "" => Err(PyValueError::new_err(format!("{what} is empty"))),
        name if name.len() > MAX_NAME_SIZE => Err(PyValueError::new_err(format!(
            "{what} has {} bytes as UTF-8, where {MAX_NAME_SIZE} are permitted: {name:?}",
            name.len()
        ))),
        name => Ok(name.to_owned()),
    }
}

/// The name at a position of the arguments.
fn name(args: &Args<'_, '_>, params: &[Param], index: usize) -> PyResult<String> {
    name_from_py(&args.required(index), params[index].name)
}

/// A password. Errors don't show it.
fn password(args: &Args<'_, '_>, params: &[Param], index: usize) -> PyResult<String> {
    match required_utf8(&args.required(index), params[index].name)? {
        "" => Err(PyValueError::new_err(format!("{} is empty", params[index].name))),
        password => Ok(password.to_owned()),
    }
}

/// The names of roles.
fn roles(args: &Args<'_, '_>, params: &[Param], index: usize) -> PyResult<Vec<String>> {
    let what = params[index].name;
    let items = items_from_py(&args.required(index), what, "a list or tuple of names of roles")?;
    let names = items
        .as_slice()
        .iter()
        .map(|role| name_from_py(role, "the name of a role"))
        .collect::<PyResult<Vec<_>>>()?;
    check_room(what, names.len(), names.iter().map(|name| name.len() + 1).sum())?;
    Ok(names)
}

/// Makes sure that a list fits into a message.
fn check_room(what: &str, count: usize, size: usize) -> PyResult<()> {
    if count > MAX_COUNT || size > ROOM {
        return Err(PyValueError::new_err(format!(
            "{what} has {count} items of {size} bytes, where a call can send {MAX_COUNT} of \
             {ROOM} bytes together: give the others in another call"
        )));
    }
    Ok(())
}

fn policy(input: &Input<'_>, args: &Args<'_, '_>, index: usize) -> PyResult<AdminPolicy> {
    security_policy(args.optional(index).as_deref(), &input.config.policies.admin)
}

fn borrowed(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}
