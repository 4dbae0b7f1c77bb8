"""The exceptions mean what they mean in both older clients, and survive being copied."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import pytest

import aerospike_py
from aerospike_py import exception
from aerospike_py.exception import AerospikeError, error_from_code

PEERS = json.loads((Path(__file__).parent / "data/peer_constants.json").read_text())
OFFICIAL = PEERS["aerospike"]["exceptions"]
OLDER = PEERS["aerospike-py"]["exceptions"]
RENAMED = {"TimeoutError": "AerospikeTimeoutError", "IndexError": "AerospikeIndexError"}

CLASSES = [
    value
    for value in vars(exception).values()
    if isinstance(value, type) and issubclass(value, AerospikeError)
]
FULL: tuple[Any, ...] = ("text", 99, True, 7, "BB9", ("test", "t", "k"), 3)
ATTRIBUTES = ("msg", "code", "in_doubt", "subcode", "node", "key", "iterations")


def named(name: str) -> type[AerospikeError]:
    found = getattr(exception, RENAMED.get(name, name))
    assert issubclass(found, AerospikeError)
    return found


def attributes(error: AerospikeError) -> tuple[Any, ...]:
    return tuple(getattr(error, name) for name in ATTRIBUTES)


@pytest.mark.parametrize("name", OFFICIAL)
def test_code_is_that_of_the_official_client(name: str) -> None:
    code = OFFICIAL[name]["code"]
    # In the official client code 11 is ClusterError itself, and the server's answer.
    if name != "ClusterError" and code is not None:
        assert named(name).code == code


@pytest.mark.parametrize("name", OFFICIAL)
def test_is_caught_as_in_the_official_client(name: str) -> None:
    code = OFFICIAL[name]["code"]
    raised = named(name)("") if code is None else error_from_code(code, "")
    for base in (name, *OFFICIAL[name]["bases"]):
        assert isinstance(raised, named(base))


@pytest.mark.parametrize("name", OLDER)
def test_is_caught_as_in_aerospike_py(name: str) -> None:
    for base in OLDER[name]["bases"]:
        assert issubclass(named(name), named(base))


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (-10, "ClusterError"),
        (-8, "ClusterError"),
        (-7, "ClusterError"),
        (-14, "ClusterError"),
        (-12, "AerospikeTimeoutError"),
        (-2, "InvalidArgError"),
        (4, "InvalidArgError"),
        (9, "AerospikeTimeoutError"),
        (15, "QueryAbortedError"),
        (23, "RecordError"),
        (24, "RecordError"),
        (66, "AdminError"),
        (212, "AerospikeTimeoutError"),
        (214, "QueryError"),
    ],
)
def test_code_is_caught_as_in_aerospike_py(code: int, name: str) -> None:
    assert isinstance(error_from_code(code, ""), named(name))


@pytest.mark.parametrize("code", [1, 11, 25, 29, 32, 120, 127, 199, 255])
def test_other_answers_of_the_server_are_server_errors(code: int) -> None:
    error = error_from_code(code, "text")
    assert isinstance(error, exception.ServerError)
    assert error.code == code


@pytest.mark.parametrize("code", [-1, -3, -13, -20, -1000])
def test_other_failures_of_the_client_are_client_errors(code: int) -> None:
    error = error_from_code(code, "text")
    assert type(error) is exception.ClientError
    assert error.code == code


def test_a_failed_connection_is_no_answer_of_the_server() -> None:
    for code in (-6, -7, -8, -10, -11, -14):
        assert not isinstance(error_from_code(code, ""), exception.ServerError)


def test_what_is_not_known_is_none() -> None:
    error = error_from_code(2, "text")
    assert attributes(error) == ("text", 2, False, None, None, None, None)
    assert (error.result_code, error.file, error.line) == (2, None, None)


@pytest.mark.parametrize("cls", CLASSES)
def test_can_be_raised_with_a_text_alone(cls: type[AerospikeError]) -> None:
    with pytest.raises(cls, match="text") as caught:
        raise cls("text")
    assert caught.value.args == ("text",)
    assert caught.value.code == caught.value.result_code == cls.code


@pytest.mark.parametrize("cls", CLASSES)
@pytest.mark.parametrize("args", [(), ("text",), ("", 99), ("text", 99, True), FULL])
def test_survives_copies(cls: type[AerospikeError], args: tuple[Any, ...]) -> None:
    error = cls(*args)
    copies = [cls(*error.args), copy.copy(error), copy.deepcopy(error)]
    copies += [
        pickle.loads(pickle.dumps(error, protocol))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ]
    for other in copies:
        assert type(other) is cls
        assert other.args == error.args
        assert attributes(other) == attributes(error)


def test_keywords_survive_copies() -> None:
    error = exception.RecordNotFound("text", key=("test", "t", "k"), node="BB9")
    assert attributes(exception.RecordNotFound(*error.args)) == attributes(error)


class OrderMissing(exception.RecordNotFound):
    """A user's own exception, with arguments of its own."""

    def __init__(self, order: int) -> None:
        super().__init__(f"order {order}", in_doubt=True)
        self.order = order


def test_subclass_with_other_arguments_survives_copies() -> None:
    error = OrderMissing(5)
    for other in (copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
        assert type(other) is OrderMissing
        assert (other.order, other.msg, other.in_doubt, other.code) == (5, "order 5", True, 2)


def test_subclass_does_not_change_what_a_code_raises() -> None:
    assert OrderMissing.code == 2
    assert type(error_from_code(2, "")) is exception.RecordNotFound


def test_text_names_the_code() -> None:
    error = error_from_code(2, "no such record")
    assert str(error) == "AEROSPIKE_ERR_RECORD_NOT_FOUND (2): no such record"
    assert repr(error) == "RecordNotFound('no such record', code=2)"
    assert str(error_from_code(239, "what")) == "AEROSPIKE_ERR (239): what"
    assert str(exception.RecordNotFound()) == "AEROSPIKE_ERR_RECORD_NOT_FOUND (2)"


def test_text_tells_doubt_node_and_subcode() -> None:
    error = error_from_code(9, "late", in_doubt=True, subcode=4, node="BB9")
    assert str(error) == "AEROSPIKE_ERR_TIMEOUT (9): late [subcode 4] [node BB9] [in_doubt]"
    assert "in_doubt=True" in repr(error)


@pytest.mark.parametrize("name", RENAMED)
def test_names_of_builtins_are_deprecated(name: str) -> None:
    with pytest.warns(DeprecationWarning, match=RENAMED[name]):
        cls = getattr(exception, name)
    assert cls is getattr(aerospike_py, name) is getattr(exception, RENAMED[name])


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="NoSuchError"):
        _ = exception.NoSuchError  # type: ignore[attr-defined]


def test_aliases_are_the_same_class() -> None:
    assert exception.BinIncompatibleType is exception.BinTypeError
