"""Clients of other makes against the embedded server, in processes that have them and not ours."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from aerospike_py.testing import EmbeddedCluster, EmbeddedServer
from support.processes import LIMIT

HERE = Path(__file__).resolve().parent
PROGRAMS = ["released_aerospike_py.py", "released_aerospike_native.py"]


@pytest.fixture(scope="session")
def python() -> str:
    """The Python of an environment with what requirements.txt names."""
    assert "AEROSPIKE_OTHER_CLIENTS" in os.environ, "AEROSPIKE_OTHER_CLIENTS must name that Python"
    return os.environ["AEROSPIKE_OTHER_CLIENTS"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_another_client_finds_what_it_finds_in_a_server(program: str, python: str) -> None:
    with (
        EmbeddedServer() as plain,
        EmbeddedServer(security=True) as secured,
        EmbeddedCluster(nodes=3, heartbeat_timeout=0.1) as cluster,
    ):
        ports = [plain.port, secured.port, cluster.hosts[0][1]]
        process = subprocess.Popen(
            [python, "-X", "faulthandler", str(HERE / program), *map(str, ports)],
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                while process.stdout.readline() == "move\n":
                    cluster.nodes[-1].kill()
                    cluster.add_node()
                    cluster.wait_for_migrations()
                    print(file=process.stdin, flush=True)
                _, errors = process.communicate(timeout=LIMIT)
            finally:
                process.kill()
        assert process.returncode == 0, errors
