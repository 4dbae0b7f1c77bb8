"""Spans over gRPC, and as parts of the traces of a web application."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import aerospike_py
from support.both import connected
from support.otlp import Collector

grpc = pytest.importorskip("grpc")


def test_spans_over_grpc(config: Any, kind: str) -> None:
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

    collector = Collector()

    class Servicer(trace_service_pb2_grpc.TraceServiceServicer):  # type: ignore[misc]
        def Export(self, request: Any, context: Any) -> Any:
            collector.receive("", dict(context.invocation_metadata()), request)
            return trace_service_pb2.ExportTraceServiceResponse()

    server = grpc.server(ThreadPoolExecutor(2))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(Servicer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with connected(kind, config) as client:
            aerospike_py.init_tracing(
                endpoint=f"http://127.0.0.1:{port}",
                protocol="grpc",
                headers={"x-token": "abc"},
                service_name="shop",
            )
            for _ in range(1000):
                client.exists(("test", "spans", "x"))
            aerospike_py.shutdown_tracing()
    finally:
        server.stop(None).wait()
    assert {span.name for span in collector.spans} == {"exists test.spans"}
    assert len(collector.spans) == 1000
    assert collector.spans[0].resource["service.name"] == "shop"
    assert collector.headers["x-token"] == "abc"
