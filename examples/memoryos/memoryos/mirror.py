"""Mirrored writes: each goes to the other store at once, and through a durable queue where that fails."""

import json
import threading

from .errors import Refused, Unavailable
from .faults import Faults
from .legacy import Legacy
from .policy import DEFAULT, classify
from .records import Record, target_of
from .settings import Limits, Settings
from .store import Store

SCHEMA = """
CREATE TABLE IF NOT EXISTS queue (
  id INTEGER PRIMARY KEY, destination TEXT NOT NULL, record TEXT NOT NULL, attempts INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS dead_letters (
  id INTEGER PRIMARY KEY, destination TEXT NOT NULL, target TEXT NOT NULL, record TEXT NOT NULL);
"""
FALLBACK_TIER = "short"


class Mirror:
    """Writes to either store, under its faults; keeps what could not be written and tries it again."""

    def __init__(self, stores: tuple[Legacy, Store], settings: Settings, faults: Faults, limits: Limits) -> None:
        self.legacy, self.store = stores
        self.settings, self.faults, self.limits = settings, faults, limits
        self.settings.database.connection.executescript(SCHEMA)
        self.stopped = threading.Event()

    def write(self, destination: str, record: Record, source: str) -> bool:
        """Writes to a store now, or fails with `Unavailable`. False if it is there already."""
        self.faults.up(destination)
        if destination == "legacy":
            return self.legacy.put(record)
        tier = classify(DEFAULT, record) or FALLBACK_TIER
        return self.store.put(record, tier, source)

    def send(self, destination: str, record: Record) -> None:
        """Mirrors a write: at once if nothing is queued before it, else through the queue."""
        if self.faults.loses():
            return
        if destination == "memory_os":
            record = self.faults.arriving(record)
        if self.depth() == 0 and self._tried(destination, record):
            return
        self._enqueue(destination, record)

    def admit(self) -> bool:
        """Whether a new write must wait a little; `Refused` with 503 where the queue is full."""
        depth = self.depth()
        if depth >= self.limits.queue_hard:
            self.settings.count("overloaded")
            raise Refused(503, f"overloaded: {depth} mirrored writes are queued")
        if depth >= self.limits.queue_soft:
            self.settings.count("throttled")
            return True
        return False

    def depth(self) -> int:
        """How many mirrored writes wait."""
        return self.settings.database.rows("SELECT count(*) FROM queue")[0][0]

    def dead(self, target: str | None = None) -> list[tuple[int, str, Record]]:
        """The mirrored writes that were given up: number, destination, record."""
        rows = self.settings.database.rows("SELECT id, destination, target, record FROM dead_letters ORDER BY id")
        wanted = [row for row in rows if target in (None, row[2])]
        return [(number, to, Record(*json.loads(record))) for number, to, _, record in wanted]

    def forget_dead(self, target: str) -> None:
        """Drops a target's dead letters, once its stores agree again."""
        with self.settings.database.transaction() as db:
            db.execute("DELETE FROM dead_letters WHERE target = ?", (target,))

    def work(self) -> None:
        """Tries what is queued again and again, until `stopped` is set."""
        while not self.stopped.wait(self.limits.mirror_pause):
            self.try_queue()

    def try_queue(self) -> None:
        """One try for each queued write, oldest first."""
        rows = self.settings.database.rows("SELECT id, destination, record, attempts FROM queue ORDER BY id")
        for number, destination, record, attempts in rows:
            done = self._tried(destination, Record(*json.loads(record)))
            self._settle(number, done, attempts + 1)

    def _tried(self, destination: str, record: Record) -> bool:
        try:
            self.write(destination, record, "mirrored")
        except Unavailable:
            return False
        return True

    def _enqueue(self, destination: str, record: Record) -> None:
        with self.settings.database.transaction() as db:
            db.execute(
                "INSERT INTO queue (destination, record, attempts) VALUES (?, ?, 1)",
                (destination, json.dumps(fields(record))),
            )

    def _settle(self, number: int, done: bool, attempts: int) -> None:
        with self.settings.database.transaction() as db:
            if not done and attempts < self.limits.mirror_attempts:
                db.execute("UPDATE queue SET attempts = ? WHERE id = ?", (attempts, number))
                return
            if not done:
                self._bury(db, number)
            db.execute("DELETE FROM queue WHERE id = ?", (number,))

    def _bury(self, db, number: int) -> None:
        destination, text = db.execute("SELECT destination, record FROM queue WHERE id = ?", (number,)).fetchone()
        target = target_of(json.loads(text)[0])
        db.execute(
            "INSERT INTO dead_letters (destination, target, record) VALUES (?, ?, ?)", (destination, target, text)
        )
        self.settings.count("dead_letters")


def fields(record: Record) -> list:
    """A record as a list that `Record(*…)` takes back."""
    return [record.namespace, record.key, record.kind, record.text, record.importance, record.revision]
