"""Info commands, and what a client knows of its cluster."""

from __future__ import annotations

from typing import Any

import pytest

from aerospike_py import exception
from aerospike_py.types import InfoNodeResult
from support.both import connected, unconnected


def test_ping_tells_whether_a_node_answers(kind: str, config: Any) -> None:
    with unconnected(kind, config) as client:
        assert client.ping() is False
        client.connect()
        assert client.ping() is True
        client.close()
        assert client.ping() is False


def test_ping_of_a_cluster_that_is_gone_is_false(kind: str, proxy: Any) -> None:
    with connected(kind, {"hosts": proxy.hosts}) as client:
        assert client.ping() is True
        proxy.refuse()
        assert client.ping() is False


def test_nodes_have_names(either: Any) -> None:
    names = either.get_node_names()
    assert names
    assert all(type(name) is str and name for name in names)
    assert len(set(names)) == len(names)


def test_info_all_asks_every_node(either: Any) -> None:
    results = either.info_all("node")
    assert type(results) is list
    assert all(type(result) is InfoNodeResult for result in results)
    names = sorted(either.get_node_names())
    assert sorted(results) == [(name, 0, name) for name in names]


def test_info_random_node_asks_one(either: Any) -> None:
    assert either.info_random_node("node") in either.get_node_names()


def test_info_single_node_asks_by_name_or_address(either: Any, server: Any) -> None:
    for name in either.get_node_names():
        assert either.info_single_node("node", name) == name
    host, port = server.hosts[0]
    at_address = either.info_single_node("node", (host, port))
    assert at_address in either.get_node_names()
    assert either.info_single_node("node", (host, port, "tls name")) == at_address


@pytest.mark.parametrize("node", ["NO SUCH NODE", ("127.0.0.1", 1)])
def test_info_single_node_needs_a_node_of_the_cluster(either: Any, node: Any) -> None:
    with pytest.raises(exception.InvalidNodeError, match=either.get_node_names()[0]) as caught:
        either.info_single_node("node", node)
    assert caught.value.code == -8


def test_commands_have_parameters(either: Any) -> None:
    assert "objects" in either.info_random_node("namespace/test")


def test_command_that_no_node_knows_has_an_error_code(either: Any) -> None:
    for result in either.info_all("no-such-command"):
        assert result.error_code == 4
        assert result.response.startswith("ERROR:4:")


@pytest.mark.parametrize(
    "policy", [{"timeout": 5000}, {"timeout": 0}, {"send_as_is": True, "check_bounds": True}]
)
def test_info_policies(either: Any, policy: Any) -> None:
    assert either.info_random_node("node", policy) in either.get_node_names()
    assert either.info_all("node", policy=policy)[0].error_code == 0


CALLS = [
    ("info_all", ()),
    ("info_random_node", ()),
    ("info_single_node", ("node",)),
]


@pytest.mark.parametrize(("verb", "more"), CALLS)
@pytest.mark.parametrize(
    ("command", "raised"),
    [("", ValueError), ("node\nbuild", ValueError), (5, TypeError), (b"node", TypeError)],
)
def test_a_command_is_one_line_of_text(
    either: Any, verb: str, more: Any, command: Any, raised: Any
) -> None:
    with pytest.raises(raised, match="command must be"):
        getattr(either, verb)(command, *more)


@pytest.mark.parametrize(("verb", "more"), CALLS)
@pytest.mark.parametrize("policy", [{"timeuot": 5}, {"timeout": "5"}, {"timeout": -1}, 5])
def test_wrong_info_policies_are_refused(either: Any, verb: str, more: Any, policy: Any) -> None:
    named = next(iter(policy)) if isinstance(policy, dict) else "policy"
    with pytest.raises((TypeError, ValueError, OverflowError), match=named):
        getattr(either, verb)("node", *more, policy=policy)


@pytest.mark.parametrize(
    "node", [5, None, ("127.0.0.1",), ("127.0.0.1", "3000"), (1, 2), ("127.0.0.1", 70000)]
)
def test_wrong_node_names_are_refused(either: Any, node: Any) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError)):
        either.info_single_node("node", node)


@pytest.mark.parametrize(("verb", "more"), CALLS)
def test_info_needs_a_connection(kind: str, config: Any, verb: str, more: Any) -> None:
    with unconnected(kind, config) as client:
        with pytest.raises(exception.ClientError, match="connect"):
            getattr(client, verb)("node", *more)
        with pytest.raises(exception.ClientError, match="connect"):
            client.get_node_names()


def test_an_index_of_a_set_can_be_wanted(either: Any) -> None:
    def configure(value: str) -> str:
        command = f"set-config:context=namespace;namespace=test;set=indexed;enable-index={value}"
        return str(either.info_random_node(command))

    for value in ("true", "false"):
        assert configure(value) == "ok"
        assert f":enable-index={value}:" in either.info_random_node("sets/test/indexed")
    assert configure("maybe").startswith("ERROR:4:")
