"""A small Redis client: the wire protocol RESP2 over one socket. Knows no keys and no jobs."""

import socket
from collections.abc import Sequence

Reply = str | int | list["Reply"] | None
Argument = str | int | float


class Unavailable(Exception):
    """Redis could not be reached, or did not answer in time. Whether it did its work is not known."""


class Refused(Exception):
    """Redis answered with an error; its text is kept as it was."""


class Redis:
    """One connection, opened when first needed and again after it broke."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        """`timeout` holds for connecting and for each answer, in seconds."""
        self.address = (host, port)
        self.timeout = timeout
        self._socket: socket.socket | None = None
        self._buffer = b""

    def call(self, *words: Argument, wait: float = 0.0) -> Reply:
        """Sends one command and reads its answer; `wait` seconds more than usual for a blocking one."""
        return self.pipeline([words], wait)[0]

    def pipeline(self, commands: Sequence[Sequence[Argument]], wait: float = 0.0) -> list[Reply]:
        """Sends several commands at once and reads all answers. The first refusal is raised."""
        try:
            connection = self._connect()
            connection.settimeout(self.timeout + wait)
            connection.sendall(b"".join(encode(words) for words in commands))
            replies = [self._read() for _ in commands]
        except OSError as error:
            self.close()
            raise Unavailable(f"Redis at {self.address[0]}:{self.address[1]}: {error}") from error
        for reply in replies:
            if isinstance(reply, Refused):
                # Redis that reads its data after a start answers, and is not there yet.
                raise Unavailable(str(reply)) if str(reply).startswith("LOADING") else reply
        return replies  # type: ignore[return-value]

    def close(self) -> None:
        """Closes the connection; the next call opens another."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._buffer = None, b""

    def _connect(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.create_connection(self.address, self.timeout)
        return self._socket

    def _read(self) -> "Reply | Refused":
        line = self._line()
        kind, rest = line[:1], line[1:].decode()
        if kind == b"+":
            return rest
        if kind == b"-":
            return Refused(rest)
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if int(rest) < 0 else self._bytes(int(rest)).decode()
        if kind == b"*":
            return None if int(rest) < 0 else [self._read() for _ in range(int(rest))]  # type: ignore[misc]
        raise OSError(f"not an answer of Redis: {line[:40]!r}")

    def _line(self) -> bytes:
        while b"\r\n" not in self._buffer:
            self._more()
        line, _, self._buffer = self._buffer.partition(b"\r\n")
        return line

    def _bytes(self, length: int) -> bytes:
        while len(self._buffer) < length + 2:
            self._more()
        data, self._buffer = self._buffer[:length], self._buffer[length + 2 :]
        return data

    def _more(self) -> None:
        data = self._connect().recv(65536)
        if not data:
            raise OSError("the connection was closed")
        self._buffer += data


def encode(words: Sequence[Argument]) -> bytes:
    """One command as the protocol writes it: an array of byte strings, so any value is one argument."""
    parts = [f"*{len(words)}\r\n".encode()]
    for word in words:
        data = str(word).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
    return b"".join(parts)
