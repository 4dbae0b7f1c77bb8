//! The dict of one operation, or of one step of a context.

use aerospike_core::operations::{CdtContext, Operation};
use aerospike_core::{IndexMap, Value};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyString};

use super::Made;
use super::answer::{Answer, Kind};
use super::context::context_from_py;
use crate::convert::bins::{bin_name_from_py, within};
use crate::convert::table::Field;
use crate::convert::text::utf8;
use crate::convert::type_name;
use crate::convert::value::{Reader, map_key_from_py, operand_from_py, value_from_py};
use crate::interp::objects::{dict_items, int_value};

/// A row of a table of operations or steps.
pub trait Named {
    fn code(&self) -> i64;
    fn name(&self) -> &'static str;
    /// The keys besides the head key.
    fn keys(&self) -> &'static [&'static str];
}

pub struct Arguments<'a, 'py> {
    items: Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    reader: Reader<'a>,
    /// The key that tells which operation or step it is.
    head: &'static str,
    /// Its name.
    owner: &'static str,
}

impl<'a, 'py> Arguments<'a, 'py> {
    pub fn of(
        dict: &Bound<'py, PyAny>,
        reader: Reader<'a>,
        what: &'static str,
        head: &'static str,
    ) -> PyResult<Self> {
        match dict.cast::<PyDict>() {
            Ok(dict) => Ok(Self { items: dict_items(dict), reader, head, owner: what }),
            Err(_) => {
                Err(PyTypeError::new_err(format!("{what} must be a dict, not {}", type_name(dict))))
            }
        }
    }

