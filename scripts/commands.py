"""Run a command to its end within a time, or say in one line why that failed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


class Unavailable(Exception):
    """An interpreter can't be had; the message says what was tried."""


def run(
    command: Sequence[str | Path],
    *,
    timeout: float,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> str:
    """The standard output; `Unavailable`, with the last line that was written, on failure."""
    words = [str(word) for word in command]
    shown = " ".join([Path(words[0]).name, *words[1:3]])
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            env={**os.environ, **(env or {})},
            cwd=cwd,
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"`{shown}` did not end within {timeout:.0f} seconds") from None
    except OSError as error:
        raise Unavailable(f"`{shown}` did not start: {error}") from None
    if done.returncode != 0:
        written = done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}"
        raise Unavailable(f"`{shown}` failed: {written.splitlines()[-1].strip()}")
    return done.stdout


def tell(message: str) -> None:
    print(f"interpreters: {message}", file=sys.stderr, flush=True)
