"""Queries whose condition is text, which server 8.2 compiles and plans."""

from __future__ import annotations

import pickle
import socket
import struct
from collections.abc import Iterator
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import exception, exp, operations
from aerospike_py.expression_operations import expression_read
from aerospike_py.testing import EmbeddedServer
from support.both import KINDS, connected
from support.processes import eventually

NS, SET = "test", "planned"
BY_AGE, BY_SCORE, BY_TAG, BY_KEY, BY_HOME = "pl_age", "pl_score", "pl_tag", "pl_key", "pl_home"
NEAR = """geoJson('{"type":"AeroCircle","coordinates":[[0.0,0.0],25000.0]}')"""
US = {2, 4, 6, 8, 10}


@pytest.fixture(scope="module")
def planner() -> Iterator[EmbeddedServer]:
    """Ten people of ages 1 to 10, those of even age in the US, and indexes."""
    with EmbeddedServer(compat="8.2") as server, aero.client(server.config()) as client:
        for age in range(1, 11):
            country = "US" if age % 2 == 0 else "NZ"
            bins = {
                "age": age,
                "score": age * 10,
                "country": country,
                "tags": ["all", country, f"t{age}"],
                "map": {f"k{age}": age, "common": {"deep": age}},
                "active": age > 5,
                "home": aero.GeoJSON({"type": "Point", "coordinates": [age * 0.1, 0.0]}),
            }
            client.put((NS, SET, age), bins)
        client.index_integer_create(NS, SET, "age", BY_AGE)
        client.index_integer_create(NS, SET, "score", BY_SCORE)
        client.index_list_create(NS, SET, "tags", aero.INDEX_STRING, BY_TAG)
        client.index_map_keys_create(NS, SET, "map", aero.INDEX_STRING, BY_KEY)
        client.index_geo2dsphere_create(NS, SET, "home", BY_HOME)
        yield server


@pytest.fixture(scope="module", params=KINDS)
def new(request: pytest.FixtureRequest, planner: EmbeddedServer) -> Iterator[Any]:
    with connected(request.param, planner.config()) as client:
        yield client


def ages(records: Any) -> list[int]:
    return sorted(record.bins["age"] for record in records)


PLANS: list[tuple[str, str | None, set[int]]] = [
    ("$.age >= 3 and $.age <= 5", BY_AGE, {3, 4, 5}),
    ("5 < $.age and $.country == 'US'", BY_AGE, {6, 8, 10}),
    ("$.country == 'US'", None, US),
    ("$.age > 2 and $.score == 70", BY_SCORE, {7}),
    ("$.age > 8 and ($.age < 10 or $.country == 'US')", BY_AGE, {9, 10}),
    ("$.age == 1 or $.age == 2", None, {1, 2}),
    ("$.age == 99", BY_AGE, set()),
    ("not($.active) and $.age % 2 == 0", None, {2, 4}),
    ("$.active", None, {6, 7, 8, 9, 10}),
    ("'US' in $.tags", BY_TAG, US),
    (f"geoCompare($.home, {NEAR})", BY_HOME, {1, 2}),
    (f"geoCompare({NEAR}, $.home) == true and $.country == 'US'", BY_HOME, {2}),
    (f"not(geoCompare($.home, {NEAR})) and $.age < 4", BY_AGE, {3}),
    ("$.tags.[='t3'].exists()", BY_TAG, {3}),
    ("$.tags.[0] == 'all' and $.map.k7.exists()", BY_KEY, {7}),
    ("$.map.common.deep > 8", None, {9, 10}),
    ("$.country =~ /^n/i and $.tags:LIST.*[?(@ == 't1')].count() > 0", None, {1}),
    ("when($.age < 3 => 'low', default => 'high') == 'low'", None, {1, 2}),
    ("let (double = $.age * 2) then (${double} == 8)", None, {4}),
]


@pytest.mark.parametrize(("text", "index", "expected"), PLANS, ids=[row[0] for row in PLANS])
def test_plans_and_what_they_find(new: Any, text: str, index: str | None, expected: Any) -> None:
    plan = new.query_explain(NS, SET, text)
    selection = "primary_index" if index is None else "secondary_index"
    assert (plan.selection, plan.index_name, plan.ael) == (selection, index, text)
    assert (plan.namespace, plan.set_name) == (NS, SET)
    assert (plan.index_range is None) == (index is None)
    query = new.query(NS, SET)
    query.where(plan)
    assert ages(query.results()) == sorted(expected)
    # The same text is a filter of anything else.
    scan = new.scan(NS, SET)
    assert ages(scan.results({"filter_expression": exp.ael(text)})) == sorted(expected)


