"""Where the spans of operations go: a collector, or the application's own pipeline."""

import atexit
import os
import sys
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

from aerospike_py import _aerospike

Parent: TypeAlias = tuple[int, int, bool, int, str | None]
Span: TypeAlias = tuple[
    str, int, int, bool, dict[str, str | int], list[tuple[int, str]], Parent | None
]

FilePath: TypeAlias = str | os.PathLike[str]

PROTOCOLS = {"grpc": 4317, "http/protobuf": 4318}
SAMPLERS = (
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_on",
    "parentbased_always_off",
    "parentbased_traceidratio",
)
COMPRESSIONS = ("gzip", "none")
EXPORTERS = ("otlp", "python", "none")

pipeline: Any = None
"""The application's tracer provider, while spans go there."""
tracer: Any = None
registered = False


def init_tracing(
    exporter: str | None = None,
    *,
    tracer_provider: Any = None,
    endpoint: str | None = None,
    protocol: str | None = None,
    headers: Mapping[str, str] | None = None,
    compression: str | None = None,
    certificate: FilePath | None = None,
    client_certificate: FilePath | None = None,
    client_key: FilePath | None = None,
    timeout: float | None = None,
    sampler: str | None = None,
    sampler_arg: float | None = None,
    service_name: str | None = None,
    resource_attributes: Mapping[str, str] | None = None,
) -> None:
    """Make a span for each operation of this interpreter's clients, from now on.

    With the exporter "otlp", the default, spans are sent to a collector in the background, without
    Python. With "python", or a `tracer_provider`, each becomes a span of the application's own
    OpenTelemetry SDK, which samples and sends it; without a `tracer_provider` the global one gets
    it. With "none" there are no spans. A span belongs to the one that the caller is in, if the
    package `opentelemetry-api` is installed. A call while spans are made replaces how they are.

    What is not given comes from the environment, by the names that OpenTelemetry has for it:

    - `exporter`: `OTEL_TRACES_EXPORTER`; `OTEL_SDK_DISABLED=true` has the effect of "none"
    - `endpoint`: the collector's URL, without the path; `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` (for
      "http/protobuf" with the path) or `OTEL_EXPORTER_OTLP_ENDPOINT`. The default is the usual port
      of localhost
    - `protocol`: "grpc", the default, or "http/protobuf"; `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL` or
      `OTEL_EXPORTER_OTLP_PROTOCOL`
    - `headers`: sent with each request, beside those of `OTEL_EXPORTER_OTLP_TRACES_HEADERS` or
      `OTEL_EXPORTER_OTLP_HEADERS`
    - `compression`: "gzip", or "none", the default; `OTEL_EXPORTER_OTLP_TRACES_COMPRESSION` or
      `OTEL_EXPORTER_OTLP_COMPRESSION`
    - `certificate`: a file in PEM format with those whose signature of the collector's certificate
      is trusted, for a URL with https, where by default the system's are;
      `OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE` or `OTEL_EXPORTER_OTLP_CERTIFICATE`
    - `client_certificate` and `client_key`: files in PEM format with a certificate to show to the
      collector, and its key; `OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE` and
      `OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY`, or the same without `TRACES_`
    - `timeout`: for one request, and for what waits at the end, in seconds, by default 10; in
      milliseconds `OTEL_EXPORTER_OTLP_TRACES_TIMEOUT` or `OTEL_EXPORTER_OTLP_TIMEOUT`
    - `sampler`: "always_on", "always_off", "traceidratio", or one of these after "parentbased_";
      `OTEL_TRACES_SAMPLER`, by default "parentbased_always_on"
    - `sampler_arg`: the share of traces that "traceidratio" takes, 0 to 1;
      `OTEL_TRACES_SAMPLER_ARG`, by default 1
    - `service_name`: `OTEL_SERVICE_NAME`, by default "aerospike-py"
    - `resource_attributes`: beside those of `OTEL_RESOURCE_ATTRIBUTES`

    Raises `ValueError` or `TypeError` for what can't be used, `ImportError` if "python" is asked
    for and there is no `opentelemetry-api`.

    >>> aerospike_py.init_tracing(
    ...     endpoint="http://127.0.0.1:4317", sampler="parentbased_traceidratio", sampler_arg=0.01
    ... )
    >>> aerospike_py.shutdown_tracing()
    """
    global pipeline, tracer, registered
    where = exporter_of(exporter, tracer_provider)
    given = {
        "endpoint": endpoint,
        "protocol": protocol,
        "headers": headers,
        "compression": compression,
        "certificate": certificate,
        "client_certificate": client_certificate,
        "client_key": client_key,
        "timeout": timeout,
        "sampler": sampler,
        "sampler_arg": sampler_arg,
        "service_name": service_name,
        "resource_attributes": resource_attributes,
    }
    if where != "otlp":
        for name, value in given.items():
            if value is not None:
                raise TypeError(f"{name} is for the exporter 'otlp', not for {where!r}")
    if where == "none":
        shutdown_tracing()
        return
    if not registered:
        atexit.register(shutdown_tracing)
        registered = True
    if where == "python":
        from opentelemetry import trace

        provider = tracer_provider or trace.get_tracer_provider()
        pipeline, tracer = provider, provider.get_tracer("aerospike_py")
        _aerospike.trace_to_pipeline(caller())
        return
    kind = protocol_of(protocol)
    url = endpoint_of(endpoint, kind)
    encrypted = urlsplit(url).scheme == "https"
    files = {
        argument: given[argument]
        for argument in ("certificate", "client_certificate", "client_key")
    }
    authorities, own, key = (
        text_of_file(argument, file, encrypted) for argument, file in files.items()
    )
    if (own is None) != (key is None):
        there, missing = ("client_certificate", "client_key")[:: 1 if key is None else -1]
        raise ValueError(f"{there} needs {missing}: neither is of use without the other")
    _aerospike.trace_to_collector(
        caller(),
        kind == "grpc",
        url,
        list(texts_of("headers", headers).items()),
        timeout_of(timeout),
        list(resource_of(service_name, resource_attributes).items()),
        sampler_of(sampler, sampler_arg),
        compression_of(compression),
        (authorities, None if own is None or key is None else (own, key)),
    )
    pipeline = tracer = None


