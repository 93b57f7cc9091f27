"""State of the doubles: JSON files, changed whole or not at all, by one process at a time."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def read(path: str) -> Any:
    """The value in a file."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write(path: str, value: Any) -> None:
    """Replaces a file at once, so that a reader never sees half of it."""
    temporary = f"{path}.{os.getpid()}"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2, sort_keys=True)
        file.write("\n")
    os.replace(temporary, path)


@contextmanager
def changing(path: str) -> Iterator[Any]:
    """The value in a file, to be changed in place; nobody else changes it meanwhile."""
    with open(f"{path}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        value = read(path)
        yield value
        write(path, value)
