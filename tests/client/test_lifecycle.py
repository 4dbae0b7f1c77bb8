"""Clients from their making to their end: connecting, closing, being forgotten."""

from __future__ import annotations

import asyncio
import copy
import gc
import pickle
import socket
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from aerospike_py import AsyncClient, Client, exception
from support.both import connected, unconnected
from support.proxy import Proxy

CLASSES: dict[str, Any] = {"Client": Client, "AsyncClient": AsyncClient}
KEY = ("test", "lifecycle", "of no record")


@pytest.fixture
def cls(kind: str) -> Any:
    return CLASSES[kind]


@pytest.fixture
def nobody() -> Iterator[tuple[str, int]]:
    """An address where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()


def in_threads(count: int, work: Callable[[int], None]) -> list[threading.Thread]:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    return threads


# --- connecting -------------------------------------------------------------------------------


def test_connect_connects_and_returns_the_client(kind: str, config: Any) -> None:
    with unconnected(kind, config) as client:
        assert client.is_connected() is False
        assert client.connect() is client
        assert client.is_connected() is True


def test_connecting_twice_is_connecting_once(kind: str, proxy: Proxy) -> None:
    with connected(kind, {"hosts": proxy.hosts}) as client:
        client.exists(KEY)
        connections = proxy.accepted
        assert client.connect() is client
        client.exists(KEY)
        assert proxy.accepted == connections


def test_threads_that_connect_at_once_share_a_connection(config: Any) -> None:
    client = Client(config)
    names = []
    start = threading.Barrier(8)

    def connect(number: int) -> None:
        start.wait()
        names.append(client.connect().get_node_names())

    for thread in in_threads(8, connect):
        thread.join()
    assert names == [client.get_node_names()] * 8
    client.close()


def test_with_connects_and_closes(config: Any) -> None:
    with Client(config) as client:
        assert client.is_connected()
    assert not client.is_connected()
    with client as again:
        assert again is client
        assert client.is_connected()


def test_async_with_connects_and_closes(run: Any, config: Any) -> None:
    async def main() -> None:
        async with AsyncClient(config) as client:
            assert client.is_connected()
        assert not client.is_connected()
        async with client as again:
            assert again is client
            assert client.is_connected()

    run(main())


def test_with_takes_a_client_that_is_connected(config: Any) -> None:
    with Client(config).connect() as client:
        assert client.ping()
    assert not client.is_connected()


def test_with_lets_exceptions_pass(run: Any, config: Any) -> None:
    client = Client(config)
    with pytest.raises(ZeroDivisionError), client:
        raise ZeroDivisionError
    assert not client.is_connected()
    async_client = AsyncClient(config)

    async def main() -> None:
        async with async_client:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(main())
    assert not async_client.is_connected()


def test_where_nobody_listens_connect_fails(kind: str, nobody: Any) -> None:
    with unconnected(kind, {"hosts": [nobody]}) as client:
        with pytest.raises(exception.ConnectionError, match=str(nobody[1])) as caught:
            client.connect()
        assert isinstance(caught.value, exception.ClusterError)
        assert caught.value.in_doubt is False
        assert client.is_connected() is False
        with pytest.raises(exception.ClientError, match=r"connect\(\)"):
            client.get(KEY)


def test_connect_need_not_succeed_at_once(kind: str, nobody: Any) -> None:
    config = {"hosts": [nobody], "fail_if_not_connected": False}
    with connected(kind, config) as client:
        assert client.is_connected() is False
        with pytest.raises(exception.ClusterError):
            client.get(KEY)


def test_one_host_of_several_is_enough(kind: str, server: Any, nobody: Any) -> None:
    with connected(kind, {"hosts": [nobody, *server.hosts]}) as client:
        assert client.ping()


@pytest.mark.parametrize("arguments", [{"username": "u"}, {"password": "p"}, {"username": 5}])
def test_user_and_password_come_together(kind: str, config: Any, arguments: Any) -> None:
    with unconnected(kind, config) as client:
        with pytest.raises(TypeError, match="username"):
            client.connect(**arguments)
        assert not client.is_connected()


def test_user_can_not_change_while_connected(kind: str, config: Any) -> None:
    with connected(kind, config) as client:
        with pytest.raises(exception.ClientError, match="close"):
            client.connect("user", "password")
        assert client.ping()


# --- closing ----------------------------------------------------------------------------------

CALLS: list[tuple[str, tuple[Any, ...]]] = [
    ("get", (KEY,)),
    ("select", (KEY, ["a"])),
    ("exists", (KEY,)),
    ("put", (KEY, {"a": 1})),
    ("remove", (KEY,)),
    ("touch", (KEY,)),
    ("append", (KEY, "a", "x")),
    ("prepend", (KEY, "a", "x")),
    ("increment", (KEY, "a", 1)),
    ("remove_bin", (KEY, ["a"])),
    ("operate", (KEY, [{"op": 1, "bin": "a"}])),
    ("operate_ordered", (KEY, [{"op": 1, "bin": "a"}])),
    ("info_all", ("node",)),
    ("info_random_node", ("node",)),
    ("info_single_node", ("node", "name")),
    ("get_node_names", ()),
]


@pytest.mark.parametrize(("verb", "args"), CALLS)
def test_verbs_need_a_client_that_is_open(kind: str, config: Any, verb: str, args: Any) -> None:
    with unconnected(kind, config) as client:
        with pytest.raises(exception.ClientError, match=r"not connected; call connect\(\)"):
            getattr(client, verb)(*args)
        client.connect()
        client.close()
        with pytest.raises(exception.ClientError, match="closed") as caught:
            getattr(client, verb)(*args)
        assert (caught.value.code, caught.value.in_doubt) == (-1, False)


def test_closing_is_idempotent(kind: str, config: Any) -> None:
    with unconnected(kind, config) as client:
        assert client.close() is None
        client.connect()
        assert client.close() is None
        assert client.close() is None
        assert client.is_connected() is False


def test_a_closed_client_can_be_connected_again(kind: str, config: Any) -> None:
    with unconnected(kind, config) as client:
        for _ in range(3):
            client.connect()
            assert client.exists(KEY).meta is None
            client.close()
        assert not client.is_connected()


def test_close_closes_every_connection(kind: str, proxy: Proxy) -> None:
    with connected(kind, {"hosts": proxy.hosts}) as client:
        client.exists(KEY)
        client.close()
        proxy.wait_until_left()


def test_close_ends_a_connect_that_is_under_way(proxy: Proxy) -> None:
    client = Client({"hosts": proxy.hosts, "connect_timeout": 30_000})
    proxy.hold_all()
    raised = []

    def connect(number: int) -> None:
        with pytest.raises(exception.ClientError, match="closed while it connected") as caught:
            client.connect()
        raised.append(caught.value)

    (thread,) = in_threads(1, connect)
    proxy.wait_until_held(1)
    client.close()
    proxy.release()
    thread.join()
    assert len(raised) == 1
    assert not client.is_connected()
    proxy.wait_until_left()


def use_until_closed(client: Client, key: Any) -> list[BaseException]:
    """What the calls raise until one says that the client is closed."""
    raised: list[BaseException] = []
    while not any("closed" in str(error) for error in raised):
        try:
            client.put(key, {"a": 1})
            assert client.get(key).bins == {"a": 1}
        except BaseException as error:
            raised.append(error)
    return raised


def test_close_beside_calls_of_eight_threads(config: Any, key: Any) -> None:
    """Each call succeeds, or raises an exception of the package that says why."""
    with ThreadPoolExecutor(8) as pool:
        for _ in range(10):
            client = Client(config).connect()
            users = [pool.submit(use_until_closed, client, key) for _ in range(8)]
            client.close()
            for user in users:
                raised = user.result()
                assert all(isinstance(error, exception.AerospikeError) for error in raised), raised
                assert all(error.msg for error in raised), raised


def test_close_beside_tasks(run: Any, config: Any, key: Any) -> None:
    async def main() -> None:
        client = AsyncClient({**config, "max_concurrent_operations": 50})
        for _ in range(10):
            await client.connect()
            await client.put(key, {"a": 1})
            tasks = [asyncio.create_task(client.get(key)) for _ in range(200)]
            await asyncio.sleep(0)
            await client.close()
            for result in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(result, BaseException):
                    assert isinstance(result, exception.AerospikeError), result
                    assert result.msg
                else:
                    assert result.bins == {"a": 1}
            with pytest.raises(exception.ClientError, match="closed"):
                await client.get(KEY)

    run(main())


def test_calls_without_an_answer_end_after_close(kind: str, proxy: Proxy, key: Any) -> None:
    config = {"hosts": proxy.hosts, "policies": {"write": {"total_timeout": 500}}}
    client = CLASSES[kind](config)
    raised = []

    def work(number: int) -> None:
        with pytest.raises(exception.AerospikeError) as caught:
            client.put(key, {"a": 1})
        raised.append(caught.value)

    async def work_async(number: int) -> None:
        with pytest.raises(exception.AerospikeError) as caught:
            await client.put(key, {"a": 1})
        raised.append(caught.value)

    async def main() -> None:
        await client.connect()
        proxy.hold()
        tasks = [asyncio.create_task(work_async(number)) for number in range(8)]
        await asyncio.to_thread(proxy.wait_until_held, 8)
        await client.close()
        await asyncio.gather(*tasks)

    if kind == "AsyncClient":
        asyncio.run(main())
    else:
        client.connect()
        proxy.hold()
        threads = in_threads(8, work)
        proxy.wait_until_held(8)
        client.close()
        for thread in threads:
            thread.join()
    assert [error.in_doubt for error in raised] == [True] * 8


# --- limits -----------------------------------------------------------------------------------


def test_operations_over_the_limit_wait_for_their_turn(proxy: Proxy) -> None:
    limits = {"max_concurrent_operations": 2}
    with Client({"hosts": proxy.hosts, **limits}) as client:
        proxy.hold()
        results = []
        threads = in_threads(6, lambda number: results.append(client.exists(KEY).meta))
        proxy.wait_until_held(2)
        assert proxy.held == 2
        proxy.release()
        for thread in threads:
            thread.join()
        assert results == [None] * 6


def test_operations_that_wait_too_long_are_refused(proxy: Proxy) -> None:
    limits = {"max_concurrent_operations": 2, "operation_queue_timeout_ms": 10}
    with Client({"hosts": proxy.hosts, **limits}) as client:
        proxy.hold()
        threads = in_threads(2, lambda number: client.exists(KEY))
        proxy.wait_until_held(2)
        with pytest.raises(exception.BackpressureError, match="2"):
            client.exists(KEY)
        proxy.release()
        for thread in threads:
            thread.join()
        assert client.exists(KEY).meta is None


# --- objects ----------------------------------------------------------------------------------


def test_client_without_init_says_so(cls: Any, config: Any) -> None:
    class Forgetful(cls):
        def __init__(self) -> None:
            pass

    for client in (cls.__new__(cls), Forgetful()):
        for verb, args in [*CALLS, ("close", ()), ("is_connected", ()), ("connect", ())]:
            with pytest.raises(RuntimeError, match="__init__"):
                getattr(client, verb)(*args)


def test_client_is_initialised_once(cls: Any, config: Any) -> None:
    client = cls(config)
    with pytest.raises(RuntimeError, match="initialised already"):
        client.__init__(config)
    assert not client.is_connected()


def test_client_that_failed_to_initialise_can_be_tried_again(cls: Any, config: Any) -> None:
    client = cls.__new__(cls)
    with pytest.raises((TypeError, ValueError), match="hosts"):
        client.__init__({"hosts": []})
    client.__init__(config)
    assert not client.is_connected()


def test_classes_can_be_derived_from(config: Any, key: Any) -> None:
    class Counting(Client):
        def __init__(self, config: Any, start: int, **keywords: Any) -> None:
            super().__init__({**config, **keywords})
            self.calls = start

        def get(self, key: Any, policy: Any = None) -> Any:
            self.calls += 1
            return super().get(key, policy)

    with Counting(config, 5, tend_interval=500) as client:
        assert type(client) is Counting
        client.put(key, {"a": 1})
        assert client.get(key).bins == {"a": 1}
        assert client.calls == 6


def test_several_inheritance(cls: Any, config: Any) -> None:
    class Named:
        def name(self) -> str:
            return type(self).__name__

    class Both(Named, cls):
        pass

    client = Both(config)
    assert client.name() == "Both"
    assert client.is_connected() is False


def test_clients_are_no_bags_of_attributes(cls: Any, config: Any) -> None:
    client = cls(config)
    with pytest.raises(AttributeError):
        client.unknown = 1
    with pytest.raises(TypeError, match="immutable"):
        cls.get = None
    assert weakref.ref(client)() is client


@pytest.mark.parametrize(
    "send", [pickle.dumps, copy.copy, copy.deepcopy, lambda client: pickle.dumps([client], 0)]
)
def test_clients_stay_where_they_are(cls: Any, config: Any, send: Any) -> None:
    class Derived(cls):
        pass

    for client in (cls(config), Derived(config)):
        with pytest.raises(TypeError, match=rf"{cls.__name__} can't be pickled.*create one there"):
            send(client)


@pytest.mark.parametrize("is_open", [False, True])
def test_client_in_a_cycle_is_collected(kind: str, proxy: Proxy, is_open: bool) -> None:
    class Cyclic(CLASSES[kind]):
        pass

    def make() -> weakref.ref[Any]:
        client = Cyclic({"hosts": proxy.hosts})
        client.itself = [client]
        if is_open and kind == "Client":
            client.connect().exists(KEY)
        elif is_open:
            asyncio.run(use(client))
        return weakref.ref(client)

    async def use(client: Any) -> None:
        await client.connect()
        await client.exists(KEY)

    reference = make()
    gc.collect()
    assert reference() is None
    proxy.wait_until_left()


def test_class_is_collected_with_its_clients(cls: Any, config: Any) -> None:
    class Plain:
        def __init__(self, config: Any) -> None:
            self.config = config

    def make(base: Any) -> weakref.ref[Any]:
        class Passing(base):
            pass

        Passing.last = Passing(config)
        return weakref.ref(Passing)

    reference, control = make(cls), make(Plain)
    gc.collect()
    if control() is not None:
        pytest.skip("once it has had threads, CPython 3.13t collects no classes at all")
    assert reference() is None


def test_client_that_is_forgotten_leaves_no_connection(kind: str, proxy: Proxy) -> None:
    async def use(client: Any) -> None:
        await client.connect()
        await client.exists(KEY)

    client = CLASSES[kind]({"hosts": proxy.hosts})
    if kind == "Client":
        client.connect().exists(KEY)
    else:
        asyncio.run(use(client))
    del client
    gc.collect()
    proxy.wait_until_left()
