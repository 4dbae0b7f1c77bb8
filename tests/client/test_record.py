"""The verbs on one record do what their names say, and fail as they should."""

from __future__ import annotations

import contextlib
import copy
from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import exception
from aerospike_py.types import AerospikeKey, ExistsResult, Record, RecordMetadata
from support.both import connected
from support.proxy import Proxy

NEVER = 0xFFFFFFFF


def bins_of(client: Any, key: Any) -> Any:
    return client.get(key).bins


# --- get, select, exists ----------------------------------------------------------------------


def test_get_returns_what_put_wrote(either: Any, key: Any) -> None:
    assert either.put(key, {"name": "Ada", "age": 36}) is None
    record = either.get(key)
    assert type(record) is Record
    assert type(record.key) is AerospikeKey
    assert type(record.meta) is RecordMetadata
    assert record.key == (*key, aero.calc_digest(*key))
    assert record.meta == (1, NEVER)
    assert record.bins == {"name": "Ada", "age": 36}
    _, meta, bins = record
    assert (meta.gen, bins["age"]) == (1, 36)


def test_get_without_a_record_is_not_found(either: Any, client: Any, key: Any) -> None:
    with pytest.raises(exception.RecordNotFound) as caught:
        either.get(key)
    error = caught.value
    assert (error.code, error.result_code, error.in_doubt) == (2, 2, False)
    assert error.key[:3] == key
    assert error.node in client.get_node_names()
    assert error.iterations == 1
    assert str(error).startswith("AEROSPIKE_ERR_RECORD_NOT_FOUND (2)")


def test_select_returns_the_bins_that_are_there(either: Any, key: Any) -> None:
    either.put(key, {"a": 1, "b": 2, "c": 3})
    record = either.select(key, ["a", "c", "none"])
    assert type(record) is Record
    assert record.bins == {"a": 1, "c": 3}
    assert record.meta.gen == 1
    assert either.select(key, ("b",)).bins == {"b": 2}
    assert either.select(key, ["none"]).bins == {}


def test_select_without_a_record_is_not_found(either: Any, key: Any) -> None:
    with pytest.raises(exception.RecordNotFound):
        either.select(key, ["a"])


def test_exists_tells_generation_and_time_to_live(either: Any, key: Any) -> None:
    missing = either.exists(key)
    assert type(missing) is ExistsResult
    assert missing == (missing.key, None)
    assert missing.key.user_key == key[2]
    either.put(key, {"a": 1})
    either.put(key, {"a": 2})
    assert either.exists(key).meta == (2, NEVER)


# --- keys -------------------------------------------------------------------------------------


@pytest.mark.parametrize("user_key", ["text", "é日本😀", "", 0, -1, 2**63 - 1, -(2**63), b"\0\xff"])
def test_user_keys_of_every_type(either: Any, user_key: Any) -> None:
    key = ("test", "t", user_key)
    either.put(key, {"a": 1})
    assert either.get(key).key.user_key == user_key
    either.remove(key)


def test_keys_of_different_types_are_different_records(either: Any) -> None:
    keys = [("test", "t", "1"), ("test", "t", 1), ("test", "t", bytearray(b"1"))]
    keys += [("test", None, "1"), ("test", "other", "1")]
    for number, key in enumerate(keys):
        either.put(key, {"number": number})
    assert [bins_of(either, key)["number"] for key in keys] == [0, 1, 2, 3, 4]
    for key in keys:
        either.remove(key)


def test_set_may_be_none(either: Any) -> None:
    key = ("test", None, "in no set")
    either.put(key, {"a": 1})
    record = either.get(key)
    assert record.bins == {"a": 1}
    assert record.key.user_key == "in no set"
    either.remove(key)


def test_digest_stands_for_the_user_key(either: Any, key: Any) -> None:
    either.put(key, {"a": 1})
    digest = aero.calc_digest(*key)
    for with_digest in (("test", "t", None, digest), ("test", "t", None, bytearray(digest))):
        record = either.get(with_digest)
        assert record.bins == {"a": 1}
        assert record.key.digest == digest


