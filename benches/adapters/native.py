"""aerospike-native, the layer under Aerospike's Python SDK."""

from __future__ import annotations

import operator
import os

from adapters import MAX_CONNECTIONS, NAMESPACE, SET, Calls

# Importing it would make uvloop the loop of every asyncio program; the worker chooses the loop.
os.environ["AEROSPIKE_NO_UVLOOP"] = "1"

from aerospike_native import ClientPolicy, Key, new_client, new_client_blocking

BINS_OF = operator.attrgetter("bins")


def blocking(hosts: list[tuple[str, int]]) -> Calls:
    client = new_client_blocking(policy(), seeds(hosts))
    return Calls(
        get=lambda user_key: client.get_blocking(Key(NAMESPACE, SET, user_key)),
        put=lambda user_key, bins: client.put_blocking(Key(NAMESPACE, SET, user_key), bins),
        bins_of=BINS_OF,
    )


async def awaitable(hosts: list[tuple[str, int]]) -> Calls:
    client = await new_client(policy(), seeds(hosts))
    return Calls(
        get=lambda user_key: client.get(Key(NAMESPACE, SET, user_key)),
        put=lambda user_key, bins: client.put(Key(NAMESPACE, SET, user_key), bins),
        bins_of=BINS_OF,
    )


def policy() -> ClientPolicy:
    policy = ClientPolicy()
    policy.max_conns_per_node = MAX_CONNECTIONS
    return policy


def seeds(hosts: list[tuple[str, int]]) -> str:
    return ",".join(f"{host}:{port}" for host, port in hosts)
