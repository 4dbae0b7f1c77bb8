"""The golden suite of expressions: the bytes that are sent, and what the server makes of them."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from support import expressions, golden
from support.replay import replay, replay_get

CHUNK = 150

# The client that was recorded sends an increment in a map malformed if it has a policy, which the
# server refuses.
MALFORMED = {"exp/002099", "exp/002100", "exp/002111", "exp/002112"}
# It stores user keys of bytes as values of its own language, which are no blobs to the server.
OF_ITS_LANGUAGE = {"exp/000531", "exp/000533"}

PARAMETER_ERROR = 4


def cases() -> list[dict[str, Any]]:
    return [case for case in golden.cases("exp") if case["id"] not in MALFORMED | OF_ITS_LANGUAGE]


def cases_with_expressions() -> list[dict[str, Any]]:
    return [*cases(), *golden.cases("path")]


def packed(case: dict[str, Any]) -> Iterator[tuple[Any, bytes]]:
    """The expressions of a case, each with the bytes that were sent."""
    policy = case.get("policy", {})
    if "filter" in policy:
        yield policy["filter"], base64.b64decode(policy["filter_wire"])
    for operation in case.get("ops", []):
        args = operation.get("args", {})
        if "exp" in args:
            yield args["exp"], base64.b64decode(args["exp_wire"])


def test_expressions_are_packed_as_they_were_recorded() -> None:
    """What is refused when it is made is what the server refuses."""
    found: Counter[str] = Counter()
    different = {}
    for case in cases_with_expressions():
        for tree, wire in packed(case):
            try:
                made = bytes(expressions.build(tree))
            except (TypeError, ValueError) as error:
                found["refused"] += 1
                if case["expect"].get("error") != PARAMETER_ERROR:
                    different[case["id"]] = str(error)
                continue
            found["packed"] += 1
            if made != wire:
                different[case["id"]] = f"{made.hex()} instead of {wire.hex()}"
    assert not different
    assert found == {"packed": 3585, "refused": 117}


def chunks() -> list[Any]:
    found = cases()
    made = []
    for start in range(0, len(found), CHUNK):
        chunk = found[start : start + CHUNK]
        made.append(pytest.param(chunk, id=f"{chunk[0]['id']}-{chunk[-1]['id'][-6:]}"))
    return made


@pytest.mark.parametrize("chunk", chunks())
def test_expressions(replayer: Any, chunk: list[dict[str, Any]]) -> None:
    failed = {}
    for case in chunk:
        try:
            (replay_get if case.get("call") == "get" else replay)(replayer, case)
        except (Exception, pytest.fail.Exception) as error:
            failed[case["id"]] = f"{type(error).__name__}: {error}"
    assert not failed
