"""How tracing is set up: arguments come before the environment, and nothing wrong is overlooked."""

from __future__ import annotations

from typing import Any

import pytest

import aerospike_py
from support import processes
from support.otlp import PROGRAM, collecting, tracing

HTTPS = {"endpoint": "https://127.0.0.1:1"}
KEY = ("test", "spans", "of a test")


def test_settings_of_the_environment(server: Any) -> None:
    """And spans that nobody shuts down are sent at the end of the program."""
    with collecting() as collector:
        processes.output(
            PROGRAM,
            *server.hosts[0],
            OTEL_EXPORTER_OTLP_ENDPOINT=f"{collector.endpoint}/base",
            OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf",
            OTEL_EXPORTER_OTLP_HEADERS="x-token=abc,x-more=1",
            OTEL_SERVICE_NAME="shop",
            OTEL_RESOURCE_ATTRIBUTES="service.name=other,deployment.environment=a%20test",
        )
        (span,) = collector.spans
        assert collector.paths == {"/base/v1/traces"}
        assert (collector.headers["x-token"], collector.headers["x-more"]) == ("abc", "1")
        assert span.resource["service.name"] == "shop"
        assert span.resource["deployment.environment"] == "a test"
        for name, value in (
            ("OTEL_SDK_DISABLED", "true"),
            ("OTEL_TRACES_EXPORTER", "none"),
            ("OTEL_TRACES_SAMPLER", "always_off"),
        ):
            ended = processes.run(
                PROGRAM,
                *server.hosts[0],
                OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=f"{collector.endpoint}/v1/traces",
                OTEL_EXPORTER_OTLP_TRACES_PROTOCOL="http/protobuf",
                **{name: value},
            )
            assert (ended.returncode, ended.stderr) == (0, "")
        assert len(collector.spans) == 1


def test_settings_that_are_given_come_first(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_TRACES_SAMPLER", "always_off"),
        ("OTEL_SERVICE_NAME", "other"),
        ("OTEL_RESOURCE_ATTRIBUTES", "a=1,b=2"),
        ("OTEL_SDK_DISABLED", "true"),
    ):
        monkeypatch.setenv(name, value)
    with tracing(
        exporter="otlp",
        headers={"X-Token": "abc"},
        timeout=5,
        sampler="always_on",
        service_name="shop",
        resource_attributes={"b": "3"},
    ) as collector:
        client.exists(KEY)
    (span,) = collector.spans
    assert span.resource.items() >= {"service.name": "shop", "a": "1", "b": "3"}.items()
    assert collector.headers["x-token"] == "abc"


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"exporter": "console"}, ValueError, "exporter must be one of otlp, python, none"),
        ({"protocol": "http/json"}, ValueError, "protocol must be one of grpc, http/protobuf"),
        ({"endpoint": "127.0.0.1:4317"}, ValueError, "endpoint must be a URL"),
        ({"endpoint": 4317}, TypeError, "endpoint must be str, not int"),
        ({"headers": [("a", "b")]}, TypeError, "headers must be a mapping"),
        ({"headers": {"a": 1}}, TypeError, "headers must be a mapping"),
        ({"headers": {"a b": "1"}}, ValueError, "'?\"?a b\"?'? is no header's name"),
        ({"headers": {"a": "1\n2"}}, ValueError, "the value of a is no header's"),
        ({"timeout": 0}, ValueError, "timeout must be more than 0"),
        ({"timeout": "5"}, TypeError, "timeout must be a number"),
        ({"sampler": "sometimes"}, ValueError, "sampler must be one of always_on"),
        ({"sampler_arg": 0.5}, ValueError, "sampler_arg is for traceidratio"),
        ({"sampler": "traceidratio", "sampler_arg": 2}, ValueError, "sampler_arg must be 0 to 1"),
        ({"service_name": 5}, TypeError, "service_name must be str"),
        ({"resource_attributes": {"a": 1}}, TypeError, "resource_attributes must be a mapping"),
        ({"exporter": "python", "endpoint": "http://a"}, TypeError, "endpoint is for"),
        ({"exporter": "otlp", "tracer_provider": 5}, ValueError, "exporter must be 'python'"),
        ({"unknown": 1}, TypeError, "unknown"),
        ({"compression": "zstd"}, ValueError, "compression must be one of gzip, none, not 'zstd'"),
        ({"certificate": "ca.pem"}, ValueError, "certificate is for an endpoint that begins with"),
        ({"certificate": 5}, TypeError, "certificate must be the path of a file, not int"),
        ({**HTTPS, "certificate": "no file"}, ValueError, "certificate: can't read 'no file': No"),
        ({**HTTPS, "certificate": __file__}, ValueError, "certificate has no certificate in PEM"),
        ({**HTTPS, "client_key": __file__}, ValueError, "client_key needs client_certificate"),
    ],
)
def test_settings_that_there_are_not(
    client: Any, arguments: Any, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        aerospike_py.init_tracing(**arguments)
    client.exists(KEY)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OTEL_TRACES_EXPORTER", "jaeger"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "soon"),
        ("OTEL_TRACES_SAMPLER", "xray"),
        ("OTEL_RESOURCE_ATTRIBUTES", "no equals sign"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"),
        ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "deflate"),
    ],
)
def test_wrong_settings_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=name):
        aerospike_py.init_tracing()


def test_files_of_the_environment_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY"):
        with monkeypatch.context() as environment:
            name = f"OTEL_EXPORTER_OTLP_{variable}"
            environment.setenv(name, "no file")
            with pytest.raises(ValueError, match=f"{name}: can't read 'no file'"):
                aerospike_py.init_tracing(**HTTPS)


def test_compression_that_can_not_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
    with pytest.raises(ValueError, match="OTEL_EXPORTER_OTLP_COMPRESSION must not be set"):
        aerospike_py.init_tracing(compression="none")
