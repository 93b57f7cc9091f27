"""Which migrations a database has, and applying the others. The migrations themselves are in `catalogue`.

A migration and its record are one transaction, so a killed one leaves nothing behind. The practice
switches make a chosen migration behave as bad ones do: half of it is committed, then it fails or hangs.
"""

import difflib
import os
import sys
import time
from datetime import datetime, timezone

from memoria.catalogue import MIGRATIONS
from memoria.errors import MemoriaError, UsageError

FAIL_SWITCH = "MEMORIA_FAIL_MIGRATION"
HANG_SWITCH = "MEMORIA_HANG_MIGRATION"
HANG_SECONDS = 600
NAMES = [name for name, _ in MIGRATIONS]
APPLY = dict(MIGRATIONS)


def status(db):
    """Every known migration, in order, with the time at which this database got it."""
    applied = _applied(db) if db is not None else {}
    return [
        {"name": name, "applied": name in applied, "applied_at": applied.get(name)} for name in NAMES
    ]


def pending(db):
    """Names of the migrations that this database still lacks, in order."""
    applied = _applied(db)
    return [name for name in NAMES if name not in applied]


def run_all(db, now=None):
    """Applies what is pending; yields each name once it is done."""
    yield from _each(db, pending(db), now)


def run_one(db, name, now=None):
    """Applies one migration; yields its name once it is done, nothing if the database has it already."""
    if name not in APPLY:
        near = difflib.get_close_matches(name, NAMES, n=1)
        hint = f"; did you mean {near[0]}?" if near else "; `migrate list` names them"
        raise UsageError(f"there is no migration {name}{hint}")
    missing = pending(db)
    if name not in missing:
        return
    if missing[0] != name:
        raise MemoriaError(f"{name} cannot be applied yet: {missing[0]} comes first")
    yield from _each(db, [name], now)


def _each(db, names, now):
    for name in names:
        _apply(db, name, now)
        yield name


def _applied(db):
    known = db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'")
    if known.fetchone() is None:
        return {}
    return dict(db.execute("SELECT name, applied_at FROM schema_migrations"))


def _apply(db, name, now):
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)"
        )
        for progress in APPLY[name](db):
            _break_where_asked(db, name, progress)
        db.execute("INSERT INTO schema_migrations VALUES (?, ?)", (name, now or _utc_now()))
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _break_where_asked(db, name, progress):
    fail = os.environ.get(FAIL_SWITCH) == name
    hang = os.environ.get(HANG_SWITCH) == name
    if not fail and not hang:
        return
    db.execute("COMMIT")
    if hang:
        print(f"{name} hangs half-way: {progress}", file=sys.stderr, flush=True)
        time.sleep(HANG_SECONDS)
    raise MemoriaError(f"migration {name} failed half-way: {progress}; the schema is left as it is")


def _utc_now():
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