@pytest.mark.parametrize(
    ("wrong", "raised", "names"),
    [
        ("key", TypeError, "key"),
        (("test", "t"), (TypeError, ValueError), "key"),
        (("test", "t", "k", b"x" * 20, 5), (TypeError, ValueError), "key"),
        ((1, "t", "k"), TypeError, "namespace"),
        (("test", 1, "k"), TypeError, "set"),
        (("test", "t", 1.5), TypeError, "float"),
        (("test", "t", None), (TypeError, ValueError), "key"),
        (("test", "t", 2**63), OverflowError, "9223372036854775807"),
        (("test", "t", None, b"short"), ValueError, "20"),
        (("test", "t", None, "x" * 20), TypeError, "digest"),
    ],
)
def test_wrong_keys_are_refused(either: Any, wrong: Any, raised: Any, names: str) -> None:
    with pytest.raises(raised, match=names):
        either.get(wrong)


# --- put --------------------------------------------------------------------------------------


def test_put_keeps_the_other_bins(either: Any, key: Any) -> None:
    either.put(key, {"a": 1, "b": 2})
    either.put(key, {"b": 3, "c": 4})
    record = either.get(key)
    assert (record.bins, record.meta.gen) == ({"a": 1, "b": 3, "c": 4}, 2)


def test_none_removes_a_bin_and_the_last_one_the_record(either: Any, key: Any) -> None:
    either.put(key, {"a": 1, "b": 2})
    either.put(key, {"a": None})
    assert bins_of(either, key) == {"b": 2}
    either.put(key, {"b": None})
    assert either.exists(key).meta is None


def test_unknown_namespace_is_told(either: Any) -> None:
    with pytest.raises(exception.AerospikeError) as caught:
        either.put(("nowhere", "t", "k"), {"a": 1})
    assert "nowhere" in str(caught.value)
    assert caught.value.in_doubt is False


@pytest.mark.parametrize(("name", "told"), [("", "empty"), ("x" * 16, "15"), ("é" * 8, "15")])
def test_bin_names_have_1_to_15_bytes(either: Any, key: Any, name: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        either.put(key, {name: 1})
    with pytest.raises(ValueError, match=told):
        either.select(key, [name])
    either.put(key, {"x" * 15: 1})


# --- conditions -------------------------------------------------------------------------------

EXISTS = [
    ("POLICY_EXISTS_IGNORE", None, {"b": 2}, {"a": 1, "b": 2}),
    ("POLICY_EXISTS_UPDATE_ONLY", exception.RecordNotFound, None, {"a": 1, "b": 2}),
    ("POLICY_EXISTS_CREATE_OR_REPLACE", None, {"b": 2}, {"b": 2}),
    ("POLICY_EXISTS_REPLACE_ONLY", exception.RecordNotFound, None, {"b": 2}),
    ("POLICY_EXISTS_CREATE_ONLY", None, {"b": 2}, exception.RecordExistsError),
]


def outcome(client: Any, key: Any, **how: Any) -> Any:
    """The bins after a put, or the class of what it raised."""
    try:
        client.put(key, {"b": 2}, **how)
    except exception.AerospikeError as error:
        return type(error)
    return bins_of(client, key)


@pytest.mark.parametrize("where", ["policy", "meta"])
@pytest.mark.parametrize(("name", "refused", "created", "changed"), EXISTS)
def test_exists_policy(
    either: Any, key: Any, where: str, name: str, refused: Any, created: Any, changed: Any
) -> None:
    how = {where: {"exists": getattr(aero, name)}}
    assert outcome(either, key, **how) == (refused or created)
    with contextlib.suppress(exception.RecordNotFound):
        either.remove(key)
    either.put(key, {"a": 1})
    assert outcome(either, key, **how) == changed


def test_generation_in_meta_must_be_the_records(either: Any, key: Any) -> None:
    either.put(key, {"a": 1})
    either.put(key, {"a": 2}, meta={"gen": 1})
    with pytest.raises(exception.RecordGenerationError) as caught:
        either.put(key, {"a": 3}, meta={"gen": 1})
    assert (caught.value.code, caught.value.in_doubt) == (3, False)
    assert either.get(key).meta.gen == 2
    either.put(key, {"a": 3}, {"gen": 1}, {"gen": aero.POLICY_GEN_IGNORE})
    assert either.get(key).meta.gen == 3


def test_generation_may_have_to_be_greater(either: Any, key: Any) -> None:
    greater = {"gen": aero.POLICY_GEN_GT}
    either.put(key, {"a": 1})
    with pytest.raises(exception.RecordGenerationError):
        either.put(key, {"a": 2}, {"gen": 1}, greater)
    either.put(key, {"a": 2}, {"gen": 2}, greater)
    assert bins_of(either, key) == {"a": 2}


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("put", ({"a": 2},)),
        ("touch", (0,)),
        ("increment", ("a", 1)),
        ("append", ("s", "x")),
        ("prepend", ("s", "x")),
        ("remove_bin", (["a"],)),
        ("remove", ()),
        ("operate", ([{"op": aero.OPERATOR_INCR, "bin": "a", "val": 1}],)),
        ("operate_ordered", ([{"op": aero.OPERATOR_INCR, "bin": "a", "val": 1}],)),
    ],
)
def test_every_write_minds_the_generation(either: Any, key: Any, verb: str, args: Any) -> None:
    either.put(key, {"a": 1, "s": "s"})
    with pytest.raises(exception.RecordGenerationError):
        getattr(either, verb)(key, *args, meta={"gen": 9})
    assert either.get(key).meta.gen == 1
    getattr(either, verb)(key, *args, meta={"gen": 1})
    assert either.exists(key).meta is None or either.get(key).meta.gen == 2


