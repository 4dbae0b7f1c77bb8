"""Fixtures of all tests: a server, clients of it, keys in it, event loops."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import sys
import sysconfig
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, NamedTuple, TypeVar

import pytest

import aerospike_py
from aerospike_py.exception import RecordNotFound
from aerospike_py.testing import EmbeddedServer
from aerospike_py.types import ClientConfig
from support.both import KINDS, connected
from support.proxy import Proxy

T = TypeVar("T")
Key = tuple[str, str, str]
Run = Callable[[Coroutine[Any, Any, T]], T]


FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))


def pytest_collection_finish() -> None:
    """Collections of garbage need not look through thousands of tests again and again."""
    gc.collect()
    gc.freeze()


def pytest_runtest_teardown() -> None:
    """Neither an import nor a call may switch the GIL on."""
    assert not (FREE_THREADED and sys._is_gil_enabled()), "the GIL is on after this test"  # type: ignore[attr-defined]


class Server(NamedTuple):
    hosts: list[tuple[str, int]]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The cluster of AEROSPIKE_TEST_HOSTS ("host:port,host:port"), or else an embedded server."""
    if listed := os.environ.get("AEROSPIKE_TEST_HOSTS"):
        hosts = [address.strip().rpartition(":") for address in listed.split(",")]
        yield Server([(host, int(port)) for host, _, port in hosts])
    else:
        with EmbeddedServer() as embedded:
            yield Server(embedded.hosts)


@pytest.fixture(scope="session")
def consistent() -> Iterator[EmbeddedServer]:
    """A server whose namespace `test` has strong consistency."""
    with EmbeddedServer(strong_consistency=["test"]) as embedded:
        yield embedded


@pytest.fixture(scope="session")
def config(server: Server) -> ClientConfig:
    return {"hosts": server.hosts}


@pytest.fixture(scope="module")
def client(config: ClientConfig) -> Iterator[aerospike_py.Client]:
    with aerospike_py.client(config) as connected:
        yield connected


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each class of clients."""
    name: str = request.param
    return name


@pytest.fixture(scope="module", params=KINDS)
def either(request: pytest.FixtureRequest, config: ClientConfig) -> Iterator[Any]:
    """A `Client`, then an `AsyncClient` that waits for each operation: one test for both."""
    with connected(request.param, config) as client:
        yield client


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    """A way to the server that can hold replies back."""
    with Proxy(server.hosts[0]) as way:
        yield way


@pytest.fixture
def async_client(config: ClientConfig) -> Callable[..., aerospike_py.AsyncClient]:
    """Makes a client for `async with`; keyword arguments are further configuration."""

    def make(**extra: Any) -> aerospike_py.AsyncClient:
        return aerospike_py.async_client({**config, **extra})  # type: ignore[typeddict-item]

    return make


@pytest.fixture
def key(request: pytest.FixtureRequest, client: aerospike_py.Client) -> Iterator[Key]:
    """A key for this test alone, of a record that is removed after it."""
    key = ("test", "t", request.node.nodeid)
    yield key
    with contextlib.suppress(RecordNotFound):
        client.remove(key)


def runners() -> Iterator[Any]:
    yield pytest.param(asyncio.run, id="asyncio")
    try:
        import uvloop
    except ImportError:  # there is none for Windows and for free-threaded interpreters
        return
    yield pytest.param(uvloop.run, id="uvloop")


@pytest.fixture(params=runners())
def run(request: pytest.FixtureRequest) -> Run[Any]:
    """Runs a coroutine in an event loop of its own: asyncio's, and uvloop's where there is one."""
    runner: Run[Any] = request.param
    return runner
