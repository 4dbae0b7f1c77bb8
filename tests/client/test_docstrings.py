"""Every public name has a docstring with an example, and all examples do what they say.

A name is public if its module is and it has no underscore before it. Of those,

- a module, function, class, method and property has a docstring;
- a function, class and method has an example: in its docstring, or in that of its class, or of the
  function that its docstring names first. Of the exceptions only those have one that others derive
  from, since all are caught in the same way. Fixtures of the pytest plugin are shown in its
  docstring, which the plugin's own tests run;
- a typed dict tells each of its keys, a named tuple each of its fields, by its name;
- a constant or an alias is named in some docstring, by itself or as `PREFIX_*`.
"""

from __future__ import annotations

import asyncio
import doctest
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any, is_typeddict

import pytest

import aerospike_py
from aerospike_py import AsyncClient, Client, exception, testing

PLUGIN = "aerospike_py.pytest_plugin"
parse = doctest.DocTestParser().get_examples


def public_modules() -> list[ModuleType]:
    found = pkgutil.iter_modules(aerospike_py.__path__, "aerospike_py.")
    names = [entry.name for entry in found if "._" not in entry.name]
    return [aerospike_py, *map(importlib.import_module, names)]


def members(cls: type) -> dict[str, Any]:
    """Public methods and properties that this package gives a class."""
    found = {}
    for name in dir(cls):
        owner = next((base for base in cls.__mro__ if name in vars(base)), None)
        value = getattr(cls, name)
        described = callable(value) or inspect.isdatadescriptor(value)
        if name[0] != "_" and described and ours(owner) and not hasattr(cls, "_fields"):
            found[name] = value
    return found


def ours(value: Any) -> bool:
    return str(getattr(value, "__module__", "")).startswith(("aerospike_py", "_aerospike"))


MODULES = public_modules()
VALUES = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module in MODULES
    for name in getattr(module, "__all__", vars(module))
    if name[0] != "_" and name != "TYPE_CHECKING"
}
VALUES = {name: value for name, value in VALUES.items() if not isinstance(value, ModuleType)}
CLASSES = {name: value for name, value in VALUES.items() if inspect.isclass(value) and ours(value)}
FUNCTIONS = {name: value for name, value in VALUES.items() if inspect.isroutine(value)}
MEMBERS = {
    f"{name}.{member}": value
    for name, cls in CLASSES.items()
    for member, value in members(cls).items()
}
DOCUMENTED = {module.__name__: module for module in MODULES} | CLASSES | FUNCTIONS | MEMBERS
DOCS = {name: inspect.getdoc(value) or "" for name, value in DOCUMENTED.items()}
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


def needs_example(name: str, value: Any) -> bool:
    if inspect.isclass(value) and issubclass(value, BaseException):
        return any(other is not value and issubclass(other, value) for other in CLASSES.values())
    # A property is told by its docstring.
    return callable(value) and not name.startswith(PLUGIN)


def test_every_function_and_class_has_an_example() -> None:
    named = CLASSES | FUNCTIONS | MEMBERS
    wanted = [name for name, value in named.items() if needs_example(name, value)]
    assert len(wanted) > 900
    assert [name for name in wanted if not has_example(name)] == []


def test_keys_and_fields_are_told() -> None:
    silent = []
    for name, cls in CLASSES.items():
        if is_typeddict(cls):
            silent += [
                f"{name} {key}" for key in cls.__annotations__ if f"\n{key}: " not in DOCS[name]
            ]
        for field in getattr(cls, "_fields", ()):
            if not re.search(rf"\b{field}\b", DOCS[name]):
                silent.append(f"{name}.{field}")
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
    shown = {name: code.search(text) for name, text in DOCS.items() if name != PLUGIN}
    assert {name: found[0] for name, found in shown.items() if found} == {}


# --- Examples ---------------------------------------------------------------------------------

EXAMPLES = {
    # Of equal docstrings the last: that of `Client`, not that of `AsyncClient`.
    DOCS[name]: name
    for name in DOCUMENTED
    if parse(DOCS[name])
}
PACKAGE = {n: getattr(aerospike_py, n) for n in aerospike_py.__all__ if n[0] != "_"}
BUILDERS = {
    name: getattr(module, name)
    for module in MODULES
    if module.__name__.endswith(("operations", "cdt_ctx", "batch_records"))
    for name in module.__all__
}


@pytest.fixture(scope="module")
def administrator() -> Iterator[Client]:
    with testing.EmbeddedServer(security=True) as server:
        config = server.config(user="admin", password="admin")
        with aerospike_py.client(config) as client:
            yield client


@pytest.fixture(scope="module")
def planner() -> Iterator[Client]:
    server = testing.EmbeddedServer(compat="8.2")
    with server, aerospike_py.client(server.config()) as client:
        yield client


@pytest.fixture
def banker(consistent: testing.EmbeddedServer) -> Iterator[Client]:
    consistent.clear()
    with aerospike_py.client(consistent.config()) as client:
        yield client


def server_for(text: str) -> str:
    """The fixture of a client whose server has what the example in a docstring needs."""
    example = "".join(step.source for step in parse(text))
    if "client.admin_" in example:
        return "administrator"
    if re.search(r"\btxn\b", example):
        return "banker"
    return "planner" if "query_explain" in example else "client"


@pytest.mark.parametrize("name", EXAMPLES.values())
def test_example(name: str, request: pytest.FixtureRequest, server: Any) -> None:
    text = DOCS[name]
    if missing := re.search(r"import (numpy|prometheus_client)", text):
        pytest.importorskip(missing[1])
    client = request.getfixturevalue(server_for(text))
    # Examples that read a whole set have one for themselves.
    key = ("test", f"example {name}"[-60:] if "key[:2]" in text else "examples", name)
    (*_, module) = (module for module in MODULES if f"{name}.".startswith(f"{module.__name__}."))
    names = {**PACKAGE, **BUILDERS, **vars(testing), **vars(module)}
    names |= {"aerospike_py": aerospike_py, "asyncio": asyncio, "exception": exception}
    names |= {"exp": aerospike_py.exp, "key": key, "hosts": server.hosts}
    if name not in ("aerospike_py.client", "aerospike_py.async_client"):
        names["client"] = client
    example = doctest.DocTestParser().get_doctest(text, names, name, None, None)
    said: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    if not name.startswith("aerospike_py.Client.admin_"):
        client.batch_remove([key])
    assert not result.failed, "".join(said)


VERBS = [name for name in vars(Client) if name[0] != "_" and callable(vars(Client)[name])]


@pytest.mark.parametrize("verb", VERBS)
def test_both_clients_have_the_same_verbs(verb: str) -> None:
    sync, coroutine = getattr(Client, verb), getattr(AsyncClient, verb)
    assert coroutine.__doc__ == sync.__doc__
    assert inspect.signature(coroutine) == inspect.signature(sync)
