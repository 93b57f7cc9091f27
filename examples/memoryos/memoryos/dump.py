"""The complete state of a folder as text: equal texts are equal states. Measurements are no part of it."""

import json
import sqlite3
from pathlib import Path

from .faults import KNOWN
from .settings import INITIAL

TABLES = {
    "control.db": ["settings", "queue", "dead_letters", "migrations"],
    "jido_memory.db": ["records"],
    "memory_os.db": ["memories", "terms"],
}
LEFT_OUT = {"id", "words"}


def dump(folder: Path) -> str:
    """Settings, queue, dead letters, migrations and both stores, in order, without times, ports and serial numbers."""
    lines: list[str] = []
    for name, tables in TABLES.items():
        with sqlite3.connect(f"file:{folder / name}?mode=ro", uri=True, timeout=10) as db:
            for table in tables:
                lines += [f"# {name} {table}", *_rows(db, table)]
        db.close()
    return "\n".join(lines) + "\n"


def _rows(db: sqlite3.Connection, table: str) -> list[str]:
    cursor = db.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row)) for row in cursor]
    if table == "settings":
        rows = _settings(rows)
    return sorted(" ".join(f"{name}={row[name]!r}" for name in names if name not in LEFT_OUT) for row in rows)


def _settings(rows: list[dict]) -> list[dict]:
    """A setting that was never touched, and one that was put back, are the same."""
    stored = {row["name"]: json.loads(row["value"]) for row in rows}
    return [{"name": name, "value": value} for name, value in (INITIAL | {"faults": KNOWN} | stored).items()]
