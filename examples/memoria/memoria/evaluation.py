"""The evaluation suite: real searches over the memories, by each provider; latency, cost and quality of each.

A provider here is a way to search. Latency is processor time of this thread, so that a busy machine does not
look like a slow provider; cost is by the words that a provider reads.
"""

import json
import re
import sqlite3
import time
from pathlib import Path
from typing import Any

from memoria import faults
from memoria.errors import MemoriaError, UsageError

QUERIES = ["invoice run", "queue mail", "nightly export", "cold start", "office", "recovered", "slow Monday", "second look"]
TURNS = 3
PRICE_A_WORD = {"lexical": 0.000001, "substring": 0.000002}


def run(db: sqlite3.Connection, build: str, providers: list[str]) -> dict[str, Any]:
    """Runs every query on every provider; the summary is what the other commands compare and store."""
    unknown = [name for name in providers if name not in SEARCH]
    if unknown or not providers:
        raise UsageError(f"there is no provider {', '.join(unknown)}: there are {', '.join(SEARCH)}")
    bodies = [body for (body,) in db.execute("SELECT body FROM memories ORDER BY id")]
    results = [_measure(name, bodies, len(providers)) for name in providers]
    return {"build": build, "queries": len(QUERIES), "providers": results}


def compare(baseline: str, build: str, latency: float, cost: float, quality: float) -> dict[str, Any]:
    """Where a build is worse than its baseline by more than the thresholds (shares of the baseline) allow."""
    before, after = _load(baseline), _load(build)
    known = {entry["provider"]: entry for entry in before["providers"]}
    regressions, mix = [], []
    for entry in after["providers"]:
        base = known.get(entry["provider"])
        if base is None:
            mix.append({"provider": entry["provider"], "change": "new"})
            continue
        mix.append({"provider": entry["provider"], "change": round(entry["share"] - base["share"], 4)})
        regressions += _worse(base, entry, {"p95_ms": latency, "cost": cost}, quality)
    gone = sorted(set(known) - {entry["provider"] for entry in after["providers"]})
    mix += [{"provider": name, "change": "gone"} for name in gone]
    return {"baseline": before["build"], "build": after["build"], "regressions": regressions, "provider_mix": mix}


def _worse(base: dict, entry: dict, rises: dict[str, float], fall: float) -> list[dict[str, Any]]:
    found = [
        {"provider": entry["provider"], "metric": metric, "baseline": base[metric], "now": entry[metric]}
        for metric, share in rises.items()
        if entry[metric] > base[metric] * (1 + share)
    ]
    if entry["quality"] < base["quality"] * (1 - fall):
        found.append(
            {"provider": entry["provider"], "metric": "quality", "baseline": base["quality"], "now": entry["quality"]}
        )
    return found


def _load(path: str) -> dict[str, Any]:
    try:
        summary = json.loads(Path(path).read_text(encoding="utf-8"))
        return {"build": summary["build"], "providers": list(summary["providers"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MemoriaError(f"{path} is no evaluation summary: {error}") from error


def _measure(provider: str, bodies: list[str], among: int) -> dict[str, Any]:
    took, hits, words = [], 0, 0
    for query in QUERIES * TURNS:
        started = time.thread_time_ns()
        found, read = SEARCH[provider](query, bodies)
        took.append((time.thread_time_ns() - started) / 1e6 * _slowdown())
        hits += 1 if found else 0
        words += read
    took.sort()
    return {
        "provider": provider, "share": round(1 / among, 4), "queries": len(took),
        "p50_ms": _percentile(took, 50), "p95_ms": _percentile(took, 95), "p99_ms": _percentile(took, 99),
        "cost": round(words * PRICE_A_WORD[provider] * _markup(), 9), "quality": round(hits / len(took), 4),
    }


def _slowdown() -> float:
    return 1000.0 if faults.active("evaluation") == "slow" else 1.0


def _markup() -> float:
    return 10.0 if faults.active("evaluation") == "costly" else 1.0


def _percentile(ordered: list[float], share: int) -> float:
    return round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 4)


def _lexical(query: str, bodies: list[str]) -> tuple[list[str], int]:
    wanted = set(query.lower().split())
    split = [set(re.findall(r"\w+", body.lower())) for body in bodies]
    return [body for body, words in zip(bodies, split) if wanted & words], sum(map(len, split))


def _substring(query: str, bodies: list[str]) -> tuple[list[str], int]:
    wanted = query.lower().split()
    found = [body for body in bodies if any(word in body.lower() for word in wanted)]
    return found, sum(len(body) // 6 for body in bodies)


SEARCH = {"lexical": _lexical, "substring": _substring}
