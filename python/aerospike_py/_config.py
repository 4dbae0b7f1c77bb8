"""The configuration of a client, key by key.

Every key is optional except `hosts`, and a key or value that is not permitted raises `TypeError` or
`ValueError` at once. A key of a feature that this client does not have is permitted with the value
that asks for nothing, and raises `NotImplementedError` otherwise. Times are in milliseconds unless
a key says otherwise.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypedDict

from aerospike_py._keys import tell_keys
from aerospike_py._policies import Policies
from aerospike_py.types import ConfigProvider

Serialize: TypeAlias = Callable[[Any], bytes | bytearray | str]
Deserialize: TypeAlias = Callable[[bytes], Any]


class TlsConfig(TypedDict, total=False):
    """`tls` of the configuration. File names are paths to PEM files.

    >>> from aerospike_py.testing import EmbeddedServer
    >>> with EmbeddedServer(tls=True) as server:
    ...     tls: TlsConfig = {"enable": True, "cafile": server.tls_config()["cafile"]}
    ...     address = ("127.0.0.1", server.tls_port, "localhost")
    ...     with Client({"hosts": [address], "tls": tls}) as mine:
    ...         mine.is_connected()
    True
    """

    enable: bool
    """Whether connections use TLS. Default False."""
    cafile: str
    """Trusted certificates. Default: those of the system."""
    castring: str
    """The same as PEM text, instead of or besides `cafile`."""
    capath: str
    """Folder with trusted certificates."""
    certfile: str
    """The client's own certificate chain, for mutual authentication."""
    certstring: str
    """The same as PEM text; give one of the two."""
    keyfile: str
    """The private key of the certificate."""
    keystring: str
    """The same as PEM text; give one of the two."""
    keyfile_pw: str
    """Password of the key: itself, "env:NAME" or "file:PATH" to read it from, or in Base64 "b64:",
    "env-b64:" or "file-b64:". Default: the key is not encrypted."""
    protocols: str
    """Permitted protocol versions, such as "-all +TLSv1.2 +TLSv1.3"."""
    cipher_suite: str
    """Permitted cipher suites, separated by colons. Default: all secure ones."""
    cert_blacklist: str
    """File of refused certificates: in each line a serial number in hexadecimal digits, and maybe
    the issuer, such as "867EC87482B2 /C=US/O=Acme/CN=Acme CA"."""
    crl_check: bool
    """Whether the server's certificate is looked up in revocation lists. Default False."""
    crl_check_all: bool
    """The same for the whole chain. Default False."""
    log_session_info: bool
    """Only False, the default: sessions are not logged."""
    for_login_only: bool
    """Use TLS for logging in and plain connections for all else. Default False."""


class ShmConfig(TypedDict, total=False):
    """`shm` of the configuration. Only an empty dict: each client tends its cluster itself, in its
    own memory.

    >>> shm: ShmConfig = {}
    >>> with Client({"hosts": hosts, "shm": shm}) as mine:
    ...     mine.is_connected()
    True
    """

    max_nodes: int
    """Refused, as the others: sizes of that memory."""
    max_namespaces: int
    """Refused."""
    takeover_threshold_sec: int
    """Refused: seconds."""
    shm_key: int
    """Refused."""


class LuaConfig(TypedDict, total=False):
    """`lua` of the configuration: folders of modules. Not used, since the cluster has them.

    >>> lua: LuaConfig = {}
    >>> with Client({"hosts": hosts, "lua": lua}) as mine:
    ...     mine.is_connected()
    True
    """

    system_path: str
    """Folder of the modules that the server brings."""
    user_path: str
    """Folder of the user's modules."""


