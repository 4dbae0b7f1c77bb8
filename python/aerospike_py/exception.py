"""Every exception that the client raises, under the names of both older clients.

The root is `AerospikeError`. Below it three families answer "whose fault is it":

- `ServerError`: a node answered with a result code; `RecordError`, `AerospikeIndexError`,
  `QueryError`, `AdminError` and `UDFError` divide it by subject.
- `ClientError`: the client failed before or after talking to a node.
- `ClusterError`, `AerospikeTimeoutError`, `InvalidArgError`: conditions that either side may find.
  Their subclasses also belong to `ServerError` or `ClientError`, whichever side found it.

    >>> try:
    ...     record = client.get(key)
    ... except exception.RecordNotFound:
    ...     record = None
    ... except exception.AerospikeError as error:
    ...     print(error.code, error.in_doubt, error.msg)
    ...     raise

Each class has the result code that it stands for as `code`, an AEROSPIKE_* constant, and tells in
its docstring what happened; they are caught like the ones above. `error_from_code` makes the
exception of a code.

    >>> exception.RecordTooBig.code == AEROSPIKE_ERR_RECORD_TOO_BIG
    True
    >>> issubclass(exception.RecordTooBig, exception.RecordError)
    True

An exception raised for a wrong argument type or value is Python's own `TypeError`, `ValueError` or
`OverflowError` instead, as everywhere in Python.
"""

import copyreg
from typing import TYPE_CHECKING, Any

from aerospike_py import _constants

_CODE_NAMES = {
    code: name for name, code in vars(_constants).items() if name.startswith("AEROSPIKE_")
}


class AerospikeError(Exception):
    """Root of all errors of this package.

    `code`, also readable as `result_code`, is the result code: positive from the server, negative
    from the client. `msg` is the text without the code, `in_doubt` says whether a write may have
    been applied although it failed, `subcode` refines `code` if the server was asked for details,
    `node` names the last node that was tried, `key` is the key of the record and `iterations` the
    number of attempts. What is not known is None. `file` and `line` are always None.

    >>> try:
    ...     client.get(key)
    ... except exception.AerospikeError as error:
    ...     print(error.code, error.in_doubt, error.node in client.get_node_names())
    2 False True
    """

    code: int = -1
    msg: str
    in_doubt: bool
    subcode: int | None
    node: str | None
    key: tuple[Any, ...] | None
    iterations: int | None
    file: None = None
    line: None = None

    def __init__(
        self,
        msg: str = "",
        code: int | None = None,
        in_doubt: bool = False,
        subcode: int | None = None,
        node: str | None = None,
        key: tuple[Any, ...] | None = None,
        iterations: int | None = None,
    ) -> None:
        # What was given is what args must hold to rebuild the exception, and no more than that:
        # RecordNotFound("text").args is ("text",), as for any exception.
        given = [msg, code, in_doubt, subcode, node, key, iterations]
        while given and (given[-1] is None or given[-1] is False or given[-1] == ""):
            given.pop()
        super().__init__(*given)
        self.msg = msg
        if code is not None:
            self.code = code
        self.in_doubt = in_doubt
        self.subcode = subcode
        self.node = node
        self.key = key
        self.iterations = iterations

    @property
    def result_code(self) -> int:
        """The same as `code`."""
        return self.code

    def __str__(self) -> str:
        name = _CODE_NAMES.get(self.code, "AEROSPIKE_ERR")
        text = f"{name} ({self.code}): {self.msg}" if self.msg else f"{name} ({self.code})"
        if self.subcode:
            text += f" [subcode {self.subcode}]"
        if self.node:
            text += f" [node {self.node}]"
        return f"{text} [in_doubt]" if self.in_doubt else text

    def __repr__(self) -> str:
        doubt = ", in_doubt=True" if self.in_doubt else ""
        return f"{type(self).__name__}({self.msg!r}, code={self.code}{doubt})"

    def __reduce__(self) -> tuple[Any, ...]:
        # Leaves __init__ out, so that subclasses with another signature survive copying as well.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


# --- The families -----------------------------------------------------------------------------


class ServerError(AerospikeError):
    """A node answered with an error. Raised itself for codes that have no class of their own.

    >>> try:
    ...     client.get(("nowhere", "people", "ada"))
    ... except exception.ServerError as error:
    ...     print(type(error).__name__)
    NamespaceNotFound
    """

    code = 1


