//! The module definition and the state of its instances (PEP 489, 573, 630, 684).

use std::any::Any;
use std::cell::UnsafeCell;
use std::ffi::{CStr, c_int, c_void};
use std::marker::PhantomData;
use std::ptr;
use std::sync::Mutex;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyModule;
use pyo3::{PyErr, ffi};

use super::boundary;
use super::gc::Visitor;

/// What one instance of the module owns. All that outlives a call is in here.
pub trait ModuleState: Sized + Send + Sync + 'static {
    /// Fills a new module instance: its classes, its functions, its state.
    fn create(py: Python<'_>, module: &Bound<'_, PyModule>) -> PyResult<Self>;
    fn traverse(&self, visitor: &mut Visitor);
    /// The exception of a panic.
    fn panicked(&self, py: Python<'_>, panic: &(dyn Any + Send)) -> PyErr;
}

/// The static part of a module. CPython's memory for each instance holds one
/// pointer to its `S`, null before `exec` and after `clear`.
pub struct Definition<S> {
    def: UnsafeCell<ffi::PyModuleDef>,
    init: Mutex<()>,
    state: PhantomData<fn() -> S>,
}

// SAFETY: `def` is written by CPython only, in `PyModuleDef_Init`, under `init`.
unsafe impl<S> Sync for Definition<S> {}

#[repr(transparent)]
pub struct Slots([ffi::PyModuleDef_Slot; 4]);

// SAFETY: a table of constants and function pointers that nothing writes.
unsafe impl Sync for Slots {}

impl Slots {
    pub const fn new<S: ModuleState>() -> Self {
        const END: ffi::PyModuleDef_Slot =
            ffi::PyModuleDef_Slot { slot: 0, value: ptr::null_mut() };
        let mut slots = [END; 4];
        slots[0] = ffi::PyModuleDef_Slot {
            slot: ffi::Py_mod_exec,
            value: exec::<S> as unsafe extern "C" fn(_) -> _ as *mut c_void,
        };
        #[cfg(Py_3_12)]
        {
            slots[1] = ffi::PyModuleDef_Slot {
                slot: ffi::Py_mod_multiple_interpreters,
                value: ffi::Py_MOD_PER_INTERPRETER_GIL_SUPPORTED,
            };
        }
        #[cfg(Py_3_13)]
        {
            slots[2] =
                ffi::PyModuleDef_Slot { slot: ffi::Py_mod_gil, value: ffi::Py_MOD_GIL_NOT_USED };
        }
        Self(slots)
    }
}

impl<S: ModuleState> Definition<S> {
    pub const fn new(name: &'static CStr, doc: &'static CStr, slots: &'static Slots) -> Self {
        let def = ffi::PyModuleDef {
            m_base: ffi::PyModuleDef_HEAD_INIT,
            m_name: name.as_ptr(),
            m_doc: doc.as_ptr(),
            m_size: size_of::<*mut S>() as ffi::Py_ssize_t,
            m_methods: ptr::null_mut(),
            m_slots: slots as *const Slots as *mut ffi::PyModuleDef_Slot,
            m_traverse: Some(traverse::<S>),
            m_clear: Some(clear::<S>),
            m_free: Some(free::<S>),
        };
        Self { def: UnsafeCell::new(def), init: Mutex::new(()), state: PhantomData }
    }

    /// What the module's `PyInit_` function returns.
    pub fn init(&'static self) -> *mut ffi::PyObject {
        // Before 3.12 attaching from a subinterpreter waits for ever: refuse before that.
        // SAFETY: Python is calling `PyInit_`, so this thread has a thread state.
        #[cfg(not(Py_3_12))]
        unsafe {
            if ffi::PyInterpreterState_Get() != ffi::PyInterpreterState_Main() {
                let text = c"this module can't be imported in a subinterpreter before Python \
                             3.12; import it in the main interpreter";
                ffi::PyErr_SetString(ffi::PyExc_ImportError, text.as_ptr());
                return ptr::null_mut();
            }
        }
        // SAFETY: Python is calling `PyInit_`, so this thread is attached.
        // Interpreters with a GIL of their own may get here together, and
        // `PyModuleDef_Init` writes the definition: hence the lock.
        unsafe {
            boundary::enter(
                |py| {
                    // PyO3 makes the type of its panics in whichever interpreter first
                    // takes an error, and keeps it: let that be this one, which on 3.13
                    // and later is the main interpreter.
                    PyRuntimeError::new_err(()).restore(py);
                    drop(PyErr::take(py));
                    let _alone = self.init.lock();
                    Ok(ffi::PyModuleDef_Init(self.def.get()))
                },
                ptr::null_mut(),
            )
        }
    }

