"""Policies, key by key.

Every key is optional, and a key or value that is not permitted raises `TypeError` or `ValueError`
at once. Times are in milliseconds unless a key says otherwise. A policy that is given to a call
overrides, key by key, the one in the configuration's `policies`, which overrides the defaults told
here.
"""

from typing import Any, TypedDict

from aerospike_py._aerospike import Expression, Transaction
from aerospike_py._keys import tell_keys


class BasePolicy(TypedDict, total=False):
    """What the policies of all commands on records have in common.

    >>> adult = exp.ge(exp.int_bin("age"), 18)
    >>> client.put(key, {"age": 36})
    >>> policy = {"total_timeout": 500, "max_retries": 1, "filter_expression": adult}
    >>> client.get(key, policy).bins
    {'age': 36}
    """

    total_timeout: int
    """Milliseconds that the whole command with its retries may take. Default 1000, queries 0.
    0: no limit."""
    socket_timeout: int
    """Milliseconds to wait for a response before the command is retried, at most `total_timeout`.
    Default 30000. 0: `total_timeout`."""
    connect_timeout: int
    """Only 0, the default: a connection outlives the command that opens it, so that its limit is
    `connect_timeout` of the configuration."""
    timeout_delay: int
    """Milliseconds that a socket whose read timed out is drained for reuse. Default 3000.
    0: it is closed."""
    max_retries: int
    """Attempts after the first. Default 2 for reads and batches of reads, 5 for queries, 0 for
    writes: a write that is retried may be applied twice."""
    sleep_between_retries: int
    """Milliseconds to pause before each retry. Default 0: none."""
    sleep_multiplier: float
    """Factor, at least 1.0, by which the pause grows with each retry. Default 1.0: it does not."""
    compress: bool
    """Compress requests and responses over 128 bytes (Enterprise Edition). Default False."""
    filter_expression: Expression | None
    """Expression that the record must fulfil; otherwise the command raises `FilteredOut`.
    Default None: no condition. See `aerospike_py.exp`."""
    expressions: Expression | None
    """The same as `filter_expression`; give one of the two."""
    error_detail_verbosity: int
    """How much the server tells about an error: ERROR_DETAIL_* (server 8.2 and later).
    Default ERROR_DETAIL_NONE."""
    txn: Transaction | None
    """Transaction that the command is part of. Default None: none. Neither for queries and scans
    nor for the configuration."""


class ReadPolicy(BasePolicy, total=False):
    """Policy of `get`, `select` and `exists`.

    >>> client.put(key, {"age": 36})
    >>> policy: ReadPolicy = {"replica": POLICY_REPLICA_MASTER, "socket_timeout": 200}
    >>> client.get(key, policy).bins
    {'age': 36}
    """

    key: int
    """POLICY_KEY_*, without effect: a read finds its record by the digest of the user key.
    Default POLICY_KEY_DIGEST."""
    replica: int
    """Which replica is read: POLICY_REPLICA_*. Default POLICY_REPLICA_SEQUENCE."""
    read_mode_ap: int
    """Replicas that a read of an available namespace consults: POLICY_READ_MODE_AP_*.
    Default POLICY_READ_MODE_AP_ONE."""
    read_mode_sc: int
    """Consistency of a read of a strongly consistent namespace: POLICY_READ_MODE_SC_*.
    Default POLICY_READ_MODE_SC_SESSION."""
    read_touch_ttl_percent: int
    """A read within this last percentage of the record's time to live renews it, 1 to 100.
    Default 0: as the server is configured. -1: never."""
    deserialize: bool
    """Only True, the default: lists and maps are always returned as such."""


