"""What threads do to one object at the very same moment: one wins, the others are told."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import exception
from support import scenario
from support.proxy import Proxy

THREADS = 8
ROUNDS = 20
AtOnce = Callable[..., list[Any]]


@pytest.fixture(autouse=True)
def gil_stays_off() -> Iterator[None]:
    yield
    assert sys._is_gil_enabled() is False


@pytest.fixture(scope="module")
def at_once() -> Iterator[AtOnce]:
    """What callables return, or raise, that threads call at the same moment."""

    def run(start: threading.Barrier, work: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return work()
        except Exception as error:
            return error

    def call(*works: Callable[[], Any]) -> list[Any]:
        start = threading.Barrier(len(works))
        return list(pool.map(run, [start] * len(works), works))

    with ThreadPoolExecutor(THREADS) as pool:
        yield call


@contextmanager
def beside(work: Callable[[], Any]) -> Iterator[None]:
    """Have a thread do something over and over."""
    stop = threading.Event()
    raised: list[BaseException] = []

    def run() -> None:
        try:
            while not stop.is_set():
                work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    assert raised == []


def test_a_client_is_initialised_once(at_once: AtOnce, kind: str, config: Any) -> None:
    cls = getattr(aero, kind)
    for _ in range(ROUNDS):
        client = cls.__new__(cls)
        results = at_once(*[lambda client=client: client.__init__(config)] * THREADS)
        assert results.count(None) == 1
        others = [result for result in results if result is not None]
        assert all("initialised already" in str(error) for error in others)
        assert client.is_connected() is False


def test_an_operation_is_started_once(at_once: AtOnce, config: Any) -> None:
    """Without a running loop the start fails, and all but one find it taken."""
    client = aero.AsyncClient(config)
    for _ in range(ROUNDS):
        operation = client.exists(("test", "races", "k"))
        results = at_once(*[lambda operation=operation: operation.send(None)] * THREADS)
        texts = [str(result) for result in results]
        assert sum("no running event loop" in text for text in texts) == 1
        assert sum("cannot reuse already awaited exists()" in text for text in texts) == THREADS - 1


def test_connect_and_close_in_any_order(at_once: AtOnce, config: Any) -> None:
    client = aero.Client(config)
    key = ("test", "races", "of no record")
    for _ in range(ROUNDS):
        works = [client.connect, client.close, client.ping, lambda: client.exists(key).meta] * 2
        for result in at_once(*works):
            if isinstance(result, Exception):
                assert isinstance(result, exception.AerospikeError), result
                assert "clos" in str(result) or "connect" in str(result), result
            else:
                assert result in (client, None, True, False)
    client.close()
    assert client.is_connected() is False


def test_the_collector_runs_beside_all_calls(config: Any) -> None:
    class Cyclic(aero.Client):
        pass

    async def use_async(number: int) -> None:
        async with aero.AsyncClient(config) as client:
            stories = [scenario.every_verb(f"collector {number}.{at}") for at in range(4)]
            await asyncio.gather(*(scenario.tell_async(client, story) for story in stories))

    def use(number: int) -> None:
        for turn in range(3):
            client = Cyclic(config)
            client.itself = [client]
            with client:
                scenario.tell(client, scenario.every_verb(f"collector {number} {turn}"))
            asyncio.run(use_async(number))

    def collect() -> None:
        for _ in range(20):
            gc.collect()

    with ThreadPoolExecutor(7) as pool:
        jobs = [pool.submit(collect), *(pool.submit(use, number) for number in range(6))]
        for job in jobs:
            job.result()


def test_policies_may_change_while_they_are_read(client: Any, key: Any) -> None:
    policy: dict[str, Any] = {"max_retries": 1, "total_timeout": 5000}
    turn = iter(range(10**9))

    def change() -> None:
        number = next(turn)
        policy["total_timeout"] = 5000 + number % 10
        if number % 2:
            policy["socket_timeout"] = 4000
        else:
            policy.pop("socket_timeout", None)

    def use(number: int) -> None:
        for _ in range(500):
            try:
                assert client.get(key, policy).bins == {"a": 1}
            except RuntimeError as error:
                assert "changed" in str(error)  # noqa: PT017 - it need not be raised

    client.put(key, {"a": 1})
    with beside(change), ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(use, number) for number in range(4)]:
            done.result()


def test_cancelling_beside_completion(config: Any, client: Any, key: Any) -> None:
    """Eight loops cancel what their workers are about to complete."""
    client.put(key, {"a": 1})
    async_client = aero.AsyncClient({**config, "max_concurrent_operations": 64})
    asyncio.run(async_client.connect())

    async def use() -> None:
        for number in range(300):
            task = asyncio.create_task(async_client.get(key))
            for _ in range(number % 5):
                await asyncio.sleep(0)
            task.cancel()
            try:
                assert (await task).bins == {"a": 1}
            except asyncio.CancelledError:
                assert task.cancelled()

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(asyncio.run, use()) for _ in range(8)]:
            done.result()
    asyncio.run(async_client.close())


def test_loops_end_while_their_operations_are_completed(at_once: AtOnce, proxy: Proxy) -> None:
    client = aero.AsyncClient({"hosts": proxy.hosts})
    asyncio.run(client.connect())

    async def start() -> list[Any]:
        operations = [client.exists(("test", "races", "k")) for _ in range(10)]
        for operation in operations:
            operation.send(None)
        return operations

    for _ in range(10):
        loops = [asyncio.new_event_loop() for _ in range(4)]
        proxy.hold()
        operations = [loop.run_until_complete(start()) for loop in loops]
        proxy.wait_until_held(40)
        at_once(proxy.release, *(loop.close for loop in loops))
        del operations, loops
        gc.collect()
    assert asyncio.run(client.ping())
    asyncio.run(client.close())
    proxy.wait_until_left()
