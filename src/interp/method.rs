//! Method tables: each row is a type that implements [`Method`] or [`Function`].

use std::ffi::{CString, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::ffi;
use pyo3::prelude::*;

use super::args::{Args, Signature};
use super::boundary;
use super::class::{Class, This};
use super::module::{self, ModuleState};

/// What a call has at hand beside its arguments.
pub struct Context<'a, 'py, S> {
    pub py: Python<'py>,
    pub state: &'a S,
}

impl<S: ModuleState> Context<'_, '_, S> {
    /// Runs `body`. A panic becomes the exception that the module has for it.
    pub fn contain<R>(&self, body: impl FnOnce() -> PyResult<R>) -> PyResult<R> {
        catch_unwind(AssertUnwindSafe(body))
            .unwrap_or_else(|panic| Err(self.state.panicked(self.py, &*panic)))
    }
}

/// A method of the class `C`.
pub trait Method<C: Class>: 'static {
    const SIGNATURE: Signature;

    fn call<'py>(
        context: &Context<'_, 'py, C::State>,
        this: This<'_, 'py, C>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>>;
}

/// A function of the module.
pub trait Function<S: ModuleState>: 'static {
    const SIGNATURE: Signature;

    fn call<'py>(
        context: &Context<'_, 'py, S>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>>;
}

/// A null-ended `PyMethodDef` table. It lives as long as the process, as CPython
/// asks of it, and holds no Python object.
pub struct Table {
    rows: Vec<ffi::PyMethodDef>,
}

// SAFETY: nothing writes a finished table; its pointers are to leaked strings
// and to functions.
unsafe impl Send for Table {}
// SAFETY: as above.
unsafe impl Sync for Table {}

impl Table {
    /// A table of the given rows.
    pub fn new(rows: impl IntoIterator<Item = Row>) -> Self {
        let mut rows: Vec<_> = rows.into_iter().map(|row| row.0).collect();
        rows.push(ffi::PyMethodDef::zeroed());
        Self { rows }
    }

    pub(super) fn as_ptr(&'static self) -> *mut ffi::PyMethodDef {
        self.rows.as_ptr() as *mut _
    }
}

/// One row of a [`Table`].
pub struct Row(ffi::PyMethodDef);

impl Row {
    pub fn method<C: Class, M: Method<C>>() -> Self {
        const { M::SIGNATURE.check() };
        let call = ffi::PyMethodDefPointer { PyCMethod: call_method::<C, M> };
        let flags = ffi::METH_METHOD | ffi::METH_FASTCALL | ffi::METH_KEYWORDS;
        Self::new(&M::SIGNATURE, "$self", call, flags)
    }

    pub fn function<S: ModuleState, F: Function<S>>() -> Self {
        const { F::SIGNATURE.check() };
        let call = ffi::PyMethodDefPointer { PyCFunctionFastWithKeywords: call_function::<S, F> };
        Self::new(&F::SIGNATURE, "$module", call, ffi::METH_FASTCALL | ffi::METH_KEYWORDS)
    }

    /// A function of the class `C`, which nothing can derive from.
    pub fn class_method<C: Class, F: Function<C::State>>() -> Self {
        const { F::SIGNATURE.check() };
        let call =
            ffi::PyMethodDefPointer { PyCFunctionFastWithKeywords: call_class_method::<C, F> };
        let flags = ffi::METH_CLASS | ffi::METH_FASTCALL | ffi::METH_KEYWORDS;
        Self::new(&F::SIGNATURE, "$type", call, flags)
    }

    /// `_forget()`, which drops the state of the module instance, so that it holds
    /// nothing even if it is never freed.
    pub fn forget<S: ModuleState>() -> Self {
        let signature = Signature { name: "_forget", params: &[], doc: "Drop what is known." };
        let call = ffi::PyMethodDefPointer { PyCFunction: module::forget::<S> };
        Self::new(&signature, "$module", call, ffi::METH_NOARGS)
    }

    fn new(
        signature: &Signature,
        receiver: &str,
        ml_meth: ffi::PyMethodDefPointer,
        ml_flags: c_int,
    ) -> Self {
        let doc = format!("{}\n--\n\n{}", text_signature(signature, Some(receiver)), signature.doc);
        Self(ffi::PyMethodDef {
            ml_name: leak(signature.name.to_owned()),
            ml_meth,
            ml_flags,
            ml_doc: leak(doc),
        })
    }
}

