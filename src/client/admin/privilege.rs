//! Privileges: dicts with a code and, for those on records, a namespace and a set.

use aerospike_core as core;
use core::{Privilege, PrivilegeCode};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::check_room;
use crate::convert::argument::items_from_py;
use crate::convert::bins::within;
use crate::convert::table::{Field, Row, apply};

/// The codes from here on can be limited to a namespace and a set.
const FIRST_SCOPED: u8 = 10;

/// The code of each privilege, its constant, and its name, which is that of a role, too.
const CODES: &[(u8, &str, &str)] = &[
    (0, "PRIV_USER_ADMIN", "user-admin"),
    (1, "PRIV_SYS_ADMIN", "sys-admin"),
    (2, "PRIV_DATA_ADMIN", "data-admin"),
    (3, "PRIV_UDF_ADMIN", "udf-admin"),
    (4, "PRIV_SINDEX_ADMIN", "sindex-admin"),
    (10, "PRIV_READ", "read"),
    (11, "PRIV_READ_WRITE", "read-write"),
    (12, "PRIV_READ_WRITE_UDF", "read-write-udf"),
    (13, "PRIV_WRITE", "write"),
    (14, "PRIV_TRUNCATE", "truncate"),
    (15, "PRIV_MASKING_ADMIN", "masking-admin"),
    (16, "PRIV_READ_MASKED", "read-masked"),
    (17, "PRIV_WRITE_MASKED", "write-masked"),
];

#[derive(Default)]
struct Draft {
    code: Option<u8>,
    namespace: String,
    set: String,
}

const ROWS: &[Row<Draft>] = &[
    ("code", |draft, field| {
        draft.code = Some(code(field)?);
        Ok(())
    }),
    ("ns", |draft, field| {
        draft.namespace = scope(field, 31)?;
        Ok(())
    }),
    ("set", |draft, field| {
        draft.set = scope(field, 63)?;
        Ok(())
    }),
];

fn code(field: &Field<'_, '_>) -> PyResult<u8> {
    let found = match field.value.cast::<PyString>() {
        Ok(_) => {
            let given = field.text()?;
            CODES.iter().find(|(.., name)| *name == given)
        }
        Err(_) => {
            let given = field.int()?;
            CODES.iter().find(|(code, ..)| i64::from(*code) == given)
        }
    };
    found.map(|(code, ..)| *code).ok_or_else(|| {
        let known: Vec<_> =
            CODES.iter().map(|(code, name, text)| format!("{name} ({code}, {text:?})")).collect();
        field.wrong_value(&format!("one of {}", known.join(", ")))
    })
}

/// A namespace or set that a privilege is limited to; None and the empty name are no limit.
fn scope(field: &Field<'_, '_>, longest: usize) -> PyResult<String> {
    if field.value.is_none() {
        return Ok(String::new());
    }
    match field.text()? {
        name if name.len() > longest => {
            Err(field.wrong_value(&format!("at most {longest} bytes of UTF-8")))
        }
        name => Ok(name.to_owned()),
    }
}

fn privilege(dict: &Bound<'_, PyAny>) -> PyResult<Privilege> {
    let mut draft = Draft::default();
    apply(dict, "a privilege", &[ROWS], &mut draft)?;
    let Draft { code, namespace, set } = draft;
    let Some(code) = code else {
        return Err(PyValueError::new_err("a privilege must have the key \"code\""));
    };
    if code < FIRST_SCOPED && !(namespace.is_empty() && set.is_empty()) {
        return Err(PyValueError::new_err(format!(
            "a privilege with the code {code} is for the whole cluster: it can have no \"ns\" or \
             \"set\""
        )));
    }
    if namespace.is_empty() && !set.is_empty() {
        return Err(PyValueError::new_err("a privilege with a \"set\" must have a \"ns\" as well"));
    }
    let some = |name: String| (!name.is_empty()).then_some(name);
    let code =
        PrivilegeCode::try_from(code).map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(Privilege::new(code, some(namespace), some(set)))
}

/// A list of privileges.
pub fn privileges_from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Vec<Privilege>> {
    let items = items_from_py(value, what, "a list or tuple of privileges")?;
    let one = |(index, item): (usize, &Bound<'_, PyAny>)| {
        let part = format_args!("{what}[{index}]").to_string();
        privilege(item).map_err(|error| within(value.py(), error, part))
    };
    let privileges = items.as_slice().iter().enumerate().map(one).collect::<PyResult<Vec<_>>>()?;
    let size = |name: &Option<String>| name.as_ref().map_or(0, String::len) + 1;
    let sizes = privileges.iter().map(|one| 1 + size(&one.namespace) + size(&one.set_name));
    check_room(what, privileges.len(), sizes.sum())?;
    Ok(privileges)
}

/// A privilege as Python has it: without `ns` and `set` where it is not limited to them.
pub fn to_py<'py>(py: Python<'py>, privilege: &Privilege) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("code", u8::from(&privilege.code))?;
    for (key, name) in [("ns", &privilege.namespace), ("set", &privilege.set_name)] {
        if let Some(name) = name.as_ref().filter(|name| !name.is_empty()) {
            dict.set_item(key, name)?;
        }
    }
    Ok(dict)
}
