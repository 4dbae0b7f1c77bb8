"""The examples of the docstrings do what they say, and both clients have the same docstrings."""

from __future__ import annotations

import asyncio
import doctest
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest

import aerospike_py
from aerospike_py import (
    AsyncClient,
    Client,
    LazyBatchRecords,
    batch_records,
    exception,
    string_helpers,
    testing,
    types,
)

VERBS = [name for name in vars(Client) if not name.startswith("_") and callable(vars(Client)[name])]
HANDLE = [name for name in vars(LazyBatchRecords) if not name.startswith("_")]
OTHERS = [
    Client,
    AsyncClient,
    aerospike_py.client,
    aerospike_py.async_client,
    aerospike_py.calc_digest,
    aerospike_py.get_partition_id,
    aerospike_py.get_metrics,
    aerospike_py.set_metrics_enabled,
    aerospike_py.is_metrics_enabled,
    aerospike_py.start_metrics_server,
    aerospike_py.stop_metrics_server,
    aerospike_py.partition_filter_all,
    aerospike_py.partition_filter_by_id,
    aerospike_py.partition_filter_by_range,
    aerospike_py.Query,
    aerospike_py.Scan,
    aerospike_py.AsyncQuery,
    aerospike_py.AsyncScan,
    aerospike_py.expressions.KeyBlob,
    aerospike_py.expressions.KeyInt,
    aerospike_py.expressions.KeyStr,
    aerospike_py.set_deserializer,
    aerospike_py.set_serializer,
    aerospike_py.unset_serializers,
    types.ConfigProvider,
    exception.error_from_code,
    types.GeoJSON,
    types.geodata,
    types.geojson,
    string_helpers.NumericType,
    string_helpers.RegexFlags,
    string_helpers.StringPolicy,
    string_helpers.WriteFlags,
    testing.EmbeddedServer,
    testing.EmbeddedServer.clear,
    testing.EmbeddedServer.expire_sessions,
    testing.EmbeddedServer.tls_config,
    testing.EmbeddedServer.faults,
    testing.EmbeddedCluster,
]
BUILDERS = [
    getattr(module, name)
    for module in (
        aerospike_py.bit_operations,
        aerospike_py.cdt_ctx,
        aerospike_py.expression_operations,
        aerospike_py.hll_operations,
        aerospike_py.list_operations,
        aerospike_py.map_operations,
        aerospike_py.operations,
        aerospike_py.string_operations,
    )
    for name in module.__all__
]


def run_example(what: Any, name: str, names: dict[str, Any]) -> None:
    doc = inspect.getdoc(what)
    assert doc, f"{name} has no docstring"
    if "import numpy" in doc:
        pytest.importorskip("numpy")
    example = doctest.DocTestParser().get_doctest(doc, names, name, None, None)
    assert example.examples, f"the docstring of {name} has no example"
    said: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    assert not result.failed, "".join(said)


@pytest.fixture
def names(client: Client, server: Any) -> dict[str, Any]:
    modules = {"aerospike_py": aerospike_py, "asyncio": asyncio}
    return {**vars(aerospike_py), **modules, "client": client, "hosts": server.hosts}


TRANSACTIONS = ["commit", "abort", "transaction"]
PLANNED = [Client.query_explain, aerospike_py.QueryPlan]
OTHERWISE = [verb for verb in VERBS if verb.startswith("admin_")] + TRANSACTIONS
OTHERWISE.append("query_explain")


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in OTHERWISE])
def test_example_of_a_verb(verb: str, names: dict[str, Any], key: Any) -> None:
    run_example(getattr(Client, verb), verb, {**names, "key": key})


@pytest.fixture(scope="module")
def administrator() -> Iterator[Client]:
    with testing.EmbeddedServer(security=True) as server:
        config = server.config(user="admin", password="admin")
        with aerospike_py.client(config) as client:
            yield client


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.startswith("admin_")])
def test_example_of_a_verb_on_users(verb: str, administrator: Client) -> None:
    run_example(getattr(Client, verb), verb, {"client": administrator})


@pytest.mark.parametrize(
    "what",
    [aerospike_py.Transaction, *(getattr(Client, verb) for verb in TRANSACTIONS)],
    ids=lambda what: what.__name__,
)
def test_example_of_transactions(what: Any, consistent: testing.EmbeddedServer) -> None:
    consistent.clear()
    with Client(consistent.config()) as client:
        run_example(what, what.__name__, {**vars(aerospike_py), "client": client})


@pytest.fixture(scope="module")
def planner() -> Iterator[testing.EmbeddedServer]:
    with testing.EmbeddedServer(compat="8.2") as server:
        yield server


