"""What both clients make of faults: which writes are in doubt, and what was done of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import aerospike_py
from aerospike_py.exception import AerospikeError, AerospikeTimeoutError
from aerospike_py.testing import EmbeddedServer
from support.both import connected

KEY = ("test", "faults", "one")
ONCE: Any = {"max_retries": 0, "total_timeout": 300}
"""One attempt, and a limit for the replies that never come."""


@pytest.fixture(scope="module")
def faulty() -> Iterator[EmbeddedServer]:
    with EmbeddedServer() as server:
        yield server


@pytest.fixture
def client(faulty: EmbeddedServer, kind: str) -> Iterator[Any]:
    with connected(kind, faulty.config()) as client:
        yield client
        faulty.clear()


def is_there(client: Any) -> bool:
    return client.exists(KEY).meta is not None


@pytest.mark.parametrize(("fault", "done"), [("dropped", True), ("lost", False)])
def test_a_write_without_a_reply_is_in_doubt_whether_done_or_not(
    faulty: EmbeddedServer, client: Any, fault: str, done: bool
) -> None:
    with (
        faulty.faults(**{fault: 1.0}),
        pytest.raises(AerospikeTimeoutError) as caught,
    ):
        client.put(KEY, {"a": 1}, policy=ONCE)
    assert caught.value.in_doubt is True
    assert is_there(client) is done


@pytest.mark.parametrize("fault", ["half", "reset"])
def test_a_write_whose_connection_ends_is_in_doubt(
    faulty: EmbeddedServer, client: Any, fault: str
) -> None:
    with faulty.faults(**{fault: 1.0}), pytest.raises(AerospikeError) as caught:
        client.put(KEY, {"a": 1}, policy=ONCE)
    assert caught.value.in_doubt is True
    assert is_there(client)


@pytest.mark.parametrize("fault", ["dropped", "lost", "half", "reset"])
def test_a_read_is_never_in_doubt(faulty: EmbeddedServer, client: Any, fault: str) -> None:
    client.put(KEY, {"a": 1})
    with faulty.faults(**{fault: 1.0}), pytest.raises(AerospikeError) as caught:
        client.get(KEY, policy=ONCE)
    assert caught.value.in_doubt is False


@pytest.mark.parametrize("code", [8, 10, 22])
def test_a_write_that_is_refused_is_not_in_doubt(
    faulty: EmbeddedServer, client: Any, code: int
) -> None:
    with faulty.faults(refused=1.0, code=code), pytest.raises(AerospikeError) as caught:
        client.put(KEY, {"a": 1}, policy=ONCE)
    assert (caught.value.code, caught.value.in_doubt) == (code, False)
    assert not is_there(client)


def test_a_batch_that_is_refused_writes_nothing(faulty: EmbeddedServer, client: Any) -> None:
    keys = [("test", "faults", number) for number in range(3)]
    write = {"op": aerospike_py.OPERATOR_WRITE, "bin": "a", "val": 1}
    with faulty.faults(refused=1.0, code=22):
        rows = client.batch_operate(keys, [write]).batch_records
    assert rows[0].result == 22
    assert all(row.result != 0 for row in rows)
    assert [client.exists(key).meta for key in keys] == [None] * 3


def test_a_retry_gets_over_what_happens_once(faulty: EmbeddedServer, client: Any) -> None:
    policy: Any = {"max_retries": 1, "socket_timeout": 200, "total_timeout": 10_000}
    client.put(KEY, {"a": 1})
    for fault in ("dropped", "lost", "half", "reset"):
        with faulty.faults(**{fault: 1.0}, times=1):
            assert client.get(KEY, policy=policy).bins == {"a": 1}
            assert faulty._info("faults").endswith("count=1")


def test_a_seed_decides_which_commands_are_hit(faulty: EmbeddedServer, client: Any) -> None:
    def hit(seed: int) -> list[int]:
        """The codes of the same commands, one after the other."""
        codes = []
        with faulty.faults(refused=0.5, code=22, seed=seed):
            for number in range(40):
                try:
                    client.put(("test", "faults", number), {"a": 1})
                    codes.append(0)
                except AerospikeError as error:
                    codes.append(error.code)
        return codes

    first = hit(1)
    assert set(first) == {0, 22}
    assert hit(1) == first
    assert hit(2) != first


def test_latency_makes_short_limits_run_out(faulty: EmbeddedServer, client: Any) -> None:
    with faulty.faults(latency=2000, jitter=100), pytest.raises(AerospikeTimeoutError):
        client.put(KEY, {"a": 1}, policy={"max_retries": 0, "total_timeout": 100})
    with faulty.faults(latency=1, jitter=1):
        client.put(KEY, {"a": 2})
        assert client.get(KEY).bins == {"a": 2}


def test_faults_end_with_their_block(faulty: EmbeddedServer, client: Any) -> None:
    with pytest.raises(ZeroDivisionError), faulty.faults(lost=1.0):
        raise ZeroDivisionError
    client.put(KEY, {"a": 1})
    assert is_there(client)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"lost": 2.0}, "fault lost=2.0: not a rate from 0 to 1"),
        ({"refused": 0.5}, "fault refused needs a result code"),
        ({"code": 256}, "fault code=256: not a number from 1 to 255"),
        ({"half": 0.6, "reset": 0.6}, "the rates of faults add up to 1.2, more than 1"),
        ({"latency": 0.5}, "fault latency=0.5: not a number from 0 to 60000"),
    ],
)
def test_wrong_faults(faulty: EmbeddedServer, wrong: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told), faulty.faults(**wrong):
        pytest.fail("the block was entered")
