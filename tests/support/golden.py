"""Golden cases: what a real server answered, and how to ask the same through the client."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aerospike_py as aero
from aerospike_py.types import (
    CDTInfinite,
    CDTWildcard,
    GeoJSON,
    HyperLogLog,
    KeyOrderedDict,
)
from support import expressions

DATA = Path(__file__).parent.parent / "conformance/data"

EXISTS = {
    "ignore": aero.POLICY_EXISTS_IGNORE,
    "create": aero.POLICY_EXISTS_CREATE_ONLY,
    "update": aero.POLICY_EXISTS_UPDATE_ONLY,
    "replace": aero.POLICY_EXISTS_REPLACE_ONLY,
    "create_or_replace": aero.POLICY_EXISTS_REPLACE,
}
GENERATION = {
    "ignore": aero.POLICY_GEN_IGNORE,
    "eq": aero.POLICY_GEN_EQ,
    "gt": aero.POLICY_GEN_GT,
}
TTL = {
    "default": aero.TTL_NAMESPACE_DEFAULT,
    "never": aero.TTL_NEVER_EXPIRE,
    "dont_update": aero.TTL_DONT_UPDATE,
}


def cases(suite: str) -> Iterator[dict[str, Any]]:
    with (DATA / f"{suite}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def value(told: Any) -> Any:
    """A value of the corpus, as the client takes it."""
    if isinstance(told, list):
        return [value(item) for item in told]
    if not isinstance(told, dict):
        return told
    if not any(name.startswith("$") for name in told):
        return {name: value(item) for name, item in told.items()}
    if "$bytes" in told:
        return base64.b64decode(told["$bytes"])
    if "$bytes_fill" in told:
        byte, count = told["$bytes_fill"]
        return bytes([byte]) * count
    if "$float" in told:
        return float(told["$float"])
    if "$geo" in told:
        return GeoJSON(told["$geo"])
    if "$hll" in told:
        return HyperLogLog(base64.b64decode(told["$hll"]))
    if "$list" in told:
        return [value(item) for item in told["$list"]]
    if "$wildcard" in told:
        return CDTWildcard()
    if "$infinity" in told:
        return CDTInfinite()
    if told.get("$order") == "preserve":
        return [(value(key), value(item)) for key, item in told["$map"]]
    ordered = KeyOrderedDict if "$order" in told else dict
    return ordered((value(key), value(item)) for key, item in told["$map"])


def exactly(shown: Any) -> Any:
    """What the client shows, so that unequal types are unequal and unordered maps sets of pairs."""
    if isinstance(shown, dict):
        return ("map", frozenset((exactly(key), exactly(item)) for key, item in shown.items()))
    if isinstance(shown, (list, tuple)):
        return ("list", tuple(exactly(item) for item in shown))
    if isinstance(shown, float):
        return ("float", "nan" if math.isnan(shown) else (shown, math.copysign(1, shown)))
    if isinstance(shown, GeoJSON):
        return ("geo", shown.dumps())
    if isinstance(shown, bytes):
        return (type(shown).__name__, bytes(shown))
    return (type(shown).__name__, shown)


def bins(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value(item) for name, item in told.items()}


def policy(told: dict[str, Any] | None) -> dict[str, Any] | None:
    if not told:
        return None
    made: dict[str, Any] = {}
    for name, item in told.items():
        if name == "gen":
            made["gen"] = GENERATION[item]
        elif name == "exists":
            made["exists"] = EXISTS[item]
        elif name == "ttl":
            made["ttl"] = TTL.get(item, item)
        elif name == "send_key":
            made["key"] = aero.POLICY_KEY_SEND if item else aero.POLICY_KEY_DIGEST
        elif name == "filter":
            made["filter_expression"] = expressions.build(item)
        elif name != "filter_wire":
            made[name] = item
    return made
