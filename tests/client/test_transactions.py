"""Transactions: what they change, what they keep others from, and how they end."""

from __future__ import annotations

import asyncio
import copy
import gc
import pickle
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import Client, Transaction, exception, list_operations
from aerospike_py import operations as ops
from aerospike_py.testing import EmbeddedServer
from support.both import KINDS, connected

BLOCKED, MISMATCH, EXPIRED, TOO_MANY, LOCKED = 120, 121, 122, 123, 126
ONCE = {"total_timeout": 300, "max_retries": 0}
DURABLE = {"durable_delete": True}


@pytest.fixture(scope="module", params=KINDS)
def either(request: pytest.FixtureRequest, consistent: EmbeddedServer) -> Iterator[Any]:
    with connected(request.param, consistent.config()) as client:
        yield client


@pytest.fixture(scope="module")
def other(consistent: EmbeddedServer) -> Iterator[Client]:
    """Somebody else."""
    with Client(consistent.config()) as client:
        yield client


@pytest.fixture
def a(request: pytest.FixtureRequest, other: Client) -> tuple[str, str, str]:
    return fresh(other, f"a of {request.node.nodeid}")


@pytest.fixture
def b(request: pytest.FixtureRequest, other: Client) -> tuple[str, str, str]:
    return fresh(other, f"b of {request.node.nodeid}")


def fresh(client: Client, name: str) -> tuple[str, str, str]:
    key = ("test", "txn", name)
    client.put(key, {"n": 1})
    return key


def number(client: Any, key: Any, **policy: Any) -> Any:
    """The bin `n`, or None if there is no such record."""
    try:
        return client.get(key, policy=policy).bins.get("n")
    except exception.RecordNotFound:
        return None


def is_blocked(write: Callable[[], Any]) -> bool:
    try:
        write()
    except exception.AerospikeError as error:
        if error.code != BLOCKED:
            raise
        return True
    return False


@contextmanager
def refused(code: int) -> Iterator[None]:
    with pytest.raises(exception.AerospikeError) as raised:
        yield
    assert raised.value.code == code, raised.value


WRITES = {
    "put": (lambda c, k, p: c.put(k, {"n": 5}, policy=p), 5),
    "increment": (lambda c, k, p: c.increment(k, "n", 4, policy=p), 5),
    "operate": (lambda c, k, p: c.operate(k, [ops.write("n", 5), ops.read("n")], policy=p), 5),
    "remove_bin": (lambda c, k, p: c.remove_bin(k, ["n"], policy={**p, **DURABLE}), None),
    "remove": (lambda c, k, p: c.remove(k, policy={**p, **DURABLE}), None),
    "touch": (lambda c, k, p: c.touch(k, policy=p), 1),
    "append": (lambda c, k, p: c.append(k, "text", "x", policy=p), 1),
    "prepend": (lambda c, k, p: c.prepend(k, "text", "x", policy=p), 1),
    "batch_write": (lambda c, k, p: c.batch_write([(k, {"n": 5})], policy=p), 5),
    "batch_operate": (lambda c, k, p: c.batch_operate([k], [ops.increment("n", 4)], policy=p), 5),
    "batch_remove": (lambda c, k, p: c.batch_remove([k], policy={**p, **DURABLE}), None),
}


@pytest.mark.parametrize("verb", WRITES)
def test_a_write_takes_effect_when_it_is_committed(
    verb: str, either: Any, other: Client, a: Any
) -> None:
    write, after = WRITES[verb]
    for end, left in [("abort", 1), ("commit", after)]:
        txn = Transaction()
        write(either, a, {"txn": txn})
        assert (number(other, a), number(either, a, txn=txn)) == (1, after)
        assert (txn.state, txn.namespace, txn.in_doubt) == (aero.TXN_STATE_OPEN, "test", False)
        with refused(BLOCKED):
            other.put(a, {"n": 9})
        assert getattr(either, end)(txn) == 0
        assert number(other, a) == left
    fresh(other, a[2])


