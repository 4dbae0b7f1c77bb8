//! Heap types and their instances: memory layout, construction, collection.

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::mem::offset_of;
use std::ptr;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyModule, PyType};
use pyo3::{Borrowed, ffi};

use super::args::{Args, Signature};
use super::boundary;
use super::gc::Visitor;
use super::method::{Context, Table, leak, text_signature};
use super::module::{self, Definition, ModuleState};
use super::objects::is_a;
use super::valued::{self, Valued};

/// What an instance of a heap type holds. Python reaches it from any number of
/// threads at once, so it changes only through cells and locks of its own.
pub trait Class: Sized + Send + Sync + 'static {
    type State: ModuleState;

    /// The qualified name, `package.Name`.
    const NAME: &'static CStr;
    const DOC: &'static str;

    /// The class's methods.
    fn methods() -> &'static Table;

    /// Reports every Python object held. Must not run Python code, nor wait for a lock.
    fn traverse(&self, visitor: &mut Visitor);

    /// Lets go of every Python object that may be part of a cycle.
    fn clear(&self);

    /// Called before an instance that nothing refers to any more is dropped.
    fn finalize(&self, _py: Python<'_>) {}
}

/// A class that Python code can construct and derive from.
pub trait Constructible: Class {
    /// `name` is the class's, so that errors read `Client() missing ...`.
    const INIT: Signature;

    fn definition() -> &'static Definition<Self::State>;

    /// What `__new__` makes.
    fn empty() -> Self;

    /// What `__init__` does.
    fn init(
        context: &Context<'_, '_, Self::State>,
        this: This<'_, '_, Self>,
        args: &Args<'_, '_>,
    ) -> PyResult<()>;
}

/// A class that `await` works on.
pub trait Awaitable: Class {
    /// What `__await__` does: returns the iterator that the event loop drives.
    fn awaited<'py>(
        context: &Context<'_, 'py, Self::State>,
        this: This<'_, 'py, Self>,
    ) -> PyResult<Bound<'py, PyAny>>;
}

/// An instance as it lies in memory.
#[repr(C)]
struct Object<T> {
    head: ffi::PyObject,
    weak_references: *mut ffi::PyObject,
    data: T,
}

/// An instance: the Python object and what it holds.
pub struct This<'a, 'py, T> {
    pub object: Borrowed<'a, 'py, PyAny>,
    pub data: &'a T,
}

impl<'a, 'py, T: Class> This<'a, 'py, T> {
    /// # Safety
    /// `object` is an instance of the class made for `T`, alive for `'a`.
    pub(super) unsafe fn from_ptr(py: Python<'py>, object: *mut ffi::PyObject) -> Self {
        // SAFETY: the caller's promise; `data` was written before anybody saw the object.
        unsafe {
            Self {
                object: Borrowed::from_ptr(py, object),
                data: &(*(object as *const Object<T>)).data,
            }
        }
    }
}

/// A type of one interpreter whose instances hold a `T`.
pub struct Made<T> {
    class: Py<PyType>,
    data: std::marker::PhantomData<fn() -> T>,
}

impl<T: Class> Made<T> {
    /// Makes the type, in the module instance `module`, which Python code can't construct.
    pub fn internal(module: &Bound<'_, PyModule>) -> PyResult<Self> {
        Self::make(module, ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION, Vec::new(), None)
    }

