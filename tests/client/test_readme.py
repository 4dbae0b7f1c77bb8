"""The programs of the README run, and print what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aerospike_py.testing import EmbeddedServer

README = Path(__file__).parents[2] / "README.md"
ALL = re.findall(r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.M | re.S)
PROGRAMS = [program for program in ALL if "aerospike_py.testing" not in program]
ADDRESS = '("127.0.0.1", 3000)'

PRINTED = {
    "aerospike_py.client(": "{'name': 'Ada', 'born': 1815, 'visits': 1}\n2 False\n",
    "aerospike_py.async_client(": "332833500\n",
    "aerospike_py.Client(": (
        "{'Lima': {'founded': 1535, 'tags': ['capital', 'coast']}}\n{'founded': 1040}\n"
    ),
}


@pytest.mark.parametrize("call", PRINTED)
def test_program(call: str, capsys: pytest.CaptureFixture[str]) -> None:
    (program,) = (each for each in PROGRAMS if call in each)
    assert ADDRESS in program
    with EmbeddedServer() as server:
        exec(program.replace(ADDRESS, repr(server.hosts[0])), {})
    assert capsys.readouterr().out == PRINTED[call]


@pytest.mark.parametrize(
    ("part", "printed"), [("EmbeddedCluster(", "{'born': 1815}\n"), ("tls=True", "81\n")]
)
def test_program_with_servers_of_its_own(
    part: str, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (program,) = (each for each in ALL if "aerospike_py.testing" in each and part in each)
    exec(program, {})
    assert capsys.readouterr().out == printed
