//! Docstrings of the verbs of batches, and of what they return.

pub const BATCH_READ: &str = r#"Read many records in one request to each node.

`keys` is a list of keys. `bins` says what to read of each: None all bins, a list of names those
bins, `[]` no bins but generation and time to live, a list of operations their results. An entry of
`keys` may say it for itself: `(key, bins)` or `(key, ops)`, where None is for all bins. `policy` is
a `BatchPolicy`; its times are in milliseconds.

Returns `LazyBatchRecords`, a mapping of the records that were found, which makes Python objects only
of what is asked for. A record that is missing, or whose node can't be reached, fails alone: the
`result` of its entry in `batch_records` says why.

Raises AerospikeTimeoutError or another error if no node answered for any key; TypeError or
ValueError for a key or operation that is not well formed, or for an operation that writes.

    >>> other = (*key[:2], "other")
    >>> client.put(key, {"name": "Ada", "age": 36})
    >>> found = client.batch_read([key, other], ["name"])
    >>> found.to_dict() == {key[2]: {"name": "Ada"}}
    True
    >>> [record.result for record in found.batch_records]
    [0, 2]
"#;

pub const BATCH_WRITE: &str = r#"Write many records in one request to each node.

`records` is a list of `(key, bins)` or `(key, bins, meta)`, where `meta` is a `WriteMeta` that wins
over `policy`, a `BatchPolicy`. Times are in milliseconds. Returns a `BatchWriteResult` with a
`BatchRecord` for each; a record that could not be written fails alone, with the code in `result`,
and `in_doubt` if it may have been written all the same.

`retry` is how often records are sent again that failed because of a timeout, an overloaded or
unreachable node, or a busy key. Each retry comes after a pause of random length, and all is over
when the total timeout of the policy is. The result's `retry` says what the retries did.

In place of the list, a `batch_records.BatchRecords` does something else with each record: its rows
are filled in, and it is returned.

Raises AerospikeTimeoutError or another error if no node answered for any record; TypeError or
ValueError for a record that is not well formed.

    >>> other = (*key[:2], "other")
    >>> result = client.batch_write([(key, {"age": 36}), (other, {"age": 41}, {"ttl": 600})])
    >>> [record.result for record in result.batch_records], result.retry.attempts
    ([0, 0], 1)
    >>> client.batch_read([key, other]).to_list()
    [{'age': 36}, {'age': 41}]
    >>> client.remove(other)
"#;

pub const BATCH_WRITE_NUMPY: &str = r#"Write the rows of a NumPy array, in one request to each node.

`data` is a structured array of one dimension, `_dtype` its dtype. `key_field` names the field with
the user keys, integers or bytes. Each other field is a bin, except those whose names begin with an
underscore; `_namespace` and `_set`, if there are such fields, are the row's own instead of
`namespace` and `set_name`. Fields of bytes (`S`) are stored without trailing zeros, sub-arrays as
the bytes of their elements, the lowest first. `policy` is a `BatchPolicy`, `retry` as for
`batch_write`; so is what is returned.

Raises ImportError without NumPy; TypeError, OverflowError or ValueError for an array or a field
that can't be written; AerospikeTimeoutError or another error if no node answered for any row.

    >>> import numpy as np
    >>> people = np.array([(1, 36), (2, 41)], dtype=[("_key", "i8"), ("age", "i4")])
    >>> result = client.batch_write_numpy(people, "test", "numpy", people.dtype)
    >>> [record.result for record in result.batch_records]
    [0, 0]
    >>> client.batch_read([("test", "numpy", 1), ("test", "numpy", 2)]).to_list()
    [{'age': 36}, {'age': 41}]
    >>> _ = client.batch_remove([("test", "numpy", 1), ("test", "numpy", 2)])
"#;

pub const BATCH_OPERATE: &str = r#"Run the same operations on many records, in one request to each node.

`ops` is a list of operations as for `operate`; a batch whose operations only read is a batch of
reads. `policy` is a `BatchPolicy`, `policy_batch_write` a `BatchWritePolicy` that wins over it, and
`ttl` the time to live that records get, in seconds; it wins over both. Times are in milliseconds.

Returns a `BatchWriteResult` with a `BatchRecord` for each key, whose `record.bins` has the results
by bin name. A record that could not be operated on fails alone.

Raises AerospikeTimeoutError or another error if no node answered for any key; TypeError or
ValueError for a key or operation that is not well formed.

    >>> client.put(key, {"visits": 1})
    >>> increment = {"op": OPERATOR_INCR, "bin": "visits", "val": 1}
    >>> read = {"op": OPERATOR_READ, "bin": "visits"}
    >>> [record.record.bins for record in client.batch_operate([key], [increment, read]).batch_records]
    [{'visits': 2}]
