"""Queries: every predicate on every kind of index, what is refused, and how they end."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import cdt_ctx, exception, exp, predicates
from aerospike_py.types import GeoJSON

SET = "queried"
COUNT = 200
STEP = [cdt_ctx.cdt_ctx_map_key("inner")]
TOTAL = exp.num_add(exp.int_bin("n"), exp.int_val(1000))


def point(longitude: float, latitude: float) -> GeoJSON:
    return GeoJSON({"type": "Point", "coordinates": [longitude, latitude]})


def circle(longitude: float, latitude: float, meters: float) -> GeoJSON:
    return GeoJSON({"type": "AeroCircle", "coordinates": [[longitude, latitude], meters]})


def bins(n: int) -> dict[str, Any]:
    return {
        "n": n,
        "s": f"s{n % 10}",
        "b": bytes([n % 7]),
        "l": [n, -n],
        "m": {f"k{n % 5}": n},
        "d": {"inner": n % 20},
        "p": point(n / 10, 0.0),
        "a": circle(n / 10, 0.0, 1000),
        "lp": [point(n / 10, 10.0), point(n / 10, 20.0)],
    }


INDEXES: list[tuple[str, tuple[Any, ...]]] = [
    ("integer", ("n", "i_n")),
    ("string", ("s", "i_s")),
    ("blob", ("b", "i_b")),
    ("list", ("l", aero.INDEX_NUMERIC, "i_l")),
    ("map_keys", ("m", aero.INDEX_STRING, "i_mk")),
    ("map_values", ("m", aero.INDEX_NUMERIC, "i_mv")),
    ("geo2dsphere", ("p", "i_p")),
    ("geo2dsphere", ("a", "i_a")),
    ("list", ("lp", aero.INDEX_GEO2DSPHERE, "i_lp")),
    ("cdt", ("d", aero.INDEX_TYPE_DEFAULT, aero.INDEX_NUMERIC, "i_d", STEP)),
    ("expr", (aero.INDEX_TYPE_DEFAULT, aero.INDEX_NUMERIC, TOTAL, "i_e")),
]


@pytest.fixture(scope="module", autouse=True)
def records(client: aero.Client) -> Iterator[None]:
    client.batch_write([(("test", SET, n), bins(n)) for n in range(COUNT)])
    for way, arguments in INDEXES:
        getattr(client, f"index_{way}_create")("test", SET, *arguments)
    yield
    for index in client.index_list("test"):
        client.index_remove("test", index["indexname"])
    client.truncate("test", SET)


@pytest.fixture
def query(either: Any) -> Any:
    return either.query("test", SET)


def numbers(records: Any) -> list[int]:
    return sorted(record.bins["n"] for record in records)


LIST, KEYS, VALUES = aero.INDEX_TYPE_LIST, aero.INDEX_TYPE_MAPKEYS, aero.INDEX_TYPE_MAPVALUES
AROUND = '{"type": "AeroCircle", "coordinates": [[5.0, 0.0], 12000]}'
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[4.95, -1], [5.25, -1], [5.25, 1], [4.95, 1], [4.95, -1]]],
}

FOUND: list[tuple[Any, list[int]]] = [
    (predicates.equals("n", 7), [7]),
    (predicates.equals("s", "s3"), [*range(3, COUNT, 10)]),
    (predicates.equals("b", b"\5"), [*range(5, COUNT, 7)]),
    (predicates.equals("b", bytearray(b"\5")), [*range(5, COUNT, 7)]),
    (predicates.between("n", 10, 13), [10, 11, 12, 13]),
    (predicates.between("n", -5, 0), [0]),
    (predicates.contains("l", LIST, -9), [9]),
    (predicates.contains("m", KEYS, "k4"), [*range(4, COUNT, 5)]),
    (predicates.contains("m", VALUES, 12), [12]),
    (predicates.range("l", LIST, -3, -2), [2, 3]),
    (predicates.range("m", VALUES, 190, 300), [*range(190, COUNT)]),
    (predicates.geo_within_geojson_region("p", AROUND), [49, 50, 51]),
    (predicates.geo_within_geojson_region("p", GeoJSON(SQUARE)), [50, 51, 52]),
    (predicates.geo_within_radius("p", 5.0, 0.0, 12000), [49, 50, 51]),
    (predicates.geo_within_radius("lp", 5.0, 20.0, 12000, LIST), [49, 50, 51]),
    (predicates.geo_contains_point("a", 5.0, 0.001), [50]),
    (predicates.geo_contains_geojson_point("a", point(5.0, 0.001)), [50]),
    (predicates.equals(bin="n", val=7), [7]),
    (predicates.between(bin="n", min=1, max=2), [1, 2]),
    (predicates.geo_within_radius("p", lat=0.0, lng=5.0, radius=12000), [49, 50, 51]),
]


@pytest.mark.parametrize(("predicate", "found"), FOUND, ids=lambda value: str(value)[:40])
def test_every_predicate(query: Any, predicate: Any, found: list[int]) -> None:
    query.where(predicate)
    assert numbers(query.results()) == found


def test_context(query: Any) -> None:
    query.where(predicates.equals("d", 19), STEP)
    assert numbers(query.results()) == [*range(19, COUNT, 20)]


def test_name_of_an_index(query: Any) -> None:
    query.where_with_index_name("i_n", predicates.between(None, 3, 5))
    assert numbers(query.results()) == [3, 4, 5]


def test_indexed_expression(query: Any) -> None:
    query.where_with_expr(TOTAL, predicates.between(None, 1003, 1005))
    assert numbers(query.results()) == [3, 4, 5]


def test_every_way_to_read(query: Any) -> None:
    query.where(predicates.between("n", 10, 14))
    query.select("n")
    for found in (query.results(), [*query]):
        assert numbers(found) == [10, 11, 12, 13, 14]
        assert {tuple(record.bins) for record in found} == {("n",)}
    called: list[Any] = []
    query.foreach(called.append)
    assert numbers(called) == [10, 11, 12, 13, 14]


def test_filter_expression_and_duration(query: Any) -> None:
    query.where(predicates.between("n", 0, 100))
    odd = exp.eq(exp.num_mod(exp.int_bin("n"), exp.int_val(10)), exp.int_val(3))
    policy = {"filter_expression": odd, "expected_duration": aero.QUERY_DURATION_SHORT}
    assert numbers(query.results(policy)) == [*range(3, 101, 10)]


def test_pages(query: Any) -> None:
    query.where(predicates.between("n", 0, COUNT))
    query.max_records = 60
    query.paginate()
    pages = []
    while not query.is_done():
        pages.append(numbers(query.results()))
    assert [len(page) for page in pages] == [60, 60, 60, 20]
    assert sorted(itertools.chain(*pages)) == [*range(COUNT)]
    with pytest.raises(ValueError, match="can't be changed after the first page"):
        query.select("n")


def test_pages_of_equal_values_that_loops_are_left_after(query: Any) -> None:
    query.where(predicates.equals("s", "s3"))
    query.paginate()
    found: list[int] = []
    while not query.is_done():
        for number, record in enumerate(query):
            found.append(record.bins["n"])
            if number == 2:
                break
    assert sorted(found) == [*range(3, COUNT, 10)]


def test_position_is_kept_for_another_query(either: Any, query: Any) -> None:
    query.where(predicates.between("n", 0, COUNT))
    query.paginate()
    first = []
    for record in query:
        first.append(record)
        if len(first) == 50:
            break
    rest = either.query("test", SET)
    rest.where(predicates.between("n", 0, COUNT))
    second = rest.results({"partition_filter": query.partition_filter()})
    assert numbers(first + second) == [*range(COUNT)]


def test_background_operations(either: Any, query: Any) -> None:
    query.where(predicates.between("n", 0, 9))
    query.add_ops([{"op": aero.OPERATOR_WRITE, "bin": "mark", "val": 1}])
    job = query.execute_background()
    while either.job_info(job, aero.JOB_QUERY)["status"] == aero.JOB_STATUS_INPROGRESS:
        pass
    marked = [record for record in either.scan("test", SET) if "mark" in record.bins]
    assert numbers(marked) == [*range(10)]


SOURCE = """
local function add(one, other)
    return one + other
