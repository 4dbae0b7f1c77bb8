"""Client for the Aerospike database, synchronous and asynchronous.

    >>> import aerospike_py
    >>> with aerospike_py.client({"hosts": hosts}) as client:  # [("127.0.0.1", 3000)]
    ...     client.put(key, {"name": "Ada", "age": 36})  # ("test", "people", "ada")
    ...     print(client.get(key).bins)
    {'name': 'Ada', 'age': 36}

`AsyncClient` has the same methods, to be awaited. Errors are in `aerospike_py.exception`, results,
values and the dicts of configuration and policies in `aerospike_py.types`. Further modules make
what the methods take: `operations` and those named for a type (`list_operations` and so on), `exp`
or in the official client's spelling `expressions`, `predicates`, `cdt_ctx`, `batch_records`.

The constants, by the first words of their names:

    ABORT_*, COMMIT_*, TXN_STATE_*        results of `abort` and `commit`, states of a `Transaction`
    AEROSPIKE_*, SUB_*                    `code` and `subcode` of an `AerospikeError`
    AS_BYTES_*, AS_BOOL                   types of values in the protocol; `send_bool_as`
    AUTH_*                                `auth_mode` of the configuration
    BATCH_CONCURRENCY_*                   `concurrency` of `BatchPolicy`
    BIT_OVERFLOW_*, BIT_RESIZE_*          what `bit_add` and `bit_resize` do
    BIT_WRITE_*, HLL_WRITE_*, LIST_WRITE_*, MAP_WRITE_FLAGS_*, STRING_WRITE_*
                                          flags of the policies of operations
    CDT_CTX_*                             steps of a context: the functions of `cdt_ctx`
    ERROR_DETAIL_*                        `error_detail_verbosity` of policies
    EXP_LOOPVAR_*, EXP_PATH_*             of paths: `operations` and `exp`
    EXP_READ_*, EXP_WRITE_*               flags of `expression_operations`
    EXP_TYPE_*                            what an expression results in
    INDEX_*, INDEX_TYPE_*                 type of an index, and what of a bin it covers
    JOB_*, JOB_STATUS_*                   kind and state of a background job: `job_info`
    LIST_RETURN_*, MAP_RETURN_*           what operations on lists and maps return
    LIST_SORT_*, LIST_*ORDERED, MAP_*ORDERED  sorting and order of lists and maps
    LOG_LEVEL_*                           `set_log_level`
    OPERATOR_*, OP_*                      `op` of an operation: functions of the modules make them
    POLICY_*, READ_TOUCH_TTL_PERCENT_*    values of the keys of policies that their names tell
    PRIV_*                                `code` of a `Privilege`
    QUERY_DURATION_*                      `expected_duration` of `QueryPolicy`
    REGEX_*                               flags of `exp.regex_compare`
    SERIALIZER_*                          names of the official client, without use here
    STRING_REGEX_*, STRING_NUMERIC_*      flags of `string_operations`
    TTL_*                                 `ttl` besides a number of seconds
    UDF_TYPE_*                            `udf_type` of `udf_put`
"""

# ruff: noqa: F405 - the names of the constants in __all__ come with a star, and a test checks them

from typing import TYPE_CHECKING

from aerospike_py import batch_records, exception
from aerospike_py import types as types
from aerospike_py._aerospike import (
    AsyncClient,
    Client,
    Expression,
    LazyBatchRecords,
    QueryPlan,
    Transaction,
    calc_digest,
    dropped_log_count,
    flush_logs,
    get_metrics,
    get_partition_id,
    is_metrics_enabled,
    set_deserializer,
    set_metrics_enabled,
    set_serializer,
    start_metrics_server,
    stop_metrics_server,
    unset_serializers,
)
from aerospike_py._constants import *  # noqa: F403
from aerospike_py.exception import (
    AdminError,
    AerospikeError,
    AerospikeIndexError,
    AerospikeTimeoutError,
    BackpressureError,
    BinExistsError,
    BinNameError,
    BinNotFound,
    BinTypeError,
    ClientError,
    ClusterError,
    FilteredOut,
    IndexFoundError,
    IndexNotFound,
    InvalidArgError,
    QueryAbortedError,
    QueryError,
    RecordError,
    RecordExistsError,
    RecordGenerationError,
    RecordNotFound,
    RecordTooBig,
    RustPanicError,
    ServerError,
    UDFError,
)
from aerospike_py.numpy_batch import NumpyBatchRecords
from aerospike_py.types import (
    AerospikeKey,
    AerospikeRecord,
    BatchRecord,
    BatchRecords,
    BatchRetryInfo,
    BatchWriteResult,
    Bins,
    BinTuple,
    CDTInfinite,
    CDTWildcard,
    ClusterStats,
    ConfigProvider,
    ConnectionStats,
    Context,
    ContextStep,
    ExistsResult,
    GeoJSON,
    HyperLogLog,
    InfoNodeResult,
    Key,
    KeyOrderedDict,
    NodeStats,
    OperateOrderedResult,
    Operation,
    Predicate,
    Record,
    RecordMetadata,
    UserKey,
    geodata,
    geojson,
    null,
)

