"""Policies do what their keys say; a key or a value that is not permitted is refused at once."""

from __future__ import annotations

from typing import Any

import pytest

import aerospike_py as aero
from aerospike_py import exception, exp
from support.both import connected

# Each key that policies of all commands on records have, with values that are permitted.
OF_ALL: dict[str, list[Any]] = {
    "total_timeout": [0, 1000],
    "socket_timeout": [0, 30000],
    "connect_timeout": [0],
    "timeout_delay": [0, 3000],
    "max_retries": [0, 5],
    "sleep_between_retries": [0, 10],
    "sleep_multiplier": [1, 1.0, 2.5],
    "compress": [False],
    "error_detail_verbosity": [
        aero.ERROR_DETAIL_NONE,
        aero.ERROR_DETAIL_SUBCODE,
        aero.ERROR_DETAIL_MESSAGE,
        aero.ERROR_DETAIL_EXP_TRACE,
    ],
    "filter_expression": [None, exp.not_(exp.is_tombstone())],
    "expressions": [None, exp.from_base64(exp.lt(exp.ttl(), 2**40).base64())],
    "txn": [None],
    "key": [aero.POLICY_KEY_DIGEST, aero.POLICY_KEY_SEND],
    "replica": [
        aero.POLICY_REPLICA_MASTER,
        aero.POLICY_REPLICA_ANY,
        aero.POLICY_REPLICA_SEQUENCE,
        aero.POLICY_REPLICA_RANDOM,
    ],
    "read_mode_ap": [aero.POLICY_READ_MODE_AP_ONE, aero.POLICY_READ_MODE_AP_ALL],
    "read_mode_sc": [
        aero.POLICY_READ_MODE_SC_SESSION,
        aero.POLICY_READ_MODE_SC_LINEARIZE,
        aero.POLICY_READ_MODE_SC_ALLOW_REPLICA,
        aero.POLICY_READ_MODE_SC_ALLOW_UNAVAILABLE,
    ],
    "read_touch_ttl_percent": [
        aero.READ_TOUCH_TTL_PERCENT_SERVER_DEFAULT,
        aero.READ_TOUCH_TTL_PERCENT_DONT_RESET,
        1,
        100,
    ],
    "deserialize": [True],
}
OF_WRITES: dict[str, list[Any]] = {
    "exists": [aero.POLICY_EXISTS_IGNORE, aero.POLICY_EXISTS_UPDATE, aero.POLICY_EXISTS_REPLACE],
    "gen": [aero.POLICY_GEN_IGNORE],
    "generation": [0, 65535],
    "commit_level": [aero.POLICY_COMMIT_LEVEL_ALL, aero.POLICY_COMMIT_LEVEL_MASTER],
    "durable_delete": [False],
    "ttl": [
        aero.TTL_NAMESPACE_DEFAULT,
        aero.TTL_NEVER_EXPIRE,
        aero.TTL_DONT_UPDATE,
        aero.TTL_CLIENT_DEFAULT,
        0xFFFFFFFF,
        0xFFFFFFFE,
        0xFFFFFFFD,
        1,
    ],
    "on_locking_only": [False],
    "wrap_integers": [True, False],
    "compression_threshold": [0],
}
PERMITTED_IN_READS = [(key, value) for key, values in OF_ALL.items() for value in values]
PERMITTED_IN_WRITES = PERMITTED_IN_READS + [
    (key, value) for key, values in OF_WRITES.items() for value in values
]

