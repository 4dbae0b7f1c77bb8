//! The docstrings of the verbs on users and roles.
//!
//! Their examples run with a `client` that is logged in as one who may administer users.

/// A docstring with what all of these verbs have in common.
macro_rules! admin {
    ($($part:literal),+) => {
        concat!(
            $($part,)+
            r#"
`policy` is an `AdminPolicy`; its `timeout` is in milliseconds. The server must have security, and
the user that is logged in the privilege `user-admin`, unless said otherwise: RoleViolation is
raised without it, and another AdminError if the server refuses something else.
"#
        )
    };
}

/// The same with an example at the end.
macro_rules! with_example {
    ($text:literal, $example:literal) => {
        concat!(admin!($text), "\n", $example)
    };
}

pub const CREATE_USER: &str = with_example!(
    r#"Create a user that logs in by a password.

`roles` are names of roles, predefined ones such as "read-write" among them. Names have at most 63
bytes of UTF-8. The password goes to the server as a hash. Raises UserExistsError if there is a
user of the name, InvalidRole if there is no such role.
"#,
    r#"    >>> client.admin_create_user("ada", "correct horse", ["read-write"])
    >>> client.admin_query_user_info("ada")["roles"]
    ['read-write']
    >>> client.admin_drop_user("ada")
"#
);

pub const CREATE_PKI_USER: &str = with_example!(
    r#"Create a user that logs in by a certificate whose common name is `username`, and by no password.

The client of such a user has AUTH_PKI as its `auth_mode` and a certificate in `tls`. The server
must be of version 8.1 or later.
"#,
    r#"    >>> client.admin_create_pki_user("collector", ["write"])
    >>> client.admin_drop_user("collector")
"#
);

pub const DROP_USER: &str = with_example!(
    r#"Remove a user. Raises InvalidUser if there is none of the name.
"#,
    r#"    >>> client.admin_create_user("ada", "correct horse", [])
    >>> client.admin_drop_user("ada")
"#
);

pub const CHANGE_PASSWORD: &str = with_example!(
    r#"Change a password: a user's own, or that of another user.

For one's own no privilege is necessary, and this client goes on with the new password. Raises
ForbiddenPassword for a user that logs in by a certificate, and ClientError if this client does.
"#,
    r#"    >>> client.admin_create_user("ada", "correct horse", [])
    >>> client.admin_change_password("ada", "battery staple")
    >>> client.admin_drop_user("ada")
"#
);

pub const SET_PASSWORD: &str = with_example!(
    r#"Set the password of a user, the same as `admin_change_password`.
"#,
    r#"    >>> client.admin_create_user("ada", "correct horse", [])
    >>> client.admin_set_password("ada", "battery staple")
    >>> client.admin_drop_user("ada")
"#
);

pub const GRANT_ROLES: &str = with_example!(
    r#"Give roles to a user, besides those that it has.

Raises InvalidUser or InvalidRole if there is no such user or role.
"#,
    r#"    >>> client.admin_create_user("ada", "correct horse", ["read"])
    >>> client.admin_grant_roles("ada", ["write", "truncate"])
    >>> client.admin_query_user_info("ada")["roles"]
    ['read', 'truncate', 'write']
    >>> client.admin_drop_user("ada")
"#
);

pub const REVOKE_ROLES: &str = with_example!(
    r#"Take roles from a user. Those that it has not are no error.
"#,
    r#"    >>> client.admin_create_user("ada", "correct horse", ["read", "write"])
    >>> client.admin_revoke_roles("ada", ["write"])
    >>> client.admin_query_user_info("ada")["roles"]
    ['read']
    >>> client.admin_drop_user("ada")
"#
);

pub const QUERY_USER_INFO: &str = with_example!(
    r#"Tell of a user: a `UserInfo`, which is a dict.

It has the keys `user`, `roles`, `conns_in_use` (how many connections the node that was asked has of
the user) and, for reads and writes, `read_info` and `write_info`. These are lists: the quota, the
commands on single records in a second, the records a second of queries that are limited, and how
many queries have no limit. No privilege is necessary to ask for oneself. Raises InvalidUser if
there is no such user.
"#,
    r#"    >>> client.admin_create_user("ada", "correct horse", ["read"])
    >>> client.admin_query_user_info("ada")["read_info"]
    [0, 0, 0, 0]
    >>> client.admin_drop_user("ada")
"#
);

pub const QUERY_USERS_INFO: &str = with_example!(
    r#"Tell of all users: a list with a `UserInfo` for each, as `admin_query_user_info` has it.
"#,
    r#"    >>> "admin" in [info["user"] for info in client.admin_query_users_info()]
    True
"#
);

pub const QUERY_USER: &str = with_example!(
    r#"Return the names of a user's roles, a list. `admin_query_user_info` tells more.
"#,
    r#"    >>> client.admin_create_user("ada", "correct horse", ["read"])
    >>> client.admin_query_user("ada")
    ['read']
    >>> client.admin_drop_user("ada")
"#
);

