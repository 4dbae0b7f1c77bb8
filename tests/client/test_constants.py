"""The constants are those of both older clients."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import aerospike_py
from aerospike_py import _constants

PEERS = json.loads((Path(__file__).parent / "data/peer_constants.json").read_text())
OFFICIAL = PEERS["aerospike"]["constants"]
OLDER = PEERS["aerospike-py"]["constants"]

# Names of the official client whose meaning has another number in aerospike-py, or whose number
# has another meaning there.
SAME_MEANING = {
    "AUTH_EXTERNAL_INSECURE": 3,
    "INDEX_INTEGER": OLDER["INDEX_NUMERIC"],
    "POLICY_EXISTS_CREATE": OLDER["POLICY_EXISTS_CREATE_ONLY"],
    "POLICY_EXISTS_CREATE_OR_REPLACE": OLDER["POLICY_EXISTS_REPLACE"],
    "POLICY_REPLICA_ANY": 3,
    "POLICY_REPLICA_RANDOM": 4,
    "SERIALIZER_JSON": 3,
}

# Groups whose names all differ in meaning, so that no two may have the same value.
DISTINCT = [
    "AEROSPIKE_",
    "AS_BYTES_",
    "AUTH_",
    "CDT_CTX_",
    "COMMIT_",
    "ERROR_DETAIL_",
    "OP",  # OP_* and OPERATOR_*: all are the "op" of an operation
    "POLICY_KEY_",
    "POLICY_GEN_",
    "POLICY_REPLICA_",
    "POLICY_COMMIT_LEVEL_",
    "POLICY_READ_MODE_AP_",
    "POLICY_READ_MODE_SC_",
    "PRIV_",
    "QUERY_DURATION_",
    "SERIALIZER_",
    "TTL_",
    "TXN_STATE_",
]


@pytest.mark.parametrize("name", OLDER)
def test_value_is_that_of_aerospike_py(name: str) -> None:
    assert getattr(aerospike_py, name) == OLDER[name]


@pytest.mark.parametrize("name", sorted(OFFICIAL.keys() - OLDER.keys()))
def test_value_of_the_official_clients_own_names(name: str) -> None:
    assert getattr(aerospike_py, name) == SAME_MEANING.get(name, OFFICIAL[name])


@pytest.mark.parametrize("prefix", DISTINCT)
def test_values_of_a_group_differ(prefix: str) -> None:
    values = {name: value for name, value in vars(aerospike_py).items() if name.startswith(prefix)}
    assert len(values) > 1
    assert len(set(values.values())) == len(values)


def test_constants_are_public() -> None:
    constants = {name for name in vars(_constants) if name.isupper()}
    assert constants == {name for name in aerospike_py.__all__ if name.isupper()}
    assert OFFICIAL.keys() | OLDER.keys() <= constants


def test_every_exception_has_a_constant_for_its_code() -> None:
    codes = {value for name, value in vars(aerospike_py).items() if name.startswith("AEROSPIKE_")}
    for name, facts in PEERS["aerospike"]["exceptions"].items():
        assert facts["code"] is None or facts["code"] in codes, name
