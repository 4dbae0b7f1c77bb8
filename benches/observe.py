#!/usr/bin/env python3
"""What observing operations costs: the processor time of the client for each get.

    PYTHONPATH=... benches/observe.py [--rounds 60] [--slice 0.1] [--cases sync-1 sync-16 async-50]

One process has the client, another the embedded server. What is compared takes turns in slices a
tenth of a second long, in another order each round, so that whatever else the machine does falls on
all alike. A slice's figure is the processor time of the client's process, all its threads included,
divided by its gets; a mode's ratio is that to the slice without observers of the same round, and
what is shown is the median of the rounds with the middle half of them.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import aerospike_py
from aerospike_py.testing import EmbeddedServer

Hosts = list[tuple[str, int]]
Slice = Callable[[float], int]
"""Does gets for so many seconds, and returns how many."""

KEYS = [("test", "observed", f"key {number}") for number in range(500)]
BINS = {"n": 1, "text": "ten letter", "blob": bytes(100)}

COLLECTOR = """
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format, *args):
        pass

server = HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""
"""A process that takes spans and forgets them."""

endpoint = ""


def trace(on: bool, share: float) -> None:
    if on:
        aerospike_py.init_tracing(
            endpoint=endpoint,
            protocol="http/protobuf",
            sampler="traceidratio",
            sampler_arg=share,
        )
    else:
        aerospike_py.shutdown_tracing()


def everything(on: bool) -> None:
    aerospike_py.set_metrics_enabled(on)
    aerospike_py.set_log_level(aerospike_py.LOG_LEVEL_INFO if on else aerospike_py.LOG_LEVEL_OFF)
    trace(on, 0.01)


MODES: dict[str, Callable[[bool], None]] = {
    "off": lambda on: None,
    "metrics": aerospike_py.set_metrics_enabled,
    "tracing 1 %": lambda on: trace(on, 0.01),
    "tracing 100 %": lambda on: trace(on, 1),
    "everything": everything,
}
"""What is compared, by name: each is switched on before a slice and off after it."""


@contextmanager
def collector() -> Iterator[str]:
    command = [sys.executable, "-c", COLLECTOR]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


def gets_until(get: Callable[[Any], Any], end: float) -> int:
    count = 0
    while time.perf_counter() < end:
        for key in KEYS[:50]:
            get(key)
        count += 50
    return count


@contextmanager
def threads(hosts: Hosts, width: int) -> Iterator[Slice]:
    """So many threads, each of which does one get after another."""
    with aerospike_py.client({"hosts": hosts}) as client:
        for key in KEYS:
            client.put(key, BINS)

        def run(seconds: float) -> int:
            counts: list[int] = []
            end = time.perf_counter() + seconds
            workers = [
                threading.Thread(target=lambda: counts.append(gets_until(client.get, end)))
                for _ in range(width)
            ]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            return sum(counts)

        yield run


@contextmanager
def tasks(hosts: Hosts, width: int) -> Iterator[Slice]:
    """So many tasks of one event loop."""
    with asyncio.Runner() as runner:
        client = runner.run(aerospike_py.AsyncClient({"hosts": hosts}).connect())

        async def fill() -> None:
            await asyncio.gather(*(client.put(key, BINS) for key in KEYS))

        async def gets(seconds: float) -> int:
            end = time.perf_counter() + seconds

            async def task() -> int:
                count = 0
                while time.perf_counter() < end:
                    for key in KEYS[:10]:
                        await client.get(key)
                    count += 10
                return count

            return sum(await asyncio.gather(*(task() for _ in range(width))))

        runner.run(fill())
        yield lambda seconds: runner.run(gets(seconds))
        runner.run(client.close())


def measure(run: Slice, seconds: float) -> float:
    """Microseconds of processor time for each get."""
    before = time.process_time()
    count = run(seconds)
    return (time.process_time() - before) / count * 1e6


def compare(run: Slice, modes: list[str], rounds: int, seconds: float) -> dict[str, list[float]]:
    costs: dict[str, list[float]] = {mode: [] for mode in modes}
    for number in range(-1, rounds):
        turn = number % len(modes)
        for mode in modes[turn:] + modes[:turn]:
            MODES[mode](True)
            # What is new to the processor's caches is no part of what is compared.
            run(seconds / 10)
            cost = measure(run, seconds)
            MODES[mode](False)
            # The first round warms up.
            if number >= 0:
                costs[mode].append(cost)
    return costs


def show(case: str, costs: dict[str, list[float]]) -> None:
    print(f"\nget, {case}          CPU us/get   ratio   middle half")
    for mode, own in costs.items():
        ratios = sorted(cost / off for cost, off in zip(own, costs["off"], strict=True))
        low, middle, high = statistics.quantiles(ratios, n=4)
        print(f"  {mode:20}{statistics.median(own):11.2f}{middle:8.3f}   {low:.3f}-{high:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--slice", type=float, default=0.1, help="seconds")
    parser.add_argument("--cases", nargs="+", default=["sync-1", "sync-16", "async-50"])
    parser.add_argument("--modes", nargs="+", choices=MODES, default=list(MODES))
    options = parser.parse_args()
    modes = ["off", *(mode for mode in options.modes if mode != "off")]
    aerospike_py.set_metrics_enabled(False)
    aerospike_py.set_log_level(aerospike_py.LOG_LEVEL_OFF)
    print(f"Python {sys.version.split()[0]}, {options.rounds} rounds of {options.slice} s")
    global endpoint
    with collector() as endpoint, EmbeddedServer() as server:
        for case in options.cases:
            kind, width = case.split("-")
            workload = {"sync": threads, "async": tasks}[kind]
            with workload(server.hosts, int(width)) as run:
                show(case, compare(run, modes, options.rounds, options.slice))


if __name__ == "__main__":
    main()
