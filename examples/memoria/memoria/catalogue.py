"""The migrations, oldest first: each really changes the schema and converts data.

A migration is a generator. It yields once, half-way, a sentence that says how far it is; that is the
place where the practice switches of `migrate` break it. What follows the yield completes it.
0.9.4 knows the first four; 1.0.0 (GA) brings the rest.
"""

import hashlib
import json
import re
from datetime import datetime, timezone


def initial(db):
    db.execute("CREATE TABLE namespaces (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)")
    db.execute(
        "CREATE TABLE memories (id INTEGER PRIMARY KEY AUTOINCREMENT,"
        " namespace_id INTEGER NOT NULL REFERENCES namespaces (id), body TEXT NOT NULL,"
        " importance REAL, created_at TEXT NOT NULL)"
    )
    yield "memories exist, telemetry does not"
    db.execute(
        "CREATE TABLE telemetry_events (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,"
        " memory_id INTEGER, created_at TEXT NOT NULL)"
    )


def sources(db):
    db.execute("CREATE TABLE sources (id INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE)")
    yield "sources exist, no memory points to one"
    db.execute("ALTER TABLE memories ADD COLUMN source_id INTEGER REFERENCES sources (id)")


def embeddings(db):
    db.execute(
        "CREATE TABLE embeddings (memory_id INTEGER NOT NULL REFERENCES memories (id), model TEXT NOT NULL,"
        " vector BLOB NOT NULL, norm REAL NOT NULL, PRIMARY KEY (memory_id, model))"
    )
    yield "embeddings exist, metadata does not"
    db.execute("ALTER TABLE memories ADD COLUMN metadata TEXT")


def lookup_indexes(db):
    db.execute("CREATE INDEX memories_by_namespace ON memories (namespace_id, created_at)")
    yield "memories are indexed, telemetry is not"
    db.execute("CREATE INDEX telemetry_by_kind ON telemetry_events (kind)")


def metadata_json(db):
    """`lang=en;channel=mail` becomes a JSON object."""
    db.execute("ALTER TABLE memories ADD COLUMN metadata_format TEXT NOT NULL DEFAULT 'pairs'")
    rows = db.execute("SELECT id, metadata FROM memories ORDER BY id").fetchall()
    first, second = _halves(rows)
    _convert_metadata(db, first)
    yield f"{len(first)} of {len(rows)} memories have converted metadata"
    _convert_metadata(db, second)


def provenance(db):
    """Memories are rebuilt: times become milliseconds, sources move to a table of their own."""
    db.execute(
        "CREATE TABLE provenance (id INTEGER PRIMARY KEY AUTOINCREMENT, memory_id INTEGER NOT NULL,"
        " source_id INTEGER REFERENCES sources (id), body_sha256 BLOB NOT NULL)"
    )
    db.execute(
        "CREATE TABLE memories_rebuilt (id INTEGER PRIMARY KEY AUTOINCREMENT,"
        " namespace_id INTEGER NOT NULL REFERENCES namespaces (id), body TEXT NOT NULL,"
        " importance REAL, created_ms INTEGER NOT NULL, metadata TEXT NOT NULL)"
    )
    rows = db.execute(
        "SELECT id, namespace_id, body, importance, created_at, metadata, source_id FROM memories ORDER BY id"
    ).fetchall()
    first, second = _halves(rows)
    _move_memories(db, first)
    yield f"{len(first)} of {len(rows)} memories have moved to the rebuilt table"
    _move_memories(db, second)
    _carry_sequence(db, "memories", "memories_rebuilt")
    db.execute("DROP TABLE memories")
    db.execute("ALTER TABLE memories_rebuilt RENAME TO memories")
    db.execute("CREATE INDEX memories_by_namespace ON memories (namespace_id, created_ms)")


def search_terms(db):
    """Every word of every memory, for search."""
    db.execute(
        "CREATE TABLE memory_terms (term TEXT NOT NULL, memory_id INTEGER NOT NULL, hits INTEGER NOT NULL,"
        " PRIMARY KEY (term, memory_id)) WITHOUT ROWID"
    )
    rows = db.execute("SELECT id, body FROM memories ORDER BY id").fetchall()
    first, second = _halves(rows)
    for memory, body in first:
        add_terms(db, memory, body)
    yield f"{len(first)} of {len(rows)} memories can be searched"
    for memory, body in second:
        add_terms(db, memory, body)
    db.execute(
        "CREATE TRIGGER memories_forget AFTER DELETE ON memories BEGIN"
        " DELETE FROM memory_terms WHERE memory_id = old.id; END"
    )
    db.execute(
        "CREATE VIEW namespace_activity AS SELECT n.name, count(m.id) AS memories, max(m.created_ms) AS newest_ms"
        " FROM namespaces n LEFT JOIN memories m ON m.namespace_id = n.id GROUP BY n.id"
    )


MIGRATIONS = [
    ("0001_initial", initial),
    ("0002_sources", sources),
    ("0003_embeddings", embeddings),
    ("0004_lookup_indexes", lookup_indexes),
    ("0005_metadata_json", metadata_json),
    ("0006_provenance", provenance),
    ("0007_search_terms", search_terms),
]
BEFORE_GA = [name for name, _ in MIGRATIONS[:4]]


def add_terms(db, memory, body):
    """Makes one memory searchable."""
    words = re.findall(r"\w+", body.lower())
    for word in sorted(set(words)):
        db.execute("INSERT INTO memory_terms VALUES (?, ?, ?)", (word, memory, words.count(word)))


def body_digest(body):
    """The fingerprint that provenance keeps of a memory's text."""
    return hashlib.sha256(body.encode()).digest()


def _halves(rows):
    middle = len(rows) // 2
    return rows[:middle], rows[middle:]


def _convert_metadata(db, rows):
    for memory, pairs in rows:
        entries = dict(pair.split("=", 1) for pair in (pairs or "").split(";") if "=" in pair)
        db.execute(
            "UPDATE memories SET metadata = ?, metadata_format = 'json' WHERE id = ?",
            (json.dumps(entries, sort_keys=True, ensure_ascii=False), memory),
        )


def _move_memories(db, rows):
    for memory, namespace, body, importance, created_at, metadata, source in rows:
        db.execute(
            "INSERT INTO memories_rebuilt VALUES (?, ?, ?, ?, ?, ?)",
            (memory, namespace, body, importance, _milliseconds(created_at), metadata),
        )
        db.execute(
            "INSERT INTO provenance (memory_id, source_id, body_sha256) VALUES (?, ?, ?)",
            (memory, source, body_digest(body)),
        )
        db.execute("DELETE FROM memories WHERE id = ?", (memory,))


def _milliseconds(stamp):
    parsed = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    return int(parsed.timestamp()) * 1000


def _carry_sequence(db, old, new):
    """Numbers once given to deleted rows are not given again."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (old,)).fetchone()
    if row is None:
        return
    db.execute("DELETE FROM sqlite_sequence WHERE name = ?", (new,))
    db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (new, row[0]))
