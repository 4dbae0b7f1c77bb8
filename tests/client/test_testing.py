"""EmbeddedServer starts a server, tells where it is, and leaves none behind."""

from __future__ import annotations

import contextlib
import gc
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import aerospike_py
from aerospike_py import _embedded
from aerospike_py.exception import RecordNotFound
from aerospike_py.list_operations import list_append
from aerospike_py.testing import EmbeddedServer

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX processes")


def listens(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


def info(address: tuple[str, int], command: str) -> str:
    """The server's response to an info command."""
    request = f"{command}\n".encode()
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(bytes([2, 1]) + len(request).to_bytes(6, "big") + request)
        with connection.makefile("rb") as response:
            size = int.from_bytes(response.read(8)[2:], "big")
            return response.read(size).decode()


def exists(pid: int) -> bool:
    """Whether there is such a process, a zombie included."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Makes a shell script of the given lines the program that is started."""

    def make(lines: str) -> str:
        path = tmp_path / "script"
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(0o755)
        monkeypatch.setenv("AEROSPIKE_EMBEDDED", str(path))
        return str(path)

    return make


def test_runs_inside_the_block() -> None:
    with EmbeddedServer() as server:
        address = server.hosts[0]
        assert server.hosts == [(server.host, server.port)] == [("127.0.0.1", server.port)]
        assert listens(address)
        pid = server.pid
    assert not listens(address)
    assert not exists(pid)


def test_config_is_a_clients() -> None:
    with EmbeddedServer() as server:
        assert server.config() == {"hosts": server.hosts}
        assert server.config(tend_interval=250)["tend_interval"] == 250


def test_start_and_stop_can_be_repeated() -> None:
    server = EmbeddedServer()
    server.stop()
    assert server.start() is server
    pid = server.pid
    assert server.start().pid == pid
    server.stop()
    server.stop()
    assert not exists(pid)
    with server:
        assert server.pid != pid
        assert listens(server.hosts[0])


def test_needs_to_run_to_tell_where_it_is() -> None:
    server = EmbeddedServer()
    for attribute in ("hosts", "host", "port", "pid"):
        with pytest.raises(RuntimeError, match="not running"):
            getattr(server, attribute)
    with pytest.raises(RuntimeError, match="not running"):
        server.config()


def test_serves_the_given_namespaces() -> None:
    with EmbeddedServer(namespaces=("alpha", "beta")) as server:
        assert info(server.hosts[0], "namespaces") == "namespaces\talpha;beta\n"


@pytest.mark.parametrize("wrong", ["test", (), []])
def test_namespaces_are_one_or_more_names(wrong: str) -> None:
    with pytest.raises(ValueError, match="namespaces"):
        EmbeddedServer(namespaces=wrong)


def test_two_servers_at_once() -> None:
    with EmbeddedServer() as one, EmbeddedServer() as other:
        assert one.port != other.port
        assert listens(one.hosts[0])
        assert listens(other.hosts[0])


def test_a_port_can_be_chosen_and_must_be_free() -> None:
    with EmbeddedServer() as server:
        port = server.port
        with pytest.raises(RuntimeError, match="did not start") as caught:
            EmbeddedServer(port=port).start()
        assert "exit code is 1" in str(caught.value)
        assert "in use" in str(caught.value)
    with EmbeddedServer(port=port) as server:
        assert server.port == port


@posix
def test_output_of_a_failed_start_is_shown(program: Callable[[str], str]) -> None:
    path = program("echo what a pity >&2; exit 3")
    server = EmbeddedServer()
    with pytest.raises(RuntimeError) as caught:
        server.start()
    assert path in str(caught.value)
    assert "exit code is 3" in str(caught.value)
    assert "what a pity" in str(caught.value)
    with pytest.raises(RuntimeError, match="not running"):
        _ = server.pid


@posix
def test_only_the_end_of_long_output_is_shown(program: Callable[[str], str]) -> None:
    program("yes 0123456789 | head -n 100000 >&2; echo the end >&2")
    with pytest.raises(RuntimeError, match="the end") as caught:
        EmbeddedServer().start()
    assert len(str(caught.value)) < 2 * _embedded.LOG_TAIL


@posix
def test_a_server_that_says_nothing_is_given_up(
    program: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_embedded, "START_TIMEOUT", 0.2)
    program(f"echo $$ > {tmp_path}/pid; echo still warming up >&2; exec cat >/dev/null")
    with pytest.raises(RuntimeError, match="did not start"):
        EmbeddedServer().start()
    with contextlib.suppress(FileNotFoundError):  # it may not even have come that far
        assert not exists(int((tmp_path / "pid").read_text()))


@posix
def test_a_server_that_does_not_end_is_killed(
    program: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_embedded, "STOP_TIMEOUT", 0.2)
    program("trap '' TERM; echo listening on 127.0.0.1:3000; while :; do sleep 1; done")
    with EmbeddedServer() as server:
        pid = server.pid
    assert not exists(pid)


@posix
def test_a_server_that_died_is_reported() -> None:
    server = EmbeddedServer().start()
    pid = server.pid
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    with pytest.raises(RuntimeError, match="ended by itself, with exit code -9"):
        server.stop()
    server.stop()
    with server:
        assert listens(server.hosts[0])


@posix
def test_a_death_is_reported_beside_the_blocks_own_error() -> None:
    def block() -> None:
        with EmbeddedServer() as server:
            os.kill(server.pid, signal.SIGKILL)
            os.waitid(os.P_PID, server.pid, os.WEXITED | os.WNOWAIT)
            raise ConnectionResetError

    with pytest.raises(RuntimeError, match="ended by itself") as caught:
        block()
    assert isinstance(caught.value.__context__, ConnectionResetError)


def test_log_goes_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    with EmbeddedServer(log=True) as server:
        info(server.hosts[0], "build")
    assert capfd.readouterr().err
    with EmbeddedServer() as server:
        info(server.hosts[0], "build")
    assert not capfd.readouterr().err


def test_log_tells_of_each_command_but_not_of_values(capfd: pytest.CaptureFixture[str]) -> None:
    sent = {"key": aerospike_py.POLICY_KEY_SEND}
    key = ("test", "people", "ada")
    with EmbeddedServer(log=True) as server, aerospike_py.client(server.config()) as client:
        client.put(key, {"name": "Lovelace", "born": 1815}, policy=sent)
        client.get(key, policy=sent)
        client.operate(key, [list_append("l", "Lovelace")], policy=sent)
        keys = [("test", "people", number) for number in range(2)]
        client.batch_operate(keys, [{"op": aerospike_py.OPERATOR_TOUCH}])
        client.remove(key)
        with pytest.raises(RecordNotFound):
            client.remove(key)
    log = capfd.readouterr().err
    one, other = (aerospike_py.calc_digest(*each).hex() for each in (key, keys[1]))
    for line in (
        'put test/people/"ada" write(name: string of 8 bytes) write(born: integer of 8 bytes) ',
        f"get test/people/{one} -> Ok in ",
        'operate test/people/"ada" list operation 1(l: 14 bytes) -> Ok in ',
        f"in a batch: touch test/people/{other} touch -> NotFound in ",
        "batch of 2 records -> Ok in ",
        f"remove test/people/{one} -> NotFound in ",
    ):
        assert re.search(rf"^127.0.0.1:\d+ {re.escape(line)}", log, re.M), log
    assert "Lovelace" not in log


def test_ends_with_its_last_reference() -> None:
    server = EmbeddedServer().start()
    pid = server.pid
    del server
    gc.collect()
    assert not exists(pid)


HOLDER = """
import os, signal, sys
from aerospike_py.testing import EmbeddedServer
server = EmbeddedServer().start()
print(server.port, server.pid, flush=True)
"""


@contextlib.contextmanager
def holder(code: str) -> Iterator[tuple[subprocess.Popen[str], int, int]]:
    """An interpreter that starts a server and then runs `code`; its port and process id."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER + code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        port, pid = map(int, process.stdout.readline().split())
        yield process, port, pid


def wait_until_gone(pid: int) -> None:
    """Waits for the end of a process that is not a child of this one."""
    if hasattr(os, "pidfd_open"):
        with contextlib.suppress(ProcessLookupError):
            descriptor = os.pidfd_open(pid)
            try:
                import select

                assert select.select([descriptor], [], [], 10)[0], "the server is still there"
            finally:
                os.close(descriptor)


@pytest.mark.parametrize(
    "code", ["", "sys.exit(3)", "raise KeyboardInterrupt", "os._exit(0)", "os.abort()"]
)
def test_ends_with_the_interpreter(code: str) -> None:
    with holder(code) as (process, port, pid):
        process.communicate(timeout=30)
        wait_until_gone(pid)
        assert not listens(("127.0.0.1", port))


@posix
def test_ends_with_an_interpreter_that_is_killed() -> None:
    with holder("sys.stdin.read()") as (process, port, pid):
        assert listens(("127.0.0.1", port))
        process.kill()
        process.wait(30)
        wait_until_gone(pid)
        assert not listens(("127.0.0.1", port))


fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")


@fork
@pytest.mark.parametrize("ending", ["server.stop()", "del server; import gc; gc.collect()", ""])
def test_a_forked_child_does_not_stop_the_parents_server(ending: str) -> None:
    code = f"""
child = os.fork()
if child == 0:
    {ending or "pass"}
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
import socket
socket.create_connection(server.hosts[0], timeout=5).close()
server.stop()
"""
    with holder(code) as (process, port, _):
        process.communicate(timeout=30)
        assert process.returncode == 0
        assert not listens(("127.0.0.1", port))


@fork
def test_a_forked_child_does_not_keep_the_server_alive() -> None:
    code = """
if os.fork() == 0:
    sys.stdin.read()
    os._exit(0)
os._exit(0)
"""
    with holder(code) as (process, port, pid):
        process.wait(30)
        wait_until_gone(pid)
        assert not listens(("127.0.0.1", port))


@fork
def test_a_forked_child_can_start_a_server_of_its_own() -> None:
    code = """
child = os.fork()
if child == 0:
    parents = server.port
    with server:
        assert server.port != parents
    os._exit(0)
sys.exit(os.waitpid(child, 0)[1])
"""
    with holder(code) as (process, _, _):
        process.communicate(timeout=30)
        assert process.returncode == 0


def test_threads_start_and_stop_one_server_together() -> None:
    server = EmbeddedServer()
    pids: list[int] = []
    together = threading.Barrier(4)

    def start() -> None:
        together.wait()
        pids.append(server.start().pid)
        together.wait()
        server.stop()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pids) == 4
    assert len(set(pids)) == 1
    assert not exists(pids[0])


def test_program_is_found_in_the_scripts_folder_or_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = {name: tmp_path / name for name in ("scripts", "path")}
    found = {}
    for name, folder in folders.items():
        folder.mkdir()
        found[name] = str(shutil.copy(_embedded.find_program(), folder / _embedded.PROGRAM))
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(folders[name]))
    monkeypatch.setenv("PATH", str(folders["path"]))

    monkeypatch.setenv("AEROSPIKE_EMBEDDED", "")
    assert _embedded.find_program() == found["scripts"]
    os.unlink(found["scripts"])
    assert _embedded.find_program() == found["path"]
    os.unlink(found["path"])
    with pytest.raises(FileNotFoundError) as caught:
        EmbeddedServer().start()
    for place in ("AEROSPIKE_EMBEDDED", str(folders["scripts"]), "PATH", "aerospike-py[embedded]"):
        assert place in str(caught.value)


@pytest.mark.parametrize("wrong", ["", "missing"])
def test_the_environment_must_name_a_program(
    wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / wrong)
    monkeypatch.setenv("AEROSPIKE_EMBEDDED", path)
    with pytest.raises(FileNotFoundError, match="AEROSPIKE_EMBEDDED") as caught:
        EmbeddedServer().start()
    assert path in str(caught.value)