def test_functions_are_part_of_transactions(
    either: Any, other: Client, a: Any, tmp_path: Any
) -> None:
    source = "function set(record, n) record.n = n; aerospike:update(record); return n end"
    path = tmp_path / "txn_udf.lua"
    path.write_text(source)
    either.udf_put(str(path))
    for end, left in [("abort", 1), ("commit", 7)]:
        txn = Transaction()
        assert either.apply(a, "txn_udf", "set", [7], policy={"txn": txn}) == 7
        assert number(other, a) == 1
        getattr(either, end)(txn)
        assert number(other, a) == left
    with Client(either_config(other)) as client, client.transaction() as txn:
        assert client.batch_apply([a], "txn_udf", "set", [8], policy={"txn": txn}).batch_records
        assert number(other, a) == 7
    assert number(other, a) == 8


def either_config(client: Client) -> Any:
    host, _, port = client.info_random_node("service").partition(":")
    return {"hosts": [(host, int(port))]}


def test_batches_and_queries_see_what_they_should(either: Any, other: Client) -> None:
    set_name = f"txn of {type(either).__name__}"
    a, b = (("test", set_name, name) for name in "ab")

    def seen_by_others() -> list[list[int]]:
        read = [bins["n"] for bins in other.batch_read([a, b]).to_list()]
        found = [record.bins["n"] for record in other.query("test", set_name)]
        return [read, sorted(found)]

    for key in (a, b):
        other.put(key, {"n": 1})
    txn = Transaction()
    written = either.batch_write([(a, {"n": 5}), (b, {"n": 6})], policy={"txn": txn})
    assert [row.result for row in written.batch_records] == [0, 0]
    read = either.batch_read([a, b], policy={"txn": txn}).to_list()
    assert [bins["n"] for bins in read] == [5, 6]
    assert seen_by_others() == [[1, 1], [1, 1]]
    rows = other.batch_write([(a, {"n": 9}), (b, {"n": 9})]).batch_records
    assert [row.result for row in rows] == [BLOCKED, BLOCKED]
    assert either.commit(txn) == aero.COMMIT_OK
    assert seen_by_others() == [[5, 6], [5, 6]]


