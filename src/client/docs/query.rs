//! The docstrings of the verbs that begin queries and scans.

pub const QUERY: &str = r#"Begin a query: records of a set, or of a whole namespace, that fulfil a condition.

`set_name` None is all sets. Returns a `Query`, an `AsyncQuery` of an AsyncClient, without asking
the server: methods of it say what to look for, and it is read with `results`, `foreach`, `for` or
`async for`. A query without a predicate finds all records.

Raises TypeError or ValueError if a name is not one.

    >>> client.put(("test", "people", "ada"), {"name": "Ada", "age": 36})
    >>> client.index_integer_create("test", "people", "age", "people_age")
    >>> query = client.query("test", "people")
    >>> query.where(predicates.between("age", 30, 40))
    >>> [record.bins["name"] for record in query.results()]
    ['Ada']
    >>> client.index_remove("test", "people_age")
    >>> client.remove(("test", "people", "ada"))
"#;

pub const SCAN: &str = r#"Begin a scan: all records of a set, or of a whole namespace.

`set_name` None is all sets. Returns a `Scan`, an `AsyncScan` of an AsyncClient, without asking the
server: it is read with `results`, `foreach`, `for` or `async for`.

Raises TypeError or ValueError if a name is not one.

    >>> client.put(("test", "people", "ada"), {"name": "Ada", "age": 36})
    >>> scan = client.scan("test", "people")
    >>> scan.select("name")
    >>> [record.bins for record in scan]
    [{'name': 'Ada'}]
    >>> client.remove(("test", "people", "ada"))
"#;

pub const QUERY_EXPLAIN: &str = r#"Ask the server how it would carry out a query, whose condition is text that it compiles.

`ael` is a condition in the Aerospike Expression Language, like `$.age > 30 and $.country == 'NZ'`;
`set_name` None is all sets. The server uses a secondary index that answers part of the condition, if
there is one: that named `index_name` if it can, else another one. `pin_index` True permits no other
one, `require_index` True none but an answer by an index. `policy` is a `QueryPolicy`.

Returns a `QueryPlan`, which `where` of a query takes instead of a predicate: that query finds the
records that meet the condition.

Raises TypeError or ValueError for what is wrong with an argument; InvalidRequest if the server finds
the text wrong, IndexNotFound if it has no such index. Servers before version 8.2 don't know plans:
UnsupportedFeature.

    >>> client.put(("test", "people", "ada"), {"name": "Ada", "age": 36})
    >>> client.index_integer_create("test", "people", "age", "people_age")
    >>> plan = client.query_explain("test", "people", "$.age > 30 and $.name =~ /^A/")
    >>> plan.selection, plan.index_name
    ('secondary_index', 'people_age')
    >>> query = client.query("test", "people")
    >>> query.where(plan)
    >>> [record.bins["name"] for record in query.results()]
    ['Ada']
    >>> client.index_remove("test", "people_age")
    >>> client.remove(("test", "people", "ada"))
"#;

pub const QUERY_PLAN: &str = r#"How the server would carry out a query. `client.query_explain()` makes it.

It never changes, and holds as long as the index does that it names. `where` of a query takes it.

    >>> client.query_explain("test", "people", "$.age > 9 and $.age < 5")
    QueryPlan(ael="$.age > 9 and $.age < 5", selection="filtered_out")
"#;

pub const JOB_INFO: &str = r#"Tell how far a job has come that `execute_background` began.

`job_id` is what it returned, `module` `JOB_QUERY` or `JOB_SCAN`. `policy` is an `InfoPolicy`; its
`timeout`, in milliseconds, is that of the command to each node.

Returns a dict: `progress_pct`, from 0 to 100; `records_read`, a count; `status`, which is
`JOB_STATUS_INPROGRESS`, `JOB_STATUS_COMPLETED`, or `JOB_STATUS_UNDEF` if no node knows the job,
since it never was, or ended long ago.

    >>> client.put(key, {"seen": 0})
    >>> scan = client.scan(key[0], key[1])
    >>> scan.add_ops([{"op": OPERATOR_INCR, "bin": "seen", "val": 1}])
    >>> job = scan.execute_background()
    >>> while client.job_info(job, JOB_SCAN)["status"] == JOB_STATUS_INPROGRESS:
    ...     pass
    >>> client.get(key).bins
    {'seen': 1}
"#;

pub const QUERY_APPLY: &str = r#"Have a function called, in the background, with each record that a predicate finds.

The cluster has `function` in `module`; it gets the record and `args`, a list or tuple. `predicate`
is made by a function of `predicates`, `policy` is a `WritePolicy`. Returns the number of the job,
for `job_info` with `JOB_QUERY`. The same as `apply` and `execute_background` of a query.

Raises TypeError or ValueError for what is wrong with an argument.

    >>> source = "function birthday(rec) rec['age'] = rec['age'] + 1; aerospike:update(rec) end"
    >>> client.udf_put("people.lua", source=source)
    >>> client.put(("test", "people", "ada"), {"age": 36})
    >>> client.index_integer_create("test", "people", "age", "people_age")
    >>> found = predicates.equals("age", 36)
    >>> job = client.query_apply("test", "people", found, "people", "birthday")
    >>> while client.job_info(job, JOB_QUERY)["status"] == JOB_STATUS_INPROGRESS:
    ...     pass
    >>> client.get(("test", "people", "ada")).bins
    {'age': 37}
    >>> client.index_remove("test", "people_age")
    >>> client.udf_remove("people")
    >>> client.remove(("test", "people", "ada"))
"#;

pub const SCAN_APPLY: &str = r#"Have a function called, in the background, with each record of a set or namespace.

`set_name` None is all sets. The cluster has `function` in `module`; it gets the record and `args`, a
list or tuple. `policy` is a `WritePolicy`. Returns the number of the job, for `job_info` with
`JOB_SCAN`. The same as `apply` and `execute_background` of a scan.

Raises TypeError or ValueError for what is wrong with an argument.

    >>> source = "function birthday(rec) rec['age'] = rec['age'] + 1; aerospike:update(rec) end"
    >>> client.udf_put("people.lua", source=source)
    >>> client.put(("test", "people", "ada"), {"age": 36})
    >>> job = client.scan_apply("test", "people", "people", "birthday")
    >>> while client.job_info(job, JOB_SCAN)["status"] == JOB_STATUS_INPROGRESS:
    ...     pass
    >>> client.get(("test", "people", "ada")).bins
    {'age': 37}
    >>> client.udf_remove("people")
    >>> client.remove(("test", "people", "ada"))
"#;
