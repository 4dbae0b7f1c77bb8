"""Signals that arrive while a call waits for the server."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import Popen
from typing import Any

import pytest

from support import processes
from support.proxy import Proxy

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")

PREAMBLE = """
import asyncio, os, signal, sys, threading
import aerospike_py
from aerospike_py import Client, AsyncClient

# Shells have what they run in the background ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
key = ("test", "signals", str(os.getpid()))
patient = {"total_timeout": 0, "socket_timeout": 0}
config = {"hosts": [(sys.argv[1], int(sys.argv[2]))]}
client = Client(config).connect()
client.put(key, {"a": 1})

def say(*words):
    print(*words, flush=True)
    sys.stdin.readline()

say("ready")
"""

LATER = """
assert client.get(key).bins["a"] in (1, 2)
client.put(key, {"a": 3})
assert client.get(key).bins == {"a": 3}
client.remove(key)
client.close()
say("done")
"""


@contextmanager
def program(text: str, proxy: Proxy, *more: object) -> Iterator[Popen[str]]:
    """A program that has connected by way of the proxy, and reads on when it is told to."""
    with processes.started(PREAMBLE + text, *proxy.hosts[0], *more) as process:
        assert said(process) == "ready"
        yield process


def said(process: Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline().rstrip("\n")
    if not line:
        _, errors = process.communicate()
        raise AssertionError(errors)
    return line


def go_on(process: Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def ends_well(process: Popen[str]) -> None:
    _, errors = process.communicate("\n")
    assert (process.returncode, errors) == (0, "")


INTERRUPTED = """
try:
    {call}
except KeyboardInterrupt as error:
    say("interrupted", error.in_doubt, *getattr(error, "__notes__", []))
"""

READS = [
    "client.get(key, patient)",
    "client.exists(key, patient)",
    "client.select(key, ['a'], patient)",
]
WRITES = [
    "client.put(key, {'a': 2}, policy=patient)",
    "client.touch(key, policy=patient)",
    "client.operate(key, [{'op': 2, 'bin': 'a', 'val': 2}], policy=patient)",
]
NOTE = "The interrupted write was abandoned: the server may have applied it."


@pytest.mark.parametrize("call", READS + WRITES)
def test_ctrl_c_interrupts_a_call_that_waits(proxy: Proxy, call: str) -> None:
    with program(INTERRUPTED.format(call=call) + LATER, proxy) as process:
        proxy.hold()
        go_on(process)
        proxy.wait_until_held(1)
        process.send_signal(signal.SIGINT)
        # The reply is still held: nothing but the signal can end the call.
        told = said(process)
        in_doubt = call in WRITES
        note = f" {NOTE}" if in_doubt and sys.version_info >= (3, 11) else ""
        assert told == f"interrupted {in_doubt}{note}"
        proxy.release()
        go_on(process)
        assert said(process) == "done"
        ends_well(process)


def test_ctrl_c_interrupts_connect(proxy: Proxy) -> None:
    text = """
client.close()
say("closed")
client = Client({**config, "connect_timeout": 60_000})
try:
    client.connect()
except KeyboardInterrupt as error:
    say("interrupted", error.in_doubt, client.is_connected())
client.connect()
"""
    with program(text + LATER, proxy) as process:
        go_on(process)
        assert said(process) == "closed"
        # Of the first client nothing is left that could be held.
        proxy.wait_until_left()
        proxy.hold_all()
        go_on(process)
        proxy.wait_until_held(1)
        process.send_signal(signal.SIGINT)
        assert said(process) == "interrupted False False"
        proxy.release()
        go_on(process)
        assert said(process) == "done"
        ends_well(process)


def test_ctrl_c_beside_calls_of_other_threads(proxy: Proxy) -> None:
    """The main thread's call is interrupted; those of others end as if nothing had been."""
    text = """
results = []
threads = [
    threading.Thread(target=lambda: results.append(client.get(key, patient).bins))
    for _ in range(4)
]
for thread in threads:
    thread.start()
try:
    client.get(key, patient)
except KeyboardInterrupt as error:
    say("interrupted", error.in_doubt)
for thread in threads:
    thread.join()
assert results == [{"a": 1}] * 4
"""
    with program(text + LATER, proxy) as process:
        proxy.hold()
        go_on(process)
        proxy.wait_until_held(5)
        process.send_signal(signal.SIGINT)
        assert said(process) == "interrupted False"
        proxy.release()
        go_on(process)
        assert said(process) == "done"
        ends_well(process)