pub const QUERY_USERS: &str = with_example!(
    r#"Return the names of all users' roles: a dict with a list for each user.
"#,
    r#"    >>> client.admin_create_user("ada", "correct horse", ["read"])
    >>> client.admin_query_users()["ada"]
    ['read']
    >>> client.admin_drop_user("ada")
"#
);

pub const CREATE_ROLE: &str = with_example!(
    r#"Create a role.

A privilege is a dict: `code` is one of PRIV_* or a name such as "read-write", `ns` and `set` limit
it to a namespace and a set of it. `whitelist` are the addresses that users of the role may come
from, such as "10.0.0.1" or "10.0.0.0/8"; None is any. Quotas are records a second on each node; 0
is none. Raises RoleExistsError if there is a role of the name.
"#,
    r#"    >>> from aerospike_py import PRIV_READ
    >>> people = {"code": PRIV_READ, "ns": "test", "set": "people"}
    >>> client.admin_create_role("readers", [people], whitelist=["127.0.0.0/8"], read_quota=1000)
    >>> client.admin_query_role("readers")["privileges"]
    [{'code': 10, 'ns': 'test', 'set': 'people'}]
    >>> client.admin_drop_role("readers")
"#
);

pub const DROP_ROLE: &str = with_example!(
    r#"Remove a role, also from the users that have it. Raises InvalidRole if there is none.
"#,
    r#"    >>> client.admin_create_role("readers", [{"code": "read"}])
    >>> client.admin_drop_role("readers")
"#
);

pub const GRANT_PRIVILEGES: &str = with_example!(
    r#"Give privileges, dicts as `admin_create_role` has them, to a role.

Raises InvalidRole if there is no such role, or it is a predefined one.
"#,
    r#"    >>> client.admin_create_role("readers", [{"code": "read", "ns": "test"}])
    >>> client.admin_grant_privileges("readers", [{"code": "truncate", "ns": "test"}])
    >>> len(client.admin_query_role("readers")["privileges"])
    2
    >>> client.admin_drop_role("readers")
"#
);

pub const REVOKE_PRIVILEGES: &str = with_example!(
    r#"Take privileges from a role: those that are equal, `ns` and `set` included.
"#,
    r#"    >>> client.admin_create_role("readers", [{"code": "read"}, {"code": "write", "ns": "test"}])
    >>> client.admin_revoke_privileges("readers", [{"code": "write", "ns": "test"}])
    >>> client.admin_query_role("readers")["privileges"]
    [{'code': 10}]
    >>> client.admin_drop_role("readers")
"#
);

pub const SET_WHITELIST: &str = with_example!(
    r#"Set the addresses that users of a role may come from; None or an empty list is any.
"#,
    r#"    >>> client.admin_create_role("readers", [{"code": "read"}])
    >>> client.admin_set_whitelist("readers", ["10.0.0.0/8", "127.0.0.1"])
    >>> client.admin_query_role("readers")["allowlist"]
    ['10.0.0.0/8', '127.0.0.1']
    >>> client.admin_drop_role("readers")
"#
);

pub const SET_QUOTAS: &str = with_example!(
    r#"Set both quotas of a role, in records a second on each node; 0 is no quota.

A user has the largest quota of its roles. What exceeds it is refused with QuotaExceeded.
"#,
    r#"    >>> client.admin_create_role("readers", [{"code": "read"}])
    >>> client.admin_set_quotas("readers", read_quota=1000)
    >>> client.admin_query_role("readers")["read_quota"]
    1000
    >>> client.admin_drop_role("readers")
"#
);

pub const QUERY_ROLE: &str = with_example!(
    r#"Tell of a role: a `RoleInfo`, which is a dict.

It has the keys `name`, `privileges`, `allowlist`, `read_quota` and `write_quota`. No privilege is
necessary to ask for a role of one's own. Raises InvalidRole if there is none of the name.
"#,
    r#"    >>> client.admin_query_role("read")["privileges"]
    [{'code': 10}]
"#
);

pub const QUERY_ROLES: &str = with_example!(
    r#"Tell of all roles, predefined ones among them: a list with a `RoleInfo` for each.
"#,
    r#"    >>> "read-write" in [info["name"] for info in client.admin_query_roles()]
    True
"#
);

pub const GET_ROLE: &str = with_example!(
    r#"Tell of a role as the official client does: a `RoleDetails`, which is a dict.

It has the keys `privileges`, `whitelist`, `read_quota` and `write_quota`. Raises InvalidRole if
there is none of the name.
"#,
    r#"    >>> client.admin_get_role("read")
    {'privileges': [{'code': 10}], 'whitelist': [], 'read_quota': 0, 'write_quota': 0}
"#
);

pub const GET_ROLES: &str = with_example!(
    r#"Tell of all roles as the official client does: a dict with a `RoleDetails` for each name.
"#,
    r#"    >>> client.admin_get_roles()["read"]["privileges"]
    [{'code': 10}]
"#
);
