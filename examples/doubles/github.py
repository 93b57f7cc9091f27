#!/usr/bin/env python3
"""A double of GitHub's REST API: workflow runs, releases, deployments, statuses, comments, protection of branches.

The state by itself: what is sent is checked against GitHub's own OpenAPI where the tests put Prism in between
(tests/components/github_state.py does). Served alone (`python3 github.py`) it stands in for GitHub where a practice system
may need nothing but Python; then nothing is checked but what is said here.

`state["plan"]` says how workflow runs go: `conclusion`, after how many `looks` they are over, how many looks the new run
is `hidden` from lists, and whether the dispatch is answered with the run's number (`numbered`).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).parent))

import serve  # noqa: E402

PAGE = "https://github.example/acme/queue"
Handler = Callable[["GitHub", "Request"], serve.Answer]
ROUTES: list[tuple[str, re.Pattern[str], Handler]] = []


class Request:
    """One request: what its path names, its query and its body."""

    def __init__(self, parts: tuple[str, ...], query: dict[str, str], body: Any) -> None:
        self.parts = parts
        self.query = query
        self.body: dict[str, Any] = body or {}


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Registers what answers a method on a path below a repository; `*` is one part of it."""
    pattern = re.compile(r"(?:/api/v3)?/repos/[^/]+/[^/]+" + path.replace("*", "([^/]+)"))

    def keep(handler: Handler) -> Handler:
        ROUTES.append((method, pattern, handler))
        return handler

    return keep


