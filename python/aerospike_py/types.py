"""What the client takes and returns: result tuples, values with a type of their own, policies.

Results are named tuples, so that both styles work:

    record = client.get(key)
    record.bins["name"], record.meta.gen
    _, meta, bins = client.get(key)

Configuration, policies and other arguments that are dicts are described key by key by the typed
dicts, for editors and type checkers. They cost nothing at run time: a plain dict is all it takes.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, final

if TYPE_CHECKING:
    from aerospike_py._policies import (
        AdminPolicy,
        ApplyPolicy,
        BasePolicy,
        BatchDeleteMeta,
        BatchDeletePolicy,
        BatchPolicy,
        BatchReadPolicy,
        BatchUDFMeta,
        BatchUDFPolicy,
        BatchWritePolicy,
        BitPolicy,
        ClientConfig,
        HLLPolicy,
        InfoPolicy,
        ListPolicy,
        LuaConfig,
        MapPolicy,
        OperatePolicy,
        PartitionFilter,
        Policies,
        Privilege,
        QueryOptions,
        QueryPolicy,
        ReadPolicy,
        RemovePolicy,
        RoleDetails,
        RoleInfo,
        ScanPolicy,
        ShmConfig,
        StringPolicy,
        TlsConfig,
        UserInfo,
        WriteMeta,
        WritePolicy,
    )
else:

    def __getattr__(name):
        # The typed dicts are for type checkers: not every interpreter has to build them.
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from aerospike_py import _policies

        return getattr(_policies, name)


__all__ = [
    "AdminPolicy",
    "AerospikeKey",
    "AerospikeRecord",
    "ApplyPolicy",
    "BasePolicy",
    "BatchDeleteMeta",
    "BatchDeletePolicy",
    "BatchPolicy",
    "BatchReadPolicy",
    "BatchRecord",
    "BatchRecords",
    "BatchRetryInfo",
    "BatchUDFMeta",
    "BatchUDFPolicy",
    "BatchWritePolicy",
    "BatchWriteResult",
    "BinTuple",
    "Bins",
    "BitPolicy",
    "CDTInfinite",
    "CDTWildcard",
    "ClientConfig",
    "ClusterStats",
    "ConfigProvider",
    "ConnectionStats",
    "Context",
    "ContextStep",
    "ExistsResult",
    "GeoJSON",
    "HLLPolicy",
    "HyperLogLog",
    "InfoNodeResult",
    "InfoPolicy",
    "Key",
    "KeyOrderedDict",
    "ListPolicy",
    "LuaConfig",
    "MapPolicy",
    "NodeStats",
    "OperateOrderedResult",
    "OperatePolicy",
    "Operation",
    "PartitionFilter",
    "Policies",
    "Predicate",
    "Privilege",
    "QueryOptions",
    "QueryPolicy",
    "ReadPolicy",
    "Record",
    "RecordMetadata",
    "RemovePolicy",
    "RoleDetails",
    "RoleInfo",
    "ScanPolicy",
    "ShmConfig",
    "StringPolicy",
    "TlsConfig",
    "UserInfo",
    "UserKey",
    "WriteMeta",
    "WritePolicy",
    "geodata",
    "geojson",
    "null",
]

Bins: TypeAlias = dict[str, Any]
"""Bins of a record: name to value."""

UserKey: TypeAlias = str | int | bytes | bytearray
"""What identifies a record within its set."""

Key: TypeAlias = (
    tuple[str, str | None, UserKey]
    | tuple[str, str | None, UserKey | None, bytes | bytearray | None]
)
"""A record's key: `(namespace, set, user_key)`, or with the 20 bytes of the digest as a fourth.

