"""Encrypted connections: whom the client trusts, who it is, and what only the login uses."""

from __future__ import annotations

import base64
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import aerospike_py
from aerospike_py import AUTH_EXTERNAL, AUTH_PKI, exception
from aerospike_py.testing import EmbeddedCluster, EmbeddedServer
from support.both import connected, unconnected

KEY = ("test", "tls", "k")
USERS = {
    "users": [
        {"user": "ada", "pki": True, "roles": ["read-write", "user-admin"]},
        {"user": "bob", "password": "builder", "roles": ["read-write"]},
        {"user": "eve", "external": True, "password": "elsewhere", "roles": ["read"]},
    ]
}


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(users=USERS, tls=["ada", "bob", "stranger"]) as server:
        yield server


def as_ada(server: EmbeddedServer, **tls: Any) -> Any:
    return server.config(auth_mode=AUTH_PKI, tls={**server.tls_config("ada"), **tls})


def as_bob(server: EmbeddedServer, **tls: Any) -> Any:
    return server.config(user="bob", password="builder", tls={**server.tls_config(), **tls})


def test_a_certificate_names_the_user(kind: str, server: EmbeddedServer) -> None:
    with connected(kind, as_ada(server)) as client:
        client.put(KEY, {"a": 1})
        assert client.get(KEY).bins == {"a": 1}
        assert client.admin_query_user_info("ada")["conns_in_use"] > 0
        client.admin_create_pki_user("stranger", ["read"])
        config = server.config(auth_mode=AUTH_PKI, tls=server.tls_config("stranger"))
        with connected(kind, config) as other, pytest.raises(exception.RoleViolation):
            other.put(KEY, {"a": 1})
        client.admin_drop_user("stranger")
        with pytest.raises(exception.AerospikeError, match="PKI"):
            client.admin_change_password("ada", "x")


@pytest.mark.parametrize("who", ["stranger", None])
def test_other_certificates_name_nobody(kind: str, server: EmbeddedServer, who: Any) -> None:
    config = server.config(auth_mode=AUTH_PKI, tls=server.tls_config(who))
    with unconnected(kind, config) as client, pytest.raises(exception.InvalidUser):
        client.connect()


def test_passwords_go_encrypted(kind: str, server: EmbeddedServer) -> None:
    with connected(kind, as_bob(server)) as client:
        client.put(KEY, {"a": 1})
    external = {"user": "eve", "password": "elsewhere", "auth_mode": AUTH_EXTERNAL}
    with connected(kind, server.config(**external)) as client:
        assert client.get(KEY).bins == {"a": 1}


def test_all_nodes_of_a_cluster_are_found(kind: str) -> None:
    with EmbeddedCluster(nodes=3, users=USERS, tls=["ada"]) as cluster:
        config = cluster.config(auth_mode=AUTH_PKI, tls=cluster.tls_config("ada"))
        with connected(kind, {**config, "hosts": config["hosts"][:1]}) as client:
            assert len(client.get_node_names()) == 3
            keys = [("test", "tls", number) for number in range(30)]
            for key in keys:
                client.put(key, {"a": 1})
            assert len(client.batch_read(keys)) == 30


def test_only_the_login_is_encrypted(kind: str, server: EmbeddedServer) -> None:
    with connected(kind, as_bob(server, for_login_only=True)) as client:
        client.put(KEY, {"a": 2})
        node = client.info_all("service-clear-std")[0].response
        assert node.endswith(f"127.0.0.1:{server.port}")
        server.expire_sessions()
        assert [client.get(KEY).bins for _ in range(3)] == [{"a": 2}] * 3


def test_peers_are_told_by_their_own_port(server: EmbeddedServer) -> None:
    with aerospike_py.client(as_bob(server)) as client:
        assert client.info_random_node("service-tls-std") == f"127.0.0.1:{server.tls_port}"
        assert client.info_random_node("peers-tls-std") == f"0,{server.tls_port},[]"


def text(path: str) -> str:
    return Path(path).read_text()


