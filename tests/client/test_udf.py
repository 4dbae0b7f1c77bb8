"""User-defined functions: modules and calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aerospike_py import UDF_TYPE_LUA, exception

SOURCE = """
function echo(rec, value)
    return value
end

function mark(rec, bin, value)
    rec[bin] = value
    if aerospike:exists(rec) then aerospike:update(rec) else aerospike:create(rec) end
    return rec[bin]
end

function fail(rec)
    error("on purpose")
end

function nothing(rec)
end
"""


@pytest.fixture
def module(either: Any) -> Any:
    either.udf_put("functions.lua", source=SOURCE)
    yield "functions"
    either.udf_remove("functions")


def names(either: Any) -> list[str]:
    return [module["name"] for module in either.udf_list()]


def test_modules(either: Any, tmp_path: Path) -> None:
    file = tmp_path / "from_a_file.lua"
    file.write_text(SOURCE)
    either.udf_put(str(file), UDF_TYPE_LUA, {"timeout": 5000})
    assert "from_a_file.lua" in names(either)
    assert either.udf_get("from_a_file.lua") == either.udf_get("from_a_file") == SOURCE
    either.udf_put(file, source=b"function other(rec) end")
    assert either.udf_get("from_a_file") == "function other(rec) end"
    (listed,) = [module for module in either.udf_list() if module["name"] == file.name]
    assert listed["type"] == UDF_TYPE_LUA
    assert len(listed["hash"]) == 40
    either.udf_remove("from_a_file.lua")
    assert "from_a_file.lua" not in names(either)


@pytest.mark.parametrize(
    "value", [None, True, 7, 2.5, "text", b"bytes", [1, ["x"]], {"a": {"b": 1}}, 2**62]
)
def test_values_there_and_back(either: Any, module: str, key: Any, value: Any) -> None:
    assert either.apply(key, module, "echo", [value]) == value


def test_changes_a_record(either: Any, module: str, key: Any) -> None:
    assert either.apply(key, module, "mark", ("a", 1)) == 1
    assert either.get(key).bins == {"a": 1}
    assert either.apply(key, module, "mark", ["b", [1, 2]]) == [1, 2]
    assert either.get(key).bins == {"a": 1, "b": [1, 2]}


def test_no_result(either: Any, module: str, key: Any) -> None:
    assert either.apply(key, module, "nothing") is None


def test_failures(either: Any, module: str, key: Any) -> None:
    with pytest.raises(exception.UDFError, match="on purpose") as caught:
        either.apply(key, module, "fail")
    assert (caught.value.code, caught.value.in_doubt) == (100, False)
    assert caught.value.key[:3] == key
    with pytest.raises(exception.UDFError, match="function not found"):
        either.apply(key, module, "absent")
    with pytest.raises(exception.UDFError):
        either.apply(key, "no_such_module", "echo")
    with pytest.raises(exception.UDFError, match="no_such_module"):
        either.udf_get("no_such_module")
    with pytest.raises(exception.ServerError):
        either.udf_put("broken.lua", source="function broken(rec) return end end")
    assert "broken.lua" not in names(either)


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda either, key: either.udf_put("no_such_file.lua"), FileNotFoundError, "no_such_file"),
        (lambda either, key: either.udf_put(7, source=""), TypeError, "filename must be str"),
        (lambda either, key: either.udf_put("a.lua", 1, source=""), ValueError, "UDF_TYPE_LUA"),
        (
            lambda either, key: either.udf_put("a;b.lua", source=""),
            ValueError,
            "filename must have",
        ),
        (lambda either, key: either.udf_put("a.lua", source=7), TypeError, "source must be str or"),
        (lambda either, key: either.udf_get(""), ValueError, "module is empty"),
        (lambda either, key: either.apply(key, 7, "f"), TypeError, "module must be str"),
        (lambda either, key: either.apply(key, "m", ""), ValueError, "function is empty"),
        (lambda either, key: either.apply(key, "m", "f", "args"), TypeError, "args must be"),
        (lambda either, key: either.apply(key, "m", "f", [object()]), TypeError, "args"),
        (lambda either, key: either.apply(key, "m", "f", [], {"x": 1}), ValueError, "unknown key"),
    ],
)
def test_refused(either: Any, key: Any, call: Any, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        call(either, key)