    /// Finds by the number under the head key which of the rows it is, and refuses keys that
    /// such a one does not have, except a bin or value of None.
    pub fn row<R: Named>(
        &mut self,
        rows: impl Iterator<Item = &'static R> + Clone,
    ) -> PyResult<&'static R> {
        let head = self.head;
        let Some(code) = self.get(head)? else {
            return Err(PyValueError::new_err(format!("the dict has no key {head:?}")));
        };
        let int = match code.cast::<PyInt>() {
            Ok(int) if !int.is_instance_of::<PyBool>() => int,
            _ => {
                return Err(PyTypeError::new_err(format!(
                    "key {head:?} must be int, not {}",
                    type_name(code)
                )));
            }
        };
        let Some(row) = rows.clone().find(|row| Some(row.code()) == int_value(int)) else {
            let known: Vec<_> =
                rows.map(|row| format!("{} ({})", row.name(), row.code())).collect();
            return Err(PyValueError::new_err(format!(
                "key {head:?} must be one of {}, not {int}",
                known.join(", ")
            )));
        };
        self.check_keys(row.name(), row.keys())?;
        self.owner = row.name();
        Ok(row)
    }

    pub fn get(&self, name: &str) -> PyResult<Option<&Bound<'py, PyAny>>> {
        for (key, value) in &self.items {
            if key_text(key)? == name {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    fn check_keys(&self, owner: &str, permitted: &[&str]) -> PyResult<()> {
        for (key, value) in &self.items {
            let key = key_text(key)?;
            let unused = value.is_none() && matches!(key, "bin" | "val");
            if key != self.head && !permitted.contains(&key) && !unused {
                let mut known = vec![self.head];
                known.extend(permitted);
                return Err(PyValueError::new_err(format!(
                    "{owner} has no key {key:?}. Permitted are: {}",
                    known.join(", ")
                )));
            }
        }
        Ok(())
    }

    /// The name of the bin, or None for all bins.
    pub fn optional_bin(&self) -> PyResult<Option<String>> {
        match self.get("bin")? {
            Some(bin) if !bin.is_none() => bin_name_from_py(bin).map(Some),
            _ => Ok(None),
        }
    }

    pub fn bin(&self) -> PyResult<String> {
        match self.optional_bin()? {
            Some(bin) => Ok(bin),
            None => Err(PyValueError::new_err("key \"bin\" must be given: the name of a bin")),
        }
    }

    /// The argument of a key, or None if it is not given or None.
    pub fn field(&self, name: &'static str) -> PyResult<Option<Field<'_, 'py>>> {
        let value = self.get(name)?.filter(|value| !value.is_none());
        Ok(value.map(|value| Field::new(self.owner, name, value)))
    }

    /// The argument of a key that must be given, and not be None.
    pub fn required(&self, name: &'static str) -> PyResult<Field<'_, 'py>> {
        self.field(name)?.ok_or_else(|| self.missing(name))
    }

    /// The error of an argument that is not given.
    pub fn missing(&self, name: &str) -> PyErr {
        PyValueError::new_err(format!("key {name:?} of {} must be given", self.owner))
    }

    pub fn int(&self, name: &'static str) -> PyResult<i64> {
        self.required(name)?.int()
    }

    pub fn optional_int(&self, name: &'static str) -> PyResult<Option<i64>> {
        self.field(name)?.map(|field| field.int()).transpose()
    }

    /// A bool that is False unless it is given.
    pub fn flag(&self, name: &'static str) -> PyResult<bool> {
        Ok(self.field(name)?.map(|field| field.bool()).transpose()?.unwrap_or_default())
    }

    /// Flags combined by `|`, none unless they are given.
    pub fn flags(&self, name: &'static str, flags: &[(u8, &str)]) -> PyResult<u8> {
        Ok(self.field(name)?.map(|field| field.flags(flags)).transpose()?.unwrap_or_default())
    }

    /// A value to store, which may be None but must be given.
    pub fn value(&self, name: &str) -> PyResult<Value> {
        self.read(name, value_from_py)
    }

    /// A value to compare with, which may be None but must be given.
    pub fn operand(&self, name: &str) -> PyResult<Value> {
        self.read(name, operand_from_py)
    }

    /// The key of an item of a map.
    pub fn map_key(&self, name: &str) -> PyResult<Value> {
        self.read(name, map_key_from_py)
    }

    fn read(
        &self,
        name: &str,
        from_py: fn(&Bound<'_, PyAny>, Reader<'_>) -> PyResult<Value>,
    ) -> PyResult<Value> {
        let value = self.get(name)?.ok_or_else(|| self.missing(name))?;
        from_py(value, self.reader)
            .map_err(|error| within(value.py(), error, format_args!("key {name:?}")))
    }

    /// The lower end of a range, which it includes, and the upper one, which it does not. None
    /// is for no end, and Nil tells the server so: as the lower one because nothing is below
    /// it, as the upper one because aerospike-core does not send it.
    pub fn range(&self) -> PyResult<(Value, Value)> {
        let (begin, end) = (self.optional_operand("begin")?, self.optional_operand("end")?);
        if end.is_nil() && self.field("end")?.is_some() {
            // Nothing is below null(), nor in a range that ends where it begins.
            let nowhere = if begin.is_nil() { Value::Int(i64::MIN) } else { begin };
            return Ok((nowhere.clone(), nowhere));
        }
        Ok((begin, end))
    }

    fn optional_operand(&self, name: &'static str) -> PyResult<Value> {
        match self.field(name)? {
            Some(_) => self.operand(name),
            None => Ok(Value::Nil),
        }
    }

    /// A value of certain types only.
    pub fn value_of(
        &self,
        name: &'static str,
        accepts: fn(&Value) -> bool,
        accepted: &str,
    ) -> PyResult<Value> {
        match self.value(name)? {
            value if accepts(&value) => Ok(value),
            Value::Nil => {
                Err(PyTypeError::new_err(format!("key {name:?} must be {accepted}, not NoneType")))
            }
            _ => Err(self.required(name)?.wrong_type(accepted)),
        }
    }

    /// What the operation is to return, and whether of those that it does not select. That is
    /// told by a flag in the return type, or by a key of its own.
    pub fn return_type<T: Copy>(
        &self,
        choices: &[(i64, &str, T)],
        inverted: &str,
    ) -> PyResult<(T, bool)> {
        const INVERTED: i64 = 0x10000;
        let field = self.required("return_type")?;
        let code = field.int()?;
        let plain = code & !INVERTED;
        let Some((.., returned)) = choices.iter().find(|(known, ..)| *known == plain) else {
            let named: Vec<_> =
                choices.iter().map(|(code, name, _)| format!("{name} ({code})")).collect();
            return Err(field.wrong_value(&format!(
                "one of {}, or one of them | {inverted} ({INVERTED})",
                named.join(", ")
            )));
        };
        Ok((*returned, code != plain || self.flag("inverted")?))
    }

    /// Values to store.
    pub fn values(&self, name: &'static str) -> PyResult<Vec<Value>> {
        self.list(name, self.value(name)?)
    }

    /// Values to compare with.
    pub fn operands(&self, name: &'static str) -> PyResult<Vec<Value>> {
        self.list(name, self.operand(name)?)
    }

    fn list(&self, name: &'static str, values: Value) -> PyResult<Vec<Value>> {
        match values {
            Value::List(values) => Ok(values),
            _ => Err(self.required(name)?.wrong_type("list or tuple")),
        }
    }

    /// Items to put in a map.
    pub fn items(&self, name: &'static str) -> PyResult<IndexMap<Value, Value>> {
        match self.value(name)? {
            Value::OrderedMap(items) => Ok(items),
            Value::SortedMap(items) => Ok(items.into_iter().collect()),
            _ => Err(self.required(name)?.wrong_type("dict")),
        }
    }

    /// The way to the list or map within the bin that is meant, empty for the bin's own.
    pub fn context(&self) -> PyResult<Vec<CdtContext>> {
        match self.field("ctx")? {
            Some(context) => context_from_py(context.value, self.reader),
            None => Ok(Vec::new()),
        }
    }

    /// The way to many elements at once.
    pub fn path(&self) -> PyResult<Vec<CdtContext>> {
        let context = self.required("ctx")?;
        match self.context()? {
            steps if steps.is_empty() => Err(context.refused("it must have a step at least")),
            steps => Ok(steps),
        }
    }

    /// An operation on what a bin holds, at its context.
    pub fn on_bin(&self, make: impl FnOnce(String) -> Operation) -> PyResult<Made> {
        let bin = self.bin()?;
        let operation = make(bin.clone()).context(self.context()?);
        Ok(Made { operation, answer: Answer { bin, kind: Kind::Value }, expiration: None })
    }
}

fn key_text<'a>(key: &'a Bound<'_, PyAny>) -> PyResult<&'a str> {
    match key.cast::<PyString>() {
        Ok(text) => utf8(text, "a key"),
        Err(_) => Err(PyTypeError::new_err(format!("keys must be str, not {}", type_name(key)))),
    }
}
