"""What the client takes and returns: result tuples, values with a type of their own, policies.

Results are named tuples, so that both styles work:

    >>> client.put(key, {"name": "Ada"})
    >>> record = client.get(key)
    >>> record.bins["name"], record.meta.gen
    ('Ada', 1)
    >>> _, meta, bins = client.get(key)

Configuration, policies and other arguments that are dicts are described key by key by the typed
dicts, for editors and type checkers. They cost nothing at run time: a plain dict is all it takes.

Aliases name what is made of Python's own types:

- `Key`: `(namespace, set, user_key)`, or with the 20 bytes of the digest as a fourth. The set is
  None for a record in no set, and the `UserKey` (str, int, bytes or bytearray) may be None with a
  digest.
- `Bins`, also `AerospikeRecord`: name to value. `BatchRecords`: user key to bins.
- `Operation`: one of `operate`, as the functions of `operations`, `list_operations` and so on make
  it. `Context`: steps (`ContextStep`) to a list or map within others, made by `cdt_ctx`.
- `Predicate`: what a query looks for, made by `predicates`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, final

from aerospike_py._constants import (
    AEROSPIKE_BATCH_FAILED,
    AEROSPIKE_ERR_FILTERED_OUT,
    AEROSPIKE_ERR_RECORD_NOT_FOUND,
    AEROSPIKE_OK,
)

if TYPE_CHECKING:
    from aerospike_py._config import ClientConfig, LuaConfig, ShmConfig, TlsConfig
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
        HLLPolicy,
        InfoPolicy,
        ListPolicy,
        MapPolicy,
        OperatePolicy,
        PartitionFilter,
        Policies,
        QueryOptions,
        QueryPolicy,
        ReadPolicy,
        RemovePolicy,
        ScanPolicy,
        StringPolicy,
        WriteMeta,
        WritePolicy,
    )
    from aerospike_py._users import Privilege, RoleDetails, RoleInfo, UserInfo
else:

    def __getattr__(name):
        # The typed dicts are for type checkers: not every interpreter has to build them.
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from aerospike_py import _config, _policies, _users

        modules = (_policies, _config, _users)
        return next(getattr(module, name) for module in modules if hasattr(module, name))


_NO_FAILURES = {AEROSPIKE_OK, AEROSPIKE_ERR_RECORD_NOT_FOUND, AEROSPIKE_ERR_FILTERED_OUT}

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

    `set_name` is None for a record in no set, `user_key` where only the digest is known, since it
    was not stored (`POLICY_KEY_SEND`) nor part of the request. `digest` has 20 bytes.

    >>> client.put(key, {"age": 36})
    >>> namespace, set_name, user_key, digest = client.get(key).key
    >>> (namespace, set_name, user_key) == key, digest == calc_digest(*key)
    (True, True)
    """

    namespace: str
    set_name: str | None
    user_key: str | int | bytes | None
    digest: bytes


class RecordMetadata(NamedTuple):
    """`gen` is the generation, how often the record was written; `ttl` the seconds until it
    expires, 4294967295 if never.

    >>> client.put(key, {"age": 36}, {"ttl": TTL_NEVER_EXPIRE})
    >>> client.exists(key).meta
    RecordMetadata(gen=1, ttl=4294967295)
    """

    gen: int
    ttl: int


class Record(NamedTuple):
    """A record, or the results of `operate`: its key, `RecordMetadata` and bins, name to value.

    >>> client.put(key, {"age": 36})
    >>> record = client.get(key)
    >>> record.bins, record.meta.gen, record.key.user_key == key[2]
    ({'age': 36}, 1, True)
    """

    key: AerospikeKey | None
    meta: RecordMetadata | None
    bins: Bins | None


class ExistsResult(NamedTuple):
    """Result of `exists`: `key`, and `meta`, the record's metadata, or None if there is no record.

    >>> client.exists(key).meta is None
    True
    >>> client.put(key, {"age": 36})
    >>> client.exists(key).meta.gen
    1
    """

    key: AerospikeKey | None
    meta: RecordMetadata | None


class InfoNodeResult(NamedTuple):
    """A node's response to an info command; `error_code` is 0 if it answered. `node_name` is as in
    `get_node_names`.

    >>> for node in client.info_all("status"):
    ...     print(node.error_code, node.response.strip())
    0 ok
    """

    node_name: str
    error_code: int
    response: str


class ConfigProvider(NamedTuple):
    """Where a dynamic configuration is: `config_provider` of a client's configuration.

    `path` is that of a YAML file, `interval` how often to look whether it has changed, in
    milliseconds, from 1000 on.

    >>> ConfigProvider("/etc/aerospike/client.yaml", interval=10_000)
    ConfigProvider(path='/etc/aerospike/client.yaml', interval=10000)
    """

    path: str
    interval: int = 5000


