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
