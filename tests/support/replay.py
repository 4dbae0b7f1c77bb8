"""Replaying golden cases through a client."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py.exception import AerospikeError, RecordNotFound
from support import golden
from support.golden_operations import operations

# What the client refuses before it is sent, where the server refuses it, too: a malformed request,
# a value of a wrong type, a bin name that is too long.
REFUSED_EARLY = {4, 12, 21}


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


def answers(client: Any, key: Any, told: list[Any], policy: Any) -> Any:
    """The server's entries: none for a touch, for which the client makes one up."""
    result = client.operate_ordered(key, operations(told), policy=policy)
    assert len(result.ordered_bins) == len(told)
    entries = [
        (name, golden.exactly(value))
        for operation, (name, value) in zip(told, result.ordered_bins, strict=True)
        if operation["op"] != "touch"
    ]
    return result, entries


def entries(told: list[Any]) -> list[Any]:
    return [(name, golden.exactly(golden.value(value))) for name, value in told]


def fresh_key(client: Any, case: dict[str, Any]) -> Any:
    """The key of a case, of which there is no record yet: its own, unless it says which."""
    if "key" not in case:
        return ("test", "golden", secrets.token_hex(8))
    key = tuple(golden.value(part) for part in case["key"])
    with contextlib.suppress(RecordNotFound):
        client.remove(key)
    return key


def prepare(client: Any, case: dict[str, Any]) -> tuple[Any, int]:
    """Make the record that a case begins with; its key, and its generation, 0 without one."""
    key, writes = fresh_key(client, case), 0
    kept = golden.policy({"send_key": case["send_key"]} if "send_key" in case else None)
    if case["before"] is not None:
        lasting = golden.policy({"ttl": case["ttl"]} if "ttl" in case else None)
        client.put(key, golden.bins(case["before"]), lasting, kept)
        writes = 1
    if "setup" in case:
        client.operate(key, operations(case["setup"]), {"ttl": aero.TTL_DONT_UPDATE}, kept)
        writes += 1
    return key, writes


def replay(client: Any, case: dict[str, Any]) -> None:
    """Replay a case of an operate suite."""
    key, before = prepare(client, case)
    expected, policy = case["expect"], case.get("policy")

    result = outcome(lambda: answers(client, key, case["ops"], golden.policy(policy)), expected)

    after, bins = contents(client, key)
    if result is not None:
        assert result[1] == entries(expected["results"])
    if "gen_delta" in expected:
        assert after - before == expected["gen_delta"]
    if "error" in expected:
        assert after == before
    if "after" in case:
        assert bins == expected_after(case)


def replay_get(client: Any, case: dict[str, Any]) -> None:
    """Replay a case that reads a record, or doesn't since a filter leaves it out."""
    key, _ = prepare(client, case)
    expected, policy = case["expect"], case["policy"]
    record = outcome(lambda: client.get(key, golden.policy(policy)), expected)
    if record is not None:
        assert golden.exactly(record.bins) == golden.exactly(golden.bins(case["before"]))


def replay_refused(client: Any, case: dict[str, Any]) -> None:
    """Replay a case that the client does not send."""
    key, before = prepare(client, case)
    with pytest.raises((TypeError, ValueError)):
        client.operate_ordered(key, operations(case["ops"]), policy=case.get("policy"))
    assert contents(client, key)[0] == before
