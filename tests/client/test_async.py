"""`AsyncClient` in event loops: results, cancellation, bursts, and loops that end too soon."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import inspect
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from aerospike_py import AsyncClient, Client, exception
from support import processes, scenario
from support.processes import eventually, eventually_async
from support.proxy import Proxy

KEY = ("test", "async", "of no record")
since_3_11 = pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio has it since 3.11")


@pytest.fixture(autouse=True)
def silence(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No test leaves asyncio anything to complain of."""
    yield
    assert [record for record in caplog.records if record.name == "asyncio"] == []


def futures() -> int:
    """The futures and tasks of this process that are not forgotten, done or not."""
    gc.collect()
    return sum(issubclass(type(thing), asyncio.Future) for thing in gc.get_objects())


# --- awaiting ---------------------------------------------------------------------------------


def test_every_verb(run: Any, async_client: Any) -> None:
    async def main() -> None:
        async with async_client() as client:
            stories = [scenario.every_verb(f"async {number}") for number in range(8)]
            await asyncio.gather(*(scenario.tell_async(client, story) for story in stories))

    run(main())


def test_operations_are_coroutines_to_asyncio(run: Any, config: Any, key: Any) -> None:
    client = AsyncClient(config)
    assert run(client.connect()) is client
    assert run(client.ping()) is True
    run(client.put(key, {"a": 1}))
    assert run(client.get(key)).bins == {"a": 1}
    assert run(client.close()) is None


def test_gather_keeps_the_order(run: Any, async_client: Any) -> None:
    async def main() -> None:
        async with async_client() as client:
            keys = [("test", "async", number) for number in range(50)]
            await asyncio.gather(*(client.put(key, {"n": key[2]}) for key in keys))
            records = await asyncio.gather(*(client.get(key) for key in keys))
            assert [record.bins["n"] for record in records] == list(range(50))
            await asyncio.gather(*(client.remove(key) for key in keys))
            errors = await asyncio.gather(*map(client.get, keys), return_exceptions=True)
            assert {type(error) for error in errors} == {exception.RecordNotFound}
            assert [error.key[2] for error in errors] == list(range(50))

    run(main())


def test_tasks_of_operations(run: Any, async_client: Any, key: Any) -> None:
    async def main() -> None:
        async with async_client() as client:
            await client.put(key, {"a": 1})
            task = asyncio.create_task(client.get(key), name="reading")
            assert "get" in repr(task) or "Operation" in repr(task)
            task.get_stack()
            assert (await task).bins == {"a": 1}
            ensured = asyncio.ensure_future(client.get(key))
            assert (await asyncio.shield(ensured)).bins == {"a": 1}
            done, pending = await asyncio.wait(
                [asyncio.create_task(client.get(key)) for _ in range(5)]
            )
            assert (len(done), len(pending)) == (5, 0)
            for first in asyncio.as_completed([client.get(key), client.get(key)]):
                assert (await first).bins == {"a": 1}

    run(main())


@since_3_11
def test_task_groups(run: Any, async_client: Any, key: Any) -> None:
    async def main() -> None:
        async with async_client() as client:
            await client.put(key, {"a": 1})
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(client.get(key)) for _ in range(10)]
            assert [task.result().bins for task in tasks] == [{"a": 1}] * 10
            with pytest.RaisesGroup(exception.RecordNotFound):
                async with asyncio.TaskGroup() as group:
                    group.create_task(client.get(("test", "async", "missing")))
                    group.create_task(client.get(key))

    run(main())


