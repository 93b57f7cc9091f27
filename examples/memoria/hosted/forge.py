"""GitHub, Statuspage and the image registry for practice: the shared doubles of `examples/doubles`, kept in files.

The repository that Memoria's release works with is set up here.
"""

import json
import sys
import threading
from pathlib import Path
from typing import Any

from hosted.inputs import WINDOW
from hosted.make import DOUBLES
from memoria import faults

sys.path.insert(0, str(DOUBLES))

import github  # noqa: E402  (the path comes first)
import github_review  # noqa: E402, F401  (it adds pull requests, issues and check runs to GitHub)
import serve  # noqa: E402
import statuspage  # noqa: E402

HEAD = "ad0be0000000000000000000000000000000000a"
NOTES = "What changes.\n\n## Additional Notes\n\nAutomation playbooks: docs/governance/automation-playbooks.md\n"
PULLS = {
    "11": {"number": 11, "title": "Telemetry schema 3", "merged": True, "body": NOTES, "reviews": ["APPROVED"]},
    "12": {"number": 12, "title": "Rank by provenance", "merged": False, "body": NOTES, "reviews": []},
}
ISSUES = {
    "7": {"number": 7, "title": "Change request: Memoria GA", "body": "Governance and evaluation."},
    "9": {"number": 9, "title": "Public roadmap", "body": "Beta, release candidate, GA."},
}


class Kept:
    """A double whose state is in a file after each request, so that a dump and a later server find it."""

    def __init__(self, double: Any, file: Path, setup: dict[str, Any]) -> None:
        self.double, self.file = double, file
        self.state = double.state
        self.lock = threading.Lock()
        self.state.update(json.loads(file.read_text(encoding="utf-8")) if file.exists() else setup)
        self._keep()

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        """The double's answer."""
        with self.lock:
            answer = self.double.answer(method, path, query, body)
            self._keep()
        return answer

    def _keep(self) -> None:
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(self.state, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        part.replace(self.file)


class MemoriaRepository(github.GitHub):
    """Memoria's repository; its workflows end as the fault `workflow` says (`failure`, `cancelled`)."""

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        """The double's answer, with uploads addressed to this server."""
        self.state["plan"]["conclusion"] = faults.active("workflow", self.folder) or "success"
        return super().answer(method, path, query, body)

    folder = Path(".")


def start(folder: Path, scenario: str) -> dict[str, str]:
    """Serves both; gives the address of the repository and of the page."""
    hub = MemoriaRepository()
    hub.folder = folder
    _, address = serve.serve(Kept(hub, folder / "doubles" / "github.json", _repository(hub)))
    for release in hub.state["releases"].values():
        release["upload_url"] = f"{address}/repos/arca/memoria/releases/{release['id']}/assets{{?name,label}}"
    _, page = serve.serve(Kept(statuspage.Statuspage(), folder / "doubles" / "statuspage.json", _page(scenario)))
    return {"repository": f"{address}/repos/arca/memoria", "page": f"{page}/v1/pages/memoria"}


def _repository(hub: github.GitHub) -> dict[str, Any]:
    release = {"id": 1, "tag_name": "v1.0.0", "name": "Memoria 1.0.0", "draft": False, "body": "", "html_url": "https://github.example/arca/memoria/releases/1"}
    return {
        "plan": {**hub.state["plan"], "looks": 1},
        "releases": {"1": release},
        "tags": {"v1.0.0": HEAD},
        "commits": {"main": HEAD},
        "pulls": PULLS,
        "issues": ISSUES,
    }


def _page(scenario: str) -> dict[str, Any]:
    """A page without incidents; before the announcement goes out it tells of the window that will come."""
    if scenario != "distribution":
        return {}
    window = {
        "id": "inc1", "name": WINDOW, "status": "scheduled", "impact": "maintenance", "components": [],
        "shortlink": "https://stspg.example/inc1", "incident_updates": [{"status": "scheduled", "body": "Announced."}],
        "scheduled_for": "2026-12-01T02:00:00Z", "scheduled_until": "2026-12-01T04:00:00Z",
    }
    return {"incidents": {"inc1": window}, "made": 1}