def shutdown_tracing() -> None:
    """Make no more spans, and send those that wait: for as long as `timeout` says at most.

    This happens at the end of the interpreter, too, but not of a process that `os._exit` ends, as
    it does those of `multiprocessing`.

    >>> aerospike_py.shutdown_tracing()
    """
    global pipeline, tracer
    _aerospike.stop_tracing()
    flush = getattr(pipeline, "force_flush", None)
    pipeline = tracer = None
    if flush is not None:
        flush()


def export(spans: Iterable[Span]) -> None:
    """Have the application's pipeline get the spans of operations that have ended."""
    if tracer is None:
        return
    from opentelemetry import trace
    from opentelemetry.context import Context

    for name, start, end, failed, attributes, retries, parent in spans:
        context = Context()
        if parent is not None:
            trace_id, span_id, remote, flags, state = parent
            told = trace.SpanContext(
                trace_id,
                span_id,
                remote,
                trace.TraceFlags(flags),
                trace.TraceState.from_header([state] if state else []),
            )
            context = trace.set_span_in_context(trace.NonRecordingSpan(told), context)
        span = tracer.start_span(
            name,
            context=context,
            kind=trace.SpanKind.CLIENT,
            attributes=attributes,
            start_time=start,
        )
        for when, what in retries:
            span.add_event("aerospike.retry", {"aerospike.retry.reason": what}, when)
        if failed:
            span.set_status(trace.StatusCode.ERROR)
        span.end(end)


def caller() -> Any:
    """How the native module finds the caller's span: see `Caller::learn`."""
    try:
        from opentelemetry.trace import get_current_span
    except ImportError:
        return None
    try:
        # What the function looks at, which costs a fraction to look at without Python.
        from opentelemetry.context import _RUNTIME_CONTEXT
        from opentelemetry.trace import NonRecordingSpan
        from opentelemetry.trace.propagation import _SPAN_KEY

        variable = _RUNTIME_CONTEXT._current_context  # type: ignore[attr-defined]
    except (ImportError, AttributeError):
        return get_current_span
    if not isinstance(variable, ContextVar):
        return get_current_span
    # Who hasn't imported the SDK has no spans of it.
    of_sdk = getattr(sys.modules.get("opentelemetry.sdk.trace"), "_Span", NonRecordingSpan)
    return variable, _SPAN_KEY, (NonRecordingSpan, of_sdk)


def setting(*names: str) -> tuple[str, str] | None:
    """The first of the variables that is set, with its name. An empty one counts as not set."""
    for name in names:
        if value := os.environ.get(name, "").strip():
            return name, value
    return None


def choose(
    given: str | None, argument: str, names: list[str], allowed: Iterable[str]
) -> str | None:
    """What is given or set, which must be one of those allowed."""
    found = (argument, given) if given is not None else setting(*names)
    if found is not None and found[1] not in allowed:
        raise ValueError(f"{found[0]} must be one of {', '.join(allowed)}, not {found[1]!r}")
    return found and found[1]


def exporter_of(exporter: str | None, tracer_provider: Any) -> str:
    if tracer_provider is not None:
        if exporter not in (None, "python"):
            raise ValueError(f"exporter must be 'python' with a tracer_provider, not {exporter!r}")
        return "python"
    if exporter is None and os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return "none"
    return choose(exporter, "exporter", ["OTEL_TRACES_EXPORTER"], EXPORTERS) or "otlp"