class ConnectionStats(NamedTuple):
    """Connections to a node, in `NodeStats.conns`.

    `in_use` run a command now, are being opened, or recover from a timeout; `in_pool` wait for a
    command; `recovering` read the rest of a reply that was late, to be used again. `opened` and
    `closed` were so since `connect`.

    >>> conns = client.get_stats().nodes[0].conns
    >>> conns.opened - conns.closed >= conns.in_pool
    True
    """

    in_use: int
    in_pool: int
    opened: int
    closed: int
    recovering: int


class NodeStats(NamedTuple):
    """What a client counts of a node, in `ClusterStats.nodes`.

    `address` is its IP address or host name, `conns` its `ConnectionStats`. While `enable_metrics`
    was in effect, `error_count` commands failed, `timeout_count` got no answer in time, and
    `key_busy_count` were refused since their record was busy.

    >>> node = client.get_stats().nodes[0]
    >>> node.name in client.get_node_names(), (node.address, node.port) in client.get_nodes()
    (True, True)
    """

    name: str
    address: str
    port: int
    conns: ConnectionStats
    error_count: int
    timeout_count: int
    key_busy_count: int


class ClusterStats(NamedTuple):
    """What `get_stats` returns: `NodeStats` of each node, and what concerns all of them.

    `retry_count` commands were tried again while `enable_metrics` was in effect;
    `recover_queue_size` connections recover now from a timeout. `thread_pool_queued_tasks` is
    always 0: no thread pool runs commands, as the official client has one.

    >>> stats = client.get_stats()
    >>> len(stats.nodes) == len(client.get_node_names()), stats.thread_pool_queued_tasks
    (True, 0)
    """

    nodes: list[NodeStats]
    retry_count: int
    thread_pool_queued_tasks: int
    recover_queue_size: int


class BinTuple(NamedTuple):
    """Result of one operation of `operate_ordered`: the name of its bin and what it returned.

    >>> client.put(key, {"age": 36})
    >>> name, value = client.operate_ordered(key, [operations.read("age")]).ordered_bins[0]
    >>> name, value
    ('age', 36)
    """

    name: str
    value: Any


class OperateOrderedResult(NamedTuple):
    """Result of `operate_ordered`: `ordered_bins` has a `BinTuple` for each operation, in order.

    `key` and `meta` are those of the record after it.

    >>> steps = [operations.write("age", 36), operations.read("age")]
    >>> client.operate_ordered(key, steps).ordered_bins
    [BinTuple(name='age', value=None), BinTuple(name='age', value=36)]
    """

    key: AerospikeKey | None
    meta: RecordMetadata | None
    ordered_bins: list[BinTuple]


class BatchRecord(NamedTuple):
    """Outcome for one key of a batch; `result` is 0 or the result code of its failure.

    `record` is None after a failure; `in_doubt` says whether a write may have been applied although
    it failed.

    >>> for outcome in client.batch_remove([key]).batch_records:
    ...     print(outcome.result == AEROSPIKE_ERR_RECORD_NOT_FOUND, outcome.in_doubt)
    True False
    """

    key: AerospikeKey | None
    result: int
    record: Record | None
    in_doubt: bool = False


class BatchRetryInfo(NamedTuple):
    """What the retries of `batch_write` did.

    `attempts` of at most `max_attempts` were made, fewer if the total timeout was reached
    (`truncated_by_timeout`); `unresolved` records still failed with a code that allows a retry.

    >>> client.batch_write([(key, {"age": 36})], retry=2).retry
    BatchRetryInfo(attempts=1, max_attempts=3, truncated_by_timeout=False, unresolved=0)
    """

    attempts: int = 1
    max_attempts: int = 1
    truncated_by_timeout: bool = False
    unresolved: int = 0


