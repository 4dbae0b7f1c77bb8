"""A program of a user, for type checkers: the synchronous client."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
from typing_extensions import assert_type

import aerospike_py
from aerospike_py import (
    BatchWriteResult,
    Client,
    ClusterStats,
    ConfigProvider,
    ExistsResult,
    InfoNodeResult,
    LazyBatchRecords,
    NumpyBatchRecords,
    OperateOrderedResult,
    Record,
    batch_records,
    bit_operations,
    cdt_ctx,
    exp,
    expression_operations,
    hll_operations,
    list_operations,
    map_operations,
    operations,
    predicates,
    string_operations,
)
from aerospike_py.exception import AerospikeError, RecordNotFound
from aerospike_py.types import (
    BatchPolicy,
    Bins,
    ClientConfig,
    GeoJSON,
    Key,
    KeyOrderedDict,
    Operation,
    QueryPolicy,
    ReadPolicy,
    WriteMeta,
    WritePolicy,
)

CONFIG: ClientConfig = {
    "hosts": [("127.0.0.1", 3000), ("10.0.0.2", 3000, "tls-name")],
    "user": "ada",
    "password": "secret",
    "auth_mode": aerospike_py.AUTH_INTERNAL,
    "policies": {
        "total_timeout": 500,
        "read": {"replica": aerospike_py.POLICY_REPLICA_PREFER_RACK},
        "write": {"key": aerospike_py.POLICY_KEY_SEND},
    },
    "rack_ids": [1, 2],
    "tls": {"enable": True, "cafile": "/etc/ca.pem"},
    "max_concurrent_operations": 64,
    "config_provider": ConfigProvider("client.yaml", interval=10_000),
    "serialization": (lambda value: str(value).encode(), lambda data: Decimal(data.decode())),
}
KEY: Key = ("test", "people", "ada")
READ: ReadPolicy = {"filter_expression": exp.gt(exp.int_bin("age"), 18), "max_retries": 1}
WRITE: WritePolicy = {"exists": aerospike_py.POLICY_EXISTS_CREATE_ONLY, "ttl": 60}
META: WriteMeta = {"gen": 1, "ttl": 3600}
BATCH: BatchPolicy = {"concurrent": True, "respond_all_keys": False}
QUERY: QueryPolicy = {"max_records": 10, "partition_filter": {"begin": 0, "count": 1}}


def records(client: Client) -> None:
    bins: Bins = {
        "age": 36,
        "tags": ["a", 1.5, None],
        "place": GeoJSON({"type": "Point", "coordinates": [0.0, 1.0]}),
        "ordered": KeyOrderedDict({"a": 1}),
    }
    assert_type(client.put(KEY, bins, META, WRITE), None)
    record = client.get(KEY, READ)
    assert_type(record, Record)
    if record.bins is not None and record.meta is not None:
        assert_type(record.meta.gen, int)
        print(record.bins["age"])
    _, meta, found = client.select(KEY, ["age"])
    print(meta, found)
    assert_type(client.exists(KEY), ExistsResult)
    client.touch(KEY, 60)
    client.append(KEY, "name", "!")
    client.prepend(KEY, "name", "¡")
    client.increment(KEY, "age", 1)
    client.remove_bin(KEY, ["tags"])
    client.remove(KEY, policy={"durable_delete": True})


def changes(client: Client) -> None:
    steps: list[Operation] = [
        operations.increment("age", 1),
        list_operations.list_append("tags", "x", ctx=[cdt_ctx.cdt_ctx_list_index(0)]),
        map_operations.map_put("map", "k", 1, {"map_order": aerospike_py.MAP_KEY_ORDERED}),
        bit_operations.bit_count("bits", 0, 8),
        hll_operations.hll_get_count("hll"),
        expression_operations.expression_read("sum", exp.num_add(exp.int_bin("a"), 1)),
    ]
    assert_type(client.operate(KEY, steps), Record)
    ordered = client.operate_ordered(KEY, steps)
    assert_type(ordered, OperateOrderedResult)
    for name, value in ordered.ordered_bins:
        print(name, value)


def changes_as_the_official_client_spells_them() -> list[Operation]:
    ctx = [cdt_ctx.cdt_ctx_map_key("k")]
    assert_type(predicates.equals(bin="age", val=1), tuple[Any, ...])
    return [
        operations.increment(bin_name="age", amount=1),
        operations.read(bin_name="age"),
        list_operations.list_append(bin_name="tags", value="x", policy={"write_flags": 1}, ctx=ctx),
        list_operations.list_get_range(bin_name="tags", index=0, count=2),
        list_operations.list_get_by_value_range("tags", value_begin=1, value_end=2),
        map_operations.map_put("map", "k", 1, map_policy={"map_order": 1}),
        map_operations.map_get_by_key_list(bin_name="map", key_list=["a"], return_type=7),
        bit_operations.bit_get_int("bits", 0, 8, sign=True),
        hll_operations.hll_init(bin_name="hll", index_bit_count=8, mh_bit_count=4),
        hll_operations.hll_get_union("hll", hll_list=[]),
        string_operations.upper(bin_name="name"),
        expression_operations.expression_read(
            bin_name="sum", expression=exp.int_bin("a"), expression_read_flags=0
        ),
    ]


def batches(client: Client) -> None:
    read = client.batch_read([KEY], ["age"], BATCH)
    assert_type(read, LazyBatchRecords)
    for user_key, bins in read.items():
        print(user_key, bins["age"])
    assert_type(read.to_numpy(np.dtype([("age", "i8")])), NumpyBatchRecords)
    result = client.batch_write([(KEY, {"age": 1}), (KEY, {"age": 2}, META)], retry=2)
    assert_type(result, BatchWriteResult)
    assert_type(result.retry.attempts, int)
    for row in result.batch_records:
        assert_type(row.in_doubt, bool)
    mixed = batch_records.BatchRecords(
        [batch_records.Read(KEY, None), batch_records.Write(KEY, [operations.write("a", 1)])]
    )
    assert_type(client.batch_write(mixed), batch_records.BatchRecords)
    client.batch_operate([KEY], [operations.read("age")])
    client.batch_apply([KEY], "module", "function", [1])
    client.batch_remove([KEY])
    for at, record in client.batch_stream([KEY]):
        print(at, record.result)


def queries(client: Client) -> None:
    query = client.query("test", "people")
    query.select("age")
    query.where(predicates.between("age", 1, 9), [cdt_ctx.cdt_ctx_map_key("k")])
    query.max_records = 10
    assert_type(query.results(QUERY), list[Record])
    for record in query:
        assert_type(record, Record)
    query.paginate()
    while not query.is_done():
        query.results()
    scan = client.scan("test")
    scan.foreach(lambda record: None)
    assert_type(scan.get_partitions_status(), dict[Any, Any])
    query.add_ops([operations.write("seen", True)])
    assert_type(query.execute_background(), int)


def cluster(client: Client) -> None:
    assert_type(client.get_node_names(), list[str])
    assert_type(client.get_nodes(), list[tuple[str, int]])
    assert_type(client.info_all("build"), list[InfoNodeResult])
    stats = client.get_stats()
    assert_type(stats, ClusterStats)
    assert_type(stats.nodes[0].conns.in_pool, int)
    print(client.get_policies().get("read", {}).get("total_timeout"))
    client.index_integer_create("test", "people", "age", "people_age")
    client.index_remove("test", "people_age")
    client.udf_put("module.lua")
    client.truncate("test", "people", 0)
    assert_type(client.get_expression_base64(exp.eq(exp.int_bin("a"), 1)), str)
    assert_type(client.get_cdtctx_base64([cdt_ctx.cdt_ctx_list_index(1)]), str)


def main() -> None:
    with aerospike_py.client(CONFIG) as client:
        try:
            for step in records, changes, batches, queries, cluster:
                step(client)
        except RecordNotFound as error:
            assert_type(error.in_doubt, bool)
        except AerospikeError as error:
            assert_type(error.code, int)
            print(error.msg, error.subcode, error.node, error.key)
