"""What is measured: a verb, done by so many threads or by so many tasks of one event loop."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    verb: str
    mode: str
    width: int

    @property
    def name(self) -> str:
        return f"{self.verb}-{self.mode}-{self.width}"

    def __str__(self) -> str:
        if self.mode == "async":
            return f"{self.verb}, async, {self.width} in flight"
        return f"{self.verb}, {self.width} thread{'s' if self.width > 1 else ''}"


CASES = {
    case.name: case
    for verb in ("get", "put")
    for mode, widths in (("sync", (1, 16)), ("async", (1, 50, 500)))
    for width in widths
    for case in [Case(verb, mode, width)]
}