class ClientError(AerospikeError):
    """The client failed without an answer from a node, or the call makes no sense in its state.

    >>> try:
    ...     Client({"hosts": hosts}).get(key)
    ... except exception.ClientError as error:
    ...     print(error.msg)
    the client is not connected; call connect() first
    """

    code = -1


class ClusterError(AerospikeError):
    """The cluster, or the one node that the command needed, could not serve it.

    >>> try:
    ...     Client({"hosts": [("127.0.0.1", 1)]}).connect()
    ... except exception.ClusterError as error:
    ...     print(type(error).__name__)
    ConnectionError
    """

    code = -11


class AerospikeTimeoutError(AerospikeError):
    """The time limit of a command ran out, at the client or at the server.

    >>> with EmbeddedServer() as server, Client(server.config()) as mine:
    ...     with server.faults(dropped=1.0):
    ...         try:
    ...             mine.put(key, {"age": 36}, policy={"total_timeout": 50})
    ...         except exception.AerospikeTimeoutError as error:
    ...             print(error.in_doubt)
    True
    """

    code = 9


class InvalidArgError(AerospikeError):
    """The client or the server found a parameter of the command invalid.

    >>> client.put(key, {"bits": b"one"})
    >>> try:
    ...     client.operate(key, [bit_operations.bit_get("bits", -800, 8)])
    ... except exception.InvalidArgError as error:
    ...     print(type(error).__name__)
    InvalidRequest
    """

    code = -2


# --- Found by the client ----------------------------------------------------------------------


class BackpressureError(ClientError):
    """No slot for the operation became free within `operation_queue_timeout_ms`."""


class RustPanicError(ClientError):
    """A defect of this package was contained. The client remains usable; please report it."""


class ParamError(InvalidArgError, ClientError):
    """The client found a parameter invalid and sent nothing."""

    code = -2


class InvalidHostError(ClientError):
    """A host name or address could not be used."""

    code = -4


class ClientAbortError(ClientError):
    """The caller ended a stream of records early."""

    code = -5


class AsyncConnectionError(ClusterError, ClientError):
    """An asynchronous connection failed."""

    code = -6


class NoMoreConnectionsError(ClusterError, ClientError):
    """Every connection that `max_conns_per_node` allows for the node is in use."""

    code = -7


class InvalidNodeError(ClusterError, ClientError):
    """The node of the command is unknown, or no node holds the partition."""

    code = -8


class TLSError(ClientError):
    """The TLS handshake or the certificates failed."""

    code = -9


class ConnectionError(ClusterError, ClientError):
    """A connection could not be opened, or broke."""

    code = -10


class MaxRetriesExceeded(AerospikeTimeoutError, ClientError):
    """The command failed once more than `max_retries` allows."""

    code = -12


class MaxErrorRateExceeded(ClusterError, ClientError):
    """The node had more errors than `max_error_rate` allows; the command was not sent."""

    code = -14


class NoResponse(ClientError):
    """The server sent no response for this key of a batch."""

    code = -15


class BatchFailed(ClientError):
    """One or more keys of a batch failed."""

    code = -16


class TransactionFailed(ClientError):
    """The transaction could not be committed or aborted."""

    code = -17


class TransactionAlreadyCommitted(ClientError):
    """The transaction was committed before."""

    code = -18


class TransactionAlreadyAborted(ClientError):
    """The transaction was aborted before."""

    code = -19


# --- Records ----------------------------------------------------------------------------------


class RecordError(ServerError):
    """The command failed because of the state of its record.

    >>> client.put(key, {"name": "Ada"})
    >>> try:
    ...     client.increment(key, "name", 1)
    ... except exception.RecordError as error:
    ...     print(type(error).__name__)
    BinTypeError
    """

    bin: str | None = None


class RecordNotFound(RecordError):
    """The record does not exist."""

    code = 2


class RecordGenerationError(RecordError):
    """The record's generation is not the one that the write expected."""

    code = 3


class RecordExistsError(RecordError):
    """The record exists, and the write was to create it."""

    code = 5


class BinExistsError(RecordError):
    """The bin exists, and the operation was to create it."""

    code = 6


class BinTypeError(RecordError):
    """The bin's value is not of the type that the operation needs."""

    code = 12


class RecordTooBig(RecordError):
    """The record would exceed the size that the namespace allows."""

    code = 13


class RecordBusy(RecordError):
    """Too many commands wait for this record (a hot key)."""

    code = 14