CHANGES = {
    "put": lambda c, k: c.put(k, {"n": 2}),
    "remove": lambda c, k: c.remove(k, policy=DURABLE),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_commit_fails_if_what_was_read_has_changed(
    change: str, either: Any, other: Client, a: Any, b: Any
) -> None:
    txn = Transaction()
    assert number(either, a, txn=txn) == 1
    either.put(b, {"n": 5}, policy={"txn": txn})
    CHANGES[change](other, a)
    with pytest.raises(exception.TransactionFailed) as raised:
        either.commit(txn)
    assert not raised.value.in_doubt
    assert a[2] in str(raised.value)
    assert (txn.state, number(other, b)) == (aero.TXN_STATE_ABORTED, 1)


def test_skew_is_impossible(either: Any, other: Client, a: Any, b: Any) -> None:
    """Two that read what the other one writes can't both be committed."""
    one, two = Transaction(), Transaction()
    assert number(either, a, txn=one) == number(other, b, txn=two) == 1
    either.put(b, {"n": 2}, policy={"txn": one})
    other.put(a, {"n": 2}, policy={"txn": two})
    with pytest.raises(exception.TransactionFailed):
        either.commit(one)
    assert other.commit(two) == aero.COMMIT_OK
    assert (number(other, a), number(other, b)) == (2, 1)


def test_a_stale_write_is_refused(either: Any, other: Client, a: Any) -> None:
    txn = Transaction()
    assert number(either, a, txn=txn) == 1
    other.put(a, {"n": 2})
    with refused(MISMATCH):
        either.put(a, {"n": 3}, policy={"txn": txn})
    with refused(MISMATCH):
        either.get(a, policy={"txn": txn})
    either.abort(txn)


def test_conflicts_are_told_at_once(either: Any, other: Client, a: Any) -> None:
    one, two = Transaction(), Transaction()
    either.put(a, {"n": 2}, policy={"txn": one})
    for attempt in (
        lambda: other.put(a, {"n": 3}, policy={"txn": two}),
        lambda: other.get(a, policy={"txn": two}),
        lambda: other.remove(a, policy=DURABLE),
    ):
        with refused(BLOCKED):
            attempt()
    with refused(LOCKED):
        either.put(a, {"n": 3}, policy={"txn": one, "on_locking_only": True})
    assert other.get(a, policy={"read_mode_sc": aero.POLICY_READ_MODE_SC_LINEARIZE}).bins == {
        "n": 1
    }
    assert other.abort(two) == aero.ABORT_OK
    assert either.commit(one) == aero.COMMIT_OK


def test_transactions_end_once(either: Any, a: Any) -> None:
    committed, aborted = Transaction(), Transaction()
    either.put(a, {"n": 2}, policy={"txn": committed})
    assert either.commit(committed) == aero.COMMIT_OK
    assert either.commit(committed) == aero.COMMIT_ALREADY_COMMITTED
    with pytest.raises(exception.TransactionAlreadyCommitted):
        either.abort(committed)
    either.put(a, {"n": 3}, policy={"txn": aborted})
    assert either.abort(aborted) == aero.ABORT_OK
    assert either.abort(aborted) == aero.ABORT_ALREADY_ABORTED
    with pytest.raises(exception.TransactionAlreadyAborted):
        either.commit(aborted)
    for ended in (committed, aborted):
        with pytest.raises(exception.InvalidArgError, match="has been ended"):
            either.put(a, {"n": 4}, policy={"txn": ended})
        with pytest.raises(exception.InvalidArgError, match="has been ended"):
            either.get(a, policy={"txn": ended})
    assert number(either, a) == 2


def test_a_transaction_that_only_reads_needs_nothing_of_the_server(either: Any, a: Any) -> None:
    txn = Transaction()
    assert either.exists(a, policy={"txn": txn}).meta.gen == 1
    assert either.select(a, ["n"], policy={"txn": txn}).bins == {"n": 1}
    assert either.commit(txn) == aero.COMMIT_OK
    assert either.commit(Transaction()) == aero.COMMIT_OK
    assert either.abort(Transaction()) == aero.ABORT_OK


def test_the_server_ends_what_takes_too_long(either: Any, other: Client, a: Any) -> None:
    txn = Transaction(timeout=1)
    either.put(a, {"n": 2}, policy={"txn": txn})
    # Whoever wants to write waits for the lock by trying again.
    while is_blocked(lambda: other.put(a, {"n": 3})):
        threading.Event().wait(0.01)
    assert number(other, a) == 3
    with pytest.raises(exception.AerospikeError) as raised:
        either.put(a, {"n": 4}, policy={"txn": txn})
    assert raised.value.code == EXPIRED
    with pytest.raises(exception.TransactionFailed):
        either.commit(txn)
    assert number(other, a) == 3


def test_a_transaction_has_a_namespace_with_strong_consistency(a: Any) -> None:
    with (
        EmbeddedServer(["test", "plain"], strong_consistency=["test"]) as server,
        Client(server.config()) as client,
    ):
        txn = Transaction()
        client.put(a, {"n": 1}, policy={"txn": txn})
        with pytest.raises(exception.InvalidArgError, match="orig: test new: plain"):
            client.get(("plain", "txn", "k"), policy={"txn": txn})
        with refused(16):
            client.put(("plain", "txn", "k"), {"n": 1}, policy={"txn": Transaction()})
        with pytest.raises(exception.AerospikeError) as raised:
            client.remove(a)
        assert raised.value.code in (22, BLOCKED)
        assert client.commit(txn) == aero.COMMIT_OK
        with refused(22):
            client.remove(a)
        client.remove(a, policy=DURABLE)
        client.put(a, {"n": 1})
        assert client.get(a).meta.gen == 3
        assert "strong-consistency=true" in client.info_random_node("namespace/test")
        assert "roster=BB9" in client.info_random_node("roster:namespace=test")


def test_without_strong_consistency_there_are_none(server: Any, key: Any) -> None:
    with EmbeddedServer() as plain, Client(plain.config()) as client, refused(25):
        client.put(("test", "txn", "k"), {"n": 1}, policy={"txn": Transaction()})


def test_no_more_than_4096_records(either: Any, other: Client) -> None:
    txn = Transaction()
    keys = [("test", "txn", f"many {number}") for number in range(4096)]
    rows = either.batch_write([(key, {"n": 1}) for key in keys], policy={"txn": txn}).batch_records
    assert {row.result for row in rows} == {0}
    with refused(TOO_MANY):
        either.put(("test", "txn", "one more"), {"n": 1}, policy={"txn": txn})
    assert either.abort(txn) == aero.ABORT_OK
    assert number(other, keys[0]) is None


def test_a_block_commits_or_aborts(consistent: EmbeddedServer, a: Any, b: Any) -> None:
    transactions: list[Transaction] = []

    def within(block: Any, *steps: Callable[[Any], Any]) -> None:
        with block as txn:
            transactions.append(txn)
            for step in steps:
                step({"txn": txn})

    def fail(_policy: Any) -> None:
        raise KeyError

    with Client(consistent.config()) as client:
        within(
            client.transaction(timeout=30), lambda policy: client.put(a, {"n": 2}, policy=policy)
        )
        assert (transactions[-1].state, number(client, a)) == (aero.TXN_STATE_COMMITTED, 2)
        assert transactions[-1].timeout == 30
        with pytest.raises(KeyError):
            within(
                client.transaction(), lambda policy: client.put(a, {"n": 3}, policy=policy), fail
            )
        assert (transactions[-1].state, number(client, a)) == (aero.TXN_STATE_ABORTED, 2)
        within(
            client.transaction(),
            lambda policy: client.put(a, {"n": 4}, policy=policy),
            lambda policy: client.abort(policy["txn"]),
        )
        assert number(client, a) == 2
        block = client.transaction()
        with pytest.raises(exception.TransactionFailed):
            within(
                block,
                lambda policy: client.get(b, policy=policy),
                lambda policy: client.put(a, {"n": 5}, policy=policy),
                lambda _policy: client.put(b, {"n": 6}),
            )
        assert (number(client, a), number(client, b)) == (2, 6)
        with pytest.raises(RuntimeError, match="makes another"):
            within(block)


def test_an_async_block_commits_or_aborts(consistent: EmbeddedServer, run: Any, a: Any) -> None:
    async def write(client: aero.AsyncClient, value: int, error: BaseException | None) -> int:
        txn = None
        try:
            async with client.transaction() as txn:
                await client.put(a, {"n": value}, policy={"txn": txn})
                if error:
                    raise error
        except asyncio.CancelledError:
            pass
        assert txn
        return txn.state

    async def main() -> None:
        async with aero.AsyncClient(consistent.config()) as client:
            assert await write(client, 2, None) == aero.TXN_STATE_COMMITTED
            assert await write(client, 3, asyncio.CancelledError()) == aero.TXN_STATE_ABORTED
            assert (await client.get(a)).bins == {"n": 2}

    run(main())


def seed_of_the_second(server: EmbeddedServer, client: Client) -> int:
    """A seed with which half of the faults spare the first command and hit the second."""

    def is_hit() -> bool:
        try:
            client.exists(("test", "txn", "nothing"), policy={"max_retries": 0})
        except exception.AerospikeError:
            return True
        return False

    for seed in range(100):
        with server.faults(refused=0.5, code=14, seed=seed):
            if not is_hit() and is_hit():
                return seed
    raise AssertionError("no seed does")


@pytest.mark.parametrize("fault", ["lost", "dropped"])
@pytest.mark.parametrize("verb", ["put", "remove", "create"])
def test_a_write_in_doubt_can_be_undone(
    fault: str, verb: str, either: Any, other: Client, consistent: EmbeddedServer, a: Any, b: Any
) -> None:
    seed = seed_of_the_second(consistent, other)
    if verb == "create":
        other.remove(a, policy=DURABLE)
    before = number(other, a)
    txn = Transaction()
    either.put(b, {"n": 2}, policy={"txn": txn})
    write = WRITES["remove" if verb == "remove" else "put"][0]
    # The first command tells the transaction's monitor of the record, the second writes it.
    with (
        consistent.faults(**{fault: 0.5}, times=1, seed=seed),
        pytest.raises(exception.AerospikeTimeoutError) as raised,
    ):
        write(either, a, {"txn": txn, **ONCE})
    assert raised.value.in_doubt
    assert number_of_locks(other) == {"lost": 1, "dropped": 2}[fault]
    with pytest.raises(exception.TransactionFailed, match="repeat that write, or abort"):
        either.commit(txn)
    assert either.abort(txn) == aero.ABORT_OK
    assert number_of_locks(other) == 0
    assert (number(other, a), number(other, b)) == (before, 1)


def test_a_write_in_doubt_can_be_repeated(
    either: Any, other: Client, consistent: EmbeddedServer, a: Any
) -> None:
    seed = seed_of_the_second(consistent, other)
    txn = Transaction()
    with (
        consistent.faults(dropped=0.5, times=1, seed=seed),
        pytest.raises(exception.AerospikeTimeoutError),
    ):
        either.put(a, {"n": 2}, policy={"txn": txn, **ONCE})
    either.put(a, {"n": 3}, policy={"txn": txn})
    assert either.commit(txn) == aero.COMMIT_OK
    assert (number(other, a), number_of_locks(other)) == (3, 0)


def test_a_commit_in_doubt_can_only_be_committed(
    either: Any, other: Client, consistent: EmbeddedServer, a: Any
) -> None:
    txn = Transaction()
    either.put(a, {"n": 2}, policy={"txn": txn})
    with (
        consistent.faults(dropped=1.0, times=1),
        pytest.raises(exception.TransactionFailed) as raised,
    ):
        either.commit(txn, roll_policy=ONCE)
    assert raised.value.in_doubt
    assert (txn.in_doubt, txn.state) == (True, aero.TXN_STATE_COMMIT_FAILED)
    with pytest.raises(exception.TransactionFailed, match="in-doubt"):
        either.abort(txn)
    assert either.commit(txn) == aero.COMMIT_ALREADY_COMMITTED
    assert (number(other, a), txn.in_doubt, txn.state) == (2, False, aero.TXN_STATE_COMMITTED)


def test_the_end_waits_for_writes_that_were_cancelled(
    consistent: EmbeddedServer, other: Client, run: Any, a: Any
) -> None:
    async def main() -> None:
        async with aero.AsyncClient(consistent.config()) as client:
            txn = Transaction()
            with consistent.faults(latency=50):
                writing = asyncio.ensure_future(client.put(a, {"n": 2}, policy={"txn": txn}))
                await asyncio.sleep(0)
                writing.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await writing
                assert await client.abort(txn) == aero.ABORT_OK
            assert number_of_locks(other) == 0
            assert (await client.get(a)).bins == {"n": 1}

    run(main())


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"reads_capacity": "1"}, TypeError),
        ({"writes_capacity": -1}, ValueError),
        ({"timeout": 1 << 32}, ValueError),
        ({"timeout": True}, TypeError),
        ({"capacity": 1}, TypeError),
    ],
)
def test_what_is_no_argument_is_refused(arguments: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Transaction(**arguments)


def test_a_transaction_is_an_object_of_its_own(other: Client, a: Any) -> None:
    txn = Transaction(reads_capacity=4294967295, writes_capacity=0)
    assert (txn.state, txn.in_doubt, txn.namespace, txn.timeout) == (0, False, None, 0)
    assert txn.id != Transaction().id
    assert repr(txn) == f"<Transaction {txn.id:#x}, open>"
    txn.timeout = 5
    assert txn.timeout == 5
    for name in ("id", "state", "in_doubt"):
        with pytest.raises(AttributeError):
            setattr(txn, name, 1)
    with pytest.raises(AttributeError, match="can't be deleted"):
        del txn.timeout
    for attempt in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError, match="another process or interpreter"):
            attempt(txn)
    with pytest.raises(TypeError):
        type("Derived", (Transaction,), {})
    other.put(a, {"n": 1}, policy={"txn": txn})
    with pytest.raises(ValueError, match="once the transaction has written"):
        txn.timeout = 6
    with pytest.raises(RuntimeError, match="__init__"):
        Transaction.__new__(Transaction).id  # noqa: B018
    other.abort(txn)
    gone = weakref.ref(txn)
    del txn
    gc.collect()
    assert gone() is None