    /// As [`Made::internal`]; `await` works on instances.
    pub fn awaitable(module: &Bound<'_, PyModule>) -> PyResult<Self>
    where
        T: Awaitable,
    {
        let slots = vec![slot(ffi::Py_am_await, awaited::<T> as unsafe extern "C" fn(_) -> _ as _)];
        Self::make(module, ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION, slots, None)
    }

    /// As [`Made::internal`]; instances are compared, hashed and shown by what they hold.
    pub fn valued(module: &Bound<'_, PyModule>) -> PyResult<Self>
    where
        T: Valued,
    {
        Self::make(module, ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION, valued::slots::<T>(), None)
    }

    /// Makes the type for Python code to construct and derive from.
    pub fn public(module: &Bound<'_, PyModule>) -> PyResult<Self>
    where
        T: Constructible,
    {
        let slots = vec![
            slot(ffi::Py_tp_new, construct::<T> as unsafe extern "C" fn(_, _, _) -> _ as _),
            slot(ffi::Py_tp_init, initialise::<T> as unsafe extern "C" fn(_, _, _) -> _ as _),
        ];
        Self::make(module, ffi::Py_TPFLAGS_BASETYPE, slots, Some(&T::INIT))
    }

    pub(super) fn make(
        module: &Bound<'_, PyModule>,
        flags: std::ffi::c_ulong,
        mut slots: Vec<ffi::PyType_Slot>,
        init: Option<&Signature>,
    ) -> PyResult<Self> {
        let py = module.py();
        let doc = match init {
            Some(signature) => {
                format!("{}\n--\n\n{}", text_signature(signature, None), T::DOC)
            }
            None => T::DOC.to_owned(),
        };
        // CPython copies the docstring and the members into the type.
        let doc = leak(doc);
        let mut members = [
            ffi::PyMemberDef {
                name: c"__weaklistoffset__".as_ptr(),
                type_code: ffi::Py_T_PYSSIZET,
                offset: offset_of!(Object<T>, weak_references) as ffi::Py_ssize_t,
                flags: ffi::Py_READONLY,
                doc: ptr::null(),
            },
            ffi::PyMemberDef::default(),
        ];
        slots.extend([
            slot(ffi::Py_tp_doc, doc as *mut c_void),
            slot(ffi::Py_tp_methods, T::methods().as_ptr().cast()),
            slot(ffi::Py_tp_members, members.as_mut_ptr().cast()),
            slot(ffi::Py_tp_dealloc, deallocate::<T> as unsafe extern "C" fn(_) as _),
            slot(ffi::Py_tp_traverse, traverse::<T> as unsafe extern "C" fn(_, _, _) -> _ as _),
            slot(ffi::Py_tp_clear, clear::<T> as unsafe extern "C" fn(_) -> _ as _),
            slot(0, ptr::null_mut()),
        ]);
        let mut spec = ffi::PyType_Spec {
            name: T::NAME.as_ptr() as *const c_char,
            basicsize: size_of::<Object<T>>() as c_int,
            itemsize: 0,
            flags: (flags
                | ffi::Py_TPFLAGS_DEFAULT
                | ffi::Py_TPFLAGS_HAVE_GC
                | ffi::Py_TPFLAGS_IMMUTABLETYPE) as c_uint,
            slots: slots.as_mut_ptr(),
        };
        // SAFETY: the spec and all it points to are alive during the call; the method
        // table, which the type keeps, lives for ever. A new reference is returned.
        let class = unsafe {
            let made = ffi::PyType_FromModuleAndSpec(module.as_ptr(), &mut spec, ptr::null_mut());
            drop(std::ffi::CString::from_raw(doc as *mut c_char));
            Bound::from_owned_ptr_or_err(py, made)?.cast_into_unchecked::<PyType>()
        };
        Ok(Self { class: class.unbind(), data: std::marker::PhantomData })
    }

    /// Makes an instance that holds `data`.
    pub fn instance<'py>(&self, py: Python<'py>, data: T) -> PyResult<Bound<'py, PyAny>> {
        // SAFETY: the type was made for `T` by `make`.
        unsafe { allocate(py, self.class.as_ptr() as *mut ffi::PyTypeObject, data) }
    }

    /// What `object` holds, if it is an instance of exactly this type.
    pub fn data<'a>(&self, object: &'a Bound<'_, PyAny>) -> Option<&'a T> {
        if object.get_type().as_ptr() != self.class.as_ptr() {
            return None;
        }
        // SAFETY: the object's type is the one made for `T`.
        Some(unsafe { &(*(object.as_ptr() as *const Object<T>)).data })
    }

    /// What `object` holds, if it is an instance of this type or of one derived from it.
    pub fn data_of_base<'a>(&self, object: &'a Bound<'_, PyAny>) -> Option<&'a T>
    where
        T: Constructible,
    {
        if !is_a(object, self.class.bind(object.py())) {
            return None;
        }
        // SAFETY: a type that derives from the one made for `T` begins as that does.
        Some(unsafe { &(*(object.as_ptr() as *const Object<T>)).data })
    }

    pub fn class(&self) -> &Py<PyType> {
        &self.class
    }

    pub fn traverse(&self, visitor: &mut Visitor) {
        visitor.object(&self.class);
    }
}

pub(super) fn slot(slot: c_int, pfunc: *mut c_void) -> ffi::PyType_Slot {
    ffi::PyType_Slot { slot, pfunc }
}

/// # Safety
/// `class` is a type made for `T`, or derives from one.
unsafe fn allocate<T: Class>(
    py: Python<'_>,
    class: *mut ffi::PyTypeObject,
    data: T,
) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: `tp_alloc` gives zeroed memory of the type's size. Nothing runs between
    // the allocation and the write of `data`, so no collector sees the gap.
    unsafe {
        let allocate = (*class).tp_alloc.unwrap_or(ffi::PyType_GenericAlloc);
        let object = allocate(class, 0);
        if object.is_null() {
            return Err(PyErr::fetch(py));
        }
        ptr::write(&raw mut (*(object as *mut Object<T>)).data, data);
        Ok(Bound::from_owned_ptr(py, object))
    }
}