class BatchWriteResult(NamedTuple):
    """Outcome of a batch, a `BatchRecord` for each key in the order of the keys.

    >>> result = client.batch_write([(key, {"age": 36})])
    >>> [outcome.result for outcome in result.batch_records], result.retry.attempts
    ([0], 1)
    """

    batch_records: list[BatchRecord]
    retry: BatchRetryInfo = BatchRetryInfo()

    @property
    def result(self) -> int:
        """0 if every row came off or its record is not there or was filtered out, otherwise
        AEROSPIKE_BATCH_FAILED."""
        codes = {record.result for record in self.batch_records}
        return AEROSPIKE_BATCH_FAILED if codes - _NO_FAILURES else AEROSPIKE_OK


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
        """The content as Python objects; changes to them change this value.

        >>> place = GeoJSON({"type": "Point", "coordinates": [0.0, 1.0]})
        >>> place.geo_data["coordinates"][0] = 2.0
        >>> place.dumps()
        '{"type": "Point", "coordinates": [2.0, 1.0]}'
        """
        if self._data is None:
            self._data = _parse_json(self._text)
        return self._data

    @geo_data.setter
    def geo_data(self, geo_data: Mapping[str, Any]) -> None:
        self.wrap(geo_data)

    def wrap(self, geo_data: Mapping[str, Any]) -> None:
        """Replace the content by a mapping. Raises TypeError if it is none, or not JSON.

        >>> place = GeoJSON({"type": "Point", "coordinates": [0.0, 1.0]})
        >>> place.wrap({"type": "Point", "coordinates": [2.0, 1.0]})
        >>> place.unwrap()["coordinates"]
        [2.0, 1.0]
        """
        if not isinstance(geo_data, Mapping):
            raise TypeError(f"geo_data must be a mapping or str, not {type(geo_data).__name__}")
        self._text = _dump_json(dict(geo_data))
        self._data = None

    def unwrap(self) -> Any:
        """The content as Python objects, as `geo_data`.

        >>> GeoJSON('{"type": "Point", "coordinates": [0.0, 1.0]}').unwrap()
        {'type': 'Point', 'coordinates': [0.0, 1.0]}
        """
        return self.geo_data

    def loads(self, raw_geo: str) -> None:
        """Replace the content by JSON text. Raises ValueError if it is no JSON object.

        >>> place = GeoJSON({"type": "Point", "coordinates": [0.0, 1.0]})
        >>> place.loads('{"type": "Point", "coordinates": [2, 1]}')
        >>> place.unwrap()["coordinates"]
        [2, 1]
        """
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
        """The content as JSON text.

        >>> GeoJSON({"type": "Point", "coordinates": [0.0, 1.0]}).dumps()
        '{"type": "Point", "coordinates": [0.0, 1.0]}'
        """
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
    """A HyperLogLog value, as the server stores it. Compares equal to its bytes.

    What is read can be written to another record; `hll_operations` makes, fills and counts it.

    >>> _ = client.operate(key, [hll_operations.hll_add("seen", ["ada", "eve"], 4)])
    >>> seen = client.get(key).bins["seen"]
    >>> type(seen).__name__, len(seen) > 11
    ('HyperLogLog', True)
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({super().__repr__()})"

    def __str__(self) -> str:
        return repr(self)


class KeyOrderedDict(dict[Any, Any]):
    """A dict that the server is to store as a map ordered by its keys.

    It is a dict in every other way, and keeps the order of insertion itself.

    >>> client.put(key, {"born": KeyOrderedDict({"eve": 1990, "ada": 1815})})
    >>> client.get(key).bins
    {'born': KeyOrderedDict({'ada': 1815, 'eve': 1990})}
    """

    __slots__ = ()

    def copy(self) -> "KeyOrderedDict":
        """A shallow copy.

        >>> KeyOrderedDict({"eve": 1990}).copy()
        KeyOrderedDict({'eve': 1990})
        """
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
    """Greater than every value: the open end of a range in list and map operations.

    >>> client.put(key, {"scores": [5, 40, 80]})
    >>> best = list_operations.list_get_by_value_range(
    ...     "scores", 40, CDTInfinite(), LIST_RETURN_VALUE
    ... )
    >>> client.operate(key, [best]).bins
    {'scores': [40, 80]}
    """

    __slots__ = ()


@final
class CDTWildcard(_Marker):
    """Equal to every value, in comparisons of list and map operations.

    >>> client.put(key, {"pairs": [["a", 1], ["b", 2], ["a", 3]]})
    >>> of_a = list_operations.list_get_by_value("pairs", ["a", CDTWildcard()], LIST_RETURN_VALUE)
    >>> client.operate(key, [of_a]).bins
    {'pairs': [['a', 1], ['a', 3]]}
    """

    __slots__ = ()


@final
class null(_Marker):
    """The server's nil: smaller than every other value, the start of a range.

    As the value of a bin it is what None is: the bin is removed.

    >>> client.put(key, {"scores": [5, 40, 80]})
    >>> worst = list_operations.list_get_by_value_range("scores", null(), 80, LIST_RETURN_COUNT)
    >>> client.operate(key, [worst]).bins
    {'scores': 2}
    """

    __slots__ = ()
