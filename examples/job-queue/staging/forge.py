"""A practice forge: a bare git repository behind the part of GitHub's REST API that the release runbooks use.

Recorded from the documentation of version 2022-11-28: commits, combined commit status, branch protection,
releases. A locked branch takes no push: the repository's `update` hook asks the same state.
"""

import json
import os
import re
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from . import state
from .git import git

REPOSITORY = "/repos/acme/queue"
NEEDED = ("required_status_checks", "enforce_admins", "required_pull_request_reviews", "restrictions")
SWITCHES = ("enforce_admins", "lock_branch", "required_linear_history", "allow_force_pushes", "allow_deletions")
HOOK = """#!/bin/sh
# A locked branch takes no push.
exec env PYTHONPATH={examples} python3 -m staging.forge {state} "$1"
"""
Answer = tuple[int, Any]


class NotFound(Exception):
    """What was asked for is not there."""


class Forge:
    """The state of one repository: the bare repository and a JSON file beside it."""

    def __init__(self, folder: str) -> None:
        self.repository = os.path.join(folder, "queue.git")
        self.state = os.path.join(folder, "forge.json")

    def resolve(self, ref: str) -> str:
        try:
            return git(self.repository, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        except RuntimeError as error:
            raise NotFound(ref) from error

    def commit(self, _: Any, ref: str) -> Answer:
        return 200, {"sha": self.resolve(ref)}

    def status(self, _: Any, ref: str) -> Answer:
        """The newest status of each context; the whole is a success if all are."""
        sha = self.resolve(ref)
        known = state.read(self.state)["statuses"].get(sha, {})
        statuses = [{"context": name, "state": how} for name, how in sorted(known.items())]
        words = {how for how in known.values()}
        whole = "failure" if words & {"failure", "error"} else "success" if words == {"success"} else "pending"
        return 200, {"sha": sha, "state": whole, "total_count": len(statuses), "statuses": statuses}

    def branch(self, _: Any, name: str) -> Answer:
        protected = name in state.read(self.state)["protection"]
        return 200, {"name": name, "commit": {"sha": self.resolve(f"refs/heads/{name}")}, "protected": protected}

    def protection(self, _: Any, name: str) -> Answer:
        settings = state.read(self.state)["protection"].get(name)
        return (200, shown(settings)) if settings else (404, {"message": "Branch not protected"})

    def protect(self, body: Any, name: str) -> Answer:
        missing = [field for field in NEEDED if field not in (body or {})]
        if missing:
            return 422, {"message": f"Invalid request. {missing} weren't supplied."}
        with state.changing(self.state) as known:
            known["protection"][name] = body
        return 200, shown(body)

    def unprotect(self, _: Any, name: str) -> Answer:
        with state.changing(self.state) as known:
            found = known["protection"].pop(name, None)
        return (204, None) if found else (404, {"message": "Branch not protected"})

    def release(self, _: Any, tag: str) -> Answer:
        found = [release for release in state.read(self.state)["releases"] if release["tag_name"] == tag]
        return (200, found[0]) if found else (404, {"message": "Not Found"})

    def publish(self, body: Any) -> Answer:
        self.resolve(f"refs/tags/{body['tag_name']}")
        with state.changing(self.state) as known:
            if any(release["tag_name"] == body["tag_name"] for release in known["releases"]):
                return 422, {"message": "Validation Failed", "errors": [{"code": "already_exists"}]}
            known["last_release"] += 1
            release = {"draft": False, "prerelease": False, **body, "id": known["last_release"]}
            known["releases"].append(release)
        return 201, release

    def withdraw(self, _: Any, number: str) -> Answer:
        with state.changing(self.state) as known:
            left = [release for release in known["releases"] if release["id"] != int(number)]
            gone = len(left) < len(known["releases"])
            known["releases"] = left
        return (204, None) if gone else (404, {"message": "Not Found"})

    def routes(self) -> list[tuple[str, str, Callable[..., Answer]]]:
        return [
            ("GET", r"/commits/([^/]+)/status", self.status),
            ("GET", r"/commits/([^/]+)", self.commit),
            ("GET", r"/branches/([^/]+)/protection", self.protection),
            ("PUT", r"/branches/([^/]+)/protection", self.protect),
            ("DELETE", r"/branches/([^/]+)/protection", self.unprotect),
            ("GET", r"/branches/([^/]+)", self.branch),
            ("GET", r"/releases/tags/([^/]+)", self.release),
            ("POST", r"/releases", self.publish),
            ("DELETE", r"/releases/(\d+)", self.withdraw),
        ]

    def answer(self, method: str, path: str, body: Any) -> Answer:
        """Answers one request; what is not there is 404."""
        for verb, pattern, handler in self.routes():
            match = re.fullmatch(REPOSITORY + pattern, path)
            if match and verb == method:
                try:
                    return handler(body, *map(unquote, match.groups()))
                except NotFound:
                    break
        return 404, {"message": "Not Found"}


def shown(settings: Any) -> Any:
    """Protection as it is read: switches are objects, as in the documentation."""
    return {key: {"enabled": bool(value)} if key in SWITCHES else value for key, value in settings.items() if value is not None}


def locked(path: str, ref: str) -> bool:
    """Whether the branch of this ref takes no push."""
    name = ref.removeprefix("refs/heads/")
    return ref.startswith("refs/heads/") and bool(state.read(path)["protection"].get(name, {}).get("lock_branch"))


def install_hook(folder: str, examples: str) -> None:
    """Makes the bare repository refuse pushes to locked branches."""
    path = os.path.join(folder, "queue.git", "hooks", "update")
    with open(path, "w", encoding="utf-8") as file:
        file.write(HOOK.format(examples=examples, state=os.path.join(folder, "forge.json")))
    os.chmod(path, 0o755)


def serve(folder: str, token: str) -> ThreadingHTTPServer:
    """The API on a free port of 127.0.0.1; the caller starts and stops it."""
    forge = Forge(folder)

    class Handler(BaseHTTPRequestHandler):
        def reply(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            if self.headers.get("Authorization") != f"Bearer {token}":
                status, value = 401, {"message": "Bad credentials"}
            else:
                status, value = forge.answer(self.command, self.path.partition("?")[0], body)
            data = b"" if value is None else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_POST = do_DELETE = reply

        def log_message(self, *_: object) -> None:
            """Requests are not worth a line."""

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


if __name__ == "__main__":
    if locked(sys.argv[1], sys.argv[2]):
        print(f"{sys.argv[2]} is locked: code freeze", file=sys.stderr)
        sys.exit(1)
