"""The worker process of a client, as the comparison sees it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from cases import Case
from environments import Client

WORKER = Path(__file__).with_name("worker.py")

EXIT_TIMEOUT = 10.0
"""Seconds that a worker may take to end."""


class WorkerFailed(Exception):
    """A worker has ended instead of answering; why is on standard error."""


class Worker:
    """Measures on demand until it is closed. Only one is ever at work, since `measure` waits."""

    def __init__(
        self, client: Client, python: Path, hosts: list[tuple[str, int]], uvloop: bool
    ) -> None:
        self.client = client
        self._process = subprocess.Popen(
            [python, WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdin
        assert self._process.stdout
        self._orders, self._answers = self._process.stdin, self._process.stdout
        start = {"adapter": client.adapter, "hosts": hosts, "uvloop": uvloop}
        try:
            self.about = self._ask(start)
        except WorkerFailed:
            self.close()
            raise

    def can(self, case: Case) -> bool:
        return case.mode == "sync" or bool(self.about["async"])

    def measure(self, case: Case, seconds: float) -> dict[str, float]:
        return self._ask({"case": case, "seconds": seconds})

    def close(self) -> None:
        self._orders.close()
        try:
            self._process.wait(EXIT_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._answers.close()

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        try:
            self._orders.write(json.dumps(order) + "\n")
            self._orders.flush()
        except BrokenPipeError:
            answer = ""
        else:
            answer = self._answers.readline()
        if not answer:
            raise WorkerFailed(f"the worker of {self.client.name} failed at {order}")
        figures: dict[str, Any] = json.loads(answer)
        return figures
