"""Exports: a database's content in one JSON file with a checksum, and the way back.

An export is written whole or not at all; equal content gives equal bytes. An import replaces the whole
database in one transaction, after the file has been proven good: killed at any moment it leaves the
database as it was or as exported, and may simply be run again.
"""

import contextlib
import hashlib
import json
import os
import sqlite3
import tempfile
import time

from memoria import snapshot
from memoria.database import BUSY_SECONDS
from memoria.errors import MemoriaError

FORMAT = "memoria-export"
VERSION = 1
PAGES_A_STEP = 64
SQLITE_OK, SQLITE_DONE = 0, 101  # the sqlite3 module names them only since Python 3.11


def export_data(db, path, migrations):
    """Writes the database to `path`, replacing an older export. Returns what was written, in figures."""
    content = dict(snapshot.read(db), migrations=migrations)
    checksum = _checksum(content)
    _write_whole(path, _render(content, checksum).encode())
    return _figures(content, checksum)


def import_data(path, db, progress=None):
    """Makes the database exactly what `path` holds. `progress` is called between pages."""
    content, checksum = _load(path)
    with contextlib.closing(_rebuild(path, content, checksum, db)) as source:
        _replace(db, source, progress)
    return _figures(content, checksum)


def _rebuild(path, content, checksum, db):
    """The content as a database in memory, proven equal to the export."""
    page_size = db.execute("PRAGMA page_size").fetchone()[0]
    try:
        source = snapshot.build(content, page_size)
        rebuilt = dict(snapshot.read(source), migrations=content["migrations"])
    except (sqlite3.Error, KeyError, TypeError, ValueError, AttributeError) as error:
        raise MemoriaError(f"{path} cannot be restored, the database is untouched: {error}") from error
    if _checksum(rebuilt) != checksum:
        raise MemoriaError(f"{path} cannot be restored exactly, the database is untouched")
    return source


def _figures(content, checksum):
    rows = {table["name"]: len(table["rows"]) for table in content["tables"]}
    return {"sha256": checksum, "migrations": content["migrations"], "rows": rows}


def _checksum(content):
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _render(content, checksum):
    """JSON with a row a line, so that two exports can be compared by eye and by diff."""
    head = {"format": FORMAT, "version": VERSION, "sha256": checksum}
    head.update((key, content[key]) for key in ("migrations", "settings", "objects"))
    tables = ",\n".join(_render_table(table) for table in content["tables"])
    return json.dumps(head, indent=1)[:-2] + ',\n "tables": [\n' + tables + "\n ]\n}\n"


def _render_table(table):
    rows = ",\n".join("   " + json.dumps(row) for row in table["rows"])
    head = f'  {{"name": {json.dumps(table["name"])}, "columns": {json.dumps(table["columns"])}, "rows": ['
    return head + (f"\n{rows}\n  ]}}" if rows else "]}")


def _load(path):
    try:
        with open(path, "rb") as file:
            data = json.loads(file.read())
    except OSError as error:
        raise MemoriaError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise MemoriaError(f"{path} is damaged or no export, the database is untouched: {error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise MemoriaError(f"{path} is not a Memoria export, the database is untouched")
    if data.get("version") != VERSION:
        raise MemoriaError(f"{path} has export version {data.get('version')}, this reads version {VERSION}")
    content = {key: data.get(key) for key in ("migrations", "settings", "objects", "tables")}
    if _checksum(content) != data.get("sha256"):
        raise MemoriaError(f"{path} is damaged (checksum differs), the database is untouched")
    return content, data["sha256"]


def _write_whole(path, data):
    folder = os.path.dirname(path) or "."
    try:
        handle, part = tempfile.mkstemp(prefix=f".{os.path.basename(path)}.", dir=folder)
    except OSError as error:
        raise MemoriaError(f"cannot write in {folder}: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
        _sync_folder(folder)
    except BaseException as error:
        if os.path.exists(part):
            os.unlink(part)
        if isinstance(error, OSError):
            raise MemoriaError(f"cannot write {path}: {error.strerror}") from error
        raise


def _sync_folder(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _replace(db, source, progress):
    """SQLite's own backup: one transaction on the database that receives it."""
    started = time.monotonic()

    def step(code, remaining, total):
        if code not in (SQLITE_OK, SQLITE_DONE) and time.monotonic() - started > BUSY_SECONDS:
            raise MemoriaError("the database is locked by somebody else and was not touched")
        if progress is not None:
            progress(remaining, total)

    source.backup(db, pages=PAGES_A_STEP, progress=step)
