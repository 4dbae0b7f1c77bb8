"""Users and roles, key by key."""

from typing import TypedDict

from aerospike_py._keys import tell_keys


class Privilege(TypedDict, total=False):
    """A privilege of a role, everywhere or in a namespace or set.

    >>> privilege: Privilege = {"code": "read", "ns": "test", "set": "people"}
    >>> client.admin_create_role("readers of people", [privilege])
    >>> client.admin_get_role("readers of people")["privileges"] # doctest: +ELLIPSIS
    [{...'ns': 'test'...}]
    >>> client.admin_drop_role("readers of people")
    """

    code: int | str
    """Required: PRIV_*, or a name such as "read-write"."""
    ns: str | None
    """Namespace that it is limited to. Default None: all."""
    set: str | None
    """Set that it is limited to, in `ns`. Default None: all."""


class UserInfo(TypedDict):
    """A user, with its roles and open connections.

    >>> user: UserInfo = client.admin_query_user_info("admin")
    >>> user["user"], user["roles"]
    ('admin', ['user-admin'])
    """

    user: str
    """Its name."""
    roles: list[str]
    """Names of its roles."""
    conns_in_use: int
    """Connections that the user has to the node that was asked."""
    read_info: list[int]
    """The read quota, reads of single records in a second, the records a second that running
    queries are limited to, how many running queries have no limit."""
    write_info: list[int]
    """The same of writes."""


class RoleDetails(TypedDict):
    """A role, as the official client has it. Quotas are commands per second; 0 is no quota.

    >>> role: RoleDetails = client.admin_get_role("read-write")
    >>> role["read_quota"], role["whitelist"]
    (0, [])
    """

    privileges: list[Privilege]
    """What the role may do."""
    whitelist: list[str]
    """Addresses and networks it may be used from; none: from all."""
    read_quota: int
    """Most reads in a second."""
    write_quota: int
    """Most writes in a second."""


class RoleInfo(TypedDict):
    """A role. Quotas are commands per second; 0 is no quota.

    >>> role: RoleInfo = client.admin_query_role("read-write")
    >>> role["name"], role["allowlist"]
    ('read-write', [])
    """

    name: str
    """Its name."""
    privileges: list[Privilege]
    """What the role may do."""
    allowlist: list[str]
    """Addresses and networks it may be used from; none: from all."""
    read_quota: int
    """Most reads in a second."""
    write_quota: int
    """Most writes in a second."""


tell_keys(globals())