"#;

pub const BATCH_REMOVE: &str = r#"Remove many records in one request to each node.

`keys` is a list of keys or of `(key, meta)`, where `meta` is a `BatchDeleteMeta` that wins over the
policies: `gen` is the generation that the record must have. `policy` is a `BatchPolicy`,
`policy_batch_remove` a `BatchDeletePolicy` that wins over it. Times are in milliseconds.

Returns a `BatchWriteResult` with a `BatchRecord` for each key; `result` is 2 where there was no
record.

Raises AerospikeTimeoutError or another error if no node answered for any key; TypeError or
ValueError for a key that is not well formed.

    >>> client.put(key, {"name": "Ada"})
    >>> result = client.batch_remove([(key, {"gen": 1}), (*key[:2], "missing")])
    >>> [record.result for record in result.batch_records]
    [0, 2]
"#;

pub const BATCH_APPLY: &str = r#"Call a user-defined function with many records, in one request to each node.

`module` and `function` name it, `args` is a list of what it is called with besides the record.
`keys` is a list of keys or of `(key, meta)`, where `meta` is a `BatchUDFMeta` with other policies,
or another `module`, `function` or `args` for this key. `policy` is a `BatchPolicy`,
`policy_batch_apply` a `BatchUDFPolicy` that wins over it. Times are in milliseconds.

Returns a `BatchWriteResult` with a `BatchRecord` for each key, whose `record.bins` has what the
function returned as `SUCCESS`. Where it failed `result` is 100, and `FAILURE` has the reason.

Raises AerospikeTimeoutError or another error if no node answered for any key; TypeError or
ValueError for a key or argument that is not well formed.

    >>> result = client.batch_apply([key], "no_such_module", "f", [1, "a"])
    >>> [record.result == 0 for record in result.batch_records]
    [False]
"#;

pub const BATCH_STREAM: &str = r#"Read many records, or run a mixed batch, and get each row as it arrives.

Returns an iterator over `(index, record)`: the place of the key in the request, and its
`BatchRecord`. Rows arrive in the order in which nodes answer, each as soon as it is read from the
network; rows that are not read yet wait, and so do the nodes then. `keys`, `bins` and `policy` are
those of `batch_read`. In place of the keys, a `batch_records.BatchRecords` runs what its rows say;
`record` is the row itself then, filled in.

Nothing is sent before the first row is asked for. With `AsyncClient` the iterator is read by
`async for`, and the call itself is not awaited. To stop early, leave the loop.

Raises AerospikeTimeoutError or another error after the last row if no node answered for any key;
TypeError or ValueError as `batch_read` does.

    >>> client.put(key, {"age": 36})
    >>> for index, record in client.batch_stream([key, (*key[:2], "missing")], ["age"]):
    ...     print(index, record.result, record.record and record.record.bins)
    0 0 {'age': 36}
    1 2 None
"#;

pub const BATCH_FOREACH: &str = r#"Call `callback(index, record)` for each row of a batch as it arrives.

The arguments of `callback` are what `batch_stream` returns, and so are `keys`, `bins` and `policy`
its arguments. A callback that returns False ends the call. With `AsyncClient` it may be a coroutine
function.

Raises what `batch_stream` raises, and what the callback raises.

    >>> client.put(key, {"age": 36})
    >>> client.batch_foreach([key], lambda index, record: print(index, record.record.bins))
    0 {'age': 36}
"#;

pub const TAKE: &str =
    "Take what has arrived: a list with at least one result, or none at the end.";

pub const LAZY_BATCH_RECORDS: &str = r#"The records that `batch_read` found, by their user keys.

It is a mapping to the bins of each record, and equals a dict with the same contents. Records that
are missing or could not be read are not in it; `batch_records` and `to_list` have a place for every
key of the request, in its order.

If all keys of the request are of the same namespace and set, and are given with user keys, these
are the keys of the mapping. Otherwise equal user keys may mean different records, and its keys are
`AerospikeKey` tuples. Looking up by a whole key, `(namespace, set, user_key)` or with the digest as
a fourth part, works either way.

Nothing is converted before it is asked for. Bins that were looked up are kept, so that the same
dict is returned again, until `release_cache` is called. Several threads may use it at once.

    >>> client.put(key, {"name": "Ada"})
    >>> found = client.batch_read([key, (*key[:2], "missing")])
    >>> found[key[2]]
    {'name': 'Ada'}
    >>> found[key]
    {'name': 'Ada'}
    >>> len(found), len(found.batch_records)
    (1, 2)
"#;

