"""The whole state of a practice folder as text, so that "everything is as before" is a comparison.

Sections begin with `== file NAME`, `== table NAME` or `== schema`. Times after the seeds' and the folder's own
place are left out: two folders in the same state give the same text.
"""

import hashlib
import os
import re
import sqlite3
from typing import Iterator

DATABASE = "memoria.db"
# Written for whoever practises; not what the runbook works on.
APART = re.compile(r"^\.memoria-practice$|^([\w-]+\.)?inputs\.toml$|^memoria\.db(-wal|-shm|-journal)?$")
# The seeds lie in 2024: a later time tells when somebody practised.
NEW_TIME = re.compile(rb"20(?:2[5-9]|[3-9]\d)-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)?")
SHOWN_BYTES = 4000


def dump(folder: str) -> str:
    """Every file and every row, in an order that does not depend on how they came about."""
    return "".join([*files(folder), *tables(os.path.join(folder, DATABASE))])


def files(folder: str) -> Iterator[str]:
    """A section for each file; what is large or no text by its hash."""
    names = sorted(
        os.path.relpath(os.path.join(place, name), folder)
        for place, _, found in os.walk(folder)
        for name in found
    )
    for name in names:
        if APART.match(name):
            continue
        with open(os.path.join(folder, name), "rb") as file:
            data = timeless(file.read()).replace(os.path.realpath(folder).encode(), b"FOLDER")
        yield f"== file {name}\n{shown(data)}\n"


def shown(data: bytes) -> str:
    """A short text as it is, anything else by its hash."""
    try:
        if len(data) <= SHOWN_BYTES:
            return data.decode().rstrip("\n")
    except UnicodeDecodeError:
        pass
    return f"sha256 {hashlib.sha256(data).hexdigest()}"


def timeless(data: bytes) -> bytes:
    """The same without the times at which somebody practised; a checksum over them goes with them."""
    fresh = NEW_TIME.sub(b"(time)", data)
    return fresh if fresh == data else re.sub(rb'("checksum": *)"[0-9a-f]{64}"', rb'\1"(of times)"', fresh)


def tables(path: str) -> Iterator[str]:
    """The schema, and a section for each table with its rows in the order of their text."""
    if not os.path.exists(path):
        return
    database = sqlite3.connect(path)
    try:
        masters = database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        lines = "\n".join(f"{kind} {name}: {sql}" for kind, name, sql in masters)
        yield f"== schema\n{lines}\n"
        for kind, name, _ in masters:
            if kind == "table":
                rows = sorted(repr(row) for row in database.execute(f'SELECT * FROM "{name}"'))
                yield f"== table {name}\n" + "".join(f"{timeless(row.encode()).decode()}\n" for row in rows)
    finally:
        database.close()