# --- time to live -----------------------------------------------------------------------------


def seconds_left(client: Any, key: Any) -> int:
    ttl: int = client.exists(key).meta.ttl
    return ttl


@pytest.mark.parametrize("how", [{"meta": {"ttl": 1000}}, {"policy": {"ttl": 1000}}])
def test_time_to_live_is_in_seconds(either: Any, key: Any, how: Any) -> None:
    either.put(key, {"a": 1}, **how)
    assert 900 < seconds_left(either, key) <= 1000


def test_time_to_live_of_the_policy_wins_unless_it_leaves_the_choice(either: Any, key: Any) -> None:
    either.put(key, {"a": 1}, {"ttl": 5000}, {"ttl": 1000})
    assert seconds_left(either, key) <= 1000
    either.put(key, {"a": 1}, {"ttl": 5000}, {"ttl": aero.TTL_CLIENT_DEFAULT})
    assert 1000 < seconds_left(either, key) <= 5000


def test_special_times_to_live(either: Any, key: Any) -> None:
    either.put(key, {"a": 1}, {"ttl": 1000})
    either.put(key, {"a": 2}, {"ttl": aero.TTL_DONT_UPDATE})
    assert seconds_left(either, key) <= 1000
    either.put(key, {"a": 3}, {"ttl": aero.TTL_NEVER_EXPIRE})
    assert seconds_left(either, key) == NEVER


@pytest.mark.parametrize("ttl", [-4, 2**32, "1", 1.5])
def test_wrong_times_to_live_are_refused(either: Any, key: Any, ttl: Any) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError), match="ttl"):
        either.put(key, {"a": 1}, {"ttl": ttl})
    with pytest.raises((TypeError, ValueError, OverflowError), match="val"):
        either.touch(key, ttl)


def test_touch_renews_the_time_to_live(either: Any, key: Any) -> None:
    either.put(key, {"a": 1}, {"ttl": 100})
    assert either.touch(key, 5000) is None
    assert 4000 < seconds_left(either, key) <= 5000
    either.touch(key, meta={"ttl": 9000})
    assert 8000 < seconds_left(either, key) <= 9000
    assert either.get(key).meta.gen == 3
    assert bins_of(either, key) == {"a": 1}


def test_touch_without_a_record_is_not_found(either: Any, key: Any) -> None:
    with pytest.raises(exception.RecordNotFound):
        either.touch(key, 10)


# --- remove, remove_bin -----------------------------------------------------------------------


def test_remove_removes(either: Any, key: Any) -> None:
    either.put(key, {"a": 1})
    assert either.remove(key) is None
    assert either.exists(key).meta is None
    with pytest.raises(exception.RecordNotFound) as caught:
        either.remove(key)
    assert caught.value.key[:3] == key


def test_remove_bin_removes_those_that_are_there(either: Any, key: Any) -> None:
    either.put(key, {"a": 1, "b": 2, "c": 3})
    assert either.remove_bin(key, ["a", "none"]) is None
    assert bins_of(either, key) == {"b": 2, "c": 3}
    either.remove_bin(key, ["b", "c"])
    assert either.exists(key).meta is None
    with pytest.raises(exception.RecordNotFound):
        either.remove_bin(key, ["a"])


