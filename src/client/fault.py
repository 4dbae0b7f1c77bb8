# ruff: noqa: F821 - the test that runs this sets PACKAGE
"""Faults in every part of a call, in several threads at once."""

import asyncio
import sys
import threading

sys.path.insert(0, PACKAGE)

CONFIG = {"hosts": [("127.0.0.1", 1)]}


def story():
    import aerospike_py

    client = aerospike_py.Client(CONFIG)
    in_doubt = {"parse": False, "run": True, "finish": False}

    def check(error, part):
        assert type(error) is aerospike_py.RustPanicError, repr(error)
        assert error.msg == f"internal error (Rust panic): in {part}", error.msg
        assert error.in_doubt is in_doubt[part], part

    for part in [*in_doubt, *in_doubt]:
        try:
            client._fault(part)
        except aerospike_py.ClientError as error:
            check(error, part)
        else:
            raise AssertionError(f"no panic in {part}")
        assert client._fault("none") == "done"

    async def main():
        client = aerospike_py.AsyncClient(CONFIG)
        try:
            client._fault("parse")
        except aerospike_py.ClientError as error:
            check(error, "parse")
        parts = ["run", "none", "finish", "none"] * 100
        results = await asyncio.gather(
            *(client._fault(part) for part in parts), return_exceptions=True
        )
        for part, result in zip(parts, results, strict=True):
            if part == "none":
                assert result == "done", repr(result)
            else:
                check(result, part)

    asyncio.run(main())


def everywhere():
    failed = []

    def tell():
        try:
            story()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


everywhere()
