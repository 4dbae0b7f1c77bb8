"""`AsyncClient` used as if it were `Client`, so that one test proves both."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import aerospike_py
from aerospike_py import AsyncClient, AsyncQuery, AsyncScan, Client

KINDS = ["Client", "AsyncClient"]


class Waiting:
    """An `AsyncClient` whose methods run the event loop until their result is there."""

    def __init__(self, client: AsyncClient, loop: asyncio.AbstractEventLoop) -> None:
        self._client = client
        self._loop = loop

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)

        def wait(*args: Any, **keywords: Any) -> Any:
            result = method(*args, **keywords)
            if isinstance(result, AsyncQuery | AsyncScan):
                return WaitingQuery(result, self._loop)
            if not isinstance(result, Awaitable):
                return result
            result = self._loop.run_until_complete(result)
            return self if result is self._client else result

        return wait


class WaitingQuery:
    """An `AsyncQuery` or `AsyncScan` used as if it were a `Query` or `Scan`."""

    def __init__(self, query: AsyncQuery | AsyncScan, loop: asyncio.AbstractEventLoop) -> None:
        self.__dict__.update(_query=query, _loop=loop)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._query, name)
        if not callable(found):
            return found

        def wait(*args: Any, **keywords: Any) -> Any:
            result = found(*args, **keywords)
            return (
                self._loop.run_until_complete(result) if isinstance(result, Awaitable) else result
            )

        return wait

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._query, name, value)

    def __iter__(self) -> Iterator[Any]:
        rows = aiter(self._query)

        async def following() -> Any:
            return await anext(rows, None)

        while record := self._loop.run_until_complete(following()):
            yield record


@contextmanager
def unconnected(kind: str, config: Any) -> Iterator[Any]:
    """A client of the kind, closed in the end if the test has not done it."""
    if kind == "Client":
        client: Any = Client(config)
        yield client
        client.close()
        return
    loop = asyncio.new_event_loop()
    try:
        client = Waiting(aerospike_py.AsyncClient(config), loop)
        yield client
        client.close()
    finally:
        loop.close()


@contextmanager
def connected(kind: str, config: Any) -> Iterator[Any]:
    with unconnected(kind, config) as client:
        client.connect()
        yield client
