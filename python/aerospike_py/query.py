"""Queries and scans: `client.query()` and `client.scan()` make these objects.

A query is told what to look for, and then read, as often as wanted: `results` returns a list of all
records, `foreach` calls a function for each, and `for` and `async for` give them one by one.
Whichever way, records are read while they arrive, and a reader that is slow or ends early slows
down or ends the query; only `results` holds all of them.

Each `Record` has the key that the server stores: the digest, and the user key if it was stored
(`POLICY_KEY_SEND`).

To read page by page, call `paginate()`: each reading then goes on where the one before ended, which
is after `max_records` records, or where a loop was left.

    >>> query = client.query("test", "people")
    >>> query.max_records = 1000
    >>> query.paginate()
    >>> while not query.is_done():
    ...     page = query.results()

`partition_filter()` tells how far it came, as a dict that can be pickled and be the
`partition_filter` of the policy of another query, in another process.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from aerospike_py import AsyncClient, Client
    from aerospike_py._aerospike import Expression, QueryPlan
    from aerospike_py._streams import AsyncStream, Stream
    from aerospike_py.types import (
        Context,
        Operation,
        PartitionFilter,
        Predicate,
        QueryOptions,
        QueryPolicy,
        Record,
        ScanPolicy,
        WritePolicy,
    )

__all__ = [
    "AsyncQuery",
    "AsyncScan",
    "Query",
    "Scan",
    "partition_filter_all",
    "partition_filter_by_id",
    "partition_filter_by_range",
]

PARTITIONS = 4096


class _Statement:
    """What queries and scans of both clients have in common."""

    max_records: int
    """About how many records a reading returns at most, divided among the nodes. Default 0: all.
    `max_records` of the policy wins over it."""
    records_per_second: int
    """Most records that each node returns, or changes in the background, in a second. Default 0:
    no limit. `records_per_second` of the policy wins over it."""
    ttl: int
    """Time to live, in seconds, that `execute_background` gives to the records it changes. Default
    0: that of the namespace. `ttl` of the policy wins over it."""

    def __init__(self, client: Any, statement: Any) -> None:
        self._client = client
        self._statement = statement
        self.max_records = 0
        self.records_per_second = 0
        self.ttl = 0

    def select(self, *bins: str) -> None:
        """Return these bins only. A record that has none of them is left out.

        Raises TypeError or ValueError if a name is not one.

        >>> client.put(key, {"name": "Ada", "age": 36})
        >>> query = client.query(*key[:2])
        >>> query.select("name")
        >>> query.results()[0].bins
        {'name': 'Ada'}
        """
        self._statement.select(bins)

    def add_ops(self, ops: Sequence[Operation]) -> None:
        """Give operations: reading ones, for what is returned of each record; or writing ones, for
        `execute_background`.

        They are dicts as for `client.operate`. Servers before version 8.1.2 return no results but
        those of whole bins. Raises TypeError or ValueError if one is not right.

        >>> client.put(key, {"name": "Ada", "age": 36})
        >>> query = client.query(*key[:2])
        >>> query.add_ops([operations.read("age")])
        >>> query.results()[0].bins
        {'age': 36}
        """
        self._statement.add_ops(ops)

    def apply(self, module: str, function: str, arguments: Sequence[Any] | None = None) -> None:
        """Have a function called that the server has in `module`.

        `execute_background` calls it with each record and `arguments`. Reading calls it with the
        stream of the records and `arguments`, and returns what it makes of them instead of records:
        each node sends its part through the function, and the client reduces these to the results.
        For this, it runs the module, which it asks the server for, in a Lua of its own.

        Raises TypeError or ValueError if a name or argument is not one. Reading raises UDFError if
        the server has no such module.

        >>> source = "function ages(s) return s : map(function(rec) return rec['age'] end) end"
        >>> client.udf_put("people.lua", source=source)
        >>> client.put(key, {"name": "Ada", "age": 36})
        >>> query = client.query(*key[:2])
        >>> query.apply("people", "ages")
        >>> query.results()
        [36]
        >>> client.udf_remove("people")
        """
        self._statement.apply(module, function, arguments)

    def paginate(self) -> None:
        """Have each reading go on where the one before ended, instead of at the beginning.

        When nodes come or go meanwhile, `results()` still has each record once. A loop over the
        records, which may be left at any of them, may meet some again.

        >>> client.put(key, {"age": 36})
        >>> query = client.query(*key[:2])
        >>> query.max_records = 100
        >>> query.paginate()
        >>> while not query.is_done():
        ...     print(len(query.results()))
        1
        """
        self._statement.paginate()

    def is_done(self) -> bool:
        """Whether the last reading, after `paginate()` or with a partition filter, came to the end.

        Records written later may make it worth reading on, with the status of this one as partition
        filter; after `paginate()`, further readings return nothing.

        >>> client.put(key, {"age": 36})
        >>> query = client.query(*key[:2])
        >>> query.max_records = 100
        >>> query.paginate()
        >>> while not query.is_done():
        ...     print(len(query.results()))
        1
        """
        return cast(bool, self._statement.is_done())

    def partition_filter(self) -> PartitionFilter | None:
        """How far reading came, after `paginate()` or with a partition filter; None before that.

        It is a dict that can be pickled, and given as `partition_filter` in the policy of a query
        for the same, which then goes on from there. Records that were written meanwhile are among
        the rest or are not, by chance. After an error, or if results were on their way when reading
        was given up, it may be a position before the last record, so that none is missed.

        >>> client.put(key, {"age": 36})
        >>> query = client.query(*key[:2])
        >>> query.paginate()
        >>> records = query.results()
        >>> rest = client.query(*key[:2])
        >>> rest.results({"partition_filter": query.partition_filter()})
        []
        """
        return cast("PartitionFilter | None", self._statement.reached())

    def get_partitions_status(self) -> dict[Any, Any]:
        """The part `partition_status` of `partition_filter()`, empty before the first reading.

        `done` says whether reading came to the end, `retry` the opposite. The number of each
        partition has a tuple `(id, init, retry, digest, bval)`: its number again; whether `digest`
        is that of the last record that was read; as above; and, with a predicate, the server's
        number for the value at which it was found.

        >>> query = client.query(*key[:2])
        >>> query.paginate()
        >>> query.get_partitions_status()
        {}
        >>> records = query.results()
        >>> query.get_partitions_status()["done"]
        True
        """
        reached = self.partition_filter()
        return {} if reached is None else reached["partition_status"]

    def _read(self, policy: Any, options: Any, all_wanted: bool) -> Any:
        limits = {
            "max_records": self.max_records,
            "records_per_second": self.records_per_second,
        }
        # A value of zero leaves what the client is configured with.
        given = {name: value for name, value in limits.items() if value != 0}
        return self._client._read_records(self._statement, given, policy, options, all_wanted)

    def _execute_background(self, policy: Any) -> Any:
        limits = {} if self.ttl == 0 else {"ttl": self.ttl}
        return self._client._execute_background(self._statement, limits, policy)


class _Conditions(_Statement):
    """What queries of both clients have besides."""

    def where(self, predicate: Predicate | QueryPlan, ctx: Context | None = None) -> None:
        """Look for what a predicate says of a bin, or of what `ctx` leads to in it.

        The set needs an index of that. A query has one predicate; `filter_expression` of the policy
        may have further conditions. With a plan of `client.query_explain()` in its place, the
        records are found that meet the whole condition of the plan, by the index that it names or
        by none; there can't be a `filter_expression` then. That holds for `execute_background`,
        too. Reading what a function of `apply` makes of records takes neither: servers answer with
        UnsupportedFeature.

        Raises TypeError or ValueError if the predicate or context is not one, or not the first, or
        if the plan is that of a query elsewhere. The server answers with IndexNotFound if there is
        no such index.

        >>> client.put(key, {"age": 36})
        >>> client.index_integer_create(*key[:2], "age", "by_age")
        >>> query = client.query(*key[:2])
        >>> query.where(predicates.between("age", 30, 40))
        >>> query.results()[0].bins
        {'age': 36}
        >>> client.index_remove(key[0], "by_age")
        """
        self._statement.where(predicate, ctx)

    def where_with_index_name(self, index_name: str, predicate: Predicate) -> None:
        """Look in the index of this name for what a predicate says. Its bin name is not used.

        >>> client.put(key, {"age": 36})
        >>> client.index_integer_create(*key[:2], "age", "by_age")
        >>> query = client.query(*key[:2])
        >>> query.where_with_index_name("by_age", predicates.equals(None, 36))
        >>> query.results()[0].bins
        {'age': 36}
        >>> client.index_remove(key[0], "by_age")
        """
        self._statement.where_index(index_name, predicate)

    def where_with_expr(self, expr: Expression, predicate: Predicate) -> None:
        """Look for what a predicate says of an expression that has an index.

        The bin name of the predicate is not used.

        >>> client.put(key, {"won": 5, "lost": 2})
        >>> games = exp.num_add(exp.int_bin("won"), exp.int_bin("lost"))
        >>> kind = (INDEX_TYPE_DEFAULT, INDEX_NUMERIC)
        >>> client.index_expr_create(*key[:2], *kind, games, "by_games")
        >>> query = client.query(*key[:2])
        >>> query.where_with_expr(games, predicates.equals(None, 7))
        >>> query.results()[0].bins
        {'won': 5, 'lost': 2}
        >>> client.index_remove(key[0], "by_games")
        """
        self._statement.where_expression(expr, predicate)


class _Reading(_Statement):
    """How a `Client` reads."""

    _client: Client

    def _rows(self, policy: Any, options: Any = None) -> Generator[Record]:
        return _rows(self._read(policy, options, False))

    def __iter__(self) -> Iterator[Record]:
        """Read the records one by one."""
        return self._rows(None)

    def _results(self, policy: Any, options: Any) -> list[Record]:
        stream: Stream = self._read(policy, options, True)
        records: list[Record] = []
        while chunk := stream.take():
            records += chunk
        # Not at an error: what the caller has not got is not read.
        stream.close()
        return records

    def _foreach(self, callback: Callable[[Record], Any], policy: Any, options: Any) -> None:
        _check(callback)
        rows = self._rows(policy, options)
        try:
            for record in rows:
                if callback(record) is False:
                    return
        finally:
            rows.close()

    def execute_background(self, policy: WritePolicy | None = None) -> int:
        """Have the server carry out the operations of `add_ops`, or call the function of `apply`,
        for each record that is found, and return at once.

        Returns the number of the job, for `client.job_info`. `policy` is a `WritePolicy`.

        >>> client.put(key, {"age": 36})
        >>> query = client.query(*key[:2])
        >>> query.add_ops([operations.increment("age", 1)])
        >>> job = query.execute_background()
        >>> while client.job_info(job, JOB_QUERY)["status"] == JOB_STATUS_INPROGRESS:
        ...     pass
        >>> client.get(key).bins
        {'age': 37}
        """
        return cast(int, self._execute_background(policy))


class _AsyncReading(_Statement):
    """How an `AsyncClient` reads."""

    _client: AsyncClient

    def _rows(self, policy: Any, options: Any = None) -> _AsyncRows:
        return _AsyncRows(self._read(policy, options, False))

    def __aiter__(self) -> AsyncIterator[Record]:
        """Read the records one by one."""
        return self._rows(None)

    async def _results(self, policy: Any, options: Any) -> list[Record]:
        stream: AsyncStream = self._read(policy, options, True)
        records: list[Record] = []
        while chunk := await stream.take():
            records += chunk
        stream.close()
        return records

    async def _foreach(self, callback: Callable[[Record], Any], policy: Any, options: Any) -> None:
        _check(callback)
        rows = self._rows(policy, options)
        try:
            async for record in rows:
                answer = callback(record)
                if isinstance(answer, Awaitable):
                    answer = await answer
                if answer is False:
                    return
        finally:
            await rows.aclose()

    async def execute_background(self, policy: WritePolicy | None = None) -> int:
        """As `Query.execute_background`."""
        return cast(int, await self._execute_background(policy))


class Query(_Reading, _Conditions):
    """Records that fulfil a condition. `client.query()` makes it.

    >>> client.put(("test", "people", "ada"), {"name": "Ada", "age": 36})
    >>> client.index_integer_create("test", "people", "age", "people_age")
    >>> query = client.query("test", "people")
    >>> query.where(predicates.between("age", 30, 40))
    >>> query.select("name")
    >>> for record in query:
    ...     print(record.bins)
    {'name': 'Ada'}
    >>> client.index_remove("test", "people_age")
    >>> client.remove(("test", "people", "ada"))
    """

    def results(
        self, policy: QueryPolicy | None = None, options: QueryOptions | None = None
    ) -> list[Record]:
        """All records.

        `options` may have `nobins`: True returns keys and metadata only. Raises a ServerError, e.g.
        IndexNotFound, or a ClientError, also after some records have arrived.

        >>> client.put(key, {"age": 36})
        >>> query = client.query(*key[:2])
        >>> [record.bins for record in query.results({"max_records": 10})]
        [{'age': 36}]
        """
        return self._results(policy, options)

    def foreach(
        self,
        callback: Callable[[Record], Any],
        policy: QueryPolicy | None = None,
        options: QueryOptions | None = None,
    ) -> None:
        """Call back with each record, on this thread, until a call returns False or raises.

        `options` is as in `results`. The function may use the client.

        >>> client.put(key, {"age": 36})
        >>> query = client.query(*key[:2])
        >>> query.foreach(lambda record: print(record.bins))
        {'age': 36}
        """
        self._foreach(callback, policy, options)


class Scan(_Reading):
    """All records of a set or namespace. `client.scan()` makes it.

    >>> client.put(("test", "people", "ada"), {"name": "Ada", "age": 36})
    >>> [record.bins["age"] for record in client.scan("test", "people")]
    [36]
    >>> client.remove(("test", "people", "ada"))
    """

    def results(
        self, policy: ScanPolicy | None = None, options: QueryOptions | None = None
    ) -> list[Record]:
        """As `Query.results`."""
        return self._results(policy, options)

    def foreach(
        self,
        callback: Callable[[Record], Any],
        policy: ScanPolicy | None = None,
        options: QueryOptions | None = None,
    ) -> None:
        """As `Query.foreach`."""
        self._foreach(callback, policy, options)


class AsyncQuery(_AsyncReading, _Conditions):
    """Records that fulfil a condition. `query()` of an AsyncClient makes it.

    >>> async def names():
    ...     async with AsyncClient({"hosts": hosts}) as client:
    ...         await client.put(("test", "people", "ada"), {"name": "Ada", "age": 36})
    ...         query = client.query("test", "people")
    ...         found = [record.bins["name"] async for record in query]
    ...         await client.remove(("test", "people", "ada"))
    ...         return found
    >>> asyncio.run(names())
    ['Ada']
    """

    async def results(
        self, policy: QueryPolicy | None = None, options: QueryOptions | None = None
    ) -> list[Record]:
        """As `Query.results`."""
        return await self._results(policy, options)

    async def foreach(
        self,
        callback: Callable[[Record], Any],
        policy: QueryPolicy | None = None,
        options: QueryOptions | None = None,
    ) -> None:
        """Call back with each record, on the loop's thread, until a call returns False or raises.

        What a call returns is awaited if it can be. `options` is as in `Query.results`.

        >>> async def ages():
        ...     async with AsyncClient({"hosts": hosts}) as client:
        ...         await client.put(key, {"age": 36})
        ...         await client.query(*key[:2]).foreach(lambda record: print(record.bins))
        >>> asyncio.run(ages())
        {'age': 36}
        """
        await self._foreach(callback, policy, options)


class AsyncScan(_AsyncReading):
    """All records of a set or namespace. `scan()` of an AsyncClient makes it.

    >>> async def ages():
    ...     async with AsyncClient({"hosts": hosts}) as client:
    ...         await client.put(("test", "people", "ada"), {"age": 36})
    ...         found = [record.bins["age"] async for record in client.scan("test", "people")]
    ...         await client.remove(("test", "people", "ada"))
    ...         return found
    >>> asyncio.run(ages())
    [36]
    """

    async def results(
        self, policy: ScanPolicy | None = None, options: QueryOptions | None = None
    ) -> list[Record]:
        """As `Query.results`."""
        return await self._results(policy, options)

    async def foreach(
        self,
        callback: Callable[[Record], Any],
        policy: ScanPolicy | None = None,
        options: QueryOptions | None = None,
    ) -> None:
        """As `AsyncQuery.foreach`."""
        await self._foreach(callback, policy, options)


def partition_filter_all() -> PartitionFilter:
    """All partitions: a `partition_filter` for policies of queries and scans.

    >>> partition_filter_all()
    {'begin': 0, 'count': 4096}
    """
    return {"begin": 0, "count": PARTITIONS}


def partition_filter_by_id(partition_id: int) -> PartitionFilter:
    """One partition, from 0 to 4095.

    Raises TypeError or ValueError if there is no such partition.

    >>> partition_filter_by_id(get_partition_id(calc_digest("test", "demo", "k")))
    {'begin': 3549, 'count': 1}
    """
    _check_number("partition_id", partition_id, 0, PARTITIONS - 1)
    return {"begin": partition_id, "count": 1}


def partition_filter_by_range(begin: int, count: int) -> PartitionFilter:
    """`count` partitions from `begin` on.

    Raises TypeError or ValueError if not all of them are from 0 to 4095.

    >>> partition_filter_by_range(1024, 512)
    {'begin': 1024, 'count': 512}
    """
    _check_number("begin", begin, 0, PARTITIONS - 1)
    _check_number("count", count, 1, PARTITIONS - begin)
    return {"begin": begin, "count": count}


def _check_number(name: str, value: Any, least: int, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be int, not {type(value).__name__}")
    if not least <= value <= most:
        raise ValueError(f"{name} must be from {least} to {most}, not {value}")


def _rows(stream: Stream) -> Generator[Record]:
    try:
        while chunk := stream.take():
            yield from chunk
    finally:
        stream.close()


class _AsyncRows:
    """The records of a stream. A generator would end a stream that is left only later."""

    def __init__(self, stream: AsyncStream) -> None:
        self._stream = stream
        self._chunk: Iterator[Record] = iter(())

    def __aiter__(self) -> _AsyncRows:
        return self

    async def __anext__(self) -> Record:
        for row in self._chunk:
            return row
        chunk = await self._stream.take()
        if not chunk:
            self._stream.close()
            raise StopAsyncIteration
        self._chunk = iter(chunk)
        return next(self._chunk)

    async def aclose(self) -> None:
        self._chunk = iter(())
        self._stream.close()

    def __del__(self) -> None:
        self._stream.close()


def _check(callback: Any) -> None:
    if not callable(callback):
        raise TypeError(f"callback must be callable, not {type(callback).__name__}")