def test_what_is_told_of_an_index(new: Any) -> None:
    plan = new.query_explain(NS, SET, "$.age > 3 and $.age < 9")
    low, high = (number.to_bytes(8, "big") for number in (4, 8))
    size = (8).to_bytes(4, "big")
    assert plan.index_range == b"\x01\x03age\x01" + size + low + size + high
    assert plan.index_type == aero.INDEX_TYPE_DEFAULT
    assert new.query_explain(NS, SET, "'US' in $.tags").index_type == aero.INDEX_TYPE_LIST
    keys = new.query_explain(NS, SET, "$.map.k1.exists()")
    assert keys.index_type == aero.INDEX_TYPE_MAPKEYS
    assert repr(keys) == (
        'QueryPlan(ael="$.map.k1.exists()", selection="secondary_index", index_name="pl_key")'
    )


def test_what_no_record_can_meet_is_not_looked_for(new: Any) -> None:
    plan = new.query_explain(NS, SET, "$.age > 5 and $.age < 6")
    assert (plan.selection, plan.index_name) == ("filtered_out", None)
    query = new.query(NS, SET)
    query.where(plan)
    assert query.results() == []
    query.paginate()
    assert query.is_done()


def test_hints(new: Any) -> None:
    text = "$.age > 3 and $.score > 50"
    for hint, index in ((BY_AGE, BY_AGE), (BY_SCORE, BY_SCORE), ("none", BY_AGE), (BY_TAG, BY_AGE)):
        assert new.query_explain(NS, SET, text, index_name=hint).index_name == index
    pinned = new.query_explain(NS, SET, text, index_name=BY_SCORE, pin_index=True)
    assert pinned.index_name == BY_SCORE
    assert new.query_explain(NS, SET, text, require_index=True).index_name == BY_AGE
    for keywords in (
        {"index_name": BY_TAG, "pin_index": True},
        {"index_name": "none", "pin_index": True},
    ):
        with pytest.raises(exception.IndexNotFound):
            new.query_explain(NS, SET, text, **keywords)
    with pytest.raises(exception.IndexNotFound):
        new.query_explain(NS, SET, "$.country == 'US'", require_index=True)


def test_plans_of_other_places(new: Any) -> None:
    assert new.query_explain(NS, None, "$.age > 3").selection == "primary_index"
    assert new.query_explain(NS, "no such set", "$.age > 3").index_name is None
    with pytest.raises(exception.NamespaceNotFound):
        new.query_explain("nowhere", SET, "$.age > 3")


def test_a_plan_is_read_in_any_way(new: Any) -> None:
    plan = new.query_explain(NS, SET, "$.age > 4 and $.country == 'US'")
    query = new.query(NS, SET)
    query.where(plan)
    query.select("age")
    assert ages(query) == [6, 8, 10]
    met: list[int] = []
    query.foreach(lambda record: met.append(record.bins["age"]))
    assert sorted(met) == [6, 8, 10]
    pages = new.query(NS, SET)
    pages.where(plan)
    pages.max_records = 1
    pages.paginate()
    found: list[int] = []
    for _ in range(20):
        if pages.is_done():
            break
        found += ages(pages.results())
    assert sorted(found) == [6, 8, 10]


MARK = """
function mark(rec, word) rec['word'] = word; aerospike:update(rec) end
function ages(stream) return stream : map(function(rec) return rec['age'] end) end
"""


def carry_out(new: Any, query: Any) -> None:
    job = query.execute_background()
    assert eventually(lambda: new.job_info(job, "query")["status"] == aero.JOB_STATUS_COMPLETED)


@pytest.mark.parametrize(
    ("text", "index", "expected"), PLANS[:4], ids=[row[0] for row in PLANS[:4]]
)
def test_a_plan_tells_what_to_change(new: Any, text: str, index: Any, expected: Any) -> None:
    new.udf_put("planned.lua", source=MARK)
    plan = new.query_explain(NS, SET, text)
    for change in (
        lambda query: query.add_ops([operations.write("word", "written")]),
        lambda query: query.apply("planned", "mark", ["called"]),
    ):
        query = new.query(NS, SET)
        query.where(plan)
        change(query)
        carry_out(new, query)
        changed = new.scan(NS, SET).results({"filter_expression": exp.bin_exists("word")})
        assert ages(changed) == sorted(expected)
        for record in changed:
            new.remove_bin((NS, SET, record.bins["age"]), ["word"])
    new.udf_remove("planned")


def test_what_no_record_can_meet_is_not_changed(new: Any) -> None:
    query = new.query(NS, SET)
    query.where(new.query_explain(NS, SET, "$.age > 5 and $.age < 6"))
    query.add_ops([operations.write("word", "written")])
    carry_out(new, query)
    assert new.scan(NS, SET).results({"filter_expression": exp.bin_exists("word")}) == []


