"""The whole content of a SQLite database as plain data, and a database built from such data.

Content is what a dump shows and what the next INSERT depends on: schema, rows with their numbers,
sequences, `user_version`, `application_id`. Page layout is not content.
"""

import base64
import math
import sqlite3

from memoria.errors import MemoriaError

SETTINGS = ["user_version", "application_id"]


def read(db):
    """The content of a database, seen in one transaction. Equal databases give equal data."""
    text_factory, db.text_factory = db.text_factory, _text_or_bytes
    db.execute("BEGIN")
    try:
        objects = _objects(db)
        return {
            "settings": {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in SETTINGS},
            "objects": objects,
            "tables": [_table(db, entry["name"]) for entry in objects if entry["type"] == "table"],
        }
    finally:
        db.execute("COMMIT")
        db.text_factory = text_factory


def build(content, page_size):
    """A database in memory that holds exactly this content."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute(f"PRAGMA page_size = {int(page_size)}")
    db.execute("BEGIN")
    for entry in content["objects"]:
        if entry["type"] == "table":
            _create_table(db, entry)
    for table in content["tables"]:
        _fill(db, table)
    for entry in content["objects"]:
        if entry["type"] != "table":
            db.execute(entry["sql"])
    for name in SETTINGS:
        db.execute(f"PRAGMA {name} = {int(content['settings'][name])}")
    db.execute("COMMIT")
    return db


def _objects(db):
    """Tables first, SQLite's own last among them, then what builds on them: the order of `build`."""
    rows = db.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        " ORDER BY type != 'table', type = 'table' AND name LIKE 'sqlite\\_%' ESCAPE '\\', rowid"
    )
    objects = [{"type": kind, "name": name, "sql": sql} for kind, name, sql in rows]
    for entry in objects:
        if entry["sql"].upper().startswith("CREATE VIRTUAL"):
            raise MemoriaError(f"cannot export the virtual table {entry['name']}")
    return objects


def _table(db, name):
    info = db.execute(f"PRAGMA table_xinfo({_quoted(name)})").fetchall()
    columns = [column[1] for column in info if column[6] == 0]
    keys = sorted((column for column in info if column[5]), key=lambda column: column[5])
    if _has_rowid(db, name):
        order = ["_rowid_"]
        hidden = [] if _names_rowid(keys) else ["_rowid_"]
    else:
        order, hidden = [_quoted(column[1]) for column in keys], []
    wanted = ", ".join(hidden + [_quoted(column) for column in columns])
    rows = db.execute(f"SELECT {wanted} FROM {_quoted(name)} ORDER BY {', '.join(order)}")
    return {"name": name, "columns": hidden + columns, "rows": [[_encode(v) for v in row] for row in rows]}


def _has_rowid(db, name):
    try:
        db.execute(f"SELECT _rowid_ FROM {_quoted(name)} LIMIT 0")
    except sqlite3.OperationalError:
        return False
    return True


def _names_rowid(keys):
    return len(keys) == 1 and keys[0][2].upper() == "INTEGER"


def _create_table(db, entry):
    # SQLite makes its own tables itself and lets nobody create them.
    if entry["name"].startswith("sqlite_stat"):
        db.execute("ANALYZE sqlite_master")
    elif not entry["name"].startswith("sqlite_"):
        db.execute(entry["sql"])


def _fill(db, table):
    name = _quoted(table["name"])
    if table["name"].startswith("sqlite_"):
        db.execute(f"DELETE FROM {name}")
    columns = ", ".join(_quoted(column) if column != "_rowid_" else column for column in table["columns"])
    for row in table["rows"]:
        marks = ", ".join("CAST(? AS TEXT)" if _is_raw_text(value) else "?" for value in row)
        db.execute(f"INSERT INTO {name} ({columns}) VALUES ({marks})", [_decode(value) for value in row])


def _quoted(name):
    return '"' + name.replace('"', '""') + '"'


class _RawText(bytes):
    """Text that is not UTF-8, kept as it is."""


def _text_or_bytes(data):
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _RawText(data)


def _encode(value):
    if isinstance(value, _RawText):
        return {"text": base64.b64encode(value).decode()}
    if isinstance(value, bytes):
        return {"blob": base64.b64encode(value).decode()}
    if isinstance(value, float) and math.isinf(value):
        return {"real": str(value)}
    return value


def _decode(value):
    if not isinstance(value, dict):
        return value
    (kind, text), = value.items()
    return float(text) if kind == "real" else base64.b64decode(text, validate=True)


def _is_raw_text(value):
    return isinstance(value, dict) and "text" in value
