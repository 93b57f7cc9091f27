"""Database URLs and connections. Knows nothing of Memoria's schema."""

import os
import sqlite3
from urllib.parse import unquote

from memoria.errors import MemoriaError, UsageError

BUSY_SECONDS = 10.0
PREFIX = "sqlite:///"


def path_of(url):
    """The file that a URL names: sqlite:///relative.db or sqlite:////absolute.db."""
    if not url.startswith(PREFIX):
        scheme = url.split(":", 1)[0] if ":" in url else "no"
        raise UsageError(
            f"cannot use a database URL with {scheme!r} scheme: "
            "write sqlite:///relative.db or sqlite:////absolute.db"
        )
    path = unquote(url[len(PREFIX):])
    if not path or path == ":memory:" or "?" in path or "\0" in path:
        raise UsageError("the database URL must name a file: sqlite:///relative.db or sqlite:////absolute.db")
    return path


def open_existing(url):
    """Connects to a database that must be there already."""
    path = path_of(url)
    if not os.path.isfile(path):
        raise MemoriaError(f"there is no database at {path}")
    return connect(path)


def open_or_create(url):
    """Connects to a database, creating an empty one where there is none."""
    path = path_of(url)
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise MemoriaError(f"there is no folder {folder} for the database")
    return connect(path)


def connect(path):
    """A connection whose transactions are only those that are written out."""
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
