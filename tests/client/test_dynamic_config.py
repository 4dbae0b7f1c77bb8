"""A file of settings that a client reads when it connects and whenever it changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import aerospike_py
from aerospike_py import ConfigProvider
from aerospike_py.exception import AerospikeTimeoutError, ClientError
from aerospike_py.testing import EmbeddedServer
from support.both import KINDS, connected
from support.processes import eventually
from support.records import gathered

KEY = ("test", "t", "dynamic")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "client.yaml"


def told(file: Path, dynamic: str, static: str = "{}") -> Any:
    """Writes what a file says, and returns the configuration that has it."""
    file.write_text(f"version: 1.0.0\nstatic: {static}\ndynamic: {dynamic}\n")
    return {"config_provider": ConfigProvider(str(file), interval=1000)}


def test_is_laid_over_the_policies(kind: str, config: Any, file: Path) -> None:
    extra = told(
        file,
        """
  read: {total_timeout: 111, read_mode_ap: ALL, replica: PREFER_RACK}
  write: {send_key: true, durable_delete: true, max_retries: 7}
  query: {record_queue_size: 33, expected_duration: SHORT, include_bin_data: false}
  batch: {socket_timeout: 44, allow_inline: false}
  batch_write: {send_key: true}
  batch_delete: {durable_delete: true}
  batch_udf: {send_key: true}
