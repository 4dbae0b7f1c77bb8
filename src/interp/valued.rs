//! Types whose instances are values: compared, hashed and shown by what they hold.

use std::ffi::c_int;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyString};
use pyo3::{Borrowed, ffi};

use super::boundary;
use super::class::{Class, This, slot};

/// A class whose instances never change and are equal if what they hold is.
pub trait Valued: Class + PartialEq {
    /// What `hash()` is made of: equal instances have equal ones.
    fn digest(&self) -> u64;

    /// What `repr()` says.
    fn show(&self) -> String;

    /// Why an instance is neither true nor false.
    const NO_TRUTH: &'static str;

    /// The result of an operator on one or two operands.
    fn operate<'py>(
        operator: Operator,
        operands: &[Borrowed<'_, 'py, PyAny>],
    ) -> PyResult<Bound<'py, PyAny>>;
}

/// Operators of numbers, by their numbers in a constant parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
    Negative,
    Absolute,
}

const OPERATORS: [Operator; 9] = [
    Operator::Add,
    Operator::Subtract,
    Operator::Multiply,
    Operator::Divide,
    Operator::FloorDivide,
    Operator::Remainder,
    Operator::Power,
    Operator::Negative,
    Operator::Absolute,
];

/// The slots of such a class.
pub(super) fn slots<T: Valued>() -> Vec<ffi::PyType_Slot> {
    vec![
        slot(ffi::Py_tp_repr, repr::<T> as unsafe extern "C" fn(_) -> _ as _),
        slot(ffi::Py_tp_hash, hash::<T> as unsafe extern "C" fn(_) -> _ as _),
        slot(ffi::Py_tp_richcompare, compare::<T> as unsafe extern "C" fn(_, _, _) -> _ as _),
        slot(ffi::Py_nb_bool, truth::<T> as unsafe extern "C" fn(_) -> _ as _),
        slot(ffi::Py_nb_add, binary::<T, 0> as unsafe extern "C" fn(_, _) -> _ as _),
        slot(ffi::Py_nb_subtract, binary::<T, 1> as unsafe extern "C" fn(_, _) -> _ as _),
        slot(ffi::Py_nb_multiply, binary::<T, 2> as unsafe extern "C" fn(_, _) -> _ as _),
        slot(ffi::Py_nb_true_divide, binary::<T, 3> as unsafe extern "C" fn(_, _) -> _ as _),
        slot(ffi::Py_nb_floor_divide, binary::<T, 4> as unsafe extern "C" fn(_, _) -> _ as _),
        slot(ffi::Py_nb_remainder, binary::<T, 5> as unsafe extern "C" fn(_, _) -> _ as _),
        slot(ffi::Py_nb_power, power::<T> as unsafe extern "C" fn(_, _, _) -> _ as _),
        slot(ffi::Py_nb_negative, unary::<T, 7> as unsafe extern "C" fn(_) -> _ as _),
        slot(ffi::Py_nb_absolute, unary::<T, 8> as unsafe extern "C" fn(_) -> _ as _),
    ]
}

unsafe extern "C" fn truth<T: Valued>(_this: *mut ffi::PyObject) -> c_int {
    // SAFETY: CPython calls attached.
    unsafe { boundary::enter(|_py| Err(PyTypeError::new_err(T::NO_TRUTH)), -1) }
}

unsafe extern "C" fn unary<T: Valued, const OPERATOR: usize>(
    this: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: CPython calls attached, with an object that lives during the call.
    unsafe {
        boundary::enter_object(|py| {
            T::operate(OPERATORS[OPERATOR], &[Borrowed::from_ptr(py, this)])
        })
    }
}

/// One of the two is an instance of the class made for `T`.
unsafe extern "C" fn binary<T: Valued, const OPERATOR: usize>(
    left: *mut ffi::PyObject,
    right: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: CPython calls attached, with objects that live during the call.
    unsafe {
        boundary::enter_object(|py| {
            let operands = [Borrowed::from_ptr(py, left), Borrowed::from_ptr(py, right)];
            T::operate(OPERATORS[OPERATOR], &operands)
        })
    }
}

unsafe extern "C" fn power<T: Valued>(
    base: *mut ffi::PyObject,
    exponent: *mut ffi::PyObject,
    modulus: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: as for `binary`; without a modulus the third is None.
    unsafe {
        if modulus != ffi::Py_None() {
            return ffi::Py_NewRef(ffi::Py_NotImplemented());
        }
        binary::<T, 6>(base, exponent)
    }
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
