"""The embedded server starts with the records of a file, and writes its records to one."""

from __future__ import annotations

import json
import math
import os
import signal
from pathlib import Path
from typing import Any

import pytest

import aerospike_py
from aerospike_py import hll_operations, list_operations, map_operations
from aerospike_py.testing import EmbeddedServer

SENT: Any = {"key": aerospike_py.POLICY_KEY_SEND}
BINS: dict[str, Any] = {
    "int": -(2**63),
    "big": 2**63 - 1,
    "double": 1.0,
    "tiny": 5e-324,
    "exact": 0.1 + 0.2,
    "zero": -0.0,
    "infinite": -math.inf,
    "text": 'Zoë "quoted"\n\0',
    "bytes": bytes(range(256)),
    "true": True,
    "list": [None, 1, -(2**40), 1.5, "a", b"b", [], {}, [True]],
    "map": {"a": {"b": [1, {"c": None}]}},
    "keys": {1: "one", b"two": 2, "$three": 3},
    "geo": aerospike_py.GeoJSON('{"type":"Point","coordinates":[1.0,2.0]}'),
}


def read(server: EmbeddedServer, key: Any) -> Any:
    with aerospike_py.client(server.config()) as client:
        return client.get(key)


def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    key, named, plain = ("test", "s", "all"), ("test", "s", b"\1\2"), ("test", None, 5)
    with (
        EmbeddedServer(snapshot=first) as server,
        aerospike_py.client(server.config()) as client,
    ):
        client.put(key, BINS, policy=SENT)
        client.put(key, {"nan": math.nan})
        client.operate(
            key,
            [
                list_operations.list_append("ordered", 2, {"list_order": 1}),
                list_operations.list_append("ordered", 1, {"list_order": 1}),
                map_operations.map_put("sorted", "b", 1, {"map_order": 1}),
                map_operations.map_put("sorted", "a", 2, {"map_order": 1}),
                hll_operations.hll_add("hll", ["a", "b"], 8),
            ],
        )
        client.touch(key, 5000)
        client.put(named, {"a": 1}, policy=SENT)
        client.put(plain, {"a": 2})
        before = client.get(key)
    with EmbeddedServer(load=str(first), snapshot=str(second)) as server:
        after = read(server, key)
        assert math.isnan(after.bins.pop("nan"))
        assert math.isnan(before.bins.pop("nan"))
        assert after.bins == before.bins
        assert {name: type(value) for name, value in after.bins.items()} == {
            name: type(value) for name, value in before.bins.items()
        }
        assert math.copysign(1, after.bins["zero"]) == -1
        assert after.meta.gen == before.meta.gen
        assert 4900 <= after.meta.ttl <= 5000
        assert read(server, named).bins == {"a": 1}
        assert read(server, plain).bins == {"a": 2}
    shown = [json.loads(path.read_text()) for path in (first, second)]
    assert [len(records) for records in shown] == [3, 3]
    for records in shown:
        for record in records:
            record.pop("ttl", None)
    assert shown[0] == shown[1]
    (whole,) = (record for record in shown[0] if record.get("key") == "all")
    assert whole["bins"]["ordered"] == {"$list": [1, 2], "$order": "ordered"}
    assert whole["bins"]["sorted"] == {"$map": [["a", 2], ["b", 1]], "$order": "key"}
    (unnamed,) = (record for record in shown[0] if "key" not in record)
    assert unnamed["digest"] == aerospike_py.calc_digest(*plain).hex()


def test_a_file_written_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "people.json"
    path.write_text(
        """
        [
          {"namespace": "test", "set": "people", "key": "ada",
           "bins": {"born": 1815, "tags": ["a", {"$bytes": "AQI="}]}},
          {"namespace": "test", "key": 7, "bins": {"share": 0.5}, "generation": 3, "ttl": 60}
        ]
        """
    )
    with EmbeddedServer(load=path) as server:
        assert read(server, ("test", "people", "ada")).bins == {
            "born": 1815,
            "tags": ["a", b"\1\2"],
        }
        record = read(server, ("test", None, 7))
        assert (record.bins, record.meta.gen) == ({"share": 0.5}, 3)


def test_a_file_that_grows_from_run_to_run(tmp_path: Path) -> None:
    path = tmp_path / "all.json"
    path.write_text("[]")
    for number in range(3):
        with (
            EmbeddedServer(load=path, snapshot=path) as server,
            aerospike_py.client(server.config()) as client,
        ):
            client.put(("test", "runs", number), {"a": number}, policy=SENT)
    keys = [record["key"] for record in json.loads(path.read_text())]
    assert sorted(keys) == [0, 1, 2]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_a_clean_end(tmp_path: Path, number: int) -> None:
    path = tmp_path / "all.json"
    server = EmbeddedServer(snapshot=path).start()
    with aerospike_py.client(server.config()) as client:
        client.put(("test", "s", 1), {"a": 1})
    os.kill(server.pid, number)
    os.waitid(os.P_PID, server.pid, os.WEXITED | os.WNOWAIT)
    server.stop()
    assert len(json.loads(path.read_text())) == 1


