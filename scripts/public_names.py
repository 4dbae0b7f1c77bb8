#!/usr/bin/env python3
"""Print the public names of installed packages, one a line: what tests/client/data/names holds.

    python scripts/public_names.py PACKAGE...

Run it by the interpreter of an environment that has the packages. Each line is a dotted name and
what it is: module, class, exception, function, method, attribute, or constant with its value.
"""

from __future__ import annotations
import __future__

import builtins
import importlib
import inspect
import pkgutil
import sys
import types
from collections.abc import Iterator
from typing import Any

BUILTIN = {value for value in vars(builtins).values() if isinstance(value, type)}


def public(names: Any) -> list[str]:
    return sorted(name for name in names if not name.startswith("_"))


def modules(name: str) -> Iterator[str]:
    """A module, and those within it."""
    yield name
    module = importlib.import_module(name)
    found = {entry.name for entry in pkgutil.iter_modules(getattr(module, "__path__", []))}
    for key, value in vars(module).items():
        made = isinstance(value, types.ModuleType) and not hasattr(value, "__file__")
        if made and key not in sys.stdlib_module_names:
            sys.modules.setdefault(f"{name}.{key}", value)
            found.add(key)
    for key in public(found):
        # A compiled module of its package's name holds what the package shows.
        if f"{name}.{key}" != f"{name}.{name}":
            yield from modules(f"{name}.{key}")


def belongs(value: Any, module: types.ModuleType) -> bool:
    """Whether a module has it to show, and doesn't only use it."""
    if isinstance(value, __future__._Feature):
        return False
    home = getattr(value, "__module__", None)
    if isinstance(value, bool | int | str | float) or not isinstance(home, str):
        return True
    if home == "typing" or home.partition(".")[0] in sys.stdlib_module_names - {"builtins"}:
        return False
    compiled = not getattr(module, "__file__", "").endswith(".py")
    return compiled or hasattr(module, "__path__") or home == module.__name__


def members(cls: type, name: str) -> Iterator[tuple[str, str]]:
    inherited = {key for base in cls.__mro__ if base in BUILTIN for key in dir(base)}
    for key in public(set(dir(cls)) - inherited):
        value = inspect.getattr_static(cls, key)
        call = callable(value) or isinstance(value, staticmethod | classmethod)
        yield f"{name}.{key}", "method" if call else "attribute"


def names(module: str) -> Iterator[tuple[str, str]]:
    yield module, "module"
    found = importlib.import_module(module)
    listed = getattr(found, "__all__", None)
    for key in public(set(listed or dir(found))):
        value = getattr(found, key)
        name = f"{module}.{key}"
        if (not listed and not belongs(value, found)) or isinstance(value, types.ModuleType):
            continue
        if isinstance(value, type) and issubclass(value, BaseException):
            yield name, "exception"
        elif isinstance(value, type):
            yield name, "class"
            yield from members(value, name)
        elif isinstance(value, bool | int | str | float):
            yield name, f"constant {value!r}"
        else:
            yield name, "function" if callable(value) else "attribute"


if __name__ == "__main__":
    for package in sys.argv[1:]:
        for module in modules(package):
            for name, kind in names(module):
                print(name, kind)
