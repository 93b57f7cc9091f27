"""What the hosted control plane and everything around it hold, as sections of text for the dump.

No ports and no numbers of what was made are in it, and nothing that was measured. Sections that begin with `record`
tell what only grows by design, whatever is rolled back.
"""

import json
import mailbox
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hosted.around import mail_file
from hosted.control import stored_state
from hosted.deployment import desired_images

GITHUB = ["releases", "assets", "tags", "deployments", "comments", "issues", "pulls", "protection"]
TABLES = {"governance": ["timers", "sinks", "overrides"], "analytics": ["workspace", "evaluations", "legacy"]}


def sections(folder: Path) -> Iterator[tuple[str, str]]:
    """Each section's heading and text; none for a folder without a control plane."""
    if not (folder / "deployment").exists():
        return
    yield "control plane", shown(stored_state(folder))
    yield "images", shown(desired_images(folder))
    for database, tables in TABLES.items():
        for name in tables:
            yield f"{database} {name}", table(folder / f"{database}.db", name)
    files = sorted((folder / "lake").rglob("*.parquet"))
    yield "analytics parquet", "".join(f"{file.relative_to(folder)}: {file.stat().st_size} bytes\n" for file in files)
    page = double(folder, "statuspage")
    yield "status page components", shown(page.get("components", {}))
    incidents = page.get("incidents", {}).values()
    yield "status page incidents", "".join(sorted(f"{one['name']}: {one['status']}\n" for one in incidents))
    hub = double(folder, "github")
    for name in GITHUB:
        yield f"github {name}", shown(sorted(map(plain, values(hub.get(name))), key=shown))
    yield from records(folder, hub, page)


def records(folder: Path, hub: dict[str, Any], page: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What stays whatever is rolled back."""
    box = mailbox.mbox(mail_file(folder), create=False) if mail_file(folder).exists() else []
    yield "record mails", "".join(f"{mail['Subject']}\n" for mail in box)
    chat = folder / "chat.txt"
    yield "record chat", chat.read_text(encoding="utf-8") if chat.exists() else ""
    yield "record workflow runs", "".join(f"{run['workflow']} {run['ref']}\n" for run in hub.get("runs", {}).values())
    checks = [one for every in hub.get("check_runs", {}).values() for one in every]
    yield "record check runs", "".join(f"{one['name']}: {one.get('conclusion')}\n" for one in checks)
    statuses = [one for every in hub.get("statuses", {}).values() for one in every]
    yield "record commit statuses", "".join(f"{one['context']}: {one['state']}\n" for one in statuses)
    updates = [update for one in page.get("incidents", {}).values() for update in one["incident_updates"]]
    yield "record status page updates", "".join(f"{one['status']}: {one['body']}\n" for one in updates)
    yield "record traces", table(folder / "governance.db", "traces", ["namespace"])
    yield "record jobs", table(folder / "governance.db", "outcomes", ["job"])


def table(path: Path, name: str, columns: list[str] | None = None) -> str:
    """Rows in the order of their text, without what was measured."""
    db = sqlite3.connect(path, timeout=10)
    try:
        known = [row[1] for row in db.execute(f"PRAGMA table_info({name})")]
        wanted = columns or [column for column in known if not column.endswith("_ms")]
        rows = db.execute(f"SELECT {', '.join(wanted)} FROM {name}").fetchall()
    finally:
        db.close()
    return "".join(sorted(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def values(kind: Any) -> list[Any]:
    """The things of a kind."""
    return [[key, value] if not isinstance(value, dict) else value for key, value in (kind or {}).items()]


def plain(thing: Any) -> Any:
    """A thing without its number, addresses and size of what was sent."""
    if not isinstance(thing, dict):
        return thing
    return {key: value for key, value in thing.items() if key not in ("id", "upload_url")}


def double(folder: Path, name: str) -> dict[str, Any]:
    """The state of a double; nothing before it was first served."""
    file = folder / "doubles" / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def shown(value: Any) -> str:
    """Anything as text with an order."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
