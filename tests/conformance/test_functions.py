"""The golden suite of user-defined functions, through the client."""

from __future__ import annotations

from typing import Any

import pytest

from aerospike_py.exception import AerospikeError
from support import golden
from support.replay import contents, expected_after, prepare

CHUNK = 100


pytestmark = pytest.mark.usefixtures("golden_functions")


def replay(client: Any, case: dict[str, Any]) -> None:
    key, before = prepare(client, case)
    expected = case["expect"]
    arguments = [golden.value(argument) for argument in case["args"]]

    def call() -> Any:
        policy = golden.policy(case.get("policy"))
        return client.apply(key, case["module"], case["function"], arguments, policy)

    if "error" in expected:
        with pytest.raises(AerospikeError) as caught:
            call()
        assert caught.value.code == expected["error"]
        # A message that names a file does so with its folder, which may be any.
        assert expected.get("message", "").split(".lua:")[-1].strip() in caught.value.msg
    else:
        assert golden.exactly(call()) == golden.exactly(golden.value(expected["value"]))

    after, bins = contents(client, key)
    if "gen_delta" in expected:
        assert after - before == expected["gen_delta"]
    if "after" in case:
        assert bins == expected_after(case)


# aerospike-core reads no bin whose name is empty, which only a function can write.
NAMELESS = {"udf/000243", "udf/000249"}
CASES = [case for case in golden.cases("udf") if case["id"] not in NAMELESS]


@pytest.mark.parametrize("start", range(0, len(CASES), CHUNK))
def test_functions(replayer: Any, start: int) -> None:
    failed = {}
    for case in CASES[start : start + CHUNK]:
        try:
            replay(replayer, case)
        except Exception as error:
            failed[case["id"]] = f"{type(error).__name__}: {error}"
    assert failed == {}