if TYPE_CHECKING:
    from aerospike_py import (
        bit_operations,
        cdt_ctx,
        expression_operations,
        hll_operations,
        list_operations,
        map_operations,
        operations,
        predicates,
        string_helpers,
        string_operations,
    )
    from aerospike_py import exp as exp
    from aerospike_py import expressions as expressions
    from aerospike_py._logging import set_log_handler, set_log_level
    from aerospike_py._tracing import init_tracing, shutdown_tracing
    from aerospike_py.query import (
        AsyncQuery,
        AsyncScan,
        Query,
        Scan,
        partition_filter_all,
        partition_filter_by_id,
        partition_filter_by_range,
    )
    from aerospike_py.types import (
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

    __version__: str
else:
    SUBMODULES = (
        "bit_operations",
        "cdt_ctx",
        "exp",
        "expression_operations",
        "expressions",
        "hll_operations",
        "list_operations",
        "map_operations",
        "operations",
        "predicates",
        "query",
        "string_helpers",
        "string_operations",
    )
    LATER = {
        "AsyncQuery": "query",
        "AsyncScan": "query",
        "Query": "query",
        "Scan": "query",
        "partition_filter_all": "query",
        "partition_filter_by_id": "query",
        "partition_filter_by_range": "query",
        "init_tracing": "_tracing",
        "set_log_handler": "_logging",
        "set_log_level": "_logging",
        "shutdown_tracing": "_tracing",
    }

    def __getattr__(name):
        # What costs time and few programs use is made when it is asked for.
        if name == "__version__":
            from importlib.metadata import version

            return version("aerospike-py")
        if name in SUBMODULES:
            from importlib import import_module

            return import_module(f"aerospike_py.{name}")
        if name in LATER:
            from importlib import import_module

            return getattr(import_module(f"aerospike_py.{LATER[name]}"), name)
        if name in __all__:
            return getattr(types, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


TimeoutError = AerospikeTimeoutError
IndexError = AerospikeIndexError

__all__ = [
    "AdminError",
    "AdminPolicy",
    "AerospikeError",
    "AerospikeIndexError",
    "AerospikeKey",
    "AerospikeRecord",
    "AerospikeTimeoutError",
    "ApplyPolicy",
    "AsyncClient",
    "AsyncQuery",
    "AsyncScan",
    "BackpressureError",
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
    "BinExistsError",
    "BinNameError",
    "BinNotFound",
    "BinTuple",
    "BinTypeError",
    "Bins",
    "BitPolicy",
    "CDTInfinite",
    "CDTWildcard",
    "Client",
    "ClientConfig",
    "ClientError",
    "ClusterError",
    "ClusterStats",
    "ConfigProvider",
    "ConnectionStats",
    "Context",
    "ContextStep",
    "ExistsResult",
    "Expression",
    "FilteredOut",
    "GeoJSON",
    "HLLPolicy",
    "HyperLogLog",
    "IndexError",
    "IndexFoundError",
    "IndexNotFound",
    "InfoNodeResult",
    "InfoPolicy",
    "InvalidArgError",
    "Key",
    "KeyOrderedDict",
    "LazyBatchRecords",
    "ListPolicy",
    "LuaConfig",
    "MapPolicy",
    "NodeStats",
    "NumpyBatchRecords",
    "OperateOrderedResult",
    "OperatePolicy",
    "Operation",
    "PartitionFilter",
    "Policies",
    "Predicate",
    "Privilege",
    "Query",
    "QueryAbortedError",
    "QueryError",
    "QueryOptions",
    "QueryPlan",
    "QueryPolicy",
    "ReadPolicy",
    "Record",
    "RecordError",
    "RecordExistsError",
    "RecordGenerationError",
    "RecordMetadata",
    "RecordNotFound",
    "RecordTooBig",
    "RemovePolicy",
    "RoleDetails",
    "RoleInfo",
    "RustPanicError",
    "Scan",
    "ScanPolicy",
    "ServerError",
    "ShmConfig",
    "StringPolicy",
    "TimeoutError",
    "TlsConfig",
    "Transaction",
    "UDFError",
    "UserInfo",
    "UserKey",
    "WriteMeta",
    "WritePolicy",
    "__version__",
    "async_client",
    "batch_records",
    "bit_operations",
    "calc_digest",
    "cdt_ctx",
    "client",
    "dropped_log_count",
    "exception",
    "expression_operations",
    "flush_logs",
    "geodata",
    "geojson",
    "get_metrics",
    "get_partition_id",
    "hll_operations",
    "init_tracing",
    "is_metrics_enabled",
    "list_operations",
    "map_operations",
    "null",
    "operations",
    "partition_filter_all",
    "partition_filter_by_id",
    "partition_filter_by_range",
    "predicates",
    "set_deserializer",
    "set_log_handler",
    "set_log_level",
    "set_metrics_enabled",
    "set_serializer",
    "shutdown_tracing",
    "start_metrics_server",
    "stop_metrics_server",
    "string_helpers",
    "string_operations",
    "unset_serializers",
]
# The constants. Type checkers cannot follow a list that is computed; a test compares this one.
# fmt: off
__all__ += [
    "ABORT_ALREADY_ABORTED", "ABORT_CLOSE_ABANDONED", "ABORT_COMMIT_FAILED", "ABORT_OK",
    "ABORT_ROLL_BACK_ABANDONED", "AEROSPIKE_BATCH_FAILED", "AEROSPIKE_ERR_ALWAYS_FORBIDDEN",
    "AEROSPIKE_ERR_ASYNC_CONNECTION", "AEROSPIKE_ERR_BATCH_DISABLED",
    "AEROSPIKE_ERR_BATCH_MAX_REQUESTS_EXCEEDED", "AEROSPIKE_ERR_BATCH_QUEUES_FULL",
    "AEROSPIKE_ERR_BIN_EXISTS", "AEROSPIKE_ERR_BIN_NAME", "AEROSPIKE_ERR_BIN_NOT_FOUND",
    "AEROSPIKE_ERR_BIN_TYPE", "AEROSPIKE_ERR_CLIENT", "AEROSPIKE_ERR_CLIENT_ABORT",
    "AEROSPIKE_ERR_CLIENT_PARAM", "AEROSPIKE_ERR_CLUSTER", "AEROSPIKE_ERR_CLUSTER_KEY_MISMATCH",
    "AEROSPIKE_ERR_CONNECTION", "AEROSPIKE_ERR_DEVICE_OVERLOAD", "AEROSPIKE_ERR_ELEMENT_EXISTS",
    "AEROSPIKE_ERR_ELEMENT_NOT_FOUND", "AEROSPIKE_ERR_ENTERPRISE_ONLY",
    "AEROSPIKE_ERR_FAIL_FORBIDDEN", "AEROSPIKE_ERR_FILTERED_OUT",
    "AEROSPIKE_ERR_GEO_INVALID_GEOJSON", "AEROSPIKE_ERR_INDEX", "AEROSPIKE_ERR_INDEX_FOUND",
    "AEROSPIKE_ERR_INDEX_MAXCOUNT", "AEROSPIKE_ERR_INDEX_NAME_MAXLEN",
    "AEROSPIKE_ERR_INDEX_NOT_FOUND", "AEROSPIKE_ERR_INDEX_NOT_READABLE", "AEROSPIKE_ERR_INDEX_OOM",
    "AEROSPIKE_ERR_INVALID_ENCODING", "AEROSPIKE_ERR_INVALID_HOST",
    "AEROSPIKE_ERR_INVALID_NAMESPACE", "AEROSPIKE_ERR_INVALID_NODE", "AEROSPIKE_ERR_INVALID_USER",
    "AEROSPIKE_ERR_KEY_BUSY", "AEROSPIKE_ERR_KEY_MISMATCH", "AEROSPIKE_ERR_LOST_CONFLICT",
    "AEROSPIKE_ERR_LUA_FILE_NOT_FOUND", "AEROSPIKE_ERR_NOT_AUTHENTICATED",
    "AEROSPIKE_ERR_NO_MORE_CONNECTIONS", "AEROSPIKE_ERR_OP_NOT_APPLICABLE", "AEROSPIKE_ERR_PARAM",
    "AEROSPIKE_ERR_PARTITION_UNAVAILABLE", "AEROSPIKE_ERR_QUERY", "AEROSPIKE_ERR_QUERY_ABORTED",
    "AEROSPIKE_ERR_QUERY_DUPLICATE", "AEROSPIKE_ERR_QUERY_NETIO", "AEROSPIKE_ERR_QUERY_QUEUE_FULL",
    "AEROSPIKE_ERR_QUERY_TIMEOUT", "AEROSPIKE_ERR_RECORD_EXISTS", "AEROSPIKE_ERR_RECORD_GENERATION",
    "AEROSPIKE_ERR_RECORD_NOT_FOUND", "AEROSPIKE_ERR_RECORD_TOO_BIG",
    "AEROSPIKE_ERR_ROLE_VIOLATION", "AEROSPIKE_ERR_SCAN_ABORT", "AEROSPIKE_ERR_SERVER",
    "AEROSPIKE_ERR_SERVER_MEM", "AEROSPIKE_ERR_TIMEOUT", "AEROSPIKE_ERR_TLS", "AEROSPIKE_ERR_UDF",
    "AEROSPIKE_ERR_UDF_NOT_FOUND", "AEROSPIKE_ERR_UNSUPPORTED_FEATURE",
    "AEROSPIKE_ERR_XDR_KEY_BUSY", "AEROSPIKE_EXPIRED_PASSWORD", "AEROSPIKE_EXPIRED_SESSION",
    "AEROSPIKE_FORBIDDEN_PASSWORD", "AEROSPIKE_ILLEGAL_STATE", "AEROSPIKE_INVALID_COMMAND",
    "AEROSPIKE_INVALID_CREDENTIAL", "AEROSPIKE_INVALID_FIELD", "AEROSPIKE_INVALID_PASSWORD",
    "AEROSPIKE_INVALID_PRIVILEGE", "AEROSPIKE_INVALID_QUOTA", "AEROSPIKE_INVALID_ROLE",
    "AEROSPIKE_INVALID_WHITELIST", "AEROSPIKE_MAX_ERROR_RATE", "AEROSPIKE_MAX_RETRIES_EXCEEDED",
    "AEROSPIKE_MRT_ABORTED", "AEROSPIKE_MRT_ALREADY_LOCKED", "AEROSPIKE_MRT_BLOCKED",
    "AEROSPIKE_MRT_COMMITTED", "AEROSPIKE_MRT_EXPIRED", "AEROSPIKE_MRT_MONITOR_EXISTS",
    "AEROSPIKE_MRT_TOO_MANY_WRITES", "AEROSPIKE_MRT_VERSION_MISMATCH", "AEROSPIKE_NOT_WHITELISTED",
    "AEROSPIKE_NO_RESPONSE", "AEROSPIKE_OK", "AEROSPIKE_QUERY_END", "AEROSPIKE_QUOTAS_NOT_ENABLED",
    "AEROSPIKE_QUOTA_EXCEEDED", "AEROSPIKE_ROLE_ALREADY_EXISTS", "AEROSPIKE_SECURITY_NOT_ENABLED",
    "AEROSPIKE_SECURITY_NOT_SUPPORTED", "AEROSPIKE_SECURITY_SCHEME_NOT_SUPPORTED",
    "AEROSPIKE_TXN_ALREADY_ABORTED", "AEROSPIKE_TXN_ALREADY_COMMITTED", "AEROSPIKE_TXN_FAILED",
    "AEROSPIKE_USER_ALREADY_EXISTS", "AS_BOOL", "AS_BYTES_BLOB", "AS_BYTES_BOOL", "AS_BYTES_CSHARP",
    "AS_BYTES_DOUBLE", "AS_BYTES_ERLANG", "AS_BYTES_GEOJSON", "AS_BYTES_HLL", "AS_BYTES_INTEGER",
    "AS_BYTES_JAVA", "AS_BYTES_LIST", "AS_BYTES_MAP", "AS_BYTES_PHP", "AS_BYTES_PYTHON",
    "AS_BYTES_RUBY", "AS_BYTES_STRING", "AS_BYTES_TYPE_MAX", "AS_BYTES_UNDEF", "AUTH_EXTERNAL",
    "AUTH_EXTERNAL_INSECURE", "AUTH_INTERNAL", "AUTH_PKI", "BATCH_CONCURRENCY_PARALLEL",
    "BATCH_CONCURRENCY_SEQUENTIAL", "BIT_OVERFLOW_FAIL", "BIT_OVERFLOW_SATURATE",
    "BIT_OVERFLOW_WRAP", "BIT_RESIZE_DEFAULT", "BIT_RESIZE_FROM_FRONT", "BIT_RESIZE_GROW_ONLY",
    "BIT_RESIZE_SHRINK_ONLY", "BIT_WRITE_CREATE_ONLY", "BIT_WRITE_DEFAULT", "BIT_WRITE_NO_FAIL",
    "BIT_WRITE_PARTIAL", "BIT_WRITE_UPDATE_ONLY", "CDT_CTX_ALL_CHILDREN", "CDT_CTX_AND_FILTER",
    "CDT_CTX_LIST_INDEX", "CDT_CTX_LIST_INDEX_CREATE", "CDT_CTX_LIST_RANK", "CDT_CTX_LIST_VALUE",
    "CDT_CTX_MAP_INDEX", "CDT_CTX_MAP_KEY", "CDT_CTX_MAP_KEYS_IN", "CDT_CTX_MAP_KEY_CREATE",
    "CDT_CTX_MAP_RANK", "CDT_CTX_MAP_VALUE", "COMMIT_ALREADY_COMMITTED", "COMMIT_CLOSE_ABANDONED",
    "COMMIT_OK", "COMMIT_ROLL_FORWARD_ABANDONED", "ERROR_DETAIL_EXP_TRACE", "ERROR_DETAIL_MESSAGE",
    "ERROR_DETAIL_NONE", "ERROR_DETAIL_SUBCODE", "EXP_LOOPVAR_INDEX", "EXP_LOOPVAR_KEY",
    "EXP_LOOPVAR_VALUE", "EXP_PATH_MODIFY_DEFAULT", "EXP_PATH_MODIFY_NO_FAIL",
    "EXP_PATH_SELECT_LIST_VALUE", "EXP_PATH_SELECT_MAP_KEY", "EXP_PATH_SELECT_MAP_KEY_VALUE",
    "EXP_PATH_SELECT_MAP_VALUE", "EXP_PATH_SELECT_MATCHING_TREE", "EXP_PATH_SELECT_NO_FAIL",
    "EXP_PATH_SELECT_VALUE", "EXP_READ_DEFAULT", "EXP_READ_EVAL_NO_FAIL", "EXP_TYPE_BLOB",
    "EXP_TYPE_BOOL", "EXP_TYPE_FLOAT", "EXP_TYPE_GEO", "EXP_TYPE_HLL", "EXP_TYPE_INT",
    "EXP_TYPE_LIST", "EXP_TYPE_MAP", "EXP_TYPE_NIL", "EXP_TYPE_STRING", "EXP_WRITE_ALLOW_DELETE",
    "EXP_WRITE_CREATE_ONLY", "EXP_WRITE_DEFAULT", "EXP_WRITE_EVAL_NO_FAIL",
    "EXP_WRITE_POLICY_NO_FAIL", "EXP_WRITE_UPDATE_ONLY", "HLL_WRITE_ALLOW_FOLD",
    "HLL_WRITE_CREATE_ONLY", "HLL_WRITE_DEFAULT", "HLL_WRITE_NO_FAIL", "HLL_WRITE_UPDATE_ONLY",
    "INDEX_BLOB", "INDEX_GEO2DSPHERE", "INDEX_INTEGER", "INDEX_NUMERIC", "INDEX_STRING",
    "INDEX_TYPE_DEFAULT", "INDEX_TYPE_LIST", "INDEX_TYPE_MAPKEYS", "INDEX_TYPE_MAPVALUES",
    "INTEGER", "JOB_QUERY", "JOB_SCAN", "JOB_STATUS_COMPLETED", "JOB_STATUS_INPROGRESS",
    "JOB_STATUS_UNDEF", "LIST_ORDERED", "LIST_RETURN_COUNT", "LIST_RETURN_EXISTS",
    "LIST_RETURN_INDEX", "LIST_RETURN_INVERTED", "LIST_RETURN_NONE", "LIST_RETURN_RANK",
    "LIST_RETURN_REVERSE_INDEX", "LIST_RETURN_REVERSE_RANK", "LIST_RETURN_VALUE",
    "LIST_SORT_DEFAULT", "LIST_SORT_DESCENDING", "LIST_SORT_DROP_DUPLICATES", "LIST_UNORDERED",
    "LIST_WRITE_ADD_UNIQUE", "LIST_WRITE_DEFAULT", "LIST_WRITE_INSERT_BOUNDED",
    "LIST_WRITE_NO_FAIL", "LIST_WRITE_PARTIAL", "LOG_LEVEL_DEBUG", "LOG_LEVEL_ERROR",
    "LOG_LEVEL_INFO", "LOG_LEVEL_OFF", "LOG_LEVEL_TRACE", "LOG_LEVEL_WARN", "MAP_CREATE_ONLY",
    "MAP_KEY_ORDERED", "MAP_KEY_VALUE_ORDERED", "MAP_RETURN_COUNT", "MAP_RETURN_EXISTS",
    "MAP_RETURN_INDEX", "MAP_RETURN_INVERTED", "MAP_RETURN_KEY", "MAP_RETURN_KEY_VALUE",
    "MAP_RETURN_NONE", "MAP_RETURN_ORDERED_MAP", "MAP_RETURN_RANK", "MAP_RETURN_REVERSE_INDEX",
    "MAP_RETURN_REVERSE_RANK", "MAP_RETURN_UNORDERED_MAP", "MAP_RETURN_VALUE", "MAP_UNORDERED",
    "MAP_UPDATE", "MAP_UPDATE_ONLY", "MAP_WRITE_FLAGS_CREATE_ONLY", "MAP_WRITE_FLAGS_DEFAULT",
    "MAP_WRITE_FLAGS_NO_FAIL", "MAP_WRITE_FLAGS_PARTIAL", "MAP_WRITE_FLAGS_UPDATE_ONLY",
    "MAP_WRITE_NO_FAIL", "MAP_WRITE_PARTIAL", "OPERATOR_APPEND", "OPERATOR_DELETE", "OPERATOR_INCR",
    "OPERATOR_PREPEND", "OPERATOR_READ", "OPERATOR_TOUCH", "OPERATOR_WRITE", "OP_BIT_ADD",
    "OP_BIT_AND", "OP_BIT_B64_ENCODE", "OP_BIT_COUNT", "OP_BIT_GET", "OP_BIT_GET_INT",
    "OP_BIT_INSERT", "OP_BIT_LSCAN", "OP_BIT_LSHIFT", "OP_BIT_NOT", "OP_BIT_OR", "OP_BIT_REMOVE",
    "OP_BIT_RESIZE", "OP_BIT_RSCAN", "OP_BIT_RSHIFT", "OP_BIT_SET", "OP_BIT_SET_INT",
    "OP_BIT_SUBTRACT", "OP_BIT_XOR", "OP_EXPR_READ", "OP_EXPR_WRITE", "OP_HLL_ADD",
    "OP_HLL_DESCRIBE", "OP_HLL_FOLD", "OP_HLL_GET_COUNT", "OP_HLL_GET_INTERSECT_COUNT",
    "OP_HLL_GET_SIMILARITY", "OP_HLL_GET_UNION", "OP_HLL_GET_UNION_COUNT", "OP_HLL_INIT",
    "OP_HLL_MAY_CONTAIN", "OP_HLL_REFRESH_COUNT", "OP_HLL_SET_UNION", "OP_LIST_APPEND",
    "OP_LIST_APPEND_ITEMS", "OP_LIST_CLEAR", "OP_LIST_CREATE", "OP_LIST_GET",
    "OP_LIST_GET_BY_INDEX", "OP_LIST_GET_BY_INDEX_RANGE", "OP_LIST_GET_BY_INDEX_RANGE_TO_END",
    "OP_LIST_GET_BY_RANK", "OP_LIST_GET_BY_RANK_RANGE", "OP_LIST_GET_BY_RANK_RANGE_TO_END",
    "OP_LIST_GET_BY_VALUE", "OP_LIST_GET_BY_VALUE_LIST", "OP_LIST_GET_BY_VALUE_RANGE",
    "OP_LIST_GET_BY_VALUE_RANK_RANGE_REL", "OP_LIST_GET_BY_VALUE_RANK_RANGE_REL_TO_END",
    "OP_LIST_GET_RANGE", "OP_LIST_INCREMENT", "OP_LIST_INSERT", "OP_LIST_INSERT_ITEMS",
    "OP_LIST_JOIN", "OP_LIST_POP", "OP_LIST_POP_RANGE", "OP_LIST_REMOVE", "OP_LIST_REMOVE_BY_INDEX",
    "OP_LIST_REMOVE_BY_INDEX_RANGE", "OP_LIST_REMOVE_BY_INDEX_RANGE_TO_END",
    "OP_LIST_REMOVE_BY_RANK", "OP_LIST_REMOVE_BY_RANK_RANGE", "OP_LIST_REMOVE_BY_RANK_RANGE_TO_END",
    "OP_LIST_REMOVE_BY_REL_RANK_RANGE", "OP_LIST_REMOVE_BY_REL_RANK_RANGE_TO_END",
    "OP_LIST_REMOVE_BY_VALUE", "OP_LIST_REMOVE_BY_VALUE_LIST", "OP_LIST_REMOVE_BY_VALUE_RANGE",
    "OP_LIST_REMOVE_BY_VALUE_RANK_RANGE_REL", "OP_LIST_REMOVE_RANGE", "OP_LIST_SET",
    "OP_LIST_SET_ORDER", "OP_LIST_SIZE", "OP_LIST_SORT", "OP_LIST_TRIM", "OP_MAP_CLEAR",
    "OP_MAP_CREATE", "OP_MAP_DECREMENT", "OP_MAP_GET_BY_INDEX", "OP_MAP_GET_BY_INDEX_RANGE",
    "OP_MAP_GET_BY_INDEX_RANGE_TO_END", "OP_MAP_GET_BY_KEY", "OP_MAP_GET_BY_KEY_INDEX_RANGE_REL",
    "OP_MAP_GET_BY_KEY_LIST", "OP_MAP_GET_BY_KEY_RANGE", "OP_MAP_GET_BY_KEY_REL_INDEX_RANGE",
    "OP_MAP_GET_BY_KEY_REL_INDEX_RANGE_TO_END", "OP_MAP_GET_BY_RANK", "OP_MAP_GET_BY_RANK_RANGE",
    "OP_MAP_GET_BY_RANK_RANGE_TO_END", "OP_MAP_GET_BY_VALUE", "OP_MAP_GET_BY_VALUE_LIST",
    "OP_MAP_GET_BY_VALUE_RANGE", "OP_MAP_GET_BY_VALUE_RANK_RANGE_REL",
    "OP_MAP_GET_BY_VALUE_RANK_RANGE_REL_TO_END", "OP_MAP_INCREMENT", "OP_MAP_PUT",
    "OP_MAP_PUT_ITEMS", "OP_MAP_REMOVE_BY_INDEX", "OP_MAP_REMOVE_BY_INDEX_RANGE",
    "OP_MAP_REMOVE_BY_INDEX_RANGE_TO_END", "OP_MAP_REMOVE_BY_KEY",
    "OP_MAP_REMOVE_BY_KEY_INDEX_RANGE_REL", "OP_MAP_REMOVE_BY_KEY_LIST",
    "OP_MAP_REMOVE_BY_KEY_RANGE", "OP_MAP_REMOVE_BY_KEY_REL_INDEX_RANGE",
    "OP_MAP_REMOVE_BY_KEY_REL_INDEX_RANGE_TO_END", "OP_MAP_REMOVE_BY_RANK",
    "OP_MAP_REMOVE_BY_RANK_RANGE", "OP_MAP_REMOVE_BY_RANK_RANGE_TO_END", "OP_MAP_REMOVE_BY_VALUE",
    "OP_MAP_REMOVE_BY_VALUE_LIST", "OP_MAP_REMOVE_BY_VALUE_RANGE",
    "OP_MAP_REMOVE_BY_VALUE_RANK_RANGE_REL", "OP_MAP_REMOVE_BY_VALUE_REL_INDEX_RANGE",
    "OP_MAP_REMOVE_BY_VALUE_REL_RANK_RANGE", "OP_MAP_REMOVE_BY_VALUE_REL_RANK_RANGE_TO_END",
    "OP_MAP_SET_POLICY", "OP_MAP_SIZE", "OP_MODIFY_BY_PATH", "OP_SELECT_BY_PATH",
    "OP_STRING_APPEND", "OP_STRING_B64_DECODE", "OP_STRING_BYTE_LENGTH", "OP_STRING_CASE_FOLD",
    "OP_STRING_CHAR_AT", "OP_STRING_CONCAT", "OP_STRING_CONTAINS", "OP_STRING_ENDS_WITH",
    "OP_STRING_FIND", "OP_STRING_INSERT", "OP_STRING_IS_LOWER", "OP_STRING_IS_NUMERIC",
    "OP_STRING_IS_UPPER", "OP_STRING_LOWER", "OP_STRING_NORMALIZE_NFC", "OP_STRING_OVERWRITE",
    "OP_STRING_PAD_END", "OP_STRING_PAD_START", "OP_STRING_PREPEND", "OP_STRING_REGEX_COMPARE",
    "OP_STRING_REGEX_REPLACE", "OP_STRING_REPEAT", "OP_STRING_REPLACE", "OP_STRING_REPLACE_ALL",
    "OP_STRING_SNIP", "OP_STRING_SPLIT", "OP_STRING_SPLIT_SEPARATOR", "OP_STRING_STARTS_WITH",
    "OP_STRING_STRLEN", "OP_STRING_SUBSTR", "OP_STRING_SUBSTR_RANGE", "OP_STRING_TO_BLOB",
    "OP_STRING_TO_DOUBLE", "OP_STRING_TO_INTEGER", "OP_STRING_TO_STRING", "OP_STRING_TRIM",
    "OP_STRING_TRIM_END", "OP_STRING_TRIM_START", "OP_STRING_UPPER", "POLICY_COMMIT_LEVEL_ALL",
    "POLICY_COMMIT_LEVEL_MASTER", "POLICY_EXISTS_CREATE", "POLICY_EXISTS_CREATE_ONLY",
    "POLICY_EXISTS_CREATE_OR_REPLACE", "POLICY_EXISTS_IGNORE", "POLICY_EXISTS_REPLACE",
    "POLICY_EXISTS_REPLACE_ONLY", "POLICY_EXISTS_UPDATE", "POLICY_EXISTS_UPDATE_ONLY",
    "POLICY_GEN_EQ", "POLICY_GEN_GT", "POLICY_GEN_IGNORE", "POLICY_KEY_DIGEST", "POLICY_KEY_SEND",
    "POLICY_READ_MODE_AP_ALL", "POLICY_READ_MODE_AP_ONE", "POLICY_READ_MODE_SC_ALLOW_REPLICA",
    "POLICY_READ_MODE_SC_ALLOW_UNAVAILABLE", "POLICY_READ_MODE_SC_LINEARIZE",
    "POLICY_READ_MODE_SC_SESSION", "POLICY_REPLICA_ANY", "POLICY_REPLICA_MASTER",
    "POLICY_REPLICA_PREFER_RACK", "POLICY_REPLICA_RANDOM", "POLICY_REPLICA_SEQUENCE",
    "POLICY_RETRY_NONE", "POLICY_RETRY_ONCE", "PRIV_DATA_ADMIN", "PRIV_MASKING_ADMIN", "PRIV_READ",
    "PRIV_READ_MASKED", "PRIV_READ_WRITE", "PRIV_READ_WRITE_UDF", "PRIV_SINDEX_ADMIN",
    "PRIV_SYS_ADMIN", "PRIV_TRUNCATE", "PRIV_UDF_ADMIN", "PRIV_USER_ADMIN", "PRIV_WRITE",
    "PRIV_WRITE_MASKED", "QUERY_DURATION_LONG", "QUERY_DURATION_LONG_RELAX_AP",
    "QUERY_DURATION_SHORT", "READ_TOUCH_TTL_PERCENT_DONT_RESET",
    "READ_TOUCH_TTL_PERCENT_SERVER_DEFAULT", "REGEX_EXTENDED", "REGEX_ICASE", "REGEX_NEWLINE",
    "REGEX_NONE", "REGEX_NOSUB", "SERIALIZER_JSON", "SERIALIZER_NONE", "SERIALIZER_PYTHON",
    "SERIALIZER_USER", "STRING_NUMERIC_ANY", "STRING_NUMERIC_FLOAT", "STRING_NUMERIC_INT",
    "STRING_REGEX_CASE_INSENSITIVE", "STRING_REGEX_DEFAULT", "STRING_REGEX_DOTALL",
    "STRING_REGEX_GLOBAL", "STRING_REGEX_MULTILINE", "STRING_REGEX_UNIX_LINES",
    "STRING_WRITE_CREATE_ONLY", "STRING_WRITE_DEFAULT", "STRING_WRITE_NO_FAIL",
    "STRING_WRITE_UPDATE_ONLY", "SUB_BIN_NAME_COUNT_TOO_LARGE",
    "SUB_BIN_NOT_FOUND_HLL_CANNOT_CREATE_WITH_OP",
    "SUB_BIN_NOT_FOUND_STRING_VALUE_NOT_FOUND", "SUB_FILTERED_BINS",
    "SUB_FILTERED_BINS_EVAL_FAILED", "SUB_FILTERED_META", "SUB_FILTERED_META_EVAL_FAILED",
    "SUB_FORBID_CLOCK_SKEW_STOP_WRITES", "SUB_FORBID_DURABILITY_VIOLATION",
    "SUB_FORBID_MASKING_POLICY_BLOCKED", "SUB_FORBID_MASKING_ROLE_VIOLATION",
    "SUB_FORBID_REPLACE_CONFLICT_RESOLVING", "SUB_FORBID_SET_COUNT_STOP_WRITES",
    "SUB_FORBID_SET_SIZE_STOP_WRITES", "SUB_FORBID_TRUNCATED", "SUB_FORBID_XDR_FILTER_BLOCKED",
    "SUB_MRT_BLOCKED_ID_MISMATCH", "SUB_MRT_BLOCKED_RECORD_LOCKED", "SUB_NONE",
    "SUB_OPNOT_CDT_BOUNDED_LIST_OVERFLOW", "SUB_OPNOT_CDT_INDEX_OUT_OF_BOUNDS",
    "SUB_OPNOT_CDT_RANK_OUT_OF_BOUNDS", "SUB_OPNOT_HLL_CANNOT_FOLD_MINHASH",
    "SUB_OPNOT_HLL_CANNOT_REDUCE_INDEX_BITS", "SUB_OPNOT_HLL_CANNOT_REDUCE_MINHASH_BITS",
    "SUB_OPNOT_HLL_FOLD_INDEX_BITS_TOO_LARGE", "SUB_OPNOT_HLL_INDEX_BITS_UNSET",
    "SUB_OPNOT_HLL_INTERSECT_MINHASH_MISMATCH", "SUB_OPNOT_STRING_B64_INVALID",
    "SUB_OPNOT_STRING_CONVERSION_FAILED", "SUB_OPNOT_STRING_REGEX_LIMIT_EXCEEDED",
    "SUB_OPNOT_STRING_UTF8_INVALID", "SUB_PARAM_BIN_COUNT_TOO_LARGE",
    "SUB_PARAM_BITS_OFFSET_OUT_OF_RANGE", "SUB_PARAM_BITS_RESIZE_EXCEEDED",
    "SUB_PARAM_BITS_SIZE_OUT_OF_RANGE", "SUB_PARAM_STRING_CTX_MALFORMED",
    "SUB_PARAM_STRING_INDEX_OUT_OF_BOUNDS", "SUB_PARAM_STRING_OP_INVALID",
    "SUB_PARAM_STRING_OP_PARAMS_INVALID",
    "SUB_PARAM_STRING_REGEX_INVALID", "SUB_PARAM_STRING_UTF8_INVALID", "SUB_PARAM_TTL_INVALID",
    "SUB_UNAVAIL_INITIAL_BALANCE_UNRESOLVED", "SUB_UNAVAIL_NODE_SHUTTING_DOWN",
    "SUB_UNAVAIL_REPLICA_UNAVAILABLE",
    "SUB_UNSUPP_FEAT_GENERIC", "SUB_UNSUPP_FEAT_MRT_REQUIRES_STRONG_CONSISTENCY",
    "TTL_CLIENT_DEFAULT", "TTL_DONT_UPDATE", "TTL_NAMESPACE_DEFAULT", "TTL_NEVER_EXPIRE",
    "TXN_STATE_ABORTED", "TXN_STATE_COMMITTED", "TXN_STATE_COMMIT_FAILED", "TXN_STATE_OPEN",
    "TXN_STATE_VERIFIED", "UDF_TYPE_LUA",
]
# fmt: on


def client(config: "types.ClientConfig") -> Client:
    """Make a `Client`. It opens no connection until `connect` or the start of a `with` block.

    >>> with client({"hosts": hosts}) as connected:
    ...     connected.is_connected()
    True
    """
    return Client(config)


def async_client(config: "types.ClientConfig") -> AsyncClient:
    """Make an `AsyncClient`. It opens no connection until `connect` or an `async with` block.

    >>> async_client({"hosts": hosts}).is_connected()
    False
    """
    return AsyncClient(config)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
