"""The analytics workspace, the long-term stores of evaluations (SQL and Parquet), and backfills of legacy deployments."""

import json
import sqlite3
import struct
from pathlib import Path
from typing import Any

from memoria import faults, parquet
from memoria.errors import MemoriaError, UsageError
from memoria.home import opened

KINDS = {
    "provider": str, "queries": int, "share": float, "p50_ms": float, "p95_ms": float, "p99_ms": float, "cost": float,
    "quality": float,
}
COLUMNS = list(KINDS)


def adoption(db: sqlite3.Connection) -> dict[str, Any]:
    """How much the namespaces are used."""
    rows = db.execute(
        "SELECT n.name, count(m.id) FROM namespaces n LEFT JOIN memories m ON m.namespace_id = n.id"
        " GROUP BY n.id ORDER BY n.name"
    ).fetchall()
    events = db.execute("SELECT count(*) FROM telemetry_events").fetchone()[0]
    return {"namespaces": [{"name": name, "memories": count} for name, count in rows], "events": events}


def publish(name: str, path: str) -> dict[str, str]:
    """Puts a JSON file into the shared workspace under a name, in the place of an older one."""
    content = _read(path)
    with opened("analytics.db") as db:
        db.execute("INSERT OR REPLACE INTO workspace VALUES (?, ?)", (name, json.dumps(content, sort_keys=True)))
    return {"published": name}


def unpublish(name: str) -> dict[str, bool]:
    """Takes something out of the workspace; what is not there is out already."""
    with opened("analytics.db") as db:
        gone = db.execute("DELETE FROM workspace WHERE name = ?", (name,)).rowcount
    return {"removed": gone == 1}


def published() -> list[str]:
    """What the workspace holds, by name."""
    with opened("analytics.db") as db:
        return [name for (name,) in db.execute("SELECT name FROM workspace ORDER BY name")]


def store(path: str) -> dict[str, Any]:
    """Keeps an evaluation summary as rows, for good; a build stored before is replaced."""
    build, rows = _rows(path)
    with opened("analytics.db") as db:
        db.execute("DELETE FROM evaluations WHERE build = ?", (build,))
        db.executemany(f"INSERT INTO evaluations VALUES (?{', ?' * len(COLUMNS)})", rows)
    return {"stored": build, "rows": len(rows)}


def as_parquet(path: str, to: str) -> dict[str, Any]:
    """Keeps an evaluation summary as a Parquet file, whole or not at all; the columns are those of the rows in SQL."""
    build, rows = _rows(path)
    try:
        data = parquet.written({"build": str, **KINDS}, rows)
    except (struct.error, AttributeError) as error:
        raise MemoriaError(f"{path} is no evaluation summary: {error}") from error
    target = Path(to)
    fresh = target.with_name(target.name + ".new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(data)
        fresh.rename(target)
    except OSError as error:
        raise MemoriaError(f"cannot write {to}: {error.strerror}") from error
    return {"stored": build, "rows": len(rows), "file": str(target)}


def _rows(path: str) -> tuple[str, list[list[Any]]]:
    """The build of a summary, and a row for each provider."""
    summary = _read(path)
    try:
        rows = [[summary["build"], *(entry[column] for column in COLUMNS)] for entry in summary["providers"]]
    except (KeyError, TypeError) as error:
        raise MemoriaError(f"{path} is no evaluation summary: {error}") from error
    if faults.active("analytics") == "full":
        raise MemoriaError("the analytics store is full")
    return summary["build"], rows


def unstore(build: str) -> dict[str, int]:
    """Removes a build's rows."""
    with opened("analytics.db") as db:
        return {"removed": db.execute("DELETE FROM evaluations WHERE build = ?", (build,)).rowcount}


def trends() -> list[dict[str, Any]]:
    """All stored evaluations, in the order of storing: percentiles, cost and share of each provider."""
    with opened("analytics.db") as db:
        rows = db.execute(f"SELECT build, {', '.join(COLUMNS)} FROM evaluations ORDER BY rowid").fetchall()
    return [dict(zip(["build", *COLUMNS], row)) for row in rows]


def legacy() -> list[dict[str, Any]]:
    """The deployments from before telemetry, and whether their analytics were filled in."""
    with opened("analytics.db") as db:
        rows = db.execute("SELECT deployment, events, backfilled FROM legacy ORDER BY deployment").fetchall()
    return [{"deployment": name, "events": events, "complete": bool(done)} for name, events, done in rows]


def backfill(deployment: str, undo: bool = False) -> dict[str, Any]:
    """Fills in (or, to undo, empties) the analytics of one legacy deployment."""
    if faults.active("backfill") == "fail" and not undo:
        raise MemoriaError(f"the archive of {deployment} cannot be read")
    with opened("analytics.db") as db:
        changed = db.execute("UPDATE legacy SET backfilled = ? WHERE deployment = ?", (not undo, deployment)).rowcount
    if changed != 1:
        raise UsageError(f"there is no legacy deployment {deployment}")
    return {"deployment": deployment, "complete": not undo}


def _read(path: str) -> Any:
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MemoriaError(f"cannot read {path}: {error}") from error
