"""The other commands of the practice system: tracker, scanners, registry of images, announcements, chaos.

All are doubles, with answers that stand in the practice folder: the databases of the scanners are out of reach.
"""

import json
import os
import sys
import time
from collections.abc import Callable

from . import state


def tracker(folder: str, what: str, release: str) -> int:
    """Prints the open items of a kind (`stories`, `retro`, `bugs`, `issues`, `acceptance`) for a release."""
    items = state.read(os.path.join(folder, "tracker.json")).get(release, {}).get(what, [])
    print(json.dumps(items))
    return 0


def govulncheck(folder: str, *words: str) -> int:
    """Double of `govulncheck ./...`: 0 clean, 3 when it found something."""
    found = state.read(os.path.join(folder, "scans.json"))["govulncheck"]
    for name in found:
        print(f"Vulnerability #1: {name}")
    print(f"Your code is affected by {len(found)} vulnerabilities." if found else "No vulnerabilities found.")
    return 3 if found else 0


def scan(folder: str, *words: str) -> int:
    """Double of a dependency scanner: JSON as `trivy fs --format json` prints it."""
    found = state.read(os.path.join(folder, "scans.json"))["dependencies"]
    print(json.dumps({"SchemaVersion": 2, "Results": [{"Target": "go.mod", "Vulnerabilities": found}]}))
    return 0


def image(folder: str, reference: str) -> int:
    """Double of `docker manifest inspect`: whether an image is published."""
    published = state.read(os.path.join(folder, "images.json"))
    if reference not in published:
        print(f"no such manifest: {reference}", file=sys.stderr)
        return 1
    print(json.dumps({"schemaVersion": 2, "digest": published[reference]}))
    return 0


def announcements(folder: str, wanted: str) -> int:
    """Says whether announcements of general availability go out: `running`, `paused`, or `show`."""
    path = os.path.join(folder, "announcements.json")
    if wanted == "show":
        print(state.read(path)["state"])
    else:
        state.write(path, {"state": wanted})
    return 0


def chaos(folder: str, what: str, value: str = "0") -> int:
    """`redis off`, `redis on`, `slow MS`, `kill worker`: what the supervisor then makes true."""
    with state.changing(os.path.join(folder, "wanted.json")) as wanted:
        if what == "kill":
            wanted["kill"] += 1
        else:
            wanted[what] = value if what == "redis" else int(value)
        expected = dict(wanted)
    deadline = time.monotonic() + 20
    while any(state.read(os.path.join(folder, "actual.json")).get(key) != expected[key] for key in ("redis", "slow", "kill")):
        if time.monotonic() > deadline:
            print("error: the practice system is not being served (`practice.py FOLDER --serve`)", file=sys.stderr)
            return 1
        time.sleep(0.02)
    return 0


COMMANDS: dict[str, Callable[..., int]] = {
    "tracker": tracker,
    "govulncheck": govulncheck,
    "scan": scan,
    "image": image,
    "announcements": announcements,
    "chaos": chaos,
}
