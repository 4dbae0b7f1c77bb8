"""Every interpreter with a GIL of its own has the whole client, and shares none of it."""

from __future__ import annotations

import pickle
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

import aerospike_py
from aerospike_py import exception, exp
from aerospike_py.testing import EmbeddedServer
from support import examples, guests, metrics, processes, scenario, subinterpreters
from support.both import KINDS
from support.otlp import collecting, tracing
from support.records import gathered
from support.subinterpreters import Failed, Interpreter

pytestmark = [
    pytest.mark.subinterpreters,
    pytest.mark.skipif(sys.version_info < (3, 12), reason="interpreters share a GIL before 3.12"),
]
COUNT = 8
ASYNCIO_CRASHES = sys.version_info < (3, 12, 2)
with_asyncio = pytest.mark.skipif(
    ASYNCIO_CRASHES,
    reason="importing asyncio in a subinterpreter aborts CPython 3.12.0 and 3.12.1",
)
since_3_14 = pytest.mark.skipif(
    sys.version_info < (3, 14), reason="concurrent.interpreters is new in 3.14"
)


@pytest.fixture
def address(server: Any) -> tuple[str, int]:
    host, port = server.hosts[0]
    return host, port


@contextmanager
def interpreters(function: Callable[..., Any], *args: Any) -> Iterator[list[Any]]:
    """What a function returns in eight interpreters, which are alive until the end of the block.

    Each is made, used and ended by a thread of its own, as CPython 3.12 needs it. The function gets
    the thread's number as its last argument.
    """
    results: list[Future[Any]] = [Future() for _ in range(COUNT)]
    start = threading.Barrier(COUNT)
    end = threading.Event()

    def use(number: int) -> None:
        try:
            with Interpreter() as interpreter:
                start.wait()
                results[number].set_result(interpreter.call(function, *args, str(number)))
                end.wait()
        except BaseException as error:
            start.abort()
            results[number].set_exception(error)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(COUNT)]
    for thread in threads:
        thread.start()
    try:
        yield [result.result() for result in results]
    finally:
        end.set()
        for thread in threads:
            thread.join()


# --- use --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Any]]:
    """Configurations of clients of all servers that examples need."""
    with ExitStack() as stack:
        configs: dict[str, Any] = {}
        for name, options in examples.SERVERS.items():
            configs[name] = stack.enter_context(EmbeddedServer(**options)).config()
        configs["administrator"] |= {"user": "admin", "password": "admin"}
        yield configs


@pytest.mark.parametrize("kind", [KINDS[0], pytest.param(KINDS[1], marks=with_asyncio)])
def test_the_examples_of_all_verbs(kind: str, servers: dict[str, Any]) -> None:
    with Interpreter() as interpreter:
        told = interpreter.call(guests.examples_of_verbs, kind, servers)
    assert len(told) > 90
    wrong = {name: said for name, said in told.items() if said}
    # The last word of these is another one for an AsyncClient.
    otherwise = {"aerospike_py.Client.batch_stream", "aerospike_py.Client.transaction"}
    assert wrong.keys() == (otherwise if kind == "AsyncClient" else set()), wrong


@with_asyncio
def test_what_async_clients_spell_otherwise(servers: dict[str, Any]) -> None:
    with Interpreter() as interpreter:
        told = interpreter.call(guests.what_async_clients_spell_otherwise, servers)
    assert told == [True, [{"n": 1}]]


def test_users_and_certificates_of_all_at_once() -> None:
    ada = {"user": "ada", "pki": True, "roles": ["user-admin", "read-write"]}
    with EmbeddedServer(users={"users": [ada]}, tls=["ada"]) as server:
        config = server.config(auth_mode=aerospike_py.AUTH_PKI, tls=server.tls_config("ada"))
        with interpreters(guests.log_in, config) as results:
            assert results == [None] * COUNT


def test_sync_use_of_all_at_once(address: Any) -> None:
    with ThreadPoolExecutor(1) as pool:
        main = pool.submit(scenario.sync, *address, "main", 10)
        with interpreters(guests.sync_in_turn, *address):
            main.result()


@with_asyncio
def test_asyncio_use_of_all_at_once(address: Any) -> None:
    with ThreadPoolExecutor(1) as pool:
        main = pool.submit(scenario.asynchronous, *address, "main", 10)
        with interpreters(guests.async_in_turn, *address):
            main.result()


def test_threads_of_an_interpreter_share_a_client(address: Any) -> None:
    with interpreters(guests.in_threads, *address):
        pass


@with_asyncio
def test_both_clients_in_one_interpreter(address: Any) -> None:
    with Interpreter() as interpreter:
        for turn in range(3):
            interpreter.call(scenario.sync, *address, f"both {turn}")
            interpreter.call(scenario.asynchronous, *address, f"both {turn}")


