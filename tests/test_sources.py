"""The rules of the extension's sources that no compiler or linter checks.

Its module is loaded by many interpreters of one process, so that a Python object may live in the
state of a module instance only. What PyO3 offers against that is banned in clippy.toml.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.rs"))
KERNEL = ROOT / "src/interp"

COMMENT_OR_TEXT = re.compile(
    r"""//[^\n]*|/\*.*?\*/|r(\#*)".*?"\1|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\\n])'""", re.S
)
# What CPython only reads, and never counts references of: descriptions of modules and types.
TABLES = ["PyModuleDef", "PyModuleDef_Slot", "PyModuleDef_Base", "PyMethodDef", "PyGetSetDef"]
TABLES += ["PyMemberDef", "PyType_Slot", "PyType_Spec"]
PYTHON_OBJECT = re.compile(rf"\b(?!(?:{'|'.join(TABLES)})\b)(?:Py<|Py[A-Z]\w*|Bound\b|Borrowed\b)")
STATIC = re.compile(r"\bstatic\s+(?:mut\s+)?\w+\s*:\s*(?P<type>[^=;]+)[=;]")
THREAD_LOCAL = re.compile(r"\bthread_local!\s*[{(]")
UNSAFE = re.compile(r"(?<!#\[)\bunsafe\b")
ATTACH = re.compile(r"\bPython::(?:attach|try_attach|with_gil)\b")
BOOL_EXTRACTION = re.compile(r"\bextract::<\s*bool\s*>")


def code_of(text: str) -> str:
    """`text` without comments and string literals, with every line where it was."""
    return COMMENT_OR_TEXT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def found_in(pattern: re.Pattern[str], code: str) -> list[int]:
    return [line_of(code, match.start()) for match in pattern.finditer(code)]


def shared_python_objects(code: str) -> list[int]:
    """The lines of the statics, a thread's own among them, that hold an object."""
    suspects = [(match.start(), match["type"]) for match in STATIC.finditer(code)]
    for match in THREAD_LOCAL.finditer(code):
        suspects.append((match.start(), code[match.end() : end_of_block(code, match.end())]))
    return [line_of(code, start) for start, text in suspects if PYTHON_OBJECT.search(text)]


def line_of(code: str, position: int) -> int:
    return code.count("\n", 0, position) + 1


def end_of_block(code: str, start: int) -> int:
    depth = 1
    for position in range(start, len(code)):
        depth += {"{": 1, "(": 1, "}": -1, ")": -1}.get(code[position], 0)
        if depth == 0:
            return position
    return len(code)


def places(lines_of_source: dict[Path, list[int]]) -> list[str]:
    return [
        f"{source.relative_to(ROOT)}:{line}"
        for source, lines in lines_of_source.items()
        for line in lines
    ]


def search(pattern: re.Pattern[str], *, outside: Path | None = None) -> list[str]:
    return places(
        {
            source: found_in(pattern, code_of(source.read_text()))
            for source in SOURCES
            if outside is None or outside not in source.parents
        }
    )


def test_there_are_sources() -> None:
    assert ROOT / "src/lib.rs" in SOURCES


def test_nothing_that_interpreters_share_holds_a_python_object() -> None:
    found = {source: shared_python_objects(code_of(source.read_text())) for source in SOURCES}
    assert places(found) == []


def test_only_the_kernel_is_unsafe() -> None:
    assert search(UNSAFE, outside=KERNEL) == []


def test_only_the_kernel_attaches_threads() -> None:
    assert search(ATTACH, outside=KERNEL) == []


def test_no_bool_is_extracted_by_pyo3() -> None:
    """Its fallback for numpy's bool interns a name for all interpreters: ask for PyBool instead."""
    assert search(BOOL_EXTRACTION) == []


@pytest.mark.parametrize(
    "line",
    [
        "static CELL: Mutex<Option<Py<PyAny>>> = Mutex::new(None);",
        "static mut LAST: *mut ffi::PyObject = null_mut();",
        "pub(crate) static ERROR: OnceLock<PyErr> = OnceLock::new();",
        "thread_local! { static NAME: RefCell<Option<Bound<'static, PyString>>> = const { x() } }",
    ],
)
def test_the_search_finds_shared_objects(line: str) -> None:
    assert shared_python_objects(code_of(line)) != []


@pytest.mark.parametrize(
    "line",
    [
        "static RUNNING: AtomicUsize = AtomicUsize::new(0);",
        "static mut MODULE: ffi::PyModuleDef = ffi::PyModuleDef { m_size: 8 };",
        "// static CELL: Py<PyAny> = x;",
        'const TEXT: &str = "static CELL: Py<PyAny> = x;";',
        "struct State { client: Py<PyType> }",
        "thread_local! { static DEPTH: Cell<usize> = const { Cell::new(0) } }",
    ],
)
def test_the_search_passes_what_is_no_shared_object(line: str) -> None:
    assert shared_python_objects(code_of(line)) == []


@pytest.mark.parametrize(
    ("pattern", "line", "count"),
    [
        (UNSAFE, "unsafe { x() }", 1),
        (UNSAFE, "pub unsafe extern fn x();", 1),
        (UNSAFE, "#[unsafe(no_mangle)]", 0),
        (UNSAFE, "#![deny(unsafe_code)] // unsafe", 0),
        (ATTACH, "Python::attach(|py| x(py))", 1),
        (ATTACH, "Python::attach_unchecked(|py| x(py))", 0),
        (BOOL_EXTRACTION, "value.extract::<bool>()", 1),
    ],
)
def test_the_search_finds_words(pattern: re.Pattern[str], line: str, count: int) -> None:
    assert len(found_in(pattern, code_of(line))) == count


def test_pyo3_comes_without_what_needs_process_wide_objects() -> None:
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    metadata = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    packages = {package["name"]: package for package in json.loads(metadata)["packages"]}
    (pyo3,) = (dep for dep in packages["aerospike-py"]["dependencies"] if dep["name"] == "pyo3")
    assert (pyo3["uses_default_features"], pyo3["features"]) == (False, [])
    assert packages.keys() & {"pyo3-macros", "pyo3-async-runtimes"} == set()


def test_dropping_an_object_while_detached_aborts() -> None:
    assert '"pyo3_disable_reference_pool"' in (ROOT / ".cargo/config.toml").read_text()
