"""Servers for tests: the in-memory server `aerospike-embedded`, as a child process.

    >>> from aerospike_py.testing import EmbeddedCluster, EmbeddedServer
    >>> with EmbeddedServer() as server, aerospike_py.client(server.config()) as client:
    ...     client.put(("test", "people", "ada"), {"age": 36})
    >>> with EmbeddedCluster(nodes=3) as cluster, aerospike_py.client(cluster.config()) as client:
    ...     cluster.nodes[0].kill()

The rest of the package does not import this module.
"""

import json
import os
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from aerospike_py._embedded import Process, ask, find_program

if TYPE_CHECKING:
    from aerospike_py.types import ClientConfig, TlsConfig

__all__ = ["ClusterNode", "EmbeddedCluster", "EmbeddedServer"]

_Self = TypeVar("_Self", bound="EmbeddedServer")

ANSWER_TIMEOUT = 10.0
"""Seconds that a server may take to answer a command of this module."""

VERSIONS = ("8.1", "8.2")
"""Versions of the server that can be modelled."""


class EmbeddedServer:
    """An `aerospike-embedded` server in a process of its own, empty at first unless told to `load`.

    It listens on `host` at `port`, by default one that is free, and serves `namespaces`. Those of
    them that `strong_consistency` names have transactions, and records in them can be removed
    durably only. With `log` it tells of each command on standard error, without the values of bins.
    It runs inside a `with` block, or from `start` to `stop`, and never longer than this object and
    this interpreter. A forked child may use it as a client does, but neither keeps it alive nor
    stops it.

    `load` names a file of the records to start with, `snapshot` one that all records are written to
    when the server is stopped; it may be the same. A file is a JSON array of objects:

        [{"namespace": "test", "set": "people", "key": "ada", "bins": {"born": 1815}}]

    A key is an integer, a string or `{"$bytes": base64}`; a record whose key the server does not
    know has a `digest` of 40 hexadecimal digits instead. `ttl`, in seconds, and `generation` may be
    absent.
    Values are written as in JSON, an integer without a point and a double with one, and otherwise
    as `{"$bytes": base64}`, `{"$hll": base64}`, `{"$geo": text}`, `{"$float": "nan"}` ("inf",
    "-inf", "-0.0"), `{"$list": [...], "$order": "ordered"}` and `{"$map": [[key, value], ...]}`,
    whose `$order` may be "key" or "key_value". Besides records there may be modules of functions,
    `{"module": "m.lua", "source": text}`, and indexes, `{"namespace": "test", "index": "by_age",
    "set": "people", "bin": "age", "type": "numeric"}`; a snapshot has those of the server. `start`
    raises RuntimeError that tells the line and what is wrong in it if a file can't be loaded.

    `cluster_name` is what clients with `cluster_name` in their configuration insist on.

    `compat` is the version of the server that it behaves like, "8.1" or "8.2": the latter has
    operations on strings, and compiles conditions that are text and plans queries by them.

    With `security` there are users, at first only "admin" with the password "admin", who may
    administer users and nothing else; `users` are others in its place, the path of a JSON file or
    what it has:

        {
            "roles": [{"role": "readers", "privileges": [{"code": "read", "ns": "test"}],
                       "whitelist": ["127.0.0.0/8"], "read_quota": 1000, "write_quota": 0}],
            "users": [{"user": "ada", "password": "secret", "roles": ["readers"]},
                      {"user": "app", "pki": True, "roles": ["read-write"]},
                      {"user": "eve", "external": True, "password": "secret", "roles": ["read"]}],
        }

    A user with `pki` logs in by a certificate of its name, an `external` one with AUTH_EXTERNAL.
    `session_ttl` is how many seconds after a login further connections need no password.

    With `tls` there is another port for encrypted connections, which `config` leads clients to. The
    certificates are made at the start; `tls` may be names of clients to make some for, which
    `tls_config` tells. With `tls_client_auth` a client must have one.

    The program is the one that the environment variable AEROSPIKE_EMBEDDED names, or else is looked
    for in the folder of this interpreter's scripts and then on PATH.

        >>> with EmbeddedServer() as server:
        ...     server.hosts == [("127.0.0.1", server.port)]
        True
    """

    def __init__(
        self,
        namespaces: Sequence[str] = ("test",),
        host: str = "127.0.0.1",
        port: int = 0,
        log: bool = False,
        load: "str | os.PathLike[str] | None" = None,
        snapshot: "str | os.PathLike[str] | None" = None,
        security: bool = False,
        users: "str | os.PathLike[str] | Mapping[str, Any] | None" = None,
        session_ttl: int | None = None,
        tls: bool | Sequence[str] = False,
        tls_client_auth: bool = False,
        compat: str = "8.1",
        strong_consistency: Sequence[str] = (),
        cluster_name: str | None = None,
    ) -> None:
        if isinstance(namespaces, str) or not namespaces:
            raise ValueError(f"namespaces must be one or more names, not {namespaces!r}")
        if isinstance(strong_consistency, str) or set(strong_consistency) - set(namespaces):
            raise ValueError(
                f"strong_consistency must name some of the namespaces, not {strong_consistency!r}"
            )
        self._arguments = ["--host", host, "--port", str(port), "--exit-with-stdin"]
        for namespace in namespaces:
            self._arguments += ["--namespace", namespace]
        if compat not in VERSIONS:
            raise ValueError(f"compat must be one of {', '.join(VERSIONS)}, not {compat!r}")
        self._arguments += ["--compat", compat]
        for namespace in strong_consistency:
            self._arguments += ["--strong-consistency", namespace]
        if cluster_name is not None:
            self._arguments += ["--cluster-name", cluster_name]
        if log:
            self._arguments.append("--log")
        if load is not None:
            self._arguments += ["--load", os.fspath(load)]
        if snapshot is not None:
            self._arguments += ["--snapshot", os.fspath(snapshot)]
        if session_ttl is not None:
            self._arguments += ["--session-ttl", str(session_ttl)]
        if tls_client_auth:
            self._arguments.append("--tls-client-auth")
        if isinstance(tls, str):
            raise ValueError(f"tls must be a bool, or a list of names of clients, not {tls!r}")
        self._namespaces = tuple(namespaces)
        self._log = log
        self._security = security or users is not None
        self._users = users
        self._tls = tls
        self._lock = threading.Lock()
        self._running: Process | None = None
        self._finalizer: weakref.finalize[..., Any] | None = None

    def start(self: _Self) -> _Self:
        """Start the server and wait until it listens; do nothing if it runs.

            >>> server = EmbeddedServer().start()
            >>> server.port > 0
            True
            >>> server.stop()

        Raises FileNotFoundError if there is no program to run, and RuntimeError with what it wrote
        to standard error if it does not listen within 10 seconds.
        """
        with self._lock:
            if self._running is None or not self._running.is_ours():
                self._running = Process(find_program(), self._arguments, self._log, self._prepare)
                self._finalizer = weakref.finalize(self, self._running.end)
        return self

    def _prepare(self, folder: str) -> list[str]:
        """Arguments about files in a folder that is there while the server runs."""
        arguments: list[str] = []
        if self._security:
            arguments.append("--security")
            if "--control-port" not in self._arguments:
                # Commands of this module are taken there from whoever knows the port.
                arguments += ["--control-port", "0", "--replication-factor", "1"]
        if isinstance(self._users, Mapping):
            file = Path(folder, "users.json")
            file.write_text(json.dumps(self._users))
            arguments += ["--users", str(file)]
        elif self._users is not None:
            arguments += ["--users", os.fspath(self._users)]
        if self._tls is not False:
            arguments += ["--tls-port", "0", "--tls-self-signed", folder]
        if not isinstance(self._tls, bool):
            for name in self._tls:
                arguments += ["--tls-client", name]
        return arguments

    def stop(self) -> None:
        """Stop the server and wait until it has ended; do nothing if it does not run.

            >>> server = EmbeddedServer().start()
            >>> server.stop()

        Raises RuntimeError with what it wrote to standard error if it had ended by itself.
        """
        with self._lock:
            running, self._running = self._running, None
            if running is None or self._finalizer is None:
                return
            self._finalizer()
        running.raise_if_crashed()

    def __enter__(self: _Self) -> _Self:
        return self.start()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def host(self) -> str:
        """The address that the server listens on."""
        return self._require().addresses[0][0]

    @property
    def port(self) -> int:
        """The port that the server listens on."""
        return self._require().addresses[0][1]

    @property
    def hosts(self) -> list[tuple[str, int]]:
        """`hosts` for the configuration of a client."""
        return list(self._require().addresses)

    @property
    def tls_port(self) -> int:
        """The port for encrypted connections. Raises RuntimeError without `tls`."""
        return self._tls_addresses()[0][1]

    def _tls_addresses(self) -> list[tuple[str, int]]:
        addresses = self._require().tls_addresses
        if not addresses:
            raise RuntimeError("the server has no encryption: EmbeddedServer(tls=True) has it")
        return addresses

    def tls_config(self, client: str | None = None) -> "TlsConfig":
        """`tls` for the configuration of a client: whom it trusts, and who it is if one is named.

        >>> with EmbeddedServer(tls=["ada"]) as server:
        ...     sorted(server.tls_config("ada"))
        ['cafile', 'certfile', 'enable', 'keyfile']

        Raises ValueError if there is no certificate for a client of the name.
        """
        folder = self._require().folder
        tls: TlsConfig = {"enable": True, "cafile": str(folder / "ca.pem")}
        if client is not None:
            if isinstance(self._tls, bool) or client not in self._tls:
                raise ValueError(
                    f"client must be one that tls names, {self._tls!r}, not {client!r}"
                )
            tls["certfile"] = str(folder / f"{client}.pem")
            tls["keyfile"] = str(folder / f"{client}.key")
        return tls

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._require().process.pid

    def config(self, **extra: Any) -> "ClientConfig":
        """A configuration for a client of this server, with any other keys as given.

        With `tls` it leads to the port for encrypted connections, unless `extra` has hosts.

            >>> with EmbeddedServer() as server:
            ...     config = server.config(max_conns_per_node=10)
            ...     sorted(config)
            ['hosts', 'max_conns_per_node']
        """
        config: Any = {"hosts": self.hosts, **extra}
        if self._tls is not False and "hosts" not in extra:
            config["hosts"] = [(host, port, "localhost") for host, port in self._tls_addresses()]
            config.setdefault("tls", self.tls_config())
        return config  # type: ignore[no-any-return]

    def clear(self) -> None:
        """Remove all records of all namespaces; secondary indexes and UDF modules stay.

            >>> with EmbeddedServer() as server, aerospike_py.client(server.config()) as client:
            ...     client.put(("test", "people", "ada"), {"age": 36})
            ...     server.clear()
            ...     client.exists(("test", "people", "ada")).meta is None
            True

        Raises RuntimeError if the server does not run, and OSError if it does not answer.
        """
        for namespace in self._namespaces:
            self._info(f"truncate-namespace:namespace={namespace}")

    def expire_sessions(self) -> None:
        """Let all sessions end: further connections need the password again, those that are open
        do not.

            >>> with EmbeddedServer(security=True) as server:
            ...     server.expire_sessions()

        Raises ValueError if the server has no users, RuntimeError if it does not run.
        """
        self._command("sessions-expire")

    @contextmanager
    def faults(
        self,
        *,
        lost: float = 0.0,
        dropped: float = 0.0,
        half: float = 0.0,
        reset: float = 0.0,
        refused: float = 0.0,
        code: int | None = None,
        only: str | None = None,
        latency: int = 0,
        jitter: int = 0,
        times: int | None = None,
        seed: int = 0,
    ) -> Iterator[None]:
        """Let commands on records go wrong inside a `with` block, in place of any earlier faults.

        The rates are from 0 to 1, of all commands, and together at most 1:

        - `lost`: not carried out and never answered, so that a write in doubt was not done;
        - `dropped`: carried out, but never answered, so that a write in doubt was done;
        - `half`: carried out, and the connection ends amid the reply;
        - `reset`: carried out, and the connection is reset in place of the reply;
        - `refused`: not carried out, and answered with the result code `code` (1 to 255).

        `latency` delays every command by so many milliseconds, `jitter` by up to so many more.
        `only="reads"` or `only="writes"` spares the others: `refused=1, code=8, only="writes"` is
        what a full disk does, code 18 a disk that can't keep up, 14 a record that is busy. With
        `times` there are only so many faults, delays not counted. Which commands are hit depends on
        `seed` and on their order alone. Info commands are spared.

            >>> from aerospike_py.exception import AerospikeTimeoutError
            >>> with EmbeddedServer() as server, aerospike_py.client(server.config()) as client:
            ...     key = ("test", "people", "ada")
            ...     policy = {"total_timeout": 100, "max_retries": 0}
            ...     with server.faults(dropped=1.0):
            ...         try:
            ...             client.put(key, {"age": 36}, policy=policy)
            ...         except AerospikeTimeoutError as error:
            ...             print(error.in_doubt)
            ...     print(client.get(key).bins)
            True
            {'age': 36}

        Raises ValueError that tells what is allowed if the server refuses a value, and RuntimeError
        if it does not run.
        """
        settings: dict[str, object] = {
            "lost": lost,
            "dropped": dropped,
            "half": half,
            "reset": reset,
            "refused": refused,
            "code": code,
            "only": only,
            "latency": latency,
            "jitter": jitter,
            "times": times,
            "seed": seed,
        }
        with self._faults("", settings):
            yield

    @contextmanager
    def _faults(self, node: str, settings: dict[str, Any]) -> Iterator[None]:
        given = [f"{name}={value}" for name, value in settings.items() if value is not None]
        self._command(f"faults-set:{';'.join([node, *given])}")
        try:
            yield
        finally:
            self._info(f"faults-set:{node}")

    def _command(self, command: str) -> str:
        """The answer to an info command. Raises ValueError if it is refused."""
        answer = self._info(command)
        if answer.startswith("ERROR:"):
            raise ValueError(answer.split(":", 2)[2])
        return answer

    def _info(self, command: str, timeout: float = ANSWER_TIMEOUT) -> str:
        """What the server answers to an info command, without a client and its limits."""
        return ask(self._require().control, command, timeout)

    def _require(self) -> Process:
        running = self._running
        if running is None:
            raise RuntimeError("the server is not running: use it in a `with` block, or start() it")
        return running


