"""Fixtures for pytest: an embedded server of your own, and clients of it.

pytest finds them by itself once the package is installed, and `-p no:aerospike` switches them off.
A test names what it needs:

    def test_visits_are_counted(aerospike_client, aerospike_namespace):
        key = (aerospike_namespace, "people", "ada")
        aerospike_client.increment(key, "visits", 1)
        assert aerospike_client.get(key).bins == {"visits": 1}

    async def test_in_a_coroutine(aerospike_async_client, aerospike_namespace):  # pytest-asyncio
        await aerospike_async_client.put((aerospike_namespace, "people", "ada"), {"born": 1815})

The server starts with the first test that needs it and ends with the run. Each process has its own,
so that the workers of pytest-xdist never see each other's records. The program is found as
`aerospike_py.testing.EmbeddedServer` tells.

A run that uses none of the fixtures starts nothing.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aerospike_py import AsyncClient, Client
    from aerospike_py.testing import EmbeddedCluster, EmbeddedServer

__all__ = [
    "aerospike_async_client",
    "aerospike_client",
    "aerospike_cluster",
    "aerospike_namespace",
    "aerospike_server",
]


@pytest.fixture(scope="session")
def aerospike_namespace() -> str:
    """The namespace that the server serves: "test". Override it to have another name."""
    return "test"


@pytest.fixture(scope="session")
def aerospike_server(aerospike_namespace: str) -> "Iterator[EmbeddedServer]":
    """An `EmbeddedServer` for all tests of this process, in which records stay."""
    from aerospike_py.testing import EmbeddedServer

    with EmbeddedServer(namespaces=[aerospike_namespace]) as server:
        yield server


@pytest.fixture(scope="session")
def aerospike_cluster(aerospike_namespace: str) -> "Iterator[EmbeddedCluster]":
    """An `EmbeddedCluster` of three nodes for all tests of this process, in which records stay.

    A test that kills nodes, drains or adds some takes one of its own instead.
    """
    from aerospike_py.testing import EmbeddedCluster

    with EmbeddedCluster(nodes=3, namespaces=[aerospike_namespace]) as cluster:
        yield cluster


@pytest.fixture
def aerospike_client(aerospike_server: "EmbeddedServer") -> "Iterator[Client]":
    """A connected `Client` for this test, after which the server is emptied of records.

    Secondary indexes and UDF modules stay: a test that makes some removes them.
    """
    import aerospike_py

    try:
        with aerospike_py.client(aerospike_server.config()) as client:
            yield client
    finally:
        aerospike_server.clear()


@pytest.fixture
def aerospike_async_client(aerospike_server: "EmbeddedServer") -> "Iterator[AsyncClient]":
    """A connected `AsyncClient` for this test, after which the server is emptied of records.

    It serves any event loop, that of pytest-asyncio or of anyio or one that the test runs.
    """
    import asyncio

    import aerospike_py

    # A loop of its own: whether and when a plugin makes one for the test is the plugin's affair.
    loop = asyncio.new_event_loop()
    try:
        client = aerospike_py.AsyncClient(aerospike_server.config())
        loop.run_until_complete(client.connect())
        try:
            yield client
        finally:
            loop.run_until_complete(client.close())
    finally:
        loop.close()
        aerospike_server.clear()
