"""Spans over gRPC, and as parts of the traces of a web application."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import aerospike_py
from aerospike_py.testing import EmbeddedServer
from support.both import connected
from support.otlp import Collector

grpc = pytest.importorskip("grpc")


@contextmanager
def receiving(credentials: Any = None) -> Iterator[Collector]:
    """A collector that speaks gRPC."""
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

    collector = Collector()

    class Servicer(trace_service_pb2_grpc.TraceServiceServicer):  # type: ignore[misc]
        def Export(self, request: Any, context: Any) -> Any:
            collector.receive("", dict(context.invocation_metadata()), request)
            return trace_service_pb2.ExportTraceServiceResponse()

    server = grpc.server(ThreadPoolExecutor(2))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(Servicer(), server)
    if credentials is None:
        collector.endpoint = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    else:
        port = server.add_secure_port("127.0.0.1:0", credentials)
        collector.endpoint = f"https://127.0.0.1:{port}"
    server.start()
    try:
        yield collector
    finally:
        server.stop(None).wait()


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_spans_over_grpc(config: Any, kind: str, compression: str) -> None:
    with receiving() as collector, connected(kind, config) as client:
        aerospike_py.init_tracing(
            endpoint=collector.endpoint,
            protocol="grpc",
            headers={"x-token": "abc"},
            compression=compression,
            service_name="shop",
        )
        for _ in range(1000):
            client.exists(("test", "spans", "x"))
        aerospike_py.shutdown_tracing()
    assert {span.name for span in collector.spans} == {"exists test.spans"}
    assert len(collector.spans) == 1000
    assert collector.spans[0].resource["service.name"] == "shop"
    assert collector.headers["x-token"] == "abc"


def test_spans_over_encrypted_grpc(config: Any) -> None:
    """To a collector that asks who the client is."""
    with EmbeddedServer(tls=["shop"]) as server, connected("Client", config) as client:
        files = Path(server.tls_config()["cafile"]).parent

        def text(name: str) -> bytes:
            return (files / name).read_bytes()

        pair = (text("server.key"), text("server.pem"))
        credentials = grpc.ssl_server_credentials([pair], text("ca.pem"), True)
        own = {"client_certificate": files / "shop.pem", "client_key": files / "shop.key"}
        with receiving(credentials) as collector:
            for arguments in ({}, own):
                aerospike_py.init_tracing(
                    endpoint=collector.endpoint,
                    certificate=files / "ca.pem",
                    timeout=5,
                    **arguments,
                )
                client.exists(("test", "spans", "as one" if arguments else "as nobody"))
                aerospike_py.shutdown_tracing()
        assert len(collector.spans) == 1
