"""Whatever the other public clients show, this one has, or a table says why not."""

from __future__ import annotations

import importlib
import inspect
import re
import types
import warnings
from collections.abc import Callable
from typing import Any

import aerospike_py
from aerospike_py import Client
from support import peers

PEERS = peers.peers()
HERE = sorted({path for _, path in PEERS if not path.startswith("!")})
# Attributes that instances of classes written in Python get.
SET_BY_INIT = re.compile(r"(Query|Scan)\.(max_records|records_per_second|ttl)")


def find(path: str) -> Any:
    """What is under a dotted path in the package, imported if need be."""
    found: Any = aerospike_py
    at = "aerospike_py"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for part in filter(None, path.split(".")):
            at = f"{at}.{part}"
            try:
                found = getattr(found, part)
            except AttributeError:
                if not isinstance(found, types.ModuleType):
                    raise
                try:
                    found = importlib.import_module(at)
                except ImportError:
                    raise AttributeError(path) from None
    return found


def has(path: str) -> bool:
    try:
        find(path)
    except AttributeError:
        return False
    return True


def test_has_every_name() -> None:
    missing = {
        name: path
        for name, path in PEERS
        if not path.startswith("!") and not SET_BY_INIT.fullmatch(path) and not has(path)
    }
    assert missing == {}


def test_queries_have_their_attributes(client: Client) -> None:
    query, scan = client.query("test", "parity"), client.scan("test", "parity")
    assert (query.max_records, query.records_per_second, query.ttl, scan.ttl) == (0, 0, 0, 0)


def test_both_clients_have_every_verb() -> None:
    verbs = {path for path in HERE if path.startswith("Client.") and has(path)}
    assert {verb for verb in verbs if not has(f"Async{verb}")} == set()


def callables(client: Client) -> dict[str, Callable[..., Any]]:
    """What can be called of all that is here under another client's name, and every verb."""
    found = {
        path: find(path) for path in HERE if path and not path.startswith("Client.") and has(path)
    }
    found |= {f"Client.{verb}": getattr(client, verb) for verb in dir(client) if verb[0] != "_"}
    return {path: value for path, value in found.items() if callable(value)}


def is_stub(function: Callable[..., Any]) -> bool:
    """Whether it says of itself, whatever it is given, that it does nothing yet."""
    try:
        known = inspect.signature(function).parameters.values()
    except ValueError:  # of a class that Python itself has
        return False
    needed = [one for one in known if one.default is inspect.Parameter.empty]
    try:
        # Whoever works refuses this, or takes it and does no harm.
        result = function(*[object()] * max(len(needed), 1))
        if inspect.iscoroutine(result):
            result.send(None)
    except NotImplementedError:
        return True
    except Exception:
        return False
    return False


def test_has_no_stubs(config: Any) -> None:
    found = callables(Client(config))
    assert len(found) > 500
    assert [path for path, function in found.items() if is_stub(function)] == []


def test_a_stub_is_found_out() -> None:
    def stub(*args: Any, **keywords: Any) -> None:
        raise NotImplementedError

    assert is_stub(stub)
    assert not is_stub(aerospike_py.get_partition_id)