class WritePolicy(BasePolicy, total=False):
    """Policy of `put`, `touch`, `remove_bin` and, with a few more keys, of every other write.

    >>> policy: WritePolicy = {"exists": POLICY_EXISTS_CREATE_ONLY, "ttl": 60}
    >>> client.put(key, {"age": 36}, policy=policy)
    >>> client.get(key).meta.ttl <= 60
    True
    """

    key: int
    """Whether the user key is stored with the record: POLICY_KEY_*.
    Default POLICY_KEY_DIGEST: it is not."""
    exists: int
    """What happens if the record exists, or does not: POLICY_EXISTS_*.
    Default POLICY_EXISTS_IGNORE: create or update."""
    gen: int
    """Whether the generation in `meta` must match the record's: POLICY_GEN_*. Default
    POLICY_GEN_EQ if `meta` has a generation, otherwise POLICY_GEN_IGNORE."""
    commit_level: int
    """Which replicas have the write when it returns: POLICY_COMMIT_LEVEL_*.
    Default POLICY_COMMIT_LEVEL_ALL."""
    durable_delete: bool
    """Leave a tombstone where the write deletes the record (Enterprise Edition). Default False."""
    ttl: int
    """Seconds until the record expires, or TTL_*. Default 0: as the namespace is configured.
    It wins over `meta["ttl"]`, unless it is TTL_CLIENT_DEFAULT."""
    replica: int
    """Which replica the command goes to when it is retried: POLICY_REPLICA_*.
    Default POLICY_REPLICA_SEQUENCE."""
    compression_threshold: int
    """Bytes over which a request is compressed, without `compress`. Default 0: never."""
    wrap_integers: bool
    """Store an int from 2**63 to 2**64-1 as the negative one with the same 64 bits, which is what
    reads return, instead of raising OverflowError. Default False."""
    on_locking_only: bool
    """Fail with code 126 if the transaction holds the record's lock already. Default False.
    Not for the configuration."""
    read_mode_ap: int
    """As in `ReadPolicy`."""
    read_touch_ttl_percent: int
    """As in `ReadPolicy`."""


class OperatePolicy(WritePolicy, total=False):
    """Policy of `operate`, `operate_ordered`, `append`, `prepend` and `increment`.

    >>> steps = [operations.write("age", 36), operations.read("age")]
    >>> policy: OperatePolicy = {"key": POLICY_KEY_SEND, "total_timeout": 500}
    >>> client.operate(key, steps, policy=policy).bins
    {'age': 36}
    """

    read_mode_sc: int
    """As in `ReadPolicy`."""
    deserialize: bool
    """As in `ReadPolicy`."""


class RemovePolicy(WritePolicy, total=False):
    """Policy of `remove`.

    >>> client.put(key, {"age": 36})
    >>> policy: RemovePolicy = {"gen": POLICY_GEN_EQ, "generation": 1}
    >>> client.remove(key, policy=policy)
    """

    generation: int
    """Generation that `gen` compares with, 0 to 65535, if `meta` has none. Default 0."""


class ApplyPolicy(WritePolicy, total=False):
    """Policy of `apply`.

    >>> source = "function age(record) return record['age'] end"
    >>> client.udf_put("policy_of_apply.lua", source=source)
    >>> client.put(key, {"age": 36})
    >>> policy: ApplyPolicy = {"total_timeout": 2000}
    >>> client.apply(key, "policy_of_apply", "age", policy=policy)
    36
    >>> client.udf_remove("policy_of_apply")
    """


class WriteMeta(TypedDict, total=False):
    """`meta` of a write: what is particular to this one. An explicit policy wins over it.

    >>> client.put(key, {"age": 36})
    >>> meta: WriteMeta = {"gen": 1, "ttl": 3600}
    >>> client.put(key, {"age": 37}, meta)
    >>> client.exists(key).meta.gen
    2
    """

    gen: int
    """Generation that the record must have, 0 to 65535."""
    ttl: int
    """Seconds until the record expires, or TTL_*. Default TTL_CLIENT_DEFAULT: the policy's."""
    key: int
    """As in `WritePolicy`."""
    exists: int
    """As in `WritePolicy`."""
    commit_level: int
    """As in `WritePolicy`."""
    durable_delete: bool
    """As in `WritePolicy`."""


class InfoPolicy(TypedDict, total=False):
    """Policy of info commands, and of commands on indexes, UDF modules and sets.

    >>> policy: InfoPolicy = {"timeout": 500}
    >>> len(client.info_all("build", policy)) == len(client.get_node_names())
    True
    """

    timeout: int
    """Milliseconds that the command may take. Default 1000. 0: the default."""
    send_as_is: bool
    """Only True, the default: a command is always sent as it is."""
    check_bounds: bool
    """Only True, the default: responses are always checked."""


class AdminPolicy(TypedDict, total=False):
    """Policy of commands on users and roles.

    >>> policy: AdminPolicy = {"timeout": 500}
    >>> [user["user"] for user in client.admin_query_users_info(policy)]
    ['admin']
    """

    timeout: int
    """Milliseconds that the command may take. Default 1000. 0: the default."""


