"""Forked children use the client objects of their parent, which goes on undisturbed."""

from __future__ import annotations

import os
from typing import Any

import pytest

from support import processes

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

PREAMBLE = """
import asyncio, os, sys, threading, traceback, warnings
import aerospike_py
from aerospike_py import AsyncClient, Client, exception
from support import scenario

# Python warns of forks beside threads, which is what is tested here.
warnings.simplefilter("ignore", DeprecationWarning)
config = {"hosts": [(sys.argv[1], int(sys.argv[2]))]}

def child(work, *args):
    # Runs in a forked child, which ends as programs do; tells how it ended.
    pid = os.fork()
    if pid == 0:
        work(*args)
        sys.exit(0)
    return pid

def wait(pid):
    _, status = os.waitpid(pid, 0)
    assert status == 0, f"a child ended with status {status}"

def use_sync(client, name):
    scenario.tell(client, scenario.every_verb(name))

def use_async(client, name):
    asyncio.run(scenario.tell_async(client, scenario.every_verb(name)))
"""


def program(text: str, server: Any) -> None:
    assert processes.output(PREAMBLE + text, *server.hosts[0]) == ""


def test_children_of_a_parent_under_load(server: Any) -> None:
    """Twenty forks beside threads and an event loop that read all the time."""
    text = """
client = Client(config).connect()
async_client = AsyncClient(config)
asyncio.run(async_client.connect())
stop = threading.Event()
reads = [0] * 5
errors = []

def load(number):
    key = ("test", "fork", f"load {number}")
    client.put(key, {"n": number})
    while not stop.is_set():
        assert client.get(key).bins == {"n": number}
        reads[number] += 1

async def load_async(number):
    key = ("test", "fork", f"load {number}")
    await async_client.put(key, {"n": number})
    while not stop.is_set():
        records = await asyncio.gather(*(async_client.get(key) for _ in range(10)))
        assert [record.bins for record in records] == [{"n": number}] * 10
        reads[number] += 1

def guarded(work, *args):
    try:
        work(*args)
    except BaseException as error:
        errors.append(error)

def in_child(number):
    use_sync(client, f"sync child {number}")
    use_async(async_client, f"async child {number}")
    client.close()
    asyncio.run(async_client.close())

threads = [threading.Thread(target=guarded, args=(load, number)) for number in range(4)]
threads.append(threading.Thread(target=guarded, args=(lambda: asyncio.run(load_async(4)),)))
for thread in threads:
    thread.start()
try:
    for number in range(20):
        before = list(reads)
        pid = child(in_child, number)
        while not errors and not all(now > then for now, then in zip(reads, before)):
            stop.wait(0.001)
        wait(pid)
        use_sync(client, f"parent {number}")
finally:
    stop.set()
    for thread in threads:
        thread.join()
assert errors == [], errors
use_async(async_client, "parent")
client.close()
asyncio.run(async_client.close())
"""
    program(text, server)


def test_children_of_children(server: Any) -> None:
    text = """
client = Client(config).connect()

def generation(number):
    use_sync(client, f"generation {number}")
    if number < 4:
        wait(child(generation, number + 1))
    use_sync(client, f"generation {number}")

generation(0)
client.close()
"""
    program(text, server)


def test_child_of_a_thread(server: Any) -> None:
    text = """
client = Client(config).connect()

def fork():
    pid = os.fork()
    if pid == 0:
        try:
            use_sync(client, "child of a thread")
            os._exit(0)
        finally:
            os._exit(1)
    wait(pid)

use_sync(client, "parent")
thread = threading.Thread(target=fork)
thread.start()
thread.join()
use_sync(client, "parent")
client.close()
"""
    program(text, server)