# Each with what the error tells.
REFUSED_IN_READS: list[tuple[dict[Any, Any], type[Exception], str]] = [
    ({"total_timeout": "1"}, TypeError, '"total_timeout" must be int, not str'),
    ({"total_timeout": True}, TypeError, '"total_timeout" must be int, not bool'),
    ({"total_timeout": 1.5}, TypeError, '"total_timeout" must be int, not float'),
    ({"total_timeout": None}, TypeError, '"total_timeout" must be int, not NoneType'),
    ({"total_timeout": -1}, ValueError, '"total_timeout" must be from 0 .*, not -1'),
    ({"total_timeout": 2**32}, ValueError, '"total_timeout" must be .*, not 4294967296'),
    ({"total_timeout": 2**64}, ValueError, '"total_timeout" must be .*, not 18446744073709551616'),
    ({"socket_timeout": -1}, ValueError, '"socket_timeout"'),
    ({"connect_timeout": 100}, ValueError, '"connect_timeout": .* in the configuration'),
    ({"timeout_delay": -1}, ValueError, '"timeout_delay"'),
    ({"max_retries": -1}, ValueError, '"max_retries" must be from 0 .*, not -1'),
    ({"sleep_between_retries": -1}, ValueError, '"sleep_between_retries"'),
    ({"sleep_multiplier": 0.5}, ValueError, '"sleep_multiplier" must be .* from 1.0, not 0.5'),
    ({"sleep_multiplier": float("nan")}, ValueError, '"sleep_multiplier".* not nan'),
    ({"sleep_multiplier": "2"}, TypeError, '"sleep_multiplier" must be float, not str'),
    ({"compress": 1}, TypeError, '"compress" must be bool, not int'),
    ({"error_detail_verbosity": 4}, ValueError, '"error_detail_verbosity".* 0 to 3, not 4'),
    ({"filter_expression": {"op": 1}}, TypeError, "must be an Expression.* not dict"),
    ({"expressions": b"compiled"}, TypeError, "must be an Expression.* not bytes"),
    ({"expressions": exp.int_bin("a")}, TypeError, "an expression of type bool, not int"),
    ({"txn": ...}, TypeError, "must be a Transaction or None, not ellipsis"),
    ({"key": 2}, ValueError, r'"key" must be one of POLICY_KEY_DIGEST \(0\), .*, not 2'),
    ({"replica": 5}, ValueError, r"POLICY_REPLICA_RANDOM \(4\), not 5"),
    ({"replica": "sequence"}, TypeError, '"replica" must be int, not str'),
    ({"read_mode_ap": 2}, ValueError, r"POLICY_READ_MODE_AP_ALL \(1\), not 2"),
    ({"read_mode_sc": -1}, ValueError, r"POLICY_READ_MODE_SC_SESSION \(0\), .*, not -1"),
    ({"read_touch_ttl_percent": 101}, ValueError, "from -1 to 100, not 101"),
    ({"read_touch_ttl_percent": -2}, ValueError, "from -1 to 100, not -2"),
    ({"deserialize": False}, ValueError, '"deserialize"'),
    ({"deserialize": None}, TypeError, '"deserialize" must be bool, not NoneType'),
    ({"total_timout": 1}, ValueError, 'unknown key "total_timout".* mean "total_timeout"'),
    ({"timeout": 1}, ValueError, 'unknown key "timeout".*"total_timeout"'),
    ({"MAX_RETRIES": 1}, ValueError, 'mean "max_retries"'),
    (
        {"foo": 1},
        ValueError,
        r'unknown key "foo"\. Permitted are: .*compress, .*, (txn|wrap_integers)$',
    ),
    ({"": 1}, ValueError, 'unknown key ""'),
    ({"\ud800": 1}, ValueError, "surrogate"),
    ({1: 1}, TypeError, "keys of policy must be str, not int"),
]
REFUSED_IN_WRITES: list[tuple[dict[Any, Any], type[Exception], str]] = [
    ({"exists": 5}, ValueError, r"POLICY_EXISTS_CREATE_ONLY \(4\), not 5"),
    ({"exists": "create"}, TypeError, '"exists" must be int, not str'),
    ({"gen": 3}, ValueError, r"POLICY_GEN_GT \(2\), not 3"),
    ({"generation": 65536}, ValueError, "from 0 to 65535, not 65536"),
    ({"commit_level": 2}, ValueError, r"POLICY_COMMIT_LEVEL_MASTER \(1\), not 2"),
    ({"durable_delete": 1}, TypeError, '"durable_delete" must be bool, not int'),
    ({"ttl": -4}, ValueError, r"TTL_CLIENT_DEFAULT \(-3\), not -4"),
    ({"ttl": 2**32}, ValueError, '"ttl" must be .*, not 4294967296'),
    ({"ttl": "1"}, TypeError, '"ttl" must be int, not str'),
    ({"on_locking_only": 0}, TypeError, '"on_locking_only" must be bool, not int'),
    ({"compression_threshold": -1}, ValueError, '"compression_threshold"'),
    ({"exsts": 1}, ValueError, 'mean "exists"'),
]
OF_READS_ONLY = [({"exists": 0}, ValueError, 'unknown key "exists"')]


def ids(value: Any) -> str:
    return repr(value)[:40] if isinstance(value, dict) else ""


@pytest.mark.parametrize(("name", "value"), PERMITTED_IN_READS)
def test_reads_take_every_key(either: Any, key: Any, name: str, value: Any) -> None:
    either.put(key, {"a": 1})
    policy = {name: value}
    assert either.get(key, policy).bins == {"a": 1}
    assert either.select(key, ["a"], policy).bins == {"a": 1}
    assert either.exists(key, policy).meta.gen == 1