def test_operations_from_another_thread(run: Any, async_client: Any, key: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()

        def other_thread() -> Any:
            return asyncio.run_coroutine_threadsafe(client.get(key), loop).result()

        async with async_client() as client:
            await client.put(key, {"a": 1})
            assert (await asyncio.to_thread(other_thread)).bins == {"a": 1}

    run(main())


def test_debug_mode_of_asyncio(async_client: Any) -> None:
    async def main() -> None:
        asyncio.get_running_loop().slow_callback_duration = 60.0
        async with async_client() as client:
            await scenario.tell_async(client, scenario.every_verb("debug"))
            tasks = [asyncio.create_task(client.exists(KEY)) for _ in range(10)]
            assert [repr(task) for task in tasks]
            await asyncio.gather(*tasks)

    asyncio.run(main(), debug=True)


def test_operation_waits_for_its_await(config: Any, key: Any) -> None:
    client = AsyncClient(config)
    operation = client.put(key, {"a": 1})
    assert inspect.isawaitable(operation)
    operation.close()
    with pytest.raises(RuntimeError, match=r"cannot reuse already awaited put\(\)"):
        operation.send(None)


def test_arguments_are_checked_at_the_call(config: Any, key: Any) -> None:
    client = AsyncClient(config)
    with pytest.raises(ValueError, match="15"):
        client.put(key, {"x" * 16: 1})
    with pytest.raises(TypeError, match="key"):
        client.get("key")


def test_operation_is_awaited_once(run: Any, async_client: Any) -> None:
    async def main() -> None:
        async with async_client() as client:
            operation = client.exists(KEY)
            await operation
            with pytest.raises(RuntimeError, match=r"cannot reuse already awaited exists\(\)"):
                await operation

    run(main())


def test_operation_that_is_never_awaited_warns(config: Any, client: Client) -> None:
    key = ("test", "async", "never")
    with pytest.warns(RuntimeWarning, match=r"AsyncClient\.put\(\) was never awaited"):
        AsyncClient(config).put(key, {"a": 1})
    assert client.exists(key).meta is None


def test_operation_needs_a_running_loop(config: Any) -> None:
    operation = AsyncClient(config).get(KEY)
    with pytest.raises(RuntimeError, match="no running event loop"):
        operation.send(None)


# --- many loops -------------------------------------------------------------------------------


def test_loops_one_after_the_other(run: Any, async_client: Any) -> None:
    client = async_client()
    run(client.connect())
    for number in range(20):
        run(scenario.tell_async(client, scenario.every_verb(f"loop {number}")))
    run(client.close())


def test_loops_of_several_threads_share_a_client(run: Any, async_client: Any) -> None:
    client = async_client()
    run(client.connect())
    start = threading.Barrier(6)

    async def use(number: int) -> None:
        start.wait()
        for turn in range(5):
            stories = [scenario.every_verb(f"loop {number}.{turn}.{at}") for at in range(4)]
            await asyncio.gather(*(scenario.tell_async(client, story) for story in stories))

    with ThreadPoolExecutor(6) as pool:
        loops = [pool.submit(run, use(number)) for number in range(6)]
        for loop in loops:
            loop.result()
    run(client.close())


def test_bridges_of_ended_loops_are_given_up(async_client: Any) -> None:
    client = async_client()
    asyncio.run(client.connect())
    asyncio.run(client.exists(KEY))
    open_files = processes.descriptors()
    for _ in range(50):
        asyncio.run(client.exists(KEY))
    assert processes.descriptors() <= open_files + 1
    asyncio.run(client.close())


# --- cancellation -----------------------------------------------------------------------------


def test_cancelled_operations_leave_nothing(run: Any, proxy: Proxy, key: Any) -> None:
    async def main() -> None:
        config = {"hosts": proxy.hosts, "max_conns_per_node": 200}
        async with AsyncClient(config) as client:
            await client.put(key, {"a": 1})
            before = futures()
            for _ in range(10):
                proxy.hold()
                tasks = [asyncio.create_task(client.get(key)) for _ in range(100)]
                await asyncio.to_thread(proxy.wait_until_held, 100)
                for task in tasks:
                    assert task.cancel()
                results = await asyncio.gather(*tasks, return_exceptions=True)
                assert {type(result) for result in results} == {asyncio.CancelledError}
                proxy.release()
                assert (await client.get(key)).bins == {"a": 1}
            del tasks, task, results
            # The replies to cancelled operations still come, and are dropped then.
            assert await eventually_async(lambda: futures() <= before)

    run(main())


def test_operations_cancelled_before_they_start(run: Any, async_client: Any, key: Any) -> None:
    async def main() -> None:
        async with async_client() as client:
            tasks = [asyncio.create_task(client.put(key, {"a": 1})) for _ in range(100)]
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            assert {type(result) for result in results} == {asyncio.CancelledError}
            await scenario.tell_async(client, scenario.every_verb("after cancelling"))

    run(main())


def test_operations_cancelled_when_they_may_be_done(run: Any, async_client: Any, key: Any) -> None:
    async def main() -> None:
        async with async_client(max_concurrent_operations=50) as client:
            await client.put(key, {"a": 1})
            for number in range(1000):
                task = asyncio.create_task(client.get(key))
                for _ in range(number % 7):
                    await asyncio.sleep(0)
                task.cancel()
                try:
                    assert (await task).bins == {"a": 1}
                except asyncio.CancelledError:
                    assert task.cancelled()
            await scenario.tell_async(client, scenario.every_verb("after cancelling"))

    run(main())


def test_time_limits_of_asyncio(run: Any, proxy: Proxy, key: Any) -> None:
    async def main() -> None:
        async with AsyncClient({"hosts": proxy.hosts}) as client:
            await client.put(key, {"a": 1})
            proxy.hold()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.get(key), 0.02)
            if sys.version_info >= (3, 11):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.02):
                        await client.get(key)
            proxy.release()
            assert (await asyncio.wait_for(client.get(key), 30)).bins == {"a": 1}

    run(main())


