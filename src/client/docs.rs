//! The docstrings, one for each verb. Both clients share them: an example that calls
//! `client.get(key)` is `await client.get(key)` with `AsyncClient`.
//!
//! Examples run as doctests, with a connected `client` and a `key` of their own.

pub mod admin;
pub mod batch;
pub mod manage;
pub mod query;
pub mod transaction;

pub const CLIENT: &str = r#"A client of an Aerospike cluster, for synchronous code.

`config` is a dict as `aerospike_py.types.ClientConfig` describes it; only `hosts` is required.
Making a client opens no connection: `connect` does, or the start of a `with` block, whose end
closes the client. A client serves any number of threads at once, but only the interpreter that
made it.

Raises TypeError or ValueError for a key or value that the configuration does not permit.

    >>> with Client({"hosts": hosts}) as client:
    ...     client.put(("test", "people", "ada"), {"age": 36})
    ...     client.get(("test", "people", "ada")).bins["age"]
    36
"#;

pub const ASYNC_CLIENT: &str = r#"A client of an Aerospike cluster, for asyncio.

It has the methods of `Client`, with the same arguments and results; those that use the network
are awaited. `config` is a dict as `aerospike_py.types.ClientConfig` describes it. Making a client
opens no connection: `connect` does, or the start of an `async with` block, whose end closes the
client. A client serves every event loop of the interpreter that made it.

Raises TypeError or ValueError for a key or value that the configuration does not permit.

    >>> async def age():
    ...     async with AsyncClient({"hosts": hosts}) as client:
    ...         await client.put(("test", "people", "ada"), {"age": 36})
    ...         return (await client.get(("test", "people", "ada"))).bins["age"]
    >>> asyncio.run(age())
    36
"#;

pub const CONNECT: &str = r#"Connect to the cluster and return this client.

Returns when every node is known and the partition table is complete. `username` and `password`,
given together, replace `user` and `password` of the configuration. Connecting while connected
does nothing; a client that was closed can be connected again.

Raises ConnectionError or another ClusterError if the cluster cannot be reached, unless
`fail_if_not_connected` is False; an AdminError if it refuses the user; ClientError if a user is
given while connected.

    >>> Client({"hosts": hosts}).connect().is_connected()
    True
"#;

pub const CLOSE: &str = r#"Close all connections. Closing a client that is not open does nothing.

Calls that are under way end first or fail, in doubt if they may have changed data. Later ones raise
ClientError, until `connect` opens the client again.

    >>> other = Client({"hosts": hosts}).connect()
    >>> other.close()
    >>> other.is_connected()
    False
"#;

pub const IS_CONNECTED: &str = r#"Whether this client is connected to at least one node. Sends nothing.

    >>> client.is_connected()
    True
"#;

pub const GET_POLICIES: &str = r#"Return the policies that calls have unless they give others: a dict of dicts, by kind.

They are the defaults, changed by `policies` of the configuration, and what a dynamic configuration
(`config_provider`) says now. The dict may be given as `policies` to another client; conditions
(`filter_expression`) and partition filters are not told. Sends nothing.

    >>> Client({"hosts": hosts, "policies": {"max_retries": 4}}).get_policies()["read"]["max_retries"]
    4
"#;

pub const PING: &str = r#"Whether a node of the cluster answers. Not being connected is False, not an error.

    >>> client.ping()
    True
"#;

pub const GET_NODE_NAMES: &str = r#"Return the names of the cluster's nodes, as a list of str. Sends nothing.

Raises ClientError if the client is not connected.

    >>> len(client.get_node_names()) >= 1
    True
"#;

pub const GET_NODES: &str = r#"Return the addresses of the cluster's nodes, as a list of tuples (host, port). Sends nothing.

Raises ClientError if the client is not connected.

    >>> [(host, type(port)) for host, port in client.get_nodes()][:1]
    [('127.0.0.1', <class 'int'>)]
"#;

pub const GET_STATS: &str = r#"Return what this client counts of its nodes, as `ClusterStats`. Sends nothing.

Connections in use, in the pool and under recovery are those of this moment; connections opened and
closed are counted since `connect`. Errors, timeouts and retries of commands are counted while
`enable_metrics` is in effect.

Raises ClientError if the client is not connected.

    >>> stats = client.get_stats()
    >>> stats.nodes[0].name in client.get_node_names()
    True
    >>> stats.nodes[0].conns.in_use >= 0
    True
"#;

pub const ENABLE_METRICS: &str = r#"Have errors, timeouts and retries of each command counted for `get_stats`.

That is until `disable_metrics` or `close`, and costs a little, under locks that threads share. What
`aerospike_py.get_metrics` tells needs it only for `aerospike_client_node_retries`. `policy` is there for programs that come from the
official client and must be None: here no files are written and no listeners called.

