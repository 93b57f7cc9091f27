"""Telemetry exports: where policy enforcement and service telemetry go, and the export itself."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from memoria import faults
from memoria.errors import MemoriaError
from memoria.home import opened

SCHEMA = 3
SEND_SECONDS = 10


def enable(sink: str, destination: str) -> dict[str, str]:
    """Sends a kind of telemetry to a file or an http(s) collector from now on."""
    with opened("governance.db") as db:
        db.execute("INSERT OR REPLACE INTO sinks VALUES (?, ?)", (sink, destination))
    return {"name": sink, "destination": destination}


def disable(sink: str) -> dict[str, bool]:
    """Ends an export; one that is not there has ended already."""
    with opened("governance.db") as db:
        gone = db.execute("DELETE FROM sinks WHERE name = ?", (sink,)).rowcount
    return {"disabled": gone == 1}


def sinks() -> list[dict[str, str]]:
    """The exports that are on, by name."""
    with opened("governance.db") as db:
        rows = db.execute("SELECT name, destination FROM sinks ORDER BY name").fetchall()
    return [{"name": name, "destination": destination} for name, destination in rows]


def export(memories: sqlite3.Connection, sink: str) -> dict[str, Any]:
    """Delivers what there is to the sink's destination; says how many events arrived."""
    destinations = {entry["name"]: entry["destination"] for entry in sinks()}
    if sink not in destinations:
        raise MemoriaError(f"the export {sink} is not enabled")
    if faults.active("telemetry") == "unreachable":
        raise MemoriaError(f"{destinations[sink]} does not answer")
    lines = _enforcement() if sink == "policy-enforcement" else _events(memories)
    _deliver(destinations[sink], "".join(json.dumps(line, sort_keys=True) + "\n" for line in lines))
    return {"name": sink, "schema": SCHEMA, "events": len(lines)}


def _enforcement() -> list[dict[str, Any]]:
    with opened("governance.db") as db:
        rows = db.execute("SELECT trace_id, namespace, decisions FROM traces ORDER BY rowid").fetchall()
    return [
        {"schema": SCHEMA, "trace_id": trace, "namespace": namespace, **decision}
        for trace, namespace, decisions in rows
        for decision in json.loads(decisions)
    ]


def _events(memories: sqlite3.Connection) -> list[dict[str, Any]]:
    rows = memories.execute("SELECT kind, count(*) FROM telemetry_events GROUP BY kind ORDER BY kind")
    return [{"schema": SCHEMA, "kind": kind, "count": count} for kind, count in rows]


def _deliver(destination: str, text: str) -> None:
    if not destination.startswith(("http://", "https://")):
        path = Path(destination)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return
    # Loading these takes longer than most commands, which send nothing.
    import urllib.error
    import urllib.request

    request = urllib.request.Request(
        destination, data=text.encode(), headers={"Content-Type": "application/x-ndjson"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=SEND_SECONDS):
            pass
    except (urllib.error.URLError, OSError) as error:
        raise MemoriaError(f"{destination} did not take the export: {error}") from error
