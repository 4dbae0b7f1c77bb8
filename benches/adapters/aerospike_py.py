"""This project's client, and aerospike-py 0.14.4, whose interface it keeps."""

from __future__ import annotations

import operator
from typing import Any

import aerospike_py
from adapters import MAX_CONNECTIONS, NAMESPACE, SET, Calls


def blocking(hosts: list[tuple[str, int]]) -> Calls:
    return calls(aerospike_py.client(config(hosts)).connect())


async def awaitable(hosts: list[tuple[str, int]]) -> Calls:
    client = aerospike_py.AsyncClient(config(hosts))
    await client.connect()
    return calls(client)


def config(hosts: list[tuple[str, int]]) -> dict[str, Any]:
    return {"hosts": hosts, "max_conns_per_node": MAX_CONNECTIONS}


def calls(client: Any) -> Calls:
    return Calls(
        get=lambda user_key: client.get((NAMESPACE, SET, user_key)),
        put=lambda user_key, bins: client.put((NAMESPACE, SET, user_key), bins),
        bins_of=operator.attrgetter("bins"),
    )