class BatchPolicy(BasePolicy, total=False):
    """Policy of a batch as a whole.

    >>> client.put(key, {"age": 36})
    >>> policy: BatchPolicy = {"total_timeout": 500, "concurrency": BATCH_CONCURRENCY_PARALLEL}
    >>> len(client.batch_read([key], policy=policy))
    1
    """

    concurrency: int
    """Whether nodes are asked at once or in turn: BATCH_CONCURRENCY_*.
    Default BATCH_CONCURRENCY_PARALLEL."""
    concurrent: bool
    """The same by the official client's name: True is parallel. Give one of the two."""
    allow_inline: bool
    """Whether the server may serve the batch in its receiving thread if the namespace is in memory.
    Default True."""
    allow_inline_ssd: bool
    """The same for namespaces on flash storage. Default False."""
    respond_all_keys: bool
    """Whether every key is attempted although others failed. Default True."""
    replica: int
    """As in `ReadPolicy`."""
    read_mode_ap: int
    """As in `ReadPolicy`."""
    read_mode_sc: int
    """As in `ReadPolicy`."""
    read_touch_ttl_percent: int
    """As in `ReadPolicy`."""
    deserialize: bool
    """As in `ReadPolicy`."""
    key: int
    """As in `WritePolicy`, for the writes of the batch."""
    exists: int
    """As in `WritePolicy`, for the writes of the batch."""
    gen: int
    """As in `WritePolicy`, for the writes of the batch."""
    generation: int
    """As in `RemovePolicy`, for the writes of the batch."""
    commit_level: int
    """As in `WritePolicy`, for the writes of the batch."""
    durable_delete: bool
    """As in `WritePolicy`, for the writes of the batch."""
    ttl: int
    """As in `WritePolicy`, for the writes of the batch."""
    on_locking_only: bool
    """As in `WritePolicy`, for the writes of the batch."""
    wrap_integers: bool
    """As in `WritePolicy`, for the writes of the batch."""


class BatchReadPolicy(TypedDict, total=False):
    """Policy of the reads in a batch; the keys are those of `ReadPolicy`.

    The two read modes have only their defaults here: a batch reads all its records alike, as its
    own policy says.

    >>> adult = exp.ge(exp.int_bin("age"), 18)
    >>> client.put(key, {"age": 9})
    >>> policy: BatchReadPolicy = {"filter_expression": adult}
    >>> batch = batch_records.BatchRecords([batch_records.Read(key, None, policy=policy)])
    >>> client.batch_write(batch).batch_records[0].result == AEROSPIKE_ERR_FILTERED_OUT
    True
    """

    read_touch_ttl_percent: int
    """As in `ReadPolicy`."""
    read_mode_ap: int
    """Only POLICY_READ_MODE_AP_ONE, the default."""
    read_mode_sc: int
    """Only POLICY_READ_MODE_SC_SESSION, the default."""
    filter_expression: Expression | None
    """Expression that the record must fulfil; otherwise its result is 27, filtered out.
    Default None."""
    expressions: Expression | None
    """The same as `filter_expression`; give one of the two."""


class BatchWritePolicy(TypedDict, total=False):
    """Policy of the writes in a batch; the keys are those of `WritePolicy` and `RemovePolicy`.

    >>> policy: BatchWritePolicy = {"exists": POLICY_EXISTS_CREATE_ONLY}
    >>> steps = [operations.write("age", 36)]
    >>> result = client.batch_operate([key], steps, policy_batch_write=policy)
    >>> result.batch_records[0].result
    0
    """

    key: int
    """As in `WritePolicy`."""
    exists: int
    """As in `WritePolicy`."""
    gen: int
    """As in `WritePolicy`."""
    generation: int
    """As in `RemovePolicy`."""
    commit_level: int
    """As in `WritePolicy`."""
    durable_delete: bool
    """As in `WritePolicy`."""
    ttl: int
    """As in `WritePolicy`."""
    on_locking_only: bool
    """As in `WritePolicy`."""
    wrap_integers: bool
    """As in `WritePolicy`."""
    filter_expression: Expression | None
    """Expression that the record must fulfil; otherwise its result is 27, filtered out.
    Default None."""
    expressions: Expression | None
    """The same as `filter_expression`; give one of the two."""


