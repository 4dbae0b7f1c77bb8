"""The compiled part of the package. Its docstrings are with the compiled code."""

from collections.abc import (
    AsyncIterator,
    Callable,
    Coroutine,
    ItemsView,
    Iterator,
    KeysView,
    Mapping,
    Sequence,
    ValuesView,
)
from os import PathLike
from types import TracebackType
from typing import Any, Literal, NoReturn, TypeAlias, final, overload

import numpy as np
from typing_extensions import Self, disjoint_base

from aerospike_py._transactions import AsyncTransactionBlock, TransactionBlock
from aerospike_py.batch_records import BatchRecords
from aerospike_py.numpy_batch import NumpyBatchRecords
from aerospike_py.query import AsyncQuery, AsyncScan, Query, Scan
from aerospike_py.types import (
    AdminPolicy,
    BatchDeleteMeta,
    BatchDeletePolicy,
    BatchPolicy,
    BatchRecord,
    BatchUDFMeta,
    BatchUDFPolicy,
    BatchWritePolicy,
    BatchWriteResult,
    Bins,
    ClientConfig,
    ClusterStats,
    Context,
    ContextStep,
    ExistsResult,
    InfoNodeResult,
    InfoPolicy,
    Key,
    OperateOrderedResult,
    OperatePolicy,
    Operation,
    Policies,
    Predicate,
    Privilege,
    QueryOptions,
    QueryPolicy,
    ReadPolicy,
    Record,
    RemovePolicy,
    RoleDetails,
    RoleInfo,
    ScanPolicy,
    UserInfo,
    UserKey,
    WriteMeta,
    WritePolicy,
)

_Writes: TypeAlias = Sequence[tuple[Key, Bins] | tuple[Key, Bins, WriteMeta | None]]
_Reads: TypeAlias = Sequence[str] | Sequence[Operation] | None

