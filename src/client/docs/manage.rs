//! The docstrings of what is managed by info commands.

/// A docstring with what all ways to create an index have in common.
macro_rules! creates {
    ($first:literal, $example:literal) => {
        concat!(
            $first,
            r#"

`set_name` may be None: then the index has the records of all sets of the namespace.
`policy` is an `InfoPolicy`; its `timeout`, in milliseconds, is that of each command to a node.
Unless `wait` is False, the call returns when every node has built the index and serves queries
with it; `index_list` shows how far it is.

Raises IndexFoundError if there is another index of this name, InvalidArgError if the server
refuses what is asked for.

"#,
            $example
        )
    };
}

pub const INDEX_INTEGER_CREATE: &str = creates!(
    "Create an index on the integers of a bin, or on those that `ctx` leads to in it.",
    r#"    >>> client.index_integer_create("test", "people", "age", "people_age")
    >>> client.index_remove("test", "people_age")
"#
);

pub const INDEX_STRING_CREATE: &str = creates!(
    "Create an index on the strings of a bin, or on those that `ctx` leads to in it.",
    r#"    >>> client.index_string_create("test", "people", "name", "people_name")
    >>> client.index_remove("test", "people_name")
"#
);

pub const INDEX_BLOB_CREATE: &str = creates!(
    "Create an index on the bytes of a bin, or on those that `ctx` leads to in it.",
    r#"    >>> client.index_blob_create("test", "people", "token", "people_token")
    >>> client.index_remove("test", "people_token")
"#
);

pub const INDEX_GEO2DSPHERE_CREATE: &str = creates!(
    "Create an index on the GeoJSON of a bin, or on that which `ctx` leads to in it.",
    r#"    >>> client.index_geo2dsphere_create("test", "people", "home", "people_home")
    >>> client.index_remove("test", "people_home")
"#
);

pub const INDEX_SINGLE_VALUE_CREATE: &str = creates!(
    "Create an index on the values of a bin, or on those that `ctx` leads to in it.

`index_datatype` is `INDEX_NUMERIC`, `INDEX_STRING`, `INDEX_BLOB` or `INDEX_GEO2DSPHERE`.",
    r#"    >>> from aerospike_py import INDEX_STRING, cdt_ctx
    >>> ctx = [cdt_ctx.cdt_ctx_map_key("city")]
    >>> client.index_single_value_create(
    ...     "test", "people", "address", INDEX_STRING, "people_city", ctx=ctx
    ... )
    >>> client.index_remove("test", "people_city")
"#
);

pub const INDEX_LIST_CREATE: &str = creates!(
    "Create an index on the elements of the list in a bin, or of the list that `ctx` leads to.

`index_datatype` is `INDEX_NUMERIC`, `INDEX_STRING`, `INDEX_BLOB` or `INDEX_GEO2DSPHERE`.",
    r#"    >>> from aerospike_py import INDEX_STRING
    >>> client.index_list_create("test", "people", "tags", INDEX_STRING, "people_tags")
    >>> client.index_remove("test", "people_tags")
"#
);

pub const INDEX_MAP_KEYS_CREATE: &str = creates!(
    "Create an index on the keys of the map in a bin, or of the map that `ctx` leads to.

`index_datatype` is `INDEX_NUMERIC`, `INDEX_STRING` or `INDEX_BLOB`.",
    r#"    >>> from aerospike_py import INDEX_STRING
    >>> client.index_map_keys_create("test", "people", "scores", INDEX_STRING, "people_games")
    >>> client.index_remove("test", "people_games")
"#
);

pub const INDEX_MAP_VALUES_CREATE: &str = creates!(
    "Create an index on the values of the map in a bin, or of the map that `ctx` leads to.

`index_datatype` is `INDEX_NUMERIC`, `INDEX_STRING`, `INDEX_BLOB` or `INDEX_GEO2DSPHERE`.",
    r#"    >>> from aerospike_py import INDEX_NUMERIC
    >>> client.index_map_values_create("test", "people", "scores", INDEX_NUMERIC, "people_scores")
    >>> client.index_remove("test", "people_scores")
"#
);

pub const INDEX_CDT_CREATE: &str = creates!(
    "Create an index on what `ctx` leads to in a bin.

`index_type` is `INDEX_TYPE_DEFAULT`, `INDEX_TYPE_LIST`, `INDEX_TYPE_MAPKEYS` or
`INDEX_TYPE_MAPVALUES`; `index_datatype` is `INDEX_NUMERIC`, `INDEX_STRING`, `INDEX_BLOB` or
`INDEX_GEO2DSPHERE`.",
    r#"    >>> from aerospike_py import INDEX_NUMERIC, INDEX_TYPE_LIST, cdt_ctx
    >>> ctx = [cdt_ctx.cdt_ctx_map_key("chess")]
    >>> client.index_cdt_create(
    ...     "test", "people", "scores", INDEX_TYPE_LIST, INDEX_NUMERIC, "people_chess", ctx
    ... )
    >>> client.index_remove("test", "people_chess")
"#
);

pub const INDEX_EXPR_CREATE: &str = creates!(
    "Create an index on what an expression results in for each record.

`index_type` says whether the result is a value or a collection of them (`INDEX_TYPE_DEFAULT`,
`INDEX_TYPE_LIST`, `INDEX_TYPE_MAPKEYS`, `INDEX_TYPE_MAPVALUES`), `index_datatype` of what type the
values are, `expressions` is an expression made by `aerospike_py.exp`.",
    r#"    >>> from aerospike_py import INDEX_NUMERIC, INDEX_TYPE_DEFAULT, exp
    >>> total = exp.num_add(exp.int_bin("won"), exp.int_bin("lost"))
    >>> client.index_expr_create(
    ...     "test", "people", INDEX_TYPE_DEFAULT, INDEX_NUMERIC, total, "people_games"
    ... )
    >>> client.index_remove("test", "people_games")
"#
);

