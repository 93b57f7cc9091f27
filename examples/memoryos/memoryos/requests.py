"""The path of a request: a memory is written, or memories are retrieved, as mode and cohort say."""

import threading
import time
from dataclasses import replace

from .cohort import mode_for
from .drift import Drift, compare
from .errors import Refused, Unavailable
from .faults import Faults
from .mirror import Mirror
from .records import Record
from .settings import Settings
from .slo import Service

LIMIT = 5
THROTTLE = 0.02


class Requests:
    """Serves the users of both stores."""

    def __init__(self, mirror: Mirror, drift: Drift, service: Service) -> None:
        self.mirror, self.drift, self.service = mirror, drift, service
        self.settings: Settings = mirror.settings
        self.faults: Faults = mirror.faults
        self.lock = threading.Lock()
        self.revision = max(mirror.legacy.newest(), mirror.store.newest())

    def write(self, record: Record) -> dict:
        """Stores a memory: in the mode's own store now, mirrored to the other one. In mode legacy that is done only
        while an incident is open: what is reconciled must not fall apart again meanwhile."""
        if self.mirror.admit():
            time.sleep(THROTTLE)
        settings = self.settings.all()
        mode, mirrored = settings["mode"], settings["mode"] != "legacy" or settings["incident"] is not None
        first, other = ("memory_os", "legacy") if mode == "memory_os" else ("legacy", "memory_os")
        began = time.monotonic()
        try:
            with self.lock:
                stored, new = self._stored(first, record)
                if new and mirrored:
                    self.mirror.send(other, stored)
        except Unavailable as reason:
            self.service.served(mode, time.monotonic() - began, failed=True, fell_back=False)
            raise Refused(503, str(reason)) from reason
        self.service.served(mode, time.monotonic() - began, failed=False, fell_back=False)
        return {"revision": stored.revision, "mode": mode}

    def _stored(self, first: str, record: Record) -> tuple[Record, bool]:
        """The record as stored, and whether it is new; a write that changes nothing gets no new revision."""
        store = self.mirror.store if first == "memory_os" else self.mirror.legacy
        there = store.get(record.namespace, record.key)
        if there and there.digest() == record.digest():
            self.faults.up(first)
            return there, False
        record = replace(record, revision=self.revision + 1)
        self.mirror.write(first, record, "written")
        self.revision = record.revision
        return record, True

    def forget(self, namespace: str, key: str) -> dict:
        """Takes a memory out of both stores. Safe to repeat."""
        with self.lock:
            for store in (self.mirror.legacy, self.mirror.store):
                self.faults.up(store.name)
                store.remove(namespace, key)
        return {"namespace": namespace, "key": key}

    def where(self, namespace: str, key: str) -> dict:
        """The digest of a memory in each store, null where it is not."""
        found = {store.name: store.get(namespace, key) for store in (self.mirror.legacy, self.mirror.store)}
        return {name: record.digest() if record else None for name, record in found.items()}

    def retrieve(self, namespace: str, query: str) -> dict:
        """The memories that fit best: from the mode's own store, from legacy where that fails and may be left."""
        mode = mode_for(self.settings.all(), namespace)
        began = time.monotonic()
        found, reason = self._own_path(mode, namespace, query)
        fell_back = reason is not None and mode != "legacy" and bool(self.settings.get("fallback_enabled"))
        if fell_back:
            found = self._fallback(namespace, query)
        self.service.served(mode, time.monotonic() - began, failed=reason is not None, fell_back=fell_back)
        if found is None:
            raise Refused(503, reason or "no store answers")
        return {"mode": mode, "fallback": fell_back, "results": [shown(record) for record in found]}

    def _own_path(self, mode: str, namespace: str, query: str) -> tuple[list[Record] | None, str | None]:
        try:
            if mode == "legacy":
                return self._legacy(namespace, query), None
            self.faults.retrieving()
            if mode == "dual_run":
                return self._both(namespace, query), None
            return self.found(namespace, query), None
        except Unavailable as reason:
            return None, str(reason)

    def _both(self, namespace: str, query: str) -> list[Record]:
        """Asks both stores of one moment and compares; memory_os serves."""
        with self.lock:
            found = self.found(namespace, query)
            try:
                legacy = self._legacy(namespace, query)
            except Unavailable:
                return found
        self.drift.add(compare(namespace, query, legacy, found))
        return found

    def found(self, namespace: str, query: str) -> list[Record]:
        """What memory_os finds."""
        if not self.faults.all()["ranking"]:
            return self.mirror.store.search(namespace, query, LIMIT)
        return self.mirror.store.search(namespace, query, 10_000)[-LIMIT:]

    def _legacy(self, namespace: str, query: str) -> list[Record]:
        self.faults.up("legacy")
        return self.mirror.legacy.search(namespace, query, LIMIT)

    def _fallback(self, namespace: str, query: str) -> list[Record] | None:
        self.settings.count("fallback")
        try:
            return self._legacy(namespace, query)
        except Unavailable:
            return None


def shown(record: Record) -> dict:
    """A record as a client sees it."""
    return {"namespace": record.namespace, "key": record.key, "kind": record.kind, "text": record.text,
            "importance": record.importance, "digest": record.digest()}
