"""Log records reach `logging`, in order, and tell nothing that is secret."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import pytest

import aerospike_py
from aerospike_py import exp, predicates
from aerospike_py.exception import AerospikeError
from aerospike_py.testing import EmbeddedServer
from support import processes
from support.both import connected
from support.records import gathered

CLIENT = "aerospike_py.client"
INFO = "aerospike_py.core.commands.info_command"
ROOM = 4096

FOLLOWING = """
import logging, sys
import aerospike_py

hosts = [(sys.argv[1], int(sys.argv[2]))]
logging.basicConfig(stream=sys.stdout, format="%(levelname)s %(name)s")
logging.getLogger("aerospike_py").setLevel(sys.argv[3])
aerospike_py.client({"hosts": hosts}).connect().close()
"""


def test_what_clients_do_is_told_in_order(config: Any, kind: str) -> None:
    begin = time.time()
    with gathered(aerospike_py.LOG_LEVEL_INFO) as log, connected(kind, config):
        pass
    assert [text.split()[0] for text in log.told_by(CLIENT)] == ["connected", "closed"]
    # What the core tells of connecting comes before, by loggers that are named for its modules.
    assert log.records[0].name == "aerospike_py.core.cluster"
    times = [record.created for record in log.records]
    assert times == sorted(times)
    assert begin <= times[0] <= times[-1] <= time.time()
    assert {record.levelno for record in log.records} == {logging.INFO}
    thread = {"Client": "MainThread", "AsyncClient": "aerospike-async"}[kind]
    assert {record.threadName for record in log.records if record.name == CLIENT} == {thread}
    assert all(record.lineno > 0 and record.filename.endswith(".rs") for record in log.records)


@pytest.mark.parametrize("level", [aerospike_py.LOG_LEVEL_OFF, aerospike_py.LOG_LEVEL_ERROR])
def test_levels_that_are_not_wanted_are_not_told(config: Any, kind: str, level: int) -> None:
    with gathered(level) as log, connected(kind, config):
        pass
    assert log.texts == []


@pytest.mark.parametrize(
    ("level", "error"),
    [
        *((level, ValueError) for level in (-2, 5, 10**30)),
        *((level, TypeError) for level in ("INFO", None, True, 1.0)),
    ],
)
def test_levels_that_there_are_not(level: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="level must be"):
        aerospike_py.set_log_level(level)


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("WARNING", set()),
        ("INFO", {f"INFO {CLIENT}", "INFO aerospike_py.core.cluster"}),
        ("CRITICAL", set()),
    ],
)
def test_the_level_of_the_logger_counts_when_none_was_set(
    server: Any, level: str, told: set[str]
) -> None:
    host, port = server.hosts[0]
    assert set(processes.output(FOLLOWING, host, port, level).splitlines()) == told


def test_failures_are_told_at_debug(kind: str) -> None:
    keys = [("test", "logs", number) for number in range(3)]
    with (
        EmbeddedServer() as server,
        gathered(aerospike_py.LOG_LEVEL_DEBUG) as log,
        connected(kind, server.config()) as client,
    ):
        query = client.query("test", "logs")
        query.where(predicates.equals("none", 1))
        for fail in (lambda: client.get(keys[0]), query.results):
            with pytest.raises(AerospikeError):
                fail()
        with server.faults(reset=1.0), pytest.raises(AerospikeError):
            client.batch_read(keys, policy={"max_retries": 0, "total_timeout": 20_000})
    assert [text for text in log.told_by(CLIENT) if "failed" in text] == [
        "get in test.logs failed: KeyNotFoundError (2)",
        "query in test.logs failed: IndexNotFound (201)",
        "batch_read in test.logs failed: Connection (-10)",
    ]


def test_nothing_secret_is_told(config: Any, kind: str) -> None:
    secret = "a secret value"
    key = ("test", "logs", "secrets")
    errors = []
    with gathered(aerospike_py.LOG_LEVEL_TRACE) as log, connected(kind, config) as client:
        client.put(key, {"text": secret, "list": [secret]})
        client.get(key)
        attempts = [
            lambda: client.increment(key, "text", 1),
            lambda: client.put(key, {"much too long a bin name": secret}),
            lambda: client.put(key, {"text": {secret}}),
            lambda: client.put(key, {"text": secret}, {"gen": 77}, {"gen": 1}),
            lambda: client.get(key, {"filter_expression": exp.eq(exp.int_bin("text"), secret)}),
            lambda: client.batch_write([(key, {"text": object(), "b": secret})]),
            lambda: client.connect("me", secret),
            lambda: client.connect("me", [secret]),
            lambda: aerospike_py.client({**config, "user": "me", "password": [secret]}),
            lambda: aerospike_py.client({**config, "user": "me", "password": secret}).connect(),
        ]
        for attempt in attempts:
            try:
                attempt()
            except Exception as error:
                errors.append(f"{error!r} {error}")
        client.remove(key)
        shown = repr(client)
    assert len(errors) >= 6
    assert [text for text in [*errors, *log.texts, shown] if secret in text] == []


def test_a_function_gets_what_logging_would(config: Any, kind: str) -> None:
    told: list[tuple[Any, ...]] = []
    with gathered(aerospike_py.LOG_LEVEL_INFO) as log:
        try:
            aerospike_py.set_log_handler(lambda *record: told.append(record))
            with connected(kind, config):
                pass
            aerospike_py.set_log_handler(None)
            with connected(kind, config):
                pass
        finally:
            aerospike_py.set_log_handler()
    assert log.texts == []
    level, function, path, line, text = next(record for record in told if record[1] == "client")
    assert (level, function) == (aerospike_py.LOG_LEVEL_INFO, "client")
    assert (path[-3:], line > 0, text[:13]) == (".rs", True, "connected to ")
    with pytest.raises(TypeError, match="log_handler must be callable or None, not int"):
        aerospike_py.set_log_handler(5)  # type: ignore[arg-type]


def test_a_handler_that_fails_keeps_nothing_back(
    config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    unraisable: list[Any] = []
    monkeypatch.setattr("sys.unraisablehook", unraisable.append)

    def refuse(record: logging.LogRecord) -> None:
        raise KeyError(record.name)

    with gathered(aerospike_py.LOG_LEVEL_INFO, refuse) as log, connected("Client", config):
        pass
    assert log.told_by(CLIENT)[-1] == "closed"
    assert len(unraisable) == len(log.records)
    assert {hook.exc_type for hook in unraisable} == {KeyError}


def test_what_finds_no_room_is_counted(client: Any) -> None:
    """While a handler is at work nothing else is delivered: what it has its client do waits."""
    asked: list[str] = []

    def ask(record: logging.LogRecord) -> None:
        if not asked:
            for number in range(ROOM + 100):
                asked.append(f"question-{number}")
                client.info_random_node(asked[-1])

    before = aerospike_py.dropped_log_count()
    with gathered(aerospike_py.LOG_LEVEL_TRACE, ask) as log:
        client.info_random_node("build")
    dropped = aerospike_py.dropped_log_count() - before
    answered = [text.partition('"')[2].partition("\\t")[0] for text in log.told_by(INFO)]
    answered = [answer for answer in answered if answer.startswith("question-")]
    assert 100 <= dropped <= 200
    assert answered == asked[: len(answered)]
    assert len(answered) >= ROOM - 100


def test_event_loops_tell_of_what_happens_between_calls(config: Any, run: Any) -> None:
    async def listen() -> None:
        loop = asyncio.get_running_loop()
        tended = asyncio.Event()

        def heard(record: logging.LogRecord) -> None:
            if record.name == INFO:
                loop.call_soon_threadsafe(tended.set)

        async with aerospike_py.async_client({**config, "tend_interval": 250}):
            with gathered(aerospike_py.LOG_LEVEL_TRACE, heard):
                await asyncio.wait_for(tended.wait(), 20)

    run(listen())


def test_what_happens_between_blocking_calls_waits_for_one(config: Any) -> None:
    with (
        aerospike_py.client({**config, "tend_interval": 250}),
        gathered(aerospike_py.LOG_LEVEL_TRACE) as log,
    ):
        deadline = time.monotonic() + 20
        while not log.records and time.monotonic() < deadline:
            time.sleep(0.02)
            aerospike_py.flush_logs()
    assert log.records[0].threadName == "aerospike-sync"
