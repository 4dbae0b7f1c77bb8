//! An expression from a description: a list that mirrors the array on the wire.
//!
//! An item is an int or a str, which goes as it is; bytes, packed already; a list, which is an
//! array within; or a tuple `(parameter, set)`, which is an operand: the argument of that name,
//! of one of the kinds in the set. `"*name"` is an operand for each item of a tuple, and
//! `(parameter, set, index)` one for one of them. Instead of a list, an operand alone is a value.

use aerospike_core::Value;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyInt, PyList, PyString, PyTuple};

use super::context;
use super::kind::{Kind, UNKNOWN, names, of};
use super::msgpack::{write_array, write_int, write_literal, write_name, write_raw};
use super::{Expression, of as expression_of};
use crate::convert::bins::{bin_name_from_py, within};
use crate::convert::text::utf8;
use crate::convert::type_name;
use crate::convert::value::{Reader, operand_from_py};
use crate::interp::objects::{dict_items, int_value};

// What a set tells beside kinds; python/aerospike_py/exp/_kinds.py has the same numbers.
const SAME: i64 = 1 << 20;
const OR_UNKNOWN: i64 = 1 << 21;
const BY_NAME: i64 = 1 << 22;
const BIN_NAME: i64 = 1 << 23;
const TEXT: i64 = 1 << 24;
const NUMBER: i64 = 1 << 25;
const RAW: i64 = 1 << 26;
const CONTEXT: i64 = 1 << 27;

/// The longest text that is kept of a call, in bytes, and of a value in it, in characters.
const SHOWN: usize = 4000;
const SHOWN_VALUE: usize = 80;

/// Parameters that are None unless they are given.
const OPTIONAL: &[&str] = &[
    "begin",
    "end",
    "count",
    "value_type",
    "separator",
    "policy",
    "ctx",
    "index_bits",
    "minhash_bits",
    "occurrence",
    "numeric_type",
];

/// Packs what the function `name` describes; `given` are its arguments by name.
pub fn pack(
    name: &str,
    given: &Bound<'_, PyDict>,
    items: &Bound<'_, PyAny>,
    reader: Reader<'_>,
) -> PyResult<Expression> {
    let given = dict_items(given);
    let mut packer = Packer { name, given: &given, reader, same: None };
    let mut bytes = Vec::new();
    packer.item(&mut bytes, items)?;
    Ok(Expression::new(bytes, show(name, &given)?))
}

type Given<'py> = [(Bound<'py, PyAny>, Bound<'py, PyAny>)];

struct Packer<'a, 'py> {
    name: &'a str,
    given: &'a Given<'py>,
    reader: Reader<'a>,
    /// The operand that others must be of the same kind as.
    same: Option<(String, Kind)>,
}