def test_child_has_the_state_of_its_parents_clients(server: Any) -> None:
    """What was connected connects at its first use; what was not is as it was."""
    text = """
opened = Client(config).connect()
new = Client(config)
closed = Client(config).connect()
closed.close()

def expect(client, text):
    try:
        client.get(("test", "fork", "k"))
    except exception.ClientError as error:
        assert text in str(error), error
    else:
        raise AssertionError("the client was open")

def in_child():
    expect(new, "not connected")
    expect(closed, "closed")
    use_sync(opened, "child")
    assert opened.is_connected()
    opened.close()
    expect(opened, "closed")
    for client in (opened, new, closed):
        with client:
            use_sync(client, "child")

wait(child(in_child))
use_sync(opened, "parent")
assert not new.is_connected()
opened.close()
"""
    program(text, server)


def test_child_that_makes_clients_of_its_own(server: Any) -> None:
    text = """
client = Client(config).connect()

def in_child():
    with Client(config) as own:
        use_sync(own, "child")

    async def main():
        async with AsyncClient(config) as own:
            await scenario.tell_async(own, scenario.every_verb("child"))

    asyncio.run(main())

wait(child(in_child))
use_sync(client, "parent")
client.close()
"""
    program(text, server)


def test_child_that_uses_nothing(server: Any) -> None:
    """Objects of the parent are dropped in a child without a harm to the parent."""
    text = """
import gc
clients = [Client(config).connect() for _ in range(3)]
async_client = AsyncClient(config)
asyncio.run(async_client.connect())

def in_child():
    global async_client
    clients.clear()
    async_client = None
    gc.collect()

for number in range(5):
    wait(child(in_child))
    wait(child(lambda: None))
    for client in clients:
        use_sync(client, "parent")
use_async(async_client, "parent")
for client in clients:
    client.close()
asyncio.run(async_client.close())
"""
    program(text, server)


def test_parent_that_ends_before_its_child(server: Any) -> None:
    text = """
client = Client(config).connect()
reader, writer = os.pipe()
pid = os.fork()
if pid == 0:
    os.close(writer)
    assert os.read(reader, 1) == b""
    use_sync(client, "orphan")
    client.close()
    print("the child is done", flush=True)
    sys.exit(0)
use_sync(client, "parent")
client.close()
"""
    # The output ends when both have ended.
    said = processes.output(PREAMBLE + text, *server.hosts[0])
    assert said == "the child is done\n"


def test_parents_calls_in_flight_are_none_of_the_childs(server: Any, proxy: Any) -> None:
    text = """
client = Client(config).connect()
patient = {"total_timeout": 0, "socket_timeout": 0}
key = ("test", "fork", "in flight")
client.put(key, {"a": 1})
results = []
thread = threading.Thread(target=lambda: results.append(client.get(key, patient).bins))
print("ready", flush=True)
sys.stdin.readline()
thread.start()
print("started", flush=True)
sys.stdin.readline()

def in_child():
    with Client({"hosts": [(sys.argv[3], int(sys.argv[4]))]}) as own:
        use_sync(own, "child")

wait(child(in_child))
print("forked", flush=True)
thread.join()
assert results == [{"a": 1}]
client.close()
"""
    with processes.started(PREAMBLE + text, *proxy.hosts[0], *server.hosts[0]) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        proxy.hold()
        print(file=process.stdin, flush=True)
        assert process.stdout.readline() == "started\n"
        proxy.wait_until_held(1)
        print(file=process.stdin, flush=True)
        assert process.stdout.readline() == "forked\n"
        proxy.release()
        _, errors = process.communicate()
        assert (process.returncode, errors) == (0, "")


def test_multiprocessing_by_fork(server: Any) -> None:
    text = """
import multiprocessing
context = multiprocessing.get_context("fork")
client = Client(config).connect()
client.put(("test", "fork", "pool"), {"n": 0})

def add(number):
    client.increment(("test", "fork", "pool"), "n", number)
    return client.get_key_partition_id("test", "fork", number)

process = context.Process(target=use_sync, args=(client, "process"))
process.start()
process.join()
assert process.exitcode == 0, process.exitcode
with context.Pool(3) as pool:
    partitions = pool.map(add, range(50))
assert partitions == [client.get_key_partition_id("test", "fork", n) for n in range(50)]
assert client.get(("test", "fork", "pool")).bins == {"n": sum(range(50))}
client.close()
"""
    program(text, server)
