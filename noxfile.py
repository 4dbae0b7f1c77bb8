"""The sessions that `./dev` runs; `./dev test -l` lists them.

A Python session runs the tests of tests/client, which hold for every kind of interpreter, and those
that are its kind's own, against a wheel built for its interpreter. Which interpreter that is, and
where it comes from, is decided by scripts/interpreters.py. One session with a GIL and those without
it run tests/conformance, too: the golden cases are about the server more than about Python. The one
with a GIL runs tests/other_clients as well, which are about the server alone.
"""

from __future__ import annotations

import fcntl
import functools
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import nox
from nox.command import CommandFailed

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "scripts"))

import dev  # noqa: E402
import interpreters  # noqa: E402

GIL = ["3.10", "3.11", "3.12", "3.13", "3.14", "3.15"]
OWN_GIL = ["3.12", "3.13", "3.14", "3.15"]
FREE_THREADED = ["3.13t", "3.14t", "3.15t"]

STATE = ROOT / ".nox"
REPORTS = STATE / "reports"

LINTERS = ["ruff>=0.17,<0.18"]
TYPE_CHECKERS = [
    "basedpyright>=1.40,<2",
    "mypy>=2.4,<3",
    "numpy>=2.0,<3",
    "opentelemetry-api>=1.30,<2",
    "prometheus-client>=0.22,<1",
    "typing_extensions",
]

# Two processes, each with a server of its own: the tests wait much. A cluster that is named is one
# for all.
SIDE_BY_SIDE = () if "AEROSPIKE_TEST_HOSTS" in os.environ else ("-n", "2", "--dist", "worksteal")

# The project's crates, and PyO3, without the checks of a debug build, which tests run.
OPTIMIZED = [
    f"--config=profile.dev.package.{crate}.{setting}"
    for crate in ("aerospike-py", "aerospike-embedded", "pyo3", "pyo3-ffi")
    for setting in ("opt-level=1", "debug-assertions=false", "overflow-checks=false")
]

nox.options.default_venv_backend = "none"
nox.options.sessions = [*dev.ROW, *dev.ROW_BESIDE]


def gil(session: nox.Session, spec: str) -> None:
    """The client and what is special to one GIL, in a standard CPython."""
    marks = "not subinterpreters"
    if spec in OWN_GIL:
        marks += " and not no_subinterpreters"
    folders = ["tests/client", "tests/gil"]
    env = {}
    if spec == "3.13":
        folders += ["tests/conformance", "tests/other_clients"]
        env["AEROSPIKE_OTHER_CLIENTS"] = other_clients(session, spec)
    run_pytest(session, spec, *SIDE_BY_SIDE, *folders, "-m", marks, **env)


def subinterpreters(session: nox.Session, spec: str) -> None:
    """The client in many interpreters at once, each with a GIL of its own."""
    run_pytest(session, spec, *SIDE_BY_SIDE, "tests/gil", "-m", "subinterpreters")


def free_threaded(session: nox.Session, spec: str) -> None:
    """The client without a GIL, which stays off to the end."""
    folders = ["tests/client", "tests/free_threaded", "tests/conformance"]
    run_pytest(session, spec, *SIDE_BY_SIDE, *folders)


def add_sessions(kind: Callable[[nox.Session, str], None], specs: list[str]) -> None:
    for spec in specs:

        def run(session: nox.Session, spec: str = spec) -> None:
            kind(session, spec)

        run.__doc__ = kind.__doc__
        nox.session(name=f"{kind.__name__}-{spec}")(run)


add_sessions(gil, GIL)
add_sessions(subinterpreters, OWN_GIL)
add_sessions(free_threaded, FREE_THREADED)