impl<'py> Packer<'_, 'py> {
    fn array(&mut self, out: &mut Vec<u8>, items: &Bound<'py, PyList>) -> PyResult<()> {
        let mut contents = Vec::new();
        let mut count = 0;
        for item in items.to_tuple().as_slice() {
            count += self.item(&mut contents, item)?;
        }
        write_array(out, count);
        out.append(&mut contents);
        Ok(())
    }

    /// Packs an item, and tells how many elements it has become.
    fn item(&mut self, out: &mut Vec<u8>, item: &Bound<'py, PyAny>) -> PyResult<usize> {
        if let Ok(operand) = item.cast::<PyTuple>() {
            let parameter = operand.get_item(0)?;
            let parameter = utf8(parameter.cast()?, "a parameter")?;
            let set = int_value(operand.get_item(1)?.cast()?).unwrap_or_default();
            return match operand.as_slice().get(2) {
                Some(index) => {
                    let index = index.extract::<usize>()?;
                    let value = self.argument(parameter)?.get_item(index)?;
                    self.one(out, &format!("{parameter}[{index}]"), set, &value).map(|()| 1)
                }
                None => self.operand(out, parameter, set),
            };
        }
        if let Ok(int) = item.cast::<PyInt>() {
            write_int(out, int_value(int).unwrap_or_default());
        } else if let Ok(text) = item.cast::<PyString>() {
            write_name(out, utf8(text, "text")?);
        } else if let Ok(bytes) = item.cast::<PyBytes>() {
            out.extend_from_slice(bytes.as_bytes());
        } else {
            self.array(out, item.cast()?)?;
        }
        Ok(1)
    }

    fn operand(&mut self, out: &mut Vec<u8>, parameter: &str, set: i64) -> PyResult<usize> {
        let Some(parameter) = parameter.strip_prefix('*') else {
            let value = self.argument(parameter)?;
            self.one(out, parameter, set, &value)?;
            return Ok(1);
        };
        let values = self.argument(parameter)?.cast_into::<PyTuple>()?;
        for (index, value) in values.as_slice().iter().enumerate() {
            self.one(out, &format!("{parameter}[{index}]"), set, value)?;
        }
        Ok(values.len())
    }

    fn argument(&self, parameter: &str) -> PyResult<Bound<'py, PyAny>> {
        for (name, value) in self.given {
            if utf8(name.cast()?, "a parameter")? == parameter {
                return Ok(value.clone());
            }
        }
        Err(PyTypeError::new_err(format!("exp.{}() has no {parameter}", self.name)))
    }

    fn one(
        &mut self,
        out: &mut Vec<u8>,
        parameter: &str,
        set: i64,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<()> {
        let start = out.len();
        if set & CONTEXT != 0 {
            return self.told(parameter, value, context::write(out, value, self.reader));
        }
        if set & (BIN_NAME | TEXT | NUMBER) != 0 {
            return self.plain(out, parameter, set, value);
        }
        let kind = match expression_of(value) {
            Some(expression) if set & RAW != 0 => {
                write_raw(out, expression.bytes());
                return Ok(());
            }
            Some(expression) => {
                out.extend_from_slice(expression.bytes());
                expression.kind
            }
            None => self.value(out, parameter, set, value)?,
        };
        let Some(kind) = kind else { return Ok(()) };
        if set & OR_UNKNOWN != 0 && &out[start..] == UNKNOWN {
            return Ok(());
        }
        if set & kind.bit() == 0 {
            return Err(self.wrong(parameter, &names(set), kind.name()));
        }
        if set & SAME != 0 {
            match &self.same {
                None => self.same = Some((parameter.to_owned(), kind)),
                Some((_, same)) if *same == kind => {}
                Some((other, same)) => {
                    return Err(PyTypeError::new_err(format!(
                        "exp.{}(): {other} and {parameter} must be of the same type, not {} and {}",
                        self.name,
                        same.name(),
                        kind.name()
                    )));
                }
            }
        }
        Ok(())
    }

    /// An operand that is no expression: a value, or the name of a bin.
    fn value(
        &self,
        out: &mut Vec<u8>,
        parameter: &str,
        set: i64,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Kind>> {
        if set & BY_NAME != 0 && value.is_instance_of::<PyString>() {
            let name = self.told(parameter, value, bin_name_from_py(value))?;
            let kind = Kind::first(set).unwrap_or(Kind::Str);
            out.extend([0x93, 81, kind as u8]);
            write_name(out, &name);
            return Ok(Some(kind));
        }
        let start = out.len();
        let value = self.told(parameter, value, operand_from_py(value, self.reader))?;
        write_literal(out, &value)?;
        Ok(match value {
            Value::List(_) => Some(Kind::List),
            _ => of(&out[start..]),
        })
    }

    /// An argument that goes without its type, or is a number.
    fn plain(
        &self,
        out: &mut Vec<u8>,
        parameter: &str,
        set: i64,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<()> {
        if set & NUMBER != 0 {
            match value.cast::<PyInt>() {
                Ok(int) if !int.is_instance_of::<PyBool>() => {
                    let int = int_value(int).ok_or_else(|| {
                        PyValueError::new_err(format!(
                            "exp.{}(): {parameter} is out of range",
                            self.name
                        ))
                    })?;
                    write_int(out, int);
                    return Ok(());
                }
                _ => return Err(self.wrong(parameter, "int", &type_name(value))),
            }
        }
        if set & BIN_NAME != 0 {
            write_name(out, &self.told(parameter, value, bin_name_from_py(value))?);
            return Ok(());
        }
        match value.cast::<PyString>() {
            Ok(text) => {
                let text = self.told(parameter, value, utf8(text, "the text"))?;
                if set & RAW != 0 {
                    write_raw(out, text.as_bytes());
                } else {
                    write_name(out, text);
                }
                Ok(())
            }
            Err(_) => Err(self.wrong(parameter, "str", &type_name(value))),
        }
    }

    fn wrong(&self, parameter: &str, wanted: &str, given: &str) -> PyErr {
        let name = self.name;
        PyTypeError::new_err(format!("exp.{name}(): {parameter} must be {wanted}, not {given}"))
    }

    /// Names the argument in an error about it.
    fn told<T>(&self, parameter: &str, value: &Bound<'_, PyAny>, read: PyResult<T>) -> PyResult<T> {
        read.map_err(|error| {
            within(value.py(), error, format_args!("exp.{}(): {parameter}", self.name))
        })
    }
}

/// The call, as it may be written.
fn show(name: &str, given: &Given<'_>) -> PyResult<String> {
    let mut shown = Vec::new();
    let mut told = given;
    while let Some(((parameter, value), before)) = told.split_last()
        && is_default(utf8(parameter.cast()?, "a parameter")?, value)
    {
        told = before;
    }
    for (parameter, value) in told {
        match value.cast::<PyTuple>() {
            Ok(values) if utf8(parameter.cast()?, "a parameter")? == "exprs" => {
                for value in values.as_slice() {
                    shown.push(show_value(value)?);
                }
            }
            _ => shown.push(show_value(value)?),
        }
    }
    let text = format!("exp.{name}({})", shown.join(", "));
    Ok(if text.len() > SHOWN { format!("exp.{name}(...)") } else { text })
}

/// Whether an argument may be left out of a call, where no other comes after it.
fn is_default(parameter: &str, value: &Bound<'_, PyAny>) -> bool {
    match value.cast::<PyBool>() {
        Ok(bool) => parameter == "inverted" && !bool.is_true(),
        Err(_) => value.is_none() && OPTIONAL.contains(&parameter),
    }
}

fn show_value(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Some(expression) = expression_of(value) {
        return Ok(expression.text.clone());
    }
    let text = value.repr()?;
    let text = text.to_string_lossy();
    Ok(match text.char_indices().nth(SHOWN_VALUE) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.into_owned(),
    })
}