@pytest.mark.parametrize("what", PLANNED, ids=lambda what: what.__name__)
def test_example_of_a_plan(what: Any, planner: testing.EmbeddedServer) -> None:
    with Client(planner.config()) as client:
        run_example(what, what.__name__, {"client": client})


@pytest.mark.parametrize("name", [name for name in HANDLE if name != "batch_records"])
def test_example_of_a_batch(name: str, names: dict[str, Any], key: Any) -> None:
    run_example(getattr(LazyBatchRecords, name), name, {**names, "key": key})


BATCHES = [LazyBatchRecords, aerospike_py.NumpyBatchRecords]
BATCHES += (getattr(batch_records, name) for name in batch_records.__all__)


@pytest.mark.parametrize("what", BATCHES, ids=lambda what: what.__name__)
def test_example_of_a_class_of_batches(what: Any, names: dict[str, Any], key: Any) -> None:
    run_example(what, what.__name__, {**names, **vars(batch_records), "key": key})


@pytest.mark.parametrize("what", OTHERS, ids=lambda what: what.__name__)
def test_other_example(what: Any, names: dict[str, Any], key: Any) -> None:
    own = {"client": aerospike_py.client} if what is aerospike_py.client else {}
    run_example(what, what.__name__, {**names, **vars(inspect.getmodule(what)), "key": key, **own})


@pytest.mark.parametrize("what", BUILDERS, ids=lambda what: what.__name__)
def test_example_of_an_operation(what: Any, names: dict[str, Any], key: Any) -> None:
    builders = {builder.__name__: builder for builder in BUILDERS}
    own = vars(inspect.getmodule(what))
    run_example(
        what, what.__name__, {**names, **builders, **own, "exp": aerospike_py.exp, "key": key}
    )


@pytest.mark.parametrize("name", aerospike_py.predicates.__all__)
def test_example_of_a_predicate(name: str, names: dict[str, Any], key: Any) -> None:
    predicate = getattr(aerospike_py.predicates, name)
    of_its_own = (*key[:1], f"predicate {name}", *key[2:])
    run_example(predicate, name, {**names, name: predicate, "key": of_its_own})
    names["client"].truncate(*of_its_own[:2])


QUERY = [name for name in dir(aerospike_py.Query) if not name.startswith("_")]


@pytest.mark.parametrize("name", QUERY)
def test_example_of_a_query(name: str, names: dict[str, Any], key: Any) -> None:
    of_its_own = (*key[:1], f"query {name}", *key[2:])
    run_example(getattr(aerospike_py.Query, name), name, {**names, "key": of_its_own})
    names["client"].truncate(*of_its_own[:2])


@pytest.mark.parametrize("verb", VERBS)
def test_both_clients_have_the_same_verbs(verb: str) -> None:
    sync, coroutine = getattr(Client, verb), getattr(AsyncClient, verb)
    assert coroutine.__doc__ == sync.__doc__
    assert inspect.signature(coroutine) == inspect.signature(sync)


def public() -> dict[str, Any]:
    """Every function and class of the package's modules, by its dotted name."""
    modules: list[Any] = [aerospike_py]
    for entry in pkgutil.iter_modules(aerospike_py.__path__, "aerospike_py."):
        if not entry.name.startswith("aerospike_py._") and "pytest" not in entry.name:
            modules.append(importlib.import_module(entry.name))
    found: dict[str, Any] = {}
    for module in modules:
        for name in getattr(module, "__all__", vars(module)):
            value = None if name.startswith("_") else getattr(module, name)
            if inspect.isroutine(value) or inspect.isclass(value):
                found[f"{module.__name__}.{name}"] = value
    ours = ("aerospike_py", "_aerospike")
    return {name: value for name, value in found.items() if value.__module__.startswith(ours)}


PUBLIC = public()


def test_every_public_name_is_documented() -> None:
    assert len(PUBLIC) > 700
    assert [name for name, value in PUBLIC.items() if not value.__doc__] == []


def test_every_function_has_an_example() -> None:
    """Those that are another one in the official client's spelling name it, and that has one."""
    parse = doctest.DocTestParser().get_examples
    functions = {name: value for name, value in PUBLIC.items() if not isinstance(value, type)}
    lacking = []
    for name, value in functions.items():
        text = inspect.getdoc(value) or ""
        other = re.match(r"`exp\.(\w+)`", text)
        if not parse(inspect.getdoc(getattr(aerospike_py.exp, other[1])) if other else text):
            lacking.append(name)
    assert lacking == []
