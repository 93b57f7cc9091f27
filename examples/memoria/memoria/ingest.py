"""`memoria bootstrap`: one sample memory through the GA schema, and the telemetry event it causes."""

import time
from datetime import datetime, timezone

from memoria import migrate
from memoria.catalogue import add_terms, body_digest
from memoria.errors import MemoriaError

SAMPLE = "A sample memory, written by memoria bootstrap."


def bootstrap(db):
    """Ingests the sample. Returns its number, its event and the count of events before and after."""
    missing = migrate.pending(db)
    if missing:
        raise MemoriaError(f"cannot ingest: migrations are pending ({', '.join(missing)})")
    db.execute("BEGIN IMMEDIATE")
    try:
        before = _count_events(db)
        memory = _ingest(db, SAMPLE)
        event = _emit(db, "ingest.sample", memory)
        after = _count_events(db)
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    return {"memory": memory, "event": event, "events_before": before, "events_after": after}


def _ingest(db, body):
    db.execute("INSERT OR IGNORE INTO namespaces (name) VALUES ('bootstrap')")
    (namespace,) = db.execute("SELECT id FROM namespaces WHERE name = 'bootstrap'").fetchone()
    memory = db.execute(
        "INSERT INTO memories (namespace_id, body, importance, created_ms, metadata) VALUES (?, ?, 0.5, ?, '{}')",
        (namespace, body, time.time_ns() // 1_000_000),
    ).lastrowid
    db.execute("INSERT INTO provenance (memory_id, body_sha256) VALUES (?, ?)", (memory, body_digest(body)))
    add_terms(db, memory, body)
    return memory


def _emit(db, kind, memory):
    stamp = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return db.execute(
        "INSERT INTO telemetry_events (kind, memory_id, created_at) VALUES (?, ?, ?)", (kind, memory, stamp)
    ).lastrowid


def _count_events(db):
    return db.execute("SELECT count(*) FROM telemetry_events").fetchone()[0]
