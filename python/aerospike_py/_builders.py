"""What the functions that make operations have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def also_named(**names: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let a function's arguments be given by other names, too: `other="name"`.

    The official client's names of arguments are taken in this way.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def build(*args: P.args, **keywords: P.kwargs) -> T:
            for other in names.keys() & keywords.keys():
                name = names[other]
                if name in keywords:
                    raise TypeError(
                        f"{function.__name__}() got {name!r} and {other!r}, which mean the same"
                    )
                keywords[name] = keywords.pop(other)
            return function(*args, **keywords)

        return build

    return decorate
