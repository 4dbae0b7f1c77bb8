"""The official client, on the C client. It has no asyncio."""

from __future__ import annotations

import operator

import aerospike

from adapters import MAX_CONNECTIONS, NAMESPACE, SET, Calls


def blocking(hosts: list[tuple[str, int]]) -> Calls:
    config = {"hosts": hosts, "max_conns_per_node": MAX_CONNECTIONS}
    client = aerospike.client(config).connect()
    return Calls(
        get=lambda user_key: client.get((NAMESPACE, SET, user_key)),
        put=lambda user_key, bins: client.put((NAMESPACE, SET, user_key), bins),
        bins_of=operator.itemgetter(2),
    )
