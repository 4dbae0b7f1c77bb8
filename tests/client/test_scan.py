"""Scans: every way to read them, page by page, and how they end."""

from __future__ import annotations

import gc
import itertools
import os
import pickle
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import exception, exp
from support.both import connected

SET = "scanned"
COUNT = 300
ALL = set(range(COUNT))


def numbers(records: Any) -> list[int]:
    return [record.bins["n"] for record in records]


@pytest.fixture(scope="module", autouse=True)
def records(client: aero.Client) -> Iterator[None]:
    client.batch_write(
        [(("test", SET, n), {"n": n, "even": n % 2 == 0}) for n in range(COUNT)],
        {"key": aero.POLICY_KEY_SEND},
    )
    yield
    client.truncate("test", SET)


@pytest.fixture
def scan(either: Any) -> Any:
    return either.scan("test", SET)


def test_results(scan: Any) -> None:
    found = scan.results()
    assert len(found) == COUNT
    record = next(record for record in found if record.bins["n"] == 7)
    assert record.key == ("test", SET, 7, aero.calc_digest("test", SET, 7))
    assert record.bins == {"n": 7, "even": False}
    assert record.meta.gen >= 1
    assert {*numbers(found)} == ALL


def test_read_again_it_begins_again(scan: Any) -> None:
    assert sorted(numbers(scan.results())) == sorted(numbers(scan)) == sorted(ALL)


def test_foreach(scan: Any) -> None:
    found: list[Any] = []
    assert scan.foreach(found.append) is None
    assert sorted(numbers(found)) == sorted(ALL)


def test_foreach_ends_when_the_function_says_so(scan: Any) -> None:
    found: list[Any] = []

    def enough(record: Any) -> bool:
        found.append(record)
        return len(found) < 3

    scan.foreach(enough)
    assert len(found) == 3


def test_error_of_the_function_comes_through(scan: Any) -> None:
    def fail(record: Any) -> None:
        raise LookupError(record.bins["n"])

    with pytest.raises(LookupError):
        scan.foreach(fail)
    assert len(scan.results()) == COUNT


def test_function_runs_on_the_callers_thread(client: aero.Client) -> None:
    threads = set()
    client.scan("test", SET).foreach(lambda record: threads.add(threading.get_ident()))
    assert threads == {threading.get_ident()}


def test_function_may_use_the_client(config: Any) -> None:
    limited = {**config, "max_concurrent_operations": 1}
    with aero.client(limited) as client:
        found = []
        client.scan("test", SET).foreach(lambda record: found.append(client.get(record.key)))
    assert sorted(numbers(found)) == sorted(ALL)


def test_function_of_an_async_client_may_be_awaited(run: Any, async_client: Any) -> None:
    async def main() -> list[Any]:
        found = []
        async with async_client() as client:

            async def look(record: Any) -> bool:
                found.append(await client.get(record.key))
                return len(found) < 10

            await client.scan("test", SET).foreach(look)
        return found

    assert len(run(main())) == 10


def test_no_function_is_refused(scan: Any) -> None:
    with pytest.raises(TypeError, match="callback must be callable, not int"):
        scan.foreach(5)


def test_loop_may_be_left(scan: Any) -> None:
    for _ in scan:
        break
    assert len(scan.results()) == COUNT


def test_selected_bins(scan: Any) -> None:
    scan.select("even")
    assert {tuple(record.bins) for record in scan.results()} == {("even",)}


def test_no_bins(scan: Any) -> None:
    for found in (
        scan.results(options={"nobins": True}),
        scan.results({"include_bin_data": False}),
    ):
        assert len(found) == COUNT
        assert all(record.bins == {} and record.meta.gen >= 1 for record in found)


def test_filter_expression(scan: Any) -> None:
    small = exp.lt(exp.int_bin("n"), exp.int_val(10))
    assert {*numbers(scan.results({"filter_expression": small}))} == {*range(10)}


def test_all_sets_of_a_namespace(either: Any) -> None:
    assert len(either.scan("test").results()) >= COUNT


def test_operations_that_read(scan: Any) -> None:
    scan.add_ops([{"op": aero.OPERATOR_READ, "bin": "n"}])
    found = scan.results()
    assert {tuple(record.bins) for record in found} == {("n",)}
    assert {*numbers(found)} == ALL