/// `name($self, /, key, policy=None)`: the line that `inspect.signature` reads.
pub(super) fn text_signature(signature: &Signature, receiver: Option<&str>) -> String {
    let receiver = receiver.map(|name| format!("{name}, /"));
    let params = signature.params.iter().map(|param| match param.default {
        Some(default) => format!("{}={default}", param.name),
        None => param.name.to_owned(),
    });
    let all: Vec<_> = receiver.into_iter().chain(params).collect();
    format!("{}({})", signature.name, all.join(", "))
}

/// Tables are built once in a process, so this is bounded.
pub(super) fn leak(text: String) -> *const c_char {
    CString::new(text).expect("names and docstrings have no NUL").into_raw()
}

unsafe extern "C" fn call_method<C: Class, M: Method<C>>(
    this: *mut ffi::PyObject,
    class: *mut ffi::PyTypeObject,
    args: *const *mut ffi::PyObject,
    nargs: ffi::Py_ssize_t,
    kwnames: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: CPython calls attached, has checked that `this` is an instance of
    // `class`, which is the one whose table this row is in, and keeps all arguments
    // alive during the call. The class keeps its module instance alive.
    unsafe {
        let state = ffi::PyType_GetModuleState(class);
        call(state, &M::SIGNATURE, args, nargs, kwnames, &|context, args| {
            M::call(context, This::from_ptr(context.py, this), args)
        })
    }
}

unsafe extern "C" fn call_class_method<C: Class, F: Function<C::State>>(
    class: *mut ffi::PyObject,
    args: *const *mut ffi::PyObject,
    nargs: ffi::Py_ssize_t,
    kwnames: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: CPython calls attached, with the class whose table the row is in, since nothing
    // derives from it, and keeps it and all arguments alive during the call.
    unsafe {
        let state = ffi::PyType_GetModuleState(class.cast());
        call(state, &F::SIGNATURE, args, nargs, kwnames, &F::call)
    }
}

unsafe extern "C" fn call_function<S: ModuleState, F: Function<S>>(
    module: *mut ffi::PyObject,
    args: *const *mut ffi::PyObject,
    nargs: ffi::Py_ssize_t,
    kwnames: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: CPython calls attached, with the module instance that the function
    // was added to, and keeps it and all arguments alive during the call.
    unsafe {
        let state = ffi::PyModule_GetState(module);
        call(state, &F::SIGNATURE, args, nargs, kwnames, &F::call)
    }
}

type Body<'b, S> =
    &'b dyn for<'py> Fn(&Context<'_, 'py, S>, &Args<'_, 'py>) -> PyResult<Bound<'py, PyAny>>;

/// What all rows have in common. It does not know its row's type, or it would be compiled anew
/// for each of hundreds.
///
/// # Safety
/// The calling thread is attached, `state` is what CPython gives for a module instance of `S` that
/// stays alive during the call, and so do the arguments, which are those of a vectorcall.
unsafe fn call<S: ModuleState>(
    state: *mut c_void,
    signature: &Signature,
    args: *const *mut ffi::PyObject,
    nargs: ffi::Py_ssize_t,
    kwnames: *mut ffi::PyObject,
    body: Body<'_, S>,
) -> *mut ffi::PyObject {
    // SAFETY: the caller's promises.
    unsafe {
        boundary::enter_object(|py| {
            let state = module::state::<S>(state)?;
            let args = Args::from_vector(py, signature, args, nargs, kwnames)?;
            let context = Context { py, state };
            context.contain(|| body(&context, &args))
        })
    }
}

/// Adds functions to a module instance that is being created.
pub fn add_functions(module: &Bound<'_, PyModule>, table: &'static Table) -> PyResult<()> {
    // SAFETY: the table is null-ended and lives for ever; `module` is attached.
    let outcome = unsafe { ffi::PyModule_AddFunctions(module.as_ptr(), table.as_ptr()) };
    if outcome < 0 { Err(PyErr::fetch(module.py())) } else { Ok(()) }
}
