"""The golden suites of operations, through the client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from support import golden
from support.replay import replay, replay_refused

SUITES = ["scalar", "list", "map", "bit", "hll", "path"]
CHUNK = 150

# The client that was recorded ends text at a NUL. This one sends it whole.
CUT_AT_NUL = {"scalar/000120", "scalar/000122"}

# Return types of lists; maps have those of single keys and of maps besides.
LIST_RETURNS = {
    "none",
    "index",
    "reverse_index",
    "rank",
    "reverse_rank",
    "count",
    "value",
    "exists",
}
MAP_RETURNS = LIST_RETURNS | {"key", "key_value", "unordered_map", "ordered_map"}


def returns_what_has_no_name(operation: dict[str, Any]) -> bool:
    known = LIST_RETURNS if operation["op"].startswith("list") else MAP_RETURNS
    return operation.get("args", {}).get("return_type", "none") not in known


def stores_a_marker(operation: dict[str, Any]) -> bool:
    told = str(operation.get("args", {}))
    return operation["op"] in STORING and ("$wildcard" in told or "$infinity" in told)


STORING = {"list_append", "list_insert", "list_set", "list_append_items", "list_insert_items"}

# What the client refuses, though the server would take it, or fail with another code.
REFUSED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "a return type without a name, or of maps from a list": returns_what_has_no_name,
    "CDTWildcard() or CDTInfinite() can't be stored": stores_a_marker,
    "aerospike-core appends and inserts at least one item": lambda operation: (
        operation["op"] in ("list_append_items", "list_insert_items")
        and operation["args"]["values"] == []
    ),
    "aerospike-core sets no item to nil": lambda operation: (
        operation["op"] == "list_set" and operation["args"]["value"] is None
    ),
    "aerospike-core adds integers to items of lists": lambda operation: (
        operation["op"] == "list_increment" and not isinstance(operation["args"]["value"], int)
    ),
    "aerospike-core sends a policy with increments by one only": lambda operation: (
        operation["op"] == "list_increment"
        and operation["args"]["value"] != 1
        and {"flags": [], "order": "unordered"} | operation.get("policy", {})
        != {"flags": [], "order": "unordered"}
    ),
}


def refusal(case: dict[str, Any]) -> str | None:
    for reason, applies in REFUSED.items():
        if any(applies(operation) for operation in case["ops"]):
            return reason
    return None


def cases(suite: str) -> list[dict[str, Any]]:
    return [case for case in golden.cases(suite) if case["id"] not in CUT_AT_NUL]


def chunks() -> list[Any]:
    """Cases by the hundred: a test for each would cost more than what it tests."""
    made = []
    for suite in SUITES:
        found = cases(suite)
        for start in range(0, len(found), CHUNK):
            chunk = found[start : start + CHUNK]
            made.append(pytest.param(chunk, id=f"{chunk[0]['id']}-{chunk[-1]['id'][-6:]}"))
    return made


@pytest.mark.parametrize("chunk", chunks())
def test_operations(replayer: Any, chunk: list[dict[str, Any]]) -> None:
    failed = {}
    for case in chunk:
        try:
            (replay_refused if refusal(case) else replay)(replayer, case)
        except (Exception, pytest.fail.Exception) as error:
            failed[case["id"]] = f"{type(error).__name__}: {error}"
    assert not failed


def test_cases_that_are_refused_are_few() -> None:
    """A change of what the client refuses shows here."""
    refused = Counter(refusal(case) for suite in SUITES for case in cases(suite))
    assert refused == {
        None: 14771,
        "a return type without a name, or of maps from a list": 103,
        "CDTWildcard() or CDTInfinite() can't be stored": 12,
        "aerospike-core appends and inserts at least one item": 102,
        "aerospike-core sets no item to nil": 12,
        "aerospike-core adds integers to items of lists": 61,
        "aerospike-core sends a policy with increments by one only": 71,
    }