def test_partitions(scan: Any) -> None:
    of = {n: aero.get_partition_id(aero.calc_digest("test", SET, n)) for n in ALL}
    one = of[7]
    found = scan.results({"partition_filter": aero.partition_filter_by_id(one)})
    assert {*numbers(found)} == {n for n, id in of.items() if id == one}
    part = aero.partition_filter_by_range(1000, 500)
    assert {*numbers(scan.results({"partition_filter": part}))} == {
        n for n, id in of.items() if 1000 <= id < 1500
    }
    whole = scan.results({"partition_filter": aero.partition_filter_all()})
    assert {*numbers(whole)} == ALL
    after = {"begin": one, "count": 1, "digest": aero.calc_digest("test", SET, 7)}
    assert 7 not in numbers(scan.results({"partition_filter": after}))


def test_pages_of_so_many_records(scan: Any) -> None:
    scan.max_records = 70
    scan.paginate()
    pages = []
    while not scan.is_done():
        pages.append(numbers(scan.results()))
    assert [len(page) for page in pages[:4]] == [70] * 4
    assert sorted(itertools.chain(*pages)) == sorted(ALL)
    assert scan.results() == []


def test_pages_that_loops_are_left_after(scan: Any) -> None:
    scan.paginate()
    found: list[int] = []
    while not scan.is_done():
        for number, record in enumerate(scan):
            found.append(record.bins["n"])
            if number == 40:
                break
    assert sorted(found) == sorted(ALL)


def test_pages_go_on_in_another_scan(either: Any, scan: Any) -> None:
    scan.max_records = 100
    scan.paginate()
    assert scan.partition_filter() is None
    assert scan.get_partitions_status() == {}
    first = numbers(scan.results())
    kept = pickle.loads(pickle.dumps(scan.partition_filter()))
    assert kept["partition_status"] == scan.get_partitions_status()

    rest = either.scan("test", SET)
    second = numbers(rest.results({"partition_filter": kept}))
    assert sorted(first + second) == sorted(ALL)
    assert rest.is_done()
    again = either.scan("test", SET)
    done = {"begin": 0, "count": 4096, "partition_status": rest.get_partitions_status()}
    assert again.results({"partition_filter": done}) == []


def test_function_that_ends_a_page_has_seen_its_last_record(scan: Any) -> None:
    found: list[int] = []
    scan.paginate()

    def ten(record: Any) -> bool:
        found.append(record.bins["n"])
        return len(found) % 10 != 0

    while not scan.is_done():
        scan.foreach(ten)
    assert sorted(found) == sorted(ALL)


def test_background_operations(either: Any, scan: Any) -> None:
    scan.add_ops([{"op": aero.OPERATOR_WRITE, "bin": "mark", "val": 1}])
    scan.ttl = 1000
    even = exp.eq(exp.bool_bin("even"), exp.bool_val(True))
    job = scan.execute_background({"filter_expression": even})
    told = either.job_info(job, aero.JOB_SCAN)
    while told["status"] == aero.JOB_STATUS_INPROGRESS:
        told = either.job_info(job, aero.JOB_SCAN)
    assert told["status"] == aero.JOB_STATUS_COMPLETED
    assert told["progress_pct"] == 100
    marked = [record for record in either.scan("test", SET) if "mark" in record.bins]
    assert {*numbers(marked)} == {n for n in ALL if n % 2 == 0}
    assert all(900 < record.meta.ttl <= 1000 for record in marked)
    unmark = either.scan("test", SET)
    unmark.add_ops([{"op": aero.OPERATOR_WRITE, "bin": "mark", "val": None}])
    job = unmark.execute_background()
    while either.job_info(job, aero.JOB_SCAN)["status"] == aero.JOB_STATUS_INPROGRESS:
        pass


def test_unknown_job(either: Any) -> None:
    told = either.job_info(12345, aero.JOB_QUERY)
    assert told == {"progress_pct": 0, "records_read": 0, "status": aero.JOB_STATUS_UNDEF}


def test_what_is_not_for_the_background_or_only_for_it(either: Any, scan: Any) -> None:
    with pytest.raises(ValueError, match="needs something to do"):
        scan.execute_background()
    scan.add_ops([{"op": aero.OPERATOR_READ, "bin": "n"}])
    with pytest.raises(ValueError, match="operations that only read"):
        scan.execute_background()
    scan.add_ops([{"op": aero.OPERATOR_WRITE, "bin": "n", "val": 1}])
    with pytest.raises(ValueError, match="operations that write"):
        scan.results()


