"""The golden suite of queries, scans, aggregations and background jobs, through the client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import predicates
from aerospike_py.exception import AerospikeError
from support import golden
from support.expressions import build, context
from support.golden_operations import operations
from support.replay import REFUSED_EARLY

COLLECTIONS = {
    "default": aero.INDEX_TYPE_DEFAULT,
    "list": aero.INDEX_TYPE_LIST,
    "mapkeys": aero.INDEX_TYPE_MAPKEYS,
    "mapvalues": aero.INDEX_TYPE_MAPVALUES,
}
DATATYPES = {
    "numeric": aero.INDEX_NUMERIC,
    "string": aero.INDEX_STRING,
    "blob": aero.INDEX_BLOB,
    "geo2dsphere": aero.INDEX_GEO2DSPHERE,
}
SEND = {"key": aero.POLICY_KEY_SEND}


def kind_of(case: dict[str, Any]) -> str:
    for kind in ("aggregate", "background"):
        if kind in case:
            return kind
    return "query" if "where" in case else "scan"


CASES = [*golden.cases("query")]


def create(client: Any, told: dict[str, Any]) -> None:
    collection, datatype = COLLECTIONS[told["collection"]], DATATYPES[told["type"]]
    where = (told["ns"], told["set"])
    if "exp" in told:
        expression = build(told["exp"])
        client.index_expr_create(*where, collection, datatype, expression, told["name"])
    else:
        ctx = context(told.get("ctx", []))
        bin = told["bin"]
        client.index_cdt_create(*where, bin, collection, datatype, told["name"], ctx)


@pytest.fixture(scope="module")
def loaded(replayer: Any, golden_functions: None) -> Iterator[Any]:
    """The client, with the data set and its indexes."""
    rows = [
        (tuple(row["key"]), golden.bins(row["bins"]), SEND) for row in golden.cases("query_data")
    ]
    # Cases of other suites leave records, which a scan of a namespace would find.
    for namespace in {row[0][0] for row in rows}:
        replayer.truncate(namespace, None)
    written = replayer.batch_write(rows)
    assert {row.result for row in written.batch_records} == {0}
    indexes = [*golden.cases("query_indexes")]
    for told in indexes:
        create(replayer, told)
    yield replayer
    for told in indexes:
        replayer.index_remove(told["ns"], told["name"])
    for namespace, name in {(row[0][0], row[0][1]) for row in rows}:
        replayer.truncate(namespace, name)


def predicate(told: dict[str, Any]) -> Any:
    bin, collection, op = told["bin"], COLLECTIONS[told["collection"]], told["op"]
    if op == "equals":
        return predicates.contains(bin, collection, golden.value(told["value"]))
    if op == "range":
        return predicates.range(bin, collection, told["begin"], told["end"])
    if op == "geo_within":
        return predicates.geo_within_geojson_region(bin, told["region"], collection)
    if op == "geo_within_radius":
        center = told["lng"], told["lat"]
        return predicates.geo_within_radius(bin, *center, told["meters"], collection)
    assert op == "geo_contains"
    return predicates.geo_contains_geojson_point(bin, told["point"], collection)


def statement(client: Any, case: dict[str, Any]) -> Any:
    namespace, name = case.get("ns", "test"), case.get("set", "people")
    if "where" not in case:
        return client.scan(namespace, name)
    query, told = client.query(namespace, name), case["where"]
    if "index_name" in told:
        query.where_with_index_name(told["index_name"], predicate(told))
    elif "exp" in told:
        query.where_with_expr(build(told["exp"]), predicate(told))
    else:
        query.where(predicate(told), context(told.get("ctx", [])))
    return query


def read(client: Any, case: dict[str, Any]) -> list[Any]:
    query = statement(client, case)
    if "bins" in case:
        query.select(*case["bins"])
    if "ops" in case:
        query.add_ops(operations(case["ops"]))
    policy = golden.policy(case.get("policy")) or {}
    if "partitions" in case:
        policy["partition_filter"] = aero.partition_filter_by_range(*case["partitions"])
    options = {"nobins": True} if case.get("no_bins") else None
    if "page" not in case:
        return query.results(policy, options)
    query.max_records = case["page"]
    query.paginate()
    records = query.results(policy, options)
    while not query.is_done():
        records += query.results(policy, options)
    return records


def shown(records: list[tuple[Any, Any]], repeats: bool) -> Counter[Any]:
    rows = [(key, golden.exactly(bins)) for key, bins in records]
    return Counter(set(rows) if repeats else rows)


def told_records(case: dict[str, Any], data: dict[Any, Any]) -> list[tuple[Any, Any]]:
    expect = case["expect"]
    if "records" in expect:
        told = [(golden.value(key), golden.bins(bins)) for key, bins in expect["records"]]
        # As for one record, an operation without a result leaves no bin. The client that was
        # recorded asks for such answers, aerospike-core doesn't: a record without any is left out.
        told = [(key, {n: v for n, v in bins.items() if v is not None}) for key, bins in told]
        return [(key, bins) for key, bins in told if bins or "ops" not in case]
    if expect["bins"] == "none":
        return [(key, {}) for key in expect["keys"]]
    where = case.get("ns", "test"), case.get("set", "people")
    if where[1] is None:
        return [(key, every[1]) for every in data[where] for key in [every[0]]]
    of = dict(data.get(where, []))
    return [(key, of[key]) for key in expect["keys"]]


@pytest.fixture(scope="module")
def data() -> dict[Any, Any]:
    """The records of each set and namespace: user keys with bins."""
    found: dict[Any, Any] = {}
    for row in golden.cases("query_data"):
        namespace, name, key = row["key"]
        for where in ((namespace, name), (namespace, None)):
            found.setdefault(where, []).append((key, golden.bins(row["bins"])))
    return found


def outcome(client: Any, case: dict[str, Any]) -> Any:
    try:
        return read(client, case)
    except AerospikeError as error:
        return error.code
    except (TypeError, ValueError):
        assert case["expect"]["error"] in REFUSED_EARLY
        return case["expect"]["error"]


def cases_of(*kinds: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in CASES if kind_of(case) in kinds]


@pytest.mark.parametrize("case", cases_of("query", "scan"))
def test_queries_and_scans(loaded: Any, data: Any, case: dict[str, Any]) -> None:
    expect = case["expect"]
    found = outcome(loaded, case)
    if "error" in expect:
        assert found == expect["error"]
        return
    assert isinstance(found, list), found
    repeats = expect.get("repeats", False)
    assert shown([(record.key.user_key, record.bins) for record in found], repeats) == shown(
        told_records(case, data), repeats
    )


def job(query: Any, case: dict[str, Any]) -> int:
    told = case["background"]
    if "ops" in told:
        query.add_ops(operations(told["ops"]))
    else:
        query.apply(told["module"], told["function"], [golden.value(arg) for arg in told["args"]])
    number: int = query.execute_background(golden.policy(case.get("policy")))
    return number


@pytest.mark.parametrize("case", cases_of("background"))
def test_background(loaded: Any, case: dict[str, Any]) -> None:
    query = statement(loaded, case)
    number = job(query, case)
    while loaded.job_info(number, aero.JOB_QUERY)["status"] == aero.JOB_STATUS_INPROGRESS:
        pass
    mark = case["mark"]
    marked = [
        (record.key.user_key, {mark: record.bins[mark]})
        for record in loaded.scan("test", case["set"])
        if mark in record.bins
    ]
    expected = [(key, {mark: golden.value(value)}) for key, value in case["expect"]["marked"]]
    assert shown(marked, False) == shown(expected, False)


@pytest.mark.parametrize("case", cases_of("aggregate"))
def test_aggregations(loaded: Any, case: dict[str, Any]) -> None:
    query, told = statement(loaded, case), case["aggregate"]
    query.apply(told["module"], told["function"], [golden.value(arg) for arg in told["args"]])
    expect = case["expect"]
    if "error" in expect:
        with pytest.raises(AerospikeError) as caught:
            query.results(golden.policy(case.get("policy")))
        assert caught.value.code == expect["error"]
        return
    results = query.results(golden.policy(case.get("policy")))
    expected = [golden.value(item) for item in expect["results"]]
    assert Counter(map(golden.exactly, results)) == Counter(map(golden.exactly, expected))


def test_no_case_is_left_out() -> None:
    kinds = Counter(kind_of(case) for case in CASES)
    assert kinds == {"query": 248, "scan": 49, "aggregate": 21, "background": 12}