class BatchDeletePolicy(TypedDict, total=False):
    """Policy of the removals in a batch; the keys are those of `RemovePolicy`.

    >>> client.put(key, {"age": 36})
    >>> policy: BatchDeletePolicy = {"gen": POLICY_GEN_EQ, "generation": 1}
    >>> client.batch_remove([key], policy_batch_remove=policy).batch_records[0].result
    0
    """

    key: int
    """As in `WritePolicy`."""
    gen: int
    """As in `WritePolicy`."""
    generation: int
    """As in `RemovePolicy`."""
    commit_level: int
    """As in `WritePolicy`."""
    durable_delete: bool
    """As in `WritePolicy`."""
    filter_expression: Expression | None
    """Expression that the record must fulfil; otherwise its result is 27, filtered out.
    Default None."""
    expressions: Expression | None
    """The same as `filter_expression`; give one of the two."""


class BatchDeleteMeta(TypedDict, total=False):
    """What is particular to one removal of a batch; `gen` is the expected generation.

    >>> client.put(key, {"age": 36})
    >>> meta: BatchDeleteMeta = {"gen": 1}
    >>> client.batch_remove([(key, meta)]).batch_records[0].result
    0
    """

    gen: int
    """Generation that the record must have, 0 to 65535."""
    key: int
    """As in `WritePolicy`."""
    commit_level: int
    """As in `WritePolicy`."""
    durable_delete: bool
    """As in `WritePolicy`."""


class BatchUDFPolicy(TypedDict, total=False):
    """Policy of the UDF calls in a batch; the keys are those of `WritePolicy`.

    >>> source = "function age(record) return record['age'] end"
    >>> client.udf_put("policy_of_batch.lua", source=source)
    >>> client.put(key, {"age": 36})
    >>> policy: BatchUDFPolicy = {"commit_level": POLICY_COMMIT_LEVEL_ALL}
    >>> result = client.batch_apply([key], "policy_of_batch", "age", policy_batch_apply=policy)
    >>> result.batch_records[0].record.bins
    {'SUCCESS': 36}
    >>> client.udf_remove("policy_of_batch")
    """

    key: int
    """As in `WritePolicy`."""
    commit_level: int
    """As in `WritePolicy`."""
    durable_delete: bool
    """As in `WritePolicy`."""
    ttl: int
    """As in `WritePolicy`."""
    on_locking_only: bool
    """As in `WritePolicy`."""
    wrap_integers: bool
    """As in `WritePolicy`."""
    filter_expression: Expression | None
    """Expression that the record must fulfil; otherwise its result is 27, filtered out.
    Default None."""
    expressions: Expression | None
    """The same as `filter_expression`; give one of the two."""


class BatchUDFMeta(TypedDict, total=False):
    """What is particular to one UDF call of a batch.

    >>> source = "function grow(record, by) return record['age'] + by end"
    >>> client.udf_put("meta_of_batch.lua", source=source)
    >>> client.put(key, {"age": 36})
    >>> meta: BatchUDFMeta = {"args": [2]}
    >>> result = client.batch_apply([(key, meta)], "meta_of_batch", "grow", [1])
    >>> result.batch_records[0].record.bins
    {'SUCCESS': 38}
    >>> client.udf_remove("meta_of_batch")
    """

    module: str
    """In place of the `module` of the call."""
    function: str
    """In place of the `function` of the call."""
    args: list[Any]
    """In place of the `args` of the call."""
    key: int
    """As in `WritePolicy`."""
    commit_level: int
    """As in `WritePolicy`."""
    durable_delete: bool
    """As in `WritePolicy`."""
    ttl: int
    """As in `WritePolicy`."""


class PartitionFilter(TypedDict, total=False):
    """Partitions to read. `partition_filter_by_range` and others make it, and the method
    `partition_filter()` of a query that was read in part.

    >>> client.put(key, {"age": 36})
    >>> mine: PartitionFilter = {"begin": client.get_key_partition_id(*key), "count": 1}
    >>> len(client.scan(*key[:2]).results({"partition_filter": mine}))
    1
    """

    begin: int
    """The first partition, from 0 to 4095. Default 0."""
    count: int
    """How many partitions. Default: all from `begin` on."""
    digest: bytes | dict[str, Any] | None
    """Of a record, after which to begin in its partition, also as
    `{"init": True, "value": digest}`. Not for a query with a predicate. Default None."""
    partition_status: dict[Any, Any]
    """How far each partition was read, from `get_partitions_status()`. Default {}: not at all."""


