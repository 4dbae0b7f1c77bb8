"""Interpreters made, used and ended in turn, by a process of its own that tells what is left."""

from __future__ import annotations

import ctypes
import gc
import json
import sys

from support.processes import descriptors, eventually, memory, names_of_threads
from support.proxy import Proxy
from support.subinterpreters import Interpreter

WARM_UP = 20
LEFT_IN_FLIGHT = 10
"""One in so many is ended with operations in flight."""

# The loop without the package imports what the package does of the standard library.
IMPORTED = """
import sys
before = set(sys.modules)
import aerospike_py
print(*(name for name in sys.modules if name not in before and "aerospike_py" not in name))
"""
WITHOUT = "import {imported}\n"
ALSO = {
    "sync": "import threading\n",
    "async": "import asyncio, threading\nasyncio.run(asyncio.sleep(0))\n",
}
"""What interpreters import and do for themselves, with the package or without."""

USE = {
    "sync": """
import aerospike_py
with aerospike_py.client({{"hosts": [("{host}", {port})]}}) as client:
    key = ("test", "turnover", "k")
    client.put(key, {{"a": 1, "b": [1, "two", {{"three": 3.0}}]}})
    assert client.get(key).bins["a"] == 1
    try:
        client.get(("test", "turnover", "of no record"))
    except aerospike_py.RecordNotFound:
        pass
""",
    "async": """
import asyncio
import aerospike_py

async def main():
    async with aerospike_py.async_client({{"hosts": [("{host}", {port})]}}) as client:
        key = ("test", "turnover", "k")
        await client.put(key, {{"a": 1, "b": [1, "two", {{"three": 3.0}}]}})
        for record in await asyncio.gather(*(client.get(key) for _ in range(5))):
            assert record.bins["a"] == 1
        try:
            await client.get(("test", "turnover", "of no record"))
        except aerospike_py.RecordNotFound:
            pass

asyncio.run(main())
""",
}

# The call of a thread ends in time for the interpreter to wait for the thread, as it must.
LEAVE = {
    "sync": """
import threading
import aerospike_py
client = aerospike_py.client({{"hosts": [("{host}", {port})]}}).connect()

def wait():
    try:
        client.get(("test", "turnover", "k"), {{"total_timeout": 100, "max_retries": 0}})
    except aerospike_py.AerospikeTimeoutError:
        pass

threading.Thread(target=wait).start()
""",
    "async": """
import asyncio
import aerospike_py
client = aerospike_py.async_client({{"hosts": [("{host}", {port})]}})
patient = {{"total_timeout": 0, "socket_timeout": 0}}
loop = asyncio.new_event_loop()
loop.run_until_complete(client.connect())

async def start():
    operations = [client.get(("test", "turnover", "k"), patient) for _ in range(5)]
    for operation in operations:
        operation.send(None)
    return operations

operations = loop.run_until_complete(start())
import warnings
warnings.simplefilter("ignore", ResourceWarning)
""",
}
AT_ONCE = {"sync": 1, "async": 5}


def use_and_end(code: str) -> None:
    with Interpreter() as interpreter:
        interpreter.run(code)


def leave_in_flight(kind: str, also: str, proxy: Proxy) -> None:
    ((host, port),) = proxy.hosts
    with Interpreter() as interpreter:
        interpreter.run(also + LEAVE[kind].format(host=host, port=port))
        proxy.wait_until_held(AT_ONCE[kind])
    proxy.wait_until_left()


class MallocInfo(ctypes.Structure):
    """glibc's struct mallinfo2."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    )


def in_use() -> int:
    """Bytes that this process has not given back.

    CPython before 3.14 never gives back the memory of an ended interpreter's small objects, though
    they are freed. What the package takes from the C library can be told there all the same, and
    nothing of it comes and goes with the moment.
    """
    gc.collect()
    libc = ctypes.CDLL(None)
    if sys.version_info >= (3, 14):
        libc.malloc_trim(0)
        return memory()
    libc.mallinfo2.restype = MallocInfo
    info = libc.mallinfo2()
    return int(info.uordblks + info.hblkhd)


def also_of(kinds: list[str]) -> str:
    """All do it, also those that use clients of one kind: what it leaves is Python's own."""
    return "".join(ALSO[kind] for kind in kinds)


def with_package(kinds: list[str], host: str, port: int, count: int) -> dict[str, float]:
    also = also_of(kinds)
    code = also + "".join(USE[kind].format(host=host, port=port) for kind in kinds)
    with Proxy((host, port)) as proxy:
        proxy.hold()

        def turn(number: int) -> None:
            if number % LEFT_IN_FLIGHT:
                use_and_end(code)
            else:
                leave_in_flight(kinds[number // LEFT_IN_FLIGHT % len(kinds)], also, proxy)

        for number in range(WARM_UP):
            turn(number)
        threads, files, start = len(names_of_threads()), descriptors(), in_use()
        for number in range(count):
            turn(number)
        grown = in_use() - start
        eventually(lambda: len(names_of_threads()) <= threads and descriptors() <= files)
        return {
            "bytes": grown / count,
            "threads": len(names_of_threads()) - threads,
            "descriptors": descriptors() - files,
        }


def without_package(kinds: list[str], imported: str, count: int) -> dict[str, float]:
    code = WITHOUT.format(imported=imported) + also_of(kinds)
    for _ in range(WARM_UP):
        use_and_end(code)
    start = in_use()
    for _ in range(count):
        use_and_end(code)
    return {"bytes": (in_use() - start) / count}


def main() -> None:
    what, kinds, *arguments, count = sys.argv[1:]
    if what == "with":
        host, port = arguments
        told = with_package(kinds.split(), host, int(port), int(count))
    else:
        (imported,) = arguments
        told = without_package(kinds.split(), imported, int(count))
    print(json.dumps(told))