def test_metrics_of_each_are_its_own(address: Any) -> None:
    before = metrics.operations(aerospike_py.get_metrics())
    ports = []
    with interpreters(guests.count_gets, *address) as told:
        for number, (text, port) in enumerate(told):
            own = {
                metrics.Operation("connect", "", ""): 1,
                metrics.Operation("get", set="guests", error="KeyNotFoundError"): number + 1,
                metrics.Operation("close", "", ""): 1,
            }
            assert metrics.operations(text) == own
            assert metrics.operations(metrics.fetch(port)[2]) == own
            ports.append(port)
    assert metrics.operations(aerospike_py.get_metrics()) == before
    # Each server has ended with its interpreter.
    assert not any(map(metrics.serves, ports))


def test_interpreters_one_after_the_other(client: Any, address: Any) -> None:
    """The main interpreter's client does not mind the end of others."""
    for number in range(10):
        with Interpreter() as interpreter:
            interpreter.call(scenario.sync, *address, f"in turn {number}")
        scenario.tell(client, scenario.every_verb(f"main {number}"))


def test_interpreter_that_shares_the_gil(address: Any) -> None:
    """A subinterpreter as they were before 3.12."""
    module = subinterpreters.module()
    new = sys.version_info >= (3, 13)
    interpreter = module.create("legacy") if new else module.create(isolated=False)
    code = f"from support import scenario\nscenario.sync(*{address!r}, 'shared GIL')"
    code = f"import sys\nsys.path[:] = {sys.path!r}\n{code}"
    if new:
        raised = module.exec(interpreter, code)
        assert raised is None, raised.errdisplay
    else:
        module.run_string(interpreter, code)
    module.destroy(interpreter)


def test_first_import_may_be_in_a_subinterpreter(server: Any) -> None:
    program = """
import sys
from support.subinterpreters import Interpreter
host, port = sys.argv[1], int(sys.argv[2])
tell = f"from support import scenario; scenario.sync({host!r}, {port}, 'first import')"
with Interpreter() as first, Interpreter() as second:
    first.run(tell)
    second.run(tell)
assert "aerospike_py" not in sys.modules
from support import scenario
scenario.sync(host, port, "last import")
with Interpreter() as third:
    third.run(tell)
"""
    assert processes.output(program, *server.hosts[0]) == ""


@pytest.mark.skipif(not ASYNCIO_CRASHES, reason="asyncio works in subinterpreters of this Python")
def test_async_client_is_refused_where_asyncio_crashes(address: Any) -> None:
    with Interpreter() as interpreter, pytest.raises(Failed, match="later Python"):
        interpreter.call(guests.make_async_client, *address)


# --- isolation --------------------------------------------------------------------------------


def test_types_differ() -> None:
    main = guests.addresses_of_objects("main")
    with interpreters(guests.addresses_of_objects) as others:
        for everyones in zip(main, *others, strict=True):
            assert len(set(everyones)) == COUNT + 1


def test_runtimes_differ(address: Any, client: Any) -> None:
    """Each interpreter has a driver of its own, which ends with it."""
    client.exists(guests.KEY)
    before = drivers()
    with interpreters(guests.keep_a_client, *address):
        assert processes.eventually(lambda: drivers() == before + COUNT)
    assert processes.eventually(lambda: drivers() == before)
    client.exists(guests.KEY)


def drivers() -> int:
    return processes.names_of_threads().count("aerospike-sync")


def test_exceptions_cross_by_pickle(address: Any) -> None:
    with Interpreter() as interpreter:
        sent = bytes.fromhex(interpreter.call(guests.pickled_error, *address))
    error = pickle.loads(sent)
    assert type(error) is exception.RecordNotFound
    assert (error.code, error.in_doubt, error.key[:3]) == (2, False, guests.KEY)
    assert type(error.key) is aerospike_py.AerospikeKey


def test_results_cross_by_pickle(client: Any, key: Any) -> None:
    client.put(key, scenario.BINS)
    record = client.get(key)
    with Interpreter() as interpreter:
        assert interpreter.call(guests.unpickled, pickle.dumps(record).hex()) == repr(record)


def test_expressions_cross_by_pickle(address: Any) -> None:
    grown = exp.ge(exp.int_bin("age"), 18)
    with Interpreter() as interpreter:
        sent = pickle.dumps(grown).hex()
        read, returned = interpreter.call(guests.filtered, *address, sent, [17, 18])
    assert read == [None, 18]
    assert pickle.loads(bytes.fromhex(returned)) == exp.not_(grown)


