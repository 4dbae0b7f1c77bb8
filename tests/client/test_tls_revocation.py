"""Lists of revoked certificates: of the server's own, or of its whole chain."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import aerospike_py
from aerospike_py.testing import EmbeddedServer
from support.both import unconnected

CONFIG = """
[ca]
default_ca = {name}
[{name}]
database = {name}.index
default_md = sha256
default_crl_days = 30
private_key = {name}.key
certificate = {name}.pem
crlnumber = {name}.number
crl_extensions = of_list
[of_list]
authorityKeyIdentifier = keyid
[of_authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[of_server]
basicConstraints = critical, CA:FALSE
subjectAltName = DNS:localhost
"""


class Authorities:
    """Certificates of a root, of one that it certifies, and of a server that this one does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("root", "middle", "server"):
            (folder / f"{name}.cnf").write_text(CONFIG.format(name=name))
            (folder / f"{name}.number").write_text("01")
        self.certify("root", "root", "of_authority")
        self.certify("middle", "root", "of_authority")
        self.certify("server", "middle", "of_server")
        chain = self.text("server.pem") + self.text("middle.pem")
        (folder / "chain.pem").write_text(chain)

    def run(self, *command: str) -> None:
        done = subprocess.run(["openssl", *command], cwd=self.folder, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()

    def certify(self, name: str, by: str, what: str) -> None:
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        subject = ["-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr"]
        self.run("req", "-new", *key, *subject, "-config", "/dev/null")
        signed = ["-signkey", f"{by}.key"] if by == name else ["-CA", f"{by}.pem", "-CAkey"]
        signed += [] if by == name else [f"{by}.key", "-CAcreateserial"]
        extensions = ["-extfile", f"{name}.cnf", "-extensions", what, "-days", "30"]
        made = ["-in", f"{name}.csr", "-out", f"{name}.pem"]
        self.run("x509", "-req", *made, *signed, *extensions)

    def list_of(self, name: str, *revoked: str) -> str:
        """The list that an authority makes of what it has revoked."""
        (self.folder / f"{name}.index").write_text("")
        for other in revoked:
            self.run("ca", "-config", f"{name}.cnf", "-revoke", f"{other}.pem")
        self.run("ca", "-config", f"{name}.cnf", "-gencrl", "-out", f"{name}.crl")
        return self.text(f"{name}.crl")

    def text(self, file: str) -> str:
        return (self.folder / file).read_text()


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Authorities:
    try:
        subprocess.run(["openssl", "version"], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no openssl to make certificates with")
    return Authorities(tmp_path_factory.mktemp("authorities"))


@pytest.fixture(scope="module")
def address(authorities: Authorities) -> Iterator[tuple[str, int, str]]:
    server = EmbeddedServer()
    files = {"cert": "chain.pem", "key": "server.key"}
    for option, file in files.items():
        server._arguments += [f"--tls-{option}", str(authorities.folder / file)]
    server._arguments += ["--tls-port", "0"]
    with server:
        yield "127.0.0.1", server.tls_port, "localhost"


# Which of "middle" and "server" are revoked, how much is checked, and whether the client connects.
CASES = [
    (set(), {"crl_check": True}, True),
    (set(), {"crl_check_all": True}, True),
    ({"server"}, {}, True),
    ({"server"}, {"crl_check": True}, False),
    ({"server"}, {"crl_check_all": True}, False),
    ({"middle"}, {"crl_check": True}, True),
    ({"middle"}, {"crl_check": True, "crl_check_all": True}, False),
]


@pytest.mark.parametrize(("revoked", "checks", "connects"), CASES)
def test_revoked_certificates(
    kind: str, authorities: Authorities, address: Any, revoked: Any, checks: Any, connects: bool
) -> None:
    lists = authorities.list_of("root", *({"middle"} & revoked))
    lists += authorities.list_of("middle", *({"server"} & revoked))
    trusted = authorities.text("root.pem") + lists
    config = {"hosts": [address], "tls": {"enable": True, "castring": trusted, **checks}}
    with unconnected(kind, config) as client:
        if connects:
            assert client.connect().is_connected()
            return
        with pytest.raises(aerospike_py.exception.AerospikeError, match=r"(?i)revoked"):
            client.connect()


def test_lists_are_found_in_a_folder(authorities: Authorities, address: Any) -> None:
    folder = authorities.folder / "trusted"
    folder.mkdir()
    (folder / "root.pem").write_text(authorities.text("root.pem"))
    tls: Any = {"enable": True, "capath": str(folder), "crl_check": True}
    with pytest.raises(ValueError, match="no revocation list was found"):
        aerospike_py.client({"hosts": [address], "tls": tls})
    (folder / "middle.crl").write_text(authorities.list_of("middle"))
    with aerospike_py.client({"hosts": [address], "tls": tls}) as client:
        assert client.ping()
