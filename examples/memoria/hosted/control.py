"""The control plane's state: switches, the ingestion queue, what runs, and a log, in `control.db`.

Two threads work on it while it is served: customers, who write all the time, and the ingestion workers, who take
what was written off the queue unless maintenance mode or their own switch stops them. What is ingested is counted
here and does not reach the memories: so the database of memories is exactly what migrations and imports made of it.
"""

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

from hosted.deployment import desired_images
from memoria import faults

BEAT_SECONDS = 0.05
ARRIVALS_A_BEAT = 1
INGESTED_A_BEAT = 20
FULL = 5_000
ROLL_OUT_SECONDS = 0.3
TABLES = """
    CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS queue (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL);
    INSERT OR IGNORE INTO switches VALUES ('maintenance', 0), ('workers', 1);
    INSERT OR IGNORE INTO counters VALUES ('accepted', 0), ('ingested', 0), ('requests', 0), ('errors', 0);
"""


class ControlPlane:
    """One control plane, over the files of a practice folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._db = sqlite3.connect(folder / "control.db", isolation_level=None, check_same_thread=False, timeout=10)
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(TABLES)
        self._changed_at = 0.0
        self._seen = self._running = desired_images(folder)
        self.stopping = threading.Event()

    def start(self) -> None:
        """Lets customers and workers begin."""
        threading.Thread(target=self._beat, daemon=True).start()

    def stop(self) -> None:
        """Ends both threads."""
        self.stopping.set()

    def switch(self, name: str) -> bool:
        """Whether a switch is on: `maintenance` or `workers`."""
        with self._lock:
            return bool(self._db.execute("SELECT value FROM switches WHERE name = ?", (name,)).fetchone()[0])

    def turn(self, name: str, on: bool) -> None:
        """Turns a switch."""
        with self._lock:
            self._db.execute("UPDATE switches SET value = ? WHERE name = ?", (int(on), name))
        self.log(f"{name} is {'on' if on else 'off'}")

    def depth(self) -> int:
        """How much waits for ingestion."""
        with self._lock:
            return self._db.execute("SELECT count(*) FROM queue").fetchone()[0]

    def counter(self, name: str) -> int:
        """`accepted`, `ingested`, `requests` or `errors`, since the practice folder was made."""
        with self._lock:
            return self._db.execute("SELECT value FROM counters WHERE name = ?", (name,)).fetchone()[0]

    def images(self) -> dict[str, str]:
        """What the services run; it follows what is deployed after a moment, as pods do."""
        wanted = self._desired()
        if wanted != self._seen:
            self._seen, self._changed_at = wanted, time.monotonic()
        if time.monotonic() - self._changed_at >= ROLL_OUT_SECONDS:
            self._running = self._seen
        return dict(self._running)

    def restart(self) -> None:
        """Restarts the services: they run what is deployed at once."""
        self._seen = self._running = self._desired()
        self.log("services restarted")

    def _desired(self) -> dict[str, str]:
        """What is deployed; while its file is being written, what was deployed last."""
        try:
            return desired_images(self.folder)
        except (ValueError, KeyError, IndexError, OSError):
            return self._seen

    def error_rate(self) -> float:
        """The share of requests that fail at present."""
        wanted = faults.active("errors", self.folder)
        return float(wanted) if wanted else 0.0

    def log(self, line: str) -> None:
        """Adds a line to the service log."""
        with self._lock:
            self._db.execute("INSERT INTO log (line) VALUES (?)", (line,))

    def log_lines(self) -> list[str]:
        """The service log."""
        with self._lock:
            return [line for (line,) in self._db.execute("SELECT line FROM log ORDER BY id")]

    def _beat(self) -> None:
        while not self.stopping.wait(BEAT_SECONDS):
            self.images()
            with self._lock:
                self._db.execute("BEGIN IMMEDIATE")
                self._arrive()
                self._ingest()
                self._db.execute("COMMIT")

    def _arrive(self) -> None:
        waiting = self._db.execute("SELECT count(*) FROM queue").fetchone()[0]
        if waiting >= FULL:
            return
        self._db.executemany("INSERT INTO queue (body) VALUES (?)", [("a customer's note",)] * ARRIVALS_A_BEAT)
        self._count("accepted", ARRIVALS_A_BEAT)
        rate = self.error_rate()
        self._count("requests", 100)
        self._count("errors", round(100 * rate))

    def _ingest(self) -> None:
        switches = dict(self._db.execute("SELECT name, value FROM switches"))
        stuck = faults.active("queue", self.folder) == "stuck"
        if stuck or switches["maintenance"] or not switches["workers"]:
            return
        gone = self._db.execute(
            "DELETE FROM queue WHERE id IN (SELECT id FROM queue ORDER BY id LIMIT ?)", (INGESTED_A_BEAT,)
        ).rowcount
        self._count("ingested", gone)

    def _count(self, name: str, more: int) -> None:
        self._db.execute("UPDATE counters SET value = value + ? WHERE name = ?", (more, name))


def stored_state(folder: Path) -> dict[str, Any]:
    """Switches, and whether anything that was accepted got lost; for the dump."""
    db = sqlite3.connect(folder / "control.db", timeout=10)
    try:
        db.executescript(TABLES)
        db.execute("BEGIN IMMEDIATE")
        switches = dict(db.execute("SELECT name, value FROM switches ORDER BY name"))
        counters = dict(db.execute("SELECT name, value FROM counters"))
        waiting = db.execute("SELECT count(*) FROM queue").fetchone()[0]
        db.execute("COMMIT")
    finally:
        db.close()
    return {**switches, "lost": counters["accepted"] - counters["ingested"] - waiting}
