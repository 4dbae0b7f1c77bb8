#!/usr/bin/env python3
"""Find the CPython for a spec such as 3.10, 3.14 or 3.13t (free-threaded), or make it.

    scripts/interpreters.py 3.13 3.13t    prints the path of each, making those that are missing
    scripts/interpreters.py --list        shows what is there already, and makes nothing

Looked for, in this order:

1. PATH (`python3.13t`, `python3.13`), and the Python that runs this script
2. pyenv's versions (`$PYENV_ROOT`, by default ~/.pyenv)
3. uv's versions, and the cache that step 5 fills
4. `uv python install`, when uv is there
5. on Debian only, `debian.py`: a standard build comes from the packages of Debian's unstable suite,
   a free-threaded one is compiled from its source package of CPython

The cache is ${XDG_CACHE_HOME:-~/.cache}/aerospike-py; removing it is safe. Where an interpreter
came from, or why it can't be had, is told on stderr; the exit status is 1 when one of those asked
for is missing. Needs Python 3.10 or later and nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import debian
from commands import Unavailable, run, tell

KNOWN = ("3.10", "3.11", "3.12", "3.13", "3.14", "3.15", "3.13t", "3.14t", "3.15t")

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aerospike-py"

# What an interpreter prints about itself. It imports `ssl` since one that lacks it can install
# nothing, and tells its base since the Python of a virtual environment goes when that goes.
PROBE = """
import json, os, ssl, sys, sysconfig, zlib
number = ".".join(map(str, sys.version_info[:2]))
threads = "t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
print(json.dumps({
    "spec": number + threads if sys.implementation.name == "cpython" else "",
    "version": sys.version.split()[0],
    "path": sys.executable if sys.prefix == sys.base_prefix else os.path.realpath(sys.executable),
}))
"""

COMPILE_STANDARD_LIBRARY = """
import compileall, sysconfig
compileall.compile_dir(sysconfig.get_path("stdlib"), quiet=2, workers=0)
"""


@dataclass(frozen=True)
class Interpreter:
    spec: str
    version: str
    path: Path
    origin: str


def find(spec: str, *, make: bool = True) -> Interpreter:
    """The interpreter for `spec`, made when it is missing and `make` is true."""
    if not re.fullmatch(r"3\.\d+t?", spec):
        raise Unavailable(f"{spec!r} is no spec: write 3.13 or, for the free-threaded build, 3.13t")
    for origin, candidates in (
        ("PATH", on_path(spec)),
        ("pyenv", in_pyenv(spec)),
        ("uv", in_uv(spec)),
        ("the cache", in_cache(spec)),
    ):
        if found := first_that_runs(spec, origin, candidates):
            return found
    reasons = ["not in PATH, pyenv, uv or the cache"]
    if make:
        for maker in (make_with_uv, make_with_debian):
            try:
                return maker(spec)
            except Unavailable as reason:
                reasons.append(str(reason))
    raise Unavailable("; ".join(reasons))


def first_that_runs(spec: str, origin: str, candidates: Iterator[Path]) -> Interpreter | None:
    """The first candidate that runs and says that it is the interpreter `spec` names."""
    for candidate in candidates:
        try:
            about = json.loads(run([candidate, "-I", "-c", PROBE], timeout=30))
        except Unavailable:
            continue
        if about["spec"] == spec:
            return Interpreter(spec, about["version"], Path(about["path"]), origin)
    return None


def on_path(spec: str) -> Iterator[Path]:
    yield Path(sys.executable)
    for name in dict.fromkeys((f"python{spec}", f"python{spec.rstrip('t')}")):
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
            if found := shutil.which(name, path=folder):
                yield Path(found)


def in_pyenv(spec: str) -> Iterator[Path]:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    pattern = re.escape(spec.rstrip("t")) + r"\.(\d+)" + ("t" if spec.endswith("t") else "")
    patches = {
        int(match[1]): folder
        for folder in (root / "versions").glob("*")
        if (match := re.fullmatch(pattern, folder.name))
    }
    for patch in sorted(patches, reverse=True):
        yield patches[patch] / "bin/python"


def in_uv(spec: str) -> Iterator[Path]:
    if uv := uv_command():
        command = [
            uv,
            "python",
            "find",
            "--managed-python",
            "--no-python-downloads",
            "--no-project",
        ]
        try:
            yield Path(run([*command, spec], timeout=30).strip())
        except Unavailable:
            return


def in_cache(spec: str) -> Iterator[Path]:
    for folder in ("bin", "usr/bin"):
        executable = cached(spec) / folder / f"python{spec}"
        if executable.exists():
            yield executable


def cached(spec: str) -> Path:
    return CACHE / f"cpython-{spec}"


def uv_command() -> str | None:
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else shutil.which("uv")


def make_with_uv(spec: str) -> Interpreter:
    uv = uv_command()
    if uv is None:
        raise Unavailable("uv is not installed")
    tell(f"{spec}: asking uv to install it")
    bounded = {"UV_HTTP_TIMEOUT": "30", "UV_HTTP_RETRIES": "0"}
    run([uv, "python", "install", "--no-bin", spec], timeout=300, env=bounded)
    if found := first_that_runs(spec, "uv python install", in_uv(spec)):
        return found
    raise Unavailable("uv installed an interpreter that does not run here")


def make_with_debian(spec: str) -> Interpreter:
    if not debian.is_here():
        raise Unavailable("not a Debian system, so Debian's packages are no help")
    with debian.locked_workspace(CACHE, spec) as workspace:
        if found := first_that_runs(spec, "the cache", in_cache(spec)):
            return found
        made, origin = debian.make(spec, workspace, cached(spec))
        shutil.rmtree(cached(spec), ignore_errors=True)
        made.rename(cached(spec))
        found = first_that_runs(spec, origin, in_cache(spec))
        if found is None:
            shutil.rmtree(cached(spec))
            raise Unavailable(f"the interpreter made from {origin} does not run here")
        # Packages come without bytecode: each start would compile anew what it imports.
        run([found.path, "-I", "-c", COMPILE_STANDARD_LIBRARY], timeout=600)
        return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Find or make the CPython for a spec.")
    parser.add_argument("spec", nargs="*", help="3.13, or 3.13t for the free-threaded build")
    parser.add_argument("--list", action="store_true", help="show what is there, make nothing")
    options = parser.parse_args()
    if bool(options.spec) == options.list:
        parser.error("name at least one spec, or say --list")
    missing = False
    for spec in options.spec or KNOWN:
        try:
            found = find(spec, make=not options.list)
        except Unavailable as reason:
            tell(f"{spec}: unavailable: {reason}")
            missing = True
        else:
            tell(f"{spec}: CPython {found.version}, from {found.origin}")
            print(f"{spec} {found.path}" if options.list else found.path)
    return 1 if missing and not options.list else 0


if __name__ == "__main__":
    sys.exit(main())
