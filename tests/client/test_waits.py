"""What is left of a total timeout when a call had to wait for a connection: it is sent along."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import aerospike_py
from aerospike_py import exception, list_operations
from support.metrics import value
from support.processes import eventually
from support.proxy import Proxy

KEY = ("test", "waits", "k")
LIMIT = 20_000
POLICY: Any = {"total_timeout": LIMIT, "socket_timeout": LIMIT, "max_retries": 0}
MESSAGE = 3


CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "put": lambda client, policy: client.put(KEY, {"a": 1, "l": [1]}, policy=policy),
    "get": lambda client, policy: client.get(KEY, policy),
    "select": lambda client, policy: client.select(KEY, ["a"], policy),
    "exists": lambda client, policy: client.exists(KEY, policy),
    "increment": lambda client, policy: client.increment(KEY, "a", 1, policy=policy),
    "operate": lambda client, policy: client.operate(
        KEY, [list_operations.list_size("l")], policy=policy
    ),
    "batch_read": lambda client, policy: client.batch_read([KEY], policy=policy),
    "batch_write": lambda client, policy: client.batch_write([(KEY, {"a": 3})], policy=policy),
    "remove": lambda client, policy: client.remove(KEY, policy=policy),
}


@pytest.fixture
def proxy(server: Any) -> Iterator[Proxy]:
    with Proxy(server.hosts[0]) as proxy:
        yield proxy


def timeouts(sent: bytes) -> list[int]:
    """The timeouts, in milliseconds, that the commands among requests tell the server."""
    found = []
    while sent:
        end = 8 + int.from_bytes(sent[2:8], "big")
        if sent[1] == MESSAGE:
            found.append(int.from_bytes(sent[22:26], "big"))
        sent = sent[end:]
    return found


def pass_time() -> None:
    """Some milliseconds, which is what the waiting is counted in."""
    began = time.monotonic()
    assert eventually(lambda: time.monotonic() > began + 0.02)


def both_run() -> bool:
    return value("aerospike_client_operations_in_flight") == 2


def by_threads(config: Any, proxy: Proxy, call: Any) -> int:
    """What `call` sends for a timeout after another call had the only connection."""
    errors: list[Exception] = []
    with aerospike_py.client(config) as client:

        def run(call: Any) -> None:
            try:
                call(client, POLICY)
            except exception.AerospikeError as error:
                errors.append(error)

        first, second = (threading.Thread(target=run, args=(it,)) for it in (CALLS["exists"], call))
        proxy.hold()
        first.start()
        proxy.wait_until_held(1)
        sent = len(proxy.sent)
        second.start()
        assert eventually(both_run)
        pass_time()
        proxy.release()
        first.join()
        second.join()
    assert errors == []
    (timeout,) = timeouts(proxy.sent[sent:])
    return timeout


def by_tasks(config: Any, proxy: Proxy, call: Any) -> int:
    async def main() -> int:
        async with aerospike_py.async_client(config) as client:
            proxy.hold()
            first = asyncio.ensure_future(CALLS["exists"](client, POLICY))
            await asyncio.sleep(0)
            proxy.wait_until_held(1)
            sent = len(proxy.sent)
            second = asyncio.ensure_future(call(client, POLICY))
            await asyncio.sleep(0)
            assert eventually(both_run)
            pass_time()
            proxy.release()
            await first
            await second
            (timeout,) = timeouts(proxy.sent[sent:])
            return timeout

    return asyncio.run(main())


@pytest.mark.parametrize("waiting", [by_threads, by_tasks])
@pytest.mark.parametrize("name", CALLS)
def test_waiting_uses_up_the_total_timeout(
    server: Any, proxy: Proxy, client: Any, waiting: Any, name: str
) -> None:
    client.put(KEY, {"a": 1, "l": [1]})
    config = {"hosts": proxy.hosts, "max_conns_per_node": 1}
    # A call that comes late does not wait: it is made again then.
    tries = (waiting(config, proxy, CALLS[name]) for _ in range(10))
    left = next((timeout for timeout in tries if timeout != LIMIT), LIMIT)
    assert 0 < left < LIMIT