@pytest.mark.parametrize(("name", "value"), PERMITTED_IN_WRITES)
def test_writes_take_every_key(either: Any, key: Any, name: str, value: Any) -> None:
    either.put(key, {"a": 1})
    policy = {name: value}
    either.put(key, {"a": 2}, policy=policy)
    either.operate(key, [{"op": aero.OPERATOR_WRITE, "bin": "a", "val": 3}], policy=policy)
    assert either.get(key).bins == {"a": 3}
    either.remove(key, policy=policy)
    assert either.exists(key).meta is None


@pytest.mark.parametrize(("policy", "raised", "told"), REFUSED_IN_READS + OF_READS_ONLY, ids=ids)
def test_reads_refuse_what_is_not_permitted(
    either: Any, key: Any, policy: Any, raised: Any, told: str
) -> None:
    for verb, args in [("get", ()), ("select", (["a"],)), ("exists", ())]:
        with pytest.raises(raised, match=told):
            getattr(either, verb)(key, *args, policy)


WRITES: list[tuple[str, tuple[Any, ...]]] = [
    ("put", ({"a": 1},)),
    ("remove", ()),
    ("touch", (0,)),
    ("append", ("s", "x")),
    ("prepend", ("s", "x")),
    ("increment", ("n", 1)),
    ("remove_bin", (["a"],)),
    ("operate", ([{"op": aero.OPERATOR_READ, "bin": "a"}],)),
    ("operate_ordered", ([{"op": aero.OPERATOR_READ, "bin": "a"}],)),
]


@pytest.mark.parametrize(
    ("policy", "raised", "told"), REFUSED_IN_READS + REFUSED_IN_WRITES, ids=ids
)
def test_writes_refuse_what_is_not_permitted(
    either: Any, key: Any, policy: Any, raised: Any, told: str
) -> None:
    for verb, args in WRITES:
        with pytest.raises(raised, match=told):
            getattr(either, verb)(key, *args, policy=policy)
    assert either.exists(key).meta is None


@pytest.mark.parametrize(
    ("meta", "raised", "told"),
    [
        ({"gen": "1"}, TypeError, 'meta key "gen" must be int, not str'),
        ({"gen": -1}, ValueError, 'meta key "gen" must be from 0 to 65535, not -1'),
        ({"gen": 65536}, ValueError, "not 65536"),
        ({"ttl": -4}, ValueError, 'meta key "ttl"'),
        ({"ttl": 1.0}, TypeError, 'meta key "ttl" must be int, not float'),
        ({"key": 2}, ValueError, 'meta key "key"'),
        ({"exists": 9}, ValueError, 'meta key "exists"'),
        ({"commit_level": 9}, ValueError, 'meta key "commit_level"'),
        ({"durable_delete": None}, TypeError, 'meta key "durable_delete"'),
        ({"generation": 1}, ValueError, 'unknown key "generation"'),
        ({"total_timeout": 1}, ValueError, 'unknown key "total_timeout"'),
        ({b"gen": 1}, TypeError, "keys of meta must be str, not bytes"),
        (5, TypeError, "meta must be a dict, not int"),
    ],
    ids=repr,
)
def test_writes_refuse_metadata_that_is_not_permitted(
    either: Any, key: Any, meta: Any, raised: Any, told: str
) -> None:
    for verb, args in WRITES:
        with pytest.raises(raised, match=told):
            getattr(either, verb)(key, *args, meta=meta)
    assert either.exists(key).meta is None


@pytest.mark.parametrize("wrong", [5, "policy", [("total_timeout", 1)], ()], ids=repr)
def test_policy_must_be_a_dict(either: Any, key: Any, wrong: Any) -> None:
    with pytest.raises(TypeError, match=f"policy must be a dict, not {type(wrong).__name__}"):
        either.get(key, wrong)
    with pytest.raises(TypeError, match=f"policy must be a dict, not {type(wrong).__name__}"):
        either.put(key, {"a": 1}, policy=wrong)


@pytest.mark.parametrize(
    ("policy", "raised", "told"),
    [
        ({"timeout": -1}, ValueError, '"timeout"'),
        ({"timeout": "1"}, TypeError, '"timeout" must be int, not str'),
        ({"send_as_is": False}, ValueError, '"send_as_is"'),
        ({"check_bounds": False}, ValueError, '"check_bounds"'),
        ({"total_timeout": 1}, ValueError, 'unknown key "total_timeout".* mean "timeout"'),
    ],
    ids=ids,
)
def test_info_refuses_what_is_not_permitted(
    either: Any, policy: Any, raised: Any, told: str
) -> None:
    for verb in ("info_all", "info_random_node"):
        with pytest.raises(raised, match=told):
            getattr(either, verb)("build", policy)


