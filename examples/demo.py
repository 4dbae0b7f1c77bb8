"""The client at work in three kinds of Python interpreter; `./dev demo` runs this in two of them.

It starts an in-memory server and has one story (story.py: put, get, operate, an error caught, and a
thousand gets at once) told by the main interpreter; then by four subinterpreters at once, each with
a GIL of its own; and in a free-threaded Python by four threads at once instead, without any GIL.
"""

import platform
import sys
import sysconfig
import time
from concurrent.futures import ThreadPoolExecutor

import story
import subinterpreters

from aerospike_py.testing import EmbeddedServer

TELLERS = 4

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

# In the subinterpreters of these versions, importing asyncio crashes the process: with the client
# or without it.
ASYNCIO_CRASHES = (3, 12, 0) <= sys.version_info[:3] <= (3, 12, 1)

PARTS = ["put", "get", "operate", "async get"]


def main():
    begun = time.perf_counter()
    kind = "free-threaded CPython" if FREE_THREADED else "CPython"
    print(f"\naerospike_py in {kind} {platform.python_version()}, with an in-memory server.")
    print(f"Each line is one teller of the story: it puts {story.PEOPLE:,} records, gets each,")
    print("operates on each, catches the error of one that is missing, and gets all at once.")

    with EmbeddedServer() as server:
        print("\nThe main interpreter:")
        show({"main": story.tell(server.hosts, "main")})

        if FREE_THREADED:
            print(f"\n{TELLERS} threads at once, without a GIL:")
            show(at_once("thread", lambda name: story.tell(server.hosts, name)))
            if sys._is_gil_enabled():
                sys.exit("demo: something has switched the GIL on")
        else:
            print(f"\n{TELLERS} subinterpreters at once, each with a GIL of its own:")
            show(
                at_once(
                    "interpreter",
                    lambda name: subinterpreters.call(
                        story.tell, server.hosts, name, not ASYNCIO_CRASHES
                    ),
                )
            )
    print(f"\nAll of it came out as it should, in {time.perf_counter() - begun:.1f} seconds.\n")


def at_once(kind, tell):
    """Have the story told by several at the same time, each from a thread of its own."""
    names = [f"{kind} {number}" for number in range(1, TELLERS + 1)]
    with ThreadPoolExecutor(TELLERS) as threads:
        return dict(zip(names, threads.map(tell, names), strict=True))


def show(rates_of_tellers):
    print(f"\n  {'':<14}" + "".join(f"{part + '/s':>14}" for part in PARTS))
    for teller, rates in rates_of_tellers.items():
        texts = [f"{rates[part]:,.0f}" if part in rates else "-" for part in PARTS]
        print(f"  {teller:<14}" + "".join(f"{text:>14}" for text in texts))


if __name__ == "__main__":
    main()
