"""The fixtures for users' own tests: what they give, what they clear away, and that they keep out
of the way of others."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

README = Path(__file__).parents[2] / "README.md"
Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester, pytestconfig: pytest.Config) -> Run:
    """Runs pytest on a test file in a process of its own, with the plugin as users have it."""
    installed = pytestconfig.pluginmanager.hasplugin("aerospike")
    options = ["-q", "-p", "no:cacheprovider"]
    if not installed:
        options += ["-p", "aerospike_py.pytest_plugin"]

    def run(code: str, *more: str) -> pytest.RunResult:
        pytester.makepyfile(test_users=code)
        return pytester.runpytest_subprocess(*options, *more, timeout=50)

    return run


def needs(module: str) -> pytest.MarkDecorator:
    missing = importlib.util.find_spec(module) is None
    return pytest.mark.skipif(missing, reason=f"needs {module}")


def test_the_example_of_the_readme(run: Run) -> None:
    programs = re.findall(
        r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.M | re.S
    )
    (example,) = (program for program in programs if "aerospike_client" in program)
    run(example).assert_outcomes(passed=1)


def test_the_client_is_connected_and_records_end_with_their_test(run: Run) -> None:
    result = run(
        """
        import pytest

        @pytest.mark.parametrize("number", range(3))
        def test_writes(aerospike_client, aerospike_namespace, number):
            for set_name in ("people", None):
                key = (aerospike_namespace, set_name, "ada")
                assert aerospike_client.exists(key).meta is None
                aerospike_client.put(key, {"number": number})
                assert aerospike_client.get(key).bins == {"number": number}

        def test_fails_after_a_write(aerospike_client):
            aerospike_client.put(("test", "people", "ada"), {"a": 1})
            aerospike_client.close()
            raise AssertionError("on purpose")

        def test_after_that(aerospike_client):
            assert aerospike_client.exists(("test", "people", "ada")).meta is None
        """
    )
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines("*on purpose*")


def test_the_async_client_serves_the_loop_of_the_test(run: Run) -> None:
    result = run(
        """
        import asyncio
        import pytest

        @pytest.mark.parametrize("number", range(2))
        def test_writes(aerospike_async_client, aerospike_namespace, number):
            async def main():
                key = (aerospike_namespace, "people", "ada")
                assert (await aerospike_async_client.exists(key)).meta is None
                await aerospike_async_client.put(key, {"number": number})
                return (await aerospike_async_client.get(key)).bins

            assert asyncio.run(main()) == {"number": number}

        def test_both(aerospike_client, aerospike_async_client):
            key = ("test", "people", "ada")
            aerospike_client.put(key, {"a": 1})
            async def main():
                return (await aerospike_async_client.get(key)).bins
            assert asyncio.run(main()) == {"a": 1}
        """
    )
    result.assert_outcomes(passed=3)


@needs("pytest_asyncio")
@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_pytest_asyncio(run: Run, mode: str) -> None:
    result = run(
        """
        import pytest

        @pytest.mark.asyncio
        @pytest.mark.parametrize("number", range(2))
        async def test_writes(aerospike_async_client, number):
            key = ("test", "people", "ada")
            assert (await aerospike_async_client.exists(key)).meta is None
            await aerospike_async_client.put(key, {"number": number})
            assert (await aerospike_async_client.get(key)).bins == {"number": number}
        """,
        f"--asyncio-mode={mode}",
    )
    result.assert_outcomes(passed=2)


def test_one_server_for_all_tests_of_a_process(run: Run) -> None:
    result = run(
        """
        pids = set()

        def test_one(aerospike_server):
            pids.add(aerospike_server.pid)

        def test_two(aerospike_server, aerospike_client):
            pids.add(aerospike_server.pid)
            assert aerospike_client.is_connected()

        def test_that_it_was_one():
            assert len(pids) == 1
        """
    )
    result.assert_outcomes(passed=3)


@needs("xdist")
def test_each_worker_of_xdist_has_a_server_of_its_own(run: Run, pytester: pytest.Pytester) -> None:
    result = run(
        """
        import os
        from pathlib import Path
        import pytest

        @pytest.mark.parametrize("number", range(8))
        def test_server(aerospike_server, number):
            worker = os.environ["PYTEST_XDIST_WORKER"]
            Path(__file__).with_name(f"{worker}-{aerospike_server.pid}.seen").touch()
        """,
        "-n2",
    )
    result.assert_outcomes(passed=8)
    seen = [path.stem.split("-") for path in pytester.path.glob("*.seen")]
    assert {worker for worker, _ in seen} == {"gw0", "gw1"}
    assert len({pid for _, pid in seen}) == len(seen) == 2


def test_a_cluster_for_all_tests_of_a_process(run: Run) -> None:
    result = run(
        """
        import aerospike_py

        pids = set()

        def test_has_three_nodes(aerospike_cluster, aerospike_namespace):
            pids.add(aerospike_cluster.pid)
            with aerospike_py.client(aerospike_cluster.config()) as client:
                assert len(client.get_node_names()) == 3
                client.put((aerospike_namespace, "people", "ada"), {"born": 1815})

        def test_stays(aerospike_cluster):
            assert pids == {aerospike_cluster.pid}
            assert [node.state for node in aerospike_cluster.nodes] == ["up"] * 3
        """
    )
    result.assert_outcomes(passed=2)


def test_the_namespace_can_be_overridden(run: Run) -> None:
    result = run(
        """
        import pytest

        @pytest.fixture(scope="session")
        def aerospike_namespace():
            return "shop"

        @pytest.mark.parametrize("time", ["first", "second"])
        def test_namespace(aerospike_client, aerospike_namespace, time):
            assert aerospike_client.info_random_node("namespaces") == "shop"
            assert aerospike_client.exists(("shop", "s", 1)).meta is None
            aerospike_client.put(("shop", "s", 1), {"a": 1})
        """
    )
    result.assert_outcomes(passed=2)


def test_a_missing_program_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AEROSPIKE_EMBEDDED", "/nowhere/aerospike-embedded")
    result = run("def test_it(aerospike_client): pass\ndef test_other(): pass")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines("*FileNotFoundError: AEROSPIKE_EMBEDDED is '/nowhere/*")


def test_a_run_without_the_fixtures_is_left_alone(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AEROSPIKE_EMBEDDED", "/nowhere/aerospike-embedded")
    result = run(
        """
        import sys
        import threading

        def test_nothing_is_there():
            assert "aerospike_py.testing" not in sys.modules
            assert [thread.name for thread in threading.enumerate()] == ["MainThread"]
        """,
        "-W",
        "error",
        "-p",
        "no:asyncio",  # warns of its configuration
        "--strict-config",
        "--strict-markers",
    )
    result.assert_outcomes(passed=1)


def test_the_plugin_imports_no_more_than_pytest_and_the_package() -> None:
    code = """
import sys, pytest, aerospike_py
before = set(sys.modules)
import aerospike_py.pytest_plugin
assert set(sys.modules) - before == {"aerospike_py.pytest_plugin"}, set(sys.modules) - before
assert "asyncio" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=50)
