"""The whole state of a practice folder as text, so that "everything is as before" is a comparison.

Sections begin with `== file NAME`, `== table NAME` or `== schema`, those of the hosted control plane with what they
are about, and with `== record` where something only grows by design: mails, chat, runs of workflows. Times after the
seeds' and the folder's own place are left out: two folders in the same state give the same text.
"""

import hashlib
import os
import re
import sqlite3
from pathlib import Path
from typing import Iterator

from hosted import state

DATABASE = "memoria.db"
# Written for whoever practises, or told in sections of its own.
APART = re.compile(
    r"^\.memoria-practice$|^([\w-]+\.)?inputs\.toml$|^bowline\.toml$|^faults\.json$|__pycache__"
    r"|^lake/.*\.parquet$|^(memoria|control|governance|analytics)\.db(-wal|-shm|-journal)?$|^(doubles|mail)/|^chat\.txt$"
    r"|^deployment/(helm\.json|terraform/(\.terraform|terraform\.tfstate|\.terraform\.lock|.*tfplan))"
)
# The seeds lie in 2024: a later time tells when somebody practised.
NEW_TIME = re.compile(rb"20(?:2[5-9]|[3-9]\d)-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)?")
# What was measured or drawn: latencies, trace ids, ports.
DRAWN = [
    (re.compile(rb'(p\d\d_ms\\?": *)[0-9.]+'), rb"\1(measured)"),
    (re.compile(rb"\b[0-9a-f]{32}\b"), b"(trace)"),
    (re.compile(rb"127\.0\.0\.1:[0-9]+"), b"(server)"),
]
SHOWN_BYTES = 4000


def dump(folder: str) -> str:
    """Every file and every row, in an order that does not depend on how they came about."""
    return "".join([*files(folder), *tables(os.path.join(folder, DATABASE)), *around(folder)])


def around(folder: str) -> Iterator[str]:
    """A section for each part of the hosted control plane and its surroundings."""
    for title, text in state.sections(Path(folder)):
        data = timeless(text.encode()).replace(os.path.realpath(folder).encode(), b"FOLDER")
        yield f"== {title}\n{data.decode()}"


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
    for pattern, told in DRAWN:
        fresh = pattern.sub(told, fresh)
    return fresh if fresh == data else re.sub(rb'("(?:checksum|sha256)": *)"[0-9a-f]{64}"', rb'\1"(of times)"', fresh)


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
