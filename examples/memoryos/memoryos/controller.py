"""All parts of the controller over one folder of SQLite files."""

import threading
from pathlib import Path

from .drift import Drift
from .errors import Unavailable
from .faults import Faults
from .legacy import Legacy
from .migration import Migration
from .mirror import Mirror
from .reconcile import Reconcile
from .release import Release
from .requests import Requests
from .settings import Limits, Settings, limits
from .slo import Service
from .store import Store


class Controller:
    """Puts the parts together; owns nothing but their lifetime."""

    def __init__(self, folder: Path, given: Limits | None = None) -> None:
        self.limits = given or limits(folder / "memoryos.toml")
        self.legacy, self.store = Legacy(folder), Store(folder)
        self.settings = Settings(folder)
        self.faults = Faults(self.settings)
        self.mirror = Mirror((self.legacy, self.store), self.settings, self.faults, self.limits)
        self.drift, self.service = Drift(self.limits), Service(self.limits)
        self.requests = Requests(self.mirror, self.drift, self.service)
        self.migration = Migration(self.mirror)
        self.reconcile = Reconcile(self.requests)
        self.release = Release(self.settings, self.drift, self.service, self.reconcile)

    def start(self) -> None:
        """Begins to work off the queue of mirrored writes."""
        threading.Thread(target=self.mirror.work, daemon=True).start()

    def health(self) -> dict:
        """Which stores answer."""
        answers = {"legacy": self._answers("legacy"), "memory_os": self._answers("memory_os")}
        return {"healthy": all(answers.values()), "stores": answers}

    def _answers(self, store: str) -> bool:
        try:
            self.faults.up(store)
        except Unavailable:
            return False
        return True

    def close(self) -> None:
        """Stops working, closes the files."""
        self.mirror.stopped.set()
        for database in (self.legacy.database, self.store.database, self.settings.database):
            database.close()
