"""What stands around the control plane in practice: mailing list, chat, mirrors, dashboards, metrics queries.

Each keeps what it got in the practice folder, so that a dump sees it. Grafana and Prometheus here are doubles of
the few documented requests that the runbooks make; a real Prometheus scrapes the control plane's `/metrics` as well.
"""

import json
import mailbox
import re
import urllib.parse
from pathlib import Path
from typing import Any

from hosted.api import metrics
from hosted.control import ControlPlane
from hosted.web import Handler
from memoria import faults


class MailArchive(Handler):
    """`GET /`: the subjects and bodies of the governance list, as its archive would show them."""

    folder: Path

    def do_GET(self) -> None:
        """The whole archive as text."""
        self.text(200, archive_text(self.folder))


def archive_text(folder: Path) -> str:
    """Every mail of the list: its subject, then its body."""
    box = mailbox.mbox(folder / "mail" / "governance.mbox", create=False) if mail_file(folder).exists() else []
    return "".join(f"Subject: {mail['Subject']}\n\n{mail.get_payload()}\n" for mail in box)


def mail_file(folder: Path) -> Path:
    """Where the list's mails are kept."""
    return folder / "mail" / "governance.mbox"


class Chat(Handler):
    """An incoming webhook: `POST {"text": …}` says something in the channel."""

    folder: Path

    def do_POST(self) -> None:
        """Keeps what was said."""
        said = self.value()
        if not isinstance(said, dict) or not isinstance(said.get("text"), str):
            return self.text(400, "no_text")
        with open(self.folder / "chat.txt", "a", encoding="utf-8") as file:
            file.write(said["text"] + "\n")
        return self.text(200, "ok")


class Collector(Handler):
    """External observability tooling that takes telemetry exports: POST of JSON lines."""

    folder: Path

    def do_POST(self) -> None:
        """Keeps the export; the last one counts."""
        (self.folder / "evidence" / "collected.ndjson").write_bytes(self.data())
        self.answer(204, "text/plain", b"")


class Mirror(Handler):
    """A mirrored artifact repository: PUT, GET and DELETE of files, as WebDAV and most repositories have them."""

    folder: Path

    def do_PUT(self) -> None:
        """Keeps a file; 201 if it is new."""
        data, file = self.data(), self._file()
        if not self.allowed():
            return
        if faults.active("mirror", self.folder) == "full":
            return self.text(507, "no room")
        status = 204 if file.exists() else 201
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        self.answer(status, "text/plain", b"")

    def do_GET(self) -> None:
        """Gives a file back."""
        file = self._file()
        self.answer(200, "text/markdown", file.read_bytes()) if file.is_file() else self.text(404, "not there")

    def do_DELETE(self) -> None:
        """Removes a file."""
        file = self._file()
        if not self.allowed():
            return
        if not file.is_file():
            return self.text(404, "not there")
        file.unlink()
        self.answer(204, "text/plain", b"")

    def _file(self) -> Path:
        parts = [part for part in urllib.parse.unquote(self.path).split("/") if part not in ("", ".", "..")]
        return self.folder.joinpath("mirror", *parts)


class Grafana(Handler):
    """Dashboards and alert rules, by Grafana's HTTP API (11.x): only what the runbooks ask.

    POST /api/dashboards/db, GET and DELETE /api/dashboards/uid/UID; POST /api/v1/provisioning/alert-rules,
    GET, PUT and DELETE /api/v1/provisioning/alert-rules/UID.
    """

    folder: Path

    def do_GET(self) -> None:
        """A dashboard or a rule."""
        file = self._file()
        if not self.allowed():
            return
        if file is None or not file.is_file():
            return self.json(404, {"message": "not found"})
        stored = json.loads(file.read_text(encoding="utf-8"))
        self.json(200, {"dashboard": stored, "meta": {}} if file.parent.name == "dashboards" else stored)

    def do_POST(self) -> None:
        """Makes or replaces a dashboard; makes a rule."""
        body = self.value()
        if not self.allowed():
            return
        if faults.active("grafana", self.folder) == "broken":
            return self.json(500, {"message": "database is locked"})
        if self.path == "/api/dashboards/db":
            return self._keep_dashboard(body)
        if self.path == "/api/v1/provisioning/alert-rules" and isinstance(body, dict) and body.get("uid"):
            return self._keep("rules", body["uid"], body, 201)
        self.json(400, {"message": "bad request data"})

    def do_PUT(self) -> None:
        """Replaces a rule."""
        body, file = self.value(), self._file()
        if not self.allowed():
            return
        if file is None or not file.is_file():
            return self.json(404, {"message": "not found"})
        self._keep("rules", file.stem, body, 200)

    def do_DELETE(self) -> None:
        """Removes a dashboard or a rule."""
        file = self._file()
        if not self.allowed():
            return
        if file is None or not file.is_file():
            return self.json(404, {"message": "not found"})
        file.unlink()
        self.json(200, {"message": "deleted"})

    def _keep_dashboard(self, body: Any) -> None:
        board = body.get("dashboard") if isinstance(body, dict) else None
        if not isinstance(board, dict) or not board.get("uid") or not board.get("title"):
            return self.json(400, {"message": "a dashboard needs uid and title"})
        self._keep("dashboards", board["uid"], board, 200, {"status": "success", "uid": board["uid"]})

    def _keep(self, kind: str, uid: str, value: Any, status: int, answer: Any = None) -> None:
        file = self._path(kind, uid)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        self.json(status, answer if answer is not None else value)

    def _file(self) -> Path | None:
        board = re.fullmatch(r"/api/dashboards/uid/([\w-]+)", self.path)
        rule = re.fullmatch(r"/api/v1/provisioning/alert-rules/([\w-]+)", self.path)
        if board:
            return self._path("dashboards", board[1])
        return self._path("rules", rule[1]) if rule else None

    def _path(self, kind: str, uid: str) -> Path:
        return self.folder / "grafana" / kind / f"{re.sub(r'[^A-Za-z0-9_-]', '_', uid)}.json"


class Queries(Handler):
    """`GET /api/v1/query?query=NAME`: Prometheus's instant query, for one plain metric of the control plane."""

    plane: ControlPlane

    def do_GET(self) -> None:
        """The metric's value now; no series where the control plane does not report it."""
        parts = urllib.parse.urlsplit(self.path)
        name = (urllib.parse.parse_qs(parts.query).get("query") or [""])[0]
        if parts.path != "/api/v1/query" or not re.fullmatch(r"[a-z_]+", name):
            return self.json(400, {"status": "error", "errorType": "bad_data", "error": "only a metric's name"})
        values = dict(line.split() for line in metrics(self.plane).splitlines() if not line.startswith("#"))
        result = [{"metric": {"__name__": name}, "value": [0, values[name]]}] if name in values else []
        self.json(200, {"status": "success", "data": {"resultType": "vector", "result": result}})
