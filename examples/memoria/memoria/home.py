"""Memoria's own state beside the memories: `governance.db` and `analytics.db` in MEMORIA_HOME."""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timezone

from memoria.database import BUSY_SECONDS
from memoria.faults import home_folder

TABLES = {
    "governance.db": """
        CREATE TABLE IF NOT EXISTS traces (trace_id TEXT PRIMARY KEY, namespace TEXT NOT NULL, decisions TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS timers (name TEXT PRIMARY KEY, every TEXT NOT NULL, environment TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS outcomes (id INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, at TEXT NOT NULL,
            outcome TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS overrides (name TEXT PRIMARY KEY, expires TEXT NOT NULL, active INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS sinks (name TEXT PRIMARY KEY, destination TEXT NOT NULL);
    """,
    "analytics.db": """
        CREATE TABLE IF NOT EXISTS workspace (name TEXT PRIMARY KEY, content TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS evaluations (build TEXT NOT NULL, provider TEXT NOT NULL, queries INTEGER NOT NULL,
            share REAL NOT NULL, p50_ms REAL NOT NULL, p95_ms REAL NOT NULL, p99_ms REAL NOT NULL,
            cost REAL NOT NULL, quality REAL NOT NULL, PRIMARY KEY (build, provider));
        CREATE TABLE IF NOT EXISTS legacy (deployment TEXT PRIMARY KEY, events INTEGER NOT NULL, backfilled INTEGER NOT NULL);
    """,
}


@contextlib.contextmanager
def opened(name: str) -> Iterator[sqlite3.Connection]:
    """One of the two databases, made where it is absent; what is done inside is one transaction."""
    db = sqlite3.connect(home_folder() / name, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        db.executescript(TABLES[name])
        db.execute("BEGIN IMMEDIATE")
        yield db
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
        db.close()


def now() -> str:
    """The present second, in UTC, as text."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
