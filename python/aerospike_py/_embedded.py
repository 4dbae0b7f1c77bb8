"""The process of an `aerospike-embedded`, and what it is asked, without the rest of the package."""

import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import IO

START_TIMEOUT = 10.0
"""Seconds that a server may take until it listens."""

STOP_TIMEOUT = 5.0
"""Seconds that a server may take to end, before it is told more and more forcibly."""

LOG_TAIL = 8192
"""Most bytes of a server's error output that an exception shows."""

PROGRAM = "aerospike-embedded.exe" if sys.platform == "win32" else "aerospike-embedded"


class Process:
    """A server process, from its start to its end."""

    def __init__(
        self,
        program: str,
        arguments: list[str],
        log: bool = False,
        prepare: Callable[[str], list[str]] = lambda _folder: [],
    ) -> None:
        self._owner = os.getpid()
        self._crashed = False
        self._log_tail = ""
        self._log: IO[bytes] | None = None
        if not log:
            self._log = tempfile.TemporaryFile()  # noqa: SIM115 - end() closes it
        self.folder = Path(tempfile.mkdtemp(prefix="aerospike-embedded-"))
        try:
            # The server ends when its standard input does: even if this process is killed.
            self.process = subprocess.Popen(
                [program, *arguments, *prepare(str(self.folder))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
            )
        except BaseException:
            shutil.rmtree(self.folder)
            raise
        _all.add(self)
        line = self._first_line()
        line, _, encrypted = line.strip().partition("; TLS on ")
        started, _, control = line.partition("; control on ")
        prefix, _, addresses = started.partition("listening on ")
        if prefix or not addresses:
            self.end()
            raise RuntimeError(
                f"{program} did not start: it wrote {line!r} within {START_TIMEOUT:.0f} seconds, "
                f"and its exit code is {self.process.returncode}{self._log_tail}"
            )
        self.addresses = [_address(text) for text in addresses.split()]
        self.control = _address(control) if control else self.addresses[0]
        self.tls_addresses = [_address(text) for text in encrypted.split()]

    def _first_line(self) -> str:
        # A pipe can be waited for with a time limit only by a thread, on some systems.
        lines: list[bytes] = []
        stdout = _pipe(self.process.stdout)
        reader = threading.Thread(target=lambda: lines.append(stdout.readline()))
        reader.start()
        reader.join(START_TIMEOUT)
        if reader.is_alive():
            self.process.kill()
            reader.join()
            return ""
        return lines[0].decode(errors="replace")

    def end(self) -> None:
        """End the process and reap it, unless it is the parent's of this one."""
        if not self.is_ours():
            return
        self._crashed = self.process.poll() not in (None, 0)
        _pipe(self.process.stdin).close()
        for more_forcibly in (self.process.terminate, self.process.kill):
            try:
                self.process.wait(STOP_TIMEOUT)
                break
            except subprocess.TimeoutExpired:
                more_forcibly()
        self.process.wait()
        _pipe(self.process.stdout).close()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._log is not None:
            self._log_tail = _tail(self._log)
            self._log.close()

    def raise_if_crashed(self) -> None:
        if self._crashed:
            raise RuntimeError(
                f"the server {self.process.args!r} had ended by itself, with exit code "
                f"{self.process.returncode}{self._log_tail}"
            )

    def is_ours(self) -> bool:
        """Whether this process started it, and not one that this was forked from."""
        return self._owner == os.getpid()

    def forget(self) -> None:
        """Let go of the process in a forked child, whose copy of the pipe would keep it alive."""
        _pipe(self.process.stdin).close()
        _pipe(self.process.stdout).close()
        if self._log is not None:
            self._log.close()
        self.process.returncode = 0


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def _tail(log: IO[bytes]) -> str:
    size = log.seek(0, os.SEEK_END)
    log.seek(max(0, size - LOG_TAIL))
    text = log.read().decode(errors="replace").strip()
    return f"; its error output ends with:\n{text}" if text else "; it has no error output"


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


_all: "weakref.WeakSet[Process]" = weakref.WeakSet()


def _forget_all() -> None:
    for running in list(_all):
        running.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)


def find_program() -> str:
    """Find `aerospike-embedded`. Raises FileNotFoundError if it is nowhere."""
    variable = os.environ.get("AEROSPIKE_EMBEDDED")
    if variable:
        if not os.access(variable, os.X_OK) or Path(variable).is_dir():
            raise FileNotFoundError(f"AEROSPIKE_EMBEDDED is {variable!r}, which is no program")
        return variable
    scripts = sysconfig.get_path("scripts")
    program = shutil.which(PROGRAM, path=scripts) or shutil.which(PROGRAM)
    if program is None:
        raise FileNotFoundError(
            f"{PROGRAM} was not found: the environment variable AEROSPIKE_EMBEDDED is not set, and "
            f"it is neither in the folder of this interpreter's scripts ({scripts}) nor on PATH. "
            "`pip install aerospike-py[embedded]` installs it"
        )
    return program


def ask(address: tuple[str, int], command: str, timeout: float) -> str:
    """The answer of a node to an info command, without a client and its limits."""
    request = f"{command}\n".encode()
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(bytes([2, 1]) + len(request).to_bytes(6, "big") + request)
        with connection.makefile("rb") as stream:
            size = int.from_bytes(stream.read(8)[2:], "big")
            return stream.read(size).decode().rstrip("\n").partition("\t")[2]
