"""Reconciliation: makes both stores of a target agree again, and says how far they do."""

import itertools
import threading
from dataclasses import asdict, dataclass

from .drift import compare
from .errors import Refused, Unavailable
from .records import Record, group_of, target_of, words
from .requests import LIMIT, Requests

PROBES = 20


@dataclass
class Repairs:
    """What a reconciliation changed."""

    copied_to_memory_os: int = 0
    copied_to_legacy: int = 0
    replaced_in_memory_os: int = 0
    replaced_in_legacy: int = 0
    dead_letters_dropped: int = 0


class Reconcile:
    """Repairs and reports by target, by group, and as jobs."""

    def __init__(self, requests: Requests) -> None:
        self.requests = requests
        self.mirror = requests.mirror
        self.jobs: dict[int, dict] = {}
        self.numbers = itertools.count(1)

    def targets(self) -> list[str]:
        """All targets of either store."""
        names = {*self.mirror.legacy.namespaces(), *self.mirror.store.namespaces()}
        return sorted({target_of(name) for name in names})

    def group(self, group: str) -> dict:
        """Reconciles each target of a group after a rollback."""
        targets = [target for target in self.targets() if group_of(target) == group]
        if not targets:
            raise Refused(404, f"no target is of the group {group!r}")
        return {"group": group, "targets": {target: self.repair(target) for target in targets}}

    def repair(self, target: str) -> dict:
        """Of each memory the newer content goes to both stores; then nothing of the target is a dead letter."""
        self.known(target)
        repairs = Repairs(dead_letters_dropped=len(self.mirror.dead(target)))
        for namespace in self.namespaces(target):
            with self.requests.lock:
                self._repair(namespace, repairs)
        self.mirror.forget_dead(target)
        return asdict(repairs)

    def _repair(self, namespace: str, repairs: Repairs) -> None:
        old, new = self._both(namespace)
        for key in sorted({*old, *new}):
            left, right = old.get(key), new.get(key)
            if left and right and left.digest() == right.digest():
                continue
            # Equal revisions with unequal content: a mirrored write was damaged on its way, and legacy has the original.
            to = "memory_os" if left and (not right or left.revision >= right.revision) else "legacy"
            self.mirror.write(to, left if to == "memory_os" else right, "reconciled")
            name = f"{'replaced_in' if left and right else 'copied_to'}_{to}"
            setattr(repairs, name, getattr(repairs, name) + 1)

    def parity(self, target: str) -> dict:
        """How far the stores agree about a target: by content, and by what real retrievals give. 1 is wholly."""
        self.known(target)
        counts = dict.fromkeys(("records", "equal", "missing_in_memory_os", "missing_in_legacy", "different"), 0)
        probes: list[float] = []
        for namespace in self.namespaces(target):
            self._compare(namespace, counts)
            probes += self._probes(namespace)
        parity = counts["equal"] / counts["records"] if counts["records"] else 1
        retrieval = sum(probes) / len(probes) if probes else 1
        return {"target": target, "parity": parity, "retrieval_parity": retrieval, "probes": len(probes),
                "dead_letters": len(self.mirror.dead(target))} | counts

    def _compare(self, namespace: str, counts: dict) -> None:
        with self.requests.lock:
            old, new = self._both(namespace)
        for key in {*old, *new}:
            counts["records"] += 1
            counts[standing(old.get(key), new.get(key))] += 1

    def _probes(self, namespace: str) -> list[float]:
        """Retrievals for what stands in the namespace itself: 1 where both stores give the same."""
        found = []
        for record in self.mirror.legacy.records(namespace)[:PROBES]:
            query = " ".join(words(record.text)[:3])
            with self.requests.lock:
                legacy = self.mirror.legacy.search(namespace, query, LIMIT)
                sample = compare(namespace, query, legacy, self.requests.found(namespace, query))
            found.append(1.0 if sample.legacy == sample.memory_os else 0.0)
        return found

    def _both(self, namespace: str) -> tuple[dict[str, Record], dict[str, Record]]:
        self.mirror.faults.up("legacy")
        self.mirror.faults.up("memory_os")
        old = {record.key: record for record in self.mirror.legacy.records(namespace)}
        return old, {record.key: record for record in self.mirror.store.records(namespace)}

    def namespaces(self, target: str) -> list[str]:
        """The namespaces of a target in either store."""
        names = {*self.mirror.legacy.namespaces(), *self.mirror.store.namespaces()}
        return sorted(name for name in names if target_of(name) == target)

    def known(self, target: str) -> None:
        """Refuses a target that no store knows."""
        if target not in self.targets():
            raise Refused(404, f"there is no target {target!r}")

    def start(self, targets: list[str]) -> dict:
        """Starts a job that repairs the targets one after the other."""
        for target in targets:
            self.known(target)
        number = next(self.numbers)
        self.jobs[number] = {"id": number, "state": "running", "targets": targets, "done": {}, "error": None}
        threading.Thread(target=self._job, args=(self.jobs[number],), daemon=True).start()
        return dict(self.jobs[number])

    def _job(self, job: dict) -> None:
        try:
            for target in job["targets"]:
                job["done"] = job["done"] | {target: self.repair(target)}
        except (Refused, Unavailable) as reason:
            job.update(state="failed", error=str(reason))
        else:
            job["state"] = "done"

    def job(self, number: int) -> dict:
        """A job as it stands. Jobs do not outlive the controller: it is safe to start another."""
        if number not in self.jobs:
            raise Refused(404, f"there is no job {number}")
        return self.jobs[number]


def standing(old: Record | None, new: Record | None) -> str:
    """How a memory stands in the two stores."""
    if old is None or new is None:
        return "missing_in_legacy" if old is None else "missing_in_memory_os"
    return "equal" if old.digest() == new.digest() else "different"
