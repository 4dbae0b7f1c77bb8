"""Signatures: of the compiled part, of its stub, and of the client that programs come from."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest

import aerospike_py
from aerospike_py import AsyncClient, Client, _aerospike

STUB = ast.parse(Path(aerospike_py.__file__).with_name("_aerospike.pyi").read_text())
CLASSES = {"Client": Client, "AsyncClient": AsyncClient}

# The verbs that aerospike-py 0.14.4 has as well, with the names and the order of its parameters.
AEROSPIKE_PY = {
    "connect": "username password",
    "is_connected": "",
    "ping": "",
    "close": "",
    "get_node_names": "",
    "info_all": "command policy",
    "info_random_node": "command policy",
    "get": "key policy",
    "select": "key bins policy",
    "exists": "key policy",
    "remove": "key meta policy",
    "touch": "key val meta policy",
    "append": "key bin val meta policy",
    "prepend": "key bin val meta policy",
    "increment": "key bin offset meta policy",
    "remove_bin": "key bin_names meta policy",
    "operate": "key ops meta policy",
    "operate_ordered": "key ops meta policy",
    "batch_read": "keys bins policy",
    "batch_write": "records policy retry",
    "batch_write_numpy": "data namespace set_name _dtype key_field policy retry",
}


def functions(body: list[ast.stmt]) -> list[ast.FunctionDef]:
    return [node for node in body if isinstance(node, ast.FunctionDef)]


def class_of_stub(name: str) -> ast.ClassDef:
    (found,) = (n for n in STUB.body if isinstance(n, ast.ClassDef) and n.name == name)
    return found


def parameters_of_stub(function: ast.FunctionDef) -> list[tuple[str, Any]]:
    """Names with defaults. The stub has neither parameters by keyword only nor variadic ones."""
    arguments = function.args
    assert arguments.posonlyargs + arguments.kwonlyargs == []
    assert arguments.vararg is None
    names = [argument.arg for argument in arguments.args if argument.arg != "self"]
    defaults = [ast.literal_eval(default) for default in arguments.defaults]
    missing = [inspect.Parameter.empty] * (len(names) - len(defaults))
    return list(zip(names, [*missing, *defaults], strict=True))


def parameters(function: Any) -> list[tuple[str, Any]]:
    found = list(inspect.signature(function).parameters.values())
    if found and found[0].name == "self":
        assert found.pop(0).kind is inspect.Parameter.POSITIONAL_ONLY
    assert {parameter.kind for parameter in found} <= {inspect.Parameter.POSITIONAL_OR_KEYWORD}
    return [(parameter.name, parameter.default) for parameter in found]


METHODS = [
    pytest.param(name, function, id=f"{name}.{function.name}")
    for name in CLASSES
    for function in functions(class_of_stub(name).body)
]


@pytest.mark.parametrize(("name", "function"), METHODS)
def test_method_has_the_signature_of_the_stub(name: str, function: ast.FunctionDef) -> None:
    cls = CLASSES[name]
    # As for every class, the signature of __init__ is that of the class.
    method = cls if function.name == "__init__" else getattr(cls, function.name)
    assert parameters(method) == parameters_of_stub(function)


@pytest.mark.parametrize("function", functions(STUB.body), ids=lambda function: function.name)
def test_function_has_the_signature_of_the_stub(function: ast.FunctionDef) -> None:
    assert parameters(getattr(_aerospike, function.name)) == parameters_of_stub(function)


@pytest.mark.parametrize("name", CLASSES)
def test_stub_has_all_methods(name: str) -> None:
    methods = {function.name for function in functions(class_of_stub(name).body)}
    own = {key for key, value in vars(CLASSES[name]).items() if callable(value)}
    assert own - methods <= {"__new__", "__reduce__"}


def test_stub_has_all_names() -> None:
    stubbed = {n.name for n in STUB.body if isinstance(n, ast.ClassDef | ast.FunctionDef)}
    assert {name for name in vars(_aerospike) if not name.startswith("_")} == stubbed


@pytest.mark.parametrize("cls", CLASSES.values())
@pytest.mark.parametrize("verb", AEROSPIKE_PY)
def test_calls_of_aerospike_py_are_understood(cls: Any, verb: str) -> None:
    ours = [name for name, _ in parameters(getattr(cls, verb))]
    assert ours == AEROSPIKE_PY[verb].split()


# Those that take more, as the official client does, after the parameters of aerospike-py.
EXTENDED = {
    "put": "key bins meta policy",
    "batch_operate": "keys ops policy",
    "batch_remove": "keys policy",
    "batch_apply": "keys module function args policy",
}


@pytest.mark.parametrize("cls", CLASSES.values())
@pytest.mark.parametrize("verb", EXTENDED)
def test_calls_with_fewer_arguments_are_understood(cls: Any, verb: str) -> None:
    theirs = EXTENDED[verb].split()
    ours = parameters(getattr(cls, verb))
    assert [name for name, _ in ours[: len(theirs)]] == theirs
    assert [default for _, default in ours[len(theirs) :]] == [None] * (len(ours) - len(theirs))


@pytest.mark.parametrize(
    ("verb", "default"),
    [("connect", None), ("touch", 0), ("info_all", None), ("put", None), ("get", None)],
)
def test_defaults_are_those_of_aerospike_py(verb: str, default: Any) -> None:
    defaults = [value for _, value in parameters(getattr(Client, verb))]
    assert next(value for value in defaults if value is not inspect.Parameter.empty) == default


KEY = ("test", "t", "k")


@pytest.mark.parametrize(
    ("verb", "args", "keywords", "text"),
    [
        ("get", (), {}, "get() missing 1 required positional argument: 'key'"),
        ("put", (KEY,), {}, "put() missing 1 required positional argument: 'bins'"),
        (
            "append",
            (),
            {},
            "append() missing 3 required positional arguments: 'key', 'bin', and 'val'",
        ),
        ("select", (), {}, "select() missing 2 required positional arguments: 'key' and 'bins'"),
        ("get", (KEY, None, None), {}, "get() takes from 1 to 2 positional arguments but 3"),
        ("ping", (1,), {}, "ping() takes 0 positional arguments but 1 was given"),
        ("get", (KEY,), {"polcy": 1}, "get() got an unexpected keyword argument 'polcy'"),
        ("get", (KEY,), {"key": KEY}, "get() got multiple values for argument 'key'"),
        ("get_key_partition_id", KEY, {"é": 1}, "unexpected keyword argument 'é'"),
    ],
)
def test_wrong_arguments_are_told_as_python_does(
    kind: str, config: Any, verb: str, args: Any, keywords: Any, text: str
) -> None:
    client = CLASSES[kind](config)
    with pytest.raises(TypeError) as caught:
        getattr(client, verb)(*args, **keywords)
    assert text in str(caught.value)


@pytest.mark.parametrize("cls", CLASSES.values())
def test_wrong_arguments_of_a_class_are_told(cls: Any, config: Any) -> None:
    name = cls.__name__
    with pytest.raises(TypeError, match=rf"{name}\(\) missing 1 required .* 'config'"):
        cls()
    with pytest.raises(TypeError, match=rf"{name}\(\) takes 1 positional argument but 2"):
        cls(config, config)
    with pytest.raises(TypeError, match=rf"{name}\(\) got an unexpected keyword argument 'cfg'"):
        cls(cfg=config)
    assert not cls(config=config).is_connected()


@pytest.mark.parametrize("cls", CLASSES.values())
def test_names_and_modules(cls: Any) -> None:
    assert cls.__module__ == "aerospike_py"
    assert getattr(aerospike_py, cls.__name__) is cls
    assert "<aerospike_py." in repr(cls({"hosts": [("127.0.0.1", 3000)]}))