class EmbeddedCluster(EmbeddedServer):
    """A cluster of several nodes in one process, which clients find, follow and lose.

    `nodes` is how many there are at first, `replication_factor` how many of them have each record,
    `racks` the rack of each, in which case no two copies are in one rack. The other keyword
    arguments are those of `EmbeddedServer`; with a `port`, the nodes listen from it on.

    A node that is killed takes its records along, but for those of which another has a copy. The
    others find out after `heartbeat_timeout` seconds; until then nobody writes what it was the
    master of, and writes of what it has a copy of wait: retries of a client outlast that. When
    nodes came or went the records move to where they are to be, in about `migration_time` seconds;
    meanwhile nodes ask each other for what they do not have yet.

    In namespaces with strong consistency a partition is refused (result code 11, or no node for it)
    while so many nodes are missing that others may have it, and once all that had it were killed,
    until `revive:namespace=NAME` and `recluster:` (`ClusterNode.info`) let it begin anew. A node
    that is gone for good is one to leave out with `roster-set`.

    `access_address` is the address that the nodes say they have, `alternate_access_address` that
    for clients with `use_services_alternate`.

        >>> with EmbeddedCluster(nodes=3) as cluster:
        ...     with aerospike_py.client(cluster.config()) as client:
        ...         key = ("test", "people", "ada")
        ...         client.put(key, {"born": 1815})
        ...         cluster.owners(client.get_key_partition_id(*key))[0].kill()
        ...         cluster.wait_for_migrations()
        ...         client.get(key, policy={"max_retries": 5}).bins
        {'born': 1815}
    """

    def __init__(
        self,
        nodes: int = 3,
        *,
        replication_factor: int = 2,
        racks: Sequence[int] | None = None,
        heartbeat_timeout: float = 0.5,
        migration_time: float = 0.1,
        access_address: str | None = None,
        alternate_access_address: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        settings = {
            "--nodes": nodes,
            "--replication-factor": replication_factor,
            "--racks": None if racks is None else ",".join(map(str, racks)),
            "--heartbeat-timeout": round(heartbeat_timeout * 1000),
            "--migration-time": round(migration_time * 1000),
            "--access-address": access_address,
            "--alternate-access-address": alternate_access_address,
            "--control-port": 0,
        }
        for option, value in settings.items():
            if value is not None:
                self._arguments += [option, str(value)]

    @property
    def nodes(self) -> "list[ClusterNode]":
        """The nodes, in the order in which they came; those that were killed are among them."""
        return [ClusterNode(self, about) for about in self._command("cluster").split(";")[1:]]

    @property
    def hosts(self) -> list[tuple[str, int]]:
        """`hosts` for the configuration of a client: all nodes, whatever has become of them."""
        return [(node.host, node.port) for node in self.nodes]

    def add_node(self, rack: int | None = None) -> "ClusterNode":
        """Add a node, in the rack of the last one if no other is given.

            >>> with EmbeddedCluster(nodes=1) as cluster:
            ...     node = cluster.add_node(rack=7)
            ...     node.id, node.rack, len(cluster.nodes)
            (1, 7, 2)

        Raises ValueError if there are as many as there can be, 32.
        """
        command = "node-add" if rack is None else f"node-add:rack={rack}"
        return ClusterNode(self, self._command(command))

    def owners(self, partition: int) -> "list[ClusterNode]":
        """The nodes that have all records of a partition, the master first.

        `Client.get_key_partition_id` tells the partition of a key. A node that was killed is among
        them until it is missed. Of a cluster that is split they are those of both halves.

            >>> with EmbeddedCluster(nodes=3, replication_factor=2) as cluster:
            ...     len(cluster.owners(4095))
            2
        """
        answer = self._command(f"partition:number={partition}")
        nodes = self.nodes
        return [nodes[int(number)] for number in answer.split(",") if number]

    def split(
        self, one: "Sequence[int | ClusterNode]", other: "Sequence[int | ClusterNode]"
    ) -> None:
        """Split the cluster in two, as if the network between the halves were cut, until `heal`.

        Each half goes on by itself, with a partition map of its own and the records that its nodes
        have. Both take reads and writes, but in namespaces with strong consistency: there a half
        refuses partitions that the other one may have, those of a minority among them. A half is
        the numbers of its nodes or the nodes; together they are all that are up. Connections to
        nodes of the second half end. Nodes that are added join the first.

            >>> with EmbeddedCluster(nodes=3) as cluster:
            ...     cluster.split([0], [1, 2])
            ...     [node.info("cluster-stable:size=2")[:5] for node in cluster.nodes][0]
            'ERROR'

        Raises ValueError if it is split already, or these are no halves.
        """
        halves = [
            [node if isinstance(node, int) else node.id for node in half] for half in (one, other)
        ]
        up = [node.id for node in self.nodes if node.state == "up"]
        if sorted(halves[0] + halves[1]) != up:
            raise ValueError(
                f"one and other must together be the nodes that are up, {up}, not {halves}"
            )
        self._command(f"cluster-split:nodes={','.join(map(str, halves[1]))}")

    def heal(self) -> None:
        """Make one cluster of two halves again. Connections to nodes of the second half end.

        Of a record that both have, the one with the higher generation is kept, or else the one that
        changed last; what was deleted in one half alone is there again. With strong consistency a
        partition is as the half has it that went on with it. Indexes and truncations are those of
        the first half.

            >>> with EmbeddedCluster(nodes=3) as cluster:
            ...     cluster.split([0], [1, 2])
            ...     cluster.heal()
            ...     cluster.wait_for_migrations()
            ...     len(cluster.nodes[0].info("cluster-stable:size=3")) > 0
            True

        Raises ValueError if it is not split.
        """
        self._command("cluster-heal")

    def wait_for_migrations(self, timeout: float = 30.0) -> None:
        """Wait until lost nodes were missed, and all records are where they are to be.

        Raises TimeoutError after `timeout` seconds, and ValueError while migrations are held.
        """
        answer = self._info("cluster-wait", timeout)
        if answer != "ok":
            raise ValueError(answer.split(":", 2)[2])

    @contextmanager
    def migrations_held(self) -> Iterator[None]:
        """Inside a `with` block keep records from moving, however nodes come and go.

        >>> with EmbeddedCluster(nodes=2) as cluster:
        ...     with cluster.migrations_held():
        ...         node = cluster.add_node()
        ...     cluster.wait_for_migrations()
        """
        self._command("migrations-hold")
        try:
            yield
        finally:
            self._command("migrations-release")


class ClusterNode:
    """A node of an `EmbeddedCluster`: `id` is its place in `nodes`, `name` what clients call it.

    >>> with EmbeddedCluster(nodes=3) as cluster:
    ...     one, other, third = cluster.nodes
    ...     one.pause()
    ...     one.resume()
    ...     other.kill()
    ...     other.restart()
    ...     third.drain()
    ...     third.undrain()
    ...     with third.faults(latency=5):
    ...         third.info("status").strip()
    ...     one.state, other.state, third.state
    'ok'
    ('up', 'up', 'up')
    """

    id: int
    """Its place in `EmbeddedCluster.nodes`."""
    name: str
    """As clients know it: `Client.get_node_names` has it."""
    host: str
    port: int
    rack: int

    def __init__(self, cluster: EmbeddedCluster, about: str) -> None:
        fields = dict(field.split("=", 1) for field in about.split(","))
        self._cluster = cluster
        self.id = int(fields["id"])
        self.name = fields["name"]
        self.host = fields["host"]
        self.port = int(fields["port"])
        self.rack = int(fields["rack"])
        self._state = fields["state"]

    def __repr__(self) -> str:
        return f"<ClusterNode {self.id} {self.name} at {self.host}:{self.port}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClusterNode) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def state(self) -> str:
        """What has become of it: "up", "paused" or "killed"."""
        return self._cluster.nodes[self.id]._state

    def kill(self) -> None:
        """End it, with its records and connections, as if its process had been killed."""
        self._do("kill")

    def pause(self) -> None:
        """Have it answer nobody any more, while connections stay open, until it is resumed.

        The others give it up after the heartbeat timeout.
        """
        self._do("pause")

    def resume(self) -> None:
        """Let it go on after `pause`. If it was given up it joins again, with its records."""
        self._do("resume")

    def restart(self) -> None:
        """Start it again, without records. If it runs, it is killed first."""
        self._do("restart")

    def drain(self) -> None:
        """Have it give its partitions to the others, as `quiesce` does; it goes on answering."""
        self._do("drain")

    def undrain(self) -> None:
        """Have it take part again after `drain`."""
        self._do("undrain")

    def faults(self, **settings: Any) -> AbstractContextManager[None]:
        """Let commands go wrong that this node is sent, as `EmbeddedServer.faults` does for all."""
        return self._cluster._faults(f"node={self.id}", settings)

    def info(self, command: str) -> str:
        """The answer of the node to an info command. Raises OSError if it does not answer."""
        return ask((self.host, self.port), command, ANSWER_TIMEOUT)

    def _do(self, what: str) -> None:
        self._cluster._command(f"node-{what}:node={self.id}")
