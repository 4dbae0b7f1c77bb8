"""A configuration is checked when the client is made, before anything is connected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import ConfigProvider
from aerospike_py.testing import EmbeddedCluster
from support.both import connected

HOSTS = [("localhost", 3000)]

# Each key, with values that are permitted.
PERMITTED: dict[str, list[Any]] = {
    "hosts": [
        [("localhost", 3000)],
        (("localhost", 3000),),
        [("localhost", 3000, None)],
        [("localhost",)],
        ["localhost"],
        ["localhost:3000", ("127.0.0.1", 3000), "::1", "[::1]:3000"],
    ],
    "cluster_name": [None, "name"],
    "app_id": [None, "app"],
    "auth_mode": [aero.AUTH_INTERNAL, aero.AUTH_EXTERNAL_INSECURE],
    "tls": [{}, {"enable": False}, {"enable": False, "cafile": "/does/not/exist"}],
    "connect_timeout": [0, 500],
    "timeout": [0, 500],
    "tend_interval": [250, 10_000],
    "fail_if_not_connected": [True, False],
    "use_services_alternate": [True, False],
    "force_single_node": [True, False],
    "ip_map": [None, {}, {"10.0.0.1": "127.0.0.1"}],
    "min_conns_per_node": [0, 100],
    "max_conns_per_node": [1, 1000],
    "conn_pools_per_node": [1, 255],
    "max_socket_idle": [0, 55],
    "idle_timeout": [0, 55_000],
    "max_error_rate": [0, 100],
    "error_rate_window": [1, 5],
    "rack_aware": [True, False],
    "rack_id": [0],
    "rack_ids": [[], [1], (2, 1)],
    "max_concurrent_operations": [0, 100],
    "operation_queue_timeout_ms": [0, 100],
    "compression_threshold": [0, 1000],
    "send_bool_as": [aero.AS_BOOL],
    "config_provider": [None, ConfigProvider("x.yaml"), ConfigProvider("x.yaml", 1000)],
    "serialization": [(None, None), (str, None), (None, bytes)],
    "validate_keys": [True, False],
    "lua": [{}],
    "shm": [{}],
    "use_shared_connection": [False],
    "thread_pool_size": [16],
    "max_threads": [300],
    "strict_types": [True],
    "policies": [
        {},
        {"read": {}, "write": {}, "operate": {}, "remove": {}, "apply": {}, "query": {}},
        {"query": {"max_records": 1}, "scan": {"records_per_second": 5}},
        {"scan": {}, "batch": {}, "batch_parent_write": {}, "batch_write": {}, "batch_remove": {}},
        {"batch_apply": {}, "txn_verify": {}, "txn_roll": {}, "info": {}, "admin": {}},
        {"admin": {"timeout": 500}},
        {"metrics": None, "auth_mode": aero.AUTH_INTERNAL, "login_timeout_ms": 5000},
        {"read": {"total_timeout": 1}, "info": {"timeout": 1}},
        {"batch": {"concurrent": True}, "batch_parent_write": {"allow_inline_ssd": True}},
        {"batch_write": {"ttl": 9}, "batch_remove": {"gen": 1}, "batch_apply": {"ttl": 9}},
        {"total_timeout": 1, "max_retries": 1, "key": aero.POLICY_KEY_SEND},
        {"exists": aero.POLICY_EXISTS_UPDATE, "replica": 0, "commit_level": 1},
    ],
}


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in PERMITTED.items() for value in values],
    ids=lambda value: repr(value)[:30],
)
def test_every_key_is_taken(name: str, value: Any) -> None:
    aero.client({"hosts": HOSTS, name: value})
    aero.async_client({"hosts": HOSTS, name: value})


def test_keys_may_be_combined() -> None:
    for config in [
        {"user": "u", "password": "p"},
        {"user": "u", "password": "p", "auth_mode": aero.AUTH_EXTERNAL_INSECURE},
        {"rack_aware": True, "rack_id": 5},
        {"rack_id": 5, "rack_ids": [5, 6]},
        {"min_conns_per_node": 5, "max_conns_per_node": 5},
        {"tls": {"enable": False}, "hosts": [("localhost", 3000, "tls-name")]},
    ]:
        aero.client({"hosts": HOSTS, **config})  # type: ignore[typeddict-item]


REFUSED: list[tuple[Any, type[Exception], str]] = [
    ({"hosts": []}, ValueError, '"hosts" must have at least one host'),
    ({"hosts": "localhost"}, TypeError, '"hosts" must be a list or tuple of hosts, not str'),
    ({"hosts": None}, TypeError, '"hosts" must be .*, not NoneType'),
    ({"hosts": [5]}, TypeError, "item 0: a host must be .*, not int"),
    ({"hosts": ["a", ["b", 3000]]}, TypeError, "item 1: a host must be .*, not list"),
    ({"hosts": [()]}, ValueError, "item 0: a host must have 1 to 3 parts .*, not 0"),
    ({"hosts": [("a", 1, None, 2)]}, ValueError, "1 to 3 parts .*, not 4"),
    ({"hosts": [(1, 3000)]}, TypeError, "host's name must be str, not int"),
    ({"hosts": [("", 3000)]}, ValueError, "host's name is empty"),
    ({"hosts": [" "]}, ValueError, "host's name is empty"),
    ({"hosts": [":3000"]}, ValueError, "host's name is empty"),
    ({"hosts": [("a", "3000")]}, TypeError, "port must be int, not str"),
    ({"hosts": [("a", True)]}, TypeError, "port must be int, not bool"),
    ({"hosts": [("a", 0)]}, ValueError, "port must be from 1 to 65535, not 0"),
    ({"hosts": [("a", 65536)]}, ValueError, "not 65536"),
    ({"hosts": [("a", 2**70)]}, ValueError, "port must be from 1 to 65535"),
    ({"hosts": ["a:b"]}, ValueError, 'port must be from 1 to 65535, not "b"'),
    ({"hosts": ["a:"]}, ValueError, 'port must be from 1 to 65535, not ""'),
    ({"hosts": [("a", 3000, 5)]}, TypeError, "TLS name must be str, not int"),
    ({"hosts": [("a", 3000, "name")]}, ValueError, 'a:3000 has a TLS name, but .*"tls"'),
    ({"user": "u"}, ValueError, '"user" and "password" must be given together'),
    ({"password": "p"}, ValueError, '"user" and "password" must be given together'),
    ({"user": 5, "password": "p"}, TypeError, '"user" must be str, not int'),
    ({"user": "u", "password": b"p"}, TypeError, '"password" must be str, not bytes'),
    ({"auth_mode": 9}, ValueError, r"AUTH_EXTERNAL_INSECURE \(3\), not 9"),
    ({"auth_mode": "internal"}, TypeError, '"auth_mode" must be int, not str'),
    ({"auth_mode": aero.AUTH_PKI}, ValueError, "need TLS"),
    ({"auth_mode": aero.AUTH_EXTERNAL, "user": "u", "password": "p"}, ValueError, "need TLS"),
    ({"auth_mode": 0, "policies": {"auth_mode": 0}}, ValueError, "one of the two"),
    ({"cluster_name": 5}, TypeError, '"cluster_name" must be str, not int'),
    ({"app_id": b"a"}, TypeError, '"app_id" must be str, not bytes'),
    ({"connect_timeout": -1}, ValueError, '"connect_timeout"'),
    ({"connect_timeout": 1, "timeout": 1}, ValueError, '"connect_timeout" and "timeout"'),
    ({"tend_interval": 249}, ValueError, '"tend_interval" must be from 250 .*, not 249'),
    ({"fail_if_not_connected": 1}, TypeError, '"fail_if_not_connected" must be bool, not int'),
    ({"use_services_alternate": "no"}, TypeError, '"use_services_alternate" must be bool'),
    ({"force_single_node": 0}, TypeError, '"force_single_node" must be bool'),
    ({"ip_map": []}, TypeError, '"ip_map" must be a dict of addresses, not list'),
    ({"ip_map": {"a": 1}}, TypeError, 'address in "ip_map" must be str, not int'),
    ({"min_conns_per_node": -1}, ValueError, '"min_conns_per_node"'),
    ({"min_conns_per_node": 101}, ValueError, '"min_conns_per_node" is 101, above .* 100'),
    ({"max_conns_per_node": 0}, ValueError, '"max_conns_per_node" must be from 1'),
    ({"conn_pools_per_node": 256}, ValueError, '"conn_pools_per_node" must be from 1 to 255'),
    ({"max_socket_idle": 2**31}, ValueError, '"max_socket_idle"'),
    ({"max_socket_idle": 1, "idle_timeout": 1}, ValueError, '"max_socket_idle" and "idle_timeout"'),
    ({"max_error_rate": -1}, ValueError, '"max_error_rate"'),
    ({"error_rate_window": 0}, ValueError, '"error_rate_window" must be from 1'),
    ({"rack_aware": 1}, TypeError, '"rack_aware" must be bool, not int'),
    ({"rack_id": 5}, ValueError, '"rack_id" has no effect without "rack_aware": True'),
    ({"rack_id": -1}, ValueError, '"rack_id"'),
    ({"rack_ids": 5}, TypeError, '"rack_ids" must be a list or tuple of rack numbers, not int'),
    ({"rack_ids": ["a"]}, ValueError, '"rack_ids" must be a list or tuple of rack numbers'),
    ({"rack_ids": [1], "rack_id": 2}, ValueError, '"rack_id" and "rack_ids"'),
    ({"rack_ids": [1], "rack_aware": False}, ValueError, '"rack_ids" has no effect'),
    ({"max_concurrent_operations": -1}, ValueError, '"max_concurrent_operations"'),
    ({"operation_queue_timeout_ms": 1.5}, TypeError, '"operation_queue_timeout_ms" must be int'),
    ({"compression_threshold": "1"}, TypeError, '"compression_threshold" must be int'),
    ({"send_bool_as": 0}, ValueError, '"send_bool_as": .*AS_BOOL'),
    ({"config_provider": "x"}, TypeError, "a ConfigProvider, not str"),
    ({"config_provider": ConfigProvider(1)}, TypeError, "path of a ConfigProvider"),
    ({"config_provider": ConfigProvider("x", 999)}, ValueError, "from 1000 .* not 999"),
    ({"config_provider": ConfigProvider("x", None)}, TypeError, "a ConfigProvider"),
    ({"serialization": (1, None)}, TypeError, '"serialization" must be callable, not int'),
    ({"serialization": (str,)}, TypeError, '"serialization" must be a tuple'),
    ({"serialization": 5}, TypeError, '"serialization" must be a tuple'),
    ({"validate_keys": 1}, TypeError, '"validate_keys" must be bool'),
    ({"lua": {"user_path": "/"}}, NotImplementedError, "from the cluster"),
    ({"shm": {"shm_key": 1}}, ValueError, '"shm": .* remove the key'),
    ({"use_shared_connection": True}, ValueError, '"use_shared_connection": .* remove the key'),
    ({"thread_pool_size": 8}, ValueError, '"thread_pool_size": .* remove the key'),
    ({"max_threads": 8}, ValueError, '"max_threads": .* remove the key'),
    ({"strict_types": False}, ValueError, '"strict_types": types are always checked'),
    ({"host": HOSTS}, ValueError, 'unknown key "host".* mean "hosts"'),
    ({"maxConnsPerNode": 5}, ValueError, 'mean "max_conns_per_node"'),
    ({"foo": 1}, ValueError, r'unknown key "foo"\. Permitted are: app_id, .*validate_keys'),
    ({5: 1}, TypeError, "keys of config must be str, not int"),
    ({"policies": 5}, TypeError, r'config\["policies"\] must be a dict, not int'),
    ({"policies": {"reed": {}}}, ValueError, 'unknown key "reed".* mean "read"'),
    ({"policies": {"read": 5}}, TypeError, r'config\["policies"\]\["read"\] must be a dict'),
    ({"policies": {"read": {"foo": 1}}}, ValueError, r'\["read"\] has an unknown key "foo"'),
    ({"policies": {"write": {"ttl": -9}}}, ValueError, r'\["write"\] key "ttl"'),
    ({"policies": {"operate": {"gen": 9}}}, ValueError, r'\["operate"\] key "gen"'),
    ({"policies": {"remove": {"gen": 9}}}, ValueError, r'\["remove"\] key "gen"'),
    ({"policies": {"info": {"timeout": -1}}}, ValueError, r'\["info"\] key "timeout"'),
    ({"policies": {"total_timeout": -1}}, ValueError, r'config\["policies"\] key "total_timeout"'),
    ({"policies": {"batch": {"concurrent": 1}}}, TypeError, r'\["batch"\] key "concurrent"'),
    ({"policies": {"batch_write": {"exists": 9}}}, ValueError, r'\["batch_write"\] key "exists"'),
    ({"policies": {"batch_remove": {"ttl": 1}}}, ValueError, 'unknown key "ttl"'),
    ({"policies": {"batch_apply": {"gen": 1}}}, ValueError, 'unknown key "gen"'),
    ({"policies": {"query": {"ttl": 1}}}, ValueError, 'unknown key "ttl"'),
    ({"policies": {"scan": {"ttl": 1}}}, ValueError, r'\["scan"\] key "ttl"'),
    ({"policies": {"batch": 5}}, TypeError, r'\["batch"\] must be a dict, not int'),
    ({"policies": {"login_timeout_ms": -1}}, ValueError, '"login_timeout_ms"'),
]


@pytest.mark.parametrize(("extra", "raised", "told"), REFUSED, ids=lambda value: repr(value)[:40])
def test_what_is_not_permitted_is_refused(extra: Any, raised: Any, told: str) -> None:
    for make in (aero.client, aero.async_client):
        with pytest.raises(raised, match=told):
            make({"hosts": HOSTS, **extra})


def test_hosts_must_be_given() -> None:
    with pytest.raises(ValueError, match='no key "hosts"'):
        aero.client({})


@pytest.mark.parametrize("wrong", [None, 5, "localhost:3000", [("hosts", HOSTS)]], ids=repr)
def test_configuration_must_be_a_dict(wrong: Any) -> None:
    with pytest.raises(TypeError, match=f"config must be a dict, not {type(wrong).__name__}"):
        aero.client(wrong)


def test_errors_do_not_tell_the_password() -> None:
    for extra in ({"password": "hunter2"}, {"user": "u", "password": "hunter2", "foo": 1}):
        with pytest.raises(ValueError, match="config") as caught:
            aero.client({"hosts": HOSTS, **extra})  # type: ignore[typeddict-item]
        assert "hunter2" not in str(caught.value)


def test_configuration_is_copied(config: Any, kind: str) -> None:
    mine = {"hosts": list(config["hosts"]), "policies": {"read": {"total_timeout": 900}}}
    with connected(kind, mine) as client:
        mine["hosts"].clear()
        mine["policies"]["read"]["total_timeout"] = -1
        client.close()
        client.connect()
        assert client.is_connected()


@pytest.mark.parametrize("form", ["{}:{}", "[{}]:{}"])
def test_hosts_may_be_text(kind: str, server: Any, form: str) -> None:
    with connected(kind, {"hosts": [form.format(*server.hosts[0])]}) as client:
        assert client.ping()


def test_cluster_name_must_be_the_clusters(kind: str, config: Any) -> None:
    with EmbeddedCluster(2, cluster_name="blue") as cluster:
        with connected(kind, cluster.config(cluster_name="blue")) as client:
            assert set(client.get_node_names()) == {node.name for node in cluster.nodes}
        with connected(kind, cluster.config()) as client:
            assert client.info_random_node("cluster-name") == "blue"
        for hosts, name in [(cluster.hosts, "green"), (config["hosts"], "blue")]:
            wrong: Any = {"hosts": hosts, "cluster_name": name}
            with pytest.raises(aero.AerospikeError, match=name), connected(kind, wrong):
                pass
    with pytest.raises(RuntimeError, match="cluster-name"), EmbeddedCluster(cluster_name="a b"):
        pass


# --- TLS --------------------------------------------------------------------------------------


def tls_config(**tls: Any) -> Any:
    return {"hosts": [("localhost", 4333, "name")], "tls": {"enable": True, **tls}}


@pytest.mark.parametrize("key", ["cafile", "capath", "certfile", "keyfile", "cert_blacklist"])
def test_files_that_are_missing_are_told(key: str, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.pem")
    pair = {"certfile": missing, "keyfile": missing} if key in ("certfile", "keyfile") else {}
    with pytest.raises(FileNotFoundError, match=r"missing\.pem"):
        aero.client(tls_config(**{**pair, key: missing}))


@pytest.mark.parametrize(
    ("tls", "raised", "told"),
    [
        ({"enable": 1}, TypeError, r'config\["tls"\] key "enable" must be bool, not int'),
        ({"cafile": 5}, TypeError, '"cafile" must be str, not int'),
        ({"certfile": "x"}, ValueError, '"certfile" and "keyfile" must be given together'),
        ({"keyfile": "x"}, ValueError, '"certfile" and "keyfile" must be given together'),
        ({"log_session_info": True}, NotImplementedError, "log of TLS sessions"),
        ({"protocols": "TLSv1.1"}, ValueError, '"protocols" must be .*TLSv1.3'),
        ({"protocols": "-all"}, ValueError, '"protocols" must be'),
        ({"cipher_suite": "RC4-MD5"}, ValueError, "ECDHE-RSA-AES256-GCM-SHA384.*'RC4-MD5'"),
        ({"caflie": "x"}, ValueError, 'mean "cafile"'),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_tls_refuses_what_is_not_permitted(tls: Any, raised: Any, told: str) -> None:
    with pytest.raises(raised, match=told):
        aero.client(tls_config(**tls))


def test_file_without_certificates_is_told(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("not a certificate\n")
    with pytest.raises(ValueError, match="no trusted certificate"):
        aero.client(tls_config(cafile=str(empty)))


def test_hosts_need_a_tls_name() -> None:
    config = {**tls_config(), "hosts": [("localhost", 4333)]}
    with pytest.raises(ValueError, match="localhost:4333 needs a TLS name"):
        aero.client(config)
