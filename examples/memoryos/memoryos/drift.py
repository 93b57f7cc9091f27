"""Drift: how far the retrievals of the two stores differ, measured on real requests."""

import threading
import time
from collections import deque
from dataclasses import dataclass

from .records import Record, signature
from .settings import Limits

KEPT = 50_000


@dataclass(frozen=True)
class Sample:
    """One retrieval, asked of both stores. `drift` is the share of results that only one of them gave."""

    namespace: str
    query: str
    legacy: str
    memory_os: str
    drift: float


def compare(namespace: str, query: str, legacy: list[Record], memory_os: list[Record]) -> Sample:
    """A sample: results are equal if key and content are; order shows in the signatures alone."""
    left = {(record.key, record.digest()) for record in legacy}
    right = {(record.key, record.digest()) for record in memory_os}
    drift = len(left ^ right) / len(left | right) if left | right else 0.0
    return Sample(namespace, query, signature(legacy), signature(memory_os), drift)


class Drift:
    """The samples since the measurement began."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.lock = threading.Lock()
        self.samples: deque[Sample] = deque(maxlen=KEPT)
        self.since = time.monotonic()

    def add(self, sample: Sample) -> None:
        """Counts a sample."""
        with self.lock:
            self.samples.append(sample)

    def restart(self) -> None:
        """Begins anew: after a repair or with a wider cohort, earlier samples say nothing."""
        with self.lock:
            self.samples.clear()

    def summary(self) -> dict:
        """Samples, average, greatest, verdict. With too few samples it is inconclusive, whatever they say."""
        with self.lock:
            drifts = [sample.drift for sample in self.samples]
        average = sum(drifts) / len(drifts) if drifts else None
        greatest = max(drifts) if drifts else None
        return {"samples": len(drifts), "avg": average, "max": greatest, "verdict": self._verdict(drifts)}

    def _verdict(self, drifts: list[float]) -> str:
        if len(drifts) < self.limits.drift_min_samples:
            return "inconclusive"
        average = sum(drifts) / len(drifts)
        good = average <= self.limits.drift_avg and max(drifts) <= self.limits.drift_max
        return "pass" if good else "fail"

    def listed(self, differing: bool, limit: int) -> list[dict]:
        """Distinct samples with their signatures, the farthest apart first."""
        with self.lock:
            distinct = set(self.samples)
        wanted = [one for one in distinct if not differing or one.legacy != one.memory_os]
        wanted.sort(key=lambda one: (-one.drift, one.namespace, one.query, one.memory_os))
        return [vars(one) for one in wanted[:limit]]