The set is None for a record in no set. With a digest the user key may be None.
"""

AerospikeRecord: TypeAlias = Bins
BatchRecords: TypeAlias = dict[UserKey, Bins]
"""Records of a batch: user key to bins."""

Operation: TypeAlias = dict[str, Any]
"""One operation of `operate`: `{"op": OPERATOR_*, "bin": name, "val": value}`, or what the
functions of `list_operations`, `map_operations` and so on return."""

ContextStep: TypeAlias = dict[str, Any]
"""A step from a list or map to one within, made by a function of `cdt_ctx`."""

Context: TypeAlias = list[ContextStep] | tuple[ContextStep, ...]
"""The way to a list or map within others: steps, the outermost first."""

Predicate: TypeAlias = tuple[Any, ...]
"""What a query looks for, made by a function of `predicates`."""


class AerospikeKey(NamedTuple):
    """The key of a record that was read.

    `set_name` is None for a record in no set, `user_key` where only the digest is known.
    """

    namespace: str
    set_name: str | None
    user_key: str | int | bytes | None
    digest: bytes


class RecordMetadata(NamedTuple):
    """Generation of a record, and seconds until it expires (4294967295: never)."""

    gen: int
    ttl: int


class Record(NamedTuple):
    """A record, or the results of `operate`."""

    key: AerospikeKey | None
    meta: RecordMetadata | None
    bins: Bins | None


class ExistsResult(NamedTuple):
    """Result of `exists`; `meta` is None if there is no such record."""

    key: AerospikeKey | None
    meta: RecordMetadata | None


class InfoNodeResult(NamedTuple):
    """A node's response to an info command; `error_code` is 0 if it answered."""

    node_name: str
    error_code: int
    response: str


class ConfigProvider(NamedTuple):
    """Where a dynamic configuration is: `config_provider` of a client's configuration.

    >>> ConfigProvider("/etc/aerospike/client.yaml", interval=10_000)
    ConfigProvider(path='/etc/aerospike/client.yaml', interval=10000)
    """

    path: str
    """Of a YAML file."""
    interval: int = 5000
    """How often to look whether it has changed, in milliseconds, from 1000 on."""


class ConnectionStats(NamedTuple):
    """Connections to a node, in `NodeStats.conns`."""

    in_use: int
    """How many run a command now, are being opened, or recover from a timeout."""
    in_pool: int
    """How many wait for a command now."""
    opened: int
    """How many were opened since `connect`."""
    closed: int
    """How many were closed since `connect`."""
    recovering: int
    """How many read the rest of a reply that was late, to be used again."""


class NodeStats(NamedTuple):
    """What a client counts of a node, in `ClusterStats.nodes`."""

    name: str
    address: str
    """Its IP address or host name."""
    port: int
    conns: ConnectionStats
    error_count: int
    """Commands that failed while `enable_metrics` was in effect."""
    timeout_count: int
    """Commands that the node let time out, likewise."""
    key_busy_count: int
    """Commands refused since their record was busy, likewise."""


class ClusterStats(NamedTuple):
    """What `get_stats` returns."""

    nodes: list[NodeStats]
    retry_count: int
    """Commands tried again while `enable_metrics` was in effect."""
    thread_pool_queued_tasks: int
    """Always 0: no thread pool runs commands. The official client has one."""
    recover_queue_size: int
    """Connections that recover now from a timeout."""


class BinTuple(NamedTuple):
    """Result of one operation of `operate_ordered`."""

    name: str
    value: Any


class OperateOrderedResult(NamedTuple):
    """Result of `operate_ordered`: one entry for each operation, in the order of the operations."""

    key: AerospikeKey | None
    meta: RecordMetadata | None
    ordered_bins: list[BinTuple]


class BatchRecord(NamedTuple):
    """Outcome for one key of a batch; `result` is 0 or the result code of its failure."""

    key: AerospikeKey | None
    result: int
    record: Record | None
    in_doubt: bool = False


class BatchRetryInfo(NamedTuple):
    """What the retries of `batch_write` did.

    `attempts` of at most `max_attempts` were made, fewer if the total timeout was reached
    (`truncated_by_timeout`); `unresolved` records still failed with a code that allows a retry.
    """

    attempts: int = 1
    max_attempts: int = 1
    truncated_by_timeout: bool = False
    unresolved: int = 0


class BatchWriteResult(NamedTuple):
    """Outcome of a batch, a record for each key in the order of the keys."""

    batch_records: list[BatchRecord]
    retry: BatchRetryInfo = BatchRetryInfo()


