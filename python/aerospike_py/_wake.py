"""The wake-up of event loops that can read sockets but not watch descriptors.

On Windows that is the default loop of asyncio.
"""

from __future__ import annotations

import socket
from asyncio import AbstractEventLoop
from collections.abc import Callable


async def read(loop: AbstractEventLoop, descriptor: int, drain: Callable[[], None]) -> None:
    """Call `drain` whenever the socket `descriptor`, which is this task's to close, was written."""
    with socket.socket(fileno=descriptor) as wake:
        wake.setblocking(False)
        while await loop.sock_recv(wake, 64):
            drain()
