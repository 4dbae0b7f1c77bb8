"""Interpreters that end leave nothing behind: no thread, no file, no memory to speak of."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from support import processes, turnover

COUNT = 300
BYTES = 50 * 1024
"""What an interpreter may leave beyond one that has not used the package."""

pytestmark = [
    pytest.mark.subinterpreters,
    pytest.mark.skipif(sys.version_info < (3, 12), reason="interpreters share a GIL before 3.12"),
]
PROGRAM = "from support.turnover import main\nmain()"


def start(*args: object) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(processes.command(PROGRAM, *args), stdout=pipe, stderr=pipe, text=True)


def told(process: subprocess.Popen[str]) -> Any:
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    return json.loads(output)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "kind",
    [
        "sync",
        pytest.param(
            "async",
            marks=pytest.mark.skipif(
                sys.version_info < (3, 12, 2),
                reason="importing asyncio in a subinterpreter aborts CPython 3.12.0 and 3.12.1",
            ),
        ),
    ],
)
def test_interpreters_in_turn_leave_nothing(server: Any, kind: str) -> None:
    """Some of them end with operations in flight."""
    imported = processes.output(turnover.IMPORTED).strip().replace(" ", ", ")
    with (
        start("with", kind, *server.hosts[0], COUNT) as with_package,
        start("without", kind, imported, COUNT // 3) as without,
    ):
        try:
            left, left_by_python = told(with_package), told(without)
        finally:
            for process in (with_package, without):
                process.kill()
    assert left["threads"] <= 0
    assert left["descriptors"] <= 0
    assert left["bytes"] - left_by_python["bytes"] < BYTES