class QueryOptions(TypedDict, total=False):
    """Options of the methods that read a query or scan.

    >>> client.put(key, {"age": 36})
    >>> options: QueryOptions = {"nobins": True}
    >>> [record.bins for record in client.query(*key[:2]).results(options=options)]
    [{}]
    """

    nobins: bool
    """Return keys and metadata only. Default False."""


class QueryPolicy(BasePolicy, total=False):
    """Policy of a query.

    >>> client.put(key, {"age": 36})
    >>> policy: QueryPolicy = {"max_records": 10, "expected_duration": QUERY_DURATION_SHORT}
    >>> [record.bins for record in client.query(*key[:2]).results(policy)]
    [{'age': 36}]
    """

    max_records: int
    """About how many records are returned, divided among the nodes. Default 0: all."""
    records_per_second: int
    """Most records that each node returns in a second. Default 0: no limit."""
    max_concurrent_nodes: int
    """Most nodes that are asked at once. Default 0: all."""
    record_queue_size: int
    """Records that are held for the reader before the nodes have to wait. Default 1024."""
    include_bin_data: bool
    """Whether bins are returned, or only keys and metadata. Default True."""
    expected_duration: int
    """How the server schedules the query: QUERY_DURATION_*. Default QUERY_DURATION_LONG."""
    short_query: bool
    """Deprecated: True is `expected_duration` QUERY_DURATION_SHORT. Default False."""
    partition_filter: PartitionFilter | None
    """Partitions to query. Default None: all."""
    replica: int
    """As in `ReadPolicy`."""
    read_mode_ap: int
    """As in `ReadPolicy`."""
    read_touch_ttl_percent: int
    """As in `ReadPolicy`."""
    deserialize: bool
    """As in `ReadPolicy`."""


class ScanPolicy(BasePolicy, total=False):
    """Policy of a scan.

    >>> client.put(key, {"age": 36})
    >>> policy: ScanPolicy = {"records_per_second": 1000, "include_bin_data": False}
    >>> len(client.scan(*key[:2]).results(policy))
    1
    """

    max_records: int
    """As in `QueryPolicy`."""
    records_per_second: int
    """As in `QueryPolicy`."""
    max_concurrent_nodes: int
    """As in `QueryPolicy`."""
    record_queue_size: int
    """As in `QueryPolicy`."""
    include_bin_data: bool
    """As in `QueryPolicy`."""
    partition_filter: PartitionFilter | None
    """As in `QueryPolicy`."""
    replica: int
    """As in `ReadPolicy`."""
    read_mode_ap: int
    """As in `ReadPolicy`."""
    durable_delete: bool
    """Only False: it concerns the background, and so the policy of `execute_background`."""
    ttl: int
    """Only 0: as for `durable_delete`."""


class ListPolicy(TypedDict, total=False):
    """Policy of list operations.

    >>> policy: ListPolicy = {"list_order": LIST_ORDERED, "write_flags": LIST_WRITE_ADD_UNIQUE}
    >>> steps = [list_operations.list_append_items("tags", ["b", "a"], policy)]
    >>> _ = client.operate(key, steps)
    >>> client.get(key).bins
    {'tags': ['a', 'b']}
    """

    list_order: int
    """Order of a list that is created: LIST_*ORDERED. Default LIST_UNORDERED."""
    order: int
    """The same as `list_order`; give one of the two."""
    write_flags: int
    """LIST_WRITE_*, combined by `|`. Default LIST_WRITE_DEFAULT."""
    flags: int
    """The same as `write_flags`; give one of the two."""


class MapPolicy(TypedDict, total=False):
    """Policy of map operations.

    >>> policy: MapPolicy = {
    ...     "map_order": MAP_KEY_ORDERED,
    ...     "map_write_flags": MAP_WRITE_FLAGS_CREATE_ONLY | MAP_WRITE_FLAGS_NO_FAIL,
    ... }
    >>> steps = [map_operations.map_put("seen", "ada", year, policy) for year in (1833, 1840)]
    >>> _ = client.operate(key, steps)
    >>> client.get(key).bins
    {'seen': KeyOrderedDict({'ada': 1833})}
    """

    map_order: int
    """Order of a map that is created: MAP_*ORDERED. Default MAP_UNORDERED."""
    order: int
    """The same as `map_order`; give one of the two."""
    map_write_flags: int
    """MAP_WRITE_FLAGS_*, combined by `|`. Default MAP_WRITE_FLAGS_DEFAULT."""
    write_mode: int
    """The same as `map_write_flags`; give one of the two."""
    persist_index: bool
    """Whether the index of an ordered map at the top of a bin is stored. Default False."""


