"""The complete state of a folder as text: equal texts are equal states. Measurements are no part of it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from .faults import KNOWN
from .settings import INITIAL


def dump(folder: Path) -> str:
    """Sections with headings `== …`: each setting, what is queued and given up, migrations, each namespace of both
    stores. In order, without times, ports and serial numbers."""
    sections: dict[str, list[str]] = {}
    for heading, line in _lines(folder):
        sections.setdefault(heading, []).append(line)
    parts = ("\n".join([f"== {heading}", *sorted(sections[heading])]) for heading in sorted(sections))
    return "\n".join(parts) + "\n"


def _lines(folder: Path) -> Iterator[tuple[str, str]]:
    for name, value in _settings(folder).items():
        yield f"setting {name}", json.dumps(value, sort_keys=True)
    for table in ("queue", "dead_letters"):
        for row in _rows(folder / "control.db", f"SELECT destination, record FROM {table}"):
            yield table, shown(row)
    for row in _rows(folder / "control.db", "SELECT name, policy FROM migrations"):
        yield f"migration {row[0]}", row[1]
    columns = "key, kind, text, importance, revision"
    for namespace, *row in _rows(folder / "jido_memory.db", f"SELECT namespace, {columns} FROM records"):
        yield f"legacy {namespace}", shown(row)
    for namespace, *row in _rows(folder / "memory_os.db", f"SELECT namespace, {columns}, tier, mem_os FROM memories"):
        yield f"memory_os {namespace}", shown(row)
    for namespace, *row in _rows(folder / "memory_os.db", "SELECT namespace, term, key FROM terms"):
        yield f"memory_os {namespace}", "term " + shown(row)


def _settings(folder: Path) -> dict:
    """What was never set is as it was at first. Of an incident's reasons the measured figures are left out."""
    rows = _rows(folder / "control.db", "SELECT name, value FROM settings")
    settings = INITIAL | {"faults": KNOWN} | {name: json.loads(value) for name, value in rows}
    if settings["incident"]:
        reasons = [reason.split()[0] for reason in settings["incident"]["reasons"]]
        settings["incident"] = settings["incident"] | {"reasons": reasons}
    return settings


def _rows(path: Path, query: str) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as db:
        return db.execute(query).fetchall()


def shown(row: tuple | list) -> str:
    """A row as one line."""
    return json.dumps(list(row), ensure_ascii=False)