# --- append, prepend, increment ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "more", "appended", "prepended"),
    [
        ("b", "c", "bc", "cb"),
        ("é", "日", "é日", "日é"),
        (b"b", b"c", b"bc", b"cb"),
        (b"b", bytearray(b"c"), b"bc", b"cb"),
    ],
)
def test_append_and_prepend(
    either: Any, key: Any, first: Any, more: Any, appended: Any, prepended: Any
) -> None:
    either.put(key, {"end": first, "start": first})
    assert either.append(key, "end", more) is None
    assert either.prepend(key, "start", more) is None
    assert bins_of(either, key) == {"end": appended, "start": prepended}


@pytest.mark.parametrize(
    ("first", "offset", "sum_"),
    [(40, 2, 42), (1, -3, -2), (0.5, 0.25, 0.75), (2**62, 1, 2**62 + 1)],
)
def test_increment_adds(either: Any, key: Any, first: Any, offset: Any, sum_: Any) -> None:
    either.put(key, {"n": first})
    assert either.increment(key, "n", offset) is None
    total = bins_of(either, key)["n"]
    assert (total, type(total)) == (sum_, type(sum_))


@pytest.mark.parametrize(
    ("verb", "value"),
    [("append", "x"), ("prepend", b"x"), ("increment", 5), ("increment", 0.5)],
)
def test_what_is_not_there_is_created(either: Any, key: Any, verb: str, value: Any) -> None:
    getattr(either, verb)(key, "new", value)
    assert bins_of(either, key) == {"new": value}


@pytest.mark.parametrize(
    ("verb", "value"),
    [("append", "x"), ("prepend", b"x"), ("increment", 0.5)],
)
def test_other_types_do_not_mix(either: Any, key: Any, verb: str, value: Any) -> None:
    either.put(key, {"n": 1})
    with pytest.raises(exception.BinTypeError) as caught:
        getattr(either, verb)(key, "n", value)
    assert (caught.value.code, caught.value.in_doubt) == (12, False)
    assert either.get(key).meta.gen == 1


@pytest.mark.parametrize(
    ("verb", "value"),
    [
        ("append", 1),
        ("append", ["x"]),
        ("append", None),
        ("prepend", 1.5),
        ("increment", "1"),
        ("increment", True),
        ("increment", None),
    ],
)
def test_values_of_wrong_types_are_refused(either: Any, key: Any, verb: str, value: Any) -> None:
    with pytest.raises(TypeError, match=type(value).__name__):
        getattr(either, verb)(key, "a", value)
    assert either.exists(key).meta is None


# --- policies ---------------------------------------------------------------------------------

VERBS: list[tuple[str, tuple[Any, ...]]] = [
    ("get", ()),
    ("select", (["a"],)),
    ("exists", ()),
    ("put", ({"a": 1},)),
    ("touch", ()),
    ("append", ("s", "x")),
    ("prepend", ("s", "x")),
    ("increment", ("n", 1)),
    ("remove_bin", (["a"],)),
    ("operate", ([{"op": aero.OPERATOR_READ, "bin": "a"}],)),
    ("operate_ordered", ([{"op": aero.OPERATOR_READ, "bin": "a"}],)),
    ("remove", ()),
]
WRITES = [verb for verb, _ in VERBS if verb not in ("get", "select", "exists")]


@pytest.mark.parametrize(("verb", "args"), VERBS)
@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ({"total_timeuot": 100}, "total_timeuot"),
        ({"total_timeout": "100"}, "total_timeout"),
        ({"total_timeout": -1}, "total_timeout"),
        ({"key": 99}, "key"),
        ({"filter_expression": {"no": "expression"}}, "filter_expression"),
        ({3: 4}, "policy must be str, not int"),
        ("policy", "policy must be a dict, not str"),
    ],
    ids=repr,
)
def test_every_verb_refuses_a_wrong_policy(
    either: Any, key: Any, verb: str, args: Any, policy: Any, told: str
) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError, NotImplementedError), match=told):
        getattr(either, verb)(key, *args, policy=policy)
    assert either.exists(key).meta is None


@pytest.mark.parametrize(("verb", "args"), [row for row in VERBS if row[0] in WRITES])
@pytest.mark.parametrize("meta", [{"generation": 1}, {"gen": "1"}, {"gen": 70000}, 5], ids=repr)
def test_every_write_refuses_a_wrong_meta(
    either: Any, key: Any, verb: str, args: Any, meta: Any
) -> None:
    named = next(iter(meta)) if isinstance(meta, dict) else "meta"
    with pytest.raises((TypeError, ValueError, OverflowError), match=named):
        getattr(either, verb)(key, *args, meta=meta)
    assert either.exists(key).meta is None