class BinNotFound(RecordError):
    """The bin does not exist."""

    code = 17


class RecordKeyMismatch(RecordError):
    """The stored key of the record is not the one of the command."""

    code = 19


class BinNameError(RecordError):
    """The bin's name is too long, or the namespace has too many names."""

    code = 21


class ElementNotFoundError(RecordError):
    """The element to update does not exist in the map or list."""

    code = 23


class ElementExistsError(RecordError):
    """The element to create exists in the map or list."""

    code = 24


class FilteredOut(RecordError):
    """The policy's filter expression was false for the record."""

    code = 27


# --- The server and its cluster ---------------------------------------------------------------


class InvalidRequest(InvalidArgError, ServerError):
    """The server found a parameter of the command invalid."""

    code = 4


class ClusterChangeError(ClusterError, ServerError):
    """The cluster changed while the command ran."""

    code = 7


class ServerFull(ServerError):
    """The node has no memory or storage left for the write."""

    code = 8


class AlwaysForbidden(ServerError):
    """The node's configuration does not allow the command."""

    code = 10


class PartitionUnavailable(ClusterError, ServerError):
    """The partition of the record is not available at present."""

    code = 11


class UnsupportedFeature(ServerError):
    """The server does not support the command."""

    code = 16


class DeviceOverload(ServerError):
    """The storage device cannot keep up with the writes."""

    code = 18


class NamespaceNotFound(ServerError):
    """The namespace does not exist."""

    code = 20


class ForbiddenError(ServerError):
    """The command is not allowed at present."""

    code = 22


class OpNotApplicable(ServerError):
    """The operation cannot be applied to the bin's present value."""

    code = 26


class LostConflict(ServerError):
    """The write lost a conflict with cross-datacentre replication."""

    code = 28


class BatchDisabledError(ServerError):
    """Batch commands are switched off at the node."""

    code = 150


class BatchMaxRequestError(ServerError):
    """The batch has more keys than the node allows."""

    code = 151


class BatchQueueFullError(ServerError):
    """The node's batch queues are full."""

    code = 152


class InvalidGeoJSON(ServerError):
    """The server could not read the GeoJSON text."""

    code = 160


# --- Users and roles --------------------------------------------------------------------------


class AdminError(ServerError):
    """Authentication, authorisation or user administration failed.

    >>> try:
    ...     client.admin_drop_user("nobody")
    ... except exception.AdminError as error:
    ...     print(type(error).__name__)
    InvalidUser
    """


class SecurityNotSupported(AdminError):
    """The server's edition has no security."""

    code = 51


class SecurityNotEnabled(AdminError):
    """Security is not switched on at the server."""

    code = 52


class SecuritySchemeNotSupported(AdminError):
    """The server does not know the security scheme."""

    code = 53


class InvalidCommand(AdminError):
    """The administration command is invalid."""

    code = 54


class InvalidField(AdminError):
    """A field of the administration command is invalid."""

    code = 55


class IllegalState(AdminError):
    """The security protocol was not followed."""

    code = 56


class InvalidUser(AdminError):
    """The user does not exist, or its name is invalid."""

    code = 60


class UserExistsError(AdminError):
    """The user exists."""

    code = 61


class InvalidPassword(AdminError):
    """The password is invalid."""

    code = 62


class ExpiredPassword(AdminError):
    """The password has expired."""

    code = 63


class ForbiddenPassword(AdminError):
    """The password may not be used, for instance because it was used recently."""

    code = 64


class InvalidCredential(AdminError):
    """The credential is invalid."""

    code = 65


class InvalidRole(AdminError):
    """The role does not exist, or its name is invalid."""

    code = 70


class RoleExistsError(AdminError):
    """The role exists."""

    code = 71


class InvalidPrivilege(AdminError):
    """The privilege is invalid."""

    code = 72


class InvalidWhitelist(AdminError):
    """The list of permitted addresses is invalid."""

    code = 73


class QuotasNotEnabled(AdminError):
    """Quotas are not switched on at the server."""

    code = 74


class InvalidQuota(AdminError):
    """The quota is invalid."""

    code = 75


class NotAuthenticated(AdminError):
    """The connection is not authenticated."""

    code = 80


class RoleViolation(AdminError):
    """The user's roles do not allow the command."""

    code = 81


class NotWhitelisted(AdminError):
    """The client's address is not among the permitted ones."""

    code = 82


class QuotaExceeded(AdminError):
    """The user's quota is used up."""

    code = 83