@nox.session
def lint(session: nox.Session) -> None:
    """rustfmt, clippy and its bans, ruff, and what only a search of the sources finds."""
    session.run("cargo", "fmt", "--all", "--check", external=True)
    clippy = ["cargo", "clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]
    # All that the sources have for some interpreters alone, save what is for 3.14 and later.
    for spec in ("3.10", "3.13t"):
        found = find(spec)
        if isinstance(found, str):
            session.warn(f"clippy does not see what is compiled for CPython {spec}: {found}")
            continue
        session.run(*clippy, env=compiling_for(spec, str(found.path)), external=True)
    python = environment(session, "lint", sys.executable)
    install(session, python, *LINTERS, "--requirement", "tests/requirements.txt")
    session.run(python, "-m", "ruff", "check", external=True)
    session.run(python, "-m", "ruff", "format", "--check", external=True)
    tests = ["tests/test_sources.py", "tests/test_tooling.py"]
    pytest(session, python, "--noconftest", *tests)


@nox.session
def types(session: nox.Session) -> None:
    """mypy on the package, its stubs compared with the compiled module, and programs of users.

    basedpyright is pyright with an engine of its own, which needs no download.
    """
    python = environment_with_wheel(session, "3.13")
    install(session, python, *TYPE_CHECKERS)
    mypy = ["mypy", "--strict", "python/aerospike_py"]
    session.run(python, "-m", *mypy, "scripts", external=True)
    # The sources that the stubs beside them hide.
    hidden = ["--exclude", r"(operations|predicates)\.pyi$"]
    session.run(python, "-m", *mypy, *hidden, external=True)
    allowed = ["--allowlist", "tests/typing/stubtest.txt"]
    session.run(python, "-m", "mypy.stubtest", "aerospike_py", *allowed, external=True)
    session.run(python, "-m", "mypy", "--strict", "tests/typing", external=True)
    pyright = ["basedpyright", "--project", "tests/typing", "--pythonpath", python]
    session.run(python, "-m", *pyright, external=True)


@nox.session
def rust(session: nox.Session) -> None:
    """The tests of the embedded server, and the extension's own with and without a GIL."""
    # Unit tests alone have the server compiled once more, which is not worth optimizing.
    unit_tests = ["--lib", "--config=profile.dev.package.aerospike-embedded.opt-level=0"]
    rust_tests(session, "server-units", "aerospike-embedded", {}, *unit_tests)
    rust_tests(session, "server", "aerospike-embedded", {}, "--bins", "--test=*")
    # The next session is that of 3.13, which needs PyO3 compiled for it, too.
    for spec in ("3.13t", "3.13"):
        found = find(spec)
        if isinstance(found, str):
            session.warn(f"the extension's own tests do not run for CPython {spec}: {found}")
            continue
        python = str(found.path)
        code = "import sysconfig; print(sysconfig.get_config_var('LIBDIR'))"
        library = session.run(python, "-c", code, external=True, silent=True, log=False)
        # They are programs that link libpython, unlike the extension.
        env = compiling_for(spec, python) | {"LD_LIBRARY_PATH": str(library).strip()}
        rust_tests(session, spec, "aerospike-py", env)


def rust_tests(
    session: nox.Session, name: str, package: str, env: dict[str, str], *targets: str
) -> None:
    which = ["--locked", "--package", package, *targets, "--no-fail-fast"]
    if shutil.which("cargo-nextest") is None:
        session.run("cargo", "test", *which, env=env, external=True)
        return
    counts = ROOT / "target/nextest/default/junit.xml"
    counts.unlink(missing_ok=True)
    try:
        session.run("cargo", "nextest", "run", *which, env=env, external=True)
    finally:
        if counts.exists():
            REPORTS.mkdir(parents=True, exist_ok=True)
            shutil.copy(counts, REPORTS / f"{session.name}-{name}.xml")


@nox.session
def server_wheel(session: nox.Session) -> None:
    """The wheel of the embedded server: a Python that has it and the client needs no more."""
    environment_with_wheel(session, "3.13")
    (client,) = (STATE / "wheel-3.13").glob("*.whl")
    folder = STATE / "wheel-server"
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "maturin", "build", "--locked"]
    command += ["--manifest-path", "crates/embedded/Cargo.toml", "--out", str(folder)]
    session.run(*command, external=True)
    (wheel,) = folder.glob("*.whl")
    python = environment(session, "server-wheel", str(interpreter(session, "3.13").path))
    install(session, python, "--force-reinstall", "--no-deps", str(client), str(wheel))
    # Neither the variable nor a program elsewhere is to be what is found.
    env = {"AEROSPIKE_EMBEDDED": None, "PATH": "/nowhere"}
    session.run(python, "scripts/check_server_wheel.py", env=env, external=True)


@nox.session(default=False)
def build(session: nox.Session) -> None:
    """The extension, installed beside nox, and the embedded server."""
    spec = f"{sys.version_info.major}.{sys.version_info.minor}{sys.abiflags}"
    wheel = build_wheel(session, spec, sys.executable, OPTIMIZED)
    install(session, sys.executable, "--force-reinstall", "--no-deps", wheel)
    session.log(f"{sys.executable} has aerospike_py; the server is {server(session, OPTIMIZED)}")


@nox.session(default=False)
def demo(session: nox.Session) -> None:
    """examples/demo.py, with a server of its own, with the GIL and without it."""
    specs = [own_gil_spec(), "3.13t"]
    present = [spec for spec in specs if not isinstance(find(spec), str)]
    environments = [environment_with_wheel(session, spec, OPTIMIZED) for spec in present]
    env = {"AEROSPIKE_EMBEDDED": server(session, OPTIMIZED)}
    for python in environments:
        session.run(python, "examples/demo.py", *session.posargs, env=env, external=True)
    for spec in specs:
        if spec not in present:
            session.warn(f"not shown in CPython {spec}: {find(spec)}")
    if not present:
        session.error("there is no interpreter to show it in")


def own_gil_spec() -> str:
    """3.13, or the newest CPython at hand that has own-GIL subinterpreters."""
    for spec in ("3.13", *reversed(OWN_GIL)):
        try:
            return interpreters.find(spec, make=False).spec
        except interpreters.Unavailable:
            continue
    return "3.13"


