//! C-API calls on builtin types that PyO3 has no stateless wrapper for.

use std::ffi::CStr;
use std::ptr;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::critical_section::with_critical_section;
use pyo3::types::{PyBytes, PyDict, PyInt, PyMemoryView, PyTuple, PyType};

/// The name of an object's class, as Python's own error messages have it.
pub fn type_name(object: &Bound<'_, PyAny>) -> String {
    // SAFETY: a type's name is a NUL-terminated string that lives as long as the type
    // does, or until someone assigns `__name__`: hence the copy, made attached.
    let name = unsafe { CStr::from_ptr((*object.get_type_ptr()).tp_name) };
    name.to_string_lossy().into_owned()
}

/// Whether an object is an instance of a class or of a subclass. Unlike `isinstance` it asks
/// no `__instancecheck__`, so it runs no Python code and can't fail.
pub fn is_a(object: &Bound<'_, PyAny>, class: &Bound<'_, PyType>) -> bool {
    // SAFETY: both are live objects, and the second is a type.
    unsafe { ffi::PyObject_TypeCheck(object.as_ptr(), class.as_type_ptr()) != 0 }
}

/// The value of an int, or None if it has more than 64 bits.
pub fn int_value(object: &Bound<'_, PyInt>) -> Option<i64> {
    let mut overflow = 0;
    // SAFETY: the object is an int, so the call neither fails nor runs Python code.
    let value = unsafe { ffi::PyLong_AsLongLongAndOverflow(object.as_ptr(), &mut overflow) };
    (overflow == 0).then_some(value)
}

/// The value of an int that fits 64 bits without a sign.
pub fn unsigned_value(object: &Bound<'_, PyInt>) -> Option<u64> {
    // SAFETY: the object is an int; what doesn't fit raises, which is taken back.
    let value = unsafe { ffi::PyLong_AsUnsignedLongLong(object.as_ptr()) };
    match PyErr::take(object.py()) {
        None => Some(value),
        Some(_) => None,
    }
}

/// What `__index__` returns, or None if the object has no such method.
pub fn index<'py>(object: &Bound<'py, PyAny>) -> Option<PyResult<Bound<'py, PyInt>>> {
    // SAFETY: `PyNumber_Index` returns an int, a new reference, or sets an exception.
    unsafe {
        if ffi::PyIndex_Check(object.as_ptr()) == 0 {
            return None;
        }
        let value = ffi::PyNumber_Index(object.as_ptr());
        let value = Bound::from_owned_ptr_or_err(object.py(), value);
        Some(value.map(|value| value.cast_into_unchecked()))
    }
}

/// The value that a `ContextVar` has for the caller, if it has any.
pub fn context_value<'py>(variable: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let (py, mut value) = (variable.py(), ptr::null_mut());
    // SAFETY: what is no variable raises. The value is a new reference, or null for none.
    unsafe {
        match ffi::PyContextVar_Get(variable.as_ptr(), ptr::null_mut(), &mut value) {
            0 => Ok(Bound::from_owned_ptr_or_opt(py, value)),
            _ => Err(PyErr::fetch(py)),
        }
    }
}

/// The items of a dict at one moment, whatever other threads do to it meanwhile.
pub fn dict_items<'py>(dict: &Bound<'py, PyDict>) -> Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let py = dict.py();
    with_critical_section(dict, || {
        let mut items = Vec::with_capacity(dict.len());
        let (mut position, mut key, mut value) = (0, ptr::null_mut(), ptr::null_mut());
        // SAFETY: the dict is locked, and nothing in the loop runs Python code that could
        // change it or that waits for another lock; the references are made strong at once.
        unsafe {
            while ffi::PyDict_Next(dict.as_ptr(), &mut position, &mut key, &mut value) != 0 {
                items
                    .push((Bound::from_borrowed_ptr(py, key), Bound::from_borrowed_ptr(py, value)));
            }
        }
        items
    })
}

/// The bytes of a memoryview of any format and shape, as `bytes()` gives them.
pub fn view_bytes<'py>(view: &Bound<'py, PyMemoryView>) -> PyResult<Bound<'py, PyBytes>> {
    // SAFETY: returns a bytes object, a new reference, or sets an exception.
    unsafe {
        let bytes = ffi::PyBytes_FromObject(view.as_ptr());
        Ok(Bound::from_owned_ptr_or_err(view.py(), bytes)?.cast_into_unchecked())
    }
}

/// Makes an instance of a named tuple, whose constructor would go by way of Python code.
pub fn named_tuple<'py, const N: usize>(
    class: &Bound<'py, PyType>,
    fields: [Bound<'py, PyAny>; N],
) -> PyResult<Bound<'py, PyAny>> {
    let py = class.py();
    debug_assert!(class.is_subclass_of::<PyTuple>().unwrap_or(false));
    // SAFETY: the class is a subclass of tuple, so that what it allocates for N items is a tuple
    // of N empty places, or null with an exception. Nobody else has seen it when they are filled,
    // each with a reference of its own.
    unsafe {
        let class = class.as_type_ptr();
        let allocate = (*class).tp_alloc.expect("a class that is ready can be allocated");
        let object = Bound::from_owned_ptr_or_err(py, allocate(class, N as ffi::Py_ssize_t))?;
        #[cfg(Py_3_14)]
        {
            // Not computed yet.
            (*object.as_ptr().cast::<ffi::PyTupleObject>()).ob_hash = -1;
        }
        for (index, field) in fields.into_iter().enumerate() {
            ffi::PyTuple_SET_ITEM(object.as_ptr(), index as ffi::Py_ssize_t, field.into_ptr());
        }
        Ok(object)
    }
}