class ClientConfig(TypedDict, total=False):
    """Configuration of a client.

    >>> config: ClientConfig = {"hosts": hosts, "connect_timeout": 2000, "max_conns_per_node": 50}
    >>> with Client(config) as mine:
    ...     mine.is_connected()
    True
    """

    hosts: Sequence[tuple[str, int] | tuple[str, int, str] | tuple[str] | str]
    """Required: nodes to start from, as `(host, port)`, `(host, port, tls_name)`, `(host,)`,
    `"host"` or `"host:port"`. The default port is 3000; the other nodes are found from these."""
    user: str
    """User name. Default: no authentication."""
    password: str
    """Password of `user`."""
    auth_mode: int
    """How to authenticate: AUTH_*. Default AUTH_INTERNAL."""
    cluster_name: str | None
    """Name that every node must report. Default None: any."""
    app_id: str | None
    """Name of the application in the server's statistics. Default None: the user name, if any."""
    tls: TlsConfig
    """Encrypted connections. Default: none."""
    policies: Policies
    """Defaults of all policies."""
    connect_timeout: int
    """Milliseconds that opening a connection, and each step in tending the cluster, may take.
    Default 1000. 0: the default."""
    timeout: int
    """The same as `connect_timeout`; give one of the two."""
    tend_interval: int
    """Milliseconds between looks at the state of the cluster, at least 250. Default 1000."""
    fail_if_not_connected: bool
    """Whether `connect` raises if the cluster cannot be reached; if not, it goes on trying in the
    background. Default True."""
    use_services_alternate: bool
    """Whether to use the alternate addresses that nodes advertise. Default False."""
    ip_map: dict[str, str] | None
    """Addresses that nodes advertise, and those to reach them at instead. Default None."""
    force_single_node: bool
    """Send everything to the nodes of `hosts` and find no others. For tests. Default False."""
    min_conns_per_node: int
    """Connections that are kept open to each node. Default 0."""
    max_conns_per_node: int
    """Most connections to each node. A command that finds none free waits its turn, at most its
    `total_timeout`, before it raises `NoMoreConnectionsError`. Default 100."""
    conn_pools_per_node: int
    """Pools among which the connections of a node are divided. Default 1."""
    max_socket_idle: int
    """Seconds after which an unused connection is closed. Default 0: never."""
    idle_timeout: int
    """The same in milliseconds; give one of the two."""
    max_error_rate: int
    """Errors of a node within `error_rate_window` from which on commands to it fail at once.
    Default 100. 0: no limit."""
    error_rate_window: int
    """Length of that window, in tend intervals. Default 1."""
    rack_aware: bool
    """Whether POLICY_REPLICA_PREFER_RACK takes effect. Default False, and True with `rack_ids`."""
    rack_id: int
    """Rack of this client. Default 0."""
    rack_ids: Sequence[int]
    """Racks in order of preference, instead of `rack_id`."""
    max_concurrent_operations: int
    """Most operations of this client at once; more wait. Default 0: no limit."""
    operation_queue_timeout_ms: int
    """Milliseconds of such a wait before `BackpressureError`. Default 0: no limit."""
    compression_threshold: int
    """Deprecated: a default for the key of `WritePolicy`. Default 0: never compress."""
    send_bool_as: int
    """Only AS_BOOL, the default: booleans are stored as such."""
    config_provider: ConfigProvider | None
    """A YAML file of policies and settings that is read by `connect`, and again when it changes.
    What it says wins over the configuration and over the policies of calls. Default None: the
    file that the environment variable AEROSPIKE_CLIENT_CONFIG_URL names, if it is set."""
    serialization: tuple[Serialize | None, Deserialize | None]
    """Functions `(serialize, deserialize)` of this client, as for `set_serializer` and
    `set_deserializer`. Default `(None, None)`: those that these have set."""
    lua: LuaConfig
    """Only empty: modules of functions are fetched from the cluster when they are needed."""
    validate_keys: bool
    """Without effect: keys are always validated."""
    shm: ShmConfig
    """As `ShmConfig` tells."""
    use_shared_connection: bool
    """Only False, the default, for the reason that `ShmConfig` tells."""
    thread_pool_size: int
    """Only 16, the official client's default: a client has no such pool."""
    max_threads: int
    """Only 300, the official client's default: a client has no such pool."""
    strict_types: bool
    """Only True, the default: types are always checked."""


tell_keys(globals())
