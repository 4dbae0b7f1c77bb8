"""Reading results as they arrive: the native module makes streams, these functions read them.

A stream gives what has arrived in chunks, at least one result in each, and none at the end. When
nothing refers to it any more its producer stops.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Protocol


class Stream(Protocol):
    def take(self) -> list[Any]: ...
    def close(self) -> None: ...


class AsyncStream(Protocol):
    def take(self) -> Awaitable[list[Any]]: ...
    def close(self) -> None: ...


def rows(stream: Stream) -> Iterator[Any]:
    """The results, one by one."""
    while chunk := stream.take():
        yield from chunk


def each(stream: Stream, callback: Callable[..., Any]) -> None:
    """Call back for each result, until a call returns False."""
    for row in rows(stream):
        if callback(*row) is False:
            return


async def async_rows(stream: AsyncStream) -> AsyncIterator[Any]:
    while chunk := await stream.take():
        for row in chunk:
            yield row


async def async_each(stream: AsyncStream, callback: Callable[..., Any]) -> None:
    while chunk := await stream.take():
        for row in chunk:
            answer = callback(*row)
            if isinstance(answer, Awaitable):
                answer = await answer
            if answer is False:
                return
