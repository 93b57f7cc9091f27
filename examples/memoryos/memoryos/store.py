"""The new store, `memory_os`: tiered memories with `mem_os` metadata, searched by an index of terms."""

import json
from pathlib import Path

from .database import Database
from .records import Record, words

SCHEMA = """
CREATE TABLE IF NOT EXISTS memories (
  namespace TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
  importance REAL NOT NULL, revision INTEGER NOT NULL, tier TEXT NOT NULL, mem_os TEXT NOT NULL,
  PRIMARY KEY (namespace, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS terms (
  namespace TEXT NOT NULL, term TEXT NOT NULL, key TEXT NOT NULL,
  PRIMARY KEY (namespace, term, key)) WITHOUT ROWID;
"""
COLUMNS = "namespace, key, kind, text, importance, revision"
LIVES = {"short": 7, "mid": 90, "long": None}


class Store:
    """Memories as MemoryOS keeps them."""

    name = "memory_os"

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "memory_os.db", SCHEMA)

    def put(self, record: Record, tier: str, source: str) -> bool:
        """Stores a memory with its metadata. False if that content is there already, with metadata and terms."""
        there = self.get(record.namespace, record.key)
        if there and there.digest() == record.digest():
            return False
        with self.database.transaction() as db:
            self.remove(record.namespace, record.key)
            row = (record.namespace, record.key, record.kind, record.text, record.importance, record.revision)
            db.execute(
                f"INSERT INTO memories ({COLUMNS}, tier, mem_os) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, tier, json.dumps(metadata(record, tier, source), sort_keys=True)),
            )
            terms = [(record.namespace, term, record.key) for term in words(record.text)]
            db.executemany("INSERT INTO terms VALUES (?, ?, ?)", terms)
        return True

    def remove(self, namespace: str, key: str) -> None:
        """Takes a memory and its terms out."""
        with self.database.transaction() as db:
            for table in ("memories", "terms"):
                db.execute(f"DELETE FROM {table} WHERE namespace = ? AND key = ?", (namespace, key))

    def get(self, namespace: str, key: str) -> Record | None:
        """One memory, without its metadata."""
        query = f"SELECT {COLUMNS} FROM memories WHERE namespace = ? AND key = ?"
        found = self.database.rows(query, (namespace, key))
        return Record(*found[0]) if found else None

    def about(self, namespace: str, key: str) -> dict | None:
        """The `mem_os` metadata of a memory."""
        found = self.database.rows("SELECT mem_os FROM memories WHERE namespace = ? AND key = ?", (namespace, key))
        return json.loads(found[0][0]) if found else None

    def records(self, namespace: str) -> list[Record]:
        """All memories of a namespace, by key."""
        query = f"SELECT {COLUMNS} FROM memories WHERE namespace = ? ORDER BY key"
        return [Record(*row) for row in self.database.rows(query, (namespace,))]

    def namespaces(self) -> list[str]:
        """All namespaces, in order."""
        return [row[0] for row in self.database.rows("SELECT DISTINCT namespace FROM memories ORDER BY 1")]

    def newest(self) -> int:
        """The greatest revision."""
        return self.database.rows("SELECT coalesce(max(revision), 0) FROM memories")[0][0]

    def search(self, namespace: str, query: str, limit: int) -> list[Record]:
        """The memories of most terms of the query; of equals the more important, then by key."""
        asked = words(query)
        marks = ", ".join("?" * len(asked))
        columns = ", ".join(f"m.{name}" for name in COLUMNS.split(", "))
        sql = (
            f"SELECT {columns} FROM terms t JOIN memories m USING (namespace, key) "
            f"WHERE t.namespace = ? AND t.term IN ({marks}) GROUP BY m.key "
            "ORDER BY count(*) DESC, m.importance DESC, m.key LIMIT ?"
        )
        return [Record(*row) for row in self.database.rows(sql, (namespace, *asked, limit))]


def metadata(record: Record, tier: str, source: str) -> dict:
    """What MemoryOS knows of a memory beside its content: lifecycle, and where it comes from."""
    return {
        "lifecycle": {"state": "active", "tier": tier, "keep_days": LIVES[tier]},
        "provenance": {
            "source": source,
            "namespace": record.namespace,
            "key": record.key,
            "revision": record.revision,
            "digest": record.digest(),
        },
    }
