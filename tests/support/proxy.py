"""A way to the server on which a test can hold replies back, to have operations in flight."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import NamedTuple

HEADER = 8
INFO = 1
WAIT = 30.0
"""Seconds to wait for something that is bound to come."""


def passes(kind: int) -> bool:
    return False


def is_operation(kind: int) -> bool:
    return kind != INFO


def is_any(kind: int) -> bool:
    return True


class Connection:
    """A client's connection, and the proxy's own to the server in its place."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client = client
        self.server = server
        self._received = b""

    def frames(self, data: bytes) -> list[bytes]:
        """The replies of the server that `data` completes."""
        self._received += data
        frames = []
        while len(self._received) >= HEADER:
            end = HEADER + int.from_bytes(self._received[2:HEADER], "big")
            if len(self._received) < end:
                break
            frames.append(self._received[:end])
            self._received = self._received[end:]
        return frames


class Held(NamedTuple):
    connection: Connection
    frame: bytes


class Proxy:
    """Forwards connections to `server`; between `hold` and `release` it keeps the replies to
    operations, while those to info commands, which the client's tending needs, go on if they may.

    A client given `hosts` stays on the way through the proxy, since it does not ask a server with a
    loopback address for another one.
    """

    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        self._changed = threading.Condition()
        self._holding: Callable[[int], bool] = passes
        self._refusing = False
        self._accepted = 0
        self._held: list[Held] = []
        self._sent = b""
        self._connections: dict[socket.socket, Connection] = {}
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self._stop, self._stopped = socket.socketpair()
        self._thread = threading.Thread(target=self._forward, name="proxy")

    @property
    def hosts(self) -> list[tuple[str, int]]:
        return [self._listener.getsockname()]

    @property
    def accepted(self) -> int:
        """Connections that there have been so far."""
        with self._changed:
            return self._accepted

    @property
    def held(self) -> int:
        """Replies that are held."""
        with self._changed:
            return len(self._held)

    @property
    def sent(self) -> bytes:
        """All that clients have sent so far."""
        with self._changed:
            return self._sent

    def hold(self) -> None:
        """Hold the replies to operations from now on."""
        with self._changed:
            self._holding = is_operation

    def hold_all(self) -> None:
        """Hold the replies to info commands as well."""
        with self._changed:
            self._holding = is_any

    def release(self) -> None:
        with self._changed:
            self._holding = passes
            held, self._held = self._held, []
            for connection, frame in held:
                self._send(connection, frame)

    def wait_until_held(self, count: int) -> None:
        """Wait until `count` replies are held."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._held) >= count, WAIT):
                raise AssertionError(f"{len(self._held)} replies are held, not {count}")

    def wait_until_left(self) -> None:
        """Wait until no client has a connection."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._connections, WAIT):
                raise AssertionError(f"{len(self._connections) // 2} connections are left")

    def refuse(self) -> None:
        """Break all connections and accept no others."""
        with self._changed:
            self._refusing = True
            for end in self._connections:
                end.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Proxy:
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._stopped, selectors.EVENT_READ)
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.send(b"x")
        self._thread.join()
        for end in (self._stop, self._stopped, self._listener, *self._connections):
            end.close()
        self._selector.close()

    def _forward(self) -> None:
        while True:
            for key, _ in self._selector.select():
                end = key.fileobj
                assert isinstance(end, socket.socket)
                if end is self._stopped:
                    return
                with self._changed:
                    if end is self._listener:
                        self._accept()
                    elif end in self._connections:
                        self._read(end, self._connections[end])

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        if self._refusing:
            client.close()
            return
        self._accepted += 1
        connection = Connection(client, socket.create_connection(self._server))
        for end in (connection.client, connection.server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connections[end] = connection
            self._selector.register(end, selectors.EVENT_READ)

    def _read(self, end: socket.socket, connection: Connection) -> None:
        try:
            data = end.recv(65536)
        except ConnectionError:
            data = b""
        if not data:
            self._close(connection)
        elif end is connection.client:
            self._sent += data
            try:
                connection.server.sendall(data)
            except ConnectionError:
                self._close(connection)
        else:
            for frame in connection.frames(data):
                if self._holding(frame[1]):
                    self._held.append(Held(connection, frame))
                    self._changed.notify_all()
                else:
                    self._send(connection, frame)

    def _send(self, connection: Connection, frame: bytes) -> None:
        if connection.client in self._connections:
            try:
                connection.client.sendall(frame)
            except ConnectionError:
                self._close(connection)

    def _close(self, connection: Connection) -> None:
        for end in (connection.client, connection.server):
            if self._connections.pop(end, None):
                self._selector.unregister(end)
                end.close()
        self._held = [held for held in self._held if held.connection is not connection]
        self._changed.notify_all()
