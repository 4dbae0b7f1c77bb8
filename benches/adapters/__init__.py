"""How the worker calls a client: one module a client, and what every such module gives.

`blocking(hosts)` connects a client and returns its calls; `awaitable(hosts)` does so in the running
event loop, and its `get` and `put` return something to await. A module of a client without asyncio
has no `awaitable`.

All of them use the timeouts and retries that a client has by itself. These are the same in all:
1 second in total, 30 on a socket, 2 retries of a read and none of a write.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

NAMESPACE = "test"
SET = "benches"

MAX_CONNECTIONS = 600
"""To a node: no operation of the widest case may have to go without."""

Bins = dict[str, Any]


class Calls(NamedTuple):
    """A call begins with the key as a program has it, a string, so that making a key out of it, and
    its digest, is part of the operation with every client."""

    get: Callable[[str], Any]
    put: Callable[[str, Bins], Any]
    bins_of: Callable[[Any], Bins]
    """The bins of what `get` gave, as a dict."""
