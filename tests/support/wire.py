"""Requests made byte by byte, for what no client can be made to send."""

from __future__ import annotations

import socket
import struct
from typing import Any

import aerospike_py

STRING = 3

_VERSION, _MESSAGE = 2, 3
_WRITE = 1
_NAMESPACE, _SET, _DIGEST = 0, 1, 4


def write(address: tuple[str, int], key: Any, bin: str, particle: int, data: bytes) -> None:
    """Write a bin with any bytes as a particle of any type."""
    namespace, set_, _ = key
    digest = aerospike_py.calc_digest(*key)
    fields = [(_NAMESPACE, namespace.encode()), (_SET, set_.encode()), (_DIGEST, digest)]
    name = bin.encode()
    body = struct.pack(">BBBBBBIIIHH", 22, 0, _WRITE, 0, 0, 0, 0, 0, 1000, len(fields), 1)
    for kind, content in fields:
        body += struct.pack(">IB", len(content) + 1, kind) + content
    operation = struct.pack(">BBBB", _WRITE + 1, particle, 0, len(name)) + name + data
    body += struct.pack(">I", len(operation)) + operation
    header = struct.pack(">Q", _VERSION << 56 | _MESSAGE << 48 | len(body))
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(header + body)
        with connection.makefile("rb") as replies:
            size = struct.unpack(">Q", replies.read(8))[0] & (1 << 48) - 1
            result = replies.read(size)[5]
    if result:
        raise AssertionError(f"the server answered to the request with {result}")
