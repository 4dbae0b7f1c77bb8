"""What a program does with Aerospike, in short: the story that demo.py has told in many places."""

import time

import aerospike_py
from aerospike_py.exception import RecordNotFound

PEOPLE = 1000

# The first round of gets at once also opens connections.
ROUNDS = 5


def tell(hosts, teller, with_asyncio=True):
    """Tell the story once. Returns how many operations a second each part of it did, by name.

    It is told by several at once, so each `teller` has people of its own.
    """
    rates = {}
    keys = [("test", "people", f"{teller}-{number}") for number in range(PEOPLE)]

    with aerospike_py.client({"hosts": hosts}) as client:
        begun = time.perf_counter()
        for key in keys:
            client.put(key, {"name": "Ada", "born": 1815, "visits": 0})
        rates["put"] = PEOPLE / (time.perf_counter() - begun)

        begun = time.perf_counter()
        for key in keys:
            record = client.get(key)
            expect(record.bins, {"name": "Ada", "born": 1815, "visits": 0})
        rates["get"] = PEOPLE / (time.perf_counter() - begun)

        # Several operations on one record, in one go: none else comes between them.
        visit = [
            {"op": aerospike_py.OPERATOR_INCR, "bin": "visits", "val": 1},
            {"op": aerospike_py.OPERATOR_READ, "bin": "visits"},
        ]
        begun = time.perf_counter()
        for key in keys:
            record = client.operate(key, visit)
            expect(record.bins, {"visits": 1})
        rates["operate"] = PEOPLE / (time.perf_counter() - begun)

        nobody = ("test", "people", f"{teller}-nobody")
        try:
            client.get(nobody)
        except RecordNotFound as error:
            expect(error.code, aerospike_py.AEROSPIKE_ERR_RECORD_NOT_FOUND)
        else:
            raise AssertionError(f"there is a record with the key {nobody}")

    if with_asyncio:
        # Imported here, since there are interpreters that can't.
        import asyncio

        rates["async get"] = asyncio.run(get_all_at_once(hosts, keys))
    return rates


async def get_all_at_once(hosts, keys):
    import asyncio

    async with aerospike_py.async_client({"hosts": hosts}) as client:
        begun = time.perf_counter()
        for _ in range(ROUNDS):
            records = await asyncio.gather(*(client.get(key) for key in keys))
            for record in records:
                expect(record.bins, {"name": "Ada", "born": 1815, "visits": 1})
        return ROUNDS * len(keys) / (time.perf_counter() - begun)


def expect(found, expected):
    if found != expected:
        raise AssertionError(f"{found!r} was found, and {expected!r} expected")