@pytest.mark.parametrize(
    ("policy", "error", "text"),
    [
        ({"max_record": 1}, ValueError, 'unknown key "max_record"'),
        ({"max_records": -1}, ValueError, "max_records"),
        ({"expected_duration": 1}, ValueError, 'unknown key "expected_duration"'),
        ({"ttl": 5}, ValueError, "execute_background"),
        ({"durable_delete": True}, ValueError, "execute_background"),
        ({"record_queue_size": 0}, ValueError, "record_queue_size"),
        ({"partition_filter": 5}, TypeError, "partition_filter must be a dict, not int"),
        ({"partition_filter": {"begin": 4096}}, ValueError, "from 0 to 4095"),
        ({"partition_filter": {"begin": 4000, "count": 97}}, ValueError, "begin at 4000"),
        ({"partition_filter": {"first": 1}}, ValueError, 'unknown key "first"'),
        ({"partition_filter": {"digest": b"short"}}, ValueError, "digest"),
        ({"partition_filter": {"partition_status": {"x": 1}}}, ValueError, 'key "x"'),
        ({"partition_filter": {"partition_status": {4096: ()}}}, ValueError, "not 4096"),
        ({"partition_filter": {"partition_status": {1: (1, 2)}}}, ValueError, "partition 1"),
        (
            {"partition_filter": {"begin": 5, "partition_status": {1: (1, 0, 0, b"", 0)}}},
            ValueError,
            "tells of partition 1",
        ),
        ({"filter_expression": exp.int_val(1)}, TypeError, "type bool"),
    ],
)
def test_wrong_policies(scan: Any, policy: Any, error: Any, text: str) -> None:
    with pytest.raises(error, match=text):
        scan.results(policy)


def test_wrong_arguments(either: Any, scan: Any) -> None:
    for namespace, set_name, error in [
        (5, None, TypeError),
        ("", None, ValueError),
        ("test", 5, TypeError),
    ]:
        with pytest.raises(error):
            either.scan(namespace, set_name)
    with pytest.raises(TypeError, match="a bin name must be str, not int"):
        scan.select("n", 5)
    with pytest.raises(ValueError, match="bin names must be given"):
        scan.select()
    with pytest.raises(TypeError, match="ops must be a list"):
        scan.add_ops(None)
    with pytest.raises(ValueError, match="options has an unknown key"):
        scan.results(None, {"bins": True})
    scan.max_records = "5"
    with pytest.raises(TypeError, match='"max_records" must be int, not str'):
        scan.results()


@pytest.mark.parametrize("number", [-1, 4096])
def test_wrong_partitions(number: int) -> None:
    with pytest.raises(ValueError, match=f"from 0 to 4095, not {number}"):
        aero.partition_filter_by_id(number)
    with pytest.raises(TypeError, match="begin must be int, not str"):
        aero.partition_filter_by_range("1", 1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="count must be from 1 to 1, not 2"):
        aero.partition_filter_by_range(4095, 2)


def test_namespace_that_is_not_there(either: Any) -> None:
    with pytest.raises(exception.AerospikeError):
        either.scan("nowhere").results()


def test_client_that_is_not_connected(kind: str, config: Any) -> None:
    with connected(kind, config) as client:
        scan = client.scan("test", SET)
        client.close()
        with pytest.raises(exception.ClientError, match="closed"):
            scan.results()


def test_defaults_of_the_client(kind: str, config: Any) -> None:
    policies = {"scan": {"max_records": 10}, "query": {"max_records": 5}}
    with connected(kind, {**config, "policies": policies}) as client:
        assert len(client.scan("test", SET).results()) == 10
        assert len(client.query("test", SET).results()) == 5
        assert len(client.query("test", SET).results({"max_records": 7})) == 7


def test_many_threads(client: aero.Client) -> None:
    found: list[set[int]] = []

    def read() -> None:
        for _ in range(3):
            found.append({*numbers(client.scan("test", SET))})
            next(iter(client.scan("test", SET)))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [ALL] * 24


def resident() -> int:
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


MANY = int(os.environ.get("AEROSPIKE_TEST_RECORDS", "50000"))


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="tells memory in another way")
@pytest.mark.timeout(60 + MANY / 5000)
def test_many_records_stream_in_bounded_memory(either: Any) -> None:
    pad = "x" * 500
    for start in range(0, MANY, 2000):
        rows = [(("test", "much", n), {"n": n, "pad": pad}) for n in range(start, start + 2000)]
        either.batch_write(rows)
    scan = either.scan("test", "much")
    # What the first reading allocates for good is no matter of the number of records.
    for _ in zip(scan, range(5000), strict=False):
        pass
    gc.collect()
    before = most = resident()
    count = 0
    for _ in scan:
        count += 1
        if count % 5000 == 0:
            most = max(most, resident())
    assert count == MANY
    # All of them at once would take more than 500 bytes each.
    assert most - before < 10_000_000

    # One that is left early ends on the server, too.
    for _ in scan:
        break
    while "status=active" in either.info_random_node("query-show"):
        pass
    either.truncate("test", "much", 0, {"timeout": 60_000})