def test_ctrl_c_does_not_wait_for_calls_of_other_threads(proxy: Proxy) -> None:
    text = """
thread = threading.Thread(target=client.get, args=(key, patient))
try:
    thread.start()
    while True:
        thread.join(0.1)  # one without a limit misses a signal just before it
except KeyboardInterrupt:
    say("interrupted")
thread.join()
"""
    with program(text + LATER, proxy) as process:
        proxy.hold()
        go_on(process)
        proxy.wait_until_held(1)
        process.send_signal(signal.SIGINT)
        assert said(process) == "interrupted"
        proxy.release()
        go_on(process)
        assert said(process) == "done"
        ends_well(process)


def test_a_handler_that_returns_does_not_end_the_call(proxy: Proxy) -> None:
    text = """
signal.signal(signal.SIGUSR1, lambda *_: print("handled", flush=True))
say("result", client.get(key, patient).bins)
"""
    with program(text + LATER, proxy) as process:
        proxy.hold()
        go_on(process)
        proxy.wait_until_held(1)
        for _ in range(3):
            process.send_signal(signal.SIGUSR1)
            assert said(process) == "handled"
        proxy.release()
        assert said(process) == "result {'a': 1}"
        go_on(process)
        assert said(process) == "done"
        ends_well(process)


def test_a_handler_may_use_the_clients(proxy: Proxy, server: Any) -> None:
    text = """
other = Client({"hosts": [(sys.argv[3], int(sys.argv[4]))]}).connect()

def handler(number, frame):
    other.put(key, {"a": 2})
    print("handled", other.get(key).bins, client.ping(), flush=True)

signal.signal(signal.SIGUSR1, handler)
say("result", client.get(key, patient).bins)
other.close()
"""
    with program(text + LATER, proxy, *server.hosts[0]) as process:
        proxy.hold()
        go_on(process)
        proxy.wait_until_held(1)
        process.send_signal(signal.SIGUSR1)
        assert said(process) == "handled {'a': 2} True"
        proxy.release()
        assert said(process) == "result {'a': 1}"
        go_on(process)
        assert said(process) == "done"
        ends_well(process)


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        ("ValueError('mine')", "ValueError True"),
        ("aerospike_py.AerospikeError('mine')", "AerospikeError True"),
        ("Slotted()", "Slotted None"),
        ("SystemExit(3)", "SystemExit True"),
    ],
)
def test_a_handler_may_raise_what_it_likes(proxy: Proxy, raised: str, told: str) -> None:
    text = f"""
class Slotted(Exception):
    def __setattr__(self, name, value):
        raise AttributeError(name)

def handler(number, frame):
    raise {raised}

signal.signal(signal.SIGUSR1, handler)
try:
    client.put(key, {{"a": 2}}, policy=patient)
except BaseException as error:
    say(type(error).__name__, getattr(error, "in_doubt", None))
"""
    with program(text + LATER, proxy) as process:
        proxy.hold()
        go_on(process)
        proxy.wait_until_held(1)
        process.send_signal(signal.SIGUSR1)
        assert said(process) == told
        proxy.release()
        go_on(process)
        assert said(process) == "done"
        ends_well(process)


def test_ctrl_c_interrupts_asyncio(proxy: Proxy) -> None:
    text = """
async def main():
    async with AsyncClient(config) as client:
        print("waiting", flush=True)
        await client.get(key, patient)

try:
    asyncio.run(main())
except KeyboardInterrupt:
    say("interrupted")
"""
    with program(text + LATER, proxy) as process:
        proxy.hold()
        go_on(process)
        assert said(process) == "waiting"
        proxy.wait_until_held(1)
        process.send_signal(signal.SIGINT)
        assert said(process) == "interrupted"
        proxy.release()
        go_on(process)
        assert said(process) == "done"
        ends_well(process)


def test_signals_under_load_lose_no_result(server: Any) -> None:
    """Handlers run between a call's slices, thousands of times, and every call has its result."""
    text = """
import aerospike_py, os, signal, sys
client = aerospike_py.Client({"hosts": [(sys.argv[1], int(sys.argv[2]))]}).connect()
key = ("test", "signals", "timer")
client.put(key, {"n": 0})
handled = 0

def handler(number, frame):
    global handled
    handled += 1

signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
count = 0
while handled < 300 or count < 1000:
    client.increment(key, "n", 1)
    count += 1
signal.setitimer(signal.ITIMER_REAL, 0)
assert client.get(key).bins["n"] == count, (client.get(key), count)
client.close()
"""
    assert processes.output(text, *server.hosts[0]) == ""