Raises ClientError if the client is not connected; TypeError for a policy.

    >>> client.enable_metrics()
    >>> client.get_stats().nodes[0].key_busy_count
    0
    >>> client.disable_metrics()
"#;

pub const DISABLE_METRICS: &str = r#"Have errors, timeouts and retries of each command no longer counted for `get_stats`.

What has been counted stays in `get_stats`.

Raises ClientError if the client is not connected.

    >>> client.disable_metrics()
"#;

pub const SHM_KEY: &str = r#"Return None: no client shares its view of the cluster with other processes.

The official client returns the key of the shared memory that its configuration `shm` names. Here
each client tends its cluster itself, and `shm` is refused.

    >>> client.shm_key() is None
    True
"#;

pub const GET_CDTCTX_BASE64: &str = r#"Return a context of `aerospike_py.cdt_ctx` as base64 text. Sends nothing.

The text is what the server's `sindex-create` info command and other clients take.

Raises TypeError or ValueError if `ctx` is no list of steps, or an empty one.

    >>> from aerospike_py import cdt_ctx
    >>> client.get_cdtctx_base64([cdt_ctx.cdt_ctx_list_index(1)])
    'khAB'
"#;

pub const GET_EXPRESSION_BASE64: &str = r#"Return an expression as base64 text, as its method `base64()` does. Sends nothing.

The text is what the server's `xdr-set-filter` info command and other clients take, and
`exp.from_base64` makes the expression of it again.

Raises TypeError if `expression` is none.

    >>> from aerospike_py import exp
    >>> client.get_expression_base64(exp.eq(exp.int_bin("a"), 1))
    'kwGTUQKhYQE='
"#;

pub const INFO_ALL: &str = r#"Send an info command to every node.

Returns a list with an `InfoNodeResult` for each node: `node_name`, `error_code` (0 if the node
answered, otherwise the result code) and `response`, the text after the command's name.
`policy` is an `InfoPolicy`; its `timeout` is in milliseconds.

Raises ClientError if the client is not connected. A node that fails has an `error_code`; it does
not raise.

    >>> [result.error_code for result in client.info_all("build")][0]
    0
"#;

pub const INFO_RANDOM_NODE: &str = r#"Send an info command to one node, any of them, and return its response as str.

`policy` is an `InfoPolicy`; its `timeout` is in milliseconds.

Raises ClientError if the client is not connected, ClusterError or AerospikeTimeoutError if the
node does not answer.

    >>> "test" in client.info_random_node("namespaces")
    True
"#;

pub const INFO_SINGLE_NODE: &str = r#"Send an info command to the node `node_name`, and return its response as str.

`node_name` is one of `get_node_names()`, or the node's address as a tuple `(host, port)`.
`policy` is an `InfoPolicy`; its `timeout` is in milliseconds.

Raises InvalidNodeError if there is no such node, ClientError if the client is not connected,
ClusterError or AerospikeTimeoutError if the node does not answer.

    >>> name = client.get_node_names()[0]
    >>> client.info_single_node("node", name).strip().endswith(name)
    True
"#;

pub const PUT: &str = r#"Write bins of a record.

`key` is `(namespace, set, user_key)`, or with the digest of 20 bytes as a fourth; the set may be
None. `bins` is a dict of bin name (1 to 15 bytes) to value: int, float, str, bytes, bool, list,
dict, GeoJSON, HyperLogLog, or None, which removes the bin. Bins that are not named keep their
values. `meta` is a `WriteMeta`: `ttl` is the time to live in seconds, `gen` the generation that the
record must have. `policy` is a `WritePolicy`; its times are in milliseconds. `serializer` is
SERIALIZER_USER to insist on a function of `set_serializer` or of the configuration, SERIALIZER_NONE
to do without, and None, the default, to use it if there is one.

Raises RecordExistsError or RecordNotFound if the policy's `exists` rules the write out,
RecordGenerationError if the generation is another, RecordTooBig, FilteredOut,
AerospikeTimeoutError; TypeError, ValueError or OverflowError for a value that can't be stored.

    >>> client.put(key, {"name": "Ada", "age": 36}, meta={"ttl": 3600})
    >>> client.put(key, {"age": 37})
    >>> client.get(key).bins["name"]
    'Ada'
"#;

pub const GET: &str = r#"Read a record with all its bins.

Returns a `Record`: `key`, an `AerospikeKey`; `meta`, with the generation `gen` and the time to live
`ttl` in seconds (4294967295: it never expires); and `bins`, a dict of bin name to value.
`policy` is a `ReadPolicy`; its times are in milliseconds.

