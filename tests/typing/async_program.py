"""A program of a user, for type checkers: the client for asyncio."""

from __future__ import annotations

import asyncio

from typing_extensions import assert_type

import aerospike_py
from aerospike_py import AsyncClient, ClusterStats, ExistsResult, LazyBatchRecords, Record
from aerospike_py import list_operations as lists
from aerospike_py.types import BatchWriteResult, ClientConfig, InfoNodeResult, Key

CONFIG: ClientConfig = {"hosts": ["127.0.0.1:3000"]}
KEYS: list[Key] = [("test", "numbers", number) for number in range(10)]


async def records(client: AsyncClient) -> None:
    await asyncio.gather(*(client.put(key, {"n": key[2]}) for key in KEYS))
    found = await asyncio.gather(*(client.get(key) for key in KEYS))
    assert_type(found, list[Record])
    assert_type(await client.exists(KEYS[0]), ExistsResult)
    assert_type(await client.operate(KEYS[0], [lists.list_append("l", 1)]), Record)
    task: asyncio.Task[Record] = asyncio.create_task(client.get(KEYS[0]))
    assert_type(await task, Record)


async def many(client: AsyncClient) -> None:
    assert_type(await client.batch_read(KEYS), LazyBatchRecords)
    assert_type(await client.batch_write([(KEYS[0], {"n": 1})]), BatchWriteResult)
    async for at, row in client.batch_stream(KEYS):
        print(at, row.result)
    query = client.query("test", "numbers")
    async for record in query:
        assert_type(record, Record)
    assert_type(await query.results(), list[Record])
    scan = client.scan("test", "numbers")
    await scan.foreach(print)


async def main() -> None:
    async with aerospike_py.async_client(CONFIG) as client:
        await records(client)
        await many(client)
        assert_type(await client.ping(), bool)
        assert_type(client.is_connected(), bool)
        assert_type(await client.info_all("build"), list[InfoNodeResult])
        assert_type(client.get_stats(), ClusterStats)
        await client.index_remove("test", "numbers_n")


asyncio.run(main())
