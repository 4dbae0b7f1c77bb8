"""Metrics over HTTP, those of connections and event loops, and in another library's registry."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import prometheus_client
import pytest
from prometheus_client.openmetrics import parser as openmetrics

import aerospike_py
from aerospike_py.exception import AerospikeError, AerospikeTimeoutError, RecordNotFound
from aerospike_py.observe import MetricsCollector
from aerospike_py.testing import EmbeddedServer
from support import metrics, processes
from support.both import connected
from support.metrics import DURATION, Operation, fetch, serves, value

KEY = ("test", "metrics server", 1)


@pytest.fixture
def port() -> Iterator[int]:
    yield aerospike_py.start_metrics_server(0)
    aerospike_py.stop_metrics_server()


# --- the server ---------------------------------------------------------------------------------


def test_scrape_has_what_was_done(either: Any, port: int) -> None:
    before = metrics.operations(fetch(port)[2])
    for _ in range(3):
        either.put(KEY, {"a": 1})
    status, kind, text = fetch(port)
    assert (status, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
    operation = Operation("put", set="metrics server")
    assert metrics.operations(text)[operation] - before.get(operation, 0) == 3


def test_openmetrics_is_given_to_who_asks_for_it(client: Any, port: int) -> None:
    client.put(KEY, {"a": 1})
    accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
    status, kind, text = fetch(port, accept=accept)
    assert (status, kind) == (200, "application/openmetrics-text; version=1.0.0; charset=utf-8")
    families = {family.name: family for family in openmetrics.text_string_to_metric_families(text)}
    duration = families[DURATION]
    assert (duration.type, duration.unit) == ("histogram", "seconds")
    bounds = {sample.labels["le"] for sample in duration.samples if "le" in sample.labels}
    assert {"0.00002", "1.0", "10.0", "+Inf"} <= bounds
    assert families["aerospike_client_retries"].type == "counter"


def test_other_paths_and_methods(port: int) -> None:
    assert fetch(port, "/healthz") == (200, "text/plain; charset=utf-8", "ok\n")
    assert fetch(port, "/")[0] == 404
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/metrics", body="x")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    connection.close()
    connection.request("HEAD", "/metrics")
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.read() == b""
    connection.close()


def test_server_moves_and_ends() -> None:
    first = aerospike_py.start_metrics_server(0)
    assert aerospike_py.start_metrics_server(first) == first
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        second = free.getsockname()[1]
    assert aerospike_py.start_metrics_server(second) == second
    assert not serves(first)
    assert serves(second)
    # Connections that are kept open do not keep the server.
    connection = HTTPConnection("127.0.0.1", second, timeout=30)
    connection.request("GET", "/healthz")
    assert connection.getresponse().read() == b"ok\n"
    aerospike_py.stop_metrics_server()
    aerospike_py.stop_metrics_server()
    assert not serves(second)
    connection.close()
    assert aerospike_py.start_metrics_server(second, "localhost") == second
    aerospike_py.stop_metrics_server()


def test_port_that_is_taken_or_none() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"metrics can't be served at 127.0.0.1:{port}") as raised:
            aerospike_py.start_metrics_server(port)
        assert raised.value.errno == errno.EADDRINUSE
    with pytest.raises(ValueError, match="port must be from 0 to 65535, not 65536"):
        aerospike_py.start_metrics_server(65536)
    with pytest.raises(TypeError, match="host must be str, not int"):
        aerospike_py.start_metrics_server(0, 127)  # type: ignore[arg-type]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_forked_child_counts_and_serves_its_own(server: Any) -> None:
    text = """
import os, sys, warnings
import aerospike_py
from support.metrics import Operation, fetch, operations, serves, value

warnings.simplefilter("ignore", DeprecationWarning)
get = Operation("get", set="metrics server", error="KeyNotFoundError")

def miss(client, times):
    for _ in range(times):
        try:
            client.get(("test", "metrics server", "missing"))
        except aerospike_py.RecordNotFound:
            pass

with aerospike_py.client({"hosts": [(sys.argv[1], int(sys.argv[2]))]}) as client:
    miss(client, 3)
    port = aerospike_py.start_metrics_server(0)
    to_child, from_parent = os.pipe()
    pid = os.fork()
    if pid == 0:
        assert operations(aerospike_py.get_metrics()) == {}
        miss(client, 2)
        counts = operations(aerospike_py.get_metrics())
        assert counts == {get: 2}, counts
        assert value("aerospike_client_clients_connected") == 1
        own = aerospike_py.start_metrics_server(0)
        assert own != port
        assert operations(fetch(own)[2])[get] == 2
        aerospike_py.stop_metrics_server()
        assert not serves(own)
        # The parent's goes on, and its port is free when the parent ends it.
        assert operations(fetch(port)[2])[get] == 3
        os.write(from_parent, b"x")
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    assert status == 0, status
    child = os.fork()
    if child == 0:
        os.read(to_child, 2)
        os._exit(0)
    aerospike_py.stop_metrics_server()
    assert not serves(port)
    assert aerospike_py.start_metrics_server(port) == port
    os.write(from_parent, b"xx")
    os.waitpid(child, 0)
