"""Spans over gRPC, and as parts of the traces of a web application."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

import aerospike_py
from aerospike_py.testing import EmbeddedServer
from support.both import connected
from support.otlp import Collector, spans_of

grpc = pytest.importorskip("grpc")

FRAME_HEADER = 9
DATA = 0
"""The type of such frames."""


@contextmanager
def receiving(credentials: Any = None) -> Iterator[Collector]:
    """A collector that speaks gRPC."""
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc

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


@contextmanager
def overheard(endpoint: str) -> Iterator[tuple[str, bytearray]]:
    """Another endpoint, from which one connection goes on to this one, and what is sent to it."""
    sent = bytearray()

    def forward(source: socket.socket, sink: socket.socket, heard: bytearray) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                heard += data
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def serve() -> None:
        host, port = endpoint.removeprefix("http://").split(":")
        with listener.accept()[0] as client, socket.create_connection((host, int(port))) as server:
            answers = threading.Thread(target=forward, args=(server, client, bytearray()))
            answers.start()
            forward(client, server, sent)
            answers.join()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", sent
        thread.join()


def payload(sent: bytes) -> bytes:
    """What an HTTP/2 client's frames of data have."""
    sent = sent.removeprefix(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    payload = b""
    while sent:
        end = FRAME_HEADER + int.from_bytes(sent[:3], "big")
        if sent[3] == DATA:
            payload += sent[FRAME_HEADER:end]
        sent = sent[end:]
    return payload


def test_spans_over_grpc(config: Any, kind: str) -> None:
    with receiving() as collector, connected(kind, config) as client:
        aerospike_py.init_tracing(
            endpoint=collector.endpoint,
            protocol="grpc",
            headers={"x-token": "abc"},
            timeout=60,
            service_name="shop",
        )
        for _ in range(1000):
            client.exists(("test", "spans", "x"))
        aerospike_py.shutdown_tracing()
    assert {span.name for span in collector.spans} == {"exists spans"}
    assert len(collector.spans) == 1000
    assert collector.spans[0].resource["service.name"] == "shop"
    assert collector.headers["x-token"] == "abc"


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_what_is_sent_over_grpc(client: Any, compression: str) -> None:
    """A message begins with whether it is compressed, and its length in 4 bytes."""
    with receiving() as collector, overheard(collector.endpoint) as (endpoint, sent):
        aerospike_py.init_tracing(
            endpoint=endpoint, protocol="grpc", compression=compression, timeout=60
        )
        client.exists(("test", "spans", "x"))
        aerospike_py.shutdown_tracing()
    message = payload(bytes(sent))
    body = message[5:]
    assert message[:5] == bytes([compression == "gzip"]) + len(body).to_bytes(4, "big")
    plain = gzip.decompress(body) if compression == "gzip" else body
    request = trace_service_pb2.ExportTraceServiceRequest.FromString(plain)
    assert list(spans_of(request)) == collector.spans
    assert [span.name for span in collector.spans] == ["exists spans"]


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
                    timeout=60,
                    **arguments,
                )
                client.exists(("test", "spans", "as one" if arguments else "as nobody"))
                aerospike_py.shutdown_tracing()
        assert len(collector.spans) == 1
