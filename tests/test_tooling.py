"""What `./dev test` makes of its sessions, how interpreters are found, what stubs are made."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import dev
import interpreters
import stubs
from commands import Unavailable, run

THIS = f"{sys.version_info.major}.{sys.version_info.minor}{sys.abiflags}"

REPORT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10"/></testsuites>
"""


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(dev, "REPORTS", tmp_path)
    monkeypatch.delenv("CI", raising=False)
    return tmp_path


def write_sessions(reports: Path, results: dict[str, str]) -> None:
    sessions = [{"name": name, "result": result} for name, result in results.items()]
    (reports / "nox.json").write_text(json.dumps({"sessions": sessions}))


def test_the_last_line_is_the_sum_of_all_sessions(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_sessions(reports, {"gil-3.10": "failed", "gil-3.13": "failed", "rust": "success"})
    for name in ("gil-3.10", "gil-3.13", "rust-server", "rust-3.13"):
        (reports / f"{name}.xml").write_text(REPORT)
    assert dev.sum_up() == []
    written = capsys.readouterr().out
    assert "rust                   success  8 passed, 6 failed, 6 skipped\n" in written
    assert "Failed sessions: gil-3.10, gil-3.13\n" in written
    assert written.endswith("\n16 passed, 12 failed, 12 skipped\n")


def test_sessions_of_both_rows_are_summed_up(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_sessions(reports, {"gil-3.10": "success"})
    (reports / "nox.json").rename(reports / "nox-beside.json")
    write_sessions(reports, {"lint": "failed"})
    dev.sum_up()
    written = capsys.readouterr().out
    assert written.index("  lint ") < written.index("  gil-3.10 ")
    assert "Failed sessions: lint\n" in written


def test_sessions_of_an_interpreter_are_in_one_row() -> None:
    first, beside = (
        {name.partition("-")[2] for name in row} - {""} for row in (dev.ROW, dev.ROW_BESIDE)
    )
    assert first
    assert beside
    assert not first & beside
    assert {"gil-3.13", "types", "server_wheel"} <= set(dev.ROW), "all use the environment of 3.13"


def test_a_missing_interpreter_is_named_with_the_reason(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_sessions(reports, {"free_threaded-3.13t": "skipped"})
    (reports / "free_threaded-3.13t.unavailable").write_text("no CPython 3.13t: out of stock")
    assert dev.sum_up() == []
    assert "free_threaded-3.13t: no CPython 3.13t: out of stock\n" in capsys.readouterr().out


def test_continuous_integration_fails_without_a_free_threaded_interpreter(
    reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    write_sessions(reports, {"free_threaded-3.13t": "skipped"})
    (reports / "free_threaded-3.13t.unavailable").write_text("no CPython 3.13t")
    assert len(dev.sum_up()) == 1


@pytest.mark.parametrize(
    ("unavailable", "problems"),
    [
        (set(), 0),
        ({"free_threaded-3.14t", "gil-3.15"}, 0),
        ({"subinterpreters-3.12", "subinterpreters-3.13"}, 0),
        ({"subinterpreters-3.12", "subinterpreters-3.13", "subinterpreters-3.14"}, 1),
        (dev.OWN_GIL | {dev.FREE_THREADED}, 2),
    ],
)
def test_what_continuous_integration_can_do_without(unavailable: set[str], problems: int) -> None:
    assert len(dev.missing_in_ci(unavailable)) == problems


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH, a pyenv and a cache that are empty; the PATH is returned."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setattr(interpreters, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(interpreters, "uv_command", lambda: None)
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def test_the_interpreter_that_runs_is_found(nowhere: Path) -> None:
    found = interpreters.find(THIS, make=False)
    assert (found.spec, found.version) == (THIS, sys.version.split()[0])
    in_environment = sys.prefix != sys.base_prefix
    assert not (in_environment and found.path.is_relative_to(sys.prefix))


def test_a_program_that_is_not_what_its_name_says_is_passed_over(nowhere: Path) -> None:
    write_program(nowhere / "python3.99", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    with pytest.raises(Unavailable, match="not in PATH, pyenv, uv or the cache"):
        interpreters.find("3.99", make=False)


def test_a_program_that_fails_is_passed_over(nowhere: Path) -> None:
    write_program(nowhere / "python3.99", "#!/bin/sh\nexit 127\n")
    with pytest.raises(Unavailable):
        interpreters.find("3.99", make=False)


def test_pyenv_offers_its_newest_patch_first(nowhere: Path) -> None:
    versions = Path(os.environ["PYENV_ROOT"]) / "versions"
    for name in ("3.9.1", "3.13.2", "3.13.10", "3.13.11t", "3.13-dev", "3.130.1"):
        (versions / name).mkdir(parents=True)
    assert [path.parent.parent.name for path in interpreters.in_pyenv("3.13")] == [
        "3.13.10",
        "3.13.2",
    ]
    assert [path.parent.parent.name for path in interpreters.in_pyenv("3.13t")] == ["3.13.11t"]


@pytest.mark.parametrize("spec", ["3", "2.7", "3.13.1", "python3.13", "3.13d", ""])
def test_a_spec_that_is_none_is_refused(spec: str) -> None:
    with pytest.raises(Unavailable, match=r"no spec: write 3\.13"):
        interpreters.find(spec)


def test_a_command_that_fails_tells_its_last_line(tmp_path: Path) -> None:
    write_program(tmp_path / "broken", "#!/bin/sh\necho first >&2\necho last >&2\nexit 3\n")
    with pytest.raises(Unavailable, match=r"^`broken now` failed: last$"):
        run([tmp_path / "broken", "now"], timeout=30)


def test_stubs_are_those_of_their_modules(capsys: pytest.CaptureFixture[str]) -> None:
    assert stubs.main(check=True) == 0, capsys.readouterr().out
    made = stubs.stub("@also_named(bin_name='bin')\ndef pop(bin: str, at: int = 0) -> None: ...\n")
    assert made.splitlines()[-4:] == [
        "@overload",
        "def pop(bin: str, at: int=0) -> None: ...",
        "@overload",
        "def pop(bin_name: str, at: int=0) -> None: ...",
    ]
