"""Log records of the package, gathered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import aerospike_py


class Gatherer(logging.Handler):
    """Keeps the records of all loggers below `aerospike_py`, and passes each to `heard`."""

    def __init__(self, heard: Callable[[logging.LogRecord], None] = lambda record: None) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []
        self.heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)
        self.heard(record)

    @property
    def texts(self) -> list[str]:
        return [record.getMessage() for record in self.records]

    def told_by(self, name: str) -> list[str]:
        """The texts of one logger."""
        return [record.getMessage() for record in self.records if record.name == name]


@contextmanager
def gathered(
    level: int, heard: Callable[[logging.LogRecord], None] = lambda record: None
) -> Iterator[Gatherer]:
    gatherer = Gatherer(heard)
    logger = logging.getLogger("aerospike_py")
    logger.addHandler(gatherer)
    aerospike_py.set_log_level(level)
    try:
        yield gatherer
    finally:
        aerospike_py.set_log_level(aerospike_py.LOG_LEVEL_WARN)
        logger.removeHandler(gatherer)