@pytest.mark.parametrize(("verb", "args"), VERBS)
def test_a_call_that_runs_out_of_time_tells_whether_it_is_in_doubt(
    kind: str, proxy: Proxy, client: Any, key: Any, verb: str, args: Any
) -> None:
    client.put(key, {"a": 1, "s": "s"})
    with connected(kind, {"hosts": proxy.hosts}) as slow:
        proxy.hold()
        # Time may run out before anything is sent, and then nothing is in doubt.
        while not proxy.held:
            with pytest.raises(exception.AerospikeTimeoutError) as caught:
                getattr(slow, verb)(key, *args, policy={"total_timeout": 50, "max_retries": 0})
        error = caught.value
        only_reads = verb not in WRITES or args == ([{"op": aero.OPERATOR_READ, "bin": "a"}],)
        assert error.in_doubt is not only_reads
        assert error.key[:3] == key
        assert error.node in client.get_node_names()
        proxy.release()
        assert slow.ping()


def test_policies_of_the_configuration_are_the_defaults(kind: str, config: Any, key: Any) -> None:
    policies = {
        "write": {"exists": aero.POLICY_EXISTS_CREATE_ONLY},
        "operate": {"key": aero.POLICY_KEY_SEND},
    }
    with connected(kind, {**config, "policies": policies}) as client:
        client.put(key, {"a": 1})
        with pytest.raises(exception.RecordExistsError):
            client.put(key, {"a": 2})
        client.put(key, {"a": 2}, policy={"exists": aero.POLICY_EXISTS_IGNORE})
        assert bins_of(client, key) == {"a": 2}


# --- digests ----------------------------------------------------------------------------------

DIGESTS = [
    # What the official client computes.
    (("test", "demo", "k"), "ddbd526bc5517c4d1bd6d5ddc0bb36044a932dcd", 3549),
    (("other", "demo", "k"), "ddbd526bc5517c4d1bd6d5ddc0bb36044a932dcd", 3549),
    (("test", "", "k"), "6896afa4f6819bd9a44dcae9c021ec0364d2662a", 1640),
    (("test", None, "k"), "6896afa4f6819bd9a44dcae9c021ec0364d2662a", 1640),
    (("test", "é", "日本😀"), "9a6b513d19db94b3098ae046a0ed2e10e698423c", 2970),
    (("test", "demo", ""), "6253653507ba82c3f57c87af2f86d39033149e0c", 866),
    (("test", "demo", "x" * 300), "932f1c2a2cdbd28ddc102c9a5b5380a768146d40", 3987),
    (("test", "demo", 1), "b7f4b83889e2da67de683e1df6919a1eacc446c8", 1207),
    (("test", "demo", 0), "ceded27492b392e0232514bb54a8ec2076acef37", 3790),
    (("test", "demo", -1), "e9d49a24c3debdc5a6d551d3e7087999a263bb97", 1257),
    (("test", "demo", 2**63 - 1), "6964c1df0d52acf332aef2bfdd54ba366285d051", 1129),
    (("test", "demo", -(2**63)), "ed1e7c46ae5e7ece2d07934101b63291bf9a3606", 3821),
    (("test", "demo", bytearray(b"\0\1\xff")), "6795de8aab179c91914537ea4ef8aeb707b14ec8", 1383),
]


@pytest.mark.parametrize(("key", "digest", "partition"), DIGESTS)
def test_digests_and_partitions_are_the_servers(
    either: Any, key: Any, digest: str, partition: int
) -> None:
    assert aero.calc_digest(*key) == bytes.fromhex(digest)
    assert aero.get_partition_id(bytes.fromhex(digest)) == partition
    assert either.get_key_partition_id(*key) == partition


def test_results_are_tuples_in_every_respect(either: Any, key: Any) -> None:
    either.put(key, {"a": 1})
    record = either.get(key)
    assert hash(record.key) == hash(tuple(record.key))
    assert record.key == tuple(record.key)
    assert {record.meta: 1}[tuple(record.meta)] == 1
    assert record._replace(bins=None)[1] == record.meta
    assert copy.deepcopy(record) == record
