"""One SQLite file, shared by the threads of one process."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Database:
    """A connection and its lock. Transactions nest: only the outermost commits."""

    def __init__(self, path: Path, schema: str) -> None:
        self.lock = threading.RLock()
        self.depth = 0
        self.connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        self.connection.execute("PRAGMA journal_mode = WAL")
        # A process may die at any moment, a machine need not be practised on.
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.executescript(schema)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of the block or nothing of it."""
        with self.lock:
            self._begin()
            try:
                yield self.connection
            except BaseException:
                self._end("ROLLBACK")
                raise
            self._end("COMMIT")

    def _begin(self) -> None:
        if self.depth == 0:
            self.connection.execute("BEGIN IMMEDIATE")
        self.depth += 1

    def _end(self, how: str) -> None:
        self.depth -= 1
        if self.depth == 0:
            self.connection.execute(how)

    def rows(self, query: str, values: tuple = ()) -> list[tuple]:
        """All rows of a query."""
        with self.lock:
            return self.connection.execute(query, values).fetchall()

    def close(self) -> None:
        """Ends the connection; the files stay."""
        with self.lock:
            self.connection.close()
