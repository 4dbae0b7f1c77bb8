"""Records of an embedded cluster, by the nodes that have them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aerospike_py.testing import EmbeddedCluster


def key_owned_by(cluster: EmbeddedCluster, client: Any, node: int, keys: Iterable[Any]) -> Any:
    """The first of some keys of which a node is the master."""
    return next(k for k in keys if cluster.owners(client.get_key_partition_id(*k))[0].id == node)
