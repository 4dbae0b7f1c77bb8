"""A server for tests: the in-memory server `aerospike-embedded`, as a child process.

    from aerospike_py.testing import EmbeddedServer

    with EmbeddedServer() as server, aerospike_py.client(server.config()) as client:
        client.put(("test", "people", "ada"), {"age": 36})

The rest of the package does not import this module.
"""

import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aerospike_py.types import ClientConfig

__all__ = ["EmbeddedServer"]

START_TIMEOUT = 10.0
"""Seconds that a server may take until it listens."""

STOP_TIMEOUT = 5.0
"""Seconds that a server may take to end, before it is told more and more forcibly."""

ANSWER_TIMEOUT = 10.0
"""Seconds that a server may take to answer a command of this module."""

LOG_TAIL = 8192
"""Most bytes of a server's error output that an exception shows."""

PROGRAM = "aerospike-embedded.exe" if sys.platform == "win32" else "aerospike-embedded"


class EmbeddedServer:
    """An `aerospike-embedded` server in a process of its own, empty at first unless told to `load`.

    It listens on `host` at `port`, by default one that is free, and serves `namespaces`. With `log`
    it tells of each command on standard error, without the values of bins. It runs inside a `with`
    block, or from `start` to `stop`, and never longer than this object and this interpreter. A
    forked child may use it as a client does, but neither keeps it alive nor stops it.

    `load` names a file of the records to start with, `snapshot` one that all records are written to
    when the server is stopped; it may be the same. A file is a JSON array of objects:

        [{"namespace": "test", "set": "people", "key": "ada", "bins": {"born": 1815}}]

    A key is an integer, a string or `{"$bytes": base64}`; a record whose key the server does not
    know has a `digest` of 40 hexadecimal digits instead. `ttl`, in seconds, and `generation` may be
    absent.
    Values are written as in JSON, an integer without a point and a double with one, and otherwise
    as `{"$bytes": base64}`, `{"$hll": base64}`, `{"$geo": text}`, `{"$float": "nan"}` ("inf",
    "-inf", "-0.0"), `{"$list": [...], "$order": "ordered"}` and `{"$map": [[key, value], ...]}`,
    whose `$order` may be "key" or "key_value". `start` raises RuntimeError that tells the line and
    what is wrong in it if a file can't be loaded.

    The program is the one that the environment variable AEROSPIKE_EMBEDDED names, or else is looked
    for in the folder of this interpreter's scripts and then on PATH.

        >>> with EmbeddedServer() as server:
        ...     server.hosts == [("127.0.0.1", server.port)]
        True
    """

    def __init__(
        self,
        namespaces: Sequence[str] = ("test",),
        host: str = "127.0.0.1",
        port: int = 0,
        log: bool = False,
        load: "str | os.PathLike[str] | None" = None,
        snapshot: "str | os.PathLike[str] | None" = None,
    ) -> None:
        if isinstance(namespaces, str) or not namespaces:
            raise ValueError(f"namespaces must be one or more names, not {namespaces!r}")
        self._arguments = ["--host", host, "--port", str(port), "--exit-with-stdin"]
        for namespace in namespaces:
            self._arguments += ["--namespace", namespace]
        if log:
            self._arguments.append("--log")
        if load is not None:
            self._arguments += ["--load", os.fspath(load)]
        if snapshot is not None:
            self._arguments += ["--snapshot", os.fspath(snapshot)]
        self._namespaces = tuple(namespaces)
        self._log = log
        self._lock = threading.Lock()
        self._running: _Running | None = None
        self._finalizer: weakref.finalize[..., EmbeddedServer] | None = None

    def start(self) -> "EmbeddedServer":
        """Start the server and wait until it listens; do nothing if it runs.

        Raises FileNotFoundError if there is no program to run, and RuntimeError with what it wrote
        to standard error if it does not listen within 10 seconds.
        """
        with self._lock:
            if self._running is None or not self._running.is_ours():
                self._running = _Running(find_program(), self._arguments, self._log)
                self._finalizer = weakref.finalize(self, self._running.end)
        return self

    def stop(self) -> None:
        """Stop the server and wait until it has ended; do nothing if it does not run.

        Raises RuntimeError with what it wrote to standard error if it had ended by itself.
        """
        with self._lock:
            running, self._running = self._running, None
            if running is None or self._finalizer is None:
                return
            self._finalizer()
        running.raise_if_crashed()

    def __enter__(self) -> "EmbeddedServer":
        return self.start()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def host(self) -> str:
        """The address that the server listens on."""
        return self._require().host

    @property
    def port(self) -> int:
        """The port that the server listens on."""
        return self._require().port

    @property
    def hosts(self) -> list[tuple[str, int]]:
        """`hosts` for the configuration of a client."""
        return [(self.host, self.port)]

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._require().process.pid

    def config(self, **extra: Any) -> "ClientConfig":
        """A configuration for a client of this server, with any other keys as given."""
        config: Any = {"hosts": self.hosts, **extra}
        return config  # type: ignore[no-any-return]

    def clear(self) -> None:
        """Remove all records of all namespaces; secondary indexes and UDF modules stay.

            >>> with EmbeddedServer() as server, aerospike_py.client(server.config()) as client:
            ...     client.put(("test", "people", "ada"), {"age": 36})
            ...     server.clear()
            ...     client.exists(("test", "people", "ada")).meta is None
            True

        Raises RuntimeError if the server does not run, and OSError if it does not answer.
        """
        for namespace in self._namespaces:
            self._info(f"truncate-namespace:namespace={namespace}")

    @contextmanager
    def faults(
        self,
        *,
        lost: float = 0.0,
        dropped: float = 0.0,
        half: float = 0.0,
        reset: float = 0.0,
        refused: float = 0.0,
        code: int | None = None,
        latency: int = 0,
        jitter: int = 0,
        times: int | None = None,
        seed: int = 0,
    ) -> Iterator[None]:
        """Let commands on records go wrong inside a `with` block, in place of any earlier faults.

        The rates are from 0 to 1, of all commands, and together at most 1:

        - `lost`: not carried out and never answered, so that a write in doubt was not done;
        - `dropped`: carried out, but never answered, so that a write in doubt was done;
        - `half`: carried out, and the connection ends amid the reply;
        - `reset`: carried out, and the connection is reset in place of the reply;
        - `refused`: not carried out, and answered with the result code `code` (1 to 255).

        `latency` delays every command by so many milliseconds, `jitter` by up to so many more. With
        `times` there are only so many faults, delays not counted. Which commands are hit depends on
        `seed` and on their order alone. Info commands are spared.

            >>> from aerospike_py.exception import AerospikeTimeoutError
            >>> with EmbeddedServer() as server, aerospike_py.client(server.config()) as client:
            ...     key = ("test", "people", "ada")
            ...     policy = {"total_timeout": 100, "max_retries": 0}
            ...     with server.faults(dropped=1.0):
            ...         try:
            ...             client.put(key, {"age": 36}, policy=policy)
            ...         except AerospikeTimeoutError as error:
            ...             print(error.in_doubt)
            ...     print(client.get(key).bins)
            True
            {'age': 36}

        Raises ValueError that tells what is allowed if the server refuses a value, and RuntimeError
        if it does not run.
        """
        settings: dict[str, object] = {
            "lost": lost,
            "dropped": dropped,
            "half": half,
            "reset": reset,
            "refused": refused,
            "code": code,
            "latency": latency,
            "jitter": jitter,
            "times": times,
            "seed": seed,
        }
        given = [f"{name}={value}" for name, value in settings.items() if value is not None]
        answer = self._info(f"faults-set:{';'.join(given)}")
        if answer != "ok":
            raise ValueError(answer.removeprefix("ERROR:4:"))
        try:
            yield
        finally:
            self._info("faults-set:")

    def _info(self, command: str) -> str:
        """What the server answers to an info command, without a client and its limits."""
        request = f"{command}\n".encode()
        with socket.create_connection((self.host, self.port), ANSWER_TIMEOUT) as connection:
            connection.sendall(bytes([2, 1]) + len(request).to_bytes(6, "big") + request)
            with connection.makefile("rb") as stream:
                size = int.from_bytes(stream.read(8)[2:], "big")
                return stream.read(size).decode().rstrip("\n").partition("\t")[2]

    def _require(self) -> "_Running":
        running = self._running
        if running is None:
            raise RuntimeError("the server is not running: use it in a `with` block, or start() it")
        return running


