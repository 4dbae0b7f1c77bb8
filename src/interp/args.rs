//! Arguments of a call, matched to names with the checks and the wording of
//! functions written in Python.

use std::slice;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use pyo3::{Borrowed, ffi};

/// The largest number of parameters that a method has.
const MAX: usize = 9;

/// A parameter: its name, and the text of its default if it has one.
pub struct Param {
    pub name: &'static str,
    pub default: Option<&'static str>,
}

/// What Python sees of a callable: its name, its parameters, its docstring.
pub struct Signature {
    pub name: &'static str,
    pub params: &'static [Param],
    pub doc: &'static str,
}

impl Signature {
    /// Fails to compile if there are more parameters than [`Args`] binds.
    pub(super) const fn check(&self) {
        assert!(self.params.len() <= MAX, "more parameters than `MAX`");
    }
}

/// A parameter that must be given.
pub const fn required(name: &'static str) -> Param {
    Param { name, default: None }
}

/// A parameter that may be left out, with the default that `inspect.signature` shows.
pub const fn optional(name: &'static str, default: &'static str) -> Param {
    Param { name, default: Some(default) }
}

/// The arguments of one call, in the order of the signature's parameters.
pub struct Args<'a, 'py> {
    values: [Option<Borrowed<'a, 'py, PyAny>>; MAX],
}

impl<'a, 'py> Args<'a, 'py> {
    /// A parameter declared with [`required`]: binding has made sure that it is there.
    pub fn required(&self, index: usize) -> Borrowed<'a, 'py, PyAny> {
        self.values[index].expect("binding checks that required arguments are given")
    }

    /// A parameter declared with [`optional`]; `None` counts as left out.
    pub fn optional(&self, index: usize) -> Option<Borrowed<'a, 'py, PyAny>> {
        self.values[index].filter(|value| !value.is_none())
    }

    /// Binds the arguments of a vectorcall.
    ///
    /// # Safety
    /// `args`, `nargs` and `kwnames` are as CPython passes them to a
    /// `METH_FASTCALL | METH_KEYWORDS` function, alive for `'a`.
    pub(super) unsafe fn from_vector(
        py: Python<'py>,
        signature: &Signature,
        args: *const *mut ffi::PyObject,
        nargs: ffi::Py_ssize_t,
        kwnames: *mut ffi::PyObject,
    ) -> PyResult<Self> {
        let mut bound = Self { values: [None; MAX] };
        let count = nargs as usize;
        // SAFETY: `args` holds `nargs` positional values, then one for each name.
        unsafe {
            let positional = if count == 0 { &[] } else { slice::from_raw_parts(args, count) };
            bound.positional(py, signature, positional)?;
            if !kwnames.is_null() {
                let names = Borrowed::from_ptr(py, kwnames).cast_unchecked::<PyTuple>();
                for (index, name) in names.iter().enumerate() {
                    let value = Borrowed::from_ptr(py, *args.add(count + index));
                    bound.keyword(signature, &name, value)?;
                }
            }
        }
        bound.complete(signature)
    }

    /// Binds the arguments of a `tp_init`: a tuple and a dict that may be null.
    ///
    /// # Safety
    /// `args` is a tuple, `kwargs` null or a dict with string keys, both alive for `'a`.
    pub(super) unsafe fn from_tuple(
        py: Python<'py>,
        signature: &Signature,
        args: *mut ffi::PyObject,
        kwargs: *mut ffi::PyObject,
    ) -> PyResult<Self> {
        let mut bound = Self { values: [None; MAX] };
        // SAFETY: the tuple and the dict keep what they hold alive for `'a`; nothing
        // that runs in here changes them.
        unsafe {
            let mut positional = Vec::new();
            for index in 0..ffi::PyTuple_GET_SIZE(args) {
                positional.push(ffi::PyTuple_GET_ITEM(args, index));
            }
            bound.positional(py, signature, &positional)?;
            if !kwargs.is_null() {
                let mut position = 0;
                let mut name = std::ptr::null_mut();
                let mut value = std::ptr::null_mut();
                while ffi::PyDict_Next(kwargs, &mut position, &mut name, &mut value) != 0 {
                    let name = Borrowed::from_ptr(py, name);
                    let value = Borrowed::from_ptr(py, value);
                    bound.keyword(signature, &name, value)?;
                }
            }
        }
        bound.complete(signature)
    }

    /// # Safety
    /// The pointers are live objects for `'a`.
    unsafe fn positional(
        &mut self,
        py: Python<'py>,
        signature: &Signature,
        values: &[*mut ffi::PyObject],
    ) -> PyResult<()> {
        if values.len() > signature.params.len() {
            return Err(too_many(signature, values.len()));
        }
        for (slot, value) in self.values.iter_mut().zip(values) {
            // SAFETY: the caller's promise.
            *slot = Some(unsafe { Borrowed::from_ptr(py, *value) });
        }
        Ok(())
    }

    fn keyword(
        &mut self,
        signature: &Signature,
        name: &Bound<'py, PyAny>,
        value: Borrowed<'a, 'py, PyAny>,
    ) -> PyResult<()> {
        let text = name.cast::<PyString>()?.to_str()?;
        let Some(index) = signature.params.iter().position(|param| param.name == text) else {
            let name = signature.name;
            return Err(PyTypeError::new_err(format!(
                "{name}() got an unexpected keyword argument '{text}'"
            )));
        };
        if self.values[index].replace(value).is_some() {
            let name = signature.name;
            return Err(PyTypeError::new_err(format!(
                "{name}() got multiple values for argument '{text}'"
            )));
        }
        Ok(())
    }

    fn complete(self, signature: &Signature) -> PyResult<Self> {
        let missing: Vec<_> = (signature.params.iter().zip(&self.values))
            .filter(|(param, value)| param.default.is_none() && value.is_none())
            .map(|(param, _)| format!("'{}'", param.name))
            .collect();
        let (last, others) = match missing.split_last() {
            None => return Ok(self),
            Some(parts) => parts,
        };
        let names = match others.len() {
            0 => last.clone(),
            1 => format!("{} and {last}", others[0]),
            _ => format!("{}, and {last}", others.join(", ")),
        };
        let (name, count) = (signature.name, missing.len());
        let plural = if count == 1 { "" } else { "s" };
        Err(PyTypeError::new_err(format!(
            "{name}() missing {count} required positional argument{plural}: {names}"
        )))
    }
}

fn too_many(signature: &Signature, given: usize) -> PyErr {
    let most = signature.params.len();
    let least = signature.params.iter().filter(|param| param.default.is_none()).count();
    let takes = if least == most { format!("{most}") } else { format!("from {least} to {most}") };
    let plural = if most == 1 { "" } else { "s" };
    let were = if given == 1 { "was" } else { "were" };
    let name = signature.name;
    PyTypeError::new_err(format!(
        "{name}() takes {takes} positional argument{plural} but {given} {were} given"
    ))
}
