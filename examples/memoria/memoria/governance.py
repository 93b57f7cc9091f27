"""Policies tried without effect, the escalation roster, and timers of the governance jobs.

`governance/policies.json` and `governance/roster.json` in MEMORIA_HOME say what there is to try and to verify.
"""

import json
import os
import re
import secrets
import sqlite3
from typing import Any

from memoria import faults
from memoria.errors import MemoriaError, UsageError
from memoria.faults import home_folder
from memoria.home import now, opened

ENVIRONMENTS = ["staging", "production"]
EVERY = re.compile(r"[1-9][0-9]*[smhd]")
CONTROLS = [
    ("Try a policy", "policy dry-run"),
    ("Look at a trace", "policy trace"),
    ("Verify the roster", "roster verify"),
    ("Schedule a guardrail", "schedule set"),
    ("Remove a guardrail", "schedule remove"),
    ("Run a guardrail now", "schedule run"),
    ("Switch a telemetry export", "telemetry enable"),
]


def dry_run(memories: sqlite3.Connection, namespace: str) -> dict[str, Any]:
    """Tries every policy on every memory of a namespace; changes no memory and keeps a trace."""
    policies = _read("policies.json")["policies"]
    rows = _memories(memories, namespace)
    decisions = [_decide(policy, rows) for policy in policies]
    if faults.active("policy") == "violations":
        decisions.append({"policy": "practice-fault", "action": "block", "matches": 1})
    trace = _trace_id()
    with opened("governance.db") as db:
        db.execute("INSERT OR REPLACE INTO traces VALUES (?, ?, ?)", (trace, namespace, json.dumps(decisions)))
    blocked = sum(entry["matches"] for entry in decisions if entry["action"] == "block")
    return {
        "trace_id": trace, "namespace": namespace, "evaluated": len(rows),
        "would_block": blocked, "decisions": decisions, "applied": False,
    }


def trace(trace_id: str) -> dict[str, Any]:
    """What was decided under a trace."""
    with opened("governance.db") as db:
        row = db.execute("SELECT namespace, decisions FROM traces WHERE trace_id = ?", (trace_id,)).fetchone()
    if row is None or faults.active("policy") == "no-traces":
        raise MemoriaError(f"there is no trace {trace_id}")
    return {"trace_id": trace_id, "namespace": row[0], "decisions": json.loads(row[1])}


def _memories(db: sqlite3.Connection, namespace: str) -> list[str]:
    found = db.execute("SELECT id FROM namespaces WHERE name = ?", (namespace,)).fetchone()
    if found is None:
        raise UsageError(f"there is no namespace {namespace}")
    rows = db.execute("SELECT body FROM memories WHERE namespace_id = ? ORDER BY id", found)
    return [body for (body,) in rows]


def _decide(policy: dict[str, str], bodies: list[str]) -> dict[str, Any]:
    pattern = re.compile(policy["pattern"])
    matches = sum(1 for body in bodies if pattern.search(body))
    return {"policy": policy["name"], "action": policy["action"], "matches": matches}


def _trace_id() -> str:
    """The W3C trace of the caller, so that the dry-run is found under it; else one of its own."""
    parts = os.environ.get("TRACEPARENT", "").split("-")
    given = len(parts) == 4 and re.fullmatch(r"[0-9a-f]{32}", parts[1])
    own = secrets.token_hex(8)
    return (parts[1][:16] if given else secrets.token_hex(8)) + own


def verify_roster() -> dict[str, Any]:
    """Whether each level of the escalation roster has somebody and a way to reach them; kept as an outcome."""
    roster = _read("roster.json")
    levels = [dict(level) for level in roster["levels"]]
    if faults.active("roster") == "gap":
        levels[-1]["contact"] = ""
    gaps = [level["role"] for level in levels if not level.get("contact") or not level.get("on_call")]
    outcome = {"covered": not gaps, "gaps": gaps, "levels": levels, "rotation": roster["rotation"]}
    _keep_outcome("roster-verification", {"covered": not gaps, "gaps": gaps})
    return outcome


def outcomes(job: str) -> list[dict[str, Any]]:
    """What a job found, oldest first."""
    with opened("governance.db") as db:
        rows = db.execute("SELECT at, outcome FROM outcomes WHERE job = ? ORDER BY id", (job,)).fetchall()
    return [{"at": at, **json.loads(outcome)} for at, outcome in rows]


def timers() -> list[dict[str, str]]:
    """The timers of all governance jobs, by name."""
    with opened("governance.db") as db:
        rows = db.execute("SELECT name, every, environment FROM timers ORDER BY name").fetchall()
    return [{"name": name, "every": every, "environment": environment} for name, every, environment in rows]


def set_timer(name: str, every: str, environment: str) -> dict[str, str]:
    """Makes or changes the timer of a job."""
    if name not in JOBS:
        raise UsageError(f"there is no job {name}: there are {', '.join(sorted(JOBS))}")
    if not EVERY.fullmatch(every) or environment not in ENVIRONMENTS:
        raise UsageError("a timer needs --every such as 24h, and --environment staging or production")
    if faults.active("schedule") == "refuse":
        raise MemoriaError("the scheduler refuses changes")
    with opened("governance.db") as db:
        db.execute("INSERT OR REPLACE INTO timers VALUES (?, ?, ?)", (name, every, environment))
    return {"name": name, "every": every, "environment": environment}


def remove_timer(name: str) -> dict[str, bool]:
    """Removes the timer of a job; one that is not there is removed already."""
    with opened("governance.db") as db:
        gone = db.execute("DELETE FROM timers WHERE name = ?", (name,)).rowcount
    return {"removed": gone == 1}


def run_job(name: str) -> dict[str, Any]:
    """Runs a job now, as its timer would."""
    if name not in JOBS:
        raise UsageError(f"there is no job {name}: there are {', '.join(sorted(JOBS))}")
    return JOBS[name]()


def controls() -> list[dict[str, str]]:
    """The controls of the governance dashboard with the command that does the same."""
    return [{"control": control, "command": command} for control, command in CONTROLS]


def _expire_overrides() -> dict[str, Any]:
    with opened("governance.db") as db:
        due = db.execute("SELECT name FROM overrides WHERE active AND expires < ? ORDER BY name", (now(),)).fetchall()
    result = {"overdue": [name for (name,) in due]}
    _keep_outcome("override-expiry", result)
    return result


def _next_rotation() -> dict[str, Any]:
    result = {"rotation": _read("roster.json")["rotation"]}
    _keep_outcome("roster-rotation", result)
    return result


def _keep_outcome(job: str, outcome: dict[str, Any]) -> None:
    with opened("governance.db") as db:
        db.execute("INSERT INTO outcomes (job, at, outcome) VALUES (?, ?, ?)", (job, now(), json.dumps(outcome)))


def _read(name: str) -> Any:
    path = home_folder() / "governance" / name
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MemoriaError(f"cannot read {path}: {error}") from error


JOBS = {
    "roster-verification": verify_roster,
    "roster-rotation": _next_rotation,
    "override-expiry": _expire_overrides,
}
