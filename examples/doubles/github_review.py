"""What the double of GitHub has beside releases and workflows: pull requests with their reviews, issues whose text changes,
check runs with annotations.

Importing it adds them: `state["pulls"]` and `state["issues"]` by their numbers, `state["check_runs"]` by their commits. The
head of a pull request is the commit of `main`. What is sent is checked where the double's is (`github.py`).
"""

from __future__ import annotations

import serve
from github import NOT_FOUND, PAGE, GitHub, Request, route


@route("GET", "/pulls/*")
def pull(hub: GitHub, ask: Request) -> serve.Answer:
    """A pull request."""
    found = hub.state.get("pulls", {}).get(ask.parts[0])
    if not found:
        return NOT_FOUND
    shown = {key: found[key] for key in ("number", "title", "merged", "body")}
    return 200, {**shown, "head": {"sha": hub.sha("main")}, "html_url": f"{PAGE}/pull/{ask.parts[0]}"}


@route("GET", "/pulls/*/reviews")
def reviews(hub: GitHub, ask: Request) -> serve.Answer:
    """The reviews of a pull request, oldest first."""
    found = hub.state.get("pulls", {}).get(ask.parts[0])
    if not found:
        return NOT_FOUND
    return 200, [{"id": number, "state": state} for number, state in enumerate(found["reviews"], 1)]


@route("GET", "/issues/*")
def issue(hub: GitHub, ask: Request) -> serve.Answer:
    """An issue."""
    found = hub.state.get("issues", {}).get(ask.parts[0])
    return (200, found) if found else NOT_FOUND


@route("PATCH", "/issues/*")
def change_issue(hub: GitHub, ask: Request) -> serve.Answer:
    """An issue's text or title changes."""
    found = hub.state.get("issues", {}).get(ask.parts[0])
    if not found:
        return NOT_FOUND
    found.update({key: ask.body[key] for key in ("title", "body") if key in ask.body})
    return 200, found


@route("POST", "/check-runs")
def check_run(hub: GitHub, ask: Request) -> serve.Answer:
    """A check run of a commit, with its annotations."""
    sha = ask.body.get("head_sha", "")
    if not sha or not ask.body.get("name"):
        return 422, {"message": "Validation Failed"}
    made = {"id": hub.number(), **ask.body, "status": "completed" if ask.body.get("conclusion") else "queued"}
    hub.state["check_runs"].setdefault(sha, []).append(made)
    return 201, made


@route("PATCH", "/check-runs/*")
def change_check_run(hub: GitHub, ask: Request) -> serve.Answer:
    """A check run gets another conclusion; none is ever deleted."""
    for made in (one for every in hub.state["check_runs"].values() for one in every):
        if str(made["id"]) == ask.parts[0]:
            made.update(ask.body)
            return 200, made
    return NOT_FOUND


@route("GET", "/check-runs/*/annotations")
def annotations(hub: GitHub, ask: Request) -> serve.Answer:
    """The annotations of a check run."""
    for made in (one for every in hub.state["check_runs"].values() for one in every):
        if str(made["id"]) == ask.parts[0]:
            return 200, made.get("output", {}).get("annotations", [])
    return NOT_FOUND
