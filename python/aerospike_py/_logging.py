"""Where the log records of the native module go: Python's `logging`, or a function."""

import logging
import sys
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any, TypeAlias

from aerospike_py import _aerospike, _constants

Entry: TypeAlias = tuple[int, str, str, float, str, int, str | None]
Handler: TypeAlias = Callable[[int, str, str, int, str], Any]

TRACE = 5
LEVELS = {
    _constants.LOG_LEVEL_OFF: logging.CRITICAL + 1,
    _constants.LOG_LEVEL_ERROR: logging.ERROR,
    _constants.LOG_LEVEL_WARN: logging.WARNING,
    _constants.LOG_LEVEL_INFO: logging.INFO,
    _constants.LOG_LEVEL_DEBUG: logging.DEBUG,
    _constants.LOG_LEVEL_TRACE: TRACE,
}
CONSTANTS = {number: constant for constant, number in LEVELS.items()}

logging.addLevelName(TRACE, "TRACE")


def to_logging(level: int, function: str, path: str, line: int, text: str) -> None:
    """Stands for `logging` as the handler; see `log`."""


handler: Handler | None = to_logging


def set_log_level(level: int) -> None:
    """Set which log records there are: one of the constants `LOG_LEVEL_OFF` to `LOG_LEVEL_TRACE`.

    The level of the logger `aerospike_py` becomes the same; that of `LOG_LEVEL_TRACE` is 5. Before
    the first call, the level of that logger at the time when a client is made or connects counts.

    Raises `TypeError` or `ValueError` if there is no such level.

    >>> aerospike_py.set_log_level(aerospike_py.LOG_LEVEL_INFO)
    """
    _aerospike.set_native_log_level(level)
    logging.getLogger("aerospike_py").setLevel(LEVELS[level])


def set_log_handler(log_handler: Handler | None = to_logging) -> None:
    """Have log records given to a function, as `log_handler(level, func, path, line, msg)`.

    The level is one of the `LOG_LEVEL_*` constants, and `func` the name that the logger would have
    below `aerospike_py`. With None records go nowhere, without an argument to `logging` again.

    Raises `TypeError` if it can't be called.

    >>> aerospike_py.set_log_handler(lambda level, func, path, line, msg: print(func, msg))
    >>> aerospike_py.set_log_handler()
    """
    global handler
    if log_handler is not None and not callable(log_handler):
        raise TypeError(f"log_handler must be callable or None, not {type(log_handler).__name__}")
    handler = log_handler


def deliver(entries: Iterable[Entry]) -> None:
    """Hand over records, in order. What a handler raises doesn't keep the next one back."""
    for entry in entries:
        try:
            if handler is to_logging:
                log(*entry)
            elif handler is not None:
                level, name, text, _, path, line, _ = entry
                handler(CONSTANTS[level], name, path, line, text)
        except Exception as error:
            # What Python calls for exceptions that have nowhere to go.
            sys.unraisablehook(
                SimpleNamespace(
                    exc_type=type(error),
                    exc_value=error,
                    exc_traceback=error.__traceback__,
                    err_msg="Exception ignored in a handler of log records",
                    object=handler,
                )
            )


def log(
    level: int, name: str, text: str, created: float, path: str, line: int, thread: str | None
) -> None:
    """Log a record with the time and the thread of its making."""
    logger = logging.getLogger(f"aerospike_py.{name}")
    if not logger.isEnabledFor(level):
        return
    record = logger.makeRecord(logger.name, level, path, line, text, (), None)
    record.relativeCreated -= (record.created - created) * 1000
    record.created = created
    record.msecs = created % 1 * 1000
    if thread is not None:
        record.threadName = thread
    logger.handle(record)
