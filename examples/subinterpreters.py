"""Run a function in a new interpreter of this process that has a GIL of its own.

Since 3.14 `concurrent.interpreters` does that. What it is made of is in 3.13 and 3.12 already,
under names that are not public.
"""

import json
import os
import sys

SCRIPT = """
import json, os, sys
sys.path[:] = {path}
from {module} import {name}
result = {name}(*{arguments})
os.write({pipe}, json.dumps(result).encode())
"""


def call(function, *arguments):
    """Call `function`, of a module, in an interpreter that is made for it and removed after it.

    Arguments and result go from one interpreter to the other as text.
    """
    reading, writing = os.pipe()
    try:
        run_script(
            SCRIPT.format(
                path=sys.path,
                module=function.__module__,
                name=function.__name__,
                arguments=arguments,
                pipe=writing,
            )
        )
    finally:
        os.close(writing)
        with open(reading) as results:
            text = results.read()
    return json.loads(text)


def run_script(script):
    if sys.version_info >= (3, 14):
        from concurrent import interpreters

        interpreter = interpreters.create()
        try:
            interpreter.exec(script)
        finally:
            interpreter.close()
    elif sys.version_info >= (3, 13):
        import _interpreters

        interpreter = _interpreters.create("isolated")
        try:
            failure = _interpreters.exec(interpreter, script)
        finally:
            _interpreters.destroy(interpreter)
        if failure is not None:
            raise RuntimeError(f"a subinterpreter failed: {failure.errdisplay}")
    else:
        import _xxsubinterpreters

        interpreter = _xxsubinterpreters.create(isolated=True)
        try:
            _xxsubinterpreters.run_string(interpreter, script)
        finally:
            _xxsubinterpreters.destroy(interpreter)
