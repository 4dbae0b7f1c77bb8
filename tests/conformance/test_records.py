"""The golden suite of whole-record calls, through the client."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import pytest

from aerospike_py.exception import RecordNotFound
from aerospike_py.operations import touch
from support import golden
from support.replay import answers, contents, entries, expected_after, fresh_key, outcome

NEVER = 0xFFFFFFFF


def record_cases() -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in golden.cases("record")]


class Steps:
    """The calls of the `record` suite."""

    def __init__(self, client: Any, key: Any) -> None:
        self.client = client
        self.key = key

    def make(self, step: dict[str, Any]) -> Any:
        args = step.get("args") or {}
        policy = golden.policy(step.get("policy"))
        return getattr(self, step["call"])(args, policy)

    def make_ready(self, step: dict[str, Any]) -> None:
        """What comes before the last of repeated calls: touches by the thousand."""
        left = step.get("repeat", 1) - 1
        while left > 0:
            assert (step["call"], step.keys()) == ("touch", {"call", "repeat", "expect"})
            touches = self.client.batch_operate([self.key] * min(left, 5000), [touch()])
            assert {record.result for record in touches.batch_records} == {0}
            left -= len(touches.batch_records)

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
    key = fresh_key(replayer, case)
    steps = Steps(replayer, key)
    for number, step in enumerate(case["steps"]):
        expected = step.get("expect", {})
        steps.make_ready(step)
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
