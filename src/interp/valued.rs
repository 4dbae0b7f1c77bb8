//! Types whose instances are values: compared, hashed and shown by what they hold.

use std::ffi::c_int;

use pyo3::ffi;
use pyo3::types::{PyBool, PyString};

use super::boundary;
use super::class::{Class, This, slot};

/// A class whose instances never change and are equal if what they hold is.
pub trait Valued: Class + PartialEq {
    /// What `hash()` is made of: equal instances have equal ones.
    fn digest(&self) -> u64;

    /// What `repr()` says.
    fn show(&self) -> String;
}

/// The slots of such a class.
pub(super) fn slots<T: Valued>() -> Vec<ffi::PyType_Slot> {
    vec![
        slot(ffi::Py_tp_repr, repr::<T> as unsafe extern "C" fn(_) -> _ as _),
        slot(ffi::Py_tp_hash, hash::<T> as unsafe extern "C" fn(_) -> _ as _),
        slot(ffi::Py_tp_richcompare, compare::<T> as unsafe extern "C" fn(_, _, _) -> _ as _),
    ]
}

unsafe extern "C" fn repr<T: Valued>(this: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: CPython calls attached, with an instance of the class made for `T`.
    unsafe {
        boundary::enter_object(|py| {
            Ok(PyString::new(py, &This::<T>::from_ptr(py, this).data.show()).into_any())
        })
    }
}

unsafe extern "C" fn hash<T: Valued>(this: *mut ffi::PyObject) -> ffi::Py_hash_t {
    // SAFETY: as for `repr`.
    unsafe {
        boundary::enter(
            |py| match This::<T>::from_ptr(py, this).data.digest() as ffi::Py_hash_t {
                // What tells CPython of an error.
                -1 => Ok(-2),
                hash => Ok(hash),
            },
            -1,
        )
    }
}

unsafe extern "C" fn compare<T: Valued>(
    this: *mut ffi::PyObject,
    other: *mut ffi::PyObject,
    operator: c_int,
) -> *mut ffi::PyObject {
    // SAFETY: CPython calls attached, with an instance of the class made for `T`, which
    // nothing can derive from: an object of the same type holds a `T` as well.
    unsafe {
        if ffi::Py_TYPE(this) != ffi::Py_TYPE(other) || !matches!(operator, ffi::Py_EQ | ffi::Py_NE)
        {
            return ffi::Py_NewRef(ffi::Py_NotImplemented());
        }
        boundary::enter_object(|py| {
            let (this, other) = (This::<T>::from_ptr(py, this), This::<T>::from_ptr(py, other));
            let equal = this.data == other.data;
            Ok(PyBool::new(py, equal == (operator == ffi::Py_EQ)).to_owned().into_any())
        })
    }
}