class GeoJSON:
    """A GeoJSON value, made from a mapping or from JSON text.

    Text that comes from the server or from the caller goes back unchanged, byte for byte. Instances
    are equal if their contents are; do not change the contents of one that is the key of a dict.

        >>> point = GeoJSON({"type": "Point", "coordinates": [-122.0, 37.5]})
        >>> point.unwrap()["coordinates"]
        [-122.0, 37.5]
    """

    __slots__ = ("_data", "_text")

    _text: str
    _data: Any  # parsed from _text when someone asks for it, and theirs to change from then on

    def __init__(self, geo_data: str | Mapping[str, Any]) -> None:
        if isinstance(geo_data, str):
            self.loads(geo_data)
        else:
            self.wrap(geo_data)

    @classmethod
    def _from_text(cls, text: str) -> "GeoJSON":
        """Take text as it is, without parsing it."""
        self = cls.__new__(cls)
        self._text = text
        self._data = None
        return self

    @property
    def geo_data(self) -> Any:
        """The content as Python objects; changes to them change this value."""
        if self._data is None:
            self._data = _parse_json(self._text)
        return self._data

    @geo_data.setter
    def geo_data(self, geo_data: Mapping[str, Any]) -> None:
        self.wrap(geo_data)

    def wrap(self, geo_data: Mapping[str, Any]) -> None:
        """Replace the content by a mapping. Raises TypeError if it is none, or not JSON."""
        if not isinstance(geo_data, Mapping):
            raise TypeError(f"geo_data must be a mapping or str, not {type(geo_data).__name__}")
        self._text = _dump_json(dict(geo_data))
        self._data = None

    def unwrap(self) -> Any:
        """The content as Python objects, as `geo_data`."""
        return self.geo_data

    def loads(self, raw_geo: str) -> None:
        """Replace the content by JSON text. Raises ValueError if it is no JSON object."""
        if not isinstance(raw_geo, str):
            raise TypeError(f"raw_geo must be a str, not {type(raw_geo).__name__}")
        try:
            data = _parse_json(raw_geo)
        except ValueError as error:
            raise ValueError(f"GeoJSON text is not valid JSON: {error}") from None
        if not isinstance(data, dict):
            raise ValueError(f"GeoJSON text must be a JSON object, not {type(data).__name__}")
        self._text = raw_geo
        self._data = None

    def dumps(self) -> str:
        """The content as JSON text."""
        if self._data is not None and self._data != _parse_json(self._text):
            self._text = _dump_json(self._data)
        return self._text

    def __str__(self) -> str:
        return self.dumps()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.dumps()!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, GeoJSON):
            return NotImplemented
        return bool(_freeze(self.geo_data) == _freeze(other.geo_data))

    def __hash__(self) -> int:
        return hash(_freeze(self.geo_data))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self)._from_text, (self.dumps(),)


# json is imported at its first use: most programs never touch GeoJSON, and every interpreter that
# imports this package would pay for it.


def _parse_json(text: str) -> Any:
    import json

    return json.loads(text)


def _dump_json(data: Any) -> str:
    import json

    return json.dumps(data, allow_nan=False)


def _freeze(data: Any) -> Any:
    if isinstance(data, dict):
        return frozenset((key, _freeze(value)) for key, value in data.items())
    return tuple(map(_freeze, data)) if isinstance(data, list | tuple) else data


def geodata(geo_data: Mapping[str, Any]) -> GeoJSON:
    """A GeoJSON value of a mapping. Raises TypeError if it is none, or not JSON.

    >>> geodata({"type": "Point", "coordinates": [-122.0, 37.5]}).dumps()
    '{"type": "Point", "coordinates": [-122.0, 37.5]}'
    """
    value = GeoJSON.__new__(GeoJSON)
    value.wrap(geo_data)
    return value


def geojson(geojson_str: str) -> GeoJSON:
    """A GeoJSON value of JSON text. Raises TypeError for no text, ValueError for no JSON object.

    >>> geojson('{"type": "Point", "coordinates": [-122.0, 37.5]}').unwrap()["type"]
    'Point'
    """
    value = GeoJSON.__new__(GeoJSON)
    value.loads(geojson_str)
    return value


class HyperLogLog(bytes):
    """A HyperLogLog value, as the server stores it. Compares equal to its bytes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({super().__repr__()})"

    def __str__(self) -> str:
        return repr(self)


class KeyOrderedDict(dict[Any, Any]):
    """A dict that the server is to store as a map ordered by its keys.

    It is a dict in every other way, and keeps the order of insertion itself.
    """

    __slots__ = ()

    def copy(self) -> "KeyOrderedDict":
        return type(self)(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({super().__repr__()})"


class _Marker:
    """A value that is nothing but its type."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


@final
class CDTInfinite(_Marker):
    """Greater than every value: the open end of a range in list and map operations."""

    __slots__ = ()


@final
class CDTWildcard(_Marker):
    """Equal to every value, in comparisons of list and map operations."""

    __slots__ = ()


@final
class null(_Marker):
    """The server's nil: smaller than every other value, the start of a range."""

    __slots__ = ()
