"""What a client tells of its nodes without asking them, and contexts and expressions as text."""

from __future__ import annotations

from typing import Any

import pytest

from aerospike_py import AsyncClient, Client, cdt_ctx, exp
from aerospike_py.exception import AerospikeError, ClientError
from aerospike_py.testing import EmbeddedServer
from support.both import connected


def test_nodes_are_told_by_name_and_by_address(either: Any, server: Any) -> None:
    nodes = either.get_nodes()
    assert set(server.hosts) & set(nodes)
    stats = either.get_stats()
    assert [node.name for node in stats.nodes] == either.get_node_names()
    assert [(node.address, node.port) for node in stats.nodes] == nodes


def test_connections_are_counted(kind: str, config: Any) -> None:
    with connected(kind, {**config, "min_conns_per_node": 0}) as client:
        client.put(("test", "t", "stats"), {"a": 1})
        client.remove(("test", "t", "stats"))
        stats = client.get_stats()
        (conns,) = [node.conns for node in stats.nodes if node.conns.opened]
        assert conns.opened >= 1
        assert (conns.in_pool, conns.in_use, conns.recovering, conns.closed) == (1, 0, 0, 0)
        assert (stats.retry_count, stats.recover_queue_size) == (0, 0)
        assert stats.thread_pool_queued_tasks == 0


def test_commands_are_counted_while_metrics_are_enabled(kind: str) -> None:
    with EmbeddedServer() as server, connected(kind, {"hosts": server.hosts}) as client:

        def be_refused() -> int:
            with server.faults(refused=1.0, code=14), pytest.raises(AerospikeError):
                client.get(("test", "t", 1), {"max_retries": 0})
            (node,) = client.get_stats().nodes
            count: int = node.key_busy_count
            return count

        assert be_refused() == 0
        client.enable_metrics()
        assert be_refused() == 1
        client.disable_metrics()
        assert be_refused() == 1
        assert client.get_stats().nodes[0].error_count == 1
    with pytest.raises(TypeError, match="policy must be None: no files are written"):
        client.enable_metrics({})


def test_no_memory_is_shared(either: Any) -> None:
    assert either.shm_key() is None


VERBS = ["get_nodes", "get_stats", "get_node_names", "enable_metrics", "disable_metrics"]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("cls", [Client, AsyncClient])
def test_who_is_not_connected_knows_no_nodes(cls: Any, config: Any, verb: str) -> None:
    with pytest.raises(ClientError, match="not connected"):
        getattr(cls(config), verb)()


# As the official client packs them.
CONTEXTS = {
    "khAB": [cdt_ctx.cdt_ctx_list_index(1)],
    "lBAAIqIDYQ==": [cdt_ctx.cdt_ctx_list_index(0), cdt_ctx.cdt_ctx_map_key("a")],
}


@pytest.mark.parametrize("cls", [Client, AsyncClient])
def test_contexts_and_expressions_are_told_as_text(cls: Any, config: Any) -> None:
    client = cls(config)
    assert {text: client.get_cdtctx_base64(steps) for text, steps in CONTEXTS.items()} == {
        text: text for text in CONTEXTS
    }
    adult = exp.ge(exp.int_bin("age"), 18)
    text = client.get_expression_base64(adult)
    assert text == adult.base64()
    assert exp.from_base64(text) == adult


@pytest.mark.parametrize("cls", [Client, AsyncClient])
@pytest.mark.parametrize("wrong", [[], None, [1], "ctx"])
def test_what_is_no_context_is_refused(cls: Any, config: Any, wrong: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="ctx"):
        cls(config).get_cdtctx_base64(wrong)
    with pytest.raises(TypeError, match="expression must be an Expression"):
        cls(config).get_expression_base64(wrong)
