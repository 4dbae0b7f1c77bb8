"""Subinterpreters with a GIL of their own, whatever module of this Python makes them."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from types import ModuleType, TracebackType
from typing import Any


class Failed(Exception):
    """Code of another interpreter raised; the text tells what."""


class Interpreter:
    """A subinterpreter that imports from where this interpreter does."""

    def __init__(self) -> None:
        self.handle = create()
        """What the module of this Python knows the interpreter by."""
        self._closed = False

    def run(self, code: str) -> None:
        """Run code on the calling thread. Raises `Failed` if it raises."""
        execute(self.handle, f"import sys\nsys.path[:] = {sys.path!r}\n{code}")

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function of a module with arguments and a result that JSON knows."""
        reader, writer = os.pipe()
        with open(reader) as answers:
            called = (writer, function.__module__, function.__qualname__, json.dumps(args))
            try:
                self.run(f"from {__name__} import answer\nanswer(*{called!r})")
            finally:
                os.close(writer)
            answer = json.load(answers)
        if "raised" in answer:
            raise Failed(answer["raised"])
        return answer["returned"]

    def close(self) -> None:
        """End the interpreter, if it has not ended."""
        if not self._closed:
            self._closed = True
            destroy(self.handle)

    def __enter__(self) -> Interpreter:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def answer(writer: int, module: str, function: str, args: str) -> None:
    """Call a function in this interpreter, and write what it does for the one that asks."""
    try:
        answer = {"returned": getattr(import_module(module), function)(*json.loads(args))}
    except BaseException:
        answer = {"raised": traceback.format_exc()}
    os.write(writer, json.dumps(answer).encode())


def module() -> ModuleType:
    """The module of the C API, which no version of Python documents."""
    return import_module("_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters")


def create() -> Any:
    if sys.version_info >= (3, 14):
        return import_module("concurrent.interpreters").create()
    if sys.version_info >= (3, 13):
        return module().create("isolated")
    return module().create(isolated=True)


def execute(interpreter: Any, code: str) -> None:
    if sys.version_info >= (3, 14):
        try:
            interpreter.exec(code)
        except import_module("concurrent.interpreters").ExecutionFailed as error:
            raise Failed(str(error)) from None
    elif sys.version_info >= (3, 13):
        if raised := module().exec(interpreter, code):
            raise Failed(raised.errdisplay or raised.formatted)
    else:
        try:
            module().run_string(interpreter, code)
        except module().RunFailedError as error:
            raise Failed(str(error)) from None


def destroy(interpreter: Any) -> None:
    if sys.version_info >= (3, 14):
        interpreter.close()
    else:
        module().destroy(interpreter)