class BitPolicy(TypedDict, total=False):
    """Policy of bit operations.

    >>> policy: BitPolicy = {"bit_write_flags": BIT_WRITE_UPDATE_ONLY}
    >>> client.put(key, {"bits": b"\\x00"})
    >>> _ = client.operate(key, [bit_operations.bit_or("bits", 0, 8, b"\\x0f", policy)])
    >>> client.get(key).bins
    {'bits': b'\\x0f'}
    """

    bit_write_flags: int
    """BIT_WRITE_*, combined by `|`. Default BIT_WRITE_DEFAULT."""


class StringPolicy(TypedDict, total=False):
    """Policy of string operations.

    >>> policy: StringPolicy = {"write_flags": STRING_WRITE_NO_FAIL}
    >>> operation = string_operations.append("name", "!", policy)
    >>> operation["policy"]
    {'write_flags': 4}
    """

    write_flags: int
    """STRING_WRITE_*, combined by `|`. Default STRING_WRITE_DEFAULT."""


class HLLPolicy(TypedDict, total=False):
    """Policy of HyperLogLog operations.

    >>> policy: HLLPolicy = {"flags": HLL_WRITE_CREATE_ONLY}
    >>> steps = [hll_operations.hll_add("seen", ["ada", "eve"], 12, policy=policy)]
    >>> client.operate(key, steps).bins
    {'seen': 2}
    """

    flags: int
    """HLL_WRITE_*, combined by `|`. Default HLL_WRITE_DEFAULT."""


class Policies(TypedDict, total=False):
    """`policies` of the configuration: defaults for all calls of a client.

    >>> policies: Policies = {"read": {"total_timeout": 500}, "write": {"key": POLICY_KEY_SEND}}
    >>> with Client({"hosts": hosts, "policies": policies}) as mine:
    ...     mine.get_policies()["read"]["total_timeout"]
    500
    """

    read: ReadPolicy
    """Of `get`, `select` and `exists`."""
    write: WritePolicy
    """Of `put`, `touch` and `remove_bin`."""
    operate: OperatePolicy
    """Of `operate`, `operate_ordered`, `append`, `prepend` and `increment`."""
    remove: RemovePolicy
    """Of `remove`."""
    apply: ApplyPolicy
    """Of `apply`."""
    query: QueryPolicy
    """Of queries."""
    scan: ScanPolicy
    """Of scans."""
    batch: BatchPolicy
    """Of batches that only read."""
    batch_parent_write: BatchPolicy
    """Of all other batches."""
    batch_write: BatchWritePolicy
    """Of the writes in batches."""
    batch_remove: BatchDeletePolicy
    """Of the removals in batches."""
    batch_apply: BatchUDFPolicy
    """Of the calls of functions in batches."""
    txn_verify: BatchPolicy
    """Of the first stage of a commit, which looks at what was read."""
    txn_roll: BatchPolicy
    """Of the second stage of a commit, and of an abort."""
    info: InfoPolicy
    """Of info commands, and of commands on indexes, UDF modules and sets."""
    admin: AdminPolicy
    """Of commands on users and roles."""
    metrics: Any
    """Only None: `enable_metrics` counts, and `get_metrics` returns it."""
    auth_mode: int
    """The same as `auth_mode` of the configuration; give one of the two."""
    login_timeout_ms: int
    """Milliseconds that logging in to a node may take. Default 5000. 0: `connect_timeout` of the
    configuration."""
    total_timeout: int
    """Deprecated: a default for every policy that has the key."""
    max_retries: int
    """Deprecated, likewise."""
    key: int
    """Deprecated, likewise."""
    exists: int
    """Deprecated, likewise."""
    replica: int
    """Deprecated, likewise."""
    commit_level: int
    """Deprecated, likewise."""


tell_keys(globals())
