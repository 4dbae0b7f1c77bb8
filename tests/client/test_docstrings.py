"""Every public name has a docstring with an example, and all examples do what they say.

A name is public if its module is and it has no underscore before it. Of those,

- a module, function, class, method and property has a docstring;
- a function, class and method has an example: in its docstring, or in that of its class, or of the
  function that its docstring names first. Of the exceptions only those have one that others derive
  from, since all are caught in the same way;
- a typed dict tells each of its keys, a named tuple each of its fields, by its name;
- a constant or an alias is named in some docstring, by itself or as `PREFIX_*`.

The fixtures of the plugin for pytest are shown in its docstring, which the plugin's own tests run.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any, is_typeddict

import pytest

import aerospike_py
from aerospike_py import AsyncClient, Client, testing
from support import examples
from support.examples import CLASSES, DOCS, DOCUMENTED, FUNCTIONS, MEMBERS, VALUES, parse

ALL_TEXT = "\n".join(DOCS.values())


def test_every_public_name_is_documented() -> None:
    assert len(DOCUMENTED) > 1000
    assert [name for name, text in DOCS.items() if not text] == []


def has_example(name: str) -> bool:
    text = DOCS[name]
    if parse(text):
        return True
    owner, _, own = name.rpartition(".")
    if owner in CLASSES and any(f".{own}(" in example.source for example in parse(DOCS[owner])):
        return True
    # "As `Query.results`.", or "`exp.eq` in the official client's spelling"
    named = re.match(r"(?:As )?`([\w.]+)`", text)
    return named is not None and any(
        parse(DOCS[other]) for other in DOCS if other.endswith(f".{named[1]}")
    )


def needs_example(value: Any) -> bool:
    if inspect.isclass(value) and issubclass(value, BaseException):
        return any(other is not value and issubclass(other, value) for other in CLASSES.values())
    # A property is told by its docstring.
    return callable(value)


def test_every_function_and_class_has_an_example() -> None:
    named = CLASSES | FUNCTIONS | MEMBERS
    wanted = [name for name, value in named.items() if needs_example(value)]
    assert len(wanted) > 900
    assert [name for name in wanted if not has_example(name)] == []


def test_keys_and_fields_are_told() -> None:
    silent = []
    for name, cls in CLASSES.items():
        keys = cls.__annotations__ if is_typeddict(cls) else ()
        silent += [f"{name} {key}" for key in keys if f"\n{key}: " not in DOCS[name]]
        fields = getattr(cls, "_fields", ())
        silent += [
            f"{name}.{field}" for field in fields if not re.search(rf"\b{field}\b", DOCS[name])
        ]
    assert silent == []


def test_constants_and_aliases_are_told() -> None:
    groups = tuple(re.findall(r"\b([A-Z][A-Z0-9_]+_)\*", ALL_TEXT))
    words = set(re.findall(r"\w+", ALL_TEXT))
    others = {name.rpartition(".")[2] for name in VALUES.keys() - DOCUMENTED.keys()}
    assert len(others) > 500
    assert sorted(name for name in others - words if not name.startswith(groups)) == []


def test_no_docstring_has_code_that_is_not_run() -> None:
    code = re.compile(
        r"^ *(import \w+|from \S+ import .*|(with|for|async def) .*:|\w+ = .*\))$", re.M
    )
    shown = {name: code.search(text) for name, text in DOCS.items()}
    assert {name: found[0] for name, found in shown.items() if found} == {}


# --- Examples ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def administrator() -> Iterator[Client]:
    with testing.EmbeddedServer(**examples.SERVERS["administrator"]) as server:
        config = server.config(user="admin", password="admin")
        with aerospike_py.client(config) as client:
            yield client


@pytest.fixture(scope="module")
def planner() -> Iterator[Client]:
    server = testing.EmbeddedServer(**examples.SERVERS["planner"])
    with server, aerospike_py.client(server.config()) as client:
        yield client


@pytest.fixture(scope="module")
def banker(consistent: testing.EmbeddedServer) -> Iterator[Client]:
    with aerospike_py.client(consistent.config()) as client:
        yield client


@pytest.mark.parametrize("name", examples.EXAMPLES)
def test_example(name: str, request: pytest.FixtureRequest, server: Any) -> None:
    if package := examples.package_for(name):
        pytest.importorskip(package)
    client = request.getfixturevalue(examples.client_for(name))
    assert examples.run(name, client, server.hosts) == ""


VERBS = [name for name in vars(Client) if name[0] != "_" and callable(vars(Client)[name])]


@pytest.mark.parametrize("verb", VERBS)
def test_both_clients_have_the_same_verbs(verb: str) -> None:
    sync, coroutine = getattr(Client, verb), getattr(AsyncClient, verb)
    assert coroutine.__doc__ == sync.__doc__
    assert inspect.signature(coroutine) == inspect.signature(sync)