pub const BATCH_RECORDS: &str = r#"A `BatchRecord` for every key of the request, in its order.

`result` is 0, or the code of why there is no record; `record.meta` has generation and time to live.
The list is kept until `release_cache` is called.
"#;

pub const BATCH_RESULT: &str = "\
0 if every record was read, is not there or was filtered out, otherwise AEROSPIKE_BATCH_FAILED.";

pub const TO_DICT: &str = r#"Make a dict of the mapping. It and the bins in it are the caller's to change.

    >>> client.put(key, {"name": "Ada"})
    >>> list(client.batch_read([key]).to_dict().values())
    [{'name': 'Ada'}]
"#;

pub const TO_LIST: &str = r#"Make a list of the bins for every key of the request, in its order.

There is None where no record was read. The bins are the caller's to change.

    >>> client.put(key, {"name": "Ada"})
    >>> client.batch_read([key, (*key[:2], "missing")]).to_list()
    [{'name': 'Ada'}, None]
"#;

pub const TO_NUMPY: &str = r#"Make NumPy arrays of the records, a row for every key of the request.

`dtype` is a `numpy.dtype` with a field for each bin wanted: bools, integers, floats, bytes (`S`, or
`V` as they are), or sub-arrays of these, which take lists and bytes. Returns `NumpyBatchRecords`;
bins that a record does not have are zero in its row, and so is all of a row without a record:
`result_codes` tells which these are. Other threads run while the arrays are filled.

Raises ImportError without NumPy; TypeError, OverflowError or ValueError if a bin does not fit its
field.

    >>> import numpy as np
    >>> client.put(key, {"age": 36, "height": 1.75})
    >>> fields = np.dtype([("age", "i4"), ("height", "f4")])
    >>> found = client.batch_read([key, (*key[:2], "missing")]).to_numpy(fields)
    >>> found.batch_records["height"].tolist(), found.result_codes.tolist()
    ([1.75, 0.0], [0, 2])
"#;

pub const ITER_RECORDS: &str = r#"Iterate over a `BatchRecord` for every key of the request, making one at a time.

    >>> client.put(key, {"name": "Ada"})
    >>> for record in client.batch_read([key]).iter_records():
    ...     print(record.result, record.record.bins, record.record.meta.gen)
    0 {'name': 'Ada'} 1
"#;

pub const ALL_USER_KEYS: &str = r#"Return the user key for every key of the request, None for one that has only a digest.

    >>> client.batch_read([("test", "demo", 1), ("test", "demo", 2)]).all_user_keys()
    [1, 2]
"#;

pub const FOUND_COUNT: &str = r#"Return how many keys of the request have a record.

    >>> client.put(key, {"name": "Ada"})
    >>> client.batch_read([key, (*key[:2], "missing")]).found_count()
    1
"#;

pub const RELEASE_CACHE: &str = r#"Let go of the Python objects that are kept for another look-up.

    >>> client.put(key, {"name": "Ada"})
    >>> found = client.batch_read([key])
    >>> bins = found[key]
    >>> found.release_cache()
    >>> found[key] == bins, found[key] is bins
    (True, False)
"#;

pub const ITEMS: &str = r#"Return the keys with the bins of their records, as a dict's `items`.

    >>> client.put(key, {"name": "Ada"})
    >>> [(user_key == key[2], bins) for user_key, bins in client.batch_read([key]).items()]
    [(True, {'name': 'Ada'})]
"#;

pub const KEYS: &str = r#"Return the keys of the records that were found, as a dict's `keys`.

    >>> client.put(key, {"name": "Ada"})
    >>> list(client.batch_read([key]).keys()) == [key[2]]
    True
"#;

pub const VALUES: &str = r#"Return the bins of the records that were found, as a dict's `values`.

    >>> client.put(key, {"name": "Ada"})
    >>> list(client.batch_read([key]).values())
    [{'name': 'Ada'}]
"#;

pub const GET_BINS: &str = r#"Return the bins of a record, or `default` if it was not found.

    >>> client.put(key, {"name": "Ada"})
    >>> found = client.batch_read([key])
    >>> found.get(key), found.get("missing"), found.get("missing", {})
    ({'name': 'Ada'}, None, {})
"#;

pub const MERGE_TO_DICT: &str = r#"Make a dict of each of several mappings, in one call.

Returns a list with what `to_dict` of each of the `handles` returns.

Raises TypeError if one of them is not a `LazyBatchRecords`.

    >>> client.put(key, {"name": "Ada"})
    >>> one, other = client.batch_read([key]), client.batch_read([])
    >>> LazyBatchRecords.merge_to_dict([one, other]) == [one.to_dict(), {}]
    True
"#;