def test_policies_refuse_what_is_none(either: Any, a: Any) -> None:
    with pytest.raises(TypeError, match='key "txn" must be a Transaction or None, not int'):
        either.get(a, policy={"txn": 1})
    with pytest.raises(TypeError, match="transaction must be a Transaction, not str"):
        either.commit("txn")
    with pytest.raises(ValueError, match="can't be part of a transaction"):
        either.query("test", "txn").results(policy={"txn": Transaction()})
    with pytest.raises(ValueError, match="policies of the calls"):
        Client({"hosts": [("127.0.0.1", 1)], "policies": {"read": {"txn": Transaction()}}})
    assert either.get(a, policy={"txn": None}).bins == {"n": 1}
    with pytest.raises(ValueError, match="verify_policy has an unknown key"):
        either.commit(Transaction(), verify_policy={"total": 1})


def test_many_threads_may_use_one_at_once(other: Client, consistent: EmbeddedServer) -> None:
    keys = [("test", "txn", f"thread {number}") for number in range(16)]
    start = threading.Barrier(len(keys))

    def write(key: Any, txn: Transaction) -> None:
        start.wait()
        other.put(key, {"n": 1}, policy={"txn": txn})
        other.operate(key, [list_operations.list_append("l", 1)], policy={"txn": txn})

    for end, left in [("abort", None), ("commit", 1)]:
        txn = Transaction()
        with ThreadPoolExecutor(len(keys)) as pool:
            for done in [pool.submit(write, key, txn) for key in keys]:
                done.result()
        assert getattr(other, end)(txn) == 0
        assert [number(other, key) for key in keys] == [left] * len(keys)
        assert number_of_locks(other) == 0


