"""A test double of kubectl's command line: `apply --filename FILE|FOLDER` and `rollout status deployment/NAME`.

Recorded from kubectl's documentation. The cluster is a JSON file; manifests are JSON, which kubectl takes as
well as YAML. What stands there is run by the practice system's supervisor.
"""

import os
import sys
import time
from typing import Any

from . import state


def main(cluster: str, words: list[str]) -> int:
    """Exit code 0, or 1 with a message in kubectl's manner."""
    match words:
        case ["apply", "--filename", path]:
            return apply(cluster, path)
        case ["rollout", "status", target, "--timeout", limit] if target.startswith("deployment/"):
            return rollout(cluster, target, float(limit.removesuffix("s")))
    print(f"error: unknown command {' '.join(words)!r} (this is a double)", file=sys.stderr)
    return 1


def manifests(path: str) -> list[str]:
    """The file itself, or the manifests in a folder."""
    if os.path.isdir(path):
        return [os.path.join(path, name) for name in sorted(os.listdir(path)) if name.endswith(".json")]
    return [path] if os.path.isfile(path) else []


def apply(cluster: str, path: str) -> int:
    """Puts every manifest into the cluster."""
    files = manifests(path)
    if not files:
        print(f'error: the path "{path}" does not exist or holds no manifest', file=sys.stderr)
        return 1
    for file in files:
        manifest = state.read(file)
        name = f"{manifest['kind'].lower()}/{manifest['metadata']['name']}"
        with state.changing(cluster) as known:
            change = "unchanged" if known.get(name) == manifest else "configured" if name in known else "created"
            known[name] = manifest
        print(f"{name} {change}")
    return 0


def rollout(cluster: str, target: str, limit: float) -> int:
    """Waits until the supervisor runs what stands in the cluster."""
    wanted = state.read(cluster).get(target)
    if wanted is None:
        print(f'Error from server (NotFound): deployments.apps "{target}" not found', file=sys.stderr)
        return 1
    running = os.path.join(os.path.dirname(cluster), "actual.json")
    deadline = time.monotonic() + limit
    while state.read(running).get("image") != image(wanted):
        if time.monotonic() > deadline:
            print("error: timed out waiting for the condition", file=sys.stderr)
            return 1
        time.sleep(0.05)
    print(f'deployment "{target.partition("/")[2]}" successfully rolled out')
    return 0


def image(deployment: Any) -> str:
    """What the worker of a deployment is to run."""
    return str(deployment["spec"]["template"]["spec"]["containers"][0]["image"])