"""
    assert processes.output(text, *server.hosts[0]) == ""


# --- connections and event loops ----------------------------------------------------------------


def pool_of(server: Any) -> dict[str, str]:
    host, port = server.hosts[0]
    return {"db_client_connection_pool_name": f"{host}:{port}"}


def test_connections_of_a_client(server: Any, config: Any, kind: str) -> None:
    pool = pool_of(server)
    opened = value("aerospike_client_connections_opened_total", **pool)
    clients = value("aerospike_client_clients_connected")
    limit = value("db_client_connection_max", **pool)
    own: dict[str, Any] = {**config, "max_conns_per_node": 7}
    with connected(kind, own) as client:
        client.put(KEY, {"a": 1})
        assert value("aerospike_client_clients_connected") == clients + 1
        assert value("aerospike_client_nodes") >= 1
        assert value("db_client_connection_max", **pool) == limit + 7
        more = value("aerospike_client_connections_opened_total", **pool)
        assert more > opened
        idle = value("db_client_connection_count", db_client_connection_state="idle", **pool)
        assert idle >= 1
        assert value("aerospike_client_tends_total", result="ok", **pool) >= 1
    assert value("aerospike_client_clients_connected") == clients
    # What was counted is not forgotten with the client.
    assert value("aerospike_client_connections_opened_total", **pool) >= more


def test_retries_and_timeouts(kind: str) -> None:
    retries, timeouts = "aerospike_client_retries_total", "aerospike_client_timeouts_total"
    with EmbeddedServer() as server, connected(kind, {"hosts": server.hosts}) as client:
        pool = pool_of(server)
        before = value(retries), value(timeouts)
        with server.faults(reset=1.0), pytest.raises(AerospikeError):
            client.get(KEY, {"max_retries": 2, "total_timeout": 20_000})
        assert value(retries) == before[0] + 2
        assert value("aerospike_client_connections_closed_total", reason="error", **pool) >= 2
        with server.faults(latency=500), pytest.raises(AerospikeTimeoutError):
            client.get(KEY, {"total_timeout": 50, "max_retries": 0})
        assert value(timeouts) == before[1] + 1
        client.enable_metrics()
        with server.faults(reset=1.0, times=1), pytest.raises(RecordNotFound):
            client.get(KEY, {"total_timeout": 20_000})
        assert value("aerospike_client_node_retries_total", **pool) == 1
        assert client.get_stats().retry_count == 1


def test_connections_that_cannot_be_opened(kind: str) -> None:
    with EmbeddedServer() as server, connected(kind, {"hosts": server.hosts}) as client:
        pool = pool_of(server)
        server.stop()
        with pytest.raises(AerospikeError):
            client.get(KEY, {"max_retries": 1, "total_timeout": 1000})
        assert value("aerospike_client_connection_failures_total", reason="other", **pool) >= 1


def test_event_loop_takes_results(config: Any) -> None:
    drains = "aerospike_client_async_drain_seconds_count"
    before = value(drains)

    async def puts() -> None:
        async with aerospike_py.AsyncClient(config) as client:
            await asyncio.gather(*(client.put(KEY, {"a": 1}) for _ in range(50)))

    asyncio.run(puts())
    assert value("aerospike_client_async_queue_length") == 0
    assert value(drains) > before


def test_results_that_nobody_takes_are_seen_to_wait(config: Any) -> None:
    async def wait() -> None:
        async with aerospike_py.AsyncClient(config) as client:
            tasks = [asyncio.create_task(client.put(KEY, {"a": 1})) for _ in range(5)]
            await asyncio.sleep(0)
            # The loop is kept busy until all five have arrived.
            for _ in range(100_000):
                if value("aerospike_client_async_queue_length") == 5:
                    break
            else:
                raise AssertionError("five results never waited")
            await asyncio.gather(*tasks)

    asyncio.run(wait())
    assert value("aerospike_client_async_queue_length") == 0


# --- bounds, and another library's registry -------------------------------------------------------


def test_label_sets_have_an_end(server: Any) -> None:
    """A set for each of so many operations: the first thousand have their own labels."""
    text = """
import sys
import aerospike_py
from support.metrics import Operation, operations

def told():
    return operations(aerospike_py.get_metrics())

with aerospike_py.client({"hosts": [(sys.argv[1], int(sys.argv[2]))]}) as client:
    for number in range(1100):
        client.exists(("test", f"set {number}", "key"))
    counts = told()
    assert len(counts) == 1001, len(counts)
    assert counts[Operation("exists", "test", "set 5")] == 1
    assert counts[Operation("exists", "__overflow__", "__overflow__")] == 1100 - 999
    assert sum(counts.values()) == 1101
    # Labels that are known go on.
    client.exists(("test", "set 5", "key"))
    assert told()[Operation("exists", "test", "set 5")] == 2
"""
    assert processes.output(text, *server.hosts[0]) == ""


def test_names_of_sets_are_escaped(client: Any) -> None:
    name = 'a "set" \\ of\nlines'
    client.exists(("test", name, "key"))
    assert metrics.operations(aerospike_py.get_metrics())[Operation("exists", set=name)] >= 1


def test_registry_of_the_application_has_the_same(client: Any) -> None:
    client.put(KEY, {"a": 1})
    registry = prometheus_client.CollectorRegistry()
    collector = MetricsCollector()
    registry.register(collector)
    with pytest.raises(ValueError, match="Duplicated timeseries"):
        registry.register(MetricsCollector())
    theirs = metrics.samples(prometheus_client.generate_latest(registry).decode())
    ours = metrics.samples(aerospike_py.get_metrics())
    assert {name for name, _ in theirs} == {name for name, _ in ours}
    put = f"{DURATION}_count", frozenset(labels(Operation("put", set="metrics server")).items())
    assert theirs[put] == ours[put]
    registry.unregister(collector)


def labels(operation: Operation) -> dict[str, str]:
    return {
        "db_system_name": "aerospike",
        "db_namespace": operation.namespace,
        "db_collection_name": operation.set,
        "db_operation_name": operation.name,
        "error_type": operation.error,
    }
