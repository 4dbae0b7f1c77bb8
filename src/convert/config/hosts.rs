//! Addresses of nodes.

use aerospike_core::Host;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyList, PyString, PyTuple};

use crate::convert::bins::within;
use crate::convert::table::Field;
use crate::convert::text::required_utf8;
use crate::convert::type_name;
use crate::interp::objects::int_value;

const DEFAULT_PORT: u16 = 3000;

/// The nodes that a client starts from.
pub fn hosts(field: &Field<'_, '_>) -> PyResult<Vec<Host>> {
    let hosts = if let Ok(list) = field.value.cast::<PyList>() {
        list.to_tuple()
    } else if let Ok(tuple) = field.value.cast::<PyTuple>() {
        tuple.clone()
    } else {
        return Err(field.wrong_type("a list or tuple of hosts"));
    };
    if hosts.is_empty() {
        return Err(PyValueError::new_err("config key \"hosts\" must have at least one host"));
    }
    let named = |(index, value): (usize, &Bound<'_, PyAny>)| {
        let part = format_args!("config key \"hosts\", item {index}").to_string();
        host(value).map_err(|error| within(value.py(), error, part))
    };
    hosts.as_slice().iter().enumerate().map(named).collect()
}

fn host(host: &Bound<'_, PyAny>) -> PyResult<Host> {
    if let Ok(text) = host.cast::<PyString>() {
        return from_text(required_utf8(text, "a host")?);
    }
    let Ok(parts) = host.cast::<PyTuple>() else {
        return Err(PyTypeError::new_err(format!(
            "a host must be (host, port[, tls_name]), \"host\" or \"host:port\", not {}",
            type_name(host)
        )));
    };
    let (name, port, tls_name) = match parts.as_slice() {
        [name] => (name, None, None),
        [name, port] => (name, Some(port), None),
        [name, port, tls_name] if tls_name.is_none() => (name, Some(port), None),
        [name, port, tls_name] => (name, Some(port), Some(tls_name)),
        parts => {
            return Err(PyValueError::new_err(format!(
                "a host must have 1 to 3 parts (host, port, tls_name), not {}",
                parts.len()
            )));
        }
    };
    let name = named(required_utf8(name, "the host's name")?)?;
    let port = port.map_or(Ok(DEFAULT_PORT), port_from_py)?;
    Ok(match tls_name {
        None => Host::new(name, port),
        Some(tls_name) => Host::new_tls(name, required_utf8(tls_name, "the TLS name")?, port),
    })
}

fn named(name: &str) -> PyResult<&str> {
    match name.trim() {
        "" => Err(PyValueError::new_err("the host's name is empty")),
        name => Ok(name),
    }
}

fn port_from_py(port: &Bound<'_, PyAny>) -> PyResult<u16> {
    match port.cast::<PyInt>() {
        Ok(int) if !int.is_instance_of::<PyBool>() => int_value(int)
            .and_then(|port| u16::try_from(port).ok())
            .filter(|port| *port != 0)
            .ok_or_else(|| wrong_port(&int.to_string())),
        _ => Err(PyTypeError::new_err(format!("the port must be int, not {}", type_name(port)))),
    }
}

fn wrong_port(given: &str) -> PyErr {
    PyValueError::new_err(format!("the port must be from 1 to 65535, not {given}"))
}

/// A host from `name`, `name:port`, or an IPv6 address, in brackets if a port follows.
fn from_text(text: &str) -> PyResult<Host> {
    let (name, port) = split(text);
    let port = match port {
        None => DEFAULT_PORT,
        Some(port) => match port.parse() {
            Ok(port) if port != 0 => port,
            _ => return Err(wrong_port(&format!("{port:?}"))),
        },
    };
    Ok(Host::new(named(name)?, port))
}

fn split(text: &str) -> (&str, Option<&str>) {
    if let Some((name, rest)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        return (name, rest.strip_prefix(':'));
    }
    match text.split_once(':') {
        Some((_, rest)) if rest.contains(':') => (text, None),
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn ports_follow_the_last_colon_of_names_and_brackets() {
        assert_eq!(split("db"), ("db", None));
        assert_eq!(split("db:3100"), ("db", Some("3100")));
        assert_eq!(split("10.0.0.1:3100"), ("10.0.0.1", Some("3100")));
        assert_eq!(split("::1"), ("::1", None));
        assert_eq!(split("[::1]"), ("::1", None));
        assert_eq!(split("[::1]:3100"), ("::1", Some("3100")));
    }
}
