"""Spans of operations: what they tell, what they belong to, and where they go."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import aerospike_py
from aerospike_py import list_operations
from aerospike_py.exception import AerospikeError, RecordNotFound
from aerospike_py.testing import EmbeddedServer
from support import processes
from support.both import connected
from support.otlp import PROGRAM, collecting, tracing
from support.records import gathered

CLIENT = 3
KEY = ("test", "spans", "of a test")
MISSING = ("test", "spans", "of no record")


def described(span: Any) -> dict[str, Any]:
    """The attributes that are the operation's own."""
    common = {"db.system.name", "server.address", "server.port"}
    return {name: told for name, told in span.attributes.items() if name not in common}


def test_what_spans_tell(server: Any, config: Any, kind: str) -> None:
    before = time.time_ns()
    with tracing() as collector, connected(kind, config) as client:
        client.put(KEY, {"a": 1})
        client.get(KEY)
        with pytest.raises(RecordNotFound):
            client.get(MISSING)
        client.batch_read([KEY, MISSING, ("test", "other", "set")])
        client.batch_read([KEY])
        client.query("test", "spans").results()
        client.info_all("build")
        client.remove(KEY)
    told = [(span.name, described(span), span.failed) for span in collector.spans]
    place = {"db.namespace": "test", "db.collection.name": "spans"}
    host, port = server.hosts[0]
    assert [one for one in told if one[0].split()[0] not in ("connect", "close")] == [
        ("put spans", {"db.operation.name": "put", **place}, False),
        ("get spans", {"db.operation.name": "get", **place}, False),
        (
            "get spans",
            {
                "db.operation.name": "get",
                **place,
                "error.type": "KeyNotFoundError",
                "db.response.status_code": "2",
            },
            True,
        ),
        (
            "batch_read test",
            {
                "db.operation.name": "batch_read",
                "db.namespace": "test",
                "db.operation.batch.size": 3,
            },
            False,
        ),
        ("batch_read spans", {"db.operation.name": "batch_read", **place}, False),
        ("query spans", {"db.operation.name": "query", **place}, False),
        (f"info_all {host}:{port}", {"db.operation.name": "info_all"}, False),
        ("delete spans", {"db.operation.name": "delete", **place}, False),
    ]
    for span in collector.spans:
        assert (span.kind, span.parent, span.scope) == (CLIENT, "", "aerospike_py")
        assert before <= span.start <= span.end <= time.time_ns()
        assert span.attributes["db.system.name"] == "aerospike"
    for span in (*collector.named("get spans"), *collector.named("batch_read test")):
        assert (span.attributes["server.address"], span.attributes["server.port"]) == (host, port)
    assert len({span.trace for span in collector.spans}) == len(collector.spans)
    assert collector.paths == {"/v1/traces"}


def test_every_operation_has_a_span(config: Any, kind: str) -> None:
    with tracing() as collector, connected(kind, config) as client:
        client.put(KEY, {"a": 1, "l": [1]})
        client.select(KEY, ["a"])
        client.exists(KEY)
        client.touch(KEY)
        client.append(KEY, "s", "x")
        client.prepend(KEY, "s", "y")
        client.increment(KEY, "a", 2)
        client.operate(KEY, [list_operations.list_append("l", 2)])
        client.operate_ordered(KEY, [list_operations.list_size("l")])
        client.remove_bin(KEY, ["s"])
        client.batch_write([(KEY, {"a": 3})])
        client.batch_operate([KEY], [list_operations.list_size("l")])
        client.batch_remove([KEY])
        client.scan("test", "spans").results()
        client.info_random_node("build")
        client.ping()
        client.udf_list()
        client.truncate("test", "spans", 0)
    names = [span.attributes["db.operation.name"] for span in collector.spans]
    assert [name for name in names if name not in ("connect", "close")] == [
        "put",
        "select",
        "exists",
        "touch",
        "append",
        "prepend",
        "increment",
        "operate",
        "operate_ordered",
        "remove_bin",
        "batch_write",
        "batch_operate",
        "batch_remove",
        "scan",
        "info_random_node",
        "ping",
        "udf_list",
        "truncate",
    ]


def test_values_are_not_told(config: Any, kind: str) -> None:
    secret = "a secret value"
    with tracing() as collector, connected(kind, config) as client:
        client.put(KEY, {"text": secret})
        client.get(KEY)
        with pytest.raises(AerospikeError):
            client.increment(KEY, "text", 1)
        client.remove(KEY)
    assert len(collector.spans) >= 4
    assert secret not in repr(collector.spans)


# --- the span of the caller -------------------------------------------------------------------


@pytest.fixture
def tracer() -> Any:
    return TracerProvider().get_tracer("test")


class Foreign(trace.NonRecordingSpan):
    """A span that is not as those of OpenTelemetry's own packages."""

    def get_span_context(self) -> trace.SpanContext:
        return trace.SpanContext(3, 4, False, trace.TraceFlags(1))


