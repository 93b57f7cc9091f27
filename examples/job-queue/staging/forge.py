"""A practice forge: a bare git repository behind the double of GitHub's REST API, with its state in a file.

Refs are the repository's own. A locked branch takes no push: the repository's `update` hook reads the same file.
"""

import os
import subprocess
import sys
from http.server import ThreadingHTTPServer
from typing import Any

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, os.path.join(HERE, "..", "doubles"))

import github  # noqa: E402  (the path comes first)
import serve as doubles  # noqa: E402

from . import state  # noqa: E402

REPOSITORY = "/repos/acme/queue"
LOOKS = ("GET", "HEAD")
HOOK = """#!/bin/sh
# A locked branch takes no push.
exec env PYTHONPATH={examples} python3 -m staging.forge {state} "$1"
"""


class Forge(github.GitHub):
    """One repository: its refs are git's, all else is kept in a file."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.repository = os.path.join(folder, "queue.git")
        self.path = os.path.join(folder, "forge.json")
        self.state.update(state.read(self.path))

    def sha(self, ref: str) -> str:
        """The commit that a ref leads to; a ref that is not there leads to itself."""
        words = ["git", "-C", self.repository, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ref

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> doubles.Answer:
        """Answers as the double does; what changed is kept before anybody hears of it."""
        answer = super().answer(method, path, query, body)
        if method not in LOOKS:
            state.write(self.path, self.state)
        return answer


def locked(path: str, ref: str) -> bool:
    """Whether the branch of this ref takes no push."""
    name = ref.removeprefix("refs/heads/")
    protection = state.read(path)["protection"].get(name) or {}
    return ref.startswith("refs/heads/") and bool(protection.get("lock_branch"))


def install_hook(folder: str) -> None:
    """Makes the bare repository refuse pushes to locked branches."""
    path = os.path.join(folder, "queue.git", "hooks", "update")
    with open(path, "w", encoding="utf-8") as file:
        file.write(HOOK.format(examples=HERE, state=os.path.join(folder, "forge.json")))
    os.chmod(path, 0o755)


def serve(folder: str) -> tuple[ThreadingHTTPServer, str]:
    """The API in a thread of its own, and the address of the repository in it."""
    server, address = doubles.serve(Forge(folder))
    return server, address + REPOSITORY


if __name__ == "__main__":
    if locked(sys.argv[1], sys.argv[2]):
        print(f"{sys.argv[2]} is locked: code freeze", file=sys.stderr)
        sys.exit(1)
