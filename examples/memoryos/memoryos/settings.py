"""What the controller is set to, kept in SQLite so that a restart changes nothing; and the limits of its file."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from .database import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""
MODES = ("legacy", "dual_run", "memory_os")
STAGES = ("internal", "canary", "global")
INITIAL = {
    "mode": "legacy",
    "stage": "internal",
    "groups": [],
    "canary_ratio": 0,
    "fallback_enabled": True,
    "cutover_frozen": False,
    "incident": None,
}


@dataclass(frozen=True)
class Limits:
    """When drift and service are good enough. Durations are in seconds unless the name says otherwise."""

    drift_min_samples: int = 500
    drift_avg: float = 0.02
    drift_max: float = 0.10
    slo_window: float = 60
    slo_min_requests: int = 50
    slo_p99_ms: float = 250
    slo_error_rate: float = 0.01
    queue_soft: int = 100
    queue_hard: int = 500
    mirror_attempts: int = 5
    mirror_pause: float = 0.2


def limits(path: Path) -> Limits:
    """The limits of `memoryos.toml`; what it does not name has its default."""
    return Limits(**tomllib.loads(path.read_text())) if path.exists() else Limits()


class Settings:
    """Settings and lasting counters, in `control.db`."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "control.db", SCHEMA)

    def all(self) -> dict:
        """Every setting by name."""
        stored = self.database.rows("SELECT name, value FROM settings")
        return INITIAL | {name: json.loads(value) for name, value in stored}

    def get(self, name: str) -> object:
        """One setting."""
        return self.all()[name]

    def put(self, **values: object) -> None:
        """Sets all of them, or none."""
        rows = [(name, json.dumps(value)) for name, value in values.items()]
        with self.database.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", rows)

    def count(self, name: str, by: int = 1) -> int:
        """Adds to a counter; gives its new value."""
        with self.database.transaction() as db:
            db.execute(
                "INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
                (name, by),
            )
            return db.execute("SELECT value FROM counters WHERE name = ?", (name,)).fetchone()[0]

    def counted(self, name: str) -> int:
        """The value of a counter."""
        found = self.database.rows("SELECT value FROM counters WHERE name = ?", (name,))
        return found[0][0] if found else 0
