"""Stubs of the modules whose functions take the official client's names of arguments, too.

Type checkers do not follow `also_named`: to them, each other name is another signature. Those are
written here, from the sources, so that nobody has to write them twice:

    python scripts/stubs.py            # write them
    python scripts/stubs.py --check    # fail if one is not what would be written
"""

from __future__ import annotations

import ast
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "python" / "aerospike_py"
HEAD = """\
# Made by scripts/stubs.py of the module of this name: change that one, and run the script.
# ruff: noqa
# fmt: off
"""


def other_names(function: ast.FunctionDef) -> dict[str, list[str]]:
    """By the name of each parameter, those that `also_named` gives it besides."""
    names: dict[str, list[str]] = {}
    for decorator in function.decorator_list:
        assert isinstance(decorator, ast.Call), ast.unparse(decorator)
        for keyword in decorator.keywords:
            names.setdefault(ast.literal_eval(keyword.value), []).append(str(keyword.arg))
    return names


def signatures(function: ast.FunctionDef) -> Iterator[str]:
    """The signature with its own names, then those with the others in their place."""
    others = other_names(function)
    arguments = [*function.args.args, *function.args.kwonlyargs]
    own = {argument: argument.arg for argument in arguments}
    choices = itertools.product(*others.values()) if others else ()
    for choice in ({}, *(dict(zip(others, names, strict=True)) for names in choices)):
        for argument, name in own.items():
            argument.arg = choice.get(name, name)
        if choice and len(function.args.defaults) == len(function.args.args):
            # Without any argument it is the signature before.
            del function.args.defaults[0]
        assert function.returns is not None
        result = ast.unparse(function.returns)
        yield f"def {function.name}({ast.unparse(function.args)}) -> {result}: ..."


def stub(source: str) -> str:
    module = ast.parse(source)
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    kept = [node for node in module.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    lines = [ast.unparse(node) for node in kept]
    for function in functions:
        if function.name.startswith("_"):
            continue
        written = list(signatures(function))
        for text in written:
            lines += ["@overload"] * (len(written) > 1) + [text]
    written_tree = ast.walk(ast.parse("\n".join(lines)))
    names = {node.id for node in written_tree if isinstance(node, ast.Name)}
    imports = sorted(
        f"from {node.module} import {alias.name}"
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module != "__future__"
        for alias in node.names
        if alias.name in names
    )
    return HEAD + "\n".join(["from typing import overload", *imports, *lines, ""])


def main(check: bool) -> int:
    stale = []
    for module in sorted(PACKAGE.glob("*.py")):
        source = module.read_text()
        if "\n@also_named(" not in source:
            continue
        path = module.with_suffix(".pyi")
        text = stub(source)
        if not path.exists() or path.read_text() != text:
            stale.append(path.name)
            if not check:
                path.write_text(text)
    if stale:
        print("out of date:" if check else "written:", ", ".join(stale))
    return len(stale) if check else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
