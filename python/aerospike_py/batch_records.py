"""Batches that do different things with different records.

Each object tells what to do with one record, and holds the outcome after `Client.batch_write`:

    >>> ada, alan, bob = (("test", "people", name) for name in ("ada", "alan", "bob"))
    >>> client.put(ada, {"age": 36})
    >>> batch = BatchRecords([
    ...     Read(ada, None, read_all_bins=True),
    ...     Write(alan, [operations.write("age", 41)]),
    ...     Remove(bob),
    ... ])
    >>> _ = client.batch_write(batch)
    >>> batch.batch_records[0].record.bins, [row.result for row in batch.batch_records]
    ({'age': 36}, [0, 0, 2])
    >>> _ = client.batch_remove([ada, alan])
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aerospike_py.types import (
        BatchDeletePolicy,
        BatchReadPolicy,
        BatchUDFPolicy,
        BatchWritePolicy,
        Key,
        Operation,
        Record,
        WriteMeta,
    )

__all__ = ["Apply", "BatchRecord", "BatchRecords", "Read", "Remove", "Write"]


class BatchRecord:
    """What all rows of a batch have: the key, and after the call its outcome.

    `result` is 0 or the code of the failure, which `message` explains and `subcode` details, if the
    server tells. `record` is None where there is none. `in_doubt` is True if a write failed and may
    have been applied all the same.

        >>> row = Remove(("test", "demo", "k"))
        >>> row.result, row.record, row.in_doubt
        (0, None, False)
    """

    key: "Key"
    record: "Record | None"
    result: int
    message: str | None
    subcode: int
    in_doubt: bool

    def __init__(self, key: "Key") -> None:
        self.key = key
        self.record = None
        self.result = 0
        self.message = None
        self.subcode = 0
        self.in_doubt = False

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.key!r}, result={self.result})"


class Read(BatchRecord):
    """A read: of all bins, or of what operations return, or of the header only.

    >>> client.put(key, {"name": "Ada", "age": 36})
    >>> row = Read(key, [{"op": OPERATOR_READ, "bin": "age"}])
    >>> client.batch_write(BatchRecords([row])).result
    0
    >>> row.record.bins, row.record.meta.gen
    ({'age': 36}, 1)
    """

    def __init__(
        self,
        key: "Key",
        ops: "Sequence[Operation] | None" = None,
        read_all_bins: bool = False,
        meta: None = None,
        policy: "BatchReadPolicy | None" = None,
    ) -> None:
        super().__init__(key)
        self.ops = ops
        self.read_all_bins = read_all_bins
        self.meta = meta
        self.policy = policy


class Write(BatchRecord):
    """Operations, of which at least one writes. `meta` wins over `policy`.

    >>> row = Write(key, [{"op": OPERATOR_WRITE, "bin": "age", "val": 36}], {"ttl": 600})
    >>> client.batch_write(BatchRecords([row])).result
    0
    >>> client.get(key).bins
    {'age': 36}
    """

    def __init__(
        self,
        key: "Key",
        ops: "Sequence[Operation]",
        meta: "WriteMeta | None" = None,
        policy: "BatchWritePolicy | None" = None,
    ) -> None:
        super().__init__(key)
        self.ops = ops
        self.meta = meta
        self.policy = policy


class Apply(BatchRecord):
    """A call of a UDF with the record; `record.bins` has its result as `SUCCESS` or `FAILURE`.

    >>> row = Apply(key, "no_such_module", "f", [1, "a"])
    >>> client.batch_write(BatchRecords([row])).result == AEROSPIKE_BATCH_FAILED
    True
    >>> row.result == AEROSPIKE_OK
    False
    """

    def __init__(
        self,
        key: "Key",
        module: str,
        function: str,
        args: Sequence[Any] | None = None,
        policy: "BatchUDFPolicy | None" = None,
    ) -> None:
        super().__init__(key)
        self.module = module
        self.function = function
        self.args = args
        self.policy = policy


class Remove(BatchRecord):
    """A removal of the record.

    >>> client.put(key, {"name": "Ada"})
    >>> client.batch_write(BatchRecords([Remove(key)])).result
    0
    >>> client.exists(key).meta is None
    True
    """

    def __init__(self, key: "Key", policy: "BatchDeletePolicy | None" = None) -> None:
        super().__init__(key)
        self.policy = policy


class BatchRecords:
    """The rows of a batch. `result` is 0 if every row came off or its record is not there or was
    filtered out, otherwise AEROSPIKE_BATCH_FAILED.

    >>> batch = BatchRecords([Remove(key)])
    >>> batch.batch_records.append(Read(key, read_all_bins=True))
    >>> [row.result for row in client.batch_write(batch).batch_records]
    [2, 2]
    """

    batch_records: list[BatchRecord]
    result: int

    def __init__(self, batch_records: Sequence[BatchRecord] | None = None) -> None:
        self.batch_records = [] if batch_records is None else list(batch_records)
        self.result = 0
