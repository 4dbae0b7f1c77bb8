"""Metrics, as a parser of the text formats reads them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import NamedTuple

from prometheus_client.parser import text_string_to_metric_families

import aerospike_py

DURATION = "db_client_operation_duration_seconds"


class Operation(NamedTuple):
    """The labels of an operation."""

    name: str
    namespace: str = "test"
    set: str = "metrics"
    error: str = ""


def samples(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """The value of each sample, by its name and its labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def samples_of(name: str, text: str) -> dict[frozenset[tuple[str, str]], float]:
    """The value of each sample of this name, by its labels: the parser, which takes its time, is
    spared the others."""
    lines = [line for line in text.splitlines(keepends=True) if line.startswith(("#", name))]
    found = samples("".join(lines)).items()
    return {labels: value for (of, labels), value in found if of == name}


def operations(text: str) -> dict[Operation, int]:
    """How many operations of each kind there were."""
    counts = {}
    for pairs, value in samples_of(f"{DURATION}_count", text).items():
        labels = dict(pairs)
        assert labels.pop("db_system_name") == "aerospike"
        operation = Operation(
            labels.pop("db_operation_name"),
            labels.pop("db_namespace"),
            labels.pop("db_collection_name"),
            labels.pop("error_type"),
        )
        assert not labels
        counts[operation] = int(value)
    return counts


def value(name: str, text: str | None = None, **labels: str) -> float:
    """A sample's value: 0 if there is none."""
    text = aerospike_py.get_metrics() if text is None else text
    return samples_of(name, text).get(frozenset(labels.items()), 0.0)


@contextmanager
def counted() -> Iterator[dict[Operation, int]]:
    """What operations the block adds, filled in at its end. The parser is spared the lines that
    stay the same."""
    added: dict[Operation, int] = {}
    before = set(aerospike_py.get_metrics().splitlines(keepends=True))
    yield added
    after = set(aerospike_py.get_metrics().splitlines(keepends=True))
    then = operations("".join(before - after))
    now = operations("".join(after - before))
    added.update((operation, count - then.get(operation, 0)) for operation, count in now.items())


def fetch(port: int, path: str = "/metrics", accept: str = "*/*") -> tuple[int, str, str]:
    """The status, content type and text of an answer of a server of metrics on this machine."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept": accept})
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read().decode()
    finally:
        connection.close()


def serves(port: int) -> bool:
    """Whether anything listens at a port of this machine."""
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0
