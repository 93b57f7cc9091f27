"""The state of a practice system as text: what every rollback must bring back; and, apart, the records that stay.

No times and no ports are in it, and nothing that only grows by design: mails, chat, runs of workflows, exports in
`backups/`, revisions of Helm, traces and outcomes are records.
"""

import hashlib
import json
import mailbox
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hosted.around import mail_file
from hosted.control import stored_state
from hosted.deployment import desired_images

WATCHED = ["requirements.txt", "config.yaml", "config.example.yaml", "run", "repository", "operator", "mirror", "grafana", "bundles", "governance"]
GITHUB = ["releases", "assets", "tags", "deployments", "comments", "issues", "pulls", "protection"]


def state(folder: Path) -> str:
    """All that a rollback must bring back."""
    parts = [("database", sql(folder / "memoria.db")), ("files", files(folder))]
    if (folder / "deployment").exists():
        parts += [
            ("control plane", shown(stored_state(folder))),
            ("images", shown(desired_images(folder))),
            ("governance", table(folder, "governance.db", ["timers", "sinks", "overrides"])),
            ("analytics", table(folder, "analytics.db", ["workspace", "evaluations", "legacy"])),
            ("status page", shown(status_page(folder))),
            ("github", shown(hub(folder))),
        ]
    return "".join(f"== {title}\n{text}\n" for title, text in parts)


def records(folder: Path) -> str:
    """What stays whatever is rolled back."""
    box = mailbox.mbox(mail_file(folder), create=False) if mail_file(folder).exists() else []
    runs = double(folder, "github").get("runs", {}).values()
    chat = folder / "chat.txt"
    parts = [
        ("mails", "".join(f"{mail['Subject']}\n" for mail in box)),
        ("chat", chat.read_text(encoding="utf-8") if chat.exists() else ""),
        ("workflow runs", "".join(f"{run['workflow']} {run['ref']} {run['status']}\n" for run in runs)),
        ("backups", "".join(f"{file.name}\n" for file in sorted((folder / "backups").glob("*.json")))),
        ("evidence", "".join(f"{file.name}\n" for file in sorted((folder / "evidence").glob("*")))),
        ("jobs", table(folder, "governance.db", ["outcomes"], ["job"])),
    ]
    return "".join(f"== {title}\n{text}\n" for title, text in parts)


def sql(path: Path) -> str:
    """A SQLite database as statements; equal content is equal text."""
    db = sqlite3.connect(path)
    db.text_factory = lambda data: data.decode(errors="surrogateescape")
    try:
        return "".join(line + "\n" for line in db.iterdump()).encode(errors="backslashreplace").decode()
    finally:
        db.close()


def files(folder: Path) -> str:
    """Every watched file with its hash."""
    return "".join(f"{file.relative_to(folder)} {hashlib.sha256(file.read_bytes()).hexdigest()}\n" for file in watched(folder))


def watched(folder: Path) -> Iterator[Path]:
    """The watched files, in order."""
    for name in sorted(WATCHED):
        place = folder / name
        found = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (file for file in found if file.is_file() and "__pycache__" not in file.parts)


def table(folder: Path, name: str, tables: list[str], columns: list[str] | None = None) -> str:
    """Rows of tables, without what was measured."""
    db = sqlite3.connect(folder / name)
    try:
        return "".join(_rows(db, one, columns) for one in tables)
    finally:
        db.close()


def _rows(db: sqlite3.Connection, name: str, columns: list[str] | None) -> str:
    known = [row[1] for row in db.execute(f"PRAGMA table_info({name})")]
    wanted = columns or [column for column in known if not column.endswith("_ms")]
    rows = db.execute(f"SELECT {', '.join(wanted)} FROM {name} ORDER BY {', '.join(wanted)}")
    return "".join(f"{name} {json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def status_page(folder: Path) -> dict[str, Any]:
    """Components, and every incident or window that is there."""
    found = double(folder, "statuspage")
    incidents = found.get("incidents", {}).values()
    return {
        "components": found.get("components", {}),
        "incidents": sorted(f"{one['name']}: {one['status']}" for one in incidents),
    }


def hub(folder: Path) -> dict[str, Any]:
    """What is in the repository, without the addresses of uploads and the numbers of what was made."""
    found = double(folder, "github")
    told = {name: sorted((plain(one) for one in values(found.get(name))), key=shown) for name in GITHUB}
    runs = [one for every in found.get("check_runs", {}).values() for one in every]
    told["failing checks"] = sorted(one["name"] for one in runs if one.get("conclusion") == "failure")
    return told


def values(kind: Any) -> list[Any]:
    """The things of a kind."""
    return [[key, value] if not isinstance(value, dict) else value for key, value in (kind or {}).items()]


def plain(thing: Any) -> Any:
    """A thing without number and addresses."""
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