def protocol_of(given: str | None) -> str:
    names = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"]
    return choose(given, "protocol", names, PROTOCOLS) or "grpc"


def endpoint_of(given: str | None, protocol: str) -> str:
    name, endpoint = (
        ("endpoint", given)
        if given is not None
        else (
            setting("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
            or setting("OTEL_EXPORTER_OTLP_ENDPOINT")
            or ("endpoint", f"http://localhost:{PROTOCOLS[protocol]}")
        )
    )
    if not isinstance(endpoint, str):
        raise TypeError(f"endpoint must be str, not {type(endpoint).__name__}")
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(
            f"{name} must be a URL that begins with http:// or https://, not {endpoint!r}"
        )
    if protocol == "grpc" or name == "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT":
        return endpoint
    return endpoint if parts.path.endswith("/v1/traces") else f"{endpoint.rstrip('/')}/v1/traces"


def compression_of(given: str | None) -> bool:
    """Whether requests are compressed."""
    names = ["OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "OTEL_EXPORTER_OTLP_COMPRESSION"]
    if choose(given, "compression", names, COMPRESSIONS) == "gzip":
        return True
    for name in names:
        # The exporter has this from the environment whatever it is told.
        if os.environ.get(name, "").strip().lower() in ("gzip", "zstd"):
            raise ValueError(f"{name} must not be set where something else says 'none'")
    return False


def text_of_file(argument: str, given: Any, encrypted: bool) -> bytes | None:
    """What the file has that is given or set. By the conventions what is set is for https alone."""
    name, file = argument, given
    if given is None:
        suffix = argument.upper()
        found = setting(f"OTEL_EXPORTER_OTLP_TRACES_{suffix}", f"OTEL_EXPORTER_OTLP_{suffix}")
        if found is None or not encrypted:
            return None
        name, file = found
    elif not isinstance(given, str | os.PathLike):
        raise TypeError(f"{name} must be the path of a file, not {type(given).__name__}")
    elif not encrypted:
        raise ValueError(f"{name} is for an endpoint that begins with https://")
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except OSError as error:
        raise ValueError(f"{name}: can't read {os.fspath(file)!r}: {error.strerror}") from None


def timeout_of(given: float | None) -> float:
    if given is not None:
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise TypeError(f"timeout must be a number of seconds, not {type(given).__name__}")
        name, seconds = "timeout", float(given)
    elif found := setting("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"):
        name, seconds = found[0], number(*found) / 1000
    else:
        return 10.0
    if not 0 < seconds <= 3600:
        raise ValueError(f"{name} must be more than 0 and at most an hour, not {seconds} seconds")
    return seconds


def sampler_of(given: str | None, argument: float | None) -> tuple[str, float]:
    name = choose(given, "sampler", ["OTEL_TRACES_SAMPLER"], SAMPLERS) or "parentbased_always_on"
    told, ratio = "sampler_arg", 1.0
    if argument is not None:
        if not name.endswith("traceidratio"):
            raise ValueError(f"sampler_arg is for traceidratio, not for the sampler {name!r}")
        if isinstance(argument, bool) or not isinstance(argument, int | float):
            raise TypeError(f"sampler_arg must be a number, not {type(argument).__name__}")
        ratio = float(argument)
    elif name.endswith("traceidratio") and (found := setting("OTEL_TRACES_SAMPLER_ARG")):
        told, ratio = found[0], number(*found)
    if not 0 <= ratio <= 1:
        raise ValueError(f"{told} must be 0 to 1, not {ratio}")
    return name, ratio


def number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} must be a number, not {text!r}") from None


def texts_of(argument: str, given: Mapping[str, str] | None) -> dict[str, str]:
    given = {} if given is None else given
    if not isinstance(given, Mapping):
        raise TypeError(f"{argument} must be a mapping of str, not {type(given).__name__}")
    for name, value in given.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError(f"{argument} must be a mapping of str to str, which {name!r} is not")
    return dict(given)


def resource_of(service: str | None, given: Mapping[str, str] | None) -> dict[str, str]:
    """What tells which program this is. What is given comes before what is set."""
    if service is not None and not isinstance(service, str):
        raise TypeError(f"service_name must be str, not {type(service).__name__}")
    resource = {
        "service.name": "aerospike-py",
        "telemetry.sdk.name": "opentelemetry",
        "telemetry.sdk.language": "rust",
    }
    if found := setting("OTEL_RESOURCE_ATTRIBUTES"):
        for pair in found[1].split(","):
            name, equals, value = pair.partition("=")
            if not equals or not name.strip():
                raise ValueError(f"{found[0]} must be name=value,name=value, not {found[1]!r}")
            resource[unquote(name.strip())] = unquote(value.strip())
    if found := setting("OTEL_SERVICE_NAME"):
        resource["service.name"] = found[1]
    resource.update(texts_of("resource_attributes", given))
    if service is not None:
        resource["service.name"] = service
    return resource