RECORD = '{"namespace": "test", "key": 1, "bins": {"a": 1}}'


def record(**fields: Any) -> str:
    whole = {**json.loads(RECORD), **fields}
    return json.dumps({name: value for name, value in whole.items() if value is not ...})


MODULE = "function double(record, name) return 2 * record[name] end"


def test_indexes_and_modules_come_back(tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    source = tmp_path / "numbers.lua"
    source.write_text(MODULE)
    key = ("test", "people", "ada")
    with EmbeddedServer(snapshot=first) as server, aerospike_py.client(server.config()) as client:
        client.put(key, {"born": 1815, "tags": ["math"]})
        client.index_integer_create("test", "people", "born", "by_birth")
        client.index_list_create("test", "people", "tags", aerospike_py.INDEX_STRING, "by_tag")
        client.udf_put(str(source))
    with (
        EmbeddedServer(load=first, snapshot=second) as server,
        aerospike_py.client(server.config()) as client,
    ):
        assert client.apply(key, "numbers", "double", ["born"]) == 3630
        query = client.query("test", "people")
        query.where(aerospike_py.predicates.between("born", 1800, 1900))
        assert [record.bins["born"] for record in query.results()] == [1815]
        assert "by_tag" in client.info_random_node("sindex-list:")
    assert first.read_text() == second.read_text()


INDEX = {"namespace": "test", "index": "i", "bin": "b", "type": "numeric"}


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ({**INDEX, "type": "number"}, "bad 'type' - must be one of"),
        ({**INDEX, "bins": "b"}, '"bins" is none of namespace, index, set'),
        ({**INDEX, "bin": "b;type=string"}, '"bin": "b;type=string" has a ; in it'),
        ({**INDEX, "namespace": "other"}, '"namespace": "other" is not served'),
        ({"module": "m.lua", "source": "function"}, "m.lua, line 1: "),
        ({"module": "m.py", "source": ""}, '"m.py" is no name of a file of Lua'),
        ({"module": "m.lua"}, '"source" is missing'),
    ],
    ids=repr,
)
def test_a_bad_index_or_module_is_told(tmp_path: Path, item: Any, told: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(json.dumps([item]))
    with pytest.raises(RuntimeError) as caught:
        EmbeddedServer(load=path).start()
    assert f"{path}: line 1: " in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: not an array of records"),
        ("{}", "line 1: not an array of records"),
        ("[\n\n", "line 3: the file ends where a record should be"),
        (f"[{RECORD}", "line 1: a record must be followed by , or ]"),
        (f"[{RECORD}]\n\n[]", "line 3: there is more after the array"),
        (f"[{RECORD},\n  {{'a': 1}}]", "line 2: key must be a string"),
        (f"[{RECORD},\n 5]", "line 2: "),
        (f"[{RECORD},\n\n{record(bin={})}]", 'line 3: "bin" is none of namespace, set, key'),
        (f"[{record(namespace=...)}]", '"namespace" is missing'),
        (f"[{record(namespace='other')}]", '"namespace": "other" is not served'),
        (f"[{record(set=1)}]", '"set": 1 is no string'),
        (f"[{record(set='s' * 64)}]", '"set": Parameter'),
        (f"[{record(key=...)}]", '"key" or "digest" is missing'),
        (f"[{record(key=1.5)}]", '"key": 1.5 is no integer'),
        (f"[{record(digest='0g' * 20)}]", "is not 40 hexadecimal digits"),
        (f"[{record(ttl=0)}]", '"ttl": 0 is no number from 1'),
        (f"[{record(generation=65536)}]", '"generation": 65536 is no number from 1 to 65535'),
        (f"[{record(bins={})}]", '"bins" must be an object of at least one bin'),
        (f"[{record(bins={'b' * 16: 1})}]", "the name has more than 15 bytes"),
        (f"[{record(bins={'b': None})}]", 'bin "b": null is no value of a bin'),
        (f"[{record(bins={'b': 2**63})}]", 'bin "b": 9223372036854775808 is more than'),
        (f"[{record(bins={'b': [{'$bytes': '?'}]})}]", "not what $bytes may have"),
        (f"[{record(bins={'b': {'$byte': ''}})}]", "not what $byte may have"),
        (f"[{record(bins={'b': {'a': 1, '$b': 2}})}]", "not what $b may have"),
        (f"[{record(bins={'b': {'$geo': 'nowhere'}})}]", "can't be stored: InvalidGeoJson"),
        (f"[{record(bins={'b': 'x' * 2**20})}]", "can't be stored: RecordTooBig"),
    ],
    ids=lambda value: None if len(value) < 60 else value[-30:],
)
def test_a_bad_file_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(RuntimeError) as caught:
        EmbeddedServer(load=path).start()
    assert f"{path}: line " in str(caught.value)
    assert told in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"missing\.json: No such file"):
        EmbeddedServer(load=tmp_path / "missing.json").start()
