//! Interned attribute and method names of one interpreter.

use pyo3::prelude::*;
use pyo3::types::PyString;

use super::gc::Visitor;

/// Declares a struct with one interned string for each field, named as the field.
macro_rules! names {
    ($($name:ident),+ $(,)?) => {
        pub struct Names {
            $(pub $name: Py<PyString>,)+
        }

        impl Names {
            pub fn new(py: Python<'_>) -> Self {
                Self { $($name: PyString::intern(py, stringify!($name)).unbind(),)+ }
            }

            pub fn traverse(&self, visitor: &mut Visitor) {
                $(visitor.object(&self.$name);)+
            }
        }
    };
}

names!(
    __await__,
    _context,
    add_reader,
    close,
    create_future,
    create_task,
    done,
    get_span_context,
    is_closed,
    items,
    keys,
    send,
    set_exception,
    set_result,
    throw,
    values,
);