def test_cancelled_operations_make_room_for_others(run: Any, proxy: Proxy, key: Any) -> None:
    async def main() -> None:
        limits = {"max_concurrent_operations": 2, "operation_queue_timeout_ms": 20_000}
        async with AsyncClient({"hosts": proxy.hosts, **limits}) as client:
            await client.put(key, {"a": 1})
            proxy.hold()
            policy = {"total_timeout": 0, "socket_timeout": 0}
            tasks = [asyncio.create_task(client.get(key, policy)) for _ in range(2)]
            await asyncio.to_thread(proxy.wait_until_held, 2)
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            proxy.release()
            assert (await client.get(key)).bins == {"a": 1}

    run(main())


def test_cancelled_connect_can_be_tried_again(run: Any, proxy: Proxy) -> None:
    async def main() -> None:
        client = AsyncClient({"hosts": proxy.hosts, "connect_timeout": 30_000})
        proxy.hold_all()
        task = asyncio.create_task(client.connect())
        await asyncio.to_thread(proxy.wait_until_held, 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        proxy.release()
        assert await client.connect() is client
        assert await client.ping()
        await client.close()

    run(main())


# --- bursts -----------------------------------------------------------------------------------


def test_a_burst_leaves_the_loop_time_for_others(
    run: Any, async_client: Any, client: Client, key: Any
) -> None:
    """10,000 results that are there at once are not handed out at once."""
    count = 10_000

    async def main() -> None:
        rounds = 0
        finished: Counter[int] = Counter()

        async def tick() -> None:
            nonlocal rounds
            while True:
                rounds += 1
                await asyncio.sleep(0)

        async def write(operation: Any) -> None:
            await operation
            finished[rounds] += 1

        # None may fail on a server that is slow, or that takes no more than a few for one record.
        policies = {"operate": {"total_timeout": 20_000}}
        async with async_client(max_concurrent_operations=64, policies=policies) as writer:
            ticking = asyncio.create_task(tick())
            writes = asyncio.gather(
                *(write(writer.increment(keys[n % 250], "n", 1)) for n in range(count))
            )
            await asyncio.sleep(0)
            # Blocks the loop on purpose, until all results wait for it.
            assert eventually(lambda: written() == count)
            await writes
            ticking.cancel()
            await asyncio.wait([ticking])
        assert sum(finished.values()) == count
        assert max(finished.values()) <= count / 10

    def written() -> int:
        return sum(bins["n"] for bins in client.batch_read(keys).to_dict().values())

    keys = [(*key[:2], f"{key[2]} {number}") for number in range(250)]
    run(main())
    assert written() == count
    client.batch_remove(keys)


# --- ends -------------------------------------------------------------------------------------


def test_loop_closed_with_operations_in_flight(run: Any, proxy: Proxy, key: Any) -> None:
    """What was in flight is lost with its loop; other loops go on with the client."""
    client = AsyncClient({"hosts": proxy.hosts})
    run(client.connect())
    run(client.put(key, {"a": 1}))
    for _ in range(5):
        loop = asyncio.new_event_loop()
        proxy.hold()

        async def start() -> list[Any]:
            operations = [client.get(key) for _ in range(10)]
            for operation in operations:
                operation.send(None)
            return operations

        operations = loop.run_until_complete(start())
        proxy.wait_until_held(10)
        loop.close()
        proxy.release()
        del operations, loop
        gc.collect()
        assert run(client.get(key)).bins == {"a": 1}
    run(client.close())
    proxy.wait_until_left()


def test_loop_ends_with_tasks_in_flight(run: Any, proxy: Proxy) -> None:
    """`asyncio.run` cancels the tasks that are left."""
    client = AsyncClient({"hosts": proxy.hosts})

    async def main() -> None:
        await client.connect()
        proxy.hold()
        tasks = [asyncio.create_task(client.get(KEY)) for _ in range(10)]
        await asyncio.to_thread(proxy.wait_until_held, 10)
        left.extend(tasks)

    left: list[asyncio.Task[Any]] = []
    run(main())
    assert all(task.cancelled() for task in left)
    proxy.release()
    run(client.close())
    proxy.wait_until_left()


def test_client_forgotten_with_operations_in_flight(run: Any, proxy: Proxy, key: Any) -> None:
    async def main() -> None:
        client = AsyncClient({"hosts": proxy.hosts})
        await client.connect()
        await client.put(key, {"a": 1})
        proxy.hold()
        task = asyncio.create_task(client.get(key, {"total_timeout": 30_000}))
        await asyncio.to_thread(proxy.wait_until_held, 1)
        del client
        gc.collect()
        proxy.release()
        assert (await task).bins == {"a": 1}

    run(main())


# --- threads ----------------------------------------------------------------------------------


def thread_states() -> int:
    """Threads that this interpreter knows, with a frame or without."""
    api = ctypes.pythonapi
    for function in (
        api.PyInterpreterState_Get,
        api.PyInterpreterState_ThreadHead,
        api.PyThreadState_Next,
    ):
        function.restype = ctypes.c_void_p
    state = api.PyInterpreterState_ThreadHead(ctypes.c_void_p(api.PyInterpreterState_Get()))
    count = 0
    while state:
        count += 1
        state = api.PyThreadState_Next(ctypes.c_void_p(state))
    return count


def test_threads_of_the_runtime_never_attach(run: Any, async_client: Any, key: Any) -> None:
    async def main() -> None:
        before = thread_states()
        async with async_client(max_concurrent_operations=100) as client:
            await client.put(key, {"a": 1})
            await asyncio.gather(*(client.get(key) for _ in range(1000)))
            assert thread_states() == before

    run(main())


COUNT_WORKERS = """
import asyncio, sys
from pathlib import Path
import aerospike_py

def workers():
    names = [task.read_text().strip() for task in Path("/proc/self/task").glob("*/comm")]
    return names.count("aerospike-async")

async def main():
    config = {"hosts": [(sys.argv[1], int(sys.argv[2]))]}
    client = aerospike_py.async_client(config)
    print(workers())
    try:
        await client.connect()
    except Exception as error:
        print(error)
        return
    print(workers())
    await client.close()

asyncio.run(main())
"""


@pytest.mark.parametrize(("setting", "workers"), [("1", 1), ("3", 3), (None, 2)])
def test_number_of_workers(server: Any, setting: str | None, workers: int) -> None:
    environment = {} if setting is None else {"AEROSPIKE_RUNTIME_WORKERS": setting}
    said = processes.output(COUNT_WORKERS, *server.hosts[0], **environment)
    assert said.splitlines() == ["0", str(workers)]


@pytest.mark.parametrize("setting", ["0", "abc", "-1", "1.5", "", " 2"])
def test_wrong_number_of_workers_is_told_at_first_use(server: Any, setting: str) -> None:
    said = processes.output(COUNT_WORKERS, *server.hosts[0], AEROSPIKE_RUNTIME_WORKERS=setting)
    before, error = said.splitlines()
    assert before == "0"
    assert "AEROSPIKE_RUNTIME_WORKERS must be a whole number, at least 1" in error
    assert error.endswith(f'not "{setting}"')
