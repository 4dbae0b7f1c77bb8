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


def told(process: subprocess.Popen[str]) -> Any:
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    return json.loads(output)


@pytest.mark.timeout(300)
def test_interpreters_in_turn_leave_nothing(server: Any) -> None:
    """Each uses clients of both kinds; some end with operations of one kind in flight."""
    # Importing asyncio in a subinterpreter aborts CPython 3.12.0 and 3.12.1.
    kinds = "sync async" if sys.version_info >= (3, 12, 2) else "sync"
    imported = processes.output(turnover.IMPORTED).strip().replace(" ", ", ")
    with (
        processes.started(PROGRAM, "with", kinds, *server.hosts[0], COUNT) as with_package,
        processes.started(PROGRAM, "without", kinds, imported, COUNT // 3) as without,
    ):
        left, left_by_python = told(with_package), told(without)
    assert left["threads"] <= 0
    assert left["descriptors"] <= 0
    assert left["bytes"] - left_by_python["bytes"] < BYTES
