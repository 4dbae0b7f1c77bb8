"""Secondary indexes: each way to create one, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from aerospike_py import (
    INDEX_BLOB,
    INDEX_GEO2DSPHERE,
    INDEX_NUMERIC,
    INDEX_STRING,
    INDEX_TYPE_DEFAULT,
    INDEX_TYPE_LIST,
    INDEX_TYPE_MAPKEYS,
    cdt_ctx,
    exception,
    exp,
)

STEP = [cdt_ctx.cdt_ctx_map_key("inner")]

WAYS: list[tuple[str, tuple[Any, ...], dict[str, str]]] = [
    ("integer", ("b", "i"), {"type": "numeric", "indextype": "default"}),
    ("string", ("b", "i"), {"type": "string", "indextype": "default"}),
    ("blob", ("b", "i"), {"type": "blob", "indextype": "default"}),
    ("geo2dsphere", ("b", "i"), {"type": "geo2dsphere", "indextype": "default"}),
    ("single_value", ("b", INDEX_BLOB, "i"), {"type": "blob", "indextype": "default"}),
    ("list", ("b", INDEX_STRING, "i"), {"type": "string", "indextype": "list"}),
    ("map_keys", ("b", INDEX_NUMERIC, "i"), {"type": "numeric", "indextype": "mapkeys"}),
    (
        "map_values",
        ("b", INDEX_GEO2DSPHERE, "i"),
        {"type": "geo2dsphere", "indextype": "mapvalues"},
    ),
    (
        "cdt",
        ("b", INDEX_TYPE_MAPKEYS, INDEX_STRING, "i", STEP),
        {"type": "string", "indextype": "mapkeys"},
    ),
    (
        "expr",
        (INDEX_TYPE_DEFAULT, INDEX_NUMERIC, exp.num_add(exp.int_bin("b"), 1), "i"),
        {"type": "numeric", "indextype": "default"},
    ),
]


@pytest.fixture
def namespace(either: Any) -> Any:
    yield "test"
    for index in either.index_list("test"):
        either.index_remove("test", index["indexname"])


@pytest.mark.parametrize(("way", "arguments", "told"), WAYS, ids=[way for way, *_ in WAYS])
def test_every_way(
    either: Any, namespace: str, way: str, arguments: tuple[Any, ...], told: dict[str, str]
) -> None:
    getattr(either, f"index_{way}_create")(namespace, "indexed", *arguments)

    (index,) = either.index_list(namespace)
    assert index["indexname"] == "i"
    assert index["set"] == "indexed"
    assert index["bin"] == (None if way == "expr" else "b")
    assert index["state"] == "RW"
    assert {name: index[name] for name in told} == told
    either.index_remove(namespace, "i")
    assert either.index_list(namespace) == []


def test_without_a_set_and_with_a_context(either: Any, namespace: str) -> None:
    either.index_integer_create(namespace, None, "b", "i", ctx=STEP, policy={"timeout": 3000})
    (index,) = either.index_list()
    assert index["set"] is None
    assert index["context"] is not None
    either.index_list_create(namespace, "s", "b", INDEX_STRING, "of_list", wait=False)
    assert {"i", "of_list"} == {index["indexname"] for index in either.index_list(namespace)}


def test_errors_of_the_server(either: Any, namespace: str) -> None:
    either.index_integer_create(namespace, "s", "b", "i")
    with pytest.raises(exception.IndexFoundError):
        either.index_string_create(namespace, "s", "other", "i")
    either.index_remove(namespace, "absent")
    with pytest.raises(exception.AerospikeError):
        either.index_integer_create("no_such", "s", "b", "j")


@pytest.mark.parametrize(
    ("verb", "arguments", "error", "told"),
    [
        ("integer", ("", "s", "b", "i"), ValueError, "namespace is empty"),
        ("integer", ("test", "s", "b" * 16, "i"), ValueError, "15 are permitted"),
        ("integer", ("test", "s", "b", "i;set=x"), ValueError, "index_name must have no"),
        ("integer", ("test", "a:b", "b", "i"), ValueError, "set_name must have no"),
        ("integer", ("test", 5, "b", "i"), TypeError, "set_name must be str, not int"),
        ("integer", ("test", "s", "b", "i", {"ttl": 5}), ValueError, "unknown key 'ttl'|\"ttl\""),
        ("integer", ("test", "s", "b", "i", None, "ctx"), TypeError, "ctx must be"),
        ("integer", ("test", "s", "b", "i", None, None, 1), TypeError, "wait must be bool"),
        ("list", ("test", "s", "b", 9, "i"), ValueError, "index_datatype must be one of"),
        ("list", ("test", "s", "b", True, "i"), TypeError, "index_datatype must be int"),
        (
            "cdt",
            ("test", "s", "b", 7, INDEX_NUMERIC, "i", STEP),
            ValueError,
            "index_type must be one of",
        ),
        (
            "expr",
            ("test", "s", INDEX_TYPE_LIST, INDEX_NUMERIC, "exp", "i"),
            TypeError,
            "expressions must be an Expression",
        ),
    ],
)
def test_refused(
    either: Any, verb: str, arguments: tuple[Any, ...], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        getattr(either, f"index_{verb}_create")(*arguments)
