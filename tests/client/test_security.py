"""Users, roles, privileges, quotas, allow-lists and sessions, against a server that has them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import aerospike_py
from aerospike_py import (
    AUTH_EXTERNAL_INSECURE,
    PRIV_READ,
    PRIV_READ_WRITE,
    PRIV_SYS_ADMIN,
    PRIV_WRITE,
    exception,
    operations,
)
from aerospike_py.testing import EmbeddedServer
from support.both import KINDS, connected, unconnected

PEOPLE = {"code": PRIV_READ_WRITE, "ns": "test", "set": "people"}
ROLES = ["read", "write", "read-write", "read-write-udf", "people", "truncate", "sindex-admin"]
ROLES += ["udf-admin", "data-admin", "sys-admin", "user-admin"]
USERS = {
    "roles": [
        {"role": "people", "privileges": [PEOPLE]},
        {"role": "slow", "privileges": [{"code": "read-write"}], "read_quota": 5, "write_quota": 3},
        {"role": "elsewhere", "privileges": [{"code": "read"}], "whitelist": ["10.0.0.0/8"]},
    ],
    "users": [
        {"user": "player", "password": "x", "roles": []},
        {"user": "slow", "password": "x", "roles": ["slow"]},
        {"user": "root", "password": "secret", "roles": ["user-admin", "read-write"]},
        {"user": "ada", "password": "lovelace", "roles": ["people"]},
        {"user": "eve", "external": True, "password": "elsewhere kept", "roles": ["read"]},
    ],
}
KEY = ("test", "people", "k")


@pytest.fixture(scope="module")
def secured() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(namespaces=["test", "other"], users=USERS) as server:
        yield server


@contextmanager
def logged_in(kind: str, server: EmbeddedServer, user: str, password: str) -> Iterator[Any]:
    with connected(kind, server.config(user=user, password=password)) as client:
        yield client


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def root(kind: str, secured: EmbeddedServer) -> Iterator[Any]:
    """A client whose user may administer others."""
    with logged_in(kind, secured, "root", "secret") as client:
        yield client


def test_users_are_administered(root: Any) -> None:
    root.admin_create_user("bob", "builder", ["read", "people"])
    root.admin_grant_roles("bob", ("write", "read"))
    info = root.admin_query_user_info("bob")
    assert info == {
        "user": "bob",
        "roles": ["people", "read", "write"],
        "read_info": [0, 0, 0, 0],
        "write_info": [0, 0, 0, 0],
        "conns_in_use": 0,
    }
    root.admin_revoke_roles("bob", ["read", "slow"], {"timeout": 500})
    assert root.admin_query_user("bob") == ["people", "write"]
    everyone = {info["user"]: info for info in root.admin_query_users_info()}
    assert set(everyone) == {"root", "ada", "eve", "bob", "slow", "player"}
    assert everyone["root"]["conns_in_use"] > 0
    assert root.admin_query_users()["bob"] == ["people", "write"]
    root.admin_drop_user("bob")
    root.admin_create_pki_user("carl", ["read"])
    with pytest.raises(exception.ForbiddenPassword):
        root.admin_set_password("carl", "x")
    root.admin_drop_user("carl")
    with pytest.raises(exception.InvalidUser):
        root.admin_query_user_info("bob")


def test_roles_are_administered(root: Any) -> None:
    root.admin_create_role(
        "r", [PEOPLE, {"code": "sys-admin"}], whitelist=["127.0.0.1"], read_quota=7
    )
    told = {
        "name": "r",
        "privileges": [PEOPLE, {"code": PRIV_SYS_ADMIN}],
        "allowlist": ["127.0.0.1"],
        "read_quota": 7,
        "write_quota": 0,
    }
    assert root.admin_query_role("r") == told
    root.admin_grant_privileges("r", [{"code": PRIV_READ, "ns": "test", "set": None}])
    root.admin_revoke_privileges("r", [PEOPLE])
    root.admin_set_whitelist("r", ["10.0.0.0/8", "fd00::/8"])
    root.admin_set_quotas("r", read_quota=1, write_quota=2)
    privileges = [{"code": PRIV_SYS_ADMIN}, {"code": PRIV_READ, "ns": "test"}]
    details = {"privileges": privileges, "whitelist": ["10.0.0.0/8", "fd00::/8"]}
    details |= {"read_quota": 1, "write_quota": 2}
    assert root.admin_get_role("r") == details
    assert root.admin_get_roles()["r"] == details
    root.admin_set_whitelist("r", None)
    (named,) = (role for role in root.admin_query_roles() if role["name"] == "r")
    assert named["allowlist"] == []
    assert {"read", "read-write-udf", "sindex-admin"} <= set(root.admin_get_roles())
    root.admin_drop_role("r")
    with pytest.raises(exception.InvalidRole):
        root.admin_query_role("r")


@pytest.mark.parametrize(
    ("verb", "arguments", "error"),
    [
        ("create_user", ("ada", "x", []), exception.UserExistsError),
        ("create_user", ("new", "x", ["no such"]), exception.InvalidRole),
        ("create_pki_user", ("ada", ["read"]), exception.UserExistsError),
        ("drop_user", ("nobody",), exception.InvalidUser),
        ("set_password", ("nobody", "x"), exception.InvalidUser),
        ("set_password", ("eve", "x"), exception.ForbiddenPassword),
        ("grant_roles", ("nobody", ["read"]), exception.InvalidUser),
        ("revoke_roles", ("ada", ["no such"]), exception.InvalidRole),
        ("create_role", ("people", []), exception.RoleExistsError),
        ("create_role", ("read", []), exception.RoleExistsError),
        ("drop_role", ("read",), exception.InvalidRole),
        ("grant_privileges", ("no such", [{"code": PRIV_READ}]), exception.InvalidRole),
        ("set_whitelist", ("no such", ["127.0.0.1"]), exception.InvalidRole),
        ("set_quotas", ("read", 1, 1), exception.InvalidRole),
    ],
)
def test_refused_by_the_server(
    root: Any, verb: str, arguments: tuple[Any, ...], error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        getattr(root, f"admin_{verb}")(*arguments)
    assert isinstance(caught.value, exception.AdminError)
    assert caught.value.in_doubt is False


@pytest.mark.parametrize(
    ("verb", "arguments", "error", "told"),
    [
        ("create_user", ("", "x", []), ValueError, "username is empty"),
        ("create_user", ("x" * 64, "x", []), ValueError, "64 bytes as UTF-8, where 63"),
        ("create_user", ("x", 5, []), TypeError, "password must be str, not int"),
        ("create_user", ("x", "", []), ValueError, "password is empty"),
        ("create_user", ("x", "x", "read"), TypeError, "roles must be a list or tuple"),
        ("create_user", ("x", "x", [5]), TypeError, "name of a role must be str, not int"),
        ("grant_roles", ("x", ["r" * 60] * 20), ValueError, "roles has 20 items of 1220 bytes"),
        ("drop_user", ("x", {"ttl": 5}), ValueError, 'unknown key "ttl"'),
        ("drop_user", ("x", {"send_as_is": True}), ValueError, 'unknown key "send_as_is"'),
        ("create_role", ("r", [{"ns": "test"}]), ValueError, r"privileges\[0\].*\"code\""),
        ("create_role", ("r", [{"code": 9}]), ValueError, r"PRIV_READ \(10, \"read\"\).*not 9"),
        ("create_role", ("r", [{"code": "fly"}]), ValueError, "read-write.*not 'fly'"),
        ("create_role", ("r", [{"code": True}]), TypeError, "must be int, not bool"),
        ("create_role", ("r", [{"code": 1, "ns": "test"}]), ValueError, "the whole cluster"),
        ("create_role", ("r", [{"code": 10, "set": "s"}]), ValueError, 'must have a "ns"'),
        ("create_role", ("r", [{"code": 10, "bin": "b"}]), ValueError, 'unknown key "bin"'),
        ("create_role", ("r", [], None, ["here"]), ValueError, "whitelist must have addresses"),
        ("create_role", ("r", [], None, None, -1), ValueError, "read_quota must be .* not -1"),
        ("grant_privileges", ("r", []), ValueError, "at least one"),
        ("set_whitelist", ("r", "127.0.0.1"), TypeError, "whitelist must be a list"),
        ("set_quotas", ("r", 1.5), TypeError, "read_quota must be int"),
    ],
)
def test_wrong_arguments(
    root: Any, verb: str, arguments: tuple[Any, ...], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        getattr(root, f"admin_{verb}")(*arguments)


@pytest.mark.parametrize(
    ("credentials", "error"),
    [
        ({"user": "root", "password": "wrong"}, exception.InvalidCredential),
        ({"user": "nobody", "password": "secret"}, exception.InvalidUser),
        ({"user": "eve", "password": "elsewhere kept"}, exception.InvalidCredential),
        ({}, exception.NotAuthenticated),
    ],
)
def test_who_may_not_enter(
    kind: str, secured: EmbeddedServer, credentials: dict[str, str], error: type[Exception]
) -> None:
    with (
        unconnected(kind, secured.config(**credentials)) as client,
        pytest.raises(error) as caught,
    ):
        client.connect()
    shown = f"{caught.value!r} {caught.value} {client!r} {vars(caught.value)}"
    assert not credentials or credentials["password"] not in shown


def test_credentials_are_given_to_connect(kind: str, secured: EmbeddedServer) -> None:
    with unconnected(kind, secured.config()) as client:
        with pytest.raises(exception.InvalidCredential):
            client.connect("ada", "wrong")
        client.connect("ada", "lovelace")
        client.put(KEY, {"a": 1})


def test_external_users_show_their_password(kind: str, secured: EmbeddedServer) -> None:
    def entering(password: str) -> Any:
        config = secured.config(user="eve", password=password, auth_mode=AUTH_EXTERNAL_INSECURE)
        return connected(kind, config)

    with entering("elsewhere kept") as client, pytest.raises(exception.RoleViolation):
        client.put(KEY, {"a": 1})
    with pytest.raises(exception.AerospikeError) as caught, entering("wrong"):
        pass
    assert caught.value.code == 93


def test_own_password_is_changed_and_used(kind: str, root: Any, secured: EmbeddedServer) -> None:
    root.admin_create_user("carol", "first", ["read-write"])
    with logged_in(kind, secured, "carol", "first") as client:
        for password in ("second", "third"):
            client.admin_change_password("carol", password)
            secured.expire_sessions()
            client.put(KEY, {"a": 1})
        with pytest.raises(exception.RoleViolation):
            client.admin_set_password("ada", "x")
    with pytest.raises(exception.InvalidCredential), logged_in(kind, secured, "carol", "first"):
        pass
    root.admin_set_password("carol", "fourth")
    with logged_in(kind, secured, "carol", "fourth") as client:
        assert client.admin_query_user_info("carol")["roles"] == ["read-write"]
    root.admin_drop_user("carol")


def read(client: Any) -> Any:
    return client.get(KEY)


def write(client: Any) -> Any:
    return client.put(KEY, {"a": 1})


def read_within_a_write(client: Any) -> Any:
    return client.operate(KEY, [operations.increment("a", 1), operations.read("a")])


def read_batch(client: Any) -> Any:
    (row,) = client.batch_read([KEY]).batch_records
    if row.result:
        raise exception.error_from_code(row.result, "")


def query(client: Any) -> Any:
    return client.query("test", "people").results()


def remove(client: Any) -> Any:
    return client.remove(KEY)


def call(client: Any) -> Any:
    return client.apply(KEY, "no_such_module", "f")


def truncate(client: Any) -> Any:
    return client.truncate("test", "nothing")


def create_index(client: Any) -> Any:
    client.index_integer_create("test", "people", "a", "by_a")
    client.index_remove("test", "by_a")


def put_function(client: Any) -> Any:
    client.udf_put("f.lua", source="function f(r) return 1 end")
    client.udf_remove("f")


def administer(client: Any) -> Any:
    return client.admin_query_users_info()


READS = {read, read_batch, query}
WRITES = {write, remove}
ALL = [
    read,
    read_batch,
    query,
    write,
    read_within_a_write,
    remove,
    call,
    truncate,
    create_index,
    put_function,
    administer,
]


PERMITTED = {
    "read": READS,
    "write": WRITES,
    "read-write": READS | WRITES | {read_within_a_write},
    "read-write-udf": READS | WRITES | {read_within_a_write, call},
    "people": READS | WRITES | {read_within_a_write},
    "truncate": {truncate},
    "sindex-admin": {create_index},
    "udf-admin": {put_function},
    "data-admin": {truncate, create_index, put_function},
    "sys-admin": {truncate, create_index, put_function},
    "user-admin": {administer},
}


@pytest.fixture(scope="module")
def player(kind: str, secured: EmbeddedServer) -> Iterator[Any]:
    """A client whose user has no role."""
    with logged_in(kind, secured, "player", "x") as client:
        yield client


@pytest.mark.parametrize("role", ROLES)
def test_roles_permit(root: Any, player: Any, role: str) -> None:
    root.admin_grant_roles("player", [role])
    try:
        for action in ALL:
            root.put(KEY, {"a": 1})
            outcome = outcome_of(action, player)
            refused = getattr(outcome, "code", 0) == 81 or "role violation" in str(outcome)
            assert refused is (action not in PERMITTED[role]), (action.__name__, outcome)
    finally:
        root.admin_revoke_roles("player", [role])


def outcome_of(action: Callable[[Any], Any], client: Any) -> Any:
    try:
        return action(client)
    except exception.AerospikeError as error:
        return error


def test_privileges_end_at_the_set(kind: str, secured: EmbeddedServer, root: Any) -> None:
    with logged_in(kind, secured, "ada", "lovelace") as client:
        client.put(KEY, {"a": 1})
        for key in [("test", "else", "k"), ("test", None, "k"), ("other", "people", "k")]:
            with pytest.raises(exception.RoleViolation):
                client.put(key, {"a": 1})
        rows = client.batch_read([KEY, ("test", "else", "k")]).batch_records
        assert [row.result for row in rows] == [0, 81]
        # Rights change at once, also for connections that are open.
        root.admin_grant_privileges("people", [{"code": PRIV_WRITE, "ns": "other"}])
        client.put(("other", "any", "k"), {"a": 1})
        root.admin_revoke_privileges("people", [{"code": PRIV_WRITE, "ns": "other"}])
        with pytest.raises(exception.RoleViolation):
            client.put(("other", "any", "k"), {"a": 1})


def test_users_that_are_dropped_are_out(kind: str, root: Any, secured: EmbeddedServer) -> None:
    root.admin_create_user("dan", "password", ["read-write"])
    with logged_in(kind, secured, "dan", "password") as client:
        client.put(KEY, {"a": 1})
        root.admin_drop_user("dan")
        with pytest.raises(exception.NotAuthenticated):
            client.put(KEY, {"a": 1}, policy={"max_retries": 0})


def test_quotas(kind: str, secured: EmbeddedServer, root: Any) -> None:
    told = root.admin_query_user_info("slow")
    assert [told["read_info"][0], told["write_info"][0]] == [5, 3]
    once = {"max_retries": 0}

    def exceeding(action: Callable[[Any], Any]) -> bool:
        # At most two seconds' quota fits in before one is used up.
        outcomes = [outcome_of(action, client) for _ in range(50)]
        return any(isinstance(outcome, exception.QuotaExceeded) for outcome in outcomes)

    def exists(client: Any) -> Any:
        return client.exists(KEY, policy=once)

    with logged_in(kind, secured, "slow", "x") as client:
        assert exceeding(exists)
        assert exceeding(lambda client: client.put(KEY, {"a": 1}, policy=once))
        with pytest.raises(exception.QuotaExceeded):
            client.query("test", "people").results()
        root.admin_set_quotas("slow", 1000, 1000)
        assert not exceeding(exists)
        client.query("test", "people").results(policy={"records_per_second": 500})
        root.admin_set_quotas("slow", 5, 3)


def test_users_come_from_the_addresses_of_their_roles(kind: str, root: Any, secured: Any) -> None:
    root.admin_create_user("far", "password", ["elsewhere"])
    with pytest.raises(exception.NotWhitelisted), logged_in(kind, secured, "far", "password"):
        pass
    root.admin_set_whitelist("elsewhere", ["10.0.0.0/8", "127.0.0.0/8"])
    with logged_in(kind, secured, "far", "password") as client:
        assert client.is_connected()
    root.admin_set_whitelist("elsewhere", ["10.0.0.0/8"])
    root.admin_drop_user("far")


def test_sessions_are_renewed_unseen(secured: EmbeddedServer) -> None:
    async def many() -> int:
        config = secured.config(user="root", password="secret")
        async with aerospike_py.AsyncClient(config) as client:
            await client.put(KEY, {"a": 1})
            secured.expire_sessions()
            # More connections are needed now, whose session token is refused.
            await asyncio.gather(*(client.get(KEY) for _ in range(50)))
            info = await client.admin_query_user_info("root")
            return info["conns_in_use"]

    assert asyncio.run(many()) > 2


def test_the_default_user_administers_users_only(kind: str) -> None:
    with (
        EmbeddedServer(security=True, session_ttl=120) as server,
        logged_in(kind, server, "admin", "admin") as client,
    ):
        assert client.admin_query_user("admin") == ["user-admin"]
        with pytest.raises(exception.RoleViolation):
            client.put(KEY, {"a": 1})
        client.admin_grant_roles("admin", ["read-write"])
        client.put(KEY, {"a": 1})
        server.clear()
        assert client.exists(KEY).meta is None


def test_without_security(kind: str, server: Any) -> None:
    with (
        connected(kind, {"hosts": server.hosts}) as client,
        pytest.raises(exception.SecurityNotSupported),
    ):
        client.admin_query_users_info()


def test_logs_show_no_password(secured: EmbeddedServer, capfd: Any) -> None:
    with (
        EmbeddedServer(users=USERS, log=True) as server,
        aerospike_py.client(server.config(user="root", password="secret")) as client,
    ):
        client.admin_create_user("frank", "unutterable", ["read"])
        client.admin_change_password("root", "unspeakable")
    log = capfd.readouterr().err
    assert 'create user of "frank" -> Ok' in log
    assert 'log in of "root" -> Ok' in log
    for word in ("secret", "unutterable", "unspeakable", "$2a$"):
        assert word not in log


@pytest.mark.parametrize(
    ("users", "told"),
    [
        ({"user": []}, 'unknown "user"'),
        ({"users": [{"user": "x", "password": "hidden", "role": []}]}, 'unknown "role"'),
        ({"users": [{"user": "x", "password": "hidden", "roles": ["y"]}]}, "unknown role"),
    ],
)
def test_what_is_wrong_with_users_is_told(users: Any, told: str) -> None:
    with pytest.raises(RuntimeError, match=told) as caught:
        EmbeddedServer(users=users).start()
    assert "hidden" not in str(caught.value)


def test_the_official_client(secured: EmbeddedServer) -> None:
    official = pytest.importorskip("aerospike", reason="the official client has no build for this")
    config = {"hosts": secured.hosts}
    with pytest.raises(official.exception.InvalidCredential):
        official.client({**config, "user": "root", "password": "wrong"}).connect()
    client = official.client({**config, "user": "root", "password": "secret"}).connect()
    client.admin_create_role("made", [PEOPLE], {}, ["127.0.0.1"], 5, 6)
    role = client.admin_get_role("made")
    assert role["privileges"] == [PEOPLE]
    assert (role["whitelist"], role["read_quota"], role["write_quota"]) == (["127.0.0.1"], 5, 6)
    client.admin_grant_privileges("made", [{"code": official.PRIV_TRUNCATE}])
    client.admin_revoke_privileges("made", [PEOPLE])
    client.admin_set_quotas("made", 7, 8)
    client.admin_set_whitelist("made", None)
    made = client.admin_get_roles()["made"]
    assert [one["code"] for one in made["privileges"]] == [official.PRIV_TRUNCATE]
    assert made["read_quota"] == 7
    client.admin_create_user("gina", "password", ["made"])
    client.admin_grant_roles("gina", ["read"])
    client.admin_revoke_roles("gina", ["made"])
    client.admin_set_password("gina", "other")
    assert client.admin_query_user_info("gina")["roles"] == ["read"]
    assert "gina" in client.admin_query_users_info()
    guest = official.client({**config, "user": "gina", "password": "other"}).connect()
    with pytest.raises(official.exception.RoleViolation):
        guest.put(KEY, {"a": 1})
    guest.admin_change_password("gina", "again")
    guest.close()
    client.admin_create_pki_user("cert", ["read"])
    for name in ("gina", "cert"):
        client.admin_drop_user(name)
    client.admin_drop_role("made")
    client.close()
