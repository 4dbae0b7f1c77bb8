"""What `help()` tells of the keys of typed dicts.

Python keeps no docstrings of annotations, so they are read from the source where there is one.
Editors read it themselves.
"""

from __future__ import annotations

import linecache
import re
import sys
from typing import Any

CLASS = re.compile(r'^class (\w+)\((\w+)[^)]*\):\n    """.*?"""\n', re.MULTILINE | re.DOTALL)
KEY = re.compile(r'^    (\w+): ([^\n]+)\n    """(.*?)"""\n', re.MULTILINE | re.DOTALL)


def tell_keys(module: dict[str, Any]) -> None:
    """Let the docstring of each typed dict of a module list its keys, those of its base too."""
    if sys.flags.optimize > 1:  # Python keeps none
        return
    # Empty where there are no sources.
    pieces = CLASS.split("".join(linecache.getlines(module["__file__"], module)))[1:]
    keys: dict[str, list[str]] = {}
    for name, base, body in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        keys[name] = keys.get(base, [])[:]
        for key, kind, text in KEY.findall(body):
            keys[name] += [f"{key}: {kind}", *(f"    {line.strip()}" for line in text.split("\n"))]
        cls = module[name]
        # The last line of a docstring is its indentation, which CPython 3.13 takes away.
        margin = cls.__doc__.rpartition("\n")[2]
        which = "Keys" if cls.__total__ else "Keys, all of them optional"
        cls.__doc__ += f"\n{margin}".join([f"\n{margin}{which}:", "", *keys[name], ""])
