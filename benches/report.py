"""What the rounds came to: medians, and ratios of what was measured one right after the other."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple

from cases import Case

Slice = dict[str, float]
"""A client at one case in one round, as its worker measured it."""

HEADINGS = (
    f"{'':<26}{'ops/s':>9}{'ratio':>8}  {'middle half':<12}"
    f"{'CPU us/op':>11}{'ratio':>8}{'p50 us':>10}{'p99 us':>9}"
)


class Quartiles(NamedTuple):
    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Quartiles:
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        return cls(*statistics.quantiles(values, n=4, method="inclusive"))


class Row(NamedTuple):
    """One client at one case. The ratios are ours divided by its own."""

    rate: float
    rate_ratio: Quartiles
    cpu_us: float
    cpu_ratio: Quartiles
    p50_us: float
    p99_us: float

    @classmethod
    def of(cls, ours: list[Slice], theirs: list[Slice]) -> Row:
        rounds = list(zip(ours, theirs, strict=True))
        return cls(
            rate=statistics.median(rate(figures) for figures in theirs),
            rate_ratio=Quartiles.of([rate(our) / rate(their) for our, their in rounds]),
            cpu_us=statistics.median(cpu_us(figures) for figures in theirs),
            cpu_ratio=Quartiles.of([cpu_us(our) / cpu_us(their) for our, their in rounds]),
            p50_us=statistics.median(figures["p50_us"] for figures in theirs),
            p99_us=statistics.median(figures["p99_us"] for figures in theirs),
        )

    def as_dict(self) -> dict[str, object]:
        """For JSON, which has no named tuples."""
        ratios = {"rate_ratio": self.rate_ratio._asdict(), "cpu_ratio": self.cpu_ratio._asdict()}
        return {**self._asdict(), **ratios}

    def text(self, client: str, *, is_ours: bool) -> str:
        low, ratio, high = self.rate_ratio
        ratios = f"{'':<22}" if is_ours else f"{ratio:>8.2f}  {f'{low:.2f}-{high:.2f}':<12}"
        cpu_ratio = "" if is_ours else f"{self.cpu_ratio.median:.2f}"
        return (
            f"  {client:<24}{self.rate:>9,.0f}{ratios}"
            f"{self.cpu_us:>11.1f}{cpu_ratio:>8}{self.p50_us:>10.0f}{self.p99_us:>9.0f}"
        )


def rate(figures: Slice) -> float:
    return figures["operations"] / figures["seconds"]


def cpu_us(figures: Slice) -> float:
    """Microseconds of processor time an operation."""
    return figures["cpu"] / figures["operations"] * 1e6


def rows(slices: dict[str, list[Slice]]) -> dict[str, Row]:
    """A row a client; the first is ours."""
    ours = next(iter(slices.values()))
    return {client: Row.of(ours, theirs) for client, theirs in slices.items()}


def table(results: dict[Case, dict[str, list[Slice]]]) -> str:
    lines = [HEADINGS]
    for case, slices in results.items():
        lines.append(str(case))
        for number, (client, row) in enumerate(rows(slices).items()):
            lines.append(row.text(client, is_ours=number == 0))
    return "\n".join(lines)
