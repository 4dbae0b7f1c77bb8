"""Mistakes that type checkers are to find: each line is wrong, and has to be marked as such.

A comment that marks a line without a mistake is itself one, for both checkers.
"""

# pyright: basic
from __future__ import annotations

import aerospike_py
from aerospike_py.types import ClientConfig, ReadPolicy, WritePolicy

UNKNOWN_KEY: ClientConfig = {"hosts": [], "hostz": []}  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportAssignmentType]
WRONG_TYPE: ReadPolicy = {"total_timeout": "1s"}  # type: ignore[typeddict-item]  # pyright: ignore[reportAssignmentType]
OF_WRITES: ReadPolicy = {"durable_delete": True}  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportAssignmentType]
OF_READS: WritePolicy = {"read_mode_sc": 1}  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportAssignmentType]


def calls(client: aerospike_py.Client) -> None:
    client.put(("test", "people"), {"a": 1})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.put(("test", "people", 1), [1])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.get(("test", "people", 1), policy={"gen": 1})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.operate(("test", "people", 1), "read")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.no_such_verb()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    aerospike_py.list_operations.list_append("l")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    aerospike_py.list_operations.list_append(bin_name="l", val=1)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    for record in client.query("test", "people"):
        print(record.binz)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


async def awaits(client: aerospike_py.AsyncClient) -> None:
    for record in client.query("test", "people"):  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
        print(record)
    (await client.get(("test", "people", 1))).bins.keys()  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
