"""What tests have other interpreters do. Nothing here may need pytest, nor asyncio at import."""

from __future__ import annotations

import contextlib
import pickle
import sys
import threading
from typing import Any

import aerospike_py
from aerospike_py import exception, exp
from support import scenario

KEY = ("test", "guests", "of no record")


def sync_in_turn(host: str, port: int, name: str) -> None:
    for number in range(2):
        scenario.sync(host, port, f"{name}.{number}", 5)


def async_in_turn(host: str, port: int, name: str) -> None:
    for number in range(2):
        scenario.asynchronous(host, port, f"{name}.{number}", 3)


def in_threads(host: str, port: int, name: str) -> None:
    errors = []

    def work(number: int) -> None:
        try:
            for turn in range(3):
                scenario.tell(client, scenario.every_verb(f"{name}.{number}.{turn}"))
        except BaseException as error:
            errors.append(repr(error))

    with aerospike_py.client(scenario.config(host, port)) as client:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    scenario.same(errors, [])


def count_gets(host: str, port: int, name: str) -> tuple[str, int]:
    """One get more than `name` says; returns the metrics, and the port where they are served."""
    with aerospike_py.client(scenario.config(host, port)) as client:
        for _ in range(int(name) + 1):
            with contextlib.suppress(exception.RecordNotFound):
                client.get(KEY)
    return aerospike_py.get_metrics(), aerospike_py.start_metrics_server(0)


def log_in(config: dict[str, Any], name: str) -> None:
    """Connects with this configuration, and does what takes users and certificates."""
    key = ("test", "guests", name)
    config = {**config, "hosts": hosts_of(config)}
    with aerospike_py.client(config) as client:  # type: ignore[arg-type]
        client.admin_create_user(name, "password", ["read"])
        client.put(key, {"name": name})
        other = {**config, "auth_mode": 0, "user": name, "password": "password"}
        with aerospike_py.client(other) as guest:  # type: ignore[arg-type]
            scenario.same(guest.get(key).bins, {"name": name})
            with scenario.raises(exception.RoleViolation, 81):
                guest.remove(key)
        client.admin_drop_user(name)


def examples_of_verbs(kind: str, servers: dict[str, Any]) -> dict[str, str]:
    """What the examples of all verbs do otherwise than they say, with a client of the kind."""
    from support import examples
    from support.both import connected

    told = {}
    with contextlib.ExitStack() as stack:
        clients = {
            name: stack.enter_context(connected(kind, {**config, "hosts": hosts_of(config)}))
            for name, config in servers.items()
        }
        for name in examples.EXAMPLES:
            cls = name.split(".")[-2:][0]
            if cls not in ("Client", "Query", "LazyBatchRecords") or examples.package_for(name):
                continue
            server = examples.client_for(name)
            told[name] = examples.run(name, clients[server], hosts_of(servers[server]))
    return told


def hosts_of(config: dict[str, Any]) -> list[tuple[str, int]]:
    # What comes from another interpreter has lists in place of tuples.
    return [tuple(host) for host in config["hosts"]]


def what_async_clients_spell_otherwise(servers: dict[str, Any]) -> list[Any]:
    import asyncio

    async def main() -> list[Any]:
        config: Any = {"hosts": hosts_of(servers["banker"])}
        async with aerospike_py.async_client(config) as client:
            async with client.transaction() as txn:
                await client.put(KEY, {"n": 1}, policy={"txn": txn})
            rows = [row.record.bins async for _, row in client.batch_stream([KEY]) if row.record]
            return [txn.state == aerospike_py.TXN_STATE_COMMITTED, rows]

    return asyncio.run(main())


def make_async_client(host: str, port: int) -> None:
    aerospike_py.async_client(scenario.config(host, port))


def connect(host: str, port: int) -> Any:
    return aerospike_py.client(scenario.config(host, port)).connect()


def keep_a_client(host: str, port: int, name: str) -> None:
    sys.modules[__name__].kept = connect(host, port)  # type: ignore[attr-defined]


def addresses_of_objects(name: str) -> list[int]:
    """Where objects are that each interpreter should have its own of."""
    objects = [
        sys.modules["aerospike_py._aerospike"],
        aerospike_py.Client,
        aerospike_py.AsyncClient,
        aerospike_py.Record,
        aerospike_py.calc_digest,
        exception.RecordNotFound,
    ]
    return list(map(id, objects))


def get_missing(host: str, port: int) -> Any:
    with connect(host, port) as client:
        return client.get(KEY)


def put_and_get(host: str, port: int) -> Any:
    key = ("test", "guests", "put and get")
    with connect(host, port) as client:
        client.put(key, {"a": 1})
        record = client.get(key)
        client.remove(key)
        return record


def pickled_error(host: str, port: int) -> str:
    try:
        get_missing(host, port)
    except exception.RecordNotFound as error:
        return pickle.dumps(error).hex()
    raise AssertionError("there is such a record")


def unpickled(sent: str) -> str:
    record = pickle.loads(bytes.fromhex(sent))
    scenario.same(type(record), aerospike_py.Record)
    scenario.same(record.bins, scenario.BINS)
    return repr(record)


def filtered(host: str, port: int, pickled: str, ages: list[int]) -> tuple[list[Any], str]:
    """Read records by an expression of another interpreter, and send one made of it back."""
    expression = pickle.loads(bytes.fromhex(pickled))
    read: list[Any] = []
    with aerospike_py.client(scenario.config(host, port)) as client:
        for age in ages:
            client.put(KEY, {"age": age})
            try:
                read.append(client.get(KEY, {"filter_expression": expression}).bins["age"])
            except exception.FilteredOut:
                read.append(None)
        client.remove(KEY)
    return read, pickle.dumps(exp.not_(expression)).hex()


def tell_of_connecting(host: str, port: int, level: int, name: str) -> list[str]:
    """What the logger of the clients of this interpreter tells, to which nothing else may go."""
    from support.records import gathered

    with gathered(level) as log, aerospike_py.client(scenario.config(host, port)) as client:
        for number in range(5):
            client.info_random_node(f"{name}-{number}")
    return [text for text in log.texts if text.startswith(("connected", "closed", "response"))]


def trace_to(host: str, port: int, endpoint: str, name: str) -> None:
    """Have spans of this interpreter's operations go to a collector of its own, if it has one."""
    with aerospike_py.client(scenario.config(host, port)) as client:
        if endpoint:
            aerospike_py.init_tracing(
                endpoint=endpoint, protocol="http/protobuf", service_name=f"guest {name}"
            )
        for _ in range(10):
            client.exists(("test", f"guest{name}", "x"))
