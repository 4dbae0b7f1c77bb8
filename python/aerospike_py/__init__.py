"""Client for the Aerospike database, synchronous and asynchronous.

import aerospike_py

with aerospike_py.client({"hosts": [("127.0.0.1", 3000)]}) as client:
    client.put(("test", "people", "ada"), {"name": "Ada", "age": 36})
    print(client.get(("test", "people", "ada")).bins)
"""

from typing import TYPE_CHECKING

from aerospike_py import _constants, exception
from aerospike_py import types as types
from aerospike_py._aerospike import AsyncClient, Client, calc_digest, get_partition_id
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
    ExistsResult,
    GeoJSON,
    HyperLogLog,
    InfoNodeResult,
    Key,
    KeyOrderedDict,
    OperateOrderedResult,
    Operation,
    Record,
    RecordMetadata,
    UserKey,
    null,
)

if TYPE_CHECKING:
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
        Policies,
        Privilege,
        QueryPolicy,
        ReadPolicy,
        RemovePolicy,
        RoleInfo,
        ScanPolicy,
        ShmConfig,
        TlsConfig,
        UserInfo,
        WriteMeta,
        WritePolicy,
    )

    __version__: str
else:

    def __getattr__(name):
        # What costs time and few programs use is made when it is asked for.
        if name == "__version__":
            from importlib.metadata import version

            return version("aerospike-py")
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
    "ExistsResult",
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
    "ListPolicy",
    "LuaConfig",
    "MapPolicy",
    "OperateOrderedResult",
    "OperatePolicy",
    "Operation",
    "Policies",
    "Privilege",
    "QueryAbortedError",
    "QueryError",
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
    "RoleInfo",
    "RustPanicError",
    "ScanPolicy",
    "ServerError",
    "ShmConfig",
    "TimeoutError",
    "TlsConfig",
    "UDFError",
    "UserInfo",
    "UserKey",
    "WriteMeta",
    "WritePolicy",
    "__version__",
    "async_client",
    "calc_digest",
    "client",
    "exception",
    "get_partition_id",
    "null",
]
__all__ += [name for name in vars(_constants) if name.isupper()]


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
