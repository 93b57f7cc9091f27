"""The HTTP API as a table: method, path, what is called. Names in braces are parts of the path."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from .controller import Controller
from .errors import Refused
from .records import Record

SNAPSHOT = ("requests", "error_rate", "latency_p99_ms")


@dataclass
class Request:
    """A request, decoded: parts of the path, query, body."""

    parts: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: dict = field(default_factory=dict)

    def number(self, name: str) -> int:
        """A part of the path that is a number."""
        if not self.parts[name].isascii() or not self.parts[name].isdigit():
            raise Refused(404, f"there is no {self.parts[name]!r} here")
        return int(self.parts[name])

    def two(self, first: str, second: str) -> tuple[str, str]:
        """Two parts of the path."""
        return self.parts[first], self.parts[second]

    def given(self, name: str) -> object:
        """A field that the body must have."""
        if name not in self.body:
            raise Refused(422, f"the body has no field {name!r}")
        return self.body[name]


Call = Callable[[Controller, Request], object]


def _snapshot(request: Request) -> dict | None:
    snapshot = request.body.get("snapshot", "live")
    if snapshot == "live":
        return None
    if not isinstance(snapshot, dict) or not all(isinstance(snapshot.get(name), (int, float)) for name in SNAPSHOT):
        raise Refused(422, f"a snapshot is \"live\", or an object with numbers {', '.join(SNAPSHOT)}")
    return snapshot


def _slo(controller: Controller, request: Request) -> dict:
    mode = request.query.get("mode") or controller.settings.get("mode")
    if mode not in controller.service.recent:
        raise Refused(422, f"there is no mode {mode!r}")
    return controller.service.judged(controller.service.snapshot(mode))


def _restart_drift(controller: Controller, request: Request) -> dict:
    controller.drift.restart()
    return controller.drift.summary()


def _samples(controller: Controller, request: Request) -> list[dict]:
    limit = request.query.get("limit", "50")
    if not limit.isascii() or not limit.isdigit():
        raise Refused(422, "limit is a number")
    return controller.drift.listed(request.query.get("differing") == "true", int(limit))


def _set_stage(controller: Controller, request: Request) -> dict:
    body = request.body
    return controller.release.set_stage(request.given("stage"), body.get("groups", []), body.get("canary_ratio", 0))


def _remember(controller: Controller, request: Request) -> dict:
    texts = [request.given(name) for name in ("namespace", "key", "kind", "text")]
    importance = request.body.get("importance", 0.5)
    if not all(isinstance(text, str) and text for text in texts) or not isinstance(importance, (int, float)):
        raise Refused(422, "namespace, key, kind and text are texts, importance is a number")
    return controller.requests.write(Record(*texts, float(importance), 0))


def _recall(controller: Controller, request: Request) -> dict:
    return controller.requests.retrieve(request.query.get("namespace", ""), request.query.get("query", ""))


def _classify(controller: Controller, request: Request) -> dict:
    return controller.migration.classify(request.parts["name"], request.given("policy"), _names(request, "namespaces"))


def _names(request: Request, name: str) -> list[str]:
    names = request.body.get(name, [])
    if not isinstance(names, list) or not all(isinstance(item, str) for item in names):
        raise Refused(422, f"{name} is a list of names")
    return names


def _faults(controller: Controller, request: Request) -> dict:
    return controller.faults.put(request.body)


ROUTES: list[tuple[str, str, Call]] = [
    ("GET", "/health", lambda c, r: c.health()),
    ("GET", "/release", lambda c, r: c.release.state()),
    ("PUT", "/release/mode", lambda c, r: c.release.set_mode(r.given("mode"))),
    ("PUT", "/release/stage", _set_stage),
    ("GET", "/release/canary", lambda c, r: c.release.canary()),
    ("PUT", "/release/canary", lambda c, r: c.release.set_canary(r.given("canary_ratio"))),
    ("PUT", "/release/fallback", lambda c, r: c.release.set_fallback(r.given("enabled"))),
    ("GET", "/release/cohort", lambda c, r: c.release.cohort()),
    ("GET", "/cutover", lambda c, r: c.release.cutover()),
    ("PUT", "/cutover", lambda c, r: c.release.freeze(r.given("frozen"))),
    ("GET", "/drift", lambda c, r: c.drift.summary()),
    ("POST", "/drift/restart", _restart_drift),
    ("GET", "/drift/samples", _samples),
    ("GET", "/slo", _slo),
    ("GET", "/rollback-trigger", lambda c, r: c.release.trigger()),
    ("POST", "/evaluate-rollback", lambda c, r: c.release.evaluate_rollback(_snapshot(r))),
    ("GET", "/migrations", lambda c, r: c.migration.names()),
    ("PUT", "/migrations/{name}", _classify),
    ("GET", "/migrations/{name}", lambda c, r: c.migration.plan(r.parts["name"])),
    ("DELETE", "/migrations/{name}", lambda c, r: c.migration.drop(r.parts["name"])),
    ("GET", "/migrations/{name}/report", lambda c, r: c.migration.report(r.parts["name"])),
    ("PUT", "/migrations/{name}/namespaces/{namespace}", lambda c, r: c.migration.backfill(*r.two("name", "namespace"))),
    ("DELETE", "/migrations/{name}/namespaces/{namespace}", lambda c, r: c.migration.undo(*r.two("name", "namespace"))),
    ("POST", "/reconciliations", lambda c, r: c.reconcile.start(_names(r, "targets"))),
    ("GET", "/reconciliations/{id}", lambda c, r: c.reconcile.job(r.number("id"))),
    ("POST", "/groups/{group}/reconcile-post-rollback", lambda c, r: c.reconcile.group(r.parts["group"])),
    ("GET", "/targets", lambda c, r: c.reconcile.targets()),
    ("GET", "/targets/{target}/parity", lambda c, r: c.reconcile.parity(r.parts["target"])),
    ("GET", "/incident", lambda c, r: {"incident": c.settings.get("incident")}),
    ("DELETE", "/incident", lambda c, r: c.release.close_incident()),
    ("GET", "/faults", lambda c, r: c.faults.all()),
    ("PUT", "/faults", _faults),
    ("POST", "/memories", _remember),
    ("GET", "/memories", _recall),
    ("GET", "/memories/{namespace}/{key}", lambda c, r: c.requests.where(*r.two("namespace", "key"))),
    ("DELETE", "/memories/{namespace}/{key}", lambda c, r: c.requests.forget(*r.two("namespace", "key"))),
]
COMPILED = [
    (method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)), call) for method, path, call in ROUTES
]


def route(method: str, path: str) -> tuple[Call, dict[str, str]]:
    """What answers, and the parts of the path as they were sent. `Refused` with 404 or 405."""
    known = False
    for allowed, pattern, call in COMPILED:
        match = pattern.fullmatch(path)
        if match and allowed == method:
            return call, match.groupdict()
        known = known or match is not None
    raise Refused(405 if known else 404, f"there is no {method} {path}")
