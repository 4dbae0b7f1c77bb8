"""Removal of all records of a set or namespace."""

from __future__ import annotations

import time
from typing import Any

import pytest

from support.processes import eventually


def records(client: Any, name: str) -> list[Any]:
    keys = [("test", name, number) for number in range(20)]
    for key in keys:
        client.put(key, {"a": 1})
    return keys


def left(client: Any, keys: list[Any]) -> int:
    return sum(client.exists(key).meta is not None for key in keys)


def test_a_set(either: Any) -> None:
    gone, kept = records(either, "gone"), records(either, "kept")
    either.truncate("test", "gone")
    # A cluster does it a moment later.
    assert eventually(lambda: left(either, gone) == 0)
    assert left(either, kept) == 20


def test_before_a_time(either: Any) -> None:
    keys = records(either, "timed")
    either.truncate("test", "timed", time.time_ns() - 3_600_000_000_000)
    assert left(either, keys) == 20


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        (("test", "s", -1), ValueError, "nanos must be nanoseconds"),
        (("test", "s", 1.5), TypeError, "nanos must be int, not float"),
        (("te;st", "s"), ValueError, "namespace must have no"),
        ((None, "s"), TypeError, "namespace must be str"),
    ],
)
def test_refused(either: Any, arguments: Any, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        either.truncate(*arguments)
