//! Dicts whose every key is known: a table has a row for each, with what it does.

use std::ops::RangeInclusive;

use aerospike_core::expressions as core;
use pyo3::exceptions::{PyNotImplementedError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyString};

use super::argument::choose;
use super::text::{required_utf8, utf8};
use super::type_name;
use crate::expression::{self, Expression};
use crate::interp::objects::{dict_items, int_value, unsigned_value};

/// One key, and how its value changes a `T`.
pub type Row<T> = (&'static str, fn(&mut T, &Field<'_, '_>) -> PyResult<()>);

/// Changes `target` as the items of a dict say. `what` names the dict in errors.
pub fn apply<T>(
    dict: &Bound<'_, PyAny>,
    what: &str,
    tables: &[&[Row<T>]],
    target: &mut T,
) -> PyResult<()> {
    let Ok(dict) = dict.cast::<PyDict>() else {
        return Err(PyTypeError::new_err(format!(
            "{what} must be a dict, not {}",
            type_name(dict)
        )));
    };
    for (key, value) in dict_items(dict) {
        let Ok(key) = key.cast::<PyString>() else {
            return Err(PyTypeError::new_err(format!(
                "keys of {what} must be str, not {}",
                type_name(&key)
            )));
        };
        let key = utf8(key, "a key")?;
        let mut rows = tables.iter().copied().flatten();
        match rows.find(|(name, _)| *name == key) {
            Some((name, set)) => set(target, &Field { what, key: name, value: &value })?,
            None => return Err(unknown_key(what, key, tables)),
        }
    }
    Ok(())
}

fn unknown_key<T>(what: &str, key: &str, tables: &[&[Row<T>]]) -> PyErr {
    let mut permitted: Vec<_> = tables.iter().copied().flatten().map(|(name, _)| *name).collect();
    permitted.sort_unstable();
    let near: Vec<_> = permitted
        .iter()
        .filter(|name| is_near(key, name))
        .map(|name| format!("{name:?}"))
        .collect();
    let hint = match near.is_empty() {
        true => String::new(),
        false => format!(" Did you mean {}?", near.join(" or ")),
    };
    PyValueError::new_err(format!(
        "{what} has an unknown key {key:?}.{hint} Permitted are: {}",
        permitted.join(", ")
    ))
}

/// Whether two names differ by a slip: few letters, or only in case and underscores.
fn is_near(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.to_lowercase().replace(['_', '-'], "");
    let (one, other) = (plain(one), plain(other));
    let shorter = one.len().min(other.len());
    distance(&one, &other) <= 3.min((shorter + 1) / 3)
        || (shorter >= 4 && (one.contains(&other) || other.contains(&one)))
}

/// How many letters must be put, taken or replaced to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

/// A key of a dict, with its value.
pub struct Field<'a, 'py> {
    what: &'a str,
    pub key: &'static str,
    pub value: &'a Bound<'py, PyAny>,
}

impl<'a, 'py> Field<'a, 'py> {
    pub fn new(what: &'a str, key: &'static str, value: &'a Bound<'py, PyAny>) -> Self {
        Self { what, key, value }
    }

    /// Whether it is a default of a client, not what a call says.
    pub fn is_of_client(&self) -> bool {
        self.what.starts_with("config")
    }

    /// The error of a value of a wrong type.
    pub fn wrong_type(&self, wanted: &str) -> PyErr {
        self.refused_type(&format!("{wanted}, not {}", type_name(self.value)))
    }

    /// The same, where the type's name doesn't tell what is wrong with it.
    pub fn refused_type(&self, wanted: &str) -> PyErr {
        let Self { what, key, .. } = self;
        PyTypeError::new_err(format!("{what} key {key:?} must be {wanted}"))
    }

    /// The error of a value that is not permitted.
    pub fn wrong_value(&self, permitted: &str) -> PyErr {
        let Self { what, key, value } = self;
        let given = value.repr().map(|text| text.to_string()).unwrap_or_default();
        PyValueError::new_err(format!("{what} key {key:?} must be {permitted}, not {given}"))
    }

    /// The error of a key that has no meaning, or none with this value.
    pub fn refused(&self, why: &str) -> PyErr {
        let Self { what, key, .. } = self;
        PyValueError::new_err(format!("{what} key {key:?}: {why}"))
    }

    /// The error of a key that belongs to what does not exist yet.
    pub fn not_built(&self, feature: &str) -> PyErr {
        let Self { what, key, .. } = self;
        PyNotImplementedError::new_err(format!(
            "{what} key {key:?} can't be used: this version has no {feature}"
        ))
    }

    pub fn bool(&self) -> PyResult<bool> {
        match self.value.cast::<PyBool>() {
            Ok(bool) => Ok(bool.is_true()),
            Err(_) => Err(self.wrong_type("bool")),
        }
    }

    /// An int, which a bool is not.
    pub fn int(&self) -> PyResult<i64> {
        match self.value.cast::<PyInt>() {
            Ok(int) if !int.is_instance_of::<PyBool>() => {
                int_value(int).ok_or_else(|| self.wrong_value("a number of 64 bits"))
            }
            _ => Err(self.wrong_type("int")),
        }
    }

    /// An int that fits 64 bits without a sign, if it is one.
    pub fn unsigned(&self) -> Option<u64> {
        let int = self.value.cast::<PyInt>().ok()?;
        unsigned_value(int).filter(|_| !int.is_instance_of::<PyBool>())
    }

    pub fn int_in(&self, range: RangeInclusive<i64>) -> PyResult<i64> {
        let int = self.int()?;
        match range.contains(&int) {
            true => Ok(int),
            false => Err(self.wrong_value(&format!("from {} to {}", range.start(), range.end()))),
        }
    }

    /// A span of time in milliseconds, a count, or another number from 0.
    pub fn number(&self) -> PyResult<u32> {
        Ok(self.int_in(0..=i64::from(u32::MAX))? as u32)
    }

    pub fn count(&self) -> PyResult<usize> {
        Ok(self.number()? as usize)
    }

    pub fn float(&self) -> PyResult<f64> {
        match self.value.cast::<PyFloat>() {
            Ok(float) => Ok(float.value()),
            Err(_) => Ok(self.int().map_err(|_| self.wrong_type("float"))? as f64),
        }
    }

    /// One of several constants, each with its name and what it means.
    pub fn choice<T: Copy>(&self, choices: &[(i64, &str, T)]) -> PyResult<T> {
        choose(Some(self.int()?), choices).map_err(|permitted| self.wrong_value(&permitted))
    }

    /// Flags combined by `|`, each with its name.
    pub fn flags(&self, flags: &[(u8, &str)]) -> PyResult<u8> {
        let int = self.int()?;
        let all = flags.iter().fold(0, |all, (flag, _)| all | flag);
        match u8::try_from(int) {
            Ok(bits) if bits & !all == 0 => Ok(bits),
            _ => {
                let named: Vec<_> =
                    flags.iter().map(|(flag, name)| format!("{name} ({flag})")).collect();
                Err(self.wrong_value(&format!("0 or flags of {}", named.join(", "))))
            }
        }
    }

    /// Sets what another key sets as well, of which one at most may be given.
    pub fn once<T>(
        &self,
        target: &mut Option<T>,
        other: &str,
        read: fn(&Self) -> PyResult<T>,
    ) -> PyResult<()> {
        match target.replace(read(self)?) {
            None => Ok(()),
            Some(_) => Err(self.refused(&format!("it means the same as {other:?}: give one"))),
        }
    }

    /// An expression.
    pub fn expression(&self) -> PyResult<core::Expression> {
        self.any_expression().map(Expression::core)
    }

    /// An expression that decides.
    pub fn filter(&self) -> PyResult<core::Expression> {
        match self.any_expression()? {
            expression if expression.can_filter() => Ok(expression.core()),
            expression => {
                let kind = expression.kind_name();
                Err(self.refused_type(&format!("an expression of type bool, not {kind}")))
            }
        }
    }

    fn any_expression(&self) -> PyResult<&Expression> {
        expression::of(self.value).ok_or_else(|| {
            self.wrong_type("an Expression, made by the functions of aerospike_py.exp,")
        })
    }

    pub fn text(&self) -> PyResult<&str> {
        required_utf8(self.value, &format!("{} key {:?}", self.what, self.key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_slips_and_parts() {
        assert!(is_near("totaltimeout", "total_timeout"));
        assert!(is_near("max_retry", "max_retries"));
        assert!(is_near("timeout", "total_timeout"));
        assert!(!is_near("gen", "key"));
        assert!(!is_near("foo", "ttl"));
    }
}