@disjoint_base
class Client:
    def __init__(self, config: ClientConfig) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None: ...
    def connect(self, username: str | None = None, password: str | None = None) -> Self: ...
    def close(self) -> None: ...
    def is_connected(self) -> bool: ...
    def ping(self) -> bool: ...
    def get_node_names(self) -> list[str]: ...
    def get_nodes(self) -> list[tuple[str, int]]: ...
    def get_stats(self) -> ClusterStats: ...
    def get_policies(self) -> Policies: ...
    def enable_metrics(self, policy: None = None) -> None: ...
    def disable_metrics(self) -> None: ...
    def shm_key(self) -> None: ...
    def get_cdtctx_base64(self, ctx: Context) -> str: ...
    def get_expression_base64(self, expression: Expression) -> str: ...
    def get_key_partition_id(self, namespace: str, set: str | None, key: UserKey) -> int: ...
    def info_all(self, command: str, policy: InfoPolicy | None = None) -> list[InfoNodeResult]: ...
    def info_random_node(self, command: str, policy: InfoPolicy | None = None) -> str: ...
    def info_single_node(
        self,
        command: str,
        node_name: str | tuple[str, int] | tuple[str, int, str],
        policy: InfoPolicy | None = None,
    ) -> str: ...
    def put(
        self,
        key: Key,
        bins: Bins,
        meta: WriteMeta | None = None,
        policy: WritePolicy | None = None,
        serializer: int | None = None,
    ) -> None: ...
    def get(self, key: Key, policy: ReadPolicy | None = None) -> Record: ...
    def select(self, key: Key, bins: Sequence[str], policy: ReadPolicy | None = None) -> Record: ...
    def exists(self, key: Key, policy: ReadPolicy | None = None) -> ExistsResult: ...
    def remove(
        self, key: Key, meta: WriteMeta | None = None, policy: RemovePolicy | None = None
    ) -> None: ...
    def touch(
        self,
        key: Key,
        val: int = 0,
        meta: WriteMeta | None = None,
        policy: OperatePolicy | None = None,
    ) -> None: ...
    def append(
        self,
        key: Key,
        bin: str,
        val: str | bytes | bytearray,
        meta: WriteMeta | None = None,
        policy: OperatePolicy | None = None,
    ) -> None: ...
    def prepend(
        self,
        key: Key,
        bin: str,
        val: str | bytes | bytearray,
        meta: WriteMeta | None = None,
        policy: OperatePolicy | None = None,
    ) -> None: ...
    def increment(
        self,
        key: Key,
        bin: str,
        offset: int | float,
        meta: WriteMeta | None = None,
        policy: OperatePolicy | None = None,
    ) -> None: ...
    def remove_bin(
        self,
        key: Key,
        bin_names: Sequence[str],
        meta: WriteMeta | None = None,
        policy: WritePolicy | None = None,
    ) -> None: ...
    def operate(
        self,
        key: Key,
        ops: Sequence[Operation],
        meta: WriteMeta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Record: ...
    def operate_ordered(
        self,
        key: Key,
        ops: Sequence[Operation],
        meta: WriteMeta | None = None,
        policy: OperatePolicy | None = None,
    ) -> OperateOrderedResult: ...
    def batch_read(
        self,
        keys: Sequence[Key | tuple[Key, _Reads]],
        bins: _Reads = None,
        policy: BatchPolicy | None = None,
    ) -> LazyBatchRecords: ...
    @overload
    def batch_write(
        self,
        records: _Writes,
        policy: BatchPolicy | None = None,
        retry: int = 0,
    ) -> BatchWriteResult: ...
    @overload
    def batch_write(
        self,
        records: BatchRecords,
        policy: BatchPolicy | None = None,
        retry: int = 0,
    ) -> BatchRecords: ...
    def batch_operate(
        self,
        keys: Sequence[Key],
        ops: Sequence[Operation],
        policy: BatchPolicy | None = None,
        policy_batch_write: BatchWritePolicy | None = None,
        ttl: int | None = None,
    ) -> BatchWriteResult: ...
    def batch_write_numpy(
        self,
        data: np.ndarray[Any, Any],
        namespace: str,
        set_name: str | None,
        _dtype: np.dtype[Any],
        key_field: str = "_key",
        policy: BatchPolicy | None = None,
        retry: int = 0,
    ) -> BatchWriteResult: ...
    def batch_remove(
        self,
        keys: Sequence[Key | tuple[Key, BatchDeleteMeta | None]],
        policy: BatchPolicy | None = None,
        policy_batch_remove: BatchDeletePolicy | None = None,
    ) -> BatchWriteResult: ...
    def batch_apply(
        self,
        keys: Sequence[Key | tuple[Key, BatchUDFMeta | None]],
        module: str,
        function: str,
        args: Sequence[Any] | None = None,
        policy: BatchPolicy | None = None,
        policy_batch_apply: BatchUDFPolicy | None = None,
    ) -> BatchWriteResult: ...
    def index_integer_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> None: ...
    def index_string_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> None: ...
    def index_blob_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> None: ...
    def index_geo2dsphere_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> None: ...
    def index_single_value_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_datatype: int,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> None: ...
    def index_list_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_datatype: int,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> None: ...
    def index_map_keys_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_datatype: int,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> None: ...
    def index_map_values_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_datatype: int,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> None: ...
    def index_cdt_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_type: int,
        index_datatype: int,
        index_name: str,
        ctx: Sequence[ContextStep],
        policy: InfoPolicy | None = None,
        wait: bool = True,
    ) -> None: ...
    def index_expr_create(
        self,
        namespace: str,
        set_name: str | None,
        index_type: int,
        index_datatype: int,
        expressions: Expression,
        index_name: str,
        policy: InfoPolicy | None = None,
        wait: bool = True,
    ) -> None: ...
    def index_set_create(
        self,
        namespace: str,
        set_name: str,
        index_name: str,
        policy: InfoPolicy | None = None,
        wait: bool = True,
    ) -> None: ...
    def index_remove(
        self,
        namespace: str,
        index_name: str,
        policy: InfoPolicy | None = None,
    ) -> None: ...
    def index_list(
        self,
        namespace: str | None = None,
        policy: InfoPolicy | None = None,
    ) -> list[dict[str, str | None]]: ...
    def udf_put(
        self,
        filename: str | PathLike[str],
        udf_type: int = 0,
        policy: InfoPolicy | None = None,
        source: str | bytes | None = None,
    ) -> None: ...
    def udf_remove(
        self,
        module: str,
        policy: InfoPolicy | None = None,
    ) -> None: ...
    def udf_get(
        self,
        module: str,
        language: int = 0,
        policy: InfoPolicy | None = None,
    ) -> str: ...
    def udf_list(
        self,
        policy: InfoPolicy | None = None,
    ) -> list[dict[str, Any]]: ...
    def apply(
        self,
        key: Key,
        module: str,
        function: str,
        args: Sequence[Any] | None = None,
        policy: WritePolicy | None = None,
    ) -> Any: ...
    def commit(
        self,
        transaction: Transaction,
        verify_policy: BatchPolicy | None = None,
        roll_policy: BatchPolicy | None = None,
    ) -> int: ...
    def abort(self, transaction: Transaction, roll_policy: BatchPolicy | None = None) -> int: ...
    def transaction(
        self, reads_capacity: int = 128, writes_capacity: int = 128, timeout: int = 0
    ) -> TransactionBlock: ...
    def truncate(
        self,
        namespace: str,
        set_name: str | None,
        nanos: int = 0,
        policy: InfoPolicy | None = None,
    ) -> None: ...
    def set_xdr_filter(
        self,
        data_center: str,
        namespace: str,
        expression_filter: Expression | None,
        policy: InfoPolicy | None = None,
    ) -> str: ...
    def admin_create_user(
        self,
        username: str,
        password: str,
        roles: Sequence[str],
        policy: AdminPolicy | None = None,
    ) -> None: ...
    def admin_create_pki_user(
        self,
        username: str,
        roles: Sequence[str],
        policy: AdminPolicy | None = None,
    ) -> None: ...
    def admin_drop_user(self, username: str, policy: AdminPolicy | None = None) -> None: ...
    def admin_change_password(
        self,
        username: str,
        password: str,
        policy: AdminPolicy | None = None,
    ) -> None: ...
    def admin_set_password(
        self,
        username: str,
        password: str,
        policy: AdminPolicy | None = None,
    ) -> None: ...
    def admin_grant_roles(
        self,
        username: str,
        roles: Sequence[str],
        policy: AdminPolicy | None = None,
    ) -> None: ...
    def admin_revoke_roles(
        self,
        username: str,
        roles: Sequence[str],
        policy: AdminPolicy | None = None,
    ) -> None: ...
    def admin_query_user_info(
        self,
        username: str,
        policy: AdminPolicy | None = None,
    ) -> UserInfo: ...
    def admin_query_users_info(self, policy: AdminPolicy | None = None) -> list[UserInfo]: ...
    def admin_query_user(self, username: str, policy: AdminPolicy | None = None) -> list[str]: ...
    def admin_query_users(self, policy: AdminPolicy | None = None) -> dict[str, list[str]]: ...
    def admin_create_role(
        self,
        role: str,
        privileges: Sequence[Privilege],
        policy: AdminPolicy | None = None,
        whitelist: Sequence[str] | None = None,
        read_quota: int = 0,
        write_quota: int = 0,
    ) -> None: ...
    def admin_drop_role(self, role: str, policy: AdminPolicy | None = None) -> None: ...
    def admin_grant_privileges(
        self,
        role: str,
        privileges: Sequence[Privilege],
        policy: AdminPolicy | None = None,
    ) -> None: ...
    def admin_revoke_privileges(
        self,
        role: str,
        privileges: Sequence[Privilege],
        policy: AdminPolicy | None = None,
    ) -> None: ...
    def admin_set_whitelist(
        self,
        role: str,
        whitelist: Sequence[str] | None,
        policy: AdminPolicy | None = None,
    ) -> None: ...
    def admin_set_quotas(
        self,
        role: str,
        read_quota: int = 0,
        write_quota: int = 0,
        policy: AdminPolicy | None = None,
    ) -> None: ...
    def admin_query_role(self, role: str, policy: AdminPolicy | None = None) -> RoleInfo: ...
    def admin_query_roles(self, policy: AdminPolicy | None = None) -> list[RoleInfo]: ...
    def admin_get_role(self, role: str, policy: AdminPolicy | None = None) -> RoleDetails: ...
    def admin_get_roles(self, policy: AdminPolicy | None = None) -> dict[str, RoleDetails]: ...
    def query(self, namespace: str, set_name: str | None = None) -> Query: ...
    def query_explain(
        self,
        namespace: str,
        set_name: str | None,
        ael: str,
        index_name: str | None = None,
        pin_index: bool = False,
        require_index: bool = False,
        policy: QueryPolicy | None = None,
    ) -> QueryPlan: ...
    def scan(self, namespace: str, set_name: str | None = None) -> Scan: ...
    def query_apply(
        self,
        namespace: str,
        set_name: str | None,
        predicate: Predicate,
        module: str,
        function: str,
        args: Sequence[Any] | None = None,
        policy: WritePolicy | None = None,
    ) -> int: ...
    def scan_apply(
        self,
        namespace: str,
        set_name: str | None,
        module: str,
        function: str,
        args: Sequence[Any] | None = None,
        policy: WritePolicy | None = None,
    ) -> int: ...
    def job_info(
        self, job_id: int, module: str, policy: InfoPolicy | None = None
    ) -> dict[str, int]: ...
    def _execute_background(
        self, statement: Any, limits: WriteMeta, policy: WritePolicy | None = None
    ) -> int: ...
    def _read_records(
        self,
        statement: Any,
        limits: QueryPolicy,
        policy: QueryPolicy | ScanPolicy | None = None,
        options: QueryOptions | None = None,
        all_wanted: bool = False,
    ) -> Any: ...
    def batch_stream(
        self,
        keys: Sequence[Key | tuple[Key, _Reads]] | BatchRecords,
        bins: _Reads = None,
        policy: BatchPolicy | None = None,
    ) -> Iterator[tuple[int, Any]]: ...
    def batch_foreach(
        self,
        keys: Sequence[Key | tuple[Key, _Reads]] | BatchRecords,
        callback: Callable[[int, Any], Any],
        bins: _Reads = None,
        policy: BatchPolicy | None = None,
    ) -> None: ...

