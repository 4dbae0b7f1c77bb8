"""Records of a batch as NumPy arrays, made by `LazyBatchRecords.to_numpy`."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

__all__ = ["NumpyBatchRecords"]


class NumpyBatchRecords:
    """Records as rows of arrays, a row for every key of the request in its order.

    `batch_records` has the bins, `meta` the generation `gen` and the time to live `ttl` in seconds,
    `result_codes` 0 or why there is no record; its row is all zeros then. Look records up by what
    the batch was keyed by.

        >>> import numpy as np
        >>> client.put(key, {"age": 36})
        >>> found = client.batch_read([key]).to_numpy(np.dtype([("age", "i4")]))
        >>> int(found.get(key[2])["age"]), key[2] in found, len(found)
        (36, True, 1)
    """

    __slots__ = {
        "_map": "Rows by what the batch was keyed by.",
        "batch_records": "The bins, as the fields of the dtype.",
        "meta": "The fields `gen`, the generation, and `ttl`, the seconds until a record expires.",
        "result_codes": "0, or why there is no record: AEROSPIKE_ERR_*.",
    }

    def __init__(
        self,
        batch_records: "np.ndarray[Any, Any]",
        meta: "np.ndarray[Any, Any]",
        result_codes: "np.ndarray[Any, Any]",
        _map: Mapping[Any, int],
    ) -> None:
        self.batch_records = batch_records
        self.meta = meta
        self.result_codes = result_codes
        self._map = _map

    def get(self, key: Any) -> "np.void":
        """Return the row of a key. Raises KeyError if the request did not have it.

        >>> import numpy as np
        >>> client.put(key, {"age": 36})
        >>> found = client.batch_read([key]).to_numpy(np.dtype([("age", "i4")]))
        >>> int(found.get(key[2])["age"])
        36
        """
        row: np.void = self.batch_records[self._map[key]]
        return row

    def __len__(self) -> int:
        return len(self.batch_records)

    def __iter__(self) -> "Iterator[np.void]":
        return iter(self.batch_records)

    def __contains__(self, key: object) -> bool:
        return key in self._map

    def __repr__(self) -> str:
        found = int((self.result_codes == 0).sum())
        return f"<NumpyBatchRecords: {found} of {len(self)} records found>"