def test_aggregations_have_no_conditions(new: Any) -> None:
    """As on a real server, whether the condition is a plan's or a filter expression."""
    new.udf_put("planned.lua", source=MARK)
    query, filtered = new.query(NS, SET), new.query(NS, SET)
    query.where(new.query_explain(NS, SET, "$.age > 3"))
    for aggregation, policy in (
        (query, None),
        (filtered, {"filter_expression": exp.gt(exp.int_bin("age"), 3)}),
    ):
        aggregation.apply("planned", "ages")
        with pytest.raises(exception.UnsupportedFeature):
            aggregation.results(policy)
    new.udf_remove("planned")


def test_text_in_other_commands(new: Any) -> None:
    key = (NS, SET, 7)
    with pytest.raises(exception.FilteredOut):
        new.get(key, policy={"filter_expression": exp.ael("$.age > 7")})
    policy = {"filter_expression": exp.ael("$.age == 7 and $.score:INT.toFloat() > 69.5")}
    assert new.get(key, policy=policy).bins["age"] == 7
    total = expression_read("total", exp.ael("$.age + $.score * 2"))
    assert new.operate(key, [total]).bins == {"total": 147}


@pytest.mark.parametrize("text", ["$.age >", "$.a == $.b", "1 + 1", "$.age > 1 and $.age == 'x'"])
def test_the_server_refuses_what_is_wrong(new: Any, text: str) -> None:
    with pytest.raises(exception.InvalidRequest):
        new.query_explain(NS, SET, text)
    with pytest.raises(exception.InvalidRequest):
        new.get((NS, SET, 1), policy={"filter_expression": exp.ael(text)})


def test_wrong_arguments(new: Any) -> None:
    for arguments, message in (
        ((NS, SET, " "), "ael is empty"),
        (("", SET, "$.a > 1"), "namespace is empty"),
        ((NS, SET, "$.a > 1", ""), "index_name is empty"),
        ((NS, SET, "$.a > 1", None, True), "pin_index needs the index_name to be pinned"),
    ):
        with pytest.raises(ValueError, match=message):
            new.query_explain(*arguments)
    with pytest.raises(TypeError, match="ael must be str"):
        new.query_explain(NS, SET, 5)
    plan = new.query_explain(NS, SET, "$.age > 3")
    with pytest.raises(ValueError, match="plan of a query in another namespace or set"):
        new.query(NS, "other").where(plan)
    query = new.query(NS, SET)
    query.where(plan)
    with pytest.raises(ValueError, match="one predicate or plan"):
        query.where(plan)
    with pytest.raises(ValueError, match="filter_expression"):
        query.results({"filter_expression": exp.eq(exp.int_bin("age"), 4)})
    with pytest.raises(TypeError, match="can't be pickled"):
        pickle.dumps(plan)
    with pytest.raises(TypeError, match="cannot create"):
        aero.QueryPlan()


def test_an_older_server_has_no_plans(either: Any) -> None:
    with pytest.raises(exception.AerospikeError) as caught:
        either.query_explain(NS, SET, "$.age > 3")
    assert caught.value.code == aero.AEROSPIKE_ERR_UNSUPPORTED_FEATURE
    with pytest.raises(exception.InvalidRequest):
        list(either.scan(NS, SET).results({"filter_expression": exp.ael("$.age > 3")}))


def asked(server: EmbeddedServer, condition: bytes, partitions: bool = True) -> tuple[int, int]:
    """The result code of a query with a condition in a field, and how many records it finds."""
    numbers = struct.pack("<4096H", *range(4096))
    fields = [(0, NS.encode()), (1, SET.encode()), (44, condition)]
    fields += [(11, numbers)] if partitions else []
    body = struct.pack(">BBBBBBIIIHH", 22, 1, 0, 4, 0, 0, 0, 0, 1000, len(fields), 0)
    for kind, content in fields:
        body += struct.pack(">IB", len(content) + 1, kind) + content
    found = 0
    with socket.create_connection(server.hosts[0], timeout=10) as connection:
        connection.sendall(struct.pack(">Q", 2 << 56 | 3 << 48 | len(body)) + body)
        with connection.makefile("rb") as replies:
            for _ in range(100):
                size = struct.unpack(">Q", replies.read(8))[0] & (1 << 48) - 1
                reply = replies.read(size)
                # A frame has records, or the message that there are no more.
                if reply[3] & 1 or reply[5]:
                    return reply[5], found
                found += reply.count(b"\x00\x00\x00\x05\x00test")
    raise AssertionError("the answer has no end")


def test_other_clients_send_the_condition_by_itself(planner: EmbeddedServer) -> None:
    assert asked(planner, b"\x00$.age > 8") == (0, 2)
    assert asked(planner, b"\x01\x00$.country == 'US'") == (0, 5)
    for wrong in (b"\x00$.age >", b"\x00 ", b"\x04$.age > 8", b"\x10$.age > 8", b"\x01", b""):
        assert asked(planner, wrong) == (4, 0), wrong
    assert asked(planner, b"\x02$.age > 5 and $.age < 6", partitions=False) == (27, 0)
    assert asked(planner, b"\x0a$.age > 5", partitions=False) == (4, 0)