""",
    )
    with connected(kind, {**config, **extra, "policies": {"total_timeout": 222}}) as client:
        policies = client.get_policies()
    assert policies["read"]["total_timeout"] == 111
    assert policies["read"]["read_mode_ap"] == aerospike_py.POLICY_READ_MODE_AP_ALL
    assert policies["read"]["replica"] == aerospike_py.POLICY_REPLICA_PREFER_RACK
    for writes in "write", "operate", "remove", "apply":
        assert policies[writes]["key"] == aerospike_py.POLICY_KEY_SEND
        assert policies[writes]["durable_delete"] is True
        assert (policies[writes]["max_retries"], policies[writes]["total_timeout"]) == (7, 222)
    assert policies["query"]["record_queue_size"] == policies["scan"]["record_queue_size"] == 33
    assert policies["query"]["expected_duration"] == aerospike_py.QUERY_DURATION_SHORT
    assert policies["query"]["include_bin_data"] is False
    for batch in "batch", "batch_parent_write":
        assert (policies[batch]["socket_timeout"], policies[batch]["allow_inline"]) == (44, False)
    assert policies["batch_write"]["key"] == aerospike_py.POLICY_KEY_SEND
    assert policies["batch_write"]["durable_delete"] is False
    assert policies["batch_remove"]["durable_delete"] is True
    assert policies["batch_apply"]["key"] == aerospike_py.POLICY_KEY_SEND


def test_wins_over_the_policy_of_a_call(kind: str, file: Path) -> None:
    with EmbeddedServer() as server:
        extra = told(file, "{read: {total_timeout: 50, max_retries: 0}}")
        with (
            connected(kind, {**server.config(), **extra}) as client,
            server.faults(lost=1.0),
            pytest.raises(AerospikeTimeoutError),
        ):
            client.get(KEY, {"total_timeout": 0, "socket_timeout": 0})


def test_changes_take_effect_and_mistakes_are_told(config: Any, file: Path) -> None:
    def retries() -> list[Any]:
        return [client.get_policies()["read"]["max_retries"] for client in clients]

    def told_of(text: str) -> bool:
        # Both clients look at the file, and what they tell is delivered while they are in use.
        pinged = [client.ping() for client in clients]
        return pinged == [True, True] and sum(text in line for line in log.texts) >= 2

    extra = told(file, "{read: {max_retries: 3, connect_timeout: 5}, scan: {max_retries: 5}}")
    with (
        gathered(aerospike_py.LOG_LEVEL_WARN) as log,
        connected(KINDS[0], {**config, **extra}) as one,
        connected(KINDS[1], {**config, **extra}) as other,
    ):
        clients = [one, other]
        assert retries() == [3, 3]
        assert eventually(
            lambda: told_of("no effect here: dynamic.read.connect_timeout, dynamic.scan")
        )
        told(file, "{read: {max_retries: 4}}")
        assert eventually(lambda: retries() == [4, 4])
        # What is no configuration, or gone, leaves what was there.
        file.write_text("version: 1.0.0\ndynamic: {read: {max_retries: many}}")
        assert eventually(lambda: told_of("is not valid"))
        file.unlink()
        assert eventually(lambda: told_of("can't be read"))
        assert retries() == [4, 4]
        told(file, "{write: {max_retries: 1}}")
        assert eventually(lambda: retries() == [2, 2])


def test_says_how_many_connections_there_are(kind: str, config: Any, file: Path) -> None:
    extra = told(file, "{}", "{client: {min_connections_per_node: 3, max_connections_per_node: 5}}")
    with connected(kind, {**config, **extra}) as client:
        assert eventually(lambda: all(node.conns.in_pool >= 3 for node in client.get_stats().nodes))


def test_is_found_through_the_environment(
    kind: str, config: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(file, "{read: {max_retries: 9}}")
    for url in str(file), f"file://{file}":
        monkeypatch.setenv("AEROSPIKE_CLIENT_CONFIG_URL", url)
        with connected(kind, config) as client:
            assert client.get_policies()["read"]["max_retries"] == 9
    monkeypatch.setenv("AEROSPIKE_CLIENT_CONFIG_URL", "https://localhost/client.yaml")
    refused = pytest.raises(ClientError, match=r"AEROSPIKE_CLIENT_CONFIG_URL .* not https")
    with refused, connected(kind, config):
        pass
    monkeypatch.setenv("AEROSPIKE_CLIENT_CONFIG_URL", "")
    with connected(kind, config) as client:
        assert client.get_policies()["read"]["max_retries"] == 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "can't be read"),
        ("dynamic: {}", "no key version"),
        ("version: 1.0.0\ndynamic: : :", "not valid"),
        ("[1]", "must be a mapping"),
        ("version: 1.0.0\ndynamic: {read: {replica: NEAREST}}", r"dynamic\.read: .*NEAREST"),
        ("version: 1.0.0\ndynamic: {write: {max_retries: many}}", r"dynamic\.write: .*many"),
        ("version: 1.0.0\ndynamic: {query: {expected_duration: AGES}}", "AGES"),
        ("version: 1.0.0\ndynamic: {batch_delete: {send_key: 5}}", "not valid"),
        ("version: 1.0.0\ndynamic: {client: {tend_interval: 1}}", "tend_interval .* not 1"),
    ],
)
def test_no_client_connects_with_a_wrong_file(
    kind: str, config: Any, file: Path, text: str | None, why: str
) -> None:
    if text is not None:
        file.write_text(text)
    extra = {"config_provider": ConfigProvider(str(file))}
    refused = pytest.raises(ClientError, match=rf"client\.yaml .*{why}")
    with refused, connected(kind, {**config, **extra}):
        pass


def test_policies_are_those_of_the_configuration(kind: str, config: Any) -> None:
    with connected(kind, config) as client:
        defaults = client.get_policies()
    assert defaults["read"]["total_timeout"] == defaults["write"]["total_timeout"] == 1000
    assert (defaults["read"]["max_retries"], defaults["write"]["max_retries"]) == (2, 0)
    other = {
        "read": {"read_touch_ttl_percent": 50, "sleep_multiplier": 1.5, "timeout_delay": 5},
        "write": {"exists": 4, "gen": 1, "ttl": 60, "commit_level": 1, "compression_threshold": 99},
        "operate": {"on_locking_only": True, "wrap_integers": True, "read_mode_sc": 1},
        "remove": {"durable_delete": True, "ttl": -1},
        "apply": {"key": 1, "ttl": -2, "error_detail_verbosity": 2},
        "query": {"expected_duration": 2, "max_concurrent_nodes": 2},
        "scan": {"records_per_second": 7, "max_records": 8},
        "batch": {"concurrent": False, "respond_all_keys": False},
        "batch_parent_write": {"allow_inline_ssd": True},
        "batch_write": {"exists": 2, "gen": 2},
        "batch_remove": {"generation": 3, "gen": 1},
        "batch_apply": {"ttl": 5},
        "txn_verify": {"max_retries": 3},
        "txn_roll": {"total_timeout": 7000},
        "info": {"timeout": 77},
        "admin": {"timeout": 88},
    }
    with connected(kind, {**config, "policies": other}) as client:
        told = client.get_policies()
    assert told.keys() == other.keys()
    for name, policy in other.items():
        compress = {"compress": True} if "compression_threshold" in policy else {}
        assert told[name] == {**defaults[name], **policy, **compress}
    # They can be given to another client.
    with connected(kind, {**config, "policies": told}) as client:
        assert client.get_policies() == told
