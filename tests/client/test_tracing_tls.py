"""Spans on their way to a collector encrypted and compressed."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import aerospike_py
from aerospike_py.testing import EmbeddedServer
from support.otlp import collecting
from support.records import gathered

KEY = ("test", "spans", "encrypted")


@pytest.fixture(scope="module")
def files() -> Iterator[Path]:
    """A folder with an authority, and certificates of its for a server and for a client."""
    with EmbeddedServer(tls=["shop"]) as server:
        yield Path(server.tls_config()["cafile"]).parent


@pytest.fixture(scope="module")
def strangers() -> Iterator[Path]:
    """The same of another authority."""
    with EmbeddedServer(tls=["shop"]) as server:
        yield Path(server.tls_config()["cafile"]).parent


def encryption(files: Path, asks: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files / "server.pem", files / "server.key")
    if asks:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(files / "ca.pem")
    return context


def export(client: Any, endpoint: str, **arguments: Any) -> list[str]:
    """Sends a span, and returns what is logged of it."""
    with gathered(aerospike_py.LOG_LEVEL_WARN) as log:
        aerospike_py.init_tracing(
            endpoint=endpoint, protocol="http/protobuf", timeout=60, **arguments
        )
        client.exists(KEY)
        aerospike_py.shutdown_tracing()
        aerospike_py.flush_logs()
    return log.told_by("aerospike_py.tracing")


def test_a_collector_whose_authority_is_given(
    client: Any, files: Path, strangers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with collecting(encryption(files)) as collector:
        assert export(client, collector.endpoint, certificate=files / "ca.pem") == []
        assert len(collector.spans) == 1
        assert export(client, collector.endpoint, certificate=strangers / "ca.pem") != []
        assert len(collector.spans) == 1
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", str(strangers / "ca.pem"))
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", str(files / "ca.pem"))
        assert export(client, collector.endpoint) == []
        assert len(collector.spans) == 2


def test_a_collector_that_asks_who_the_client_is(
    client: Any, files: Path, strangers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", str(files / "ca.pem"))
    with collecting(encryption(files, asks=True)) as collector:
        assert export(client, collector.endpoint) != []
        own = {"client_certificate": files / "shop.pem", "client_key": str(files / "shop.key")}
        assert export(client, collector.endpoint, **own) == []
        assert len(collector.spans) == 1
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", str(files / "shop.pem"))
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_CLIENT_KEY", str(files / "shop.key"))
        assert export(client, collector.endpoint) == []
        assert len(collector.spans) == 2
    other = {"client_certificate": files / "shop.pem", "client_key": strangers / "shop.key"}
    with pytest.raises(ValueError, match="client_certificate with client_key"):
        aerospike_py.init_tracing(endpoint="https://127.0.0.1:1", **other)


@pytest.mark.parametrize("given", [True, False])
def test_compressed_spans(client: Any, given: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not given:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
    with collecting() as collector:
        assert export(client, collector.endpoint, compression="gzip" if given else None) == []
    (span,) = collector.spans
    assert span.name == "exists spans"
    assert collector.headers["content-encoding"] == "gzip"