def test_clients_are_not_shareable(kind: str, config: Any) -> None:
    client = getattr(aerospike_py, kind)(config)
    module = subinterpreters.module()
    assert not module.is_shareable(client)
    with Interpreter() as interpreter:
        if sys.version_info >= (3, 14):
            from concurrent.interpreters import NotShareableError

            with pytest.raises(NotShareableError):
                interpreter.handle.prepare_main(client=client)
            with pytest.raises(NotShareableError):
                interpreter.handle.call(repr, client)
        elif sys.version_info >= (3, 13):
            with pytest.raises(module.NotShareableError):
                module.set___main___attrs(interpreter.handle, {"client": client})
        else:
            with pytest.raises(ValueError, match="does not support cross-interpreter data"):
                module.run_string(interpreter.handle, "", {"client": client})


# --- concurrent.interpreters ------------------------------------------------------------------


@since_3_14
def test_interpreter_pool(address: Any) -> None:
    from concurrent.futures import InterpreterPoolExecutor

    setting = (f"import sys\nsys.path[:] = {sys.path!r}",)
    with InterpreterPoolExecutor(4, initializer=exec, initargs=setting) as pool:
        calls = [pool.submit(scenario.sync, *address, f"pool {turn}") for turn in range(16)]
        calls += [pool.submit(scenario.asynchronous, *address, f"pool {n}") for n in range(16)]
        for call in calls:
            call.result()
        with pytest.raises(exception.RecordNotFound) as caught:
            pool.submit(guests.get_missing, *address).result()
        assert (caught.value.code, caught.value.key[:3]) == (2, guests.KEY)
        record = pool.submit(guests.put_and_get, *address).result()
        assert type(record) is aerospike_py.Record
        assert record.bins == {"a": 1}
        with pytest.raises(Exception, match=r"cross-interpreter|create one there"):
            pool.submit(guests.connect, *address).result()


@since_3_14
def test_public_module_of_interpreters(address: Any) -> None:
    from concurrent import interpreters

    interpreter = interpreters.create()
    interpreter.exec(f"import sys\nsys.path[:] = {sys.path!r}")
    interpreter.call(scenario.sync, *address, "call")
    interpreter.call_in_thread(scenario.asynchronous, *address, "thread").join()
    assert interpreter.call(guests.put_and_get, *address).bins == {"a": 1}
    with pytest.raises(interpreters.ExecutionFailed, match="RecordNotFound"):
        interpreter.call(guests.get_missing, *address)
    results = interpreters.create_queue()
    interpreter.prepare_main(results=results, address=address)
    interpreter.exec(
        "from support import guests, scenario\n"
        "scenario.asynchronous(*address, 'queue')\n"
        "results.put(guests.put_and_get(*address).bins)"
    )
    assert results.get() == {"a": 1}
    interpreter.close()


def test_each_interpreter_has_a_log_of_its_own(address: Any) -> None:
    """Eight at once, with different levels, and the main interpreter with yet another one."""
    told: dict[int, list[list[str]]] = {}
    for level in (aerospike_py.LOG_LEVEL_OFF, aerospike_py.LOG_LEVEL_TRACE):
        with (
            gathered(aerospike_py.LOG_LEVEL_INFO) as log,
            aerospike_py.client(scenario.config(*address)),
            interpreters(guests.tell_of_connecting, *address, level) as results,
        ):
            told[level] = results
        assert log.told_by("aerospike_py.client")[0].startswith("connected to")
        assert not [text for text in log.texts if text.startswith("response")]
    assert told[aerospike_py.LOG_LEVEL_OFF] == [[]] * COUNT
    for number, texts in enumerate(told[aerospike_py.LOG_LEVEL_TRACE]):
        questions = [text.partition('"')[2].partition("\\t")[0] for text in texts if "-" in text]
        assert [question for question in questions if question.startswith(f"{number}-")] == [
            f"{number}-{turn}" for turn in range(5)
        ]
        assert not [q for q in questions if q[1:2] == "-" and q[0] != str(number)]
        assert [text.split()[0] for text in texts if "response" not in text] == [
            "connected",
            "closed",
        ]


def test_each_interpreter_has_traces_of_its_own(address: Any) -> None:
    """Eight at once send to one collector, the main one to another; then eight that don't trace.
    What nobody has shut down is sent when the interpreter ends."""
    with collecting() as collector:
        with tracing(service_name="main") as mains, aerospike_py.client(scenario.config(*address)):
            with interpreters(guests.trace_to, *address, collector.endpoint):
                pass
            with interpreters(guests.trace_to, *address, ""):
                pass
        told = Counter((span.name, span.resource["service.name"]) for span in collector.spans)
    close = {("close", f"guest {number}"): 1 for number in range(COUNT)}
    exists = {(f"exists guest{n}", f"guest {n}"): 10 for n in range(COUNT)}
    assert told == {**close, **exists}
    assert {span.name.split()[0] for span in mains.spans} <= {"connect", "close"}
