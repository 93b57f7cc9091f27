#!/usr/bin/env python3
"""A double of Atlassian Statuspage: incidents, maintenance windows and components, by its documented REST API v1.

Written from the documentation at developer.statuspage.io. It is not Statuspage: it mails nobody, limits no rate, and
checks only what is said here (an `OAuth` key, known statuses, an object around what is sent).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import serve  # noqa: E402

COMPONENT = {"operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage"}
REALTIME = {"investigating", "identified", "monitoring", "resolved"}
SCHEDULED = {"scheduled", "in_progress", "verifying", "completed"}


class Statuspage:
    """One page. `state`: components by id with their status; incidents by id; every update that was published."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {
            "components": {"server": "operational", "dashboard": "operational"},
            "incidents": {},
            "made": 0,
        }

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> serve.Answer:
        """Answers as the API does for a page of any id."""
        found = re.fullmatch(r"/v1/pages/[^/]+/(incidents|components)(?:/([^/]+))?", path)
        if not found:
            return 404, {"error": "Not found"}
        kind, name = found.groups()
        if kind == "components":
            return self._component(method, name, body)
        if name is None:
            return self._create(body) if method == "POST" else (200, self._listed(query))
        return self._incident(method, name, body)

    def _component(self, method: str, name: str | None, body: Any) -> serve.Answer:
        components = self.state["components"]
        if name is None:
            return 200, [{"id": key, "status": value} for key, value in sorted(components.items())]
        if name not in components:
            return 404, {"error": "Component not found"}
        if method in ("PATCH", "PUT"):
            wanted = (body or {}).get("component", {}).get("status")
            if wanted not in COMPONENT:
                return 422, {"error": ["status is not included in the list"]}
            components[name] = wanted
        return 200, {"id": name, "name": name, "status": components[name]}

    def _listed(self, query: dict[str, str]) -> list[dict[str, Any]]:
        wanted = query.get("q", "").lower()
        every = self.state["incidents"].values()
        return [one for one in reversed(list(every)) if wanted in one["name"].lower()]

    def _create(self, body: Any) -> serve.Answer:
        sent = (body or {}).get("incident") or {}
        scheduled = "scheduled_for" in sent
        status = sent.get("status", "scheduled" if scheduled else "investigating")
        if not sent.get("name") or status not in (SCHEDULED if scheduled else REALTIME):
            return 422, {"error": ["name or status is not valid"]}
        self.state["made"] += 1
        name = f"inc{self.state['made']}"
        made = {
            "id": name,
            "name": sent["name"],
            "status": status,
            "impact": sent.get("impact_override", "maintenance" if scheduled else "minor"),
            "shortlink": f"https://stspg.example/{name}",
            "components": sorted(sent.get("component_ids", [])),
            "incident_updates": [{"status": status, "body": sent.get("body", "")}],
        }
        if scheduled:
            made |= {key: sent[key] for key in ("scheduled_for", "scheduled_until")}
        self.state["incidents"][name] = made
        return 201, made

    def _incident(self, method: str, name: str, body: Any) -> serve.Answer:
        incidents = self.state["incidents"]
        if name not in incidents:
            return 404, {"error": "Incident not found"}
        if method == "DELETE":
            return 200, incidents.pop(name)
        if method in ("PATCH", "PUT"):
            return self._update(incidents[name], (body or {}).get("incident") or {})
        return 200, incidents[name]

    @staticmethod
    def _update(incident: dict[str, Any], sent: dict[str, Any]) -> serve.Answer:
        known = SCHEDULED if "scheduled_for" in incident else REALTIME
        if sent.get("status", incident["status"]) not in known:
            return 422, {"error": ["status is not included in the list"]}
        incident["status"] = sent.get("status", incident["status"])
        if "body" in sent:
            incident["incident_updates"].insert(0, {"status": incident["status"], "body": sent["body"]})
        return 200, incident


if __name__ == "__main__":
    serve.main(Statuspage())
