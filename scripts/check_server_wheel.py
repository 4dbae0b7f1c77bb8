"""Starts the embedded server that is installed beside this interpreter, and talks to it.

The session `server_wheel` runs this where both wheels are installed and nothing else is.
"""

from __future__ import annotations

import subprocess
import sysconfig
from importlib.metadata import version
from pathlib import Path

import aerospike_py
from aerospike_py._embedded import find_program
from aerospike_py.testing import EmbeddedServer


def main() -> None:
    program = Path(find_program())
    assert program.parent == Path(sysconfig.get_path("scripts")), program
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    assert told == f"aerospike-embedded {version('aerospike-embedded')}\n", told
    key = ("test", "people", "ada")
    with EmbeddedServer() as server, aerospike_py.client(server.config()) as client:
        client.put(key, {"born": 1815})
        assert client.get(key).bins == {"born": 1815}
    print(f"{program} serves")


if __name__ == "__main__":
    main()
