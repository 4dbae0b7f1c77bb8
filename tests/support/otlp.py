"""A collector of spans: what exporters send over the network, decoded."""

from __future__ import annotations

import gzip
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import aerospike_py


class Received(NamedTuple):
    """A span, with its identifiers as hexadecimal digits and times in nanoseconds."""

    name: str
    trace: str
    span: str
    parent: str
    kind: int
    start: int
    end: int
    attributes: dict[str, Any]
    events: list[tuple[str, dict[str, Any]]]
    failed: bool
    state: str
    resource: dict[str, Any]
    scope: str


def value(any_value: Any) -> Any:
    return getattr(any_value, any_value.WhichOneof("value"))


def mapping(attributes: Any) -> dict[str, Any]:
    return {attribute.key: value(attribute.value) for attribute in attributes}


def spans_of(request: Any) -> Iterator[Received]:
    for of_resource in request.resource_spans:
        for of_scope in of_resource.scope_spans:
            for span in of_scope.spans:
                yield Received(
                    span.name,
                    span.trace_id.hex(),
                    span.span_id.hex(),
                    span.parent_span_id.hex(),
                    span.kind,
                    span.start_time_unix_nano,
                    span.end_time_unix_nano,
                    mapping(span.attributes),
                    [(event.name, mapping(event.attributes)) for event in span.events],
                    span.status.code == 2,
                    span.trace_state,
                    mapping(of_resource.resource.attributes),
                    of_scope.scope.name,
                )


class Collector:
    """What has been received. Exporters that have been shut down have been heard."""

    def __init__(self, endpoint: str = "") -> None:
        self.endpoint = endpoint
        self.spans: list[Received] = []
        self.paths: set[str] = set()
        self.headers: dict[str, str] = {}

    def receive(self, path: str, headers: dict[str, str], request: Any) -> None:
        self.paths.add(path)
        self.headers.update(headers)
        self.spans.extend(spans_of(request))

    def named(self, name: str) -> list[Received]:
        return [span for span in self.spans if span.name == name]


@contextmanager
def collecting(encryption: ssl.SSLContext | None = None) -> Iterator[Collector]:
    """A collector that speaks "http/protobuf"."""
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as service

    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): text for name, text in self.headers.items()}
            if headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            request = service.ExportTraceServiceRequest.FromString(body)
            collector.receive(self.path, headers, request)
            answer = service.ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        scheme = "http"
        if encryption is not None:
            scheme = "https"
            server.socket = encryption.wrap_socket(server.socket, server_side=True)
        collector.endpoint = f"{scheme}://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield collector
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def tracing(**arguments: Any) -> Iterator[Collector]:
    """Spans of the block, all there at its end."""
    with collecting() as collector:
        settings = {"protocol": "http/protobuf", "timeout": 60, **arguments}
        aerospike_py.init_tracing(endpoint=collector.endpoint, **settings)
        try:
            yield collector
        finally:
            aerospike_py.shutdown_tracing()


PROGRAM = """
import os, sys
import aerospike_py

client = aerospike_py.client({"hosts": [(sys.argv[1], int(sys.argv[2]))]}).connect()
aerospike_py.init_tracing()
client.exists(("test", "spans", "first"))
"""
"""Traces as the environment says, and ends without a word."""