end

function total(stream, bin)
    return stream : map(function(rec) return rec[bin] end) : reduce(add)
end

function all(stream, bin)
    return stream : map(function(rec) return rec[bin] end)
end

function mark(rec, bin, value)
    rec[bin] = value
    aerospike:update(rec)
end
"""


@pytest.fixture
def module(either: Any) -> Iterator[str]:
    either.udf_put("of_queries.lua", source=SOURCE)
    yield "of_queries"
    either.udf_remove("of_queries")


def test_stream_through_a_function(query: Any, module: str) -> None:
    query.where(predicates.between("n", 1, 10))
    query.apply(module, "total", ["n"])
    assert query.results() == [55]
    query.apply(module, "all", ["n"])
    assert sorted(query) == [*range(1, 11)]
    called: list[int] = []
    query.foreach(called.append)
    assert sorted(called) == [*range(1, 11)]


def test_function_in_the_background(either: Any, query: Any, module: str) -> None:
    query.where(predicates.between("n", 20, 24))
    query.apply(module, "mark", ["called", 5])
    job = query.execute_background()
    while either.job_info(job, aero.JOB_QUERY)["status"] == aero.JOB_STATUS_INPROGRESS:
        pass
    called = [record for record in either.scan("test", SET) if record.bins.get("called") == 5]
    assert numbers(called) == [*range(20, 25)]


def test_function_for_all_that_is_found(either: Any, module: str) -> None:
    found = predicates.between("n", 30, 34)
    policy = {"filter_expression": exp.ne(exp.int_bin("n"), exp.int_val(31))}
    job = either.query_apply("test", SET, found, module, "mark", ["found", 6], policy)
    while either.job_info(job, aero.JOB_QUERY)["status"] == aero.JOB_STATUS_INPROGRESS:
        pass
    job = either.scan_apply("test", SET, module, "mark", ["each", 7])
    while either.job_info(job, aero.JOB_SCAN)["status"] == aero.JOB_STATUS_INPROGRESS:
        pass
    records = either.scan("test", SET).results()
    assert numbers(r for r in records if r.bins.get("found") == 6) == [30, 32, 33, 34]
    assert {record.bins["each"] for record in records} == {7}


def test_what_does_not_go_through_a_function(either: Any, query: Any, module: str) -> None:
    query.apply("no_such_module", "total", ["n"])
    with pytest.raises(exception.UDFError, match="no_such_module"):
        query.results()
    query.apply(module, "no_such_function")
    with pytest.raises(exception.AerospikeError):
        query.results()
    with pytest.raises(ValueError, match="has no pages"):
        query.results({"partition_filter": aero.partition_filter_all()})
    query.add_ops([{"op": aero.OPERATOR_READ, "bin": "n"}])
    with pytest.raises(ValueError, match=r"apply\(\) or through the operations of add_ops"):
        query.results()
    for arguments, text in [(("", "f"), "module is empty"), (("m", ""), "function is empty")]:
        with pytest.raises(ValueError, match=text):
            query.apply(*arguments)
    with pytest.raises(TypeError, match="arguments: args must be"):
        query.apply("m", "f", 5)


WRONG: list[tuple[Any, type[Exception], str]] = [
    (None, TypeError, "predicate must be a tuple made by .*predicates, not NoneType"),
    ((), ValueError, "not another tuple"),
    (("equals",), ValueError, "not another tuple"),
    (("equals", "n"), ValueError, "not another tuple"),
    (("like", "n", 1), ValueError, "not another tuple"),
    (predicates.equals(None, 1), TypeError, "bin name must be str, not NoneType"),
    (predicates.equals("sixteen_bytes_it", 1), ValueError, "16 bytes"),
    (predicates.equals("n", 1.5), TypeError, '"val" must be int, str or bytes, not float'),  # type: ignore[arg-type]
    (predicates.equals("n", True), TypeError, "not bool"),
    (predicates.equals("n", 2**63), OverflowError, "out of range"),
    (predicates.between("n", "a", "b"), TypeError, '"min" must be int, not str'),  # type: ignore[arg-type]
    (predicates.contains("l", 9, 1), ValueError, r"INDEX_TYPE_MAPVALUES \(3\), not 9"),
    (predicates.geo_within_radius("p", 181, 0, 1), ValueError, "degrees from -180 to 180"),
    (predicates.geo_within_radius("p", 0, 91, 1), ValueError, "degrees from -90 to 90"),
    (predicates.geo_within_radius("p", 0, 0, -1), ValueError, "number of meters from 0"),
    (predicates.geo_within_geojson_region("p", 5), TypeError, "GeoJSON"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("predicate", "error", "text"), WRONG)
def test_wrong_predicates(query: Any, predicate: Any, error: Any, text: str) -> None:
    with pytest.raises(error, match=text):
        query.where(predicate)
    query.where(predicates.equals("n", 1))
    assert numbers(query.results()) == [1]


def test_one_predicate_only(query: Any) -> None:
    query.where(predicates.equals("n", 1))
    with pytest.raises(ValueError, match="one predicate"):
        query.where(predicates.equals("s", "s1"))
    assert numbers(query.results()) == [1]


def test_names_that_mean_the_same() -> None:
    with pytest.raises(TypeError, match="'bin_name' and 'bin', which mean the same"):
        predicates.equals(bin_name="n", bin="n", val=1)


def test_wrong_index_names_and_expressions(query: Any) -> None:
    with pytest.raises(TypeError, match="index_name must be str, not int"):
        query.where_with_index_name(5, predicates.equals(None, 1))
    with pytest.raises(ValueError, match="index_name is empty"):
        query.where_with_index_name("", predicates.equals(None, 1))
    with pytest.raises(TypeError, match="expr must be an Expression"):
        query.where_with_expr("n", predicates.equals(None, 1))
    with pytest.raises(TypeError, match="ctx must be a list or tuple"):
        query.where(predicates.equals("d", 1), 5)


def test_index_that_is_not_there(query: Any) -> None:
    query.where(predicates.equals("none", 1))
    for read in (query.results, lambda: [*query], lambda: query.foreach(print)):
        with pytest.raises(exception.IndexNotFound):
            read()


def test_range_that_ends_before_it_begins(query: Any) -> None:
    query.where(predicates.between("n", 5, 4))
    with pytest.raises(exception.InvalidRequest):
        query.results()


def test_many_threads(client: aero.Client) -> None:
    found: list[list[int]] = []

    def read(start: int) -> None:
        query = client.query("test", SET)
        query.where(predicates.between("n", start, start + 9))
        found.extend(numbers(query) for _ in range(5))

    threads = [threading.Thread(target=read, args=(start,)) for start in range(0, 80, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted([*range(n, n + 10)] for n in range(0, 80, 10) for _ in range(5))


def test_many_tasks_at_once_and_one_that_is_cancelled(run: Any, async_client: Any) -> None:
    async def main() -> list[list[int]]:
        async with async_client() as client:

            async def read(start: int) -> list[int]:
                query = client.query("test", SET)
                query.where(predicates.between("n", start, start + 9))
                return sorted([record.bins["n"] async for record in query])

            cancelled = asyncio.create_task(read(0))
            await asyncio.sleep(0)
            cancelled.cancel()
            found = await asyncio.gather(*(read(start) for start in range(0, 80, 10)))
            with pytest.raises(asyncio.CancelledError):
                await cancelled
            return list(found)

    assert run(main()) == [[*range(n, n + 10)] for n in range(0, 80, 10)]


def test_queries_are_not_awaited_and_not_made_by_hand(async_client: Any) -> None:
    client = async_client()
    assert type(client.query("test", SET)) is aero.AsyncQuery
    assert type(client.scan("test")) is aero.AsyncScan
    assert type(aero.client({"hosts": ["a"]}).query("test")) is aero.Query
    assert type(aero.client({"hosts": ["a"]}).scan("test", None)) is aero.Scan
