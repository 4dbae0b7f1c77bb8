"""Runs one client's cases in a process of its own, one at a time, when told to on standard input.

Orders and answers are lines of JSON. The client stays connected from one order to the next, so that
importing, connecting and warming up are not measured.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import itertools
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from types import ModuleType
from typing import Any

from adapters import MAX_CONNECTIONS, Bins, Calls
from cases import Case

KEYS = [f"user{number:06}" for number in range(2_000)]
STEP = 50
RECORD: Bins = {"visits": 1234, "name": "Ada Lovela", "photo": bytes(range(100))}


class Measurement:
    """One case at work for some seconds: threads or tasks ask `running` before each operation."""

    def __init__(self, calls: Calls, case: Case, seconds: float) -> None:
        self.call: Callable[..., Any] = getattr(calls, case.verb)
        # A program reads the bins of a record that it gets, and there is a client that waits for
        # that to make them. What `put` returns is of no use.
        self.use: Callable[[Any], Any] = calls.bins_of if case.verb == "get" else bool
        self.running = True
        self.latencies: list[list[float]] = [[] for _ in range(case.width)]
        self.results: list[Any] = [None] * case.width
        self._arguments = [(key,) if case.verb == "get" else (key, RECORD) for key in KEYS]
        self._seconds = seconds

    def arguments(self, lane: int = 0) -> Iterator[tuple[Any, ...]]:
        """The arguments of calls: every key in turn, each lane beginning elsewhere."""
        start = lane * len(KEYS) // len(self.results)
        return itertools.cycle(self._arguments[start:] + self._arguments[:start])

    def begin(self) -> None:
        gc.collect()
        self._timer = threading.Timer(self._seconds, self.stop)
        self._timer.start()
        self._cpu = cpu_seconds()
        self._begun = time.perf_counter()

    def stop(self) -> None:
        self.running = False

    def end(self) -> dict[str, float]:
        seconds = time.perf_counter() - self._begun
        cpu = cpu_seconds() - self._cpu
        self._timer.join()
        latencies = sorted(itertools.chain.from_iterable(self.latencies))
        operations = len(latencies)
        return {
            "operations": operations,
            "seconds": seconds,
            "cpu": cpu,
            "p50_us": latencies[operations // 2] * 1e6,
            "p99_us": latencies[operations * 99 // 100] * 1e6,
        }


def cpu_seconds() -> float:
    """What this process has used of processors so far, with all its threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def run_threads(work: Measurement) -> dict[str, float]:
    """One lane in each thread. The main thread is one of them, as it is in a program with one."""
    errors: list[BaseException] = []

    def lane(number: int) -> None:
        arguments, latencies = work.arguments(number), work.latencies[number]
        call, use, clock, result = work.call, work.use, time.perf_counter, None
        ready.wait()
        try:
            while work.running:
                begun = clock()
                result = use(call(*next(arguments)))
                latencies.append(clock() - begun)
        except Exception as error:
            errors.append(error)
            work.stop()
        work.results[number] = result

    ready = threading.Barrier(len(work.results), action=work.begin)
    others = [threading.Thread(target=lane, args=[n]) for n in range(1, len(work.results))]
    for thread in others:
        thread.start()
    lane(0)
    for thread in others:
        thread.join()
    if errors:
        raise errors[0]
    return work.end()


async def run_tasks(work: Measurement) -> dict[str, float]:
    """One lane in each task, which awaits its operations one after another."""
    arguments = work.arguments()

    async def lane(number: int) -> None:
        latencies = work.latencies[number]
        call, use, clock, result = work.call, work.use, time.perf_counter, None
        try:
            while work.running:
                begun = clock()
                result = use(await call(*next(arguments)))
                latencies.append(clock() - begun)
        finally:
            work.stop()
        work.results[number] = result

    work.begin()
    await asyncio.gather(*(lane(number) for number in range(len(work.results))))
    return work.end()


class Worker:
    """A client's calls of both kinds, each connected when it is first asked for."""

    def __init__(self, adapter: ModuleType, hosts: list[tuple[str, int]], uvloop: bool) -> None:
        self._adapter = adapter
        self._hosts = hosts
        self._uvloop = uvloop
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connected: dict[str, Calls] = {}

    def about(self) -> dict[str, Any]:
        return {
            "python": sys.version.split()[0],
            "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
            "async": hasattr(self._adapter, "awaitable"),
        }

    def measure(self, case: Case, seconds: float) -> dict[str, float]:
        calls = self._calls(case.mode)
        work = Measurement(calls, case, seconds)
        figures = run_threads(work) if case.mode == "sync" else self._wait(run_tasks(work))
        if case.verb == "get":
            for bins in filter(None, work.results):  # a lane may not have had a turn
                check(bins)
        return figures

    def _calls(self, mode: str) -> Calls:
        if mode not in self._connected:
            if mode == "sync":
                calls = self._adapter.blocking(self._hosts)
                for user_key in KEYS:
                    calls.put(user_key, RECORD)
                    check(calls.bins_of(calls.get(user_key)))
            else:
                calls = self._wait(self._adapter.awaitable(self._hosts))
                self._wait(self._put_and_check(calls))
            self._connected[mode] = calls
        return self._connected[mode]

    async def _put_and_check(self, calls: Calls) -> None:
        for user_key in KEYS:
            await calls.put(user_key, RECORD)
            check(calls.bins_of(await calls.get(user_key)))
        # Connections are opened a few at a time, lest they overrun the server's queue for new ones.
        for width in range(STEP, MAX_CONNECTIONS, STEP):
            await asyncio.gather(*map(calls.get, KEYS[:width]))

    def _wait(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        if self._loop is None:
            self._loop = uvloop_loop() if self._uvloop else asyncio.SelectorEventLoop()
        return self._loop.run_until_complete(coroutine)


def uvloop_loop() -> asyncio.AbstractEventLoop:
    import uvloop

    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop


def check(bins: Bins) -> None:
    if bins != RECORD:
        raise RuntimeError(f"a record has the bins {bins!r} instead of {RECORD!r}")


def main() -> None:
    # Answers have a descriptor of their own: whatever a client prints goes to standard error.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    start = json.loads(sys.stdin.readline())
    hosts = [(host, port) for host, port in start["hosts"]]
    worker = Worker(importlib.import_module(start["adapter"]), hosts, start["uvloop"])
    print(json.dumps(worker.about()), file=answers)
    for line in sys.stdin:
        order = json.loads(line)
        figures = worker.measure(Case(*order["case"]), order["seconds"])
        print(json.dumps(figures), file=answers)


if __name__ == "__main__":
    main()
