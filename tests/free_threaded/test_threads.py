"""The clients in threads that run at the same time: the GIL is off and stays off."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py.exception import AerospikeError
from aerospike_py.testing import EmbeddedServer
from support import guests, metrics, scenario
from support.otlp import tracing
from support.records import gathered

THREADS = 16


def together(work: Callable[[int], Any], threads: int = THREADS) -> list[Any]:
    """What `work` returns in each of many threads that start at one moment."""
    start = threading.Barrier(threads)

    def run(number: int) -> Any:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


@pytest.fixture(autouse=True)
def gil_stays_off() -> Any:
    assert sys._is_gil_enabled() is False
    yield
    assert sys._is_gil_enabled() is False


def test_every_verb_in_many_threads_on_one_client(client: Any) -> None:
    def work(number: int) -> None:
        for turn in range(5):
            scenario.tell(client, scenario.every_verb(f"threads-{number}-{turn}"))

    together(work)


def test_users_and_certificates_in_many_threads() -> None:
    ada = {"user": "ada", "pki": True, "roles": ["user-admin", "read-write"]}
    with EmbeddedServer(users={"users": [ada]}, tls=["ada"]) as server:
        config: Any = server.config(auth_mode=aero.AUTH_PKI, tls=server.tls_config("ada"))
        together(lambda number: guests.log_in(config, f"user {number}"), 8)


def test_every_verb_in_many_loops_on_one_async_client(config: Any) -> None:
    client = aero.AsyncClient(config)
    asyncio.run(client.connect())

    def work(number: int) -> None:
        async def tell() -> None:
            stories = (scenario.every_verb(f"loops-{number}-{turn}") for turn in range(8))
            await asyncio.gather(*(scenario.tell_async(client, story) for story in stories))

        asyncio.run(tell())

    together(work, 8)
    asyncio.run(client.close())


def test_increments_of_all_threads_add_up(client: Any, key: Any) -> None:
    def work(_: int) -> None:
        for _ in range(200):
            client.increment(key, "n", 1)

    together(work)
    assert client.get(key).bins == {"n": THREADS * 200}


def test_containers_may_change_while_they_are_converted(client: Any, key: Any) -> None:
    numbers = list(range(50))
    names = {f"n{number}": number for number in range(50)}
    stop = threading.Event()

    def change() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            numbers.append(turn)
            del numbers[: len(numbers) - 50]
            names[f"n{turn % 60}"] = turn
            names.pop(f"n{(turn + 7) % 60}", None)

    def work(number: int) -> None:
        own = (*key[:2], f"{key[2]}-{number}")
        for _ in range(200):
            client.put(own, {"numbers": numbers, "names": names})
            bins = client.get(own).bins
            # A list that is sliced in place is seen before or after it, in order either way.
            assert bins["numbers"] == sorted(bins["numbers"])
            assert set(bins["names"]) <= {f"n{n}" for n in range(60)}
        client.remove(own)

    changer = threading.Thread(target=change)
    changer.start()
    try:
        together(work, 4)
    finally:
        stop.set()
        changer.join()


def test_clients_come_and_go_in_all_threads(config: Any, key: Any) -> None:
    def work(number: int) -> None:
        own = (*key[:2], f"{key[2]}-{number}")
        for turn in range(5):
            with aero.Client(config) as client:
                client.put(own, {"turn": turn})
                assert client.get(own).bins == {"turn": turn}
        with aero.Client(config) as client:
            client.remove(own)

    together(work, 8)


def test_close_while_all_threads_call(config: Any, key: Any) -> None:
    client = aero.Client(config).connect()
    client.put(key, {"a": 1})
    closing = threading.Event()

    def work(number: int) -> str:
        if number == 0:
            closing.wait()
            client.close()
            return "closed"
        for turn in range(100_000):
            if turn == 20:
                closing.set()
            try:
                assert client.get(key).bins == {"a": 1}
            except AerospikeError as error:
                return str(error)
        return "never refused"

    assert "never refused" not in together(work)
    assert not client.is_connected()


def test_errors_are_each_threads_own(client: Any) -> None:
    def work(number: int) -> None:
        for turn in range(100):
            missing = ("test", "t", f"missing-{number}-{turn}")
            with pytest.raises(aero.RecordNotFound) as caught:
                client.get(missing)
            assert caught.value.key[:3] == missing

    together(work)


def test_log_records_of_threads_all_arrive_each_threads_in_order(client: Any) -> None:
    with gathered(aero.LOG_LEVEL_TRACE) as log:
        together(lambda number: [client.info_random_node(f"{number}/{n}") for n in range(100)])
        aero.flush_logs()
    answers = [text.partition('"')[2].partition("\\t")[0] for text in log.texts if "/" in text]
    for number in range(THREADS):
        own = [answer for answer in answers if answer.startswith(f"{number}/")]
        assert own == [f"{number}/{n}" for n in range(100)]


def test_spans_of_threads_all_arrive(client: Any) -> None:
    with tracing() as collector:
        together(lambda n: [client.exists(("test", f"t{n}", "x")) for _ in range(100)])
    told = Counter(span.attributes["db.collection.name"] for span in collector.spans)
    assert told == {f"t{number}": 100 for number in range(THREADS)}
    assert len({span.span for span in collector.spans}) == 100 * THREADS


def test_no_operation_of_many_threads_goes_uncounted(client: Any) -> None:
    key, puts = ("test", "counted", 1), 300
    writers = THREADS - 2
    done: list[int] = []

    def work(number: int) -> None:
        if number >= writers:
            while len(done) < writers:
                aero.get_metrics()
            return
        try:
            for _ in range(puts):
                client.put(key, {"a": number})
        finally:
            done.append(number)

    with metrics.counted() as added:
        together(work)
    assert added == {metrics.Operation("put", set="counted"): puts * writers}
    assert metrics.value("aerospike_client_operations_in_flight") == 0
