"""Interpreters end, whatever their clients are about: without a crash, a hang or a complaint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import Popen
from typing import Any

import pytest

from support import processes
from support.proxy import Proxy

PREAMBLE = """
import asyncio, atexit, os, sys, threading
import aerospike_py
from aerospike_py import AsyncClient, Client, exception

config = {"hosts": [(sys.argv[1], int(sys.argv[2]))]}
patient = {"total_timeout": 0, "socket_timeout": 0}
key = ("test", "exit", str(os.getpid()))
"""

QUIET = {
    "a client is open": """
client = Client(config).connect()
client.exists(key)
""",
    "a client was never connected": """
client = Client(config)
""",
    "a client was closed": """
with Client(config) as client:
    client.exists(key)
""",
    "an AsyncClient is open": """
client = AsyncClient(config)
asyncio.run(client.connect())
asyncio.run(client.exists(key))
""",
    "an AsyncClient is open, its loop too": """
loop = asyncio.new_event_loop()
client = AsyncClient(config)
loop.run_until_complete(client.connect())
loop.run_until_complete(client.exists(key))
import warnings
warnings.simplefilter("ignore", ResourceWarning)
""",
    "clients are in cycles": """
class Cyclic(Client):
    pass

class AsyncCyclic(AsyncClient):
    pass

client = Cyclic(config).connect()
client.itself = client
other = AsyncCyclic(config)
other.itself = other
asyncio.run(other.connect())
""",
    "clients are attributes of modules": """
aerospike_py.keep = Client(config).connect()
sys.keep = Client(config).connect()
import builtins
builtins.keep = AsyncClient(config)
asyncio.run(builtins.keep.connect())
""",
    "atexit uses a client": """
client = Client(config).connect()

@atexit.register
def last():
    client.put(key, {"a": 1})
    assert client.get(key).bins == {"a": 1}
    client.remove(key)
    client.close()
""",
    "an object's end closes a client": """
class Owner:
    def __init__(self):
        self.client = Client(config).connect()

    def __del__(self):
        self.client.exists(key)
        self.client.close()

owner = Owner()
""",
    "many clients are open": """
clients = [Client(config).connect() for _ in range(20)]
""",
    "a thread of its own ends with sys.exit": """
client = Client(config).connect()

def work():
    client.exists(key)
    sys.exit(5)

thread = threading.Thread(target=work)
thread.start()
""",
    "daemon threads use a client": """
client = Client(config).connect()
client.put(key, {"a": 1})
busy = threading.Barrier(9)

def work():
    client.get(key)
    busy.wait()
    while True:
        client.get(key)

for _ in range(8):
    threading.Thread(target=work, daemon=True).start()
busy.wait()
""",
    "daemon threads run event loops": """
client = AsyncClient(config)
asyncio.run(client.connect())
asyncio.run(client.put(key, {"a": 1}))
busy = threading.Barrier(5)

async def work():
    await client.get(key)
    busy.wait()
    while True:
        await asyncio.gather(*(client.get(key) for _ in range(10)))

for _ in range(4):
    threading.Thread(target=lambda: asyncio.run(work()), daemon=True).start()
busy.wait()
""",
    "a thread goes on for a while": """
client = Client(config).connect()

def work():
    for number in range(200):
        client.put(key, {"n": number})
    client.close()

threading.Thread(target=work).start()
""",
    "the module is forgotten and imported again": """
first = aerospike_py.Client
client = first(config).connect()
for name in [name for name in sys.modules if name.startswith("aerospike_py")]:
    del sys.modules[name]
del aerospike_py, Client, AsyncClient, exception
import gc
import aerospike_py
gc.collect()
assert aerospike_py.Client is not first
assert client.exists(key).meta is None
with aerospike_py.Client(config) as other:
    assert other.exists(key).meta is None
""",
}


@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_exit_while(server: Any, text: str) -> None:
    assert processes.output(PREAMBLE + text, *server.hosts[0]) == ""


@contextmanager
def program(text: str, proxy: Proxy) -> Iterator[Popen[str]]:
    """A program that goes on when told to, once with `hold` in force and once more."""
    with processes.started(PREAMBLE + text, *proxy.hosts[0]) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
        proxy.hold()
        print(file=process.stdin, flush=True)
        yield process


def end(process: Popen[str]) -> str:
    """What a program that ends with 0 complains of."""
    _, errors = process.communicate("\n")
    assert process.returncode == 0, (process.returncode, errors)
    return errors


READY = """
def pause(word):
    print(word, flush=True)
    sys.stdin.readline()
