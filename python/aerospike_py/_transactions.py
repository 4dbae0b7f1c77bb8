"""Blocks of code that are a transaction; `Client.transaction` makes them."""

from types import TracebackType

from aerospike_py._aerospike import AsyncClient, Client, Transaction
from aerospike_py._constants import TXN_STATE_ABORTED, TXN_STATE_COMMITTED, TXN_STATE_OPEN
from aerospike_py.exception import AerospikeError

ENDED = (TXN_STATE_ABORTED, TXN_STATE_COMMITTED)


class TransactionBlock:
    """What `with client.transaction()` enters."""

    def __init__(self, client: Client, transaction: Transaction) -> None:
        self._client = client
        self._transaction = transaction

    def __enter__(self) -> Transaction:
        _check_new(self._transaction)
        return self._transaction

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._transaction.state in ENDED:
            return
        if exc_value is None:
            self._client.commit(self._transaction)
            return
        try:
            self._client.abort(self._transaction)
        except AerospikeError as error:
            _tell(exc_value, error)


class AsyncTransactionBlock:
    """What `async with client.transaction()` enters."""

    def __init__(self, client: AsyncClient, transaction: Transaction) -> None:
        self._client = client
        self._transaction = transaction

    async def __aenter__(self) -> Transaction:
        _check_new(self._transaction)
        return self._transaction

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._transaction.state in ENDED:
            return
        if exc_value is None:
            await self._client.commit(self._transaction)
            return
        try:
            await self._client.abort(self._transaction)
        except AerospikeError as error:
            _tell(exc_value, error)


def _check_new(transaction: Transaction) -> None:
    if transaction.state != TXN_STATE_OPEN:
        raise RuntimeError("the block has been run: client.transaction() makes another")


def _tell(raised: BaseException, error: AerospikeError) -> None:
    """Note that the transaction could not be aborted, where exceptions take notes."""
    if hasattr(raised, "add_note"):
        raised.add_note(f"The transaction could not be aborted: {error}")
