"""Faults that can be switched on to practise: each changes what the service really does, none only its figures."""

import json
import os
import time

from .errors import Refused, Unavailable
from .records import Record
from .settings import Settings

KNOWN = {
    "slow_ms": 0,  # every retrieval from memory_os takes this many milliseconds longer
    "error_every": 0,  # every nth retrieval from memory_os fails
    "lose_every": 0,  # every nth mirrored write never arrives, and nobody notices
    "damage_every": 0,  # every nth mirrored write to memory_os arrives with half of its text
    "ranking": False,  # memory_os gives the least fitting memories instead of the best
    "store_down": "",  # legacy or memory_os does not answer
    "migration_fails": "",  # the namespace whose backfill fails half-way
}


class Faults:
    """The faults that are on, and how often each was asked."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.asked: dict[str, int] = {}
        if os.environ.get("MEMORYOS_FAULTS"):
            self.put(json.loads(os.environ["MEMORYOS_FAULTS"]))

    def all(self) -> dict:
        """Every fault by name."""
        return KNOWN | (self.settings.all().get("faults") or {})

    def put(self, values: dict) -> dict:
        """Switches faults; what is not named stays."""
        for name, value in values.items():
            if name not in KNOWN:
                raise Refused(422, f"there is no fault {name!r}; there are {', '.join(KNOWN)}")
            if type(value) is not type(KNOWN[name]):
                raise Refused(422, f"the fault {name} takes a value like {KNOWN[name]!r}")
        self.settings.put(faults=self.all() | values)
        return self.all()

    def up(self, store: str) -> None:
        """Fails with `Unavailable` if that store is down."""
        if self.all()["store_down"] == store:
            raise Unavailable(f"the store {store} does not answer")

    def retrieving(self) -> None:
        """What a retrieval from memory_os suffers."""
        self.up("memory_os")
        if self.all()["slow_ms"]:
            time.sleep(self.all()["slow_ms"] / 1000)
        if self._due("error_every"):
            raise Unavailable("memory_os failed to retrieve")

    def loses(self) -> bool:
        """Whether this mirrored write gets lost."""
        return self._due("lose_every")

    def arriving(self, record: Record) -> Record:
        """The record as it arrives in memory_os."""
        if not self._due("damage_every"):
            return record
        half = record.text[: len(record.text) // 2]
        return Record(record.namespace, record.key, record.kind, half, record.importance, record.revision)

    def _due(self, name: str) -> bool:
        every = self.all()[name]
        if not every:
            return False
        self.asked[name] = self.asked.get(name, 0) + 1
        return self.asked[name] % every == 0