pub const INDEX_SET_CREATE: &str = r#"Create an index of the records of a set, which makes scans of a small set fast.

It takes a server of version 8.1.2 or newer. `policy` is an `InfoPolicy`; its `timeout`, in
milliseconds, is that of each command to a node. Unless `wait` is False, the call returns when
every node has built the index.

Raises IndexFoundError if there is another index of this name, InvalidArgError if `set_name` is
None, InvalidRequest if the server is older.

    >>> try:
    ...     client.index_set_create("test", "people", "all_people")
    ... except exception.InvalidRequest:
    ...     pass  # an older server
    ... else:
    ...     client.index_remove("test", "all_people")
"#;

pub const INDEX_REMOVE: &str = r#"Remove an index. If there is no index of this name, nothing happens.

Returns when no node has it any more. `policy` is an `InfoPolicy`; its `timeout`, in
milliseconds, is that of each command to a node.

Raises IndexNotFound if the server is of an old version and has no index of this name.

    >>> client.index_integer_create("test", "people", "age", "people_age")
    >>> client.index_remove("test", "people_age")
"#;

pub const INDEX_LIST: &str = r#"Tell the indexes of a namespace, or of all of them.

Returns a list with a dict for each index: what the server's info command `sindex-list` says of
it, among it `indexname`, `ns`, `set`, `bin`, `type`, `indextype` and `state`, which is `RW` when
the index serves queries. Values are str, or None where the server says null. The index of a set as
a whole has neither `bin`, `type` nor `state`.

    >>> client.index_integer_create("test", "people", "age", "people_age")
    >>> [index["bin"] for index in client.index_list("test")]
    ['age']
    >>> client.index_remove("test", "people_age")
"#;

pub const TRUNCATE: &str = r#"Remove all records of a set, or of a namespace if `set_name` is None.

With `nanos`, only records last updated before that time go: nanoseconds since 1970 (UTC), not in
the future. The call returns when the cluster has taken note of it; reads stop finding the records
on each node a moment later, and they are removed in the background. `policy` is an `InfoPolicy`; its `timeout` is in milliseconds.

Raises InvalidArgError or another ServerError if the server refuses the time.

    >>> client.put(("test", "drafts", 1), {"text": "..."})
    >>> client.truncate("test", "drafts")
"#;

pub const UDF_PUT: &str = r#"Register a module of functions in Lua, in place of the one with this file name if there is one.

`filename` is the path of a file, whose last part is what the module is called on the cluster; with
`source`, str or bytes, nothing is read and `filename` is only the name. `udf_type` can only be
`UDF_TYPE_LUA`. Returns when every node has it. `policy` is an `InfoPolicy`; its `timeout`, in
milliseconds, is that of each command to a node.

Raises OSError if the file can't be read, UDFError or another ServerError if the source does not
compile.

    >>> client.udf_put("greeting.lua", source='function greet(rec) return "hello" end')
    >>> client.udf_remove("greeting")
"#;

pub const UDF_REMOVE: &str = r#"Remove a module of functions. Without it nothing happens.

`module` is its name, with or without `.lua`. Returns when no node has it any more. `policy` is an
`InfoPolicy`; its `timeout`, in milliseconds, is that of each command to a node.

    >>> client.udf_remove("no_such_module")
"#;

pub const UDF_GET: &str = r#"Return the source of a module of functions, a str.

`module` is its name, with or without `.lua`; `language` can only be `UDF_TYPE_LUA`. `policy` is an
`InfoPolicy`; its `timeout` is in milliseconds.

Raises UDFError if there is no such module.

    >>> client.udf_put("greeting.lua", source='function greet(rec) return "hello" end')
    >>> client.udf_get("greeting")
    'function greet(rec) return "hello" end'
    >>> client.udf_remove("greeting")
"#;

pub const UDF_LIST: &str = r#"Tell the modules of functions that are registered.

Returns a list with a dict for each: `name`, the name of its file, `hash`, that of its source, and
`type`, which is `UDF_TYPE_LUA`. `policy` is an `InfoPolicy`; its `timeout` is in milliseconds.

    >>> client.udf_put("greeting.lua", source='function greet(rec) return "hello" end')
    >>> [module["name"] for module in client.udf_list()]
    ['greeting.lua']
    >>> client.udf_remove("greeting")
"#;

pub const APPLY: &str = r#"Call a function of a registered module on a record, and return what it returns.

The function runs on the node that has the record; it gets the record, which need not exist, and
`args`. `module` is the module's name, without `.lua`. `policy` is a `WritePolicy`; its times are in
milliseconds.

Raises UDFError, code 100, if the function fails or does not exist: its message is the server's.

    >>> client.udf_put("greeting.lua", source='function greet(rec, name) return "hello " .. name end')
    >>> client.apply(key, "greeting", "greet", ["Ada"])
    'hello Ada'
    >>> client.udf_remove("greeting")
"#;

pub const SET_XDR_FILTER: &str = r#"Say which records of a namespace are shipped to a data centre.

`expression_filter` is an expression of `aerospike_py.exp` that a record must fulfil, or None for no
filter any more. Returns what the node answered, `"ok"`. `policy` is an `InfoPolicy`; its time is in
milliseconds. The Enterprise Edition ships records, others do not.

Raises a ServerError with the code of the node's answer if it refuses.

    >>> from aerospike_py import exp
    >>> try:
    ...     client.set_xdr_filter("london", "test", exp.ge(exp.int_bin("age"), 18))
    ... except AerospikeError as error:
    ...     print(error.code)
    25
"#;