Raises RecordNotFound if there is no such record, FilteredOut if the policy's filter expression is
false for it, AerospikeTimeoutError or ClusterError if no node served it in time.

    >>> client.put(key, {"name": "Ada"})
    >>> record = client.get(key)
    >>> record.bins, record.meta.gen
    ({'name': 'Ada'}, 1)
"#;

pub const SELECT: &str = r#"Read some bins of a record.

`bins` is a list of bin names; a bin that the record does not have is left out of the result.
Returns a `Record`, as `get` does. `policy` is a `ReadPolicy`; its times are in milliseconds.

Raises RecordNotFound if there is no such record, FilteredOut if the policy's filter expression is
false for it, AerospikeTimeoutError or ClusterError if no node served it in time.

    >>> client.put(key, {"name": "Ada", "age": 36})
    >>> client.select(key, ["age", "height"]).bins
    {'age': 36}
"#;

pub const EXISTS: &str = r#"Look up a record without reading its bins.

Returns an `ExistsResult`: `key`, and `meta`, which is None if there is no such record, and
otherwise has the generation `gen` and the time to live `ttl` in seconds. `policy` is a
`ReadPolicy`; its times are in milliseconds.

Raises FilteredOut if the policy's filter expression is false for the record, AerospikeTimeoutError
or ClusterError if no node served it in time. A missing record does not raise.

    >>> client.exists(key).meta is None
    True
    >>> client.put(key, {"name": "Ada"})
    >>> client.exists(key).meta.gen
    1
"#;

pub const REMOVE: &str = r#"Remove a record.

`meta` is a `WriteMeta`: `gen` is the generation that the record must have. `policy` is a
`RemovePolicy`; its times are in milliseconds.

Raises RecordNotFound if there is no such record, RecordGenerationError if its generation is
another, FilteredOut, AerospikeTimeoutError.

    >>> client.put(key, {"name": "Ada"})
    >>> client.remove(key)
    >>> client.exists(key).meta is None
    True
"#;

pub const TOUCH: &str = r#"Renew a record's time to live, and increase its generation by one.

`val` is the new time to live in seconds, or one of the TTL_* constants; 0 is the default of the
namespace. Without it the `ttl` of `meta`, a `WriteMeta`, or of `policy`, a `WritePolicy`, is used.
Times of the policy are in milliseconds.

Raises RecordNotFound if there is no such record, RecordGenerationError if its generation is
another, FilteredOut, AerospikeTimeoutError.

    >>> client.put(key, {"name": "Ada"})
    >>> client.touch(key, 600)
    >>> client.exists(key).meta.gen
    2
"#;

pub const APPEND: &str = r#"Append to the value of a bin: str to str, bytes to bytes.

A record or bin that does not exist is created with `val` as its value. `meta` is a `WriteMeta`,
`policy` an `OperatePolicy`; its times are in milliseconds.

Raises BinTypeError if the bin has a value of another type, RecordGenerationError, FilteredOut,
AerospikeTimeoutError; TypeError if `val` is neither str nor bytes.

    >>> client.put(key, {"name": "Ada"})
    >>> client.append(key, "name", " Lovelace")
    >>> client.get(key).bins["name"]
    'Ada Lovelace'
"#;

pub const PREPEND: &str = r#"Put `val` before the value of a bin: str before str, bytes before bytes.

A record or bin that does not exist is created with `val` as its value. `meta` is a `WriteMeta`,
`policy` an `OperatePolicy`; its times are in milliseconds.

Raises BinTypeError if the bin has a value of another type, RecordGenerationError, FilteredOut,
AerospikeTimeoutError; TypeError if `val` is neither str nor bytes.

    >>> client.put(key, {"name": "Lovelace"})
    >>> client.prepend(key, "name", "Ada ")
    >>> client.get(key).bins["name"]
    'Ada Lovelace'
"#;

pub const INCREMENT: &str = r#"Add `offset`, an int or a float, to the value of a bin.

A record or bin that does not exist is created with `offset` as its value. The number must be of the
type of the bin's value. `meta` is a `WriteMeta`, `policy` an `OperatePolicy`; its times are in
milliseconds. A retried increment may be applied twice: `max_retries` is 0 by default.

Raises BinTypeError if the bin has a value of another type, RecordGenerationError, FilteredOut,
AerospikeTimeoutError; TypeError if `offset` is no number.

    >>> client.put(key, {"visits": 1})
    >>> client.increment(key, "visits", 2)
    >>> client.get(key).bins["visits"]
    3
"#;

pub const REMOVE_BIN: &str = r#"Remove bins of a record.

`bin_names` is a list of bin names; a bin that the record does not have is skipped. A record that
has no bins left is removed. `meta` is a `WriteMeta`, `policy` a `WritePolicy`; its times are in
milliseconds.