def test_certificates_are_given_as_text(kind: str, server: EmbeddedServer) -> None:
    files = server.tls_config("ada")
    tls = {
        "enable": True,
        "castring": text(files["cafile"]),
        "certstring": text(files["certfile"]),
        "keystring": text(files["keyfile"]),
    }
    with connected(kind, server.config(auth_mode=AUTH_PKI, tls=tls)) as client:
        client.put(KEY, {"a": 1})


def test_authorities_are_in_a_folder(server: EmbeddedServer, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(text(server.tls_config()["cafile"]))
    with aerospike_py.client(
        server.config(user="bob", password="builder", tls={"enable": True, "capath": str(tmp_path)})
    ) as client:
        client.put(KEY, {"a": 1})


@pytest.mark.parametrize("protocols", ["TLSv1.2", "-all +TLSv1.3", "all"])
def test_versions_of_the_protocol(server: EmbeddedServer, protocols: str) -> None:
    suites = "ECDHE-ECDSA-AES128-GCM-SHA256:TLS_AES_256_GCM_SHA384"
    config = as_bob(server, protocols=protocols, cipher_suite=suites)
    with aerospike_py.client(config) as client:
        client.put(KEY, {"a": 1})


def test_servers_must_be_known_and_named(kind: str, server: EmbeddedServer) -> None:
    with EmbeddedServer(tls=True) as other:
        for config in [
            as_bob(server, cafile=other.tls_config()["cafile"]),
            {**as_bob(server), "hosts": [("127.0.0.1", server.tls_port, "elsewhere")]},
        ]:
            with (
                unconnected(kind, config) as client,
                pytest.raises(exception.AerospikeError, match="certificate") as caught,
            ):
                client.connect()
            assert caught.value.code == -9


def test_plain_connections_to_the_encrypted_port_fail(server: EmbeddedServer) -> None:
    config = {"hosts": [("127.0.0.1", server.tls_port)], "connect_timeout": 300}
    with pytest.raises(exception.AerospikeError), aerospike_py.client(config):
        pass


def test_the_encrypted_port_outlives_nonsense(server: EmbeddedServer) -> None:
    for nonsense in (b"", b"\x02\x01", b"GET / HTTP/1.1\r\n\r\n", bytes(1000)):
        with socket.create_connection(("127.0.0.1", server.tls_port)) as connection:
            connection.sendall(nonsense)
    with aerospike_py.client(as_bob(server)) as client:
        client.put(KEY, {"a": 1})


def serial_of(pem: str) -> str:
    """The serial number of a certificate: the first integer of what it is of, after the version."""
    body = re.sub("-----.*?-----", "", pem)
    der = base64.b64decode("".join(body.split()))
    place = der.index(b"\xa0\x03\x02\x01\x02") + 5
    assert der[place] == 2
    return der[place + 2 : place + 2 + der[place + 1]].hex()


def test_certificates_on_a_list_are_refused(server: EmbeddedServer, tmp_path: Path) -> None:
    authority = server.tls_config()["cafile"]
    serial = serial_of(text(str(Path(authority).parent / "server.pem")))
    issuer = "/CN=aerospike-embedded test authority"
    refused = tmp_path / "refused"
    for listed, is_refused in [
        (f"0102\n{serial}\n", True),
        (f"{serial.upper()} {issuer}\n", True),
        (f"{serial} /CN=other\n", False),
        ("0102\n\n", False),
    ]:
        refused.write_text(listed)
        config = as_bob(server, cert_blacklist=str(refused))
        if is_refused:
            with pytest.raises(exception.TLSError, match="Revoked"):
                aerospike_py.client(config).connect()
        else:
            aerospike_py.client(config).connect().close()


def test_clients_must_show_a_certificate_if_the_server_says_so(kind: str) -> None:
    with EmbeddedServer(tls=["ada"], tls_client_auth=True) as server:
        with connected(kind, server.config(tls=server.tls_config("ada"))) as client:
            client.put(KEY, {"a": 1})
        with (
            unconnected(kind, server.config(connect_timeout=500)) as client,
            pytest.raises(exception.AerospikeError),
        ):
            client.connect()


@pytest.fixture
def encrypted_key(server: EmbeddedServer, tmp_path: Path) -> Path:
    """The key of ada, under the password "open sesame"."""
    path = tmp_path / "encrypted.key"
    key = server.tls_config("ada")["keyfile"]
    command = ["openssl", "pkcs8", "-topk8", "-in", key, "-out", str(path)]
    try:
        subprocess.run([*command, "-passout", "pass:open sesame"], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no openssl to encrypt the key with")
    return path


def test_keys_have_passwords(
    server: EmbeddedServer, encrypted_key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_text("open sesame\n")
    encoded = base64.b64encode(b"open sesame").decode()
    (tmp_path / "encoded").write_text(encoded)
    monkeypatch.setenv("KEY_PASSWORD", "open sesame")
    monkeypatch.setenv("KEY_PASSWORD_ENCODED", encoded)
    for password in [
        "open sesame",
        "env:KEY_PASSWORD",
        f"file:{tmp_path / 'password'}",
        f"b64:{encoded}",
        "env-b64:KEY_PASSWORD_ENCODED",
        f"file-b64:{tmp_path / 'encoded'}",
    ]:
        config = as_ada(server, keyfile=str(encrypted_key), keyfile_pw=password)
        with aerospike_py.client(config) as client:
            client.put(KEY, {"a": 1})
    for password, told in [
        ("wrong", "can't be decrypted"),
        (None, "is encrypted; give its password"),
        ("env:NO_SUCH_VARIABLE", "no variable"),
        (f"file:{tmp_path / 'absent'}", "can't read"),
        ("b64:?", "no Base64"),
    ]:
        with pytest.raises((ValueError, OSError), match=told) as caught:
            aerospike_py.client(as_ada(server, keyfile=str(encrypted_key), keyfile_pw=password))
        assert "open sesame" not in str(caught.value)


@pytest.mark.parametrize(
    ("tls", "error", "told"),
    [
        ({"certstring": "x"}, ValueError, "give one"),
        ({"keystring": "x"}, ValueError, "give one"),
        ({"keyfile": "/no/such"}, OSError, '"keyfile": can\'t read "/no/such"'),
        ({"cert_blacklist": "/no/such"}, OSError, "cert_blacklist.*can't read"),
        ({"castring": "nonsense", "cafile": "/dev/null"}, ValueError, "no trusted certificate"),
        ({"log_session_info": True}, NotImplementedError, "log of TLS sessions"),
        ({"keyfile_pw": 5}, TypeError, "must be str"),
    ],
)
def test_wrong_configuration(
    server: EmbeddedServer, tls: Any, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        aerospike_py.client(as_ada(server, **tls))


def test_old_encryption_of_keys_is_told(server: EmbeddedServer) -> None:
    name = "EC PRIVATE KEY"
    old = f"-----BEGIN {name}-----\nProc-Type: 4,ENCRYPTED\n\nAA==\n-----END {name}-----\n"
    tls = {**server.tls_config("ada"), "keystring": old}
    del tls["keyfile"]
    with pytest.raises(ValueError, match="openssl pkcs8 -topk8"):
        aerospike_py.client(server.config(auth_mode=AUTH_PKI, tls=tls))


def test_the_official_client(server: EmbeddedServer) -> None:
    official = pytest.importorskip("aerospike", reason="the official client has no build for this")
    tls = {**server.tls_config("ada")}
    hosts = [("127.0.0.1", server.tls_port, "localhost")]
    pki = {"hosts": hosts, "tls": tls, "policies": {"auth_mode": official.AUTH_PKI}}
    client = official.client(pki).connect()
    client.put(KEY, {"official": 1})
    assert client.get(KEY)[2]["official"] == 1
    client.close()
    del tls["certfile"], tls["keyfile"]
    config = {"hosts": hosts, "tls": tls, "user": "bob", "password": "builder"}
    client = official.client(config).connect()
    client.put(KEY, {"official": 2})
    client.close()