def number_of_locks(client: Client) -> int:
    told = client.info_random_node("namespace/test").split(";")
    return int(dict(pair.split("=", 1) for pair in told)["mrt_provisionals"])


CONFLICTS = (BLOCKED, MISMATCH, -17)


def test_transfers_keep_the_sum(consistent: EmbeddedServer, run: Any) -> None:
    """Concurrent transfers between few accounts: each happens as a whole or not at all."""
    accounts = [("test", "sum", number) for number in range(5)]

    def pair(seed: int) -> tuple[Any, Any]:
        first = seed % 5
        return accounts[first], accounts[(first + 1 + seed % 4) % 5]

    def transfer(client: Client, seed: int) -> bool:
        source, target = pair(seed)
        with client.transaction() as txn:
            policy: Any = {"txn": txn}
            balance = client.get(source, policy=policy).bins["n"]
            client.put(source, {"n": balance - seed}, policy=policy)
            client.increment(target, "n", seed, policy=policy)
        return True

    async def transfer_async(client: aero.AsyncClient, seed: int) -> bool:
        source, target = pair(seed)
        async with client.transaction() as txn:
            policy: Any = {"txn": txn}
            balance = (await client.get(source, policy=policy)).bins["n"]
            await client.put(source, {"n": balance - seed}, policy=policy)
            await client.increment(target, "n", seed, policy=policy)
        return True

    def repeatedly(client: Client, seed: int) -> bool:
        for _ in range(200):
            try:
                return transfer(client, seed)
            except exception.AerospikeError as error:
                if error.code not in CONFLICTS:
                    raise
        return False

    async def repeatedly_async(client: aero.AsyncClient, seed: int) -> bool:
        for _ in range(200):
            try:
                return await transfer_async(client, seed)
            except exception.AerospikeError as error:
                if error.code not in CONFLICTS:
                    raise
        return False

    async def all_async() -> list[bool]:
        async with aero.AsyncClient(consistent.config()) as client:
            return await asyncio.gather(*(repeatedly_async(client, seed) for seed in range(20)))

    with Client(consistent.config()) as client:
        for account in accounts:
            client.put(account, {"n": 100})
        with ThreadPoolExecutor(4) as pool:
            running = [pool.submit(repeatedly, client, seed) for seed in range(20)]
            assert any(run(all_async()))
            finished = [transferred.result() for transferred in running]
            assert any(finished)
        balances = [bins["n"] for bins in client.batch_read(accounts).to_list()]
        assert sum(balances) == 500
        assert number_of_locks(client) == 0
