"""The admin API over HTTP: JSON, a bearer token for what changes something, Prometheus metrics, logs.

| request | what it does |
|---|---|
| GET /healthz | `{"status": "ok", "version": "1.0.0", "images": {…}, "reporting": true}` |
| GET, PUT /maintenance | `{"enabled": false}` |
| GET, PUT /workers | `{"enabled": true}`: the ingestion workers |
| GET /queue | `{"depth": 0}` |
| GET /metrics | queue depth, switches, counters; the text format of Prometheus |
| GET /logs | the service log, as text |
| POST /restart | restarts the services |
"""

from hosted.control import ControlPlane
from hosted.web import Handler
from memoria import faults

SWITCHES = {"/maintenance": "maintenance", "/workers": "workers"}
PROMETHEUS = "text/plain; version=0.0.4"


class AdminApi(Handler):
    """One request; `plane` and `token` are set when the server starts."""

    plane: ControlPlane

    def do_GET(self) -> None:
        """Everything that only looks."""
        if self.path in SWITCHES:
            return self.json(200, {"enabled": self.plane.switch(SWITCHES[self.path])})
        looks = {"/healthz": self._health, "/queue": self._queue, "/metrics": self._metrics, "/logs": self._logs}
        look = looks.get(self.path)
        return look() if look else self._unknown()

    def do_PUT(self) -> None:
        """Turns a switch."""
        body = self.value()
        if self.path not in SWITCHES:
            return self._unknown()
        if not self.allowed():
            return None
        if not isinstance(body, dict) or not isinstance(body.get("enabled"), bool):
            return self.json(422, {"error": '{"enabled": true} or {"enabled": false}'})
        if faults.active("switches", self.plane.folder) == "broken":
            return self.json(500, {"error": "the switch is broken"})
        self.plane.turn(SWITCHES[self.path], body["enabled"])
        return self.json(200, body)

    def do_POST(self) -> None:
        """Restarts the services."""
        self.data()
        if self.path != "/restart":
            return self._unknown()
        if self.allowed():
            self.plane.restart()
            self.json(200, {"restarted": True})
        return None

    def _unknown(self) -> None:
        self.json(404, {"error": f"there is no {self.path}"})

    def _health(self) -> None:
        images = self.plane.images()
        version = images["server"].rpartition(":")[2]
        reporting = faults.active("queue", self.plane.folder) != "silent"
        self.json(200, {"status": "ok", "version": version, "images": images, "reporting": reporting})

    def _queue(self) -> None:
        if faults.active("queue", self.plane.folder) == "silent":
            return self.json(503, {"error": "the queue does not report"})
        return self.json(200, {"depth": self.plane.depth()})

    def _metrics(self) -> None:
        self.text(200, metrics(self.plane), PROMETHEUS)

    def _logs(self) -> None:
        self.text(200, "".join(line + "\n" for line in self.plane.log_lines()))


def metrics(plane: ControlPlane) -> str:
    """What Prometheus scrapes; without the queue's depth where the queue does not report."""
    samples = {
        "memoria_maintenance_mode": ("gauge", int(plane.switch("maintenance"))),
        "memoria_ingestion_workers_enabled": ("gauge", int(plane.switch("workers"))),
        "memoria_ingested_total": ("counter", plane.counter("ingested")),
        "memoria_requests_total": ("counter", plane.counter("requests")),
        "memoria_request_errors_total": ("counter", plane.counter("errors")),
        "memoria_request_error_ratio": ("gauge", plane.error_rate()),
    }
    if faults.active("queue", plane.folder) != "silent":
        samples["memoria_ingestion_queue_depth"] = ("gauge", plane.depth())
    return "".join(f"# TYPE {name} {kind}\n{name} {value}\n" for name, (kind, value) in samples.items())
