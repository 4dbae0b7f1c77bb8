"""The golden suite of batches, through the client."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from aerospike_py import exp
from aerospike_py.batch_records import Apply, BatchRecords, Read, Remove, Write
from aerospike_py.exception import RecordNotFound
from support import golden
from support import golden_operations as operations

CASES = [pytest.param(case, id=case["id"]) for case in golden.cases("batch")]


pytestmark = pytest.mark.usefixtures("golden_functions")


def key_of(record: dict[str, Any], number: int) -> Any:
    return (record.get("ns", "test"), record.get("set", "golden"), f"batch {number}")


def policy(told: dict[str, Any] | None, **more: Any) -> Any:
    told = {**(told or {}), **more}
    told.pop("filter", None)
    wire = told.pop("filter_wire", None)
    made = golden.policy(told)
    if wire is None:
        return made
    return {**(made or {}), "filter_expression": exp.from_base64(wire)}


def mixed(entry: dict[str, Any], key: Any) -> Any:
    """The row of a BatchRecords for an entry of `batch_write`."""
    ops = operations.operations(entry["ops"]) if "ops" in entry else None
    own = policy(entry.get("policy"))
    if entry["type"] == "read":
        return Read(key, ops, entry.get("all_bins", False), policy=own)
    if entry["type"] == "write":
        meta = {"gen": entry["generation"]} if "generation" in entry else None
        if meta and "gen" not in (own or {}):
            own = {**(own or {}), "generation": meta["gen"]}
            meta = None
        return Write(key, ops or [], meta, own)
    if entry["type"] == "remove":
        generation = {"generation": entry["generation"]} if "generation" in entry else {}
        return Remove(key, policy(entry.get("policy"), **generation))
    args = [golden.value(arg) for arg in entry["args"]]
    return Apply(key, entry["module"], entry["function"], args, own)


class Calls:
    def __init__(self, client: Any, case: dict[str, Any], keys: list[Any]) -> None:
        self.client = client
        self.case = case
        self.whole = policy(case.get("policy"))
        self.keys = [keys[number] for number in case.get("keys", [])]
        self.records = keys

    def batch_read(self) -> Any:
        return self.client.batch_read(self.keys, self.case.get("bins"), self.whole)

    def batch_operate(self) -> Any:
        ops = operations.operations(self.case["ops"])
        own = policy(self.case.get("write_policy"))
        return self.client.batch_operate(self.keys, ops, self.whole, own)

    def batch_remove(self) -> Any:
        own = policy(self.case.get("remove_policy"))
        return self.client.batch_remove(self.keys, self.whole, own)

    def batch_apply(self) -> Any:
        args = [golden.value(arg) for arg in self.case["args"]]
        module, function = self.case["module"], self.case["function"]
        own = policy(self.case.get("apply_policy"))
        return self.client.batch_apply(self.keys, module, function, args, self.whole, own)

    def batch_write(self) -> Any:
        entries = self.case["entries"]
        rows = [mixed(entry, self.records[entry["record"]]) for entry in entries]
        return self.client.batch_write(BatchRecords(rows), self.whole)


def shown(entries: list[Any]) -> Any:
    """Entries of a record's reply, as the client shows them: by bin, without nulls."""
    by_bin: dict[str, list[Any]] = {}
    for name, value in entries:
        if value is not None:
            by_bin.setdefault(name, []).append(golden.value(value))
    return {name: values[0] if len(values) == 1 else values for name, values in by_bin.items()}


def outcome(row: Any) -> Any:
    if row.record is None:
        return row.result, None, None
    generation = row.record.meta.gen if row.result == 0 else None
    # A real server says in which folder the module with the failure is.
    bins = {
        name: value.rpartition("/")[2] if name == "FAILURE" else value
        for name, value in row.record.bins.items()
    }
    return row.result, generation, golden.exactly(bins)


def expected(entry: dict[str, Any]) -> Any:
    if entry["result"] != 0 and "bins" not in entry:
        return entry["result"], None, None
    return entry["result"], entry.get("gen"), golden.exactly(shown(entry.get("bins", [])))


@pytest.mark.parametrize("case", CASES)
def test_batches(replayer: Any, case: dict[str, Any]) -> None:
    keys = [key_of(record, number) for number, record in enumerate(case["records"])]
    for key, record in zip(keys, case["records"], strict=True):
        with contextlib.suppress(RecordNotFound):
            replayer.remove(key)
        if record["bins"] is not None:
            replayer.put(key, golden.bins(record["bins"]))

    call: Callable[[], Any] = getattr(Calls(replayer, case, keys), case["call"])
    rows = call().batch_records

    told = case["expect"]["entries"]
    assert [outcome(row) for row in rows] == [expected(entry) for entry in told]
    after = replayer.batch_read(keys).to_list()
    assert [golden.exactly(bins) for bins in after] == [
        golden.exactly(golden.bins(bins)) if bins is not None else golden.exactly(None)
        for bins in case["after"]
    ]
