"""Event loops that can read sockets but not watch descriptors, as Windows' default loop."""

from __future__ import annotations

import asyncio
from typing import Any

import aerospike_py


class Reading(asyncio.SelectorEventLoop):
    def add_reader(self, *_: Any) -> None:
        raise NotImplementedError


def test_loop_that_only_reads_sockets_is_woken(config: Any, key: Any) -> None:
    async def use() -> list[int]:
        async with aerospike_py.AsyncClient(config) as client:
            await client.put(key, {"a": 7})
            records = await asyncio.gather(*(client.get(key) for _ in range(300)))
            return [record.bins["a"] for record in records]

    loop = Reading()
    try:
        assert loop.run_until_complete(use()) == [7] * 300
        reader = asyncio.all_tasks(loop)
        for task in reader:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*reader, return_exceptions=True))
    finally:
        loop.close()
