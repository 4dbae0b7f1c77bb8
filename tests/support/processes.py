"""Python programs in processes of their own, and what a process holds on to."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
PREAMBLE = f"import sys; sys.path.insert(0, {str(TESTS)!r})\n"
LIMIT = 50.0
"""Seconds after which a program that has not ended hangs."""


def command(program: str, *args: object) -> list[str]:
    """This Python, with a program that may import what is in this folder."""
    return [sys.executable, "-X", "faulthandler", "-c", PREAMBLE + program, *map(str, args)]


def run(program: str, *args: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(
        command(program, *args),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        env={**os.environ, **environment},
    )


def output(program: str, *args: object, **environment: str) -> str:
    """What a program writes, which ends well and complains of nothing."""
    ended = run(program, *args, **environment)
    assert (ended.returncode, ended.stderr) == (0, ""), explain(ended)
    return ended.stdout


def explain(ended: subprocess.CompletedProcess[str]) -> str:
    code = ended.returncode
    how = signal.Signals(-code).name if code < 0 else f"code {code}"
    return f"the program ended with {how}\n{ended.stdout}\n{ended.stderr}"


@contextlib.contextmanager
def started(program: str, *args: object) -> Iterator[subprocess.Popen[str]]:
    """A program that runs, and is killed if it still does in the end."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command(program, *args), stdin=pipe, stdout=pipe, stderr=pipe, text=True
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def names_of_threads() -> list[str]:
    """The threads of this process, those that Python does not know among them."""
    names = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            names.append((task / "comm").read_text().strip())
    return names


def descriptors() -> int:
    """Open files and sockets of this process."""
    return len(os.listdir("/proc/self/fd"))


def memory() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def eventually(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether `condition` becomes true, where nothing tells when."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


async def eventually_async(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """The same in an event loop, which goes on meanwhile."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.01)
    return True