"""


def test_exit_while_calls_of_daemon_threads_wait(proxy: Proxy) -> None:
    text = """
client = Client(config).connect()
pause("ready")
for _ in range(4):
    threading.Thread(target=client.get, args=(key, patient), daemon=True).start()
pause("started")
"""
    with program(READY + text, proxy) as process:
        proxy.wait_until_held(4)
        assert end(process) == ""


def test_exit_waits_for_a_thread_of_its_own(proxy: Proxy) -> None:
    text = """
client = Client(config).connect()
client.put(key, {"a": 1})
pause("ready")

def work():
    print(client.get(key, patient).bins, flush=True)

threading.Thread(target=work).start()
"""
    with program(READY + text, proxy) as process:
        proxy.wait_until_held(1)
        assert process.poll() is None
        proxy.release()
        output, errors = process.communicate()
        assert (process.returncode, output, errors) == (0, "{'a': 1}\n", "")


def test_exit_while_operations_of_a_loop_wait(proxy: Proxy) -> None:
    """`asyncio.run` cancels them."""
    text = """
async def main():
    client = await AsyncClient(config).connect()
    pause("ready")
    tasks = [asyncio.create_task(client.get(key, patient)) for _ in range(10)]
    await asyncio.sleep(0)
    await asyncio.to_thread(pause, "started")

asyncio.run(main())
"""
    with program(READY + text, proxy) as process:
        proxy.wait_until_held(10)
        assert end(process) == ""


def test_exit_while_a_loop_that_nobody_ends_waits(proxy: Proxy) -> None:
    text = """
loop = asyncio.new_event_loop()
client = AsyncClient(config)
loop.run_until_complete(client.connect())
pause("ready")

async def start():
    operations = [client.get(key, patient) for _ in range(10)]
    for operation in operations:
        operation.send(None)
    return operations

operations = loop.run_until_complete(start())
pause("started")
import warnings
warnings.simplefilter("ignore", ResourceWarning)
"""
    with program(READY + text, proxy) as process:
        proxy.wait_until_held(10)
        assert end(process) == ""


def test_exit_out_of_a_running_loop(proxy: Proxy) -> None:
    text = """
async def main():
    client = await AsyncClient(config).connect()
    pause("ready")
    tasks = [asyncio.create_task(client.get(key, patient)) for _ in range(10)]
    await asyncio.sleep(0)
    pause("started")
    sys.exit(7)

asyncio.run(main())
"""
    with program(READY + text, proxy) as process:
        proxy.wait_until_held(10)
        _, errors = process.communicate("\n")
        assert (process.returncode, errors) == (7, "")


def test_exit_without_any_ado(proxy: Proxy) -> None:
    text = """
client = Client(config).connect()
pause("ready")
threading.Thread(target=client.get, args=(key, patient), daemon=True).start()
pause("started")
os._exit(0)
"""
    with program(READY + text, proxy) as process:
        proxy.wait_until_held(1)
        assert end(process) == ""


def test_exit_with_operations_that_were_never_awaited(server: Any) -> None:
    text = """
client = AsyncClient(config)
asyncio.run(client.connect())
operations = [client.get(key) for _ in range(3)]
"""
    ended = processes.run(PREAMBLE + text, *server.hosts[0])
    assert ended.returncode == 0
    lines = [line for line in ended.stderr.splitlines() if line.strip()]
    assert all("never awaited" in line for line in lines), ended.stderr


def test_exit_with_an_exception(server: Any) -> None:
    text = """
client = Client(config).connect()
client.get(key)
"""
    ended = processes.run(PREAMBLE + text, *server.hosts[0])
    assert ended.returncode == 1
    assert "aerospike_py.exception.RecordNotFound" in ended.stderr


def test_exits_beside_threads_are_clean_every_time(server: Any) -> None:
    """Where in a call a daemon thread is when the interpreter ends is different each time."""
    for _ in range(10):
        text = QUIET["daemon threads use a client"]
        assert processes.output(PREAMBLE + text, *server.hosts[0]) == ""