@disjoint_base
class AsyncClient:
    def __init__(self, config: ClientConfig) -> None: ...
    def __aenter__(self) -> Coroutine[Any, Any, Self]: ...
    def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def connect(
        self, username: str | None = None, password: str | None = None
    ) -> Coroutine[Any, Any, Self]: ...
    def close(self) -> Coroutine[Any, Any, None]: ...
    def is_connected(self) -> bool: ...
    def ping(self) -> Coroutine[Any, Any, bool]: ...
    def get_node_names(self) -> list[str]: ...
    def get_nodes(self) -> list[tuple[str, int]]: ...
    def get_stats(self) -> ClusterStats: ...
    def get_policies(self) -> Policies: ...
    def enable_metrics(self, policy: None = None) -> None: ...
    def disable_metrics(self) -> None: ...
    def shm_key(self) -> None: ...
    def get_cdtctx_base64(self, ctx: Context) -> str: ...
    def get_expression_base64(self, expression: Expression) -> str: ...
    def get_key_partition_id(self, namespace: str, set: str | None, key: UserKey) -> int: ...
    def info_all(
        self, command: str, policy: InfoPolicy | None = None
    ) -> Coroutine[Any, Any, list[InfoNodeResult]]: ...
    def info_random_node(
        self, command: str, policy: InfoPolicy | None = None
    ) -> Coroutine[Any, Any, str]: ...
    def info_single_node(
        self,
        command: str,
        node_name: str | tuple[str, int] | tuple[str, int, str],
        policy: InfoPolicy | None = None,
    ) -> Coroutine[Any, Any, str]: ...
    def put(
        self,
        key: Key,
        bins: Bins,
        meta: WriteMeta | None = None,
        policy: WritePolicy | None = None,
        serializer: int | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def get(self, key: Key, policy: ReadPolicy | None = None) -> Coroutine[Any, Any, Record]: ...
    def select(
        self, key: Key, bins: Sequence[str], policy: ReadPolicy | None = None
    ) -> Coroutine[Any, Any, Record]: ...
    def exists(
        self, key: Key, policy: ReadPolicy | None = None
    ) -> Coroutine[Any, Any, ExistsResult]: ...
    def remove(
        self, key: Key, meta: WriteMeta | None = None, policy: RemovePolicy | None = None
    ) -> Coroutine[Any, Any, None]: ...
    def touch(
        self,
        key: Key,
        val: int = 0,
        meta: WriteMeta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def append(
        self,
        key: Key,
        bin: str,
        val: str | bytes | bytearray,
        meta: WriteMeta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def prepend(
        self,
        key: Key,
        bin: str,
        val: str | bytes | bytearray,
        meta: WriteMeta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def increment(
        self,
        key: Key,
        bin: str,
        offset: int | float,
        meta: WriteMeta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def remove_bin(
        self,
        key: Key,
        bin_names: Sequence[str],
        meta: WriteMeta | None = None,
        policy: WritePolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def operate(
        self,
        key: Key,
        ops: Sequence[Operation],
        meta: WriteMeta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Coroutine[Any, Any, Record]: ...
    def operate_ordered(
        self,
        key: Key,
        ops: Sequence[Operation],
        meta: WriteMeta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Coroutine[Any, Any, OperateOrderedResult]: ...
    def batch_read(
        self,
        keys: Sequence[Key | tuple[Key, _Reads]],
        bins: _Reads = None,
        policy: BatchPolicy | None = None,
    ) -> Coroutine[Any, Any, LazyBatchRecords]: ...
    @overload
    def batch_write(
        self,
        records: _Writes,
        policy: BatchPolicy | None = None,
        retry: int = 0,
    ) -> Coroutine[Any, Any, BatchWriteResult]: ...
    @overload
    def batch_write(
        self,
        records: BatchRecords,
        policy: BatchPolicy | None = None,
        retry: int = 0,
    ) -> Coroutine[Any, Any, BatchRecords]: ...
    def batch_operate(
        self,
        keys: Sequence[Key],
        ops: Sequence[Operation],
        policy: BatchPolicy | None = None,
        policy_batch_write: BatchWritePolicy | None = None,
        ttl: int | None = None,
    ) -> Coroutine[Any, Any, BatchWriteResult]: ...
    def batch_write_numpy(
        self,
        data: np.ndarray[Any, Any],
        namespace: str,
        set_name: str | None,
        _dtype: np.dtype[Any],
        key_field: str = "_key",
        policy: BatchPolicy | None = None,
        retry: int = 0,
    ) -> Coroutine[Any, Any, BatchWriteResult]: ...
    def batch_remove(
        self,
        keys: Sequence[Key | tuple[Key, BatchDeleteMeta | None]],
        policy: BatchPolicy | None = None,
        policy_batch_remove: BatchDeletePolicy | None = None,
    ) -> Coroutine[Any, Any, BatchWriteResult]: ...
    def batch_apply(
        self,
        keys: Sequence[Key | tuple[Key, BatchUDFMeta | None]],
        module: str,
        function: str,
        args: Sequence[Any] | None = None,
        policy: BatchPolicy | None = None,
        policy_batch_apply: BatchUDFPolicy | None = None,
    ) -> Coroutine[Any, Any, BatchWriteResult]: ...
    def index_integer_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> Coroutine[Any, Any, None]: ...
    def index_string_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> Coroutine[Any, Any, None]: ...
    def index_blob_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> Coroutine[Any, Any, None]: ...
    def index_geo2dsphere_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> Coroutine[Any, Any, None]: ...
    def index_single_value_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_datatype: int,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> Coroutine[Any, Any, None]: ...
    def index_list_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_datatype: int,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> Coroutine[Any, Any, None]: ...
    def index_map_keys_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_datatype: int,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> Coroutine[Any, Any, None]: ...
    def index_map_values_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_datatype: int,
        index_name: str,
        policy: InfoPolicy | None = None,
        ctx: Sequence[ContextStep] | None = None,
        wait: bool = True,
    ) -> Coroutine[Any, Any, None]: ...
    def index_cdt_create(
        self,
        namespace: str,
        set_name: str | None,
        bin_name: str,
        index_type: int,
        index_datatype: int,
        index_name: str,
        ctx: Sequence[ContextStep],
        policy: InfoPolicy | None = None,
        wait: bool = True,
    ) -> Coroutine[Any, Any, None]: ...
    def index_expr_create(
        self,
        namespace: str,
        set_name: str | None,
        index_type: int,
        index_datatype: int,
        expressions: Expression,
        index_name: str,
        policy: InfoPolicy | None = None,
        wait: bool = True,
    ) -> Coroutine[Any, Any, None]: ...
    def index_set_create(
        self,
        namespace: str,
        set_name: str,
        index_name: str,
        policy: InfoPolicy | None = None,
        wait: bool = True,
    ) -> Coroutine[Any, Any, None]: ...
    def index_remove(
        self,
        namespace: str,
        index_name: str,
        policy: InfoPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def index_list(
        self,
        namespace: str | None = None,
        policy: InfoPolicy | None = None,
    ) -> Coroutine[Any, Any, list[dict[str, str | None]]]: ...
    def udf_put(
        self,
        filename: str | PathLike[str],
        udf_type: int = 0,
        policy: InfoPolicy | None = None,
        source: str | bytes | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def udf_remove(
        self,
        module: str,
        policy: InfoPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def udf_get(
        self,
        module: str,
        language: int = 0,
        policy: InfoPolicy | None = None,
    ) -> Coroutine[Any, Any, str]: ...
    def udf_list(
        self,
        policy: InfoPolicy | None = None,
    ) -> Coroutine[Any, Any, list[dict[str, Any]]]: ...
    def apply(
        self,
        key: Key,
        module: str,
        function: str,
        args: Sequence[Any] | None = None,
        policy: WritePolicy | None = None,
    ) -> Coroutine[Any, Any, Any]: ...
    def commit(
        self,
        transaction: Transaction,
        verify_policy: BatchPolicy | None = None,
        roll_policy: BatchPolicy | None = None,
    ) -> Coroutine[Any, Any, int]: ...
    def abort(
        self, transaction: Transaction, roll_policy: BatchPolicy | None = None
    ) -> Coroutine[Any, Any, int]: ...
    def transaction(
        self, reads_capacity: int = 128, writes_capacity: int = 128, timeout: int = 0
    ) -> AsyncTransactionBlock: ...
    def truncate(
        self,
        namespace: str,
        set_name: str | None,
        nanos: int = 0,
        policy: InfoPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def set_xdr_filter(
        self,
        data_center: str,
        namespace: str,
        expression_filter: Expression | None,
        policy: InfoPolicy | None = None,
    ) -> Coroutine[Any, Any, str]: ...
    def admin_create_user(
        self,
        username: str,
        password: str,
        roles: Sequence[str],
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def admin_create_pki_user(
        self,
        username: str,
        roles: Sequence[str],
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def admin_drop_user(
        self,
        username: str,
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def admin_change_password(
        self,
        username: str,
        password: str,
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def admin_set_password(
        self,
        username: str,
        password: str,
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def admin_grant_roles(
        self,
        username: str,
        roles: Sequence[str],
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def admin_revoke_roles(
        self,
        username: str,
        roles: Sequence[str],
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def admin_query_user_info(
        self,
        username: str,
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, UserInfo]: ...
    def admin_query_users_info(
        self,
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, list[UserInfo]]: ...
    def admin_query_user(
        self,
        username: str,
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, list[str]]: ...
    def admin_query_users(
        self,
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, dict[str, list[str]]]: ...
    def admin_create_role(
        self,
        role: str,
        privileges: Sequence[Privilege],
        policy: AdminPolicy | None = None,
        whitelist: Sequence[str] | None = None,
        read_quota: int = 0,
        write_quota: int = 0,
    ) -> Coroutine[Any, Any, None]: ...
    def admin_drop_role(
        self,
        role: str,
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def admin_grant_privileges(
        self,
        role: str,
        privileges: Sequence[Privilege],
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def admin_revoke_privileges(
        self,
        role: str,
        privileges: Sequence[Privilege],
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def admin_set_whitelist(
        self,
        role: str,
        whitelist: Sequence[str] | None,
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def admin_set_quotas(
        self,
        role: str,
        read_quota: int = 0,
        write_quota: int = 0,
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...
    def admin_query_role(
        self,
        role: str,
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, RoleInfo]: ...
    def admin_query_roles(
        self,
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, list[RoleInfo]]: ...
    def admin_get_role(
        self,
        role: str,
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, RoleDetails]: ...
    def admin_get_roles(
        self,
        policy: AdminPolicy | None = None,
    ) -> Coroutine[Any, Any, dict[str, RoleDetails]]: ...
    def query(self, namespace: str, set_name: str | None = None) -> AsyncQuery: ...
    def query_explain(
        self,
        namespace: str,
        set_name: str | None,
        ael: str,
        index_name: str | None = None,
        pin_index: bool = False,
        require_index: bool = False,
        policy: QueryPolicy | None = None,
    ) -> Coroutine[Any, Any, QueryPlan]: ...
    def scan(self, namespace: str, set_name: str | None = None) -> AsyncScan: ...
    def query_apply(
        self,
        namespace: str,
        set_name: str | None,
        predicate: Predicate,
        module: str,
        function: str,
        args: Sequence[Any] | None = None,
        policy: WritePolicy | None = None,
    ) -> Coroutine[Any, Any, int]: ...
    def scan_apply(
        self,
        namespace: str,
        set_name: str | None,
        module: str,
        function: str,
        args: Sequence[Any] | None = None,
        policy: WritePolicy | None = None,
    ) -> Coroutine[Any, Any, int]: ...
    def job_info(
        self, job_id: int, module: str, policy: InfoPolicy | None = None
    ) -> Coroutine[Any, Any, dict[str, int]]: ...
    def _execute_background(
        self, statement: Any, limits: WriteMeta, policy: WritePolicy | None = None
    ) -> Coroutine[Any, Any, int]: ...
    def _read_records(
        self,
        statement: Any,
        limits: QueryPolicy,
        policy: QueryPolicy | ScanPolicy | None = None,
        options: QueryOptions | None = None,
        all_wanted: bool = False,
    ) -> Any: ...
    def batch_stream(
        self,
        keys: Sequence[Key | tuple[Key, _Reads]] | BatchRecords,
        bins: _Reads = None,
        policy: BatchPolicy | None = None,
    ) -> AsyncIterator[tuple[int, Any]]: ...
    def batch_foreach(
        self,
        keys: Sequence[Key | tuple[Key, _Reads]] | BatchRecords,
        callback: Callable[[int, Any], Any],
        bins: _Reads = None,
        policy: BatchPolicy | None = None,
    ) -> Coroutine[Any, Any, None]: ...

@final
class LazyBatchRecords(Mapping[Any, Bins]):
    @property
    def batch_records(self) -> list[BatchRecord]: ...
    @property
    def result(self) -> int: ...
    def to_dict(self) -> dict[Any, Bins]: ...
    def to_list(self) -> list[Bins | None]: ...
    def to_numpy(self, dtype: np.dtype[Any]) -> NumpyBatchRecords: ...
    def iter_records(self) -> Iterator[BatchRecord]: ...
    def all_user_keys(self) -> list[str | int | bytes | None]: ...
    def found_count(self) -> int: ...
    def release_cache(self) -> None: ...
    def items(self) -> ItemsView[Any, Bins]: ...
    def keys(self) -> KeysView[Any]: ...
    def values(self) -> ValuesView[Bins]: ...
    def get(self, key: Any, default: Any = None) -> Any: ...
    def __getitem__(self, key: Any, /) -> Bins: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __contains__(self, key: object, /) -> bool: ...
    @classmethod
    def merge_to_dict(cls, handles: Sequence[LazyBatchRecords]) -> list[dict[Any, Bins]]: ...

@final
class Transaction:
    def __init__(
        self, reads_capacity: int = 128, writes_capacity: int = 128, timeout: int = 0
    ) -> None: ...
    @property
    def id(self) -> int: ...
    @property
    def in_doubt(self) -> bool: ...
    @property
    def state(self) -> int: ...
    @property
    def namespace(self) -> str | None: ...
    @property
    def timeout(self) -> int: ...
    @timeout.setter
    def timeout(self, value: int, /) -> None: ...

@final
class QueryPlan:
    @property
    def namespace(self) -> str: ...
    @property
    def set_name(self) -> str | None: ...
    @property
    def ael(self) -> str: ...
    @property
    def selection(self) -> Literal["secondary_index", "primary_index", "filtered_out"]: ...
    @property
    def index_name(self) -> str | None: ...
    @property
    def index_type(self) -> int: ...
    @property
    def index_range(self) -> bytes | None: ...

@final
class Expression:
    def __bytes__(self) -> bytes: ...
    def base64(self) -> str: ...
    def compile(self) -> Self: ...
    def result_type(self) -> int | None: ...
    def __reduce__(self) -> tuple[Any, ...]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __bool__(self) -> NoReturn: ...
    def __add__(self, other: Expression | float, /) -> Expression: ...
    def __radd__(self, other: Expression | float, /) -> Expression: ...
    def __sub__(self, other: Expression | float, /) -> Expression: ...
    def __rsub__(self, other: Expression | float, /) -> Expression: ...
    def __mul__(self, other: Expression | float, /) -> Expression: ...
    def __rmul__(self, other: Expression | float, /) -> Expression: ...
    def __truediv__(self, other: Expression | float, /) -> Expression: ...
    def __rtruediv__(self, other: Expression | float, /) -> Expression: ...
    def __floordiv__(self, other: Expression | float, /) -> Expression: ...
    def __rfloordiv__(self, other: Expression | float, /) -> Expression: ...
    def __mod__(self, other: Expression | int, /) -> Expression: ...
    def __rmod__(self, other: Expression | int, /) -> Expression: ...
    def __pow__(self, other: Expression | float, mod: None = None, /) -> Expression: ...
    def __rpow__(self, other: Expression | float, mod: None = None, /) -> Expression: ...
    def __neg__(self) -> Expression: ...
    def __abs__(self) -> Expression: ...
    def __floor__(self) -> Expression: ...
    def __ceil__(self) -> Expression: ...

def pack_expression(name: str, given: dict[str, Any], items: object) -> Expression: ...
def restore_expression(data: bytes, text: str) -> Expression: ...
def set_serializer(callback: Callable[[Any], bytes | bytearray | str]) -> None: ...
def set_deserializer(callback: Callable[[bytes], Any]) -> None: ...
def unset_serializers() -> None: ...
def calc_digest(namespace: str, set: str | None, key: UserKey) -> bytes: ...
def get_partition_id(digest: bytes | bytearray) -> int: ...
def get_metrics(openmetrics: bool = False) -> str: ...
def metric_families() -> list[
    tuple[str, str, str, str, list[tuple[str, dict[str, str], float]]]
]: ...
def set_metrics_enabled(enabled: bool) -> None: ...
def is_metrics_enabled() -> bool: ...
def set_native_log_level(level: int) -> None: ...
def dropped_log_count() -> int: ...
def flush_logs() -> None: ...
def trace_to_collector(
    caller: Any,
    grpc: bool,
    endpoint: str,
    headers: list[tuple[str, str]],
    timeout: float,
    resource: list[tuple[str, str]],
    sampler: tuple[str, float],
    gzip: bool,
    tls: tuple[bytes | None, tuple[bytes, bytes] | None],
) -> None: ...
def trace_to_pipeline(caller: Any) -> None: ...
def stop_tracing() -> None: ...
def start_metrics_server(port: int = 9464, host: str = "127.0.0.1") -> int: ...
def stop_metrics_server() -> None: ...
