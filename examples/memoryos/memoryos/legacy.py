"""The legacy store, `jido_memory`: flat records, searched by scanning their words."""

from pathlib import Path

from .database import Database
from .records import Record, words

SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
  namespace TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
  importance REAL NOT NULL, revision INTEGER NOT NULL, words TEXT NOT NULL,
  PRIMARY KEY (namespace, key)) WITHOUT ROWID;
"""
COLUMNS = "namespace, key, kind, text, importance, revision"


class Legacy:
    """Records as `jido_memory` keeps them."""

    name = "legacy"

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "jido_memory.db", SCHEMA)

    def put(self, record: Record) -> bool:
        """Stores a record. False if that content is there already."""
        there = self.get(record.namespace, record.key)
        if there and there.digest() == record.digest():
            return False
        padded = " " + " ".join(words(record.text)) + " "
        row = (record.namespace, record.key, record.kind, record.text, record.importance, record.revision, padded)
        with self.database.transaction() as db:
            db.execute(f"INSERT OR REPLACE INTO records ({COLUMNS}, words) VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return True

    def remove(self, namespace: str, key: str) -> None:
        """Takes a record out."""
        with self.database.transaction() as db:
            db.execute("DELETE FROM records WHERE namespace = ? AND key = ?", (namespace, key))

    def get(self, namespace: str, key: str) -> Record | None:
        """One record."""
        query = f"SELECT {COLUMNS} FROM records WHERE namespace = ? AND key = ?"
        found = self.database.rows(query, (namespace, key))
        return Record(*found[0]) if found else None

    def records(self, namespace: str) -> list[Record]:
        """All records of a namespace, by key."""
        query = f"SELECT {COLUMNS} FROM records WHERE namespace = ? ORDER BY key"
        return [Record(*row) for row in self.database.rows(query, (namespace,))]

    def namespaces(self) -> list[str]:
        """All namespaces, in order."""
        return [row[0] for row in self.database.rows("SELECT DISTINCT namespace FROM records ORDER BY 1")]

    def newest(self) -> int:
        """The greatest revision."""
        return self.database.rows("SELECT coalesce(max(revision), 0) FROM records")[0][0]

    def search(self, namespace: str, query: str, limit: int) -> list[Record]:
        """The records in which most words of the query stand; of equals the more important, then by key."""
        asked = words(query)
        if not asked:
            return []
        hits = " + ".join(["(instr(words, ?) > 0)"] * len(asked))
        sql = (
            f"SELECT {COLUMNS} FROM (SELECT *, {hits} AS hits FROM records WHERE namespace = ?) "
            "WHERE hits > 0 ORDER BY hits DESC, importance DESC, key LIMIT ?"
        )
        values = (*(f" {word} " for word in asked), namespace, limit)
        return [Record(*row) for row in self.database.rows(sql, values)]
