//! Docstrings of the verbs on transactions.

pub const COMMIT: &str = r#"Commit a transaction: what it has written takes effect.

First the records are verified that it has read and not written. If another one has changed one of
them, or is about to, the transaction is aborted and TransactionFailed raised, which tells their
keys. Returns one of the constants

- COMMIT_OK: everything is done;
- COMMIT_ALREADY_COMMITTED: it had been committed;
- COMMIT_ROLL_FORWARD_ABANDONED: it is committed, but some records could not be reached, and the
  server will unlock them after the transaction's timeout;
- COMMIT_CLOSE_ABANDONED: it is committed, and the server will clean up.

`verify_policy` and `roll_policy` are a `BatchPolicy` each, by default as `txn_verify` and
`txn_roll` of the client's policies say; their times are in milliseconds.

Raises TransactionFailed if the transaction is not committed. With `in_doubt` it may be all the
same, and can only be committed again; otherwise abort it. So it does if it is unknown whether one
of its writes was carried out. Raises TransactionAlreadyAborted if it has been aborted. Waits for
writes of the transaction that are under way.

    >>> txn = Transaction()
    >>> client.put(("test", "accounts", "ada"), {"balance": 10}, policy={"txn": txn})
    >>> client.commit(txn) == COMMIT_OK
    True
"#;

pub const ABORT: &str = r#"Abort a transaction: what it has written is undone.

Returns one of the constants

- ABORT_OK: everything is done;
- ABORT_ALREADY_ABORTED: it had been aborted;
- ABORT_ROLL_BACK_ABANDONED: some records could not be reached, or it is unknown which were written;
  the server will unlock them after the transaction's timeout;
- ABORT_CLOSE_ABANDONED: everything is undone, and the server will clean up.

`roll_policy` is a `BatchPolicy`, by default as `txn_roll` of the client's policies says; its times
are in milliseconds.

Raises TransactionAlreadyCommitted if it has been committed, and TransactionFailed if it is in doubt
whether it has. Waits for writes of the transaction that are under way.

    >>> txn = Transaction()
    >>> client.put(("test", "accounts", "ada"), {"balance": 10}, policy={"txn": txn})
    >>> client.abort(txn) == ABORT_OK
    True
    >>> client.exists(("test", "accounts", "ada")).meta is None
    True
"#;

pub const TRANSACTION: &str = r#"Make a block of code a transaction: `with` for `Client`, `async with` for `AsyncClient`.

The block is given a `Transaction`, made with these arguments, for the policies of the calls that
are to be part of it. Its end commits the transaction; an exception that leaves the block aborts it
and goes on. A transaction that the block itself has committed or aborted is left as it is.

Raises what `commit` raises. A conflict with others, MRT_BLOCKED (120) within the block or
TransactionFailed at its end, is a reason to begin anew.

    >>> ada, bob = ("test", "accounts", "ada"), ("test", "accounts", "bob")
    >>> with client.transaction() as txn:
    ...     client.put(ada, {"balance": 10}, policy={"txn": txn})
    ...     client.put(bob, {"balance": 20}, policy={"txn": txn})
    >>> try:
    ...     with client.transaction(timeout=5) as txn:
    ...         client.increment(ada, "balance", -50, policy={"txn": txn})
    ...         client.increment(bob, "balance", 50, policy={"txn": txn})
    ...         if client.get(ada, policy={"txn": txn}).bins["balance"] < 0:
    ...             raise ValueError("not enough")
    ... except ValueError as error:
    ...     print(error)
    not enough
    >>> client.get(ada).bins, client.get(bob).bins
    ({'balance': 10}, {'balance': 20})
"#;