def test_spans_belong_to_the_callers(config: Any, kind: str, tracer: Any) -> None:
    state = trace.TraceState([("vendor", "told")])
    far = trace.SpanContext(2**127 + 5, 2**63 + 7, True, trace.TraceFlags(1), state)
    with tracing() as collector, connected(kind, config) as client:
        with tracer.start_as_current_span("ours") as ours:
            client.exists(KEY)
        with trace.use_span(trace.NonRecordingSpan(far)):
            client.exists(KEY)
        with trace.use_span(Foreign(far)):
            client.exists(KEY)
        client.exists(KEY)
    ours_too, theirs, foreign, nobodys = collector.named("exists spans")
    told = ours.get_span_context()
    assert ours_too.trace == f"{told.trace_id:032x}"
    assert ours_too.parent == f"{told.span_id:016x}"
    assert (theirs.trace, theirs.parent) == (f"{far.trace_id:032x}", f"{far.span_id:016x}")
    assert (foreign.trace, foreign.parent) == (f"{3:032x}", f"{4:016x}")
    assert (ours_too.state, theirs.state, foreign.state) == ("", "vendor=told", "")
    assert nobodys.parent == ""
    assert nobodys.trace not in (ours_too.trace, theirs.trace)


def test_threads_have_spans_of_their_own(client: Any, tracer: Any) -> None:
    parents = {}

    def work(number: int) -> None:
        with tracer.start_as_current_span("thread") as span:
            parents[f"t{number}"] = f"{span.get_span_context().span_id:016x}"
            for _ in range(20):
                client.exists(("test", f"t{number}", "x"))

    with tracing() as collector:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    found = [(span.attributes["db.collection.name"], span.parent) for span in collector.spans]
    assert sorted(found) == sorted(pair for pair in parents.items() for _ in range(20))


def test_tasks_have_spans_of_their_own(async_client: Any, tracer: Any, run: Any) -> None:
    parents = {}

    async def work(client: Any, number: int) -> None:
        with tracer.start_as_current_span("task") as span:
            parents[f"t{number}"] = f"{span.get_span_context().span_id:016x}"
            for _ in range(5):
                await client.exists(("test", f"t{number}", "x"))

    async def main() -> None:
        async with async_client() as client:
            with tracing() as collector:
                await asyncio.gather(*(work(client, number) for number in range(20)))
            found = [(s.attributes["db.collection.name"], s.parent) for s in collector.spans]
            assert sorted(found) == sorted(pair for pair in parents.items() for _ in range(5))

    run(main())


# --- sampling ---------------------------------------------------------------------------------

UNSAMPLED = trace.NonRecordingSpan(trace.SpanContext(5, 7, False, trace.TraceFlags(0)))
SAMPLED = trace.NonRecordingSpan(trace.SpanContext(5, 7, False, trace.TraceFlags(1)))


@pytest.mark.parametrize(
    ("sampler", "ratio", "alone", "under_unsampled", "under_sampled"),
    [
        (None, None, 1, 0, 1),
        ("always_on", None, 1, 1, 1),
        ("always_off", None, 0, 0, 0),
        ("parentbased_always_off", None, 0, 0, 1),
        ("traceidratio", 1.0, 1, 1, 1),
        ("traceidratio", 0, 0, 0, 0),
        ("parentbased_traceidratio", 0.0, 0, 0, 1),
        ("parentbased_traceidratio", 1, 1, 0, 1),
    ],
)
def test_samplers(
    client: Any,
    sampler: Any,
    ratio: Any,
    alone: int,
    under_unsampled: int,
    under_sampled: int,
) -> None:
    with tracing(sampler=sampler, sampler_arg=ratio) as collector:
        client.exists(("test", "alone", 1))
        with trace.use_span(UNSAMPLED):
            client.exists(("test", "unsampled", 1))
        with trace.use_span(SAMPLED):
            client.exists(("test", "sampled", 1))
    counts = [len(collector.named(f"exists {s}")) for s in ("alone", "unsampled", "sampled")]
    assert counts == [alone, under_unsampled, under_sampled]


def test_a_share_of_the_traces(client: Any) -> None:
    with tracing(sampler="traceidratio", sampler_arg=0.2) as collector:
        for _ in range(1000):
            client.exists(KEY)
    # Six standard deviations about the mean.
    assert 124 <= len(collector.spans) <= 276


# --- tries that failed ------------------------------------------------------------------------


