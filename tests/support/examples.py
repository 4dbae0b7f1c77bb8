"""The docstrings of all public names, and what runs the examples in them."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
from types import ModuleType
from typing import Any

import aerospike_py
from aerospike_py import exception, testing

parse = doctest.DocTestParser().get_examples


def public_modules() -> list[ModuleType]:
    found = pkgutil.iter_modules(aerospike_py.__path__, "aerospike_py.")
    # The plugin is for pytest, which not every interpreter has.
    names = [entry.name for entry in found if "._" not in entry.name and "pytest" not in entry.name]
    return [aerospike_py, *map(importlib.import_module, names)]


def ours(value: Any) -> bool:
    return str(getattr(value, "__module__", "")).startswith(("aerospike_py", "_aerospike"))


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
# Of equal docstrings the last: that of `Client`, not that of `AsyncClient`.
EXAMPLES = list({DOCS[name]: name for name in DOCUMENTED if parse(DOCS[name])}.values())

PACKAGE = {n: getattr(aerospike_py, n) for n in aerospike_py.__all__ if n[0] != "_"}
BUILDERS = {
    name: getattr(module, name)
    for module in MODULES
    if module.__name__.endswith(("operations", "cdt_ctx", "batch_records"))
    for name in module.__all__
}
SERVERS: dict[str, dict[str, Any]] = {
    "client": {},
    "administrator": {"security": True},
    "banker": {"strong_consistency": ["test"]},
    "planner": {"compat": "8.2"},
}
"""Options of the embedded servers that examples need, by what their clients are called."""


def client_for(name: str) -> str:
    """The one of `SERVERS` that has what an example needs."""
    example = "".join(step.source for step in parse(DOCS[name]))
    if "client.admin_" in example:
        return "administrator"
    if re.search(r"\btxn\b", example):
        return "banker"
    return "planner" if "query_explain" in example else "client"


def package_for(name: str) -> str | None:
    """The package that an example needs besides."""
    found = re.search(r"import (numpy|prometheus_client)", DOCS[name])
    return found and found[1]


def run(name: str, client: Any, hosts: list[tuple[str, int]]) -> str:
    """What an example does otherwise than it says."""
    text, server = DOCS[name], client_for(name)
    if server == "banker":
        # Their accounts are the same, and stay.
        client.truncate("test", None)
    # Examples that read a whole set have one for themselves.
    key = ("test", f"example {name}"[-60:] if "key[:2]" in text else "examples", name)
    (*_, module) = (module for module in MODULES if f"{name}.".startswith(f"{module.__name__}."))
    names = {**PACKAGE, **BUILDERS, **vars(testing), **vars(module)}
    names |= {"aerospike_py": aerospike_py, "exception": exception, "exp": aerospike_py.exp}
    names |= {"key": key, "hosts": hosts}
    if "asyncio" in text:
        names["asyncio"] = importlib.import_module("asyncio")
    if name not in ("aerospike_py.client", "aerospike_py.async_client"):
        names["client"] = client
    example = doctest.DocTestParser().get_doctest(text, names, name, None, None)
    said: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    if server != "administrator":
        client.batch_remove([key])
    return "".join(said) if result.failed else ""
