"""Operations of a web application's requests are parts of the requests' traces."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

import aerospike_py
from support.otlp import tracing

fastapi = pytest.importorskip("fastapi")
testclient = pytest.importorskip("fastapi.testclient")
instrumentation = pytest.importorskip("opentelemetry.instrumentation.fastapi")


def test_operations_of_a_request(config: Any) -> None:
    """An endpoint that is a coroutine, and one that FastAPI calls in a thread."""
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    clients: dict[str, Any] = {}

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        async with aerospike_py.async_client(config) as client:
            clients["async"] = client
            yield

    app = fastapi.FastAPI(lifespan=lifespan)

    @app.get("/async")
    async def from_the_loop() -> dict[str, bool]:
        return {"found": await clients["async"].exists(("test", "loop", "x")) is None}

    @app.get("/sync")
    def from_a_thread() -> dict[str, bool]:
        return {"found": clients["sync"].exists(("test", "thread", "x")) is None}

    instrumentation.FastAPIInstrumentor.instrument_app(app, tracer_provider=provider)
    far = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with (
        aerospike_py.client(config) as clients["sync"],
        testclient.TestClient(app) as browser,
        tracing() as collector,
    ):
        for path in ("/async", "/sync"):
            answer = browser.get(path, headers={"traceparent": far})
            assert answer.status_code == 200
    requests = {
        span.name: span.context.span_id
        for span in exporter.get_finished_spans()
        if span.context is not None and span.name in ("GET /async", "GET /sync")
    }
    for name, request in (("exists loop", "GET /async"), ("exists thread", "GET /sync")):
        (span,) = collector.named(name)
        assert span.trace == "0af7651916cd43dd8448eb211c80319c"
        assert span.parent == f"{requests[request]:016x}"