def test_retries_are_events(kind: str) -> None:
    with (
        EmbeddedServer() as server,
        connected(kind, server.config()) as client,
        tracing() as collector,
    ):
        with server.faults(reset=1.0, times=2):
            client.exists(KEY, {"max_retries": 5, "total_timeout": 20_000})
        with server.faults(reset=1.0), pytest.raises(AerospikeError):
            client.exists(KEY, {"max_retries": 1, "total_timeout": 20_000})
    succeeded, failed = collector.named("exists spans")
    assert [name for name, _ in succeeded.events] == ["aerospike.retry"] * 2
    assert all(told["aerospike.retry.reason"] for _, told in succeeded.events)
    assert not succeeded.failed
    assert [name for name, _ in failed.events] == ["aerospike.retry"]
    assert failed.failed
    assert "db.response.status_code" not in failed.attributes


@pytest.mark.parametrize(("code", "name"), [(14, "KeyBusy"), (18, "DeviceOverload")])
def test_refused_tries_of_what_failed_are_events(kind: str, code: int, name: str) -> None:
    with (
        EmbeddedServer() as server,
        connected(kind, server.config()) as client,
        tracing() as collector,
        server.faults(refused=1, code=code),
        pytest.raises(AerospikeError),
    ):
        client.exists(KEY, {"max_retries": 2, "total_timeout": 20_000})
    (failed,) = collector.named("exists spans")
    told = ("aerospike.retry", {"aerospike.retry.reason": name})
    assert failed.events == [told] * 2
    assert failed.attributes["db.response.status_code"] == str(code)


# --- the application's own pipeline -----------------------------------------------------------


def test_spans_in_the_applications_pipeline(server: Any, config: Any, kind: str) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    before = time.time_ns()
    with connected(kind, config) as client:
        aerospike_py.init_tracing(tracer_provider=provider)
        try:
            with provider.get_tracer("test").start_as_current_span("ours") as ours:
                client.put(KEY, {"a": 1})
                with pytest.raises(RecordNotFound):
                    client.get(MISSING)
            with trace.use_span(UNSAMPLED):
                client.exists(KEY)
        finally:
            aerospike_py.shutdown_tracing()
        client.remove(KEY)
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert list(spans) == ["put spans", "get spans", "ours"]
    put, get = spans["put spans"], spans["get spans"]
    for span in (put, get):
        assert span.kind is trace.SpanKind.CLIENT
        assert span.parent is not None
        assert span.parent.span_id == ours.get_span_context().span_id
        assert span.context is not None
        assert span.context.trace_id == ours.get_span_context().trace_id
        assert span.start_time is not None
        assert span.end_time is not None
        assert before <= span.start_time <= span.end_time <= time.time_ns()
    host, port = server.hosts[0]
    assert put.status.status_code is trace.StatusCode.UNSET
    assert put.attributes == {
        "db.system.name": "aerospike",
        "db.operation.name": "put",
        "db.namespace": "test",
        "db.collection.name": "spans",
        "server.address": host,
        "server.port": port,
    }
    assert get.status.status_code is trace.StatusCode.ERROR
    assert get.attributes is not None
    assert get.attributes["error.type"] == "KeyNotFoundError"


# --- ends -------------------------------------------------------------------------------------


def test_no_spans_before_and_after(client: Any) -> None:
    aerospike_py.shutdown_tracing()
    client.exists(("test", "before", 1))
    with tracing() as first:
        client.exists(("test", "first", 1))
        with tracing() as second:
            client.exists(("test", "second", 1))
        client.exists(("test", "after", 1))
    assert [span.name for span in first.spans] == ["exists first"]
    assert [span.name for span in second.spans] == ["exists second"]


@pytest.mark.parametrize("protocol", ["grpc", "http/protobuf"])
def test_a_collector_that_is_not_there(client: Any, protocol: str) -> None:
    """Operations go on; that their spans are lost is logged."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with gathered(aerospike_py.LOG_LEVEL_WARN) as log:
            aerospike_py.init_tracing(endpoint=endpoint, protocol=protocol, timeout=1)
            client.exists(KEY)
            aerospike_py.shutdown_tracing()
            aerospike_py.flush_logs()
    assert "spans" in "".join(log.told_by("aerospike_py.tracing"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_forked_children_send_spans_of_their_own(server: Any) -> None:
    forking = """
import warnings
warnings.simplefilter("ignore", DeprecationWarning)
for number in range(3):
    client.exists(("test", "spans", number))
    pid = os.fork()
    if pid == 0:
        client.exists(("test", f"child{number}", 1))
        sys.exit(0)
    assert os.waitpid(pid, 0)[1] == 0
client.exists(("test", "spans", "last"))
"""
    with collecting() as collector:
        processes.output(
            PROGRAM + forking,
            *server.hosts[0],
            OTEL_EXPORTER_OTLP_ENDPOINT=collector.endpoint,
            OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf",
        )
    names = sorted(span.name for span in collector.spans)
    assert names == sorted([f"exists child{number}" for number in range(3)] + ["exists spans"] * 5)
    assert len({(span.trace, span.span) for span in collector.spans}) == len(names)
    assert len({span.trace for span in collector.spans}) == len(names)