    /// The state of the module instance that an object's type belongs to, if it is an instance
    /// of this definition.
    pub fn state_of<'a>(&'static self, object: &'a Bound<'_, PyAny>) -> Option<&'a S> {
        // SAFETY: the object keeps its type alive for `'a`, and that its module, whose state
        // is dropped only when nothing reaches it any more or the interpreter ends.
        unsafe {
            let class = object.get_type_ptr();
            if ffi::PyType_GetFlags(class) & ffi::Py_TPFLAGS_HEAPTYPE == 0 {
                return None;
            }
            let module = ffi::PyType_GetModule(class);
            if module.is_null() {
                ffi::PyErr_Clear();
                return None;
            }
            if !self.made(module) {
                return None;
            }
            state(ffi::PyModule_GetState(module)).ok()
        }
    }

    /// Whether `module` is an instance of this definition.
    pub(super) fn made(&'static self, module: *mut ffi::PyObject) -> bool {
        // SAFETY: only compares addresses; `module` is a live module object.
        unsafe { ffi::PyModule_GetDef(module) == self.def.get() }
    }
}

/// The state of a module instance, from CPython's memory for it.
///
/// # Safety
/// `memory` is what `PyModule_GetState` or `PyType_GetModuleState` gave for an
/// instance of a `Definition<S>`, and that instance outlives `'a`.
pub(super) unsafe fn state<'a, S>(memory: *mut c_void) -> PyResult<&'a S> {
    // SAFETY: the memory is null or one pointer, itself null or from `Box::into_raw`.
    let state = unsafe { (memory as *const *const S).as_ref().and_then(|inner| inner.as_ref()) };
    state.ok_or_else(|| {
        PyRuntimeError::new_err("the interpreter that imported this module is ending")
    })
}

unsafe extern "C" fn exec<S: ModuleState>(module: *mut ffi::PyObject) -> c_int {
    // SAFETY: CPython calls `exec` attached, with the new module instance.
    unsafe {
        boundary::enter(
            |py| {
                let object = Bound::from_borrowed_ptr(py, module);
                let state = Box::new(S::create(py, object.cast_unchecked::<PyModule>())?);
                *(ffi::PyModule_GetState(module) as *mut *mut S) = Box::into_raw(state);
                Ok(0)
            },
            -1,
        )
    }
}

/// Whether the calling thread is in the process's first interpreter.
pub fn in_main_interpreter(_py: Python<'_>) -> bool {
    // SAFETY: both calls only read the thread state, and the thread is attached.
    unsafe { ffi::PyInterpreterState_Get() == ffi::PyInterpreterState_Main() }
}

unsafe extern "C" fn traverse<S: ModuleState>(
    module: *mut ffi::PyObject,
    visit: ffi::visitproc,
    arg: *mut c_void,
) -> c_int {
    let mut visitor = Visitor::new(visit, arg);
    // SAFETY: called by the collector with an instance of this definition; the
    // memory may still be null (a failed `exec`). No Python code runs in here.
    unsafe {
        let memory = ffi::PyModule_GetState(module) as *const *const S;
        if let Some(state) = memory.as_ref().and_then(|inner| inner.as_ref()) {
            state.traverse(&mut visitor);
        }
    }
    visitor.outcome()
}

/// The C function of [`crate::interp::method::Row::forget`].
pub(super) unsafe extern "C" fn forget<S: ModuleState>(
    module: *mut ffi::PyObject,
    _: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: CPython calls attached, with the module instance that the function is of.
    unsafe {
        clear::<S>(module);
        ffi::Py_NewRef(ffi::Py_None())
    }
}

unsafe extern "C" fn clear<S: ModuleState>(module: *mut ffi::PyObject) -> c_int {
    // SAFETY: called attached with an instance of this definition that nothing
    // reaches any more. The pointer is nulled first, so that code run by the drop
    // finds no state instead of half of one.
    unsafe {
        boundary::enter(
            |_py| {
                let memory = ffi::PyModule_GetState(module) as *mut *mut S;
                if !memory.is_null() && !(*memory).is_null() {
                    drop(Box::from_raw(ptr::replace(memory, ptr::null_mut())));
                }
                Ok(0)
            },
            -1,
        )
    }
}

unsafe extern "C" fn free<S: ModuleState>(module: *mut c_void) {
    // SAFETY: as for `clear`; it leaves nothing to do if `clear` has run.
    unsafe {
        clear::<S>(module as *mut ffi::PyObject);
    }
}

/// Defines what Python's import system calls, `PyInit_` and the module's name.
macro_rules! entry {
    ($name:ident, $definition:expr) => {
        #[allow(non_snake_case, unsafe_code)]
        #[unsafe(no_mangle)]
        pub extern "C" fn $name() -> *mut pyo3::ffi::PyObject {
            $definition.init()
        }
    };
}

pub(crate) use entry;