def run_pytest(session: nox.Session, spec: str, *arguments: str, **env: str) -> None:
    python = environment_with_wheel(session, spec)
    pytest(session, python, *arguments, AEROSPIKE_EMBEDDED=server(session), **env)


def pytest(session: nox.Session, python: str, *arguments: str, **env: str | None) -> None:
    report = f"--junitxml={REPORTS / session.name}.xml"
    # PYTHON_GIL would overrule what the module says of the GIL, and without bytecode each process
    # would compile all that it imports.
    env |= {"PYTHON_GIL": None, "PYTHONDONTWRITEBYTECODE": None}
    command = [python, "-m", "pytest", report]
    session.run(*command, *arguments, *session.posargs, env=env, external=True)


@functools.cache
def find(spec: str) -> interpreters.Interpreter | str:
    """The interpreter, or why it can't be had."""
    try:
        return interpreters.find(spec)
    except interpreters.Unavailable as reason:
        return str(reason)


def interpreter(session: nox.Session, spec: str) -> interpreters.Interpreter:
    found = find(spec)
    if isinstance(found, str):
        reason = f"no CPython {spec}: {found}"
        REPORTS.mkdir(parents=True, exist_ok=True)
        (REPORTS / f"{session.name}.unavailable").write_text(reason)
        session.skip(reason)
    session.log(f"CPython {found.version} from {found.origin}: {found.path}")
    return found


# What this run has made, and with which configuration of Cargo's.
made_in_this_run: dict[str, tuple[Sequence[str], str]] = {}


def made_once(name: str, config: Sequence[str], make: Callable[[], str]) -> str:
    """What `make` returns, or did when it was last called for this name, with the same `config`."""
    if name not in made_in_this_run or made_in_this_run[name][0] != config:
        made_in_this_run[name] = config, make()
    return made_in_this_run[name][1]


def environment_with_wheel(session: nox.Session, spec: str, config: Sequence[str] = ()) -> str:
    """The Python of an environment that has the extension and what the tests need."""
    found = interpreter(session, spec)

    def make() -> str:
        wheel = build_wheel(session, spec, str(found.path), config)
        python = environment(session, spec, str(found.path))
        requirements = "requirements" if spec in FREE_THREADED else "requirements-gil"
        install(session, python, "--requirement", f"tests/{requirements}.txt")
        install(session, python, "--force-reinstall", "--no-deps", wheel)
        return python

    return made_once(spec, config, make)


def environment(session: nox.Session, name: str, base: str) -> str:
    folder = STATE / f"python-{name}"
    session.run(sys.executable, "-m", "virtualenv", "--quiet", "--python", base, str(folder))
    return str(folder / "bin/python")


def install(session: nox.Session, python: str, *what: str) -> None:
    """By uv, in a tenth of pip's time, or by pip where uv fails: pip alone may know of an index."""
    uv = Path(sys.executable).with_name("uv")
    try:
        session.run(str(uv), "pip", "install", "--quiet", "--python", python, *what, external=True)
    except CommandFailed:
        session.run(python, "-m", "pip", "install", "--quiet", *what, external=True)


def other_clients(session: nox.Session, spec: str) -> str:
    """The Python of an environment that has clients of other makes instead of ours: one of them has
    its name."""
    python = environment(session, f"{spec}-other-clients", str(interpreter(session, spec).path))
    install(session, python, "--requirement", "tests/other_clients/requirements.txt")
    return python


def build_wheel(session: nox.Session, spec: str, python: str, config: Sequence[str]) -> str:
    """One target folder serves all interpreters: the crates that know of Python are built anew for
    each, and those under them, most of the work, once."""
    folder = STATE / f"wheel-{spec}"
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "maturin", "build", "--locked"]
    command += ["--interpreter", python, "--out", str(folder), "--compression-method", "stored"]
    # All of them are compiled into the same file: the next one waits until the wheel has it.
    STATE.mkdir(exist_ok=True)
    with (STATE / "wheel.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        session.run(*command, *config, env=compiling_for(spec, python), external=True)
    (wheel,) = folder.glob("*.whl")
    return str(wheel)


def compiling_for(spec: str, python: str) -> dict[str, str]:
    """The environment in which PyO3 is compiled for this interpreter."""
    env = {"PYO3_PYTHON": python}
    if spec == "3.13t":
        # PyO3 refuses it since it supports 3.14t, but its layout of 3.13t is intact: a test of the
        # session proves that.
        env["UNSAFE_PYO3_SKIP_VERSION_CHECK"] = "1"
    return env


def server(session: nox.Session, config: Sequence[str] = ()) -> str:
    """The path of the embedded server."""

    def make() -> str:
        package = ["--package", "aerospike-embedded"]
        session.run("cargo", "build", "--locked", *package, *config, external=True)
        command = ["cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"]
        metadata = session.run(*command, external=True, silent=True, log=False)
        assert isinstance(metadata, str)
        return str(Path(json.loads(metadata)["target_directory"]) / "debug/aerospike-embedded")

    return made_once("server", config, make)
