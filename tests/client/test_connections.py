"""More operations than connections: each waits its turn, and none fails."""

from __future__ import annotations

import asyncio
import base64
import re
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

import aerospike_py
from aerospike_py import list_operations, operations
from aerospike_py.exception import AerospikeTimeoutError, ClusterError, NoMoreConnectionsError
from aerospike_py.testing import EmbeddedServer
from support.both import connected
from support.processes import eventually
from support.proxy import Proxy

CALLERS = 32
PATIENT: Any = {"policies": {"total_timeout": 60_000}}
KEYS = [("test", "crowd", number) for number in range(10)]
# What each caller does with the client and the key of its own.
CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "put": lambda client, key: client.put(key, {"n": 1}),
    "get": lambda client, key: client.get(key),
    "exists": lambda client, key: client.exists(key),
    "operate": lambda client, key: client.operate(
        key, [list_operations.list_append("l", 1), operations.read("n")]
    ),
    "batch_read": lambda client, key: client.batch_read(KEYS),
    "batch_write": lambda client, key: client.batch_write([(key, {"n": 2}) for key in KEYS]),
    "batch_operate": lambda client, key: client.batch_operate(KEYS, [operations.read("n")]),
    "query": lambda client, key: client.query("test", "crowd").results(),
    "info": lambda client, key: client.info_all("build"),
}


@pytest.fixture(scope="module")
def slow() -> Any:
    """A server that takes its time with each command, so that connections are in use."""
    with EmbeddedServer() as server, server.faults(latency=2):
        yield server


def by_threads(config: Any) -> Counter[str]:
    wrong: Counter[str] = Counter()

    def call(number: int) -> None:
        for name, do in CALLS.items():
            try:
                do(client, ("test", "crowd", number))
            except Exception as error:
                wrong[f"{name}: {error!r}"] += 1

    with aerospike_py.client(config) as client:
        threads = [threading.Thread(target=call, args=(number,)) for number in range(CALLERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return wrong


def by_tasks(config: Any) -> Counter[str]:
    wrong: Counter[str] = Counter()

    async def call(client: Any, number: int) -> None:
        for name, do in CALLS.items():
            try:
                await do(client, ("test", "crowd", number))
            except Exception as error:
                wrong[f"{name}: {error!r}"] += 1

    async def main() -> None:
        async with aerospike_py.async_client(config) as client:
            await asyncio.gather(*(call(client, number) for number in range(CALLERS)))

    asyncio.run(main())
    return wrong


@pytest.mark.parametrize("crowd", [by_threads, by_tasks])
@pytest.mark.parametrize("most", [1, 2])
def test_a_crowd_shares_few_connections(crowd: Any, slow: EmbeddedServer, most: int) -> None:
    assert crowd({**slow.config(), **PATIENT, "max_conns_per_node": most}) == {}


@pytest.mark.parametrize("limit", [{"max_concurrent_operations": 3}, {"conn_pools_per_node": 2}])
@pytest.mark.parametrize("crowd", [by_threads, by_tasks])
def test_a_crowd_is_let_in_by_the_other_limits(
    crowd: Any, slow: EmbeddedServer, limit: dict[str, int]
) -> None:
    assert crowd({**slow.config(), **PATIENT, "max_conns_per_node": 4, **limit}) == {}


def test_who_waits_too_long_is_told_and_sends_nothing(proxy: Proxy) -> None:
    """The only connection waits for a reply that is held back."""
    key = ("test", "crowd", "held")

    async def main() -> None:
        config: Any = {"hosts": proxy.hosts, "max_conns_per_node": 1}
        async with aerospike_py.async_client(config) as client:
            await client.put(key, {"n": 1})
            proxy.hold()
            held = asyncio.ensure_future(client.get(key, {"total_timeout": 20_000}))
            await asyncio.to_thread(proxy.wait_until_held, 1)
            with pytest.raises(NoMoreConnectionsError, match=r"50 ms: max_conns_per_node is 1"):
                await client.put(key, {"n": 2}, policy={"total_timeout": 50})
            with pytest.raises(NoMoreConnectionsError) as caught:
                await client.batch_read([key], policy={"total_timeout": 50})
            assert not caught.value.in_doubt
            proxy.release()
            assert (await held).bins == {"n": 1}
            await client.remove(key)

    asyncio.run(main())


@pytest.mark.parametrize(
    "policy",
    [
        {"socket_timeout": 40, "total_timeout": 0, "max_retries": 0},
        {"socket_timeout": 0, "total_timeout": 40, "max_retries": 9},
        {"socket_timeout": 10, "total_timeout": 0, "max_retries": 2, "timeout_delay": 0},
    ],
    ids=["of an attempt", "of a call", "of each attempt"],
)
def test_timeouts_of_what_is_never_answered(kind: str, policy: Any) -> None:
    key = ("test", "crowd", "lost")
    with EmbeddedServer() as server, connected(kind, server.config()) as client:
        client.put(key, {"n": 1})
        with server.faults(lost=1.0):
            for call, in_doubt in [
                (lambda: client.get(key, policy), False),
                (lambda: client.put(key, {"n": 2}, policy=policy), True),
            ]:
                with pytest.raises(AerospikeTimeoutError) as caught:
                    call()
                assert caught.value.in_doubt is in_doubt
            with pytest.raises(AerospikeTimeoutError):
                client.batch_read([key], policy=policy)
        assert client.get(key).bins == {"n": 1}


def test_connecting_takes_no_longer_than_it_may(kind: str, proxy: Proxy) -> None:
    proxy.hold_all()
    config: Any = {"hosts": proxy.hosts, "connect_timeout": 100}
    with pytest.raises(ClusterError), connected(kind, config):
        pass


def in_pool(client: Any) -> list[int]:
    return [node.conns.in_pool for node in client.get_stats().nodes]


def test_connections_are_made_before_they_are_needed(kind: str, config: Any) -> None:
    with connected(kind, {**config, "min_conns_per_node": 4, "tend_interval": 250}) as client:
        assert eventually(lambda: min(in_pool(client)) >= 4)


def test_connections_that_idle_are_closed(kind: str, config: Any) -> None:
    few = {"min_conns_per_node": 0, "idle_timeout": 50, "tend_interval": 250}
    with connected(kind, {**config, **few}) as client:
        client.exists(("test", "crowd", "idle"))
        assert eventually(lambda: max(in_pool(client)) == 0)
        assert client.exists(("test", "crowd", "idle")).meta is None


def test_servers_are_told_whose_connections_they_are(kind: str, proxy: Proxy) -> None:
    config: Any = {"hosts": proxy.hosts, "app_id": "billing"}
    with connected(kind, config) as client:
        client.exists(("test", "crowd", "app"))
        told = re.findall(rb"user-agent-set:value=([A-Za-z0-9+/=]+)", proxy.sent)
    (agent,) = {base64.b64decode(one).decode() for one in told}
    assert re.fullmatch(r"1,aerospike-py-[\d.]+,billing", agent)