class _Running:
    """A server process, from its start to its end."""

    def __init__(self, program: str, arguments: list[str], log: bool) -> None:
        self._owner = os.getpid()
        self._crashed = False
        self._log_tail = ""
        self._log: IO[bytes] | None = None
        if not log:
            self._log = tempfile.TemporaryFile()  # noqa: SIM115 - end() closes it
        # The server ends when its standard input does: even if this process is killed.
        self.process = subprocess.Popen(
            [program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        _all.add(self)
        line = self._first_line()
        prefix, _, address = line.partition(" on ")
        host, _, port = address.strip().rpartition(":")
        if prefix != "listening" or not port.isdecimal():
            self.end()
            raise RuntimeError(
                f"{program} did not start: it wrote {line!r} within {START_TIMEOUT:.0f} seconds, "
                f"and its exit code is {self.process.returncode}{self._log_tail}"
            )
        self.host = host.strip("[]")
        self.port = int(port)

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


def _tail(log: IO[bytes]) -> str:
    size = log.seek(0, os.SEEK_END)
    log.seek(max(0, size - LOG_TAIL))
    text = log.read().decode(errors="replace").strip()
    return f"; its error output ends with:\n{text}" if text else "; it has no error output"


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


_all: "weakref.WeakSet[_Running]" = weakref.WeakSet()


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