@pytest.mark.parametrize(
    "policy", [{}, {"timeout": 0}, {"timeout": 500}, {"send_as_is": True, "check_bounds": True}]
)
def test_info_takes_every_key(either: Any, policy: Any) -> None:
    assert either.info_random_node("build", policy)


def test_racks_must_be_known_to_be_preferred(kind: str, config: Any, key: Any) -> None:
    prefer = {"replica": aero.POLICY_REPLICA_PREFER_RACK}
    with connected(kind, {**config, "rack_aware": True, "rack_id": 1}) as client:
        client.put(key, {"a": 1}, policy=prefer)
        assert client.get(key, prefer).bins == {"a": 1}
    with connected(kind, config) as client, pytest.raises(exception.ParamError, match="rack"):
        client.get(key, prefer)


# --- What wins --------------------------------------------------------------------------------


def test_metadata_gives_way_to_an_explicit_policy(either: Any, key: Any) -> None:
    create = aero.POLICY_EXISTS_CREATE_ONLY
    either.put(key, {"a": 1})
    with pytest.raises(exception.RecordExistsError):
        either.put(key, {"a": 2}, {"exists": create})
    either.put(key, {"a": 2}, {"exists": create}, {"exists": aero.POLICY_EXISTS_IGNORE})
    with pytest.raises(exception.RecordExistsError):
        either.put(key, {"a": 2}, {"exists": aero.POLICY_EXISTS_IGNORE}, {"exists": create})


def test_generation_of_the_policy_serves_where_metadata_has_none(either: Any, key: Any) -> None:
    either.put(key, {"a": 1})
    equal = {"gen": aero.POLICY_GEN_EQ}
    with pytest.raises(exception.RecordGenerationError):
        either.remove(key, policy={**equal, "generation": 7})
    either.remove(key, policy={**equal, "generation": 1})
    assert either.exists(key).meta is None


def test_user_key_is_stored_only_if_it_is_sent(either: Any, key: Any) -> None:
    same_digest = ("test", "t", "other", aero.calc_digest(*key))
    send = {"key": aero.POLICY_KEY_SEND}
    either.put(key, {"a": 1})
    either.put(same_digest, {"a": 2})
    either.put(key, {"a": 3}, policy=send)
    with pytest.raises(exception.RecordKeyMismatch):
        either.put(same_digest, {"a": 4}, policy=send)
    assert either.get(same_digest, send).bins == {"a": 3}


def test_client_has_defaults_of_its_own(kind: str, config: Any, key: Any) -> None:
    create = aero.POLICY_EXISTS_CREATE_ONLY
    policies = {"write": {"exists": create, "ttl": 1000}, "remove": {"gen": aero.POLICY_GEN_EQ}}
    with connected(kind, {**config, "policies": policies}) as client:
        client.put(key, {"a": 1})
        assert 900 < client.get(key).meta.ttl <= 1000
        with pytest.raises(exception.RecordExistsError):
            client.put(key, {"a": 2})
        client.operate(key, [{"op": aero.OPERATOR_WRITE, "bin": "a", "val": 2}])
        client.put(key, {"a": 3}, policy={"exists": aero.POLICY_EXISTS_IGNORE, "ttl": 5000})
        meta = client.get(key).meta
        assert meta.gen == 3
        assert 1000 < meta.ttl <= 5000
        client.put(key, {"a": 4}, {"exists": aero.POLICY_EXISTS_IGNORE, "ttl": 9000})
        assert 5000 < client.get(key).meta.ttl <= 9000
        with pytest.raises(exception.RecordGenerationError):
            client.remove(key)
        client.remove(key, policy={"gen": aero.POLICY_GEN_IGNORE})


def test_default_for_all_kinds_gives_way_to_that_of_one(kind: str, config: Any, key: Any) -> None:
    create = aero.POLICY_EXISTS_CREATE_ONLY
    write = {"exists": aero.POLICY_EXISTS_IGNORE}
    policies = {"write": write, "exists": create, "total_timeout": 900}
    ops = [{"op": aero.OPERATOR_WRITE, "bin": "a", "val": 2}]
    with connected(kind, {**config, "policies": policies}) as client:
        client.put(key, {"a": 1})
        client.put(key, {"a": 2})
        with pytest.raises(exception.RecordExistsError):
            client.operate(key, ops)


def test_policy_of_one_call_leaves_the_next_alone(either: Any, key: Any) -> None:
    either.put(key, {"a": 1})
    with pytest.raises(exception.RecordExistsError):
        either.put(key, {"a": 2}, policy={"exists": aero.POLICY_EXISTS_CREATE_ONLY})
    either.put(key, {"a": 2})
    assert either.get(key).bins == {"a": 2}
