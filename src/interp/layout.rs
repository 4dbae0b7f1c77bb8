//! Proof that the memory layouts compiled in are those of the interpreter's own headers.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::mem::{offset_of, size_of};
use std::process::Command;

use pyo3::ffi;

/// Each layout that the kernel relies on: its name in C, and what Rust takes it for.
fn rust() -> BTreeMap<&'static str, usize> {
    let mut layout = BTreeMap::from([
        ("sizeof(PyObject)", size_of::<ffi::PyObject>()),
        ("offsetof(PyObject, ob_type)", offset_of!(ffi::PyObject, ob_type)),
        ("sizeof(PyVarObject)", size_of::<ffi::PyVarObject>()),
        ("offsetof(PyVarObject, ob_size)", offset_of!(ffi::PyVarObject, ob_size)),
        ("offsetof(PyTypeObject, tp_name)", offset_of!(ffi::PyTypeObject, tp_name)),
        ("offsetof(PyTypeObject, tp_mro)", offset_of!(ffi::PyTypeObject, tp_mro)),
        ("offsetof(PyTypeObject, tp_alloc)", offset_of!(ffi::PyTypeObject, tp_alloc)),
        ("offsetof(PyTypeObject, tp_new)", offset_of!(ffi::PyTypeObject, tp_new)),
        ("offsetof(PyTypeObject, tp_free)", offset_of!(ffi::PyTypeObject, tp_free)),
        ("offsetof(PyTupleObject, ob_item)", offset_of!(ffi::PyTupleObject, ob_item)),
        ("sizeof(PyModuleDef)", size_of::<ffi::PyModuleDef>()),
        ("offsetof(PyModuleDef, m_slots)", offset_of!(ffi::PyModuleDef, m_slots)),
        ("sizeof(PyModuleDef_Slot)", size_of::<ffi::PyModuleDef_Slot>()),
        ("sizeof(PyType_Spec)", size_of::<ffi::PyType_Spec>()),
        ("offsetof(PyType_Spec, slots)", offset_of!(ffi::PyType_Spec, slots)),
        ("sizeof(PyType_Slot)", size_of::<ffi::PyType_Slot>()),
        ("sizeof(PyMethodDef)", size_of::<ffi::PyMethodDef>()),
        ("sizeof(PyMemberDef)", size_of::<ffi::PyMemberDef>()),
    ]);
    #[cfg(Py_GIL_DISABLED)]
    layout.extend([
        ("offsetof(PyObject, ob_ref_local)", offset_of!(ffi::PyObject, ob_ref_local)),
        ("offsetof(PyObject, ob_ref_shared)", offset_of!(ffi::PyObject, ob_ref_shared)),
    ]);
    #[cfg(not(Py_GIL_DISABLED))]
    layout.insert("offsetof(PyObject, ob_refcnt)", offset_of!(ffi::PyObject, ob_refcnt));
    layout
}

/// The same, as a C compiler finds them in the headers of `PYO3_PYTHON`.
fn c() -> BTreeMap<String, usize> {
    let folder = env::temp_dir().join(format!("python-layout-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder for temporary files is writable");
    let (source, program) = (folder.join("layout.c"), folder.join("layout"));
    let lines: String = rust()
        .keys()
        .map(|name| format!("    printf(\"%s=%zu\\n\", \"{name}\", (size_t){name});\n"))
        .collect();
    let text = format!(
        "#include <Python.h>\n#include <stddef.h>\n#include <stdio.h>\n#include <structmember.h>\n\
         int main(void) {{\n{lines}    return 0;\n}}\n"
    );
    fs::write(&source, text).expect("the source can be written");

    let python = env::var("PYO3_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let headers = output(
        Command::new(python).args(["-c", "import sysconfig; print(sysconfig.get_path('include'))"]),
    );
    output(
        Command::new(env::var("CC").unwrap_or_else(|_| "cc".to_owned()))
            .arg(format!("-I{}", headers.trim()))
            .arg(&source)
            .arg("-o")
            .arg(&program),
    );
    let printed = output(&mut Command::new(&program));
    fs::remove_dir_all(&folder).expect("the folder can be removed");
    printed
        .lines()
        .map(|line| {
            let (name, value) = line.rsplit_once('=').expect("each line is name=value");
            (name.to_owned(), value.parse().expect("each value is a number"))
        })
        .collect()
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("the output is text")
}

#[test]
fn layouts_are_those_of_the_headers() {
    let rust: BTreeMap<_, _> =
        rust().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    assert_eq!(rust, c());
}
