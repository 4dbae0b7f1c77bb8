"""Metrics of the clients in the registry of `prometheus_client`, beside the application's own.

This module alone needs that package, which is no requirement of aerospike_py.

    >>> import prometheus_client
    >>> from aerospike_py.observe import MetricsCollector
    >>> prometheus_client.CollectorRegistry().register(MetricsCollector())
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aerospike_py._aerospike import metric_families

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric

__all__ = ["MetricsCollector"]


class MetricsCollector:
    """A collector of this interpreter's metrics, for a registry of `prometheus_client`.

    The registry then has what `aerospike_py.get_metrics` returns, and nothing is counted twice:
    whatever serves the registry serves the clients' metrics too. Needs `prometheus_client`.

        >>> import prometheus_client
        >>> registry = prometheus_client.CollectorRegistry()
        >>> registry.register(MetricsCollector())
        >>> registry.get_sample_value("aerospike_client_operations_in_flight")
        0.0
        >>> names = [metric.name for metric in MetricsCollector().collect()]
        >>> names == [metric.name for metric in MetricsCollector().describe()]
        True
    """

    def collect(self) -> Iterator[Metric]:
        """Give each metric with its samples, as a registry asks for them."""
        from prometheus_client import Metric

        for name, text, kind, unit, samples in metric_families():
            metric = Metric(name, text, kind, unit)
            for suffix, labels, value in samples:
                metric.add_sample(name + suffix, labels, value)
            yield metric

    def describe(self) -> Iterator[Metric]:
        """Give the names, by which a registry finds out that two collectors have the same."""
        from prometheus_client import Metric

        for name, text, kind, unit, _ in metric_families():
            yield Metric(name, text, kind, unit)
