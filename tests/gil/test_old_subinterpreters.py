"""Before CPython 3.12 there is one GIL, and only the main interpreter has the client."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from support import scenario
from support.subinterpreters import Failed, Interpreter

pytestmark = [
    pytest.mark.no_subinterpreters,
    pytest.mark.skipif(sys.version_info >= (3, 12), reason="subinterpreters have the client"),
]


def test_import_in_a_subinterpreter_is_refused(client: Any) -> None:
    with Interpreter() as interpreter:
        told = r"ImportError.*can't be imported in a subinterpreter before Python 3\.12"
        for _ in range(2):
            with pytest.raises(Failed, match=told):
                interpreter.run("import aerospike_py")
    scenario.tell(client, scenario.every_verb("main"))
