#!/usr/bin/env python3
"""Measure this client beside the other Python clients of Aerospike; benches/README.md tells how."""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import report
from cases import CASES, Case
from environments import (
    OTHERS,
    ROOT,
    Client,
    Unavailable,
    embedded_server,
    environment,
    this_client,
)
from process import Worker, WorkerFailed

Results = dict[Case, dict[str, list[report.Slice]]]


def main() -> int:
    options = parse_options()
    # The widest case has a connection for each operation in flight, in every client.
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    try:
        with contextlib.ExitStack() as stack:
            pythons = environments(options)
            hosts = options.hosts or stack.enter_context(embedded())
            workers = []
            for client, python in pythons.items():
                workers.append(Worker(client, python, hosts, options.uvloop))
                stack.callback(workers[-1].close)
            results = measure(workers, options)
    except (Unavailable, WorkerFailed) as error:
        sys.exit(f"compare: {error}")
    about = {worker.client.name: worker.about for worker in workers}
    python = workers[0].about["python"] + ("" if workers[0].about["gil"] else ", no GIL")
    loop = "uvloop" if options.uvloop else "asyncio's loop"
    print(f"\nCPython {python}, {loop}, {os.cpu_count()} processors, {options.rounds} rounds")
    print("ratio: this client divided by the other, median and middle half of the rounds\n")
    print(report.table(results))
    if options.json:
        options.json.write_text(json.dumps(as_json(results, about, options), indent=1) + "\n")
    return 0


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    others = {client.name.split()[0]: client for client in OTHERS}
    parser.add_argument("--python", default="3.13", metavar="SPEC", help="3.13, or 3.13t")
    parser.add_argument("--hosts", type=addresses, metavar="HOST:PORT[,...]", help="a real cluster")
    parser.add_argument("--uvloop", action="store_true", help="uvloop for asyncio's own loop")
    parser.add_argument("--rounds", type=int, default=15, metavar="N")
    parser.add_argument("--seconds", type=float, default=0.5, metavar="S", help="of each slice")
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES), metavar="CASE")
    parser.add_argument("--others", nargs="*", choices=others, default=list(others), metavar="NAME")
    parser.add_argument("--wheel", type=Path, help="of this client; by default it is built")
    parser.add_argument("--baseline", type=Path, help="a wheel of another state of this client")
    parser.add_argument("--json", type=Path, metavar="FILE", help="writes all figures there")
    options = parser.parse_args()
    if options.rounds < 1 or options.seconds <= 0:
        parser.error("--rounds must be at least 1, and --seconds more than 0")
    options.others = [others[name] for name in options.others]
    return options


def addresses(text: str) -> list[tuple[str, int]]:
    pairs = [address.strip().rpartition(":") for address in text.split(",")]
    return [(host, int(port)) for host, _, port in pairs]


def environments(options: argparse.Namespace) -> dict[Client, Path]:
    """The clients that are measured, ours first, and the Python that has each."""
    ours = this_client("this client", options.wheel)
    pythons = {ours: environment(ours, options.python, options.uvloop)}
    if options.baseline:
        baseline = this_client("baseline", options.baseline)
        pythons[baseline] = environment(baseline, options.python, options.uvloop)
    for client in options.others:
        try:
            pythons[client] = environment(client, options.python, options.uvloop)
        except Unavailable as reason:
            tell(f"{client.name} is left out: {reason}")
    return pythons


@contextlib.contextmanager
def embedded() -> Iterator[list[tuple[str, int]]]:
    program = str(embedded_server())
    # Of the package only this module, for which nothing needs to be built or installed.
    source = ROOT / "python/aerospike_py/_embedded.py"
    spec = importlib.util.spec_from_file_location("_embedded", source)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    server = module.Process(program, ["--port", "0", "--exit-with-stdin"])
    try:
        yield server.addresses
    finally:
        server.end()


def measure(workers: list[Worker], options: argparse.Namespace) -> Results:
    """The clients take turns at each case, and begin a round one after another.

    What the machine does besides then falls on all of them alike. The first round warms up.
    """
    cases = [CASES[name] for name in options.cases]
    results: Results = {
        case: {worker.client.name: [] for worker in workers if worker.can(case)} for case in cases
    }
    for number in range(options.rounds + 1):
        tell(f"round {number} of {options.rounds}" if number else "warming up")
        first = number % len(workers)
        for case in cases:
            for worker in workers[first:] + workers[:first]:
                if not worker.can(case):
                    continue
                figures = worker.measure(case, options.seconds)
                if number:
                    results[case][worker.client.name].append(figures)
    return results


def as_json(
    results: Results, about: dict[str, dict[str, Any]], options: argparse.Namespace
) -> dict[str, Any]:
    return {
        "clients": about,
        "processors": os.cpu_count(),
        "uvloop": options.uvloop,
        "seconds": options.seconds,
        "rounds": {case.name: slices for case, slices in results.items()},
        "summary": {
            case.name: {client: row.as_dict() for client, row in report.rows(slices).items()}
            for case, slices in results.items()
        },
    }


def tell(message: str) -> None:
    print(f"compare: {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