pub(super) unsafe extern "C" fn construct<T: Constructible>(
    class: *mut ffi::PyTypeObject,
    _args: *mut ffi::PyObject,
    _kwargs: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: CPython calls attached, with a type that has or inherits this slot.
    unsafe { boundary::enter_object(|py| allocate(py, class, T::empty())) }
}

pub(super) unsafe extern "C" fn initialise<T: Constructible>(
    this: *mut ffi::PyObject,
    args: *mut ffi::PyObject,
    kwargs: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: CPython calls attached, with an instance of a type that has or inherits
    // this slot, and with a tuple and a dict that live during the call.
    unsafe {
        boundary::enter(
            |py| {
                let state = state_of_base::<T>(py, ffi::Py_TYPE(this))?;
                let args = Args::from_tuple(py, &T::INIT, args, kwargs)?;
                T::init(&Context { py, state }, This::from_ptr(py, this), &args)?;
                Ok(0)
            },
            -1,
        )
    }
}

/// The state of the module instance that the class of `T` belongs to, found from a
/// class that may be derived from it in Python.
///
/// # Safety
/// `class` is alive for `'a` and is, or derives from, the class made for `T`.
unsafe fn state_of_base<'a, T: Constructible>(
    py: Python<'_>,
    class: *mut ffi::PyTypeObject,
) -> PyResult<&'a T::State> {
    // SAFETY: the method resolution order of a type that has instances is a tuple of
    // types; each lives as long as the type.
    unsafe {
        let order = (*class).tp_mro;
        for index in 0..ffi::PyTuple_GET_SIZE(order) {
            let base = ffi::PyTuple_GET_ITEM(order, index) as *mut ffi::PyTypeObject;
            if ffi::PyType_GetFlags(base) & ffi::Py_TPFLAGS_HEAPTYPE == 0 {
                continue;
            }
            let module = ffi::PyType_GetModule(base);
            if module.is_null() {
                ffi::PyErr_Clear();
            } else if T::definition().made(module) {
                return module::state(ffi::PyModule_GetState(module));
            }
        }
    }
    let _ = py;
    Err(PyTypeError::new_err("the class doesn't belong to this module"))
}

unsafe extern "C" fn awaited<T: Awaitable>(this: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: CPython calls attached, with an instance of the class made for `T`,
    // which nothing can derive from, so its type belongs to the module instance.
    unsafe {
        boundary::enter_object(|py| {
            let state = module::state(ffi::PyType_GetModuleState(ffi::Py_TYPE(this)))?;
            T::awaited(&Context { py, state }, This::from_ptr(py, this))
        })
    }
}

unsafe extern "C" fn deallocate<T: Class>(this: *mut ffi::PyObject) {
    // SAFETY: CPython calls attached, once, when nothing refers to the object any
    // more; `tp_alloc` took a reference to the type, given back last.
    unsafe {
        let class = ffi::Py_TYPE(this);
        ffi::PyObject_GC_UnTrack(this.cast());
        let object = this as *mut Object<T>;
        if !(*object).weak_references.is_null() {
            ffi::PyObject_ClearWeakRefs(this);
        }
        boundary::enter(
            |py| {
                let raised = PyErr::take(py);
                (*object).data.finalize(py);
                ptr::drop_in_place(&raw mut (*object).data);
                if let Some(error) = raised {
                    error.restore(py);
                }
                Ok(())
            },
            (),
        );
        if let Some(free) = (*class).tp_free {
            free(this.cast());
        }
        ffi::Py_DECREF(class.cast());
    }
}

unsafe extern "C" fn traverse<T: Class>(
    this: *mut ffi::PyObject,
    visit: ffi::visitproc,
    arg: *mut c_void,
) -> c_int {
    let mut visitor = Visitor::new(visit, arg);
    // SAFETY: the collector calls with a live instance; nothing in here runs Python code.
    unsafe {
        visitor.pointer(ffi::Py_TYPE(this).cast());
        (*(this as *const Object<T>)).data.traverse(&mut visitor);
    }
    visitor.outcome()
}

unsafe extern "C" fn clear<T: Class>(this: *mut ffi::PyObject) -> c_int {
    // SAFETY: the collector calls attached, with a live instance.
    unsafe {
        boundary::enter(
            |_py| {
                (*(this as *const Object<T>)).data.clear();
                Ok(0)
            },
            -1,
        )
    }
}
