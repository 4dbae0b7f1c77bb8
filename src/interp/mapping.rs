//! Heap types with the protocols of a mapping and of an iterator.

use std::ffi::{c_int, c_void};
use std::ptr;

use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyModule, PyString};
use pyo3::{Borrowed, ffi};

use super::class::{Class, Made, This, slot};
use super::property::{On, Properties, on};

/// A class whose instances are read like a dict.
pub trait Mapping: Class {
    fn properties() -> &'static Properties;

    fn length(context: &On<'_, '_, Self>, this: This<'_, '_, Self>) -> PyResult<usize>;

    /// The value of a key, or None if there is no such key.
    fn find<'py>(
        context: &On<'_, 'py, Self>,
        this: This<'_, 'py, Self>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>>;

    fn contains<'py>(
        context: &On<'_, 'py, Self>,
        this: This<'_, 'py, Self>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<bool>;

    /// An iterator over the keys.
    fn keys<'py>(
        context: &On<'_, 'py, Self>,
        this: This<'_, 'py, Self>,
    ) -> PyResult<Bound<'py, PyAny>>;

    /// Whether it equals another object, or None if that is no question for this class.
    fn equals<'py>(
        context: &On<'_, 'py, Self>,
        this: This<'_, 'py, Self>,
        other: &Bound<'py, PyAny>,
    ) -> PyResult<Option<bool>>;

    /// What `repr` returns.
    fn show(context: &On<'_, '_, Self>, this: This<'_, '_, Self>) -> PyResult<String>;
}

/// A class whose instances are iterators.
pub trait Iterating: Class {
    /// The next item, or None at the end.
    fn next<'py>(
        context: &On<'_, 'py, Self>,
        this: This<'_, 'py, Self>,
    ) -> PyResult<Option<Bound<'py, PyAny>>>;
}

impl<T: Mapping> Made<T> {
    /// Makes a type that Python code can't construct, whose instances are mappings.
    pub fn mapping(module: &Bound<'_, PyModule>) -> PyResult<Self> {
        let slots = vec![
            slot(ffi::Py_mp_length, length::<T> as unsafe extern "C" fn(_) -> _ as _),
            slot(ffi::Py_mp_subscript, subscript::<T> as unsafe extern "C" fn(_, _) -> _ as _),
            slot(ffi::Py_sq_contains, contains::<T> as unsafe extern "C" fn(_, _) -> _ as _),
            slot(ffi::Py_tp_iter, keys::<T> as unsafe extern "C" fn(_) -> _ as _),
            slot(ffi::Py_tp_richcompare, compare::<T> as unsafe extern "C" fn(_, _, _) -> _ as _),
            slot(ffi::Py_tp_repr, show::<T> as unsafe extern "C" fn(_) -> _ as _),
            slot(ffi::Py_tp_getset, T::properties().as_ptr()),
        ];
        let flags = ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION | ffi::Py_TPFLAGS_MAPPING;
        let made = Self::make(module, flags, slots, None)?;
        let abc = module.py().import("collections.abc")?.getattr("Mapping")?;
        abc.call_method1("register", (made.class(),))?;
        Ok(made)
    }
}

impl<T: Iterating> Made<T> {
    /// Makes a type that Python code can't construct, whose instances are iterators.
    pub fn iterator(module: &Bound<'_, PyModule>) -> PyResult<Self> {
        let slots = vec![
            slot(
                ffi::Py_tp_iter,
                ffi::PyObject_SelfIter as unsafe extern "C" fn(_) -> _ as *mut c_void,
            ),
            slot(ffi::Py_tp_iternext, next::<T> as unsafe extern "C" fn(_) -> _ as _),
        ];
        Self::make(module, ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION, slots, None)
    }
}

unsafe extern "C" fn length<T: Mapping>(this: *mut ffi::PyObject) -> ffi::Py_ssize_t {
    // SAFETY: a slot's caller keeps the promise.
    unsafe {
        on::<T, _>(this, -1, |context, this| Ok(T::length(context, this)? as ffi::Py_ssize_t))
    }
}

unsafe extern "C" fn subscript<T: Mapping>(
    this: *mut ffi::PyObject,
    key: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: a slot's caller keeps the promise, and the key alive.
    unsafe {
        on::<T, _>(this, ptr::null_mut(), |context, this| {
            let key = Borrowed::from_ptr(context.py, key);
            match T::find(context, this, &key)? {
                Some(value) => Ok(value.into_ptr()),
                // In a tuple of its own, or a key that is a tuple would be taken for arguments.
                None => Err(PyKeyError::new_err((key.to_owned().unbind(),))),
            }
        })
    }
}

unsafe extern "C" fn contains<T: Mapping>(
    this: *mut ffi::PyObject,
    key: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: a slot's caller keeps the promise, and the key alive.
    unsafe {
        on::<T, _>(this, -1, |context, this| {
            let key = Borrowed::from_ptr(context.py, key);
            Ok(T::contains(context, this, &key)?.into())
        })
    }
}

unsafe extern "C" fn keys<T: Mapping>(this: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: a slot's caller keeps the promise.
    unsafe {
        on::<T, _>(this, ptr::null_mut(), |context, this| Ok(T::keys(context, this)?.into_ptr()))
    }
}

unsafe extern "C" fn compare<T: Mapping>(
    this: *mut ffi::PyObject,
    other: *mut ffi::PyObject,
    operation: c_int,
) -> *mut ffi::PyObject {
    // SAFETY: a slot's caller keeps the promise, and the other object alive.
    unsafe {
        on::<T, _>(this, ptr::null_mut(), |context, this| {
            let py = context.py;
            let other = Borrowed::from_ptr(py, other);
            let equal = match operation {
                ffi::Py_EQ | ffi::Py_NE => T::equals(context, this, &other)?,
                _ => None,
            };
            Ok(match equal {
                Some(equal) => pyo3::types::PyBool::new(py, equal == (operation == ffi::Py_EQ))
                    .to_owned()
                    .into_any()
                    .into_ptr(),
                None => py.NotImplemented().into_ptr(),
            })
        })
    }
}

unsafe extern "C" fn show<T: Mapping>(this: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: a slot's caller keeps the promise.
    unsafe {
        on::<T, _>(this, ptr::null_mut(), |context, this| {
            Ok(PyString::new(context.py, &T::show(context, this)?).into_ptr())
        })
    }
}

unsafe extern "C" fn next<T: Iterating>(this: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: a slot's caller keeps the promise. NULL without an exception is the end.
    unsafe {
        on::<T, _>(this, ptr::null_mut(), |context, this| {
            Ok(T::next(context, this)?.map_or(ptr::null_mut(), Bound::into_ptr))
        })
    }
}
