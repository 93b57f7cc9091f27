"""How well requests were served lately, by mode; and whether that calls for a rollback."""

import threading
import time
from collections import deque
from dataclasses import dataclass

from .settings import MODES, Limits

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
OUTCOMES = ("ok", "error")


@dataclass(frozen=True)
class Served:
    """One request: when it ended and how long it took, in seconds; whether its own path answered, and if not,
    whether the fallback did."""

    at: float
    took: float
    failed: bool
    fell_back: bool


class Service:
    """Requests of the last moments, and totals since the start, by mode."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.lock = threading.Lock()
        self.recent: dict[str, deque[Served]] = {mode: deque(maxlen=20_000) for mode in MODES}
        self.totals = {(mode, outcome): 0 for mode in MODES for outcome in OUTCOMES}
        self.histogram = {mode: [0] * (len(BUCKETS) + 1) for mode in MODES}
        self.seconds = dict.fromkeys(MODES, 0.0)

    def served(self, mode: str, took: float, failed: bool, fell_back: bool) -> None:
        """Counts one request."""
        with self.lock:
            self.recent[mode].append(Served(time.monotonic(), took, failed, fell_back))
            self.totals[(mode, "error" if failed else "ok")] += 1
            self.seconds[mode] += took
            self.histogram[mode][bucket_of(took)] += 1

    def restart(self) -> None:
        """Begins the window anew: what was served before a change of mode says nothing of what comes after."""
        with self.lock:
            for recent in self.recent.values():
                recent.clear()

    def window(self, mode: str) -> list[Served]:
        """The requests of the window."""
        since = time.monotonic() - self.limits.slo_window
        with self.lock:
            return [one for one in self.recent[mode] if one.at >= since]

    def snapshot(self, mode: str) -> dict:
        """The window in figures. Quantiles are null where nothing was served; errors are of the mode's own path."""
        window = self.window(mode)
        times = sorted(one.took * 1000 for one in window)
        failed = sum(one.failed for one in window)
        return {
            "mode": mode,
            "requests": len(window),
            "latency_p50_ms": quantile(times, 0.50),
            "latency_p95_ms": quantile(times, 0.95),
            "latency_p99_ms": quantile(times, 0.99),
            "error_rate": failed / len(window) if window else None,
            "fallbacks": sum(one.fell_back for one in window),
        }

    def judged(self, snapshot: dict) -> dict:
        """The snapshot with a verdict on it: pass, fail, or inconclusive where too little was served."""
        reasons = self.breaches(snapshot)
        too_few = snapshot["requests"] < self.limits.slo_min_requests
        verdict = "inconclusive" if too_few else "fail" if reasons else "pass"
        return snapshot | {"verdict": verdict, "reasons": [] if too_few else reasons}

    def breaches(self, snapshot: dict) -> list[str]:
        """What of a snapshot is over its limit."""
        limits = {"latency_p99_ms": self.limits.slo_p99_ms, "error_rate": self.limits.slo_error_rate}
        over = [name for name, limit in limits.items() if (snapshot[name] or 0) > limit]
        return [f"{name} {snapshot[name]:.4g} is over {limits[name]:g}" for name in over]


def bucket_of(took: float) -> int:
    """The number of the histogram's bucket for a duration in seconds."""
    return next((number for number, bound in enumerate(BUCKETS) if took <= bound), len(BUCKETS))


def quantile(ordered: list[float], share: float) -> float | None:
    """The value under which that share lies (nearest rank); None of nothing."""
    if not ordered:
        return None
    return round(ordered[max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1)], 3)
