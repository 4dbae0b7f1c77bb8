//! Properties of instances, and classes that have them and are made by Python code.

use std::ffi::{c_int, c_void};
use std::ptr;

use pyo3::exceptions::PyAttributeError;
use pyo3::prelude::*;
use pyo3::types::{PyModule, PyString};
use pyo3::{Borrowed, ffi};

use super::boundary;
use super::class::{Class, Constructible, Made, This, construct, initialise, slot};
use super::method::{Context, leak};
use super::module;

/// What the calls of `T`'s protocols have at hand.
pub(super) type On<'a, 'py, T> = Context<'a, 'py, <T as Class>::State>;

/// A property that can only be read.
pub trait Property<C: Class>: 'static {
    const NAME: &'static str;
    const DOC: &'static str;

    fn get<'py>(
        context: &Context<'_, 'py, C::State>,
        this: This<'_, 'py, C>,
    ) -> PyResult<Bound<'py, PyAny>>;
}

/// A property that can be set as well, and not be deleted.
pub trait Settable<C: Class>: Property<C> {
    fn set(this: This<'_, '_, C>, value: &Bound<'_, PyAny>) -> PyResult<()>;
}

/// A null-ended `PyGetSetDef` table. It lives as long as the process, as CPython asks of it,
/// and holds no Python object.
pub struct Properties {
    rows: Vec<ffi::PyGetSetDef>,
}

// SAFETY: nothing writes a finished table; its pointers are to leaked strings
// and to functions.
unsafe impl Send for Properties {}
// SAFETY: as above.
unsafe impl Sync for Properties {}

impl Properties {
    pub fn new(rows: impl IntoIterator<Item = PropertyRow>) -> Self {
        let mut rows: Vec<_> = rows.into_iter().map(|row| row.0).collect();
        rows.push(ffi::PyGetSetDef::default());
        Self { rows }
    }

    pub(super) fn as_ptr(&'static self) -> *mut c_void {
        self.rows.as_ptr() as *mut c_void
    }
}

/// One row of [`Properties`].
pub struct PropertyRow(ffi::PyGetSetDef);

impl PropertyRow {
    pub fn of<C: Class, P: Property<C>>() -> Self {
        Self(ffi::PyGetSetDef {
            name: leak(P::NAME.to_owned()),
            get: Some(get::<C, P>),
            set: None,
            doc: leak(P::DOC.to_owned()),
            closure: ptr::null_mut(),
        })
    }

    pub fn settable<C: Class, P: Settable<C>>() -> Self {
        Self(ffi::PyGetSetDef { set: Some(set::<C, P>), ..Self::of::<C, P>().0 })
    }
}

/// A class that nothing can derive from, with properties.
pub trait Shown: Class {
    fn properties() -> &'static Properties;

    /// What `repr` returns.
    fn show(&self) -> String;
}

/// One that Python code makes instances of.
pub trait Closed: Shown + Constructible {}

impl<T: Shown> Made<T> {
    pub fn shown(module: &Bound<'_, PyModule>) -> PyResult<Self> {
        let slots = vec![
            slot(ffi::Py_tp_repr, show::<T> as unsafe extern "C" fn(_) -> _ as _),
            slot(ffi::Py_tp_getset, T::properties().as_ptr()),
        ];
        Self::make(module, ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION, slots, None)
    }
}

impl<T: Closed> Made<T> {
    pub fn closed(module: &Bound<'_, PyModule>) -> PyResult<Self> {
        let slots = vec![
            slot(ffi::Py_tp_new, construct::<T> as unsafe extern "C" fn(_, _, _) -> _ as _),
            slot(ffi::Py_tp_init, initialise::<T> as unsafe extern "C" fn(_, _, _) -> _ as _),
            slot(ffi::Py_tp_repr, show::<T> as unsafe extern "C" fn(_) -> _ as _),
            slot(ffi::Py_tp_getset, T::properties().as_ptr()),
        ];
        Self::make(module, 0, slots, Some(&T::INIT))
    }
}

/// Runs `body` for a slot of the class made for `T`, which nothing can derive from, so that the
/// object's type belongs to the module instance.
///
/// # Safety
/// CPython is calling, attached, with an instance of the class made for `T`, alive for `'a`.
pub(super) unsafe fn on<'a, T: Class, R>(
    this: *mut ffi::PyObject,
    failed: R,
    body: impl for<'py> FnOnce(&On<'a, 'py, T>, This<'a, 'py, T>) -> PyResult<R>,
) -> R {
    // SAFETY: the caller's promise.
    unsafe {
        boundary::enter(
            |py| {
                let state = module::state(ffi::PyType_GetModuleState(ffi::Py_TYPE(this)))?;
                body(&Context { py, state }, This::from_ptr(py, this))
            },
            failed,
        )
    }
}

unsafe extern "C" fn get<C: Class, P: Property<C>>(
    this: *mut ffi::PyObject,
    _closure: *mut c_void,
) -> *mut ffi::PyObject {
    // SAFETY: CPython calls attached, with an instance of the class whose table the row is in.
    unsafe {
        on::<C, _>(this, ptr::null_mut(), |context, this| Ok(P::get(context, this)?.into_ptr()))
    }
}

unsafe extern "C" fn set<C: Class, P: Settable<C>>(
    this: *mut ffi::PyObject,
    value: *mut ffi::PyObject,
    _closure: *mut c_void,
) -> c_int {
    // SAFETY: as for `get`. The value lives during the call; there is none for `del`.
    unsafe {
        on::<C, _>(this, -1, |context, this| {
            if value.is_null() {
                let text = format!("{} can't be deleted", P::NAME);
                return Err(PyAttributeError::new_err(text));
            }
            P::set(this, &Borrowed::from_ptr(context.py, value))?;
            Ok(0)
        })
    }
}

unsafe extern "C" fn show<T: Shown>(this: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: a slot's caller keeps the promise.
    unsafe {
        on::<T, _>(this, ptr::null_mut(), |context, this| {
            Ok(PyString::new(context.py, &this.data.show()).into_ptr())
        })
    }
}