# --- User-defined functions -------------------------------------------------------------------


class UDFError(ServerError):
    """A user-defined function failed.

    >>> client.put(key, {"age": 36})
    >>> try:
    ...     client.apply(key, "no_such_module", "age")
    ... except exception.UDFError as error:
    ...     print(error.code == AEROSPIKE_ERR_UDF)
    True
    """

    code = 100
    module: str | None = None
    func: str | None = None


class UDFNotFound(UDFError):
    """The user-defined function does not exist."""

    code = 1301


class LuaFileNotFound(UDFError):
    """The Lua file does not exist."""

    code = 1302


# --- Secondary indexes and queries ------------------------------------------------------------


class AerospikeIndexError(ServerError):
    """A command on a secondary index failed.

    >>> query = client.query("test", "people without an index")
    >>> query.where(predicates.equals("age", 36))
    >>> try:
    ...     query.results()
    ... except exception.AerospikeIndexError as error:
    ...     print(type(error).__name__)
    IndexNotFound
    """

    code = 204
    name: str | None = None


class IndexFoundError(AerospikeIndexError):
    """The index exists."""

    code = 200


class IndexNotFound(AerospikeIndexError):
    """The index does not exist."""

    code = 201


class IndexOOM(AerospikeIndexError):
    """The index has no memory left."""

    code = 202


class IndexNotReadable(AerospikeIndexError):
    """The index is not ready to be read."""

    code = 203


class IndexNameMaxLen(AerospikeIndexError):
    """The name of the index is too long."""

    code = 205


class IndexNameMaxCount(AerospikeIndexError):
    """The namespace has as many indexes as it may have."""

    code = 206


class QueryError(ServerError):
    """A query failed.

    >>> try:
    ...     raise exception.error_from_code(AEROSPIKE_ERR_QUERY_ABORTED, "killed by an operator")
    ... except exception.QueryError as error:
    ...     print(type(error).__name__)
    QueryAbortedError
    """

    code = 213


class QueryAbortedError(QueryError):
    """A query was aborted at the server.

    >>> try:
    ...     raise exception.error_from_code(AEROSPIKE_ERR_SCAN_ABORT, "killed by an operator")
    ... except exception.QueryAbortedError as error:
    ...     print(type(error).__name__)
    ScanAbortedError
    """

    code = 210


class ScanAbortedError(QueryAbortedError):
    """A scan was aborted at the server."""

    code = 15


class QueryQueueFull(QueryError):
    """The node's query queue is full."""

    code = 211


class QueryTimeout(AerospikeTimeoutError, QueryError):
    """A query ran out of time at the server."""

    code = 212


BinIncompatibleType = BinTypeError

# ParamError comes after its base InvalidArgError and so is the class of their common code.
_CLASS_OF_CODE: dict[int, type[AerospikeError]] = {
    cls.code: cls
    for cls in tuple(globals().values())
    if isinstance(cls, type) and issubclass(cls, AerospikeError) and "code" in vars(cls)
}
_CLASS_OF_CODE |= {
    66: AdminError,  # the login session has expired
    214: QueryError,  # network failure at the server
    215: QueryError,  # the task id is in use
}


def error_from_code(
    code: int,
    msg: str,
    in_doubt: bool = False,
    subcode: int | None = None,
    node: str | None = None,
    key: tuple[Any, ...] | None = None,
    iterations: int | None = None,
) -> AerospikeError:
    """Make the exception of a result code, without raising it.

    A code that has no class of its own becomes a `ServerError` if it comes from the server
    (not negative), and a `ClientError` otherwise.

        >>> error_from_code(2, "no such record")
        RecordNotFound('no such record', code=2)
    """
    cls = _CLASS_OF_CODE.get(code) or (ClientError if code < 0 else ServerError)
    return cls(msg, code, in_doubt, subcode, node, key, iterations)


if TYPE_CHECKING:
    TimeoutError = AerospikeTimeoutError
    IndexError = AerospikeIndexError
else:
    _DEPRECATED = {"TimeoutError": AerospikeTimeoutError, "IndexError": AerospikeIndexError}

    def __getattr__(name):
        cls = _DEPRECATED.get(name)
        if cls is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import warnings

        warnings.warn(
            f"{__name__}.{name} hides a builtin and is deprecated: use {cls.__name__}",
            DeprecationWarning,
            stacklevel=2,
        )
        return cls
