"""The commands behind `./dev`: set the tools up, hand over to nox, and sum up what it did."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import venv
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
TOOLS = ROOT / "scripts/tools.txt"
REPORTS = ROOT / ".nox/reports"

# What `./dev test` runs, in two rows side by side, since tests wait and much of what compiles does
# one thing at a time: but one after the other with a cluster that is named, which has no room for
# both. The sessions of one interpreter share its environment, hence a row.
ROW = ["gil-3.10", "rust", "gil-3.13", "subinterpreters-3.13", "types", "server_wheel"]
ROW_BESIDE = ["free_threaded-3.13t", "lint", "subinterpreters-3.12", "subinterpreters-3.14"]

USAGE = """\
usage: ./dev demo                     the client at work in three kinds of interpreter
       ./dev test [SESSION ...] [...]  the tests: all default sessions, or those named;
                                      what begins with a dash goes to nox, so that
                                      `./dev test gil-3.13 -- -k get` runs some of a session's
       ./dev build                    the extension, installed in .venv, and the server
`./dev test -l` lists the sessions."""

# Continuous integration must not pass without either of these.
FREE_THREADED = "free_threaded-3.13t"
OWN_GIL = {"subinterpreters-3.12", "subinterpreters-3.13", "subinterpreters-3.14"}


@dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"

    def add(self, other: Counts) -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in ("demo", "test", "build"):
        print(USAGE)
        return 0 if arguments in ([], ["-h"], ["--help"]) else 2
    command, *rest = arguments
    check_rust()
    set_up_tools()
    if command == "test":
        return test(rest)
    return nox("--session", command, "--", *rest)


def check_rust() -> None:
    wanted = re.search(r'^rust-version = "([\d.]+)"', (ROOT / "Cargo.toml").read_text(), re.M)
    assert wanted, "Cargo.toml names the Rust version that the workspace needs"
    if shutil.which("cargo") is None:
        sys.exit(f"dev: Rust {wanted[1]} or later is needed, and there is no cargo in PATH")
    answer = subprocess.run(["rustc", "--version"], cwd=ROOT, capture_output=True, text=True)
    found = re.match(r"rustc ([\d.]+)", answer.stdout)
    if found is None:
        sys.exit(f"dev: `rustc --version` failed: {answer.stderr.strip()}")
    if numbers(found[1]) < numbers(wanted[1]):
        sys.exit(f"dev: Rust {wanted[1]} or later is needed, and rustc is {found[1]}")
    if shutil.which("cc") is None:
        sys.exit("dev: a C compiler is needed, and there is no cc in PATH")


def numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


def set_up_tools() -> None:
    stamp = ENVIRONMENT / "tools.txt"
    if stamp.exists() and stamp.read_text() == TOOLS.read_text():
        return
    print("dev: setting up .venv", flush=True)
    try:
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
    except subprocess.CalledProcessError:
        sys.exit("dev: this Python can't make a virtual environment (Debian: install python3-venv)")
    install = [tool("python"), "-m", "pip", "install", "--quiet", "--requirement", str(TOOLS)]
    if subprocess.call(install) != 0:
        sys.exit("dev: the tools listed in scripts/tools.txt could not be installed")
    shutil.copy(TOOLS, stamp)


def tool(name: str) -> str:
    return str(ENVIRONMENT / "bin" / name)


def nox(*arguments: str) -> int:
    return subprocess.call(nox_command(*arguments), cwd=ROOT)


def nox_command(*arguments: str) -> list[str]:
    return [tool("python"), "-m", "nox", *arguments]


def test(arguments: list[str]) -> int:
    names = list(itertools.takewhile(lambda word: not word.startswith("-"), arguments))
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    report = ["--report", str(REPORTS / "nox.json")]
    if arguments or "AEROSPIKE_TEST_HOSTS" in os.environ:
        selected = ["--session", *names] if names else []
        status = nox(*report, *selected, *arguments[len(names) :])
    else:
        status = default_set(report)
    if not any(REPORTS.glob("nox*.json")):
        return status
    problems = sum_up()
    return status or (1 if problems else 0)


def default_set(report: list[str]) -> int:
    beside = nox_command("--report", str(REPORTS / "nox-beside.json"), "--session", *ROW_BESIDE)
    log = REPORTS / "beside.log"
    names = ", ".join(ROW_BESIDE)
    print(f"dev: beside these, and shown at the end, run {names}: see {log}", flush=True)
    with (
        log.open("w") as output,
        subprocess.Popen(beside, cwd=ROOT, stdout=output, stderr=output) as running,
    ):
        status = nox(*report, "--session", *ROW)
    print(log.read_text(errors="replace"), flush=True)
    return status or running.returncode


def sum_up() -> list[str]:
    """Print what the sessions did; return what fails the run though no session has failed."""
    sessions = []
    for report in (REPORTS / "nox.json", REPORTS / "nox-beside.json"):
        if report.exists():
            sessions += json.loads(report.read_text())["sessions"]
    total = Counts()
    unavailable: dict[str, str] = {}
    print("\nSessions:")
    for session in sessions:
        name, result = session["name"], session["result"]
        reports = [*REPORTS.glob(f"{name}.xml"), *REPORTS.glob(f"{name}-*.xml")]
        counts = Counts()
        for report in reports:
            counts.add(read_counts(report))
        total.add(counts)
        print(f"  {name:<22} {result:<8} {counts if reports else ''}".rstrip())
        if (note := REPORTS / f"{name}.unavailable").exists():
            unavailable[name] = note.read_text()
    if unavailable:
        print("\nNOT RUN, for want of an interpreter:")
        for name, reason in unavailable.items():
            print(f"  {name}: {reason}")
    problems = missing_in_ci(set(unavailable)) if os.environ.get("CI") == "true" else []
    for problem in problems:
        print(f"\nFAILURE: {problem}")
    if failed := [session["name"] for session in sessions if session["result"] == "failed"]:
        print(f"\nFailed sessions: {', '.join(failed)}")
    print(f"\n{total}", flush=True)
    return problems


def read_counts(report: Path) -> Counts:
    counts = Counts()
    for suite in ElementTree.parse(report).iter("testsuite"):
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        counts.add(Counts(int(suite.get("tests", 0)) - failed - skipped, failed, skipped))
    return counts


def missing_in_ci(unavailable: set[str]) -> list[str]:
    problems = []
    if FREE_THREADED in unavailable:
        problems.append("no free-threaded CPython 3.13, which continuous integration must have")
    if unavailable >= OWN_GIL:
        problems.append(
            "no CPython 3.12, 3.13 or 3.14, and continuous integration must have one of them"
        )
    return problems


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