class GitHub:
    """One repository, whatever it is called."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {
            "plan": {"conclusion": "success", "looks": 2, "hidden": 0, "numbered": True},
            "workflows": {"11": {"name": "Checks", "path": ".github/workflows/checks.yml"}},
            "runs": {},
            "commits": {"main": "c0ffee0000000000000000000000000000000001"},
            "statuses": {},
            "check_runs": {},
            "releases": {},
            "assets": {},
            "tags": {},
            "deployments": {},
            "comments": {},
            "protection": {"main": None},
            "made": 100,
        }

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> serve.Answer:
        """Answers one request; what is not known is not found."""
        for wanted, pattern, handler in ROUTES:
            found = pattern.fullmatch(path)
            if wanted == method and found:
                return handler(self, Request(found.groups(), query, body))
        return NOT_FOUND

    def number(self) -> int:
        """The next number of anything."""
        self.state["made"] += 1
        return int(self.state["made"])

    def keep(self, kind: str, thing: dict[str, Any]) -> dict[str, Any]:
        """Keeps a new thing of a kind under a number."""
        made = {"id": self.number(), **thing}
        self.state[kind][str(made["id"])] = made
        return made

    def sha(self, ref: str) -> str:
        """The commit that a ref leads to."""
        return str(self.state["commits"].get(ref) or self.state["tags"].get(ref) or ref)


NOT_FOUND: serve.Answer = (404, {"message": "Not Found"})


# --- Workflow runs ---


def shown(run: dict[str, Any]) -> dict[str, Any]:
    """A run as the API shows it."""
    over = run["status"] == "completed"
    page = f"{PAGE}/actions/runs/{run['id']}"
    return {
        "id": run["id"],
        "status": run["status"],
        "conclusion": run["conclusion"] if over else None,
        "html_url": page,
        "created_at": run.get("created_at", "2020-01-22T19:33:08Z"),
        "event": "workflow_dispatch",
        "head_branch": run["ref"],
    }


@route("GET", "/actions/workflows")
def workflows(hub: GitHub, ask: Request) -> serve.Answer:
    """The workflows by their titles."""
    found = [{"id": int(number), **one} for number, one in sorted(hub.state["workflows"].items())]
    return 200, {"total_count": len(found), "workflows": found}


@route("POST", "/actions/workflows/*/dispatches")
def dispatch(hub: GitHub, ask: Request) -> serve.Answer:
    """A dispatch makes a run that is queued."""
    plan = hub.state["plan"]
    run = {
        "workflow": ask.parts[0],
        "ref": ask.body.get("ref", ""),
        "inputs": ask.body.get("inputs", {}),
        "status": "queued",
        "conclusion": plan["conclusion"],
        "looks": plan["looks"],
        "hidden": plan["hidden"],
    }
    run = hub.keep("runs", run)
    if not (plan["numbered"] and ask.body.get("return_run_details")):
        return 204, None
    page = f"{PAGE}/actions/runs/{run['id']}"
    return 200, {"workflow_run_id": run["id"], "run_url": page, "html_url": page}


@route("GET", "/actions/workflows/*/runs")
def runs(hub: GitHub, ask: Request) -> serve.Answer:
    """The runs of a workflow, newest first; a new one is hidden for a while."""
    found = []
    for run in reversed(list(hub.state["runs"].values())):
        if run["workflow"] != ask.parts[0] or ask.query.get("branch", run["ref"]) != run["ref"]:
            continue
        run["hidden"] -= 1
        if run["hidden"] < 0:
            found.append(shown(run))
    return 200, {"total_count": len(found), "workflow_runs": found}


@route("GET", "/actions/runs/*")
def one_run(hub: GitHub, ask: Request) -> serve.Answer:
    """Each look brings a run nearer to its end."""
    run = hub.state["runs"].get(ask.parts[0])
    if not run:
        return NOT_FOUND
    run["looks"] -= 1
    if run["status"] != "completed":
        run["status"] = "completed" if run["looks"] < 0 else "in_progress"
    return 200, shown(run)


@route("POST", "/actions/runs/*/cancel")
def cancel(hub: GitHub, ask: Request) -> serve.Answer:
    """A run that is over cannot be cancelled."""
    run = hub.state["runs"].get(ask.parts[0])
    if not run:
        return NOT_FOUND
    if run["status"] == "completed":
        return 409, {"message": "Cannot cancel a workflow run that is completed."}
    run["status"], run["conclusion"] = "completed", "cancelled"
    return 202, {}


# --- Commits ---


@route("GET", "/commits/*")
def commit(hub: GitHub, ask: Request) -> serve.Answer:
    """A commit by a ref."""
    return 200, {"sha": hub.sha(ask.parts[0])}


@route("GET", "/commits/*/status")
def combined(hub: GitHub, ask: Request) -> serve.Answer:
    """The newest status of each context, and all of them as one."""
    newest = {one["context"]: one for one in hub.state["statuses"].get(hub.sha(ask.parts[0]), [])}
    states = {one["state"] for one in newest.values()}
    bad, open_ = states & {"failure", "error"}, not states or "pending" in states
    state = "failure" if bad else "pending" if open_ else "success"
    sha = hub.sha(ask.parts[0])
    return 200, {"state": state, "sha": sha, "total_count": len(newest), "statuses": list(newest.values())}


@route("GET", "/commits/*/check-runs")
def check_runs(hub: GitHub, ask: Request) -> serve.Answer:
    """The check runs of a commit."""
    found = hub.state["check_runs"].get(hub.sha(ask.parts[0]), [])
    return 200, {"total_count": len(found), "check_runs": found}


@route("POST", "/statuses/*")
def report(hub: GitHub, ask: Request) -> serve.Answer:
    """A status is added; none is ever deleted."""
    made = {"id": hub.number(), "target_url": None, "description": None, **ask.body}
    hub.state["statuses"].setdefault(hub.sha(ask.parts[0]), []).append(made)
    return 201, made


# --- Releases ---


@route("GET", "/releases")
def releases(hub: GitHub, ask: Request) -> serve.Answer:
    """All releases, newest first."""
    return 200, [told(hub, one) for one in reversed(list(hub.state["releases"].values()))]


@route("POST", "/releases")
def release(hub: GitHub, ask: Request) -> serve.Answer:
    """A release, which is a draft where that is asked for."""
    made = hub.keep("releases", {"draft": False, "name": None, "body": None, **ask.body})
    made["html_url"] = f"{PAGE}/releases/{made['id']}"
    tag_it(hub, made)
    return 201, told(hub, made)


def told(hub: GitHub, release: dict[str, Any]) -> dict[str, Any]:
    """A release as the API tells it: with its assets, and where more are sent."""
    number = release["id"]
    found = [one for one in hub.state["assets"].values() if one["release"] == number]
    address = f"{serve.HERE.address}/repos/acme/queue/releases/{number}/assets{{?name,label}}"
    return {**release, "assets": found, "upload_url": address}


@route("GET", "/releases/*")
def one_release(hub: GitHub, ask: Request) -> serve.Answer:
    """One release."""
    found = hub.state["releases"].get(ask.parts[0])
    return (200, told(hub, found)) if found else NOT_FOUND


@route("PATCH", "/releases/*")
def change_release(hub: GitHub, ask: Request) -> serve.Answer:
    """A release that is published gets its tag if it has none."""
    found = hub.state["releases"].get(ask.parts[0])
    if not found:
        return NOT_FOUND
    found.update(ask.body)
    tag_it(hub, found)
    return 200, told(hub, found)


@route("DELETE", "/releases/*")
def no_release(hub: GitHub, ask: Request) -> serve.Answer:
    """A release goes with its assets, its tag stays."""
    assets = hub.state["assets"]
    for name in [name for name, one in assets.items() if str(one["release"]) == ask.parts[0]]:
        del assets[name]
    return (204, None) if hub.state["releases"].pop(ask.parts[0], None) else NOT_FOUND


def tag_it(hub: GitHub, made: dict[str, Any]) -> None:
    """What is published has a tag."""
    if not made["draft"]:
        target = made.get("target_commitish", "main")
        hub.state["tags"].setdefault(made["tag_name"], hub.sha(target))


@route("GET", "/releases/*/assets")
def assets(hub: GitHub, ask: Request) -> serve.Answer:
    """The assets of a release."""
    return 200, [one for one in hub.state["assets"].values() if str(one["release"]) == ask.parts[0]]


@route("POST", "/releases/*/assets")
def attach(hub: GitHub, ask: Request) -> serve.Answer:
    """An asset; a name is there once in a release."""
    name = ask.query.get("name", "")
    if any(one["name"] == name for one in assets(hub, ask)[1]):
        return 422, {"message": "Validation Failed", "errors": [{"code": "already_exists"}]}
    made = {
        "release": int(ask.parts[0]),
        "name": name,
        "size": ask.body.get("bytes", 0),
        "digest": f"sha256:{ask.body.get('sha256', '')}",
        "state": "uploaded",
    }
    return 201, hub.keep("assets", made)


@route("DELETE", "/releases/assets/*")
def no_asset(hub: GitHub, ask: Request) -> serve.Answer:
    """An asset goes."""
    return (204, None) if hub.state["assets"].pop(ask.parts[0], None) else NOT_FOUND


@route("GET", "/git/ref/tags/*")
def tag(hub: GitHub, ask: Request) -> serve.Answer:
    """A tag by its name."""
    sha = hub.state["tags"].get(ask.parts[0])
    if not sha:
        return NOT_FOUND
    return 200, {"ref": f"refs/tags/{ask.parts[0]}", "object": {"sha": sha, "type": "commit"}}


@route("DELETE", "/git/refs/tags/*")
def no_tag(hub: GitHub, ask: Request) -> serve.Answer:
    """A tag goes."""
    gone = hub.state["tags"].pop(ask.parts[0], None)
    return (204, None) if gone else (422, {"message": "Reference does not exist"})


# --- Deployments ---


@route("POST", "/deployments")
def deployment(hub: GitHub, ask: Request) -> serve.Answer:
    """A deployment without a status."""
    made = {key: ask.body[key] for key in ("ref", "environment", "payload") if key in ask.body}
    return 201, hub.keep("deployments", {**made, "statuses": []})


@route("GET", "/deployments")
def deployments(hub: GitHub, ask: Request) -> serve.Answer:
    """The deployments of a ref to an environment, newest first."""
    asked = {key: ask.query[key] for key in ("ref", "environment") if key in ask.query}
    fits = [one for one in hub.state["deployments"].values() if asked.items() <= one.items()]
    return 200, [{"payload": {}, **one} for one in fits[::-1]]


@route("DELETE", "/deployments/*")
def no_deployment(hub: GitHub, ask: Request) -> serve.Answer:
    """Only one that is not active can go."""
    found = hub.state["deployments"].get(ask.parts[0])
    if not found:
        return NOT_FOUND
    if found["statuses"] and found["statuses"][-1]["state"] == "success":
        return 422, {"message": "We cannot delete an active deployment"}
    del hub.state["deployments"][ask.parts[0]]
    return 204, None


@route("GET", "/deployments/*/statuses")
def deployment_statuses(hub: GitHub, ask: Request) -> serve.Answer:
    """The statuses of a deployment, newest first."""
    found = hub.state["deployments"].get(ask.parts[0])
    return (200, found["statuses"][::-1]) if found else NOT_FOUND


@route("POST", "/deployments/*/statuses")
def report_deployment(hub: GitHub, ask: Request) -> serve.Answer:
    """A status is added."""
    found = hub.state["deployments"].get(ask.parts[0])
    if not found:
        return NOT_FOUND
    made = {"id": hub.number(), "state": ask.body["state"], "description": ask.body.get("description", "")}
    found["statuses"].append(made)
    return 201, made


# --- Issues and branches ---


@route("GET", "/issues/*/comments")
def comments(hub: GitHub, ask: Request) -> serve.Answer:
    """The comments of an issue or pull request, oldest first."""
    return 200, [one for one in hub.state["comments"].values() if str(one["issue"]) == ask.parts[0]]


@route("POST", "/issues/*/comments")
def comment(hub: GitHub, ask: Request) -> serve.Answer:
    """A comment is added."""
    return 201, hub.keep("comments", {"issue": int(ask.parts[0]), "body": ask.body["body"]})


@route("DELETE", "/issues/comments/*")
def no_comment(hub: GitHub, ask: Request) -> serve.Answer:
    """A comment goes."""
    return (204, None) if hub.state["comments"].pop(ask.parts[0], None) else NOT_FOUND


SWITCHES = (
    "enforce_admins",
    "required_linear_history",
    "allow_force_pushes",
    "allow_deletions",
    "block_creations",
    "required_conversation_resolution",
    "lock_branch",
    "allow_fork_syncing",
)


@route("GET", "/branches/*/protection")
def protection(hub: GitHub, ask: Request) -> serve.Answer:
    """The protection in the shape in which the API tells it, which is not the one in which it is set."""
    kept = hub.state["protection"].get(ask.parts[0])
    if kept is None:
        return 404, {"message": "Branch not protected"}
    told: dict[str, Any] = {name: {"enabled": bool(kept.get(name))} for name in SWITCHES}
    for name in ("required_status_checks", "required_pull_request_reviews"):
        if kept.get(name) is not None:
            told[name] = kept[name]
    if kept.get("restrictions") is not None:
        told["restrictions"] = people(kept["restrictions"])
    return 200, told


def people(names: dict[str, Any]) -> dict[str, Any]:
    """Who may push, as objects."""
    users = [{"login": name} for name in names.get("users", [])]
    return {"users": users, **{kind: [{"slug": name} for name in names.get(kind, [])] for kind in ("teams", "apps")}}


@route("PUT", "/branches/*/protection")
def protect(hub: GitHub, ask: Request) -> serve.Answer:
    """The protection is what is sent, and nothing of what it was."""
    hub.state["protection"][ask.parts[0]] = ask.body
    return protection(hub, ask)


@route("DELETE", "/branches/*/protection")
def no_protection(hub: GitHub, ask: Request) -> serve.Answer:
    """The branch is free."""
    if hub.state["protection"].get(ask.parts[0]) is None:
        return NOT_FOUND
    hub.state["protection"][ask.parts[0]] = None
    return 204, None


if __name__ == "__main__":
    serve.main(GitHub())
