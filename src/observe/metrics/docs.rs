//! The docstrings of the functions about metrics.

pub const GET_METRICS: &str = r##"Return the metrics of this interpreter's clients as text.

The text is in the format of Prometheus, version 0.0.4, or in that of OpenMetrics 1.0 if `openmetrics`
is True. Durations are in seconds. What other interpreters of the process count is not in it.

    >>> client.put(key, {"n": 1})
    >>> 'db_operation_name="put"' in get_metrics()
    True
    >>> get_metrics(openmetrics=True).endswith("# EOF\n")
    True
"##;

pub const SET_METRICS_ENABLED: &str = r#"Have operations counted and timed, or no longer.

They are from the start. What has been counted stays, and operations that have begun are counted.

    >>> set_metrics_enabled(False)
    >>> is_metrics_enabled()
    False
    >>> set_metrics_enabled(True)
"#;

pub const IS_METRICS_ENABLED: &str = r#"Return whether operations are counted and timed.

    >>> is_metrics_enabled()
    True
"#;

pub const START_METRICS_SERVER: &str = r#"Serve this interpreter's metrics over HTTP, and return the port.

`/metrics` answers in the format of Prometheus, or in that of OpenMetrics if it is asked for;
`/healthz` answers `ok` while the process runs. `host` is the address or the name to listen at, by
default reachable from this machine only; `port` 0 takes any that is free. An interpreter has one
server: another port or host moves it, the same ones change nothing. It ends with the interpreter.
A forked child has none, and may start its own.

Raises ValueError for a port that is none; OSError if the address can't be listened at.

    >>> port = start_metrics_server(0)
    >>> from urllib.request import urlopen
    >>> urlopen(f"http://127.0.0.1:{port}/healthz").read()
    b'ok\n'
    >>> stop_metrics_server()
"#;

pub const STOP_METRICS_SERVER: &str = r#"End the server of metrics, if there is one. Its port is free then.

    >>> stop_metrics_server()
"#;
