"""The golden suites of plain operations and whole-record calls, through the client."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from aerospike_py.exception import AerospikeError, RecordNotFound
from support import golden

NEVER = 0xFFFFFFFF
KEY = ("test", "golden", "replayed")

# What the client refuses before it is sent, where the server refuses it, too: a malformed request,
# a value of a wrong type, a bin name that is too long.
REFUSED_EARLY = {4, 12, 21}

# The client that was recorded ends text at a NUL. This one sends it whole.
CUT_AT_NUL = {"scalar/000120", "scalar/000122"}


def expressible(operations: list[dict[str, Any]], policies: list[dict[str, Any] | None]) -> bool:
    """Whether this client has what a case needs: no filter expressions, nor operations on
    collections and expressions."""
    return all(operation["op"] in golden.OPERATORS for operation in operations) and not any(
        "filter" in (policy or {}) for policy in policies
    )


def scalar_cases() -> list[Any]:
    return [
        pytest.param(case, id=case["id"])
        for case in golden.cases("scalar")
        if expressible(case["ops"], [case.get("policy")]) and case["id"] not in CUT_AT_NUL
    ]


def record_cases() -> list[Any]:
    return [
        pytest.param(case, id=case["id"])
        for case in golden.cases("record")
        if expressible(
            [op for step in case["steps"] for op in (step.get("args") or {}).get("ops", [])],
            [step.get("policy") for step in case["steps"]],
        )
    ]


def forget(client: Any, key: Any) -> None:
    with contextlib.suppress(RecordNotFound):
        client.remove(key)


def expected_after(case: dict[str, Any]) -> Any:
    return None if case["after"] is None else golden.exactly(golden.bins(case["after"]))


def contents(client: Any, key: Any) -> tuple[int, Any]:
    """Generation and bins, or 0 and None without a record."""
    try:
        record = client.get(key)
    except RecordNotFound:
        return 0, None
    return record.meta.gen, golden.exactly(record.bins)


def outcome(call: Callable[[], Any], expected: dict[str, Any]) -> Any:
    """The result of a call, or None if it fails as expected."""
    if "error" not in expected:
        return call()
    with pytest.raises((AerospikeError, TypeError, ValueError)) as caught:
        call()
    if isinstance(caught.value, AerospikeError):
        assert caught.value.code == expected["error"]
    else:
        assert expected["error"] in REFUSED_EARLY, caught.value
    return None


def answers(client: Any, key: Any, operations: list[Any], policy: Any) -> Any:
    """The server's entries: none for a touch, for which the client makes one up."""
    result = client.operate_ordered(key, golden.operations(operations), policy=policy)
    assert len(result.ordered_bins) == len(operations)
    entries = [
        (name, golden.exactly(value))
        for operation, (name, value) in zip(operations, result.ordered_bins, strict=True)
        if operation["op"] != "touch"
    ]
    return result, entries


def entries(told: list[Any]) -> list[Any]:
    return [(name, golden.exactly(golden.value(value))) for name, value in told]


@pytest.mark.parametrize("case", scalar_cases())
def test_operations(replayer: Any, case: dict[str, Any]) -> None:
    forget(replayer, KEY)
    if case["before"] is not None:
        replayer.put(KEY, golden.bins(case["before"]))
    before, _ = contents(replayer, KEY)
    expected, policy = case["expect"], golden.policy(case.get("policy"))

    result = outcome(lambda: answers(replayer, KEY, case["ops"], policy), expected)

    after, bins = contents(replayer, KEY)
    if result is not None:
        assert result[1] == entries(expected["results"])
    if "gen_delta" in expected:
        assert after - before == expected["gen_delta"]
    if "error" in expected:
        assert after == before
    if "after" in case:
        assert bins == expected_after(case)


class Steps:
    """The calls of the `record` suite."""

    def __init__(self, client: Any, key: Any) -> None:
        self.client = client
        self.key = key

    def make(self, step: dict[str, Any]) -> Any:
        args = step.get("args") or {}
        policy = golden.policy(step.get("policy"))
        return getattr(self, step["call"])(args, policy)

    def put(self, args: Any, policy: Any) -> Any:
        return self.client.put(self.key, golden.bins(args["bins"]), policy=policy)

    def get(self, args: Any, policy: Any) -> Any:
        return self.client.get(self.key, policy=policy)

    def select(self, args: Any, policy: Any) -> Any:
        return self.client.select(self.key, args["bins"], policy=policy)

    def exists(self, args: Any, policy: Any) -> Any:
        found = self.client.exists(self.key, policy=policy)
        if found.meta is None:
            raise RecordNotFound("no record", 2)
        return found

    def remove(self, args: Any, policy: Any) -> Any:
        return self.client.remove(self.key, policy=policy)

    def touch(self, args: Any, policy: Any) -> Any:
        return self.client.touch(self.key, policy=policy)

    def remove_bin(self, args: Any, policy: Any) -> Any:
        return self.client.remove_bin(self.key, args["bins"], policy=policy)

    def append(self, args: Any, policy: Any) -> Any:
        value = golden.value(args["value"])
        return self.client.append(self.key, args["bin"], value, policy=policy)

    def prepend(self, args: Any, policy: Any) -> Any:
        value = golden.value(args["value"])
        return self.client.prepend(self.key, args["bin"], value, policy=policy)

    def increment(self, args: Any, policy: Any) -> Any:
        value = golden.value(args["value"])
        return self.client.increment(self.key, args["bin"], value, policy=policy)

    def operate(self, args: Any, policy: Any) -> Any:
        result, self.entries = answers(self.client, self.key, args["ops"], policy)
        return result

    def sleep(self, args: Any, policy: Any) -> None:
        time.sleep(args["seconds"])  # until a record has expired


@pytest.mark.parametrize("case", record_cases())
def test_whole_record_calls(replayer: Any, case: dict[str, Any]) -> None:
    key = tuple(golden.value(part) for part in case.get("key", KEY))
    forget(replayer, key)
    steps = Steps(replayer, key)
    for number, step in enumerate(case["steps"]):
        expected = step.get("expect", {})
        for _ in range(step.get("repeat", 1) - 1):
            with contextlib.suppress(AerospikeError):
                steps.make(step)
        result = outcome(partial(steps.make, step), expected)
        if "error" in expected or result is None:
            continue
        where = (number, step)
        assert result.meta.gen == expected["gen"], where
        if expected["ttl"] == "never":
            assert result.meta.ttl == NEVER, where
        else:
            assert abs(result.meta.ttl - expected["ttl"]) <= 10, where
        if "bins" in expected:
            assert golden.exactly(result.bins) == golden.exactly(golden.bins(expected["bins"])), (
                where
            )
        if "results" in expected:
            assert steps.entries == entries(expected["results"]), where
    if "after" in case:
        _, bins = contents(replayer, key)
        assert bins == expected_after(case)


def test_cases_that_wait_for_more_operations_are_few() -> None:
    """A change of what is expressible shows here."""
    assert len(scalar_cases()) == 1162
    assert len(record_cases()) == 709