Raises RecordNotFound if there is no such record, RecordGenerationError if its generation is
another, FilteredOut, AerospikeTimeoutError.

    >>> client.put(key, {"name": "Ada", "age": 36})
    >>> client.remove_bin(key, ["age"])
    >>> client.get(key).bins
    {'name': 'Ada'}
"#;

pub const OPERATE: &str = r#"Run several operations on a record in one request, one after another and as one unit.

`ops` is a list of operations, dicts such as `{"op": OPERATOR_INCR, "bin": "visits", "val": 1}`. The
modules `operations`, `list_operations`, `map_operations` and so on have functions that make them.
Returns a `Record` whose `bins` has the results by bin name; a bin with several results has a list
of them. `meta` is a `WriteMeta`, `policy` an `OperatePolicy`; its times are in milliseconds.

Raises RecordNotFound if there is nothing to read, and the error of the first operation that fails;
then no operation takes effect. TypeError or ValueError for an operation that is not well formed.

    >>> from aerospike_py import OPERATOR_INCR, OPERATOR_READ
    >>> increment = {"op": OPERATOR_INCR, "bin": "visits", "val": 1}
    >>> read = {"op": OPERATOR_READ, "bin": "visits"}
    >>> client.operate(key, [increment, read]).bins
    {'visits': 1}
"#;

pub const OPERATE_ORDERED: &str = r#"Run several operations on a record as `operate` does, with a result for each.

Returns an `OperateOrderedResult` whose `ordered_bins` has a `BinTuple`, `name` and `value`, for
each operation, in the order of `ops`; the value of an operation without a result is None. `meta`
is a `WriteMeta`, `policy` an `OperatePolicy`; its times are in milliseconds.

Raises what `operate` raises.

    >>> from aerospike_py import OPERATOR_INCR, OPERATOR_READ
    >>> increment = {"op": OPERATOR_INCR, "bin": "visits", "val": 1}
    >>> read = {"op": OPERATOR_READ, "bin": "visits"}
    >>> for name, value in client.operate_ordered(key, [increment, read]).ordered_bins:
    ...     print(name, value)
    visits None
    visits 1
"#;

pub const GET_KEY_PARTITION_ID: &str = r#"Return the partition that holds a key, 0 to 4095. Sends nothing.

Raises TypeError or ValueError if these are not the parts of a key.

    >>> client.get_key_partition_id("test", "demo", "k")
    3549
"#;

pub const CALC_DIGEST: &str = r#"Return the digest that identifies a record in the server, as 20 bytes.

The digest is made of the set and the user key. `set` may be None; `key` is a str, int, bytes or
bytearray.

Raises TypeError or ValueError if these are not the parts of a key.

    >>> calc_digest("test", "demo", "k").hex()
    'ddbd526bc5517c4d1bd6d5ddc0bb36044a932dcd'
"#;

pub const GET_PARTITION_ID: &str = r#"Return the partition that a digest belongs to, 0 to 4095.

`digest` is the 20 bytes that `calc_digest` returns.

Raises TypeError or ValueError if it is not that.

    >>> get_partition_id(calc_digest("test", "demo", "k"))
    3549
"#;

pub const SET_SERIALIZER: &str = r#"Have values of types that the server has none for written as what a function makes of them.

`callback` is called with such a value, wherever it is in a bin, a list, a map or an argument, and
returns bytes, bytearray or str, which is written as a blob. Without it such a value raises
TypeError. It is for every client of this interpreter that has none of its own; `serialization` of
the configuration is what a client has.

Raises TypeError if `callback` can't be called.

    >>> from decimal import Decimal
    >>> aerospike_py.set_serializer(lambda value: f"decimal {value}")
    >>> client.put(("test", "prices", "tea"), {"price": Decimal("2.50")})
    >>> aerospike_py.unset_serializers()
    >>> client.get(("test", "prices", "tea")).bins
    {'price': b'decimal 2.50'}
"#;

pub const SET_DESERIALIZER: &str = r#"Have a function make a value of each blob that is read.

`callback` is called with the bytes of each blob in a bin, a list or a map, whoever has written it,
and returns the value to show; keys are left as they are. It is for every client of this interpreter
that has none of its own; `serialization` of the configuration is what a client has.

Raises TypeError if `callback` can't be called.

    >>> from decimal import Decimal
    >>> client.put(("test", "prices", "jam"), {"price": b"decimal 3.20"})
    >>> aerospike_py.set_deserializer(lambda data: Decimal(data.decode().removeprefix("decimal ")))
    >>> client.get(("test", "prices", "jam")).bins
    {'price': Decimal('3.20')}
    >>> aerospike_py.unset_serializers()
"#;

pub const UNSET_SERIALIZERS: &str = r#"Undo `set_serializer` and `set_deserializer`, for clients that have none of their own.

    >>> aerospike_py.unset_serializers()
"#;
