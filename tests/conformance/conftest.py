"""A server like the one that was recorded: it has two namespaces."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from aerospike_py import Client
from aerospike_py.testing import EmbeddedServer
from support import golden
from support.both import connected


@pytest.fixture(scope="session")
def recorded() -> Iterator[Any]:
    """The hosts of AEROSPIKE_TEST_HOSTS, or else of an embedded server."""
    if listed := os.environ.get("AEROSPIKE_TEST_HOSTS"):
        yield listed.split(",")
    else:
        with EmbeddedServer(namespaces=("test", "bar")) as server:
            yield server.hosts


@pytest.fixture(scope="session")
def golden_functions(recorded: Any) -> Iterator[None]:
    """The modules of functions that cases call."""
    modules = ["golden_record", "golden_stream"]
    with Client({"hosts": recorded}) as client:
        for module in modules:
            client.udf_put(golden.DATA / f"udf/{module}.lua")
        yield
        for module in modules:
            client.udf_remove(module)


@pytest.fixture(scope="session", params=["Client", "AsyncClient"])
def replayer(request: pytest.FixtureRequest, recorded: Any) -> Iterator[Any]:
    """Each kind of client in turn, connected."""
    with connected(request.param, {"hosts": recorded}) as client:
        yield client
        client.truncate("test", "golden")
